"""People who do not exist: name, sex, birth, identity number, telephone, address."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from faker import Faker

from ckanext.govdata.demo import identifiers, places

TODAY = date(2026, 10, 31)


@dataclass(frozen=True)
class Person:
    """One made-up person."""

    name: str
    female: bool
    born: date
    resident_id: str
    mobile: str
    district: str
    town: str
    address: str


class People:
    """Makes people one after another; equal seeds make equal people."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311
        self.faker = Faker("zh_CN")
        self.faker.seed_instance(seed)

    def person(self, youngest: int = 18, oldest: int = 85) -> Person:
        """A person whose age lies between ``youngest`` and ``oldest`` years."""
        dice = self.dice
        female = dice.random() < 0.5
        days = dice.randrange(youngest * 366, oldest * 365)
        born = TODAY - timedelta(days=days)
        district, town = places.town(dice)
        return Person(
            name=self.faker.name_female() if female else self.faker.name_male(),
            female=female,
            born=born,
            resident_id=identifiers.resident_id(dice, born, female=female),
            mobile=identifiers.mobile(dice),
            district=district,
            town=town,
            address=places.address(dice, district),
        )
