"""Fills a portal, stock or ours, with plain entries: ``fill_portal.py <ini> <entries.json>``.

Entries are added row by row and indexed with one commit; how fast is no matter here.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app


def main(ini: str, source: str) -> None:
    entries: list[dict[str, Any]] = json.loads(Path(source).read_text(encoding="utf-8"))
    app = make_app(CKANConfigLoader(ini).get_config())._wsgi_app  # type: ignore[attr-defined]
    from ckan import model
    from ckan.lib import search
    from ckan.plugins import toolkit as tk

    with app.test_request_context():
        user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        ours = "govdata" in tk.config["ckan.plugins"]
        owners: dict[str, str] = dict(
            model.Session.query(model.Group.name, model.Group.id).filter_by(is_organization=True).all()
        )
        for name in sorted({entry["department"] for entry in entries} - owners.keys()):
            owners[name] = tk.get_action("organization_create")(
                {"ignore_auth": True, "user": user}, {"name": name, "title": name}
            )["id"]
        for entry in entries:
            package = model.Package(
                name=entry["name"], title=entry["title"], notes=entry["notes"],
                owner_org=owners[entry["department"]], type="dataset", creator_user_id=user,
            )  # fmt: skip
            if ours:
                package.extras = {"open_type": "unconditional", "theme": "health", "update_cycle": "yearly"}
            model.Session.add(package)
        model.Session.commit()
        search.rebuild(only_missing=True, quiet=True, defer_commit=True)
        search.commit()
        if ours:
            from ckanext.govdata.cache import invalidation

            invalidation.settle()


if __name__ == "__main__":
    main(*sys.argv[1:3])
