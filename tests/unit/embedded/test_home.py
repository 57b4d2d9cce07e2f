"""Paths, ports and the privacy of an installation's folders."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ckanext.govdata.embedded import home as homes
from ckanext.govdata.embedded.errors import HomeUnusable
from ckanext.govdata.embedded.home import Home, fits_socket, locate, private_folder


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GOVDATA_HOME", "GOVDATA_PORT", "GOVDATA_PORT_BASE", "GOVDATA_HOST", "GOVDATA_SITE_URL"):
        monkeypatch.delenv(name, raising=False)


def test_without_any_variable_the_home_is_in_the_checkout_and_the_port_is_5000() -> None:
    if (homes.CHECKOUT / ".govdata" / "stack.json").exists():
        assert locate().root == homes.CHECKOUT / ".govdata"
    else:
        assert (locate().root, locate().web_port) == (homes.CHECKOUT / ".govdata", 5000)


def test_the_ports_of_the_last_start_are_remembered(monkeypatch: pytest.MonkeyPatch, home: Home) -> None:
    home.make()
    home.save()
    monkeypatch.setenv("GOVDATA_HOME", str(home.root))
    assert locate() == home


def test_a_variable_wins_over_what_was_remembered(monkeypatch: pytest.MonkeyPatch, home: Home) -> None:
    home.make()
    home.save()
    monkeypatch.setenv("GOVDATA_HOME", str(home.root))
    monkeypatch.setenv("GOVDATA_PORT", "6001")
    assert (locate().web_port, locate().port_base) == (6001, home.port_base)


@pytest.mark.parametrize("text", ["http", "0", "70000", "-5", "5000x"])
def test_a_port_that_is_none_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("GOVDATA_PORT", text)
    with pytest.raises(HomeUnusable) as refused:
        locate()
    assert "GOVDATA_PORT" in refused.value.message.zh
    assert text in refused.value.message.en


def test_a_torn_file_of_remembered_ports_does_not_keep_the_stack_from_starting(
    monkeypatch: pytest.MonkeyPatch, home: Home
) -> None:
    home.make()
    home.settings_file.write_text('{"web_po')
    monkeypatch.setenv("GOVDATA_HOME", str(home.root))
    assert locate().web_port == homes.DEFAULT_WEB_PORT


def test_other_users_cannot_list_the_folders(home: Home) -> None:
    home.make()
    for folder in (home.data, home.logs, home.etc, home.run, home.tmp):
        assert folder.stat().st_mode & 0o077 == 0
    assert home.root.stat().st_mode & 0o066 == 0


def test_temporary_files_go_to_memory_where_the_system_has_tmpfs(home: Home) -> None:
    if not os.access("/dev/shm", os.W_OK):
        pytest.skip("this machine has no writable /dev/shm")
    assert home.tmp.parent == Path("/dev/shm")


@pytest.mark.parametrize("root", ["/" + "x" * 100, "/with space", "/带中文"])
def test_a_path_that_no_socket_address_holds_gets_a_short_folder(root: str) -> None:
    home = Home(root=Path(root), host="127.0.0.1", web_port=1, port_base=2)
    assert not fits_socket(home.root / "run")
    assert fits_socket(home.run)


def test_two_homes_never_share_a_short_folder() -> None:
    one, two = (Home(root=Path(f"/{'x' * 100}{name}"), host="", web_port=1, port_base=2) for name in "ab")
    assert one.run != two.run


def test_a_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises((HomeUnusable, FileExistsError)):
        private_folder(tmp_path / "link")
