"""Under which terms published data were taken: one number a release and licence, nothing about who took them.

Whoever downloads is shown the terms beside the link and told their address with the bytes (``Link: …;
rel="license"``, RFC 8288 with RFC 4946's relation); taking the file is taking it on these terms. What is on
record is how often that happened for which release under which version of which licence. Address, account,
time of day and program of the reader are not recorded.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from ckan import model
from ckan.lib.redis import connect_to_redis
from redis.exceptions import RedisError

from ckanext.govdata.interchange import gather
from ckanext.govdata.interchange.licences import PORTAL, licence_of
from ckanext.govdata.model import Release, ReleaseArtifact

log = logging.getLogger(__name__)

PORTAL_TERMS: Final = "1"
"""The version of the portal's own terms on the guide page; a change of their meaning gets the next number."""
_VERSIONS: Final = {
    PORTAL: PORTAL_TERMS, "cc-by": "4.0", "cc-by-sa": "4.0", "cc-zero": "1.0",
    "odc-by": "1.0", "odc-odbl": "1.0", "odc-pddl": "1.0",
}  # fmt: skip
_UNVERSIONED: Final = "-"
_HASH: Final = "govdata:accepted"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a file is taken under: the licence's id, its version, and where the terms stand."""

    licence: str
    version: str
    url: str

    @property
    def link(self) -> str:
        """The value of the ``Link`` header."""
        return f'<{self.url}>; rel="license"'


def terms_of(package: model.Package) -> Terms:
    """The terms of an entry as it is now."""
    extras = package.extras or {}
    given = {"license_id": package.license_id, "open_type": extras.get("open_type")}
    licence = licence_of(given, gather.site().url)
    return Terms(licence.id, _VERSIONS.get(licence.id, _UNVERSIONED), licence.url)


def of_file(session: Any, key: str) -> tuple[str, Terms] | None:
    """The release of a published file and the terms of its entry; None for an object of nobody."""
    row = session.execute(
        sa.select(Release.id, model.Package)
        .join(ReleaseArtifact, ReleaseArtifact.release_id == Release.id)
        .join(model.Package, model.Package.id == Release.dataset_id)
        .where(ReleaseArtifact.key == key)
        .limit(1)
    ).first()
    return None if row is None else (str(row[0]), terms_of(row[1]))


def count(release_id: str, terms: Terms) -> None:
    """Count one download under these terms; without Valkey it goes uncounted, as downloads do."""
    try:
        connect_to_redis().hincrby(_HASH, "|".join((release_id, terms.licence, terms.version)), 1)
    except RedisError as error:
        log.warning("the terms of a download were not counted: %s", type(error).__name__)


def counted(numbers: dict[str, int]) -> list[dict[str, Any]]:
    """``{release, licence, version, downloads}`` of these releases (id → number), by number and licence.

    Empty while Valkey does not answer.
    """
    try:
        found = connect_to_redis().hgetall(_HASH) if numbers else {}
    except RedisError as error:
        log.warning("the terms of downloads could not be read: %s", type(error).__name__)
        return []
    return sorted(_lines(found.items(), numbers), key=lambda one: (-one["release"], one["licence"]))


def _lines(found: Iterable[tuple[bytes, bytes]], numbers: dict[str, int]) -> Iterable[dict[str, Any]]:
    for name, value in found:
        release_id, licence, version = name.decode().split("|")
        if release_id in numbers:
            yield {
                "release": numbers[release_id], "licence": licence, "version": version,
                "downloads": int(value),
            }  # fmt: skip


def of_entry(session: Any, dataset_id: str) -> list[dict[str, Any]]:
    """What was counted of the public releases of an entry."""
    rows = session.execute(
        sa.select(Release.id, Release.number).where(
            Release.dataset_id == dataset_id, Release.status.in_(("published", "withdrawn"))
        )
    )
    return counted({row.id: int(row.number) for row in rows})
