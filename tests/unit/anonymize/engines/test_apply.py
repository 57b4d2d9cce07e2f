"""A whole run: what leaves holds nothing of a row's own identifiers, and the report proves it."""

import csv
import io
import json

import polars as pl
import pytest

import anonymize
from anonymize.entities import Entity
from anonymize.errors import PolicyInvalid
from anonymize.findings import OperatorSpec
from anonymize.policy import ColumnRule, Policy
from anonymize.readers.table import Table
from anonymize.report import Report
from anonymize.writers import open_writer

from .conftest import MakeTable
from .people import HEADER, people

KEY = b"k" * 32
SECRETS = ["姓名", "身份证号", "出生日期", "联系电话", "家庭住址"]


def run(table: Table, policy: Policy) -> tuple[Report, list[list[str]]]:
    stream = io.BytesIO()
    fields = anonymize.published_fields(policy, table.columns)
    report = anonymize.apply(table, policy, [open_writer("csv", stream, fields)], key=KEY)
    return report, list(csv.reader(io.StringIO(stream.getvalue().decode("utf-8-sig"), newline="")))


Suggested = tuple[Table, Policy, list[list[str]]]


def changed(policy: Policy, column: str, operator: str, **kwargs: object) -> Policy:
    data = policy.as_dict()
    for rule in data["columns"]:
        if rule["name"] == column:
            rule.update(operator=operator, params=kwargs.pop("params", {}), **kwargs)
    return Policy.from_dict(data)


@pytest.fixture
def suggested(table_of: MakeTable) -> Suggested:
    rows = people(600)
    table = table_of(HEADER, rows)
    return table, anonymize.suggest(anonymize.scan(table)), rows


@pytest.mark.article("SX-15")
def test_the_suggestion_lets_no_identifier_of_a_row_survive(suggested: Suggested) -> None:
    table, policy, rows = suggested
    report, out = run(table, policy)
    assert report.blockers() == ()
    assert len(out) == len(rows) + 1
    for before, after in zip(rows, out[1:], strict=True):
        line = "\x1f".join(after)
        for name in SECRETS:
            assert before[HEADER.index(name)] not in line


def test_kept_columns_have_equal_cells_and_the_report_proves_it(suggested: Suggested) -> None:
    table, policy, rows = suggested
    report, out = run(table, policy)
    kept = [done for done in report.done if done.operator == "keep"]
    assert {done.name for done in kept} >= {"序号", "救助金额"}
    for done in kept:
        index = HEADER.index(done.name)
        assert [row[index] for row in rows] == [row[index] for row in out[1:]]
        assert done.equal is True
        assert done.changed == 0


def test_k_of_the_result_is_what_anyone_can_count(suggested: Suggested) -> None:
    table, policy, _ = suggested
    report, out = run(table, policy)
    frame = pl.DataFrame(out[1:], schema=out[0], orient="row")
    smallest = frame.group_by(policy.quasi_identifiers).len()["len"].min()
    assert report.risk.k is not None
    assert report.risk.k >= policy.k
    assert smallest >= policy.k
    assert report.grade == 3


@pytest.mark.parametrize("column", ["姓名", "身份证号", "联系电话", "家庭住址", "备注"])
def test_a_personal_column_that_is_kept_blocks_the_release(suggested: Suggested, column: str) -> None:
    table, policy, _ = suggested
    report, _ = run(table, changed(policy, column, "keep", level=3))
    assert column in {name for blocker in report.blockers() for name in blocker.columns}
    assert report.grade == 1


def test_level_one_does_not_open_a_column_of_names(suggested: Suggested) -> None:
    table, policy, _ = suggested
    report, _ = run(table, changed(policy, "姓名", "keep", level=1))
    assert any(b.code == "personal_data_remain" for b in report.blockers())


def test_a_kept_number_of_no_kind_of_its_own_that_identifies_persons_blocks_the_release(
    table_of: MakeTable,
) -> None:
    rows = [[person[0], f"20260{i:05d}", "优秀"] for i, person in enumerate(people(60))]
    table = table_of(["姓名", "学号", "等级"], rows)
    policy = anonymize.suggest(anonymize.scan(table))
    report, _ = run(table, policy)
    assert "identifier_remains" not in {b.code for b in report.blockers()}
    report, _ = run(table, changed(policy, "学号", "keep"))
    assert [b.columns for b in report.blockers() if b.code == "identifier_remains"] == [("学号",)]
    report, _ = run(table, changed(policy, "学号", "keep", level=1))
    assert "identifier_remains" not in {b.code for b in report.blockers()}


@pytest.mark.article("SX-22")
def test_a_masked_name_that_stands_in_a_kept_remark_is_found_in_its_row(table_of: MakeTable) -> None:
    header = ["代号人", "说明"]
    rows = [["王小明", "经手王小明"], ["李大力", "无"], ["张三丰", "张三丰家"]]
    policy = Policy(
        (
            ColumnRule(
                "代号人",
                OperatorSpec("mask", {"pattern": "person"}),
                entity=Entity.PERSON,
                level=3,
            ),
            ColumnRule("说明", OperatorSpec("keep")),
        ),
        k=1,
    )
    report, _ = run(table_of(header, rows), policy)
    assert report.leaks == {("代号人", "说明"): 2}
    assert any(b.code == "row_leak" and "说明" in b.columns for b in report.blockers())


def test_a_number_written_another_way_in_a_kept_column_is_found(table_of: MakeTable) -> None:
    header, rows = ["电话", "说明"], [["13800138000", "请拨 138-0013 8000"], ["13900139001", "无"]]
    policy = Policy(
        (
            ColumnRule("电话", OperatorSpec("redact"), entity=Entity.MOBILE, level=3),
            ColumnRule("说明", OperatorSpec("keep")),
        ),
        k=1,
    )
    report, _ = run(table_of(header, rows), policy)
    assert report.leaks == {("电话", "说明"): 1}


def test_a_district_that_is_called_like_somebody_is_no_leak(table_of: MakeTable) -> None:
    header = ["姓名", "区"]
    rows = [
        ["黄山", "黄山区"],
        *([name, "黄山区"] for name in ["王伟", "李娜", "张敏", "刘静", "陈丽", "杨强"]),
    ]
    policy = Policy(
        (
            ColumnRule("姓名", OperatorSpec("mask"), entity=Entity.PERSON, level=3),
            ColumnRule("区", OperatorSpec("keep")),
        ),
        k=1,
    )
    report, _ = run(table_of(header, rows), policy)
    assert report.leaks == {}


def test_statistics_pass_through_unchanged(table_of: MakeTable) -> None:
    header = ["行政区划代码", "地区", "年份", "人口数", "占比"]
    rows = [[f"4201{i:02}", f"第{i}区", "2023", str(10_000 + i), f"{i / 100:.2f}"] for i in range(1, 60)]
    table = table_of(header, rows)
    policy = anonymize.suggest(anonymize.scan(table))
    report, out = run(table, policy)
    assert out == [header, *rows]
    assert report.blockers() == ()
    assert report.grade == 4


def test_pseudonyms_are_not_taken_for_people_and_never_equal_their_row(suggested: Suggested) -> None:
    table, policy, rows = suggested
    policy = changed(changed(policy, "姓名", "pseudonym"), "联系电话", "pseudonym")
    report, out = run(table, policy)
    assert report.blockers() == ()
    for before, after in zip(rows, out[1:], strict=True):
        assert before[1] != after[1]
        assert before[5] != after[5]
    names = {before[1]: after[1] for before, after in zip(rows, out[1:], strict=True)}
    assert all(names[before[1]] == after[1] for before, after in zip(rows, out[1:], strict=True))


def test_too_small_groups_block_when_the_quasi_identifiers_are_kept(suggested: Suggested) -> None:
    table, policy, _ = suggested
    data = policy.as_dict()
    data["quasi_identifiers"] = ["序号"]
    report, _ = run(table, Policy.from_dict(data))
    assert {"k_too_small", "too_many_unique", "grade_too_low"} <= {b.code for b in report.blockers()}
    assert report.risk.k == 1
    assert report.grade == 2


@pytest.mark.article("SX-2")
def test_material_marked_secret_is_blocked(table_of: MakeTable) -> None:
    table = table_of(["名称", "密级"], [["甲", "机密★10年"], ["乙", ""]])
    policy = Policy(tuple(ColumnRule(name, OperatorSpec("keep")) for name in ["名称", "密级"]), k=1)
    report, _ = run(table, policy)
    assert "secret_marking" in {b.code for b in report.blockers()}


def test_l_diversity_is_asked_for_where_the_policy_names_a_sensitive_column(table_of: MakeTable) -> None:
    rows = [["男", "甲病"]] * 6 + [["女", "甲病"]] * 3 + [["女", "乙病"]] * 3
    rules = tuple(ColumnRule(name, OperatorSpec("keep")) for name in ["性别", "病种"])
    policy = Policy(rules, k=2, quasi_identifiers=("性别",), sensitive=("病种",), l=2)
    report, _ = run(table_of(["性别", "病种"], rows), policy)
    assert report.risk.l == {"病种": 1}
    assert "l_too_small" in {b.code for b in report.blockers()}


def test_a_policy_that_publishes_nothing_is_refused(table_of: MakeTable) -> None:
    with pytest.raises(PolicyInvalid):
        run(table_of(["a"], [["1"]]), Policy((ColumnRule("a", OperatorSpec("drop")),)))


def test_a_key_of_another_length_is_refused(table_of: MakeTable) -> None:
    policy = Policy((ColumnRule("a", OperatorSpec("keep")),))
    with pytest.raises(PolicyInvalid):
        anonymize.apply(table_of(["a"], [["1"]]), policy, [], key=b"short")


def test_two_runs_have_two_keys(suggested: Suggested) -> None:
    table, policy, _ = suggested
    policy = changed(policy, "姓名", "pseudonym")
    outputs = []
    for _ in range(2):
        stream = io.BytesIO()
        fields = anonymize.published_fields(policy, table.columns)
        anonymize.apply(table, policy, [open_writer("csv", stream, fields)])
        outputs.append(stream.getvalue())
    assert outputs[0] != outputs[1]


@pytest.mark.article("SX-22")
@pytest.mark.parametrize("kept", [None, "备注", "姓名"])
def test_neither_report_nor_blockers_hold_a_value(suggested: Suggested, kept: str | None) -> None:
    table, policy, rows = suggested
    report, _ = run(table, policy if kept is None else changed(policy, kept, "keep", level=3))
    texts = [json.dumps(report.as_dict(), ensure_ascii=False), report.to_html("zh"), report.to_html("en")]
    for row in rows:
        for name in SECRETS:
            value = row[HEADER.index(name)]
            assert all(value not in text for text in texts)


def test_the_page_stands_alone_and_escapes_what_it_is_given(table_of: MakeTable) -> None:
    table = table_of(["<b>列</b>"], [["1"], ["2"]])
    policy = Policy((ColumnRule("<b>列</b>", OperatorSpec("keep")),), name="<script>x</script>", k=1)
    report, _ = run(table, policy)
    for lang in ("zh", "en"):
        page = report.to_html(lang)
        assert "<script" not in page
        assert "&lt;b&gt;列" in page
        assert "http" not in page
    assert "脱敏评估报告" in report.to_html("zh")
    assert "De-identification report" in report.to_html("en")


def test_progress_is_told_in_rows(suggested: Suggested) -> None:
    table, policy, rows = suggested
    seen: list[tuple[str, int, int]] = []
    anonymize.apply(table, policy, [], progress=lambda *step: seen.append(step))
    assert ("desensitise", len(rows), len(rows)) in seen
    assert seen[-1][0] == "assess"
