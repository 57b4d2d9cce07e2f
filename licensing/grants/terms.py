"""What a grant allows, as typed values: datasets, fields, rows, purpose, system, term, quota, network."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from ipaddress import ip_network
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from licensing.core.errors import InvalidInput
from licensing.core.store.text import refuse_unstorable
from licensing.grants.rows import Condition

Id = Annotated[str, Meta(min_length=1, max_length=64)]
Short = Annotated[str, Meta(min_length=1, max_length=300)]
Limit = Annotated[int, Meta(ge=1, le=2**53)]


class _Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class GrantedDataset(_Value, frozen=True):
    """A dataset with the fields that may be seen; ``rows``: every condition holds for each row."""

    id: Id
    fields: Annotated[tuple[Short, ...], Meta(min_length=1)]
    rows: tuple[Condition, ...] = ()


class Quota(_Value, frozen=True):
    """Most calls, rows and bytes in a calendar day and month of China; None: no limit."""

    calls_per_day: Limit | None = None
    rows_per_day: Limit | None = None
    bytes_per_day: Limit | None = None
    calls_per_month: Limit | None = None
    rows_per_month: Limit | None = None
    bytes_per_month: Limit | None = None


class Terms(_Value, frozen=True):
    """``begins`` and ``ends`` are the first and the last day; ``networks`` (CIDR) empty: from anywhere."""

    datasets: Annotated[tuple[GrantedDataset, ...], Meta(min_length=1)]
    purpose: Annotated[str, Meta(min_length=1, max_length=4000)]
    system: Short
    begins: date
    ends: date
    quota: Quota = Quota()
    networks: tuple[Short, ...] = ()

    def dataset(self, dataset_id: str) -> GrantedDataset | None:
        return next((each for each in self.datasets if each.id == dataset_id), None)


def parse_terms(data: object) -> Terms:
    """Terms out of plain data.

    Raises:
        InvalidInput: ill-typed, a network that is none, a dataset twice; the place is named, no value.
    """
    refuse_unstorable(data)
    try:
        terms = msgspec.convert(data, Terms)
    except msgspec.ValidationError as error:
        raise _refused(str(error).rpartition(" - at ")[2].strip("`") or "$") from None
    for where in _faults(terms):
        raise _refused(where)
    return terms


def as_dict(terms: Terms) -> dict[str, Any]:
    """As JSON has it."""
    data: dict[str, Any] = msgspec.to_builtins(terms)
    return data


def _faults(terms: Terms) -> Iterator[str]:
    if len({each.id for each in terms.datasets}) != len(terms.datasets):
        yield "$.datasets"
    if terms.ends < terms.begins:
        yield "$.ends"
    for network in terms.networks:
        try:
            ip_network(network)
        except ValueError:
            yield "$.networks"


def _refused(where: str) -> InvalidInput:
    return InvalidInput(
        "授权内容有误（{where}），请检查后重新提交。",
        "The terms of the grant are not sound ({where}); check them and send them again.",
        where=where,
    )
