"""Who obtained which data when, with the digest of the bytes: what products are checked against (SX-18)."""

from __future__ import annotations

import re
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from licensing.core.clock import china_day
from licensing.core.errors import InvalidInput
from licensing.ports import Context
from licensing.usage.models import Download, UsageCall

_SHA256 = re.compile(r"[0-9a-f]{64}")


def record_download(
    session: Session,
    ctx: Context,
    *,
    holder: str,
    dataset_id: str,
    release: int,
    sha256: str,
    size: int,
    agreement_id: str | None = None,
) -> Download:
    """Write down that ``holder`` (a partner, a department or a person) has obtained a file, now.

    Raises:
        InvalidInput: no such digest or size.
    """
    if _SHA256.fullmatch(sha256) is None or size < 0:
        raise InvalidInput("下载记录的摘要或大小有误。", "The digest or the size of the download is wrong.")
    now = ctx.time.now()
    made = Download(
        holder=holder, dataset_id=dataset_id, release=release, agreement_id=agreement_id, at=now,
        day=china_day(now), sha256=sha256, size=size,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def obtained_on(session: Session, holder: str, dataset_id: str, day: date) -> str:
    """What proves that ``holder`` obtained the data on ``day``: ``download:<id>``, ``call:<id>``, or ""."""
    download = session.scalar(
        select(func.min(Download.id)).where(
            Download.holder == holder, Download.dataset_id == dataset_id, Download.day == day
        )
    )
    if download is not None:
        return f"download:{download}"
    call = session.scalar(
        select(func.min(UsageCall.id)).where(
            UsageCall.holder == holder,
            UsageCall.dataset_id == dataset_id,
            UsageCall.day == day,
            UsageCall.outcome == "",
            UsageCall.rows > 0,
        )
    )
    return f"call:{call}" if call is not None else ""
