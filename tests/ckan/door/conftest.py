"""Two conditional data sets that are provided, and grants on one of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest

from tests.ckan.release.conftest import ckan_app, in_process, site
from tests.factories import door_world, tables
from tests.factories.door_world import Holder

__all__ = ["ckan_app", "in_process", "site"]

GRANTED = ("年份", "月份", "地区", "地区生产总值（亿元）")
HIDDEN = "常住人口（万人）"
ROWS = 2_400
CONDITION = {"open_type": "conditional", "open_condition": "仅限申请人按协议使用"}


@dataclass(frozen=True)
class Provided:
    """An entry whose data are provided: its name, id and department, and the rows that went in."""

    name: str
    id: str
    department: str
    release: str
    header: list[str]
    rows: list[list[str]]

    def column(self, name: str) -> list[str]:
        return [row[self.header.index(name)] for row in self.rows]


def provide(site: Any, name: str, content: bytes, **entry: Any) -> Provided:
    """Take a table through the release flow of a conditional entry."""
    dataset = site.entry(name, **{**CONDITION, **entry})
    release = site.approved(dataset, "统计.csv", content)
    site.call("compiler", "govdata_release_publish", id=release).ok()
    shown = site.settled(release)
    assert shown["state"] == "provided", shown["failure"]
    header, *rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    package = site.call("sysadmin", "package_show", id=dataset).ok()
    return Provided(dataset, package["id"], package["owner_org"], release, header, rows)


@pytest.fixture(scope="session")
def provided(site: Any) -> Provided:
    return provide(site, "door", tables.statistics(Random(11), ROWS).csv())


@pytest.fixture(scope="session")
def other(site: Any) -> Provided:
    """Data that no grant of these tests includes, unless it says so."""
    return provide(site, "other", tables.statistics(Random(12), 60).csv())


@pytest.fixture(scope="session")
def here(ckan_app: Any) -> Any:
    """The licensing library as the portal runs it."""
    from ckanext.govdata.licensing_ports.setup import setup

    return setup()


@pytest.fixture(scope="session")
def granted(site: Any, here: Any, provided: Provided) -> Callable[..., Holder]:
    """A new grant on four columns, or as said."""

    def make(*more: dict[str, Any], fields: Any = GRANTED, rows: Any = (), **changes: Any) -> Holder:
        datasets = [{"id": provided.id, "fields": list(fields), "rows": list(rows)}, *more]
        return door_world.grant(site.base, here, provided.department, datasets, **changes)

    return make


@pytest.fixture(scope="session")
def holder(granted: Callable[..., Holder]) -> Holder:
    return granted()
