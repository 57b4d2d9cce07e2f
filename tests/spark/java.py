"""A full Java for Spark, from the system's packages where root may install them; else a word and exit 1."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from anonymize.engines.java import EngineUnavailable, java_home

PACKAGE = "openjdk-17-jdk-headless"


def main() -> int:
    try:
        print(java_home())
        return 0
    except EngineUnavailable as missing:
        apt = shutil.which("apt-get")
        if os.geteuid() or apt is None:
            print(f"{missing.zh}\n{missing.en}", file=sys.stderr)
            return 1
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "--yes", "--no-install-recommends", PACKAGE]):
        subprocess.run([apt, "--quiet", *words], env=environment, check=True)
    print(java_home())
    return 0


if __name__ == "__main__":
    sys.exit(main())
