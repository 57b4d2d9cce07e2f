"""存证回执离线验证 / verify a ledger receipt offline.

    python offline_verify.py receipt.json --key checkpoint.pub

Needs Python 3.10 or newer and the package ``cryptography``, and nothing of the platform that gave the
receipt. Exit code 0: everything holds; 1: something does not; 2: the files are not understood.

What is verified: the platform's Ed25519 signature over the checkpoint (RFC 8032); that the entry is a leaf
of the tree whose roots were signed, by SHA-256 and by SM3 (RFC 9162, 2.1.3); and, when the receipt
discloses it, that the payload is the one that was committed to.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ENTRY = ("at", "commitment", "kind", "sequence", "subject")
CHECKPOINT = (
    "at", "key_id", "last_sha256", "last_sm3", "root_sha256", "root_sm3", "signature", "size",
)  # fmt: skip
PREFIX = b"govdata ledger checkpoint 1\n"


def canonical(document: object) -> bytes:
    """Sorted keys, no spaces, UTF-8."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def in_tree(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes, algorithm: str) -> bool:
    """Whether a leaf stands at ``index`` of the tree of ``size`` leaves with that root."""

    def digest(data: bytes) -> bytes:
        return hashlib.new(algorithm, data).digest()

    if not 0 <= index < size:
        return False
    node, last, result = index, size - 1, digest(b"\x00" + leaf)
    for beside in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            result = digest(b"\x01" + beside + result)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            result = digest(b"\x01" + result + beside)
        node, last = node >> 1, last >> 1
    return last == 0 and result == root


def signature_holds(checkpoint: dict[str, Any], pem: bytes) -> bool:
    """Whether the key has signed the checkpoint."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    key = load_pem_public_key(pem)
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("not an Ed25519 public key")
    if hashlib.sha256(key.public_bytes_raw()).hexdigest() != checkpoint["key_id"]:
        return False
    statement = {name: value for name, value in checkpoint.items() if name != "signature"}
    try:
        key.verify(bytes.fromhex(checkpoint["signature"]), PREFIX + canonical(statement))
    except InvalidSignature:
        return False
    return True


def payload_holds(receipt: dict[str, Any]) -> bool:
    """Whether the disclosed payload opens the commitment."""
    salt = bytes.fromhex(receipt["salt"])
    found = hmac.new(salt, canonical(receipt["payload"]), hashlib.sha256).hexdigest()
    return hmac.compare_digest(found, receipt["entry"]["commitment"])


def verify(receipt: dict[str, Any], pem: bytes) -> list[tuple[str, str, bool]]:
    """(Chinese, English, holds) for each thing verified.

    Raises:
        ValueError, KeyError, TypeError: the receipt or the key is not understood.
    """
    if receipt["type"] != "govdata-ledger-receipt" or receipt["version"] != 1:
        raise ValueError("not a receipt of version 1")
    entry, checkpoint = receipt["entry"], receipt["checkpoint"]
    if sorted(entry) != sorted(ENTRY) or sorted(checkpoint) != sorted(CHECKPOINT):
        raise ValueError("unknown or missing fields")
    results = [("检查点签名", "signature of the checkpoint", signature_holds(checkpoint, pem))]
    names = {"sha256": "SHA-256", "sm3": "SM3"}
    for algorithm, name in names.items():
        path = [bytes.fromhex(step) for step in receipt["proof"][algorithm]]
        root = bytes.fromhex(checkpoint[f"root_{algorithm}"])
        index = entry["sequence"] - 1
        holds = in_tree(canonical(entry), index, checkpoint["size"], path, root, algorithm)
        results.append((f"记录在账本中（{name}）", f"entry is in the ledger ({name})", holds))
    if "payload" in receipt:
        results.append(("内容与记录一致", "content is what was recorded", payload_holds(receipt)))
    return results


def main(arguments: Sequence[str] | None = None, say: Callable[[str], Any] = print) -> int:
    """The command; answers its exit code."""
    parser = argparse.ArgumentParser(description="存证回执离线验证 / verify a ledger receipt offline")
    parser.add_argument("receipt", type=Path, help="回执文件 / the receipt (JSON)")
    parser.add_argument("--key", type=Path, required=True, help="平台公钥 / the platform's public key (PEM)")
    given = parser.parse_args(arguments)
    try:
        receipt = json.loads(given.receipt.read_text(encoding="utf-8"))
        results = verify(receipt, given.key.read_bytes())
    except (OSError, ValueError, KeyError, TypeError) as error:
        say(f"✗ 文件无法读取 / not understood: {type(error).__name__}")
        return 2
    for zh, en, holds in results:
        say(f"{'✓' if holds else '✗'} {zh} / {en}")
    entry = receipt["entry"]
    say(f"  {entry['sequence']}  {entry['at']}  {entry['kind']}  {entry['subject']}")
    return 0 if all(holds for *_, holds in results) else 1


if __name__ == "__main__":
    sys.exit(main())
