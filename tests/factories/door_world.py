"""A grant on data of the running stack, and the calls that its holder makes.

The filing and the grant are rows as the library's own steps leave them, the filing with the documents of the
demonstration's; how they come to be is tested where the agreement is signed. Tokens are the library's, revocation is its own step.
"""  # noqa: E501

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx
from sqlalchemy import select

from licensing.core.clock import china_day
from licensing.core.store.ids import new_id
from licensing.filings.models import Filing
from licensing.grants import service
from licensing.grants.models import Grant, GrantToken
from licensing.grants.tokens import digest
from licensing.ports import PLATFORM, Principal

PURPOSE, SYSTEM = "区域经济分析", "经济分析平台"


class Anybody:
    """Who may take every step that an office may."""

    def roles_for(self, principal: Principal, subject: Any) -> frozenset[str]:
        return principal.roles


@dataclass
class Holder:
    """Somebody with a token, on the running portal."""

    base: str
    grant: str
    agreement: str
    token: str = field(repr=False)
    purpose: str = PURPOSE
    system: str = SYSTEM
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=60), repr=False)

    def headers(self, **changes: str) -> dict[str, str]:
        made = {
            "Authorization": f"Bearer {self.token}", "Data-Purpose": quote(self.purpose),
            "Data-System": quote(self.system),
        }  # fmt: skip
        return {**made, **changes}

    def get(self, path: str, params: Any = None, **headers: str) -> httpx.Response:
        return self.http.get(
            f"{self.base}/api/data/v1/{path}", params=params, headers=self.headers(**headers)
        )

    def sql(self, text: str) -> httpx.Response:
        return self.http.post(f"{self.base}/api/data/v1/sql", json={"sql": text}, headers=self.headers())


def grant(
    base: str, here: Any, provider: str, datasets: list[dict[str, Any]], *, quota: Any = None, **changes: Any
) -> Holder:
    """A grant that is active, its filing on record, and its token; ``here`` is the portal's setup."""
    now: datetime = here.time.now()
    today, number = china_day(now), f"XY-TEST-{secrets.token_hex(4)}"
    terms = {
        "datasets": datasets, "purpose": PURPOSE, "system": SYSTEM, "begins": today.isoformat(),
        "ends": (today + timedelta(days=300)).isoformat(), "quota": quota or {}, **changes,
    }  # fmt: skip
    agreement, secret = new_id(), "gd_" + secrets.token_urlsafe(32)
    with here.session() as session:
        filed = session.scalars(select(Filing).where(Filing.number.is_not(None)).limit(1)).one()
        filing = Filing(
            id=new_id(), status="registered", version=1, created_at=now, modified_at=now,
            jurisdiction="shanxi", matter="authorised_development", kind="first", department=provider,
            agreement_id=agreement, holder=f"p-{number}", holder_kind="partner", supplements=0,
            submission=filed.submission, package=filed.package, sha256=filed.sha256,
        )  # fmt: skip
        made = Grant(
            id=new_id(), status="active", version=1, created_at=now, modified_at=now, agreement_id=agreement,
            agreement_number=number, filing_id=filing.id, provider=provider, holder=f"p-{number}",
            holder_kind="partner", terms=terms, ends=today + timedelta(days=300),
        )  # fmt: skip
        session.add_all([filing, made])
        session.flush()
        session.add(_token(made.id, secret, now, timedelta(days=30)))
        session.commit()
        return Holder(base, made.id, agreement, secret)


def token(here: Any, holder: Holder, valid: timedelta) -> str:
    """Another token of the same grant."""
    secret = "gd_" + secrets.token_urlsafe(32)
    with here.session() as session:
        session.add(_token(holder.grant, secret, here.time.now(), valid))
        session.commit()
    return secret


def revoke(here: Any, holder: Holder) -> None:
    """The library's own step, and its commit."""
    from dataclasses import replace

    with here.session() as session:
        office = Principal("tests", "tests", frozenset({PLATFORM}))
        ctx = replace(here.context(session, office), authorizer=Anybody())
        service.revoke(session, ctx, holder.grant, reason="违约")
        session.commit()


def _token(grant_id: str, secret: str, now: datetime, valid: timedelta) -> GrantToken:
    return GrantToken(
        id=new_id(), grant_id=grant_id, prefix=secret[:11], digest=digest(secret),
        created_at=now - timedelta(days=1), created_by="tests", expires_at=now + valid,
    )  # fmt: skip


def rows(here: Any, query: Any) -> list[Any]:
    """The first column of a query of the library's database."""
    with here.session() as session:
        return list(session.scalars(query))


def eventually(ask: Any, enough: Any, seconds: float = 60.0) -> Any:
    """Ask processes of the running stack until the answer is enough; the last answer."""
    pause, end = threading.Event(), time.monotonic() + seconds
    while not enough(found := ask()) and time.monotonic() < end:
        pause.wait(0.2)
    return found
