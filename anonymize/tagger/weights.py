"""The weights: how they get onto this machine.

They are a part of the source archive ``lac`` 2.1.2 (Apache-2.0), which is found through the package index
that the installation uses. Of the archive only the data files of the model are unpacked, after its size and
SHA-256 were found right; nothing of it is executed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tarfile
import tempfile
from pathlib import Path, PurePosixPath

from anonymize.tagger import nameable
from anonymize.tagger.cache import (
    ARCHIVE,
    FILES,
    MANIFEST,
    NAME,
    SHA256,
    SIZE,
    Progress,
    folder,
    is_whole,
    manifest,
)
from anonymize.tagger.errors import WeightsUnavailable

__all__ = ["ARCHIVE", "NAME", "SIZE", "fetch", "folder", "is_whole", "verify"]

PREPARE = "prepare"
_FOLDER = PurePosixPath("LAC-2.1.2/LAC/lac_model")


def fetch(progress: Progress | None = None, archive: Path | None = None) -> Path:
    """Bring the weights to `folder` and return it; at once when they are there already.

    ``archive`` names the source archive when it was brought by hand (closed networks); otherwise it is looked
    for in the folders of files that pip is set up with, then in its index. Raises `WeightsUnavailable`.
    """
    place = folder()
    if is_whole(place):
        return place
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{NAME}-", dir=place.parent) as passing:
            found = archive or _obtain(Path(passing), progress)
            verify(found)
            unpacked = Path(passing) / "unpacked"
            _unpack(found, unpacked)
            _prepare(unpacked, progress)
            _settle(unpacked, place)
    except OSError as error:
        raise WeightsUnavailable(
            "识别模型无法写入缓存（{reason}）。请检查磁盘空间和缓存目录的写入权限，"
            "也可用 GOVDATA_MODEL_CACHE 指定另一目录。",
            "The weights cannot be written to the cache ({reason}). Check the space on the disk and the "
            "rights of the cache folder, or name another one in GOVDATA_MODEL_CACHE.",
            reason=error.strerror or type(error).__name__,
        ) from None
    return place


def _obtain(passing: Path, progress: Progress | None) -> Path:
    """The archive, from a folder of files or from the index."""
    from anonymize.tagger import (
        download,
        index,
    )  # of the extra: whoever only asks for the folder goes without

    configured = index.configured()
    for files in configured.folders:
        for path in files.iterdir():
            if path.name.lower() == ARCHIVE.lower():
                return path
    return download.download(configured, passing / ARCHIVE, progress)


def verify(archive: Path) -> None:
    """Raise unless ``archive`` is, byte by byte, the one that is known."""
    digest = hashlib.sha256()
    with archive.open("rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    if archive.stat().st_size != SIZE or digest.hexdigest() != SHA256:
        raise WeightsUnavailable(
            "文件 {name} 的大小或校验值与预期不符，已拒绝使用。请检查软件源镜像后重试。",
            "The size or hash of {name} is not the expected one; it is not used. "
            "Check the mirror, then try again.",
            name=ARCHIVE,
        )


def _unpack(archive: Path, target: Path) -> None:
    """Write the data files of the model below ``target``; anything else of the archive is passed over."""
    missing = set(FILES)
    with tarfile.open(archive, "r:gz") as content:
        for member in content:
            path = PurePosixPath(member.name)
            if not member.isfile() or not path.is_relative_to(_FOLDER):
                continue
            name = str(path.relative_to(_FOLDER))
            stream = content.extractfile(member)
            if name not in missing or stream is None:
                continue  # names come from our own list, so none can lead out of the folder
            place = target / name
            place.parent.mkdir(parents=True, exist_ok=True)
            with stream, place.open("wb") as file:
                shutil.copyfileobj(stream, file)
            missing.remove(name)
    if missing:
        raise WeightsUnavailable(
            "文件 {name} 中缺少 {count} 个模型文件，已拒绝使用。",
            "{count} files of the model are missing in {name}; it is not used.",
            name=ARCHIVE,
            count=len(missing),
        )


def _prepare(unpacked: Path, progress: Progress | None) -> None:
    """Work out which words may be names, and keep them beside the weights."""
    from anonymize.tagger.lac import LacTagger

    report = progress or (lambda _stage, _done, _total: None)
    tagger = LacTagger(unpacked)
    names = nameable.find(tagger.dictionary, tagger.tag, lambda done, total: report(PREPARE, done, total))
    nameable.write(names, unpacked)


def _settle(unpacked: Path, place: Path) -> None:
    """Put the folder in its place in one step; whoever came first is kept."""
    (unpacked / MANIFEST).write_text(json.dumps(manifest(unpacked)), encoding="utf-8")
    if is_whole(place):
        return
    if place.exists():
        shutil.rmtree(place)
    try:
        unpacked.rename(place)
    except OSError:
        if not is_whole(place):  # another process has settled the same files meanwhile
            raise
