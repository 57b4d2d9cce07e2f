"""Cells of held-back tables: one function a kind of value, each telling the row what it must not give away.

A maker takes the row and gives a cell. What identifies a person it hands to ``row.tell``; the judge looks for it in
every column of the output.
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from tests.factories.people import Person, full_width, luhn, person, resident_id
from tests.factories.tables import Table

Cell = Callable[["Row"], str]
CHECKS = "10X98765432"


@dataclass
class Row:
    """One row while it is made: its random numbers, its place, its two persons, its secrets."""

    rng: Random
    index: int
    one: Person
    two: Person
    secrets: list[str] = field(default_factory=list)

    def tell(self, *values: str) -> str:
        """Keep the values secret; the first one is given back."""
        self.secrets.extend(value for value in values if value)
        return values[0]


@dataclass(frozen=True)
class HeldBack(Table):
    """A table whose ``hide`` columns may not come out with any cell as it was (faith, health)."""

    hide: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """``fate``: ``keep`` (equal cells), ``hide`` (no cell equal), ``any`` (only the secrets count)."""

    header: str
    make: Cell
    fate: str = "any"


def build(name: str, columns: Sequence[Column], rng: Random, rows: int, title: str = "") -> HeldBack:
    """A table of so many rows; the same random numbers give the same table."""
    cells, secrets = [], []
    for index in range(rows):
        row = Row(rng, index, person(rng), person(rng))
        cells.append([column.make(row) for column in columns])
        secrets.append(row.secrets)
    keep = [c.header for c in columns if c.fate == "keep"]
    hide = tuple(c.header for c in columns if c.fate == "hide")
    return HeldBack(name, [c.header for c in columns], cells, secrets, keep, title, hide)


# -- making makers -------------------------------------------------------------------------------


def pick(*words: str) -> Cell:
    return lambda row: row.rng.choice(words)


def often(share: float, make: Cell, other: Cell | str = "") -> Cell:
    """``make`` in this share of the rows, else ``other``."""

    def cell(row: Row) -> str:
        if row.rng.random() < share:
            return make(row)
        return other if isinstance(other, str) else other(row)

    return cell


def either(*makes: Cell) -> Cell:
    return lambda row: row.rng.choice(makes)(row)


def text(pattern: str, *makes: Cell) -> Cell:
    """``{}`` of the pattern filled by the makers, in order."""
    return lambda row: pattern.format(*[make(row) for make in makes])


def dressed(make: Cell, *dress: Callable[[str], str]) -> Cell:
    """The cell of ``make`` in one of several ways of writing."""
    return lambda row: row.rng.choice(dress)(make(row))


def number(low: int, high: int) -> Cell:
    return lambda row: str(row.rng.randrange(low, high))


def digits(count: int, head: str = "") -> Cell:
    return lambda row: head + "".join(str(row.rng.randrange(10)) for _ in range(count))


def hexa(count: int, gap: str = "", group: int = 2) -> Cell:
    def cell(row: Row) -> str:
        made = "".join(row.rng.choice("0123456789ABCDEF") for _ in range(count))
        return gap.join(made[i : i + group] for i in range(0, count, group)) if gap else made

    return cell


def serial(pattern: str) -> Cell:
    return lambda row: pattern.format(row.index + 1)


def day(pattern: str = "%Y-%m-%d", start: int = 2023, days: int = 900) -> Cell:
    return lambda row: (date(start, 1, 1) + timedelta(days=row.rng.randrange(days))).strftime(pattern)


def money(row: Row) -> str:
    return f"{row.rng.randrange(100, 9_000_000) / 100:.2f}"


# -- a person's ----------------------------------------------------------------------------------


def wide(value: str) -> str:
    return full_width(value)


def spaced(value: str) -> str:
    return f" {value} "


def grouped(value: str) -> str:
    return f"{value[:6]} {value[6:14]} {value[14:]}"


def quoted(value: str) -> str:
    return f"'{value}"


def lower(value: str) -> str:
    return value.lower()


def as_is(value: str) -> str:
    return value


def name(row: Row) -> str:
    return row.tell(row.one.name)


def other_name(row: Row) -> str:
    return row.tell(row.two.name)


def rid(row: Row) -> str:
    return row.tell(row.one.resident_id)


def other_rid(row: Row) -> str:
    return row.tell(row.two.resident_id)


def old_rid(row: Row) -> str:
    """The number of fifteen digits that elderly persons' old cards carry."""
    region = row.rng.choice(["140105", "320681", "370481", "420106"])
    born = date(1930, 1, 1) + timedelta(days=row.rng.randrange(14_000))
    return row.tell(f"{region}{born:%y%m%d}{row.rng.randrange(1000):03d}")


def _dated(row: Row, head: str) -> str:
    body = f"{head}{row.one.born:%Y%m%d}{row.rng.randrange(1000):03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + CHECKS[sum(int(c) * w for c, w in zip(body, weights, strict=True)) % 11]


def residence_permit(row: Row) -> str:
    return row.tell(_dated(row, row.rng.choice(["810000", "820000", "830000"])))


def foreign_permit(row: Row) -> str:
    province, country = (
        row.rng.choice(["11", "31", "44", "33"]),
        row.rng.choice(["124", "840", "410", "826", "036"]),
    )
    return row.tell(_dated(row, f"9{province}{country}"))


def old_foreign_permit(row: Row) -> str:
    head = row.rng.choice(["USA", "CAN", "KOR", "DEU"]) + row.rng.choice(["1101", "3101", "4403"])
    return row.tell(f"{head}{row.one.born:%y%m%d}{row.rng.randrange(100):02d}")


def passport(row: Row) -> str:
    return row.tell(row.one.passport)


def new_passport(row: Row) -> str:
    return row.tell("E" + row.rng.choice("ABCDFGHJ") + f"{row.rng.randrange(10**7):07d}")


def home_permit(row: Row) -> str:
    return row.tell(row.rng.choice("HM") + f"{row.rng.randrange(10**8):08d}")


def taiwan_permit(row: Row) -> str:
    return row.tell(f"0{row.rng.randrange(10**7):07d}")


def outbound_permit(row: Row) -> str:
    return row.tell("C" + f"{row.rng.randrange(10**8):08d}")


def mobile(row: Row) -> str:
    return row.tell(row.one.mobile)


def other_mobile(row: Row) -> str:
    return row.tell(row.two.mobile)


def landline(row: Row) -> str:
    return f"0{row.rng.choice(['571', '351', '27'])}-" + row.tell(
        f"{row.rng.randrange(2, 9)}{row.rng.randrange(10**7):07d}"
    )


def card(row: Row) -> str:
    return row.tell(row.one.bank_card)


def email(row: Row) -> str:
    return row.tell(row.one.email)


def plate(row: Row) -> str:
    return row.tell(row.one.plate)


def green_plate(row: Row) -> str:
    return row.tell(
        row.rng.choice("苏浙粤")
        + row.rng.choice("ABCDE")
        + row.rng.choice("DF")
        + f"{row.rng.randrange(10**5):05d}"
    )


def wechat(row: Row) -> str:
    made = "".join(row.rng.choice("abcdefghijkmnpqrstuvwxyz") for _ in range(6))
    return row.tell(
        row.rng.choice([f"{made}_{row.rng.randrange(100)}", f"wxid_{made}{row.rng.randrange(10**6):06d}"])
    )


def qq(row: Row) -> str:
    return row.tell(str(row.rng.randrange(10**6, 10**10)))


def born(pattern: str) -> Cell:
    def cell(row: Row) -> str:
        row.tell(f"{row.one.born:%Y%m%d}")
        return row.one.born.strftime(pattern)

    return cell


def address(row: Row) -> str:
    row.tell(row.one.door)
    return row.one.address


def door(row: Row) -> str:
    return row.tell(row.one.door)


def pupil(row: Row) -> str:
    return row.tell("G" + row.one.resident_id, row.one.resident_id)


def insured(row: Row) -> str:
    return row.tell(
        row.rng.choice(["0" + row.one.resident_id, row.one.resident_id + "01"]), row.one.resident_id
    )


def card_number(row: Row) -> str:
    return row.tell(row.rng.choice("ABCDEFG") + f"{row.rng.randrange(10**8):08d}")


def licence_file(row: Row) -> str:
    return row.tell(row.rng.choice(["3301", "1401", "4201", "3206"]) + f"{row.rng.randrange(10**8):08d}")


def ip(row: Row) -> str:
    r = row.rng
    return row.tell(
        f"{r.choice([36, 58, 112, 183, 221])}.{r.randrange(100, 250)}.{r.randrange(256)}.{r.randrange(1, 255)}"  # noqa: E501
    )


def mac(gap: str) -> Cell:
    return lambda row: row.tell(hexa(12, gap)(row))


def imei(row: Row) -> str:
    return row.tell(
        luhn(row.rng.choice(["86966104", "35209900", "86012345"]) + f"{row.rng.randrange(10**6):06d}")
    )


def age(row: Row) -> str:
    return str(2025 - row.one.born.year)


def sex(row: Row) -> str:
    return row.one.sex


def longitude(row: Row) -> str:
    return row.tell(f"{row.rng.randrange(1_125_000_000, 1_127_000_000) / 1e7:.6f}")


def latitude(row: Row) -> str:
    return row.tell(f"{row.rng.randrange(378_000_000, 379_000_000) / 1e7:.6f}")


def ethnic(row: Row) -> str:
    return row.rng.choice(["汉族"] * 12 + ["回族", "满族", "蒙古族", "土家族"])


ICD = ("I10.x00", "E11.900", "J18.900", "I25.103", "K29.500", "N18.900", "C34.900", "F20.900")
DISEASES = ("高血压3级", "2型糖尿病", "肺炎", "冠心病", "慢性胃炎", "肺恶性肿瘤", "精神分裂症", "乙肝")


def younger_id(row: Row) -> str:
    """An ID of another person than the row's two, a child's."""
    day_born = date(2010, 1, 1) + timedelta(days=row.rng.randrange(4500))
    return row.tell(resident_id(row.rng, "420106", day_born, row.rng.random() < 0.5))
