"""Clocks of the duties to update after a law, functions or data have changed (QD-8, TZ-8, JS-15)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ckanext.govdata.catalogue.registers import duties, rules
from ckanext.govdata.model import CatalogueDuty, Release
from ckanext.govdata.supervision.board.facts import Facts, of_clock
from licensing.core.workdays import StatutoryCalendar
from licensing.ports import PROVIDER


class DutyClocks:
    """Subjects are duties; a release that answers one happens to it as well."""

    name = "duty"

    def changed(self, session: Any, since: datetime | None) -> Iterator[list[Facts]]:
        query = sa.select(CatalogueDuty)
        if since is not None:
            answered = sa.select(Release.dataset_id).where(Release.published_at >= since)
            query = query.where(
                sa.or_(
                    CatalogueDuty.created_at >= since, CatalogueDuty.done_at >= since,
                    CatalogueDuty.dataset_id.in_(answered),
                )
            )  # fmt: skip
        rows = list(session.scalars(query))
        in_force, calendar = rules.in_force(), StatutoryCalendar()
        yield [
            of_clock(
                clock, calendar, key=f"duty:{duty.id}", source=DutyClocks.name, kind="duty",
                subject_id=duty.id, department=duty.organization_id, holder=PROVIDER,
            )
            for duty, clock in duties.clocks(session, rows, in_force)
        ]  # fmt: skip
