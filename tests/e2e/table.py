"""The department file of the browser tests: made here, seen by no recognizer before, with its truth."""

from __future__ import annotations

from random import Random

from tests.factories.people import person
from tests.factories.tables import Table, identifiers

TOWNS = ["城关镇", "河西街道", "柳林镇", "东山乡", "清泉街道", "白石镇"]
KINDS = ["临时救助", "医疗救助", "住房救助"]
HEADER = ["序号", "申请人", "身份证号码", "联系电话", "所属乡镇", "救助类别", "救助金额", "情况说明"]


def relief(seed: int, rows: int) -> Table:
    """Relief applications: four kept columns, three identifiers, and prose that quotes its person."""
    rng = Random(seed)
    out, secrets = [], []
    for number in range(1, rows + 1):
        applicant = person(rng)
        story = rng.choice(
            [
                f"{applicant.name}家中突发火灾，住{applicant.address}，可拨{applicant.mobile}联系。",
                f"患病住院，救助款汇入{applicant.bank_card}，户名{applicant.name}。",
                "家庭人均收入低于低保标准。",
            ]
        )
        out.append(
            [
                str(number),
                applicant.name,
                applicant.resident_id,
                applicant.mobile,
                rng.choice(TOWNS),
                rng.choice(KINDS),
                str(rng.randrange(300, 9000)),
                story,
            ]
        )
        secrets.append(identifiers(applicant))
    return Table("困难群众救助申请", HEADER, out, secrets, ["序号", "所属乡镇", "救助类别", "救助金额"])
