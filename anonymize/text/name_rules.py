"""Names that a sentence gives away by itself: by a word before or after, by a dot, by a compound family name.

Rules alone find what is introduced (户主李建国, 联系人：王芳, 其妻赵敏, 司马明, 买买提·吐尔逊); a tagger finds the
others. Each rule is a cheap expression that picks texts and a pattern that walks over those only.
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from anonymize.recognizers import regions
from anonymize.recognizers.person import PersonRecognizer
from anonymize.text.joined import matches
from anonymize.text.lexicon import (
    BROAD_ROLE,
    CITIZEN,
    COMMON,
    COMPOUNDS,
    FOREIGN,
    GIVENS,
    HAN,
    KIN,
    MINORITY,
    OFFICIAL,
    PLAIN_COMPOUNDS,
    RARE,
    ROLE,
    SURNAME,
)

_DOT = "[·•‧・∙⋅]"
_END = (
    r"(?=[^\u3400-\u9fff]|$|[的在于来致反称说投举住家电因与和系已被向要表到从是为诉求将未现男女之等及、]|"
    r"身份证|联系|手机|认为|指出|介绍|强调|告诉|提出|申请|报告|摄影|摄|讯|电)"
)
_FULL = rf"(?:(?:{COMPOUNDS}){HAN}{{1,2}}|{SURNAME}{HAN}{{1,2}})"
_CLOSE = rf"(?:(?:{COMPOUNDS}){GIVENS}{{1,2}}|{COMMON}{GIVENS}{{1,2}})"


class Candidate(NamedTuple):
    """A possible name: row, characters, and how sure; ``exact`` when the rule knows both of its ends."""

    row: int
    start: int
    end: int
    score: float
    exact: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """``gate`` (Rust syntax) picks texts, the last group of ``pattern`` is the name."""

    gate: str
    pattern: re.Pattern[str]
    score: float
    exact: bool


_RULES = (
    Rule(
        rf"\p{{Han}}(?:{_DOT}|\.\p{{Han}}{{2}})",
        re.compile(
            rf"(?:{FOREIGN}{{1,8}}|(?<!{HAN})(?!{CITIZEN}|{ROLE}){HAN}{{1,6}})"
            rf"(?:{_DOT}(?:{FOREIGN}{{1,10}}|{HAN}{{1,5}}(?!{HAN}))){{1,4}}"
            rf"|{FOREIGN}{{2,8}}\.{FOREIGN}{{2,10}}"
        ),
        0.9,
        exact=True,
    ),
    Rule(PLAIN_COMPOUNDS, re.compile(rf"(?:{PLAIN_COMPOUNDS}){GIVENS}{{1,2}}"), 0.8, exact=False),
    Rule(
        rf"(?:{ROLE}|反映|来电|投诉|举报)[:是为叫 (]",
        re.compile(rf"(?:{ROLE}|反映|来电|投诉|举报)[:是为叫 (]{{1,2}}({_FULL}){_END}"),
        0.85,
        exact=True,
    ),
    Rule(
        rf"(?:{ROLE}|{KIN}|{CITIZEN})[: ]?(?:{COMPOUNDS}|{COMMON}){GIVENS}",
        re.compile(rf"(?:{ROLE}|{KIN}|{CITIZEN})[: ]?({_CLOSE}){_END}"),
        0.75,
        exact=True,
    ),
    Rule(
        rf"(?:{ROLE}|{KIN}|{BROAD_ROLE})[: ]?(?:{PLAIN_COMPOUNDS}|{SURNAME}){GIVENS}{{2}}",
        re.compile(rf"(?:{ROLE}|{KIN}|{BROAD_ROLE})[: ]?((?:{PLAIN_COMPOUNDS}|{SURNAME}){GIVENS}{{2}})"),
        0.6,
        exact=False,
    ),
    Rule(
        ROLE,
        re.compile(
            rf"(?:{ROLE})((?:{PLAIN_COMPOUNDS}){HAN}{{1,2}}|{COMMON}{HAN}{{2}})(?=[，。、；,;()（）]|$|[于因与和系被称在至向将未])"
        ),
        0.6,
        exact=True,
    ),
    Rule(
        rf"(?:{KIN}|{BROAD_ROLE}|市民|村民|居民|群众)[: ]?{SURNAME}\p{{Han}}(?:[，。、；,;()（）]|$)",
        re.compile(
            rf"(?:{KIN}|{BROAD_ROLE}|市民|村民|居民|群众)[: ]?({SURNAME}{HAN})(?=[，。、；,;()）（]|$)"
        ),
        0.6,
        exact=True,
    ),
    Rule(
        rf"\p{{Han}}(?:{OFFICIAL})",
        re.compile(rf"(?!方|常|任|石|段|江苏){COMMON}(?={OFFICIAL})"),
        0.6,
        exact=False,
    ),
    Rule(
        r"[A-Z][a-z]+ ?[A-Z]",
        re.compile(
            rf"(?:{BROAD_ROLE}|[人家星官席帝]|导演|教练|总裁|总监|CEO|ceo) ?"
            r"([A-Z][a-z]+(?:[ ·.]{0,2}[A-Z][a-z]*){1,3})(?![A-Za-z])"
        ),
        0.7,
        exact=True,
    ),
    Rule(RARE, re.compile(rf"(?<!{HAN}{RARE}){RARE}{GIVENS}{{1,2}}"), 0.6, exact=False),
    Rule(
        MINORITY,
        re.compile(rf"(?:{MINORITY}){{2,4}}|(?:{MINORITY}){FOREIGN}{{2,3}}(?!{HAN})"),
        0.8,
        exact=True,
    ),
    Rule(
        rf"(?:^|[\n:/ 、,，;；(（])(?:{PLAIN_COMPOUNDS}|{COMMON}{COMMON}?){GIVENS}{{2}}(?:[、,，;；:：(（) ]|$)",  # noqa: E501
        re.compile(
            rf"(?:(?<=[:/ 、,，;；(（])|(?<!.))((?:{PLAIN_COMPOUNDS}|{COMMON}){GIVENS}{{2}}|{COMMON}{COMMON}{GIVENS}{{2}})"  # noqa: E501
            r"(?=[、,，;；:：(（) ]|$)"
        ),
        0.6,
        exact=True,
    ),
    Rule(
        r"(?:文|图|摄|责编|编辑|作者|撰稿|供稿|通讯员|记者)[:/ ]",
        re.compile(
            rf"(?:文|图|摄|责编|编辑|作者|撰稿|供稿|通讯员|记者)[:/ ] ?({HAN}{{2,3}})(?=[)）\]】/ ]|$)"
        ),
        0.6,
        exact=True,
    ),
)
_ALONE = Rule(PersonRecognizer.PREFILTER, PersonRecognizer.TEXT, 0.7, exact=False)
"""What is good enough only where no tagger looks."""
_MASKED = Rule(
    r"某|[*×]",
    re.compile(
        rf"(?:{COMPOUNDS}|(?<![^人员告主妻夫子女户民、，。：:,；;\s])[于从和任何向别时有相]|(?![于从和任何向别时有相]){SURNAME})"
        r"(?:某(?:某|[甲乙丙丁])?(?![师市公单地县区部院校局小村镇酒医银企项])|[*×]{1,2}(?![\d*×]))"
    ),
    0.4,
    exact=True,
)
"""Already disguised; below ``SURE``, so that a disguised table is not refused."""
_HANDLE = Rule(
    "@",
    re.compile(rf"(?<![A-Za-z0-9._%+\-])@([A-Za-z0-9_\-]{{0,8}}{HAN}[A-Za-z0-9_\-\u3400-\u9fff]{{1,15}})"),
    0.6,
    exact=True,
)
_HANDLE_OF_BODY = re.compile(
    r"(?:公司|集团|官方|官微|网|报|日报|晚报|卫视|电视台|频道|银行|汽车|旗舰店|发布|在线|新闻|财经|微博|"
    r"杂志|大学|学院|医院|中心|公安|警方|政府|论坛|店|俱乐部|协会)$"
)
_NO_NAME = re.compile(
    r"(?:公司|单位|部门|机构|电话|地址|名称|情况|问题|时间|人员|代表|登记|管理|服务|工作|本人|同上|不详|未知|"
    r"[省市县区镇乡村局厅委办处科所院校山江河湖岛学])$|^(?:何时|何种|何处|何人|全体|全部|时间|时任|安排|安全|方式|方法|方面|应当|应该|相关|有关|"
    r"向其|从事|和其|于其|于是|成立|成为|高度|高级|常务|常年|常住|都是|都有|别人|家长|家属|家人|家庭|党员|党委|相应|单独|"
    r"单元|连续|连夜|经常|经营|经济|项目|房屋|房产|车辆|车主|费用|计划|包括|水电|水泥|金额|时候|时段|花园|黄色|白色|"
    r"江边|江苏|江西|河北|河南|关于|关系|关键|成功|向前|万元|万人|广东|广西|安徽|宁波|宁夏|海南|海口|温州|马上|马路|"
    r"高速|高中|高校|初中|小学|中学|国家|国内|国际|任何|任务|平时|平台|平均|平方|明显|明确|元旦|元月|白天|谢谢|许多|"
    r"曾经|曾任|孔雀|和平|解放|解决|通过|通知|习惯|易于|方便|毛巾|石头|林业|林场|田地|田间|车站|车间|钱款|"
    r"高兴|高大|高中|万万|万一|安心|安静|成年|成人|向来|常常|方才|石材|毛病|江湖|龙舟|雷同|史上|金银|金花|黄花|林区|田园|有人|有限|支付|时事|师生|从业|管理|单位|路段|路边|全区|全市|全省|全县|全镇|当前|后来|连同|明年|满意|古代|双方|相互|上轮|本轮|林木|林场|施工|于今|白酒|包装|包含|卫生|温暖|温度|严格|严重|严厉|常见|常态|强制|强化|广大|文艺|文字|贺信|祝贺|祝福|祝愿|成果|成员|成绩|阳光|阳台|应急|应用|干部|干净|农民|农业|农村|农田|路过|时时|计算|计生|伍拾|陆拾|钱塘|项链|和谐|和睦|平衡|平稳|习近平新|毕业|毛利|经手|利用|利息|利民|利益|商业|商户|商品|车辆|车次|车牌|房主|班级|班子|国有|国土|司机|司法|师傅|党组|党风|宁可|景区|景点|石化|石油|天天|连日|海洋|海关|海域|广播|广告|水平|水果|水质|水源|水务|叶子|龙头|龙卷|金融|金属|文化|文件|文明|古代|古城|黄金|黄河|张贴|张开)"
)


def rule_names(texts: pl.Series, lines: Sequence[str], *, alone: bool) -> list[Candidate]:
    """Every name that the rules find; candidates may overlap.

    Args:
        texts: ``String`` without nulls, folded (``recognizers.normal.fold``); ``lines`` the same as a list.
        alone: no tagger looks; weaker rules are used too.
    """
    found = [
        Candidate(row, start, end, rule.score, rule.exact)
        for rule in ((*_RULES, _ALONE) if alone else _RULES)
        for row, start, end in matches(texts, rule.gate, rule.pattern)
    ]
    found = [c for c in found if not is_word(lines[c.row][c.start : c.end])]
    found += [
        Candidate(r, s, e, _MASKED.score, True) for r, s, e in matches(texts, _MASKED.gate, _MASKED.pattern)
    ]
    for row, start, end in matches(texts, _HANDLE.gate, _HANDLE.pattern):
        if not _HANDLE_OF_BODY.search(lines[row][start:end]):
            found.append(Candidate(row, start, end, _HANDLE.score, exact=True))
    return found


def is_word(name: str) -> bool:
    """A word, a place or an organisation that is written as a name could be."""
    parts = re.split(_DOT, name)
    if len(parts) > 1:
        places = regions.names()
        return any(part in places or part in ("中国", "中华") for part in parts)
    return (len(name) > 1 and bool(_NO_NAME.search(name))) or "某" in name or "*" in name
