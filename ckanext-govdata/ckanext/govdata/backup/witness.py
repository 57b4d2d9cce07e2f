"""The ledger's witnesses in a restore: what they remember beyond the point is what was lost.

A restored ledger ends earlier than the witness remembers. Up to there both must agree, to the last link; the
checkpoints beyond are told as lost entries and kept in a file of their own, and the witness goes on from the
point. Nothing of it is ever thrown away.
"""

from __future__ import annotations

from pathlib import Path

from ckanext.govdata.embedded.ckan_config import write_private
from licensing.core.ledger.entry import canonical
from licensing.core.ledger.witness import FileWitness


def remembered(path: Path) -> int:
    """How many entries a witness has seen; 0 when it is not there. Raises InvalidInput when damaged."""
    last = FileWitness(path).last()
    return last.size if last is not None else 0


def cut(path: Path, goal: Path, size: int) -> None:
    """The witness's checkpoints up to ``size``, as a witness of its own."""
    kept = [each for each in FileWitness(path).checkpoints() if each.size <= size]
    write_private(goal, "".join(canonical(each.as_dict()).decode() + "\n" for each in kept))
