"""The allow-list: what public bodies publish of themselves stays, in columns, in texts and before the second scan.

A telephone of a citizens' desk looks like a household's. Which one it is only a person can say, so the policy says it:
``allow`` names values, beginnings of values, or columns, and whose they are. Everything else is treated as the column's
rule demands, also in the very same column.

Values are compared in one writing: NFKC, no spaces, hyphens or brackets, capital letters. The country code counts as no
part of a number.
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property

import polars as pl

from anonymize.entities import Entity
from anonymize.policy_parts import LEAST_PREFIX, Allowance
from anonymize.recognizers.normal import canonical
from anonymize.recognizers.registry import in_text, recognizers
from anonymize.text.patterns import find_in_text

_SAME = re.compile(r"[\s\-().·,，。、]")
_OPEN, _CLOSE = "\U000f0000", "\U000f0001"
"""Characters of the private plane that stand around the number of a piece taken out of a text."""


def one_writing(values: pl.Series) -> pl.Series:
    """Values as they are compared.

    >>> one_writing(pl.Series(["０２７-6519 0000", "(027)65190000", "+86 27 65190000"])).to_list()
    ['02765190000', '02765190000', '2765190000']
    """
    plain = canonical(values).str.to_uppercase().str.replace_all(_SAME.pattern, "")
    return plain.str.replace(r"^(?:\+|00)86", "")


class AllowList:
    """The allowances of one policy, ready to be asked.

    Args:
        allowances: as the policy gives them; a beginning that is shorter than ``LEAST_PREFIX`` asks, or of a kind that
            takes none, allows nothing.
    """  # noqa: E501

    def __init__(self, allowances: Sequence[Allowance]) -> None:
        self._allowances = tuple(allowances)

    def __bool__(self) -> bool:
        return bool(self._allowances)

    @property
    def entities(self) -> tuple[Entity, ...]:
        """Kinds of which something is allowed."""
        return tuple(dict.fromkeys(allowance.entity for allowance in self._allowances))

    # -- whole cells -------------------------------------------------------------------------------

    def cells(self, column: str, values: pl.Series) -> pl.Series:
        """Which cells of a column are public as a whole.

        Args:
            column: its name.
            values: ``String`` without nulls.

        Returns:
            ``Boolean`` of the same length; an empty cell is not.
        """
        mask = pl.repeat(False, values.len(), dtype=pl.Boolean, eager=True)
        for allowance in self._allowances:
            if allowance.values or allowance.prefixes:
                mask = mask | self.pieces(allowance.entity, values)
            if column in allowance.columns:
                mask = mask | _only(allowance.entity, values)
        return mask

    def pieces(self, entity: Entity, values: pl.Series) -> pl.Series:
        """Which values of one kind, as they were found in a text or stand in a cell, are public."""
        plain = one_writing(values)
        mask = plain.is_in(self._values.get(entity, [])) & (plain != "")
        if begins := self._prefixes.get(entity):
            begun = plain.str.contains("^(?:" + "|".join(map(re.escape, begins)) + ")")
            if begun.any():
                mask = mask | (begun & _only(entity, values))
        return mask

    def restore(self, column: str, before: pl.Series, after: pl.Series) -> pl.Series:
        """``after`` with the public cells as they stand in ``before``."""
        public = self.cells(column, before)
        return before.zip_with(public, after).alias(after.name) if public.any() else after

    # -- texts -------------------------------------------------------------------------------------

    def around(self, texts: pl.Series, clean: Callable[[pl.Series], pl.Series]) -> pl.Series:
        """``clean`` carried out on texts from which the public pieces were taken out, and put back after it.

        Args:
            texts: ``String`` without nulls.
            clean: what removes identifiers from texts; it keeps characters of the private plane and the digits
                between them.
        """  # noqa: E501
        spans = self._spans(texts)
        if spans.height == 0:
            return clean(texts)
        pieces: list[str] = []
        held: list[str] = []
        rows = spans.group_by("row", maintain_order=True).agg("start", "end")
        for text, starts, ends in zip(texts.gather(rows["row"]), rows["start"], rows["end"], strict=True):
            parts, at = [], 0
            for start, end in zip(starts, ends, strict=True):
                parts += [text[at:start], f"{_OPEN}{len(pieces)}{_CLOSE}"]
                pieces.append(text[start:end])
                at = end
            held.append("".join([*parts, text[at:]]))
        cleaned = clean(texts.clone().scatter(rows["row"], pl.Series(held, dtype=pl.String)))
        mark = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
        back = [mark.sub(lambda m: pieces[int(m[1])], text) for text in cleaned.gather(rows["row"])]
        return cleaned.clone().scatter(rows["row"], pl.Series(back, dtype=pl.String)).alias(texts.name)

    def hide(self, column: str, values: pl.Series) -> pl.Series:
        """What a search for personal data should see of a column: public cells empty, public pieces of texts gone."""  # noqa: E501
        public = self.cells(column, values)
        if public.any():
            values = pl.Series(values.name, [""] * values.len()).zip_with(public, values)
        spans = self._spans(values)
        if spans.height == 0:
            return values
        rows = spans.group_by("row", maintain_order=True).agg("start", "end")
        left = []
        for text, starts, ends in zip(values.gather(rows["row"]), rows["start"], rows["end"], strict=True):
            parts, at = [], 0
            for start, end in zip(starts, ends, strict=True):
                parts.append(text[at:start])
                at = end
            left.append("；".join([*parts, text[at:]]))
        return values.clone().scatter(rows["row"], pl.Series(left, dtype=pl.String)).alias(values.name)

    def hide_frame(self, frame: pl.DataFrame) -> pl.DataFrame:
        """``hide`` for every column."""
        return frame.with_columns([self.hide(column.name, column) for column in frame.get_columns()])

    # -- inside ------------------------------------------------------------------------------------

    def _spans(self, texts: pl.Series) -> pl.DataFrame:
        """Public pieces inside texts: ``row``, ``start``, ``end`` in characters, sorted."""
        wanted = tuple(a.entity for a in self._allowances if a.values or a.prefixes)
        # A text that already holds the marks is left to its column's rule.
        marked = texts.str.contains(f"[{_OPEN}{_CLOSE}]")
        spans = find_in_text(pl.Series([""] * texts.len()).zip_with(marked, texts), wanted)
        if spans.height == 0:
            return spans
        found = spans.with_columns(texts.gather(spans["row"]).alias("text")).with_columns(
            pl.col("text").str.slice(pl.col("start"), pl.col("end") - pl.col("start")).alias("piece")
        )
        public = pl.repeat(False, found.height, dtype=pl.Boolean, eager=True)
        for entity in dict.fromkeys(wanted):
            public = public | ((found["entity"] == entity.value) & self.pieces(entity, found["piece"]))
        return found.filter(public).select("row", "start", "end")

    @cached_property
    def _values(self) -> dict[Entity, list[str]]:
        return {
            entity: sorted(set(one_writing(pl.Series(v, dtype=pl.String))))
            for entity, v in self._raw("values")
        }

    @cached_property
    def _prefixes(self) -> dict[Entity, list[str]]:
        found = {}
        for entity, prefixes in self._raw("prefixes"):
            least = LEAST_PREFIX.get(entity)
            plain = one_writing(pl.Series(prefixes, dtype=pl.String)).to_list()
            if least is not None and (long := sorted({p for p in plain if len(p) >= least})):
                found[entity] = long
        return found

    def _raw(self, part: str) -> list[tuple[Entity, list[str]]]:
        gathered: dict[Entity, list[str]] = {}
        for allowance in self._allowances:
            gathered.setdefault(allowance.entity, []).extend(getattr(allowance, part))
        return list(gathered.items())


def _only(entity: Entity, values: pl.Series) -> pl.Series:
    """Cells that are of the kind, by form, and hold nothing of another kind."""
    filled = values.str.strip_chars() != ""
    formed = recognizers()[entity].shape(canonical(values)) if entity is not Entity.ADDRESS else filled
    good = filled & formed
    if not good.any():
        return good
    others = find_in_text(values.filter(good), tuple(kind for kind in in_text() if kind is not entity))
    if others.height:
        good = good.clone().scatter(good.arg_true().gather(others["row"].unique()), False)
    return good
