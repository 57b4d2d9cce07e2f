"""Optimal generalisation of whole columns: the node of the lattice of levels that loses least.

Every quasi-identifier has its ladder; a node takes one level of each. Nodes that cannot satisfy the bounds
are found in whole blocks (F. Kohlmayer et al., Flash, PASSAT 2012): on a path upwards the first node that
satisfies is found by halving, all below a node that fails fail too, and nodes that must lose more than the
best one found are never looked at. Counts of a coarse node are summed from the counts of a finer one.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anonymize.errors import WrongUse
from anonymize.risk.bounds import Bounds, Judge
from anonymize.risk.codes import Bools, Floats, Ints, add_up
from anonymize.risk.hierarchy import Hierarchy
from anonymize.risk.rollup import Counted, Rollup, Rows

MOST_NODES = 200_000
"""A lattice above this is refused: fewer quasi-identifiers, shorter ladders, or Mondrian."""


@dataclass(frozen=True, slots=True)
class Node:
    """One choice of levels and what it costs. ``loss``: 0 (as it was) to 1 (nothing is left), the mean over
    rows and quasi-identifiers; a suppressed row counts 1."""

    levels: tuple[int, ...]
    loss: float
    suppressed: int


@dataclass(frozen=True, slots=True)
class Found:
    """The best node. ``sizes``: (classes,) rows of each class that keeps to the bounds; ``checked`` of
    ``nodes`` were counted."""

    node: Node
    sizes: Ints
    checked: int
    nodes: int


def search(hierarchies: Sequence[Hierarchy], table: Rows, bounds: Bounds, judge: Judge) -> Found:
    """The node with the least loss whose classes keep to ``bounds``.

    Args:
        hierarchies: one for each quasi-identifier, in the order of ``table``'s keys.
        table: the rows on the lowest levels.
        bounds: k, l and t, and the share of rows that may be suppressed.
        judge: says which classes break a bound.

    Raises:
        WrongUse: even one single class of all rows breaks a bound, or there are too many nodes.
    """
    total = int(np.prod([len(h.levels) for h in hierarchies], dtype=np.float64))
    if total > MOST_NODES:
        raise WrongUse(
            "准标识符的组合层级有 {nodes} 种，超过 {most} 种；请减少准标识符，或改用 Mondrian 方法。",
            "The quasi-identifiers have {nodes} combinations of levels, more than {most}; "
            "take fewer of them, or the Mondrian method.",
            nodes=total,
            most=MOST_NODES,
        )
    return _Search(hierarchies, table, bounds, judge).run()


class _Search:
    def __init__(self, hierarchies: Sequence[Hierarchy], table: Rows, bounds: Bounds, judge: Judge) -> None:
        self._bounds, self._judge, self._rows = bounds, judge, table.number
        self._rollup = Rollup(hierarchies, table)
        self._hierarchies = hierarchies
        self._nodes: Ints = np.array(
            list(itertools.product(*(range(len(h.levels)) for h in hierarchies))), dtype=np.int64
        ).reshape(-1, len(hierarchies))
        self._top = tuple(len(h.levels) - 1 for h in hierarchies)
        self._floor = self._least_losses(table)
        self._fails: Bools = np.zeros(len(self._nodes), dtype=np.bool_)
        self._holds: Bools = np.zeros(len(self._nodes), dtype=np.bool_)
        self._place = np.array([np.prod([t + 1 for t in self._top[i + 1 :]]) for i in range(len(self._top))])
        self._known: dict[int, Node | None] = {}
        self._best: Node | None = None

    def _least_losses(self, table: Rows) -> Floats:
        """(nodes,) the loss by generalisation alone: suppression can only add to it."""
        floor = np.zeros(len(self._nodes))
        for index, hierarchy in enumerate(self._hierarchies):
            rows = add_up(table.keys[index], len(hierarchy.levels[0].of), table.weights)
            by_level = [float((level.loss[level.of] * rows).sum()) for level in hierarchy.levels]
            floor += np.array(by_level)[self._nodes[:, index]]
        return floor / max(self._rows * len(self._hierarchies), 1)

    def run(self) -> Found:
        order = np.lexsort((self._nodes.sum(axis=1), self._floor))
        top = self._evaluate(self._index(self._top))
        if top is None:
            raise WrongUse(
                "即使隐去全部准标识符也达不到要求（k={k}，l={l}，t={t}）：表的行数或敏感取值太少。",
                "The bounds (k={k}, l={l}, t={t}) cannot be kept even with every quasi-identifier hidden: "
                "the table has too few rows or sensitive values.",
                k=self._bounds.k,
                l=self._bounds.l,
                t=self._bounds.t,
            )
        for place in order:
            index = int(place)
            if self._best is not None and self._floor[index] >= self._best.loss:
                break
            if self._fails[index] or index in self._known:
                continue
            if self._holds[index] or not self._bounds.monotone:
                self._evaluate(index)
            else:
                self._halve(self._path(index))
        assert self._best is not None  # noqa: S101  the top is a candidate
        return Found(self._best, self._sizes(self._best), len(self._known), len(self._nodes))

    def _sizes(self, node: Node) -> Ints:
        counted = self._rollup.at(node.levels)
        classes, number = counted.classes()
        bad = np.zeros(number, dtype=np.bool_)
        bad[classes] = self._judge.bad_rows(counted)
        return add_up(classes, number, counted.counts)[~bad]

    def _index(self, levels: Sequence[int]) -> int:
        return int(np.dot(levels, self._place)) if len(levels) else 0

    def _path(self, start: int) -> list[int]:
        """From ``start`` to the top, each step the one that loses least."""
        path, levels = [start], list(self._nodes[start])
        while tuple(levels) != self._top:
            steps = []
            for i, level in enumerate(levels):
                if level < self._top[i]:
                    above = self._index([*levels[:i], level + 1, *levels[i + 1 :]])
                    steps.append((float(self._floor[above]), above))
            path.append(min(steps)[1])
            levels = list(self._nodes[path[-1]])
        return path

    def _halve(self, path: list[int]) -> None:
        low, high = 0, len(path) - 1
        while low < high:
            middle = (low + high) // 2
            index = path[middle]
            holds = not self._fails[index] and (self._holds[index] or self._evaluate(index) is not None)
            if holds:
                high = middle
            else:
                low = middle + 1
        self._evaluate(path[low])

    def _evaluate(self, index: int) -> Node | None:
        """Count one node; None when it breaks a bound. What follows for other nodes is noted."""
        if index in self._known:
            return self._known[index]
        levels = tuple(int(level) for level in self._nodes[index])
        counted = self._rollup.at(levels)
        bad = self._judge.bad_rows(counted)
        suppressed = int(counted.counts[bad].sum())
        node = None
        if suppressed <= self._bounds.suppress * self._rows and suppressed < max(self._rows, 1):
            loss = self._loss(counted, levels, bad, suppressed)
            node = Node(levels, loss, suppressed)
            if self._best is None or loss < self._best.loss:
                self._best = node
        self._known[index] = node
        if self._bounds.monotone:
            if node is None:
                self._fails |= (self._nodes <= self._nodes[index]).all(axis=1)
            else:
                self._holds |= (self._nodes >= self._nodes[index]).all(axis=1)
        return node

    def _loss(self, counted: Counted, levels: Sequence[int], bad: Bools, suppressed: int) -> float:
        kept = np.where(bad, 0, counted.counts)
        lost = sum(
            float((hierarchy.levels[level].loss[keys] * kept).sum())
            for hierarchy, level, keys in zip(self._hierarchies, levels, counted.keys, strict=True)
        )
        return (lost / max(len(levels), 1) + suppressed) / max(self._rows, 1)
