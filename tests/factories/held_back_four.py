"""Twenty-eight held-back tables, fourth set: persons inside other things.

In notes and log lines, links, JSON and marked-up text within a cell, in codes that anybody can read back
(base64, percent, escapes), in the formats that spreadsheets make of numbers, in words for digits; and twelve
tables of things that look like it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from urllib.parse import quote

from tests.factories import cells as c
from tests.factories.cells import Cell, Column, Row
from tests.factories.held_back import shapes
from tests.factories.judge import Shape
from tests.factories.people import REGIONS, luhn

K, H = "keep", "hide"
WORDS = "零一二三四五六七八九"
SPOKEN = "零幺二三四五六七八九"
FORMAL = "零壹贰叁肆伍陆柒捌玖"
HIDDEN = "\u200b\u200d\ufeff\u2060"


def worded(make: Cell, *numerals: str) -> Cell:
    """A number in words, one for each digit."""

    def cell(row: Row) -> str:
        words = row.rng.choice(numerals)
        return row.tell("".join(words[int(d)] if d.isdigit() else d for d in make(row)))

    return cell


def torn(make: Cell, *gaps: str) -> Cell:
    """A number with something between its digits that nobody sees, or a line that was broken."""

    def cell(row: Row) -> str:
        value, gap = make(row), row.rng.choice(gaps)
        return value[:3] + gap + value[3:7] + gap + value[7:]

    return cell


def coded(make: Cell, code: Callable[[str], str]) -> Cell:
    """A value in a writing that anybody can read back."""
    return lambda row: row.tell(code(make(row)))


def b64(value: str) -> str:
    return base64.b64encode(value.encode()).decode()


def percent(value: str) -> str:
    return quote(value)


def escaped(value: str) -> str:
    return json.dumps(value)[1:-1]


def entities(value: str) -> str:
    return "".join(f"&#{ord(character)};" for character in value)


def hexed(value: str) -> str:
    return value.encode().hex()


def digest(value: str) -> str:
    return hashlib.md5(value.encode(), usedforsecurity=False).hexdigest()


def grouped_by_three(value: str) -> str:
    return f"{int(value):,}"


def record(row: Row) -> str:
    return json.dumps(
        {"name": c.name(row), "idNo": c.rid(row), "tel": c.mobile(row), "ok": True}, ensure_ascii=False
    )


def escaped_record(row: Row) -> str:
    name = c.name(row)
    row.tell(escaped(name))
    return json.dumps({"n": name, "t": c.mobile(row)})


def log_line(row: Row) -> str:
    return (
        f"2024-05-{row.rng.randrange(10, 28)} 10:{row.rng.randrange(10, 60)}:07 INFO user={c.name(row)} "
        f"mobile={c.mobile(row)} status={row.rng.randrange(200, 500)}"
    )


def idle_line(row: Row) -> str:
    return f"2024-05-{row.rng.randrange(10, 28)} 10:{row.rng.randrange(10, 60)}:07 INFO heartbeat ok"


def trace(row: Row) -> str:
    return "-".join("".join(row.rng.choice("0123456789abcdef") for _ in range(n)) for n in (8, 4, 4, 4, 12))


def token(row: Row) -> str:
    return "T" + base64.b64encode(row.rng.randbytes(18)).decode()[1:]


PERSONAL_COLUMNS: dict[str, list[Column]] = {
    "巡查记录": [
        Column("点位", c.serial("巡{:04d}"), K),
        Column(
            "说明",
            c.either(
                c.pick("正常", "路灯不亮，已报修", "井盖破损"),
                c.text("{}家门口堆物，已劝导", c.name),
                c.text("{}反映噪声", c.name),
                c.text("已约谈{}和{}", c.name, c.other_name),
            ),
        ),
        Column("次数", c.number(1, 9), K),
    ],
    "表格转换": [
        Column("号码一", c.dressed(c.mobile, lambda v: f"{v}.00", lambda v: f"{float(v):.10E}")),
        Column("号码二", c.dressed(c.rid, lambda v: f"{v}.0" if v[-1] != "X" else v, c.quoted)),
        Column("数", c.number(1, 90), K),
    ],
    "千分位": [
        Column("c", coded(c.mobile, grouped_by_three)),
        Column("d", c.number(1, 90), K),
    ],
    "混合登记": [
        Column(
            "标识",
            c.either(c.rid, c.mobile, c.passport, c.email, c.pick("—", "见附件", "武汉宏达商贸有限公司")),
        ),
        Column("类", c.pick("甲", "乙"), K),
    ],
    "全角与零宽": [
        Column("值一", torn(c.mobile, *HIDDEN)),
        Column("值二", torn(c.dressed(c.rid, c.wide), *HIDDEN, "\u00a0")),
        Column("姓 名", torn(c.name, *HIDDEN)),
        Column("批次", c.pick("01", "02"), K),
    ],
    "换行的号码": [
        Column("甲", torn(c.rid, "\n", "\r\n")),
        Column("乙", torn(c.mobile, "\n", "\t")),
        Column("丙", c.pick("是", "否"), K),
    ],
    "证号两栏": [
        Column("前段", lambda row: row.tell(c.rid(row)[:14])),
        Column("后段", lambda row: row.one.resident_id[14:], H),
        Column("窗口", c.number(1, 20), K),
    ],
    "链接": [
        Column(
            "url",
            c.either(
                c.text("https://bs.example.cn/q?id={}&t=1", c.rid),
                c.text("https://bs.example.cn/u/{}/detail", c.mobile),
                c.text("https://bs.example.cn/q?name={}&p=2", coded(c.name, percent)),
            ),
        ),
        Column("点击", c.number(1, 9000), K),
    ],
    "报文": [
        Column("body", c.either(record, escaped_record)),
        Column("耗时", c.number(1, 900), K),
    ],
    "富文本": [
        Column(
            "内容",
            c.either(
                c.text("<p>联系人：<b>{}</b></p><p>电话：{}</p>", c.name, c.mobile),
                c.text("<td>{}</td><td>{}</td>", c.name, c.rid),
                c.text("{}的申请", coded(c.name, entities)),
            ),
        ),
        Column("版", c.number(1, 9), K),
    ],
    "编码存储": [
        Column("k1", coded(c.rid, b64)),
        Column("k2", coded(c.mobile, b64)),
        Column("k3", coded(c.name, b64)),
        Column("k4", coded(c.mobile, hexed)),
        Column("n", c.number(1, 90), K),
    ],
    "摘要代替": [
        Column("手机号MD5", coded(c.mobile, digest)),
        Column("身份证号", coded(c.rid, digest)),
        Column("渠道", c.pick("APP", "窗口"), K),
    ],
    "口述号码": [
        Column("序", c.serial("{}"), K),
        Column(
            "备注",
            c.either(
                c.text("电话{}", worded(c.mobile, WORDS, SPOKEN, FORMAL)),
                c.text("微信同号{}，下午打", worded(c.mobile, SPOKEN)),
                c.pick("无", "已回访"),
            ),
        ),
    ],
    "访问日志": [
        Column("line", c.often(0.3, log_line, idle_line)),
        Column("主机", c.pick("web-1", "web-2"), K),
    ],
    "快递面单": [
        Column("面单", c.text("{} {} {}", c.name, c.mobile, c.address)),
        Column("重量", c.number(1, 30), K),
    ],
    "多个号码": [
        Column(
            "电话们",
            c.either(
                c.text("{}/{}", c.mobile, c.other_mobile),
                c.text("{}、{}", c.mobile, c.landline),
                c.text("{};{}", c.landline, c.other_mobile),
            ),
        ),
        Column("户", c.text("{}（{}）", c.name, c.pick("户主", "租客"))),
        Column("间", c.number(1, 9), K),
    ],
}

IMPERSONAL_COLUMNS: dict[str, list[Column]] = {
    "追踪编号": [
        Column("trace_id", trace),
        Column("commit", c.hexa(40)),
        Column("token", token),
    ],
    "接口链接": [
        Column("url", c.text("https://data.example.cn/d/{}?page={}", c.digits(16, "2"), c.number(1, 90))),
        Column("状态", c.pick("200", "404")),
    ],
    "界面配置": [
        Column("config", c.text('{{"w":{},"h":{},"theme":"dark"}}', c.number(100, 999), c.number(100, 999))),
        Column("键", c.serial("ui.{}")),
    ],
    "条文索引": [
        Column("条", c.pick("第一三八条", "第二百零五条", "第九十六条")),
        Column("年", c.pick("二〇二四年", "一九九八年", "二零一三年")),
        Column("文号", c.text("武政规〔2024〕{}号", c.number(1, 99))),
    ],
    "产值": [
        Column("总产值（元）", c.dressed(c.digits(10, "2"), grouped_by_three)),
        Column("增加值", c.dressed(c.digits(9, "7"), grouped_by_three)),
        Column("年份", c.number(2001, 2024)),
    ],
    "植物名录": [
        Column("学名", c.pick("Rosa chinensis", "Ginkgo biloba", "Salix babylonica", "Morus alba")),
        Column("中文名", c.pick("月季花", "银杏", "垂柳", "桑", "白杨", "金银花")),
        Column("株数", c.number(1, 900)),
    ],
    "地名": [
        Column("路名", c.pick("张之洞路", "中山大道", "解放大道", "岳飞街", "文天祥路")),
        Column("别名", c.pick("", "老汉口", "新马路")),
        Column("长度", c.money),
    ],
    "规划许可": [
        Column(
            "证号", c.text("建字第{}{}号", lambda row: row.rng.choice(list(REGIONS)), c.digits(5, "2024"))
        ),
        Column("项目", c.text("{}小学教学楼{}期", c.pick("光谷", "水果湖"), c.number(1, 4))),
        Column("面积", c.money),
    ],
    "电表读数": [
        Column("表号", c.digits(6, "420000")),
        Column("示数", c.money),
        Column("时刻", c.digits(9, "1724")),
    ],
    "热线": [
        Column("名称", c.pick("市民热线", "供水服务", "供电服务")),
        Column("号码", c.pick("12345", "96510", "95598", "400-820-8820")),
        Column("受理量", c.number(1, 9999)),
    ],
    "商品条码": [
        Column("条码", lambda row: luhn(f"69{row.rng.randrange(10**9):09d}") + "7"),
        Column("批号", c.text("{}{}", c.digits(6, "20"), c.pick("A", "B"))),
        Column("箱", c.number(1, 90)),
    ],
    "公告正文": [
        Column(
            "正文",
            c.text(
                "根据《城市道路管理条例》第{}条，对{}进行封闭施工，工期{}天。",
                c.number(1, 40),
                c.pick("珞喻路", "中山大道"),
                c.number(3, 60),
            ),
        ),
        Column("类别", c.pick("交通", "市政")),
    ],
}

HELD_BACK_FOUR: dict[str, Shape] = shapes(PERSONAL_COLUMNS, IMPERSONAL_COLUMNS)
