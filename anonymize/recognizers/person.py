"""Personal name: a family name of the list with one or two characters, a compound one, or a name with ``·``.

``张三``, ``欧阳修``, ``司马相如``, ``张王某`` style double names of four characters, ``阿卜杜拉·买买提`` (minority
and foreign names with a middle dot, GB/T 12406 leaves them free). Titles and remarks do not hide a
name: ``张三(科长)``, ``李四先生``; several names in one cell are split at 、, / ; and spaces.

No form tells 方正 the person from 方正 the adjective: ``validate`` says that a value *can* be a name,
``detect`` decides over the whole column, and in a text only a name beside a word that introduces or
addresses persons is taken.

>>> PersonRecognizer().validate(pl.Series(["张三", "欧阳修", "张三(科长)、李四", "阿卜杜拉·买买提", "张某某", "税务局"])).to_list()
[True, True, True, True, False, False]
"""  # noqa: E501

from __future__ import annotations

import re
from typing import ClassVar

import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers.base import ColumnRecognizer
from anonymize.recognizers.normal import canonical
from anonymize.recognizers.surnames import COMPOUND, GIVEN, SINGLE, TOP, char_class

_COMPOUND = "|".join(COMPOUND)
_SINGLE = char_class(SINGLE)
_TOP = char_class(TOP)
_HAN = r"[\u3400-\u9fff]"
_GIVEN = char_class("".join(GIVEN))
_NAME = rf"(?:(?:{_COMPOUND}){_HAN}{{1,2}}|{_SINGLE}{_HAN}{{1,2}}|{_TOP}{_TOP}{_HAN}{{2}})"
_DOTTED = rf"{_HAN}{{1,12}}(?:[·•‧・．.∙⋅]{_HAN}{{1,12}}){{1,4}}"
_LETTER = r"A-Za-z\u00c0-\u024f'’\-"
_LATIN = rf"[A-Z\u00c0-\u00de][{_LETTER}]+(?:[ ,]{{1,2}}[A-Z\u00c0-\u00de][{_LETTER}.]*){{1,3}}"
_TITLE = (
    r"(?:先生|女士|小姐|同志|老师|师傅|医生|大夫|护士|教授|律师|法官|警官|科长|处长|局长|主任|经理|厂长|校长|院长|所长|站长|村长|书记|"
    r"镇长|乡长|县长|市长|区长|部长|队长|组长|班长|会长|董事长|总监|总经理|总|工程师|工|阿姨|大爷|大妈|大叔|大姐|大哥|奶奶|爷爷)"
)
_HOUSEHOLD = r"(?:户|夫妇|夫妻|一家|家属)"
"""What follows the name of somebody who stands for others: 张建国户."""
_SPOKEN_TITLE = _TITLE.replace("总监|总经理|总|工程师|工|", "总监|总经理|")
"""Titles that may follow a name in a sentence; 总 and 工 also begin 总计 and 工业."""
_REMARK = r"[(（\[【][^)）\]】]{0,20}[)）\]】]"
_SEPARATOR = r"[、,，;；/|\\&＆和与及]\s*|\s{1,3}"
_AMOUNT = r"^\s*[\d,.，．０-９]+\s*(?:万|亿|千|百|周[岁年]|公[里斤顷分尺]|平方|立方)"
"""4512万元 and 80周岁: an amount, though 万 and 周 are family names and lists are numbered."""
_MASKED = r"[*＊×xX某●○＿_]"

_INTRODUCED = (
    r"(?:姓名|联系人|户主|申请人|来电人|投诉人|举报人|反映人|诉求人|当事人|法定代表人|负责人|经办人|患者|死者|伤者|原告|被告|被申请人|"
    r"申诉人|监护人|承租人|出租人|业主|房东|房主|租客|驾驶人|驾驶员|司机|嫌疑人|受害人|被害人|代理人|委托人|受托人|证人|我叫|名叫|本人叫|我是|自称)"
)
_WEAK = r"(?:市民|村民|居民|群众|学生|职工|员工|妻子|丈夫|儿子|女儿|父亲|母亲|之妻|之夫|之子|之女|其妻|其夫|其子|其女|配偶|同事|邻居)"  # noqa: E501
_ACT = r"涉嫌|违法|违规|违章|无证|无照|擅自|非法|盗窃|诈骗|寻衅|故意|酒后|醉酒|殴打|赌博|吸毒"
_STOP = r"(?=[，,。.；;、：:（()）\s\d]|$|的|在|于|来|致|反|称|说|投|举|住|家|电|因|与|和|系|已|被|向|要|表|到|从|是|为|诉|求|将|未|现|男|女|之)"  # noqa: E501
_CLOSE = rf"(?:{_COMPOUND}){_GIVEN}{{1,2}}|{_SINGLE}{_GIVEN}{{1,2}}"


class PersonRecognizer(ColumnRecognizer):
    """Names as whole values by form; names in texts by the words around them."""

    ENTITY = Entity.PERSON
    HEADER = re.compile(
        r"姓名|名字|英文名|曾用名|户主|联系人|法定代表人|法人代表|法人姓名|^法人$|负责人|经办人|申请人|申报人|监护人|代理人|委托人|业主|车主|房主|产权人|"
        r"所有权人|权利人|持证人|持有人|驾驶[人员]|配偶|父亲|母亲|子女|家长|患者|学生$|教师$|医[师生]$|护士$|导师|队长|来电人|投诉人|举报人|诉求人|"
        r"反映人|信访人|当事人|被处罚人|受益人|领取人|收款人|付款人|开户名|户名|账户名|死者|受害人|嫌疑人|承租人|出租人|投资人|股东|投保人|被保险人|"
        r"填报人|制表人|审核人|审批人|办理人|承办人|受理人|执法人员|检查人员|责任人|管理员|河长|田长|林长|网格员|社工|志愿者$|家属|收件人|寄件人|"
        r"紧急联络人|与会人|获奖人|发明人|作者|拟录用|应聘人|考生|^人员$|"
        r"full[_ ]?name|user[_ ]?name|real[_ ]?name|applicant|claimant|contact|^xm$|^lxr$|^fr$|fddbr|_xm$",
        re.I,
    )
    NOT_HEADER = re.compile(
        r"电话|手机|号码|编号|证号|身份证|日期|时间|地址|住址|单位|部门|机构|公司|企业|性别|年龄|民族|人数|人口|人次|数量?$|金额|类型|类别|性质|"
        r"关系|职务|职称|学历|邮箱|邮编|代码|状态|情况|意见|备注|籍贯|工作|户籍|银行|账号|人均|比例|率$|学校|院校|班级|专业|e-?mail|phone|id$|_id",
        re.I,
    )
    TEXT = re.compile(
        rf"(?:{_INTRODUCED}(?:[:：为是叫 (（]{{1,2}}(?P<a>{_DOTTED}|{_NAME}{_STOP}|{_CLOSE})|(?P<e>{_NAME}){_STOP}))"  # noqa: E501
        rf"|(?:{_WEAK}[:： ]?(?P<b>(?:(?:{_COMPOUND})|{_TOP}){_GIVEN}{{1,2}}){_STOP})"
        rf"|(?P<c>(?:(?:{_COMPOUND}){_HAN}{{1,2}}|{_TOP}{_GIVEN}{{1,2}}))(?={_SPOKEN_TITLE})"
        rf"|(?<!{_HAN})(?P<d>(?:(?:{_COMPOUND})|{_SINGLE}){_HAN}{{1,2}})"
        rf"(?=等?(?:{_ACT})|诉{_HAN}{{2}}|[,，:：(（ ]{{0,2}}(?:1[3-9]\d{{9}}|[1-9]\d{{16}}[\dXx])(?!\d))"
        rf"|(?<=诉)(?P<f>{_CLOSE})(?={_HAN}{{0,14}}(?:纠纷|案))"
    )
    PREFILTER = rf"{_INTRODUCED}|{_WEAK}|{_GIVEN}{_SPOKEN_TITLE}|{_ACT}|{_HAN}诉{_HAN}|{_GIVEN}[,，:：(（ ]{{0,2}}[1-9]\d{{10}}"  # noqa: E501
    CONTEXT: ClassVar[tuple[str, ...]] = ("姓名", "联系人", "户主", "先生", "女士")
    SCORE = 0.6

    def validate(self, values: pl.Series) -> pl.Series:
        """Whole values that can be names; placeholders such as 张某某 or 张** are not names any more."""
        plain = bare(values)
        names = plain.str.contains(rf"^(?:(?:{_NAME}|{_DOTTED})\|)*(?:{_NAME}|{_DOTTED})$")
        return names & ~masked(plain) & ~values.str.contains(_AMOUNT)

    def shape(self, values: pl.Series) -> pl.Series:
        """Anything short enough to be somebody's name under a header that says so."""
        plain = bare(values)
        short = plain.str.contains(rf"^(?:{_HAN}{{2,6}}|{_DOTTED}|{_LATIN}|(?:{_NAME}\|)+{_NAME})$")
        latin = values.str.contains(rf"^{_LATIN}$")  # its inner space separates no persons
        return (short & ~masked(plain) & ~body(plain)) | latin

    def accept(self, candidates: pl.Series, before: pl.Series) -> pl.Series:  # noqa: ARG002
        return ~candidates.str.contains(_MASKED) & (candidates.str.len_chars() > 0)


def bare(values: pl.Series) -> pl.Series:
    """Names without remarks, titles and inner spaces; several names joined by ``|``."""
    plain = canonical(values).alias("name")
    name = pl.col("name")
    if plain.str.contains(r"[^\p{Han}]").any():
        name = (
            name.str.replace_all(_REMARK, "")
            .str.replace_all(rf"^({_HAN}) +({_HAN}{{1,2}})$", "$1$2")
            .str.replace(rf"({_HAN}{{2,4}}){_TITLE}$", "$1")
            .str.replace(rf"({_HAN}{{2,4}}){_HOUSEHOLD}$", "$1")
            .str.replace_all(r"^[\d.、\-#]+", "")
            .str.replace(r"[ ,/|]{1,2}[男女]性?(?:[ ,/|]{1,2}\d{1,3}岁?)?$", "")
            .str.replace(rf"({_HAN})[\dXx]{{1,18}}$", "$1")
            .str.strip_chars(" 、,;/")
        )
    else:  # Han characters alone have none of the marks between which the rest stands.
        name = name.str.replace(rf"({_HAN}{{2,4}}){_TITLE}$", "$1").str.replace(
            rf"({_HAN}{{2,4}}){_HOUSEHOLD}$", "$1"
        )
    return plain.to_frame().select(name.str.replace_all(_SEPARATOR, "|").alias(values.name)).to_series()


def latin(values: pl.Series) -> pl.Series:
    """Names in Latin letters, with or without accents, of two to four words."""
    return values.str.contains(rf"^{_LATIN}$")


def masked(values: pl.Series) -> pl.Series:
    """Already disguised: 张某, 张*, 李××."""
    return values.str.contains(rf"^{_HAN}{{0,2}}{_MASKED}{{1,3}}{_HAN}?$")


def body(values: pl.Series) -> pl.Series:
    """Names of places and organisations by their last character or word."""
    return values.str.contains(
        r"(?:省|市|区|县|州|盟|旗|乡|镇|村|庄|屯|街道|社区|路|街|巷|公司|集团|中心|局|委|办|厂|店|院|校|馆|所|站|处|科|队|会|部|行|业|厅|园|楼|厦|场|社|库|港|桥|"
        r"类|品|费|税|证|号|型|级|制|法|科目|专业|学|术|病|症|药|机|器|具|车|船|厨|米|面|油|菜|果|瓜|肉|鱼|蛋|奶|茶|酒|水)$"
    )


def given_share(values: pl.Series) -> float:
    """Share of names all of whose characters after the family name are common in given names."""
    first = values.str.split("|").list.first()
    good = first.str.contains(rf"^(?:(?:{_COMPOUND})|{_SINGLE}){_GIVEN}{{1,2}}$|{_DOTTED}")
    return float(good.mean() or 0.0)  # type: ignore[arg-type]


def top_share(values: pl.Series) -> float:
    """Share of names that begin with one of the hundred most frequent family names or a compound one."""
    return float(values.str.contains(rf"^(?:{_TOP}|{_COMPOUND})|·").mean() or 0.0)  # type: ignore[arg-type]
