"""PostgreSQL's place and its command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.govdata.embedded import postgres
from ckanext.govdata.embedded.home import Home, fits_socket
from ckanext.govdata.embedded.postgres import Place


def test_a_folder_behind_a_closed_one_cannot_be_passed(tmp_path: Path) -> None:
    inner = tmp_path / "closed" / "inner"
    inner.mkdir(parents=True)
    inner.parent.chmod(0o700)
    assert not postgres.passable(inner)


def test_the_wheel_has_the_programs_that_are_used() -> None:
    for name in ("postgres", "initdb", "pg_dump", "psql"):
        assert (postgres.wheel_binaries() / "bin" / name).is_file()


@pytest.fixture
def where(home: Home) -> Place:
    return Place(Path("/pg"), home.data / "postgres", Path("/run/pg"), None)


def test_the_server_listens_on_no_network(where: Place) -> None:
    assert "listen_addresses=" in postgres.command(where)


def test_statements_that_fail_are_not_logged_because_they_carry_values(where: Place) -> None:
    command = postgres.command(where)
    assert "log_min_messages=log" in command
    assert "log_min_error_statement=panic" in command
    assert "log_statement=none" in command


def test_the_socket_always_has_a_legal_address(home: Home) -> None:
    assert fits_socket(postgres.place(home).socket)


def test_a_pid_file_of_a_dead_server_is_cleared(tmp_path: Path) -> None:
    where = Place(Path("/pg"), tmp_path, tmp_path, None)
    pidfile = tmp_path / "postmaster.pid"
    pidfile.write_text("1\n/data\n")  # alive, but no PostgreSQL: a number that was given away again
    postgres.clear_stale_pid(where)
    assert not pidfile.exists()


def test_the_datastore_script_names_our_roles_and_no_psql_command() -> None:
    script = postgres.datastore_permissions()
    assert 'TO "datastore_read"' in script
    assert "\\connect" not in script
