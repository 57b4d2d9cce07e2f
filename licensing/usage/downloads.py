"""Who obtained which data when, with the digest of the bytes: what products are checked against (SX-18)."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from licensing.core.clock import china_day
from licensing.core.errors import InvalidInput
from licensing.core.store.text import refuse_unstorable
from licensing.ports import Context
from licensing.usage.models import Download, UsageCall

MOST = 200
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
        InvalidInput: no such dataset, digest or size.
    """
    refuse_unstorable([holder, dataset_id, agreement_id or ""])
    if ctx.catalogue.dataset(dataset_id) is None:
        raise InvalidInput("目录中没有该数据。", "The catalogue has no such dataset.", pointer="/dataset_id")
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


def obtained_on(session: Session, holders: Collection[str], dataset_id: str, day: date) -> str:
    """What proves that one of ``holders`` obtained the data on ``day``: ``download:…``, ``call:…``, or "".

    Several ids are one holder and those whom it has succeeded.
    """
    download = session.scalar(
        select(func.min(Download.id)).where(
            Download.holder.in_(holders), Download.dataset_id == dataset_id, Download.day == day
        )
    )
    if download is not None:
        return f"download:{download}"
    call = session.scalar(
        select(func.min(UsageCall.id)).where(
            UsageCall.holder.in_(holders),
            UsageCall.dataset_id == dataset_id,
            UsageCall.day == day,
            UsageCall.outcome == "",
            UsageCall.rows > 0,
        )
    )
    return f"call:{call}" if call is not None else ""


def downloads_of(
    session: Session,
    *,
    holders: Collection[str] | None = None,
    dataset_id: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> list[Download]:
    """Recorded downloads, newest first; ``holders`` None: of everybody. ``after``: the last id before."""
    query = select(Download)
    if holders is not None:
        query = query.where(Download.holder.in_(holders))
    if dataset_id is not None:
        query = query.where(Download.dataset_id == dataset_id)
    if after is not None:
        query = query.where(Download.id < after)
    return list(session.scalars(query.order_by(Download.id.desc()).limit(max(1, min(limit, MOST)))))
