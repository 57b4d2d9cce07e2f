"""The upload spool: a file to whoever uses it, noise to whoever looks at the disk."""

from __future__ import annotations

import io
import os
import tempfile
from typing import Any

import pytest
from flask import Flask, request
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.govdata.storage import spool
from ckanext.govdata.storage.errors import ObjectDamaged

BLOCK = spool._BLOCK
SECRET = "李四 13800138000 ".encode()

steps = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.integers(0, 7 * BLOCK), st.integers(0, BLOCK + 11)),
        st.tuples(st.just("read"), st.integers(0, 7 * BLOCK), st.integers(0, BLOCK + 11)),
        st.tuples(st.just("truncate"), st.integers(0, 7 * BLOCK), st.just(0)),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(steps)
def test_it_behaves_as_a_file_in_memory(todo: list[tuple[str, int, int]]) -> None:
    ours, model = spool.SealedSpool(), io.BytesIO()
    for number, (what, place, length) in enumerate(todo):
        if what == "truncate":
            # A file that is truncated beyond its end grows; BytesIO does not, so it is not asked to.
            size = min(place, len(model.getvalue()))
            assert ours.truncate(size) == model.truncate(size)
            continue
        ours.seek(place)
        model.seek(place)
        if what == "write":
            data = bytes([number + 1]) * length
            if data:
                assert ours.write(data) == model.write(data)
        else:
            assert ours.read(length) == model.read(length)
    ours.seek(0)
    assert ours.read() == model.getvalue()
    ours.close()


def test_a_small_upload_stays_in_memory() -> None:
    ours = spool.SealedSpool()
    ours.write(bytes(spool.MEMORY_LIMIT))
    assert not ours.on_disk


@pytest.mark.article("SX-22")
def test_a_large_upload_is_unreadable_on_disk_and_has_no_name(tmp_path: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ours = spool.SealedSpool()
    content = SECRET * (4 * spool.MEMORY_LIMIT // len(SECRET))
    ours.write(content)
    assert ours.on_disk
    assert os.listdir(tmp_path) == []
    assert ours._file is not None
    on_disk = os.pread(ours._file.fileno(), 8 * spool.MEMORY_LIMIT, 0)
    assert len(on_disk) > spool.MEMORY_LIMIT
    assert "李四".encode() not in on_disk
    assert b"13800138000" not in on_disk
    ours.seek(0)
    assert ours.read() == content


def test_a_block_written_again_is_encrypted_anew() -> None:
    ours = spool.SealedSpool()
    snapshots = []
    for _ in range(2):
        ours.seek(0)
        ours.write(bytes(BLOCK))
        ours.seek(2 * spool.MEMORY_LIMIT)
        ours.write(bytes(2 * spool.MEMORY_LIMIT))  # pushes the first block out of memory
        assert ours._file is not None
        snapshots.append(os.pread(ours._file.fileno(), BLOCK, 0))
    assert snapshots[0] != snapshots[1]


def test_a_changed_temporary_file_is_refused() -> None:
    ours = spool.SealedSpool()
    ours.write(bytes(4 * spool.MEMORY_LIMIT))
    assert ours._file is not None
    os.pwrite(ours._file.fileno(), b"\x01", 100)
    ours.seek(0)
    with pytest.raises(ObjectDamaged):
        ours.read(10)


def test_a_closed_spool_gives_nothing() -> None:
    ours = spool.SealedSpool()
    ours.write(SECRET)
    ours.close()
    with pytest.raises(ValueError, match="closed"):
        ours.read(1)
    with pytest.raises(ValueError, match="closed"):
        ours.write(b"x")


@pytest.mark.article("SX-22")
def test_form_uploads_of_the_application_never_reach_the_disk_in_plain(
    tmp_path: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    app = Flask(__name__)
    assert spool.install(spool.install(app)) is app
    content = SECRET * 200_000
    seen: dict[str, Any] = {}

    @app.post("/upload")
    def upload() -> str:
        stored = request.files["upload"]
        seen["stream"] = type(stored.stream.raw)  # type: ignore[attr-defined]
        seen["content"] = stored.stream.read()
        seen["field"] = request.form["name"]
        return "ok"

    made = []
    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", lambda *a, **k: made.append(a))
    answer = app.test_client().post(
        "/upload", data={"upload": (io.BytesIO(content), "低保.csv"), "name": "民政局"}
    )
    assert answer.status_code == 200
    assert seen == {"stream": spool.SealedSpool, "content": content, "field": "民政局"}
    assert made == []
    assert os.listdir(tmp_path) == []
