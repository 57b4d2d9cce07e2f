"""Small counts of one dataset on one day are not shown: they could point at whoever took it.

Article: HB-26, SX-22.
"""

from __future__ import annotations

from typing import Final

LEAST: Final = 5


def shown(number: int) -> int | None:
    """The number, or None where it is from 1 to 4.

    >>> shown(0), shown(4), shown(5)
    (0, None, 5)
    """
    return None if 0 < number < LEAST else number
