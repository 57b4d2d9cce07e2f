"""While a release is worked on and after it is public, the raw values stand nowhere on a disk.

The data folders, the temporary folders, the logs and a dump of the database are searched for values of
the raw file as UTF-8, GB18030 and UTF-16.
"""

from __future__ import annotations

import mmap
import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.factories.people import person
from tests.factories.tables import TABLES

SHARED_MEMORY = Path("/dev/shm")
ENCODINGS = ("utf-8", "gb18030", "utf-16-le")


def files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink() and os.access(path, os.R_OK):
                yield path


def found_in_files(folders: Iterable[Path], needles: list[bytes], since: float) -> set[str]:
    """Files written since then that hold a needle; a file that vanishes meanwhile held nothing for long."""
    found = set()
    for path in files(folders):
        try:
            status = path.stat()
            if status.st_mtime < since or not status.st_size:
                continue
            with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
                if any(content.find(needle) >= 0 for needle in needles):
                    found.add(str(path))
        except (FileNotFoundError, ValueError):
            continue
    return found


def dumped(ini: Path) -> bytes:
    """Everything in the databases as text, so that neither TOAST nor a page layout hides a value."""
    from configparser import RawConfigParser

    from ckanext.govdata.embedded.home import locate
    from ckanext.govdata.embedded.postgres import place

    parser = RawConfigParser(strict=False)
    parser.read(ini, encoding="utf-8")
    section = parser["app:main"]
    dump = b""
    for option in ("sqlalchemy.url", "ckan.datastore.write_url"):
        command = [place(locate()).program("pg_dump"), "--data-only", "--dbname", section[option]]
        dump += subprocess.run(command, check=True, capture_output=True).stdout
    return dump


@pytest.mark.article("SX-21", "TZ-17")
@pytest.mark.article("SX-22")
def test_no_raw_value_stands_on_a_disk_during_or_after_a_run(site: Any, stack_folders: list[Path]) -> None:
    rng = Random("at rest")
    table = TABLES["school"](rng, 3000)
    # Of a few rows all along the file: every look goes through everything that was written meanwhile.
    values = [v for row in table.secrets[:: len(table.secrets) // 4] for v in row if len(v) >= 11]
    needles = sorted({v.encode(e) for v in values for e in ENCODINGS})
    assert len(needles) > 20
    dataset = site.entry("at-rest")
    with tempfile.NamedTemporaryFile() as clock:
        since = Path(clock.name).stat().st_mtime - 1

    watched = [*stack_folders, SHARED_MEMORY]
    release = site.create(dataset, "学籍.csv", table.csv("gb18030"))
    assert found_in_files(watched, needles, since) == set()
    for step in ("scan", "plan", "run"):
        site.call("compiler", f"govdata_release_{step}", id=release).ok()
        while site.show(release)["state"] in {"scanning", "running"}:
            assert found_in_files(watched, needles, since) == set(), f"during {step}"
    assert site.show(release)["state"] == "assessed"
    site.call("reviewer", "govdata_release_sign_off", id=release, conclusion="pass").ok()
    site.call("compiler", "govdata_release_submit", id=release).ok()
    site.call("reviewer", "govdata_release_approve", id=release, opinion="同意").ok()
    site.call("compiler", "govdata_release_publish", id=release).ok()
    assert site.settled(release)["state"] == "published"
    everywhere = [*watched, Path(tempfile.gettempdir()), Path("/var/tmp")]
    assert found_in_files(everywhere, needles, since) == set()
    dump = dumped(Path(site.home, "ckan.ini"))
    assert dataset.encode() in dump, "the search must see the database"
    assert not any(needle in dump for needle in needles)


def test_the_search_finds_a_value_that_is_there(tmp_path: Path) -> None:
    """Guards the guard."""
    value = person(Random(7)).resident_id.encode("utf-16-le")
    left = tmp_path / "left.tmp"
    left.write_bytes(b"x" * 9000 + value)
    assert found_in_files([tmp_path], [b"not there", value], 0) == {str(left)}
    assert found_in_files([tmp_path], [b"not there"], 0) == set()
    assert found_in_files([tmp_path], [value], left.stat().st_mtime + 1) == set()
