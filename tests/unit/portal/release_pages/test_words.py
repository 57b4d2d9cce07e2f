"""Words of the release pages: stepper, progress, waits, refusals."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from ckan.plugins import toolkit as tk

from anonymize.entities import Entity
from ckanext.govdata.release.lifecycle import RELEASE
from ckanext.govdata.views import release_words as words

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize("state", RELEASE.states)
def test_every_state_of_the_lifecycle_has_its_place_in_the_stepper(state: str) -> None:
    marks = words.stepper({"state": state, "findings": None, "progress": None})
    assert [m.name for m in marks] == ["upload", "scan", "plan", "desensitise", "assess", "submit", "publish"]
    current = [m for m in marks if m.look in ("now", "wrong")]
    ended = {"published", "provided", "hidden", "withdrawn", "retired", "cancelled"}
    assert len(current) == (0 if state in ended else 1)


def test_the_stepper_marks_where_a_release_broke() -> None:
    marks = words.stepper({"state": "failed", "findings": {"columns": []}, "progress": None})
    assert [(m.name, m.look) for m in marks if m.look == "wrong"] == [("desensitise", "wrong")]


def test_assessing_is_shown_as_a_step_of_its_own() -> None:
    marks = words.stepper({"state": "running", "progress": {"stage": "assess"}})
    assert [m.name for m in marks if m.look == "now"] == ["assess"]


def test_progress_never_passes_a_hundred_percent_and_has_none_without_a_total() -> None:
    over = words.progress({"stage": "scan", "done": 30, "total": 20, "rows_per_second": 10, "eta_seconds": 0})
    assert over is not None
    assert over["percent"] == 100
    unknown = words.progress({"stage": "scan", "done": 30, "total": 0})
    assert unknown is not None
    assert unknown["percent"] is None


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(4, "4 s"), (61, "1 min 1 s"), (7300, "2 h 1 min"), (200_000, "2 d 7 h"), (-5, "0 s")],
)
def test_a_duration_is_told_in_its_two_largest_units(seconds: float, said: str) -> None:
    assert words.duration(seconds) == said


def test_a_wait_counts_from_the_moment_the_release_got_into_its_state() -> None:
    data = {"waiting_since": "2026-11-23T11:00:00+00:00", "modified": "2026-11-23T11:59:00+00:00"}
    assert words.waited(data, NOW) == "1 h 0 min"


@pytest.mark.parametrize(
    "error",
    [
        {"code": "x", "zh": "请先签署。", "en": "Sign first."},
        {"message": {"zh": "请先签署。", "en": "Sign first."}},
        {"blockers": [{"code": "x", "message": {"zh": "请先签署。", "en": "Sign first."}}]},
        {"conclusion": ["请先签署。"]},
    ],
)
def test_a_refusal_is_told_as_sentences_whatever_its_shape(
    error: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "is_chinese", lambda: True)
    assert words.sentences(tk.ValidationError(error)) == ["请先签署。"]


def test_a_refusal_without_words_still_says_that_it_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "is_chinese", lambda: True)
    assert words.sentences(tk.ValidationError({}))


def test_every_kind_of_personal_value_has_a_name_for_people() -> None:
    assert [e.value for e in Entity if words.entity(e.value) == e.value] == []


def test_the_filter_finds_by_every_word_in_any_order() -> None:
    data = {
        "dataset_title": "城市低保家庭名册",
        "organization_title": "民政局",
        "source": {"filename": "低保.csv"},
    }
    assert words.matches(data, "民政 低保")
    assert not words.matches(data, "民政 停车")


def test_sizes_are_told_in_the_unit_that_reads_best() -> None:
    assert [words.size(n) for n in (0, 999, 12_345, 3_400_000, 250_000_000)] == [
        "0 B",
        "999 B",
        "12.3 kB",
        "3.4 MB",
        "250 MB",
    ]


def test_a_reviewer_whom_blockers_stop_is_told_the_reason_and_not_that_others_decide() -> None:
    source = Path(words.__file__).parents[1] / "templates/release/snippets/review.html"
    text = source.read_text("utf-8")
    blocked = text.index("may.reject and release.blockers")
    other = text.index("A reviewer of the department decides")
    assert blocked < other
    assert "words.pick(blocker.message)" in text
