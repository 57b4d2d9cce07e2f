"""The small authority answers as OpenSSL expects, and remembers what it did."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from licensing.signatures.authority import Authority, Subject, TimeStampAuthority
from licensing.signatures.authority.national import NationalAuthority
from licensing.signatures.errors import CertificateRefused
from tests.factories.licensing_world import SettableTime
from tests.factories.signers import BITS, SigningWorld

SUBJECT = Subject("签署人", "91140100MA0K0000X1", "河畔数据有限公司")


def openssl(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=False)


def new_request(bits: int = BITS) -> x509.CertificateSigningRequest:
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    return x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, hashes.SHA256())


@pytest.fixture
def files(world: SigningWorld, tmp_path: Path) -> Path:
    (tmp_path / "root.pem").write_bytes(world.root_pem())
    (tmp_path / "issuing.pem").write_bytes(world.authority.issuing.public_bytes(Encoding.PEM))
    return tmp_path


def test_openssl_accepts_the_chain_the_list_and_the_revocation(world: SigningWorld, files: Path) -> None:
    issued = world.authority.issue(new_request(), SUBJECT)
    (files / "party.pem").write_bytes(issued.certificate.public_bytes(Encoding.PEM))
    moment = str(int(world.time.now().timestamp()))

    def verified() -> str:
        for name in ("root", "issuing"):
            (files / f"{name}.crl").write_bytes(world.authority.crl(name))
            openssl(files, "crl", "-inform", "DER", "-in", f"{name}.crl", "-out", f"{name}.crl.pem")
        told = openssl(
            files, "verify", "-attime", moment, "-crl_check_all", "-CRLfile", "root.crl.pem", "-CRLfile",
            "issuing.crl.pem", "-CAfile", "root.pem", "-untrusted", "issuing.pem", "party.pem",
        )  # fmt: skip
        return told.stdout + told.stderr

    assert "party.pem: OK" in verified()
    world.authority.revoke(issued.certificate.serial_number, "superseded")
    assert "certificate revoked" in verified()


def test_openssl_accepts_the_online_answers(world: SigningWorld, files: Path) -> None:
    issued = world.authority.issue(new_request(), SUBJECT)
    (files / "party.pem").write_bytes(issued.certificate.public_bytes(Encoding.PEM))
    openssl(files, "ocsp", "-issuer", "issuing.pem", "-cert", "party.pem", "-no_nonce", "-reqout", "request")

    def answered() -> str:
        (files / "answer").write_bytes(world.authority.ocsp((files / "request").read_bytes()))
        told = openssl(
            files, "ocsp", "-respin", "answer", "-issuer", "issuing.pem", "-cert",
            "party.pem", "-CAfile", "root.pem", "-verify_other", "issuing.pem", "-attime",
            str(int(world.time.now().timestamp())), "-validity_period", "400000000",
        )  # fmt: skip
        assert "Response verify OK" in told.stderr, told.stderr
        return told.stdout

    assert "party.pem: good" in answered()
    world.authority.revoke(issued.certificate.serial_number)
    assert "party.pem: revoked" in answered()


def test_openssl_accepts_the_time_stamp_and_finds_other_data(world: SigningWorld, files: Path) -> None:
    stamper = TimeStampAuthority(
        world.authority.holder("stamper"), (world.authority.issuing,), world.time.now
    )
    (files / "data").write_bytes(b"what was there")
    openssl(files, "ts", "-query", "-data", "data", "-sha256", "-cert", "-out", "request")
    (files / "answer").write_bytes(stamper.answer((files / "request").read_bytes()))
    arguments = ("-in", "answer", "-CAfile", "root.pem", "-untrusted", "issuing.pem", "-attime")
    moment = str(int(world.time.now().timestamp()))
    told = openssl(files, "ts", "-verify", "-data", "data", *arguments, moment)
    assert "Verification: OK" in told.stdout, told.stderr
    (files / "data").write_bytes(b"what was not there")
    told = openssl(files, "ts", "-verify", "-data", "data", *arguments, moment)
    assert "Verification: FAILED" in told.stdout


@pytest.mark.parametrize("request_", [b"", b"\x30\x00", b"nonsense" * 9])
def test_a_request_that_is_none_is_answered_as_such(world: SigningWorld, request_: bytes) -> None:
    from asn1crypto import ocsp, tsp

    stamper = TimeStampAuthority(world.authority.holder("stamper"), (), world.time.now)
    stamped = stamper.answer(request_)
    assert tsp.PKIStatusInfo.load(stamped[2:])["status"].native == "rejection"
    online = ocsp.OCSPResponse.load(world.authority.ocsp(request_))
    assert online["response_status"].native == "malformed_request"


def test_a_certificate_that_was_never_issued_is_unknown(world: SigningWorld, tmp_path: Path) -> None:
    from asn1crypto import ocsp
    from asn1crypto import x509 as asn1

    from licensing.signatures.revocation import _ocsp_request

    issued = world.authority.issue(new_request(), SUBJECT)
    world.authority.register.path.unlink()
    answer = world.authority.ocsp(
        _ocsp_request(
            asn1.Certificate.load(issued.certificate.public_bytes(Encoding.DER)),
            asn1.Certificate.load(world.authority.issuing.public_bytes(Encoding.DER)),
        )
    )
    (single,) = ocsp.OCSPResponse.load(answer).response_data["responses"]
    assert single["cert_status"].name == "unknown"


def test_a_weak_key_is_not_certified(world: SigningWorld) -> None:
    with pytest.raises(CertificateRefused, match="too weak"):
        world.authority.issue(new_request(1024), SUBJECT)


def test_a_certificate_does_not_outlive_its_issuer(world: SigningWorld) -> None:
    issued = world.authority.issue(new_request(), SUBJECT, timedelta(days=365 * 50))
    assert issued.certificate.not_valid_after_utc == world.authority.issuing.not_valid_after_utc


def test_the_authority_is_the_same_after_it_was_closed(tmp_path: Path, time: SettableTime) -> None:
    first = Authority.open(tmp_path, name="示范", now=time.now, passphrase=b"secret", bits=BITS)
    serial = first.issue(new_request(), SUBJECT).certificate.serial_number
    first.revoke(serial)
    again = Authority.open(tmp_path, name="示范", now=time.now, passphrase=b"secret")
    assert again.root == first.root
    state = again.register.state(serial)
    assert state is not None
    assert state.revoked == time.now()
    with pytest.raises((ValueError, TypeError)):
        Authority.open(tmp_path, name="示范", now=time.now, passphrase=b"wrong")
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.glob("*.key.pem"))
    assert all(b"ENCRYPTED" in path.read_bytes() for path in tmp_path.glob("*.key.pem"))


def test_the_national_authority_is_the_same_after_it_was_closed(tmp_path: Path, time: SettableTime) -> None:
    first = NationalAuthority.open(tmp_path, name="示范", now=time.now, passphrase=b"secret")
    again = NationalAuthority.open(tmp_path, name="示范", now=time.now, passphrase=b"secret")
    assert again.root.dump() == first.root.dump()
    assert b"PRIVATE KEY" not in (tmp_path / "national.key").read_bytes()
    with pytest.raises(CertificateRefused, match="passphrase"):
        NationalAuthority.open(tmp_path, name="示范", now=time.now, passphrase=b"wrong")


def test_a_half_written_line_of_the_register_is_cut_off(world: SigningWorld) -> None:
    register = world.authority.register
    issued = world.authority.issue(new_request(), SUBJECT).certificate.serial_number
    with register.path.open("ab") as stream:
        stream.write(b'{"act": "iss')
    assert register.state(issued) is not None
    world.authority.revoke(issued)
    state = register.state(issued)
    assert state is not None
    assert state.revoked == world.time.now()


def test_what_was_not_issued_here_cannot_be_revoked(world: SigningWorld) -> None:
    with pytest.raises(CertificateRefused, match="never issued"):
        world.authority.revoke(12345)
    with pytest.raises(CertificateRefused, match="must be one of"):
        world.authority.revoke(12345, "boredom")
