"""Attachments as every domain keeps them: put, list, read, take away.

Who may is for the domain to check, which also holds the lock of its subject. A file is encrypted with a key
of its own (AES-256-GCM) before it goes to the storage, whose objects never change: what takes the row away
takes the file away, in the same transaction.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from licensing.attachments import formats
from licensing.attachments.models import Attachment
from licensing.core.errors import Conflict
from licensing.core.store.ids import new_id
from licensing.core.store.text import refuse_unstorable
from licensing.ports import Context

_NONCE: Final = 12
_KEY_BITS: Final = 256


def of_subject(session: Session, subject_id: str) -> list[Attachment]:
    """The attachments of a case or filing, first to last."""
    query = select(Attachment).where(Attachment.subject_id == subject_id).order_by(Attachment.id)
    return list(session.scalars(query))


def put(
    session: Session, ctx: Context, *, subject: str, subject_id: str, kind: str, name: str, content: bytes
) -> Attachment:
    """Keep a file. The same content again changes nothing and answers what is there.

    Raises:
        InvalidInput: the file is not of a kind that is taken, is too large, or has a name that is none.
        Conflict: there are as many as there may be.
    """
    refuse_unstorable(name)
    found = formats.recognise(name, content)
    sha256 = hashlib.sha256(content).hexdigest()
    held = of_subject(session, subject_id)
    same = next((each for each in held if each.sha256 == sha256), None)
    if same is not None:
        return same
    if len(held) >= formats.MOST_FILES:
        raise Conflict(
            "附件不超过 {most} 个，请先删去不需要的。",
            "At most {most} attachments; take away what is not needed first.",
            most=formats.MOST_FILES,
        )
    row = Attachment(
        id=new_id(), subject=subject, subject_id=subject_id, kind=kind, name=name, media=found.media,
        size=len(content), sha256=sha256, key=AESGCM.generate_key(_KEY_BITS), actor=ctx.principal.id,
        at=ctx.time.now(), settled=False,
    )  # fmt: skip
    nonce = secrets.token_bytes(_NONCE)
    sealed = nonce + AESGCM(row.key).encrypt(nonce, content, _bound_to(row))
    ctx.storage.put(_place(row), sealed, hashlib.sha256(sealed).hexdigest())
    session.add(row)
    session.flush()
    return row


def content(ctx: Context, row: Attachment) -> bytes:
    """The file as it was sent.

    Raises:
        Conflict: what is stored is not what was put there.
    """
    sealed = ctx.storage.get(_place(row))
    try:
        return AESGCM(row.key).decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound_to(row))
    except InvalidTag as error:
        raise Conflict("文件内容与入库时不一致。", "The object is not what was put there.") from error


def settle(session: Session, subject_id: str) -> list[str]:
    """Hold fast what is handed in; answers the digests, which the step's payload names."""
    session.execute(update(Attachment).where(Attachment.subject_id == subject_id).values(settled=True))
    return sorted(each.sha256 for each in of_subject(session, subject_id))


def take_away(session: Session, row: Attachment) -> None:
    """Remove a file that was not handed in yet.

    Raises:
        Conflict: it was handed in.
    """
    if row.settled:
        raise Conflict(
            "该附件已随申请提交，不能删去；可以补充新的附件。",
            "It was handed in and stays; a new one can be added.",
        )
    session.delete(row)
    session.flush()


def erase(session: Session, subject_id: str) -> None:
    """Remove every file of a subject on lawful demand, handed in or not."""
    session.execute(delete(Attachment).where(Attachment.subject_id == subject_id))


def _place(row: Attachment) -> str:
    return f"attachments/{row.id}"


def _bound_to(row: Attachment) -> bytes:
    """What the encryption is bound to, so that two files cannot be exchanged."""
    return f"{row.id} {row.subject_id} {row.sha256}".encode()
