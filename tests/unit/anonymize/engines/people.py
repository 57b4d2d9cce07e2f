"""Invented people with valid numbers, for tests of whole runs."""

import random

HEADER = ["序号", "姓名", "性别", "身份证号", "出生日期", "联系电话", "家庭住址", "救助金额", "备注"]
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建文慧"


def _resident_id(random_: random.Random, day: str) -> str:
    body = random_.choice(["420106", "420111", "420102"]) + day + f"{random_.randrange(1000):03}"
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, weights, strict=True)) % 11]


def people(count: int, seed: int = 1) -> list[list[str]]:
    """Rows for ``HEADER``: a low-income register whose remarks repeat names and telephones."""
    random_ = random.Random(seed)
    rows = []
    for number in range(1, count + 1):
        name = random_.choice(_SURNAMES) + random_.choice(_GIVEN) + random_.choice(_GIVEN)
        day = f"{random_.randint(1940, 2005)}{random_.randint(1, 12):02}{random_.randint(1, 28):02}"
        phone = f"13{random_.randrange(10**9):09}"
        street = random_.choice(["珞喻路", "中山路", "解放大道"])
        rows.append(
            [
                str(number),
                name,
                random_.choice("男女"),
                _resident_id(random_, day),
                f"{day[:4]}-{day[4:6]}-{day[6:]}",
                phone,
                f"湖北省武汉市{random_.choice(['洪山区', '武昌区'])}{street}{random_.randrange(1, 999)}号",
                f"{random_.randrange(200, 900)}.50",
                random_.choice(
                    [
                        "",
                        f"{name}本人来电反映住房困难，电话{phone}，已上门走访核实情况",
                        "已于本月完成入户核查",
                    ]
                ),
            ]
        )
    return rows
