"""One table for each policy under ``config/policies``: its columns, filled as the departments fill them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from random import Random

from tests.factories.people import Person, person, uscc
from tests.factories.tables import Table

Cell = Callable[[Random, Person, int], str]

_NATIONS = ["汉族"] * 12 + ["回族", "土家族", "苗族"]
_SCHOOLS = ["第一实验小学", "滨河中学", "育才小学", "东关中学"]
_ILLNESSES = ["高血压", "上呼吸道感染", "慢性胃炎", "2型糖尿病", "腰椎间盘突出", "过敏性鼻炎"]


def _one_of(*choices: str) -> Cell:
    return lambda rng, p, i: rng.choice(choices)


def _day(first: int, last: int) -> Cell:
    def make(rng: Random, p: Person, i: int) -> str:
        start = date(first, 1, 1)
        return str(start + timedelta(days=rng.randrange((date(last, 12, 31) - start).days)))

    return make


def _number(low: int, high: int, *, cents: bool = False) -> Cell:
    def make(rng: Random, p: Person, i: int) -> str:
        return f"{rng.randrange(low * 100, high * 100) / 100:.2f}" if cents else str(rng.randrange(low, high))

    return make


def _county(rng: Random, p: Person, i: int) -> str:
    return p.address.removesuffix(p.door)


def _office_telephone(rng: Random, p: Person, i: int) -> str:
    return f"027-8{rng.randrange(10**6, 10**7)}"


def _story(rng: Random, p: Person, i: int) -> str:
    return rng.choice(
        [
            f"{p.name}（电话{p.mobile}）反映{p.address}夜间施工噪声扰民。",
            f"经查，{p.name}（身份证号{p.resident_id}）未取得许可擅自经营。",
            "已办结。",
            "",
        ]
    )


def _firm(rng: Random, p: Person, i: int) -> str:
    return (
        rng.choice(["云岭", "青溪", "望江", "金桥"])
        + rng.choice(["商贸", "建筑工程", "信息技术"])
        + "有限公司"
    )


def _vin(rng: Random, p: Person, i: int) -> str:
    return "L" + "".join(rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ0123456789") for _ in range(16))


_NAME: Cell = lambda rng, p, i: p.name  # noqa: E731  a table of cells is easier to read in one line each
_ID: Cell = lambda rng, p, i: p.resident_id  # noqa: E731
_BORN: Cell = lambda rng, p, i: str(p.born)  # noqa: E731
_SEX: Cell = lambda rng, p, i: p.sex  # noqa: E731
_MOBILE: Cell = lambda rng, p, i: p.mobile  # noqa: E731
_ADDRESS: Cell = lambda rng, p, i: p.address  # noqa: E731
_CARD: Cell = lambda rng, p, i: p.bank_card  # noqa: E731
_EMAIL: Cell = lambda rng, p, i: p.email  # noqa: E731
_NATION: Cell = lambda rng, p, i: rng.choice(_NATIONS)  # noqa: E731
_SCHOOL: Cell = lambda rng, p, i: rng.choice(_SCHOOLS)  # noqa: E731
_SERIAL: Cell = lambda rng, p, i: str(i + 1)  # noqa: E731
_EDUCATION = _one_of("小学", "初中", "高中", "大学本科")


def _code(prefix: str, digits: int) -> Cell:
    return lambda rng, p, i: f"{prefix}{i:0{digits}d}"


COLUMNS: Mapping[str, Mapping[str, Cell]] = {
    "administrative-penalties": {
        "决定书文号": lambda rng, p, i: f"云市监罚〔2026〕{i + 1}号",
        "单位名称": _firm,
        "统一社会信用代码": lambda rng, p, i: uscc(rng),
        "个人姓名": _NAME,
        "个人证件号码": _ID,
        "违法事实": _story,
        "处罚依据": _one_of("《中华人民共和国食品安全法》第一百二十二条", "《无证无照经营查处办法》第十三条"),
        "处罚种类": _one_of("罚款", "警告", "没收违法所得"),
        "罚款金额": _number(100, 50_000, cents=True),
        "处罚决定日期": _day(2025, 2026),
        "处罚机关": _one_of("云州市市场监督管理局", "云州市城市管理局"),
    },
    "company-register": {
        "统一社会信用代码": lambda rng, p, i: uscc(rng),
        "企业名称": _firm,
        "法定代表人": _NAME,
        "联系电话": _MOBILE,
        "注册地址": lambda rng, p, i: f"湖北省武汉市洪山区珞喻路{rng.randrange(1, 900)}号",
        "行业类别": _one_of("批发和零售业", "建筑业", "信息传输、软件和信息技术服务业"),
        "注册资本": lambda rng, p, i: f"{rng.randrange(10, 5000)}万元",
        "成立日期": _day(2001, 2025),
        "登记状态": _one_of("存续", "注销", "吊销"),
        "经营范围": _one_of("日用百货销售；道路货物运输。", "软件开发；技术咨询服务。"),
    },
    "disability": {
        "姓名": _NAME,
        "残疾人证号": lambda rng, p, i: f"{p.resident_id}{rng.randrange(1, 8)}{rng.randrange(1, 5)}",
        "性别": _SEX,
        "出生日期": _BORN,
        "残疾类别": _one_of("肢体", "视力", "听力", "言语", "智力", "精神"),
        "残疾等级": _one_of("一级", "二级", "三级", "四级"),
        "户籍地址": _ADDRESS,
        "监护人": _NAME,
        "联系电话": _MOBILE,
        "发证日期": _day(2015, 2025),
    },
    "elderly-allowance": {
        "姓名": _NAME,
        "性别": _SEX,
        "年龄": _number(80, 104),
        "身份证号": _ID,
        "户籍地址": _ADDRESS,
        "联系电话": _MOBILE,
        "开户银行": _one_of("中国农业银行", "中国建设银行"),
        "银行账号": _CARD,
        "津贴标准": _one_of("60.00", "150.00", "300.00"),
        "发放月份": _one_of("2026年8月", "2026年9月"),
    },
    "elections": {
        "选民编号": _code("XM", 6),
        "姓名": _NAME,
        "性别": _SEX,
        "出生日期": _BORN,
        "民族": _NATION,
        "政治面貌": _one_of("群众", "群众", "中共党员", "共青团员"),
        "文化程度": _EDUCATION,
        "选区": _one_of("第一选区", "第二选区", "第三选区"),
        "身份证号": _ID,
        "联系电话": _MOBILE,
        "登记状态": _one_of("已登记", "已登记", "迁出"),
    },
    "enterprise-contacts": {
        "企业名称": _firm,
        "统一社会信用代码": lambda rng, p, i: uscc(rng),
        "联系人": _NAME,
        "职务": _one_of("经理", "会计", "董事长", "办公室主任"),
        "手机号码": _MOBILE,
        "办公电话": _office_telephone,
        "电子邮箱": _EMAIL,
        "注册地址": lambda rng, p, i: f"湖北省武汉市江岸区解放大道{rng.randrange(1, 900)}号",
        "走访记录": _story,
    },
    "hotline-orders": {
        "工单编号": _code("GD2026", 6),
        "来电时间": _day(2026, 2026),
        "来电人": _NAME,
        "来电号码": _MOBILE,
        "来电人地址": _ADDRESS,
        "诉求类别": _one_of("噪声扰民", "供水", "停车"),
        "诉求内容": _story,
        "承办单位": _one_of("市城市管理局", "市水务局"),
        "办理状态": _one_of("已办结", "办理中"),
        "满意度": _one_of("满意", "基本满意", "不满意"),
    },
    "housing": {
        "申请人": _NAME,
        "身份证号": _ID,
        "家庭人口": _number(1, 6),
        "家庭年收入": _number(5_000, 140_000, cents=True),
        "现住址": _ADDRESS,
        "房屋坐落": lambda rng, p, i: rng.choice(["云州市云东区望江路8号", "云州市青溪县龙门街66号"]),
        "房号": lambda rng, p, i: f"{rng.randrange(1, 20)}-{rng.randrange(1, 30)}0{rng.randrange(1, 5)}",
        "建筑面积": _one_of("42.50", "51.30", "59.80"),
        "月租金": _number(200, 900, cents=True),
        "合同起始日期": _day(2025, 2026),
        "联系电话": _MOBILE,
    },
    "low-income-households": {
        "序号": _SERIAL,
        "户主姓名": _NAME,
        "性别": _SEX,
        "民族": _NATION,
        "身份证号": _ID,
        "出生日期": _BORN,
        "联系电话": _MOBILE,
        "家庭住址": _ADDRESS,
        "银行卡号": _CARD,
        "家庭人口": _number(1, 6),
        "保障类别": _one_of("A类", "B类", "C类"),
        "月保障金额": _number(200, 900, cents=True),
        "备注": _story,
    },
    "medical-institutions": {
        "机构名称": _one_of("云州市第一人民医院", "望江社区卫生服务中心", "青溪镇卫生院"),
        "统一社会信用代码": lambda rng, p, i: uscc(rng),
        "机构类别": _one_of("综合医院", "社区卫生服务中心", "乡镇卫生院"),
        "地址": lambda rng, p, i: f"湖北省武汉市武昌区中山路{rng.randrange(1, 900)}号",
        "法定代表人": _NAME,
        "主要负责人": _NAME,
        "联系电话": _office_telephone,
        "床位数": _number(0, 900),
        "发证日期": _day(2015, 2025),
        "诊疗科目": _one_of("内科；外科；妇产科", "预防保健科；全科医疗科"),
    },
    "medical-visits": {
        "就诊号": _code("MZ", 8),
        "患者姓名": _NAME,
        "性别": _SEX,
        "出生日期": _BORN,
        "证件号码": _ID,
        "住址": _ADDRESS,
        "就诊日期": _day(2026, 2026),
        "科室": _one_of("内科", "外科", "儿科"),
        "诊断": _one_of(*_ILLNESSES),
        "总费用": _number(20, 3_000, cents=True),
        "手机号码": _MOBILE,
    },
    "population-households": {
        "户号": lambda rng, p, i: f"{420000000 + i // 3}",
        "姓名": _NAME,
        "与户主关系": _one_of("户主", "配偶", "子女"),
        "性别": _SEX,
        "民族": _NATION,
        "出生日期": _BORN,
        "公民身份号码": _ID,
        "户籍地址": _ADDRESS,
        "文化程度": _EDUCATION,
        "婚姻状况": _one_of("已婚", "未婚", "丧偶"),
        "迁入日期": _day(1990, 2025),
    },
    "social-security": {
        "姓名": _NAME,
        "社会保障号码": _ID,
        "性别": _SEX,
        "出生日期": _BORN,
        "单位名称": _firm,
        "险种": _one_of("企业职工基本养老保险", "失业保险", "工伤保险"),
        "缴费基数": _number(3_000, 30_000, cents=True),
        "缴费月数": _number(1, 400),
        "参保地": _county,
        "手机号码": _MOBILE,
        "银行账号": _CARD,
    },
    "students": {
        "学籍号": lambda rng, p, i: "G" + p.resident_id,
        "姓名": _NAME,
        "性别": _SEX,
        "出生日期": lambda rng, p, i: (
            f"{2010 + rng.randrange(8)}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}"
        ),
        "身份证号": _ID,
        "学校": _SCHOOL,
        "年级": _one_of("一年级", "二年级", "三年级"),
        "班级": _one_of("1班", "2班", "3班", "4班"),
        "监护人": _NAME,
        "监护人电话": _MOBILE,
        "家庭住址": _ADDRESS,
        "备注": _story,
    },
    "teachers": {
        "工号": _code("T", 5),
        "姓名": _NAME,
        "性别": _SEX,
        "出生日期": _BORN,
        "身份证号": _ID,
        "学校": _SCHOOL,
        "学段": _one_of("小学", "初中"),
        "任教学科": _one_of("语文", "数学", "英语"),
        "职称": _one_of("一级教师", "二级教师", "高级教师"),
        "学历": _one_of("大专", "本科", "硕士"),
        "参加工作时间": _day(1985, 2024),
        "手机号码": _MOBILE,
        "电子邮箱": _EMAIL,
    },
    "vehicles": {
        "号牌号码": lambda rng, p, i: p.plate,
        "号牌种类": _one_of("小型汽车", "小型新能源汽车"),
        "车辆类型": _one_of("小型轿车", "轻型货车"),
        "品牌型号": _one_of("东风EQ1020", "长安SC7133"),
        "车辆识别代号": _vin,
        "发动机号": lambda rng, p, i: f"{rng.randrange(10**6, 10**7)}",
        "所有人": _NAME,
        "身份证明号码": _ID,
        "住所地址": _ADDRESS,
        "初次登记日期": _day(2015, 2026),
        "状态": _one_of("正常", "注销"),
    },
    "veterans": {
        "姓名": _NAME,
        "身份证号": _ID,
        "性别": _SEX,
        "户籍地址": _ADDRESS,
        "入伍年份": _number(1975, 2015),
        "退役年份": _number(1980, 2020),
        "优抚类别": _one_of("带病回乡退役军人", "在乡复员军人", "参战退役人员"),
        "月补助标准": _one_of("1120.00", "980.00"),
        "联系电话": _MOBILE,
        "银行账号": _CARD,
    },
}
"""By the name of the policy: its columns and what stands in them."""

FREE_TEXT = frozenset({"违法事实", "走访记录", "诉求内容", "备注"})


def table(name: str, rng: Random, rows: int) -> Table:
    """The table of a policy. What may not come out of a row is whatever identifies its person."""
    columns = COLUMNS[name]
    out, secrets = [], []
    for i in range(rows):
        p = person(rng)
        out.append([cell(rng, p, i) for cell in columns.values()])
        secrets.append([p.name, p.resident_id, p.mobile, p.bank_card, p.email, p.door, str(p.born)])
    return Table(name, list(columns), out, secrets, [])
