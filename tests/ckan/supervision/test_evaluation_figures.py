"""The yearly evaluation: every figure that a recount confirms, on a seeded year that is rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest

from licensing.core.clock import CHINA, china_day
from tests.factories import evaluation_year

YEAR = 2019
EVENTS = 4000
TODAY = date(2020, 3, 1)


@pytest.fixture(scope="module")
def both(ckan_app: Any) -> Iterator[tuple[Any, Any]]:
    """A seeded year in both databases, in transactions that are rolled back."""
    from ckan import model
    from sqlalchemy.orm import Session

    from ckanext.govdata.licensing_ports.library import opened

    # A session of its own: that of the requests is committed by whoever sets a scene beside this one.
    with ckan_app.test_request_context(), Session(model.meta.engine) as session, opened() as library:
        made = evaluation_year.seed(session, library, year=YEAR, departments=40, events=EVENTS)
        assert made.events >= EVENTS
        yield session, library
        session.rollback()
        library.rollback()


@pytest.fixture(scope="module")
def figures(both: Any) -> Any:
    from ckanext.govdata.supervision.evaluation.indicators import load
    from ckanext.govdata.supervision.evaluation.service import measured
    from ckanext.govdata.supervision.evaluation.span import Span

    return measured(*both, load("departments"), Span.of_year(YEAR, TODAY))


@pytest.mark.article("QD-21", "HBP-17")
@pytest.mark.parametrize("name", sorted(evaluation_year.RECOUNTS))
def test_every_figure_equals_an_independent_recount(both: Any, figures: Any, name: str) -> None:
    from ckanext.govdata.supervision.evaluation.count import cycles

    counted = evaluation_year.recounted(*both, name, YEAR, cycles())
    ours = {
        department: (each.count, each.good, each.mean)
        for department, each in figures[name].items()
        if department.startswith(evaluation_year.TAG)
    }
    assert ours == counted
    assert sum(count for count, _, _ in counted.values()) > 0, "the seed has such records"


@pytest.mark.article("QD-21")
def test_every_measure_of_the_set_is_recounted_and_its_records_add_up(both: Any, figures: Any) -> None:
    from ckanext.govdata.supervision.evaluation.count import records
    from ckanext.govdata.supervision.evaluation.indicators import load
    from ckanext.govdata.supervision.evaluation.span import Span

    names = {each.measure for each in load("departments").indicators if each.measure}
    assert names == set(evaluation_year.RECOUNTS)
    span = Span.of_year(YEAR, TODAY)
    for name in names:
        department, figure = next(
            (d, f) for d, f in figures[name].items() if d.startswith(evaluation_year.TAG) and f.count
        )
        listed = records(*both, name, span, department, length=None)
        assert sum(row["count"] for row in listed["results"]) == figure.count == listed["count"], name
        assert sum(row["good"] for row in listed["results"]) == figure.good == listed["good"], name
        bad = records(*both, name, span, department, good=False)
        assert all(row["good"] < row["count"] for row in bad["results"]), name


@pytest.mark.article("HB-26")
def test_the_handling_of_applications_equals_a_recount(both: Any) -> None:
    import sqlalchemy as sa

    from ckanext.govdata.supervision.statistics import handling, period
    from licensing.core.workdays import StatutoryCalendar, working_days_between

    _, library = both
    asked = period.parse(f"{YEAR}Q2")
    found = handling.handled(library, asked.begins, asked.ends)
    events: dict[str, dict[str, datetime]] = {}
    rows = library.execute(
        sa.text("SELECT subject_id, action, at FROM licensing_event WHERE subject_id LIKE :like"),
        {"like": f"{evaluation_year.TAG}c%"},
    )
    for subject, action, at in rows:
        events.setdefault(subject, {})[action] = at.astimezone(CHINA)
    late = set(
        library.execute(
            sa.text("SELECT subject_id FROM licensing_clock WHERE late AND subject_id LIKE :like"),
            {"like": f"{evaluation_year.TAG}c%"},
        ).scalars()
    )
    provider = dict(library.execute(sa.text("SELECT id, provider_id FROM licensing_case")).all())
    tested = 0
    for department in sorted(each for each in found if each.startswith(evaluation_year.TAG))[:8]:
        mine = {s: e for s, e in events.items() if provider[s] == department}
        inside = {
            s: next(a for a in ("approve", "refuse", "reject") if a in e)
            for s, e in mine.items()
            if any(asked.begins <= e[a] < asked.ends for a in ("approve", "refuse", "reject") if a in e)
        }
        got = found[department]
        assert got["received"] == sum(asked.begins <= e["submit"] < asked.ends for e in mine.values())
        assert (got["decided"], got["late"]) == (len(inside), len(set(inside) & late))
        assert [got[n] for n in ("approved", "refused", "not_accepted")] == [
            list(inside.values()).count(a) for a in ("approve", "refuse", "reject")
        ]
        took = sorted(
            working_days_between(china_day(mine[s]["submit"]), china_day(mine[s][a]), StatutoryCalendar())
            for s, a in inside.items()
        )
        if took:
            middle = (took[(len(took) - 1) // 2] + took[len(took) // 2]) / 2
            assert got["median_days"] == middle
            tested += 1
    assert tested
    whole = period.parse(str(YEAR))
    levels = dict(handling.grounds(library, whole.begins, whole.ends))
    assert levels["law"] > 0
    assert levels["ministry_rule"] > 0
