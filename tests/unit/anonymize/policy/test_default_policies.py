"""The policies that come along are policies, and keep nothing personal."""

from pathlib import Path

import pytest

from anonymize.engines.residue import PUBLIC_AT_LEVEL_1
from anonymize.policy import Policy

FOLDER = Path(__file__).parents[4] / "config/policies"
FILES = sorted(FOLDER.glob("*.yaml"))


def test_there_are_policies_for_the_common_tables() -> None:
    assert {file.stem for file in FILES} >= {
        "low-income-households",
        "hotline-orders",
        "company-register",
        "vehicles",
        "elderly-allowance",
    }


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_default_policy_is_valid_and_keeps_nothing_personal(file: Path) -> None:
    policy = Policy.from_yaml(file.read_text("utf-8"))
    assert policy.k >= 5
    for rule in policy.columns:
        if rule.operator.name in ("keep", "suppress"):
            assert rule.entity is None or (rule.level == 1 and rule.entity in PUBLIC_AT_LEVEL_1)
