"""Recovery point and recovery time: a stack with releases and filings is backed up, destroyed and restored.

    python bench/bench_restore.py           on a stack of its own with demo data
    python bench/bench_restore.py HOME      on the running stack of HOME: its data are destroyed and come back

The time includes reading and verifying every byte. Marks: a backup within a minute, the portal back within
five; nothing committed before the instant is lost.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from ckanext.govdata.backup import manifest
from ckanext.govdata.backup.pool import Pool
from ckanext.govdata.embedded import postgres, stack
from ckanext.govdata.embedded.home import Home
from ckanext.govdata.embedded.ports import free_block
from ckanext.govdata.embedded.secrets import load

CLI = [sys.executable, "-m", "ckanext.govdata.cli", "--lang", "en"]
BACKUP_MARK, RESTORE_MARK = 60.0, 300.0


def run(home: Path, *arguments: str) -> tuple[float, str]:
    """Seconds and output of one command. Raises CalledProcessError."""
    begun = time.perf_counter()
    done = subprocess.run(
        [*CLI, *arguments], check=True, capture_output=True, text=True,
        env={**os.environ, "GOVDATA_HOME": str(home)},
    )  # fmt: skip
    return time.perf_counter() - begun, done.stdout


def seen(base: str) -> dict[str, str]:
    """Digest of every published file, by address, and how many entries a search finds."""
    with httpx.Client(base_url=base, timeout=120) as client:
        found = client.get("/api/3/action/package_search", params={"rows": 1000}).json()["result"]
        paths = [
            httpx.URL(each["url"]).raw_path.decode() for e in found["results"] for each in e["resources"]
        ]
        files = {p: hashlib.sha256(client.get(p).content).hexdigest() for p in paths if "/latest/" in p}
        parking = client.get("/api/3/action/package_search", params={"q": "停车", "rows": 0}).json()
        return {**files, "entries": str(found["count"]), "停车": str(parking["result"]["count"])}


def main(given: Path | None) -> int:
    """Print the table; 1 when a mark is missed or anything differs."""
    folder = Path(tempfile.mkdtemp(prefix="govdata-restore-"))
    root = given or folder / "home"
    if given is None:
        base = free_block(4)
        os.environ |= {"GOVDATA_PORT": str(base + 3), "GOVDATA_PORT_BASE": str(base)}
        run(root, "up", "--demo")
    try:
        told = json.loads((root / "stack.json").read_text())
        base_url, kept = f"http://127.0.0.1:{told['web_port']}", folder / "backup"
        before = seen(base_url)
        first, _ = run(root, "backup", str(kept))
        second, _ = run(root, "backup", str(kept))
        checked, _ = run(root, "backup", "verify", str(kept))
        content = manifest.read(kept, None, load(root / "secrets.json"))
        home = Home(root, "127.0.0.1", told["web_port"], told["port_base"])
        with httpx.Client(base_url=base_url, timeout=120) as client:
            client.get("/dataset/")  # the stack is in use
        stack.down(home)
        for place in (home.data, postgres.place(home).data):
            shutil.rmtree(place, ignore_errors=True)
        restored, said = run(root, "restore", str(kept))
        same = seen(base_url) == before
        size = sum(part.size for part in manifest.parts(Pool(kept), content, load(root / "secrets.json").kek))
        load1 = os.getloadavg()[0]
        print(
            f"backup of {size / 1e6:,.0f} MB, {content['ledger']['entries']} ledger entries, load {load1:.1f}"
        )
        print(f"first backup            {first:8.1f} s   mark {BACKUP_MARK:.0f}")
        print(f"second (objects known)  {second:8.1f} s   mark {BACKUP_MARK:.0f}")
        print(f"verify                  {checked:8.1f} s")
        print(f"restore (RTO)           {restored:8.1f} s   mark {RESTORE_MARK:.0f}")
        print(
            f"recovery point (RPO)    the instant of the backup, {content['at']}: nothing before it is lost"
        )
        print(f"downloads, catalogue, search the same: {same}")
        print(said.strip().splitlines()[-1])
        good = same and max(first, second) < BACKUP_MARK and restored < RESTORE_MARK
        return 0 if good else 1
    finally:
        if given is None:
            run(root, "down")
            run(root, "destroy", "--yes")
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).absolute() if len(sys.argv) > 1 else None))
