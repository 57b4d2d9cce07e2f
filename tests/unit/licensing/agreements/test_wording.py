"""The text: thirteen articles and the last one, the same in every form."""

from __future__ import annotations

import pytest

from licensing.agreements.figures import chinese_number, percent, yuan
from licensing.agreements.plain import to_markdown, to_plain
from licensing.agreements.terms import ITEMS
from licensing.agreements.wording import EFFECT, agreement_text
from tests.factories.agreements import HEALTH_PARTY, PERSON_PARTY, changed, filled


@pytest.mark.article("SX-18")
def test_every_item_is_an_article_in_order_and_source_and_date_must_be_shown() -> None:
    terms, parties, _ = filled()
    text = agreement_text(terms, parties, "XY-2026-000001")
    assert [article.item for article in text.articles] == [*ITEMS, EFFECT]
    assert text.articles[9].heading == "第十条　来源与获取日期标注"
    assert "注明所利用政务数据的来源和获取日期" in text.articles[9].paragraphs[0]
    assert "未经双方签署，甲方不开通任何数据访问" in text.articles[-1].paragraphs[0]


def test_a_confidentiality_agreement_has_nine_items() -> None:
    terms, parties, _ = filled("confidentiality")
    items = [article.item for article in agreement_text(terms, parties).articles]
    assert items == [
        "parties", "scope", "data", "purpose", "term", "security", "breach", "termination", "dispute", EFFECT,
    ]  # fmt: skip


def test_an_item_that_is_not_settled_says_so() -> None:
    terms, parties, _ = filled()
    unsettled = changed(terms, "dispute", None)
    assert agreement_text(unsettled, parties).articles[12].paragraphs == ("（待约定）",)


def test_a_person_is_shown_by_the_masked_number_only() -> None:
    terms, parties, _ = filled(applicant=PERSON_PARTY)
    said = to_plain(agreement_text(terms, parties))
    assert "1401**********1234" in said
    assert "R-0042" not in said


def test_departments_read_of_the_ladder_of_disputes() -> None:
    terms, parties, _ = filled(applicant=HEALTH_PARTY, sensitive=("personal",))
    said = to_plain(agreement_text(terms, parties))
    assert "提请大数据中心协调" in said
    assert "保密协议签署完毕前，甲方不提供数据" in said


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("income", {"model": "fee", "fee_cents": 1250050, "text": "每年三月底前支付"}, "人民币12500.50元"),
        ("income", {"model": "share", "share_permille": 125, "text": "按季度结算"}, "12.5%"),
        ("termination.clearing", "return", "返还数据"),
        ("dispute", {"way": "arbitration", "body": "晋安仲裁委员会"}, "提交晋安仲裁委员会仲裁"),
        ("products.planned", [], "不开发对外提供的数据产品"),
        ("products.tradable", True, "数据交易"),
        ("mode.update_cycle", "每日", "数据更新周期为每日"),
    ],
)
def test_what_is_settled_is_said(path: str, value: object, words: str) -> None:
    terms, parties, _ = filled()
    assert words in to_plain(agreement_text(changed(terms, path, value), parties))


def test_markdown_reads_nothing_that_parties_wrote_as_markup() -> None:
    terms, parties, _ = filled()
    text = agreement_text(changed(terms, "purpose.text", "# <b>x</b> [a](b) | *c* &lt;"), parties)
    page = to_markdown(text)
    assert "<b>" not in page
    assert r"\# \<b\>x\</b\> \[a\](b) \| \*c\* &amp;lt;" in page


def test_markdown_in_english_has_english_headings() -> None:
    terms, parties, _ = filled()
    page = to_markdown(agreement_text(terms, parties, "XY-2026-000001"), "en")
    assert "## Article 10. Citation of source and date (来源与获取日期标注)" in page
    assert "The Chinese text is binding" in page
    assert "## 第一条　协议双方" in to_markdown(agreement_text(terms, parties))


def test_figures_in_words() -> None:
    assert [chinese_number(value) for value in (1, 10, 11, 20, 47)] == ["一", "十", "十一", "二十", "四十七"]
    assert (yuan(100), yuan(105)) == ("1", "1.05")
    assert (percent(10), percent(5)) == ("1%", "0.5%")
