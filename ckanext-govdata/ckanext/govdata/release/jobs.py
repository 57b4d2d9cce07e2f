"""The worker's entry: claim, beat, do the stage, settle. One function for every kind of work."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from ckan import model

from ckanext.govdata.release import desensitise, effects, failures, publish, scan, stage, steps, work
from ckanext.govdata.release.errors import LeaseLost, SecretRefused
from ckanext.govdata.release.outcome import Outcome
from ckanext.govdata.release.work import Claim, Heartbeat

log = logging.getLogger(__name__)

STAGES: Mapping[str, Callable[[Any, str, Heartbeat], Outcome | None]] = {
    "scan": scan.perform,
    "run": desensitise.perform,
    "publish": publish.perform,
}
"""A stage that returns None has settled its work itself (the publication's one commit does)."""


def perform(release_id: str, token: str) -> None:
    """Do the queued work of a release; what fails becomes the release's ``failure``."""
    held = work.claim(release_id, token)
    if held is None:
        log.info("release %s: the work was taken, finished or cancelled meanwhile", release_id)
        return
    session = model.Session
    try:
        with Heartbeat(held) as beat:
            outcome = STAGES[held.kind](session, release_id, beat)
        if outcome is not None:
            _settle(session, held, outcome)
        effects.carry_out(session, release_id)
    except LeaseLost:
        session.rollback()
        log.warning("release %s: the lease of this worker was lost, its result is thrown away", release_id)
    except Exception as error:  # noqa: BLE001 - whatever it was, the release must say so
        session.rollback()
        # Never the message: parsers quote cells in theirs.
        log.error("release %s: %s failed: %s", release_id, held.kind, failures.place_of(error))
        fail(session, held, failures.of(error), destroy_raw=isinstance(error, SecretRefused))


def _settle(session: Any, held: Claim, outcome: Outcome) -> None:
    try:
        release = work.settle(session, held)
    except LeaseLost:
        outcome.undo()
        raise
    outcome.write(release)
    steps.machine(session, release, outcome.action)
    session.commit()


def fail(session: Any, held: Claim, failure: failures.Failure, *, destroy_raw: bool = False) -> None:
    """Settle ``held`` as failed and say why; a result that was being made is destroyed."""
    try:
        release = work.settle(session, held)
    except LeaseLost:
        log.warning("release %s: nobody waits for this failure any more", held.release_id)
        return
    release.failure = failure
    steps.machine(session, release, "fail", failure["code"])
    if held.kind == "publish":
        publish.roll_back(session, release)
    else:
        stage.destroy(session, release, raw=destroy_raw)
    session.commit()
    effects.carry_out(session, held.release_id)
