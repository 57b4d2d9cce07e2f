"""A point of recovery is whole or it is not there, and nobody else can read it."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ckanext.govdata.backup import files, keys, manifest, objects
from ckanext.govdata.backup.errors import BackupDamaged, BackupError, BackupRefused
from ckanext.govdata.backup.pool import Pool
from ckanext.govdata.backup.verify import prune, verify
from ckanext.govdata.embedded.home import Home
from ckanext.govdata.embedded.secrets import Secrets
from ckanext.govdata.storage.keyring import Keyring
from ckanext.govdata.storage.memory import MemoryStore
from ckanext.govdata.storage.sealed import SealingWriter
from licensing.core.ledger.entry import canonical

NAME = "20261124T010203000000Z"
LATER = "20261125T010203000000Z"
SECRETS = Secrets()
PLAIN = b"a row of a database that nobody else reads"


def sealed(pool: Pool, point: str, kind: str, name: str, content: bytes) -> dict[str, Any]:
    with pool.writer() as made:
        sink = SealingWriter(made, Keyring.from_text(SECRETS.kek), manifest.context(point, kind, name))
        sink.write(content)
        sink.seal()
    return {"sha256": made.digest, "size": made.size}


def point(root: Path, name: str = NAME, secrets: Secrets = SECRETS) -> Pool:
    pool = Pool(root)
    pool.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    pool.prepare()
    with pool.writer() as public:
        public.write(f"published by {name}".encode())
    line = {
        "key": "public/1", "size": public.size, "sha256": public.digest, "etag": "e", "modified": "m",
        "type": "t",
    }  # fmt: skip
    content = {
        "format": manifest.FORMAT, "id": name, "at": "2026-11-24T01:02:03+00:00",
        "databases": {"ckan": sealed(pool, name, "database", "ckan", PLAIN)},
        "files": {"local.ini": sealed(pool, name, "file", "local.ini", b"a = b")},
        "counters": sealed(pool, name, "counters", "valkey", b"{}"),
        "buckets": {"public": {"list": sealed(pool, name, "bucket", "public", canonical(line) + b"\n")}},
        "keys": keys.checks(secrets),
    }  # fmt: skip
    manifest.write(root, name, content, secrets)
    return pool


def test_a_whole_point_is_read_and_believed(tmp_path: Path) -> None:
    point(tmp_path)
    found = verify(tmp_path, None, SECRETS)
    assert found.content["id"] == NAME
    assert found.files == 5


@pytest.mark.parametrize("harm", ["flip", "cut", "lengthen", "remove"])
def test_a_point_with_one_harmed_file_is_refused_whole(tmp_path: Path, harm: str) -> None:
    pool = point(tmp_path)
    parts = list(manifest.parts(pool, manifest.read(tmp_path, None, SECRETS), SECRETS.kek))
    assert len(parts) == 5
    for part in parts:
        path = pool.path(part.digest)
        before = path.read_bytes()
        if harm == "flip":
            path.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
        elif harm == "cut":
            path.write_bytes(before[:-1])
        elif harm == "lengthen":
            path.write_bytes(before + b"x")
        else:
            path.unlink()
        with pytest.raises(BackupDamaged):
            verify(tmp_path, None, SECRETS)
        path.write_bytes(before)
    verify(tmp_path, None, SECRETS)


def test_every_word_of_a_manifest_is_under_its_seal(tmp_path: Path) -> None:
    point(tmp_path)
    path = tmp_path / "points" / f"{NAME}.json"
    before = json.loads(path.read_bytes())

    def changed(document: Any, to: list[Any]) -> None:
        for name in list(document):
            if isinstance(document[name], dict):
                changed(document[name], to)
                continue
            kept, document[name] = document[name], "0" * 64
            to.append(json.dumps(before))
            document[name] = kept

    variants: list[str] = []
    changed(before, variants)
    assert len(variants) > 20
    for text in variants:
        path.write_text(text)
        with pytest.raises((BackupDamaged, BackupRefused)):
            verify(tmp_path, None, SECRETS)


def test_a_part_of_one_point_does_not_pass_for_that_of_another(tmp_path: Path) -> None:
    from ckanext.govdata.storage.errors import ObjectDamaged

    pool = point(tmp_path)
    digest = manifest.read(tmp_path, None, SECRETS)["databases"]["ckan"]["sha256"]
    right = manifest.unsealed(pool, digest, manifest.context(NAME, "database", "ckan"), SECRETS.kek)
    assert right.read() == PLAIN
    for wrong in (manifest.context(LATER, "database", "ckan"), manifest.context(NAME, "database", "door")):
        with pytest.raises(ObjectDamaged):
            manifest.unsealed(pool, digest, wrong, SECRETS.kek)


def test_other_keys_are_named_and_refused(tmp_path: Path) -> None:
    point(tmp_path)
    others = Secrets()
    with pytest.raises(BackupRefused, match="kek:k1"):
        verify(tmp_path, None, others)
    half = Secrets(**{**_as_dict(SECRETS), "ca_passphrase": "another"})
    with pytest.raises(BackupRefused) as refused:
        keys.require(manifest.read(tmp_path, None, half)["keys"], half)
    assert "ca_passphrase" in str(refused.value)
    assert "identity_key" not in str(refused.value)


def test_of_every_secret_it_is_decided_whether_a_restore_needs_it() -> None:
    decided = [*keys.NEEDED, *keys.NOT_NEEDED, "kek"]
    assert sorted(decided) == sorted(_as_dict(SECRETS))


def test_a_rotated_key_is_no_other_key(tmp_path: Path) -> None:
    point(tmp_path)
    rotated = Secrets(**{**_as_dict(SECRETS), "kek": Keyring.generate("k2") + "," + SECRETS.kek})
    verify(tmp_path, None, rotated)
    keys.require(manifest.read(tmp_path, None, rotated)["keys"], rotated)


def test_no_secret_and_no_row_stands_in_the_folder(tmp_path: Path) -> None:
    point(tmp_path)
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert PLAIN not in everything
    for secret in _as_dict(SECRETS).values():
        assert secret.partition(":")[2].encode() not in everything or ":" not in secret
        assert secret.encode() not in everything


def test_folders_are_700_and_files_600(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        root = tmp_path / "backup"
        point(root)
    finally:
        os.umask(old)
    for path in [root, *root.rglob("*")]:
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path


def test_killed_before_the_manifest_there_is_no_point_and_nothing_is_in_the_way(tmp_path: Path) -> None:
    script = """
import os, signal, sys
from pathlib import Path
from ckanext.govdata.backup.pool import Pool
pool = Pool(Path(sys.argv[1]))
pool.prepare()
with pool.writer() as done:
    done.write(b"whole")
with pool.writer() as half:
    half.write(b"half")
    os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    assert killed.returncode == -9
    assert manifest.points(tmp_path) == []
    assert len(list((tmp_path / "half-written").iterdir())) == 1
    with pytest.raises(BackupError):
        verify(tmp_path, None, SECRETS)
    point(tmp_path)
    assert list((tmp_path / "half-written").iterdir()) == []
    assert verify(tmp_path, None, SECRETS).files == 5


def test_a_folder_serves_one_at_a_time(tmp_path: Path) -> None:
    point(tmp_path)
    with Pool(tmp_path).alone(), pytest.raises(BackupError), Pool(tmp_path).alone():
        raise AssertionError("two at once")


def test_pruning_keeps_whole_what_it_keeps(tmp_path: Path) -> None:
    pool = point(tmp_path)
    point(tmp_path, LATER)
    before = len(list(pool.folder.glob("??/*")))
    gone, freed = prune(tmp_path, 1, SECRETS)
    assert gone == 1
    assert freed > 0
    assert manifest.points(tmp_path) == [LATER]
    assert verify(tmp_path, None, SECRETS).files == 5
    assert len(list(pool.folder.glob("??/*"))) == before - 5


def test_an_object_that_has_not_changed_is_not_read_again(tmp_path: Path) -> None:
    class Bucket(MemoryStore):
        reads = 0

        def tagged(self, prefix: str = "") -> Any:
            return ((info, f"tag-{info.size}") for info in self.list(prefix))

        def content_type(self, _key: str) -> str:
            return "text/csv"

        def stream(self, key: str, start: int = 0, length: int | None = None) -> Any:
            self.reads += 1
            return super().stream(key, start, length)

    pool = point(tmp_path)
    bucket: Any = Bucket()
    bucket.put("a", b"first")
    lines, read = objects.copy(bucket, pool, {})
    assert (read, bucket.reads) == (5, 1)
    again, read = objects.copy(bucket, pool, lines)
    assert (read, bucket.reads, again) == (0, 1, lines)
    bucket.put("a", b"second")
    changed, read = objects.copy(bucket, pool, lines)
    assert (read, bucket.reads) == (6, 2)
    assert pool.path(changed["a"]["sha256"]).read_bytes() == b"second"
    pool.path(changed["a"]["sha256"]).unlink()
    assert objects.copy(bucket, pool, changed)[1] == 6, "what the pool has lost is read again"


def test_published_files_must_be_among_the_objects() -> None:
    lines: Any = {"k": {"sha256": "x"}}
    assert objects.missing_from(lines, iter([("k", "x")])) == []
    assert objects.missing_from(lines, iter([("k", "y"), ("l", "x")])) == ["k", "l"]


def test_own_settings_are_kept_without_their_secrets(tmp_path: Path) -> None:
    home = Home(tmp_path, "127.0.0.1", 5000, 15000)
    (tmp_path / "local.ini").write_text(
        "ckan.site_title = 示范\nsmtp.password = hidden\nmy.database = postgresql://me:pw@host/db\n"
    )
    text, left = files.own_settings(home)
    assert text == "ckan.site_title = 示范"
    assert left == ["smtp.password", "my.database"]


def test_a_file_of_a_point_cannot_be_written_outside_the_home(tmp_path: Path) -> None:
    home = Home(tmp_path / "home", "127.0.0.1", 5000, 15000)
    files.write(home, "data/x", iter([b"a", b"b"]))
    assert (tmp_path / "home" / "data" / "x").read_bytes() == b"ab"
    for name in ("../out", "/etc/x", "data/../../out"):
        with pytest.raises(ValueError, match="out of the home"):
            files.write(home, name, iter([b"x"]))


def _as_dict(secrets: Secrets) -> dict[str, str]:
    from dataclasses import asdict

    return asdict(secrets)
