"""Recompute the log and replay it against the live rows (`manage.py verify`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection, models

from accounts.recording import COVERED, UNCOVERED
from core.history import triggers
from core.history.canonical import CanonicalError, canonical_bytes, loads
from core.history.checkpoints import signature_is_valid
from core.history.log import instant
from core.history.merkle import CompactRange, leaf_hash
from core.history.models import Checkpoint, HistoryEvent, PersonalValue
from core.history.values import RowValues, default_values, row_values, salted_digest

MOST_SHOWN = 200
Key = tuple[str, Any]


@dataclass
class Report:
    """What was checked and what differs; `is_clean` decides the exit code.

    All differences are counted in `found`; the first `most_shown` (None: all) are listed.
    """

    events: int = 0
    checkpoints: int = 0
    rows: int = 0
    tables: int = 0
    root_sha256: str = ""
    root_sm3: str = ""
    differences: list[str] = field(default_factory=list)
    found: int = 0
    most_shown: int | None = MOST_SHOWN
    uncovered: dict[str, str] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        return not self.found

    @property
    def left_out(self) -> int:
        """How many differences were found beyond those listed."""
        return self.found - len(self.differences)

    def differs(self, sentence: str) -> None:
        self.found += 1
        if self.most_shown is None or len(self.differences) < self.most_shown:
            self.differences.append(sentence)


@dataclass
class Replay:
    """The rows as the events leave them, and the personal digests behind them."""

    rows: dict[Key, RowValues] = field(default_factory=dict)
    salts: dict[tuple[str, Any, str], tuple[int, str]] = field(default_factory=dict)
    digests: dict[tuple[int, str], str] = field(default_factory=dict)
    previous: dict[str, str] = field(default_factory=dict)


def verify(*, most_shown: int | None = MOST_SHOWN) -> Report:
    """Check leaves, columns, checkpoints, triggers, coverage, outbox and every covered live row.

    `most_shown`: how many differences are listed, None for all; all are counted either way.
    """
    report, replay = Report(most_shown=most_shown), Replay()
    _walk_log(report, replay)
    _check_triggers(report)
    _check_coverage(report)
    _compare_live_rows(report, replay)
    for check in EXTRA_CHECKS:
        for sentence in check():
            report.differs(sentence)
    return report


EXTRA_CHECKS: list[Any] = []


def _walk_log(report: Report, replay: Replay) -> None:
    trees = {"sha256": CompactRange("sha256"), "sm3": CompactRange("sm3")}
    heads = {c.size: c for c in Checkpoint.objects.all()}
    report.checkpoints = len(heads)
    expected_seq = 0
    for event in _readable(report, HistoryEvent.objects.order_by("seq")):
        expected_seq += 1
        if event.seq != expected_seq:
            report.differs(f"历史序号不连续：应为 {expected_seq}，实为 {event.seq}。")
            expected_seq = event.seq
        _check_event(report, replay, event, trees)
        report.events += 1
        if report.events in heads:
            _check_head(report, heads.pop(report.events), trees)
    for size in heads:
        report.differs(f"检查点载明 {size} 条事件，日志现仅 {report.events} 条。")
    report.root_sha256, report.root_sm3 = (trees[n].root().hex() for n in ("sha256", "sm3"))


def _check_event(
    report: Report, replay: Replay, event: HistoryEvent, trees: dict[str, CompactRange]
) -> None:
    raw = event.body.encode("utf-8")
    for name, tree in trees.items():
        leaf = leaf_hash(raw, name)
        tree.append(leaf)
        if leaf.hex() != getattr(event, f"leaf_{name}"):
            report.differs(f"第 {event.seq} 条事件：{name} 叶值与正文不符。")
    try:
        body = loads(raw)
        _check_columns(report, event, body)
        _check_previous(report, replay, event, body)
        _fold(report, replay, event, body)
    except (CanonicalError, ValueError, KeyError, TypeError, AttributeError):
        report.differs(f"第 {event.seq} 条事件：正文无法解读。")


def _check_columns(report: Report, event: HistoryEvent, body: dict[str, Any]) -> None:
    actor = body["actor"]
    expected = {
        "seq": body["seq"],
        "kind": body["kind"],
        "act": body["act"],
        "stream": body["stream"],
        "subject": body["subject"],
        "actor_id": actor["id"] if actor else None,
        "effective_on": body["effective_on"],
        "recorded_at": body["recorded_at"],
    }
    actual = {name: getattr(event, name) for name in expected}
    actual["effective_on"] = event.effective_on.isoformat()
    actual["recorded_at"] = instant(event.recorded_at)
    for name, value in expected.items():
        if actual[name] != value:
            report.differs(f"第 {event.seq} 条事件：列 {name} 与正文不符。")


def _check_previous(
    report: Report, replay: Replay, event: HistoryEvent, body: dict[str, Any]
) -> None:
    if body["previous"] != replay.previous.get(event.stream, ""):
        report.differs(f"第 {event.seq} 条事件：同案卷的前一叶值不符。")
    replay.previous[event.stream] = event.leaf_sha256


def _fold(report: Report, replay: Replay, event: HistoryEvent, body: dict[str, Any]) -> None:
    for index, entry in enumerate(body["changes"]):
        key = (entry["model"], entry["pk"])
        known = replay.rows.get(key)
        if (known is None) != (entry["op"] == "create"):
            report.differs(f"第 {event.seq} 条事件：{key[0]}:{key[1]} 的 {entry['op']} 无从发生。")
        if known is not None:
            _check_before(report, event, key, known, entry.get("before", {}))
        _note_digests(replay, event, index, key, entry)
        if entry["op"] == "delete":
            replay.rows.pop(key, None)
        else:
            replay.rows[key] = {**(known or {}), **entry["after"]}


def _note_digests(
    replay: Replay, event: HistoryEvent, index: int, key: Key, entry: dict[str, Any]
) -> None:
    for side in ("before", "after"):
        for name, value in entry.get(side, {}).items():
            if _is_digest(value):
                place = (event.seq, f"{index}.{side}.{name}")
                replay.digests[place] = value["digest"]
                if side == "after":
                    replay.salts[(*key, name)] = place


def _added(label: str) -> RowValues:
    """What an upgrade has put into columns that the events before it could not name."""
    try:
        model: type[models.Model] = apps.get_model(label)
    except LookupError:
        return {}
    return default_values(model)


def _is_digest(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"digest"}


def _check_before(
    report: Report, event: HistoryEvent, key: Key, known: RowValues, before: RowValues
) -> None:
    added = _added(key[0])
    for name, value in before.items():
        if not _is_digest(value) and known.get(name, added.get(name)) != value:
            report.differs(f"第 {event.seq} 条事件：{key[0]}:{key[1]}.{name} 的前值与重放不符。")


def _check_head(report: Report, head: Checkpoint, trees: dict[str, CompactRange]) -> None:
    if (head.root_sha256, head.root_sm3) != (
        trees["sha256"].root().hex(),
        trees["sm3"].root().hex(),
    ):
        report.differs(f"检查点 {head.size}：根值与日志不符。")
    if not signature_is_valid(head):
        report.differs(f"检查点 {head.size}：签名无效。")


def _check_triggers(report: Report) -> None:
    for name in triggers.missing():
        report.differs(f"数据库触发器缺失或被改动：{name}。")


def _check_coverage(report: Report) -> None:
    covered = {c.model._meta.db_table for c in COVERED.values()}
    covered |= {HistoryEvent._meta.db_table, Checkpoint._meta.db_table}
    report.tables = len(covered)
    report.uncovered = dict(sorted(UNCOVERED.items()))
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if table not in covered and table not in UNCOVERED:
            report.differs(f"数据表 {table} 既未纳入历史，也未说明理由。")
    for table in connection.introspection.table_names():
        if table not in covered and table not in UNCOVERED:
            report.differs(f"数据库中有来历不明的表：{table}。")


def _compare_live_rows(report: Report, replay: Replay) -> None:
    kept = {(p.event_seq, p.path): (p.salt, p.value) for p in PersonalValue.objects.iterator()}
    _check_personal(report, replay, kept)
    for coverage in COVERED.values():
        label = coverage.model._meta.label_lower
        for row in _readable(report, coverage.model._base_manager.order_by("pk")):
            report.rows += 1
            expected = replay.rows.pop((label, row.pk), None)
            if expected is None:
                report.differs(f"{label}:{row.pk} 在历史中没有来历。")
                continue
            try:
                _compare_row(report, replay, kept, row, expected)
            except (TypeError, ValueError):
                report.differs(f"{label}:{row.pk} 的内容无法解读。")
    for label, pk in replay.rows:
        report.differs(f"{label}:{pk} 在历史中存在，数据表中已不见。")


def _check_personal(
    report: Report, replay: Replay, kept: dict[tuple[int, str], tuple[str, str]]
) -> None:
    """What is kept of a personal field must match its digest; what was erased is not asked."""
    for place, (salt, value) in kept.items():
        digest = replay.digests.get(place)
        if digest is None:
            report.differs(f"个人字段 #{place[0]} {place[1]} 在历史中没有来历。")
        elif value and not _matches(salt, value, digest):
            report.differs(f"个人字段 #{place[0]} {place[1]} 与日志中的摘要不符。")


def _matches(salt: str, value: Any, digest: str) -> bool:
    try:
        return salted_digest(salt, value) == digest
    except ValueError:
        return False


def _readable(report: Report, rows: models.QuerySet[Any]) -> Iterator[Any]:
    """The rows, as far as the database can still read them as what they should be."""
    try:
        yield from rows.iterator(chunk_size=2000)
    except (ValueError, TypeError, ArithmeticError):
        report.differs(f"数据表 {rows.model._meta.db_table} 中有无法读取的数据行。")


def _compare_row(
    report: Report,
    replay: Replay,
    kept: dict[tuple[int, str], tuple[str, str]],
    row: models.Model,
    expected: RowValues,
) -> None:
    label = row._meta.label_lower
    for name, value in row_values(row).items():
        want = expected[name] if name in expected else default_values(type(row))[name]
        if isinstance(want, dict) and _is_digest(want):
            place = replay.salts.get((label, row.pk, name), (0, ""))
            salt, _ = kept.get(place, ("", ""))
            same = bool(salt) and _matches(salt, value, want["digest"])
        else:
            same = _is_same(want, value)
        if not same:
            report.differs(f"{label}:{row.pk} 的 {name} 与历史重放不符。")


def _is_same(expected: Any, actual: Any) -> bool:
    """By canonical bytes: `==` would take false for 0."""
    return canonical_bytes(expected) == canonical_bytes(actual)
