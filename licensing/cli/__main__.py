"""``python -m licensing.cli``: the command ``licensing``."""

from __future__ import annotations

from licensing.cli import main

main(prog_name="licensing")
