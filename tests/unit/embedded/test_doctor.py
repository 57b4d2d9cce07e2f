"""Each thing that doctor looks at is found when it is wrong and not when it is right."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from ckanext.govdata.embedded import doctor, jarlock, jars
from ckanext.govdata.embedded.home import Home
from ckanext.govdata.embedded.jarlock import Jar
from ckanext.govdata.embedded.secrets import load_or_make


def codes(findings: list[doctor.Finding]) -> list[str]:
    return [finding.code for finding in findings]


@pytest.mark.parametrize("version", [(3, 10), (3, 11), (3, 12)])
def test_supported_pythons_are_no_finding(home: Home, version: tuple[int, int]) -> None:
    assert doctor.check_python(home, version) == []


@pytest.mark.parametrize("version", [(3, 9), (3, 13), (2, 7)])
def test_an_old_or_too_new_python_is_found(home: Home, version: tuple[int, int]) -> None:
    assert codes(doctor.check_python(home, version)) == ["python_version"]


@pytest.mark.parametrize(("free", "level"), [(1 << 30, "error"), (3 << 30, "warning")])
def test_a_full_disk_is_an_error_and_a_nearly_full_one_a_warning(home: Home, free: int, level: str) -> None:
    (found,) = doctor.check_disk(home, free)
    assert (found.code, found.level) == ("disk_space", level)


def test_a_roomy_disk_is_no_finding(home: Home) -> None:
    assert doctor.check_disk(home, 50 << 30) == []


def test_little_memory_is_a_warning(home: Home) -> None:
    assert codes(doctor.check_memory(home, 1 << 30)) == ["memory"]
    assert doctor.check_memory(home, 8 << 30) == []


def test_a_machine_without_tmpfs_is_warned_of(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Home, "tmp", property(lambda self: self.root / "tmp"))
    assert codes(doctor.check_shm(home)) == ["no_tmpfs"]


def test_a_port_of_another_program_is_found_with_a_way_out(tmp_path: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        home = Home(root=tmp_path, host="127.0.0.1", web_port=port, port_base=25999)
        found = [finding for finding in doctor.check_ports(home) if str(port) in finding.message.en]
    assert codes(found) == ["port_taken"]
    assert f"GOVDATA_PORT={port + 100}" in found[0].mend.zh


@pytest.fixture
def cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GOVDATA_JAR_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "source"
    path.write_bytes(b"whole")
    jar = Jar("a", "b", "1", "", jars.sha256_of(path), 5)
    monkeypatch.setattr(jarlock, "read", lambda: {"solr": (jar,)})
    jars.cached(jar).parent.mkdir(parents=True)
    return jars.cached(jar)


def test_a_missing_archive_is_a_warning(home: Home, cached: Path) -> None:
    assert not cached.exists()
    assert codes(doctor.check_jars(home)) == ["jar_missing"]


def test_a_whole_archive_is_no_finding(home: Home, cached: Path) -> None:
    cached.write_bytes(b"whole")
    assert doctor.check_jars(home) == []


def test_a_damaged_archive_is_an_error_that_names_its_file(home: Home, cached: Path) -> None:
    cached.write_bytes(b"wh0le")
    (found,) = doctor.check_jars(home)
    assert (found.code, found.level) == ("jar_corrupt", "error")
    assert str(cached) in found.mend.en


def test_a_missing_java_is_found(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor.check_java(home) == []
    monkeypatch.setenv("GOVDATA_JAVA", "/nowhere/java")
    assert codes(doctor.check_java(home)) == ["java"]


def test_a_home_that_was_never_started_lacks_no_key(home: Home) -> None:
    assert doctor.check_secrets(home) == []


def test_whole_secrets_are_no_finding(home: Home) -> None:
    home.make()
    load_or_make(home.secrets_file)
    assert doctor.check_secrets(home) == []


def test_secrets_that_others_can_read_are_an_error(home: Home) -> None:
    home.make()
    load_or_make(home.secrets_file)
    home.secrets_file.chmod(0o644)
    assert codes(doctor.check_secrets(home)) == ["secrets_mode"]


@pytest.mark.parametrize("content", ['{"kek": "k1:short"}', '{"kek": ""}', "{", '{"unknown": 1}'])
def test_a_damaged_key_is_an_error(home: Home, content: str) -> None:
    home.make()
    home.secrets_file.write_text(content)
    home.secrets_file.chmod(0o600)
    assert codes(doctor.check_secrets(home)) == ["kek_missing"]


def test_lost_secrets_beside_stored_objects_are_an_error(home: Home) -> None:
    home.make()
    (home.data / "s3").mkdir()
    assert codes(doctor.check_secrets(home)) == ["kek_missing"]


def test_a_stack_that_does_not_run_is_a_warning(home: Home) -> None:
    (found,) = doctor.check_processes(home)
    assert (found.code, found.level) == ("not_running", "warning")


@pytest.mark.parametrize("ahead", [900.0, -900.0])
def test_a_clock_that_is_off_is_found(home: Home, ahead: float) -> None:
    assert codes(doctor.check_clock(home, ahead)) == ["clock_skew"]
    assert doctor.check_clock(home, ahead / 100) == []


def test_findings_tell_machines_whether_all_is_well() -> None:
    finding = doctor.check_python(Home(Path("/x"), "", 1, 2), (3, 9))
    told = json.loads(doctor.as_json(finding))
    assert told["ok"] is False
    assert told["findings"][0]["mend"]["zh"]
    assert json.loads(doctor.as_json([]))["ok"] is True
