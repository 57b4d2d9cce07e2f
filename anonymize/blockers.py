"""Why a result may not leave. Fail closed: whatever is not proved harmless is a blocker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from anonymize.outcome import Outcome
from anonymize.policy import Policy
from anonymize.risk import Risk


@dataclass(frozen=True, slots=True)
class Blocker:
    """A reason why the result may not leave, and what to do about it."""

    code: str
    zh: str
    en: str
    columns: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain data: ``code``, ``message`` in both languages, ``columns``."""
        return {"code": self.code, "message": {"zh": self.zh, "en": self.en}, "columns": list(self.columns)}


def find_blockers(report: Outcome) -> tuple[Blocker, ...]:
    """All blockers of a run, the gravest first."""
    return tuple(_blockers(report))


def within_bound(risk: Risk, policy: Policy) -> bool:
    """Whether k and the share of unique rows keep to the policy; true when no combination is shown."""
    return risk.k is None or (risk.k >= policy.k and risk.unique_share <= policy.max_unique_share)


def _blockers(report: Outcome) -> Iterator[Blocker]:
    if report.findings.secret_marking is not None or report.rescan_marked:
        yield Blocker(
            "secret_marking",
            "材料带有国家秘密标志，不得进入本平台。请停止处理并报告保密工作机构。",
            "The material carries a state-secret marking and may not be on this platform. "
            "Stop, and report to the secrecy office.",
        )
    yield from _identifiers(report)
    yield from _integrity(report)
    yield from _risk(report)


def _identifiers(report: Outcome) -> Iterator[Blocker]:
    for residue in report.residual:
        if residue.refused:
            kinds = "、".join(residue.refused)
            yield Blocker(
                "personal_data_remain",
                f"复扫在“{residue.column}”列中仍发现个人信息（{kinds}）。请为该列改选掩码、假名、遮盖或删除。",
                f"The re-scan still finds personal data ({kinds}) in column “{residue.column}”. "
                "Choose mask, pseudonym, redact or drop for it.",
                (residue.column,),
            )
        elif residue.free_text:
            yield Blocker(
                "free_text_remains",
                f"“{residue.column}”列是叙述性文字，可能含有任何个人信息。"
                "请整体遮盖或清洗；确属公开文字的，将分级定为 1 级。",
                f"Column “{residue.column}” is prose that may hold anything personal. Redact or scrub it, "
                "or set its level to 1 if it is public text.",
                (residue.column,),
            )
        elif residue.unnamed:
            yield Blocker(
                "identifier_remains",
                f"“{residue.column}”列是能够识别个人的编号。请为该列改选哈希、遮盖或删除；"
                "确属公开编号的，将分级定为 1 级。",
                f"Column “{residue.column}” holds numbers that identify persons. Choose hash, redact or drop "
                "for it, or set its level to 1 if the numbers are public.",
                (residue.column,),
            )
    for (identifier, column), rows in sorted(report.leaks.items()):
        yield Blocker(
            "row_leak",
            f"有 {rows} 行的“{identifier}”原值仍出现在同一行的“{column}”列中。"
            f"请遮盖、清洗或删除“{column}”列。",
            f"In {rows} rows the value of “{identifier}” still stands in column “{column}” of the same row. "
            f"Redact, scrub or drop “{column}”.",
            (identifier, column),
        )
    for done in report.done:
        if done.unchanged:
            yield Blocker(
                "value_unchanged",
                f"“{done.name}”列有 {done.unchanged} 个单元格经处理后仍是原值。请改选其他算子。",
                f"{done.unchanged} cells of column “{done.name}” are still what they were. "
                "Choose another operator.",
                (done.name,),
            )


def _integrity(report: Outcome) -> Iterator[Blocker]:
    if report.rows_in - report.removed != report.rows_out or report.rows_in != report.source.rows:
        yield Blocker(
            "rows_differ",
            f"原表 {report.source.rows} 行，读入 {report.rows_in} 行，按方案抑制 {report.removed} 行，"
            f"写出 {report.rows_out} 行，应当相符。请重新运行。",
            f"The source has {report.source.rows} rows, {report.rows_in} were read, {report.removed} left "
            f"out by the policy and {report.rows_out} written; they must agree. Run again.",
        )
    if broken := tuple(done.name for done in report.done if done.equal is False):
        names = "、".join(broken)
        yield Blocker(
            "kept_cells_differ",
            f"标为保留的列与原值不一致：{names}。请重新运行。",
            f"Columns marked keep differ from their input: {names}. Run again.",
            broken,
        )


def _risk(report: Outcome) -> Iterator[Blocker]:
    risk, policy = report.risk, report.policy
    if risk.k is not None and risk.k < policy.k:
        yield Blocker(
            "k_too_small",
            f"最小等价类只有 {risk.k} 行，方案要求至少 {policy.k} 行。请对准标识符泛化、局部抑制或删除。",
            f"The smallest group has {risk.k} rows, the policy asks for {policy.k}. "
            "Generalise, suppress or drop quasi-identifiers.",
            risk.quasi_identifiers,
        )
    if risk.k is not None and risk.unique_share > policy.max_unique_share:
        yield Blocker(
            "too_many_unique",
            f"唯一行占 {risk.unique_share:.1%}，超过方案上限 {policy.max_unique_share:.1%}。",
            f"{risk.unique_share:.1%} of the rows are unique, "
            f"above the policy's {policy.max_unique_share:.1%}.",
            risk.quasi_identifiers,
        )
    for column, least in risk.l.items():
        if least < policy.l:
            yield Blocker(
                "l_too_small",
                f"敏感列“{column}”在某一组内只有 {least} 种取值，方案要求至少 {policy.l} 种。",
                f"The sensitive column “{column}” has only {least} values in one group; "
                f"the policy asks for {policy.l}.",
                (column,),
            )
    for column, distance in risk.t.items():
        if distance > policy.t:
            yield Blocker(
                "t_too_large",
                f"敏感列“{column}”在某一组内的分布与全表相差 {distance:.2f}，方案上限为 {policy.t:g}。",
                f"The values of the sensitive column “{column}” in one group are {distance:.2f} "
                f"away from the whole table's; the policy allows {policy.t:g}.",
                (column,),
            )
    for overlap in report.mosaic:
        if not overlap.within_bound and overlap.exposed_share > policy.max_unique_share:
            yield Blocker(
                "mosaic",
                f"{overlap.sentence.zh}请泛化或删去共同列，使两者不能逐行关联。",
                f"{overlap.sentence.en} Generalise or drop shared columns, so that no row can be linked.",
                overlap.shared,
            )
    if report.grade < policy.min_grade:
        yield Blocker(
            "grade_too_low",
            f"去标识化效果为 {report.grade} 级，方案要求至少 {policy.min_grade} 级。",
            f"The effect of de-identification is grade {report.grade}; "
            f"the policy asks for {policy.min_grade}.",
        )
