"""The agreement as an ODRL 2.2 document (W3C Recommendation, 2018): one ``Agreement`` a contract, JSON-LD.

Fields, rows and the system are not operands of ODRL's vocabulary; they stand in a namespace of this
software's own, declared in the document's context.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from licensing.core.errors import InvalidInput
from licensing.grants.models import Grant
from licensing.grants.terms import Terms, parse_terms

CONTEXT: Final[list[Any]] = [
    "http://www.w3.org/ns/odrl.jsonld",
    {"gd": "urn:govdata:terms:", "xsd": "http://www.w3.org/2001/XMLSchema#"},
]
PROFILE: Final = "urn:govdata:odrl:1"


def agreement(grants: Sequence[Grant]) -> dict[str, Any]:
    """The document of a contract, from all of its grants.

    Raises:
        InvalidInput: no grant, or grants of several agreements.
    """
    if not grants or len({each.agreement_id for each in grants}) != 1:
        raise InvalidInput(
            "该协议没有授权内容。", "An ODRL agreement is made of the grants of one agreement."
        )
    first = grants[0]
    every = [(each, parse_terms(each.terms)) for each in grants]
    return {
        "@context": CONTEXT,
        "@type": "Agreement",
        # ODRL asks a policy to name the profile whose terms (gd:…) it uses beside the core vocabulary.
        "profile": PROFILE,
        "uid": f"urn:govdata:agreement:{first.agreement_id}",
        "gd:number": first.agreement_number,
        "gd:filing": f"urn:govdata:filing:{first.filing_id}",
        "assigner": f"urn:govdata:party:{first.provider}",
        "assignee": f"urn:govdata:party:{first.holder}",
        "permission": [rule for grant, terms in every for rule in _permissions(grant, terms)],
        "prohibition": [
            {"target": target, "action": "distribute"}
            for target in sorted({_target(each.id) for _, terms in every for each in terms.datasets})
        ],
    }


def _permissions(grant: Grant, terms: Terms) -> list[dict[str, Any]]:
    shared = _constraints(terms)
    return [
        {
            "uid": f"urn:govdata:grant:{grant.id}:{place}",
            "target": _target(each.id),
            "action": "use",
            "constraint": [
                *shared,
                _constraint("gd:field", "isAnyOf", list(each.fields)),
                *(
                    {**_constraint("gd:row", _ROWS[row.op], list(row.values)), "gd:column": row.field}
                    for row in each.rows
                ),
            ],
            # SX-18: a product states the source and the date of the data that it uses.
            "duty": [{"action": "attribute"}],
        }
        for place, each in enumerate(terms.datasets, start=1)
    ]


_ROWS: Final = {
    "eq": "eq", "ne": "neq", "in": "isAnyOf", "lt": "lt", "le": "lteq", "gt": "gt", "ge": "gteq",
}  # fmt: skip


def _constraints(terms: Terms) -> list[dict[str, Any]]:
    made = [
        _constraint("purpose", "eq", terms.purpose),
        _constraint("gd:system", "eq", terms.system),
        _constraint("dateTime", "gteq", _day(f"{terms.begins}T00:00:00+08:00")),
        _constraint("dateTime", "lteq", _day(f"{terms.ends}T23:59:59+08:00")),
    ]
    quota = terms.quota
    for per, calls in (("P1D", quota.calls_per_day), ("P1M", quota.calls_per_month)):
        if calls is not None:
            made.append({**_constraint("count", "lteq", calls), "gd:per": per})
    limits = (
        ("gd:rows", "P1D", quota.rows_per_day),
        ("gd:rows", "P1M", quota.rows_per_month),
        ("gd:bytes", "P1D", quota.bytes_per_day),
        ("gd:bytes", "P1M", quota.bytes_per_month),
    )
    for operand, per, limit in limits:
        if limit is not None:
            made.append({**_constraint(operand, "lteq", limit), "gd:per": per})
    if terms.networks:
        made.append(_constraint("virtualLocation", "isAnyOf", list(terms.networks)))
    return made


def _constraint(left: str, operator: str, right: Any) -> dict[str, Any]:
    return {"leftOperand": left, "operator": operator, "rightOperand": right}


def _day(text: str) -> dict[str, str]:
    return {"@value": text, "@type": "xsd:dateTime"}


def _target(dataset_id: str) -> str:
    return f"urn:govdata:dataset:{dataset_id}"
