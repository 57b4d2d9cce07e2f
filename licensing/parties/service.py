"""Partners: registration, real-name verification, contacts.

Services take the caller's session and never commit. Errors, events and ledger entries name a partner by
its id; who that is stands in :class:`PartnerIdentity` alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from licensing.core.errors import Conflict, InvalidInput, NotFound, NotPermitted
from licensing.core.store.ids import new_id
from licensing.core.store.step import begin, claim, load, step
from licensing.core.store.text import refuse_unstorable
from licensing.parties.identity import IdentityKey, masked_name
from licensing.parties.lifecycle import PARTNER
from licensing.parties.models import LEGAL, NATURAL, Contact, Partner, PartnerIdentity
from licensing.parties.numbers import is_uscc, normal
from licensing.ports import ADMINISTRATOR, APPLICANT, PLATFORM, PROVIDER, Context

_REGISTRARS = frozenset({APPLICANT, PLATFORM, ADMINISTRATOR})
_OFFICES = frozenset({PLATFORM, ADMINISTRATOR})
_READERS = frozenset({APPLICANT, PLATFORM, ADMINISTRATOR})
METHODS: Mapping[str, tuple[str, str]] = {
    "electronic_licence": ("电子营业执照", "Electronic business licence"),
    "certificate": ("电子签名认证证书", "Certificate for electronic signatures"),
    "national_identity": ("国家网络身份认证", "National network identity service"),
    "bank_transfer": ("对公账户打款验证", "Transfer to the partner's own account"),
    "counter": ("现场核验证件", "Documents seen at the counter"),
}
"""Ways of verifying who somebody is. A fixed list: the word goes into the ledger for ever."""
_MOST_NAME, _MOST_PAGE = 200, 200


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to call."""

    name: str
    duty: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be shown of a partner: a natural person's name and number are masked."""

    id: str
    kind: str
    status: str
    name: str
    uscc: str | None
    masked: str | None


def register_legal(
    session: Session, ctx: Context, name: str, uscc: str, *, partner_id: str | None = None
) -> Partner:
    """Register a legal person by its unified social credit code (GB 32100).

    Raises:
        InvalidInput: the code's check character is wrong, or the name is empty.
        Conflict: the code is registered already.
        NotPermitted: the caller neither applies nor registers for others.
    """
    code = normal(uscc)
    if not is_uscc(code):
        raise InvalidInput(
            "统一社会信用代码校验位不正确，请核对 18 位代码。",
            "The check character of the credit code is wrong; check all 18 characters.",
        )
    known = select(PartnerIdentity.partner_id).where(PartnerIdentity.uscc == code)
    identity = PartnerIdentity(name=_name(name), uscc=code)
    return _register(session, ctx, LEGAL, partner_id, session.scalar(known) is not None, identity)


def register_natural(
    session: Session,
    ctx: Context,
    key: IdentityKey,
    name: str,
    document: str,
    number: str,
    *,
    partner_id: str | None = None,
) -> Partner:
    """Register a natural person; of the document's number only a keyed hash and the masked form are kept.

    Raises:
        InvalidInput: no such document or number.
        Conflict: the same document is registered already.
    """
    proof = key.proof(document, number)
    known = select(PartnerIdentity.partner_id).where(PartnerIdentity.digest == proof.digest)
    identity = PartnerIdentity(
        name=_name(name),
        document=proof.document,
        digest=proof.digest,
        key_id=proof.key_id,
        masked=proof.masked,
    )
    return _register(session, ctx, NATURAL, partner_id, session.scalar(known) is not None, identity)


def update_name(
    session: Session, ctx: Context, partner_id: str, name: str, *, if_version: int | None = None
) -> Partner:
    """Change a partner's name; it has to be verified again."""
    plain = _name(name)
    partner = load(session, Partner, partner_id)
    claim(session, partner, if_version)
    step(session, ctx, PARTNER, partner, "update")
    _identity(session, partner_id).name = plain
    session.flush()
    return partner


def verify(
    session: Session,
    ctx: Context,
    partner_id: str,
    *,
    method: str,
    evidence_sha256: str | None = None,
    if_version: int | None = None,
) -> Partner:
    """Confirm by ``method`` (one of :data:`METHODS`) that the partner is who it says.

    Raises:
        InvalidInput: an unknown method.
        NotPermitted: the caller is neither the platform, the administrator nor the system.
    """
    if method not in METHODS:
        raise InvalidInput("没有这种核验方式。", "There is no such way of verifying.", pointer="/method")
    payload = {"method": method, "evidence": evidence_sha256 or ""}
    return step(session, ctx, PARTNER, load(session, Partner, partner_id), "verify", "", payload, if_version)


def reject(
    session: Session, ctx: Context, partner_id: str, *, reason: str, if_version: int | None = None
) -> Partner:
    """Say why a partner could not be verified."""
    return step(
        session, ctx, PARTNER, load(session, Partner, partner_id), "reject", reason, if_version=if_version
    )


def unverify(
    session: Session, ctx: Context, partner_id: str, *, reason: str, if_version: int | None = None
) -> Partner:
    """Take a verification back, with its reason."""
    return step(
        session, ctx, PARTNER, load(session, Partner, partner_id), "unverify", reason, if_version=if_version
    )


def set_contacts(
    session: Session,
    ctx: Context,
    partner_id: str,
    people: Sequence[Person],
    *,
    if_version: int | None = None,
) -> list[Contact]:
    """Replace the contacts of a partner; events and ledger say how many, never who."""
    for person in people:
        refuse_unstorable([person.name, person.duty, person.phone, person.email])
        if not person.name.strip():
            raise InvalidInput("联系人姓名不能为空。", "A contact needs a name.")
    partner = load(session, Partner, partner_id)
    step(session, ctx, PARTNER, partner, "contact", "", {"count": len(people)}, if_version)
    session.execute(delete(Contact).where(Contact.party_id == partner_id))
    rows = [
        Contact(party_id=partner_id, name=each.name, duty=each.duty, phone=each.phone, email=each.email)
        for each in people
    ]
    session.add_all(rows)
    session.flush()
    return rows


def contacts_of(session: Session, ctx: Context, partner_id: str) -> list[Contact]:
    """Whom to call; for the partner itself, a provider, the platform and the administrator only."""
    _may_read(ctx, load(session, Partner, partner_id), also=frozenset({PROVIDER}))
    query = select(Contact).where(Contact.party_id == partner_id).order_by(Contact.id)
    return list(session.scalars(query))


def identity_of(session: Session, ctx: Context, partner_id: str) -> PartnerIdentity:
    """Who a partner is, unmasked; for the partner itself, the platform and the administrator only.

    Raises:
        NotFound: it was erased.
    """
    _may_read(ctx, load(session, Partner, partner_id))
    return _identity(session, partner_id)


def shown(session: Session, partner_id: str) -> Shown:
    """What anybody who deals with a partner may see of it; an erased one is known by its id only."""
    partner = load(session, Partner, partner_id)
    identity = session.get(PartnerIdentity, partner_id)
    if identity is None:
        return Shown(partner.id, partner.kind, partner.status, "", None, None)
    name = identity.name if partner.kind == LEGAL else masked_name(identity.name)
    return Shown(partner.id, partner.kind, partner.status, name, identity.uscc, identity.masked)


def find_legal(session: Session, uscc: str) -> Partner | None:
    """The partner with that credit code, which is public."""
    query = select(PartnerIdentity.partner_id).where(PartnerIdentity.uscc == normal(uscc))
    found = session.scalar(query)
    return None if found is None else session.get(Partner, found)


def find_natural(session: Session, key: IdentityKey, document: str, number: str) -> Partner | None:
    """The partner with that document, compared by the keyed hash."""
    digest = key.proof(document, number).digest
    query = select(PartnerIdentity.partner_id).where(PartnerIdentity.digest == digest)
    found = session.scalar(query)
    return None if found is None else session.get(Partner, found)


def list_partners(
    session: Session, ctx: Context, *, status: str | None = None, after: str | None = None, limit: int = 50
) -> list[Partner]:
    """Partners, newest first, those older than id ``after``; for the offices only."""
    if not ctx.principal.roles & {PLATFORM, ADMINISTRATOR}:
        raise NotPermitted("您无权查看合作方名录。", "You may not list the partners.")
    query = select(Partner).order_by(Partner.id.desc()).limit(max(1, min(limit, _MOST_PAGE)))
    if status is not None:
        query = query.where(Partner.status == status)
    if after is not None:
        query = query.where(Partner.id < after)
    return list(session.scalars(query))


def _register(
    session: Session,
    ctx: Context,
    kind: str,
    partner_id: str | None,
    known: bool,
    identity: PartnerIdentity,
) -> Partner:
    if not ctx.principal.roles & _REGISTRARS:
        raise NotPermitted("您无权登记合作方。", "You may not register a partner.")
    if not ctx.principal.roles & _OFFICES:
        partner_id = _own_id(ctx, kind, partner_id)
    if known or (partner_id is not None and session.get(Partner, partner_id) is not None):
        raise _known()
    made = Partner(id=partner_id or new_id(), kind=kind, merged_into=None)
    try:
        with session.begin_nested():
            partner = begin(session, ctx, PARTNER, made)
            identity.partner_id = partner.id
            session.add(identity)
    except IntegrityError as error:  # somebody registered the same one, or under the same id, at this moment
        raise _known() from error
    return partner


def _own_id(ctx: Context, kind: str, partner_id: str | None) -> str:
    """Who registers for itself does so under its own id, and cannot take that of somebody else.

    Raises:
        NotPermitted: it asks for another id, or belongs to no partner.
    """
    own = ctx.principal.id if kind == NATURAL else ctx.principal.partner
    if own is None or partner_id not in (None, own):
        raise NotPermitted(
            "您只能为自己登记；为他人登记请联系平台。",
            "You may register yourself only; the platform registers others.",
        )
    return own


def _known() -> Conflict:
    return Conflict("该主体已登记，请勿重复登记。", "The partner is registered already.")


def _may_read(ctx: Context, partner: Partner, also: frozenset[str] = frozenset()) -> None:
    roles = ctx.authorizer.roles_for(ctx.principal, partner) | (ctx.principal.roles & also)
    if not roles & (_READERS | also):
        raise NotPermitted("您无权查看该合作方的身份信息。", "You may not see who this partner is.")


def _identity(session: Session, partner_id: str) -> PartnerIdentity:
    found = session.get(PartnerIdentity, partner_id)
    if found is None:
        raise NotFound(
            "该合作方的身份信息已依法删除。", "The partner's identity was erased on lawful demand."
        )
    return found


def _name(name: str) -> str:
    plain = name.strip()
    refuse_unstorable(plain)
    if not plain or len(plain) > _MOST_NAME:
        raise InvalidInput(
            "名称不能为空，且不超过 {most} 字。", "A name has 1 to {most} characters.", most=_MOST_NAME
        )
    return plain
