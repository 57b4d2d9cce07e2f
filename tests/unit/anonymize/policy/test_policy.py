"""A policy is understood as a whole, or not at all."""

import pytest

from anonymize.errors import PolicyInvalid
from anonymize.findings import OperatorSpec
from anonymize.operators import Effect, operator, registry
from anonymize.operators.keep import KeepParams
from anonymize.policy import ColumnRule, Policy

TEXT = """\
version: 1
name: 低保
k: 3
quasi_identifiers: [性别]
columns:
  - name: 姓名
    operator: mask
    params: {pattern: person}
    entity: PERSON
    level: 3
  - name: 性别
    operator: suppress
"""


def refused(text: str) -> PolicyInvalid:
    with pytest.raises(PolicyInvalid) as caught:
        Policy.from_yaml(text)
    assert caught.value.zh != caught.value.en
    return caught.value


def test_a_policy_file_is_read_and_written_again() -> None:
    policy = Policy.from_yaml(TEXT)
    assert policy.k == 3
    assert [rule.name for rule in policy.columns] == ["姓名", "性别"]
    assert Policy.from_yaml(policy.to_yaml({"姓名": "理由一\n理由二"})) == policy
    assert Policy.from_dict(policy.as_dict()) == policy


def test_reasons_stand_as_comments_above_their_column() -> None:
    assert '  # 理由\n  - name: "姓名"' in Policy.from_yaml(TEXT).to_yaml({"姓名": "理由"})


def test_the_digest_is_of_the_meaning_not_of_the_file() -> None:
    reordered = TEXT.replace("k: 3\n", "").replace("version: 1\n", "k: 3\nversion: 1\n# a comment\n")
    assert Policy.from_yaml(reordered).sha256 == Policy.from_yaml(TEXT).sha256
    assert Policy.from_yaml(TEXT.replace("k: 3", "k: 4")).sha256 != Policy.from_yaml(TEXT).sha256


@pytest.mark.parametrize(
    ("text", "line", "path"),
    [
        (TEXT.replace("level: 3", "levell: 3"), 10, "columns[1].levell"),
        (TEXT + "kk: 4\n", 13, "kk"),
        (TEXT + "k: 4\n", 13, "k"),
        (TEXT.replace("k: 3", "k: three"), 3, "k"),
        (TEXT.replace("k: 3", "k: true"), 3, "k"),
        (TEXT.replace("PERSON", "PERSONN"), 9, "columns[1].entity"),
        (TEXT.replace("    operator: suppress\n", ""), 11, "columns[2].operator"),
        (TEXT.replace("[性别]", "性别"), 4, "quasi_identifiers"),
        (TEXT.replace("k: 3", "k: !!python/name:os.system"), 3, "k"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_path(text: str, line: int, path: str) -> None:
    error = refused(text)
    assert error.params["line"] == line
    assert error.params["path"] == path


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- 1",
        "a: [",
        "x: &a 1\n" + TEXT,
        TEXT.replace("version: 1", "version: 3"),
        TEXT.replace("version: 1\n", ""),
        TEXT.replace("mask", "maskk"),
        TEXT.replace("pattern: person", "pattern: persons"),
        TEXT.replace("k: 3", "k: 0"),
        TEXT.replace("level: 3", "level: 5"),
        TEXT.replace("[性别]", "[年龄]"),
        TEXT.replace("[性别]", "[性别, 性别]"),
        TEXT.replace("name: 性别", "name: 姓名"),
        TEXT.replace("suppress", "drop"),
        "version: 1\ncolumns: []\n",
    ],
)
def test_a_policy_that_does_not_hold_together_is_refused(text: str) -> None:
    refused(text)


def test_a_lasting_key_is_refused_for_an_open_release() -> None:
    assert "key: release" in refused(TEXT + "key: lasting\n").en


def test_a_reversible_operator_is_refused_for_an_open_release(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_OPERATORS", dict(registry._OPERATORS))
    operator("crypt", KeepParams, zh="加密", en="Crypt", reversible=True, effect=Effect.INVENTED)(
        lambda c, p, x: c
    )
    with pytest.raises(PolicyInvalid, match="reversible"):
        Policy((ColumnRule("a", OperatorSpec("crypt")),))


def test_a_column_that_the_policy_does_not_name_is_refused() -> None:
    with pytest.raises(PolicyInvalid, match="电话"):
        Policy.from_yaml(TEXT).bind(["姓名", "性别", "电话"])


def test_a_column_that_the_file_lacks_is_refused() -> None:
    with pytest.raises(PolicyInvalid, match="性别"):
        Policy.from_yaml(TEXT).bind(["姓名"])


@pytest.mark.parametrize("what", ["redact", "drop"])
def test_unknown_columns_are_redacted_or_dropped_where_the_policy_says_so(what: str) -> None:
    bound = Policy.from_yaml(TEXT + f"unknown_columns: {what}\n").bind(["电话", "性别", "姓名"])
    assert [(r.name, r.operator.name) for r in bound.columns] == [
        ("电话", what),
        ("性别", "suppress"),
        ("姓名", "mask"),
    ]


@pytest.mark.parametrize("name", ["*", "^a$"])
def test_a_name_that_would_stand_for_several_columns_is_refused(name: str) -> None:
    with pytest.raises(PolicyInvalid, match="rename"):
        Policy((ColumnRule(name, OperatorSpec("keep")),)).bind([name])


def test_a_column_without_a_level_is_not_public() -> None:
    assert Policy.from_yaml(TEXT).rule("性别").level > 1
