"""Who is written to: a program behind HTTPS, and a mail server; both keep what they were sent."""

from __future__ import annotations

import email
import email.policy
import http.server
import json
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class _Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server: Any = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server.came.append((self.path, dict(self.headers), body))
        self.send_response(server.status)
        self.send_header("Location", "https://elsewhere.example/")
        self.end_headers()
        told = json.loads(body)
        if server.obedient and "challenge" in told:
            self.wfile.write(told["challenge"].encode())
        elif server.talkative:
            self.wfile.write(b"x" * 100_000)

    def log_message(self, *_: Any) -> None:
        pass


def certificate(path: Path, name: str) -> Path:
    """A key and a certificate for ``name``, written to ``path`` as one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(private + made.public_bytes(pem))
    return path


@contextmanager
def receiver(pem: Path) -> Iterator[Any]:
    """A program behind HTTPS: ``came`` holds (path, headers, body), ``status`` is what it answers.

    ``obedient``: it repeats challenges; ``talkative``: it answers with much more than anybody wants.
    """
    made: Any = http.server.HTTPServer(("127.0.0.1", 0), _Receiver)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    made.socket = context.wrap_socket(made.socket, server_side=True)
    made.came, made.status, made.obedient, made.talkative = [], 200, False, False
    with _serving(made):
        yield made


class _Mailbox(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server: Any = self.server
        self.wfile.write(b"220 test\r\n")
        while line := self.rfile.readline():
            word = line.split(b" ")[0].strip().upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = []
                while (part := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(part)
                server.came.append(email.message_from_bytes(b"".join(lines), policy=email.policy.default))
            if word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 fine\r\n")


@contextmanager
def mail_server() -> Iterator[tuple[str, list[EmailMessage]]]:
    """A mail server on 127.0.0.1: its address, and the mails that came."""
    made: Any = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Mailbox)
    made.came = []
    with _serving(made):
        yield f"127.0.0.1:{made.server_address[1]}", made.came


@contextmanager
def _serving(server: Any) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
