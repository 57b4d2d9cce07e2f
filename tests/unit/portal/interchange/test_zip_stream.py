"""The archive is what every reader of zips takes, of the announced size, and the same every time."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.govdata.interchange.zip_stream import BLOCK, Member, WrongSize, stream, total_size

SIZES = st.sampled_from([0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 2 * BLOCK + 7])


def member(name: str, data: bytes, piece: int = 1000) -> Member:
    return Member(name, len(data), lambda: (data[at : at + piece] for at in range(0, len(data), piece)))


def members(sizes: list[int], piece: int) -> list[Member]:
    return [
        member(f"数据/{number}.csv", bytes((number + at) % 251 for at in range(size)), piece)
        for number, size in enumerate(sizes)
    ]


@settings(max_examples=40, deadline=None)
@given(st.lists(SIZES, max_size=4), st.integers(1, 200_000), st.sampled_from([2**32 - 1, 70_000, 10]))
def test_what_goes_in_comes_out_and_the_size_was_known(sizes: list[int], piece: int, limit: int) -> None:
    piece = max(piece, 500)
    made = members(sizes, piece)
    content = b"".join(stream(made, limit))
    assert len(content) == total_size(made, limit)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert [info.filename for info in archive.infolist()] == [m.name for m in made]
        for m in made:
            assert archive.read(m.name) == b"".join(m.content())


def test_how_the_content_is_cut_changes_no_byte() -> None:
    data = bytes(range(256)) * 700
    assert b"".join(stream([member("a", data, 1)])) == b"".join(stream([member("a", data, 99_991)]))


@pytest.mark.parametrize("said", [5, 7, BLOCK + 3])
def test_a_member_of_another_size_breaks_the_archive_off(said: int) -> None:
    wrong = Member("a", said, lambda: (b"123456",))
    with pytest.raises(WrongSize, match=r"announced|not"):
        b"".join(stream([wrong]))


@pytest.mark.parametrize("limit", [2**32 - 1, 20])
def test_other_programs_open_it(tmp_path: Path, limit: int) -> None:
    unzip = shutil.which("unzip") or shutil.which("bsdtar") or shutil.which("jar")
    path = tmp_path / "a.zip"
    path.write_bytes(b"".join(stream([member("目录/文件.txt", b"x" * 200_000)], limit)))
    if unzip is None:
        # The interpreter's own command line reads by the central directory as they do.
        done = subprocess.run(["python3", "-m", "zipfile", "-t", str(path)], capture_output=True, check=False)
    else:
        flag = {"unzip": "-t", "bsdtar": "-tf", "jar": "-tf"}[Path(unzip).name]
        done = subprocess.run([unzip, flag, str(path)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
