"""``licensing sign``: sign a request on one's own machine; the key never leaves it."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import click

from licensing.cli.edge import guarded, json_option, secret
from licensing.core.errors import InvalidInput
from licensing.signatures import sm2
from licensing.signatures.client import Key, Pkcs12Key, Request, respond
from licensing.signatures.token import TokenKey

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("sign")
@click.argument("request", type=_FILE)
@click.option("--document", type=_FILE, required=True, help="您核对过的 PDF / the PDF you looked at")
@click.option("--pkcs12", type=_FILE, help="密钥文件，口令取自 LICENSING_KEY_PASSPHRASE 或输入 / key file")
@click.option("--pkcs11", type=_FILE, help="智能密码钥匙的驱动，PIN 取自 LICENSING_TOKEN_PIN / driver")
@click.option("--token", help="智能密码钥匙名称 / label of the token")
@click.option("--key", "label", help="钥匙中的密钥名称 / label of the key")
@click.option("--sm2-key", type=_FILE, help="SM2 私钥（PEM） / SM2 private key")
@click.option("--out", type=click.File("wb", atomic=True), default="-", help="输出文件 / file")
@json_option
@guarded
def sign_command(
    request: Path,
    document: Path,
    pkcs12: Path | None,
    pkcs11: Path | None,
    token: str | None,
    label: str | None,
    sm2_key: Path | None,
    out: BinaryIO,
    as_json: bool,
) -> None:
    """用自己的密钥签署请求 REQUEST，输出总是 JSON / sign the request with one's own key.

    The answer is JSON in any case; with --json, what was signed is told on standard error as JSON too.
    """
    asked = Request.from_json(request.read_text(encoding="utf-8"))
    asked.check(document.read_bytes())
    national = sm2.PrivateKey.from_pem(sm2_key.read_bytes()) if sm2_key else None
    with ExitStack() as stack:
        key = _key(stack, pkcs12, pkcs11, token, label)
        out.write(respond(asked, key, national).encode() + b"\n")
    if as_json:
        click.echo(json.dumps({"signed": asked.id, "title": asked.title}, ensure_ascii=False), err=True)


def _key(
    stack: ExitStack, pkcs12: Path | None, pkcs11: Path | None, token: str | None, label: str | None
) -> Key:
    if pkcs12 is not None and pkcs11 is None:
        phrase = secret("LICENSING_KEY_PASSPHRASE", "密钥文件口令 / passphrase of the key file")
        return Pkcs12Key(pkcs12.read_bytes(), phrase.encode())
    if pkcs11 is not None and pkcs12 is None and token and label:
        pin = secret("LICENSING_TOKEN_PIN", "智能密码钥匙 PIN / PIN of the token")
        return stack.enter_context(TokenKey(pkcs11, token, pin, label))
    raise InvalidInput(
        "请用 --pkcs12 指定密钥文件，或用 --pkcs11、--token 和 --key 指定智能密码钥匙。",
        "Give a key file by --pkcs12, or a token by --pkcs11, --token and --key.",
    )
