"""10,000 random legal and illegal steps for each kind of case: every machine of the licensing tests.

python bench/soak_licensing.py [steps, 10000]
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main(steps: int) -> int:
    """The exit code of the tests; no machine found is a failure too."""
    tests = sorted(str(path) for path in (ROOT / "tests/unit/licensing").rglob("test_*machine*.py"))
    command = [sys.executable, "-m", "pytest", "-p", "no:ckan", "-p", "no:ckan_fixtures", "-q", "-n", "2"]
    environment = {**os.environ, "LICENSING_STEPS": str(steps)}
    return subprocess.run([*command, *tests], cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
