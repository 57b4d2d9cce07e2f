"""The whole way over HTTP: register, case, agreement, signatures, filing, each step by whoever takes it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from licensing.ports import ADMINISTRATOR, APPLICANT, PROVIDER
from licensing.signatures.client import Request, respond
from licensing.signatures.manifest import Signatory
from tests.factories.cases import uscc
from tests.factories.licensing_http import OFFICE, HttpWorld
from tests.factories.signers import Signer

DEPARTMENTS = {"d-transport": "晋安市交通运输局", "d-health": "晋安市卫生健康委员会", "d-new": "晋安市数据局"}
PARTNERS = {"p-river": "河畔数据有限公司", "p-hill": "山丘科技有限公司"}
DRAFT = {
    "items": [{"dataset": "parking", "fields": ["place"]}],
    "purpose": "城市停车诱导", "grounds": "依据合作开发方案", "system": "停车诱导平台",
    "statement": "详见方案",
}  # fmt: skip


@dataclass
class Flow:
    """Requests against one installation; answers are checked for their status at once."""

    http: HttpWorld
    signers: dict[str, Signer] = field(default_factory=dict)

    def get(self, path: str, who: str | None, status: int = 200) -> Any:
        """The answer's document, or its bytes."""
        answer = self.http.call("GET", path, who)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_json() if answer.mimetype.endswith("json") else answer.data

    def post(self, path: str, who: str | None, body: Any = None, status: int = 200) -> Any:
        """Whatever version there is."""
        answer = self.http.call("POST", path, who, body, headers={"If-Match": "*"})
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_json()

    def register(self) -> None:
        """Departments and two verified partners."""
        for number, (name, title) in enumerate(DEPARTMENTS.items()):
            body = {"department_id": name, "name": title, "uscc": uscc(500 + number)}
            self.post("/departments", "u-administrator", body, 201)
        for number, (name, title) in enumerate(PARTNERS.items()):
            body = {"name": title, "uscc": uscc(700 + number), "partner_id": name}
            self.post("/partners", "u-platform", body, 201)
            self.post(f"/partners/{name}/verify", "u-platform", {"method": "electronic_licence"})

    def case(self, kind: str = "development") -> str:
        """A case of the partner that the transport department approved."""
        body = {"kind": kind, "applicant_kind": "partner", "applicant_id": "p-river", "draft": DRAFT}
        case = str(self.post("/cases", "u-partner", body, 201)["id"])
        self.post(f"/cases/{case}/submit", "u-partner", {})
        self.post(f"/cases/{case}/accept", "u-platform", {"sensitive": [], "controlled": False})
        self.post(f"/cases/{case}/approve", "u-provider", {"granted": {"parking": ["place"]}})
        return case

    def draft(self, case: str | None = None, **more: Any) -> Any:
        """A draft of its agreement."""
        body = {"case_id": case or self.case(), "first_day": "2026-03-03", **more}
        return self.post("/agreements", "u-provider", body, 201)

    def agreed(self, agreement: str) -> Any:
        """Offered and accepted."""
        self.post(f"/agreements/{agreement}/offer", "u-provider", {})
        return self.post(f"/agreements/{agreement}/agree", "u-partner", {})

    def signer(self, side: str, party: str, kind: str, role: str) -> Signer:
        """Somebody who signs for a party, with a certificate that names its credit code."""
        if party not in self.signers:
            if kind == "office":
                name, code = OFFICE.name, OFFICE.identifier
            elif kind == "department":
                name, code = DEPARTMENTS[party], uscc(500 + list(DEPARTMENTS).index(party))
            else:
                name, code = PARTNERS[party], uscc(700 + list(PARTNERS).index(party))
            self.signers[party] = self.http.signing.signer(
                Signatory(side, party, kind, role, name, code), elliptic=True
            )
        return self.signers[party]

    def sign(self, document: str, signer: Signer, who: str) -> Any:
        """As ``licensing sign`` does it: look, sign, hand back."""
        asked = self.http.call(
            "POST", f"/documents/{document}/signature-requests", who,
            {
                "chain": signer.chain.decode(),
                "national_certificate": signer.national_certificate.decode(),
            },
            headers={"If-Match": "*"},
        )  # fmt: skip
        assert asked.status_code == 201, asked.get_data(as_text=True)
        request = Request.from_json(asked.get_data(as_text=True))
        request.check(self.http.call("GET", f"/signature-requests/{request.id}/file", who).data)
        answer = json.loads(respond(request, signer.key, signer.national))
        return self.post(f"/signature-requests/{request.id}/signature", who, answer)

    def sign_by_both(self, document: str) -> None:
        """甲方, then 乙方."""
        self.sign(document, self.signer("a", "d-transport", "department", PROVIDER), "u-provider")
        self.sign(document, self.signer("b", "p-river", "partner", APPLICANT), "u-partner")

    def sign_receipt(self, document: str) -> None:
        """The office's own signature."""
        self.sign(document, self.signer("a", OFFICE.id, "office", ADMINISTRATOR), "u-administrator")

    def in_force(self, agreement: str | None = None, *, national: bool = False) -> Any:
        """An agreement that both sides have signed."""
        agreement = agreement or str(self.draft()["id"])
        self.agreed(agreement)
        path = f"/agreements/{agreement}"
        opened = self.post(f"{path}/open-for-signing", "u-provider", {"national": national})
        self.sign_by_both(opened["document_id"])
        return self.get(path, "u-partner")

    def filed(self, agreement: str, **more: Any) -> Any:
        """A draft of its filing."""
        body = {"agreement_id": agreement, "matter": "authorised_development", "plan": "开发停车诱导服务。"}
        return self.post("/filings", "u-provider", {**body, **more}, 201)
