"""Code lists: data, bilingual, and the lists that the schema names exist."""

from __future__ import annotations

from importlib import resources

import pytest
import yaml

from ckanext.govdata.catalogue import codes


def _schema_lists() -> set[str]:
    found = set()
    for name in ("dataset.yaml", "organization.yaml"):
        schema = yaml.safe_load(
            resources.files("ckanext.govdata").joinpath("schemas", name).read_text("utf-8")
        )
        fields = schema.get("dataset_fields") or schema["fields"]
        for field in fields:
            for one in (field, *field.get("repeating_subfields", ())):
                if "code_list" in one:
                    found.add(one["code_list"])
    return found


def test_the_schema_names_lists() -> None:
    assert {"share_type", "open_type", "update_cycle", "theme", "secrecy", "sensitivity"} <= _schema_lists()


@pytest.mark.parametrize("name", sorted(_schema_lists()))
def test_every_list_of_the_schema_is_bilingual(name: str) -> None:
    for choice in codes.choices(name):
        assert choice["value"]
        assert choice["label"]["en"].isascii()
        assert not choice["label"]["zh_Hans_CN"].isascii()


@pytest.mark.parametrize("name", ["nothing", "../codes/theme", ""])
def test_a_list_that_does_not_exist_is_an_error(name: str) -> None:
    with pytest.raises(codes.CodeListError):
        codes.code_list(name)


def test_a_code_that_does_not_exist_is_an_error() -> None:
    assert codes.code("share_type", "none").zh == "不予共享"
    with pytest.raises(codes.CodeListError):
        codes.code("share_type", "sometimes")


@pytest.mark.article("SX-8")
def test_the_schema_carries_the_statutory_elements() -> None:
    schema = yaml.safe_load(
        resources.files("ckanext.govdata").joinpath("schemas/dataset.yaml").read_text("utf-8")
    )
    fields = {field["field_name"]: field for field in schema["dataset_fields"]}
    assert set(fields) >= {
        "catalogue_class", "title", "catalogue_code", "owner_org", "notes", "resource_format",
        "information_items", "share_type", "share_condition", "share_basis", "share_mode", "open_type",
        "update_cycle", "publish_date", "use_requirements", "provision_mode", "collection_basis", "secrecy",
    }  # fmt: skip
    items = {field["field_name"] for field in fields["information_items"]["repeating_subfields"]}
    assert items == {"name", "label", "type", "length", "description", "sensitivity", "origin", "kind"}
