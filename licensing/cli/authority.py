"""``licensing ca``: the small authority of a demonstration."""

from __future__ import annotations

import os
from pathlib import Path

import click
from asn1crypto import pem
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12

from licensing.cli.edge import guarded, json_option, secret, show
from licensing.core.errors import InvalidInput
from licensing.local.setup import Setup
from licensing.signatures import sm2
from licensing.signatures.authority import Subject
from licensing.signatures.authority.ca import REASONS
from licensing.signatures.authority.files import write_secret

_OUT = click.Path(file_okay=False, path_type=Path)


@click.group("ca")
def ca_group() -> None:
    """示范用认证机构，正式环境请用依法设立的机构 / the small authority, for demonstrations."""


@ca_group.command("init")
@json_option
@guarded
def init_command(as_json: bool) -> None:
    """在 LICENSING_CA 建立认证机构 / found the authority."""
    ordinary, national = Setup(os.environ).authority()
    root = ordinary.root.public_bytes(Encoding.PEM).decode()
    own = pem.armor("CERTIFICATE", national.root.dump()).decode()
    show({"root": root, "sm2_root": own}, as_json, lambda: root + own)


@ca_group.command("issue")
@click.option("--name", required=True, help="签署人 / the signer")
@click.option("--organization", default="", help="单位 / the organisation")
@click.option("--identifier", required=True, help="统一社会信用代码或登记编号 / USCC or reference")
@click.option("--request", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="签署人自己生成的证书请求（PKCS#10） / the signer's own request")  # fmt: skip
@click.option("--out", type=_OUT, required=True, help="输出文件夹 / folder")
@json_option
@guarded
def issue_command(
    name: str, organization: str, identifier: str, request: Path | None, out: Path, as_json: bool
) -> None:
    """签发证书。不给证书请求时在本机生成密钥，仅供演示 / issue a certificate.

    Without a request the keys are made here: for demonstrations, on the signer's own machine.
    """
    ordinary, national = Setup(os.environ).authority()
    subject = Subject(name, identifier, organization)
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    if request is not None:
        try:
            asked = x509.load_pem_x509_csr(request.read_bytes())
        except ValueError as error:
            raise InvalidInput("读不出证书请求。", "The request cannot be read.") from error
        issued = ordinary.issue(asked, subject)
        chain = b"".join(each.public_bytes(Encoding.PEM) for each in (issued.certificate, *issued.chain[:1]))
        (out / "signer.pem").write_bytes(chain)
        data = {"serial": f"{issued.certificate.serial_number:x}", "files": ["signer.pem"]}
    else:
        phrase = secret(
            "LICENSING_KEY_PASSPHRASE", "新密钥文件的口令 / passphrase for the key file", confirm=True
        )
        if not phrase:
            raise InvalidInput("密钥文件必须有口令。", "A key file needs a passphrase.")
        key = ec.generate_private_key(ec.SECP256R1())
        builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
        issued = ordinary.issue(builder.sign(key, hashes.SHA256()), subject)
        protection = BestAvailableEncryption(phrase.encode())
        chain = b"".join(each.public_bytes(Encoding.PEM) for each in (issued.certificate, *issued.chain[:1]))
        own = sm2.PrivateKey.generate()
        write_secret(out / "signer.p12", pkcs12.serialize_key_and_certificates(
            b"signer", key, issued.certificate, issued.chain[:1], protection))  # fmt: skip
        (out / "signer.pem").write_bytes(chain)
        write_secret(out / "sm2.key", own.to_pem())
        certificate = national.issue(own.public, subject)
        (out / "sm2.pem").write_bytes(pem.armor("CERTIFICATE", certificate.dump()))
        data = {
            "serial": f"{issued.certificate.serial_number:x}",
            "sm2_serial": f"{certificate.serial_number:x}",
            "files": ["signer.p12", "signer.pem", "sm2.key", "sm2.pem"],
        }
    show(data, as_json, lambda: f"{data['serial']}  {' '.join(data['files'])}")


@ca_group.command("revoke")
@click.argument("serial")
@click.option("--reason", type=click.Choice(REASONS), default="unspecified", show_default=True,
              help="吊销原因 / why")  # fmt: skip
@click.option("--sm2", "national", is_flag=True, help="SM2 证书 / an SM2 certificate")
@json_option
@guarded
def revoke_command(serial: str, reason: str, national: bool, as_json: bool) -> None:
    """吊销证书，立即生效 / revoke a certificate by its serial number (hexadecimal)."""
    try:
        number = int(serial, 16)
    except ValueError as error:
        raise InvalidInput("序列号应为十六进制。", "A serial number is hexadecimal.") from error
    ordinary, suite = Setup(os.environ).authority()
    if national:
        suite.revoke(number)
    else:
        ordinary.revoke(number, reason)
    show({"revoked": f"{number:x}"}, as_json, lambda: "已吊销 / revoked")
