"""Bounds from outside: the decided case, and the agreement that another one follows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Protocol

from licensing.agreements.calendar_days import longest
from licensing.agreements.errors import Fault
from licensing.agreements.facts import Granted
from licensing.agreements.terms import ITEMS, Terms


class Days(Protocol):
    """The days of a signed agreement."""

    first_day: date | None
    last_day: date | None


def fault(item: str, code: str, zh: str, en: str) -> Fault:
    """A fault whose sentences begin with the name of the item."""
    name = ITEMS[item]
    return Fault(item, code, f"“{name[0]}”{zh}", f'"{name[1]}": {en}')


class Sides(Protocol):
    """Whose an agreement is now."""

    provider_id: str
    applicant_id: str


def succeeded_faults(terms: Terms, agreement: Sides) -> tuple[Fault, ...]:
    """Terms that name a party whose agreements have passed to a successor since (SX-16, QD-8)."""
    if (terms.parties.provider, terms.parties.applicant) == (agreement.provider_id, agreement.applicant_id):
        return ()
    return (
        fault(
            "parties",
            "contradictory",
            "中有一方已由其他主体承继，请更新。",
            "a party has been succeeded by another one; name that one.",
        ),
    )


def follow_faults(terms: Terms, relation: str, former: Days) -> tuple[Fault, ...]:
    """What hinders ``terms`` from amending (``amends``) or renewing (``renews``) a signed agreement.

    An amendment keeps the first day, so that the longest term counts from there; a renewal begins on the day
    after the last one.
    """
    if terms.term is None or former.first_day is None or former.last_day is None:
        return ()
    if relation == "amends" and terms.term.first_day != former.first_day:
        return (
            fault("term", "contradictory", "的起始日与原协议不同。", "begins on another day than before."),
        )
    if relation == "renews" and terms.term.first_day != former.last_day + timedelta(days=1):
        return (
            fault(
                "term",
                "contradictory",
                "没有紧接原协议的截止日。",
                "does not follow the former term at once.",
            ),
        )
    return ()


def beyond(terms: Terms, granted: Granted) -> Iterator[Fault]:
    """Nothing goes beyond what was decided: data, purpose, system, mode and term (HB-24, SX-18)."""
    for each in terms.data:
        if each.dataset not in granted.datasets:
            yield fault(
                "data", "beyond_case", f"超出批准范围：《{each.title}》。", f'"{each.title}" was not granted.'
            )
        elif extra := [f.name for f in each.fields if f.name not in granted.datasets[each.dataset]]:
            yield fault(
                "data",
                "beyond_case",
                f"中《{each.title}》的数据项超出批准范围：{'、'.join(extra)}。",
                f'fields of "{each.title}" that were not granted: {", ".join(extra)}.',
            )
    if terms.purpose is not None and terms.purpose.text.strip() != granted.purpose.strip():
        yield fault("purpose", "beyond_case", "与批准的用途不一致。", "not the purpose that was granted.")
    if terms.scope is not None and terms.scope.system.strip() != granted.system.strip():
        yield fault("scope", "beyond_case", "中的系统与批准的不一致。", "not the system that was granted.")
    if terms.mode is not None and terms.mode.mode != granted.mode:
        yield fault("mode", "beyond_case", "与批准的方式不一致。", "not the mode that was granted.")
    if terms.term is not None and terms.term.last_day > longest(terms.term.first_day, granted.years):
        yield fault("term", "beyond_case", f"超过批准的{granted.years}年。", "longer than was granted.")
    if terms.security is not None and not set(granted.sensitive) <= set(terms.security.sensitive):
        yield fault(
            "security",
            "beyond_case",
            "遗漏了批准时认定的敏感数据类别。",
            "a kind of protected data that the case names is left out.",
        )
