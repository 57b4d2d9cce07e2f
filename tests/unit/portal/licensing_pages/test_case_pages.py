"""The pages of cases against the tables: whose turn it is, what each step asks, what the wizard keeps."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from werkzeug.datastructures import MultiDict

from ckanext.govdata.licensing_pages import case_steps, case_words, holding, wizard
from licensing.applications.decisions import LEVELS
from licensing.applications.kinds import KINDS
from licensing.applications.lifecycle import FILED, LIFECYCLES, PROVIDED, STATE_NAMES
from licensing.http.route import Route
from licensing.web import all_routes

IN_USE = {PROVIDED, FILED}


def route(word: str) -> Route:
    return next(r for r in all_routes() if r.method == "POST" and r.template == f"/cases/{{case_id}}/{word}")


@pytest.mark.parametrize("kind", sorted(LIFECYCLES))
def test_whoever_is_waited_for_can_do_something(kind: str) -> None:
    lifecycle = LIFECYCLES[kind]
    for state in lifecycle.states:
        holder = holding.role_of({"kind": kind, "status": state})
        assert (holder is None) == (state in lifecycle.dead_ends() | IN_USE), state
        assert holder is None or lifecycle.available(state, frozenset({holder})), (state, holder)


@pytest.mark.parametrize("kind", sorted(LIFECYCLES))
def test_every_step_of_a_case_has_a_form_that_says_what_its_operation_asks(kind: str) -> None:
    case = {"items": [], "mode": "api", "years": 1}
    for action in LIFECYCLES[kind].actions:
        step = case_steps.STEPS[kind][action]
        body = route(step.word).body
        if step.page:
            continue
        said = case_steps.document(step, MultiDict(), case)
        if body is None:
            assert said is None, action
            continue
        asked = {field.name: field.required for field in msgspec.structs.fields(body)}
        assert said is not None, action
        assert set(said) <= set(asked), action
        assert {name for name, required in asked.items() if required} <= set(said), action


def test_what_cannot_be_undone_is_typed_out() -> None:
    case = {"id": "01a2-ABCDEF", "status": PROVIDED}
    revoke = case_steps.STEPS["sharing"]["revoke"]
    assert not case_steps.confirmed(revoke, MultiDict(), case)
    assert not case_steps.confirmed(revoke, MultiDict({"confirm": "abcde"}), case)
    assert case_steps.confirmed(revoke, MultiDict({"confirm": " ABCDEF "}), case)
    assert case_steps.confirmed(
        case_steps.STEPS["sharing"]["withdraw"], MultiDict(), case | {"status": "draft"}
    )


def test_the_listed_laws_are_of_known_levels_and_cited_in_full() -> None:
    assert case_steps.bases()
    for base in case_steps.bases():
        assert base.level in LEVELS
        assert base.title
        assert base.article.startswith("第")
    form = MultiDict([("basis", "personal"), ("basis_title", "某条例"), ("basis_article", "第一条")])
    step = case_steps.STEPS["opening"]["refuse"]
    said = case_steps.document(step, form, {"items": []}) or {}
    assert [each["title"] for each in said["basis"]] == ["中华人民共和国个人信息保护法", "某条例"]


def test_every_kind_and_state_has_its_words() -> None:
    assert set(case_words.KIND_NAMES) == set(LIFECYCLES)
    assert set(case_words.STANDS) <= set(STATE_NAMES)


def a_draft() -> dict[str, Any]:
    items = [
        {"dataset": "d1", "fields": ["甲"], "granted": None},
        {"dataset": "d2", "fields": [], "granted": None},
    ]
    return {
        "kind": "development", "items": items, "purpose": "用途", "grounds": "理由", "statement": "方案",
        "system": "系统\n安全措施：三级", "mode": "api", "years": 2, "sensitive": ["personal"],
    }  # fmt: skip


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_step_changes_its_own_members_and_no_others(kind: str) -> None:
    case = a_draft() | {"kind": kind}
    before = wizard.content(case)
    typed = {
        wizard.PURPOSE: MultiDict({"purpose": "新", "grounds": "新", "years": "3"}),
        wizard.SYSTEM: MultiDict({"system": "新", "security": "新", "mode": "batch"}),
        wizard.STATEMENT: MultiDict({"statement": "新"}),
        wizard.DATA: MultiDict([("fields.d1", "乙"), ("fields.d2", "丙")]),
    }
    own = {
        wizard.PURPOSE: {"purpose", "grounds", "years"}, wizard.SYSTEM: {"system", "mode"},
        wizard.STATEMENT: {"statement"}, wizard.DATA: {"items"},
    }  # fmt: skip
    for step in wizard.steps(kind):
        if step == wizard.CHECK:
            continue
        after = wizard.merged(case, (step,), typed.get(step, MultiDict({"purpose": "新"})))
        assert {name for name in before if before[name] != after[name]} == own.get(step, set())


def test_system_and_security_are_one_text_there_and_two_here() -> None:
    form = MultiDict({"system": "停车通", "security": "三级\r\n留痕", "mode": "api"})
    kept = wizard.merged(a_draft(), (wizard.SYSTEM,), form)
    shown = wizard.shown(a_draft() | kept)
    assert (shown["system"], shown["security"]) == ("停车通", "三级\n留痕")
    only = wizard.shown(
        a_draft() | wizard.merged(a_draft(), (wizard.SYSTEM,), MultiDict({"security": "三级"}))
    )
    assert (only["system"], only["security"]) == ("", "三级")


def test_a_dataset_that_is_removed_is_gone() -> None:
    left = wizard.merged(a_draft(), (wizard.DATA,), MultiDict({"remove": "d2", "fields.d1": "甲"}))
    assert [item["dataset"] for item in left["items"]] == ["d1"]
