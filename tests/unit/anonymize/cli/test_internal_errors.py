"""A fault of the software shows where it is, and nothing of what was read."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from anonymize.cli import main

SECRET = "13812345678"


@pytest.mark.parametrize("command", [["scan"], ["suggest"], ["assess"]])
def test_words_of_an_unforeseen_error_are_not_repeated(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError(f"conversion failed for 1 value: ['{SECRET}']")

    monkeypatch.setattr("anonymize.cli.source.open_table", broken)
    (tmp_path / "t.csv").write_text(f"手机\n{SECRET}\n", "utf-8")
    done = CliRunner().invoke(main, [*command, str(tmp_path / "t.csv")])
    assert done.exit_code == 1
    assert SECRET not in done.output
    assert "ValueError" in done.stderr
    assert ".py:" in done.stderr


def test_wrong_options_are_still_told_by_their_own_words(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["scan", str(tmp_path), "--no-such-option"])
    assert done.exit_code == 2
    assert "--no-such-option" in done.stderr
