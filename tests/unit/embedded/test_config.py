"""What is generated: complete, private, and without a secret where others can read it."""

from __future__ import annotations

import configparser
import re
import shlex
from pathlib import Path

import pytest
import yaml

from ckanext.govdata.embedded import ckan_config, container, supervision
from ckanext.govdata.embedded.ckan_config import render, values, with_local, write_private
from ckanext.govdata.embedded.environment import portal_environment
from ckanext.govdata.embedded.errors import StackError
from ckanext.govdata.embedded.home import CHECKOUT, Home
from ckanext.govdata.embedded.launch import environment
from ckanext.govdata.embedded.postgres import Place, child_environment
from ckanext.govdata.embedded.secrets import Secrets, load, load_or_make
from ckanext.govdata.embedded.services import ALL

TEMPLATE = ckan_config.TEMPLATE.read_text(encoding="utf-8")


def place(home: Home) -> Place:
    return Place(Path("/pg"), home.data / "postgres", Path("/run/pg"), None)


def configuration(home: Home, secrets: Secrets) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(defaults={"here": "/x"})
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(render(TEMPLATE, values(home, place(home), secrets)))
    return parser["app:main"]


def test_cookies_are_marked_secure_as_soon_as_the_address_is_https(home: Home) -> None:
    assert configuration(home, Secrets())["SESSION_COOKIE_SECURE"] == "false"
    assert ckan_config.secure_cookies("https://data.example.gov.cn") == "true"


def test_no_stranger_may_send_sql(home: Home) -> None:
    assert configuration(home, Secrets())["ckan.datastore.sqlsearch.enabled"] == "false"


def test_every_placeholder_of_the_template_is_filled(home: Home) -> None:
    text = render(TEMPLATE, values(home, place(home), Secrets()))
    assert not re.search(r"\$\{", text)


def test_a_placeholder_without_a_value_stops_the_start() -> None:
    with pytest.raises(KeyError):
        render("a = ${unknown}", {})


def test_a_percent_sign_survives_the_interpolation_of_the_file(tmp_path: Path) -> None:
    home = Home(root=tmp_path / "100%", host="127.0.0.1", web_port=1, port_base=2)
    assert configuration(home, Secrets())["ckan.storage_path"] == str(home.data / "ckan")


def test_chinese_comes_first_and_nothing_is_asked_of_another_host(home: Home) -> None:
    found = configuration(home, Secrets())
    assert found["ckan.locale_default"] == "zh_Hans_CN"
    assert found["ckan.gravatar_default"] == "disabled"


def test_the_reader_of_the_datastore_is_another_role_than_the_writer(home: Home) -> None:
    found = configuration(home, Secrets())
    assert found["ckan.datastore.read_url"].split("//")[1].split(":")[0] == "datastore_read"
    assert found["ckan.datastore.write_url"].split("//")[1].split(":")[0] == "ckan"


def test_the_key_encryption_key_is_in_no_generated_file(home: Home) -> None:
    secrets = Secrets()
    assert secrets.kek not in render(TEMPLATE, values(home, place(home), secrets))
    assert secrets.kek not in supervision.configuration(home)


def test_no_secret_is_in_the_configuration_of_supervision(home: Home) -> None:
    secrets = Secrets()
    text = supervision.configuration(home)
    assert not [name for name, value in vars(secrets).items() if value in text]


def test_settings_of_one_installation_replace_those_of_the_template() -> None:
    text = "[app:main]\nckan.site_title = A\nother = 1\n\n[loggers]\nkeys = root\n"
    merged = with_local(text, "; a note\nckan.site_title = B\nnew.option = 2\n")
    assert "ckan.site_title = B" in merged
    assert "ckan.site_title = A" not in merged
    assert merged.index("new.option = 2") < merged.index("[loggers]")


def test_a_private_file_is_closed_to_others_from_its_first_moment(tmp_path: Path) -> None:
    path = tmp_path / "f"
    assert write_private(path, "x") is True
    assert path.stat().st_mode & 0o777 == 0o600
    assert write_private(path, "x") is False


def test_secrets_are_made_once_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    made = load_or_make(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_or_make(path) == made == load(path)
    assert load_or_make(tmp_path / "other.json").kek != made.kek


def test_an_older_file_of_secrets_is_completed_and_keeps_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.write_text('{"kek": "k1:kept"}')
    made = load_or_make(path)
    assert made.kek == "k1:kept"
    assert made.secret_key
    assert load(path) == made


def test_secrets_do_not_show_when_they_are_printed() -> None:
    secrets = Secrets()
    assert not [value for value in vars(secrets).values() if value in repr(secrets)]


def test_only_the_portals_own_processes_get_the_key(home: Home) -> None:
    home.make()
    kek = load_or_make(home.secrets_file).kek
    assert {service.name for service in ALL if service.keys} == {"web", "worker", "scheduler"}
    for service in ALL:
        assert (environment(home, service.name).get("GOVDATA_KEK") == kek) is service.keys
        assert ("GOVDATA_SIGNING_KEY" in environment(home, service.name)) is service.keys
        assert ("LICENSING_IDENTITY_KEY" in environment(home, service.name)) is service.keys


def test_only_the_sequencer_gets_the_key_of_the_ledger(home: Home) -> None:
    home.make()
    load_or_make(home.secrets_file)
    holders = {service.name for service in ALL if "LICENSING_LEDGER_KEY" in environment(home, service.name)}
    assert holders == {"sequencer"}
    assert "GOVDATA_KEK" not in environment(home, "sequencer")


def test_a_key_in_the_operators_own_environment_does_not_reach_the_stores(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("GOVDATA_KEK", "GOVDATA_SIGNING_KEY", "LICENSING_LEDGER_KEY", "LICENSING_IDENTITY_KEY"):
        monkeypatch.setenv(name, "k1:operator")
        assert name not in child_environment()


def test_the_portal_spools_to_the_private_temporary_folder(home: Home) -> None:
    assert portal_environment(home, Secrets())["TMPDIR"] == str(home.tmp)


def test_a_home_with_spaces_and_percent_signs_gives_commands_that_split_as_meant(tmp_path: Path) -> None:
    home = Home(root=tmp_path / "a b%c", host="127.0.0.1", web_port=1, port_base=2)
    parser = configparser.RawConfigParser()
    parser.read_string(supervision.configuration(home))
    assert parser["program:solr"]["stdout_logfile"].replace("%%", "%") == str(home.logs / "solr.log")
    assert shlex.split(parser["program:web"]["command"])[-1] == "web"


@pytest.fixture
def deployment(monkeypatch: pytest.MonkeyPatch) -> None:
    for line in (CHECKOUT / "config" / "compose.env.example").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            monkeypatch.setenv(line.rstrip("="), "se/cr%et@" + line.rstrip("="))


@pytest.mark.usefixtures("deployment")
def test_a_container_fills_the_same_template_from_its_environment(home: Home) -> None:
    parser = configparser.ConfigParser(defaults={"here": "/x"})
    parser.read_string(render(TEMPLATE, container.values(home)))
    found = parser["app:main"]
    assert found["sqlalchemy.url"] == "postgresql://ckan:se%2Fcr%25et%40GOVDATA_DB_PASSWORD@postgres/ckan"
    assert set(container.values(home)) == set(values(home, place(home), Secrets()))


@pytest.mark.usefixtures("deployment")
@pytest.mark.parametrize(
    "name", ["GOVDATA_KEK", "GOVDATA_SIGNING_KEY", "GOVDATA_SECRET_KEY", "GOVDATA_DB_PASSWORD"]
)
def test_a_container_without_one_of_its_secrets_does_not_start(
    monkeypatch: pytest.MonkeyPatch, home: Home, name: str
) -> None:
    monkeypatch.setenv(name, "")
    with pytest.raises(StackError) as refused:
        container.values(home)
    assert name in refused.value.message.zh


def test_log_files_of_every_service_are_rotated(home: Home) -> None:
    parser = configparser.RawConfigParser()
    parser.read_string(supervision.configuration(home))
    for service in ALL:
        assert parser[f"program:{service.name}"]["stdout_logfile_maxbytes"] == "10MB"
    assert yaml.safe_load(parser["supervisord"]["logfile_backups"]) > 0
