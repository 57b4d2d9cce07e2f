"""A document is signed by its sides in order, each with its own key, each once."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.core.errors import NotPermitted
from licensing.core.ledger.models import PendingEntry
from licensing.ports import Context
from licensing.signatures import service
from licensing.signatures.errors import CertificateRefused, SignatureRefused
from licensing.signatures.lifecycle import LIFECYCLE, SIGNED, VOID
from licensing.signatures.models import Document
from licensing.signatures.verify import verify_pdf
from tests.factories.licensing_world import SettableTime, principal
from tests.factories.signers import PARTNER_SIDE, PROVIDER_SIDE, Signer, SigningWorld
from tests.unit.licensing.signatures.conftest import Sign, ask, give

pytestmark = pytest.mark.slow


@pytest.mark.article("SX-18")
def test_both_sides_sign_in_order_and_the_file_proves_it(
    session: Session,
    ctx: Context,
    world: SigningWorld,
    document: Document,
    provider: Signer,
    partner: Signer,
    sign: Sign,
) -> None:
    sign(document, provider, "u-provider")
    assert document.status == "part_signed"
    sign(document, partner, "u-partner")
    assert document.status == SIGNED
    verdict = verify_pdf(service.current_file(ctx, document), world.trust, ctx.time.now())
    assert verdict.good
    assert [each.signer.identifier for each in verdict.signatures] == [
        PROVIDER_SIDE.identifier,
        PARTNER_SIDE.identifier,
    ]
    assert [each.number for each in service.signatures_of(session, document.id)] == [1, 2]
    kinds = [each.kind for each in session.scalars(select(PendingEntry).order_by(PendingEntry.id))]
    assert kinds == ["document.create", "document.sign", "document.sign_last"]


def test_nobody_signs_out_of_turn(
    session: Session, ctx: Context, world: SigningWorld, document: Document, partner: Signer
) -> None:
    acting = ctx.acting_as(principal(session, "u-partner"))
    with pytest.raises(NotPermitted, match="晋安市交通运输局"):
        ask(session, acting, world, document, partner)


@pytest.mark.parametrize("who", ["u-other-partner", "u-other-provider", "u-applicant", "u-administrator"])
def test_nobody_signs_for_another_party(
    session: Session, ctx: Context, world: SigningWorld, document: Document, provider: Signer, who: str
) -> None:
    acting = ctx.acting_as(principal(session, who))
    with pytest.raises(NotPermitted):
        ask(session, acting, world, document, provider)


def test_a_document_is_never_signed_twice_by_the_same_party(
    session: Session,
    ctx: Context,
    world: SigningWorld,
    document: Document,
    provider: Signer,
    partner: Signer,
    sign: Sign,
) -> None:
    sign(document, provider, "u-provider")
    acting = ctx.acting_as(principal(session, "u-provider"))
    with pytest.raises(NotPermitted):
        ask(session, acting, world, document, provider)
    sign(document, partner, "u-partner")
    with pytest.raises(SignatureRefused, match="signed"):
        ask(session, acting, world, document, provider)


def test_of_two_requests_of_one_side_only_the_first_signature_is_taken(
    session: Session, ctx: Context, world: SigningWorld, document: Document, provider: Signer
) -> None:
    acting = ctx.acting_as(principal(session, "u-provider"))
    first = ask(session, acting, world, document, provider)
    second = ask(session, acting, world, document, provider)
    give(session, acting, world, document, second, provider)
    before = document.file_sha256
    with pytest.raises(NotPermitted):
        give(session, acting, world, document, first, provider)
    assert document.file_sha256 == before


def test_a_certificate_of_another_organisation_is_refused(
    session: Session, ctx: Context, world: SigningWorld, document: Document, partner: Signer
) -> None:
    acting = ctx.acting_as(principal(session, "u-provider"))
    with pytest.raises(CertificateRefused, match="does not belong"):
        ask(session, acting, world, document, partner)


def test_a_certificate_of_an_unknown_authority_is_refused(
    session: Session,
    ctx: Context,
    world: SigningWorld,
    document: Document,
    tmp_path: object,
    time: SettableTime,
) -> None:
    stranger = SigningWorld(tmp_path / "elsewhere", time, "别处认证")  # type: ignore[operator]
    acting = ctx.acting_as(principal(session, "u-provider"))
    with pytest.raises(CertificateRefused, match="No trusted authority"):
        ask(session, acting, world, document, stranger.signer(PROVIDER_SIDE))


def test_a_revoked_certificate_is_refused(
    session: Session, ctx: Context, world: SigningWorld, document: Document, provider: Signer
) -> None:
    world.authority.revoke(provider.serial, "keyCompromise")
    acting = ctx.acting_as(principal(session, "u-provider"))
    with pytest.raises(CertificateRefused, match="revoked"):
        ask(session, acting, world, document, provider)


def test_a_certificate_revoked_between_the_halves_is_refused(
    session: Session, ctx: Context, world: SigningWorld, document: Document, provider: Signer
) -> None:
    acting = ctx.acting_as(principal(session, "u-provider"))
    request = ask(session, acting, world, document, provider)
    world.authority.revoke(provider.serial, "keyCompromise")
    with pytest.raises(CertificateRefused, match="revoked"):
        give(session, acting, world, document, request, provider)
    assert document.status == "unsigned"


def test_an_expired_certificate_is_refused(
    session: Session,
    ctx: Context,
    world: SigningWorld,
    document: Document,
    provider: Signer,
    time: SettableTime,
) -> None:
    time.forward(days=731)
    acting = ctx.acting_as(principal(session, "u-provider"))
    with pytest.raises(CertificateRefused, match="expired"):
        ask(session, acting, world, document, provider)


def test_a_revoked_national_certificate_is_refused(
    session: Session, ctx: Context, world: SigningWorld, document: Document, provider: Signer
) -> None:
    from licensing.signatures.certificates import load_chain

    world.national.revoke(load_chain(provider.national_certificate)[0].serial_number)
    acting = ctx.acting_as(principal(session, "u-provider"))
    with pytest.raises(CertificateRefused, match="revoked"):
        ask(session, acting, world, document, provider)


def test_a_signature_by_another_key_is_refused(
    session: Session, ctx: Context, world: SigningWorld, document: Document, provider: Signer, partner: Signer
) -> None:
    acting = ctx.acting_as(principal(session, "u-provider"))
    request = ask(session, acting, world, document, provider)
    wrong = partner.key.sign(request.to_sign)
    right = provider.national.sign(b"something else")
    with pytest.raises(SignatureRefused, match="SM2"):
        service.add_signature(session, acting, world.trust, request.id, wrong, right)
    from licensing.signatures.manifest import manifest_bytes

    national = provider.national.sign(manifest_bytes(document.manifest))
    with pytest.raises(SignatureRefused, match="does not belong"):
        service.add_signature(session, acting, world.trust, request.id, wrong, national)


def test_a_request_that_is_too_old_is_refused(
    session: Session,
    ctx: Context,
    world: SigningWorld,
    document: Document,
    provider: Signer,
    time: SettableTime,
) -> None:
    acting = ctx.acting_as(principal(session, "u-provider"))
    request = ask(session, acting, world, document, provider)
    time.forward(minutes=31)
    with pytest.raises(SignatureRefused, match="older"):
        give(session, acting, world, document, request, provider)


def test_a_void_document_takes_no_signature(
    session: Session, ctx: Context, world: SigningWorld, document: Document, provider: Signer
) -> None:
    acting = ctx.acting_as(principal(session, "u-provider"))
    service.void(session, acting, document.id, reason="条款有误")
    assert document.status == VOID
    with pytest.raises(SignatureRefused, match="void"):
        ask(session, acting, world, document, provider)


def test_the_signer_refuses_to_sign_another_document_than_the_one_shown(
    session: Session, ctx: Context, world: SigningWorld, document: Document, provider: Signer
) -> None:
    from licensing.signatures.client import Request
    from tests.factories.signers import plain_pdf

    acting = ctx.acting_as(principal(session, "u-provider"))
    request = ask(session, acting, world, document, provider)
    asked = Request(request.id, document.title, request.to_sign, document.manifest, True)
    shown = service.prepared_file(acting, request)
    assert Request.from_json(asked.as_json()) == asked
    asked.check(shown)
    for other in (plain_pdf("another"), shown.replace(b"/Type", b"/type", 1)):
        with pytest.raises(SignatureRefused, match="Do not sign"):
            asked.check(other)


def test_every_state_but_the_last_ones_can_be_left() -> None:
    assert LIFECYCLE.dead_ends() == {SIGNED, VOID}


def test_no_private_key_reaches_the_database(
    session: Session, ctx: Context, world: SigningWorld, document: Document, provider: Signer, sign: Sign
) -> None:
    sign(document, provider, "u-provider")
    connection = session.connection().connection.driver_connection
    assert connection is not None
    everything = "\n".join(connection.iterdump())
    assert f"{provider.national.number:x}" not in everything.lower()
    assert provider.national.to_pem().hex() not in everything.lower()
    assert b"PRIVATE KEY".hex() not in everything.lower()
