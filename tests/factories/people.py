"""Invented people with true check digits, drawn from pools that no recognizer was built on.

Every person is made by :class:`random.Random`, so a failing row can be made again from its seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

SURNAMES = [
    *"王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕",
    *"苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史",
    *"顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文",
    *"麻亓仝郄禚逄晁蔺缑笪",
    "欧阳",
    "上官",
    "司马",
    "诸葛",
    "皇甫",
    "尉迟",
    "令狐",
]
GIVEN = [
    *"伟芳娜敏静磊洋勇艳杰涛明超霞平刚",
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
]
MINORITY = ["阿依古丽·买买提", "扎西·次仁", "古丽努尔·阿不都", "巴图·苏和"]
REGIONS = {
    "140105": "山西省太原市小店区",
    "140211": "山西省大同市南郊区",  # abolished in 2018: cards that carry it are still valid
    "420106": "湖北省武汉市武昌区",
    "320681": "江苏省启东市",
    "370481": "山东省滕州市",
    "110108": "北京市海淀区",
    "500103": "重庆市渝中区",
    "652901": "新疆维吾尔自治区阿克苏市",
}
ROADS = ["文源巷", "坞城路", "水果湖横路", "人民中路", "善国北路", "学院南路", "解放碑步行街", "兴隆街"]
COMMUNITIES = ["幸福里小区", "锦绣花园", "滨河家园", "和平新村", ""]
BINS = ["622202", "621700", "622848", "621661", "621559"]
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


MADE: set[str] = set()
"""Numbers and mail addresses of everybody made in this process; ``tests/plugins/leaks.py`` looks for them."""


@dataclass(frozen=True)
class Person:
    name: str
    sex: str
    born: date
    region: str
    resident_id: str
    mobile: str
    bank_card: str
    email: str
    address: str
    door: str
    """The part of the address below the county, which nothing published may carry."""
    plate: str
    passport: str

    def __post_init__(self) -> None:
        MADE.update((self.resident_id, self.mobile, self.bank_card, self.email))


def resident_id(rng: Random, region: str, born: date, male: bool) -> str:
    """GB 11643-1999 with its ISO 7064 MOD 11-2 check character."""
    body = f"{region}{born:%Y%m%d}{rng.randrange(100):02d}{rng.randrange(5) * 2 + male}"
    total = sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def luhn(body: str) -> str:
    """``body`` with its Luhn check digit (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return body + str(-total % 10)


def person(rng: Random) -> Person:
    male = rng.random() < 0.5
    name = rng.choice(MINORITY) if rng.random() < 0.02 else rng.choice(SURNAMES) + rng.choice(GIVEN)
    born = date(1935, 1, 1) + timedelta(days=rng.randrange(27_000))
    region = rng.choice(list(REGIONS))
    door = (
        f"{rng.choice(ROADS)}{rng.randrange(1, 300)}号{rng.choice(COMMUNITIES)}"
        f"{rng.randrange(1, 30)}栋{rng.randrange(1, 5)}单元{rng.randrange(101, 2800)}室"
    )
    mobile = rng.choice(["139", "138", "186", "177", "150", "199", "166"]) + f"{rng.randrange(10**8):08d}"
    letters = "".join(rng.choice("abcdefghijkmnopqrstuvwxyz") for _ in range(7))
    return Person(
        name=name,
        sex="男" if male else "女",
        born=born,
        region=region,
        resident_id=resident_id(rng, region, born, male),
        mobile=mobile,
        bank_card=luhn(rng.choice(BINS) + "".join(str(rng.randrange(10)) for _ in range(12))),
        email=f"{letters}{rng.randrange(1000)}@{rng.choice(['163.com', 'qq.com', 'example.gov.cn'])}",
        address=REGIONS[region] + door,
        door=door,
        plate="晋"
        + rng.choice("ABCDE")
        + "".join(rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789") for _ in range(5)),
        passport="E" + f"{rng.randrange(10**8):08d}",
    )


def uscc(rng: Random) -> str:
    """GB 32100-2015: 17 characters and one check character."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = (
        "9114"
        + "".join(str(rng.randrange(10)) for _ in range(4))
        + "".join(rng.choice(alphabet) for _ in range(9))
    )
    total = sum(alphabet.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + alphabet[-total % 31]


def full_width(text: str) -> str:
    """Digits and letters as an input method in full-width mode leaves them."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
