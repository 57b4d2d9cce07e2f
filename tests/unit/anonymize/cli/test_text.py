"""``anonymize text``: one JSON line for one line."""

from __future__ import annotations

import json
from itertools import pairwise

from click.testing import CliRunner

from anonymize.cli import main


def run(data: bytes, *options: str) -> tuple[int, list[list[dict[str, object]]], str]:
    done = CliRunner().invoke(main, ["text", *options], input=data)
    return done.exit_code, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def test_every_line_is_answered_with_characters_of_the_line_as_it_is() -> None:
    lines = [
        "联系人：王芳，电话１３８００１３８０００",
        "",
        "今日多云",
        "家住武汉市洪山区珞喻路1037号3栋501室",
    ]
    code, answers, _ = run("\n".join(lines).encode() + b"\n")
    assert code == 0
    assert len(answers) == len(lines)
    pieces = [
        [line[a["start"] : a["end"]] for a in answer] for line, answer in zip(lines, answers, strict=True)
    ]
    assert pieces == [["王芳", "１３８００１３８０００"], [], [], ["武汉市洪山区珞喻路1037号3栋501室"]]
    assert [a["entity"] for a in answers[0]] == ["PERSON", "CN_MOBILE"]
    assert all(0 < a["score"] <= 1 for answer in answers for a in answer)


def test_more_lines_than_one_piece_keep_their_order() -> None:
    lines = [f"第{n}件，电话1380013{n:04d}" if n % 7 == 0 else f"第{n}件" for n in range(5000)]
    code, answers, _ = run("\n".join(lines).encode())
    assert code == 0
    assert [bool(answer) for answer in answers] == [n % 7 == 0 for n in range(5000)]


def test_windows_line_ends_and_a_byte_order_mark_are_no_part_of_a_line() -> None:
    code, answers, _ = run("\ufeff联系人：王芳\r\n联系人：李娜\r\n".encode())
    assert code == 0
    assert [[(a["start"], a["end"]) for a in answer] for answer in answers] == [[(4, 6)], [(4, 6)]]


def test_no_input_gives_no_output() -> None:
    assert run(b"")[:2] == (0, [])


def test_another_encoding_is_refused_with_the_line_and_without_its_words() -> None:
    code, answers, said = run("第一行\n".encode() + "联系人：王芳\n".encode("gb18030"))
    assert code == 4
    assert answers == []
    assert "第 2 行" in said
    assert "line 2" in said.lower()
    assert "王芳" not in said


def test_two_processes_answer_as_one() -> None:
    data = "\n".join(f"市民张伟第{n}次来电，家住和平路{n}号" for n in range(1, 40)).encode()
    one, two = run(data)[1], run(data, "--processes", "2")[1]
    assert one == two
    assert all(a["end"] <= b["start"] for answer in one for a, b in pairwise(answer))
