"""docs/reference/rulebook.md: every rule, then every article and what becomes of it."""

from __future__ import annotations

from config.docs.accounted import Account, accounts, accounts_of, rules_citing
from config.docs.markdown import bullets, code, codes, page, quote, table
from config.docs.moves import moves_by_rule
from core.regulations import REGULATIONS, Article, Regulation, errata
from core.rules import RULES, Rule

BINDS = {
    "filing": "首次提交日：首次提交那天施行的规则和参数管到底，退回再报不变",
    "act": "办理日：按办理那天施行的规则和参数",
}
EFFECTS = {
    "refuse": "不合则不能办理",
    "record_late": "照样办理，记为逾期并显示",
    "warn": "照样办理，给予提示",
}
LEAD = """本书由代码生成。第一部分是规则：一条规则就是代码里的一个函数，编号在代码、历史、页面、
测试和本书中是同一个字符串，含义永不改变；法规改了，另立新号。第二部分反过来：两部办法的每一条、
每一项，由哪些规则执行，或者为什么没有规则。条文照录原文，不改一字；原文的缺漏见“勘误”。

规则只在下列情形适用：辖区在约束日采用了所引的办法，而该办法管得到这个项目
（《平湖办法》只管特定目标类项目）。同时引用两部办法的，以列在前面而又适用的一部为据。"""


def rulebook_page() -> str:
    used = moves_by_rule()
    rules = sorted(RULES.values(), key=_order)
    parts = [_rule(rule, used.get(rule.id, [])) for rule in rules]
    reverse = [part for regulation in REGULATIONS.values() for part in _reverse(regulation)]
    return page(
        "规则书",
        LEAD,
        f"## 第一部分　规则（{len(rules)} 条）",
        *parts,
        "## 第二部分　逐条对照",
        *reverse,
    )


def _order(rule: Rule) -> tuple[int, str]:
    """By the place of the first article cited, then by id."""
    places = [a for regulation in REGULATIONS.values() for a in regulation.addresses]
    return (places.index(rule.cites[0]), rule.id)


def _rule(rule: Rule, used: list[str]) -> str:
    facts = bullets(
        [
            ("要求", rule.sentence),
            ("依据", "；".join(article.label for article in rule.cites)),
            ("另有依据", f"{rule.outside}（国家规定，本系统不存原文）" if rule.outside else ""),
            ("约束日", BINDS[rule.binds]),
            ("效力", EFFECTS[rule.effect]),
            ("施行", _period(rule)),
            ("参数", codes(rule.parameters)),
            ("所问", "办理时填写的内容，填写之前无从判断" if rule.of_form else ""),
            ("代码", code(f"{rule.module}.{rule.question.__name__}")),
            ("用于", "；".join(used) or "（没有办理引用）"),
        ]
    )
    texts = [_verbatim(article) for article in rule.cites]
    return "\n\n".join([f"### {rule.id}　{rule.title}", facts, *texts])


def _period(rule: Rule) -> str:
    since = f"自 {rule.since.isoformat()}" if rule.since else ""
    until = f"至 {rule.until.isoformat()}（不含）" if rule.until else ""
    return since + until


def _verbatim(article: Article) -> str:
    """The words of the address before its first item, as printed, and their errata."""
    below = f"（以下分 {len(article.items)} 项）" if article.items else ""
    notes = [f"勘误：{e.title}。{e.note}" for e in errata().get(article, ())]
    return "\n\n".join([f"{article.short}{below}：", quote(article.lead), *notes])


def _reverse(regulation: Regulation) -> list[str]:
    entries = accounts()
    rows = [
        (article.code, _place(article), _opening(article), _answer(article, entries))
        for article in regulation.addresses
    ]
    return [f"### 《{regulation.title}》", table(["代号", "条款", "原文起首", "由什么执行"], rows)]


def _place(article: Article) -> str:
    return article.label.removeprefix(f"《{article.regulation.title}》")


def _opening(article: Article) -> str:
    text = " ".join(article.lead.split())
    return text if len(text) <= 32 else f"{text[:32]}……"


def _answer(article: Article, entries: list[Account]) -> str:
    rules = codes(rule.id for rule in rules_citing(article))
    parts = [f"规则 {rules}"] if rules else []
    return "<br>".join(parts + [entry.shown for entry in accounts_of(article, entries)])
