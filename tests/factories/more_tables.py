"""Shapes of other departments, with the same truth: dense with personal data, or with none and many numbers.

``PERSONAL`` tables repeat a person in many ways of writing; ``IMPERSONAL`` ones hold codes that look like
identifiers and must come out as they went in, every column.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from tests.factories.people import REGIONS, WEIGHTS, Person, full_width, luhn, person
from tests.factories.tables import Table, identifiers, some_day

Maker = Callable[[Random, int], tuple[list[str], list[str]]]


def _build(name: str, header: str, keep: str, make: Maker, rng: Random, rows: int) -> Table:
    made = [make(rng, i) for i in range(rows)]
    columns = header.split()
    kept = columns if keep == "*" else keep.split()
    return Table(name, columns, [row for row, _ in made], [secrets for _, secrets in made], kept)


def _digits(rng: Random, n: int) -> str:
    return "".join(str(rng.randrange(10)) for _ in range(n))


def _all(*people: Person) -> list[str]:
    return [s for p in people for s in (*identifiers(p), f"{p.born:%Y%m%d}")]


def _check(body: str) -> str:
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11]


def _money(rng: Random) -> str:
    return f"{rng.randrange(100, 900_000) / 100:.2f}"


# -- about persons -----------------------------------------------------------------------------


def hotel(rng: Random, rows: int) -> Table:
    def make(rng: Random, i: int) -> tuple[list[str], list[str]]:
        p, q = person(rng), person(rng)
        latin = rng.choice(["John Smith", "MARIA GARCIA LOPEZ", "Nguyen Van An", "Kim Min-jun"])
        foreign = rng.random() < 0.2
        guest = latin if foreign else p.name
        number = p.passport if foreign else p.resident_id
        both = f"{q.name}{q.resident_id}" if rng.random() < 0.5 else f"{q.name}（{q.resident_id}）"
        row = [str(801 + i % 40), guest, number, both if rng.random() < 0.6 else "", some_day(rng), p.mobile]
        return row, [*_all(p, q), guest]

    return _build("旅馆入住", "房号 旅客 证件 同住人 入住日期 联系", "房号", make, rng, rows)


def owners(rng: Random, rows: int) -> Table:
    def make(rng: Random, i: int) -> tuple[list[str], list[str]]:
        p, q = person(rng), person(rng)
        gap = rng.choice(["、", ",", "；", " ", "/", "和"])
        two = rng.random() < 0.5
        row = [
            f"{rng.randrange(1, 9)}",
            f"{p.name}{gap}{q.name}" if two else p.name,
            f"{p.resident_id}{gap}{q.resident_id}" if two else p.resident_id,
            f"{p.mobile}{rng.choice(['、', '/', ' '])}{q.mobile}" if two else f"{p.mobile}",
            f"{rng.randrange(1, 30)}栋{rng.randrange(1, 4)}单元{rng.randrange(101, 2801)}",
            f"{rng.randrange(5000, 20000) / 100:.2f}",
        ]
        return row, [*_all(p, q), row[4]]

    return _build("物业业主", "期 权利人 权利人证件号 电话 房号 建筑面积", "期 建筑面积", make, rng, rows)


def wedding(rng: Random, rows: int) -> Table:
    def make(rng: Random, i: int) -> tuple[list[str], list[str]]:
        p, q = person(rng), person(rng)
        born = rng.choice(["%Y年%m月%d日", "%Y.%m.%d", "%Y/%m/%d"])
        row = [
            f"J{i:06d}",
            p.name,
            p.resident_id,
            p.born.strftime(born),
            q.name,
            q.resident_id,
            q.born.strftime(born),
            some_day(rng),
        ]
        return row, _all(p, q)

    header = "登记序列 男方 男方证件 男方出生 女方 女方证件 女方出生 登记日"
    return _build("婚姻登记", header, "登记序列 登记日", make, rng, rows)


def court(rng: Random, rows: int) -> Table:
    def make(rng: Random, i: int) -> tuple[list[str], list[str]]:
        p, q = person(rng), person(rng)
        text = (
            f"本院受理原告{p.name}与被告{q.name}民间借贷纠纷一案，因你下落不明，现公告送达。"
            f"住{q.address}，公民身份号码{q.resident_id}。"
        )
        cause = rng.choice(["民间借贷纠纷", "买卖合同纠纷", "离婚纠纷"])
        row = [f"（2025）晋0105民初{i + 100}号", f"{p.name}诉{q.name}{cause}", text, some_day(rng)]
        return row, _all(p, q)

    return _build("法院公告", "案号 标题 公告正文 公告日期", "公告日期", make, rng, rows)


def donations(rng: Random, rows: int) -> Table:
    def make(rng: Random, i: int) -> tuple[list[str], list[str]]:
        p = person(rng)
        donor = rng.choice([p.name, p.name, p.name + "先生", p.name + "（退休教师）", p.name + "夫妇"])
        words = rng.choice(
            ["希望孩子们健康成长", f"{p.name}代母捐", f"回执寄{p.door}", "", f"微信{p.email.split('@')[0]}"]
        )
        mail = p.email.split("@")[0] if "微信" in words else p.name
        return [str(i + 1), donor, _money(rng), words, some_day(rng)], [*_all(p), mail]

    return _build("捐赠公示", "序号 捐赠者 金额 留言 到账日期", "序号 金额 到账日期", make, rng, rows)


def village(rng: Random, rows: int) -> Table:
    def make(rng: Random, i: int) -> tuple[list[str], list[str]]:
        p, q = person(rng), person(rng)
        name = f"{p.name[0]} {p.name[1:]}" if len(p.name) == 2 else p.name
        group = f"{rng.randrange(1, 12)}组"
        relation = rng.choice(["户主", "妻", "长子", "次女", "母亲"])
        row = [
            group,
            name,
            relation,
            q.name,
            full_width(p.resident_id) if rng.random() < 0.3 else p.resident_id.lower(),
            f"{p.born:%Y%m}",
            p.bank_card,
            f"{rng.choice('赵李王')}家坪村{group}{rng.randrange(1, 99)}号",
        ]
        return row, [*_all(p, q), row[7]]

    header = "组别 成员 与户主关系 户主 身份号码 出生 一卡通 详细"
    return _build("花名册", header, "与户主关系", make, rng, rows)


def elderly(rng: Random, rows: int) -> Table:
    def make(rng: Random, i: int) -> tuple[list[str], list[str]]:
        p, q = person(rng), person(rng)
        old = p.resident_id[:6] + p.resident_id[8:17] if p.born.year < 2000 and rng.random() < 0.4 else ""
        guardian = f"{q.name}（{rng.choice(['儿子', '女儿', '侄子'])}）"
        phone = rng.choice([f"0086{q.mobile}", f"+86 {q.mobile}", f"{q.mobile}转2", f"86-{q.mobile}"])
        row = [p.name, old or p.resident_id, f"{88 + i % 9}", guardian, phone, p.bank_card, _money(rng)]
        return row, [*_all(p, q), old]

    header = "老人 证件号码 周岁 监护人及关系 监护人联系 发放账户 月补贴"
    return _build("高龄津贴", header, "月补贴", make, rng, rows)


def stalls(rng: Random, rows: int) -> Table:
    def make(rng: Random, i: int) -> tuple[list[str], list[str]]:
        p = person(rng)
        trade = rng.choice(["小吃店", "五金店", "理发店", "便利店"])
        firm = f"小店区{p.name}{trade}" if rng.random() < 0.7 else f"小店区福满楼{trade}"
        row = [firm, p.name, f"JY1990100{_digits(rng, 7)}", p.mobile, some_day(rng)]
        return row, _all(p)

    return _build("食品经营许可", "字号 经营者 许可证号 电话 发证日期", "发证日期", make, rng, rows)


def permits(rng: Random, rows: int) -> Table:
    """Travel and residence permits, and the 18-digit card of foreigners that begins with 9."""

    def make(rng: Random, i: int) -> tuple[list[str], list[str]]:
        p = person(rng)
        body = f"{p.born:%Y%m%d}{rng.randrange(1000):03d}"
        number = rng.choice(
            [
                "H" + _digits(rng, 10),
                "M" + _digits(rng, 8),
                _digits(rng, 8),
                _check("810000" + body),
                _check("830000" + body),
                _check("911156" + body),
                p.passport,
            ]
        )
        row = [str(i + 1), p.name, rng.choice(["香港", "澳门", "台湾", "外国"]), number, some_day(rng)]
        return row, [*_all(p), number]

    return _build("境外人员", "序号 姓名 来自 证件号码 登记日期", "序号 登记日期", make, rng, rows)


def joined(rng: Random, rows: int) -> Table:
    """Everything in one cell, joined in different ways, JSON among them."""

    def make(rng: Random, i: int) -> tuple[list[str], list[str]]:
        p = person(rng)
        info = rng.choice(
            [
                f"{p.name}{p.resident_id}",
                f"{p.name} {p.mobile}",
                f"{p.name}/{p.mobile}/{p.resident_id}",
                f"{p.name}-{p.resident_id}-{p.bank_card}",
                json.dumps({"姓名": p.name, "phone": p.mobile, "id": p.resident_id}, ensure_ascii=False),
                json.dumps({"name": p.name, "addr": p.address}),
                f"http://example.gov.cn/q?sjh={p.mobile}&sfz={p.resident_id}",
                f"{p.resident_id}@example.gov.cn",
            ]
        )
        return [str(i + 1), info, rng.choice(["正常", "注销"])], _all(p)

    return _build("接口数据", "seq payload status", "seq status", make, rng, rows)


def drivers(rng: Random, rows: int) -> Table:
    def make(rng: Random, i: int) -> tuple[list[str], list[str]]:
        p = person(rng)
        number = p.resident_id[:-1] + rng.choice(["*", "＊", "?"]) if rng.random() < 0.1 else p.resident_id
        row = [
            p.name,
            number,
            f"140100{_digits(rng, 6)}",
            p.plate,
            rng.choice(["酒后驾驶", "超速", "闯红灯"]),
            f"{rng.choice([3, 6, 12])}",
            rng.choice(["", "", "", f"当事人{p.name}已缴款，电话{p.mobile}"]),
        ]
        return row, [*_all(p), p.plate]

    header = "被处罚人 驾驶证号 档案编号 号牌号码 行为 记分 备考"
    return _build("驾驶人处罚", header, "行为 记分", make, rng, rows)


def insurance(rng: Random, rows: int) -> Table:
    def make(rng: Random, i: int) -> tuple[list[str], list[str]]:
        p = person(rng)
        row = [
            "0" + p.resident_id,
            p.resident_id if rng.random() < 0.9 else "",
            p.name,
            rng.choice(["城镇职工", "城乡居民"]),
            _money(rng),
            f"{p.sex}，{2026 - p.born.year}岁",
        ]
        return row, _all(p)

    header = "社会保障号 公民身份号码 参保人 险种 缴费基数 概况"
    return _build("参保明细", header, "险种 缴费基数", make, rng, rows)


def sparse(rng: Random, rows: int) -> Table:
    """Columns that are nearly always empty, whose few cells are the worst."""

    def make(rng: Random, i: int) -> tuple[list[str], list[str]]:
        p = person(rng)
        shown = i % 25 == 3
        row = [
            f"D{i:05d}",
            rng.choice(["已检", "待检"]),
            p.name if shown else "",
            p.mobile if shown else "",
            p.resident_id if i % 40 == 5 else "",
            p.address if shown else "",
            f"QQ{_digits(rng, 9)}" if shown else "",
        ]
        return row, [*_all(p), row[6]]

    return _build("巡检", "设备 状态 甲 乙 丙 丁 戊", "设备 状态", make, rng, rows)


def traditional(rng: Random, rows: int) -> Table:
    """Headers and names in traditional characters."""

    def make(rng: Random, i: int) -> tuple[list[str], list[str]]:
        p = person(rng)
        name = rng.choice("陳張劉楊趙黃吳孫馬鄭謝許鄧馮蕭葉蘇呂蔣") + rng.choice(
            ["建國", "麗華", "志強", "偉", "淑貞", "曉東", "雅婷"]
        )
        phone = rng.choice([f"+852 {rng.choice('569')}{_digits(rng, 3)} {_digits(rng, 4)}", p.mobile])
        row = [str(i + 1), name, phone, p.address, p.email, rng.choice(["優良", "普通"])]
        return row, [*_all(p), name, phone]

    return _build("臺胞服務", "序號 姓名 聯絡電話 通訊地址 電郵 評級", "序號 評級", make, rng, rows)


def teachers(rng: Random, rows: int) -> Table:
    def make(rng: Random, i: int) -> tuple[list[str], list[str]]:
        p = person(rng)
        row = [
            f"{p.name}老师" if rng.random() < 0.3 else p.name,
            f"2024{p.region[:2]}{_digits(rng, 11)}",
            p.resident_id,
            p.email if rng.random() < 0.5 else f"{p.resident_id}@example.gov.cn",
            rng.choice(["语文", "数学", "英语"]),
            rng.choice(["高级中学", "初级中学"]),
            f"{p.born.year}年{p.born.month}月",
        ]
        return row, [*_all(p), row[1]]

    header = "申报人 教师资格证书号码 有效证件 电子信箱 学科 学段 出生年月"
    return _build("教师资格", header, "学科 学段", make, rng, rows)


def beds(rng: Random, rows: int) -> Table:
    def make(rng: Random, i: int) -> tuple[list[str], list[str]]:
        p, q = person(rng), person(rng)
        row = [
            f"{1 + i % 30}床",
            f"ZY{20250000 + i}",
            p.name,
            f"{rng.randrange(1, 90)}岁",
            rng.choice(["肺炎", "骨折", "高血压"]),
            f"{q.name} {q.mobile}",
            f"患者{p.name}，{p.sex}，{p.born:%Y-%m-%d}出生，家属{q.name}签字。",
        ]
        return row, _all(p, q)

    header = "床位 住院序列 患者 年龄 病种 紧急联系 病程"
    return _build("住院", header, "床位", make, rng, rows)


def vaccination(rng: Random, rows: int) -> Table:
    def make(rng: Random, i: int) -> tuple[list[str], list[str]]:
        p, q = person(rng), person(rng)
        row = [
            f"{p.region}{_digits(rng, 12)}",
            f"{q.name}之{'子' if p.sex == '男' else '女'}" if rng.random() < 0.3 else p.name,
            f"{p.born:%Y-%m-%d} 08:30:00",
            q.name,
            f"{q.mobile} {q.mobile[:3]}{_digits(rng, 8)}",
            rng.choice(["乙肝疫苗", "卡介苗", "流感疫苗"]),
            f"202{_digits(rng, 7)}",
        ]
        return row, [*_all(p, q), row[4]]

    header = "接种证号 儿童 出生时间 家长 家长手机 疫苗 批号"
    return _build("预防接种", header, "疫苗", make, rng, rows)


def poverty(rng: Random, rows: int) -> Table:
    def make(rng: Random, i: int) -> tuple[list[str], list[str]]:
        p, q = person(rng), person(rng)
        row = [
            p.name,
            f"{p.resident_id}{rng.choice(['', '42', '43'])}",
            str(rng.randrange(1, 7)),
            rng.choice(["因病", "因残", "因学"]),
            f"{q.name}（{rng.choice(['副镇长', '驻村队员'])}，{q.mobile}）",
            f"该户{p.name}常年患病，{q.name}每月走访。",
        ]
        return row, [*_all(p, q), row[1]]

    header = "户主姓名 残疾证号 家庭人口 致贫原因 帮扶责任人 帮扶措施"
    return _build("脱贫户", header, "家庭人口 致贫原因", make, rng, rows)


PERSONAL: dict[str, Callable[[Random, int], Table]] = {
    f.__name__: f
    for f in (
        hotel,
        owners,
        wedding,
        court,
        donations,
        village,
        elderly,
        stalls,
        permits,
        joined,
        drivers,
        insurance,
        sparse,
        traditional,
        teachers,
        beds,
        vaccination,
        poverty,
    )
}


# -- about things ------------------------------------------------------------------------------


def projects(rng: Random, rows: int) -> Table:
    """The national project code begins with a year and a division; an old local one looks like a resident ID."""  # noqa: E501

    def make(rng: Random, i: int) -> tuple[list[str], list[str]]:
        region = rng.choice(list(REGIONS))
        day = date(2015, 1, 1) + timedelta(days=rng.randrange(3600))
        return [
            f"{day:%y%m}-{region}-04-0{rng.randrange(1, 6)}-{_digits(rng, 6)}",
            f"{region}{day:%Y%m%d}{rng.randrange(10_000):04d}",
            rng.choice(["道路改造工程", "供水管网工程", "学校扩建项目"]),
            f"1{_digits(rng, 10)}",
            f"{day:%Y-%m-%d}",
        ], []

    header = "项目代码 内部编码 项目类型 总投资（元） 批复日期"
    return _build("投资项目", header, "*", make, rng, rows)


def payments(rng: Random, rows: int) -> Table:
    def make(rng: Random, i: int) -> tuple[list[str], list[str]]:
        return [
            f"{rng.randrange(1, 10)}{_digits(rng, 15)}",
            f"{rng.randrange(1, 10)}{_digits(rng, 18)}",
            str(1_700_000_000_000 + rng.randrange(10**10)),
            str(1_700_000_000 + rng.randrange(10**7)),
            _money(rng),
        ], []

    return _build("订单", "订单号 支付流水 时间戳 秒 金额", "*", make, rng, rows)


def divisions(rng: Random, rows: int) -> Table:
    def make(rng: Random, i: int) -> tuple[list[str], list[str]]:
        region = rng.choice(list(REGIONS))
        town = f"{region}{rng.randrange(1, 30):03d}"
        return [region, town, f"{town}{rng.randrange(1, 300):03d}", rng.choice(["111", "112", "220"])], []

    return _build("区划", "县级代码 乡级代码 村级代码 城乡分类", "*", make, rng, rows)


def invoices(rng: Random, rows: int) -> Table:
    def make(rng: Random, i: int) -> tuple[list[str], list[str]]:
        return [
            f"0140020{_digits(rng, 5)}",
            _digits(rng, 8),
            f"25142000000{_digits(rng, 9)}",
            _digits(rng, 20),
            _money(rng),
            some_day(rng),
        ], []

    header = "发票代码 发票号码 数电票号码 校验码 税额 开票日期"
    return _build("发票", header, "*", make, rng, rows)


def meters(rng: Random, rows: int) -> Table:
    def make(rng: Random, i: int) -> tuple[list[str], list[str]]:
        return [
            f"13{_digits(rng, 9)}" if rng.random() < 0.3 else f"4{_digits(rng, 10)}",
            f"8669{_digits(rng, 11)}",
            f"{_digits(rng, 2)}:{_digits(rng, 2)}:A{_digits(rng, 1)}",
            f"{rng.randrange(1_110_000_000, 1_130_000_000) / 1e7:.7f}",
            f"{rng.randrange(360_000_000, 390_000_000) / 1e7:.7f}",
            f"{_money(rng)}",
        ], []

    return _build("水表", "表号 IMEI 网关 经度 纬度 读数", "*", make, rng, rows)


def standards(rng: Random, rows: int) -> Table:
    def make(rng: Random, i: int) -> tuple[list[str], list[str]]:
        return [
            f"GB/T {rng.randrange(1000, 45000)}-{rng.randrange(1990, 2025)}",
            rng.choice(["信息安全技术", "公共信息图形符号", "道路交通标志"]),
            f"978-7-{_digits(rng, 3)}-{_digits(rng, 5)}-{rng.randrange(10)}",
            f"978{_digits(rng, 10)}",
            f"35.{rng.randrange(10, 99):03d}",
            f"{rng.randrange(1990, 2025)}-{rng.randrange(1, 13):02d}-01",
        ], []

    return _build("标准", "标准号 名称 书号 条码 ICS 实施日期", "*", make, rng, rows)


def sensors(rng: Random, rows: int) -> Table:
    def make(rng: Random, i: int) -> tuple[list[str], list[str]]:
        return [
            f"202{rng.randrange(3, 6)}{rng.randrange(1, 13):02d}{rng.randrange(1, 29):02d}{_digits(rng, 6)}",
            f"SN{_digits(rng, 12)}",
            f"1{_digits(rng, 10)}",
            f"{rng.randrange(0, 500) / 10}",
            rng.choice(["正常", "离线"]),
        ], []

    return _build("监测", "采集时刻 设备序列 累计流量 浓度 状态", "*", make, rng, rows)


def fixtures(rng: Random, rows: int) -> Table:
    """Things whose names begin like family names."""

    def make(rng: Random, i: int) -> tuple[list[str], list[str]]:
        return [
            rng.choice(
                ["黄瓜", "白菜", "马铃薯", "高粱", "金针菇", "石榴", "梅子", "柳橙", "安琪酵母", "方便面"]
            ),
            rng.choice(["江山", "金华", "黄山", "白云", "龙门", "温岭", "常山", "东方"]),
            rng.choice(["国标一等", "优等", "合格"]),
            f"{rng.randrange(1, 90)}",
            f"{rng.randrange(100, 9999)}/{rng.randrange(100, 9999)}",
        ], []

    return _build("农产品抽检", "品类 产地 等级 批数 折算", "*", make, rng, rows)


def schedules(rng: Random, rows: int) -> Table:
    def make(rng: Random, i: int) -> tuple[list[str], list[str]]:
        return [
            f"{rng.randrange(1, 900)}路",
            f"{rng.randrange(5, 7):02d}:{rng.randrange(60):02d}-{rng.randrange(20, 24)}:{rng.randrange(60):02d}",  # noqa: E501
            rng.choice(["火车站—市政府", "大学城—体育中心", "动物园—高铁东站"]),
            f"{rng.randrange(5, 40)}",
            f"{rng.randrange(1, 99)}-{rng.randrange(1, 99)}-{rng.randrange(1, 99)}",
        ], []

    return _build("公交线路", "线路 首末班 起讫 间隔 版本", "*", make, rng, rows)


def parcels(rng: Random, rows: int) -> Table:
    """Parcel numbers of land: nineteen characters that begin with a division."""

    def make(rng: Random, i: int) -> tuple[list[str], list[str]]:
        region = rng.choice(list(REGIONS))
        zone = f"{region}{rng.randrange(1, 20):03d}{rng.randrange(1, 200):03d}"
        return [
            f"{zone}GB{_digits(rng, 5)}",
            f"{zone}GB{_digits(rng, 5)}W00000000",
            f"{zone}{_digits(rng, 7)}",
            rng.choice(["商服用地", "工业用地", "住宅用地"]),
            f"{rng.randrange(10_000, 10_000_000) / 100:.2f}",
        ], []

    header = "宗地代码 不动产单元号 旧图斑号 用途 面积（㎡）"
    return _build("宗地", header, "*", make, rng, rows)


def cards(rng: Random, rows: int) -> Table:
    """Bus cards: counted up, each with a true Luhn digit, nobody's account."""

    def make(rng: Random, i: int) -> tuple[list[str], list[str]]:
        return [luhn(f"3104870{i:08d}"), f"{rng.randrange(1, 99)}", some_day(rng)], []

    return _build("公交卡批次", "卡片序列号 批次 出厂日期", "*", make, rng, rows)


IMPERSONAL: dict[str, Callable[[Random, int], Table]] = {
    f.__name__: f
    for f in (
        projects,
        payments,
        divisions,
        invoices,
        meters,
        standards,
        sensors,
        fixtures,
        schedules,
        parcels,
        cards,
    )
}

MORE_TABLES: dict[str, Callable[[Random, int], Table]] = {**PERSONAL, **IMPERSONAL}
