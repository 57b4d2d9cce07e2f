"""Validators; every public function here is registered under its own name."""

from __future__ import annotations

from typing import Any

from ckan import model
from ckan.plugins import toolkit as tk
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey

from ckanext.govdata.catalogue import catalogue_code, codes, conditions, numbering, uscc
from ckanext.govdata.interchange import origin
from ckanext.govdata.release import narrowing


def govdata_share_condition(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, _context: Context
) -> None:
    """Conditional sharing needs its condition (SX-12)."""
    _conditional(key, data, errors, conditions.share_condition, "share_type")


def govdata_share_basis(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, _context: Context
) -> None:
    """What is not shared needs a citation (HB-8(1))."""
    _conditional(key, data, errors, conditions.share_basis, "share_type")


def govdata_open_condition(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, _context: Context
) -> None:
    """Conditional opening needs its condition, closed data its basis (SX-14)."""
    _conditional(key, data, errors, conditions.open_condition, "open_type")


def govdata_still_reached(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Data that more people could have than the new types allow are withdrawn first (SX-12, SX-14)."""
    package = context.get("package")
    if package is None or not package.id:
        return
    types = _text(data.get(("open_type",))), _text(data.get(("share_type",)))
    found = narrowing.objection_to(model.Session, package, *types)
    if found is not None:
        errors[key].append(_localised(found.zh, found.en))
        raise tk.StopOnError


def govdata_catalogue_code(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Check the code and that no other entry has it; an empty one is assigned, once (SX-8).

    An entry of a department that has no catalogue number yet stays without a code. One that was harvested
    keeps the code of its own platform, and gets none of ours.
    """
    text = _text(data.get(key))
    elsewhere = _elsewhere(data)
    package = context.get("package")
    kept = (package.extras or {}).get("catalogue_code") if package is not None else None
    try:
        if text:
            catalogue_code.parse(text)
            owner = numbering.owner_of(
                model.Session(), text, elsewhere.platform if elsewhere is not None else ""
            )
            if owner is not None and owner != (data.get(("id",)) or getattr(package, "id", None)):
                raise catalogue_code.CatalogueCodeError(
                    f"资源代码 {text} 已被另一条目录使用。", f"Another entry already has the code {text}."
                )
    except catalogue_code.CatalogueCodeError as error:
        errors[key].append(_localised(error.zh, error.en))
        raise tk.StopOnError from error
    code = text or kept or (_assigned_code(data) if elsewhere is None else None)
    if code is None:
        data.pop(key, None)
        raise tk.StopOnError
    data[key] = code


def _elsewhere(data: FlattenDataDict) -> origin.Source | None:
    """The platform that an entry is being harvested from, by its extra fields."""
    found = {
        data.get((*key[:-1], "key")): value
        for key, value in data.items()
        if len(key) == 3 and key[0] == "extras" and key[2] == "value"
    }
    return origin.of_extras({str(name): value for name, value in found.items() if name})


def _assigned_code(data: FlattenDataDict) -> str | None:
    organization = model.Group.get(_text(data.get(("owner_org",))))
    if organization is None:
        return None
    entry = {name: _text(data.get((name,))) for name in ("catalogue_class", "base_library", "theme")}
    try:
        return numbering.assign(model.Session(), entry, organization)
    except (catalogue_code.CatalogueCodeError, codes.CodeListError):
        return None  # what is missing or wrong is reported by its own field


def govdata_catalogue_item(value: Any) -> Any:
    """Three digits: the department's number in catalogue codes."""
    if len(value) != 3 or not value.isascii() or not value.isdigit():
        raise tk.Invalid(_localised("目录部门号应为三位数字。", "The catalogue number is three digits."))
    return value


def govdata_department_code(value: Any) -> Any:
    """A unified social credit code with a right check character (GB 32100-2015)."""
    if not uscc.is_valid(value):
        raise tk.Invalid(
            _localised(
                "统一社会信用代码有误，请核对 18 位代码。",
                "The unified social credit code is wrong: check its 18 characters.",
            )
        )
    return value


def _conditional(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, rule: Any, type_field: str
) -> None:
    text = _text(data.get(key))
    objection = rule(_text(data.get((type_field,))), text)
    if objection is not None:
        errors[key].append(_localised(objection.zh, objection.en))
        raise tk.StopOnError
    if text:
        data[key] = text
    else:
        data.pop(key, None)
        raise tk.StopOnError


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


class Said(str):
    """A message in the reader's language that keeps both: a worker writes lists of errors for any reader."""

    zh: str
    en: str


def _localised(zh: str, en: str) -> str:
    language = tk.h.lang() if tk.request else "zh_Hans_CN"
    said = Said(zh if str(language).startswith("zh") else en)
    said.zh, said.en = zh, en
    return said
