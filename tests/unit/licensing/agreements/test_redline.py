"""A redline loses nothing and shows what changed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from licensing.agreements.redline import pieces_between, redline, to_html, to_plain
from licensing.agreements.wording import agreement_text
from tests.factories.agreements import changed, filled

texts = st.text(alphabet="甲乙方数据使用的ab 12。<&", max_size=60)


@given(texts, texts)
def test_old_and_new_are_read_back_from_the_pieces(old: str, new: str) -> None:
    pieces = pieces_between(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "ins") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "del") == new
    assert all(piece.text for piece in pieces)


@given(texts)
def test_equal_texts_have_no_change(text: str) -> None:
    assert all(piece.kind == "same" for piece in pieces_between(text, text))


def test_a_changed_figure_is_seen_as_a_figure() -> None:
    pieces = pieces_between("每日不超过10000次", "每日不超过12000次")
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("same", "每日不超过"),
        ("del", "10000"),
        ("ins", "12000"),
        ("same", "次"),
    ]


def test_whole_agreements_are_read_back_line_by_line() -> None:
    terms, parties, _ = filled()
    old = agreement_text(terms, parties, "XY-2026-000001")
    later = changed(changed(terms, "purpose.text", "建设停车诱导和收费服务"), "breach.cure_days", 0)
    new = agreement_text(changed(later, "products.tradable", True), parties, "XY-2026-000001")
    passages = redline(old, new)
    for side, text, other in (("del", old, "ins"), ("ins", new, "del")):
        lines = [
            "".join(piece.text for piece in passage.pieces if piece.kind != other)
            for passage in passages
            if any(piece.kind != other for piece in passage.pieces)
        ]
        assert [line for line in lines if line] == list(text.lines()), side
    assert {passage.item for passage in passages if passage.changed} == {"purpose", "breach", "products"}


def test_the_page_shows_insertions_and_deletions_and_no_markup_of_the_parties() -> None:
    terms, parties, _ = filled()
    old = agreement_text(terms, parties)
    new = agreement_text(changed(terms, "purpose.text", "建设停车<script>服务"), parties)
    html = to_html(redline(old, new), only_changed=True)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "<ins>" in html
    assert "<del>" in html
    assert html.count("<p ") == 1
    plain = to_plain(redline(old, new), only_changed=True)
    assert "{+" in plain
    assert "[-" in plain
