"""Run by ``stock_portal``: one harvest with the peer's own configuration, the result as one line of JSON.

python stock_harvest.py <ini> <address of the catalogue>
"""

from __future__ import annotations

import json
import sys
from typing import Any


def main(ini: str, address: str) -> dict[str, Any]:
    """Harvest by the stages that the queues of ckanext-harvest carry out, and show what came of it."""
    from ckan.cli import CKANConfigLoader
    from ckan.config.middleware import make_app

    app = make_app(CKANConfigLoader(ini).get_config())._wsgi_app
    with app.test_request_context("/"):
        from ckan import model
        from ckan.plugins import toolkit as tk
        from ckanext.harvest import queue
        from ckanext.harvest.model import (
            HarvestGatherError,
            HarvestJob,
            HarvestObject,
            HarvestObjectError,
        )

        user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        context = {"user": user, "ignore_auth": True}
        source = tk.get_action("harvest_source_create")(
            dict(context), {"name": "ours", "title": "ours", "url": address, "source_type": "dcat_rdf"}
        )
        job = tk.get_action("harvest_job_create")(dict(context), {"source_id": source["id"], "run": False})
        running, harvester = HarvestJob.get(job["id"]), queue.get_harvester("dcat_rdf")
        running.status = "Running"
        running.save()
        for each in queue.gather_stage(harvester, running) or []:
            queue.fetch_and_import_stages(harvester, HarvestObject.get(each))
        errors = [e.message for e in model.Session.query(HarvestGatherError).all()]
        errors += [e.message for e in model.Session.query(HarvestObjectError).all()]
        ids = [
            o.package_id for o in model.Session.query(HarvestObject).filter_by(current=True) if o.package_id
        ]
        show = tk.get_action("package_show")
        shown = [show(dict(context), {"id": each}) for each in ids]
        return {"packages": shown, "errors": errors, "batch": _batch([*ids, source["id"]])}


def _batch(ids: list[str]) -> dict[str, str]:
    """Id → the source of the harvest, as search documents made in a batch tell it."""
    from ckan import plugins

    if not plugins.plugin_loaded("govdata"):
        return {}
    from ckanext.govdata.catalogue import batch_index

    return {one["id"]: one.get("harvest_source_title", "") for one in batch_index.documents(ids)}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2])))
