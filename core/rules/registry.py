"""The register of rules and of the collectors that gather their facts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accounts.models import RoleAssignment, User
from core.regulations import Article
from core.rules.refusal import Refusal

Question = Callable[[Any, Any], Refusal | None]


@dataclass(frozen=True)
class Context:
    """What an act states besides the object: the day, the actor, the data of the form."""

    on: date
    by: User | None = None
    acting_as: RoleAssignment | None = None
    data: dict[str, Any] = field(default_factory=dict)

    def is_by(self, user_id: int | None) -> bool:
        """Whether this person does the act, or has it done in their name by a deputy."""
        behind = {self.by.pk if self.by else None}
        if self.acting_as is not None:
            behind.add(self.acting_as.user_id)
        return user_id is not None and user_id in behind


Collector = Callable[[Any, Context], Any]


@dataclass(frozen=True)
class Rule:
    """One legal condition: a pure function of (facts, parameters) citing its articles.

    `binds` says on which day the rule and its parameters are those in force (`filing` or `act`);
    `effect` what happens when it is not kept (`refuse`, `record_late`, `warn`); `of_form` that it
    asks only what the act itself states, so that nothing can be said of it before the form is sent;
    `everywhere` that it is asked of whatever is done where its regulation is adopted, also of what
    the regulation does not claim (an office's task towards all others).
    """

    id: str
    title: str
    cites: tuple[Article, ...]
    question: Question
    collector: Collector
    parameters: tuple[str, ...]
    binds: str
    effect: str
    since: date | None
    until: date | None
    outside: str
    module: str
    sentence: str
    of_form: bool = False
    everywhere: bool = False

    def in_force(self, on: date) -> bool:
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


class DuplicateRule(ValueError):
    """Two functions claim the same rule id."""


RULES: dict[str, Rule] = {}
BINDS, EFFECTS = ("filing", "act"), ("refuse", "record_late", "warn")


def rule(
    rule_id: str,
    *,
    title: str,
    cites: Article | tuple[Article, ...],
    facts: Collector,
    parameters: tuple[str, ...] = (),
    binds: str = "filing",
    effect: str = "refuse",
    since: date | None = None,
    until: date | None = None,
    outside: str = "",
    of_form: bool = False,
    everywhere: bool = False,
) -> Callable[[Question], Question]:
    """Register a rule. `outside` names a national provision whose text is not held here."""
    if binds not in BINDS or effect not in EFFECTS:
        raise ValueError(f"{rule_id}: binds {binds!r}, effect {effect!r}")

    def register(question: Question) -> Question:
        if rule_id in RULES:
            raise DuplicateRule(rule_id)
        RULES[rule_id] = Rule(
            id=rule_id,
            title=title,
            cites=cites if isinstance(cites, tuple) else (cites,),
            question=question,
            collector=facts,
            parameters=parameters,
            binds=binds,
            effect=effect,
            since=since,
            until=until,
            outside=outside,
            module=question.__module__,
            sentence=(question.__doc__ or "").strip(),
            of_form=of_form,
            everywhere=everywhere,
        )
        return question

    return register


def foreseeable(rule_ids: Sequence[str]) -> list[str]:
    """The rules that can be answered before the form of the act is filled in."""
    return [rule_id for rule_id in rule_ids if not RULES[rule_id].of_form]
