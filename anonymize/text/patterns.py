"""Identifiers inside longer texts: where they stand, how many, and the text without them.

All texts of a column are searched at once: a cheap expression picks the texts that can hold anything,
these are joined into one string, each recognizer's pattern walks over it, and its checker judges all
candidates as a column.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import numpy.typing as npt
import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers.base import CONTEXT_WINDOW, ColumnRecognizer, span
from anonymize.recognizers.normal import INVISIBLE, fold, has_invisible
from anonymize.recognizers.registry import recognizers

SPANS: dict[str, type[pl.DataType]] = {
    "row": pl.UInt32,
    "start": pl.UInt32,
    "end": pl.UInt32,
    "entity": pl.String,
}
"""Columns of the answer of ``find_in_text``: row in the series, characters from 0, end excluded."""

LABEL: Mapping[Entity, str] = {
    Entity.RESIDENT_ID: "[身份证号]",
    Entity.PASSPORT: "[证件号]",
    Entity.MOBILE: "[手机号]",
    Entity.LANDLINE: "[电话]",
    Entity.BANK_CARD: "[银行卡号]",
    Entity.USCC: "[统一社会信用代码]",
    Entity.EMAIL: "[邮箱]",
    Entity.PLATE: "[车牌号]",
    Entity.DATE_OF_BIRTH: "[出生日期]",
    Entity.PERSON: "[姓名]",
    Entity.ADDRESS: "[地址]",
    Entity.RESIDENCE_PERMIT: "[居住证号]",
    Entity.FOREIGN_PERMIT: "[永久居留证号]",
    Entity.TRAVEL_PERMIT: "[通行证号]",
    Entity.ORGANIZATION_CODE: "[组织机构代码]",
    Entity.DRIVING_LICENCE: "[驾驶证号]",
    Entity.SOCIAL_SECURITY: "[社保号]",
    Entity.STUDENT_NUMBER: "[学籍号]",
    Entity.IP: "[IP地址]",
    Entity.MAC: "[MAC地址]",
    Entity.IMEI: "[设备识别码]",
    Entity.WECHAT: "[微信号]",
    Entity.QQ: "[QQ号]",
    Entity.AGE: "[年龄]",
    Entity.COORDINATES: "[坐标]",
    Entity.ETHNIC_GROUP: "[民族]",
    Entity.RELIGION: "[宗教信仰]",
    Entity.HEALTH: "[健康信息]",
    Entity.POST: "[职务]",
}
"""What stands in a text where an identifier was."""

_Positions = npt.NDArray[np.int64]
_BREAK = "\n\x1e\n"


def find_in_text(
    values: pl.Series, entities: Collection[Entity] | None = None, *, folded: bool = False
) -> pl.DataFrame:
    """Every identifier in every text.

    Args:
        values: ``String``; nulls are read as empty.
        entities: the kinds to look for; all but the classes of persons (ages, posts …) when left out.
        folded: the caller knows that there is nothing to fold in the values and nothing invisible.

    Returns:
        A frame of ``SPANS``, sorted by row and start; spans of one row do not overlap: where two kinds claim the
        same characters, the one with the stronger proof is kept, and what sticks out of it is cut off.
    """  # noqa: E501
    values = values.fill_null("") if values.null_count() else values
    wanted = {e: r for e, r in recognizers().items() if (r.IN_TEXT if entities is None else e in entities)}
    plain = values if folded else fold(values)
    gate = "|".join(f"(?:{r.PREFILTER})" for r in wanted.values())
    if not folded and (invisible := has_invisible(values)).any():
        return _with_invisible(values, plain, invisible, wanted.keys())
    chosen = plain.str.contains(gate)
    rows = chosen.arg_true()
    if rows.len() == 0:
        return pl.DataFrame(schema=SPANS)
    texts = plain.filter(chosen)
    found = []
    for rank, (entity, recognizer) in enumerate(wanted.items()):
        possible = texts.str.contains(recognizer.PREFILTER)
        if not possible.any():
            continue
        spans = _spans_of(recognizer, texts.filter(possible))
        if spans is None:
            continue
        index, starts, ends = spans
        found.append(
            pl.DataFrame(
                {
                    "row": rows.filter(possible).to_numpy()[index].astype(np.uint32),
                    "start": starts.astype(np.uint32),
                    "end": ends.astype(np.uint32),
                    "rank": np.full(index.size, rank, dtype=np.uint8),
                }
            ).with_columns(pl.lit(entity.value).alias("entity"))
        )
    if not found:
        return pl.DataFrame(schema=SPANS)
    return _without_overlap(pl.concat(found))


def _spans_of(
    recognizer: ColumnRecognizer, texts: pl.Series
) -> tuple[_Positions, _Positions, _Positions] | None:
    """Row, start and end of what one recognizer takes, over all texts in one walk."""
    lengths = texts.str.len_chars().to_numpy().astype(np.int64)
    offsets = np.concatenate(([0], np.cumsum(lengths + len(_BREAK))[:-1]))
    joined: str = texts.str.join(_BREAK).item()
    places = [span(m) for m in recognizer.TEXT.finditer(joined)]
    if not places:
        return None
    pieces = pl.Series([joined[a:b] for a, b in places], dtype=pl.String)
    before = pl.Series([joined[max(0, a - CONTEXT_WINDOW) : a] for a, _ in places], dtype=pl.String)
    taken = recognizer.accept(pieces, before.str.split(_BREAK).list.last()).to_numpy()
    bounds = np.array(places, dtype=np.int64)[taken]
    if bounds.size == 0:
        return None
    index = np.searchsorted(offsets, bounds[:, 0], side="right") - 1
    return index, bounds[:, 0] - offsets[index], bounds[:, 1] - offsets[index]


def count_in_text(values: pl.Series, entities: Collection[Entity] | None = None) -> dict[Entity, int]:
    """How many *texts* hold each kind of identifier."""
    spans = find_in_text(values, entities)
    counts = spans.group_by("entity").agg(pl.col("row").n_unique()).rows()
    return {Entity(name): count for name, count in sorted(counts)}


def redact_text(values: pl.Series, entities: Collection[Entity] | None = None) -> pl.Series:
    """The texts with each identifier replaced by its ``LABEL``; everything else stays as it is."""
    name = values.name
    values = values.fill_null("") if values.null_count() else values
    spans = find_in_text(values, entities)
    if spans.height == 0:
        return values
    per_row = spans.group_by("row", maintain_order=True).agg("start", "end", "entity")
    touched = per_row["row"]
    cleaned = []
    for text, starts, ends, kinds in zip(
        values.gather(touched), per_row["start"], per_row["end"], per_row["entity"], strict=True
    ):
        pieces, at = [], 0
        for start, end, kind in zip(starts, ends, kinds, strict=True):
            pieces += [text[at:start], LABEL[Entity(kind)]]
            at = end
        cleaned.append("".join([*pieces, text[at:]]))
    return values.clone().scatter(touched, pl.Series(cleaned, dtype=pl.String)).alias(name)


def _with_invisible(
    values: pl.Series, folded: pl.Series, invisible: pl.Series, wanted: Collection[Entity]
) -> pl.DataFrame:
    """Search without the characters that show nothing, and translate positions back to the original."""
    stripped = folded.str.replace_all(f"[{INVISIBLE}]", "")
    spans = find_in_text(stripped, wanted)
    hidden = set(invisible.arg_true().to_list())
    rows = []
    for row, start, end, entity in spans.iter_rows():
        if row in hidden:
            kept = [i for i, c in enumerate(values[row]) if c not in INVISIBLE]
            rows.append((row, kept[start], kept[end - 1] + 1, entity))
        else:
            rows.append((row, start, end, entity))
    return pl.DataFrame(rows, schema=SPANS, orient="row")


def _without_overlap(spans: pl.DataFrame) -> pl.DataFrame:
    """Keep the better-proved span of two that overlap; a weaker one that reaches further keeps its rest."""
    ordered = spans.sort("row", "start", "rank")
    clash = ordered.select(
        ((pl.col("row") == pl.col("row").shift(1)) & (pl.col("start") < pl.col("end").shift(1))).any()
    ).item()
    if not clash:
        return ordered.select(list(SPANS))
    kept: list[tuple[int, int, int, str]] = []
    for _, group in ordered.group_by("row", maintain_order=True):
        taken: list[tuple[int, int, int, str]] = []
        for row, start, end, _, entity in group.sort("rank", "start").iter_rows():
            pieces = [(start, end)]
            for _, other_start, other_end, _ in taken:
                pieces = [
                    piece
                    for a, b in pieces
                    for piece in ((a, min(b, other_start)), (max(a, other_end), b))
                    if piece[0] < piece[1] and not (other_start <= piece[0] and piece[1] <= other_end)
                ]
            # A rest of one or two characters is punctuation or a suffix, not an identifier.
            taken += [
                (row, a, b, entity) for a, b in dict.fromkeys(pieces) if b - a > 2 or (a, b) == (start, end)
            ]
        kept += sorted(taken)
    return pl.DataFrame(kept, schema=SPANS, orient="row")
