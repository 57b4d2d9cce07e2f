"""The weights on this machine: where they lie, whether they are whole, how they get there.

They are a part of the source archive ``lac`` 2.1.2 (Apache-2.0), which is found through the package index
that the installation uses. Of the archive only the data files of the model are unpacked, after its size and
SHA-256 were found right; nothing of it is executed. They are kept in the user's cache folder, or in
``GOVDATA_MODEL_CACHE``.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import platformdirs

from anonymize.tagger import nameable
from anonymize.tagger.errors import WeightsUnavailable

FETCH, PREPARE = "fetch", "prepare"
Progress = Callable[[str, int, int], None]
"""Told the stage, what is done, and of how much: bytes of the archive, then words that are tried."""

NAME = "lac-2.1.2"
PROJECT = "lac"
ARCHIVE = "LAC-2.1.2.tar.gz"
SIZE = 64_818_010
SHA256 = "22fcde0d5082d2044205ea6f6a7a9cd1f0d63e7b21b2dd5c9c73f27e7c0a3ef1"
_FOLDER = PurePosixPath("LAC-2.1.2/LAC/lac_model")
_FILES = frozenset(
    {f"conf/{name}" for name in ("args.ini", "q2b.dic", "small_seg.dic", "tag.dic", "word.dic")}
    | {f"model/{name}" for name in ("__model__", "crfw", "word_emb")}
    | {f"model/fc_{index}.{kind}_0" for index in range(5) for kind in "wb"}
    | {f"model/gru_{index}.{kind}_0" for index in range(4) for kind in "wb"}
)
_MANIFEST = "verified.json"


def cache() -> Path:
    """Folder that holds the folders of weights."""
    named = os.environ.get("GOVDATA_MODEL_CACHE")
    return Path(named) if named else Path(platformdirs.user_cache_dir("govdata")) / "models"


def folder() -> Path:
    """Where the weights lie once they were fetched."""
    return cache() / NAME


def is_whole(place: Path | None = None) -> bool:
    """Whether all files lie at ``place`` as they were when their archive was verified.

    Sizes and modification times are compared with those noted then; hashing 34 MB at every start would cost
    more than loading them.
    """
    place = folder() if place is None else place
    try:
        noted = json.loads((place / _MANIFEST).read_text(encoding="utf-8"))
        return bool(noted == _manifest(place))
    except (OSError, ValueError):
        return False


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
    from anonymize.tagger import download, index

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
    missing = set(_FILES)
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
    (unpacked / _MANIFEST).write_text(json.dumps(_manifest(unpacked)), encoding="utf-8")
    if is_whole(place):
        return
    if place.exists():
        shutil.rmtree(place)
    try:
        unpacked.rename(place)
    except OSError:
        if not is_whole(place):  # another process has settled the same files meanwhile
            raise


def _manifest(place: Path) -> dict[str, list[int]]:
    """Size and modification time (nanoseconds) of every file."""
    found = {}
    for name in sorted((*_FILES, nameable.FILE)):
        state = (place / name).stat()
        found[name] = [state.st_size, state.st_mtime_ns]
    return found
