"""Charts: which one a table suggests by itself, and the figures of the one that is asked for.

What is drawn is aggregated in the database over all rows that fit the filter; the page gets at most a
hundred points for each of at most eight series.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import sqlalchemy as sa

from ckanext.govdata.tables import question as asked
from ckanext.govdata.tables import reading
from ckanext.govdata.tables.errors import BadQuestion
from ckanext.govdata.tables.question import Arguments, Question
from ckanext.govdata.tables.shape import Column, Shape
from ckanext.govdata.tables.statistics import ColumnFacts, TableFacts

Fold = Literal["count", "sum", "mean", "least", "greatest"]
Step = Literal["", "year", "quarter", "month", "day", "hour"]
Shown = Literal["bar", "line"]
FOLDS: tuple[Fold, ...] = get_args(Fold)
STEPS: tuple[Step, ...] = get_args(Step)
MOST_POINTS = 100
TOP = 20
SERIES = 8
FEW = 30
"""Different values of a column that is rather a category than a name."""
_FORMATS: dict[str, str] = {
    "year": "YYYY",
    "quarter": 'YYYY"-Q"Q',
    "month": "YYYY-MM",
    "day": "YYYY-MM-DD",
    "hour": "YYYY-MM-DD HH24:00",
}
_NO_MEASURE = re.compile(
    r"代码|编号|编码|序号|号$|电话|邮编|经度|纬度|坐标|年份|月份|年度|id$|code|lng|lon|lat|phone", re.I
)
_ADDS_UP = re.compile(r"数$|数量|总|额|量$|人次|面积|里程|万元|亿元|件$|吨|户$|辆|amount|count|total", re.I)
_NEVER_ADDS = re.compile(r"指数|系数|率|比|均|价|温|浓度|得分|评分|index|rate|ratio", re.I)
_TIMES = re.compile(r"(?:19|20)\d{2}(?:$|年|[-/.]|Q|第)")


@dataclass(frozen=True, slots=True)
class Chart:
    """``x`` along the axis, ``y`` folded for each of its values (None: rows are counted), split by ``by``.

    ``step`` gathers days and moments. ``top`` keeps so many values of ``x``, the largest first; 0: in order.
    """

    x: Column
    y: Column | None
    fold: Fold
    step: Step = ""
    by: Column | None = None
    kind: Shown = "bar"
    top: int = TOP


@dataclass(frozen=True, slots=True)
class Series:
    """One line or one row of bars; None where there is nothing."""

    name: str
    values: list[float | None]


@dataclass(frozen=True, slots=True)
class Figures:
    """``labels`` along the axis; ``more`` says that some values of the axis, or series, are left out."""

    labels: list[str]
    series: list[Series]
    more: bool


def suggest(shape: Shape, facts: TableFacts | None) -> Chart | None:
    """The chart that says most about a table at first sight; None for an empty one.

    A time axis with a measure is a line; else a category with a measure, or with the number of its rows,
    is bars, the largest first.
    """
    known = {f.id: f for f in facts.columns} if facts else {}
    measure = next((c for c in shape.columns if _is_measure(c, known.get(c.id))), None)
    fold: Fold = _fold(measure)
    time = next((c for c in shape.columns if _is_time(c, known.get(c.id))), None)
    if time is not None and measure is not None:
        by = _category(shape, known, SERIES, apart_from=time)
        return Chart(time, measure, fold, _step(time, known.get(time.id)), by, "line", 0)
    category = _category(shape, known, 200)
    if category is not None:
        return Chart(category, measure, fold)
    if time is not None:
        return Chart(time, None, "count", _step(time, known.get(time.id)), None, "line", 0)
    label = next((c for c in shape.columns if c.kind == "text" and _has_cells(known.get(c.id))), None)
    return Chart(label, measure, fold) if label is not None and measure is not None else None


def parse(shape: Shape, arguments: Arguments) -> Chart:
    """The chart that a page asks for. Raises BadQuestion."""

    def one(key: str) -> str:
        return next(iter(arguments.getlist(key)), "")

    x, y, by = shape.column(one("x")), one("y"), one("by")
    measure = shape.column(y) if y else None
    fold = _among(one("fold") or ("sum" if measure else "count"), FOLDS, "fold")
    if measure is not None and measure.kind != "number" and fold != "count":
        raise BadQuestion(
            "字段“{column}”不是数字，只能计数。",
            "“{column}” holds no numbers: its rows can only be counted.",
            column=measure.label,
        )  # fmt: skip
    step = _among(one("step"), STEPS, "step")
    top = one("top") or "0"
    if not (top.isascii() and top.isdigit() and int(top[:6]) <= MOST_POINTS):
        raise BadQuestion("参数 top 应为 0–100。", "top must be from 0 to 100.")
    return Chart(
        x=x,
        y=measure if fold != "count" else None,
        fold=fold if measure is not None else "count",
        step=step if x.kind in {"day", "moment"} else "",
        by=shape.column(by) if by and by != one("x") else None,
        kind=_among(one("kind") or "bar", get_args(Shown), "kind"),
        top=int(top),
    )


def draw(shape: Shape, chart: Chart, question: Question) -> Figures:
    """The figures of ``chart`` over the rows that fit ``question``. Raises TooSlow, NoTable.

    The table is read once: into groups, of which the axis and the series are then chosen.
    """
    groups = _groups(shape, chart, question)
    most = chart.top or MOST_POINTS
    # Of a long axis its end is shown: the newest, not the oldest.
    first = _folded(chart, groups).desc().nulls_last() if chart.top else groups.c.x.desc()
    place = sa.func.row_number().over(order_by=[first, groups.c.x]).label("place")
    axis = sa.select(groups.c.x, place).group_by(groups.c.x).order_by(place).limit(most + 1).cte("axis")
    largest = sa.func.row_number().over(order_by=[sa.func.sum(groups.c.n).desc(), groups.c.b]).label("rank")
    named = sa.select(groups.c.b, largest).where(groups.c.b.is_not(None)).group_by(groups.c.b)
    series = named.order_by(largest).limit(SERIES + 1).cte("series")
    label = sa.func.to_char(axis.c.x, _FORMATS[chart.step]) if chart.step else axis.c.x
    joined = groups.join(axis, axis.c.x == groups.c.x).join(series, series.c.b == groups.c.b, isouter=True)
    query = (
        sa.select(axis.c.place, label, series.c.rank, series.c.b, _folded(chart, groups))
        .select_from(joined)
        .group_by(axis.c.place, axis.c.x, series.c.rank, series.c.b)
    )
    with reading.connection() as connected:
        cells = connected.execute(query).all()
    places = sorted({(place_, text) for place_, text, *_ in cells})
    shown = places[:most] if chart.top else places[:most][::-1]
    ranks = sorted({(rank, name) for _, _, rank, name, _ in cells if rank is not None})
    names = ranks[:SERIES] if chart.by else [(None, "")]
    found = {(place_, rank): _number(value) for place_, _, rank, _, value in cells}
    return Figures(
        [text for _, text in shown],
        [Series(name, [found.get((place_, rank)) for place_, _ in shown]) for rank, name in names],
        len(places) > most or len(ranks) > SERIES,
    )


def plain(chart: Chart) -> dict[str, Any]:
    """The chart by ids of columns, as pages and addresses hold it."""
    ids = {
        key: column.id if column else "" for key, column in (("x", chart.x), ("y", chart.y), ("by", chart.by))
    }
    return {**ids, "fold": chart.fold, "step": chart.step, "kind": chart.kind, "top": chart.top}


def _groups(shape: Shape, chart: Chart, question: Question) -> Any:
    """One row a pair of axis value ``x`` and series ``b``, with what every fold can be made of."""
    x = sa.func.date_trunc(chart.step, asked.sortable(chart.x)) if chart.step else _text(chart.x)
    columns = [
        x.label("x"),
        (_text(chart.by) if chart.by else sa.null()).label("b"),
        sa.func.count().label("n"),
    ]
    if chart.y is not None:
        y = asked.named(chart.y)
        columns += [sa.func.count(y).label("c"), sa.func.sum(y).label("s")]
        columns += [sa.func.min(y).label("low"), sa.func.max(y).label("high")]
    return (
        sa.select(*columns)
        .select_from(reading.table(shape.resource_id))
        .where(*asked.where(question), asked.sortable(chart.x).is_not(None))
        .group_by(sa.text("1"), sa.text("2"))
        .cte("groups")
    )


def _text(column: Column) -> Any:
    cell = asked.sortable(column)
    return cell if column.kind == "text" else sa.cast(cell, sa.UnicodeText)


def _folded(chart: Chart, groups: Any) -> Any:
    of = groups.c
    if chart.y is None or chart.fold == "count":
        return sa.func.sum(of.n)
    if chart.fold == "mean":
        return sa.func.sum(of.s) / sa.func.nullif(sa.func.sum(of.c), 0)
    folds = {"sum": (sa.func.sum, of.s), "least": (sa.func.min, of.low), "greatest": (sa.func.max, of.high)}
    fold, part = folds[chart.fold]
    return fold(part)


def _number(value: Any) -> float | None:
    return None if value is None else round(float(value), 6)


def _is_measure(column: Column, facts: ColumnFacts | None) -> bool:
    return column.kind == "number" and not _NO_MEASURE.search(column.label) and _varies(facts)


def _varies(facts: ColumnFacts | None) -> bool:
    return facts is None or facts.distinct is None or facts.distinct > 1


def _has_cells(facts: ColumnFacts | None) -> bool:
    return facts is None or facts.filled is None or facts.filled > 0


def _is_time(column: Column, facts: ColumnFacts | None) -> bool:
    if not _varies(facts):
        return False
    if column.kind in {"day", "moment"}:
        return True
    if facts is None or not facts.low or not facts.high:
        return False
    if column.kind == "number" and not re.search(r"年|year", column.label, re.I):
        return False
    return bool(_TIMES.match(facts.low) and _TIMES.match(facts.high))


def _category(
    shape: Shape, known: dict[str, ColumnFacts], most: int, apart_from: Column | None = None
) -> Column | None:
    """A text column whose values repeat: the first with few of them; to split by, that with fewest."""
    found: list[tuple[int, int, Column]] = []
    for at, column in enumerate(shape.columns):
        facts = known.get(column.id)
        if column.kind not in {"text", "truth"} or column is apart_from or facts is None:
            continue
        if (
            facts.distinct
            and facts.filled
            and 2 <= facts.distinct <= most
            and facts.distinct * 2 <= facts.filled
        ):
            rank = facts.distinct if apart_from else int(facts.distinct > FEW)
            found.append((rank, at, column))
    return min(found, key=lambda item: item[:2])[2] if found else None


def _fold(measure: Column | None) -> Fold:
    if measure is None:
        return "count"
    adds = _ADDS_UP.search(measure.label) and not _NEVER_ADDS.search(measure.label)
    return "sum" if adds else "mean"


def _step(column: Column, facts: ColumnFacts | None) -> Step:
    if column.kind not in {"day", "moment"}:
        return ""
    years = int(facts.high[:4]) - int(facts.low[:4]) if facts and facts.low and facts.high else 1
    if years > 8:
        return "year"
    if years > 1:
        return "month"
    return "day" if column.kind == "moment" or _few_days(facts) else "month"


def _few_days(facts: ColumnFacts | None) -> bool:
    return bool(facts and facts.distinct and facts.distinct <= MOST_POINTS)


def _among(text: str, known: Sequence[Any], name: str) -> Any:
    if text not in known:
        raise BadQuestion(
            "参数 {name} 的值“{text}”无法识别。", "The value “{text}” of {name} is not understood.",
            name=name, text=text[:40],
        )  # fmt: skip
    return text
