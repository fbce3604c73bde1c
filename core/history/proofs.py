"""Many proofs from one pass over the log: what a case file needs to stand on its own.

`merkle.inclusion_path` hashes all other leaves for each proof. Here the nodes that any of the
proofs names are collected first, and one pass over the leaves keeps just those.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.history.checkpoints import LogDamaged
from core.history.merkle import ALGORITHMS, node_hash
from core.history.models import Checkpoint, HistoryEvent

Span = tuple[int, int]
Path = dict[str, list[str]]


@dataclass(frozen=True)
class Proofs:
    """Paths by sequence number and by size of an older tree; hex, per algorithm."""

    size: int
    inclusion: dict[int, Path]
    consistency: dict[int, Path]


def prove(
    checkpoint: Checkpoint,
    *,
    events: Iterable[int] = (),
    older: Iterable[int] = (),
    algorithms: tuple[str, ...] = ALGORITHMS,
) -> Proofs:
    """Prove events (by `seq`) and older sizes to the checkpoint's tree.

    Raises `LogDamaged` when the stored leaves do not give the checkpoint's roots.
    """
    size = checkpoint.size
    inclusion = {seq: list(inclusion_spans(seq - 1, size)) for seq in events}
    consistency = {old: list(consistency_spans(old, size)) for old in older}
    wanted = {s for spans in (*inclusion.values(), *consistency.values()) for s in spans}
    nodes = {name: _nodes(size, wanted, name) for name in algorithms}
    for name in algorithms:
        if nodes[name][0, size].hex() != getattr(checkpoint, f"root_{name}"):
            raise LogDamaged(f"日志前 {size} 条与检查点 {size} 的根值不符，不能出具证明。")

    def paths(spans: list[Span]) -> Path:
        return {name: [nodes[name][span].hex() for span in spans] for name in algorithms}

    return Proofs(
        size,
        {seq: paths(spans) for seq, spans in inclusion.items()},
        {old: paths(spans) for old, spans in consistency.items()},
    )


def prove_event(
    seq: int, *, algorithms: tuple[str, ...] = ALGORITHMS
) -> tuple[Checkpoint, Path] | None:
    """The latest checkpoint and one event's path to it; None until a checkpoint covers the event.

    Reads every leaf once. Raises `LogDamaged`.
    """
    checkpoint = Checkpoint.objects.last()
    if checkpoint is None or checkpoint.size < seq:
        return None
    return checkpoint, prove(checkpoint, events=[seq], algorithms=algorithms).inclusion[seq]


def inclusion_spans(index: int, size: int) -> Iterator[Span]:
    """Which subtrees make up PATH(index) of RFC 9162, nearest the leaf first."""
    if not 0 <= index < size:
        raise IndexError(f"leaf {index} of a tree of {size}")
    found: list[Span] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    yield from reversed(found)


def consistency_spans(old: int, size: int) -> Iterator[Span]:
    """Which subtrees make up PROOF(old) of RFC 9162."""
    if not 0 <= old <= size:
        raise IndexError(f"an older size of {old} in a tree of {size}")
    found: list[Span] = []
    start, end = 0, size
    while 0 < old < end:
        middle = start + _split(end - start)
        if old <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    if found and start:
        found.append((start, end))
    yield from reversed(found)


def _split(size: int) -> int:
    return 1 << ((size - 1).bit_length() - 1)


def _nodes(size: int, wanted: set[Span], algorithm: str) -> dict[Span, bytes]:
    """The wanted subtrees' roots, and the whole tree's, in one pass."""
    found: dict[Span, bytes] = {}
    edge: list[tuple[Span, bytes]] = []
    for leaf in _leaves(size, algorithm):
        at = edge[-1][0][1] if edge else 0
        node, span = leaf, (at, at + 1)
        _keep(found, wanted, span, node)
        while edge and edge[-1][0][1] - edge[-1][0][0] == span[1] - span[0]:
            left, hashed = edge.pop()
            span, node = (left[0], span[1]), node_hash(hashed, node, algorithm)
            _keep(found, wanted, span, node)
        edge.append((span, node))
    return found | _right_edge(edge, size, algorithm)


def _keep(found: dict[Span, bytes], wanted: set[Span], span: Span, node: bytes) -> None:
    if span in wanted:
        found[span] = node


def _right_edge(edge: list[tuple[Span, bytes]], size: int, algorithm: str) -> dict[Span, bytes]:
    """The subtrees that end where the log ends and are not perfect; among them the whole tree."""
    found: dict[Span, bytes] = {}
    node = b""
    for span, hashed in reversed(edge):
        node = node_hash(hashed, node, algorithm) if node else hashed
        found[span[0], size] = node
    if (0, size) not in found:
        raise LogDamaged(f"日志不足 {size} 条，不能出具证明。")
    return found


def _leaves(size: int, algorithm: str) -> Iterator[bytes]:
    rows = HistoryEvent.objects.filter(seq__lte=size).order_by("seq")
    for leaf in rows.values_list(f"leaf_{algorithm}", flat=True).iterator(chunk_size=5000):
        yield bytes.fromhex(leaf)
