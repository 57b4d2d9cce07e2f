"""What a run leaves on the disk: the old state or the new one, never its own input, never half a file."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from anonymize.cli import main
from anonymize.cli.unnamed import Unnamed

POLICY = """\
version: 2
columns:
  - {name: 姓名, operator: mask, entity: PERSON, level: 3}
  - {name: 金额, operator: keep, level: 1}
"""


def run(*args: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in args])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = "".join(f"{'王李张刘陈'[n % 5]}{'伟芳娜敏静'[n // 5 % 5]},{n}\n" for n in range(60))
    (tmp_path / "raw.csv").write_text("姓名,金额\n" + rows, "utf-8")
    (tmp_path / "policy.yaml").write_text(POLICY, "utf-8")
    return tmp_path


def apply(folder: Path, *more: object) -> Result:
    return run("apply", folder / "raw.csv", "--policy", folder / "policy.yaml", *more)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_raw_file_is_never_replaced_by_its_output(folder: Path) -> None:
    before = digest(folder / "raw.csv")
    done = apply(folder, "--out", folder)
    assert done.exit_code == 2
    assert "raw.csv" in done.stderr
    assert digest(folder / "raw.csv") == before
    assert sorted(path.name for path in folder.iterdir()) == ["policy.yaml", "raw.csv"]


def test_neither_a_link_nor_a_report_reaches_an_input(folder: Path) -> None:
    (folder / "out").mkdir()
    (folder / "out/raw.csv").symlink_to(folder / "raw.csv")
    before = digest(folder / "raw.csv"), digest(folder / "policy.yaml")
    assert apply(folder, "--out", folder / "out").exit_code == 2
    assert apply(folder, "--out", folder / "o", "--report", folder / "policy.yaml").exit_code == 2
    assert apply(folder, "--out", folder / "o", "--report-pdf", folder / "raw.csv").exit_code == 2
    assert (digest(folder / "raw.csv"), digest(folder / "policy.yaml")) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_wrong_use(folder: Path) -> None:
    (folder / "closed").mkdir(mode=0o500)
    assert apply(folder, "--out", folder / "closed").exit_code == 2


def test_a_report_that_cannot_be_written_leaves_no_output_without_it(folder: Path) -> None:
    (folder / "taken").write_text("a file where a folder should be")
    done = apply(folder, "--out", folder / "out", "--report", folder / "taken/r.json")
    assert done.exit_code != 0
    assert not (folder / "out").exists()


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="Linux")
def test_a_killed_process_leaves_the_earlier_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_text("earlier")
    code = (
        "import sys, pathlib\nfrom anonymize.cli.unnamed import Unnamed\n"
        f"file = Unnamed(pathlib.Path({str(target)!r}))\n"
        "file.stream.write(b'secret' * 100000)\nfile.stream.flush()\nprint('written', flush=True)\n"
        "sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"written\n"
        process.send_signal(signal.SIGKILL)
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
    assert target.read_text() == "earlier"


def test_without_unnamed_files_a_hidden_one_goes_when_the_run_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "O_TMPFILE", raising=False)

    def fail() -> None:
        with Unnamed(tmp_path / "a") as file:
            file.stream.write(b"half")
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        fail()
    assert list(tmp_path.iterdir()) == []
    with Unnamed(tmp_path / "a", 0o600) as file:
        file.stream.write(b"whole")
        file.keep()
    assert (tmp_path / "a").read_bytes() == b"whole"
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600
    assert len(list(tmp_path.iterdir())) == 1


def test_a_name_in_the_bytes_of_gbk_goes_all_the_way(folder: Path) -> None:
    raw = os.fsencode(folder) + b"/" + "低保".encode("gb18030") + b".csv"
    os.rename(folder / "raw.csv", raw)
    name = os.fsdecode(raw)
    suggested = run("suggest", name)
    assert suggested.exit_code == 0, suggested.output
    assert '"低保.csv"' in suggested.stdout
    done = run(
        "apply", name, "--policy", folder / "policy.yaml", "--out", folder / "out", "--format", "csv,xlsx",
        "--report", folder / "r.json", "--report-pdf", folder / "r.pdf",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert (folder / "out/低保.csv").is_file()
    assert run("verify", folder / "out/低保.csv", "--report", folder / "r.json").exit_code == 0


@pytest.mark.parametrize(
    ("encoding", "words"),
    [("ascii", ["--help"]), ("gbk", ["recognizers"]), ("iso-8859-1", ["apply", "--help"])],
)
def test_a_terminal_of_any_encoding_is_answered(encoding: str, words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from anonymize.cli import main; main()", *words],
        env={**os.environ, "PYTHONIOENCODING": encoding},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    assert done.stdout


def test_a_run_that_is_stopped_by_hand_says_so_and_leaves_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_args: object, **_kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("anonymize.cli.outputs.keep_together", stop)
    done = apply(folder, "--out", folder / "out", "--report", folder / "r.json")
    assert done.exit_code == 1
    assert "已停止" in done.output
    assert "stopped" in done.output
    assert list((folder / "out").iterdir()) == []
    assert not (folder / "r.json").exists()
