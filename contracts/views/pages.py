"""办理页共用的：取哪一行、页上写什么、回到哪里。"""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from contracts.models import Contract
from contracts.selectors.sight import contracts_visible_to, papers_visible_to
from contracts.selectors.terms import term_facts, term_texts
from core.money import format_yuan
from core.views.acts import ActPage, SignedInRequest

Facts = tuple[tuple[str, Any], ...]
form_or_act = require_http_methods(["GET", "HEAD", "POST"])


def contract_of(request: SignedInRequest, pk: int) -> Contract:
    """看得见的合同；看不见的答 404。"""
    row: Contract = get_object_or_404(contracts_visible_to(request.user), pk=pk)
    return row


def paper_of(request: SignedInRequest, model: type[Any], pk: int, *related: str) -> Any:
    """看得见的合同文件；看不见的答 404。"""
    rows = papers_visible_to(request.user, model)
    return get_object_or_404(rows.select_related(*related) if related else rows, pk=pk)


def act_on(
    document: Any,
    facts: Facts = (),
    note: str = "",
    done: str = "",
    template: str = "core/act_page.html",
    extra: dict[str, Any] | None = None,
) -> ActPage:
    """合同或合同文件的办理页：先写明是哪份合同，办完回到合同页。"""
    contract: Contract = document if isinstance(document, Contract) else document.contract
    own = () if document is contract else ((document._meta.verbose_name, document),)
    shown = (
        ("合同", contract),
        ("承接主体", contract.award.provider),
        ("合同金额", yuan(contract.amount_fen)),
    )
    return ActPage(
        back=contract.get_absolute_url(),
        about=str(contract),
        facts=(*shown, *own, *facts),
        note=note,
        done=done,
        template=template,
        extra=extra or {},
    )


def terms_of(contract: Contract) -> dict[str, Any]:
    """签批、签订、备案的页上一并列出的全部条款（contracts/_terms.html）。"""
    lines = list(contract.lines.all())
    return {
        "terms": term_facts(contract),
        "texts": term_texts(contract),
        "lines": lines,
        "lines_fen": sum(line.amount_fen for line in lines),
        "milestones": [{"row": row} for row in contract.milestones.all()],
        "instalments": [{"row": row} for row in contract.instalments.select_related("milestone")],
    }


def yuan(fen: int | None) -> str | None:
    return None if fen is None else f"{format_yuan(fen)} 元"
