"""企业登记基本信息: credit codes, which are public, and legal representatives, who are people."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import BinaryIO

from ckanext.govdata.demo import identifiers, places
from ckanext.govdata.demo.people import TODAY, People

HEADER = (
    "企业名称",
    "统一社会信用代码",
    "法定代表人",
    "法定代表人证件号",
    "联系电话",
    "企业类型",
    "注册资本万元",
    "成立日期",
    "住所",
    "经营范围",
    "登记状态",
)
KINDS = (
    "有限责任公司(自然人投资或控股)",
    "有限责任公司(自然人独资)",
    "股份有限公司(非上市)",
    "个人独资企业",
    "合伙企业",
)
TRADES: tuple[tuple[str, str], ...] = (
    ("商贸", "日用百货、文具用品、五金交电销售；货物进出口（依法须经批准的项目，经批准后方可开展经营活动）"),
    ("科技", "软件开发；信息系统集成服务；信息技术咨询服务；计算机软硬件及辅助设备零售"),
    ("建筑工程", "各类工程建设活动；室内装饰装修；建筑材料销售；建筑劳务分包"),
    ("餐饮管理", "餐饮服务；食品销售；餐饮管理；外卖递送服务"),
    ("物流", "道路货物运输（不含危险货物）；国内货物运输代理；普通货物仓储服务"),
    ("农业发展", "蔬菜、水果种植；农产品的生产、销售、加工、运输、贮藏"),
    ("文化传媒", "广告设计、代理；组织文化艺术交流活动；会议及展览服务"),
    ("机械制造", "机械零件、零部件加工；通用设备制造；金属结构制造"),
)
STATES = ("存续", "存续", "存续", "存续", "注销", "吊销")
# Two characters that a firm's name is made of.
FIRST = "云锦宏盛恒泰兴瑞华德嘉鑫永安康达博远诚信"
SECOND = "源达丰润泰和隆昌宇通顺发腾飞利佳美安宁捷"


def generate(stream: BinaryIO, seed: int, rows: int) -> None:
    """Write ``rows`` companies as UTF-8 with a byte order mark."""
    people = People(seed)
    dice = people.dice
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for _ in range(rows):
        person = people.person(youngest=24, oldest=70)
        trade, scope = dice.choice(TRADES)
        road = f"云州市{person.district}{dice.choice(places.ROADS)}{dice.randrange(1, 400)}号"
        writer.writerow(
            (
                f"云州{dice.choice(FIRST)}{dice.choice(SECOND)}{trade}有限公司",
                identifiers.credit_code(dice),
                person.name,
                person.resident_id,
                person.mobile,
                dice.choice(KINDS),
                dice.choice((10, 50, 100, 200, 500, 1000, 3000)),
                (TODAY - timedelta(days=dice.randrange(60, 7000))).isoformat(),
                road,
                scope,
                dice.choice(STATES),
            )
        )
    text.detach()
