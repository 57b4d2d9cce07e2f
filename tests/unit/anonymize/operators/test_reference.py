"""The reference names every operator and every parameter."""

import dataclasses
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from anonymize.cli import main
from anonymize.operators import all_operators

PAGE = Path(__file__).parents[4] / "docs/reference/operators.md"


@pytest.mark.parametrize("name", [found.name for found in all_operators()])
def test_every_operator_has_a_heading_and_its_parameters_in_the_reference(name: str) -> None:
    sections = {part.split("\n", 1)[0].strip(): part for part in PAGE.read_text("utf-8").split("\n## ")[1:]}
    section = next((text for title, text in sections.items() if title.startswith(f"`{name}`")), None)
    assert section is not None
    operator = next(found for found in all_operators() if found.name == name)
    for field in dataclasses.fields(operator.params_type):
        assert f"`{field.name}`" in section


def test_the_reference_names_no_operator_that_does_not_exist() -> None:
    titles = [part.split("\n", 1)[0] for part in PAGE.read_text("utf-8").split("\n## ")[1:]]
    assert {title.split("`")[1] for title in titles if title.startswith("`")} == {
        o.name for o in all_operators()
    }


def test_the_command_lists_every_operator_for_people_and_for_machines() -> None:
    listed = CliRunner().invoke(main, ["operators"])
    assert {line.split()[0] for line in listed.output.splitlines()} == {o.name for o in all_operators()}
    told = json.loads(CliRunner().invoke(main, ["operators", "--json"]).output)
    assert [each["name"] for each in told] == [o.name for o in all_operators()]
    fpe = next(each for each in told if each["name"] == "fpe")
    assert fpe["reversible"] is True
    assert fpe["params"]["properties"]["alphabet"] == {"enum": ["digits", "hex", "alphanumeric"]}
