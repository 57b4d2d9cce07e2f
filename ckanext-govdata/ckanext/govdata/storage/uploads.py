"""Chunked uploads that can be resumed: parts are sealed before they are stored.

An upload is one folder of sealed objects in the staging bucket, ``uploads/<id>/``: ``ticket`` says what
is expected and of whom, ``part-00001`` … hold the parts. There is no other state, so any web process can
take the next part. :func:`complete` joins the parts into one sealed raw object and destroys the folder.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timezone

from ckanext.govdata.storage import raw, sealed
from ckanext.govdata.storage.errors import ObjectMissing, UploadRefused
from ckanext.govdata.storage.keyring import Keyring
from ckanext.govdata.storage.objects import ObjectStore, StoredObject

PREFIX = "uploads/"
#: Bytes of every part but the last.
PART_SIZE = 8 * 1024 * 1024
_ID = re.compile(r"[A-Za-z0-9_-]{43}")
_READ = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Ticket:
    """What an upload is for; ``created`` is an ISO time in UTC, ``size`` is in bytes."""

    id: str
    release_id: str
    user_id: str
    filename: str
    size: int
    part_size: int
    created: str

    @property
    def parts(self) -> int:
        """How many parts make the file, numbered from 1."""
        return max(1, -(-self.size // self.part_size))

    def size_of(self, part: int) -> int:
        """Bytes that ``part`` must have."""
        return self.part_size if part < self.parts else self.size - (self.parts - 1) * self.part_size


def begin(
    store: ObjectStore,
    keyring: Keyring,
    *,
    release_id: str,
    user_id: str,
    filename: str,
    size: int,
    max_bytes: int,
) -> Ticket:
    """Open an upload of ``size`` bytes for ``release_id``; only ``user_id`` may go on with it.

    Raises:
        UploadRefused: empty (422) or over ``max_bytes`` (413).
    """
    check_size(size, max_bytes)
    ticket = Ticket(
        id=secrets.token_urlsafe(32),
        release_id=release_id,
        user_id=user_id,
        filename=filename,
        size=size,
        part_size=PART_SIZE,
        created=datetime.now(timezone.utc).isoformat(),
    )
    sealed.seal_bytes(store, _ticket_key(ticket.id), keyring, json.dumps(asdict(ticket)).encode())
    return ticket


def check_size(size: int, max_bytes: int) -> None:
    """Refuse a size that no upload may have, before anything is made for it."""
    if size <= 0:
        raise UploadRefused(
            "empty_file",
            422,
            "文件是空的，请选择有内容的文件。",
            "The file is empty; choose one with content.",
        )
    if size > max_bytes:
        raise raw.too_large(max_bytes)


def find(store: ObjectStore, keyring: Keyring, upload_id: str, user_id: str) -> Ticket:
    """The ticket of ``upload_id``, to its owner only.

    Raises:
        UploadRefused: unknown, finished, or somebody else's: 404 for all three, so that nothing is told.
    """
    if not _ID.fullmatch(upload_id):
        raise _unknown()
    try:
        with sealed.open_sealed(store, _ticket_key(upload_id), keyring) as stream:
            ticket = Ticket(**json.load(stream))
    except ObjectMissing:
        raise _unknown() from None
    if not secrets.compare_digest(ticket.user_id.encode(), user_id.encode()):
        raise _unknown()
    return ticket


def put_part(
    store: ObjectStore,
    keyring: Keyring,
    ticket: Ticket,
    part: int,
    pieces: Iterator[bytes],
    sha256: bytes | None = None,
) -> str:
    """Seal one part; sending a part again replaces it. Returns its SHA-256 in hex.

    Raises:
        UploadRefused: no such part (404), another length (422), or not the announced digest (422).
    """
    if not 1 <= part <= ticket.parts:
        raise UploadRefused(
            "part_unknown",
            404,
            "分片编号应在 1 到 {parts} 之间。",
            "Parts are numbered from 1 to {parts}.",
            parts=ticket.parts,
        )
    expected = ticket.size_of(part)
    digest = hashlib.sha256()
    key = _part_key(ticket.id, part)
    with sealed.sealing(store, key, keyring) as writer:
        for piece in pieces:
            digest.update(piece)
            writer.write(piece)
            if writer.tell() > expected:
                break
        if writer.tell() != expected:
            raise UploadRefused(
                "part_length",
                422,
                "第 {part} 个分片应为 {expected} 字节，收到的不符，请重新上传该分片。",
                "Part {part} must have {expected} bytes; send this part again.",
                part=part,
                expected=expected,
            )
        if sha256 is not None and not secrets.compare_digest(digest.digest(), sha256):
            raise UploadRefused(
                "part_digest",
                422,
                "第 {part} 个分片在传输中损坏，请重新上传该分片。",
                "Part {part} was damaged on its way; send this part again.",
                part=part,
            )
    return digest.hexdigest()


def present(store: ObjectStore, ticket: Ticket) -> list[int]:
    """The parts that are there whole, by number; what is missing is still to be sent."""
    found = []
    for info in store.list(_folder(ticket.id) + "part-"):
        part = int(info.key.rpartition("-")[2])
        if 1 <= part <= ticket.parts and info.size == sealed.sealed_size(ticket.size_of(part)):
            found.append(part)
    return found


def complete(store: ObjectStore, keyring: Keyring, ticket: Ticket) -> StoredObject:
    """Join the parts into one sealed raw object; the upload itself stays until :func:`discard`.

    The caller records the object first and discards afterwards: cut off between the two, completing
    again gives an object of the same content and nothing is lost.

    Raises:
        UploadRefused: parts are missing (409).
    """
    missing = sorted(set(range(1, ticket.parts + 1)) - set(present(store, ticket)))
    if missing:
        raise UploadRefused(
            "parts_missing",
            409,
            "还缺 {count} 个分片（第 {first} 个起），请补传后再完成。",
            "{count} parts are missing (from part {first}); send them, then complete again.",
            count=len(missing),
            first=missing[0],
        )
    return raw.store_pieces(_joined(store, keyring, ticket), store=store, keyring=keyring)


def discard(store: ObjectStore, upload_id: str) -> None:
    """Destroy an upload with its parts; repeatable."""
    if not _ID.fullmatch(upload_id):
        raise _unknown()
    store.delete_prefix(_folder(upload_id))


def reap(store: ObjectStore, before: datetime) -> int:
    """Destroy uploads to which nothing was added since ``before``; returns how many."""
    newest: dict[str, datetime] = {}
    for info in store.list(PREFIX):
        upload_id = info.key[len(PREFIX) :].partition("/")[0]
        newest[upload_id] = max(info.modified, newest.get(upload_id, info.modified))
    stale = [upload_id for upload_id, modified in newest.items() if modified < before]
    for upload_id in stale:
        store.delete_prefix(_folder(upload_id))
    return len(stale)


def _joined(store: ObjectStore, keyring: Keyring, ticket: Ticket) -> Iterator[bytes]:
    for part in range(1, ticket.parts + 1):
        with sealed.open_sealed(store, _part_key(ticket.id, part), keyring) as stream:
            while piece := stream.read(_READ):
                yield piece


def _folder(upload_id: str) -> str:
    return f"{PREFIX}{upload_id}/"


def _ticket_key(upload_id: str) -> str:
    return _folder(upload_id) + "ticket"


def _part_key(upload_id: str, part: int) -> str:
    return f"{_folder(upload_id)}part-{part:05d}"


def _unknown() -> UploadRefused:
    return UploadRefused(
        "upload_unknown",
        404,
        "没有这个上传任务，或它已经完成、已被清理；请重新上传。",
        "There is no such upload, or it is finished or was cleared away; upload again.",
    )
