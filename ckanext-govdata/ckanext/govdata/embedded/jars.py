"""Fetching the Java archives of the lock: verified, cached for the user, resumable, in parallel.

The cache is shared by all installations of the user. The repository is the one that `jgo` names, or
``GOVDATA_MAVEN_REPOSITORY`` for a mirror on a closed network. A download that broke off goes on where it
stopped; nothing is used before its SHA-256 agrees with the lock.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path

import platformdirs
import requests
from jgo.constants import MAVEN_CENTRAL_URL

from .errors import JarError
from .jarlock import Jar
from .messages import Message

Advance = Callable[[int], None]
_CHUNK = 1 << 16
_ATTEMPTS = 4
_PARALLEL = 8
_VERIFIED = ".verified"


def repository() -> str:
    """Base address of the Maven repository, without a slash at its end."""
    return (os.environ.get("GOVDATA_MAVEN_REPOSITORY") or MAVEN_CENTRAL_URL).rstrip("/")


def cache() -> Path:
    """Folder of the verified archives: ``GOVDATA_JAR_CACHE``, else ``jars`` in the user's cache folder."""
    named = os.environ.get("GOVDATA_JAR_CACHE")
    return Path(named) if named else Path(platformdirs.user_cache_dir("govdata")) / "jars"


def cached(jar: Jar) -> Path:
    """Where ``jar`` lies once it is fetched."""
    return cache() / jar.path


def sha256_of(path: Path) -> str:
    """SHA-256 of a file in hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def is_whole(jar: Jar) -> bool:
    """Whether the cache holds ``jar`` as the lock wants it.

    A full hash of 130 MB at every start would cost a second; size and modification time are compared with
    those noted when the hash was last right.
    """
    path = cached(jar)
    mark = path.with_name(path.name + _VERIFIED)
    try:
        found = path.stat()
        noted = mark.read_text()
    except OSError:
        return False
    return noted == _note(jar, found)


def _note(jar: Jar, found: os.stat_result) -> str:
    return f"{jar.sha256} {found.st_size} {found.st_mtime_ns}"


def missing(jars: Iterable[Jar]) -> list[Jar]:
    """Those of ``jars`` that must be fetched, each once."""
    return [jar for jar in dict.fromkeys(jars) if not is_whole(jar)]


def fetch_all(jars: Iterable[Jar], advance: Advance) -> None:
    """Fetch what is missing of ``jars``; ``advance`` is told of bytes as they arrive, also of kept ones.

    Raises `JarError` when an archive cannot be had or is not the one of the lock.
    """
    wanted = missing(jars)
    with ThreadPoolExecutor(max_workers=_PARALLEL, thread_name_prefix="jar") as pool:
        running = [pool.submit(fetch, jar, advance) for jar in wanted]
        try:
            for done in as_completed(running):
                done.result()
        except BaseException:
            for waiting in running:
                waiting.cancel()
            raise


def fetch(jar: Jar, advance: Advance) -> Path:
    """Bring ``jar`` into the cache and return its path. Raises `JarError`."""
    if not jar.sha256:
        raise JarError(
            Message(
                f"jars.lock 中 {jar.coordinates} 没有校验值。请先运行 govdata jars lock。",
                f"{jar.coordinates} has no hash in jars.lock. Run `govdata jars lock` first.",
            )
        )
    path = cached(jar)
    partial = path.with_name(path.name + ".part")
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_file() and sha256_of(path) == jar.sha256:
        _mark(jar, path)
        advance(jar.size)
        return path
    _download(jar, partial, advance)
    if sha256_of(partial) != jar.sha256:
        partial.unlink()
        raise JarError(
            Message(
                f"{jar.coordinates} 的内容与 jars.lock 的校验值不一致，已丢弃。请检查镜像源后重试。",
                f"{jar.coordinates} is not the file that jars.lock names; it was thrown away. "
                "Check the repository or mirror and try again.",
            )
        )
    partial.replace(path)
    _mark(jar, path)
    return path


def _mark(jar: Jar, path: Path) -> None:
    path.with_name(path.name + _VERIFIED).write_text(_note(jar, path.stat()))


def _download(jar: Jar, partial: Path, advance: Advance) -> None:
    url = f"{repository()}/{jar.path}"
    counted = 0
    reason = ""
    for _ in range(_ATTEMPTS):
        have = partial.stat().st_size if partial.is_file() else 0
        if jar.size and have >= jar.size:
            if have == jar.size:
                advance(have - counted)
                return
            partial.unlink()
            have = 0
        headers = (
            {"Range": f"bytes={have}-", "Accept-Encoding": "identity"}
            if have
            else {"Accept-Encoding": "identity"}
        )
        try:
            with requests.get(url, headers=headers, stream=True, timeout=(15, 60)) as answer:
                answer.raise_for_status()
                resumed = answer.status_code == requests.codes.partial_content
                if not resumed:
                    have = 0
                if have > counted:
                    advance(have - counted)
                    counted = have
                with partial.open("ab" if resumed else "wb") as stream:
                    for block in answer.iter_content(_CHUNK):
                        stream.write(block)
                        have += len(block)
                        if have > counted:
                            advance(have - counted)
                            counted = have
            return
        except (requests.RequestException, OSError) as error:
            reason = type(error).__name__
            status = getattr(getattr(error, "response", None), "status_code", None)
            if status is not None:
                reason = f"HTTP {status}"
                if status in (requests.codes.not_found, requests.codes.forbidden):
                    break
    raise JarError(
        Message(
            f"下载 {jar.coordinates} 失败（{reason}）。请检查网络；内网用 GOVDATA_MAVEN_REPOSITORY 指定镜像，"
            "再次运行会从中断处继续。",
            f"{jar.coordinates} cannot be fetched ({reason}). Check the network; on a closed network name a "
            "mirror in GOVDATA_MAVEN_REPOSITORY; the next run goes on where this one stopped.",
        )
    )


def relock(jars: Iterable[Jar]) -> list[Jar]:
    """Download every archive afresh as the repository gives it now and return it with hash and size."""

    def one(jar: Jar) -> Jar:
        partial = cached(jar).with_name(jar.filename + ".lock")
        partial.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        _download(replace(jar, size=0), partial, lambda _count: None)
        locked = replace(jar, sha256=sha256_of(partial), size=partial.stat().st_size)
        partial.unlink()
        return locked

    with ThreadPoolExecutor(max_workers=_PARALLEL) as pool:
        return list(pool.map(one, dict.fromkeys(jars)))


def unpack_webjars(jars: Iterable[Jar], target: Path) -> None:
    """Put the static files of web archives under ``target``/<name>/<version>/; done once per lock content."""
    prefix = "META-INF/resources/webjars/"
    wanted = sorted(jars)
    stamp = target / ".unpacked"
    content = "\n".join(jar.sha256 for jar in wanted)
    if stamp.is_file() and stamp.read_text() == content:
        return
    for jar in wanted:
        with zipfile.ZipFile(cached(jar)) as archive:
            for entry in archive.infolist():
                if entry.is_dir() or not entry.filename.startswith(prefix):
                    continue
                relative = entry.filename[len(prefix) :]
                place = (target / relative).resolve()
                if not place.is_relative_to(target.resolve()):
                    raise JarError(
                        Message(
                            f"{jar.coordinates} 含有越界路径，已拒绝解包。",
                            f"{jar.coordinates} holds a path that leaves its folder; it was not unpacked.",
                        )
                    )
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(archive.read(entry))
    stamp.write_text(content)
