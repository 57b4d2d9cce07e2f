"""What the authority tells the public: OCSP (RFC 6960), time stamps (RFC 3161), lists and certificates."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from functools import cache
from typing import Final

from asn1crypto import pem
from cryptography.hazmat.primitives.serialization import Encoding
from flask import Blueprint, Response, abort, request

from licensing.signatures.authority.ca import Authority
from licensing.signatures.authority.national import NationalAuthority
from licensing.signatures.authority.tsa import TimeStampAuthority

LARGEST: Final = 16 * 1024
"""Bytes of a question; an honest one has a few hundred."""


Opened = tuple[Authority, NationalAuthority | None]


def authority_blueprint(opened: Callable[[], Opened], prefix: str = "/ca") -> Blueprint:
    """``/ca/ocsp``, ``/ca/tsa``, ``/ca/root.crl``, ``/ca/issuing.crt`` …: public, no account needed.

    ``opened`` opens the keys; it is called when somebody asks first.
    """
    made = Blueprint("authority", __name__, url_prefix=prefix)

    @cache
    def keys() -> tuple[Authority, NationalAuthority | None, TimeStampAuthority]:
        authority, national = opened()
        chain = (authority.issuing, authority.root)
        return authority, national, TimeStampAuthority(authority.holder("stamper"), chain, authority.now)

    def question(kind: str) -> bytes:
        if request.mimetype != kind:
            abort(415)
        request.max_content_length = LARGEST
        return request.get_data(cache=False)

    def ocsp_posted() -> Response:
        data = question("application/ocsp-request")
        return _answer(keys()[0].ocsp(data), "application/ocsp-response")

    def ocsp_asked(text: str) -> Response:
        try:
            data = base64.b64decode(text, validate=True)
        except binascii.Error:
            data = b""  # is answered as a malformed request
        return _answer(keys()[0].ocsp(data[:LARGEST]), "application/ocsp-response")

    def stamp() -> Response:
        data = question("application/timestamp-query")
        return _answer(keys()[2].answer(data), "application/timestamp-reply")

    def crl(name: str) -> Response:
        authority, national, _ = keys()
        if name == "national" and national is not None:
            return _answer(national.crl(), "application/pkix-crl")
        if name not in ("root", "issuing"):
            abort(404)
        return _answer(authority.crl(name), "application/pkix-crl")

    def certificate(name: str) -> Response:
        authority, national, _ = keys()
        known = {
            "root": authority.root.public_bytes(Encoding.DER),
            "issuing": authority.issuing.public_bytes(Encoding.DER),
        }
        if national is not None:
            known["national"] = national.root.dump()
        if name not in known:
            abort(404)
        return _answer(known[name], "application/pkix-cert")

    def roots() -> Response:
        authority, national, _ = keys()
        text = authority.root.public_bytes(Encoding.PEM)
        if national is not None:
            text += pem.armor("CERTIFICATE", national.root.dump())
        return _answer(text, "application/x-pem-file")

    made.add_url_rule("/ocsp", "ocsp", ocsp_posted, methods=["POST"])
    made.add_url_rule("/ocsp/<path:text>", "ocsp_asked", ocsp_asked, methods=["GET"])
    made.add_url_rule("/tsa", "tsa", stamp, methods=["POST"])
    made.add_url_rule("/<name>.crl", "crl", crl)
    made.add_url_rule("/<name>.crt", "certificate", certificate)
    made.add_url_rule("/roots.pem", "roots", roots)
    return made


def _answer(content: bytes, kind: str) -> Response:
    return Response(content, content_type=kind, headers={"X-Content-Type-Options": "nosniff"})
