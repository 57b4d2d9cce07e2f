"""The library's face: names, laziness, sources of every kind."""

from __future__ import annotations

import io
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

import anonymize
from anonymize.errors import WrongUse

ROWS = "编号,名称\n" + "".join(f"{n},第{n}项\n" for n in range(50))


def test_importing_the_library_loads_nothing_heavy() -> None:
    code = (
        "import sys, anonymize; "
        "print(sorted({'polars', 'presidio_analyzer', 'spacy', 'numpy', 'sqlalchemy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", anonymize.__all__)
def test_every_name_of_the_face_is_there(name: str) -> None:
    assert callable(getattr(anonymize, name))
    assert name in dir(anonymize)


@pytest.mark.parametrize("name", ["suggest", "restore"])
def test_a_module_of_the_same_name_does_not_hide_a_function(name: str) -> None:
    code = f"import anonymize, anonymize.{name}; print(callable(anonymize.{name}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing_like_it"):
        anonymize.nothing_like_it  # noqa: B018


def test_a_path_a_stream_and_a_table_are_scanned_alike(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    path.write_text(ROWS, "utf-8")
    found = [
        anonymize.scan(source).columns
        for source in (path, str(path), io.BytesIO(ROWS.encode()), anonymize.open_table(path))
    ]
    assert all(columns == found[0] for columns in found)


def test_one_sink_or_several_and_a_policy_or_its_plan(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    path.write_text(ROWS, "utf-8")
    table = anonymize.open_table(path)
    findings = anonymize.scan(table)
    policy = anonymize.suggest(findings)
    made = anonymize.Plan.make(table, policy, findings, key=b"k" * 32)
    plan = pickle.loads(pickle.dumps(made))  # noqa: S301
    outputs = []
    for asked, several in ((policy, False), (policy, True), (plan, False)):
        stream = io.BytesIO()
        sink = anonymize.open_writer("csv", stream, anonymize.published_fields(policy, table.columns))
        report = anonymize.apply(path, asked, [sink] if several else sink, key=b"k" * 32)
        assert report.rows_out == 50
        outputs.append(stream.getvalue())
    assert len(set(outputs)) == 1


def test_a_plan_shows_no_key() -> None:
    table = anonymize.open_table(io.BytesIO(ROWS.encode()), name="a.csv")
    findings = anonymize.scan(table)
    plan = anonymize.Plan.make(table, anonymize.suggest(findings), findings, key=b"k" * 32)
    assert "kkkk" not in repr(plan)


def test_an_engine_that_does_not_exist_is_wrong_use() -> None:
    table = anonymize.open_table(io.BytesIO(ROWS.encode()), name="a.csv")
    with pytest.raises(WrongUse, match="spark"):
        anonymize.apply(table, anonymize.suggest(anonymize.scan(table)), [], engine="flink")  # type: ignore[arg-type]
