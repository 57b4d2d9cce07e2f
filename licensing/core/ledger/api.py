"""The ledger over HTTP: what everybody may verify, and receipts with content for those concerned."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from sqlalchemy import select

from licensing.core.errors import NotFound
from licensing.core.ledger import receipt as receipts
from licensing.core.ledger.checkpoint import Checkpoint
from licensing.core.ledger.models import LedgerCheckpoint
from licensing.core.ledger.sequencer import as_checkpoint, last_checkpoint
from licensing.core.ledger.store import find
from licensing.core.store.events import StepEvent
from licensing.http import cursor
from licensing.http.cursor import Page, Paging
from licensing.http.registry import subjects
from licensing.http.route import Call, Media, Route
from licensing.ports import ADMINISTRATOR, SUPERVISOR

TAG = "账本 / Ledger"
Digest = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class Entry(msgspec.Struct):
    """An entry: its place, its time, a kind, an opaque id, and the commitment to what was decided."""

    sequence: int
    at: str
    kind: str
    subject: str
    commitment: Digest


class Proof(msgspec.Struct):
    """Hashes beside the way from a leaf to the root (RFC 9162), by both algorithms."""

    sha256: list[Digest]
    sm3: list[Digest]


class Receipt(msgspec.Struct, omit_defaults=True):
    """What ``offline_verify.py`` verifies; ``payload`` and ``salt`` only where the content is disclosed."""

    type: str
    version: int
    entry: Entry
    proof: Proof
    checkpoint: Checkpoint
    payload: dict[str, Any] | None = None
    salt: str | None = None


class Extension(msgspec.Struct):
    """Proof that the later ledger extends the earlier one."""

    earlier: Checkpoint
    later: Checkpoint
    proof: Proof


class Between(msgspec.Struct, forbid_unknown_fields=True):
    """Sizes of two checkpoints."""

    earlier: Annotated[int, msgspec.Meta(ge=1, le=10**15)]
    later: Annotated[int, msgspec.Meta(ge=1, le=10**15)]


def _no_checkpoint() -> NotFound:
    return NotFound("没有这样的检查点。", "There is no such checkpoint.")


def _newest(call: Call) -> Checkpoint:
    found = last_checkpoint(call.session)
    if found is None:
        raise _no_checkpoint()
    return found


def _checkpoints(call: Call) -> Page[Checkpoint]:
    limit = call.query.limit
    query = select(LedgerCheckpoint).order_by(LedgerCheckpoint.size).limit(limit + 1)
    after = cursor.decode(call.query.cursor, tuple[Annotated[int, msgspec.Meta(ge=0, le=10**15)]])
    if after is not None:
        query = query.where(LedgerCheckpoint.size > after[0])
    rows = [as_checkpoint(row) for row in call.session.scalars(query)]
    return Page(rows[:limit], cursor.encode(rows[limit - 1].size) if len(rows) > limit else None)


def _keys(call: Call) -> bytes:
    return b"".join(call.settings.ledger_keys)


def _extension(call: Call) -> Extension:
    pair = []
    for size in (call.query.earlier, call.query.later):
        row = call.session.get(LedgerCheckpoint, size)
        if row is None:
            raise _no_checkpoint()
        pair.append(as_checkpoint(row))
    if pair[0].size > pair[1].size:
        raise _no_checkpoint()
    return msgspec.convert(receipts.extension(call.session, pair[0], pair[1]), Extension)


def _entry(call: Call) -> Receipt:
    return msgspec.convert(receipts.receipt(call.session, call.path["commitment"]), Receipt)


def _receipt(call: Call) -> Receipt:
    """With the content: for the administrator, the supervisor, and whoever has a role towards the case."""
    commitment = call.path["commitment"]
    if not call.ctx.principal.roles & {ADMINISTRATOR, SUPERVISOR}:
        find(call.session, commitment)
        event = call.session.scalar(select(StepEvent).where(StepEvent.commitment == commitment))
        kind = subjects().get(event.kind) if event is not None else None
        if event is None or kind is None:
            raise NotFound("没有找到该记录。", "There is no such record.")
        call.own(kind.model, event.subject_id)
    return msgspec.convert(receipts.receipt(call.session, commitment, disclose=True), Receipt)


ROUTES = (
    Route("GET", "/ledger/checkpoint", "getCheckpoint", TAG, "最新检查点", "The newest checkpoint", _newest,
          answer=Checkpoint, public=True, errors=(404,)),
    Route("GET", "/ledger/checkpoints", "listCheckpoints", TAG, "检查点列表", "Checkpoints in order",
          _checkpoints, answer=Page[Checkpoint], query=Paging, public=True),
    Route("GET", "/ledger/keys", "getLedgerKeys", TAG, "验证公钥", "Public keys of the checkpoints", _keys,
          answer=Media("application/x-pem-file"), public=True),
    Route("GET", "/ledger/extension", "proveExtension", TAG, "账本只增不改的证明",
          "Proof that the ledger has only grown", _extension, answer=Extension, query=Between, public=True,
          errors=(404,)),
    Route("GET", "/ledger/entries/{commitment:digest}", "getEntry", TAG, "记录及其存在证明",
          "An entry and the proof that it is in the ledger", _entry, answer=Receipt, public=True),
    Route("GET", "/ledger/receipts/{commitment:digest}", "getReceipt", TAG, "附有内容的回执",
          "A receipt that discloses the content", _receipt, answer=Receipt),
)  # fmt: skip
