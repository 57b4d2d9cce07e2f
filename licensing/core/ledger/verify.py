"""Verify the whole ledger and name the place of the first fault.

Numbers, both links and both Merkle trees are computed again from the entries, every checkpoint must be
signed and agree, and with a witness also what it remembers. Chunks are checked in processes of their own,
each from the links that the one before claims; since every claim is checked too, the whole chain is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from licensing.core.errors import InvalidInput
from licensing.core.ledger import merkle, source
from licensing.core.ledger.chain import Fault
from licensing.core.ledger.check import FIELDS, SEPARATOR, Checked, Chunk, check
from licensing.core.ledger.checkpoint import Checkpoint, TrustedKeys
from licensing.core.ledger.entry import GENESIS
from licensing.core.ledger.models import LedgerEntry, LedgerNode
from licensing.core.ledger.sequencer import last_checkpoint
from licensing.core.ledger.tiles import LEVEL, Crown, Node
from licensing.core.ledger.witness import Witness
from licensing.core.ledger.workers import Workers, workers

_WORTH_PROCESSES = 4 * source.CHUNK
"""Below this many entries, starting processes takes longer than checking."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """``first_fault`` is None when the ledger holds; ``witnessed`` counts the witness's checkpoints met."""

    size: int
    checkpoints: int
    witnessed: int
    first_fault: Fault | None

    @property
    def holds(self) -> bool:
        return self.first_fault is None


class _Found(Exception):
    """Ends the search; it is no error."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault


@dataclass
class _Statements:
    """Checkpoints of one origin, met in the order of their size; ``agreed`` is the last size that held."""

    coming: Iterator[Checkpoint]
    wrong: str
    badly_signed: str
    met: int = 0
    agreed: int = 0
    _next: Checkpoint | None = None

    def until(self, size: int) -> list[Checkpoint]:
        """Those up to ``size``; they must come in ascending order."""
        taken: list[Checkpoint] = []
        while (self._next is not None or self._pull()) and self._next is not None and self._next.size <= size:
            if self._next.size <= (taken[-1].size if taken else self.agreed):
                raise _Found(Fault(self._next.size, self.badly_signed))
            taken.append(self._next)
            self._next = None
        return taken

    def beyond(self) -> Checkpoint | None:
        """The next one that has not been met."""
        if self._next is None:
            self._pull()
        return self._next

    def _pull(self) -> bool:
        try:
            self._next = next(self.coming, None)
        except InvalidInput as error:
            raise _Found(Fault(self.agreed + 1, self.badly_signed)) from error
        return self._next is not None


@dataclass
class _Search:
    session: Session
    keys: TrustedKeys
    origins: list[_Statements]
    crowns: dict[str, Crown] = field(default_factory=lambda: {name: Crown(name) for name in merkle.HASHES})
    size: int = 0
    nodes: int = 0

    def take(self, chunk: Chunk, statements: Sequence[Sequence[Checkpoint]], checked: Checked) -> None:
        """Judge what a chunk was found to be; raises :class:`_Found`."""
        if checked.fault is not None:
            raise _Found(checked.fault)
        by_size: dict[int, list[tuple[_Statements, Checkpoint]]] = {}
        for origin, some in zip(self.origins, statements, strict=True):
            for one in some:
                by_size.setdefault(one.size, []).append((origin, one))
        made: dict[tuple[int, int], dict[str, str]] = {}
        tiles = iter(checked.tiles)
        for size in [*sorted(by_size), chunk.first - 1 + checked.count]:
            for pair in islice(tiles, (size >> LEVEL) - self.crowns["sha256"].tiles):
                for name, tile in zip(merkle.HASHES, pair, strict=True):
                    _note(made, name, self.crowns[name].add(tile))
            for origin, statement in by_size.pop(size, ()):
                self._agree(origin, statement, checked)
        self._compare_nodes(made)
        self.size += checked.count

    def _agree(self, origin: _Statements, said: Checkpoint, checked: Checked) -> None:
        if not self.keys.believe(said):
            raise _Found(Fault(said.size, origin.badly_signed))
        marks = checked.marks.get(said.size)
        if marks is not None:
            roots = (
                self.crowns["sha256"].root(marks.rest_sha256).hex(),
                self.crowns["sm3"].root(marks.rest_sm3).hex(),
            )
            if (said.root_sha256, said.root_sm3, said.last_sha256, said.last_sm3) == (
                *roots,
                marks.sha256,
                marks.sm3,
            ):
                origin.met, origin.agreed = origin.met + 1, said.size
                return
        raise _Found(Fault(origin.agreed + 1, origin.wrong, said.size))

    def _compare_nodes(self, made: dict[tuple[int, int], dict[str, str]]) -> None:
        if not made:
            return
        wanted = tuple_(LedgerNode.level, LedgerNode.place).in_(list(made))
        columns = (LedgerNode.level, LedgerNode.place, LedgerNode.sha256, LedgerNode.sm3)
        stored = {
            (level, place): {"sha256": sha256, "sm3": sm3}
            for level, place, sha256, sm3 in self.session.execute(select(*columns).where(wanted))
        }
        for (level, place), hashes in sorted(made.items(), key=lambda item: item[0][1] << item[0][0]):
            if stored.get((level, place)) != hashes:
                raise _Found(Fault((place << level) + 1, "node", place + 1 << level))
        self.nodes += len(made)

    def close(self) -> None:
        """What can only be said when the last entry has been seen."""
        own, *witnesses = self.origins
        beyond = own.beyond()
        if beyond is not None:
            raise _Found(Fault(self.size + 1, "gap", beyond.size))
        if own.agreed != self.size:
            raise _Found(Fault(own.agreed + 1, "unsigned", self.size))
        if self.session.scalar(select(func.count()).select_from(LedgerNode)) != self.nodes:
            raise _Found(Fault(self.size + 1, "node"))
        for witness in witnesses:
            unmet = witness.beyond()
            if unmet is not None:
                raise _Found(Fault(self.size + 1, "behind_witness", unmet.size))


def _note(made: dict[tuple[int, int], dict[str, str]], algorithm: str, nodes: Iterable[Node]) -> None:
    for node in nodes:
        made.setdefault((node.level, node.place), {})[algorithm] = node.hash.hex()


def verify(
    session: Session,
    keys: TrustedKeys,
    *,
    witnesses: Sequence[Witness] = (),
    processes: int = 2,
) -> Verdict:
    """Verify the whole ledger against its own checkpoints and those of ``witnesses``.

    ``processes`` is how many check at a time when the ledger is long enough to be worth it; 0 keeps the
    work in this one. Memory does not grow with the ledger.

    The ledger may grow meanwhile: what is verified is the ledger of the moment at which ``session`` begins
    its transaction, so give one that has not begun any (on PostgreSQL; SQLite lets nobody write meanwhile).
    """
    # First: what a witness learns after the moment of the snapshot is not missing in it.
    remembered = [_remembered(witness) for witness in witnesses]
    _freeze(session)
    origins = [_Statements(_stored(session), "root", "signature")]
    origins += [_Statements(each, "witness", "witness_signature") for each in remembered]
    search, fault = _Search(session, keys, origins), None
    try:
        with _workers(session, processes) as pool:
            for chunk, statements, checked in _checked(session, origins, pool):
                search.take(chunk, statements, checked)
        search.close()
    except _Found as found:
        fault = found.fault
    return Verdict(search.size, origins[0].met, sum(origin.met for origin in origins[1:]), fault)


def _freeze(session: Session) -> None:
    """Let the session see one moment of the database until its transaction ends."""
    if session.get_bind().dialect.name == "postgresql" and not session.in_transaction():
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _remembered(witness: Witness) -> Iterator[Checkpoint]:
    """The witness's checkpoints up to the one that is its newest now."""
    try:
        last = witness.last()
    except InvalidInput:  # damaged: reading it in order finds where
        last = None
    return _until(witness.checkpoints(), last)


def _until(checkpoints: Iterator[Checkpoint], last: Checkpoint | None) -> Iterator[Checkpoint]:
    for checkpoint in checkpoints:
        yield checkpoint
        if checkpoint == last:
            return


def _stored(session: Session) -> Iterator[Checkpoint]:
    after, step = 0, source.CHUNK
    newest = last_checkpoint(session)
    while newest is not None and after < newest.size:
        yield from source.checkpoints(session, after, after + step)
        after += step


@contextmanager
def _workers(session: Session, processes: int) -> Iterator[Workers | None]:
    last = session.scalar(select(func.max(LedgerEntry.sequence))) or 0
    if processes < 1 or last < _WORTH_PROCESSES:
        yield None
        return
    with workers(processes) as pool:
        yield pool


_Work = tuple[Chunk, list[list[Checkpoint]], Checked]


def _checked(session: Session, origins: Sequence[_Statements], pool: Workers | None) -> Iterator[_Work]:
    """Every chunk with its statements and findings, in order; a few are under way at a time."""
    under_way: deque[tuple[Chunk, list[list[Checkpoint]], Future[Checked]]] = deque()
    for chunk, statements in _chunks(session, origins):
        if pool is None:
            yield chunk, statements, check(chunk)
            continue
        under_way.append((chunk, statements, pool.submit(chunk)))
        if len(under_way) > pool.count + 1:
            yield _finished(under_way)
    while under_way:
        yield _finished(under_way)


def _finished(under_way: deque[tuple[Chunk, list[list[Checkpoint]], Future[Checked]]]) -> _Work:
    chunk, statements, future = under_way.popleft()
    return chunk, statements, future.result()


def _chunks(
    session: Session, origins: Sequence[_Statements]
) -> Iterator[tuple[Chunk, list[list[Checkpoint]]]]:
    first, sha256, sm3 = 1, GENESIS.hex(), GENESIS.hex()
    for lines in source.chunks(session):
        count = lines.count("\n") + 1
        statements = [origin.until(first - 1 + count) for origin in origins]
        sizes = tuple({one.size for some in statements for one in some})
        yield Chunk(first, lines, sha256, sm3, sizes), statements
        last = lines[lines.rfind("\n") + 1 :].split(SEPARATOR)
        if len(last) != FIELDS or count % source.CHUNK:
            return  # the last chunk, or one in which a fault has been found
        first, sha256, sm3 = first + count, last[5], last[6]
