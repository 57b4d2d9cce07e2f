"""XML: which element is a record, what becomes a column, and what is never followed."""

from __future__ import annotations

import io

import pytest

from anonymize.errors import SourceUnreadable, WrongUse
from anonymize.readers import Limits, Table, open_table


def opened(text: str | bytes, record: str | None = None, limits: Limits | None = None) -> Table:
    data = text.encode() if isinstance(text, str) else text
    return open_table(io.BytesIO(data), "名单.xml", limits, record=record)


def records(table: Table) -> list[dict[str, str]]:
    return [row for frame in table.batches() for row in frame.rows(named=True)]


def test_elements_attributes_and_nesting_become_columns() -> None:
    table = opened(
        '<r><row id="1"><名>甲</名><住><区 码="420102">江岸</区></住><电>1</电><电>2</电></row>'
        "<row><名/></row></r>"
    )
    assert records(table) == [
        {"id": "1", "名": "甲", "住.区@码": "420102", "住.区": "江岸", "电": "1", "电.2": "2"},
        {"id": "", "名": "", "住.区@码": "", "住.区": "", "电": "", "电.2": ""},
    ]


def test_rows_may_be_made_of_attributes_only() -> None:
    assert records(opened('<r><p x="1" y="2"/><p x="3"/></r>')) == [{"x": "1", "y": "2"}, {"x": "3", "y": ""}]


def test_a_name_attribute_names_the_column() -> None:
    assert opened('<r><o><f name="金额(元)">1</f></o></r>').columns == ("金额(元)",)


def test_the_repeated_element_least_deep_is_the_record_and_the_rest_stands_around() -> None:
    table = opened(
        "<response><head><title>秘密★一年</title></head><data><total>2</total><items>"
        "<item><a>1</a><tags><t>x</t><t>y</t></tags></item><item><a>2</a></item></items></data></response>"
    )
    assert records(table) == [
        {"a": "1", "tags.t": "x", "tags.t.2": "y"},
        {"a": "2", "tags.t": "", "tags.t.2": ""},
    ]
    assert "秘密★一年" in table.surroundings


def test_a_record_can_be_asked_for() -> None:
    text = "<r><a><x>1</x></a><a><x>2</x></a><b><y>3</y></b></r>"
    assert records(opened(text, "b")) == [{"y": "3"}]
    assert records(opened(text, "r/b")) == [{"y": "3"}]
    with pytest.raises(WrongUse, match="named c"):
        opened(text, "c")


def test_one_record_is_enough() -> None:
    assert records(opened("<r><a><x>1</x></a></r>")) == [{"x": "1"}]


def test_namespaces_are_left_out_of_names() -> None:
    assert records(opened('<g:r xmlns:g="u:1"><g:a><g:x>1</g:x></g:a><g:a/></g:r>')) == [
        {"x": "1"},
        {"x": ""},
    ]


def test_mixed_text_is_one_cell_with_all_of_it() -> None:
    assert records(opened("<r><a><t>甲<b>乙</b>丙</t></a><a><t>丁</t></a></r>")) == [
        {"t": "甲乙丙"},
        {"t": "丁"},
    ]


def test_the_declared_encoding_is_judged_by_the_bytes() -> None:
    text = '<?xml version="1.0" encoding="{}"?><r><a><x>张三丰</x></a><a><x>李四光</x></a></r>'
    for declared, real in (("gb2312", "gb18030"), ("GBK", "utf-8"), ("utf-8", "utf-8"), ("UTF-16", "utf-16")):
        assert records(opened(text.format(declared).encode(real)))[0] == {"x": "张三丰"}


def test_a_table_in_the_manner_of_html_rows_is_no_web_page() -> None:
    assert opened("<table><row><a>1</a></row><row><a>2</a></row></table>").columns == ("a",)


BODY = "<a><x>&e;</x></a><a><x>1</x></a></r>"
HOSTILE = {
    "an entity": f'<!DOCTYPE r [<!ENTITY e "x">]><r>{BODY}',
    "a file": f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]><r>{BODY}',
    "an address": f'<!DOCTYPE r SYSTEM "http://127.0.0.1:1/x.dtd"><r>{BODY}',
    "a billion laughs": '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY e "' + "&a;" * 1_000 + f'">]><r>{BODY}',
    "a comment in front": f'<!-- x --><!DOCTYPE r [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]><r>{BODY}',
}


@pytest.mark.parametrize("case", HOSTILE)
def test_declared_types_and_entities_are_refused_unread(case: str) -> None:
    with pytest.raises(SourceUnreadable, match="document type"):
        opened(HOSTILE[case])


BAD = {
    "an entity that nobody declared": "<r><a><x>&e;</x></a><a><x>1</x></a></r>",
    "an end missing": "<r><a><x>1</x></a><a><x>2</x></a>",
    "a wrong end": "<r><a><x>1</x></a><a><x>2</x></b></r>",
    "text only": "<r>text</r>",
    "leaves only": "<r><a>1</a><a>2</a></r>",
    "too deep": "<r><a>" + "<b>" * 40 + "</b>" * 40 + "</a><a/></r>",
    "far too deep": "<r>" * 10_000,
    "names that are data": '<r><a><f name="13800138000">1</f></a></r>',
    "a NUL": "<r><a><x>\0</x></a><a><x>1</x></a></r>",
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_table_is_refused_with_a_sentence(case: str) -> None:
    with pytest.raises(SourceUnreadable) as caught:
        opened(BAD[case])
    assert caught.value.en.isascii()


def test_a_record_without_an_end_is_refused_before_it_fills_the_memory() -> None:
    text = "<r><a><x>1</x></a><a><x>" + "x" * 3_000_000
    with pytest.raises(SourceUnreadable, match="longer than 1000000 bytes"):
        opened(text, limits=Limits(max_record=1_000_000))


def test_many_records_are_streamed_and_nothing_of_them_is_kept() -> None:
    text = "<r>" + "".join(f"<a><x>{i}</x><y>说明{i}</y></a>\n" for i in range(12_000)) + "</r>"
    table = opened(text)
    assert table.info.rows == 12_000
    assert records(table)[-1] == {"x": "11999", "y": "说明11999"}
