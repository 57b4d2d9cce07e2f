"""What a class of rows says about its members' sensitive cells: l-diversity and t-closeness, per class.

l, distinct, entropy and recursive (c, l): A. Machanavajjhala et al., l-Diversity: Privacy Beyond
k-Anonymity, ACM TKDD 1 (2007). t: N. Li, T. Li, S. Venkatasubramanian, t-Closeness, ICDE (2007), with the
ordered distance for numbers and the equal distance for other values.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from anonymize.risk.codes import Floats, Ints, add_up, dense


@dataclass(frozen=True, slots=True)
class Sensitive:
    """How often each sensitive value stands in each class; only pairs that occur, sorted by both.

    ``classes``, ``values``, ``counts``: (pairs,) class, place of the value in its order, rows of the two
    together. ``sizes``: (classes,) rows. ``totals``: (values,) rows of each value. ``ordered``: the values
    are numbers, so that a near one is less of a difference than a far one.
    """

    classes: Ints
    values: Ints
    counts: Ints
    sizes: Ints
    totals: Ints
    ordered: bool


def sensitive_of(
    classes: Ints,
    class_count: int,
    values: Ints,
    value_count: int,
    weights: Ints | None = None,
    *,
    ordered: bool,
) -> Sensitive:
    """Count the pairs. ``classes``, ``values``: (rows,) codes; ``weights``: (rows,) rows that each stands
    for, one when None. Values that never occur are left out."""
    values, rows_of = dense(values, value_count)
    value_count = len(rows_of)
    keys = classes * value_count + values
    size = class_count * value_count
    if size <= max(1 << 16, 8 * len(keys)):
        counts = add_up(keys, size, weights)
        pairs = np.flatnonzero(counts)
        counts = counts[pairs]
    elif weights is None:
        pairs, counts = np.unique(keys, return_counts=True)
    else:
        pairs, inverse = np.unique(keys, return_inverse=True)
        counts = add_up(inverse.reshape(-1), len(pairs), weights)
    pair_classes, pair_values = np.divmod(pairs, value_count)
    return Sensitive(
        classes=pair_classes,
        values=pair_values,
        counts=counts,
        sizes=add_up(pair_classes, class_count, counts),
        totals=add_up(pair_values, value_count, counts),
        ordered=ordered,
    )


def distinct_l(s: Sensitive) -> Ints:
    """(classes,) different sensitive values in each class."""
    return add_up(s.classes, len(s.sizes), None)


def entropy_l(s: Sensitive) -> Floats:
    """(classes,) ``exp`` of the entropy of each class: the number of equally frequent values that would be
    as hard to guess. Never above ``distinct_l``."""
    share = s.counts / s.sizes[s.classes]
    return np.exp(-_sums(s.classes, share * np.log(share), len(s.sizes)))


def recursive_c(s: Sensitive, l: int) -> Floats:  # noqa: E741  the literature's name
    """(classes,) the bound that ``c`` must exceed for recursive (c, l)-diversity.

    With ``r_1 ≥ r_2 ≥ … ≥ r_m`` rows by value: ``r_1 / (r_l + … + r_m)``; infinite when a class has fewer
    than ``l`` values.
    """
    order = np.lexsort((-s.counts, s.classes))
    classes, counts = s.classes[order], s.counts[order]
    first = np.searchsorted(classes, np.arange(len(s.sizes)))
    place = np.arange(len(classes)) - first[classes]
    tail = np.bincount(classes, weights=np.where(place >= l - 1, counts, 0), minlength=len(s.sizes))
    most = counts[first].astype(np.float64)
    return np.divide(most, tail, out=np.full(len(most), np.inf), where=tail > 0)


def closeness_t(s: Sensitive) -> Floats:
    """(classes,) distance between the values of each class and those of the whole table, 0–1.

    Equal distance: half the sum of the differences of the shares. Ordered distance: the mean, over the
    ``m − 1`` steps between neighbouring values, of the difference of the cumulated shares. 0 when the whole
    table has one value. Never above 1.
    """
    rows, m = int(s.totals.sum()), len(s.totals)
    if m < 2:
        return np.zeros(len(s.sizes))
    share = s.counts / s.sizes[s.classes]
    if s.ordered:
        return _ordered(s, np.cumsum(s.totals) / rows) / (m - 1)
    # Both sides add up to one: what is above the whole's share is half of all differences.
    above = np.maximum(share - s.totals[s.values] / rows, 0)
    return _sums(s.classes, above, len(s.sizes))


def _ordered(s: Sensitive, whole: Floats) -> Floats:
    """(classes,) sums over all places of the absolute difference of the cumulated shares.

    The cumulated share of a class is a staircase with a step at each of its own values. Along one stair it
    is constant and ``whole`` ascends, so that the sum there has a closed form around the one place where
    the two cross: the work grows with the pairs, not with classes × values.
    """
    m, n = len(whole), len(s.sizes)
    first = np.searchsorted(s.classes, np.arange(n))
    last = np.append(first[1:], len(s.classes)) - 1
    # The stair's height, from exact counts: a running sum of shares would drift from class to class.
    running = np.cumsum(s.counts)
    height = (running - np.where(first > 0, running[first - 1], 0)[s.classes]) / s.sizes[s.classes]
    start = s.values
    end = np.append(s.values[1:], m)
    end[last] = m
    sums = np.concatenate(([0.0], np.cumsum(whole)))
    cross = np.clip(np.searchsorted(whole, height), start, end)
    along = height * (2 * cross - start - end) - 2 * sums[cross] + sums[start] + sums[end]
    # Before its first value the class has cumulated nothing.
    return _sums(s.classes, along, n) + sums[s.values[first]]


def _sums(keys: Ints, weights: Floats, size: int) -> Floats:
    """(size,) sums of real ``weights`` by key."""
    return np.bincount(keys, weights=weights, minlength=size).astype(np.float64)
