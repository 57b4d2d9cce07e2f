"""Forty held-back tables, second set: other departments, other headers, other ways of writing the same kinds of value.

No rule was tuned on these; what they showed is reported as it was found.
"""  # noqa: E501

from __future__ import annotations

from tests.factories import cells as c
from tests.factories.cells import Column, Row
from tests.factories.held_back import shapes
from tests.factories.judge import Shape
from tests.factories.people import REGIONS, luhn, uscc

K, H = "keep", "hide"


def _dotted(value: str) -> str:
    return f"{value[:3]}.{value[3:7]}.{value[7:]}"


def _area(value: str) -> str:
    return f"(+86){value}"


def _float(value: str) -> str:
    return f"{value}.0"


def _formula(value: str) -> str:
    return f'="{value}"'


def _hidden(value: str) -> str:
    return f"\u200b{value}"


def _traffic(row: Row) -> str:
    return row.rng.choice(["晋A", "苏E", "浙B"]) + row.tell(f"{row.rng.randrange(10**5):05d}")


def _cardinal(row: Row) -> str:
    """Eighteen digits that begin with a division and end at random: a case number."""
    return f"{row.rng.choice(list(REGIONS))}{row.rng.randrange(10**12):012d}"


def _unit(row: Row) -> str:
    return (
        row.rng.choice(["第一", "实验", "育才", "城关"])
        + row.rng.choice(["小学", "中学", "幼儿园"])
        + f"{row.index}部"
    )


def _station(row: Row) -> str:
    return f"{row.rng.choice(['兴隆', '滨河', '新华'])}水质自动监测站{row.index}"


PERSONAL_COLUMNS: dict[str, list[Column]] = {
    "受理单": [
        Column("流水", c.rid),
        Column("业务", c.pick("落户", "迁出", "补领"), K),
        Column("窗口", c.number(1, 30), K),
    ],
    "资格复核": [
        Column("参考资料", c.dressed(c.rid, c.lower, c.grouped)),
        Column("领取人", c.name),
        Column("核定金额", c.money, K),
        Column("说明", c.often(0.2, c.text("已电话{}告知", c.mobile), c.pick("通过", "复核中"))),
    ],
    "租赁备案": [
        Column("出租人", c.name),
        Column("承租人", c.other_name),
        Column("双方证件", c.text("{}、{}", c.rid, c.other_rid)),
        Column("坐落", c.address),
        Column("租金", c.money, K),
    ],
    "Visitors": [
        Column("No", c.serial("{}"), K),
        Column("visitor_name", c.name),
        Column("passport_no", c.either(c.passport, c.new_passport)),
        Column("mobile_phone", c.dressed(c.mobile, _area, _dotted)),
        Column("purpose", c.pick("meeting", "delivery"), K),
    ],
    "rkxx": [
        Column("xm", c.name),
        Column("zjhm", c.either(c.rid, c.residence_permit)),
        Column("lxdh", c.either(c.mobile, c.landline)),
        Column("mz", c.pick("01", "02", "03", "11")),
        Column("xb", c.sex),
        Column("djrq", c.day("%Y%m%d"), K),
    ],
    "无意义": [
        Column("A", c.dressed(c.name, c.as_is)),
        Column("B", c.dressed(c.mobile, _float)),
        Column("C", c.dressed(c.rid, _formula)),
        Column("D", c.pick("甲", "乙", "丙"), K),
    ],
    "走访记录": [
        Column("日期", c.day("%Y/%m/%d"), K),
        Column(
            "走访情况",
            c.either(
                c.text("上门看望{}，其女{}电话{}。", c.name, c.other_name, c.other_mobile),
                c.text("户主{}（{}）身体尚可，需修缮屋顶。", c.name, c.rid),
                c.text("住户不在家，邻居{}代为转达，回拨{}。", c.other_name, c.mobile),
            ),
        ),
        Column("走访人数", c.number(1, 4), K),
    ],
    "出入境": [
        Column("旅客", c.name),
        Column("所持证件", c.either(c.home_permit, c.home_permit, c.outbound_permit, c.passport)),
        Column("口岸", c.pick("罗湖", "拱北", "珠海"), K),
    ],
    "臺胞登記": [
        Column("姓名", c.name),
        Column("臺胞證號碼", c.taiwan_permit),
        Column("手機", c.mobile),
        Column("住址", c.address),
        Column("登記日期", c.day(), K),
    ],
    "全角信息": [
        Column("责任人", c.dressed(c.name, c.as_is)),
        Column("证照号", c.dressed(c.rid, c.wide, c.as_is, _hidden)),
        Column("银行卡", c.dressed(c.card, c.wide)),
        Column("补助（元）", c.pick("500", "800"), K),
    ],
    "高龄津贴": [
        Column("享受人", c.name),
        Column("旧证号", c.old_rid),
        Column("出生年月", c.born("%Y年%m月")),
        Column("标准", c.pick("80", "150"), K),
    ],
    "外国专家": [
        Column("Name", c.pick("Anna Schmidt", "Carlos Ruiz Diaz", "Olga Ivanova", "Lee Jisoo")),
        Column("居留证件", c.foreign_permit),
        Column("旧证", c.old_foreign_permit),
        Column("聘期", c.number(1, 6), K),
    ],
    "报名表": [
        Column("考生", c.name),
        Column("报名序号", c.text("{}", c.pupil)),
        Column("监护人电话", c.other_mobile),
        Column("学校", _unit, K),
        Column("总分", c.number(200, 600), K),
    ],
    "准考": [
        Column("准考证号", lambda row: row.tell(f"2025{row.rng.randrange(10**8):08d}")),
        Column("姓名", c.name),
        Column("科目", c.pick("语文", "数学"), K),
        Column("成绩", c.number(30, 101), K),
    ],
    "换证": [
        Column("机动车驾驶人", c.name),
        Column("档案编号", c.licence_file),
        Column("初次领证", c.day("%Y-%m-%d", 2000, 7000), K),
        Column("车型", c.pick("C1", "D"), K),
    ],
    "医保待遇": [
        Column("参保人", c.name),
        Column("医保编号", c.insured),
        Column("报销额", c.money, K),
        Column("病种名称", c.pick(*c.DISEASES), H),
    ],
    "商户群": [
        Column("店主", c.name),
        Column("微信号码", c.either(c.wechat, c.mobile)),
        Column("QQ号", c.qq),
        Column("摊位", c.serial("B-{:03d}"), K),
    ],
    "评论": [
        Column("网友IP", c.ip),
        Column("设备IMEI", c.imei),
        Column("网卡MAC", c.mac("-")),
        Column("点赞", c.number(0, 900), K),
    ],
    "救助点位": [
        Column("求助者", c.name),
        Column("坐标", c.text("{},{}", c.longitude, c.latitude)),
        Column("求助类型", c.pick("临时救助", "医疗救助"), K),
    ],
    "家庭位置": [
        Column("户编号", c.serial("H{:05d}"), K),
        Column("户主姓名", c.name),
        Column("lng", c.longitude),
        Column("lat", c.latitude),
        Column("户人数", c.number(1, 9), K),
    ],
    "少数民族干部": [
        Column("干部", c.name),
        Column("族别", c.pick("汉", "回", "藏", "维吾尔", "壮")),
        Column("信仰", c.pick("无神论", "佛教", "伊斯兰教"), H),
        Column("任职年限", c.number(1, 30), K),
    ],
    "慢病随访": [
        Column("居民", c.name),
        Column("年龄", c.age),
        Column("ICD10", c.pick(*c.ICD), H),
        Column("随访次数", c.number(1, 13), K),
    ],
    "失能评估": [
        Column("被评估人", c.name),
        Column("身份证明", c.rid),
        Column("失能等级", c.pick("轻度失能", "中度失能", "重度失能"), H),
        Column("评估机构", c.pick("市第一评估中心", "康宁评估中心"), K),
    ],
    "助学金": [
        Column("受助学生", c.name),
        Column("开户行及账号", c.text("工行{}", c.card)),
        Column("金额", c.pick("1500", "3000"), K),
    ],
    "停车欠费": [
        Column("车辆", c.either(_traffic, c.green_plate, c.plate)),
        Column("欠费", c.money, K),
        Column("车主联系", c.dressed(c.mobile, c.as_is, lambda v: f"{v[:3]} {v[3:7]} {v[7:]}")),
    ],
    "通讯录": [
        Column("处室", c.pick("办公室", "人事处", "财务处"), K),
        Column("人员及电话", c.either(c.text("{} {}", c.name, c.mobile), c.text("{}/{}", c.name, c.mobile))),
        Column("邮件", c.email),
    ],
    "个体户": [
        Column("经营者", c.name),
        Column("信用代码", lambda row: uscc(row.rng), K),
        Column("证件编号", c.rid),
        Column("行业", c.pick("零售", "餐饮"), K),
    ],
    "网格事件": [
        Column("事件", c.serial("SJ{:07d}"), K),
        Column("标签", c.often(0.03, c.either(c.rid, c.mobile), c.pick("环境", "治安", "消防"))),
        Column("得分", c.number(1, 100), K),
    ],
}

IMPERSONAL_COLUMNS: dict[str, list[Column]] = {
    "立项": [
        Column(
            "赋码",
            lambda row: (
                f"{row.rng.randrange(16, 25)}{row.rng.randrange(1, 13):02d}-{_cardinal(row)[:6]}-04-01-{row.rng.randrange(10**6):06d}"  # noqa: E501
            ),
        ),
        Column("案号", _cardinal),
        Column("工程", c.pick("排水", "照明", "绿化")),
    ],
    "支付": [
        Column("商户单号", c.digits(14, "20")),
        Column("渠道单号", c.digits(17, "42")),
        Column("元", c.money),
    ],
    "日志": [
        Column("ts", c.digits(10, "169")),
        Column("cost_ms", c.number(1, 90000)),
        Column("trace", c.hexa(16)),
    ],
    "财政": [
        Column("预算（分）", c.digits(10, "1")),
        Column("决算", c.digits(11)),
        Column("科目编码", c.digits(5, "20")),
    ],
    "统计区划": [
        Column("代码", c.text("{}{}", lambda row: row.rng.choice(list(REGIONS)), c.digits(6))),
        Column("上级", lambda row: row.rng.choice(list(REGIONS))),
        Column("面积", c.money),
    ],
    "票据": [
        Column("票据代码", c.digits(8)),
        Column("票据号码", c.digits(10)),
        Column("校验码", c.digits(6)),
        Column("电子票号", c.digits(20)),
    ],
    "设备台账": [
        Column("设备MAC", c.hexa(12, ":")),
        Column(
            "设备IP",
            lambda row: (
                f"10.{row.rng.randrange(1, 200)}.{row.rng.randrange(256)}.{row.rng.randrange(1, 255)}"
            ),
        ),
        Column("资产编号", c.serial("ZC2024{:06d}")),
        Column("安装日期", c.day()),
    ],
    "模组": [
        Column("模组序列", c.digits(13, "35")),
        Column("卡片编号", lambda row: luhn(f"8986{row.index:010d}")),
        Column("信号", c.number(-120, -40)),
    ],
    "规范条文": [
        Column(
            "条款", c.text("{}.{}.{}.{}", c.number(1, 12), c.number(1, 20), c.number(1, 9), c.number(1, 9))
        ),
        Column("固件", c.text("v{}.{}.{}", c.number(1, 9), c.number(0, 99), c.number(0, 999))),
        Column("级别", c.pick("强制", "推荐")),
    ],
    "监测站": [
        Column("站名", _station),
        Column(
            "位置",
            lambda row: (
                f"{row.rng.randrange(1_125_000_000, 1_127_000_000) / 1e7:.5f},{row.rng.randrange(378_000_000, 379_000_000) / 1e7:.5f}"  # noqa: E501
            ),
        ),
        Column("pH", lambda row: f"{row.rng.randrange(600, 900) / 100:.2f}"),
    ],
    "宗教活动场所": [
        Column(
            "场所名称",
            lambda row: (
                row.rng.choice(["慈云", "普济", "清真", "玄妙"])
                + row.rng.choice(["寺", "观"])
                + f"（{row.index}）"
            ),
        ),
        Column("教别", c.pick("佛教", "道教", "伊斯兰教")),
        Column("面积（㎡）", c.money),
    ],
    "传染病月报": [
        Column("疾病", c.pick("流行性感冒", "手足口病", "肺结核", "梅毒")),
        Column("发病数", c.number(0, 5000)),
        Column("死亡数", c.number(0, 9)),
        Column("月份", c.pick("2024-01", "2024-02", "2024-03")),
    ],
}

HELD_BACK_TWO: dict[str, Shape] = shapes(PERSONAL_COLUMNS, IMPERSONAL_COLUMNS)
