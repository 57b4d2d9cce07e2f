"""A seeded year of 40 departments and 200,000 events is evaluated in under a minute, every figure recounted.

Run by ``make bench`` on a stack of its own; the year is written in transactions that are rolled back.

Environment: ``BENCH_EVENTS`` (200000).
"""

from __future__ import annotations

import os
import sys
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from measure import Table

from tests.factories import evaluation_year
from tests.stack import running

EVENTS = int(os.environ.get("BENCH_EVENTS", "200000"))
YEAR, DEPARTMENTS, MARK = 2019, 40, 60.0


def main() -> None:
    if running() is None:
        raise SystemExit("no stack answers: run this by `make bench`")
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    from ckanext.govdata.embedded.environment import portal_environment
    from ckanext.govdata.embedded.home import locate
    from ckanext.govdata.embedded.secrets import load as secrets

    home = locate()
    os.environ.update(portal_environment(home, secrets(home.secrets_file)))
    app = make_app(load_config(str(home.ini)))._wsgi_app  # type: ignore[attr-defined]
    with app.test_request_context():
        figures, seconds, events, recount, wrong = evaluated()
    table = Table(f"A year of {DEPARTMENTS} departments, {events:,} events")
    table.row("evaluated, s (peer: the recount)", seconds, recount, seconds / recount)
    table.row("share of a minute used", seconds / MARK, 1.0, seconds / MARK, 1.0, at_most=True)
    table.row("figures that differ from the recount", wrong, figures, wrong / figures, 0.0, at_most=True)
    table.finish()


def evaluated() -> tuple[int, float, int, float, int]:
    """Figures recounted, seconds for all scores, events, seconds of the recount, figures that differ."""
    from ckan import model
    from sqlalchemy.orm import Session

    from ckanext.govdata.licensing_ports.library import opened
    from ckanext.govdata.supervision.evaluation import count, scoring, service
    from ckanext.govdata.supervision.evaluation.indicators import load
    from ckanext.govdata.supervision.evaluation.span import Span

    with Session(model.meta.engine) as session, opened() as library:
        made = evaluation_year.seed(session, library, year=YEAR, departments=DEPARTMENTS, events=EVENTS)
        of = load("departments")
        begun = time.perf_counter()
        found = service.measured(session, library, of, Span.of_year(YEAR, date(2020, 3, 1)))
        reports = [
            service.of_department(found, of, f"{evaluation_year.TAG}{n}") for n in range(1, DEPARTMENTS + 1)
        ]
        scores = [scoring.score(scoring.lines(of, each, {})) for each in reports]
        seconds = time.perf_counter() - begun
        if any(score is None for score in scores):
            raise SystemExit("a department has no score")
        figures = wrong = 0
        begun = time.perf_counter()
        for name in evaluation_year.RECOUNTS:
            theirs = evaluation_year.recounted(session, library, name, YEAR, count.cycles())
            ours = {
                department: (each.count, each.good, each.mean)
                for department, each in found[name].items()
                if department.startswith(evaluation_year.TAG)
            }
            figures += len(theirs)
            wrong += sum(ours.get(each) != theirs.get(each) for each in {*ours, *theirs})
        recount = time.perf_counter() - begun
        session.rollback()
        library.rollback()
    return figures, seconds, made.events, recount, wrong


if __name__ == "__main__":
    main()
