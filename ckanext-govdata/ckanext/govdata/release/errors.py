"""Errors of the release flow, on the tree of :mod:`licensing.core.errors`.

::

    LicensingError
    ├── NotPermitted            HTTP 403
    │   └── FourEyes            the caller compiled what is to be judged
    ├── NotFound                HTTP 404
    ├── InvalidInput            HTTP 422
    │   └── PlanRefused         the plan is not acceptable as written
    └── Conflict                HTTP 409
        ├── SubmissionRefused   the list of blockers says why
        ├── SecretRefused       material marked secret (SX-2)
        ├── NothingStaged       the staged data are gone
        └── StepsMissing        a step before this one has left nothing to work on

``LeaseLost`` is no refusal: it tells a worker that its work was given to another.
"""

from __future__ import annotations

from typing import Any

from licensing.core.errors import Conflict, InvalidInput, NotPermitted


class FourEyes(NotPermitted):
    code = "four_eyes"


class PlanRefused(InvalidInput):
    code = "plan_refused"


class SubmissionRefused(Conflict):
    """``blockers`` as ``_show`` lists them: ``[{code, message: {zh, en}}]``."""

    code = "submission_refused"

    def __init__(self, zh: str, en: str, blockers: list[dict[str, Any]], **params: object) -> None:
        super().__init__(zh, en, **params)
        self.blockers = blockers


class SecretRefused(Conflict):
    code = "secret_material"


class NothingStaged(Conflict):
    code = "nothing_staged"


class StepsMissing(Conflict):
    code = "steps_missing"


class LeaseLost(Exception):
    """The scheduler took this worker for dead; whatever it holds must not be written."""
