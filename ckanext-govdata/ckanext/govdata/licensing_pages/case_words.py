"""What a case's page says in words: its kind, its way, events and records, a line of the export."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ckan.plugins import toolkit as tk

from ckanext.govdata.licensing_pages import names
from ckanext.govdata.views.release_words import pick
from licensing.applications import lifecycle as states
from licensing.applications.kinds import KINDS, MODES, SENSITIVITIES
from licensing.applications.lifecycle import LIFECYCLES
from licensing.applications.provision import VIOLATIONS

KIND_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    **{name: (kind.zh, kind.en) for name, kind in KINDS.items()},
    "outside": ("平台以外共享", "Sharing outside the platform"),
    "secrecy_dispute": ("涉密争议", "Dispute on secrecy"),
}
_RECORDS: Final[Mapping[str, tuple[str, str]]] = {
    "confidentiality_review": ("保密审查", "Confidentiality review"),
    "offline_approval": ("离线提供批准", "Approval of provision off line"),
    "stage": ("协商协调", "Settling the disagreement"),
    "refusal": ("不同意的理由和依据", "Refusal with its reasons"),
    "decision": ("审核决定", "Decision"),
    "violation": ("违规使用", "Violation"),
    "ruling": ("涉密争议处理结果", "Ruling on secrecy"),
    "filing": ("备案", "Filed"),
    "figures": ("共享统计", "Figures"),
    "supplement": ("补正内容", "Supplement"),
}
_OUTCOMES: Final[Mapping[str, tuple[str, str]]] = {
    "passed": ("通过", "passed"),
    "failed": ("未通过", "not passed"),
    "approved": ("同意", "approved"),
    "refused": ("不同意", "refused"),
    "agreed": ("协商一致", "agreed"),
    "opened": ("开始", "opened"),
    "referred": ("已报上一级", "taken on"),
    "upheld": ("维持不予提供", "refusal upheld"),
    "refusal": ("书面理由已报送备案", "written reasons filed"),
    "outside": ("已备案", "filed"),
    "reported": ("已报送", "reported"),
    "supplemented": ("已补正", "handed in"),
    "secret": ("属于", "is a secret"),
    "not_secret": ("不属于", "is no secret"),
    **VIOLATIONS,
}
_STAGES: Final[Mapping[str, tuple[str, str]]] = {
    "negotiation": ("双方协商", "Negotiation"),
    "centre": ("平台主管机构协调", "The centre mediates"),
    "government": ("政府确定", "The government determines"),
}
_WAY: Final = (
    (states.DRAFT, ("填写", "Fill in")),
    (states.SUBMITTED, ("规范性检查", "Check of conformity")),
    (states.ACCEPTED, ("审核", "Decision")),
    (states.PREPARING, ("协议与提供", "Agreement and provision")),
    (states.PROVIDED, ("使用", "Use")),
)
"""The main way of an application, as the stepper shows it."""
STANDS: Final[Mapping[str, tuple[int, str]]] = {
    states.DRAFT: (0, "now"),
    states.SUBMITTED: (1, "now"),
    states.SUPPLEMENTING: (1, "now"),
    states.NOT_ACCEPTED: (1, "wrong"),
    states.ACCEPTED: (2, "now"),
    states.AUTHORISING: (2, "now"),
    states.APPROVED: (2, "now"),
    states.REFUSED: (2, "wrong"),
    states.REFUSED_TOLD: (2, "wrong"),
    states.NEGOTIATING: (2, "now"),
    states.CENTRE: (2, "now"),
    states.UPHELD: (2, "wrong"),
    states.GOVERNMENT_LEVEL: (2, "now"),
    states.FINAL_REFUSED: (2, "wrong"),
    states.CLOSED: (2, "wrong"),
    states.PREPARING: (3, "now"),
    states.PROVIDED: (4, "now"),
    states.FINISHED: (4, "done"),
    states.REVOKED: (4, "wrong"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One stage of the way, and how it stands: done, now, wrong or todo."""

    label: str
    look: str


def _said(word: tuple[str, str]) -> str:
    return pick({"zh": word[0], "en": word[1]})


def kind_name(case: Mapping[str, Any]) -> str:
    """What kind of case it is."""
    return _said(KIND_NAMES[case["kind"]])


def timeline(case: Mapping[str, Any]) -> list[Mark]:
    """The main way of an application with where it stands; empty for what goes another way."""
    if case["kind"] not in KINDS or case["status"] not in STANDS:
        return []
    at, look = STANDS[case["status"]]
    looks = ["done" if n < at else look if n == at else "todo" for n in range(len(_WAY))]
    return [Mark(_said(label), each) for (_, label), each in zip(_WAY, looks, strict=True)]


def event_label(case: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], str]:
    """What a step of this case is called."""
    lifecycle = LIFECYCLES[case["kind"]]

    def label(event: Mapping[str, Any]) -> str:
        row = lifecycle.find(event["from"], event["action"])
        if row is not None:
            return pick({"zh": row.zh, "en": row.en})
        if event["action"] == "create":
            return str(tk._("Draft made"))
        return str(tk._("Changed by law: {what}").format(what=event["action"]))

    return label


def told(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events without a saving that the same person's next saving has replaced."""
    following = [*events[1:], {}]
    return [
        event
        for event, after in zip(events, following, strict=True)
        if event["action"] != "save" or (after.get("action"), after.get("actor")) != ("save", event["actor"])
    ]


def is_reviewed(case: Mapping[str, Any]) -> bool:
    """Whether the last confidentiality review of the case has passed."""
    found = [row["outcome"] for row in case["records"] if row["kind"] == "confidentiality_review"]
    return bool(found) and found[-1] == "passed"


def record(row: Mapping[str, Any]) -> dict[str, str]:
    """``{title, outcome}`` of a record."""
    title = _said(_RECORDS.get(row["kind"], (row["kind"], row["kind"])))
    if row["kind"] == "stage":
        title = _said(_STAGES.get(row["data"].get("stage", ""), _RECORDS["stage"]))
    outcome = _said(_OUTCOMES.get(row["outcome"], (row["outcome"], row["outcome"])))
    return {"title": title, "outcome": outcome}


def changes(row: Mapping[str, Any]) -> list[dict[str, str]]:
    """What a supplement changed: ``{label, before, after}`` each; a dataset's columns by its title."""
    labels = {
        "purpose": tk._("Purpose"),
        "grounds": tk._("Reason"),
        "system": tk._("System and security"),
        "statement": tk._("Statement"),
        "mode": tk._("Mode of provision"),
        "years": tk._("Years"),
        "sensitive": tk._("Sensitivity"),
    }
    made = []
    for member, (before, after) in (row["data"] or {}).items():
        if member == "items":
            titles = names.datasets({*before, *after})
            made += [
                _change(titles.get(each, each), before.get(each), after.get(each))
                for each in {**before, **after}
                if before.get(each) != after.get(each)
            ]
        elif member in labels:
            made.append(_change(str(labels[member]), _value(member, before), _value(member, after)))
    return made


def _change(label: str, before: Any, after: Any) -> dict[str, str]:
    return {"label": label, "before": _plain(before), "after": _plain(after)}


def _value(member: str, value: Any) -> Any:
    if member == "mode" and value in MODES:
        return _said(MODES[value])
    if member == "sensitive":
        return [_said(SENSITIVITIES[each]) for each in value]
    return value


def _plain(value: Any) -> str:
    if value is None or value == []:
        return str(tk._("none"))
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def head() -> list[str]:
    """The columns of the export."""
    return [
        str(word)
        for word in (
            tk._("Number"), tk._("Kind"), tk._("Data"), tk._("Applicant"), tk._("Provider"), tk._("State"),
            tk._("Held by"), tk._("Due"), tk._("Lamp"), tk._("Article"), tk._("Draft made"),
            tk._("Last change"),
        )
    ]  # fmt: skip


def line(row: Mapping[str, Any]) -> list[str]:
    """A case as a line of the export."""
    clock = row["clock"] or {}
    titles = names.datasets(row["datasets"])
    return [
        row["id"], kind_name(row), "、".join(titles.get(each, each) for each in row["datasets"]),
        row["applicant_name"], row["provider_name"], pick(row["status_label"]), row["holder"],
        clock.get("due") or "", clock.get("lamp", ""), clock.get("source", ""), row["created_at"],
        row["modified_at"],
    ]  # fmt: skip


def state_look(status: str) -> tuple[str, str]:
    """The look of a state: kind of badge, icon."""
    ended = {states.NOT_ACCEPTED, states.FINAL_REFUSED, states.CLOSED, states.WITHDRAWN, states.FINISHED}
    if status in (states.PROVIDED, states.FILED, states.AGREED, states.APPROVED, states.PREPARING):
        return "open", "circle-check"
    if status in (states.REVOKED, states.REFUSED, states.REFUSED_TOLD, states.UPHELD):
        return "bad", "ban"
    if status in ended:
        return "closed", "box-archive"
    if status in (states.DRAFT, states.SUPPLEMENTING):
        return "conditional", "pen"
    return "blue", "hourglass-half"
