"""The authority: a root, an issuing authority below it, a time-stamper, an OCSP responder.

The root signs the issuing authority and its list, nothing else. Requests for certificates bring a public key
with a proof of possession (PKCS#10): the authority never sees a signer's private key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.ocsp import (
    OCSPCertStatus,
    OCSPResponse,
    OCSPResponseBuilder,
    OCSPResponseStatus,
    load_der_ocsp_request,
)
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from licensing.signatures.authority import keys, profiles
from licensing.signatures.authority.register import Register
from licensing.signatures.errors import CertificateRefused

ANSWER_VALID = timedelta(hours=12)
"""How long an OCSP answer or a list may be used; a revocation is known at once to who asks again."""
LEAST_RSA_BITS = 2048
REASONS = tuple(flag.value for flag in x509.ReasonFlags)
_HOLDERS = ("root", "issuing", "stamper", "responder")


@dataclass(frozen=True, slots=True)
class Subject:
    """Who a certificate names.

    ``identifier``: the unified social credit code (统一社会信用代码) of an organisation; for a natural person
    the opaque reference under which the register knows the person, never an ID number.
    """

    name: str
    identifier: str
    organization: str = ""

    def as_name(self) -> x509.Name:
        parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "CN")]
        if self.organization:
            parts += [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, self.organization),
                x509.NameAttribute(profiles.ORGANIZATION_IDENTIFIER, f"NTRCN-{self.identifier}"),
            ]
        else:
            parts.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, self.identifier))
        return x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, self.name)])


@dataclass(frozen=True, slots=True)
class Issued:
    """A new certificate with those above it, root last."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]


class Authority:
    """The authority that lives in ``folder``; ``open`` makes it when it is not there."""

    def __init__(
        self, folder: Path, holders: dict[str, keys.Holder], now: Callable[[], datetime], url: str
    ) -> None:
        self.folder, self.url = folder, url.rstrip("/")
        self.register = Register(folder / "register.jsonl")
        self._holders = holders
        self.now = now

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        name: str,
        now: Callable[[], datetime],
        url: str = "",
        passphrase: bytes | None = None,
        bits: int = keys.BITS,
    ) -> Authority:
        """Read the authority, or found it under ``name``.

        Args:
            now: an aware clock.
            url: where the public can ask for lists and OCSP answers; written into certificates.
            passphrase: protects the private keys on disk; from the environment, never from a file.
            bits: RSA key size of a new authority.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (folder / "founded").exists():
            holders = {each: keys.read(folder, each, passphrase) for each in _HOLDERS}
            return cls(folder, holders, now, url)
        holders = _found(name, now(), url.rstrip("/"), bits)
        for each, holder in holders.items():
            keys.write(folder, each, holder, passphrase)
        authority = cls(folder, holders, now, url)
        for each in ("issuing", "stamper", "responder"):
            certificate = holders[each].certificate
            authority.register.issued(certificate.serial_number, certificate.not_valid_after_utc)
        (folder / "founded").write_text(now().isoformat(), encoding="ascii")
        return authority

    # -- certificates ------------------------------------------------------------------------------

    @property
    def root(self) -> x509.Certificate:
        return self._holders["root"].certificate

    @property
    def issuing(self) -> x509.Certificate:
        return self._holders["issuing"].certificate

    def holder(self, name: str) -> keys.Holder:
        """``stamper`` for the time-stamp service; KeyError for a name that does not exist."""
        return self._holders[name]

    def issue(
        self, request: x509.CertificateSigningRequest, subject: Subject, valid: timedelta | None = None
    ) -> Issued:
        """A signer's certificate for the key of a PKCS#10 request; the name comes from the register.

        Raises:
            CertificateRefused: no proof of possession, or a key that is too weak.
        """
        if not request.is_signature_valid:
            raise CertificateRefused(
                "证书请求的签名不成立：申请人没有证明自己持有私钥。",
                "The request's own signature does not hold: possession of the private key is not proved.",
            )
        key = request.public_key()
        if not _strong(key):
            raise CertificateRefused(
                "密钥强度不够：RSA 至少 2048 位，或使用 P-256 及以上的椭圆曲线。",
                "The key is too weak: RSA of at least 2048 bits, or an elliptic curve of P-256 or more.",
            )
        certificate = _certify(
            subject.as_name(),
            key,
            profiles.SIGNER,
            by=self._holders["issuing"],
            at=self.now(),
            url=self.url,
            valid=valid,
        )
        self.register.issued(certificate.serial_number, certificate.not_valid_after_utc)
        return Issued(certificate, (self.issuing, self.root))

    def revoke(self, serial: int, reason: str = "unspecified") -> None:
        """From now on the certificate is refused; what was time-stamped before stays good.

        Raises:
            CertificateRefused: never issued here, or a reason that RFC 5280 does not know.
        """
        if reason not in REASONS:
            raise CertificateRefused(
                "吊销原因应为：{known}。", "The reason must be one of: {known}.", known="、".join(REASONS)
            )
        if self.register.state(serial) is None:
            raise CertificateRefused(
                "本机构没有签发过这张证书。", "This authority never issued that certificate."
            )
        self.register.revoke(serial, self.now(), reason)

    # -- what the public may ask -------------------------------------------------------------------

    def crl(self, of: str = "issuing") -> bytes:
        """The list of revoked certificates (DER) of ``issuing`` or ``root``."""
        holder, now = self._holders[of], self.now()
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(holder.certificate.subject)
            .last_update(_whole(now))
            .next_update(_whole(now + ANSWER_VALID))
            .add_extension(x509.CRLNumber(int(now.timestamp() * 1_000_000)), critical=False)
            .add_extension(_authority_key(holder), critical=False)
        )
        by_root = {f"{self.issuing.serial_number:x}"}
        for state in self.register.states().values():
            if state.revoked is None or (state.serial in by_root) != (of == "root"):
                continue
            revoked = (
                x509.RevokedCertificateBuilder()
                .serial_number(int(state.serial, 16))
                .revocation_date(_whole(state.revoked))
            )
            if state.reason not in (None, "unspecified"):
                revoked = revoked.add_extension(
                    x509.CRLReason(x509.ReasonFlags(state.reason)), critical=False
                )
            builder = builder.add_revoked_certificate(revoked.build())
        return builder.sign(holder.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def ocsp(self, request: bytes) -> bytes:
        """Answer an OCSP request (DER, RFC 6960) about a certificate that the issuing authority signed."""
        try:
            asked = load_der_ocsp_request(request)
            hashed = asked.hash_algorithm
        except Exception:  # noqa: BLE001  whatever stands there, it is no request
            return OCSPResponseBuilder.build_unsuccessful(OCSPResponseStatus.MALFORMED_REQUEST).public_bytes(
                Encoding.DER
            )
        if (asked.issuer_name_hash, asked.issuer_key_hash) != _issuer_hashes(self.issuing, hashed):
            return OCSPResponseBuilder.build_unsuccessful(OCSPResponseStatus.UNAUTHORIZED).public_bytes(
                Encoding.DER
            )
        return self._answer(asked.serial_number, hashed, asked.extensions).public_bytes(Encoding.DER)

    def _answer(
        self, serial: int, algorithm: hashes.HashAlgorithm, extensions: x509.Extensions
    ) -> OCSPResponse:
        state, now, responder = self.register.state(serial), self.now(), self._holders["responder"]
        name_hash, key_hash = _issuer_hashes(self.issuing, algorithm)
        if state is None:
            status = OCSPCertStatus.UNKNOWN
        else:
            status = OCSPCertStatus.REVOKED if state.revoked else OCSPCertStatus.GOOD
        revoked = state.revoked if state else None
        reason = state.reason if state else None
        builder = OCSPResponseBuilder().add_response_by_hash(
            name_hash,
            key_hash,
            serial,
            algorithm,
            status,
            _whole(now),
            _whole(now + ANSWER_VALID),
            _whole(revoked) if revoked else None,
            x509.ReasonFlags(reason) if reason and reason != "unspecified" else None,
        )
        builder = builder.responder_id(
            x509.ocsp.OCSPResponderEncoding.HASH, responder.certificate
        ).certificates([responder.certificate])
        for extension in extensions:
            if isinstance(extension.value, x509.OCSPNonce):
                builder = builder.add_extension(extension.value, critical=False)
        return builder.sign(responder.key, hashes.SHA256())


def _found(name: str, at: datetime, url: str, bits: int) -> dict[str, keys.Holder]:
    def named(suffix: str) -> x509.Name:
        return x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, name),
                x509.NameAttribute(NameOID.COMMON_NAME, f"{name} {suffix}"),
            ]
        )

    root_key = keys.new_key(bits)
    root = keys.Holder(
        _certify(named("根证书"), root_key.public_key(), profiles.ROOT, root_key, at, url), root_key
    )
    holders = {"root": root}
    for each, suffix, profile, above in (
        ("issuing", "签发", profiles.ISSUING, "root"),
        ("stamper", "时间戳", profiles.STAMPER, "issuing"),
        ("responder", "在线查询", profiles.RESPONDER, "issuing"),
    ):
        key = keys.new_key(bits)
        holders[each] = keys.Holder(
            _certify(named(suffix), key.public_key(), profile, holders[above], at, url), key
        )
    return holders


def _certify(
    subject: x509.Name,
    key: CertificatePublicKeyTypes,
    profile: profiles.Profile,
    by: keys.Holder | rsa.RSAPrivateKey,
    at: datetime,
    url: str,
    valid: timedelta | None = None,
) -> x509.Certificate:
    """Sign a certificate; ``by`` is the bare key for a root, which signs itself."""
    issuer_key = by.key if isinstance(by, keys.Holder) else by
    issuer_name = by.certificate.subject if isinstance(by, keys.Holder) else subject
    start = _whole(at)
    end = start + (valid or profile.valid)
    if isinstance(by, keys.Holder):
        end = min(end, by.certificate.not_valid_after_utc)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer_name)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(profile.path is not None, profile.path), critical=True)
        .add_extension(profiles.key_usage(profile), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
    )
    if profile.purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(profile.purposes), critical=profile.exclusive)
    if profile.no_check:
        builder = builder.add_extension(x509.OCSPNoCheck(), critical=False)
    if url and isinstance(by, keys.Holder):
        above = "root" if profile is profiles.ISSUING else "issuing"
        builder = builder.add_extension(
            x509.CRLDistributionPoints(
                [x509.DistributionPoint([_uri(f"{url}/{above}.crl")], None, None, None)]
            ),
            critical=False,
        ).add_extension(
            x509.AuthorityInformationAccess(
                [
                    *(
                        [x509.AccessDescription(AuthorityInformationAccessOID.OCSP, _uri(f"{url}/ocsp"))]
                        if above == "issuing"
                        else []
                    ),
                    x509.AccessDescription(
                        AuthorityInformationAccessOID.CA_ISSUERS, _uri(f"{url}/{above}.crt")
                    ),
                ]
            ),
            critical=False,
        )
    return builder.sign(issuer_key, hashes.SHA256())


def _strong(key: object) -> bool:
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size >= LEAST_RSA_BITS
    return isinstance(key, ec.EllipticCurvePublicKey) and key.curve.key_size >= 256


def _uri(address: str) -> x509.UniformResourceIdentifier:
    return x509.UniformResourceIdentifier(address)


def _whole(moment: datetime) -> datetime:
    """Certificates and lists count whole seconds, in UTC."""
    return moment.astimezone(timezone.utc).replace(microsecond=0)


def _authority_key(holder: keys.Holder) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(holder.key.public_key())


def _issuer_hashes(issuer: x509.Certificate, algorithm: hashes.HashAlgorithm) -> tuple[bytes, bytes]:
    """Digests of the issuer's name and key, as OCSP names an issuer."""
    der = asn1.Certificate.load(issuer.public_bytes(Encoding.DER))

    def digest(data: bytes) -> bytes:
        made = hashes.Hash(algorithm)
        made.update(data)
        return made.finalize()

    key_bits: bytes = der.public_key["public_key"].contents[1:]
    return digest(der.subject.dump()), digest(key_bits)
