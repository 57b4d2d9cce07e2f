"""Invented names and addresses in the ways they are written; drawn, never copied from a register."""

from __future__ import annotations

from random import Random

COMMON = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"  # noqa: E501
RARE = "麻亓仝郄禚逄晁蔺缑笪昝滑佘冼谌亢郜蒯宓隗仉訾詹揭鄢芦卓冉束戚晏柏茅宁岑骆"
COMPOUND = [
    "欧阳",
    "上官",
    "司马",
    "诸葛",
    "皇甫",
    "尉迟",
    "令狐",
    "慕容",
    "夏侯",
    "端木",
    "司徒",
    "东方",
    "公孙",
    "宇文",
]
GIVEN = [
    *"伟芳娜敏静磊洋勇艳杰涛明超霞平刚翀昀骁玥珩",
    *[
        "建国",
        "秀英",
        "子涵",
        "梓萱",
        "浩然",
        "桂兰",
        "玉梅",
        "志强",
        "雨桐",
        "思远",
        "丽华",
        "春生",
        "红霞",
        "文博",
        "一诺",
        "永贵",
        "淑珍",
        "长庚",
        "来娣",
        "金锁",
        "国栋",
        "晓燕",
        "海燕",
        "立新",
        "卫东",
        "小龙",
        "书恒",
        "沐宸",
    ],
    *[
        "若曦",
        "天佑",
        "俊杰",
        "嘉懿",
        "凤仙",
        "满仓",
        "水根",
        "招娣",
        "德全",
        "福贵",
        "友谅",
        "秋菊",
        "冬梅",
        "爱民",
        "援朝",
        "解放",
        "向阳",
        "新民",
        "广文",
        "高峰",
        "安琪",
        "和平",
        "胜利",
        "亚楠",
        "忠义",
        "道明",
        "宗翰",
    ],
]
MINORITY = [
    "买买提·吐尔逊", "阿依古丽·艾合买提", "古丽努尔·阿不都", "热依汗·玉素甫", "扎西·次仁", "巴图·苏和", "阿卜杜拉·买买提明", "努尔兰·哈力克",  # noqa: E501
    "扎西顿珠", "次仁卓玛", "巴特尔", "乌云其木格", "格桑央金", "洛桑次旦",
]  # fmt: skip
FOREIGN = ["约翰·史密斯", "玛丽亚·加西亚", "安娜·彼得罗娃", "迈克尔·布朗"]

_TOWNS = [
    ("湖北省", "武汉市", "洪山区", "关山街道"), ("江苏省", "启东市", "", "汇龙镇"), ("山西省", "太原市", "小店区", "坞城街道"),  # noqa: E501
    ("山东省", "滕州市", "", "北辛街道"), ("浙江省", "杭州市", "西湖区", "翠苑街道"), ("四川省", "成都市", "武侯区", "玉林街道"),  # noqa: E501
    ("", "重庆市", "渝中区", "解放碑街道"), ("", "上海市", "杨浦区", "五角场街道"), ("", "北京市", "朝阳区", "望京街道"),  # noqa: E501
    ("广东省", "佛山市", "顺德区", "大良街道"), ("新疆维吾尔自治区", "阿克苏市", "", "依干其镇"), ("内蒙古自治区", "包头市", "昆都仑区", "白彦街道"),  # noqa: E501
    ("河南省", "信阳市", "光山县", "孙铁铺镇"), ("湖南省", "湘潭市", "湘乡市", "棋梓镇"), ("贵州省", "毕节市", "七星关区", "清水铺镇"),  # noqa: E501
    ("甘肃省", "天水市", "秦安县", "王尹镇"),
]  # fmt: skip
_ROADS = [
    "珞喻路", "和平路", "人民中路", "文源巷", "坞城路", "学院南路", "建设大道", "解放东街", "向阳街", "兴隆街", "民族大道", "中山北路", "纬五路", "滨河西路", "东风大街", "善国北路",  # noqa: E501
    "水果湖横路", "青年路", "长江路", "石板巷", "友谊胡同", "经十路", "工业二路", "高新南一道", "柳巷", "开元大道", "南大街", "沿江大道", "王府街", "张衡路",  # noqa: E501
]  # fmt: skip
_ESTATES = [
    "幸福里小区", "锦绣花园", "滨河家园", "和平新村", "金色阳光城", "万科魅力之城", "保利心语", "丽景苑", "紫薇公寓", "水岸豪庭", "教师新村", "机床厂家属院", "中央华府", "翡翠湾",  # noqa: E501
    "恒大绿洲", "康乐小区", "御景园", "书香门第", "凤凰山庄", "时代广场",
]  # fmt: skip
_VILLAGES = [
    "李家湾村",
    "和顺村",
    "赵家坪村",
    "大王庄村",
    "上河村",
    "石桥村",
    "柳林村",
    "前进村",
    "双井村",
    "马鞍山村",
    "胡家营村",
    "小河口村",
    "高庙村",
    "新民屯",
]


def name(rng: Random) -> str:
    """A full name: common, rare or compound family name; a minority or foreign one now and then."""
    draw = rng.random()
    if draw < 0.08:
        return rng.choice(MINORITY)
    if draw < 0.10:
        return rng.choice(FOREIGN)
    if draw < 0.18:
        return rng.choice(COMPOUND) + rng.choice(GIVEN)
    if draw < 0.27:
        return rng.choice(RARE) + rng.choice(GIVEN)
    return rng.choice(COMMON) + rng.choice(GIVEN)


def disguised(rng: Random) -> str:
    """A name of which only the family name is left."""
    return rng.choice(COMMON) + rng.choice(["某", "某某"])


def address(rng: Random) -> str:
    """From the province (or less) down to the room, the door or the group."""
    province, city, county, town = rng.choice(_TOWNS)
    head = rng.choice([
        province + city + county, province + city + county, city + county, county or city, county + town if county else city + town, "", "",  # noqa: E501
    ])  # fmt: skip
    number = rng.randrange(1, 400)
    building, unit, room = (
        rng.randrange(1, 40),
        rng.randrange(1, 5),
        rng.randrange(1, 30) * 100 + rng.randrange(1, 5),
    )
    estate, road, village = rng.choice(_ESTATES), rng.choice(_ROADS), rng.choice(_VILLAGES)
    tail = rng.choice([
        f"{road}{number}号{estate}{building}栋{unit}单元{room}室",
        f"{road}{number}号{building}栋{room}室",
        f"{road}{number}号",
        f"{road}{number}号{building}号楼{unit}单元{room}",
        f"{estate}{building}栋{unit}单元{room}",
        f"{estate}{building}-{unit}-{room}",
        f"{estate}{building}号楼{room}室",
        f"{road}{number}弄{building}号{room}室",
        f"{road}{number}号院{building}幢{unit}单元{room}室",
        f"{village}{building}组{number}号",
        f"{village}{rng.choice('一二三四五六七八')}组",
        f"{town}{village}{building}组" if not head.endswith(town) else f"{village}{building}组",
        f"{road}{number}号附{unit}号",
    ])  # fmt: skip
    return head + tail


def home(rng: Random) -> str:
    """Where somebody lives, down to a village or estate only."""
    _, city, county, town = rng.choice(_TOWNS)
    place = county or city
    return rng.choice([
        f"{place}{town}{rng.choice(_VILLAGES)}", f"{town}{rng.choice(_VILLAGES)}", f"{place}{rng.choice(_ROADS)}{rng.choice(_ESTATES[:5])}",  # noqa: E501
    ])  # fmt: skip


def division(rng: Random) -> str:
    """A city or county by itself: no address."""
    _, city, county, _ = rng.choice(_TOWNS)
    return county or city


def number(rng: Random) -> str:
    """A mobile number."""
    return rng.choice(["139", "138", "186", "177", "150", "199", "166"]) + f"{rng.randrange(10**8):08d}"
