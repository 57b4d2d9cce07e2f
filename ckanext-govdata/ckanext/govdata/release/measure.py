"""What is known of a published table: figures of its columns, and its check against the dictionary.

Done after publication as an effect (it may take a while and must never hold a publication up), kept as the
step ``measure`` of the release. The score itself is made when a page is made: it ages by the day.

Article: HB-17 (received data are quality-checked), SX-15 (standardised, machine-readable).
"""

from __future__ import annotations

import logging
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.model import Effect, Release, ReleaseArtifact, ReleaseStep
from ckanext.govdata.quality.check import check, whole_rows
from ckanext.govdata.quality.drift import drift
from ckanext.govdata.quality.part import whole
from ckanext.govdata.quality.timeliness import timeliness
from ckanext.govdata.release import catalogue_entry, effects, receipt, score
from ckanext.govdata.release.score import Measured
from ckanext.govdata.storage import buckets
from ckanext.govdata.tables import shape, statistics
from ckanext.govdata.tables.errors import NoTable
from ckanext.govdata.tables.statistics import TableFacts

log = logging.getLogger(__name__)

STEP = "measure"
MOST_BYTES = 32 * 1024 * 1024
"""Of a larger file its beginning is checked, and the page says how many rows that were."""
TABLE_FORMAT = "csv"


def perform(session: Any, release_id: str) -> None:
    """Measure a release in the caller's transaction; one that is not public any more is left alone."""
    release = session.get(Release, release_id, populate_existing=True)
    if release is None or release.status != "published" or not release.current:
        return
    dataset = model.Package.get(release.dataset_id)
    artifact = session.execute(
        sa.select(ReleaseArtifact).where(
            ReleaseArtifact.release_id == release_id, ReleaseArtifact.format == TABLE_FORMAT
        )
    ).scalar()
    if dataset is None or artifact is None:
        return
    fields = catalogue_entry.fields(release, dataset)
    items = list({id(item): item for item in catalogue_entry.dictionary_of(dataset).values()}.values())
    operators = {column["name"]: column["operator"] for column in release.plan["columns"]}
    document: dict[str, Any] = {"headers": [field.name for field in fields], "facts": None, "text_instead": 0}
    try:
        table = shape.of_resource(artifact.resource_id)
        document["facts"] = statistics.measure(table).document()
        declared = {field.title or field.name: field.declared_type for field in fields}
        document["text_instead"] = sum(
            column.kind == "text" and declared.get(column.label, "text") != "text" for column in table.columns
        )
    except NoTable:
        log.info("release %s has no table to measure", release_id)
    head = _beginning(artifact)
    document["check"] = check(
        head,
        document["headers"],
        items,
        whole=len(head) == artifact.size,
        changed=frozenset(name for name, operator in operators.items() if operator != "keep"),
        left_out=frozenset(name for name, operator in operators.items() if operator == "drop"),
    ).document()
    formats = session.execute(
        sa.select(ReleaseArtifact.format).where(ReleaseArtifact.release_id == release_id)
    ).scalars()
    parts = score.parts(Measured.read(document), items, list(formats))
    document["drift"] = _drift(session, release, document["facts"])
    # As on the day of publication; a page adds how current the data are.
    document["points"] = whole([*parts, timeliness(0, 1)]).points
    session.merge(ReleaseStep(release_id=release_id, name=STEP, detail=document))
    if receipt.to_mend(document):
        effects.owe(session, release_id, receipt.STEP, measured=release_id)
    # The search index orders by quality.
    effects.owe(session, release_id, "index", dataset_id=release.dataset_id)


def _drift(session: Any, release: Release, facts: dict[str, Any] | None) -> dict[str, Any] | None:
    """Against the newest earlier release that was measured; None for a first one, or without figures."""
    earlier = session.execute(
        sa.select(Release.number, ReleaseStep.detail)
        .join(ReleaseStep, ReleaseStep.release_id == Release.id)
        .where(
            Release.dataset_id == release.dataset_id,
            Release.number < release.number,
            ReleaseStep.name == STEP,
        )
        .order_by(Release.number.desc())
        .limit(1)
    ).first()
    before = (earlier.detail or {}).get("facts") if earlier is not None else None
    if before is None or facts is None:
        return None
    return drift(int(earlier.number), TableFacts.read(before), TableFacts.read(facts)).document()


def of_releases(session: Any, release_ids: list[str]) -> dict[str, Measured]:
    """Release id → what was measured of it; releases that wait for it are left out."""
    if not release_ids:
        return {}
    found = session.execute(
        sa.select(ReleaseStep.release_id, ReleaseStep.detail).where(
            ReleaseStep.release_id.in_(release_ids), ReleaseStep.name == STEP
        )
    )
    return {release_id: Measured.read(detail) for release_id, detail in found}


def catch_up(session: Any, most: int = 5) -> int:
    """Owe the measuring of current releases that nobody has measured: those of an older version."""
    measured = sa.select(ReleaseStep.release_id).where(ReleaseStep.name == STEP)
    owed = sa.select(Effect.release_id).where(Effect.kind == STEP)
    lacking = session.execute(
        sa.select(Release.id)
        .where(
            Release.current,
            Release.status == "published",
            Release.id.not_in(measured),
            Release.id.not_in(owed),
        )
        .limit(most)
    ).scalars()
    found = list(lacking)
    for release_id in found:
        effects.owe(session, release_id, STEP, measured=release_id)
    session.commit()
    return len(found)


def _beginning(artifact: ReleaseArtifact) -> bytes:
    length = min(artifact.size, MOST_BYTES)
    head = b"".join(buckets.public().stream(artifact.key, 0, length))
    return head if length == artifact.size else whole_rows(head)
