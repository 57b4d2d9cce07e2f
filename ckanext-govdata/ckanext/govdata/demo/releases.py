"""Takes the demonstration tables through the real release flow, by the same actions that officers use.

Compiler and reviewer are two persons, as the flow demands. The loader moves every release one step at a time
and lets the worker do the long ones, so that several are under way at once. An interrupted load goes on where
it stopped.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, cast

import yaml
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.types import Context
from werkzeug.datastructures import FileStorage

from ckanext.govdata.demo import city
from ckanext.govdata.demo.accounts import Account, account
from ckanext.govdata.demo.tables import table

SEED = 20261031
POLL_SECONDS = 0.2
PATIENCE_SECONDS = 600
ENDED = frozenset({"published", "provided", "withdrawn", "retired", "cancelled", "rejected"})
# The order of states on the way; a release that is past its goal needs no step.
WAY = (
    "draft",
    "uploaded",
    "scanning",
    "scanned",
    "planned",
    "running",
    "assessed",
    "submitted",
    "approved",
    "publishing",
    "published",
)
OPINION = "经审查，脱敏结果不含国家秘密、工作秘密和个人信息，同意公开。"
OPINION_ON_CONDITION = "经审查，脱敏结果不含国家秘密、工作秘密和个人信息，同意按协议提供。"

Say = Callable[[str], None]


class DemoReleaseError(RuntimeError):
    """A demonstration release did not get through; the message names entry, state and reason."""


@dataclass(frozen=True)
class Goal:
    """How far the table of ``entry`` goes, how many times it is published, and what its compiler changes
    in the suggested plan."""

    entry: str
    until: str
    editions: int = 1
    columns: tuple[dict[str, Any], ...] = ()


@dataclass
class Course:
    """One goal under way: who acts, and which release is being moved."""

    goal: Goal
    compiler: Account
    reviewer: Account
    edition: int = 0
    release_id: str = ""
    state: str = ""

    @property
    def reached(self) -> bool:
        """Whether the last edition is where it should be (or beyond: people may have gone on with it)."""
        if self.edition < self.goal.editions or not self.state:
            return False
        if self.state in ENDED:
            return True
        until = "published" if self.goal.until == "provided" else self.goal.until
        return self.state in WAY and WAY.index(self.state) >= WAY.index(until)


@cache
def goals() -> tuple[Goal, ...]:
    """All goals; raises KeyError for one whose entry has no table."""
    file = resources.files(__package__).joinpath("releases.yaml")
    found = tuple(Goal(**entry) for entry in yaml.safe_load(file.read_text(encoding="utf-8")))
    for goal in found:
        table(goal.entry)
    return found


def load(say: Say) -> None:
    """Move every release to its goal; raises DemoReleaseError when one fails or nothing moves any more."""
    courses = [_course(goal) for goal in goals()]
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        open_courses = [course for course in courses if not course.reached]
        if not open_courses:
            return
        if time.monotonic() > deadline:
            waiting = ", ".join(f"{course.goal.entry} ({course.state})" for course in open_courses)
            raise DemoReleaseError(f"no end after {PATIENCE_SECONDS} s: {waiting}; is the worker running?")
        moved = [_step(course, say) for course in open_courses]
        if not any(moved):
            time.sleep(POLL_SECONDS)


def states() -> list[dict[str, Any]]:
    """The entries that have releases, each with the id and state of the newest one."""
    listed = []
    titles = {entry.name: entry for entry in city.entries()}
    for goal in goals():
        entry = titles[goal.entry]
        newest = _releases(goal.entry, account("compiler", entry.department))[:1]
        listed.append(
            {
                "name": entry.name,
                "title": entry.document["title"],
                "organization": entry.department,
                "state": newest[0]["state"] if newest else None,
                "release": newest[0]["id"] if newest else None,
            }
        )
    return listed


def _course(goal: Goal) -> Course:
    department = next(entry.department for entry in city.entries() if entry.name == goal.entry)
    course = Course(goal, account("compiler", department), account("reviewer", department))
    earlier = _releases(goal.entry, course.compiler)
    course.edition = len(earlier)
    if earlier:
        course.release_id, course.state = earlier[0]["id"], earlier[0]["state"]
    return course


def _releases(entry: str, who: Account) -> list[dict[str, Any]]:
    return list(_call("govdata_release_list", who, dataset_id=entry))


def _step(course: Course, say: Say) -> bool:
    """Take the next step of one course; False when it waits for the worker."""
    if not course.release_id or (course.state in ENDED and course.edition < course.goal.editions):
        _start(course)
    elif course.state in ("scanning", "running", "publishing"):
        before = course.state
        course.state = _call("govdata_release_show", course.compiler, id=course.release_id)["state"]
        if course.state == before:
            return False
    else:
        _act(course)
    if course.state.startswith("failed"):
        shown = _call("govdata_release_show", course.compiler, id=course.release_id)
        raise DemoReleaseError(f"{course.goal.entry}: {course.state}: {shown.get('failure')}")
    if course.state in (course.goal.until, "published", "provided"):
        say(f"{course.goal.entry}: {course.state}")
    return True


def _start(course: Course) -> None:
    made = table(course.goal.entry)
    content = io.BytesIO()
    made.generate(content, SEED + course.edition, made.rows)
    content.seek(0)
    release = _call(
        "govdata_release_create",
        course.compiler,
        dataset_id=course.goal.entry,
        upload=FileStorage(stream=content, filename=made.filename),
        origin="own",
    )
    course.edition += 1
    course.release_id, course.state = release["id"], release["state"]


def _act(course: Course) -> None:
    compiler, reviewer = course.compiler, course.reviewer
    if course.state == "assessed":
        said = OPINION_ON_CONDITION if course.goal.until == "provided" else OPINION
        _call("govdata_release_sign_off", reviewer, id=course.release_id, conclusion="pass", opinion=said)
        release = _call("govdata_release_submit", compiler, id=course.release_id)
    elif course.state == "submitted":
        release = _call("govdata_release_approve", reviewer, id=course.release_id, opinion="同意发布。")
    elif course.state == "scanned":
        release = _call(
            "govdata_release_plan", compiler, id=course.release_id, columns=list(course.goal.columns)
        )
    else:
        action = {"uploaded": "scan", "planned": "run", "approved": "publish"}[course.state]
        release = _call(f"govdata_release_{action}", compiler, id=course.release_id)
    course.state = release["state"]


def _call(action: str, who: Account, /, **data: Any) -> Any:
    context = cast(Context, {"user": who.name, "model": model, "session": model.Session})
    return tk.get_action(action)(context, data)
