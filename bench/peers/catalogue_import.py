"""Fills the catalogue of a portal and tells the seconds: ``catalogue_import.py sheet|loop <ini> <file>``.

``sheet``: the whole way of a workbook through this portal: read, check, submit, approve, store, index.
``loop``: CKAN's ``package_create`` for each entry of a JSON file.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any


def main(how: str, ini: str, source: str) -> dict[str, Any]:
    from ckan.cli import CKANConfigLoader
    from ckan.config.middleware import make_app

    app = make_app(CKANConfigLoader(ini).get_config())._wsgi_app  # type: ignore[attr-defined]
    with app.test_request_context("/"):
        return (_sheet if how == "sheet" else _loop)(Path(source))


def _site_user() -> str:
    from ckan.plugins import toolkit as tk

    return str(tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"])


def _department(**more: Any) -> str:
    from ckan import model
    from ckan.plugins import toolkit as tk

    existing = model.Group.get("bench")
    if existing is not None:
        return str(existing.id)
    made = tk.get_action("organization_create")(
        {"ignore_auth": True, "user": _site_user()}, {"name": "bench", "title": "测试部门", **more}
    )
    return str(made["id"])


def _sheet(source: Path) -> dict[str, Any]:
    from ckan import model

    from ckanext.govdata.catalogue.changes import jobs, service

    owner = _department(department_level="city", catalogue_item="099")
    people = []
    for name in ("bench-compiler", "bench-reviewer"):
        user = model.User(name=name, email=f"{name}@bench.example", password="bench-" + name, sysadmin=True)
        model.Session.add(user)
        people.append(user)
    model.Session.commit()
    session, stages = model.Session, {}
    begun = last = time.perf_counter()
    change = service.upload(
        session, organization=model.Group.get(owner), user=people[0], filename="bench.xlsx",
        content=source.read_bytes(),
    )  # fmt: skip
    change_id = change.id
    session.commit()
    jobs.perform(change_id)
    stages["read and check"], last = time.perf_counter() - last, time.perf_counter()
    for action, who in (("submit", people[0]), ("approve", people[1])):
        service.take(session, service.lock(session, change_id), action, who)
        session.commit()
    if (
        service.get(session, change_id).status == "deciding"
    ):  # the demonstration restricts sharing here and there
        service.take(session, service.lock(session, change_id), "decide", people[1])
        session.commit()
    jobs.perform(change_id)
    stages["store and index"] = time.perf_counter() - last
    seconds = time.perf_counter() - begun
    change = service.get(session, change_id)
    if change.status != "applied":
        raise SystemExit(f"the change is {change.status}: {change.failure} {(change.objections or [])[:3]}")
    count = session.query(model.Package).filter_by(owner_org=owner, state="active").count()
    return {"seconds": seconds, "entries": count, **stages}


def _loop(source: Path) -> dict[str, Any]:
    from ckan.plugins import toolkit as tk

    entries = json.loads(source.read_text(encoding="utf-8"))
    owner, user = _department(), _site_user()
    begun = time.perf_counter()
    for entry in entries:
        tk.get_action("package_create")({"user": user}, {**entry, "owner_org": owner})
    return {"seconds": time.perf_counter() - begun, "entries": len(entries)}


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:4])))
