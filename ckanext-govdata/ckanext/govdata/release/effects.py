"""What a committed step still owes to systems outside the database: the outbox and its carriers.

An effect is recorded in the commit that makes it owed, carried out right after, and repeated by the
scheduler until it has worked. Every carrier may therefore run twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.lib import search
from ckan.plugins import toolkit as tk

from ckanext.govdata.cache import invalidation
from ckanext.govdata.model import Effect
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.release.failures import place_of

log = logging.getLogger(__name__)

LONGEST_DELAY = timedelta(minutes=10)


_ONE_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(hashtextextended('govdata index ' || :dataset, 0))")


def _index(payload: Mapping[str, Any]) -> None:
    # Whoever reads later writes later: of two processes the slower would leave what it had read first.
    model.Session.execute(_ONE_AT_A_TIME, {"dataset": payload["dataset_id"]})
    dataset = model.Package.get(payload["dataset_id"])
    if dataset is None or dataset.state == "deleted":
        search.clear(payload["dataset_id"])
    else:
        search.rebuild(dataset.id)
    search.commit()


def _drop_table(payload: Mapping[str, Any]) -> None:
    from ckanext.govdata import datastore_load

    datastore_load.drop(payload["resource_id"])


def _set_aside(payload: Mapping[str, Any]) -> None:
    from ckanext.govdata import datastore_load

    datastore_load.set_aside(payload["resource_id"])


def _bring_back(payload: Mapping[str, Any]) -> None:
    from ckanext.govdata import datastore_load

    datastore_load.bring_back(payload["resource_id"])


def _destroy_staging(payload: Mapping[str, Any]) -> None:
    from ckanext.govdata.storage import buckets

    store = buckets.staging()
    for key in payload["keys"]:
        store.delete(key)


def _destroy_prefix(payload: Mapping[str, Any]) -> None:
    from ckanext.govdata.storage import buckets

    buckets.public().delete_prefix(payload["prefix"])


def _drop_door(payload: Mapping[str, Any]) -> None:
    from ckanext.govdata.door import tables

    tables.drop(payload["table"])


def _views(payload: Mapping[str, Any]) -> None:
    context = {"ignore_auth": True, "user": tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}
    package = tk.get_action("package_show")({**context}, {"id": payload["dataset_id"]})
    tk.get_action("package_create_default_resource_views")({**context}, {"package": package})


def _measure(payload: Mapping[str, Any]) -> None:
    from ckanext.govdata.release import measure

    measure.perform(model.Session, payload["measured"])


def _receipt(payload: Mapping[str, Any]) -> None:
    from ckanext.govdata.release import receipt

    receipt.perform(model.Session, payload["measured"])


CARRIERS: Mapping[str, Callable[[Mapping[str, Any]], None]] = {
    "index": _index,
    "drop_table": _drop_table,
    "drop_door": _drop_door,
    "set_aside": _set_aside,
    "bring_back": _bring_back,
    "destroy_staging": _destroy_staging,
    "destroy_prefix": _destroy_prefix,
    "views": _views,
    "measure": _measure,
    "receipt": _receipt,
}


def owe(session: Any, release_id: str, kind: str, **payload: Any) -> None:
    """Record an effect in the caller's transaction."""
    if kind not in CARRIERS:
        raise ValueError(f"no carrier for the effect {kind!r}")
    session.add(Effect(release_id=release_id, kind=kind, payload=payload))


def index_is_behind(session: Any, dataset: str) -> bool:
    """Whether a committed change of ``dataset`` (id or name) has not reached the search index yet."""
    known = sa.select(model.Package.id).where(
        sa.or_(model.Package.id == dataset, model.Package.name == dataset)
    )
    behind = sa.select(Effect.id).where(
        Effect.done_at.is_(None),
        Effect.kind == "index",
        Effect.payload["dataset_id"].astext.in_(known),
    )
    return bool(session.execute(sa.select(behind.exists())).scalar())


def carry_out(session: Any, release_id: str | None = None) -> int:
    """Carry out what is due (of one release, or of all); returns how many were done.

    Each effect has a transaction of its own, and is locked so that two processes do not share one.
    """
    carried = 0
    tried: list[str] = []
    while True:
        query = (
            sa.select(Effect)
            .where(Effect.done_at.is_(None), Effect.due_at <= utc_now(), Effect.id.not_in(tried))
            .order_by(Effect.created_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if release_id is not None:
            query = query.where(Effect.release_id == release_id)
        effect = session.execute(query).scalar()
        if effect is None:
            session.commit()
            # Database and search index agree from here on: pages may be kept again.
            invalidation.settle()
            return carried
        tried.append(effect.id)
        effect_id, kind, payload = effect.id, effect.kind, dict(effect.payload or {})
        try:
            CARRIERS[kind](payload)
        except Exception as error:  # noqa: BLE001 - kept for the next round, whatever it was
            session.rollback()
            log.warning("effect %s of %s failed: %s", kind, effect.release_id, place_of(error))
            _postpone(session, effect_id, place_of(error))
            continue
        session.execute(
            sa.update(Effect).where(Effect.id == effect_id).values(done_at=utc_now(), last_error=None)
        )
        session.commit()
        carried += 1


def _postpone(session: Any, effect_id: str, place: str) -> None:
    effect = session.get(Effect, effect_id, populate_existing=True)
    if effect is not None:
        effect.attempts += 1
        effect.last_error = place
        effect.due_at = utc_now() + min(LONGEST_DELAY, timedelta(seconds=2**effect.attempts))
    session.commit()
