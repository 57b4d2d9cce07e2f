"""``date_shift``: all days of one person move by the same number of days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from anonymize.operators.dates import SEPARATED, SOLID, read_days
from anonymize.operators.keyed import row_words, value_words
from anonymize.operators.normal import folded, normal
from anonymize.operators.params import Unfit
from anonymize.operators.registry import REDACTED, Effect, OperatorContext, operator


@dataclass(frozen=True, slots=True)
class DateShiftParams:
    """``by``: the column that says whose day it is (a number rather than a name, which people share).

    ``days``: each person's days move by 1 to this many days, forward or back.
    """

    by: str
    days: int = 180

    def __post_init__(self) -> None:
        if not self.by:
            raise Unfit("by 应为说明日期属于谁的那一列", "by: the column that says whose day it is")
        if not 1 <= self.days <= 3650:
            raise Unfit("days 应为 1–3650", "days: 1–3650")


@operator("date_shift", DateShiftParams, zh="日期平移", en="Shift dates", effect=Effect.INVENTED)
def date_shift(column: pl.Series, params: DateShiftParams, ctx: OperatorContext) -> pl.Series:
    """Moves every day by its person's own number of days, never by none; the way of writing stays.

    All columns with the same ``by`` and ``days`` share the shift, so a person's days keep their order and
    the time between them. Where the person is not named, the row has a shift of its own. A cell that is
    not a whole day is hidden.
    """
    shift = _shift(column, params, ctx)
    frame = read_days(column).with_columns(folded(column).alias("v"), pl.Series("shift", shift))
    frame = frame.with_columns(
        (pl.col("day") + pl.duration(days=pl.col("shift"))).alias("new"),
        pl.col("v").str.extract_groups(SEPARATED).alias("parts"),
        pl.col("v").str.contains(SOLID).alias("solid"),
    )
    whole = pl.col("day").is_not_null() & pl.col("d").is_not_null()
    # Outside these years a day would be taken for a mistake.
    sound = whole & pl.col("new").dt.year().is_between(1800, 2200)
    part = pl.col("parts").struct
    short = (part.field("m").str.len_bytes() == 1) | (part.field("d").str.len_bytes() == 1)

    def two(number: pl.Expr) -> pl.Expr:
        text = number.cast(pl.String)
        return pl.when(short).then(text).otherwise(text.str.zfill(2))

    year, month, day = (getattr(pl.col("new").dt, unit)() for unit in ("year", "month", "day"))
    separated = pl.concat_str(
        year.cast(pl.String), part.field("s1"), two(month), part.field("s2"), two(day), part.field("t")
    )
    written = pl.when(pl.col("solid")).then(pl.col("new").dt.strftime("%Y%m%d")).otherwise(separated)
    made = pl.when(pl.col("v") == "").then(pl.lit("")).when(sound).then(written)
    return frame.select(made.fill_null(REDACTED)).to_series()


def _shift(
    column: pl.Series, params: DateShiftParams, ctx: OperatorContext
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Days to add, one of −days … −1, 1 … days for each cell."""
    rows = row_words(ctx.derive(f"date_shift/row/{params.by}", fresh=True), ctx.rows(len(column)))[:, 0]
    words = rows
    if ctx.person is not None:
        person = normal(ctx.person)
        values = person.unique()
        key = ctx.derive(f"date_shift/{params.by}/{params.days}")
        ours = pl.DataFrame({"p": values, "w": value_words(key, values)[:, 0]})
        found = person.alias("p").to_frame().join(ours, on="p", how="left", maintain_order="left")["w"]
        words = np.where((person != "").to_numpy(), found.to_numpy(), rows)
    drawn = (words % np.uint64(2 * params.days)).astype(np.int64) - params.days
    return np.where(drawn >= 0, drawn + 1, drawn)
