"""docker-compose.yml, the Dockerfile and nginx: consistent with each other and with the code."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from ckanext.govdata.embedded.home import CHECKOUT

TEXT = (CHECKOUT / "docker-compose.yml").read_text(encoding="utf-8")
EXAMPLE = (CHECKOUT / "config" / "compose.env.example").read_text(encoding="utf-8")
NAMES = {line.split("=")[0] for line in EXAMPLE.splitlines() if re.match(r"[A-Z0-9_]+=", line)}
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


def has_compose() -> bool:
    """Whether Docker here has its compose command; the older stand-alone one knows an older format."""
    if shutil.which("docker") is None:
        return False
    return subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode == 0


def test_compose_itself_accepts_the_file() -> None:
    if not has_compose():
        pytest.skip("本机没有 docker compose,未用它校验 / no docker compose here to validate the file with")
    filled = {**os.environ, **dict.fromkeys(NAMES, "k1:x")}
    done = subprocess.run(
        ["docker", "compose", "-f", str(CHECKOUT / "docker-compose.yml"), "config", "--quiet"],
        env=filled, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_every_part_of_the_stack_is_there() -> None:
    assert set(SERVICES) == {
        "postgres",
        "valkey",
        "cache",
        "solr",
        "s3",
        "web",
        "worker",
        "scheduler",
        "sequencer",
        "nginx",
    }


def test_every_service_has_an_image_restarts_and_sits_on_a_declared_network() -> None:
    for name, service in SERVICES.items():
        assert service["image"], name
        assert service["restart"] == "unless-stopped", name
        assert set(service["networks"]) <= set(COMPOSE["networks"]), name


def test_only_nginx_can_be_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["nginx"]
    assert COMPOSE["networks"]["inner"]["internal"] is True


def test_what_is_waited_for_has_a_health_check() -> None:
    waited = {name for service in SERVICES.values() for name in service.get("depends_on", {})}
    assert waited
    assert not [name for name in waited if "healthcheck" not in SERVICES[name]]


def test_every_secret_is_asked_for_and_none_has_a_default() -> None:
    assert {"GOVDATA_KEK", "GOVDATA_SECRET_KEY", "GOVDATA_DB_PASSWORD", "GOVDATA_S3_SECRET"} <= NAMES
    for name in NAMES:
        uses = re.findall(rf"(?<!\$)\$\{{{name}([^}}]*)\}}", TEXT)
        assert uses, f"{name} is used nowhere"
        assert all(use.startswith(":?") for use in uses), f"{name} may be empty"


def test_no_secret_has_a_value_in_the_example() -> None:
    assert not re.findall(r"^GOVDATA_\w+=\S+", EXAMPLE, re.MULTILINE)


def test_files_that_are_mounted_exist_and_volumes_are_declared() -> None:
    for name, service in SERVICES.items():
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            if source.startswith("./"):
                assert (CHECKOUT / source).exists(), f"{name} mounts {source}"
            else:
                assert source in COMPOSE["volumes"], f"{name} mounts {source}"


def test_the_image_copies_only_what_is_in_the_repository() -> None:
    dockerfile = (CHECKOUT / "config" / "Dockerfile").read_text(encoding="utf-8")
    copied = [
        part for line in re.findall(r"^COPY (.+) \S+$", dockerfile, re.MULTILINE) for part in line.split()
    ]
    assert copied
    assert not [part for part in copied if not (CHECKOUT / part).exists()]
    assert re.search(r"^USER govdata$", dockerfile, re.MULTILINE)


def test_nginx_keeps_no_plain_copy_of_an_upload_and_logs_no_visitor() -> None:
    text = (CHECKOUT / "config" / "nginx" / "govdata.conf").read_text(encoding="utf-8")
    assert "proxy_request_buffering off;" in text
    (log_format,) = re.findall(r"log_format without_person ([^;]+);", text)
    assert "remote_addr" not in log_format
    assert "args" not in log_format
    assert "request_uri" not in log_format
    assert text.count("{") == text.count("}")


def test_the_portal_believes_nginx_alone_and_nginx_drops_what_visitors_claim() -> None:
    text = (CHECKOUT / "config" / "nginx" / "govdata.conf").read_text(encoding="utf-8")
    assert re.findall(r"proxy_set_header X-Forwarded-For ([^;]+);", text) == ["$remote_addr"]
    (subnet,) = (each["subnet"] for each in COMPOSE["networks"]["front"]["ipam"]["config"])
    assert SERVICES["web"]["environment"]["GOVDATA_TRUSTED_PROXIES"] == subnet
    with_it = {name for name, service in SERVICES.items() if "front" in service["networks"]}
    assert with_it == {"nginx", "web"}
    assert COMPOSE["networks"]["front"]["internal"] is True


def test_the_database_script_has_no_password_of_its_own() -> None:
    script = Path(CHECKOUT / "config" / "postgres" / "initdb.sh").read_text(encoding="utf-8")
    names = [":'main'", ":'reader'", ":'owner'", ":'agreements'", ":'doorowner'", ":'door'"]
    assert re.findall(r"PASSWORD (\S+);", script) == names
