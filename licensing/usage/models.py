"""Calls, their sums, alarms, recorded downloads, and the reports that partners owe. Ids only, no names."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from licensing.core.store.base import Base, HasId, Stored
from licensing.core.store.types import Sha256, UtcDateTime
from licensing.parties import holdings
from licensing.ports import Involved


def day_period(day: date) -> str:
    """The period of a calendar day of China: ``2026-03-02``."""
    return day.isoformat()


def month_period(day: date) -> str:
    """The period of a calendar month of China: ``2026-03``."""
    return day.isoformat()[:7]


class UsageCall(Base):
    """One call as it was recorded; ``outcome`` is empty when it was answered, else why it was refused."""

    __tablename__ = "licensing_usage_call"
    __table_args__ = (
        Index("licensing_usage_call_agreement_id_at_idx", "agreement_id", "at"),
        Index("licensing_usage_call_holder_dataset_day_idx", "holder", "dataset_id", "day"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    grant_id: Mapped[str] = mapped_column(String(36))
    agreement_id: Mapped[str] = mapped_column(String(64))
    token_id: Mapped[str] = mapped_column(String(36))
    holder: Mapped[str] = mapped_column(String(64))
    dataset_id: Mapped[str] = mapped_column(String(64))
    purpose: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    day: Mapped[date]
    rows: Mapped[int] = mapped_column(BigInteger)
    bytes: Mapped[int] = mapped_column(BigInteger)
    outcome: Mapped[str] = mapped_column(String(64))


class UsageCounter(Base):
    """Sums of a grant in a day or a month; refused calls count in ``refused`` alone."""

    __tablename__ = "licensing_usage_counter"
    __table_args__ = (Index("licensing_usage_counter_agreement_id_period_idx", "agreement_id", "period"),)

    grant_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    agreement_id: Mapped[str] = mapped_column(String(64))
    calls: Mapped[int] = mapped_column(BigInteger)
    rows: Mapped[int] = mapped_column(BigInteger)
    bytes: Mapped[int] = mapped_column(BigInteger)
    refused: Mapped[int] = mapped_column(BigInteger)


class UsageAlarm(Stored, Base):
    """Over-quota, out-of-purpose or outside-network use: one row a grant, kind and day, counting calls."""

    __tablename__ = "licensing_usage_alarm"
    __table_args__ = (UniqueConstraint("grant_id", "kind", "day"),)

    grant_id: Mapped[str] = mapped_column(String(36))
    agreement_id: Mapped[str] = mapped_column(String(64), index=True)
    holder: Mapped[str] = mapped_column(String(64), index=True)
    holder_kind: Mapped[str] = mapped_column(String(64))
    provider: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(64))
    day: Mapped[date]
    calls: Mapped[int]
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)

    def involved(self) -> Involved:
        """Whose use it was, and the department that provides the data."""
        return _sides(self.holder, self.holder_kind, self.provider)


class Download(HasId, Base):
    """A dataset's file that somebody obtained, with the digest of its bytes."""

    __tablename__ = "licensing_usage_download"
    __table_args__ = (
        Index("licensing_usage_download_holder_dataset_day_idx", "holder", "dataset_id", "day"),
    )

    holder: Mapped[str] = mapped_column(String(64))
    dataset_id: Mapped[str] = mapped_column(String(64))
    release: Mapped[int]
    agreement_id: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    day: Mapped[date]
    sha256: Mapped[str] = mapped_column(Sha256)
    size: Mapped[int] = mapped_column(BigInteger)


class UsageReport(Stored, Base):
    """A report on use and benefit that a partner owes for a period; ``due`` by the clock ``usage.report``."""

    __tablename__ = "licensing_usage_report"
    __table_args__ = (UniqueConstraint("agreement_id", "period_begins"),)

    agreement_id: Mapped[str] = mapped_column(String(64))
    holder: Mapped[str] = mapped_column(String(64), index=True)
    holder_kind: Mapped[str] = mapped_column(String(64))
    provider: Mapped[str] = mapped_column(String(64), index=True)
    period_begins: Mapped[date]
    period_ends: Mapped[date]
    use: Mapped[str] = mapped_column(Text, default="")
    benefit: Mapped[str] = mapped_column(Text, default="")
    income_fen: Mapped[int | None] = mapped_column(BigInteger)
    calls_recorded: Mapped[int | None] = mapped_column(BigInteger)

    def involved(self) -> Involved:
        """The partner who reports, the department that provided the data."""
        return _sides(self.holder, self.holder_kind, self.provider)


def _sides(holder: str, kind: str, provider: str) -> Involved:
    own, none = frozenset({holder}), frozenset[str]()
    return Involved(
        applicant_departments=own if kind == "department" else none,
        applicant_partners=own if kind == "partner" else none,
        applicant_persons=own if kind == "person" else none,
        provider_departments=frozenset({provider}),
    )


for _model, _kind in ((UsageReport, "usage_report"), (UsageAlarm, "usage_alarm")):
    holdings.hold(holdings.DEPARTMENT, _model, "provider", kind=_kind)
    holdings.hold(holdings.DEPARTMENT, _model, "holder", kind=_kind, holder_kind="department")
    holdings.hold(holdings.PARTNER, _model, "holder", kind=_kind, holder_kind="partner")
