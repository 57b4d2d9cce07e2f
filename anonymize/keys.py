"""The keys of a run: one that is made for the release and forgotten, and lasting ones under an agreement.

An open release draws 32 random bytes, uses them and forgets them, so that the pseudonyms of two releases
cannot be joined. Under an agreement a *named* key may be used: it makes files of the same agreement
joinable and lets its holder restore what was encrypted. Named keys come from the environment
(``ANONYMIZE_KEY_<NAME>``) or from a file that only its owner can read; they never stand in a policy, a
report, a log or a ``repr``. No operator uses either key itself: it gets one derived from it for its own
purpose (HKDF-SHA-256, RFC 5869), so that the columns of a table cannot be played against each other.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from anonymize.errors import WrongUse

KEY_BYTES = 32
RELEASE = "release"
"""The name, in a policy, of the key that is made for one release and forgotten."""
VARIABLE = "ANONYMIZE_KEY_"
NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
"""What a named key may be called: it becomes part of a variable's name."""
CHECK = re.compile(r"[0-9a-f]{16}")
"""What a key is known by: see ``KeyRing.check``."""
_LEAST_DIFFERENT = 12
"""Fewer different bytes in 32 do not come from a random source (probability under 10⁻¹⁵)."""


class KeyInvalid(WrongUse):
    """A key is missing or is not one; says which, never what it holds."""

    code, status = "key_invalid", 422


class KeyRing:
    """The keys that one run may use.

    Args:
        release: 32 random bytes of this release; ``None`` makes them.
        named: lasting keys by name, 32 bytes each.

    ``bind`` says which of them the policy asks for; ``forget`` overwrites all of them. Pickles, because
    an engine on several machines has to send it; shows nothing in ``repr``.
    """

    __slots__ = ("_chosen", "_named", "_release")

    def __init__(self, release: bytes | None = None, named: Mapping[str, bytes] | None = None) -> None:
        self._release = bytearray(_checked(release or secrets.token_bytes(KEY_BYTES), RELEASE, random=False))
        self._named = {name: bytearray(_checked(key, name)) for name, key in (named or {}).items()}
        for name in self._named:
            _check_name(name)
        self._chosen = RELEASE

    def __repr__(self) -> str:
        return f"KeyRing(names={sorted(self._named)}, uses={self._chosen!r})"

    def bind(self, name: str, check: str = "") -> KeyRing:
        """This ring, using the key that a policy names (``release`` or a named one).

        A named key that is not in the ring is looked for in the environment. Raises KeyInvalid when it
        is nowhere, or is not the one known by ``check`` (``KeyRing.check``), where that is given.
        """
        if name != RELEASE and name not in self._named:
            _check_name(name)
            self._named[name] = bytearray(_from_environment(name))
        bound = KeyRing(bytes(self._release))
        bound._named = {key: bytearray(value) for key, value in self._named.items()}
        bound._chosen = name
        if check and not secrets.compare_digest(bound.check(), check):
            raise KeyInvalid(
                "密钥 {name} 与记录的校验值不符：这不是当时所用的密钥。没有留下任何输出。",
                "Key {name} is not the one whose check value is on record. No output was left.",
                name=name,
            )
        return bound

    @property
    def lasting(self) -> bool:
        """Whether equal values stay equal beyond this release."""
        return self._chosen != RELEASE

    def derive(self, purpose: str, *, fresh: bool = False) -> bytes:
        """32 bytes for one purpose.

        Args:
            purpose: what they are for, e.g. ``pseudonym/person``; other purposes get unrelated bytes.
            fresh: take the release's own key even when a lasting one is bound. For noise, samples and
                shuffles: under a lasting key, two editions of a table would carry equal noise, and their
                difference would be the truth.
        """
        source = self._release if fresh or self._chosen == RELEASE else self._named[self._chosen]
        if not any(source):
            raise KeyInvalid("密钥已销毁。", "The key has been destroyed.")
        return derive(bytes(source), purpose)

    def check(self) -> str:
        """Sixteen hexadecimal digits by which the named key that is bound is known again; empty without one.

        Derived from the key for this purpose alone (HKDF, RFC 5869): it may be shown, and says nothing of the
        key or of anything else that is derived from it. Two keys share theirs with a probability of 2⁻⁶⁴.
        """
        return self.derive("key-check").hex()[:16] if self.lasting else ""

    def forget(self) -> None:
        """Overwrite every key of the ring; it derives nothing afterwards."""
        for key in (self._release, *self._named.values()):
            key[:] = bytes(len(key))


def derive(key: bytes, purpose: str) -> bytes:
    """32 bytes out of ``key`` for ``purpose`` (HKDF-SHA-256, RFC 5869)."""
    return HKDF(SHA256(), length=KEY_BYTES, salt=None, info=f"anonymize/{purpose}".encode()).derive(key)


def read_key_file(path: Path, name: str) -> bytes:
    """A named key out of a file with 64 hexadecimal digits or 44 characters of base64.

    Raises KeyInvalid when the file cannot be opened, can be read by others than its owner (mode beyond 0600),
    is no ordinary file, or holds something else than 32 random bytes.
    """
    try:
        # A pipe without a writer would wait for ever.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except (OSError, ValueError) as error:
        # Where a path should stand may stand the key itself: it is not repeated.
        raise KeyInvalid(
            "密钥 {name} 的文件打不开（{reason}）；请核对 --key-file {name}=路径。",
            "The file of key {name} cannot be opened ({reason}); check --key-file {name}=PATH.",
            name=name,
            reason=getattr(error, "strerror", None) or type(error).__name__,
        ) from None
    try:
        info = os.fstat(handle)
        if not stat.S_ISREG(info.st_mode) or stat.S_IMODE(info.st_mode) & 0o077:
            raise KeyInvalid(
                "密钥文件 {name} 只能由其所有者读取，请先执行 chmod 600。",
                "The file of key {name} may be readable by its owner only: chmod 600.",
                name=name,
            )
        return _decoded(os.read(handle, 1024).decode("ascii", "replace"), name)
    finally:
        os.close(handle)


def key_files(options: tuple[str, ...]) -> dict[str, bytes]:
    """Named keys out of ``NAME=PATH`` options of a command line."""
    keys: dict[str, bytes] = {}
    for option in options:
        name, equals, path = option.partition("=")
        if not equals or not path or name in keys:
            # What stands there may be a key by mistake: it is not repeated.
            raise KeyInvalid(
                "--key-file 应写作 名称=路径，每个名称一次。", "--key-file takes NAME=PATH, each name once."
            )
        _check_name(name)
        keys[name] = read_key_file(Path(path), name)
    return keys


def _from_environment(name: str) -> bytes:
    variable = VARIABLE + name.upper().replace("-", "_")
    if (text := os.environ.get(variable)) is None:
        raise KeyInvalid(
            "没有密钥 {name}：请设置环境变量 {variable}，或用 --key-file {name}=路径。",
            "There is no key {name}: set the variable {variable}, or use --key-file {name}=PATH.",
            name=name,
            variable=variable,
        )
    return _decoded(text, name)


def _decoded(text: str, name: str) -> bytes:
    text = text.strip()
    try:
        key = bytes.fromhex(text) if len(text) == 2 * KEY_BYTES else base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        key = b""
    return _checked(key, name)


def _checked(key: bytes, name: str, *, random: bool = True) -> bytes:
    if len(key) != KEY_BYTES or (random and len(set(key)) < _LEAST_DIFFERENT):
        raise KeyInvalid(
            "密钥 {name} 应为 32 个随机字节（64 位十六进制或 Base64），可用 openssl rand -hex 32 生成。",
            "Key {name} must be 32 random bytes (64 hexadecimal digits or base64): openssl rand -hex 32.",
            name=name,
        )
    return key


def _check_name(name: str) -> None:
    if name == RELEASE or not NAME.fullmatch(name):
        raise KeyInvalid(
            "密钥名称应为小写字母开头的字母、数字、下划线或短横，至多 40 个，且不是 release。",
            "A key's name is a small letter, then letters, digits, _ and -, at most 40 in all; not release.",
        )
