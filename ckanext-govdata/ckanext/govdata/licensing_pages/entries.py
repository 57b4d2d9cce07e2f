"""Catalogue entries and officers as pages of cases show them: columns with their sensitivity, names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.govdata.catalogue import codes
from ckanext.govdata.licensing_ports import people
from ckanext.govdata.views.form_guard import call

SENSITIVE_FROM: Final = "3"
"""The grade from which a column is about persons."""
_MOST_FOUND: Final = 8


@dataclass(frozen=True, slots=True)
class Column:
    """One information item; ``label`` is its Chinese name, ``grade`` the code of its sensitivity."""

    name: str
    label: str
    type: str
    grade: str

    @property
    def personal(self) -> bool:
        """Whether it is about persons."""
        return self.grade >= SENSITIVE_FROM


@dataclass(frozen=True, slots=True)
class Entry:
    """A catalogue entry as an application names it."""

    id: str
    name: str
    title: str
    provider: str
    provider_title: str
    open_type: str
    share_type: str
    columns: tuple[Column, ...]


def _entry(document: dict[str, Any]) -> Entry:
    return Entry(
        document["id"],
        document["name"],
        document["title"],
        document["owner_org"],
        (document.get("organization") or {}).get("title", ""),
        document.get("open_type", ""),
        document.get("share_type", ""),
        tuple(
            Column(each["name"], each.get("label") or each["name"], each["type"], str(each["sensitivity"]))
            for each in document.get("information_items") or []
        ),
    )


def visible(name: str) -> Entry | None:
    """An entry that the visitor may see, by name or id; None where there is none for them."""
    try:
        return _entry(call("package_show", {"id": name}))
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None


def of_case(ids: Iterable[str]) -> dict[str, Entry]:
    """Entries of a case that the visitor was given: its sides see them also after they left the catalogue."""
    found: dict[str, Entry] = {}
    for each in ids:
        try:
            document = tk.get_action("package_show")({"ignore_auth": True, "user": ""}, {"id": each})
        except tk.ObjectNotFound:
            continue
        found[each] = _entry(document)
    return found


def search(words: str, provider: str | None) -> list[Entry]:
    """Entries that answer ``words``, of one department where it is settled already."""
    wanted = f'owner_org:"{provider}"' if provider else "*:*"
    found = call("package_search", {"q": words, "fq": f"{wanted} +type:dataset", "rows": _MOST_FOUND})
    return [_entry(each) for each in found["results"]]


def sensitivity(grade: str) -> str:
    """The grade's name in the reader's language."""
    for each in codes.code_list("sensitivity"):
        if each.value == grade:
            return str(each.label(str(tk.h.lang())))
    return grade


def actors(ids: Iterable[str]) -> dict[str, str]:
    """Who took a step, by account: officers by name; anybody else is the applicant of the case."""
    found: dict[str, str] = {}
    for each in set(ids):
        account = model.User.get(each)
        if account is not None and people.offices_of(account):
            found[each] = account.fullname or account.name
    return found
