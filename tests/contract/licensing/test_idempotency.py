"""Many copies of one request at the same moment have one effect, on the real database."""

from __future__ import annotations

import threading
from collections import Counter
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from licensing.core.store.events import StepEvent
from tests.factories.licensing_http import HttpWorld
from tests.factories.licensing_world import SettableTime
from tests.factories.signers import SigningWorld

COPIES = 12


def at_once(http: HttpWorld, document: str, headers: dict[str, str]) -> Counter[tuple[int, str | None]]:
    """Status and replay mark of each copy, all sent from behind one barrier."""
    together = threading.Barrier(COPIES)
    seen: list[tuple[int, str | None]] = []

    def send() -> None:
        together.wait()
        path, body = f"/documents/{document}/void", {"reason": "甲"}
        answer = http.call("POST", path, "u-provider", body, headers=headers)
        seen.append((answer.status_code, answer.headers.get("Idempotent-Replayed")))

    threads = [threading.Thread(target=send) for _ in range(COPIES)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return Counter(seen)


def steps(engine: Engine, document: str) -> int:
    with Session(engine) as session:
        query = select(func.count()).select_from(StepEvent).where(StepEvent.subject_id == document)
        return session.scalar(query) or 0


def test_copies_with_one_key_have_one_effect_and_one_answer(
    engine: Engine, time: SettableTime, tmp_path: Path
) -> None:
    http = HttpWorld(engine, tmp_path / "objects", time, SigningWorld(tmp_path / "ca", time))
    document = http.document()
    seen = at_once(http, document, {"If-Match": "*", "Idempotency-Key": "k" * 32})
    assert seen == {(200, None): 1, (200, "true"): COPIES - 1}
    assert steps(engine, document) == 2


def test_copies_without_a_key_are_decided_once_and_the_rest_conflict(
    engine: Engine, time: SettableTime, tmp_path: Path
) -> None:
    http = HttpWorld(engine, tmp_path / "objects", time, SigningWorld(tmp_path / "ca", time))
    document = http.document()
    seen = at_once(http, document, {"If-Match": "*"})
    assert seen == {(200, None): 1, (409, None): COPIES - 1}
    assert steps(engine, document) == 2
