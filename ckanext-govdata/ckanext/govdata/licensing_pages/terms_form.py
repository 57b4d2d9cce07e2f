"""The terms of an agreement as a form, and back.

The form shows every item of the newest version; what it does not show (references, grades) stays as it was.
Numbers that are none are left as text: the interface says where they stand.
"""

from __future__ import annotations

import copy
from typing import Any, Final

from werkzeug.datastructures import MultiDict

Form = MultiDict[str, str]
_CENTS: Final = 100
_PERMILLE: Final = 10
DETAILS: Final = ("address", "representative", "contact", "telephone")
"""How a party is reached; names and codes are the register's."""


def terms_of(form: Form, before: dict[str, Any]) -> dict[str, Any]:
    """The terms that the form asks for; ``before`` is the version that it was made of."""
    terms = copy.deepcopy(before)
    terms["title"] = _text(form, "title") or before["title"]
    terms["scope"] = {name: _text(form, f"scope.{name}") for name in ("activities", "system", "environment")}
    terms["data"] = [
        {**each, "fields": [field for field in each["fields"] if _kept(form, each, field)]}
        for each in before["data"]
        if any(_kept(form, each, field) for field in each["fields"])
    ]
    terms["purpose"] = {"text": _text(form, "purpose.text")}
    terms["term"] = {name: _text(form, f"term.{name}") for name in ("first_day", "last_day")}
    terms["security"] = {
        "duties": form.getlist("security.duties"),
        "sensitive": form.getlist("security.sensitive"),
        "confidentiality_agreement": "security.confidentiality_agreement" in form,
        "contact": _text(form, "security.contact"),
    }
    terms["breach"] = {"cure_days": _number(form, "breach.cure_days"), "text": _text(form, "breach.text")}
    terms["termination"] = {
        "notice_days": _number(form, "termination.notice_days"),
        "clearing": form.get("termination.clearing", "destroy"),
        "clearing_days": _number(form, "termination.clearing_days"),
        "text": _text(form, "termination.text"),
    }
    terms["dispute"] = {"way": form.get("dispute.way", "court"), "body": _text(form, "dispute.body")}
    if terms["kind"] == "cooperation":
        terms.update(_use(form))
    return terms


def _use(form: Form) -> dict[str, Any]:
    """What only a cooperation agreement settles."""
    mode, model = form.get("mode.mode", "api"), form.get("income.model", "free")
    return {
        "mode": {
            "mode": mode,
            "daily_quota": _number(form, "mode.daily_quota") if mode in ("api", "query") else 0,
            "update_cycle": _text(form, "mode.update_cycle"),
        },
        "income": {
            "model": model,
            "fee_cents": _scaled(form, "income.fee", _CENTS) if model == "fee" else 0,
            "share_permille": _scaled(form, "income.share", _PERMILLE) if model == "share" else 0,
            "text": _text(form, "income.text"),
        },
        "products": {
            "planned": [
                line.strip() for line in form.get("products.planned", "").splitlines() if line.strip()
            ],
            "tradable": "products.tradable" in form,
        },
        "citation": {
            "source": "citation.source" in form,
            "acquisition_date": "citation.acquisition_date" in form,
            "text": _text(form, "citation.text"),
        },
    }


def details_of(form: Form, side: str) -> dict[str, str]:
    """What one side says about how it is reached; ``side`` is provider or applicant."""
    return {name: _text(form, f"{side}.{name}") for name in DETAILS if f"{side}.{name}" in form}


def faults_by_item(faults: dict[str, str]) -> dict[str, str]:
    """What is wrong, by item of the terms: ``terms/term/first_day`` stands beside ``term``."""
    found: dict[str, str] = {}
    for place, sentence in faults.items():
        item = place.removeprefix("terms/").split("/")[0]
        found[item] = f"{found[item]} {sentence}" if item in found else sentence
    return found


def _kept(form: Form, dataset: dict[str, Any], field: dict[str, Any]) -> bool:
    return field["name"] in form.getlist(f"data.{dataset['dataset']}")


def _text(form: Form, name: str) -> str:
    return form.get(name, "").strip().replace("\r\n", "\n")


def _number(form: Form, name: str) -> int | str:
    text = _text(form, name)
    return int(text) if text.isdecimal() and len(text) < 16 else text


def _scaled(form: Form, name: str, factor: int) -> int | str:
    """Yuan to cents, per cent to per mille, without the rounding of binary fractions."""
    whole, _, rest = _text(form, name).partition(".")
    digits = len(str(factor)) - 1
    if not whole.isdecimal() or len(whole) > 13 or (rest and not rest.isdecimal()) or len(rest) > digits:
        return _text(form, name)
    return int(whole) * factor + int(rest.ljust(digits, "0") or "0")
