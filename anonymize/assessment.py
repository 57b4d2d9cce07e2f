"""The risk of a table as it stands, whoever made it: ``assess``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import polars as pl

from anonymize.blockers import within_bound
from anonymize.detect import scan
from anonymize.engines.base import Progress
from anonymize.engines.residue import judge
from anonymize.entities import LEVEL
from anonymize.errors import WrongUse
from anonymize.fields import policy_of_output
from anonymize.findings import Findings, Sentence
from anonymize.policy import Policy
from anonymize.readers import open_table
from anonymize.readers.table import Table
from anonymize.risk.bounds import Bounds
from anonymize.risk.classes import Classes
from anonymize.risk.codes import Ints
from anonymize.risk.grade import GRADES, grade
from anonymize.risk.groups import COUNT, Groups
from anonymize.risk.hierarchy import Ladder
from anonymize.risk.measures import Risk, risk_of
from anonymize.risk.mosaic import Earlier, Overlap, mosaic
from anonymize.risk.reach import Generalised, reach
from anonymize.suggest import suggest

Source = Table | pl.DataFrame | Path | str | BinaryIO


@dataclass(frozen=True, slots=True)
class Assessment:
    """What remains in a table. ``direct``: columns in which people can be read; ``risk``: by combination;
    ``bounds``: what it was held against; ``proposal``: how the bounds would be reached with least loss, when
    it was asked for; ``unreachable``: why no generalisation reaches them; ``overlaps``: what earlier tables
    add."""

    findings: Findings | None
    direct: tuple[str, ...]
    risk: Risk
    bounds: Bounds
    grade: int
    proposal: Generalised | None = None
    overlaps: tuple[Overlap, ...] = ()
    unreachable: Sentence | None = None

    @property
    def acceptable(self) -> bool:
        """Whether nobody can be read, every bound holds, and no earlier table adds to it."""
        return self.grade >= 3 and all(overlap.within_bound for overlap in self.overlaps)

    def as_dict(self) -> dict[str, Any]:
        """Plain data; no cell of the table is in it."""
        source = None if self.findings is None else self.findings.source
        return {
            "source": None if source is None else {**asdict(source), "columns": list(source.columns)},
            "direct_identifiers": list(self.direct),
            "bounds": asdict(self.bounds),
            "risk": self.risk.as_dict(),
            "grade": {"value": self.grade, "zh": GRADES[self.grade].zh, "en": GRADES[self.grade].en},
            "proposal": None if self.proposal is None else _proposal(self.proposal),
            "unreachable": None if self.unreachable is None else asdict(self.unreachable),
            "mosaic": [overlap.as_dict() for overlap in self.overlaps],
            "acceptable": self.acceptable,
        }


def assess(
    source: Source,
    quasi: Sequence[str] | None = None,
    sensitive: Sequence[str] = (),
    *,
    bounds: Bounds | None = None,
    policy: Policy | None = None,
    hierarchies: Mapping[str, Ladder] | None = None,
    propose: bool = False,
    against: Sequence[Earlier] = (),
    population: pl.DataFrame | None = None,
    progress: Progress | None = None,
) -> Assessment:
    """The re-identification risk of a table as it stands.

    Args:
        source: a table, a file, or a frame of text cells. A frame is not searched for identifiers: what it
            holds is the caller's to know, and ``direct`` stays empty.
        quasi: the quasi-identifiers; when None those of ``policy``, or else those that a scan finds.
        sensitive: columns on which l and t are judged.
        bounds: k, l and t; the policy's when None, else k = 5.
        policy: the policy that made this table: what it permits to be seen is no direct identifier.
        hierarchies: rungs by column for the proposal; see ``reach``.
        propose: also search for the generalisation that reaches the bounds with least loss.
        against: public tables that the result must not be joined with to single anybody out.
        population: everybody whom the table was drawn from, with the same quasi-identifiers generalised in
            the same way; the journalist's risk, k-map and δ-presence are counted from it.
        progress: rows scanned.

    Raises:
        WrongUse: a named column is not in the table.
        SourceUnreadable: the source cannot be read.
    """
    table = None if isinstance(source, pl.DataFrame) else _table(source)
    columns = table.columns if table is not None else tuple(source.columns)  # type: ignore[union-attr]
    findings = None if table is None else scan(table, progress=progress)
    published = None if policy is None else policy_of_output(policy, columns)
    if quasi is None:
        quasi = _quasi(columns, findings, published)
    if not sensitive and published is not None:
        sensitive = published.sensitive
    missing = [name for name in (*quasi, *sensitive) if name not in columns]
    if missing:
        raise WrongUse(
            "表中没有这些列：{columns}。",
            "The table lacks these columns: {columns}.",
            columns="、".join(missing),
        )
    held = bounds or (Bounds(published.k, published.l, published.t) if published is not None else Bounds(5))
    if hierarchies is None and published is not None:
        hierarchies = published.hierarchies
    frames = [source] if isinstance(source, pl.DataFrame) else table.batches()  # type: ignore[union-attr]
    counted = Groups([*quasi, *(name for name in sensitive if name not in quasi)])
    rows = 0
    for frame in frames:
        counted.add(frame.select(counted.columns).cast(pl.String).fill_null(""))
        rows += frame.height
    risk = _risk(counted, tuple(quasi), sensitive, held, rows, population)
    direct = () if findings is None else _direct(findings, published)
    people = bool(quasi) or (findings is not None and bool(findings.personal))
    value = grade(direct=bool(direct), within_bound=_holds(risk, held, published), about_people=people)
    proposal = unreachable = None
    if propose and quasi:
        weights: Ints = counted.frame[COUNT].to_numpy().astype(np.int64)
        try:
            proposal = reach(counted.frame, quasi, held, sensitive, hierarchies, weights=weights)
        except WrongUse as error:
            # A table that is too small for its bounds has a risk all the same.
            unreachable = Sentence(error.zh, error.en)
    overlaps: list[Overlap] = []
    if against:
        whole = source if isinstance(source, pl.DataFrame) else _whole(table)  # type: ignore[arg-type]
        overlaps = mosaic(whole, quasi, held.k, against)
    return Assessment(findings, direct, risk, held, value, proposal, tuple(overlaps), unreachable)


def _table(source: Any) -> Table:
    return source if isinstance(source, Table) else open_table(source)


def _whole(table: Table) -> pl.DataFrame:
    return pl.concat(table.batches())


def _quasi(columns: Sequence[str], findings: Findings | None, policy: Policy | None) -> list[str]:
    if policy is not None:
        return [name for name in policy.quasi_identifiers if name in columns]
    if findings is None:
        raise WrongUse(
            "请写明准标识符：数据框不做识别。",
            "Name the quasi-identifiers: a frame is not searched for them.",
        )
    return [name for name in suggest(findings).quasi_identifiers if name in columns]


def _direct(findings: Findings, policy: Policy | None) -> tuple[str, ...]:
    """Columns in which people can be read, beyond what the policy permits."""
    if policy is not None:
        return tuple(
            residue.column
            for residue in judge(findings.columns, policy)
            if residue.refused or residue.free_text or residue.unnamed
        )
    return tuple(
        column.name
        for column in findings.personal
        if column.kind == "free_text"
        or (column.kind == "identifier" and (column.entity is None or LEVEL.get(column.entity, 4) > 1))
        or any(LEVEL.get(entity, 4) > 1 and rows for entity, rows in column.embedded.items())
    )


def _risk(
    counted: Groups,
    quasi: tuple[str, ...],
    sensitive: Sequence[str],
    held: Bounds,
    rows: int,
    population: pl.DataFrame | None,
) -> Risk:
    if not quasi:
        return Risk((), None, 0, rows, 0, 0, rows)
    if population is not None and (gone := [name for name in quasi if name not in population.columns]):
        raise WrongUse(
            "总体中没有这些列：{columns}。",
            "The population lacks these columns: {columns}.",
            columns="、".join(gone),
        )
    classes = Classes.of(counted.frame, quasi, counted=True)
    diversity = {name: classes.sensitive(name, shown_only=True) for name in sensitive}
    return risk_of(classes, diversity, held.k, population=population)


def _holds(risk: Risk, held: Bounds, policy: Policy | None) -> bool:
    if policy is not None and not within_bound(risk, policy):
        return False
    return (
        (risk.k is None or risk.k >= held.k)
        and all(found.l >= held.l for found in risk.diversity.values())
        and all(found.t <= held.t for found in risk.diversity.values())
    )


def _proposal(made: Generalised) -> dict[str, Any]:
    return {
        "method": made.method,
        "k": made.k,
        "classes": made.classes,
        "suppressed_rows": made.suppressed_rows,
        "utility": made.utility.as_dict(),
        "columns": [
            {
                "name": name,
                "level": made.levels[name],
                "height": made.heights[name],
                "operator": None if spec is None else spec.name,
                "params": {} if spec is None else dict(spec.params),
            }
            for name, spec in made.operators.items()
        ],
        "checked": made.checked,
        "nodes": made.nodes,
    }
