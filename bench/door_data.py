"""Data behind the door for benches: loaded as a release loads them, without the officers' steps before."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.factories import door_world
from tests.factories.door_world import Holder

FIELDS = ("station", "day", "count")
BATCH = 50_000


def application() -> Any:
    """The Flask application on the stack that ``govdata exec`` names."""
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    return make_app(load_config(os.environ["CKAN_INI"]))._wsgi_app


def provided(rows: int) -> tuple[str, str, str]:
    """Name, id and department of an entry whose table has so many rows; needs a request context."""
    import polars as pl
    from ckan import model
    from ckan.plugins import toolkit as tk

    from anonymize.writers import FieldSpec
    from ckanext.govdata.door import tables
    from ckanext.govdata.model import Release
    from ckanext.govdata.model.columns import utc_now

    root = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    tag = secrets.token_hex(4)

    def act(action: str, **data: Any) -> Any:
        return tk.get_action(action)({"ignore_auth": True, "user": root}, data)

    organization = act("organization_create", name=f"door-{tag}", title=f"网关{tag}")
    entry = act(
        "package_create", name=f"door-{tag}", title=f"door {tag}", owner_org=organization["id"], notes="n",
        catalogue_class="2", open_type="conditional", open_condition="按协议使用", secrecy="none",
        share_type="unconditional", theme="health", update_cycle="daily",
    )  # fmt: skip
    release = Release(
        dataset_id=entry["id"], organization_id=organization["id"], number=1, status="provided", current=True,
        created_by="bench", filename="bench.csv", published_at=utc_now(),
    )  # fmt: skip
    model.Session.add(release)
    model.Session.flush()

    def frames() -> Iterator[pl.DataFrame]:
        for first in range(0, rows, BATCH):
            places = range(first, min(first + BATCH, rows))
            yield pl.DataFrame(
                {
                    "station": [f"站{at % 500}" for at in places],
                    "day": [f"2026-01-{at % 28 + 1:02d}" for at in places],
                    "count": [str(at) for at in places],
                }
            )

    types = dict(zip(FIELDS, ("text", "date", "integer"), strict=True))
    specs = [FieldSpec(name, types[name]) for name in FIELDS]  # type: ignore[arg-type]
    tables.load(release.id, specs, frames, rows)
    model.Session.commit()
    return entry["name"], entry["id"], organization["id"]


def holder(entry_id: str, department: str, **changes: Any) -> Holder:
    """A grant on all of it; ``changes`` of its terms."""
    from ckanext.govdata.licensing_ports.setup import setup

    granted = [{"id": entry_id, "fields": list(FIELDS)}]
    return door_world.grant("", setup(), department, granted, **changes)
