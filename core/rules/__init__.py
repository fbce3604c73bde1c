"""The law in the code: registry, dated parameters, refusals, the engine that asks.

A rule is one pure function of (facts, parameters) beside its article;
see docs/how-to/add-a-rule.md.
"""

from core.rules.engine import Answer, ask, regulations_reaching
from core.rules.parameters import ParameterMissing, Parameters
from core.rules.refusal import Compared, Refusal, Verdict
from core.rules.registry import RULES, Context, Rule, foreseeable, rule

__all__ = [
    "RULES",
    "Answer",
    "Compared",
    "Context",
    "ParameterMissing",
    "Parameters",
    "Refusal",
    "Rule",
    "Verdict",
    "ask",
    "foreseeable",
    "regulations_reaching",
    "rule",
]
