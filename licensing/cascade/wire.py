"""The documents of the protocol ``govdata-cascade/1`` (``docs/reference/cascade-protocol.md``).

A document travels as the bytes of RFC 8785 (JSON canonicalization): members sorted, no spaces, UTF-8, and in
this protocol no floating-point number and no member name beyond ASCII except ids of datasets.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Any, Final, Literal

import msgspec

from licensing.applications.drafts import Draft, Item
from licensing.core.errors import InvalidInput
from licensing.core.ledger.entry import canonical
from licensing.http.words import CaseClock, Label

PROTOCOL: Final = "govdata-cascade/1"
PATH: Final = "/cascade/messages"
"""Below the address of a platform's interface."""
LIMIT: Final = 256 * 1024
"""Bytes of a message."""
MOST_CLOCKS: Final = 50

Id = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_.:-]{1,64}$")]
Digest = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
MessageId = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_-]{16,36}$")]
Number = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
Text = Annotated[str, msgspec.Meta(max_length=4000)]
Name = Annotated[str, msgspec.Meta(max_length=200)]
Moment = Annotated[str, msgspec.Meta(max_length=40)]
Kind = Literal[
    "application", "supplement", "withdraw", "message", "negotiate", "escalate", "close", "finish", "event"
]
Word = Literal[
    "received", "accepted", "supplement_asked", "not_accepted", "approved", "refused", "provided", "revoked",
    "escalated", "upheld", "message",
]  # fmt: skip
"""What has become of an application at the platform that holds the data."""


class Entry(msgspec.Struct, forbid_unknown_fields=True):
    """The entry of the sender's ledger for the step that the message tells."""

    kind: Id
    commitment: Digest


class State(msgspec.Struct, forbid_unknown_fields=True):
    """The state of the sender's case as the sender names it."""

    word: Id
    label: Label


class Message(msgspec.Struct, forbid_unknown_fields=True, rename={"sender": "from", "receiver": "to"}):
    """One step, told to the other platform.

    ``sender`` and ``receiver`` are SHA-256 digests of the raw Ed25519 public keys. ``thread`` is the id of
    the case at the platform where it was filed, ``case`` that of the sender's own case; ``number`` counts
    the sender's messages of a thread from 1. ``clocks`` are the sender's statutory clocks.
    """

    protocol: Literal["govdata-cascade/1"]
    id: MessageId
    sender: Digest
    receiver: Digest
    thread: Id
    case: Id
    number: Number
    at: Moment
    kind: Kind
    entry: Entry
    state: State
    clocks: Annotated[list[CaseClock], msgspec.Meta(max_length=MOST_CLOCKS)]
    body: dict[str, Any]


class Wanted(msgspec.Struct, forbid_unknown_fields=True):
    """A dataset by its id at the platform that holds it, and the fields; none: all of them."""

    dataset: Id
    fields: Annotated[list[Name], msgspec.Meta(max_length=2000)]


class Content(msgspec.Struct, forbid_unknown_fields=True):
    """An application; see :class:`licensing.applications.drafts.Draft`."""

    items: Annotated[list[Wanted], msgspec.Meta(min_length=1, max_length=100)]
    purpose: Text
    grounds: Text
    system: Text
    statement: Text
    mode: Id
    years: Annotated[int, msgspec.Meta(ge=1, le=5)]
    sensitive: Annotated[list[Id], msgspec.Meta(max_length=3)]

    def draft(self) -> Draft:
        """As the receiving platform keeps it."""
        items = tuple(Item(each.dataset, tuple(each.fields)) for each in self.items)
        return Draft(
            items, self.purpose, self.grounds, self.system, self.statement, self.mode, self.years,
            tuple(self.sensitive),
        )  # fmt: skip


class Applicant(msgspec.Struct, forbid_unknown_fields=True):
    """For whom the sender asks: a department or a partner of its own. A natural person's name is masked."""

    kind: Literal["department", "partner"]
    id: Id
    name: Name


class Application(msgspec.Struct, forbid_unknown_fields=True):
    """Body of ``application``."""

    kind: Literal["sharing", "development"]
    applicant: Applicant
    content: Content


class Supplement(msgspec.Struct, forbid_unknown_fields=True):
    """Body of ``supplement``: the application again, and a word on it."""

    content: Content
    text: Text


class Said(msgspec.Struct, forbid_unknown_fields=True):
    """Body of ``withdraw message negotiate escalate close finish``: the applicant's words."""

    text: Text


class Law(msgspec.Struct, forbid_unknown_fields=True):
    """What a refusal is based on."""

    level: Id
    title: Name
    article: Name


class Event(msgspec.Struct, forbid_unknown_fields=True):
    """Body of ``event``. ``text`` holds the reasons, ``granted`` fields by dataset (ids of the platform that
    holds them), ``track`` is ``provider platform sensitive negotiation``, or empty."""

    word: Word
    text: Text
    track: Annotated[str, msgspec.Meta(max_length=16)] = ""
    granted: dict[Id, Annotated[list[Name], msgspec.Meta(max_length=2000)]] = {}
    conditions: Text = ""
    basis: Annotated[list[Law], msgspec.Meta(max_length=20)] = []


class Receipt(msgspec.Struct, forbid_unknown_fields=True):
    """What the receiver signs: it has this message, and what came of it.

    ``sha256`` is that of the message's bytes, ``case`` the receiver's own case (empty where there is none),
    ``entry`` the commitment of the entry in the receiver's ledger. ``refused``: the message was understood
    and changed nothing; ``reason`` says why, and sending it again is no use. ``signature`` (hexadecimal) is
    Ed25519 over the canonical receipt without this member, after the line ``govdata cascade receipt 1``.
    """

    protocol: Literal["govdata-cascade/1"]
    message: MessageId
    sha256: Digest
    thread: Id
    number: Number
    outcome: Literal["taken", "refused"]
    reason: Label
    case: Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_.:-]{0,64}$")]
    entry: Digest
    at: Moment
    key: Digest
    signature: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{0,128}$")] = ""


BODIES: Final[dict[str, Any]] = {
    "application": Application, "supplement": Supplement, "withdraw": Said, "message": Said,
    "negotiate": Said, "escalate": Said, "close": Said, "finish": Said, "event": Event,
}  # fmt: skip


def encoded(document: msgspec.Struct) -> bytes:
    """The bytes of a document."""
    return canonical(msgspec.to_builtins(document))


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def body_of(message: Message) -> Any:
    """The body as the struct of its kind.

    Raises:
        InvalidInput: it is not what the kind asks for; what was sent is not repeated.
    """
    try:
        return msgspec.convert(message.body, BODIES[message.kind])
    except msgspec.ValidationError as error:
        raise InvalidInput(
            "消息内容不符合协议：{kind}。", "The body is not what the protocol asks for: {kind}.",
            kind=message.kind,
        ) from error  # fmt: skip


def content_of(draft: Draft, ids: dict[str, str]) -> Content:
    """A draft with the datasets' ids at the other platform. Raises KeyError for one that it has not."""
    return Content(
        [Wanted(ids[item.dataset], list(item.fields)) for item in draft.items],
        draft.purpose, draft.grounds, draft.system, draft.statement, draft.mode, draft.years,
        sorted(draft.sensitive),
    )  # fmt: skip
