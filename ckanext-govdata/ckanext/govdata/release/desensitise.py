"""The run: the sealed raw file goes through the policy into a sealed result, and the report is written.

The result is one Parquet object with every column as text, sealed like the raw file. It is what the
confidentiality review signs (by its hash) and the only thing that publication reads.

Article: SX-15 (desensitised, standardised), QD-18 (the sign-off binds to this very result).
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from ckan import model

from ckanext.govdata.model import Release
from ckanext.govdata.release import assess, mosaic, plan, scan, stage, steps, work
from ckanext.govdata.release.errors import NothingStaged, StepsMissing
from ckanext.govdata.release.outcome import Outcome
from ckanext.govdata.release.work import Heartbeat
from ckanext.govdata.storage import buckets, raw, sealed

RESULT_PREFIX = "result/"


def request(session: Any, release_id: str, actor: model.User) -> Release:
    """Queue the run: → ``running``. An earlier result is destroyed, an earlier sign-off is void."""
    release = steps.lock(session, release_id)
    steps.take(session, release, "run", actor)
    if not release.raw_key:
        raise NothingStaged(
            "暂存的原始文件已不存在，请取消本次发布后重新上传。",
            "The staged raw file is gone; cancel this release and upload it again.",
        )
    if not release.plan:
        raise StepsMissing("还没有脱敏方案，请先保存方案。", "There is no plan yet; save one first.")
    stage.destroy(session, release, raw=False)
    plan.void_result(release)
    # Known before it exists: whatever a killed worker leaves under it is found and destroyed.
    release.result_key = raw.new_key(RESULT_PREFIX)
    work.queue(session, release, "run", "desensitise")
    return release


class HashingWriter:
    """Passes bytes on to the sealed object and hashes them in plain; closing it leaves the object open."""

    def __init__(self, target: sealed.SealingWriter) -> None:
        self._target, self._digest = target, hashlib.sha256()
        self.closed = False

    def write(self, data: Any) -> int:
        view = memoryview(data).cast("B")
        self._digest.update(view)
        return self._target.write(view)  # type: ignore[arg-type]

    def tell(self) -> int:
        return self._target.tell()

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        self.closed = True

    @property
    def sha256(self) -> str:
        """Hex digest of the content written so far."""
        return self._digest.hexdigest()


def perform(session: Any, release_id: str, beat: Heartbeat) -> Outcome:
    """The worker's part; holds no transaction meanwhile. The key of the release lives in this call only."""
    # Late: the web process queues runs without loading the engine.
    import anonymize
    from anonymize.writers import FieldSpec, open_writer
    from ckanext.govdata.release import raw_table

    release = steps.get(session, release_id)
    raw_key, name, result_key = release.raw_key, release.filename, release.result_key
    stored = release.findings
    policy = plan.policy_of(release)
    others = mosaic.published(session, release, [column.name for column in policy.columns])
    session.rollback()
    # Text only: publication gives each format its types, and nothing is lost in between.
    fields = [FieldSpec(c.name, "text", c.name, "") for c in policy.columns if c.operator.name != "drop"]
    key = secrets.token_bytes(32)
    store, keyring = buckets.staging(), buckets.keyring()
    with raw_table.opened(raw_key, name) as table, sealed.sealing(store, result_key, keyring) as target:
        hashing = HashingWriter(target)
        writer = open_writer("parquet", hashing, fields)  # type: ignore[arg-type]
        findings = scan.stored_findings(stored, table)
        report = anonymize.apply(table, policy, [writer], key=key, progress=beat.progress, findings=findings)
    joined = mosaic.join(result_key, report.rows_out, policy, others)
    report = report.with_mosaic(joined.overlaps)
    document, blockers, digest = report.as_dict(), assess.blockers_of(report), hashing.sha256
    document["mosaic_notes"] = joined.notes()

    def write(settled: Release) -> None:
        settled.report, settled.report_blockers, settled.result_sha256 = document, blockers, digest

    return Outcome("assessed", write, undo=lambda: store.delete(result_key))
