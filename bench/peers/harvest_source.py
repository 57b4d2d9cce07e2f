"""One source of a platform that harvests: ``harvest_source.py begin <ini> <address>`` or ``… state <ini>``.

``begin`` makes the source (once) and a job of it for the consumers of the platform; ``state`` tells how far
the newest job is, what went wrong, and what the catalogue shows of what came. One line of JSON.
"""

from __future__ import annotations

import json
import sys
from typing import Any

SOURCE, DEPARTMENT = "soak-harvest", "soak-harvest-department"


def main(how: str, ini: str, address: str = "") -> dict[str, Any]:
    from ckan.cli import CKANConfigLoader
    from ckan.config.middleware import make_app

    app = make_app(CKANConfigLoader(ini).get_config())._wsgi_app  # type: ignore[attr-defined]
    with app.test_request_context("/"):
        return _begin(address) if how == "begin" else _state()


def _act(action: str, /, **given: Any) -> Any:
    from ckan.plugins import toolkit as tk

    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return tk.get_action(action)({"user": user, "ignore_auth": True}, given)


def _begin(address: str) -> dict[str, Any]:
    from ckan import model

    if model.Group.get(DEPARTMENT) is None:
        _act("organization_create", name=DEPARTMENT, title="采集测试部门", department_level="city")
    if model.Package.get(SOURCE) is None:
        _act(
            "harvest_source_create",
            name=SOURCE, title="采集测试来源", url=address, source_type="dcat_rdf", owner_org=DEPARTMENT,
        )  # fmt: skip
    job = _act("harvest_job_create", source_id=model.Package.get(SOURCE).id, run=True)
    return {"job": job["id"]}


def _state() -> dict[str, Any]:
    from ckan import model
    from ckanext.harvest.model import HarvestGatherError, HarvestJob, HarvestObjectError

    newest = model.Session.query(HarvestJob).order_by(HarvestJob.created.desc()).first()
    errors = [one.message for one in model.Session.query(HarvestGatherError)]
    errors += [one.message for one in model.Session.query(HarvestObjectError)]
    shown = _act("package_search", rows=1000, fq="dataset_type:dataset")["results"]
    return {"job": newest.id, "status": newest.status, "errors": errors, "packages": shown}


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:4]), ensure_ascii=False))
