"""Who signed a PDF, when, and whether a byte has changed since: judged from the file itself.

A signature is judged at the time that an independent time stamp proves (ETSI EN 319 102-1, 5.6): a
certificate that expired or was revoked later does not undo what was signed before, one that was revoked
earlier does.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms, x509
from asn1crypto.parser import peek
from cryptography import x509 as pyca
from cryptography.exceptions import InvalidSignature
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed, AdESStatus, AdESSubIndic
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import (
    EmbeddedPdfSignature,
    SignatureCoverageLevel,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.ades import AdESLTAValidationResult, ades_lta_validation
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

from licensing.signatures.certificates import Identity, identity
from licensing.signatures.errors import SignatureRefused
from licensing.signatures.trust import Trust

MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SignatureVerdict:
    """One signature. ``stamped_at`` is None when no trusted time stamp proves the time.

    ``problem``: empty, or the first thing that is wrong: ``altered``, ``revoked``, ``expired``,
    ``untrusted``, ``no_time_stamp``, ``not_verifiable``.
    """

    field: str
    signer: Identity
    stamped_at: datetime | None
    intact: bool
    whole: bool
    """Nothing but later signatures and their proofs was added to the file after it."""
    problem: str

    @property
    def good(self) -> bool:
        return not self.problem

    def as_dict(self) -> dict[str, Any]:
        return {
            "field": self.field,
            "signer": self.signer.as_dict(),
            "stamped_at": self.stamped_at.isoformat() if self.stamped_at else None,
            "intact": self.intact,
            "whole": self.whole,
            "good": self.good,
            "problem": self.problem or None,
        }


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """The file: its SHA-256 and each signature in the order of signing.

    ``sealed``: every byte of it is covered by a signature or an archive time stamp that holds.
    """

    sha256: str
    signatures: tuple[SignatureVerdict, ...]
    sealed: bool

    @property
    def good(self) -> bool:
        return self.sealed and bool(self.signatures) and all(each.good for each in self.signatures)

    def as_dict(self) -> dict[str, Any]:
        return {
            "sha256": self.sha256,
            "good": self.good,
            "sealed": self.sealed,
            "signatures": [each.as_dict() for each in self.signatures],
        }


def verify_pdf(document: bytes, trust: Trust, at: datetime) -> FileVerdict:
    """Judge every signature of ``document`` by what is known at ``at``.

    Raises:
        SignatureRefused: the file is no PDF that can be read, or too large.
    """
    if len(document) > MAX_BYTES:
        raise SignatureRefused(
            "文件过大，无法验证（上限 {limit} MB）。",
            "The file is too large to be verified (limit {limit} MB).",
            limit=MAX_BYTES // 1024 // 1024,
        )
    return asyncio.run(_verify(document, trust, at))


def covered(document: bytes) -> bool:
    """Whether every byte is covered by a signature or time stamp whose digest holds.

    Says nothing of who signed. No file is good without it: a cheap first question about many files.

    Raises:
        SignatureRefused: the file is no PDF that can be read.
    """
    try:
        return _sealed(PdfFileReader(io.BytesIO(document), strict=True), document)
    except Exception as error:
        raise _unreadable() from error


def _unreadable() -> SignatureRefused:
    return SignatureRefused(
        "读不出这份文件：不是 PDF，或已损坏。", "The file cannot be read: not a PDF, or damaged."
    )


async def _verify(document: bytes, trust: Trust, at: datetime) -> FileVerdict:
    try:
        reader = PdfFileReader(io.BytesIO(document), strict=True)
        verdicts = [await _judge(each, trust, at) for each in reader.embedded_regular_signatures]
        sealed = _sealed(reader, document) and await _stamped(reader, trust)
    except Exception as error:
        # A file made to break the reader can raise anything: whatever it is, nothing is verified.
        raise _unreadable() from error
    return FileVerdict(hashlib.sha256(document).hexdigest(), tuple(verdicts), sealed)


def _sealed(reader: PdfFileReader, document: bytes) -> bool:
    """Whether no byte could be another one.

    The last signature or time stamp reaches the end of the file, all of them hold, and the room kept for them
    (the only bytes that they leave out) holds their own bytes in hexadecimal and zeros, nothing else.
    """
    everything = reader.embedded_signatures
    for each in everything:
        start, end = int(each.byte_range[1]), int(each.byte_range[2])
        room = document[start:end]
        own = each.pkcs7_content[: peek(each.pkcs7_content)]
        written = b"<" + own.hex().encode().ljust(len(room) - 2, b"0") + b">"
        in_capitals = written.upper()
        if int(each.byte_range[0]) != 0 or room not in (written, in_capitals) or not _holds(each):
            return False
    return bool(everything) and int(everything[-1].byte_range[2]) + int(everything[-1].byte_range[3]) == len(
        document
    )


async def _stamped(reader: PdfFileReader, trust: Trust) -> bool:
    """Whether every archive time stamp is exactly what a trusted time-stamp authority signed.

    The token is the one place that no later hash covers, so what stands in it beside the signed part
    (version, algorithms, certificates) is compared too.
    """
    for each in reader.embedded_timestamp_signatures:
        token = each.signed_data
        certificates = [choice.chosen for choice in token["certificates"]]
        context = trust.context(None, trust.evidence(certificates), certificates)
        status = await async_validate_pdf_timestamp(each, context)
        if not (status.intact and status.valid) or not _plain(token):
            return False
        known = {own.dump() for own in (*trust.roots, *trust.intermediates)}
        for certificate in certificates:
            if certificate.dump() not in known and not _issued_by_known(certificate, trust):
                return False
    return True


def _plain(token: cms.SignedData) -> bool:
    """The parts of a time-stamp token that its signature leaves out, as RFC 3161 and RFC 5652 fix them."""
    (signer,) = token["signer_infos"]
    digest = signer["digest_algorithm"]["algorithm"].native
    return (
        token["version"].native == "v3"
        and signer["version"].native == "v1"
        and [each["algorithm"].native for each in token["digest_algorithms"]] == [digest]
        and not signer["unsigned_attrs"].native
        and token["crls"].native is None
    )


def _issued_by_known(certificate: x509.Certificate, trust: Trust) -> bool:
    """Whether an authority that we know signed this very certificate, byte by byte."""
    subject = pyca.load_der_x509_certificate(certificate.dump())
    for own in (*trust.intermediates, *trust.roots):
        if own.subject == certificate.issuer:
            try:
                subject.verify_directly_issued_by(pyca.load_der_x509_certificate(own.dump()))
            except (InvalidSignature, ValueError, TypeError):
                continue
            return True
    return False


def _holds(signature: EmbeddedPdfSignature) -> bool:
    """Whether the signed digest is that of the covered bytes."""
    info = signature.signed_data["signer_infos"][0]
    imprint = signature.signed_data["encap_content_info"]["content"]
    if signature.sig_object_type == "/DocTimeStamp":
        claimed = imprint.parsed["message_imprint"]["hashed_message"].native
    else:
        attributes = {each["type"].native: each["values"][0].native for each in info["signed_attrs"]}
        claimed = attributes["message_digest"]
    return bool(claimed == signature.compute_digest())


async def _judge(embedded: EmbeddedPdfSignature, trust: Trust, at: datetime) -> SignatureVerdict:
    signer = identity(embedded.signer_cert)
    result = await ades_lta_validation(
        embedded,
        _spec(embedded, trust, at),
        timing_info=ValidationTimingInfo(at, at, point_in_time_validation=False),
    )
    status = result.api_status
    intact = bool(status and status.intact and status.valid)
    whole = status is not None and _whole(status.coverage, status.modification_level)
    stamped = _stamped_at(result)
    return SignatureVerdict(
        field=str(embedded.field_name),
        signer=signer,
        stamped_at=stamped,
        intact=intact,
        whole=whole,
        problem=_problem(result.ades_subindic, intact, whole, stamped),
    )


def _spec(embedded: EmbeddedPdfSignature, trust: Trust, at: datetime) -> PdfSignatureValidationSpec:
    """Our roots only, revocation required, nothing fetched by the library."""
    tokens = [each.signed_data for each in embedded.reader.embedded_timestamp_signatures]
    tokens += extract_tst_data_iter(embedded.signer_info, signed=False)
    stampers = [choice.chosen for token in tokens for choice in token["certificates"]]
    chain = [embedded.signer_cert, *embedded.other_embedded_certs, *stampers, *trust.intermediates]
    fresh = trust.evidence(chain, at)
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=list(trust.roots)),
        revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO),
    )
    return PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=policy,
            ts_cert_validation_policy=policy,
            revinfo_gathering_policy=RevocationInfoGatheringSpec(
                online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY
            ),
            local_knowledge=LocalKnowledge(
                known_ocsps=[each for o in fresh.ocsps for each in OCSPContainer.load_multi(o)],
                known_crls=[CRLContainer(each) for each in fresh.crls],
                known_certs=list(trust.intermediates),
            ),
        )
    )


def _stamped_at(result: AdESLTAValidationResult) -> datetime | None:
    moment: datetime | None = result.best_signature_time
    status = result.api_status
    proved = (
        status is not None and status.timestamp_validity is not None and status.timestamp_validity.trusted
    )
    return moment if proved else None


def _whole(coverage: SignatureCoverageLevel | None, modified: ModificationLevel | None) -> bool:
    if coverage is None or coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return False
    return modified is not None and modified <= ModificationLevel.FORM_FILLING


def _problem(found: AdESStatus | AdESSubIndic, intact: bool, whole: bool, stamped: datetime | None) -> str:
    if not intact or not whole:
        return "altered"
    if found != AdESPassed.OK:
        name = getattr(found, "name", "").lower()
        if "revoked" in name:
            return "revoked"
        if "out_of_bounds" in name or "expired" in name:
            return "expired"
        if "chain" in name:
            return "untrusted"
        return "not_verifiable"
    return "" if stamped is not None else "no_time_stamp"
