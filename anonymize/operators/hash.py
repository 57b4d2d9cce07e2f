"""``hash``: a keyed digest stands in for the value."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import polars as pl

from anonymize.operators.normal import normal, over_distinct
from anonymize.operators.params import Unfit
from anonymize.operators.registry import Effect, OperatorContext, operator

Algorithm = Literal["hmac-sha256", "hmac-sm3", "blake2b"]


@dataclass(frozen=True, slots=True)
class HashParams:
    """``algorithm``: HMAC-SHA-256 (RFC 2104), HMAC-SM3 (GB/T 32905-2016) or keyed BLAKE2b (RFC 7693).

    ``length``: hexadecimal digits kept, 16–64. ``domain``: columns of one domain give equal digests for
    equal values, so that they can be joined inside the release; the default is the column alone.
    """

    algorithm: Algorithm = "hmac-sha256"
    length: int = 32
    domain: str = ""

    def __post_init__(self) -> None:
        if not 16 <= self.length <= 64:
            raise Unfit("length 应为 16–64", "length: 16–64")


def keyed_digest(algorithm: Algorithm, key: bytes) -> Callable[[str], bytes]:
    """A function from text to 32 bytes under ``key`` (32 bytes)."""
    if algorithm == "blake2b":
        return lambda text: hashlib.blake2b(text.encode(), key=key, digest_size=32).digest()
    name = algorithm.removeprefix("hmac-")
    return lambda text: hmac.digest(key, text.encode(), name)


@operator("hash", HashParams, zh="加钥摘要", en="Keyed hash", effect=Effect.INVENTED)
def keyed_hash(column: pl.Series, params: HashParams, ctx: OperatorContext) -> pl.Series:
    """Replaces each value by a digest under the release's key, which is destroyed with the release.

    Without the key nobody can try all mobile numbers until one fits, as with a plain hash. Values are
    compared in a normal form, so ``１３８…`` and ``138…`` give one digest. Under an agreement the key is
    the named one, and digests join the agreement's files.
    """
    domain = params.domain or f"column:{ctx.column}"
    digest = keyed_digest(params.algorithm, ctx.derive(f"hash/{params.algorithm}/{domain}"))

    def digests(values: pl.Series) -> pl.Series:
        texts = normal(values).to_list()
        return pl.Series([digest(text).hex()[: params.length] for text in texts], dtype=pl.String)

    return over_distinct(column, digests)
