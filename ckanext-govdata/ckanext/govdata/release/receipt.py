"""What the check of a release found goes to its department as a report by the platform (HB-17).

The report is one of :mod:`licensing.corrections`: with its clock, its answer and its place in public. It
names columns, rows by their place in the file and shares, never a cell. One report a release; a release that
nothing was found in makes none. That data are late is another matter: the clock of the entry's update cycle
and the rule of rectification see to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from ckanext.govdata.licensing_ports.setup import setup
from ckanext.govdata.model import Release, ReleaseStep
from ckanext.govdata.quality.check import Check, Fault
from ckanext.govdata.quality.drift import Drift, Drifts
from licensing.corrections import service
from licensing.corrections.models import PLATFORM as BY_PLATFORM
from licensing.ports import PLATFORM, Principal, Subject

STEP: Final = "receipt"
REPORTER: Final = Principal("system", "系统", frozenset({PLATFORM}))
_MEASURED: Final = "measure"
_FAULTS: Final[Mapping[str, str]] = {
    "type-error": "不是数据字典规定的类型",
    "constraint-error": "超过数据字典规定的长度",
    "missing": "数据字典中有、文件中没有这一列",
    "extra-cell": "行中多出单元格",
    "missing-cell": "行中缺少单元格",
    "blank-row": "空行",
    "incorrect-label": "列名不一致",
    "duplicate-label": "列名重复",
    "blank-label": "列没有名称",
}
"""Faults that somebody can mend in the data; an undocumented column is mended in the catalogue."""


_ASKED: Final = "。请核对：有误的在新的发布中更正，无误的说明原因。"


class _Office:
    """The platform's own check acts for the platform, towards any report."""

    def roles_for(self, principal: Principal, subject: Subject) -> frozenset[str]:  # noqa: ARG002
        return frozenset({PLATFORM})


def to_mend(measured: Mapping[str, Any]) -> bool:
    """Whether what was measured names something that the department has to look at."""
    return bool(list(_said(measured)))


def perform(session: Any, release_id: str) -> None:
    """Report what was found, once; nothing where this installation keeps no reports."""
    here = setup()
    release = session.get(Release, release_id)
    step = session.get(ReleaseStep, (release_id, _MEASURED))
    if release is None or step is None or not here.environment.get("LICENSING_DATABASE"):
        return
    sentences = list(_said(step.detail or {}))
    with here.session() as library, library.begin():
        known = service.list_corrections(library, reporter_id=REPORTER.id, dataset_id=release.dataset_id)
        if not sentences or any(each.release == release.number for each in known):
            return
        context = replace(here.context(library, REPORTER), authorizer=_Office())
        service.report(
            library, context, reporter_kind=BY_PLATFORM, reporter_id=REPORTER.id,
            dataset_id=release.dataset_id, release=release.number,
            place=_within("；".join(_places(step.detail or {}))),
            description=_within("平台质量检查发现：" + "；".join(sentences) + _ASKED),
        )  # fmt: skip


def _said(measured: Mapping[str, Any]) -> Iterator[str]:
    for fault in _faults(measured):
        column = f"“{fault.column}”" if fault.column else "文件"
        count = "" if fault.kind == "missing" else f"{fault.count} 处"
        yield f"{column}{count}{_FAULTS[fault.kind]}"
    for one in _drifts(measured):
        yield _moved(one)


def _moved(one: Drift) -> str:
    if one.kind == "rows":
        return f"行数由 {one.before:,.0f} 变为 {one.after:,.0f}"
    if one.kind == "empty":
        return f"“{one.column}”空值占比由 {one.before:.1%} 变为 {one.after:.1%}"
    if one.kind == "shift":
        return f"“{one.column}”的分布与上次发布相比明显变化（稳定性指数 {one.measure:.2f}）"
    if one.kind == "kind":
        return f"“{one.column}”的类型与上次发布不同"
    return f"上次发布中的“{one.column}”列不见了"


def _places(measured: Mapping[str, Any]) -> Iterator[str]:
    columns = [f.column for f in _faults(measured)] + [d.column for d in _drifts(measured)]
    named = list(dict.fromkeys(column for column in columns if column))
    if named:
        yield f"列：{'、'.join(named)}"
    for fault in _faults(measured):
        if fault.rows:
            yield f"“{fault.column or '文件'}”第 {'、'.join(map(str, fault.rows))} 行"


def _faults(measured: Mapping[str, Any]) -> list[Fault]:
    checked = measured.get("check")
    found = Check.read(checked).faults if checked else []
    return [fault for fault in found if fault.kind in _FAULTS]


def _drifts(measured: Mapping[str, Any]) -> list[Drift]:
    document = measured.get("drift")
    return Drifts.read(document).found if document else []


def _within(text: str) -> str:
    return text if len(text) <= service.MOST_TEXT else text[: service.MOST_TEXT - 1] + "…"
