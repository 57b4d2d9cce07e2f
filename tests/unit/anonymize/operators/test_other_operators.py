"""keep, suppress, drop, redact, hash, scrub_text, and the register."""

import hashlib
import hmac

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.entities import Entity
from anonymize.errors import PolicyInvalid
from anonymize.keys import derive
from anonymize.operators import Effect, OperatorContext, get_operator, operator
from anonymize.operators.keep import KeepParams

CONTEXT = OperatorContext(b"k" * 32, "c")
TEXTS = st.lists(
    st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=20), min_size=1, max_size=20
)


def run(
    name: str, values: list[str], context: OperatorContext = CONTEXT, **params: object
) -> list[str] | None:
    found = get_operator(name)
    result = found(pl.Series("c", values, dtype=pl.String), found.parse(params), context)
    return None if result is None else [str(v) for v in result]


@given(TEXTS)
def test_keep_and_suppress_leave_every_cell_as_it_is(values: list[str]) -> None:
    assert run("keep", values) == values
    assert run("suppress", values) == values


def test_a_dropped_column_is_gone() -> None:
    assert run("drop", ["a"]) is None


@given(TEXTS)
def test_redact_says_only_that_there_was_something(values: list[str]) -> None:
    assert run("redact", values) == ["***" if v.strip() else "" for v in values]


@pytest.mark.parametrize("text", ["=1+1", "", "@x", "x" * 21])
def test_redact_refuses_a_text_that_harms(text: str) -> None:
    with pytest.raises(PolicyInvalid):
        get_operator("redact").parse({"text": text})


@pytest.mark.parametrize(("algorithm", "name"), [("hmac-sha256", "sha256"), ("hmac-sm3", "sm3")])
def test_the_digest_is_the_hmac_of_the_value_under_a_key_of_the_domain(algorithm: str, name: str) -> None:
    derived = derive(CONTEXT.key, f"hash/{algorithm}/d")
    expected = hmac.new(derived, b"13800138000", name).hexdigest()
    assert run("hash", ["13800138000"], algorithm=algorithm, domain="d", length=64) == [expected]


def test_blake2b_is_keyed() -> None:
    derived = derive(CONTEXT.key, "hash/blake2b/d")
    expected = hashlib.blake2b(b"A1", key=derived, digest_size=32).hexdigest()
    assert run("hash", ["a1"], algorithm="blake2b", domain="d", length=64) == [expected]


@pytest.mark.parametrize("algorithm", ["hmac-sha256", "hmac-sm3", "blake2b"])
def test_one_value_has_one_digest_and_no_key_no_digest(algorithm: str) -> None:
    values = ["13800138000", "１３８ ００１３-８０００", "", "13800138001"]
    first = run("hash", values, algorithm=algorithm)
    assert first is not None
    assert first[0] == first[1] != first[3]
    assert first[2] == ""
    other = run("hash", values, OperatorContext(b"x" * 32, "c"), algorithm=algorithm)
    assert other is not None
    assert other[0] != first[0]


def test_columns_are_joined_only_inside_one_domain() -> None:
    elsewhere = OperatorContext(CONTEXT.key, "other")
    assert run("hash", ["甲"]) != run("hash", ["甲"], elsewhere)
    assert run("hash", ["甲"], domain="d") == run("hash", ["甲"], elsewhere, domain="d")


def test_scrub_text_replaces_numbers_and_the_rows_own_name() -> None:
    context = OperatorContext(
        CONTEXT.key, "c", siblings={"户主": (Entity.PERSON, pl.Series(["王小明", "李四（组长）", ""]))}
    )
    texts = ["王小明来电，电话13800138000。", "经核，李四家困难", "无事"]
    assert run("scrub_text", texts, context) == ["[姓名]来电，电话[手机号]。", "经核，[姓名]家困难", "无事"]


def test_a_name_is_registered_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        operator("keep", KeepParams, zh="", en="", effect=Effect.WHOLE)(lambda c, p, x: c)


def test_an_unknown_operator_or_parameter_is_refused_in_both_languages() -> None:
    with pytest.raises(PolicyInvalid) as no_operator:
        get_operator("maks")
    assert "maks" in no_operator.value.zh
    assert "maks" in no_operator.value.en
    with pytest.raises(PolicyInvalid, match="keep_middle"):
        get_operator("mask").parse({"keep_middle": 1})


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("mask", {"keep_start": True}),
        ("mask", {"keep_start": "3"}),
        ("hash", {"algorithm": "md5"}),
        ("generalise", {"to": "band", "edges": ["a"]}),
    ],
)
def test_a_parameter_of_the_wrong_type_is_refused(name: str, params: dict[str, object]) -> None:
    with pytest.raises(PolicyInvalid):
        get_operator(name).parse(params)
