"""What a reviewer is told about the difference to the release that is public."""

from __future__ import annotations

from typing import Any

from ckanext.govdata.views.release_changes import changes


def release(columns: dict[str, tuple[str, dict[str, Any]]], rows: int = 100, k: int = 5) -> dict[str, Any]:
    rules = [{"name": name, "operator": op, "params": params} for name, (op, params) in columns.items()]
    return {"plan": {"k": k, "columns": rules}, "source": {"rows": rows}}


def test_equal_releases_have_no_changes() -> None:
    columns = {"姓名": ("mask", {}), "街道": ("keep", {})}
    assert changes(release(columns), release(columns)) == []


def test_a_column_that_was_masked_and_is_kept_now_is_marked_as_weaker() -> None:
    (change,) = changes(release({"姓名": ("mask", {})}), release({"姓名": ("keep", {})}))
    assert (change.kind, change.before, change.after, change.weaker) == ("operator", "mask", "keep", True)


def test_a_stricter_operator_is_a_change_but_not_weaker() -> None:
    (change,) = changes(release({"姓名": ("mask", {})}), release({"姓名": ("drop", {})}))
    assert change.kind == "operator"
    assert not change.weaker


def test_a_new_column_that_is_kept_is_marked_and_one_that_is_masked_is_not() -> None:
    old = release({"街道": ("keep", {})})
    new = release({"街道": ("keep", {}), "泊位": ("keep", {}), "手机": ("mask", {})})
    assert [(c.column, c.weaker) for c in changes(old, new)] == [("泊位", True), ("手机", False)]


def test_columns_rows_and_a_smaller_k_are_told() -> None:
    old = release({"街道": ("keep", {}), "备注": ("redact", {})}, rows=100, k=5)
    new = release({"街道": ("keep", {})}, rows=12_000, k=3)
    assert [(c.kind, c.before, c.after, c.weaker) for c in changes(old, new)] == [
        ("removed", "redact", "", False),
        ("rows", "100", "12,000", True),
        ("k", "5", "3", True),
    ]


def test_other_parameters_of_the_same_operator_are_a_change() -> None:
    old = release({"生日": ("generalise", {"to": "decade"})})
    new = release({"生日": ("generalise", {"to": "month"})})
    assert [c.kind for c in changes(old, new)] == ["operator"]


def test_a_column_that_comes_with_many_more_empty_cells_is_looked_at_closely() -> None:
    def received(nulls: int, rows: int = 200) -> dict[str, Any]:
        found = {"columns": [{"name": "泊位", "rows": rows, "nulls": nulls}]}
        return {**release({"泊位": ("keep", {})}, rows=rows), "findings": found}

    (change,) = changes(received(10), received(60))
    assert (change.kind, change.column, change.weaker) == ("empty", "泊位", True)
    assert (change.before, change.after) == ("5.0%", "30.0%")
    assert changes(received(10), received(25)) == []
    assert [(c.kind, c.weaker) for c in changes(received(0), received(0, rows=90))] == [("rows", True)]
    assert [(c.kind, c.weaker) for c in changes(received(0), received(0, rows=190))] == [("rows", False)]
