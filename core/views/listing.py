"""One machinery for every list: declared columns, sorting, keyset pages, CSV.

    page = listing(request, queryset, COLUMNS, filename="项目台账")
    if not isinstance(page, Listing):
        return page                                          # the CSV file
    return render(request, "…", {"listing": page})

A page is found by the place of its neighbour (sort value, pk), never by OFFSET or COUNT. Places are
signed, so one that was typed or cut short answers 400; they carry no time, so the same page has the
same bytes for every reader and every cache.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Any

from django.core import signing
from django.core.exceptions import BadRequest
from django.db.models import F, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from core.money import format_yuan

Value = str | int | Decimal | None
PLACE_KEYS = ("after", "before")


@dataclass(frozen=True)
class Column:
    """One column. `value` is what the CSV prints (for `is_money`, 分; printed in 元).

    `sort` is the field path it may be sorted by; empty when it may not.
    """

    title: str
    value: Callable[[Any], Value]
    sort: str = ""
    numeric: bool = False
    is_money: bool = False


@dataclass(frozen=True)
class Listing:
    """One page of a list, as table.html and pager.html print it; `rows` are the objects."""

    rows: list[Any]
    headers: list[dict[str, Any]]
    exports: list[dict[str, str]]
    newer_url: str
    older_url: str
    shown: int
    total: int | None = None

    @classmethod
    def whole(cls, request: HttpRequest, rows: Sequence[Any], columns: Sequence[Column]) -> Listing:
        """A short list shown whole: no pages, and no sorting but its own."""
        exports = [{"label": "导出 CSV", "url": _url(request, export="csv")}]
        headers = [_plain(column) for column in columns]
        return cls(list(rows), headers, exports, "", "", len(rows))


def listing(
    request: HttpRequest,
    queryset: QuerySet[Any],
    columns: Sequence[Column],
    *,
    filename: str,
    default_sort: str = "-pk",
    per_page: int = 50,
    with_total: bool = False,
    first: Sequence[Any] = (),
) -> HttpResponseBase | Listing:
    """One page of the list, or all its rows as a CSV file where `?export=csv` asks for it.

    `first`: rows that stand before all others in the file; the page shows them by itself.

    Raises `BadRequest` for a place that is not ours. An unknown sort is ignored.
    """
    sort = _Sort.asked(request, columns, default_sort)
    if request.GET.get("export") == "csv":
        rows = queryset.order_by(*sort.order())
        return exported(chain(first, rows.iterator(chunk_size=500)), columns, filename)
    found, newer_url, older_url = _page(request, queryset, sort, per_page)
    return Listing(
        rows=found,
        headers=[_header(request, column, sort) for column in columns],
        exports=[{"label": "导出 CSV", "url": _url(request, export="csv")}],
        newer_url=newer_url,
        older_url=older_url,
        shown=len(found),
        total=queryset.count() if with_total else None,
    )


# --- Sorting and places --------------------------------------------------------------------------


@dataclass(frozen=True)
class _Sort:
    """A field path and its direction; empty values stand last either way, pk breaks ties."""

    path: str
    is_descending: bool

    @classmethod
    def asked(cls, request: HttpRequest, columns: Sequence[Column], default: str) -> _Sort:
        asked = request.GET.get("sort", "")
        known = {column.sort for column in columns if column.sort}
        chosen = asked if asked.removeprefix("-") in known else default
        return cls(chosen.removeprefix("-"), chosen.startswith("-"))

    def order(self, *, reverse: bool = False) -> list[Any]:
        """The ordering; `reverse` walks from a place towards the beginning."""
        down = self.is_descending != reverse
        pk = F("pk").desc() if down else F("pk").asc()
        if self.path == "pk":
            return [pk]
        nulls = {"nulls_first": True} if reverse else {"nulls_last": True}
        return [F(self.path).desc(**nulls) if down else F(self.path).asc(**nulls), pk]

    def beyond(self, value: Any, pk: int, *, reverse: bool = False) -> Q:
        """The rows that stand behind a place (before it, when reversed)."""
        side = "lt" if self.is_descending != reverse else "gt"
        if self.path == "pk":
            return Q(**{f"pk__{side}": pk})
        empty = Q(**{f"{self.path}__isnull": True})
        if value is None:
            within = empty & Q(**{f"pk__{side}": pk})
            return within | ~empty if reverse else within
        same = Q(**{self.path: value, f"pk__{side}": pk})
        behind = Q(**{f"{self.path}__{side}": value}) | same
        return behind if reverse else behind | empty

    def place(self, row: Model) -> str:
        value: Any = row
        for name in self.path.split("__"):
            value = getattr(value, name, None)
        plain = value if value is None or isinstance(value, int | str) else str(value)
        return self._signer.sign_object([plain, row.pk])

    def read(self, place: str) -> tuple[Any, int]:
        try:
            value, pk = self._signer.unsign_object(place)
        except (signing.BadSignature, ValueError) as error:
            raise BadRequest("翻页位置无效") from error
        return value, pk

    @property
    def _signer(self) -> signing.Signer:
        return signing.Signer(salt=f"core.listing:{'-' if self.is_descending else ''}{self.path}")


def page_by_key(
    request: HttpRequest, queryset: QuerySet[Any], *, order: str = "-pk", per_page: int = 50
) -> tuple[list[Any], str, str]:
    """The rows and the addresses of the pages before and behind them; for what is no table.

    Raises `BadRequest` for a place that is not ours.
    """
    return _page(request, queryset, _Sort(order.removeprefix("-"), order[0] == "-"), per_page)


def _page(
    request: HttpRequest, queryset: QuerySet[Any], sort: _Sort, per_page: int
) -> tuple[list[Any], str, str]:
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    is_back = bool(before) and not after
    rows = queryset.order_by(*sort.order(reverse=is_back))
    if after or before:
        value, pk = sort.read(after or before)
        rows = rows.filter(sort.beyond(value, pk, reverse=is_back))
    found = list(rows[: per_page + 1])
    is_more, found = len(found) > per_page, found[:per_page]
    if is_back:
        found.reverse()
    if not found:
        return [], _url(request) if after or before else "", ""
    newer = _url(request, before=sort.place(found[0])) if (is_more if is_back else after) else ""
    older = _url(request, after=sort.place(found[-1])) if is_back or is_more else ""
    return found, newer, older


def _header(request: HttpRequest, column: Column, sort: _Sort) -> dict[str, Any]:
    is_current = bool(column.sort) and column.sort == sort.path
    direction = ("desc" if sort.is_descending else "asc") if is_current else ""
    turned = f"-{column.sort}" if direction == "asc" else column.sort
    return {
        "title": column.title,
        "sort_url": _url(request, sort=turned) if column.sort else "",
        "direction": direction,
        "numeric": column.numeric or column.is_money,
    }


def _plain(column: Column) -> dict[str, Any]:
    return {"title": column.title, "numeric": column.numeric or column.is_money}


def _url(request: HttpRequest, **changed: str) -> str:
    """This list with its filters; places and export only where they are named."""
    query = request.GET.copy()
    for key in (*PLACE_KEYS, "export"):
        query.pop(key, None)
    for key, value in changed.items():
        query[key] = value
    return f"{request.path}?{query.urlencode()}"


# --- CSV -----------------------------------------------------------------------------------------

_FORMULA = re.compile(r"[=+\-@＝＋－＠\t\r\n]")
_NUMBER = re.compile(r"[+-]?[0-9][0-9,]*(\.[0-9]+)?")


def neutral(value: Value) -> str:
    """A cell a spreadsheet shows and never computes; real negative numbers stay numbers."""
    text = "" if value is None else str(value)
    is_risky = bool(_FORMULA.match(text)) and not _NUMBER.fullmatch(text)
    return f"'{text}" if is_risky else text


class _Echo:
    """A file that hands back each written line."""

    def write(self, line: str) -> str:
        return line


def exported(
    rows: Iterable[Any], columns: Sequence[Column], filename: str
) -> StreamingHttpResponse:
    """These rows as a CSV file, UTF-8 with the mark that spreadsheets look for."""
    response = StreamingHttpResponse(_lines(rows, columns), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{filename}.csv") or ""
    return response


def _lines(rows: Iterable[Any], columns: Sequence[Column]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield writer.writerow([f"{c.title}（元）" if c.is_money else c.title for c in columns])
    for row in rows:
        yield writer.writerow([_cell(column, row) for column in columns])


def _cell(column: Column, row: Any) -> str:
    value = column.value(row)
    if column.is_money:
        return format_yuan(value).replace(",", "") if isinstance(value, int) else ""
    return neutral(value)
