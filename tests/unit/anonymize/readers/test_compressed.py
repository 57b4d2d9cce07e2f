"""Compressed files: one layer, one member, bounded, never on a disk."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

import pytest

from anonymize.errors import SourceUnreadable
from anonymize.readers import Limits, open_table
from tests.factories import sources

HEADER, ROWS = ("编号", "名称"), [(str(i), f"甲{i}") for i in range(300)]
CSV = sources.delimited(HEADER, ROWS)


def archive(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in members.items():
            made.writestr(name, data)
    return out.getvalue()


def tarball(data: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as made:
        info = tarfile.TarInfo("a.csv")
        info.size = len(data)
        made.addfile(info, io.BytesIO(data))
    return out.getvalue()


def with_password() -> bytes:
    """A zip whose only member says that it is encrypted."""
    data = bytearray(archive({"a.csv": CSV}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(signature) + offset
        data[at : at + 2] = struct.pack("<H", 1)
    return bytes(data)


def packed_by_lzma_in_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as made:
        made.writestr("a.csv", CSV)
    return out.getvalue()


BAD = {
    "half a gzip": (gzip.compress(CSV)[:-30], "损坏"),
    "a gzip with a wrong sum": (gzip.compress(CSV)[:-8] + bytes(8), "损坏"),
    "half a bzip2": (bz2.compress(CSV)[:-10], "损坏"),
    "half an xz": (lzma.compress(CSV)[:-10], "损坏"),
    "half a zstd": (sources.zstd(CSV)[:-10], "损坏"),
    "half a zip": (sources.zipped(CSV)[:-30], "损坏"),
    "a gzip in a gzip": (gzip.compress(gzip.compress(CSV)), "压缩一层"),
    "a zip in a gzip": (gzip.compress(sources.zipped(CSV)), "压缩一层"),
    "a gzip in a zip": (sources.zipped(gzip.compress(CSV)), "压缩一层"),
    "a tar in a gzip": (gzip.compress(tarball(CSV)), "TAR"),
    "two tables in a zip": (archive({"a.csv": CSV, "b.csv": CSV}), "2 个文件"),
    "nothing in a zip": (archive({}), "0 个文件"),
    "a folder in a zip": (archive({"a/": b""}), "0 个文件"),
    "a name that climbs": (archive({"../../a.csv": CSV}), "路径"),
    "a name that climbs in another way": (archive({"..\\a.csv": CSV}), "路径"),
    "an absolute name": (archive({"/etc/a.csv": CSV}), "路径"),
    "a password": (with_password(), "密码"),
    "a method that asks for any memory": (packed_by_lzma_in_zip(), "损坏"),
    "nothing in a gzip": (gzip.compress(b""), "空"),
    "a picture in a gzip": (gzip.compress(b"\x89PNG\r\n\x1a\n" + bytes(99)), "PNG"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_archive_is_refused_with_a_sentence(case: str) -> None:
    data, expected = BAD[case]
    with pytest.raises(SourceUnreadable) as caught:
        open_table(io.BytesIO(data), "a.csv")
    assert expected in caught.value.zh
    assert caught.value.en.isascii()


@pytest.mark.parametrize("packing", sources.PACKINGS)
def test_a_bomb_ends_by_its_ratio_and_by_its_size(packing: str) -> None:
    # The ratio counts once 10 MiB have come out.
    bomb = sources.PACKINGS[packing](CSV + b"1,x\r\n" * 2_200_000)
    for limits in (Limits(max_stream_ratio=10), Limits(max_stream=1 << 20)):
        with pytest.raises(SourceUnreadable, match="abnormal ratio"):
            open_table(io.BytesIO(bomb), "a", limits)


def test_what_must_be_held_is_bounded_too() -> None:
    data = gzip.compress(sources.parquet(HEADER, ROWS))
    with pytest.raises(SourceUnreadable, match="held in memory"):
        open_table(io.BytesIO(data), "a.gz", Limits(max_held=100))


def test_the_header_of_an_xz_may_not_ask_for_any_memory() -> None:
    data = bytearray(lzma.compress(CSV, check=lzma.CHECK_NONE))
    # The dictionary size is one byte of the block header (code 37: 1.5 GiB), which has its own CRC32.
    header = 12
    at = data.index(b"\x21\x01", header) + 2
    data[at] = 37
    size = (data[header] + 1) * 4
    data[header + size - 4 : header + size] = struct.pack("<I", zlib.crc32(data[header : header + size - 4]))
    with pytest.raises(SourceUnreadable, match="damaged"):
        open_table(io.BytesIO(bytes(data)), "a.xz")


def test_members_of_a_gzip_and_streams_of_an_xz_follow_each_other() -> None:
    head, tail = CSV[:1_000], CSV[1_000:]
    for pack in (gzip.compress, bz2.compress, lzma.compress):
        assert open_table(io.BytesIO(pack(head) + pack(tail)), "a").info.rows == 300


def test_the_name_inside_decides_nothing_but_a_note() -> None:
    table = open_table(io.BytesIO(sources.zipped(CSV, "数据/名单.xlsx")), "名单.zip")
    assert table.info.name == "名单.zip"
    assert table.info.format == "csv.zip"
    assert ".xlsx" in table.notes[0].zh


def test_a_packed_file_is_read_from_a_path(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv.gz"
    path.write_bytes(gzip.compress(CSV))
    table = open_table(path)
    assert sum(frame.height for frame in table.batches()) == 300
    assert table.notes == ()
    assert [p.name for p in tmp_path.iterdir()] == ["名单.csv.gz"]
