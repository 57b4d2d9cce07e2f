"""Objects in a folder: immutable, private, checked when they are read."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import pytest

from licensing.core.errors import Conflict, InvalidInput, NotFound
from licensing.local.storage import FolderStorage


def put(storage: FolderStorage, key: str, content: bytes) -> None:
    storage.put(key, content, hashlib.sha256(content).hexdigest())


def test_what_was_put_is_got_and_put_again(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    put(storage, "agreements/1/text.pdf", b"content")
    put(storage, "agreements/1/text.pdf", b"content")
    assert storage.get("agreements/1/text.pdf") == b"content"
    assert [p.name for p in (tmp_path / "agreements/1").iterdir() if "partial" in p.name] == []
    assert stat.S_IMODE((tmp_path / "agreements/1/text.pdf").stat().st_mode) == 0o600


def test_a_key_keeps_its_content(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    put(storage, "a", b"one")
    with pytest.raises(Conflict):
        put(storage, "a", b"two")
    assert storage.get("a") == b"one"


def test_content_that_is_not_that_of_the_digest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        FolderStorage(tmp_path).put("a", b"one", hashlib.sha256(b"two").hexdigest())


def test_an_object_that_was_changed_on_the_disk_is_not_handed_out(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    put(storage, "a", b"one")
    (tmp_path / "a").write_bytes(b"two")
    with pytest.raises(Conflict):
        storage.get("a")


def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        FolderStorage(tmp_path).get("a")


@pytest.mark.parametrize("key", ["../a", "/a", "a//b", "a/../b", ".a", "", "a.sha256", "a\x00b", "名", "a/"])
def test_a_key_never_leaves_the_folder(tmp_path: Path, key: str) -> None:
    with pytest.raises(InvalidInput):
        put(FolderStorage(tmp_path), key, b"x")
    with pytest.raises(InvalidInput):
        FolderStorage(tmp_path).get(key)
