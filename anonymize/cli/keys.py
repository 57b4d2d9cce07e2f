"""``--key-file NAME=PATH``: named keys for a command that works under an agreement."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

import click

from anonymize.cli.edge import guarded
from anonymize.keys import KeyRing, key_files

R = TypeVar("R")


def takes_keys(command: Callable[..., R]) -> Callable[..., R]:
    """Give the command ``keys``, a ring with the keys of the files; others it finds in the environment."""

    @click.option(
        "--key-file",
        "key_file",
        multiple=True,
        metavar="NAME=PATH",
        help="协议的指名密钥（文件权限 0600）。A named key of an agreement (file mode 0600).",
    )
    @wraps(command)
    @guarded
    def run(*args: object, key_file: tuple[str, ...], **kwargs: object) -> R:
        ring = KeyRing(None, key_files(key_file))
        try:
            return command(*args, keys=ring, **kwargs)
        finally:
            ring.forget()

    return run
