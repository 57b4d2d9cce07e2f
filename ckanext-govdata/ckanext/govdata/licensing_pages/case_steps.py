"""Every step of a case as a form: which fields it asks for, where it is posted, and what the form says.

Which steps there are for whom, the interface says; here stands only what each asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import yaml
from werkzeug.datastructures import MultiDict

from licensing.applications.kinds import KINDS
from licensing.applications.lifecycle import DRAFT

Form = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Step:
    """A step's fields in their order; ``word`` is the last part of its path. ``main``: what is waited for.

    ``danger``: it cannot be undone, and the person types a confirmation.
    """

    word: str
    fields: tuple[str, ...] = ()
    main: bool = False
    danger: bool = False
    page: bool = False
    """Done on a page of its own (the wizard, the supplement)."""


_REASON = ("reason",)
_STEPS: Final[Mapping[str, Step]] = {
    "save": Step("save", page=True),
    "supplement": Step("supplement", page=True),
    "submit": Step("submit", main=True),
    "take": Step("take"),
    "ask_supplement": Step("ask-supplement", _REASON),
    "withdraw": Step("withdraw", _REASON, danger=True),
    "accept": Step("accept", ("sensitive", "controlled", "reason"), main=True),
    "accept_for_platform": Step("accept-for-platform", _REASON, main=True),
    "accept_for_negotiation": Step("accept-for-negotiation", _REASON),
    "reject": Step("reject", _REASON),
    "approve": Step("approve", ("granted", "conditions", "reason"), main=True),
    "refuse": Step("refuse", ("basis", "reason")),
    "notify": Step("notify", main=True),
    "negotiate": Step("negotiate", _REASON),
    "escalate": Step("escalate", _REASON),
    "uphold": Step("uphold", _REASON),
    "close": Step("close", _REASON),
    "review_confidentiality": Step("review-confidentiality", ("passed", "opinion")),
    "approve_offline": Step("approve-offline", _REASON),
    "provide": Step("provide", main=True),
    "report_violation": Step("report-violation", ("what", "reason")),
    "revoke": Step("revoke", _REASON, danger=True),
    "finish": Step("finish", _REASON, danger=True),
    "say": Step("say", _REASON),
}
_OUTSIDE: Final[Mapping[str, Step]] = {
    "save": Step("outside-save", ("outside",)),
    "propose": Step("outside-propose", main=True),
    "agree": Step("outside-agree", ("conditions",), main=True),
    "disagree": Step("outside-disagree", _REASON),
    "escalate": Step("outside-escalate", _REASON),
    "approve": Step("outside-determine", ("share", "reason"), main=True),
    "uphold": Step("outside-determine", ("no_share", "reason")),
    "file": Step("outside-file", ("opinion_optional",), main=True),
    "count": Step("outside-count", ("figures",)),
    "finish": Step("outside-finish", _REASON, danger=True),
    "withdraw": Step("outside-withdraw", _REASON, danger=True),
}
_SECRECY: Final[Mapping[str, Step]] = {
    "refer": Step("secrecy-refer", _REASON, main=True),
    "rule": Step("secrecy-rule", ("secret", "reason"), main=True),
    "record_ruling": Step("secrecy-record-ruling", ("secret", "organ", "reason"), main=True),
    "withdraw": Step("secrecy-withdraw", _REASON),
}
STEPS: Final[Mapping[str, Mapping[str, Step]]] = {
    **dict.fromkeys(KINDS, _STEPS), "outside": _OUTSIDE, "secrecy_dispute": _SECRECY,
}  # fmt: skip
"""Kind of case → action of its lifecycle → the form."""


@dataclass(frozen=True, slots=True)
class Basis:
    """A law that is often cited; ``zh`` and ``en`` say what it protects."""

    value: str
    level: str
    title: str
    article: str
    zh: str
    en: str

    @property
    def cited(self) -> str:
        """As a decision quotes it."""
        return f"《{self.title}》{self.article}"


@cache
def bases() -> tuple[Basis, ...]:
    """The list of legal bases."""
    file = resources.files(__package__).joinpath("legal_bases.yaml")
    return tuple(Basis(**row) for row in yaml.safe_load(file.read_text(encoding="utf-8")))


def document(step: Step, form: Form, case: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the interface is posted; None for a step that asks nothing.

    Only what the page can settle is settled here; what is wrong with a text the interface says.
    """
    if not step.fields:
        return None
    made: dict[str, Any] = {}
    for name in step.fields:
        made |= _READ[name](form, case)
    return made


def confirmed(step: Step, form: Form, case: Mapping[str, Any]) -> bool:
    """Whether who does what cannot be undone has typed the last six characters of the case's number."""
    return not asks_confirmation(step, case) or form.get("confirm", "").strip().lower() == confirmation(case)


def asks_confirmation(step: Step, case: Mapping[str, Any]) -> bool:
    """A draft may go without a word more."""
    return step.danger and case["status"] != DRAFT


def confirmation(case: Mapping[str, Any]) -> str:
    """What is to be typed."""
    return str(case["id"])[-6:].lower()


def _text(name: str, member: str | None = None) -> Callable[[Form, Mapping[str, Any]], dict[str, Any]]:
    return lambda form, _: {member or name: form.get(name, "").strip()}


def _yes(name: str) -> Callable[[Form, Mapping[str, Any]], dict[str, Any]]:
    return lambda form, _: {name: form.get(name) == "yes"}


def _granted(form: Form, case: Mapping[str, Any]) -> dict[str, Any]:
    return {"granted": {item["dataset"]: form.getlist(f"grant.{item['dataset']}") for item in case["items"]}}


def _basis(form: Form, _case: Mapping[str, Any]) -> dict[str, Any]:
    chosen = set(form.getlist("basis"))
    cited = [
        {"level": each.level, "title": each.title, "article": each.article}
        for each in bases()
        if each.value in chosen
    ]
    title, article = form.get("basis_title", "").strip(), form.get("basis_article", "").strip()
    if title or article:
        cited.append({"level": form.get("basis_level", "law"), "title": title, "article": article})
    return {"basis": cited}


def _figures(form: Form, _case: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "first": form.get("first", ""),
        "last": form.get("last", ""),
        "rows": _number(form.get("rows", "")),
        "calls": _number(form.get("calls", "")),
    }


def _outside(form: Form, case: Mapping[str, Any]) -> dict[str, Any]:
    texts = {name: form.get(name, "").strip() for name in ("purpose", "grounds", "system", "statement")}
    return {"draft": {**texts, "mode": case["mode"] or "api", "years": case["years"]}}


def _number(text: str) -> int | str:
    """The number, or the text itself, which the interface then refuses in its place."""
    return int(text) if text.strip().isdecimal() else text


_READ: Final[Mapping[str, Callable[[Form, Mapping[str, Any]], dict[str, Any]]]] = {
    "reason": _text("reason"),
    "opinion": _text("opinion"),
    "opinion_optional": _text("opinion"),
    "conditions": _text("conditions"),
    "what": _text("what"),
    "organ": _text("organ"),
    "sensitive": lambda form, _: {"sensitive": form.getlist("sensitive")},
    "controlled": _yes("controlled"),
    "passed": _yes("passed"),
    "secret": _yes("secret"),
    "share": lambda *_: {"share": True},
    "no_share": lambda *_: {"share": False},
    "granted": _granted,
    "basis": _basis,
    "figures": _figures,
    "outside": _outside,
}
