"""The evidence: an append-only Merkle log of every act and every recorded change.

Public names: `change` (the only writer of recorded rows), `recorded`, `uncovered`,
`GuardedQuerySet`, `unit_of_work`, `RecordedRefusal`.
Apps read events through `core.history.reading`.
"""

from accounts.recording import GuardedQuerySet, UnrecordedWriteError, recorded, uncovered
from core.history.log import append
from core.history.unit import RecordedRefusal, unit_of_work
from core.history.writer import Changes, change

__all__ = [
    "Changes",
    "GuardedQuerySet",
    "RecordedRefusal",
    "UnrecordedWriteError",
    "append",
    "change",
    "recorded",
    "uncovered",
    "unit_of_work",
]
