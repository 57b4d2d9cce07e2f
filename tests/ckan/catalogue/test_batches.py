"""What is done for many entries at once is what CKAN does for each of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

Entries = list[dict[str, Any]]
_TEXTS = ("data_dict", "validated_data_dict")

WRONG: dict[str, dict[str, Any]] = {
    "nothing": {},
    "a name that is too short": {"name": "x"},
    "a name in capitals": {"name": "Capitals"},
    "no title": {"title": ""},
    "an unknown class": {"catalogue_class": "9"},
    "an unknown format among others": {"resource_format": ["database", "papyrus"]},
    "a wrong code": {"catalogue_code": "12/3"},
    "a serial of nought": {"catalogue_code": "302099/000000"},
    "not shared without a citation": {"share_type": "none", "share_basis": "不便共享"},
    "an item without a type": {"information_items": [{"name": "a", "sensitivity": "1"}]},
    "items that are no list": {"information_items": "a, b"},
    "no items": {"information_items": []},
    "an extra": {"extras": [{"key": "more", "value": "说明"}]},
    "the same extra twice": {"extras": [{"key": "more", "value": "1"}, {"key": "more", "value": "2"}]},
    "a field that nobody knows": {"colour": "blue"},
    "keywords with brackets": {"tags": [{"name": "停车<场>"}]},
    "no department": {"owner_org": ""},
    "an unknown department": {"owner_org": "nobody"},
    "a date that is none": {"publish_date": "2026-02-30"},
    "a resource": {"resources": [{"url": "https://example.com/a.csv", "format": "csv"}]},
    "a resource without an address": {"resources": [{"format": "csv"}]},
}


@pytest.mark.usefixtures("user")
def test_documents_made_in_batches_are_those_that_ckan_makes(ckan_app: Any) -> None:
    from ckan import logic, model
    from ckan.lib import search
    from ckan.lib.search.index import PackageSearchIndex

    from ckanext.govdata.catalogue import batch_index

    with_files = model.Session.query(model.Resource.package_id).filter_by(state="active")
    query = model.Session.query(model.Package.id).filter_by(state="active", type="dataset")
    ids = [one for (one,) in query.filter(model.Package.id.in_(with_files)).limit(8)]
    assert ids, "the demonstration has entries with files"
    ids += [one for (one,) in query.filter(model.Package.id.not_in(ids)).limit(12)]
    collector = batch_index._Collector()
    collect = batch_index._like(PackageSearchIndex.index_package, make_connection=lambda: collector)
    context = {"ignore_auth": True, "model": model, "session": model.Session}
    for one in ids:
        default, custom = logic.package_show_default_and_custom_schemas(dict(context), one)
        collect(search.index_for(model.Package), {**default, "with_custom_schema": custom}, True)
    made = batch_index.documents(ids)
    assert len(made) == len(collector.documents) == len(ids)
    for mine, theirs in zip(made, collector.documents, strict=True):
        assert {**mine, **_read(mine)} == {**theirs, **_read(theirs)}


def _read(document: dict[str, Any]) -> dict[str, Any]:
    return {name: json.loads(document[name]) for name in _TEXTS}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_a_batch_is_validated_as_ckan_validates_each(
    user: str, entries: Entries, change: dict[str, Any]
) -> None:
    from ckan import model
    from ckan.lib.plugins import lookup_package_plugin, plugin_validate

    from ckanext.govdata.catalogue import batch_known, batch_schema

    given = [{"type": "dataset", **entry} for entry in entries[:3]]
    given[1] |= change
    plugin = lookup_package_plugin("dataset")
    batch = batch_schema.Batch(batch_known.of_batch(model.Session(), given))
    for entry in given:
        context = {"model": model, "session": model.Session, "user": user}
        theirs = _outcome(
            lambda entry=entry, context=context: plugin_validate(
                plugin, dict(context), _copy(entry), plugin.create_package_schema(), "package_create"
            )
        )
        mine = _outcome(
            lambda entry=entry, context=context: batch.validate(
                plugin, dict(context), _copy(entry), plugin.create_package_schema, "package_create"
            )
        )
        assert mine == theirs


def test_a_name_and_a_code_that_others_have_are_found_in_a_batch(user: str, entries: Entries) -> None:
    from ckan.plugins import toolkit as tk

    from ckanext.govdata.catalogue import bulk

    made = tk.get_action("package_create")({"user": user}, dict(entries[0]))
    taken = {"name": made["name"], "catalogue_code": made["catalogue_code"]}
    (_valid, none), (_other, said) = bulk.examined([entries[1], {**entries[2], **taken}], user)
    assert none == {}
    assert {"name", "catalogue_code"} <= set(said)


def _copy(entry: dict[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(entry))  # type: ignore[no-any-return]


def _outcome(validate: Any) -> Any:
    """What came of it, fit for comparing; the extras in whatever order."""
    try:
        valid, objections = validate()
    except Exception as error:  # noqa: BLE001 - the two must fail alike
        return type(error).__name__, str(error)
    extras = sorted(valid.pop("extras", []), key=lambda one: str(one.get("key")))
    return repr(sorted(valid.items(), key=lambda pair: str(pair[0]))), repr(extras), repr(objections)
