"""An installation in a folder, and the command run in it."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from licensing.cli import main
from licensing.core.ledger.checkpoint import Ed25519Signer

Run = Callable[[str], "subprocess.CompletedProcess[str]"]
Invoke = Callable[..., Result]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """What says where everything is."""
    signer = Ed25519Signer.generate()
    (tmp_path / "checkpoint.pub").write_bytes(signer.public_pem())
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("LICENSING_")},
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONUTF8": "1",
        "LICENSING_DATABASE": f"sqlite:///{tmp_path / 'licensing.db'}",
        "LICENSING_STORAGE": str(tmp_path / "objects"),
        "LICENSING_RULES": "hubei",
        "LICENSING_CA": str(tmp_path / "ca"),
        "LICENSING_CA_PASSPHRASE": "only for tests",
        "LICENSING_KEY_PASSPHRASE": "also only for tests",
        "LICENSING_LEDGER_KEY": signer.private_text(),
        "LICENSING_LEDGER_PUBLIC": str(tmp_path / "checkpoint.pub"),
    }


@pytest.fixture
def shell(environment: dict[str, str], tmp_path: Path) -> Run:
    """``shell("licensing … > file")``: a line as the page has it, in processes of its own."""

    def run(line: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/sh", "-c", line], cwd=tmp_path, env=environment, capture_output=True, text=True,
            check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    return run


@pytest.fixture
def run(environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """``run("overdue --json")`` in this process; ``without`` takes variables away."""
    monkeypatch.chdir(tmp_path)

    def invoke(line: str, without: tuple[str, ...] = ()) -> Result:
        here: dict[str, str | None] = {**environment, **dict.fromkeys(without)}
        return CliRunner().invoke(main, shlex.split(line), env=here)

    return invoke
