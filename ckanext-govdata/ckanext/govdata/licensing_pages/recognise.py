"""Whether a data file is one that the portal published, told by its SHA-256 alone."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Final

import sqlalchemy as sa
import sqlalchemy.orm
from ckan import model

from ckanext.govdata.door import register, settings
from ckanext.govdata.model import Release, ReleaseArtifact

DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_CHUNK: Final = 1 << 20
_KNOWN: Final = ("published", "withdrawn")
"""States of a release whose files have been public."""


@dataclass(frozen=True, slots=True)
class Published:
    """A file of a release: of which entry and version, when, and the newest version there is now.

    ``newest`` is None when no version of the entry is public any more.
    """

    dataset: str
    title: str
    department: str
    number: int
    at: datetime
    filename: str
    withdrawn: bool
    newest: int | None
    agreement: str = ""
    """Under which it was obtained, of data that are not for everybody; ``at`` is then the day of that."""

    @property
    def current(self) -> bool:
        """Whether it is the newest version and still public."""
        return not self.withdrawn and self.number == self.newest


def digest_of(file: IO[bytes]) -> str:
    """SHA-256 in hex; the file is read to its end and kept nowhere."""
    found = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        found.update(chunk)
    return found.hexdigest()


def published(digest: str) -> list[Published]:
    """Every published file with these bytes, the newest version of each entry first; without one, downloads
    of conditional data.

    An entry that is hidden or deleted is not told of.
    """
    other = sqlalchemy.orm.aliased(Release)
    newest = (
        sa.select(sa.func.max(other.number))
        .where(other.dataset_id == model.Package.id, other.status == "published")
        .scalar_subquery()
    )
    query = (
        sa.select(
            model.Package.name, model.Package.title, model.Group.title.label("department"), Release.number,
            Release.published_at, Release.status, ReleaseArtifact.filename, newest.label("newest"),
        )
        .join(Release, Release.id == ReleaseArtifact.release_id)
        .join(model.Package, model.Package.id == Release.dataset_id)
        .join(model.Group, model.Group.id == model.Package.owner_org)
        .where(
            ReleaseArtifact.sha256 == digest,
            Release.status.in_(_KNOWN),
            model.Package.state == "active",
            model.Package.private.is_(False),
        )
        .order_by(model.Package.name, Release.number.desc())
    )  # fmt: skip
    found = [
        Published(
            row.name, row.title, row.department, row.number, row.published_at, row.filename,
            row.status == "withdrawn", row.newest,
        )
        for row in model.Session.execute(query)
    ]  # fmt: skip
    return found or provided(digest)


def provided(digest: str) -> list[Published]:
    """Every download of conditional data with these bytes, or with these in its bundle.

    Whose it is is not told: the number of the agreement stands in the file's own name.
    """
    if not settings.configured():
        return []
    found = register.downloads(sha256=digest)
    # Obtained again, the same rows are the same bytes: the first day is told.
    obtained = {(each["dataset"], each["release"], each["agreement"]): each for each in found}.values()
    newest = (
        sa.select(sa.func.max(Release.number))
        .where(Release.dataset_id == model.Package.id, Release.status == "provided")
        .correlate(model.Package)
        .scalar_subquery()
    )
    query = (
        sa.select(
            model.Package.id, model.Package.name, model.Package.title,
            model.Group.title.label("department"), newest.label("newest"),
        )
        .join(model.Group, model.Group.id == model.Package.owner_org)
        .where(
            model.Package.id.in_({each["dataset"] for each in obtained}),
            model.Package.state == "active",
            model.Package.private.is_(False),
        )
    )  # fmt: skip
    known = {row.id: row for row in model.Session.execute(query)}
    return [
        Published(
            entry.name, entry.title, entry.department, each["release"], each["at"], each["format"],
            entry.newest is None, entry.newest, each["agreement"],
        )
        for each in obtained
        if (entry := known.get(each["dataset"])) is not None
    ]  # fmt: skip
