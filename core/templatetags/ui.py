"""What templates may say beyond plain HTML: amounts, dates, signs, form controls and slots."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, Select
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core import money

register = template.Library()

# --- Amounts and dates ---------------------------------------------------------------------------


@register.filter
def yuan(fen: int | None) -> str:
    """186000000 → 1,860,000.00; nothing for None, so that a blank stays a blank."""
    return "" if fen is None else money.format_yuan(fen)


@register.filter
def wanyuan(fen: int | None) -> str:
    return "" if fen is None else money.format_wanyuan(fen)


@register.filter
def capital(fen: int | None) -> str:
    return "" if fen is None else money.capital(fen)


@register.filter
def quantity(number: Decimal) -> str:
    """1200.50 → 1,200.5; a whole number without a point."""
    whole, _, rest = f"{number:,.2f}".partition(".")
    return f"{whole}.{rest}".rstrip("0").rstrip(".")


@register.filter
def cn_date(day: date | datetime | str | None) -> str:
    """2026年1月30日, as official documents write it; an instant is taken in local time.

    The frozen content of a document keeps its dates as ISO text; that is read as well.
    """
    if not day:
        return ""
    if isinstance(day, str):
        day = date.fromisoformat(day)
    if isinstance(day, datetime):
        day = timezone.localdate(day) if timezone.is_aware(day) else day.date()
    return f"{day.year}年{day.month}月{day.day}日"


# --- Signs ---------------------------------------------------------------------------------------

# Drawn on a 16 × 16 field with one stroke width; always beside a word, hence hidden from readers.
_TICK = "M3 8.500l3.500 3.500L13 4.500"
_CROSS = "M4 4l8 8M12 4l-8 8"
_TRIANGLE = "M8 2l6.500 12h-13zM8 6.500v3.500M8 11.500v1"
_LETTER_I = "M8 2a6 6 0 100 12A6 6 0 008 2zM8 7v4M8 4.500v1"
_SIGNS = {
    "ok": _TICK,
    "met": _TICK,
    "signed": _TICK,
    "success": _TICK,
    "act": "M3 8h9M8.500 4l4 4-4 4",
    "unmet": _CROSS,
    "bad": _CROSS,
    "returned": _CROSS,
    "error": _CROSS,
    "close": _CROSS,
    "paper": "M4 2h6l3 3v9H4zM6 8h4M6 11h4",
    "late": "M8 2a6 6 0 100 12A6 6 0 008 2zM8 4.500V8l2.500 1.500",
    "warn": _TRIANGLE,
    "warning": _TRIANGLE,
    "unknown": "M5.500 6a2.500 2.500 0 115 0c0 1.500-2.500 2-2.500 3.500M8 12v1",
    "info": _LETTER_I,
    "debug": _LETTER_I,
    "waiting": "M4 2h8M4 14h8M5 2c0 4 6 8 6 12M11 2c0 4-6 8-6 12",
    "asc": "M8 13V3M4 7l4-4 4 4",
    "desc": "M8 3v10M4 9l4 4 4-4",
    "sort": "M5 3v10M2.500 5.500L5 3l2.500 2.500M11 13V3M8.500 10.500L11 13l2.500-2.500",
    "neutral": "M8 6.500a1.500 1.500 0 100 3 1.500 1.500 0 000-3z",
    "menu": "M2 4h12M2 8h12M2 12h12",
    "download": "M8 2v8M4.500 7L8 10.500 11.500 7M3 14h10",
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A sign beside its word; an unknown name draws nothing rather than breaking the page."""
    return format_html(
        '<svg class="icon" viewBox="0 0 16 16" fill="none" stroke="currentColor"'
        ' stroke-width="1.75" aria-hidden="true" focusable="false"><path d="{}"/></svg>',
        _SIGNS.get(name, ""),
    )


_STATE_WORDS = {
    "met": ("已满足", "ok"),
    "unmet": ("未满足", "act"),
    "late": ("已逾期", "late"),
    "warn": ("请注意", "late"),
    "unknown": ("无法确定", "neutral"),
    "signed": ("已签", "ok"),
    "waiting": ("待签", "neutral"),
    "paper": ("纸质签署，待本人确认", "late"),
    "cancelled": ("已作废", "neutral"),
    "returned": ("已退回", "bad"),
    "done": ("已完成", "ok"),
    "current": ("当前", "act"),
    "future": ("未到", "neutral"),
    "ended": ("已终止", "bad"),
}


@register.filter
def state_word(state: str) -> str:
    return _STATE_WORDS.get(state, (state, ""))[0]


@register.filter
def state_tone(state: str) -> str:
    return _STATE_WORDS.get(state, ("", "neutral"))[1]


# --- Form controls -------------------------------------------------------------------------------


@register.simple_tag
def control(field: BoundField, reason: str = "") -> SafeString:
    """The widget with its class and the ids of everything said about it."""
    widget = field.field.widget
    if widget.use_fieldset:
        # A group: components/field.html describes the fieldset.
        return mark_safe(field.as_widget())  # noqa: S308  Django escaped it
    attrs: dict[str, str | bool] = {
        "class": f"{widget.attrs.get('class', '')} {_control_class(widget)}".strip()
    }
    if described := described_by(field, reason):
        attrs["aria-describedby"] = described
    return mark_safe(field.as_widget(attrs=attrs))  # noqa: S308  Django escaped it


def _control_class(widget: Any) -> str:
    if getattr(widget, "input_type", "") == "checkbox":
        return "form-check-input"
    if isinstance(widget, Select):
        return "form-select"
    return "form-control"


@register.simple_tag
def described_by(field: BoundField, reason: str = "") -> str:
    """The ids of everything said about the field, for aria-describedby."""
    return " ".join(_note_ids(field, reason))


def _note_ids(field: BoundField, reason: str) -> Iterable[str]:
    name = field.id_for_label or field.auto_id
    if reason:
        yield f"{name}_reason"
    if field.help_text:
        yield f"{name}_helptext"
    if field.errors:
        yield f"{name}_error"


@register.filter
def layout(field: BoundField) -> str:
    """How components/field.html lays the field out: check, group or plain."""
    widget = field.field.widget
    if widget.use_fieldset:
        return "group"
    return "check" if isinstance(widget, CheckboxInput) else "plain"


# --- Slots ---------------------------------------------------------------------------------------


@register.simple_block_tag
def panel(
    content: str,
    title: str,
    *,
    id: str = "",
    note: str = "",
    tone: str = "",
    level: int = 2,
) -> SafeString:
    """{% panel "下一步" tone="act" %}…{% endpanel %}; see components/panel.html."""
    context = {
        "content": content,
        "title": title,
        "id": id,
        "note": note,
        "tone": tone,
        "level": level,
    }
    return render_to_string("components/panel.html", context)


@register.simple_block_tag
def table(
    content: str,
    caption: str,
    headers: Sequence[Any],
    *,
    id: str = "",
    note: str = "",
    exports: Sequence[Any] = (),
    quick_filter: bool = False,
) -> SafeString:
    """{% table "合同台账" headers exports=… %}rows{% endtable %}; see components/table.html."""
    context = {
        "content": content,
        "caption": caption,
        "headers": headers,
        "id": id,
        "note": note,
        "exports": exports,
        "quick_filter": quick_filter,
    }
    return render_to_string("components/table.html", context)
