"""The pieces of an address: names of divisions, suffixes of streets and estates, units with numbers.

The divisions are those of GB/T 2260 (``recognizers.regions``), suffixes and units those of door plates
(GA/T 1555). A *strong* suffix makes a place by itself (珞喻路, 幸福小区); a *weak* one, which many words end in,
only with a number behind it (建昌里 12 号).
"""  # noqa: E501

from __future__ import annotations

import re
from functools import lru_cache

from anonymize.recognizers import regions

_NUM = r"(?:附?第?\d{1,5}(?:[\-~至]\d{1,5})*|[A-Za-z]\d{0,4}|第?[一二三四五六七八九十百零〇]{1,4}|[甲乙丙丁])"
UNIT = (
    rf"{_NUM} ?(?:号大?院|号住?宅?楼(?!道|梯|下|上|内|前|后)|号(?!线|文|令|公告|码|召|称|角|高速|台风|通知|决定|井|岗)|弄|栋|幢|座(?!谈)|单元|楼(?!道|梯|盘|下|上|顶|内|前|后|栋|长|宇)|层(?!面|级|次)|室|房|户|村民小组|村民组|小组|"  # noqa: E501
    r"组(?!织|成|长|员|数)|生产队|队(?!员|长|伍)|社(?!区|会|保)|排(?!水|污|放|查|名)|门(?!诊|口|前|面)|铺(?!设)|#楼?)"
    r"|[东西南北](?:单元|座|楼|户|门)(?!口|前)"
)
_BARE = r"\d{3,4}(?![\d年月日元人户个条次件米吨平万亿%.:点时分岁名天亩])"
_DASH = r"\d{1,4}(?:-\d{1,4}){1,4}(?![\d])"

_ROAD = (
    r"大道|大街|胡同|(?<![道公铁线马出一思电管走修网套销门])路(?!灯|面|边|人|线|程|过|由|况|径|段|途|费|牌|政|网|局)"
    r"|(?<![上逛])街(?!道|头|边|坊|镇|面)|巷(?!道|战)|弄堂"
)
_TOWN = r"(?<!城乡)街道(?!办)|镇(?!静|痛|定|长(?!江|安|青|春|宁|沙|兴|乐|城|治|虹|丰)|压|人(?!民)|政府|党)|(?<![家老返下故])乡(?!村|镇|下|亲|愁|土|长(?!江|安|青|春|兴)|政府|党)|苏木"  # noqa: E501
_VILLAGE = (
    r"自然村|行政村|(?<=[\u3400-\u9fff])屯(?!溪|留|昌|兵|垦)|(?<![乡农全本该各驻新某城])村(?!民|委|镇|庄|级|里|口|干|集|两|支|规|务|官|组|小组|党|医|卫|书|主|道|民小组)"
    r"|社区(?!居委|医|矫|服|工作|民警|网格|干部|党|卫|书记|主任|活动|志愿|养老|团)|嘎查(?!委)"
)
_ESTATE = (
    r"小区(?!物业|业委)|花园|家园|公寓|新村|(?:职工|教师|学生)?宿舍|家属[院区楼]|安置[点房区]|别墅区?|山庄|[佳雅嘉名馨怡锦翠丽逸康]苑(?!街|路|社)|[佳嘉庭名]园(?!街|路|社)"
    r"|大厦|广场(?!舞)"
)
_WEAK = r"[里坊条道路街弄庭府湾居城院园苑轩阁郡墅庄寨堡屯沟坝坪塘冲岗岭垭营湾垸洼台港岸都汇邸区村社厂校楼馆店场线桥洞堰畈咀嘴埠浜渡口家地]"  # noqa: E501
TOKEN = re.compile(
    rf"(?P<unit>{UNIT})|(?P<dash>{_DASH})|(?P<bare>{_BARE})|(?P<road>{_ROAD})|(?P<town>{_TOWN})"
    rf"|(?P<village>{_VILLAGE})|(?P<estate>{_ESTATE})|(?P<zone>高新技术产业开发区|经济技术开发区|高新区|经开区|开发区|新区|工业园区?|产业园)"
    rf"|(?P<weak>{_WEAK})(?= ?(?:{UNIT}|{_DASH}))"
)
"""One piece of an address, named after its kind."""

GATE = (
    r"[\dA-Za-z一二三四五六七八九十百〇零甲乙丙丁] ?(?:号|弄|栋|幢|座|单元|楼|层|室|房|户|组|村民|小组|队|社|排|#)|\d-\d|住|址|籍|家在|老家|搬|寄|送达"  # noqa: E501
    r"|[省市区县旗镇乡道州].{1,12}(?:路|街|巷|村|社区|小区|花园|家园|公寓|屯|胡同|大厦|苑|大道|寨|嘎查|宿舍|院)"
)
"""A text without one of these holds no address."""
RUN = re.compile(r"[A-Za-z0-9\u3400-\u9fff#\-~〇 ]{3,}")
"""Where an address can stand: no punctuation inside."""

STANDS = re.compile(r"(?:位于|坐落[于在]?|送[到至]|搬[到至]|[在至到]):?$")
"""A place follows, though perhaps nobody lives there."""
DWELLS = re.compile(
    r"(?:家住|现住|居住[于在地]?|住在|住于|租住[于在]?|暂住[于在地]?|借住[于在]?|寄住[于在]?|住址|住所地?|地址|户籍(?:所在)?地?|户口(?:所在)?地?|现居[于地]?|老家|籍贯|家在|住处|"
    r"搬[到至]|寄[到至往]|送达[到至]?|住)[ ]?(?:为|是|在|于|:)?[ ]?$"
)
"""Somebody lives at what follows."""

_WORDS = (
    r"反映|来电|投诉|举报|前往|抵达|到达|来到|途经|经过|行至|驶至|行驶|发生|坐落|位于|家住|现住址?|居住|住在|租住|暂住|借住|住址|住所地?|地址|户籍(?:所在)?地?|户口(?:所在)?地?|现居地?|"
    r"送达|邮寄|寄往|搬到|搬至|老家|籍贯|市民|居民|村民|群众|业主|商户|本[市区县镇村]|我[市区县镇村]|辖区|附近|地点|位置|通过|负责|管理|登记|注册|收件人?|男|女|"
    r"周边|当时|昨日|今日|今天|昨天|近日|目前|现场|多次|路过|反馈|建议|要求|咨询|购买|租赁|出租|占用|维修|改造|关于|联系|拟对|门面|号码?|汉族|[出搬]入|被告|原告|名下|所有|拥有|坐标|住处"
)
_SURE = _WORDS + r"|[在的了是请我他她你们把被]"
_CUTS = (
    _WORDS
    + r"|[过在的了是说给请我他她你们把被将距从住称]|从(?!化)|于(?!洪|都|家|庄)|到(?!家)|至(?!善|德|诚)|由|因|与|及|或|对|"  # noqa: E501
    r"沿(?!江|河|海|湖|山|安|滩)|和(?!平|谐|睦|顺|兴|田|美|义|龙|县|静|政|布|林|硕|畅|润|济|悦)|"
    r"向(?!阳|东|前|荣|上|群)|经(?!济|纬|一|二|三|四|五|六|七|十|贸|开)|为(?!民)|其(?!林)|该|至今"
)
SURE_CUT = re.compile(_SURE)
"""The words of ``CUT`` that are in no name: what breaks a chain behind a division, whose next name is bounded."""  # noqa: E501
CUT = re.compile(_CUTS)
"""Words that end before a name of a place begins."""
OFFICE = re.compile(
    r"居委会|居民委员会|村委会|村民委员会|委员会|政府|派出所|办事处|服务|卫生|中心|法庭|法院|学校|小学|中学|幼儿园|医院|公司|党|工作|综治|网格|管委会|街道办|供电|税务|市场监|城管|"
    r"综合|便民|养老|敬老|消防|司法|工商|财政|人民|公安|交警|分局|支行|物业|业委会|书记|主任|改造|项目|工程|建设|治理|整治|棚改|拆迁|规划"
)
"""What makes an office, a project or a firm of the place in front of it."""


@lru_cache(maxsize=1)
def _divisions() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Full names, short names of provinces and cities, and the first two characters of all."""
    every = regions.names()
    full = {
        n
        for n in every
        if re.search(r"(?:省|自治区|自治州|自治县|自治旗|特别行政区|市|区|县|盟|旗|地区)$", n) and len(n) > 2
    }
    full |= {
        n
        for n in every
        if len(n) == 2 and n.endswith(("县", "区")) and n not in ("矿区", "郊区", "城区", "市区")
    }
    short = set(regions.PROVINCES) | {n[:-1] for n in full if n.endswith("市") and len(n) > 2}
    return frozenset(full), frozenset(short), frozenset(n[:2] for n in full | short)


def division_at(text: str, at: int, stop: int) -> tuple[int, bool]:
    """End of the longest name of a division that begins at ``at`` (0: none), and whether it is a full name."""  # noqa: E501
    full, short, beginnings = _divisions()
    if text[at : at + 2] not in beginnings:
        return 0, False
    for length in range(min(11, stop - at), 1, -1):
        piece = text[at : at + length]
        if piece in full:
            return at + length, True
        if piece in short:
            return at + length, False
    return 0, False
