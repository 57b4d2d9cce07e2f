"""How many heaps the C library keeps for the threads of a run.

glibc gives threads heaps of their own, up to eight for each core, and what one thread has freed in its heap
no other can use. The lanes of a run pass batches from thread to thread, so that every heap grows to the size
of a batch or more and keeps it; how many do, and how far, goes with how long the run lasts. Two heaps bound
that. Large buffers are taken and given back seldom, so that waiting for a heap costs nothing to speak of.
"""

from __future__ import annotations

import ctypes
import os
from functools import cache

_M_ARENA_MAX = -8
"""``mallopt(3)`` of glibc."""
_HEAPS = 2


@cache
def bound_heaps() -> bool:
    """Let the C library make no further heaps beyond two; once for the process, before its threads begin.

    Returns:
        Whether it was done: False where ``MALLOC_ARENA_MAX`` says how many there are to be, and where the C
        library is another one (it then has no such heaps, or cannot be told).
    """
    if "MALLOC_ARENA_MAX" in os.environ:
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if os.name == "posix" else None
    return mallopt is not None and bool(mallopt(_M_ARENA_MAX, _HEAPS))
