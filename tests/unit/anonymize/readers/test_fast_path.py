"""The way that most files take, by counting instead of analysing, says what the careful one says."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.errors import SourceUnreadable
from anonymize.readers import Limits, open_table
from anonymize.readers.hashing import BackgroundDigest
from anonymize.readers.records import analyse, survey

LINES = st.lists(
    st.lists(st.sampled_from(["", "a", "中文", "1,2", '"x"', "\r"]), min_size=1, max_size=4), max_size=6
)


@given(LINES, st.integers(1, 4), st.sampled_from(["\n", "\r\n"]))
def test_counting_agrees_with_analysing_unless_it_leaves_a_longer_record_to_the_parser(
    lines: list[list[str]], columns: int, end: str
) -> None:
    data = "".join(",".join(line) + end for line in lines).encode()
    quick, careful = survey(data, ord(","), columns, 100), analyse(data, ord(","), columns, 100)
    if careful.ragged is None:
        assert quick == careful
    elif quick.ragged is None:
        widths = [line.count(b",") + 1 for line in data.split(b"\n")[:-1]]
        assert max(widths) > columns


def test_a_longer_record_that_makes_up_for_a_shorter_one_is_refused_with_its_row() -> None:
    table = open_table(io.BytesIO("甲,乙,丙\n1,2,3\n4,5\n6,7,8,9\n".encode()), name="a.csv")
    with pytest.raises(SourceUnreadable, match="Row 3 has 2 cells"):
        list(table.batches())


@pytest.mark.parametrize("cut", range(1, 9))
def test_a_character_may_span_two_blocks(cut: int) -> None:
    text = "甲,乙\n" + "".join(f"𠀀{'张' * n},é{n}\n" for n in range(9))
    table = open_table(io.BytesIO(text.encode()), name="a.csv", limits=Limits(batch_bytes=cut))
    rows = [row for frame in table.batches() for row in frame.rows()]
    assert rows == [(f"𠀀{'张' * n}", f"é{n}") for n in range(9)]


@pytest.mark.parametrize("cut", range(1, 9))
def test_a_byte_that_is_no_utf8_is_reported_with_its_row_wherever_blocks_end(cut: int) -> None:
    data = "甲,乙\n张三,1\n李四,2\n".encode() + b"\xd5\xc5,3\n" + b"x,4\n" * 400_000
    with pytest.raises(SourceUnreadable, match="row 4"):
        open_table(io.BytesIO(data), name="a.csv", limits=Limits(batch_bytes=cut * 1000))


def test_a_file_that_ends_inside_a_character_is_refused() -> None:
    body = "甲,乙\n" + "张,1\n" * 300_000
    with pytest.raises(SourceUnreadable):
        open_table(io.BytesIO(body.encode() + "李,".encode() + b"\xe6\x9d"), name="a.csv")


def test_hashing_beside_reading_gives_the_digest_of_all_blocks() -> None:
    import hashlib

    blocks = [bytes([n]) * (n * 1000) for n in range(20)]
    with BackgroundDigest() as digest:
        for block in blocks:
            digest.add(block)
    assert digest.hexdigest == hashlib.sha256(b"".join(blocks)).hexdigest()
    assert digest.size == sum(map(len, blocks))
