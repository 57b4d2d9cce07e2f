"""The register of other platforms: addresses, keys, and who stands for them here.

Only what the administrator has entered is ever called or believed. Every change is a step with its entry in
the ledger.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.cascade.lifecycle import LIFECYCLE
from licensing.cascade.models import Contact, Peer
from licensing.cascade.signing import public_key
from licensing.core.errors import Conflict, InvalidInput, NotFound, NotPermitted
from licensing.core.ledger.checkpoint import key_id
from licensing.core.store.step import begin, claim, load, step
from licensing.core.store.text import refuse_unstorable
from licensing.parties.models import Department, Partner
from licensing.ports import ADMINISTRATOR, Context

LEVELS: Final[Mapping[str, tuple[str, str]]] = {
    "national": ("国家", "National"),
    "province": ("省级", "Province"),
    "city": ("市级", "City"),
    "county": ("县级", "County"),
}
LOOPBACK_VARIABLE: Final = "LICENSING_CASCADE_LOOPBACK"
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{1,31}")
_MOST_NAME, _MOST_ADDRESS, _MOST_MAPPED = 200, 500, 2000


@dataclass(frozen=True, slots=True)
class PeerEntry:
    """What is entered of a platform; see :class:`licensing.cascade.models.Peer`."""

    name: str
    level: str
    site: str
    address: str
    key: str
    department: str
    departments: Mapping[str, str]
    partner: str = ""


def register(session: Session, ctx: Context, peer_id: str, entry: PeerEntry, *, loopback: bool) -> Peer:
    """Enter a platform with which addresses and keys were exchanged.

    Raises:
        NotPermitted: the caller is not the administrator.
        InvalidInput: an address or key that cannot be used; nobody stands for the platform here.
        Conflict: the id, the site or the key is taken.
    """
    _administrator_only(ctx)
    if _ID.fullmatch(peer_id) is None:
        raise InvalidInput(
            "平台代号由 2 至 32 位小写字母、数字、_ 和 - 组成。",
            "The id of a platform has 2 to 32 lower-case letters, digits, _ and -.",
            pointer="/id",
        )
    columns = _columns(session, entry, loopback=loopback)
    if session.get(Peer, peer_id) is not None:
        raise Conflict("该平台代号已登记。", "A platform is entered under this id already.")
    _free(session, columns, None)
    peer = begin(session, ctx, LIFECYCLE, Peer(id=peer_id, **columns), payload=_payload(columns))
    session.add(Contact(peer_id=peer_id, contact_at=None, failures=0, due_at=ctx.time.now(), problem=""))
    session.flush()
    return peer


def change(
    session: Session, ctx: Context, peer_id: str, entry: PeerEntry, *, reason: str, loopback: bool,
    if_version: int | None = None,
) -> Peer:  # fmt: skip
    """Enter a new address, key or mapping; the next delivery is tried at once."""
    peer = load(session, Peer, peer_id)
    claim(session, peer, if_version)
    columns = _columns(session, entry, loopback=loopback)
    _free(session, columns, peer_id)
    step(session, ctx, LIFECYCLE, peer, "change", reason, _payload(columns), changes=columns)
    _try_now(session, ctx, peer)
    return peer


def suspend(
    session: Session, ctx: Context, peer_id: str, *, reason: str, if_version: int | None = None
) -> Peer:
    """Send nothing any more and take nothing; what waits, waits."""
    return step(
        session, ctx, LIFECYCLE, load(session, Peer, peer_id), "suspend", reason, if_version=if_version
    )


def resume(session: Session, ctx: Context, peer_id: str, *, if_version: int | None = None) -> Peer:
    """Go on where it was suspended."""
    peer = step(session, ctx, LIFECYCLE, load(session, Peer, peer_id), "resume", if_version=if_version)
    _try_now(session, ctx, peer)
    return peer


def retry(session: Session, ctx: Context, peer_id: str) -> Peer:
    """Try what waits with the next round, whatever has failed before."""
    _administrator_only(ctx)
    peer = load(session, Peer, peer_id)
    _try_now(session, ctx, peer)
    return peer


def of_site(session: Session, platform: str) -> Peer | None:
    """The platform whose entries have addresses that begin so."""
    return session.scalar(select(Peer).where(Peer.site == platform))


def of_key(session: Session, key: str) -> Peer | None:
    """The platform with that key."""
    return session.scalar(select(Peer).where(Peer.key_id == key))


def contact_of(session: Session, peer: Peer, *, lock: bool = False) -> Contact:
    """How it goes with a platform; ``lock``: until the transaction ends, nobody else deals with it."""
    query = select(Contact).where(Contact.peer_id == peer.id).execution_options(populate_existing=True)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound("没有登记这个平台。", "There is no such platform.")
    return found


def checked_address(text: str, *, loopback: bool) -> str:
    """An address that may be called: ``https``, or ``http`` to this very machine where that is allowed.

    Raises:
        InvalidInput: any other; it is checked when it is entered and again before each call.
    """
    address = text.strip().rstrip("/")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise _bad_address() from None
    secure = parts.scheme == "https" or (
        loopback and parts.scheme == "http" and parts.hostname in _LOOPBACK and port is not None
    )
    plain = all(32 < ord(sign) < 127 for sign in address)
    extra = parts.username is not None or parts.password is not None or "?" in address or "#" in address
    if not secure or not parts.hostname or not plain or extra or len(address) > _MOST_ADDRESS:
        raise _bad_address()
    return address


def _bad_address() -> InvalidInput:
    return InvalidInput(
        "平台地址应以 https:// 开头，不含用户名、参数，不超过 500 个字符。",
        "The address of a platform begins with https:// and holds no user name and no parameters.",
        pointer="/address",
    )


def _columns(session: Session, entry: PeerEntry, *, loopback: bool) -> dict[str, object]:
    refuse_unstorable([entry.name, entry.partner, dict(entry.departments)])
    name, public = entry.name.strip(), public_key(entry.key)
    if not name or len(name) > _MOST_NAME or entry.level not in LEVELS:
        raise InvalidInput(
            "请填写平台名称和级别。", "Name and level of the platform are needed.", pointer="/name"
        )
    standing = {entry.department, *entry.departments.values()}
    if len(entry.departments) > _MOST_MAPPED or any(not session.get(Department, each) for each in standing):
        raise InvalidInput(
            "代表该平台的部门须先在本平台登记。",
            "The departments that stand for the platform are registered here first.",
            pointer="/department",
        )
    if entry.partner and session.get(Partner, entry.partner) is None:
        raise InvalidInput(
            "代表该平台开发者的主体须先在本平台登记。",
            "The partner that stands for the platform's developers is registered here first.",
            pointer="/partner",
        )
    return {
        "name": name, "level": entry.level, "site": checked_address(entry.site, loopback=loopback),
        "address": checked_address(entry.address, loopback=loopback), "key_pem": entry.key.strip() + "\n",
        "key_id": key_id(public), "department": entry.department, "departments": dict(entry.departments),
        "partner": entry.partner,
    }  # fmt: skip


def _payload(columns: Mapping[str, object]) -> dict[str, object]:
    return {name: columns[name] for name in ("site", "address", "key_id", "department", "partner")}


def _free(session: Session, columns: Mapping[str, object], own: str | None) -> None:
    taken = session.scalars(
        select(Peer.id).where((Peer.site == columns["site"]) | (Peer.key_id == columns["key_id"]))
    )
    if any(each != own for each in taken):
        raise Conflict(
            "另一平台已登记了这个站点地址或公钥。", "Another platform is entered with this site or key."
        )


def _try_now(session: Session, ctx: Context, peer: Peer) -> None:
    contact = contact_of(session, peer, lock=True)
    contact.due_at, contact.failures = ctx.time.now(), 0
    session.flush()


def _administrator_only(ctx: Context) -> None:
    if ADMINISTRATOR not in ctx.principal.roles:
        raise NotPermitted(
            "只有政务信息管理部门可以登记其他平台。", "Only the administrator enters other platforms."
        )
