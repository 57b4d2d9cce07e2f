"""What is asked: the platform's own public ways, and of each department one published file and its table.

Every address is the platform's own: scheme, host and port come from the configuration, and a path holds
nothing but quoted names out of the platform's tables. Nothing is asked of any other host.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlsplit

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.model import Release, ReleaseArtifact

HOME: Final = "home"
CATALOGUE: Final = "catalogue"
DOWNLOAD: Final = "download"
TABLE: Final = "table"
DOOR: Final = "door"
WAYS: Final = {
    HOME: ("首页", "Home page"), CATALOGUE: ("目录", "Catalogue"), DOWNLOAD: ("文件下载", "Download"),
    TABLE: ("在线查询", "Online query"), DOOR: ("数据接口", "Data interface"),
}  # fmt: skip
_PLATFORM: Final = ((HOME, "/"), (CATALOGUE, "/dataset/"), (DOOR, "/api/data/v1/openapi.json"))


@dataclass(frozen=True, slots=True)
class Target:
    """One public way. ``path`` begins with ``/``; ``first_byte``: one byte of a file is enough.

    The byte asked for is the second one: a download that begins at the first is counted as somebody's.
    """

    way: str
    path: str
    organization_id: str = ""
    dataset_id: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What its probes are summed by."""
        return self.way, self.organization_id, self.dataset_id


def all_of(session: Any) -> list[Target]:
    """The platform's ways, then for each department a file and a table of its newest release."""
    newest = (
        sa.select(Release.id, Release.organization_id, Release.dataset_id, Release.number)
        .where(Release.current.is_(True), Release.status == "published")
        .distinct(Release.organization_id)
        .order_by(Release.organization_id, Release.published_at.desc())
        .subquery()
    )
    query = (
        sa.select(
            newest.c.organization_id, newest.c.dataset_id, newest.c.number, model.Package.name,
            ReleaseArtifact.filename,
        )
        .distinct(newest.c.organization_id)
        .join(model.Package, model.Package.id == newest.c.dataset_id)
        .join(ReleaseArtifact, ReleaseArtifact.release_id == newest.c.id)
        .where(
            model.Package.state == "active", sa.not_(model.Package.private), ReleaseArtifact.size > 1
        )
        .order_by(newest.c.organization_id, ReleaseArtifact.size)
    )  # fmt: skip
    found = [Target(way, path) for way, path in _PLATFORM]
    for organization, dataset, number, name, filename in session.execute(query):
        at = f"/dataset/{quote(name, safe='')}"
        file = f"{at}/releases/{number}/{quote(filename, safe='')}"
        found += [
            Target(DOWNLOAD, file, organization, dataset),
            Target(TABLE, f"{at}/table.json", organization, dataset),
        ]
    return found


def base_of(address: str) -> str:
    """The scheme, host and port that are asked. Raises ValueError for any other kind."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
        raise ValueError("the address to probe is not a plain web address")
    return f"{parts.scheme}://{parts.netloc}"
