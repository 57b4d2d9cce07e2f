"""What policies of the second format do to whole tables."""

from __future__ import annotations

import base64
import io
import json
import logging
from random import Random

import polars as pl
import pytest

import anonymize
from anonymize.keys import KeyRing
from anonymize.policy import Policy
from anonymize.restore import restore
from anonymize.writers import open_writer
from tests.factories.people import person
from tests.factories.truth import read_csv

LASTING = bytes(range(50, 82))
AGREEMENT = """\
version: 2
purpose: agreement
agreement: 云数授〔2026〕17号
key: clinic
columns:
  - {name: 姓名, operator: pseudonym, entity: PERSON, level: 3}
  - name: 证件号码
    operator: fpe
    params: {check: resident_id, keep_start: 6}
    entity: CN_RESIDENT_ID
    level: 4
  - {name: 入院日期, operator: date_shift, params: {by: 证件号码, days: 90}, level: 3}
  - {name: 出院日期, operator: date_shift, params: {by: 证件号码, days: 90}, level: 3}
  - {name: 费用, operator: noise, params: {scale: 20, low: 0}, level: 3}
  - {name: 科室, operator: shuffle, level: 2}
"""


def raw(rows: int = 300) -> list[dict[str, str]]:
    dice = Random("runs")
    people = [person(Random(f"person {n // 2}")) for n in range(rows)]
    return [
        {
            "姓名": p.name,
            "证件号码": p.resident_id,
            "入院日期": f"2026-{1 + n % 12:02d}-{1 + n % 20:02d}",
            "出院日期": f"2026-{1 + n % 12:02d}-{4 + n % 20:02d}",
            "费用": f"{dice.randrange(10_000, 900_000) / 100:.2f}",
            "科室": dice.choice(["内科", "外科", "儿科"]),
        }
        for n, p in enumerate(people)
    ]


ROWS = raw()


def as_csv(rows: list[dict[str, str]]) -> bytes:
    return pl.DataFrame(rows).write_csv().encode()


def run(
    policy: Policy, rows: list[dict[str, str]] = ROWS, keys: KeyRing | None = None
) -> tuple[list[dict[str, str]], anonymize.Report, bytes]:
    table = anonymize.open_table(io.BytesIO(as_csv(rows)), name="住院.csv")
    out = io.BytesIO()
    sink = open_writer("csv", out, anonymize.published_fields(policy, table.columns))
    report = anonymize.apply(table, policy, [sink], keys=keys)
    header, cells = read_csv(out.getvalue())
    return [dict(zip(header, row, strict=True)) for row in cells], report, out.getvalue()


def ring() -> KeyRing:
    return KeyRing(None, {"clinic": LASTING})


def test_two_runs_under_one_agreement_can_be_joined_but_share_no_noise() -> None:
    policy = Policy.from_yaml(AGREEMENT)
    first, report, _ = run(policy, keys=ring())
    second, _, _ = run(policy, keys=ring())
    for one, other in zip(first, second, strict=True):
        assert one["证件号码"] == other["证件号码"]
        assert one["姓名"] == other["姓名"]
        assert one["入院日期"] == other["入院日期"]
    assert [row["费用"] for row in first] != [row["费用"] for row in second]
    assert [row["科室"] for row in first] != [row["科室"] for row in second]
    assert [b.code for b in report.blockers()] == []


def test_what_was_encrypted_comes_back_for_the_holder_of_the_key() -> None:
    policy = Policy.from_yaml(AGREEMENT)
    _, report, published = run(policy, keys=ring())
    table = anonymize.open_table(io.BytesIO(published), name="out.csv")
    out = io.BytesIO()
    sink = open_writer("csv", out, [anonymize.FieldSpec(name) for name in table.columns])
    assert restore(table, policy, [sink], ring(), check=report.key_check) == len(ROWS)
    header, rows = read_csv(out.getvalue())
    place = header.index("证件号码")
    assert [row[place] for row in rows] == [row["证件号码"] for row in ROWS]


def test_days_of_one_person_keep_their_distance_over_columns_and_rows() -> None:
    after, _, _ = run(Policy.from_yaml(AGREEMENT), keys=ring())
    days = pl.DataFrame(after).select(pl.col("入院日期", "出院日期").str.to_date())
    before = pl.DataFrame(ROWS).select(pl.col("入院日期", "出院日期").str.to_date())
    assert (days["出院日期"] - days["入院日期"]).to_list() == (
        before["出院日期"] - before["入院日期"]
    ).to_list()
    moved = (days["入院日期"] - before["入院日期"]).dt.total_days()
    assert moved[0] == moved[1] != 0
    assert moved.abs().max() <= 90
    assert moved.n_unique() > 20


def test_records_that_the_policy_leaves_out_are_counted_and_nowhere_in_the_result() -> None:
    rows = [
        {"地区": f"区{n % 7}", "级别": "绝" if n % 10 == 0 else "常", "数值": f"{n}.5"} for n in range(200)
    ]
    policy = Policy.from_yaml(
        "version: 2\nrecords:\n"
        "  - {operator: suppress_record, params: {column: 级别, when: equals, values: [绝]}}\n"
        "columns:\n"
        "  - {name: 地区, operator: keep, level: 1}\n"
        "  - {name: 级别, operator: keep, level: 1}\n"
        "  - {name: 数值, operator: shuffle, level: 1}\n"
    )
    after, report, _ = run(policy, rows)
    assert report.blockers() == ()
    assert (report.rows_in, report.removed, report.rows_out) == (200, 20, 180)
    assert report.as_dict()["rows"] == {"in": 200, "removed": 20, "out": 180}
    left = sorted(row["数值"] for row in rows if row["级别"] == "常")
    assert sorted(row["数值"] for row in after) == left
    assert all(row["级别"] == "常" for row in after)


def test_a_sample_is_another_one_in_every_release() -> None:
    rows = [{"地区": f"区{n}", "数值": str(n)} for n in range(400)]
    policy = Policy.from_yaml(
        "version: 2\nrecords: [{operator: sample, params: {share: 0.3}}]\n"
        "columns: [{name: 地区, operator: keep, level: 1}, {name: 数值, operator: keep, level: 1}]\n"
    )
    first, report, _ = run(policy, rows)
    second, _, _ = run(policy, rows)
    assert 80 < len(first) < 160
    assert first != second
    assert report.blockers() == ()


@pytest.mark.parametrize("operator", ["shuffle", "top_code, params: {limit: 5}"])
def test_free_text_cannot_hide_behind_an_operator_that_leaves_cells_whole(operator: str) -> None:
    rows = [
        {"编号": str(n), "诉求": f"{row['姓名']}反映楼上噪声扰民，身份证号{row['证件号码']}，希望尽快处理。"}
        for n, row in enumerate(ROWS)
    ]
    policy = Policy.from_yaml(
        "version: 2\ncolumns: [{name: 编号, operator: keep, level: 1},"
        f" {{name: 诉求, operator: {operator}, level: 3}}]\n"
    )
    after, report, _ = run(policy, rows)
    shown = any(row["证件号码"] in out["诉求"] for row in ROWS for out in after)
    assert report.blockers() or not shown


def test_an_agreements_key_shows_in_no_report_policy_log_or_error(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    policy = Policy.from_yaml(AGREEMENT)
    keys = ring()
    _, report, _ = run(policy, keys=keys)
    said = [
        json.dumps(report.as_dict(), ensure_ascii=False),
        report.to_html("zh"),
        policy.to_yaml(),
        caplog.text,
    ]
    said += [repr(policy), repr(keys), repr(report)]
    with pytest.raises(anonymize.WrongUse) as missing:
        run(policy)
    said += [str(missing.value), repr(missing.value), json.dumps(missing.value.as_dict(), ensure_ascii=False)]
    for form in (LASTING.hex(), base64.b64encode(LASTING).decode(), repr(LASTING)[2:24]):
        assert not any(form in text for text in said)
