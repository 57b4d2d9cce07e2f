"""Words and orderings of the release pages: what a state, a finding or a wait is called.

Everything here is presentation of the dictionary that ``govdata_release_show`` answers; nothing here
decides what is allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Literal

from ckan.plugins import toolkit as tk

from anonymize.operators.registry import all_operators
from ckanext.govdata.release.lifecycle import COMPILING

Word = Callable[[], str]

STEPS: tuple[tuple[str, Word], ...] = (
    ("upload", lambda: tk._("Upload")),
    ("scan", lambda: tk._("Scan")),
    ("plan", lambda: tk._("Plan")),
    ("desensitise", lambda: tk._("Desensitise")),
    ("assess", lambda: tk._("Assess")),
    ("submit", lambda: tk._("Hand in")),
    ("publish", lambda: tk._("Publish")),
)
"""The seven steps of the stepper, in order."""

AT: Mapping[str, int] = {
    "draft": 0,
    "uploaded": 1,
    "scanning": 1,
    "scanned": 2,
    "planned": 3,
    "running": 3,
    "assessed": 5,
    "submitted": 5,
    "rejected": 2,
    "approved": 6,
    "publishing": 6,
    "failed_publish": 6,
    "published": 7,
    "withdrawn": 7,
    "hidden": 7,
    "provided": 7,
    "retired": 7,
    "cancelled": 0,
}
"""The step that a state stands at (7: all done); ``failed`` stands where it failed."""

STAGE_STEP: Mapping[str, int] = {"scan": 1, "plan": 2, "desensitise": 3, "assess": 4}

CLOSED = frozenset({"published", "provided", "withdrawn", "retired", "cancelled", "hidden"})
BROKEN = frozenset({"failed", "failed_publish", "rejected", "hidden"})

_STAGES: Mapping[str, Word] = {
    "upload": lambda: tk._("Receiving the file"),
    "scan": lambda: tk._("Looking for personal data"),
    "desensitise": lambda: tk._("Desensitising"),
    "assess": lambda: tk._("Scanning the result again and measuring the risk"),
    "outputs": lambda: tk._("Writing the files of every format"),
    "datastore": lambda: tk._("Loading the table for preview and API"),
    "public": lambda: tk._("Making it public in one step"),
    "cleanup": lambda: tk._("Destroying the staged raw file"),
}

_ENTITIES: Mapping[str, Word] = {
    "CN_RESIDENT_ID": lambda: tk._("Resident ID number"),
    "CN_PASSPORT": lambda: tk._("Passport number"),
    "CN_MOBILE": lambda: tk._("Mobile number"),
    "CN_LANDLINE": lambda: tk._("Landline number"),
    "CN_BANK_CARD": lambda: tk._("Bank card number"),
    "CN_USCC": lambda: tk._("Unified social credit code"),
    "EMAIL_ADDRESS": lambda: tk._("E-mail address"),
    "CN_VEHICLE_PLATE": lambda: tk._("Vehicle plate"),
    "DATE_OF_BIRTH": lambda: tk._("Date of birth"),
    "PERSON": lambda: tk._("Name of a person"),
    "ADDRESS": lambda: tk._("Address"),
    "CN_RESIDENCE_PERMIT": lambda: tk._("Residence permit of Hong Kong, Macao or Taiwan residents"),
    "CN_FOREIGN_PERMIT": lambda: tk._("Foreigner's permanent residence number"),
    "CN_TRAVEL_PERMIT": lambda: tk._("Travel permit number (Hong Kong, Macao, Taiwan)"),
    "CN_ORGANIZATION_CODE": lambda: tk._("Organisation code"),
    "CN_DRIVING_LICENCE": lambda: tk._("Driving licence number"),
    "CN_SOCIAL_SECURITY": lambda: tk._("Social security number"),
    "CN_STUDENT_NUMBER": lambda: tk._("Student number"),
    "IP_ADDRESS": lambda: tk._("IP address"),
    "MAC_ADDRESS": lambda: tk._("MAC address"),
    "IMEI": lambda: tk._("Device identity (IMEI)"),
    "CN_WECHAT": lambda: tk._("WeChat account"),
    "CN_QQ": lambda: tk._("QQ number"),
    "AGE": lambda: tk._("Age"),
    "COORDINATES": lambda: tk._("Precise location"),
    "CN_ETHNIC_GROUP": lambda: tk._("Ethnic group"),
    "RELIGION": lambda: tk._("Religious belief"),
    "HEALTH": lambda: tk._("Health"),
    "POST": lambda: tk._("Title or post"),
}

_KINDS: Mapping[str, Word] = {
    "empty": lambda: tk._("Empty column"),
    "identifier": lambda: tk._("Identifies a person directly"),
    "quasi": lambda: tk._("Identifies only in combination"),
    "free_text": lambda: tk._("Free text: may hold anything"),
    "plain": lambda: tk._("Nothing personal found"),
}

_CONCLUSIONS: Mapping[str, Word] = {
    "pass": lambda: tk._("May be opened: no state secret, work secret, trade secret or personal data"),
    "refuse": lambda: tk._("May not be opened"),
}

_PARAMS: Mapping[str, Word] = {
    "text": lambda: tk._("Text that stands in its place"),
    "algorithm": lambda: tk._("Algorithm"),
    "length": lambda: tk._("Length"),
    "domain": lambda: tk._("Same values alike across columns (group name)"),
    "to": lambda: tk._("Down to"),
    "width": lambda: tk._("Width of a band"),
    "edges": lambda: tk._("Edges of the bands (comma between)"),
    "pattern": lambda: tk._("Shape"),
    "keep_start": lambda: tk._("Characters kept in front"),
    "keep_end": lambda: tk._("Characters kept at the end"),
    "kind": lambda: tk._("Kind of invented value"),
    "unique": lambda: tk._("No two values alike"),
    "limit": lambda: tk._("Last number shown"),
    "mark": lambda: tk._("Put ≥ or ≤ before it"),
    "step": lambda: tk._("Rounded to multiples of"),
    "scale": lambda: tk._("Strength of the noise"),
    "distribution": lambda: tk._("Distribution of the noise"),
    "low": lambda: tk._("Never below"),
    "high": lambda: tk._("Never above"),
    "by": lambda: tk._("Column that says whose day it is"),
    "days": lambda: tk._("By at most so many days"),
}

_PARAM_VALUES: Mapping[str, Word] = {
    "": lambda: tk._("automatic"),
    "auto": lambda: tk._("automatic"),
    "any": lambda: tk._("any text"),
    "month": lambda: tk._("month"),
    "quarter": lambda: tk._("quarter"),
    "year": lambda: tk._("year"),
    "decade": lambda: tk._("decade"),
    "county": lambda: tk._("county"),
    "city": lambda: tk._("city"),
    "province": lambda: tk._("province"),
    "band": lambda: tk._("band of numbers"),
    "code6": lambda: tk._("first 6 digits"),
    "code4": lambda: tk._("first 4 digits"),
    "code2": lambda: tk._("first 2 digits"),
    "person": lambda: tk._("Name of a person"),
    "resident_id": lambda: tk._("Resident ID number"),
    "mobile": lambda: tk._("Mobile number"),
    "landline": lambda: tk._("Landline number"),
    "bank_card": lambda: tk._("Bank card number"),
    "passport": lambda: tk._("Passport number"),
    "email": lambda: tk._("E-mail address"),
    "plate": lambda: tk._("Vehicle plate"),
    "uscc": lambda: tk._("Unified social credit code"),
    "address": lambda: tk._("Address"),
    "date": lambda: tk._("date"),
    "company": lambda: tk._("Name of a company"),
    "code": lambda: tk._("code"),
    "laplace": lambda: tk._("Laplace distribution"),
    "gaussian": lambda: tk._("normal distribution"),
    "uniform": lambda: tk._("uniform distribution"),
    "hmac-sha256": lambda: "HMAC-SHA-256",
    "hmac-sm3": lambda: "HMAC-SM3",
    "blake2b": lambda: "BLAKE2b",
}

_LEVELS: Mapping[int, Word] = {
    1: lambda: tk._("1 public"),
    2: lambda: tk._("2 internal"),
    3: lambda: tk._("3 personal"),
    4: lambda: tk._("4 sensitive"),
}

_TYPES: Mapping[str, Word] = {
    "text": lambda: tk._("text"),
    "integer": lambda: tk._("whole number"),
    "decimal": lambda: tk._("decimal number"),
    "boolean": lambda: tk._("yes or no"),
    "date": lambda: tk._("date"),
    "datetime": lambda: tk._("date and time"),
}

_EVENTS: Mapping[str, Word] = {
    "create": lambda: tk._("Created"),
    "receive": lambda: tk._("Raw file received and sealed"),
    "scan": lambda: tk._("Scan started"),
    "scanned": lambda: tk._("Scan finished"),
    "plan": lambda: tk._("Plan saved"),
    "run": lambda: tk._("Run started"),
    "assessed": lambda: tk._("Desensitised and assessed"),
    "sign_off": lambda: tk._("Confidentiality review recorded"),
    "submit": lambda: tk._("Submitted for review"),
    "approve": lambda: tk._("Approved"),
    "reject": lambda: tk._("Returned"),
    "publish": lambda: tk._("Publication started"),
    "published": lambda: tk._("Published"),
    "provided": lambda: tk._("Provided under grants"),
    "withdraw": lambda: tk._("Withdrawn"),
    "cancel": lambda: tk._("Cancelled"),
    "fail": lambda: tk._("Failed"),
    "recall": lambda: tk._("Taken back from review"),
    "reconsider": lambda: tk._("Approval taken back"),
    "hide": lambda: tk._("Hidden for now"),
    "show": lambda: tk._("Public again"),
}


def _named(words: Mapping[str, Word], name: str | None) -> str:
    return words[name]() if name in words else (name or "")


def entity(name: str | None) -> str:
    """The kind of personal value, as people call it."""
    return _named(_ENTITIES, name)


def kind(name: str) -> str:
    """What a column is: identifier, quasi-identifier, free text, plain, empty."""
    return _named(_KINDS, name)


def operator(name: str) -> str:
    """What an operator is called; a name that is not registered any more is shown as it stands."""
    for known in all_operators():
        if known.name == name:
            return known.label.zh if is_chinese() else known.label.en
    return name


def param(name: str) -> str:
    """What a parameter of an operator is called."""
    return _named(_PARAMS, name)


def param_value(value: str) -> str:
    """What a choice of a parameter is called."""
    return _named(_PARAM_VALUES, value)


def param_text(value: Any) -> str:
    """A parameter's value as it stands in a text field."""
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return ", ".join(param_text(item) for item in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def conclusion(name: str) -> str:
    """The outcome of a confidentiality review."""
    return _named(_CONCLUSIONS, name)


def conclusions() -> list[tuple[str, str]]:
    """The outcomes that a confidentiality review may have, with their words."""
    return [(name, word()) for name, word in _CONCLUSIONS.items()]


def compilers(data: Mapping[str, Any]) -> frozenset[str]:
    """Everybody who took part in compiling a release, and may therefore not judge it."""
    events = data.get("events") or []
    return frozenset(
        {data.get("created_by", ""), *(e["actor"] for e in events if e["action"] in COMPILING)} - {""}
    )


def stage(name: str) -> str:
    """The stage that a worker is in."""
    return _named(_STAGES, name)


def event(name: str) -> str:
    """What happened, for the timeline."""
    return _named(_EVENTS, name)


def declared_type(name: str) -> str:
    """The type that a column is published with."""
    return _named(_TYPES, name)


def level(number: int) -> str:
    """The grade of a column, 1 public to 4 sensitive."""
    return _LEVELS[number]() if number in _LEVELS else str(number)


LEVELS: tuple[int, ...] = tuple(_LEVELS)
TYPES: tuple[str, ...] = tuple(_TYPES)


def is_chinese() -> bool:
    """Whether the reader's language is a Chinese one."""
    return str(tk.h.lang()).startswith("zh")


def pick(text: Mapping[str, str] | str | None) -> str:
    """The reader's language out of ``{zh, en}``; a plain string is given back."""
    if text is None or isinstance(text, str):
        return text or ""
    return text.get("zh" if is_chinese() else "en") or next(iter(text.values()), "")


def sentences(error: tk.ValidationError) -> list[str]:
    """What an action's refusal says, as sentences in the reader's language; never empty."""
    found = list(dict.fromkeys(s for s in _texts(error.error_dict) if s))
    return found or [tk._("The step was refused.")]


def _texts(value: Any) -> Iterable[str]:
    """Messages inside an error dictionary: ``{zh, en}`` wherever it stands, else every text but codes."""
    if isinstance(value, Mapping):
        if "zh" in value and "en" in value:
            yield pick({"zh": str(value["zh"]), "en": str(value["en"])})
            return
        if isinstance(value.get("message"), Mapping):
            yield from _texts(value["message"])
            return
        for key, inner in value.items():
            if not str(key).startswith("__") and key not in {"code", "status", "params"}:
                yield from _texts(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str):
        yield value


@dataclass(frozen=True, slots=True)
class Mark:
    """One step of the stepper."""

    name: str
    label: str
    look: Literal["done", "now", "wrong", "todo"]


def stepper(data: Mapping[str, Any]) -> list[Mark]:
    """The seven steps with their looks for one release."""
    at = _at(data)
    wrong = data["state"] in BROKEN
    marks = []
    for index, (name, label) in enumerate(STEPS):
        look: Literal["done", "now", "wrong", "todo"] = "todo"
        if data["state"] != "cancelled" and index < at:
            look = "done"
        elif data["state"] != "cancelled" and index == at:
            look = "wrong" if wrong else "now"
        marks.append(Mark(name, label(), look))
    return marks


def _at(data: Mapping[str, Any]) -> int:
    stage_now = (data.get("progress") or {}).get("stage", "")
    if data["state"] == "failed":
        return STAGE_STEP.get(stage_now, 3 if data.get("findings") else 1)
    if data["state"] == "running":
        return STAGE_STEP.get(stage_now, 3)
    return AT.get(data["state"], 0)


def progress(raw: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A worker's progress as the page shows it: stage in words, percent, rate and seconds left."""
    if not raw:
        return None
    total, done = int(raw.get("total") or 0), int(raw.get("done") or 0)
    percent = min(100, round(100 * done / total)) if total else None
    eta = raw.get("eta_seconds")
    rate = raw.get("rows_per_second")
    notes = []
    if done:
        notes.append(
            tk._("{done} of {total} rows").format(done=f"{done:,}", total=f"{total:,}")
            if total
            else tk._("{done} rows").format(done=f"{done:,}")
        )
    if rate:
        notes.append(tk._("{rate} rows a second").format(rate=f"{round(rate):,}"))
    if eta is not None:
        notes.append(tk._("about {time} left").format(time=duration(float(eta))))
    name = tk._("Waiting for a free worker") if raw.get("queued") else stage(str(raw.get("stage", "")))
    return {"stage": name, "percent": percent, "note": " · ".join(notes)}


def duration(seconds: float) -> str:
    """A length of time in its two largest useful units."""
    whole = max(0, round(seconds))
    days, rest = divmod(whole, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, secs = divmod(rest, 60)
    if days:
        return tk._("{days} d {hours} h").format(days=days, hours=hours)
    if hours:
        return tk._("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    if minutes:
        return tk._("{minutes} min {seconds} s").format(minutes=minutes, seconds=secs)
    return tk._("{seconds} s").format(seconds=secs)


def instant(text: str | None) -> datetime | None:
    """A moment out of the dictionary; a moment without zone is UTC, as CKAN stores it."""
    if not text:
        return None
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def moment(text: str | None) -> str:
    """A moment on the reader's clock, to the minute; the platform's record counts, no paper date (HB-22)."""
    at = instant(text)
    return "" if at is None else f"{at.astimezone(tk.h.get_display_timezone()):%Y-%m-%d %H:%M}"


def waiting_since(data: Mapping[str, Any]) -> datetime:
    """Since when a release is in its present state."""
    since = instant(data.get("waiting_since"))
    if since:
        return since
    return instant(data.get("modified")) or instant(data.get("created")) or datetime.now(timezone.utc)


def waited(data: Mapping[str, Any], now: datetime) -> str:
    """How long a release has been in its present state, in words."""
    return duration((now - waiting_since(data)).total_seconds())


def groups(releases: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The filters of the workbench, each with its releases, newest first."""
    newest = sorted(releases, key=lambda r: str(r.get("modified") or r.get("created")), reverse=True)
    return {
        "open": [r for r in newest if r["state"] not in CLOSED],
        "trouble": [r for r in newest if r["state"] in BROKEN],
        "published": [r for r in newest if r["state"] in {"published", "provided"}],
        "closed": [r for r in newest if r["state"] in {"withdrawn", "retired", "cancelled"}],
        "all": newest,
    }


def matches(data: Mapping[str, Any], query: str) -> bool:
    """Whether a release is meant by the words typed into the filter."""
    source = data.get("source") or {}
    text = " ".join(
        str(part)
        for part in (
            data.get("dataset_title"),
            data.get("dataset_name"),
            data.get("organization_title"),
            source.get("filename"),
        )
        if part
    ).casefold()
    return all(word in text for word in query.casefold().split())


def size(octets: int | None) -> str:
    """A number of bytes in the unit that reads best."""
    if octets is None:
        return ""
    amount, unit = float(octets), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if amount < 1000:
            break
        amount, unit = amount / 1000, larger
    return f"{amount:.0f} {unit}" if unit == "B" or amount >= 100 else f"{amount:.1f} {unit}"
