"""The scan stage: what stands in each column, a suggested treatment, and masked samples to look at.

Article: SX-15 (nothing personal leaves), SX-2 (material marked secret is refused).
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from ckan import model

from ckanext.govdata.model import Release
from ckanext.govdata.release import plan, steps, work
from ckanext.govdata.release.errors import NothingStaged, SecretRefused
from ckanext.govdata.release.outcome import Outcome
from ckanext.govdata.release.work import Heartbeat

if TYPE_CHECKING:
    from anonymize.findings import Findings
    from anonymize.policy import Policy
    from anonymize.readers.table import Table

log = logging.getLogger(__name__)


def request(session: Any, release_id: str, actor: model.User) -> Release:
    """Queue the scan: → ``scanning``. What an earlier scan or plan said is void."""
    release = steps.lock(session, release_id)
    steps.take(session, release, "scan", actor)
    if not release.raw_key:
        raise _nothing_staged()
    void(release)
    work.queue(session, release, "scan", "scan")
    return release


def void(release: Release) -> None:
    """Forget everything that was said about the raw file."""
    release.findings = release.plan = release.failure = None
    plan.void_result(release)


def perform(session: Any, release_id: str, beat: Heartbeat) -> Outcome:
    """The worker's part. Reads the sealed raw file; holds no transaction meanwhile.

    Raises:
        SourceUnreadable: the file is damaged, empty, too large or of another kind.
        SecretRefused: it carries a secrecy marking; the raw file is destroyed with the failure.
    """
    # Late: the web process queues scans without loading the recognizers.
    import anonymize
    from ckanext.govdata.release import preview, raw_table

    release = steps.get(session, release_id)
    key, name = release.raw_key, release.filename
    session.rollback()
    if not key:
        raise _nothing_staged()
    with raw_table.opened(key, name) as table:
        findings = anonymize.scan(table, progress=beat.progress)
        if findings.secret_marking is not None:
            raise _secret(findings)
        policy = plan.suggestion(findings, table)
        samples = preview.samples(table, policy)
    document = {**findings_document(findings, samples, policy), "suggested": policy.as_dict()}

    def apply(settled: Release) -> None:
        settled.findings = document

    return Outcome("scanned", apply)


def findings_document(
    findings: Findings, samples: dict[str, list[dict[str, str]]], suggested: Policy
) -> dict[str, Any]:
    """The findings as ``_show`` answers them; ``samples`` by column name, masked already.

    What is proposed for a column is what ``suggested`` does to it, since it alone sees all columns
    together; ``quasi`` says that the column counts for k.
    """
    source = findings.source
    operators = {rule.name: rule.operator for rule in suggested.columns}
    return {
        "source": {
            "filename": source.name,
            "size": source.size,
            "sha256": source.sha256,
            "format": source.format,
            "encoding": source.encoding,
            "delimiter": source.delimiter,
            "rows": source.rows,
            "columns": len(source.columns),
            "header_rows": source.header_rows,
        },
        "version": findings.version,
        "columns": [
            {
                "index": c.index,
                "name": c.name,
                "kind": c.kind,
                "entity": str(c.entity) if c.entity is not None else None,
                "confidence": c.confidence,
                "share": c.share,
                "rows": c.rows,
                "nulls": c.nulls,
                "distinct": c.distinct,
                "matched": c.matched,
                "embedded": {str(entity): count for entity, count in c.embedded.items()},
                "level": c.level,
                "declared_type": c.declared_type,
                "max_length": c.max_length,
                "proposed": {"name": operators[c.name].name, "params": dict(operators[c.name].params)},
                "quasi": c.name in suggested.quasi_identifiers,
                "reason": {"zh": c.reason.zh, "en": c.reason.en},
                "samples": samples.get(c.name, []),
            }
            for c in findings.columns
        ],
    }


PAGES_OWN = frozenset({"quasi", "samples"})
"""What a stored column has besides the library's findings."""


def stored_findings(document: dict[str, Any] | None, table: Table) -> Findings | None:
    """The findings of an earlier scan of this very file, so that a run needs no second one.

    None when there are none, the file or the rules of detection are others, or the document is not
    understood: the file is then scanned again.
    """
    from anonymize.detect.scan import VERSION
    from anonymize.findings import ColumnFinding, Findings, FindingsInvalid

    if not document or document.get("version") != VERSION:
        return None
    if document.get("source", {}).get("sha256") != table.info.sha256:
        return None
    try:
        columns = tuple(
            ColumnFinding.from_dict({key: value for key, value in column.items() if key not in PAGES_OWN})
            for column in document["columns"]
        )
    except FindingsInvalid:
        log.warning("stored findings are not understood; the file is scanned again")
        return None
    if tuple(column.name for column in columns) != table.columns:
        return None
    return Findings(table.info, columns, None, VERSION, table.notes)


def _nothing_staged() -> NothingStaged:
    return NothingStaged(
        "暂存的原始文件已不存在，请取消本次发布后重新上传。",
        "The staged raw file is gone; cancel this release and upload it again.",
    )


def _secret(findings: Findings) -> SecretRefused:
    marking = findings.secret_marking
    assert marking is not None  # noqa: S101 - the caller has looked
    return SecretRefused(
        "{marking}涉密材料不得进入本平台（SX-2）；暂存的原始文件已销毁。请取消本次发布，按保密规定处理。",
        "{marking_en} Secret material may not enter this platform (SX-2); the staged raw file is destroyed. "
        "Cancel this release and handle the material as the rules on secrecy say.",
        marking=marking.zh,
        marking_en=marking.en,
    )
