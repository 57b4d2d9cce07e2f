"""Format 2: purpose, records, ladders, allowances, grades; format 1 is upgraded; the schema says the same."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from anonymize.entities import LEVEL, Entity
from anonymize.errors import PolicyInvalid
from anonymize.findings import OperatorSpec
from anonymize.grading import BASIS, basis
from anonymize.policy import Allowance, ColumnRule, Policy
from anonymize.policy_schema import schema, text

DOCS = Path(__file__).parents[4] / "docs/reference"
POLICIES = sorted((Path(__file__).parents[4] / "config/policies").glob("*.yaml"))
PAGE = (DOCS / "policy.md").read_text("utf-8")
EXAMPLES = [part.split("```")[0] for part in PAGE.split("```yaml\n")[1:]]

FULL = """\
version: 2
name: 门诊
purpose: agreement
agreement: 云数授〔2026〕17号
key: clinic
k: 3
t: 0.5
quasi_identifiers: [出生日期]
hierarchies:
  出生日期:
    - {operator: generalise, params: {to: year}}
    - {operator: generalise, params: {to: decade}}
allow:
  - entity: CN_LANDLINE
    values: ["12345"]
    columns: [窗口电话]
    reason: 窗口电话
records:
  - operator: suppress_record
    params: {column: 费用, when: above, limit: 100000}
columns:
  - name: 证件号码
    operator: fpe
    params: {check: resident_id}
    entity: CN_RESIDENT_ID
    level: 4
  - {name: 就诊日期, operator: date_shift, params: {by: 证件号码}}
  - {name: 出生日期, operator: generalise, params: {to: year}}
  - {name: 窗口电话, operator: mask, entity: CN_LANDLINE, level: 3}
  - {name: 费用, operator: keep}
"""


def refused(policy: str) -> PolicyInvalid:
    with pytest.raises(PolicyInvalid) as caught:
        Policy.from_yaml(policy)
    assert caught.value.zh != caught.value.en
    return caught.value


def test_everything_that_format_2_has_is_read_and_written_again() -> None:
    policy = Policy.from_yaml(FULL)
    assert policy.agreement == "云数授〔2026〕17号"
    assert policy.hierarchies["出生日期"][1] == OperatorSpec("generalise", {"to": "decade"})
    assert policy.allow == (Allowance(Entity.LANDLINE, ("12345",), (), ("窗口电话",), "窗口电话"),)
    assert policy.records[0].params["limit"] == 100000
    assert Policy.from_yaml(policy.to_yaml()) == policy
    assert Policy.from_dict(json.loads(json.dumps(policy.as_dict()))) == policy


def test_format_1_is_upgraded_and_means_the_same() -> None:
    first = "version: 1\ncolumns: [{name: 姓名, operator: mask}]\n"
    policy = Policy.from_yaml(first)
    assert policy == Policy.from_yaml(first.replace("version: 1", "version: 2"))
    assert policy.version == 2


def test_format_1_has_nothing_of_format_2() -> None:
    error = refused("version: 1\npurpose: open\ncolumns: [{name: 姓名, operator: mask}]\n")
    assert error.params["path"] == "purpose"
    assert error.params["line"] == 2


@pytest.mark.parametrize(
    ("text", "replaced", "said"),
    [
        ("purpose: agreement\n", "", "agreement"),
        ("agreement: 云数授〔2026〕17号\n", "", "number"),
        ("key: clinic\n", "", "named key"),
        ("key: clinic", "key: Clinic Key!", "never a key itself"),
        ("t: 0.5", "t: 2", "t must lie"),
        ("  出生日期:\n", "  费用:\n", "hierarchies"),
        ("params: {to: decade}}", "params: {to: century}}", "century|to"),
        ("operator: generalise, params: {to: decade}", "operator: mask", "generalise only"),
        ("entity: CN_LANDLINE\n    values", "entity: CN_BANK_CARD\n    values", "allow"),
        ("reason: 窗口电话", "reason: ''", "reason"),
        ('values: ["12345"]', 'prefixes: ["027"]', "least 6"),
        ("columns: [窗口电话]", "columns: [没有]", "没有"),
        ("entity: CN_LANDLINE\n    values", "entity: CN_MOBILE\n    values", "by column"),
        ("operator: suppress_record", "operator: mask", "mask"),
        ("{column: 费用,", "{column: 没有,", "没有"),
        ("{by: 证件号码}", "{by: 没有}", "没有"),
        ("{name: 费用, operator: keep}", "{name: 费用, operator: sample, params: {share: 0.5}}", "records"),
    ],
)
def test_what_does_not_hold_together_is_refused(text: str, replaced: str, said: str) -> None:
    assert text in FULL
    error = refused(FULL.replace(text, replaced))
    assert any(part in error.en + error.zh for part in said.split("|"))


@pytest.mark.parametrize(
    ("change", "path", "line"),
    [
        (("reason: 窗口电话", "reasons: 窗口电话"), "allow[1].reason", None),
        (("    params: {column: 费用", "    param: {column: 费用"), "records[1].param", None),
        (("{to: year}}\n    - {op", "{to: year}, x: 1}\n    - {op"), "hierarchies.出生日期[1].x", 11),
    ],
)
def test_an_unknown_key_inside_a_part_is_named_with_its_place(
    change: tuple[str, str], path: str, line: int | None
) -> None:
    error = refused(FULL.replace(*change))
    assert (
        str(error.params.get("path", "")).startswith(path.rsplit(".", 1)[0]) or error.params["path"] == path
    )
    assert error.params["line"]
    assert line is None or error.params["line"] == line


def test_a_key_written_into_a_policy_is_not_repeated_by_the_error() -> None:
    key = "0123456789abcdef" * 4
    error = refused(FULL.replace("key: clinic", f'key: "{key}"'))
    assert key not in error.en + error.zh + str(error.params)


@pytest.mark.parametrize("operator", ["fpe"])
def test_what_can_be_turned_back_needs_an_agreement_and_a_named_key(operator: str) -> None:
    rules = (ColumnRule("a", OperatorSpec(operator)),)
    Policy(rules, purpose="agreement", agreement="1号", key="a")
    for wrong in ({}, {"purpose": "agreement", "agreement": "1号"}):
        with pytest.raises(PolicyInvalid, match="reversible"):
            Policy(rules, **wrong)


def test_every_column_shows_its_grade_and_where_the_standard_names_its_kind() -> None:
    written = Policy.from_yaml(FULL).to_yaml({"证件号码": "理由"})
    expected = '  # 4 级 个人敏感信息（GB/T 35273-2020 附录 B 个人身份信息）\n  # 理由\n  - name: "证件号码"'
    assert expected in written
    assert "level 4 sensitive personal (GB/T 35273-2020" in Policy.from_yaml(FULL).to_yaml({}, "en")


def test_every_kind_of_person_has_its_place_in_the_standard() -> None:
    assert {entity for entity in Entity if LEVEL[entity] > 1} == set(BASIS)


def test_a_level_under_the_usual_one_of_its_kind_is_said() -> None:
    assert "低于" in basis(Entity.LANDLINE, 1).zh
    assert "below" in basis(Entity.LANDLINE, 1).en


# -- the schema and the page -----------------------------------------------------------------------


def valid(policy: str) -> bool:
    return jsonschema.Draft202012Validator(schema()).is_valid(yaml.safe_load(policy))


def test_the_schema_in_the_documentation_is_that_of_the_code() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    assert (DOCS / "policy.schema.json").read_text("utf-8") == text()


@pytest.mark.parametrize("policy", [FULL, *EXAMPLES, Policy.from_yaml(FULL).to_yaml()])
def test_the_schema_accepts_what_the_parser_accepts(policy: str) -> None:
    Policy.from_yaml(policy)
    assert valid(policy)


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("version: 2", "version: 9"),
        ("k: 3", "k: 0"),
        ("k: 3", "kk: 3"),
        ("operator: fpe", "operator: fpee"),
        ("check: resident_id", "checks: resident_id"),
        ("check: resident_id", "check: passport"),
        ("params: {by: 证件号码}", "params: {}"),
        ("level: 4", "level: 5"),
        ("to: decade", "to: century"),
        ("operator: suppress_record", "operator: mask"),
        ("entity: CN_LANDLINE\n    values", "entity: CN_MOBILE\n    values"),
    ],
)
def test_the_schema_refuses_what_the_parser_refuses(text: str, replaced: str) -> None:
    assert not valid(FULL.replace(text, replaced))
    refused(FULL.replace(text, replaced))


@pytest.mark.parametrize("key", [*schema()["properties"], *schema()["$defs"]["column"]["properties"]])
def test_the_page_names_every_key(key: str) -> None:
    assert f"`{key}`" in PAGE


@pytest.mark.parametrize("file", POLICIES, ids=lambda file: file.stem)
def test_the_default_policies_are_valid_under_the_schema(file: Path) -> None:
    assert valid(Policy.from_yaml(file.read_text("utf-8")).to_yaml())
