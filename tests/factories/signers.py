"""Signers with keys and certificates of their own, and the small authority that certifies them."""

from __future__ import annotations

import atexit
import shutil
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import typst
from asn1crypto import pem
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12

from licensing.ports import APPLICANT, PROVIDER
from licensing.signatures import sm2
from licensing.signatures.authority import Authority, Subject
from licensing.signatures.authority.keys import Holder
from licensing.signatures.authority.national import NationalAuthority
from licensing.signatures.client import Pkcs12Key
from licensing.signatures.manifest import Signatory
from licensing.signatures.trust import Trust
from tests.factories.licensing_world import SettableTime

PASSPHRASE = b"only for tests"
URL = "http://localhost/ca"
PROVIDER_SIDE = Signatory(
    "a", "d-transport", "department", PROVIDER, "晋安市交通运输局", "11140100012345678A"
)
PARTNER_SIDE = Signatory("b", "p-river", "partner", APPLICANT, "河畔数据有限公司", "91140100MA0K0000X1")
BITS = 2048
"""Smaller keys than in use, so that tests need not wait for them."""


@cache
def _rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=BITS)


@cache
def _founded(name: str, at: datetime) -> tuple[Path, dict[str, Holder]]:
    """An authority as it was founded, once a process: keys take long to make, and long to read and check.
    Each test gets a copy of the folder."""
    folder = Path(mkdtemp(prefix="authority-"))
    atexit.register(shutil.rmtree, folder)
    made = Authority.open(folder, name=name, now=lambda: at, url=URL, bits=BITS)
    NationalAuthority.open(folder, name=name, now=lambda: at)
    return folder, {each: made.holder(each) for each in ("root", "issuing", "stamper", "responder")}


@cache
def _opened(key_file: bytes) -> Pkcs12Key:
    return Pkcs12Key(key_file, PASSPHRASE)


def key_request(key: ec.EllipticCurvePrivateKey | None = None) -> str:
    """A request for a certificate (PEM) for ``key``, a new one unless given."""
    made = key or ec.generate_private_key(ec.SECP256R1())
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(made, hashes.SHA256())
    return request.public_bytes(Encoding.PEM).decode()


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody with a key file, an SM2 key, and the certificates of both."""

    side: Signatory
    serial: int
    key_file: bytes
    national: sm2.PrivateKey
    national_certificate: bytes

    @property
    def key(self) -> Pkcs12Key:
        return _opened(self.key_file)

    @property
    def chain(self) -> bytes:
        return self.key.certificates()


class SigningWorld:
    """An authority in ``folder`` that keeps the given time, and what trusts it."""

    def __init__(self, folder: Path, time: SettableTime, name: str = "示范认证") -> None:
        founded, holders = _founded(name, time.now())
        shutil.copytree(founded, folder, dirs_exist_ok=True)
        self.time = time
        self.authority = Authority(folder, dict(holders), time.now, URL)
        self.national = NationalAuthority.open(folder, name=name, now=time.now)
        self.trust = Trust.local(self.authority, self.national)

    def signer(self, side: Signatory, *, elliptic: bool = False) -> Signer:
        """A new key for ``side``, certified."""
        key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = (
            ec.generate_private_key(ec.SECP256R1()) if elliptic else _rsa_key()
        )
        request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
        subject = Subject(f"{side.name}签署人", side.identifier, side.name)
        issued = self.authority.issue(request.sign(key, hashes.SHA256()), subject)
        national = sm2.PrivateKey.generate()
        return Signer(
            side,
            issued.certificate.serial_number,
            pkcs12.serialize_key_and_certificates(
                b"signer", key, issued.certificate, issued.chain[:1], BestAvailableEncryption(PASSPHRASE)
            ),
            national,
            pem.armor("CERTIFICATE", self.national.issue(national.public, subject).dump()),
        )

    def root_pem(self) -> bytes:
        return self.authority.root.public_bytes(Encoding.PEM)


@cache
def plain_pdf(words: str = "agreement") -> bytes:
    """A page of PDF."""
    return typst.compile(f"#set page(height: 20cm)\n= {words}\n#lorem(60)".encode())
