"""The notice as a document that the office signs, as it signs receipts: PAdES, with a key that stays outside.

A notice is made anew when its deadline is set anew: what was signed is never changed, and an unsigned one is
voided. The library keeps the document; its subject is the case, so that the portal needs no column for it.

Article: HB-31, QD-27, SX-18 (electronic signature).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

import sqlalchemy as sa
import typst
from ckan import model

from ckanext.govdata.catalogue.codes import code
from ckanext.govdata.licensing_ports import people
from ckanext.govdata.licensing_ports.setup import setup
from ckanext.govdata.model import Rectification
from ckanext.govdata.release.roles import standing
from ckanext.govdata.supervision.rectification.lifecycle import OFFICE
from licensing.agreements.fonts import typefaces
from licensing.core.clock import CHINA
from licensing.core.errors import Conflict, NotFound, NotPermitted
from licensing.filings.office import Office
from licensing.ports import ADMINISTRATOR, Principal
from licensing.signatures import service
from licensing.signatures.lifecycle import SIGNED, UNSIGNED
from licensing.signatures.manifest import Signatory
from licensing.signatures.models import Document
from licensing.signatures.pades import Place

KIND: Final = "rectification_notice"
SIDE: Final = "a"
_NOBODY: Final = Principal("portal", "portal", frozenset(), frozenset(), None)
"""Who may read the file was asked of the case; the library's storage asks nobody."""
SEAL: Final = Place(0, (360, 20, 510, 94))
"""In the lower margin of the first page: facts of any length never lie under it."""


@dataclass(frozen=True, slots=True)
class Paper:
    """The newest document of a case and whether the office has signed it."""

    document_id: str
    signed: bool
    deadline: str


def newest(case_id: str) -> Paper | None:
    """The newest notice that was made of a case; None before the first, and where there are no agreements."""
    here = setup()
    if not here.environment.get("LICENSING_DATABASE"):
        return None
    with here.session() as library:
        row = _newest(library, case_id)
        return None if row is None else Paper(row.id, row.status == SIGNED, row.title.rpartition(" ")[2])


def pdf_of(case_id: str) -> bytes:
    """Its newest PDF, signed or not; who may see the case, the caller asks. Raises NotFound."""
    here = setup()
    with here.session() as library:
        row = _newest(library, case_id)
        if row is None:
            raise NotFound("还没有可签署的通知书。", "The notice has not been made.")
        return service.current_file(here.context(library, _NOBODY), row)


def make(case: Rectification, actor: model.User) -> str:
    """Make the document of an issued notice with its deadline, to be signed by the office; its id. Commits.

    Raises:
        NotPermitted: the caller does not supervise.
        Conflict: no notice was issued, no office is configured, or it is made already.
    """
    if not OFFICE & standing(actor, case.organization_id).roles:
        raise NotPermitted("只有监督人员可以制作通知书。", "Only supervisors make the notice.")
    here = setup()
    office = here.office() if here.environment.get("LICENSING_DATABASE") else None
    if office is None:
        raise Conflict("未配置签署通知书的管理部门。", "No office is configured that could sign.")
    if case.issued_at is None or case.deadline is None:
        raise Conflict("通知尚未发出。", "The notice has not been issued.")
    title = f"整改通知书 {case.number} {case.deadline.isoformat()}"
    with here.session() as library, library.begin():
        ctx = here.context(library, people.principal_of(actor, library))
        before = _newest(library, case.id)
        if before is not None and before.title == title:
            raise Conflict("该期限的通知书已经制作。", "The notice with this deadline is made already.")
        if before is not None and before.status == UNSIGNED:
            service.void(library, here.machine(library), before.id, reason="期限变更，另行制作")
        made = service.open_document(
            library, ctx, kind=KIND, subject_id=case.id, title=title, pdf=notice_pdf(case, office),
            signatories=[Signatory(SIDE, office.id, "office", ADMINISTRATOR, office.name, office.identifier)],
            places={SIDE: SEAL},
        )  # fmt: skip
        return str(made.id)


def notice_pdf(case: Rectification, office: Office) -> bytes:
    """The notice before it is signed, on A4."""
    day = case.issued_at.astimezone(CHINA)
    content = {
        "title": "政务数据整改通知书", "number": f"整改通知〔{day.year}〕{case.number} 号",
        "department": model.Group.get(case.organization_id).title, "office": office.name,
        "day": f"{day.year}年{day.month}月{day.day}日",
        "paragraphs": [
            f"经查，你单位存在下列情形：{code('violation', case.violation).zh}。具体情况为：{case.facts}",
            f"请于 {case.deadline.isoformat()} 前完成整改，并在本平台报告整改情况。"
            "逾期未完成整改的，将按规定上报；情节严重的，予以通报批评。",
        ],
    }  # fmt: skip
    source = (files(__package__) / "notice.typ").read_bytes()
    made: Any = typst.Compiler(source, font_paths=typefaces(), ignore_system_fonts=True).compile(
        format="pdf", sys_inputs={"content": json.dumps(content, ensure_ascii=False)}, timestamp=0
    )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


def _newest(library: Any, case_id: str) -> Document | None:
    query = (
        sa.select(Document)
        .where(Document.subject_id == case_id, Document.kind == KIND, Document.status != "void")
        .order_by(Document.created_at.desc(), Document.id.desc())
        .limit(1)
    )
    return library.scalar(query)  # type: ignore[no-any-return]
