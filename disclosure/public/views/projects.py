"""项目：清单，和一个项目从申报到公开的经过。"""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from core.views.listing import Column, Listing, listing
from core.views.public import open_page
from disclosure.public import selectors
from disclosure.public.forms import ProjectFilter
from disclosure.public.story import stories, story

COLUMNS = (
    Column("项目名称", lambda n: n.project_name),
    Column("购买主体", lambda n: n.purchaser_name, sort="purchaser_name"),
    Column("最近的公告", lambda n: n.published_on.isoformat(), sort="published_on"),
    Column("项目编号", lambda n: n.project_number, sort="project_number"),
    Column("公告种类", lambda n: n.get_kind_display()),
    Column("公告编号", lambda n: n.number),
    Column("辖区", lambda n: n.jurisdiction_name),
)


@open_page()
def project_list(request: HttpRequest) -> HttpResponseBase:
    """有公告的项目，最近有公告的在前。"""
    form = ProjectFilter(request.GET or None)
    rows = selectors.project_list(form.wanted())
    page = listing(request, rows, COLUMNS, filename="项目", default_sort="-published_on")
    if not isinstance(page, Listing):
        return page
    told = stories(selectors.notices_of(*(row.project_number for row in page.rows)))
    context = {
        "listing": page,
        "projects": [(row, told[row.project_number]) for row in page.rows],
        "filter_form": form,
    }
    return render(request, "public/project_list.html", context)


@open_page()
def project(request: HttpRequest, number: str) -> HttpResponseBase:
    """一个项目的经过，只用已发布的公告。"""
    notices = selectors.notices_of(number)
    if not notices:
        raise Http404
    told = story(notices)
    context = {
        "story": told,
        "crumbs": [
            {"title": "项目", "url": reverse("public:projects")},
            {"title": told.number},
        ],
    }
    return render(request, "public/project_story.html", context)
