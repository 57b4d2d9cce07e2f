"""Certificates and revocation lists signed by SM2 with SM3 (GM/T 0015), which common libraries do not read.

Only what the national suite of this service needs: an issuer that is a trusted root, the holder's
certificate, and a list of the revoked. OpenSSL verifies such certificates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta, timezone

from asn1crypto import core, crl, keys, x509

from licensing.signatures import sm2
from licensing.signatures.certificates import identity
from licensing.signatures.errors import CertificateRefused

SM2_WITH_SM3 = "1.2.156.10197.1.501"
ALGORITHM = {"algorithm": SM2_WITH_SM3}
SKEW = timedelta(seconds=60)
"""How much later than the moment that is judged a proof of revocation may have been made: it is fetched after
that moment, on a busy machine by seconds, and a later list names all that an earlier one would."""


def certify(
    subject: x509.Name,
    key: sm2.PublicKey,
    issuer: x509.Name,
    by: sm2.PrivateKey,
    *,
    serial: int,
    start: datetime,
    end: datetime,
    authority: bool,
) -> x509.Certificate:
    """Sign a certificate for ``key``; an ``authority`` may sign certificates and lists, others documents."""
    usage = {"key_cert_sign", "crl_sign"} if authority else {"digital_signature", "non_repudiation"}
    extensions: Sequence[tuple[str, bool, core.Asn1Value]] = (
        ("basic_constraints", True, x509.BasicConstraints({"ca": authority})),
        ("key_usage", True, x509.KeyUsage(usage)),
        ("key_identifier", False, core.OctetString(key.info().sha1)),
        (
            "authority_key_identifier",
            False,
            x509.AuthorityKeyIdentifier({"key_identifier": by.public.info().sha1}),
        ),
    )
    body = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": serial,
            "signature": ALGORITHM,
            "issuer": issuer,
            "validity": {"not_before": _time(start), "not_after": _time(end)},
            "subject": subject,
            "subject_public_key_info": key.info(),
            "extensions": [
                {"extn_id": name, "critical": critical, "extn_value": core.ParsableOctetString(value.dump())}
                for name, critical, value in extensions
            ],
        }
    )
    return x509.Certificate(
        {"tbs_certificate": body, "signature_algorithm": ALGORITHM, "signature_value": by.sign(body.dump())}
    )


def revocation_list(
    issuer: x509.Name,
    by: sm2.PrivateKey,
    revoked: Iterable[tuple[int, datetime]],
    *,
    at: datetime,
    until: datetime,
) -> bytes:
    """A list of revoked serial numbers, DER."""
    entries = [{"user_certificate": serial, "revocation_date": _time(when)} for serial, when in revoked]
    body = crl.TbsCertList(
        {
            "version": "v2",
            "signature": ALGORITHM,
            "issuer": issuer,
            "this_update": _time(at),
            "next_update": _time(until),
            "crl_extensions": [
                {
                    "extn_id": "crl_number",
                    "extn_value": core.ParsableOctetString(
                        core.Integer(int(at.timestamp() * 1_000_000)).dump()
                    ),
                }
            ],
        }
    )
    if entries:
        body["revoked_certificates"] = entries
    made: bytes = crl.CertificateList(
        {"tbs_cert_list": body, "signature_algorithm": ALGORITHM, "signature": by.sign(body.dump())}
    ).dump()
    return made


def check(
    certificate: x509.Certificate,
    roots: Sequence[x509.Certificate],
    lists: Callable[[x509.Certificate, x509.Certificate], Sequence[bytes]],
    at: datetime,
) -> sm2.PublicKey:
    """The key of a certificate that a root signed, that is in time, and that a current list does not name.

    Raises:
        CertificateRefused: otherwise, also when no current list can be had.
    """
    root = _issuer(certificate, roots)
    serial = f"{certificate.serial_number:x}"
    usage = certificate.key_usage_value
    if root is None:
        raise CertificateRefused(
            "SM2 证书（序列号 {serial}）不是由受信任的机构签发。",
            "No trusted authority issued the SM2 certificate (serial number {serial}).",
            serial=serial,
        )
    if certificate.ca or usage is None or "non_repudiation" not in usage.native:
        raise CertificateRefused(
            "SM2 证书（序列号 {serial}）的用途不是签署文件。",
            "The SM2 certificate (serial number {serial}) is not meant for signing documents.",
            serial=serial,
        )
    known = identity(certificate)
    if not known.not_before <= at <= known.not_after:
        raise CertificateRefused(
            "SM2 证书（序列号 {serial}）不在有效期内。",
            "The SM2 certificate (serial number {serial}) is not within its validity.",
            serial=serial,
        )
    current = [each for each in map(_read_list, lists(certificate, root)) if _is_current(each, root, at)]
    if not current:
        raise CertificateRefused(
            "查不到 SM2 证书（序列号 {serial}）的吊销状态。",
            "The revocation state of the SM2 certificate (serial number {serial}) cannot be learnt.",
            serial=serial,
        )
    if any(certificate.serial_number in _serials(each) for each in current):
        raise CertificateRefused(
            "SM2 证书（序列号 {serial}）已被吊销。",
            "The SM2 certificate (serial number {serial}) is revoked.",
            serial=serial,
        )
    return sm2.PublicKey.from_info(certificate.public_key)


def _issuer(certificate: x509.Certificate, roots: Sequence[x509.Certificate]) -> x509.Certificate | None:
    algorithm = certificate["signature_algorithm"]["algorithm"].dotted
    inner = certificate["tbs_certificate"]["signature"]["algorithm"].dotted
    if (algorithm, inner) != (SM2_WITH_SM3, SM2_WITH_SM3):
        return None
    for root in roots:
        signed = certificate["tbs_certificate"].dump(), certificate["signature_value"].native
        if root.subject == certificate.issuer and sm2.verify(_key(root), *signed):
            return root
    return None


def _is_current(found: crl.CertificateList, root: x509.Certificate, at: datetime) -> bool:
    body = found["tbs_cert_list"]
    in_time = _utc(body["this_update"].native) - SKEW <= at <= _utc(body["next_update"].native)
    return (
        in_time
        and found.issuer == root.subject
        and found["signature_algorithm"]["algorithm"].dotted == SM2_WITH_SM3
        and sm2.verify(_key(root), body.dump(), found["signature"].native)
    )


def _serials(found: crl.CertificateList) -> set[int]:
    entries = found["tbs_cert_list"]["revoked_certificates"]
    return {each["user_certificate"].native for each in entries} if entries.native else set()


def _read_list(data: bytes) -> crl.CertificateList:
    return crl.CertificateList.load(data)


def _key(certificate: x509.Certificate) -> sm2.PublicKey:
    info: keys.PublicKeyInfo = certificate.public_key
    return sm2.PublicKey.from_info(info)


def _time(moment: datetime) -> x509.Time:
    return x509.Time({"utc_time": core.UTCTime(_utc(moment).replace(microsecond=0))})


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(timezone.utc)
