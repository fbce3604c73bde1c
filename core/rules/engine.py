"""Asking rules: which apply here and today, what they answer, on which facts."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Protocol

from accounts.models import Jurisdiction
from core.calendar.arithmetic import CalendarUnknown
from core.regulations import Article
from core.rules.parameters import ParameterMissing, Parameters, parameters_in_force
from core.rules.refusal import Refusal, Verdict
from core.rules.registry import RULES, Collector, Context, Rule


class Governed(Protocol):
    """What an object must tell so that rules can be chosen for it."""

    def jurisdiction(self) -> Jurisdiction: ...

    def governed_by(self) -> frozenset[str]:
        """Codes of the regulations that reach this object, before adoption is asked."""
        ...

    def binding_days(self) -> dict[str, date]:
        """Known binding days, e.g. {"filing": first submission}."""
        ...


@dataclasses.dataclass(frozen=True)
class Answer:
    """All verdicts of one question and the facts behind them, by collector name."""

    verdicts: tuple[Verdict, ...]
    facts: dict[str, Any]

    @property
    def refusals(self) -> tuple[Verdict, ...]:
        return tuple(v for v in self.verdicts if v.blocks)


observers: list[Callable[[str, bool], None]] = []


def ask(subject: Governed, rule_ids: Sequence[str], context: Context) -> Answer:
    """Ask all rules that apply; each collector gathers once. A refusal raises nothing."""
    asking = _Asking(subject, context)
    verdicts = [v for rule_id in rule_ids if (v := asking.verdict(RULES[rule_id])) is not None]
    return Answer(tuple(verdicts), {n: _plain(f) for n, f in asking.recorded_facts.items()})


NOTHING_ADOPTED = Refusal("本辖区在该日没有采用任何办法，规则无法判定", mended_by="安全管理员")


def regulations_reaching(subject: Governed, day: date) -> frozenset[str]:
    """Codes of the adopted regulations that reach an object on a day.

    An object that none of the adopted regulations claims is reached by all of them: nothing
    escapes the rules by being nobody's. Empty only where nothing is adopted.
    """
    adopted = regulations_adopted(subject, day)
    return subject.governed_by() & adopted or adopted


def regulations_adopted(subject: Governed, day: date) -> frozenset[str]:
    """Codes of the regulations in force in an object's jurisdiction, whatever they claim."""
    return frozenset(
        a.regulation
        for a in subject.jurisdiction().adoptions.all()
        if a.since <= day and (a.until is None or day < a.until)
    )


class _Asking:
    def __init__(self, subject: Governed, context: Context) -> None:
        self.subject, self.context = subject, context
        self.recorded_facts: dict[str, Any] = {}
        self._facts: dict[Collector, Any] = {}
        self._parameters: dict[date, Parameters] = {}
        self._reaching: dict[date, frozenset[str]] = {}

    def verdict(self, rule: Rule) -> Verdict | None:
        day = self._binding_day(rule)
        if not self._reach(day):
            return self._made(rule, rule.cites[0], "unknown", NOTHING_ADOPTED)
        article = self._article(rule, day)
        if article is None or not rule.in_force(day):
            return None
        try:
            parameters = self._values(day)
            used = parameters.only(rule.parameters)
            refusal = rule.question(self._gather(rule.collector), parameters)
        except (ParameterMissing, CalendarUnknown) as unknown:
            return self._made(
                rule, article, "unknown", Refusal(str(unknown), mended_by="安全管理员")
            )
        for observer in observers:
            observer(rule.id, refusal is None)
        state = {"refuse": "unmet", "record_late": "late", "warn": "warn"}[rule.effect]
        return self._made(rule, article, state if refusal else "met", refusal, used)

    def _made(
        self,
        rule: Rule,
        article: Article,
        state: str,
        refusal: Refusal | None,
        used: dict[str, Any] | None = None,
    ) -> Verdict:
        return Verdict(rule.id, rule.title, article, state, refusal, used or {})

    def _binding_day(self, rule: Rule) -> date:
        return self.subject.binding_days().get(rule.binds, self.context.on)

    def _article(self, rule: Rule, day: date) -> Article | None:
        """The first cited article whose regulation is adopted here and, unless the rule is asked
        everywhere, reaches this object."""
        reach = regulations_adopted(self.subject, day) if rule.everywhere else self._reach(day)
        return next((a for a in rule.cites if a.regulation.code in reach), None)

    def _reach(self, day: date) -> frozenset[str]:
        if day not in self._reaching:
            self._reaching[day] = regulations_reaching(self.subject, day)
        return self._reaching[day]

    def _values(self, day: date) -> Parameters:
        if day not in self._parameters:
            self._parameters[day] = parameters_in_force(self.subject.jurisdiction(), day)
        return self._parameters[day]

    def _gather(self, collector: Collector) -> Any:
        if collector not in self._facts:
            self._facts[collector] = collector(self.subject, self.context)
            self.recorded_facts[collector.__name__] = self._facts[collector]
        return self._facts[collector]


def _plain(facts: Any) -> Any:
    return dataclasses.asdict(facts) if dataclasses.is_dataclass(facts) else facts  # type: ignore[arg-type]
