"""The wizard's steps, and a draft as its forms hold it.

A step changes its own members of the draft and leaves the others as they are, so that one can go back and
forth, leave, and come again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ckan.plugins import toolkit as tk
from werkzeug.datastructures import MultiDict

from licensing.applications.kinds import KINDS

DATA, PURPOSE, SYSTEM, STATEMENT = "data", "purpose", "system", "statement"
ATTACHMENTS, CHECK = "attachments", "check"
_MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    DATA: ("items",),
    PURPOSE: ("purpose", "grounds", "years"),
    SYSTEM: ("system", "security", "mode"),
    STATEMENT: ("statement",),
    ATTACHMENTS: (),
    CHECK: (),
}
_SAFETY: Final = "\n安全措施："
"""Between the system and its security measures, which the interface keeps as one text."""
_REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {
    DATA: ("items",),
    PURPOSE: ("purpose", "grounds"),
    SYSTEM: ("system", "security"),
    STATEMENT: ("statement",),
    ATTACHMENTS: (),
    CHECK: (),
}
MEMBERS: Final = ("items", "purpose", "grounds", "system", "statement", "mode", "years", "sensitive")


def steps(kind: str) -> tuple[str, ...]:
    """The steps of a kind of application: most state nothing besides purpose and reason."""
    asked = KINDS[kind].statement is not None
    return (DATA, PURPOSE, SYSTEM, *((STATEMENT,) if asked else ()), ATTACHMENTS, CHECK)


def step_of(kind: str, member: str) -> str:
    """The step on which a member of the draft is filled in."""
    name = member.rpartition("/")[2]
    found = next((step for step, names in _MEMBERS.items() if name in names), CHECK)
    return found if found in steps(kind) else CHECK


def content(case: Mapping[str, Any]) -> dict[str, Any]:
    """The draft of a case as the interface takes it again."""
    plain = {name: case[name] for name in MEMBERS if name != "items"}
    return {**plain, "items": [{"dataset": i["dataset"], "fields": i["fields"]} for i in case["items"]]}


def shown(case: Mapping[str, Any]) -> dict[str, Any]:
    """The draft as the forms show it: system and security apart."""
    system, found, security = str(case["system"]).partition(_SAFETY)
    if not found and system.startswith(_SAFETY.strip()):
        system, security = "", system.removeprefix(_SAFETY.strip())
    return {**content(case), "system": system, "security": security}


def merged(case: Mapping[str, Any], names: tuple[str, ...], form: MultiDict[str, str]) -> dict[str, Any]:
    """The draft with what the forms of ``names`` (steps) say."""
    now = shown(case)
    for step in names:
        for member in _MEMBERS[step]:
            now[member] = _read(member, form, case)
    system, security = now.pop("system"), now.pop("security")
    now["system"] = f"{system}{_SAFETY}{security}" if security else system
    return now


def _read(member: str, form: MultiDict[str, str], case: Mapping[str, Any]) -> Any:
    if member == "items":
        return [
            {"dataset": each["dataset"], "fields": form.getlist(f"fields.{each['dataset']}")}
            for each in case["items"]
            if form.get("remove") != each["dataset"]
        ]
    text = form.get(member, "").replace("\r\n", "\n").strip()
    if member == "years":
        return int(text) if text.isdecimal() and len(text) < 4 else 0
    return text


def lacking(kind: str, step: str, case: Mapping[str, Any], form: MultiDict[str, str]) -> dict[str, str]:
    """What the form of one step still lacks before the next: member → what to do."""
    now, found = shown(case), {}
    for member in _REQUIRED[step]:
        if not now[member]:
            found[member] = _ask(kind, member)
    if step == DATA:
        for item in case["items"]:
            if f"shown.{item['dataset']}" in form and not form.getlist(f"fields.{item['dataset']}"):
                found[f"items.{item['dataset']}"] = str(
                    tk._("Choose at least one column, or remove the dataset.")
                )
    return found


def _ask(kind: str, member: str) -> str:
    asked = KINDS[kind].statement
    return {
        "items": str(tk._("Choose at least one dataset.")),
        "purpose": str(tk._("Say what the data are for.")),
        "grounds": str(tk._("Say why you need them.")),
        "system": str(tk._("Name the system that uses the data.")),
        "security": str(tk._("Say how the data are kept safe.")),
        "statement": str(tk._("State {what}.")).format(
            what=(asked or ("", ""))[0 if str(tk.h.lang()).startswith("zh") else 1]
        ),
    }[member]
