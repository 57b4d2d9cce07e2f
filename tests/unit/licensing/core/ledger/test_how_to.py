"""The page on receipts: its command runs as it stands, with a true receipt."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from sqlalchemy.orm import Session

from licensing.core.ledger import offline_verify
from licensing.core.ledger.receipt import receipt
from tests.factories.licensing_world import SettableTime
from tests.unit.licensing.ledger_contract import SIGNER, fill

PAGE = Path(__file__).parents[5] / "docs" / "how-to" / "verify-a-receipt.md"


def test_the_command_of_the_page_runs_and_says_what_the_page_says(
    session: Session, time: SettableTime, tmp_path: Path
) -> None:
    commitments = fill(session, time, 20, 2)
    (tmp_path / "receipt.json").write_text(json.dumps(receipt(session, commitments[3], disclose=True)))
    (tmp_path / "checkpoint.pub").write_bytes(SIGNER.public_pem())
    shutil.copy(offline_verify.__file__, tmp_path / "offline_verify.py")
    page = PAGE.read_text("utf-8")
    (line,) = re.findall(r"```sh\n(.*?)\n```", page, re.S)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["/bin/sh", "-c", line],
        cwd=tmp_path,
        env={**os.environ, "PATH": path, "PYTHONUTF8": "1"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = done.stdout.decode().splitlines()
    held = [text.removeprefix("✓ ") for text in said if text.startswith("✓ ")]
    assert len(held) == 4
    assert all(f"| {text} |" in page for text in held)
