"""The demonstration city as data: complete, distinct, and valid under the code lists."""

from __future__ import annotations

import re

import pytest

from ckanext.govdata.catalogue import codes, conditions, uscc
from ckanext.govdata.demo import accounts, city, items, releases, tables

CODED = {
    "theme": "theme",
    "catalogue_class": "catalogue_class",
    "share_type": "share_type",
    "open_type": "open_type",
    "update_cycle": "update_cycle",
    "secrecy": "secrecy",
    "priority": "priority",
    "language": "language",
}


def test_there_are_forty_departments_and_three_hundred_entries() -> None:
    assert len(city.departments()) == 40
    assert len(city.entries()) >= 300
    assert {entry.department for entry in city.entries()} == {one.name for one in city.departments()}


@pytest.mark.parametrize("element", ["name", "title", "notes"])
def test_no_two_entries_are_alike(element: str) -> None:
    values = [entry.document[element] for entry in city.entries()]
    assert len(set(values)) == len(values)


def test_every_entry_is_valid_under_the_code_lists_and_conditions() -> None:
    for entry in city.entries():
        made = entry.document
        for element, name in CODED.items():
            codes.code(name, made[element])
        assert conditions.share_condition(made["share_type"], made.get("share_condition", "")) is None
        assert conditions.open_condition(made["open_type"], made.get("open_condition", "")) is None
        assert re.fullmatch(r"[a-z0-9-]{2,100}", entry.name)
        assert len(made["information_items"]) >= 4, entry.name
        assert all(len(tag["name"]) >= 2 for tag in made["tags"]), entry.name


@pytest.mark.article("SX-22")
def test_sensitive_columns_are_open_only_through_the_release_flow_and_never_freely_shared() -> None:
    desensitised = {goal.entry for goal in releases.goals()}
    for entry in city.entries():
        levels = {int(column["sensitivity"]) for column in entry.document["information_items"]}
        if max(levels) >= 3:
            assert entry.document["open_type"] != "unconditional" or entry.name in desensitised, entry.name
            assert entry.document["share_type"] == "conditional", entry.name


def test_departments_have_valid_and_distinct_codes() -> None:
    codes_of = [department.code for department in city.departments()]
    assert all(uscc.is_valid(code) for code in codes_of)
    assert len(set(codes_of)) == len(codes_of)


def test_the_notation_of_items_is_read_and_refused() -> None:
    name, number = items.parse("姓名:s20!3, 金额万元:n")
    assert (name["type"], name["length"], name["sensitivity"]) == ("string", "20", "3")
    assert (number["type"], number["description"]) == ("number", "单位为万元")
    for wrong in ("姓名:x", "姓名!9", "姓名,姓名", ""):
        with pytest.raises(ValueError, match="information item"):
            items.parse(wrong)


def test_every_release_has_a_table_and_two_different_officers() -> None:
    departments = {entry.name: entry.department for entry in city.entries()}
    assert len(releases.goals()) >= 8
    for goal in releases.goals():
        department = departments[goal.entry]
        compiler = accounts.account("compiler", department)
        assert compiler.name != accounts.account("reviewer", department).name
        assert accounts.account("secrecy", department).name != compiler.name
        assert tables.table(goal.entry).rows > 0


def test_account_names_are_distinct_and_hold_no_password() -> None:
    names = [account.name for account in accounts.accounts()]
    assert len(set(names)) == len(names)
    roles = {account.role for account in accounts.accounts()}
    assert roles >= {
        "developer",
        "compiler",
        "reviewer",
        "compiler2",
        "reviewer2",
        "administrator",
        "supervisor",
        "sysadmin",
    }
