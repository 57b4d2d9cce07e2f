"""Checks what was proposed against the catalogue and the schema; a proposal or errors come of it.

Nothing is stored here. An entry that exists is found by its catalogue code or its short name; a column that
the sheet does not have leaves that element of an existing entry as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ckan import model

from ckanext.govdata.catalogue import bulk
from ckanext.govdata.catalogue.changes import current, difference
from ckanext.govdata.catalogue.changes.current import Current
from ckanext.govdata.catalogue.conditions import Objection
from ckanext.govdata.catalogue.fields import (
    BY_FIELD,
    ELEMENTS,
    ITEMS,
    ITEMS_FIELD,
    Document,
    as_given,
    canonical,
)
from ckanext.govdata.catalogue.registers import bases, leads
from ckanext.govdata.catalogue.sheet.reading import Read, Sheet

Progress = Callable[[str, int, int], None]
RESTRICTED = frozenset({"conditional", "none"})
_SHARING = ("share_type", "share_condition", "share_basis")
_BELONGS = {"tag_string": "tags", "owner_org": "title", "__before": "title", "extras": "title", "id": "name"}


@dataclass(slots=True)
class Checked:
    """The outcome of a check."""

    proposal: list[Document] = field(default_factory=list)
    unchanged: int = 0
    objections: list[dict[str, Any]] = field(default_factory=list)

    def summary(self) -> dict[str, Any]:
        """Counts, and whether the administrator has to decide (SX-12)."""
        kinds = [one["kind"] for one in self.proposal]
        return {
            "new": kinds.count("new"),
            "changed": kinds.count("changed"),
            "ended": kinds.count("ended"),
            "unchanged": self.unchanged,
            "errors": len(self.objections),
            "needs_decision": any(one["restricts"] for one in self.proposal),
        }


def sheet(session: Any, read: Sheet, organization: model.Group, user: str, progress: Progress) -> Checked:
    """Check everything that a workbook said. ``user``: the compiler, in whose name entries are stored."""
    for entry in read.entries:
        _provider(read, entry, organization)
    found = _existing(session, read.entries)
    absent = {e.field for e in ELEMENTS if e.field not in read.places}
    if not any(key.startswith("item:") for key in read.places):
        absent.add(ITEMS_FIELD)
    pairs: list[tuple[Read, Current | None]] = []
    taken: set[str] = set()
    for entry in read.entries:
        existing = _match(read, entry, found, organization, taken)
        if existing is not None:
            inherited = {name: existing.document[name] for name in absent if name in existing.document}
            entry.document = {**inherited, **entry.document}
            entry.document.setdefault("name", existing.document["name"])
            if existing.document.get("catalogue_code"):
                entry.document.setdefault("catalogue_code", existing.document["catalogue_code"])
            if entry.document["name"] != existing.document["name"]:
                zh = "网址短名不能改：已公布的地址会失效。"
                read.object_to(entry, "name", zh, "The short name stays: addresses given out would break.")
        pairs.append((entry, existing))
    return _examined(session, read, pairs, organization, user, progress)


def one(
    session: Any, document: Document, existing: Current | None, organization: model.Group, user: str
) -> tuple[Checked, dict[str, Any]]:
    """Check one entry that came by a form or the API; (outcome, objections by field as CKAN gives them)."""
    entry = Read(0, canonical(document))
    if existing is not None:
        entry.document.setdefault("name", existing.document["name"])
        if existing.document.get("catalogue_code"):
            entry.document.setdefault("catalogue_code", existing.document["catalogue_code"])
    given = _given(entry.document, existing, organization)
    coded = bulk.with_codes(session, [given], reserve=False) if existing is None else [given]
    ((valid, errors),) = bulk.examined(coded, user)
    errors = {**errors, **_statutory(entry.document, organization.id, leads.known(session))}
    if existing is not None and entry.document.get("name") != existing.document["name"]:
        errors = {**errors, "name": ["网址短名不能改。 The short name stays."]}
    checked = Checked()
    if not errors:
        _propose(checked, entry, existing, valid)
    return checked, errors


def ending(existing: Current) -> Checked:
    """The outcome for an entry that is to leave the catalogue: nothing of it can be wrong."""
    return Checked(
        proposal=[
            {
                "kind": "ended",
                "row": None,
                "id": existing.id,
                "base": current.fingerprint(existing.document),
                "document": existing.document,
                "difference": [difference.ENDED],
                "restricts": False,
                "valid": None,
            }
        ]
    )


def _provider(read: Sheet, entry: Read, organization: model.Group) -> None:
    if entry.provider and entry.provider not in (organization.title, organization.name):
        zh = f"信息资源提供方应为“{organization.title}”：每个部门导入自己的目录。"
        read.object_to(entry, "owner_title", zh, f"The provider has to be {organization.title}.")
    code = (organization.extras or {}).get("department_code", "")
    if entry.provider_code and code and entry.provider_code != code:
        read.object_to(entry, "owner_code", f"提供方代码应为 {code}。", f"The provider's code is {code}.")


def _existing(session: Any, entries: Sequence[Read]) -> dict[str, Current]:
    """Existing entries by ``code:…`` and ``name:…``."""
    codes = {str(e.document["catalogue_code"]) for e in entries if e.document.get("catalogue_code")}
    names = {str(e.document["name"]) for e in entries if e.document.get("name")}
    found: dict[str, Current] = {}
    if codes or names:
        for each in current.by_codes_or_names(session, codes, names):
            found[f"name:{each.document['name']}"] = each
            # Another platform counts for itself: its code may be one of ours.
            if each.document.get("catalogue_code") and not each.elsewhere:
                found[f"code:{each.document['catalogue_code']}"] = each
    return found


def _match(
    read: Sheet, entry: Read, found: dict[str, Current], organization: model.Group, taken: set[str]
) -> Current | None:
    document = entry.document
    by_code = found.get(f"code:{document.get('catalogue_code', '')}")
    by_name = found.get(f"name:{document.get('name', '')}")
    existing = by_code or by_name
    if existing is None:
        return None
    key = "catalogue_code" if by_code else "name"
    if by_code and by_name and by_code.id != by_name.id:
        zh = "信息资源代码和网址短名分别属于两条不同的目录。"
        read.object_to(entry, "name", zh, "Code and short name belong to two different entries.")
    elif existing.owner_org != organization.id:
        zh = "这条目录属于其他部门，不能由本部门修改。"
        read.object_to(entry, key, zh, "This entry belongs to another department.")
    elif existing.id in taken:
        zh = "同一条目录在表中出现了两次。"
        read.object_to(entry, key, zh, "The same entry stands in the sheet twice.")
    else:
        taken.add(existing.id)
        return existing
    return None


def _given(document: Document, existing: Current | None, organization: model.Group) -> Document:
    given = {**as_given(document), "owner_org": organization.id}
    if existing is not None:
        given["id"] = existing.id
    return given


def _examined(
    session: Any,
    read: Sheet,
    pairs: list[tuple[Read, Current | None]],
    organization: model.Group,
    user: str,
    progress: Progress,
) -> Checked:
    checked = Checked()
    moving = [(entry, was) for entry, was in pairs if was is None or was.document != entry.document]
    checked.unchanged = len(pairs) - len(moving)
    for entry, was in moving:
        if was is not None and was.elsewhere:
            zh = "这条目录来自其他平台，只能在来源平台修改。"
            read.object_to(
                entry, "name", zh, "This entry comes from another platform and changes only there."
            )
    wrong = {objection.row for objection in read.objections}
    given = [_given(entry.document, was, organization) for entry, was in moving]
    named = leads.known(session)
    places = [at for at, one in enumerate(given) if "id" not in one]
    for at, coded in zip(
        places, bulk.with_codes(session, [given[at] for at in places], reserve=False), strict=True
    ):
        given[at] = coded
    for (entry, was), (valid, errors) in zip(moving, bulk.examined(given, user, progress), strict=True):
        _object(read, entry, {**errors, **_statutory(entry.document, organization.id, named)}, wrong)
        _propose(checked, entry, was, valid)
    checked.objections = [o.as_dict() for o in sorted(read.objections, key=lambda o: (o.row, o.at))]
    return checked


_EMPTY = Objection("必填，不能为空。", "Required: it is empty.")


def _statutory(document: Document, organization_id: str, named: leads.Leads) -> dict[str, list[Any]]:
    """What the regulations ask of what is compiled beyond the schema, by element."""
    found = {e.field: _EMPTY for e in ELEMENTS if e.required and not document.get(e.field)}
    found |= leads.objections(document, organization_id, named)
    basis = bases.collection_basis(document)
    if basis is not None:
        found["collection_basis"] = basis
    return {element: [Both(objection.zh, objection.en)] for element, objection in found.items()}


class Both(str):
    """An objection in Chinese that carries its English, as the validators' messages do."""

    zh: str
    en: str

    def __new__(cls, zh: str, en: str) -> Both:
        made = super().__new__(cls, f"{zh} {en}")
        made.zh, made.en = zh, en
        return made


def _propose(checked: Checked, entry: Read, existing: Current | None, valid: Document) -> None:
    before = existing.document if existing is not None else {}
    if existing is not None and before == entry.document:
        checked.unchanged += 1
        return
    after = entry.document
    restricts = after.get("share_type") in RESTRICTED and any(before.get(f) != after.get(f) for f in _SHARING)
    checked.proposal.append(
        {
            "kind": "new" if existing is None else "changed",
            "row": entry.row or None,
            "id": existing.id if existing is not None else None,
            "base": current.fingerprint(before) if existing is not None else None,
            "document": after,
            "difference": difference.between(before, after) if existing is not None else [],
            "restricts": restricts,
            "valid": bulk.kept(valid),
        }
    )


def _object(read: Sheet, entry: Read, errors: dict[str, Any], wrong: set[int]) -> None:
    """The schema's objections at their cells; a cell that was objected to while reading is not repeated."""
    for name, said in errors.items():
        if name == ITEMS_FIELD and said and isinstance(said[0], dict):
            for number, about in enumerate(said):
                row = entry.item_rows[number] if number < len(entry.item_rows) else entry.row
                for item_field, messages in about.items():
                    if any(e.field == item_field for e in ITEMS):
                        _add(read, entry, f"item:{item_field}", messages, row, wrong)
            continue
        key = _BELONGS.get(name, name if name in BY_FIELD else "title")
        _add(read, entry, key, said, entry.row, wrong)


def _add(read: Sheet, entry: Read, key: str, messages: Any, row: int, wrong: set[int]) -> None:
    at = read.places.get(key)
    if row in wrong and any(o.row == row and o.at == at for o in read.objections):
        return
    for message in messages if isinstance(messages, list) else [messages]:
        zh, en = _both(message)
        read.object_to(entry, key, zh, en, row)


def _both(message: Any) -> tuple[str, str]:
    """A validator's message in Chinese and English; what only CKAN says is said as it says it."""
    if hasattr(message, "zh"):
        return message.zh, message.en
    text = str(message)
    for beginning, zh, en in _CORE:
        if text.startswith(beginning):
            return zh, en
    return text, text


_CORE = (
    ("Missing value", "必填，不能为空。", "Required: it is empty."),
    ("缺失值", "必填，不能为空。", "Required: it is empty."),
    (
        "That URL is already in use",
        "网址短名已被其他目录使用。",
        "Another entry already has this short name.",
    ),
    (
        "That name cannot be used",
        "这个网址短名不能使用，请换一个。",
        "This short name cannot be used: take another.",
    ),
    (
        "Must be purely lowercase",
        "只能用小写字母、数字、“-”和“_”。",
        "Lower-case letters, digits, - and _ only.",
    ),
    ("Must be at least", "至少 2 个字符。", "At least 2 characters."),
    ("Name must be a maximum", "最多 100 个字符。", "100 characters at most."),
    ("Must be a natural number", "应为正整数。", "A whole number above 0."),
    ("Must be a postive integer", "应为正整数。", "A whole number above 0."),
    ("Invalid integer", "应为整数。", "A whole number."),
    ("Date format incorrect", "日期应为 2026-03-14 的形式。", "A date such as 2026-03-14."),
    ("License", "没有这个许可协议。", "There is no such licence."),
)
"""Messages of CKAN's own validators (as a worker sees them: English), by how they begin."""
