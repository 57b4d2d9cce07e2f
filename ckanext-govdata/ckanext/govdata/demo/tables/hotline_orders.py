"""12345热线工单: work orders whose text names people, telephones, addresses, plates and cards."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import BinaryIO

import xlsxwriter

from ckanext.govdata.demo import identifiers
from ckanext.govdata.demo.people import TODAY, People, Person

HEADER = (
    "工单编号",
    "来电时间",
    "来电人",
    "联系电话",
    "诉求类别",
    "诉求内容",
    "承办单位",
    "办理状态",
    "满意度",
)
# Category, department, wordings. {other} is another person, {card} and {plate} are identifiers.
MATTERS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "供热供水",
        "市住房和城乡建设局",
        (
            "{name}来电反映，家住{address}，连续三天暖气不热，室温只有14度，家里有老人，请尽快处理，回复电话{mobile}。",
            "市民称{address}自来水发黄有异味，已向物业反映两次无果，联系人{other}，手机{mobile}。",
        ),
    ),
    (
        "物业管理",
        "市住房和城乡建设局",
        (
            "反映小区电梯经常停运，物业经理{other}（{other_mobile}）答复等待配件，已半个月，要求督促维修。",
            "{address}楼上住户{other}私自改装阳台，造成漏水，多次协商未果。来电人{name}，身份证{id}，愿意配合调查。",
        ),
    ),
    (
        "交通出行",
        "市交通运输局",
        (
            "乘坐车牌{plate}的出租车，司机绕路并拒绝打印发票，多收18元，要求退还。联系方式{mobile}。",
            "建议延长12路公交末班车时间，晚上十点以后学府路一带没有公交车。",
        ),
    ),
    (
        "社会保障",
        "市人力资源和社会保障局",
        (
            "{name}咨询养老金认证问题，身份证号{id}，已完成人脸认证但十月份养老金没有到账，卡号{card}。",
            "单位拖欠三个月工资，负责人{other}，电话{other_mobile}，涉及十二名工人，希望劳动监察部门介入。",
        ),
    ),
    (
        "噪声扰民",
        "市城市管理局",
        (
            "{address}楼下烧烤店每晚营业到凌晨两点，油烟和噪音很大，影响孩子休息，请联系{mobile}核实。",
            "工地夜间施工扰民，地点在兴云大道与学府路交叉口东北角，希望执法人员到现场查看。",
        ),
    ),
    (
        "市场监管",
        "市市场监督管理局",
        (
            "在健身房办理年卡2980元，商家{other}失联，要求退费，本人{name}，微信同手机号{mobile}。",
            "网购食品过期，商家拒绝赔偿，订单截图可提供，邮箱{email}。",
        ),
    ),
)
STATES = ("已办结", "办理中", "已回访", "转办")
RATINGS = ("满意", "基本满意", "不满意", "未评价")


def generate(stream: BinaryIO, seed: int, rows: int) -> None:
    """Write ``rows`` work orders as XLSX, one sheet, one header row."""
    people = People(seed)
    dice = people.dice
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"created": datetime(TODAY.year, TODAY.month, TODAY.day)})
    sheet = book.add_worksheet("工单")
    when = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet.write_row(0, 0, HEADER)
    start = datetime(2026, 9, 1, 8)
    for line in range(1, rows + 1):
        caller = people.person()
        category, department, wordings = dice.choice(MATTERS)
        start += timedelta(seconds=dice.randrange(60, 1800))
        sheet.write_string(line, 0, f"YZ{start:%Y%m%d}{line:06d}")
        sheet.write_datetime(line, 1, start, when)
        sheet.write_string(line, 2, caller.name)
        sheet.write_string(line, 3, caller.mobile)
        sheet.write_string(line, 4, category)
        sheet.write_string(line, 5, _told(people, caller, dice.choice(wordings)))
        sheet.write_string(line, 6, department)
        sheet.write_string(line, 7, dice.choice(STATES))
        sheet.write_string(line, 8, dice.choices(RATINGS, (60, 20, 8, 12))[0])
    book.close()


def _told(people: People, caller: Person, wording: str) -> str:
    other = people.person()
    return wording.format(
        name=caller.name,
        mobile=caller.mobile,
        id=caller.resident_id,
        address=caller.address,
        other=other.name,
        other_mobile=other.mobile,
        card=identifiers.bank_card(people.dice),
        plate=identifiers.plate(people.dice),
        email=people.faker.ascii_free_email(),
    )
