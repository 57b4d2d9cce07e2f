"""Forty held-back tables, first set: 28 about persons under misleading headers, 12 about things that look alike.

The rules of detection were tuned on these. ``held_back_two`` holds forty in other styles, which they were not.
"""  # noqa: E501

from __future__ import annotations

from functools import partial
from random import Random

from tests.factories import cells as c
from tests.factories.cells import Column, HeldBack, Row, build
from tests.factories.judge import Shape
from tests.factories.people import REGIONS, uscc

K, H = "keep", "hide"
THINGS = c.pick("新办", "变更", "注销", "延续")


def _region(row: Row) -> str:
    return row.rng.choice(list(REGIONS))


def _project(row: Row) -> str:
    return f"{row.rng.randrange(2015, 2025)}{_region(row)}{row.rng.randrange(10**8):08d}"


def _venue(row: Row) -> str:
    return (
        row.rng.choice(["城南", "滨江", "凤凰", "青山"])
        + row.rng.choice(["停车场", "公园", "体育馆", "图书馆"])
        + f"{row.index}"
    )


PERSONAL_COLUMNS: dict[str, list[Column]] = {
    "编号是身份证": [Column("编号", c.rid), Column("事项", THINGS, K), Column("办理日期", c.day(), K)],
    "身份证号是项目代码": [
        Column("身份证号", _project, K),
        Column("经办", c.name),
        Column("备注", c.often(0.4, c.text("请联系{}", c.mobile))),
        Column("总投资", c.money, K),
    ],
    "备注里有电话": [
        Column("序号", c.serial("{}"), K),
        Column("事项名称", THINGS, K),
        Column("备注", c.often(0.3, c.mobile, c.pick("已办结", "材料齐全", ""))),
    ],
    "英文列名": [
        Column("id_no", c.rid),
        Column("full_name", c.name),
        Column(
            "tel", c.dressed(c.mobile, c.as_is, lambda v: f"+86 {v}", lambda v: f"{v[:3]}-{v[3:7]}-{v[7:]}")
        ),
        Column("addr", c.address),
        Column("dob", c.born("%Y/%m/%d")),
        Column("status", c.pick("active", "closed"), K),
    ],
    "拼音列名": [
        Column("xm", c.name),
        Column("sfzh", c.rid),
        Column("sjh", c.mobile),
        Column("jtzz", c.address),
        Column("csrq", c.born("%Y%m%d")),
        Column("mz", c.ethnic),
        Column("blsj", c.day(), K),
    ],
    "列名无意义": [
        Column("F1", c.serial("{:05d}"), K),
        Column("F2", c.name),
        Column("F3", c.rid),
        Column("F4", c.mobile),
        Column("F5", c.card),
        Column("F6", c.money, K),
    ],
    "热线工单": [
        Column("工单号", c.serial("GD2024{:08d}"), K),
        Column(
            "内容",
            c.either(
                c.text("市民{}来电反映{}路灯不亮，电话{}", c.name, c.pick("人民路", "学院路"), c.mobile),
                c.text("来电人身份证{}，住{}，要求退费", c.rid, c.door),
                c.text("咨询公积金提取，{}", c.pick("已解释政策", "转办")),
            ),
        ),
        Column("类别", c.pick("市政", "民生", "公积金"), K),
    ],
    "证件混装": [
        Column("序号", c.serial("{}"), K),
        Column(
            "证件号码",
            c.either(c.rid, c.rid, c.rid, c.residence_permit, c.passport, c.foreign_permit, c.home_permit),
        ),
        Column("到访日期", c.day(), K),
    ],
    "全角数字": [
        Column("申请人", c.name),
        Column("证件", c.dressed(c.rid, c.wide)),
        Column("联系方式", c.dressed(c.mobile, c.wide)),
        Column("等次", c.pick("一等", "二等"), K),
    ],
    "空格与空值": [
        Column("姓名", c.dressed(c.name, c.as_is, c.spaced)),
        Column(
            "号码",
            c.often(
                0.7, c.dressed(c.rid, c.as_is, c.grouped, c.spaced, c.quoted), c.pick("", "无", "/", "—")
            ),
        ),
        Column("手机", c.often(0.5, c.dressed(c.mobile, c.spaced), "不详")),
        Column("年份", c.number(2018, 2025), K),
    ],
    "十五位身份证": [
        Column("老人姓名", c.name),
        Column("证件", c.often(0.6, c.old_rid, c.rid)),
        Column("补贴标准", c.pick("100", "200", "300"), K),
    ],
    "外籍人员": [
        Column("雇员", c.pick("John Smith", "Maria Garcia", "Kim Minsu")),
        Column("永久居留证号", c.either(c.foreign_permit, c.old_foreign_permit)),
        Column("护照号码", c.either(c.new_passport, c.passport)),
        Column("许可起始", c.day(), K),
    ],
    "港澳台学生": [
        Column("学生姓名", c.name),
        Column("通行证号", c.either(c.home_permit, c.taiwan_permit)),
        Column("居住证号", c.residence_permit),
        Column("专业", c.pick("临床医学", "法学", "会计学"), K),
    ],
    "学籍": [
        Column("学籍号", c.pupil),
        Column("学生", c.name),
        Column("家长手机", c.other_mobile),
        Column("班级", c.pick("一年级1班", "二年级3班"), K),
    ],
    "驾驶员": [
        Column("驾驶员姓名", c.name),
        Column("驾驶证号", c.rid),
        Column("驾驶证档案编号", c.licence_file),
        Column("准驾车型", c.pick("C1", "B2", "A1"), K),
    ],
    "社会保险": [
        Column("个人姓名", c.name),
        Column("社会保障号码", c.insured),
        Column("社保卡号", c.card_number),
        Column("缴费基数", c.money, K),
    ],
    "志愿者通讯": [
        Column("志愿者", c.name),
        Column("微信", c.wechat),
        Column("QQ", c.qq),
        Column("邮箱", c.email),
        Column("时长（小时）", c.number(1, 400), K),
    ],
    "上网日志": [
        Column("用户", c.mobile),
        Column("终端MAC", c.either(c.mac(":"), c.mac("-"))),
        Column("IP", c.ip),
        Column("手机串号", c.imei),
        Column("登录时间", c.day("%Y-%m-%d %H:%M:%S"), K),
    ],
    "巡查定位": [
        Column("报告人", c.name),
        Column("电话", c.mobile),
        Column("经度", c.longitude),
        Column("纬度", c.latitude),
        Column("问题类型", c.pick("占道", "垃圾", "噪声"), K),
    ],
    "信教群众": [
        Column("姓名", c.name),
        Column("民族", c.ethnic),
        Column("宗教信仰", c.pick("佛教", "道教", "伊斯兰教", "天主教", "无宗教信仰"), H),
        Column("登记年度", c.number(2019, 2025), K),
    ],
    "门诊": [
        Column("患者", c.name),
        Column("出生", c.born("%Y-%m-%d")),
        Column("诊断编码", c.pick(*c.ICD), H),
        Column("诊断名称", c.pick(*c.DISEASES), H),
        Column("科室", c.pick("心内科", "呼吸科", "骨科"), K),
    ],
    "残疾人": [
        Column("持证人", c.name),
        Column("残疾证号", c.text("{}{}", c.rid, c.pick("11", "42", "63", "74"))),
        Column("残疾类别", c.pick("肢体", "视力", "听力", "精神", "多重"), H),
        Column("残疾等级", c.pick("一级", "二级", "三级", "四级"), H),
        Column("补贴月数", c.number(1, 13), K),
    ],
    "发放明细": [
        Column("户名", c.name),
        Column(
            "账号",
            c.dressed(c.card, c.as_is, lambda v: " ".join(v[i : i + 4] for i in range(0, 20, 4)).strip()),
        ),
        Column("金额", c.money, K),
        Column("批次", c.pick("2024-01", "2024-02"), K),
    ],
    "车辆": [
        Column("号牌", c.either(c.plate, c.green_plate)),
        Column("车主", c.name),
        Column("品牌", c.pick("大众", "比亚迪", "丰田"), K),
        Column("罚款（元）", c.pick("100", "200"), K),
    ],
    "联系人连写": [
        Column("网格", c.serial("第{}网格"), K),
        Column("联系人", c.either(c.text("{}{}", c.name, c.mobile), c.text("{}（{}）", c.name, c.mobile))),
    ],
    "一行两人": [
        Column("甲方", c.name),
        Column("甲方证件", c.rid),
        Column("乙方", c.other_name),
        Column("乙方证件", c.other_rid),
        Column("合同日期", c.day(), K),
    ],
    "企业与法人": [
        Column("统一社会信用代码", lambda row: uscc(row.rng), K),
        Column("法定代表人", c.name),
        Column("法人证件号码", c.rid),
        Column("注册资本（万元）", c.number(10, 9000), K),
    ],
    "少数行有身份证": [
        Column("档号", c.serial("A-2024-{:04d}"), K),
        Column("关联号", c.often(0.04, c.rid, c.serial("X{:06d}"))),
        Column("件数", c.number(1, 40), K),
    ],
}

IMPERSONAL_COLUMNS: dict[str, list[Column]] = {
    "项目代码": [
        Column("项目代码", _project),
        Column("内部编码", c.text("{}{}{}", _region, c.day("%Y%m%d", 2016, 3000), c.digits(4))),
        Column("名称", c.pick("道路改造", "管网工程")),
    ],
    "订单": [
        Column("订单号", c.text("{}{}", c.number(1, 10), c.digits(15))),
        Column("交易流水", c.text("{}{}", c.number(1, 10), c.digits(18))),
        Column("实付", c.money),
    ],
    "毫秒": [
        Column("时间戳", c.digits(10, "173")),
        Column("采集", c.digits(7, "173")),
        Column("读数", c.money),
    ],
    "十一位金额": [
        Column("投资额", c.digits(10, "1")),
        Column("电话费", c.text("{}.{}", c.digits(10, "1"), c.digits(2))),
        Column("年度", c.number(2015, 2025)),
    ],
    "区划": [
        Column("区县代码", _region),
        Column("乡镇代码", c.text("{}{}", _region, c.digits(3))),
        Column("村代码", c.text("{}{}", _region, c.digits(6))),
        Column("人口", c.number(300, 90000)),
    ],
    "发票": [
        Column("发票代码", c.digits(10, "01")),
        Column("发票号码", c.digits(8)),
        Column("数电发票号", c.digits(18, "24")),
        Column("开票日期", c.day()),
    ],
    "标识码": [
        Column("标识", c.hexa(12)),
        Column("校验", c.hexa(8, ":")),
        Column("长标识", c.hexa(32)),
        Column("状态", c.pick("在线", "离线")),
    ],
    "表具": [
        Column("表具串号", c.digits(11, "8669")),
        Column("条码", c.digits(10, "690")),
        Column("用量", c.money),
    ],
    "软件版本": [
        Column(
            "系统版本",
            c.text("{}.{}.{}.{}", c.number(1, 9), c.number(0, 30), c.number(0, 99), c.number(0, 200)),
        ),
        Column("补丁", c.text("KB{}", c.digits(7))),
        Column("发布日期", c.day()),
    ],
    "设施位置": [
        Column("名称", _venue),
        Column("经度", lambda row: f"{row.rng.randrange(1_125_000_000, 1_127_000_000) / 1e7:.6f}"),
        Column("纬度", lambda row: f"{row.rng.randrange(378_000_000, 379_000_000) / 1e7:.6f}"),
        Column("泊位数", c.number(20, 900)),
    ],
    "机构": [
        Column("信用代码", lambda row: uscc(row.rng)),
        Column("组织机构代码", lambda row: _organization(row.rng)),
        Column(
            "单位名称", lambda row: row.rng.choice(["市民政局", "市司法局", "市统计局"]) + f"{row.index}处"
        ),
    ],
    "疾病与宗教统计": [
        Column("病种", c.pick("高血压", "糖尿病", "肺结核", "手足口病")),
        Column("民族", c.pick("汉族", "回族", "满族")),
        Column("教派", c.pick("佛教", "道教", "天主教")),
        Column("人数", c.number(3, 9000)),
        Column("年龄段", c.pick("0-14岁", "15-59岁", "60岁以上")),
    ],
}


def _organization(rng: Random) -> str:
    body = "".join(str(rng.randrange(10)) for _ in range(8))
    total = sum(int(d) * w for d, w in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    return f"{body}-{'0123456789X'[(11 - total % 11) % 11]}"


def _kept(columns: list[Column]) -> list[Column]:
    return [Column(column.header, column.make, K) for column in columns]


def _shape(name: str, columns: list[Column], rng: Random, rows: int) -> HeldBack:
    return build(name, columns, rng, rows)


def shapes(personal: dict[str, list[Column]], impersonal: dict[str, list[Column]]) -> dict[str, Shape]:
    """Every table by name; all columns of a table about things must stay."""
    every = personal | {name: _kept(columns) for name, columns in impersonal.items()}
    return {name: partial(_shape, name, columns) for name, columns in every.items()}


HELD_BACK: dict[str, Shape] = shapes(PERSONAL_COLUMNS, IMPERSONAL_COLUMNS)
