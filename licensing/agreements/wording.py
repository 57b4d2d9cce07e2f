"""The text of an agreement: one structure from which the PDF, the DOCX and the page are made alike.

Every item becomes one article (第一条 …) in the order of :data:`licensing.agreements.terms.ITEMS`; headings
carry their English. Sentences are complete with full-width punctuation; nothing is markup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeVar

from licensing.agreements.calendar_days import chinese
from licensing.agreements.figures import chinese_number, percent, yuan
from licensing.agreements.parties import SIDES, A, B, Parties, Party
from licensing.agreements.terms import CONFIDENTIALITY, DUTIES, ITEMS, MODES, Terms

T = TypeVar("T")
EFFECT: Final = "effect"
"""The last article follows from the law and is no item that parties fill."""
_SENSITIVE: Final = {"personal": "个人隐私和个人信息", "commercial": "商业秘密"}


@dataclass(frozen=True, slots=True)
class Grid:
    """A table inside an article; ``widths`` are relative."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """One article. ``item`` is its item's id, ``number`` begins at 1."""

    item: str
    number: int
    zh: str
    en: str
    paragraphs: tuple[str, ...]
    grids: tuple[Grid, ...] = ()

    @property
    def heading(self) -> str:
        return f"第{chinese_number(self.number)}条　{self.zh}"

    def lines(self) -> tuple[str, ...]:
        """The article as lines of text: what is compared and what is read aloud."""
        rows = tuple("　".join(row) for grid in self.grids for row in (grid.head, *grid.rows))
        return (self.heading, *self.paragraphs, *rows)


@dataclass(frozen=True, slots=True)
class SideBlock:
    """Where one party signs."""

    side: str
    label: str
    name: str


@dataclass(frozen=True, slots=True)
class AgreementText:
    """The whole text. ``number`` is the agreement's, empty while it has none."""

    title: str
    number: str
    issuer: str
    preamble: tuple[str, ...]
    articles: tuple[Article, ...]
    closing: tuple[str, ...]
    sides: tuple[SideBlock, ...]

    def lines(self) -> tuple[str, ...]:
        """Everything that is agreed, line by line."""
        body = tuple(line for article in self.articles for line in article.lines())
        return (self.title, *self.preamble, *body, *self.closing)


def agreement_text(terms: Terms, parties: Parties, number: str = "", amends: str = "") -> AgreementText:
    """The words of ``terms``; items not yet settled say so. ``amends``: number of the agreement that this
    one amends or renews."""
    articles: list[Article] = []
    for item, (zh, en) in ITEMS.items():
        if item != "parties" and getattr(terms, item) is None:
            if terms.kind == CONFIDENTIALITY and item in ("mode", "income", "products", "citation"):
                continue
            paragraphs: tuple[str, ...] = ("（待约定）",)
            grids: tuple[Grid, ...] = ()
        else:
            paragraphs = tuple(_WORDS[item](terms, parties))
            grids = _grids(terms) if item == "data" else ()
        articles.append(Article(item, len(articles) + 1, zh, en, paragraphs, grids))
    articles.append(Article(EFFECT, len(articles) + 1, "协议生效", "Effect", tuple(_effect())))
    return AgreementText(
        title=terms.title,
        number=number,
        issuer=parties.provider.name,
        preamble=tuple(_preamble(terms, amends)),
        articles=tuple(articles),
        closing=("（以下无正文）",),
        sides=(
            SideBlock(A, SIDES[A][0], parties.provider.name),
            SideBlock(B, SIDES[B][0], parties.applicant.name),
        ),
    )


def _preamble(terms: Terms, amends: str) -> Iterator[str]:
    what = "保密事项" if terms.kind == CONFIDENTIALITY else "政务数据的提供和使用"
    yield (
        "根据《中华人民共和国民法典》《中华人民共和国数据安全法》《中华人民共和国个人信息保护法》"
        f"和有关政务数据管理的规定，双方经协商一致，就{what}订立本协议。"
    )
    if amends:
        yield f"本协议签订前，双方已签订编号为{amends}的协议；自本协议生效之日起，有关事项以本协议为准。"


def _effect() -> Iterator[str]:
    yield (
        "本协议自双方以符合法律规定的电子签名签署完毕、且到达协议期限起始日时生效。"
        "未经双方签署，甲方不开通任何数据访问。电子签名与手写签名或者盖章具有同等法律效力。"
    )
    yield "本协议以签名的电子文件为准，双方及备案机关各存一份，任何人可以通过文末的验证地址核验。"


def _party(label: str, party: Party, code: str) -> Iterator[str]:
    yield f"{label}：{party.name}"
    yield f"{code}：{party.shown_identifier or party.identifier}"
    for name, value in (
        ("住所", party.address), ("法定代表人或者负责人", party.representative), ("联系人", party.contact),
        ("联系电话", party.telephone),
    ):  # fmt: skip
        if value:
            yield f"{name}：{value}"


def _parties(_: Terms, parties: Parties) -> Iterator[str]:
    yield from _party("甲方（数据提供方）", parties.provider, "统一社会信用代码")
    code = "证件号码（隐去部分数字）" if parties.applicant.shown_identifier else "统一社会信用代码"
    yield from _party("乙方（数据使用方）", parties.applicant, code)


def _scope(terms: Terms, _: Parties) -> Iterator[str]:
    scope = _settled(terms.scope)
    yield f"甲方授权乙方从事下列活动：{_sentence(scope.activities)}"
    yield (
        f"数据仅限在“{scope.system}”内使用，使用环境为{scope.environment}。"
        "未列明的活动、系统和环境，均不在授权范围内。"
    )


def _data(terms: Terms, _: Parties) -> Iterator[str]:
    fields = sum(len(each.fields) for each in terms.data)
    yield f"甲方提供的数据共{len(terms.data)}项、数据项{fields}个，见下表。表中没有列出的数据不予提供。"
    for each in terms.data:
        if each.original_provider:
            record = each.consent or "待补"
            yield f"其中《{each.title}》来自其他部门，已取得原提供部门同意（记录编号：{record}）。"


def _grids(terms: Terms) -> tuple[Grid, ...]:
    rows = [
        (str(number), each.title, "、".join(f"{f.name}（{f.type}，{f.level}）" for f in each.fields))
        for number, each in enumerate(terms.data, 1)
    ]
    return (Grid(("序号", "数据名称", "数据项（类型，级别）"), tuple(rows), (2, 7, 12)),) if rows else ()


def _purpose(terms: Terms, _: Parties) -> Iterator[str]:
    purpose = _settled(terms.purpose)
    yield f"乙方使用数据的目的：{_sentence(purpose.text)}"
    yield "乙方不得将数据用于上述目的以外的任何用途。目的发生变化的，应当重新申请。"


def _mode(terms: Terms, _: Parties) -> Iterator[str]:
    mode = _settled(terms.mode)
    quota = f"，每日不超过{mode.daily_quota}次" if mode.daily_quota else ""
    cycle = f"数据更新周期为{mode.update_cycle}。" if mode.update_cycle else ""
    yield f"数据以{MODES[mode.mode][0]}的方式提供{quota}。{cycle}"
    yield "乙方发现数据有疑义或者错误的，可以通过平台提出，甲方应当核实并反馈；核实期间不影响其他数据的使用。"


def _term(terms: Terms, _: Parties) -> Iterator[str]:
    term = _settled(terms.term)
    yield (
        f"本协议期限自{chinese(term.first_day)}起至{chinese(term.last_day)}止，首尾两日均计算在内。"
        "期限届满，授权自行终止；需要续期的，双方应当在届满前另行签订协议。"
    )


def _security(terms: Terms, _: Parties) -> Iterator[str]:
    security = _settled(terms.security)
    yield "乙方承担下列安全与保密责任："
    for number, duty in enumerate(security.duties, 1):
        if duty in DUTIES:
            yield f"（{chinese_number(number)}）{DUTIES[duty][0]}"
    if security.sensitive:
        kinds = "、".join(_SENSITIVE[each] for each in security.sensitive)
        yield f"所列数据涉及{kinds}，甲方提供前应当完成保密审查，乙方应当依法采取更严格的保护措施。"
    if security.confidentiality_agreement and terms.kind != CONFIDENTIALITY:
        yield "双方应当另行签订保密协议；保密协议签署完毕前，甲方不提供数据。"
    if security.contact:
        yield f"乙方安全负责人：{security.contact}。"
    yield "保密责任不因本协议变更、终止而免除。"


def _income(terms: Terms, _: Parties) -> Iterator[str]:
    income = _settled(terms.income)
    if income.model == "free":
        yield "甲方无偿提供数据。"
    elif income.model == "fee":
        yield f"乙方每年向甲方支付费用人民币{yuan(income.fee_cents)}元。"
    else:
        yield f"乙方以数据产品收入的{percent(income.share_permille)}作为收益分成。"
    if income.text:
        yield _sentence(income.text)


def _products(terms: Terms, _: Parties) -> Iterator[str]:
    products = _settled(terms.products)
    if not products.planned:
        yield "乙方仅在自身工作中使用数据，不开发对外提供的数据产品。"
        return
    yield f"乙方计划开发下列数据产品：{'；'.join(products.planned)}。产品对外提供前，应当在平台登记。"
    yield (
        "上述产品可以依法通过数据交易等方式对外提供，交易条件随产品一并登记。"
        if products.tradable
        else "上述产品不得交易；需要交易的，双方应当先行变更本协议。"
    )


def _citation(terms: Terms, _: Parties) -> Iterator[str]:
    citation = _settled(terms.citation)
    yield "每个数据产品应当在显著位置注明所利用政务数据的来源和获取日期，获取日期以平台记录为准。"
    yield f"标注文字为：{_sentence(citation.text)}"


def _breach(terms: Terms, _: Parties) -> Iterator[str]:
    breach = _settled(terms.breach)
    yield _sentence(breach.text)
    if breach.cure_days:
        yield (
            f"其他违约行为，守约方可以要求违约方在{breach.cure_days}日内改正；"
            "逾期不改正的，守约方可以终止本协议。"
        )


def _termination(terms: Terms, _: Parties) -> Iterator[str]:
    end = _settled(terms.termination)
    yield (
        "变更本协议应当由双方另行签署。"
        f"任何一方提前终止的，应当提前{end.notice_days}日书面通知对方；因违约终止的除外。"
    )
    how = (
        "销毁数据及其全部副本，并出具销毁说明"
        if end.clearing == "destroy"
        else "向甲方返还数据，并删除全部副本"
    )
    yield f"本协议终止后{end.clearing_days}日内，乙方应当{how}。"
    if end.text:
        yield _sentence(end.text)


def _dispute(terms: Terms, _: Parties) -> Iterator[str]:
    dispute = _settled(terms.dispute)
    if dispute.way == "administrative":
        yield "双方发生争议的，先行协商；协商不成的，提请大数据中心协调；仍不能一致的，报请本级人民政府决定。"
        yield "对是否属于国家秘密有争议的，由保密行政管理部门依法确定。"
    elif dispute.way == "court":
        yield f"双方发生争议的，先行协商；协商不成的，向{dispute.body}提起诉讼。"
    else:
        yield f"双方发生争议的，先行协商；协商不成的，提交{dispute.body}仲裁。"


_WORDS: Final[dict[str, Callable[[Terms, Parties], Iterator[str]]]] = {
    "parties": _parties, "scope": _scope, "data": _data, "purpose": _purpose, "mode": _mode, "term": _term,
    "security": _security, "income": _income, "products": _products, "citation": _citation,
    "breach": _breach, "termination": _termination, "dispute": _dispute,
}  # fmt: skip


def _settled(item: T | None) -> T:
    """An item of which `agreement_text` has already seen that it is there."""
    if item is None:
        raise TypeError("an item that is not settled has no words of its own")
    return item


def _sentence(text: str) -> str:
    """With a full stop, whatever the form's text ended with."""
    plain = " ".join(text.split())
    return plain if plain.endswith(("。", "！", "？", "；")) else f"{plain.rstrip('.．,，')}。"
