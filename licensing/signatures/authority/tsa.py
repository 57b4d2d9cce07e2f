"""Time stamps by RFC 3161: who held which digest when, signed by somebody else than the parties."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timezone

from asn1crypto import algos, cms, core, tsp, x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.timestamps import TimeStamper

from licensing.signatures.authority.keys import Holder

POLICY = "2.25.197621354940314084813065785700208625631.1"
"""The authority's time-stamp policy, under the arc of UUIDs (ITU-T X.667), which needs no registration."""
ACCEPTED = ("sha256", "sha384", "sha512")


class TimeStampAuthority(TimeStamper):
    """Answers requests by RFC 3161 with one certificate; also pyHanko's own source of time stamps."""

    def __init__(
        self, holder: Holder, chain: tuple[pyca.Certificate, ...], now: Callable[[], datetime]
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._holder, self._now = holder, now
        self._certificate = _asn1(holder.certificate)
        self._chain = [self._certificate, *(_asn1(each) for each in chain)]

    def answer(self, request: bytes) -> bytes:
        """The DER answer to a DER request; a request that is not understood is rejected with its reason."""
        try:
            asked = tsp.TimeStampReq.load(request, strict=True)
            algorithm = asked["message_imprint"]["hash_algorithm"]["algorithm"].native
            digest = asked["message_imprint"]["hashed_message"].native
            asked["nonce"].native, asked["cert_req"].native
        except (ValueError, TypeError, KeyError):
            return _rejected("bad_data_format")
        if algorithm not in ACCEPTED:
            return _rejected("bad_alg")
        if len(digest) != hashlib.new(algorithm).digest_size:
            return _rejected("bad_data_format")
        answer: bytes = self._granted(asked).dump()
        return answer

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The same for pyHanko, without a network between."""
        return tsp.TimeStampResp.load(self.answer(req.dump()))

    def _granted(self, asked: tsp.TimeStampReq) -> tsp.TimeStampResp:
        moment = self._now().astimezone(timezone.utc)
        info = {
            "version": "v1",
            "policy": tsp.ObjectIdentifier(POLICY),
            "message_imprint": asked["message_imprint"],
            "serial_number": secrets.randbits(120),
            "gen_time": core.GeneralizedTime(moment.replace(microsecond=0)),
            "accuracy": tsp.Accuracy({"seconds": 1}),
            "tsa": x509.GeneralName(name="directory_name", value=self._certificate.subject),
        }
        if asked["nonce"].native is not None:
            info["nonce"] = asked["nonce"]
        content = tsp.TSTInfo(info).dump()
        attributes = self._attributes(content, moment)
        signature = self._holder.key.sign(attributes.dump(), PKCS1v15(), hashes.SHA256())
        signed = cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": [{"algorithm": "sha256"}],
                "encap_content_info": {
                    "content_type": "tst_info",
                    "content": cms.ParsableOctetString(content),
                },
                "certificates": self._chain if asked["cert_req"].native else [],
                "signer_infos": [
                    {
                        "version": "v1",
                        "sid": cms.SignerIdentifier(
                            {
                                "issuer_and_serial_number": {
                                    "issuer": self._certificate.issuer,
                                    "serial_number": self._certificate.serial_number,
                                }
                            }
                        ),
                        "digest_algorithm": {"algorithm": "sha256"},
                        "signed_attrs": attributes,
                        "signature_algorithm": {"algorithm": "rsassa_pkcs1v15"},
                        "signature": signature,
                    }
                ],
            }
        )
        return tsp.TimeStampResp(
            {
                "status": {"status": "granted"},
                "time_stamp_token": {"content_type": "signed_data", "content": signed},
            }
        )

    def _attributes(self, content: bytes, moment: datetime) -> cms.CMSAttributes:
        reference = tsp.SigningCertificateV2(
            {
                "certs": [
                    tsp.ESSCertIDv2(
                        {
                            "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
                            "cert_hash": hashlib.sha256(self._certificate.dump()).digest(),
                        }
                    )
                ]
            }
        )
        values = (
            ("content_type", cms.ContentType("tst_info")),
            ("signing_time", cms.Time({"utc_time": core.UTCTime(moment.replace(microsecond=0))})),
            ("signing_certificate_v2", reference),
            ("message_digest", core.OctetString(hashlib.sha256(content).digest())),
        )
        return cms.CMSAttributes(
            [cms.CMSAttribute({"type": kind, "values": [value]}) for kind, value in values]
        )


def _rejected(failure: str) -> bytes:
    status = tsp.PKIStatusInfo({"status": "rejection", "fail_info": tsp.PKIFailureInfo({failure})})
    # asn1crypto takes no answer without a token, which a rejection lacks (RFC 3161, 2.4.2).
    answer: bytes = core.SequenceOf([status], spec=tsp.PKIStatusInfo).dump()
    return answer


def _asn1(certificate: pyca.Certificate) -> x509.Certificate:
    return x509.Certificate.load(certificate.public_bytes(Encoding.DER))
