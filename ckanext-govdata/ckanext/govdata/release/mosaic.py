"""The mosaic check of a result against what this portal has published already.

Only tables about persons can be joined to single somebody out: releases whose plan names
quasi-identifiers. Of these the public files are read, as anybody could, and joined with the result.

Article: SX-15 (nothing personal leaves), QD-24 (risk assessment on record).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.model import Release, ReleaseArtifact
from ckanext.govdata.storage import buckets, sealed

if TYPE_CHECKING:
    import polars as pl

    from anonymize.policy import Policy
    from anonymize.risk.mosaic import Overlap

MOST_TABLES = 50
"""Earlier releases that are joined, the latest first; more are named as not compared."""
MOST_ROWS = 1_000_000
MOST_BYTES = 128 << 20
_READABLE = "csv"
"""The format whose cells are the very text that was published."""


@dataclass(frozen=True, slots=True)
class Published:
    """A public table about persons. ``name``: as the reviewer knows it."""

    name: str
    key: str
    filename: str
    size: int
    rows: int
    columns: tuple[str, ...]
    quasi: tuple[str, ...]

    @property
    def too_large(self) -> bool:
        return self.rows > MOST_ROWS or self.size > MOST_BYTES


@dataclass(frozen=True, slots=True)
class Joined:
    """The outcome. ``skipped``: names of tables that were not compared, which the report says too."""

    overlaps: tuple[Overlap, ...] = ()
    skipped: tuple[str, ...] = ()

    def notes(self) -> list[dict[str, str]]:
        """What was not compared, in both languages."""
        return [
            {
                "zh": f"“{name}”过大或数量过多，未做关联比对，请人工判断。",
                "en": f"“{name}” was not compared (too large, or too many tables); judge it by hand.",
            }
            for name in self.skipped
        ]


def published(session: Any, release: Release, columns: Sequence[str]) -> list[Published]:
    """Public tables about persons that share a column with ``columns``, the latest first.

    Every version that still answers counts, also earlier ones of the same entry.
    """
    from anonymize.risk.mosaic import linking_columns

    query = (
        sa.select(Release, ReleaseArtifact, model.Package.title, model.Package.name)
        .join(model.Package, model.Package.id == Release.dataset_id)
        .join(ReleaseArtifact, ReleaseArtifact.release_id == Release.id)
        .where(
            Release.status == "published",
            Release.id != release.id,
            ReleaseArtifact.format == _READABLE,
            model.Package.state == "active",
            model.Package.private.is_(False),
        )
        .order_by(Release.published_at.desc())
    )
    found = []
    for other, artifact, title, name in session.execute(query):
        shown, quasi = _shown(other.plan or {})
        if quasi and linking_columns(columns, shown):
            label = f"{title or name} v{other.number}"
            found.append(
                Published(label, artifact.key, artifact.filename, artifact.size, artifact.rows, shown, quasi)
            )
    return found


def _shown(plan: dict[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The published columns of a plan, and which of them are quasi-identifiers."""
    shown = tuple(c["name"] for c in plan.get("columns", ()) if c["operator"] != "drop")
    policy = plan.get("policy") or {}
    return shown, tuple(name for name in policy.get("quasi_identifiers", ()) if name in shown)


def join(result_key: str, rows: int, policy: Policy, others: Sequence[Published]) -> Joined:
    """Join the sealed result with public tables; holds one of these at a time, and needed columns only.

    Raises:
        ObjectMissing, ObjectDamaged, KeyUnknown, StoreUnavailable: a file cannot be read.
    """
    from anonymize.risk.mosaic import Earlier, linking_columns, mosaic

    if not policy.quasi_identifiers or not others:
        return Joined()
    if rows > MOST_ROWS:
        return Joined(skipped=tuple(other.name for other in others))
    mine = [rule.name for rule in policy.columns if rule.operator.name != "drop"]
    overlaps, skipped = [], []
    for place, other in enumerate(others):
        if place >= MOST_TABLES or other.too_large:
            skipped.append(other.name)
            continue
        pairs = linking_columns(mine, other.columns)
        needed = dict.fromkeys([*(name for name, _ in pairs), *policy.quasi_identifiers])
        frame = _result(result_key, list(needed))
        theirs = _public(other, {*(name for _, name in pairs), *other.quasi})
        earlier = Earlier(other.name, theirs, other.quasi)
        overlaps += mosaic(frame, policy.quasi_identifiers, policy.k, [earlier])
    return Joined(tuple(overlaps), tuple(skipped))


def _result(key: str, columns: list[str]) -> pl.DataFrame:
    import polars as pl
    import pyarrow.parquet as pq

    with sealed.open_sealed(buckets.staging(), key, buckets.keyring()) as stream:
        frame = pl.from_arrow(pq.ParquetFile(stream).read(columns=columns))
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a table is never a series
    return frame


def _public(other: Published, wanted: set[str]) -> pl.DataFrame:
    import polars as pl

    import anonymize

    table = anonymize.open_table(io.BytesIO(buckets.public().read(other.key)), name=other.filename)
    chosen = [name for name in table.columns if name in wanted]

    def frames() -> Iterator[pl.DataFrame]:
        for batch in table.batches():
            yield batch.select(chosen)

    return pl.concat(frames())
