"""Forty held-back tables, third set: as a department sends them that does not mean to be helpful.

Headers that mislead or are missing, numbers that are split, prefixed or written with gaps, two persons in a cell,
tables that lie on their side, and other sources than a sheet. Each table comes in the format that ``SOURCE`` names.
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Callable

from tests.factories import cells as c
from tests.factories.cells import Cell, Column, Row
from tests.factories.held_back import shapes
from tests.factories.judge import Shape
from tests.factories.people import REGIONS, luhn

K, H = "keep", "hide"
LATIN = ("SMITH JOHN EDWARD", "Kim Soo-hyun", "O'Brien Sean", "Müller Hans", "NGUYEN THI HOA", "Rossi Paolo")
MIDDLE_DOTS = "·•‧・"
NUMERALS = "〇一二三四五六七八九"
HERBS = (
    "黄芪",
    "白术",
    "马齿苋",
    "龙井茶",
    "毛尖",
    "杨梅",
    "石榴",
    "苏木",
    "金银花",
    "高粱",
    "白芷",
    "柏子仁",
)


def dotted_name(row: Row) -> str:
    """A name of a minority, with any of the dots that input methods offer."""
    first = row.rng.choice(["买买提", "阿依努尔", "才让", "巴特尔", "古丽米热", "艾合买提"])
    last = row.rng.choice(["艾力", "吐尔逊", "卓玛", "苏荣", "热合曼", "达瓦"])
    row.tell(first + row.rng.choice(MIDDLE_DOTS) + last)
    return row.secrets[-1]


def latin(row: Row) -> str:
    return row.tell(row.rng.choice(LATIN))


def _typed(day: object, numerals: str) -> str:
    return "".join(numerals[int(digit)] for digit in str(day))


def born_any(row: Row) -> str:
    """A date of birth as whoever filled the form liked to write it."""
    day = row.one.born
    row.tell(f"{day:%Y%m%d}")
    return row.rng.choice(
        [
            f"{day:%Y.%m.%d}",
            f"{day.year}年{day.month}月{day.day}日",
            f"{day.year}/{day.month}/{day.day}",
            f"{day:%Y%m%d}",
            f"{day:%d-%b-%Y}",
            f"{_typed(day.year, NUMERALS)}年{day.month}月",
        ]
    )


def age_any(row: Row) -> str:
    years = 2025 - row.one.born.year
    return row.rng.choice([f"{years}岁", f"{years}周岁", f"{years}", f"年{years}", f"{years} 岁"])


def grouped_card(row: Row) -> str:
    number = c.card(row)
    return row.rng.choice([" ", " ", "-", "　"]).join(number[i : i + 4] for i in range(0, len(number), 4))


def pairs(value: str) -> str:
    return " ".join(value[i : i + 4] for i in range(0, len(value), 4))


def long_mobile(row: Row) -> str:
    number = c.mobile(row)
    gapped = [f"{number[:3]}{gap}{number[3:7]}{gap}{number[7:]}" for gap in ("-", " ", "—", "·")]
    return row.rng.choice([*gapped, f"86{number}", f"0086-{number}", f"{number}（微信同号）", c.wide(number)])


def company(row: Row) -> str:
    place = row.rng.choice(["启东", "滕州", "武昌", "大同"])
    trade = row.rng.choice(["宏达", "瑞丰", "新锐", "百川"]) + row.rng.choice(["建材", "商贸", "物流"])
    return f"{place}{trade}有限公司"


def trader(row: Row) -> str:
    """A business that bears its owner's name."""
    place, trade = row.rng.choice(["启东市", "大同市"]), row.rng.choice(["小吃店", "理发店", "便利店"])
    return f"{place}{row.tell(row.one.name)}{trade}"


def surname(row: Row) -> str:
    return (
        row.one.name[:2]
        if row.one.name[:2] in {"欧阳", "上官", "司马", "诸葛", "皇甫", "尉迟", "令狐"}
        else row.one.name[0]
    )


def given(row: Row) -> str:
    return row.one.name[len(surname(row)) :]


def part(start: int, end: int, secret: Callable[[Row], str] | None = None) -> Cell:
    """Some of the characters of the ID."""

    def cell(row: Row) -> str:
        if secret is not None:
            row.tell(secret(row))
        return row.one.resident_id[start:end]

    return cell


def birthday(row: Row) -> str:
    return f"{row.one.born:%Y%m%d}"


def by_turns(*makes: Cell) -> Cell:
    """Another kind of value in every row: what a table that lies on its side has in one column."""
    return lambda row: makes[row.index % len(makes)](row)


FIELDS = ("姓名", "身份证号", "手机", "家庭住址", "卡号")
VALUES = (c.name, c.rid, c.mobile, c.address, c.card)
OTHERS = (
    c.other_name,
    c.other_rid,
    c.other_mobile,
    lambda row: row.tell(row.two.address, row.two.door),
    grouped_card,
)


def checked18(row: Row) -> str:
    """Eighteen digits that begin with a division and mostly pass MOD 11-2, without any day in them."""
    body = f"{row.rng.choice(list(REGIONS))}{row.rng.randrange(20, 26)}{row.rng.randrange(60, 100)}{row.rng.randrange(40, 100)}{row.rng.randrange(10**5):05d}"  # noqa: E501
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    check = c.CHECKS[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]
    return body + (check if check != "X" and row.rng.random() < 0.6 else str(row.rng.randrange(10)))


def isbn(row: Row) -> str:
    body = f"9787{row.rng.randrange(10**8):08d}"
    total = sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(body))
    return body + str(-total % 10)


def cents(row: Row) -> str:
    return str(row.rng.randrange(13_000_000_000, 20_000_000_000))


PERSONAL_COLUMNS: dict[str, list[Column]] = {
    "项目台账": [
        Column("项目代码", c.dressed(c.rid, c.grouped, c.wide, pairs)),
        Column("数量", c.mobile),
        Column("状态", c.pick("在办", "办结"), K),
    ],
    "表头无字": [
        Column("x1", c.name),
        Column("——", c.dressed(c.rid, c.as_is, c.spaced)),
        Column("批", c.pick("甲", "乙", "丙"), K),
        Column("列", long_mobile),
    ],
    "慰问名册": [
        Column("慰问\n对象", c.either(c.name, c.name, dotted_name)),
        Column("证件\n号码", c.dressed(c.rid, c.grouped, c.lower)),
        Column("慰问金（元）", c.pick("500", "1000"), K),
        Column("签收", c.often(0.5, c.name, c.text("{}代", c.other_name))),
    ],
    "老工人": [
        Column("编号一", c.dressed(c.old_rid, c.wide, c.as_is, lambda v: f"{v[:6]} {v[6:12]} {v[12:]}")),
        Column("编号二", c.serial("LG{:05d}"), K),
        Column("工种", c.pick("电工", "焊工", "钳工"), K),
    ],
    "拆开的证号": [
        Column("证号前6位", part(0, 6)),
        Column("证号7至14位", part(6, 14, birthday)),
        Column("身份证后四位", part(14, 18), H),
        Column("窗口", c.number(1, 20), K),
    ],
    "带前缀的证号": [
        Column(
            "凭据",
            c.either(
                c.text("身份证:{}", c.rid),
                c.text("SFZ-{}", c.rid),
                c.text("ID#{}", c.rid),
                c.text("{}(本人)", c.rid),
                c.text("No.{}", c.rid),
            ),
        ),
        Column(
            "护照或其他", c.either(c.text("护照{}", c.passport), c.text("PASSPORT NO: {}", c.new_passport))
        ),
        Column("次数", c.number(1, 9), K),
    ],
    "派单": [
        Column("工单", c.serial("GD{:06d}"), K),
        Column(
            "备注",
            c.either(
                c.pick("已派", "待派", "退回", ""),
                c.text("联系{}", long_mobile),
                c.text("{}", long_mobile),
                c.text("{}收", c.name),
                c.text("找{}，{}", c.other_name, c.other_mobile),
            ),
        ),
        Column("耗时", c.number(1, 300), K),
    ],
    "供应商付款": [
        Column("收款单位", c.either(company, company, c.name, trader)),
        Column("经办", c.either(c.text("{}{}", c.other_name, c.other_mobile), c.other_name)),
        Column("付款（元）", c.money, K),
        Column("付款日", c.day(), K),
    ],
    "夫妻共有": [
        Column(
            "权属人", c.either(c.text("{}/{}", c.name, c.other_name), c.text("{} {}", c.name, c.other_name))
        ),
        Column(
            "权属人证号", c.either(c.text("{}\n{}", c.rid, c.other_rid), c.text("{};{}", c.rid, c.other_rid))
        ),
        Column("号码", c.either(c.text("{},{}", c.mobile, c.other_mobile), c.mobile)),
        Column("面积", c.money, K),
    ],
    "入户排查": [
        Column("区域", c.either(c.address, c.door)),
        Column("点位", c.text("{}（{}家）", c.door, c.name)),
        Column("隐患", c.pick("飞线充电", "楼道堆物", "无"), K),
    ],
    "外籍教师": [
        Column("Full name", latin),
        Column("Doc", c.either(c.foreign_permit, c.old_foreign_permit, c.new_passport)),
        Column("Nationality", c.pick("USA", "KOR", "DEU"), K),
        Column("Employer", company, K),
    ],
    "牧区登记": [
        Column("成员一", dotted_name),
        Column("成员二", c.either(dotted_name, c.other_name)),
        Column("草场（亩）", c.number(50, 5000), K),
        Column("苏木", c.pick("查干苏木", "白音苏木"), K),
    ],
    "各种生日": [
        Column("人", c.name),
        Column("生", born_any, H),
        Column("现龄", age_any),
        Column("组", c.number(1, 9), K),
    ],
    "健康筛查": [
        Column("对象", c.name),
        Column("患病", c.pick(*c.DISEASES), H),
        Column("教派", c.pick("佛教", "基督教", "伊斯兰教", "天主教"), H),
        Column("岁数", age_any, H),
        Column("批次", c.pick("一", "二", "三"), K),
    ],
    "社群": [
        Column(
            "账号", c.either(c.text("QQ:{}", c.qq), c.text("微信 {}", c.wechat), c.text("vx：{}", c.wechat))
        ),
        Column("Q", c.qq),
        Column(
            "群昵称", c.either(c.text("{}（{}）", c.name, c.pick("3栋", "群主")), c.text("3-201{}", c.name))
        ),
        Column("发言", c.number(0, 99), K),
    ],
    "一卡通发放": [
        Column("户", c.text("{}户", c.name)),
        Column("卡/折号", grouped_card),
        Column("补贴项目", c.pick("耕地地力保护", "退耕还林"), K),
        Column("发放额", c.money, K),
    ],
    "混编编号": [
        Column("编号", c.often(0.3, c.rid, lambda row: f"2024{row.rng.randrange(10**14):014d}")),
        Column("事由", c.pick("变更", "新增"), K),
    ],
    "表彰": [
        Column(
            "文字",
            c.either(
                c.text("授予{}“先进个人”称号", c.name),
                c.text("{}、{}获评优秀共产党员", c.name, c.other_name),
                c.text("由{}接替{}主持工作", c.name, c.other_name),
            ),
        ),
        Column("年度", c.pick("2022", "2023"), K),
    ],
    "键值": [
        Column("单据", c.serial("D{:05d}"), K),
        Column("字段", by_turns(*(lambda row, f=field: f for field in FIELDS)), K),
        Column("内容", by_turns(*VALUES)),
    ],
    "躺倒的表": [
        Column("项目", by_turns(*(lambda row, f=field: f for field in FIELDS)), K),
        Column("甲", by_turns(*VALUES)),
        Column("乙", by_turns(*OTHERS)),
    ],
    "接口导出": [
        Column("applicant.name", c.name),
        Column("applicant.idNo", c.rid),
        Column("applicant.contact", c.either(c.mobile, c.email)),
        Column("applicant.addr", c.address),
        Column("bizType", c.pick("A01", "A02"), K),
    ],
    "旧系统": [
        Column("XM", c.name),
        Column("SFZHM", c.either(c.rid, c.old_rid)),
        Column("SJHM", c.mobile),
        Column("JTZZ", c.address),
        Column("YHZH", c.card),
        Column("BLRQ", c.day("%Y%m%d"), K),
    ],
    "数据湖": [
        Column("f1", c.dressed(c.mobile, c.as_is)),
        Column("f2", c.either(c.rid, c.rid, c.passport)),
        Column("f3", c.name),
        Column("f4", c.number(1, 100), K),
    ],
    "号牌": [
        Column(
            "标识",
            c.dressed(
                c.either(c.plate, c.green_plate),
                lambda v: f"{v[:2]}·{v[2:]}",
                lambda v: f"{v[0]} {v[1:]}",
                c.as_is,
            ),
        ),
        Column("泊位", c.serial("P{:04d}"), K),
        Column("分钟", c.number(1, 900), K),
    ],
    "姓和名": [
        Column("姓", surname, H),
        Column("名", given, H),
        Column("tel", c.dressed(c.mobile, lambda v: f"tel:{v}", c.as_is)),
        Column("score", c.number(0, 100), K),
    ],
    "Claims": [
        Column("Claimant", c.name),
        Column("DOB", c.born("%d/%m/%Y")),
        Column("Residence", c.address),
        Column(
            "Remarks",
            c.either(c.text("call {} before visit", c.mobile), c.text("paid to {}", c.name), c.pick("ok")),
        ),
        Column("Amount", c.money, K),
    ],
    "跨境学童": [
        Column("学童", c.name),
        Column("来往证件", c.dressed(c.home_permit, c.lower, lambda v: f"{v}01", lambda v: f"{v}(02)")),
        Column("陪同", c.text("{}（父）{}", c.other_name, c.other_mobile)),
        Column("班", c.pick("一班", "二班"), K),
    ],
    "标签栏": [
        Column(
            "标签",
            c.often(0.04, c.either(c.email, c.text("电{}", c.mobile), c.rid), c.pick("红", "黄", "绿")),
        ),
        Column("指标", c.number(1, 50), K),
    ],
}

IMPERSONAL_COLUMNS: dict[str, list[Column]] = {
    "重大项目": [
        Column("代码", checked18),
        Column("投资（万元）", c.money),
        Column("阶段", c.pick("前期", "在建")),
    ],
    "交易对账": [
        Column("订单", c.digits(12, "6214")),
        Column("外部订单", c.digits(15, "6217")),
        Column("退款单", c.digits(8, "20240813")),
        Column("手续费", c.money),
    ],
    "埋点": [
        Column("上报时刻", c.digits(10, "172")),
        Column("微秒", c.digits(13, "171")),
        Column("事件码", c.number(1000, 9999)),
    ],
    "资产负债": [
        Column("资产合计（分）", cents),
        Column("负债合计（分）", cents),
        Column("科目", c.pick("现金", "存货")),
    ],
    "村级区划": [
        Column("统计用区划代码", c.text("{}{}", lambda row: row.rng.choice(list(REGIONS)), c.digits(6))),
        Column("城乡分类代码", c.pick("111", "112", "220")),
        Column("名称", c.pick("高平村委会", "马家庄村委会", "白云社区居委会", "石门村委会")),
    ],
    "进项发票": [
        Column("发票代码", c.digits(10, "14")),
        Column("发票号码", c.digits(8)),
        Column("数电票号", c.digits(18, "24")),
        Column("税额", c.money),
    ],
    "馆藏": [
        Column("ISBN", isbn),
        Column("条形码", lambda row: luhn(f"690{row.rng.randrange(10**8):08d}") + "3"),
        Column("ISSN", c.text("{}-{}", c.digits(4), c.digits(4))),
        Column("册数", c.number(1, 30)),
    ],
    "充电设施": [
        Column("站点", c.text("{}充电站{}号", c.pick("滨河", "解放路"), c.number(1, 99))),
        Column("经度", lambda row: f"{row.rng.randrange(1_125_000_000, 1_127_000_000) / 1e7:.6f}"),
        Column("纬度", lambda row: f"{row.rng.randrange(378_000_000, 379_000_000) / 1e7:.6f}"),
        Column("枪数", c.number(1, 20)),
    ],
    "组件清单": [
        Column(
            "版本",
            c.text("{}.{}.{}.{}", c.number(1, 12), c.number(0, 40), c.number(0, 200), c.number(1, 250)),
        ),
        Column("组件", c.pick("gateway", "auth", "report")),
        Column("大小", c.number(1000, 10**7)),
    ],
    "固件校验": [
        Column("摘要", c.hexa(12)),
        Column("序列", c.hexa(16, "-", 4)),
        Column("长度", c.number(100, 100_000)),
    ],
    "年龄构成": [
        Column("年龄段", c.pick("0-14岁", "15-59岁", "60岁及以上", "65岁及以上")),
        Column("人数", c.number(100, 10**7)),
        Column("民族", c.pick("汉族", "回族", "满族")),
        Column("性别", c.pick("男", "女", "合计")),
    ],
    "药材价格": [
        Column("品名", c.pick(*HERBS)),
        Column("产地", c.pick("亳州", "安国", "玉林")),
        Column("价", c.money),
    ],
}

SOURCE: dict[str, str] = {
    "慰问名册": "xlsx",
    "键值": "json",
    "接口导出": "json",
    "旧系统": "xls",
    "数据湖": "parquet",
    "交易对账": "json",
    "馆藏": "parquet",
    "资产负债": "xls",
}
"""Formats of the tables that came as something else than a CSV or, every second one, a workbook."""


HELD_BACK_THREE: dict[str, Shape] = shapes(PERSONAL_COLUMNS, IMPERSONAL_COLUMNS)
