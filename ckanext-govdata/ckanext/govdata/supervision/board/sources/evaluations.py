"""The yearly self-report: due by the end of January, done when the department signs it (QD-21)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from ckanext.govdata.model import Evaluation
from ckanext.govdata.supervision.board.facts import OFFICE, Facts
from licensing.core.clock import china_day
from licensing.ports import ADMINISTRATOR, PROVIDER

RULE: Final = "evaluation.report"
WARNED: Final = timedelta(days=10)


class EvaluationClocks:
    """Subjects are reports; a signature, late or not, stops the clock."""

    name = "evaluation"

    def changed(self, session: Any, since: datetime | None) -> Iterator[list[Facts]]:
        query = sa.select(Evaluation).where(Evaluation.due.is_not(None))
        if since is not None:
            query = query.where(Evaluation.modified_at >= since)
        yield [_facts(row) for row in session.scalars(query)]


def _facts(row: Evaluation) -> Facts:
    return Facts(
        f"evaluation:{row.id}", EvaluationClocks.name, "evaluation", row.id, RULE, row.organization_id or OFFICE,  # noqa: E501
        PROVIDER if row.organization_id else ADMINISTRATOR, row.created_at, row.due - WARNED, row.due,
        provisional=False, stopped_at=row.signed_at,
        late=None if row.signed_at is None else china_day(row.signed_at) > row.due,
    )  # fmt: skip
