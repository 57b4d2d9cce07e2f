"""The policy of an entry in ODRL 2.2: what may be done with it, what is owed for it, what is forbidden.

Open data: use, copy, pass on, build upon, for any purpose; the source and the day of acquisition are named
(SX-18(2)) and nobody tries to find out whom a record is about. Data open on condition: used after an
application was granted, for the purpose that was granted. What is not open: nothing.

Sources: W3C ODRL Information Model 2.2 and Vocabulary; SX-12, SX-14, SX-15. Actions that ODRL lacks are in
the portal's own vocabulary.
"""

from __future__ import annotations

from typing import Any

from ckanext.govdata.interchange.entry import Entry, Site

CONTEXT = "http://www.w3.org/ns/odrl.jsonld"
OWN = "urn:govdata:catalogue#"
USES = ("use", "reproduce", "distribute", "derive", "http://creativecommons.org/ns#CommercialUse")
_FREE = frozenset({"cc-zero", "odc-pddl"})
_SHARE_ALIKE = frozenset({"cc-by-sa", "odc-odbl"})


def policy(entry: Entry, site: Site) -> dict[str, Any]:
    """The policy as JSON-LD; ``uid`` is its own address."""
    document: dict[str, Any] = {
        "@context": [CONTEXT, {"rdfs": "http://www.w3.org/2000/01/rdf-schema#", "gov": OWN}],
        "@type": "Set",
        "uid": f"{entry.url}/policy.jsonld",
        "http://purl.org/dc/terms/license": {"@id": entry.licence.url},
    }
    target = f"{site.url}/dataset/{entry.id}"
    party = _party(entry, site)
    if entry.is_open:
        document["permission"] = [
            {"target": target, "assigner": party, "action": list(USES), "duty": _duties(entry, party)}
        ]
        document["prohibition"] = [{"target": target, "action": OWN + "reidentify"}]
    elif entry.elements.get("open_type") == "conditional":
        document["permission"] = [
            {
                "target": target,
                "assigner": party,
                "action": "use",
                "duty": [
                    {"action": OWN + "apply", "target": f"{entry.url}#apply"},
                    {"action": "obtainConsent", "consentingParty": party},
                    *_duties(entry, party),
                ],
                "constraint": [
                    {"leftOperand": "purpose", "operator": "isAnyOf", "rightOperand": OWN + "grantedPurpose"}
                ],
                **_comment(entry.elements.get("open_condition", "")),
            }
        ]
        document["prohibition"] = [
            {"target": target, "action": "distribute"},
            {"target": target, "action": OWN + "reidentify"},
        ]
    else:
        document["prohibition"] = [
            {"target": target, "action": "use", **_comment(entry.elements.get("open_condition", ""))}
        ]
    return document


def _duties(entry: Entry, party: str) -> list[dict[str, Any]]:
    if entry.licence.id in _FREE:
        return []
    duties: list[dict[str, Any]] = [
        {"action": "attribute", "attributedParty": party},
        {"action": OWN + "nameDayOfAcquisition"},
    ]
    if entry.licence.id in _SHARE_ALIKE:
        duties.append({"action": "http://creativecommons.org/ns#ShareAlike"})
    return duties


def _party(entry: Entry, site: Site) -> str:
    return f"{site.url}/organization/{entry.department.name}" if entry.department else site.url


def _comment(text: str) -> dict[str, Any]:
    return {"rdfs:comment": {"@value": text, "@language": "zh"}} if text else {}
