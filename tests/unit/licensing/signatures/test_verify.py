"""A signed file proves itself: to us, and to tools that are not ours."""

from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from licensing.ports import Context
from licensing.signatures import service, sm2
from licensing.signatures.certificates import load_chain
from licensing.signatures.errors import SignatureRefused
from licensing.signatures.manifest import manifest_bytes
from licensing.signatures.models import Document
from licensing.signatures.verify import verify_pdf
from tests.factories.changed_bytes import sampled, small_signed
from tests.factories.licensing_world import SettableTime
from tests.factories.signers import Signer, SigningWorld, plain_pdf
from tests.unit.licensing.signatures.conftest import Sign

pytestmark = pytest.mark.slow


@pytest.fixture
def signed(
    ctx: Context, document: Document, provider: Signer, partner: Signer, sign: Sign, time: SettableTime
) -> bytes:
    sign(document, provider, "u-provider")
    time.forward(hours=1)
    sign(document, partner, "u-partner")
    time.forward(hours=1)
    return service.current_file(ctx, document)


def judged_good(data: bytes, world: SigningWorld) -> bool:
    try:
        return verify_pdf(data, world.trust, world.time.now()).good
    except SignatureRefused:
        return False


@pytest.mark.article("SX-16")
def test_anybody_can_see_who_signed_and_when(signed: bytes, world: SigningWorld) -> None:
    verdict = verify_pdf(signed, world.trust, world.time.now())
    assert verdict.good
    assert [each.signer.organization for each in verdict.signatures] == [
        "晋安市交通运输局",
        "河畔数据有限公司",
    ]
    stamped = [each.stamped_at for each in verdict.signatures]
    assert stamped[0] is not None
    assert stamped[1] is not None
    assert (stamped[1] - stamped[0]).total_seconds() == 3600


def test_one_changed_byte_anywhere_is_found(signed: bytes, world: SigningWorld) -> None:
    chosen = random.Random(7).sample(range(len(signed)), 6)
    # The last time stamp is the one place that no later hash covers: looked at more closely.
    last = signed.rfind(b"/Contents <") if b"/Contents <" in signed else signed.rfind(b"/Contents")
    chosen += random.Random(8).sample(range(last, len(signed)), 6)
    undetected = []
    for offset in chosen:
        changed = bytearray(signed)
        changed[offset] ^= 1 << (offset % 7)
        if judged_good(bytes(changed), world):
            undetected.append(offset)
    assert undetected == []


def test_no_changed_byte_of_a_small_document_passes_and_none_of_its_last_time_stamp(
    tmp_path: Path, time: SettableTime
) -> None:
    """A sample of what bench/soak_signatures.py tries byte by byte."""
    small = small_signed(tmp_path / "small", time)
    assert small.good(small.data)
    assert small.passes(small.data)
    assert small.undetected(sampled(small, 60, 40, seed=9)) == []
    assert small.undetected(sampled(small, 2, 2, seed=10), whole=True) == []


@pytest.mark.parametrize("tail", [b"\n", b"%comment\n", b"\x00"])
def test_bytes_added_at_the_end_are_found(signed: bytes, world: SigningWorld, tail: bytes) -> None:
    assert judged_good(signed, world)
    assert not judged_good(signed + tail, world)


def test_a_page_changed_by_a_later_revision_is_found(signed: bytes, world: SigningWorld) -> None:
    import io

    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page["/Rotate"] = generic.NumberObject(180)
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    verdict = verify_pdf(out.getvalue(), world.trust, world.time.now())
    assert [each.problem for each in verdict.signatures] == ["altered", "altered"]


def test_what_was_signed_before_stays_good_after_expiry_and_revocation(
    signed: bytes, world: SigningWorld, provider: Signer, time: SettableTime
) -> None:
    world.authority.revoke(provider.serial, "keyCompromise")
    time.forward(minutes=1)
    assert judged_good(signed, world)
    time.forward(days=900)
    assert judged_good(signed, world)


def test_strangers_do_not_trust_it(signed: bytes, tmp_path: Path, time: SettableTime) -> None:
    stranger = SigningWorld(tmp_path / "elsewhere", time, "别处认证")
    verdict = verify_pdf(signed, stranger.trust, time.now())
    assert not verdict.good
    assert {each.problem for each in verdict.signatures} == {"untrusted"}


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7", b"PK\x03\x04", b"\x00" * 4096, b"%PDF-1.7\n" + b"[" * 5000]
)
def test_what_is_no_pdf_is_refused_with_a_sentence(data: bytes, world: SigningWorld) -> None:
    with pytest.raises(SignatureRefused, match="cannot be read"):
        verify_pdf(data, world.trust, world.time.now())


def test_a_pdf_without_signatures_is_not_good(world: SigningWorld) -> None:
    verdict = verify_pdf(plain_pdf(), world.trust, world.time.now())
    assert (verdict.good, verdict.signatures) == (False, ())


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler's pdfsig is not installed")
def test_poppler_finds_both_signatures_valid_and_a_changed_byte_invalid(
    signed: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed)
    told = subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, check=False).stdout
    assert told.count("Signature is Valid.") == 2
    changed = bytearray(signed)
    changed[3000] ^= 1
    path.write_bytes(changed)
    told = subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid." not in told


def openssl(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=False)


SM2_OPTIONS = ("-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678")


@pytest.mark.article("SX-16")
def test_openssl_verifies_the_national_signatures_over_the_manifest(
    session: Session, signed: bytes, document: Document, world: SigningWorld, tmp_path: Path
) -> None:
    from asn1crypto import pem, x509

    (tmp_path / "manifest.json").write_bytes(manifest_bytes(document.manifest))
    (tmp_path / "root.pem").write_bytes(pem.armor("CERTIFICATE", world.national.root.dump()))
    for made in service.signatures_of(session, document.id):
        assert made.national_certificate is not None
        assert made.national_signature is not None
        certificate = x509.Certificate.load(made.national_certificate)
        (tmp_path / "party.pem").write_bytes(pem.armor("CERTIFICATE", made.national_certificate))
        (tmp_path / "key.pem").write_bytes(sm2.PublicKey.from_info(certificate.public_key).to_pem())
        (tmp_path / "sig").write_bytes(made.national_signature)
        chain = openssl(
            tmp_path, "verify", "-attime", str(int(world.time.now().timestamp())), "-CAfile", "root.pem",
            "-vfyopt", "distid:1234567812345678", "party.pem",
        )  # fmt: skip
        assert "party.pem: OK" in chain.stdout, chain.stderr
        for name, good in (("manifest.json", True), ("root.pem", False)):
            told = openssl(
                tmp_path, "pkeyutl", "-verify", *SM2_OPTIONS, "-pubin", "-inkey", "key.pem", "-in", name,
                "-sigfile", "sig",
            )  # fmt: skip
            assert ("Signature Verified Successfully" in told.stdout) is good


def test_the_manifest_names_the_document_by_both_digests(document: Document, ctx: Context) -> None:
    import hashlib

    pdf = service.current_file(ctx, document)
    assert document.manifest["sha256"] == hashlib.sha256(pdf).hexdigest()
    assert document.manifest["sm3"] == hashlib.new("sm3", pdf).hexdigest()


def test_proofs_that_are_fetched_a_moment_later_still_count(
    world: SigningWorld, provider: Signer, time: SettableTime
) -> None:
    """A busy machine asks for them seconds after the moment that is judged."""
    from licensing.signatures.errors import CertificateRefused

    national, ordinary = load_chain(provider.national_certificate)[0], load_chain(provider.chain)
    at = time.now()
    time.forward(seconds=20)
    assert world.trust.check_national(national, at)
    assert world.trust.check(ordinary, at)
    time.forward(minutes=5)
    with pytest.raises(CertificateRefused):
        world.trust.check_national(national, at)
    with pytest.raises(CertificateRefused):
        world.trust.check(ordinary, at)


def test_a_chain_that_is_none_is_refused_with_a_sentence() -> None:
    from licensing.signatures.errors import CertificateRefused

    for data in (b"", b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n", b"0" * 70_000):
        with pytest.raises(CertificateRefused, match="No certificate"):
            load_chain(data)
