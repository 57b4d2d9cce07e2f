"""Districts, streets and estates of the demonstration city; all made up."""

from __future__ import annotations

import random

# Division code (six digits, 99 is no real province), district, its towns and streets.
DISTRICTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("990102", "云东区", ("迎霞街道", "望江街道", "书院街道", "东关街道", "柳荫街道", "河坊镇")),
    ("990103", "云西区", ("金桥街道", "西苑街道", "钟楼街道", "和平里街道", "石坊街道", "白塔镇")),
    ("990121", "青溪县", ("青溪镇", "龙门镇", "竹山镇", "双溪乡", "云岭乡", "茶坪乡")),
)
ROADS = (
    "人民路",
    "建设大街",
    "学府路",
    "滨河东路",
    "解放北路",
    "兴云大道",
    "文昌街",
    "柳溪路",
    "和平巷",
    "春晖路",
    "迎宾大道",
)
ESTATES = (
    "锦绣花园",
    "阳光小区",
    "学府名邸",
    "滨江一号院",
    "老钢厂宿舍",
    "翠竹苑",
    "幸福里",
    "东方家园",
    "河畔新村",
    "云锦城",
)
CENTRE = (37.68, 112.73)


def town(dice: random.Random) -> tuple[str, str]:
    """A district and one of its towns or streets."""
    _, district, towns = dice.choice(DISTRICTS)
    return district, dice.choice(towns)


def address(dice: random.Random, district: str) -> str:
    """A home address down to the room."""
    return (
        f"云州市{district}{dice.choice(ROADS)}{dice.randrange(1, 300)}号{dice.choice(ESTATES)}"
        f"{dice.randrange(1, 30)}号楼{dice.randrange(1, 6)}单元"
        f"{dice.randrange(1, 30)}0{dice.randrange(1, 5)}室"
    )


def coordinates(dice: random.Random) -> tuple[float, float]:
    """Latitude and longitude in degrees (WGS 84), within about 15 km of the centre."""
    return round(CENTRE[0] + dice.uniform(-0.12, 0.12), 6), round(CENTRE[1] + dice.uniform(-0.15, 0.15), 6)
