"""Takes the demonstration's cooperation from application to product, by the operations that people use.

Each side acts with its own demonstration account and signs with a key that is made here, certified by the
demonstration's authority, and forgotten with the process. A second call finds what is done and goes on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from functools import cache
from importlib import resources
from typing import Any, Final

import sqlalchemy as sa
import yaml
from ckan import model
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from ckanext.govdata.demo.accounts import account
from ckanext.govdata.licensing_pages.interface import Interface, Refused
from ckanext.govdata.licensing_ports import departments, people
from ckanext.govdata.licensing_ports.catalogue import PortalCatalogue
from ckanext.govdata.licensing_ports.setup import setup
from ckanext.govdata.model import Release, ReleaseArtifact
from licensing.http.dispatch import Dispatcher
from licensing.parties.numbers import uscc_check
from licensing.ports import GATEWAY, Principal
from licensing.signatures.authority import Subject
from licensing.signatures.client import Request, respond
from licensing.web import all_routes

CHINA: Final = timezone(timedelta(hours=8))
GATE: Final = "demo-gateway"
"""Who reports a hand-over of data."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class _Key:
    """A signer's key and certificate in this process's memory only."""

    key: ec.EllipticCurvePrivateKey
    chain: bytes

    def certificates(self) -> bytes:
        return self.chain

    def sign(self, data: bytes) -> bytes:
        return self.key.sign(data, ec.ECDSA(hashes.SHA256()))


def load(say: Say) -> None:
    """Partners, and each case as far as the file says. Does nothing without a database for agreements.

    Raises Refused when a step is not taken; what was done stays.
    """
    if not setup().environment.get("LICENSING_DATABASE"):
        return
    told = _told()
    departments.enter_new(setup())
    partners = {each["id"]: each for each in told["partners"]}
    for each in partners.values():
        _register(each)
    for each in told["cases"]:
        _Story(each, partners[each["partner"]]).tell()
    say(f"cases of cooperation: {len(told['cases'])}")


def _told() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("cooperation.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


@cache
def _dispatcher(who: str) -> Dispatcher:
    """The interface as one account acts, or as the gate that reports hand-overs."""

    def authenticate(_request: Any, session: Any) -> Principal:
        if who == GATE:
            return Principal(GATE, GATE, frozenset({GATEWAY}))
        return people.principal_of(model.User.by_name(who), session)

    return Dispatcher(replace(setup().settings(), authenticate=authenticate), all_routes())


def _as(who: str) -> Interface:
    """``administrator`` of the platform, or the account of that name."""
    name = account("administrator").name if who == "administrator" else who
    return Interface(_dispatcher(name), "zh")


def _register(partner: dict[str, Any]) -> None:
    office, here = _as("administrator"), f"/partners/{partner['id']}"
    try:
        office.get(here)
    except Refused as error:
        if error.status != 404:
            raise
        code = partner["code"] + uscc_check(partner["code"])
        office.post("/partners", {"name": partner["name"], "uscc": code, "partner_id": partner["id"]})
        office.post(f"{here}/verify", {"method": "electronic_licence"})
    with setup().session() as session:
        people.join(model.User.by_name(partner["account"]), partner["id"], session)
        session.commit()


Step = tuple[str, str, dict[str, Any]]
"""Whose step (``applicant``, ``provider`` or ``office``), its word, what it says."""
CASE: Final[Mapping[str, Step]] = {
    "draft": ("applicant", "submit", {}),
    "submitted": ("office", "accept", {"sensitive": [], "controlled": False}),
}
AGREEMENT: Final[Mapping[str, Step]] = {
    "draft": ("provider", "offer", {}),
    "offered": ("applicant", "agree", {}),
    "agreed": ("provider", "open-for-signing", {"national": False}),
}
FILING: Final[Mapping[str, Step]] = {
    "draft": ("provider", "submit", {}),
    "submitted": ("office", "accept", {}),
    "accepted": ("office", "approve", {}),
}
GRANT: Final[Mapping[str, Step]] = {"prepared": ("provider", "activate", {})}
PRODUCT: Final[Mapping[str, Step]] = {
    "draft": ("applicant", "submit", {}),
    "submitted": ("office", "publish", {}),
}


class _Story:
    """One case of the file, and what it leads to."""

    def __init__(self, told: dict[str, Any], partner: dict[str, Any]) -> None:
        found = model.Package.get(told["entry"])
        if found is None:
            raise LookupError(f"the demonstration has no entry {told['entry']}")
        self.told, self.partner, self.entry = told, partner, found
        department = model.Group.get(found.owner_org)
        self.sides = {
            "applicant": _as(partner["account"]),
            "provider": _as(account("reviewer", department.name).name),
            "office": _as("administrator"),
        }

    def tell(self) -> None:
        """Take every step that has not been taken."""
        case = self._found("applicant", "/cases", "purpose", self.told["purpose"]) or self._applied()
        until = self.told["until"]
        self._advance(f"/cases/{case}", CASE, last="submitted" if until == "submitted" else "")
        if until == "submitted":
            return
        if self._state(f"/cases/{case}") == "accepted":
            self._post("provider", f"/cases/{case}/approve", {"granted": {self.entry.id: self._fields()}})
        agreement = self._found("provider", "/agreements", "case_id", case) or self._post(
            "provider", "/agreements", {"case_id": case, "first_day": _today()}
        )
        self._advance(f"/agreements/{agreement}", AGREEMENT)
        self._sign(f"/agreements/{agreement}")
        filing = self._found("office", "/filings", "agreement_id", agreement) or self._post(
            "provider", "/filings",
            {"agreement_id": agreement, "matter": "authorised_development", "plan": self.told["plan"]},
        )  # fmt: skip
        self._advance(f"/filings/{filing}", FILING, last="submitted" if until == "filed" else "")
        if until == "granted":
            self._publish(agreement, filing)

    def _post(self, side: str, path: str, document: dict[str, Any]) -> str:
        """Post, and answer the id of what there is now."""
        return str(self.sides[side].post(path, document).document["id"])

    def _state(self, path: str) -> str:
        return str(self.sides["provider"].get(path).document["status"])

    def _found(self, side: str, path: str, member: str, value: str) -> str:
        """Id of the one whose ``member`` is ``value``; lists of some kinds show less than one alone."""
        for line in self.sides[side].all(path):
            whole = line if member in line else self.sides[side].get(f"{path}/{line['id']}").document
            if whole[member] == value:
                return str(whole["id"])
        return ""

    def _advance(self, path: str, steps: Mapping[str, Step], *, last: str = "") -> None:
        """Take steps until the state is ``last``, or has none. A draft is its maker's alone."""
        first = next(iter(steps.values()))[0]
        while (state := self.sides[first].get(path).document["status"]) in steps and state != last:
            side, word, document = steps[state]
            self.sides[side].post(f"{path}/{word}", document)

    def _applied(self) -> str:
        asked = {name: self.told[name] for name in ("purpose", "grounds", "system", "statement")}
        return self._post("applicant", "/cases", {
            "kind": "development", "applicant_kind": "partner", "applicant_id": self.partner["id"],
            "draft": {"items": [{"dataset": self.entry.id, "fields": self._fields()}], **asked},
        })  # fmt: skip

    def _fields(self) -> list[str]:
        return [field.name for field in PortalCatalogue().dataset(self.entry.id).fields]  # type: ignore[union-attr]

    def _sign(self, agreement: str) -> None:
        """Each side looks, signs, and hands back only its signature."""
        document = self.sides["provider"].get(agreement).document["document_id"]
        here = f"/documents/{document}"
        while turn := (shown := self.sides["provider"].get(here).document)["turn"]:
            who = next(each for each in shown["manifest"]["signatories"] if each["side"] == turn)
            side = self.sides["provider" if turn == "a" else "applicant"]
            key = _certified(who["name"], who["identifier"])
            told = side.post(f"{here}/signature-requests", {"chain": key.chain.decode()}).document
            request = Request.from_json(json.dumps(told))
            request.check(side.file(f"/signature-requests/{request.id}/file").get_data())
            side.post(f"/signature-requests/{request.id}/signature", json.loads(respond(request, key, None)))

    def _publish(self, agreement: str, filing: str) -> None:
        """Granted, handed over, and made into a product that names source and day."""
        offer = self.sides["provider"].get(f"/agreements/{agreement}/grantable").document
        grant = self._found("applicant", "/grants", "agreement_id", agreement) or self._post(
            "provider", "/grants", {"agreement_id": agreement, "filing_id": filing, "terms": offer}
        )
        self._advance(f"/grants/{grant}", GRANT)
        product = self._found("applicant", "/products", "agreement_id", agreement)
        if not product:
            _as(GATE).post("/usage/downloads", {
                "holder": self.partner["id"], "dataset_id": self.entry.id, "agreement_id": agreement,
                **self._newest_file(),
            })  # fmt: skip
            sources = [{"dataset_id": self.entry.id, "acquired": _today()}]
            product = self._post("applicant", "/products", {
                "agreement_id": agreement, "kind": "application", **self.told["product"], "sources": sources,
            })  # fmt: skip
        self._advance(f"/products/{product}", PRODUCT)

    def _newest_file(self) -> dict[str, Any]:
        query = (
            sa.select(Release.number, ReleaseArtifact.sha256, ReleaseArtifact.size)
            .join(ReleaseArtifact, ReleaseArtifact.release_id == Release.id)
            .where(Release.dataset_id == self.entry.id, ReleaseArtifact.format == "csv")
            .order_by(Release.number.desc())
        )
        number, digest, size = model.Session.execute(query).first()
        return {"release": number, "sha256": digest, "size": size}


def _today() -> str:
    return datetime.now(CHINA).date().isoformat()


@cache
def _certified(name: str, identifier: str) -> _Key:
    ordinary, _ = setup().authority()
    key = ec.generate_private_key(ec.SECP256R1())
    asked = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, hashes.SHA256())
    issued = ordinary.issue(asked, Subject(f"{name}签署人", identifier, name))
    chain = b"".join(each.public_bytes(Encoding.PEM) for each in (issued.certificate, *issued.chain[:1]))
    return _Key(key, chain)
