"""What the regulations say and no rule does: core/regulations/accounted.toml, read and judged."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from core.regulations import REGULATIONS, Article
from core.rules import RULES, Rule

KINDS = {"procedural": "系统照办", "not_applicable": "不由本系统办理", "ahead": "尚未建成"}
STAGES = ("申报", "预算", "采购", "合同", "实施", "评估", "公开", "监督")


@dataclass(frozen=True)
class Account:
    """One entry: which addresses it accounts for, how, and where to look."""

    addresses: tuple[str, ...]
    kind: str
    text: str
    stage: str
    see: tuple[str, ...]

    @property
    def shown(self) -> str:
        """As the rule book prints it."""
        where = f"（{self.stage}）" if self.stage else ""
        places = f"见 {'、'.join(f'`{place}`' for place in self.see)}。" if self.see else ""
        return f"**{KINDS.get(self.kind, self.kind)}{where}**：{self.text}{places}"


def accounts(root: Path | None = None) -> list[Account]:
    file = Path(root or settings.BASE_DIR) / "core/regulations/accounted.toml"
    return [
        Account(
            tuple(entry["addresses"]),
            entry["kind"],
            entry["text"],
            entry.get("stage", ""),
            tuple(entry.get("see", ())),
        )
        for entry in tomllib.loads(file.read_text("utf-8"))["entry"]
    ]


def accounts_of(article: Article, entries: list[Account]) -> list[Account]:
    return [entry for entry in entries if article.code in entry.addresses]


def rules_citing(article: Article) -> list[Rule]:
    """The rules that cite exactly this address."""
    return [rule for rule in RULES.values() if article in rule.cites]


def faults() -> list[str]:
    """What is wrong with the accounting: nothing, or one sentence per fault."""
    entries = accounts()
    known = {a.code: a for r in REGULATIONS.values() for a in r.addresses}
    missing = [
        f"{code} has neither a rule nor an entry in accounted.toml"
        for code, article in known.items()
        if not rules_citing(article) and not accounts_of(article, entries)
    ]
    return missing + [fault for entry in entries for fault in _faults_of(entry, set(known))]


def _faults_of(entry: Account, known: set[str]) -> list[str]:
    name = "、".join(entry.addresses)
    found = [f"{name}: the text has no {code}" for code in entry.addresses if code not in known]
    if entry.kind not in KINDS:
        found.append(f"{name}: unknown kind {entry.kind}")
    if not entry.text:
        found.append(f"{name}: no text")
    if (entry.kind == "ahead") != (entry.stage in STAGES):
        found.append(f"{name}: exactly an entry that is ahead names its stage")
    if (entry.kind == "procedural") != bool(entry.see):
        found.append(f"{name}: exactly a procedural entry says where to look")
    return found + [f"{name}: there is no {place}" for place in entry.see if not _exists(place)]


def _exists(place: str) -> bool:
    """A rule id, or “path:name” with the name written in that file."""
    path, _, name = place.partition(":")
    file = Path(settings.BASE_DIR) / path
    return place in RULES or (bool(name) and file.is_file() and name in file.read_text("utf-8"))
