"""Reads the clock board in a process of its own: ``clock_board.py <ini> <count>``.

``count`` open clocks of forty departments, and as many that have stopped, are put on the board of an empty
portal by its one writer. What is timed is what an officer opens: the board's page with its first lines, and
the filters of the list, as a supervisor who sees everything.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

import sqlalchemy as sa

BATCH = 1000
PAGES = 200
WARM = 20
DEPARTMENTS = 40
KINDS = ("sharing", "development", "agreement", "filing", "demand", "complaint", "duty", "usage_report")


def main(ini: str, count: str) -> dict[str, Any]:
    from ckan.cli import CKANConfigLoader
    from ckan.config.middleware import make_app

    app = make_app(CKANConfigLoader(ini).get_config())._wsgi_app  # type: ignore[attr-defined]
    with app.test_request_context("/"):
        from ckan import model
        from ckan.plugins import toolkit as tk

        from ckanext.govdata.model import BoardClock, BoardState
        from ckanext.govdata.model.columns import utc_now
        from ckanext.govdata.supervision.board import projection

        root = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        by = {"ignore_auth": True, "user": root}
        places = [
            tk.get_action("organization_create")(
                dict(by), {"name": f"bench-{n}-{count}", "title": f"第{n}局"}
            )["id"]
            for n in range(DEPARTMENTS)
        ]
        name, secret = f"bench-supervisor-{count}", "Watch-the-lamps-1"
        tk.get_action("user_create")(
            dict(by), {"name": name, "email": f"{name}@example.org", "password": secret}
        )
        tk.get_action("govdata_officer_set")(dict(by), {"user": name, "roles": ["supervisor"]})
        session, today = model.Session, utc_now().date()
        session.query(BoardClock).delete()
        projection.lock(session)
        made = clocks(int(count), places, today)
        begun = time.perf_counter()
        while batch := list(islice(made, BATCH)):
            projection.put(session, batch, today)
        projection.turn_day(session, today)
        filled = time.perf_counter() - begun
        session.merge(BoardState(id=1, day=today, read_until=utc_now()))
        session.commit()
        session.execute(sa.text("ANALYZE govdata_board_clock"))
        session.commit()
        token = tk.get_action("api_token_create")(dict(by), {"user": name, "name": "bench"})["token"]
    spent = []
    client = app.test_client()
    for number, path in enumerate(islice(addresses(places), WARM + PAGES)):
        begun = time.perf_counter()
        answer = client.get(path, headers={"Authorization": token})
        took = (time.perf_counter() - begun) * 1000
        if answer.status_code != 200:
            raise SystemExit(f"{path}: {answer.status}")
        if number >= WARM:
            spent.append(took)
    with app.test_request_context("/"):
        from ckanext.govdata.supervision.board import present

        total = sum(present.board(model.Session)["total"].values())
    return {
        "count": total,
        "p50": statistics.median(spent),
        "p95": statistics.quantiles(spent, n=20)[-1],
        "filled": filled,
    }


def clocks(count: int, places: list[str], today: date) -> Iterator[Any]:
    """``count`` open clocks and ``count`` stopped ones, due from a month ago to two months ahead."""
    from ckanext.govdata.supervision.board.facts import Facts
    from licensing.core.clock import CHINA

    chance = Random(32)
    for number in range(2 * count):
        began = datetime.combine(today, datetime.min.time(), CHINA) - timedelta(days=chance.randrange(90))
        due = today + timedelta(days=chance.randrange(-30, 60))
        stands = chance.random() < 0.05
        stopped = began + timedelta(days=chance.randrange(20)) if number >= count else None
        yield Facts(
            f"bench:{number}", "bench", chance.choice(KINDS), f"s{number}", "demand.answer",
            chance.choice([*places, ""]), "provider", began, None if stands else due - timedelta(days=4),
            None if stands else due, provisional=False, stopped_at=stopped,
            late=None if stopped is None else stopped.date() > due,
        )  # fmt: skip


def addresses(places: list[str]) -> Iterator[str]:
    """The board as people open it: whole, by lamp, by department, by kind, by a day, and by several."""
    chance, page = Random(7), "/supervision/clocks"
    while True:
        yield page
        yield f"{page}?lamp={chance.choice(('red', 'yellow', 'green', 'paused'))}"
        yield f"{page}?department={chance.choice(places)}"
        yield f"{page}?kind={chance.choice(KINDS)}"
        yield f"{page}?department={chance.choice(places)}&kind={chance.choice(KINDS)}&lamp=red"


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:3])))
