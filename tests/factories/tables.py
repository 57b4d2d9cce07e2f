"""Department tables with their truth: what each row must not give away, and what must stay equal.

Shapes are those that departments send: misleading headers, dirty columns, prose that quotes people,
look-alike numbers. Nothing here is shared with the demo data or with any recognizer.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import openpyxl

from tests.factories.people import Person, full_width, person, uscc


@dataclass(frozen=True)
class Table:
    """A table and the truth about it.

    ``secrets[i]`` are strings that may appear nowhere in output row ``i``; ``keep`` are the columns
    that must come out with equal cells.
    """

    name: str
    header: list[str]
    rows: list[list[str]]
    secrets: list[list[str]]
    keep: list[str]
    title: str = ""

    def csv(self, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
        writer.writerow(self.header)
        writer.writerows(self.rows)
        return text.getvalue().encode(encoding)

    def xlsx(self) -> bytes:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        if self.title:
            sheet.append([self.title])
            sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(self.header))
        sheet.append(self.header)
        for row in self.rows:
            sheet.append([cell or None for cell in row])
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()


def identifiers(p: Person) -> list[str]:
    return [p.name, p.resident_id, p.mobile, p.bank_card, p.email, p.door, p.passport]


def grouped_mobile(p: Person, gap: str) -> str:
    return gap.join((p.mobile[:3], p.mobile[3:7], p.mobile[7:]))


def grouped_card(p: Person) -> str:
    return " ".join(p.bank_card[k : k + 4] for k in range(0, len(p.bank_card), 4))


def some_day(rng: Random) -> str:
    return f"{date(2024, 1, 1) + timedelta(days=rng.randrange(700)):%Y-%m-%d}"


def school(rng: Random, rows: int) -> Table:
    header = [
        "学籍号",
        "学生姓名",
        "性别",
        "身份证号",
        "出生年月",
        "家庭住址",
        "监护人",
        "监护人电话",
        "班级",
        "班主任评语",
    ]
    out, secrets = [], []
    for _ in range(rows):
        child, parent = person(rng), person(rng)
        remark = rng.choice(
            [
                f"{child.name}同学学习认真，家长{parent.name}配合良好。",
                f"已电话联系家长（{parent.mobile}），家住{child.door}，拟家访。",
                "品学兼优。",
                "",
            ]
        )
        klass = f"{rng.randrange(1, 7)}年级{rng.randrange(1, 9)}班"
        out.append(
            [
                "G" + child.resident_id,
                child.name,
                child.sex,
                child.resident_id,
                f"{child.born:%Y%m%d}",
                child.address,
                parent.name,
                parent.mobile,
                klass,
                remark,
            ]
        )
        secrets.append([*identifiers(child), parent.name, parent.mobile])
    return Table("2025年秋季学籍", header, out, secrets, ["班级"])


def clinic(rng: Random, rows: int) -> Table:
    header = ["就诊流水", "患者", "证件号码", "联系方式", "就诊日期", "科室", "费用（元）", "医保卡账号"]
    out, secrets = [], []
    for i in range(rows):
        p = person(rng)
        document = p.passport if rng.random() < 0.1 else p.resident_id
        contact = rng.choice(
            [
                p.mobile,
                f"0351-{rng.randrange(2_000_000, 8_999_999)}",
                f"{p.mobile[:3]}-{p.mobile[3:7]}-{p.mobile[7:]}",
            ]
        )
        out.append(
            [
                f"{20250000 + i}",
                p.name,
                document,
                contact,
                some_day(rng),
                rng.choice(["内科", "外科", "儿科", "眼科"]),
                f"{rng.randrange(1000, 900000) / 100:.2f}",
                p.bank_card,
            ]
        )
        secrets.append([p.name, document, contact, p.mobile, p.bank_card])
    return Table(
        "门诊费用",
        header,
        out,
        secrets,
        ["就诊日期", "科室", "费用（元）"],
        title="2025年度门诊费用结算明细表",
    )


def vehicles(rng: Random, rows: int) -> Table:
    header = ["号牌号码", "车主", "身份证明号码", "住所地址", "车辆类型", "初次登记日期", "排量"]
    out, secrets = [], []
    for _ in range(rows):
        p = person(rng)
        kind = rng.choice(["小型轿车", "轻型货车", "普通摩托车"])
        out.append(
            [p.plate, p.name, p.resident_id, p.address, kind, some_day(rng), f"{rng.randrange(10, 40) / 10}L"]
        )
        secrets.append([p.plate, p.name, p.resident_id, p.door])
    return Table("机动车登记", header, out, secrets, ["车辆类型", "初次登记日期", "排量"])


def payroll(rng: Random, rows: int) -> Table:
    header = ["工号", "人员", "开户行", "账号", "应发工资", "实发工资", "电子邮箱", "发放月份"]
    out, secrets = [], []
    for i in range(rows):
        p = person(rng)
        gross = rng.randrange(300000, 2000000)
        bank = rng.choice(["中国工商银行太原小店支行", "中国建设银行滕州支行"])
        card = grouped_card(p) if rng.random() < 0.3 else p.bank_card
        out.append(
            [
                f"YG{i:06d}",
                p.name,
                bank,
                card,
                f"{gross / 100:.2f}",
                f"{gross * 0.87 / 100:.2f}",
                p.email,
                "2025-09",
            ]
        )
        secrets.append([p.name, p.bank_card, card, p.email])
    return Table("公益岗位工资", header, out, secrets, ["开户行", "应发工资", "实发工资", "发放月份"])


def hotline(rng: Random, rows: int) -> Table:
    header = ["工单编号", "受理时间", "诉求内容", "承办单位", "办理结果", "满意度"]
    out, secrets = [], []
    for i in range(rows):
        p, q = person(rng), person(rng)
        text = rng.choice(
            [
                f"来电人{p.name}（电话{p.mobile}）反映{p.address}楼上漏水，多次联系物业未果。",
                f"市民{p.name}，身份证号{p.resident_id}，咨询医保报销进度，请回复{p.email}。",
                f"群众反映：{q.name}在{p.door}门前违规停车，车牌{p.plate}，联系人手机{full_width(p.mobile)}。",
                f"退款未到账，卡号{grouped_card(p)}，户名{p.name}。",
            ]
        )
        result = rng.choice(
            [f"已与{p.name}电话沟通，{q.name}现场处理完毕。", f"经{q.name}核实，已办结。", "已办结。"]
        )
        out.append(
            [
                f"{rng.randrange(10**17, 10**18)}",
                f"{some_day(rng)} 10:{i % 60:02d}:00",
                text,
                rng.choice(["市住房和城乡建设局", "市医疗保障局", "小店区人民政府"]),
                result,
                rng.choice(["满意", "基本满意", "不满意"]),
            ]
        )
        secrets.append([*identifiers(p), q.name, p.plate, full_width(p.mobile)])
    return Table("12345工单", header, out, secrets, ["工单编号", "受理时间", "承办单位", "满意度"])


def misleading(rng: Random, rows: int) -> Table:
    header = ["编号", "手机", "项目", "备注", "名称", "说明", "地点"]
    out, secrets = [], []
    for _ in range(rows):
        p = person(rng)
        out.append(
            [
                p.resident_id,
                f"{rng.randrange(100, 9000)}",
                p.mobile,
                p.name,
                rng.choice(["低保金", "高龄津贴", "临时救助"]),
                rng.choice(["按月发放", "按季发放"]),
                p.address,
            ]
        )
        secrets.append([p.resident_id, p.mobile, p.name, p.door])
    return Table("发放清册", header, out, secrets, ["手机", "名称", "说明"])


def dirty(rng: Random, rows: int) -> Table:
    header = ["序号", "姓 名", "公民身份号码", "联系电话", "金额"]
    out, secrets = [], []
    for i in range(rows):
        p = person(rng)
        number, phone = p.resident_id, p.mobile
        style = rng.random()
        if style < 0.08:
            number = f"{number[:6]} {number[6:14]} {number[14:]}"
        elif style < 0.16:
            number = full_width(number)
        elif style < 0.24:
            number = number.lower()
        elif style < 0.32:
            number = number[:-2] + str((int(number[-2]) + 1) % 10) + number[-1]
        elif style < 0.38:
            number = ""
        elif style < 0.45:
            number = number[:6] + number[8:17]
        if rng.random() < 0.3:
            phone = rng.choice(
                [
                    f"+86 {phone}",
                    f"{phone[:3]} {phone[3:7]} {phone[7:]}",
                    f"{phone}/{person(rng).mobile}",
                    full_width(phone),
                ]
            )
        out.append([str(i + 1), p.name, number, phone, f"{rng.randrange(100, 99999)}"])
        secrets.append([s for s in (p.name, p.resident_id, number, p.mobile, phone) if s])
    return Table("救助对象（脏数据）", header, out, secrets, ["序号", "金额"])


def companies(rng: Random, rows: int) -> Table:
    header = ["统一社会信用代码", "企业名称", "法定代表人", "联系电话", "成立日期", "经营范围", "登记机关"]
    out, secrets = [], []
    for _ in range(rows):
        p = person(rng)
        name = (
            "山西"
            + rng.choice(["晋源", "汾河", "云冈", "吕梁"])
            + rng.choice(["商贸", "建筑工程", "信息技术"])
            + "有限公司"
        )
        scope = rng.choice(
            ["日用百货销售；道路货物运输。", "房屋建筑工程施工；园林绿化。", "软件开发；技术咨询服务。"]
        )
        out.append([uscc(rng), name, p.name, p.mobile, some_day(rng), scope, "太原市市场监督管理局"])
        secrets.append([p.name, p.mobile])
    return Table(
        "企业名录", header, out, secrets, ["统一社会信用代码", "企业名称", "成立日期", "登记机关", "经营范围"]
    )


def look_alikes(rng: Random, rows: int) -> Table:
    """Nothing personal: codes and amounts that only look like identifiers."""
    header = [
        "项目代码",
        "订单号",
        "支付流水",
        "更新时间戳",
        "金额（分）",
        "行政区划代码",
        "街道代码",
        "项目名称",
        "进展说明",
    ]
    out = [
        [
            f"2025{rng.choice(['140105', '140106', '140211'])}{rng.randrange(10**8):08d}",
            f"{rng.randrange(10**15, 10**16)}",
            f"{rng.randrange(10**18, 9 * 10**18)}",
            f"{1_700_000_000_000 + rng.randrange(10**10)}",
            f"{rng.randrange(10**10, 2 * 10**10)}",
            rng.choice(["140105", "140106", "140107", "140211"]),
            f"140105{rng.randrange(1, 20):03d}",
            rng.choice(["汾河景区提升", "小店区道路改造", "智慧停车二期", "污水处理厂扩建"])
            + f"第{rng.randrange(1, 90)}标段",
            rng.choice(["已完成招标，预计年底竣工。", "正在办理规划许可。", "主体结构封顶，进入装修阶段。"]),
        ]
        for _ in range(rows)
    ]
    return Table("重点项目", header, out, [[] for _ in out], list(header))


def statistics(rng: Random, rows: int) -> Table:
    header = [
        "年份",
        "月份",
        "地区",
        "地区代码",
        "常住人口（万人）",
        "地区生产总值（亿元）",
        "同比增长（%）",
        "备注",
    ]
    regions = [("太原市", "140100"), ("大同市", "140200"), ("阳泉市", "140300"), ("长治市", "140400")]
    out = []
    for i in range(rows):
        name, code = regions[i % 4]
        out.append(
            [
                str(2010 + i // 48 % 15),
                str(i % 12 + 1),
                name,
                code,
                f"{rng.randrange(1000, 6000) / 10}",
                f"{rng.randrange(5000, 60000) / 10}",
                f"{rng.randrange(-50, 120) / 10}",
                rng.choice(["", "初步核算数", "按可比价格计算"]),
            ]
        )
    return Table("地区生产总值", header, out, [[] for _ in out], list(header))


TABLES: dict[str, Callable[[Random, int], Table]] = {
    f.__name__: f
    for f in (
        school,
        clinic,
        vehicles,
        payroll,
        hotline,
        misleading,
        dirty,
        companies,
        look_alikes,
        statistics,
    )
}
