"""The quality of an entry's current release as its page explains it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from ckan import model

from ckanext.govdata.catalogue.codes import code_list
from ckanext.govdata.portal import current
from ckanext.govdata.quality.check import Check
from ckanext.govdata.quality.drift import Drifts
from ckanext.govdata.quality.part import Quality, whole
from ckanext.govdata.quality.timeliness import timeliness
from ckanext.govdata.release import measure, score

ORDER = ("completeness", "timeliness", "machine", "dictionary", "validity")


@dataclass(frozen=True, slots=True)
class Rating:
    """The score with its parts in a fixed order, and the check behind its validity, and the drift."""

    quality: Quality
    check: Check | None
    drift: Drifts | None = None


def of_release(dataset: dict[str, Any], release: dict[str, Any] | None) -> Rating | None:
    """The rating of ``release`` (as ``portal.releases`` gives it); None until it is measured."""
    if not release or release["published"] is None:
        return None
    measured = measure.of_releases(model.Session, [release["id"]]).get(release["id"])
    if measured is None:
        return None
    items = dataset.get("information_items") or []
    formats = [file["format"] for file in release["files"]]
    days = cycle_days(dataset.get("update_cycle"))
    age = current.age(release["published"], datetime.now(timezone.utc).date())
    parts = [*score.parts(measured, items, formats), timeliness(age, days)]
    quality = whole(sorted(parts, key=lambda part: ORDER.index(part.key)))
    return Rating(quality, measured.check, measured.drift)


def cycle_days(cycle: str | None) -> int | None:
    """The longest time between two updates, in days; None for a cycle without one."""
    return next((code.days for code in code_list("update_cycle") if code.value == cycle), None)
