"""The plan: what happens to each column, where it comes from, and what the result must satisfy.

A plan is the scan's suggestion with a person's changes. Weakening needs words: ``keep`` on a column that was
found personal, or taking a quasi-identifier out of the risk measure, is refused without a justification;
the second scan and the risk measure still decide whether the result may leave.

Article: SX-15, JS-17, HB-14, SX-21 (grading of data).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ckan import model

from anonymize.findings import Findings
from anonymize.operators import Effect, with_effect
from anonymize.policy import Policy
from anonymize.readers.table import Table
from ckanext.govdata import config
from ckanext.govdata.model import Release
from ckanext.govdata.release import origins, stage, steps
from ckanext.govdata.release.errors import PlanRefused, StepsMissing

TEXTS = ("operator", "origin", "consent", "description", "declared_type", "justification")
SETTABLE = frozenset({"name", "params", "level", *TEXTS})
SHOWING = with_effect(Effect.WHOLE) - {"scrub_text", "suppress"}
"""Operators after which cells stand in the result as they were, in their row or in another."""
HIDING = frozenset({"drop", "redact"})
"""Operators after which nothing of the column identifies anybody."""
MANY = 2_000
_NUMBER = re.compile(r"[0-9]{1,9}")

Column = dict[str, Any]


def suggestion(findings: Findings, table: Table) -> Policy:
    """The library's suggestion for ``table``, no weaker than this installation's least k."""
    # Late: only a worker makes suggestions.
    from anonymize.suggest import suggest

    return suggest(findings, table, k=max(5, config.k_floor()))


def save(session: Any, release_id: str, actor: model.User, given: Mapping[str, Any]) -> Release:
    """Settle the plan: → ``planned``. An earlier result and its sign-off are void.

    Args:
        given: ``columns`` (list of changes by column name), ``k``, ``quasi_identifiers``; each may be
            left out and then stays as planned, or as suggested.

    Raises:
        PlanRefused, PolicyInvalid, InvalidInput: the plan is not acceptable; nothing changes.
    """
    release = steps.lock(session, release_id)
    steps.take(session, release, "plan", actor)
    if not release.findings:
        raise StepsMissing("还没有识别结果，请先识别。", "There are no findings yet; scan first.")
    suggested = Policy.from_dict(release.findings["suggested"])
    before = (release.plan or {}).get("columns")
    columns = before or [_column(rule, release) for rule in suggested.as_dict()["columns"]]
    columns = _changed(columns, given.get("columns"), release.organization_id)
    # A plan that was saved in an earlier format of policies is brought to today's.
    base = Policy.from_dict((release.plan or {}).get("policy") or suggested.as_dict()).as_dict()
    k = _k(given.get("k"), base["k"])
    quasi = _quasi(given.get("quasi_identifiers"), base["quasi_identifiers"], columns)
    policy = Policy.from_dict(
        {
            **base,
            "k": k,
            "quasi_identifiers": quasi,
            "hierarchies": {name: steps for name, steps in base["hierarchies"].items() if name in quasi},
            "columns": [_rule(column) for column in columns],
        }
    )
    _ensure_justified(release.findings, columns, policy, suggested)
    stage.destroy(session, release, raw=False)
    void_result(release)
    release.plan = {
        "policy": policy.as_dict(),
        "policy_sha256": policy.sha256,
        "k": policy.k,
        "quasi_identifiers": list(policy.quasi_identifiers),
        "columns": columns,
    }
    return release


def policy_of(release: Release) -> Policy:
    """The policy of the saved plan."""
    if not release.plan:
        raise StepsMissing("还没有脱敏方案，请先保存方案。", "There is no plan yet; save one first.")
    return Policy.from_dict(release.plan["policy"])


def void_result(release: Release) -> None:
    """Forget the report, the result's hash and the sign-off that was bound to it."""
    release.report = release.report_blockers = release.sign_off = release.failure = None
    release.result_sha256 = None


def _column(rule: Mapping[str, Any], release: Release) -> Column:
    return {**rule, "origin": release.origin, "consent": release.consent, "justification": ""}


def _rule(column: Column) -> dict[str, Any]:
    keys = ("name", "operator", "params", "entity", "level", "declared_type", "description")
    return {key: column[key] for key in keys}


def _changed(columns: list[Column], changes: Any, organization_id: str) -> list[Column]:
    if changes is None:
        return columns
    if not isinstance(changes, list) or len(changes) > MANY:
        raise PlanRefused("columns 应为列的列表。", "columns must be a list of columns.")
    by_name = {column["name"]: dict(column) for column in columns}
    for change in changes:
        _check_shape(change, by_name)
        column = by_name[change["name"]]
        if "operator" in change and change["operator"] != column["operator"] and "params" not in change:
            column["params"] = {}
        column.update({key: value for key, value in change.items() if key != "origin"})
        for key in ("consent", "description", "justification"):
            column[key] = (column[key] or "").strip()
        if "origin" in change:
            column["origin"] = origins.resolve(change["origin"], organization_id)
        if column["origin"] == origins.OWN:
            column["consent"] = ""
    return [by_name[column["name"]] for column in columns]


def _check_shape(change: Any, known: Mapping[str, Column]) -> None:
    name = change.get("name") if isinstance(change, dict) else None
    if not isinstance(change, dict) or not isinstance(name, str) or name not in known:
        raise PlanRefused(
            "方案中的列“{column}”不在文件里。",
            'The column "{column}" of the plan is not in the file.',
            column=name if isinstance(name, str) else "?",
        )
    if unknown := sorted(set(change) - SETTABLE):
        raise PlanRefused(
            "列“{column}”：不认识的设置 {keys}。",
            'Column "{column}": unknown settings {keys}.',
            column=name,
            keys=", ".join(map(str, unknown)),
        )
    wrong = [key for key in TEXTS if not isinstance(change.get(key, ""), str | None)]
    wrong += [] if isinstance(change.get("params", {}), dict) else ["params"]
    level = change.get("level", 1)
    wrong += ["level"] if isinstance(level, bool) or not isinstance(level, int) else []
    if wrong:
        raise PlanRefused(
            "列“{column}”：{keys} 的类型不对。",
            'Column "{column}": {keys} has the wrong type.',
            column=name,
            keys=", ".join(wrong),
        )


def _k(asked: Any, planned: int) -> int:
    if asked is None:
        return planned
    floor = config.k_floor()
    # ASCII digits and few of them: int() stumbles over "²" and over thousands of digits.
    if isinstance(asked, bool) or not isinstance(asked, int | str) or not _NUMBER.fullmatch(str(asked)[:10]):
        raise PlanRefused("k 应为整数。", "k must be a whole number.")
    if int(asked) < floor:
        raise PlanRefused(
            "k 不能小于本平台的下限 {floor}。",
            "k may not be under this platform's bound {floor}.",
            floor=floor,
        )
    return int(asked)


def _quasi(asked: Any, planned: list[str], columns: list[Column]) -> list[str]:
    dropped = {column["name"] for column in columns if column["operator"] == "drop"}
    names = planned if asked is None else asked
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise PlanRefused(
            "quasi_identifiers 应为列名的列表。", "quasi_identifiers must be a list of column names."
        )
    return [name for name in names if name not in dropped]


def _ensure_justified(
    findings: Mapping[str, Any], columns: list[Column], policy: Policy, suggested: Policy
) -> None:
    found = {column["name"]: column for column in findings["columns"]}
    for column in columns:
        finding, name = found[column["name"]], column["name"]
        if column["justification"]:
            continue
        personal = finding["kind"] in {"identifier", "free_text"} or bool(finding["embedded"])
        if column["operator"] in SHOWING and personal and finding["level"] > 1:
            raise PlanRefused(
                "列“{column}”识别为个人信息，不能保留原值；确有依据的，请写明理由（justification）。",
                'Column "{column}" was found personal and may not be kept as it is; if there is a legal '
                "basis for it, write it down (justification).",
                column=name,
            )
        if column["level"] < finding["level"]:
            raise PlanRefused(
                "列“{column}”的级别识别为 {found}，不能直接改低；确有依据的，请写明理由（justification）。",
                'Column "{column}" was graded {found}; a lower level needs a written reason (justification).',
                column=name,
                found=finding["level"],
            )
        measured = name in policy.quasi_identifiers or column["operator"] in HIDING
        if name in suggested.quasi_identifiers and not measured:
            raise PlanRefused(
                "列“{column}”可与其他列组合识别到个人，必须计入风险评估；不计入的，请写明理由（justification）。",
                'Column "{column}" identifies people in combination and counts towards the risk; leaving it '
                "out needs a written reason (justification).",
                column=name,
            )
