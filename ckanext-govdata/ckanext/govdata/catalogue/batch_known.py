"""What validators ask the database for each entry, asked once for a batch.

Each of these answers only the question that was settled for the whole batch (the short name is free, the code
is nobody's, the department exists and may be written for); whatever else there is to say is left to the
validator that it stands for, which is called as before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, cast

import sqlalchemy as sa
from ckan import model
from ckan.lib.navl import validators as navl
from ckan.lib.navl.dictization_functions import StopOnError, missing
from ckan.logic import converters
from ckan.logic import validators as core
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey
from sqlalchemy.orm import Session

from ckanext.govdata.catalogue import catalogue_code
from ckanext.govdata.logic import validators as ours

Validator = Callable[..., Any]
_AT_ONCE: Final = 5000
_PLACE, _PLACES = "govdata_extras_place", "govdata_extras_places"
"""In the context of one validation: the last place among the extras, and what stands where."""


def of_batch(session: Session, entries: Iterable[Mapping[str, Any]]) -> dict[Validator, Validator]:
    """Validators to use instead of others while ``entries`` are validated, in the order of a loop.

    They hold while the caller's transaction keeps others from taking names and codes, or while what is taken
    meanwhile is found again before anything is stored, as :mod:`..changes.apply` does.
    """
    listed = list(entries)
    names = {str(one["name"]) for one in listed if one.get("name")}
    codes = {str(one["catalogue_code"]) for one in listed if one.get("catalogue_code")}
    table = model.Package.__table__
    taken_names = _present(session, table.c.name, names)
    taken_codes = _present(session, table.c.extras["catalogue_code"].astext, codes)
    return {
        core.package_name_validator: _name(names - taken_names),
        core.owner_org_validator: _owner(),
        core.duplicate_extras_key: _duplicate,
        converters.convert_to_extras: _to_extras,
        ours.govdata_catalogue_code: _code(codes - taken_codes),
    }


def of_shown() -> dict[Validator, Validator]:
    """Validators to use instead of others for entries that are only shown.

    They do to the entry what the others do, without the questions and the sentences of objections, which
    nobody reads.
    """
    return {
        core.package_name_validator: _nothing,
        core.duplicate_extras_key: _nothing,
        navl.not_empty: _not_empty,
        converters.convert_from_extras: _from_extras,
    }


def _present(session: Session, column: Any, wanted: set[str]) -> set[str]:
    """Those of ``wanted`` that an entry has, in whatever state it is."""
    listed, found = sorted(wanted), set()
    for at in range(0, len(listed), _AT_ONCE):
        found |= set(
            session.execute(sa.select(column).where(column.in_(listed[at : at + _AT_ONCE]))).scalars()
        )
    return found


def _nothing(_key: FlattenKey, _data: FlattenDataDict, _errors: FlattenErrorDict, _context: Context) -> None:
    return None


def _not_empty(key: FlattenKey, data: FlattenDataDict, _errors: FlattenErrorDict, _context: Context) -> None:
    value = data.get(key)
    if value is missing or (not value and value not in (False, 0)):
        raise StopOnError


def _duplicate(key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context) -> None:
    named = [value for part, value in data.items() if part[0] == "extras" and part[-1] == "key"]
    if len(set(named)) < len(named):
        core.duplicate_extras_key(key, data, errors, context)


def _to_extras(key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context) -> None:
    """The next place is counted instead of looked for among all keys; the first is looked for."""
    place = cast("dict[str, Any]", context).get(_PLACE)
    if place is None:
        converters.convert_to_extras(key, data, errors, context)
        place = max(part[1] for part in data if len(part) > 1 and part[0] == "extras")
    else:
        place += 1
        data["extras", place, "key"] = key[-1]
        data["extras", place, "value"] = converters.unicode_safe(data[key])
    cast("dict[str, Any]", context)[_PLACE] = place


def _from_extras(key: FlattenKey, data: FlattenDataDict, _errors: FlattenErrorDict, context: Context) -> None:
    """The extras are looked through once instead of for each field."""
    known = cast("dict[str, Any]", context)
    if _PLACES not in known:
        named: dict[Any, Any] = {}
        parts: dict[Any, list[Any]] = {}
        for part, value in data.items():
            if part[0] == "extras" and len(part) > 1:
                parts.setdefault(part[1], []).append(part)
                if part[-1] == "key":
                    named.setdefault(value, part[1])
        known[_PLACES] = named, parts
    named, parts = known[_PLACES]
    place = named.pop(key[-1], None)
    if place is not None:
        data[key] = data["extras", place, "value"]
        for part in parts[place]:
            data.pop(part, None)


def _name(free: set[str]) -> Validator:
    shortest, longest = model.PACKAGE_NAME_MIN_LENGTH, model.PACKAGE_NAME_MAX_LENGTH

    def package_name(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        name = data[key]
        if name not in free or not shortest <= len(name) <= longest:
            core.package_name_validator(key, data, errors, context)

    return package_name


def _owner() -> Validator:
    allowed: dict[tuple[str, str], str] = {}

    def owner_org(key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context) -> None:
        asked = (str(context.get("user")), str(data.get(key)))
        new = not context.get("package") and data.get(key) not in (None, "", missing)
        if new and asked in allowed:
            data[key] = allowed[asked]
            return
        core.owner_org_validator(key, data, errors, context)
        if new:
            allowed[asked] = data[key]

    return owner_org


def _code(free: set[str]) -> Validator:
    def code(key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context) -> None:
        text = data.get(key)
        if text in free and catalogue_code.PATTERN.fullmatch(str(text)) and not str(text).endswith("/000000"):
            return
        ours.govdata_catalogue_code(key, data, errors, context)

    return code
