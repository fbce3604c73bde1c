"""计划表格：逐行填写或粘贴，核对、预览、确认都与导入工作簿同一处。"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.attachments import Attachment, UploadRefused, store
from core.calendar.clock import today
from core.drafts.keeping import draft_of, drop_draft
from core.history.values import reference
from core.transitions import ActError
from core.views.acts import SignedInRequest, actor_arguments, new_key, request_key, status_of
from projects.documents import SHEETS, Column, open_book
from projects.documents.exporting import options_of, plan_entries, prefilled_entries
from projects.documents.gridding import (
    MOST_LINES,
    MOST_PROJECTS,
    book_from,
    field_name,
    file_from,
    posted_texts,
    texts_from_book,
    texts_of,
)
from projects.models import AnnualPlan, ImportState, PlanImport, PlanLine
from projects.selectors import last_year_projects
from projects.services import SecretDeclared, receive_import
from projects.services.importing.comparing import check_book
from projects.views.drafts import draft_name
from projects.views.importing import own_plan, stopped

form_or_act = require_http_methods(["GET", "HEAD", "POST"])
Values = dict[str, Any]
SECRET = ("exclusion_national_security", "exclusion_secrecy")
KEYS = ("serial", "number", "precedent", "version", "stage")


@never_cache
@form_or_act
def plan_grid(request: SignedInRequest, pk: int) -> HttpResponse:
    """打开：草稿、计划现有的项目、上年的项目，或一次有错误的导入；交来：核对。"""
    page = _GridPage(request, own_plan(request, pk))
    if request.method != "POST":
        return page.opened()
    texts = posted_texts(request.POST)
    try:
        upload = file_from(texts, *page.options)
        row = receive_import(
            page.plan, upload, **actor_arguments(request), key=request_key(request)
        )
    except SecretDeclared:
        drop_draft(request.user, page.draft_form)
        return stopped(request, page.plan)
    except (UploadRefused, ActError) as error:
        return page.show(texts, error=str(error), status=status_of(error))
    if row.state == ImportState.FAULTY:
        report = json.loads(store.get(row.report_sha256))
        return page.show(texts, problems=report["problems"], row=row, status=422)
    drop_draft(request.user, page.draft_form)
    return redirect(row)


@dataclass
class _GridPage:
    request: SignedInRequest
    plan: AnnualPlan

    def __post_init__(self) -> None:
        self.draft_form = draft_name("grid", self.plan.pk)
        self.jurisdiction = self.plan.purchaser.organisation.jurisdiction
        self.options = options_of(self.jurisdiction, today())

    def opened(self) -> HttpResponse:
        asked = self.request.GET
        if asked.get("import"):
            return self._from_import(asked["import"])
        draft = draft_of(self.request.user, self.draft_form)
        if draft is not None:
            kept = {name: values[-1] for name, values in draft.content.items() if values}
            return self.show(posted_texts(kept), draft=draft)
        if PlanLine.objects.filter(plan=self.plan).count() > MOST_PROJECTS:
            return self.show(None)
        entries = plan_entries(self.plan, self.request.user)
        if asked.get("from") == "last-year":
            known = {e.precedent for e in entries} | {e.serial for e in entries}
            last = prefilled_entries(self._last_year())
            entries += [e for e in last if e.precedent not in known]
        return self.show(texts_of(entries))

    def _from_import(self, pk: str) -> HttpResponse:
        """一次导入的内容放进表格里改；改不成的（列名写错等）回到那次导入。"""
        rows = PlanImport.objects.visible_to(self.request.user).filter(plan=self.plan)
        number = int(pk) if pk.isascii() and pk.isdigit() and len(pk) < 10 else 0
        row = get_object_or_404(rows, pk=number)
        texts = grid_texts(row)
        if texts is None:
            return redirect(row)
        problems = check_book(self.plan, book_from(texts), today()).problems
        shown = [
            {"sheet": p.sheet, "row": p.row, "column": p.column, "place": p.place, "said": p.said}
            for p in problems
        ]
        return self.show(texts, problems=shown, row=row)

    def show(
        self,
        texts: dict[str, str] | None,
        *,
        problems: list[Values] | None = None,
        row: PlanImport | None = None,
        draft: Any = None,
        error: str = "",
        status: int = 200,
    ) -> HttpResponse:
        base = texts_of(self._base()) if texts is not None else {}
        context = {
            "plan": self.plan,
            "sheets": [
                {
                    "index": index,
                    "name": form.name,
                    "field": field_name(form),
                    "text": texts[field_name(form)],
                    "base": base[field_name(form)],
                    "columns": [_column(column) for column in form.columns],
                }
                for index, form in enumerate(SHEETS)
            ]
            if texts is not None
            else [],
            "lists": self._lists(),
            "problems": problems or [],
            "row": row,
            "draft": draft,
            "draft_form": self.draft_form,
            "declared": "",
            "most": MOST_PROJECTS,
            "has_last_year": self._last_year().exists(),
            "key": new_key(),
            "error": error,
            "crumbs": [
                {"title": "年度计划", "url": reverse("projects:plans")},
                {"title": str(self.plan), "url": reverse("projects:plan", args=[self.plan.pk])},
                {"title": "在表格中填"},
            ],
        }
        return render(self.request, "projects/plan_grid.html", context, status=status)

    def _last_year(self) -> Any:
        return last_year_projects(self.plan, self.request.user)

    def _base(self) -> list[Any]:
        """比对变动的底稿：由上年延续的照上年，其余照现有的。"""
        entries = plan_entries(self.plan, self.request.user)
        last = {e.serial: e for e in prefilled_entries(self._last_year())}
        base = [
            replace(last[e.precedent], serial=e.serial) if e.precedent in last else e
            for e in entries
        ]
        known = {e.serial for e in base}
        return [*base, *(e for serial, e in last.items() if serial not in known)]

    def _lists(self) -> list[Values]:
        """各列的下拉选项。"""
        items, funds = self.options
        found = {
            "flag": [("是", ""), ("否", "")],
            "item": [(i.code, i.name) for i in items],
            "fund": [(f.name, "") for f in funds],
        }
        for form in SHEETS:
            for column in form.columns:
                if column.kind == "choice":
                    found[column.name] = [(label, "") for _, label in column.choices]
        return [{"name": f"list-{name}", "values": values} for name, values in found.items()]


def grid_texts(row: PlanImport) -> dict[str, str] | None:
    """一次导入的内容，能放进表格里改的才有。"""
    if row.line_count > MOST_LINES or row.is_waiting:
        return None
    file = Attachment.objects.get(subject=reference(row))
    return texts_from_book(open_book(row.name, store.get(file.sha256)))


def _column(column: Column) -> Values:
    key = column.name if column.kind == "choice" else column.kind
    is_listed = column.kind in ("choice", "flag", "item", "fund")
    return {
        "name": column.name,
        "title": column.heading,
        "kind": column.kind,
        "needed": column.needed,
        "hint": column.hint,
        "list": f"list-{key}" if is_listed else "",
        "is_wide": column.width >= 28,
        "is_secret": column.name in SECRET,
        "is_key": column.name in KEYS,
    }
