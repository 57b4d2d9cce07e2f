"""Loads the whole demonstration into a running portal; a second call finds everything done."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.govdata.catalogue import bulk
from ckanext.govdata.demo import accounts, city, cooperation, organisations, releases

Say = Callable[[str], None]


def load(run_json: Path, say: Say) -> None:
    """Departments, accounts, entries, releases; ``run_json`` is written as soon as people can log in.

    Raises BulkError, BulkIndexError or DemoReleaseError; what was done stays, and another call goes on.
    """
    earlier = _read(run_json)
    sysadmin = accounts.sysadmin_name()
    ids = organisations.ensure(sysadmin)
    say(f"departments: {len(city.departments())}")
    people = accounts.ensure({entry["name"]: entry for entry in earlier.get("accounts", [])})
    say(f"accounts: {len(people)}")
    _write(run_json, people, earlier.get("datasets", []))
    say(f"catalogue entries: {len(city.entries())}, new: {_entries(ids, sysadmin)}")
    releases.load(say)
    cooperation.load(say)
    _write(run_json, people, releases.states())


def _entries(ids: dict[str, str], user: str) -> int:
    """Load the entries that are not there yet; returns how many."""
    wanted = city.entries()
    found = model.Session.execute(
        sa.select(model.Package.name).where(model.Package.name.in_([entry.name for entry in wanted]))
    )
    present = {row.name for row in found}
    missing = [
        {**entry.document, "owner_org": ids[entry.department]}
        for entry in wanted
        if entry.name not in present
    ]
    if missing:
        bulk.load(missing, user=user)
    return len(missing)


def _read(run_json: Path) -> dict[str, Any]:
    if not run_json.is_file():
        return {}
    return dict(json.loads(run_json.read_text(encoding="utf-8")))


def _write(run_json: Path, people: list[dict[str, Any]], datasets: list[dict[str, Any]]) -> None:
    """Write whole or not at all, readable by the owner only: it holds passwords."""
    content = {"site_url": tk.config["ckan.site_url"], "accounts": people, "datasets": datasets}
    new = run_json.with_name(f".{run_json.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=2)
    new.replace(run_json)
