"""The form field for amounts: typed in 元 or 万元, cleaned to 分."""

from typing import Any, TypeGuard

from django import forms
from django.core.exceptions import ValidationError

from core.money.amounts import MoneyError, Unit, format_wanyuan, format_yuan, parse_amount


def _is_fen(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


class AmountInput(forms.TextInput):
    """A plain text input: a number input would round, localise and swallow what was typed."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})


class AmountField(forms.Field):
    """An amount; `cleaned_data` holds integer 分, or None when left empty.

    `min_fen` and `max_fen` are inclusive. A value that failed is shown again as it was typed.
    """

    widget = AmountInput

    def __init__(
        self,
        *,
        unit: Unit = "元",
        allow_negative: bool = False,
        min_fen: int | None = None,
        max_fen: int | None = None,
        **kwargs: Any,
    ) -> None:
        self.unit: Unit = unit
        self.allow_negative = allow_negative
        self.min_fen = min_fen
        self.max_fen = max_fen
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "data-unit": self.unit}

    def show(self, fen: int) -> str:
        return format_yuan(fen) if self.unit == "元" else format_wanyuan(fen)

    def prepare_value(self, value: object) -> object:
        """分 from the database become text in the unit; typed text stays as typed."""
        return self.show(value) if _is_fen(value) else value

    def to_python(self, value: object) -> int | None:
        if self.disabled and _is_fen(value):
            return value
        text = "" if value is None else str(value).strip()
        if not text:
            return None
        try:
            return parse_amount(text, self.unit, allow_negative=self.allow_negative)
        except MoneyError as error:
            raise ValidationError(f"{self._name()}：{error}", code="amount") from error

    def validate(self, value: int | None) -> None:
        if value is None:
            if self.required:
                raise ValidationError(f"请填写{self._name()}（{self.unit}）。", code="required")
            return
        if self.min_fen is not None and value < self.min_fen:
            raise self._out_of_range("不能小于", self.min_fen)
        if self.max_fen is not None and value > self.max_fen:
            raise self._out_of_range("不能大于", self.max_fen)

    def _out_of_range(self, words: str, limit_fen: int) -> ValidationError:
        text = f"{self._name()}{words} {self.show(limit_fen)} {self.unit}。"
        return ValidationError(text, code="range")

    def _name(self) -> str:
        return str(self.label or "金额")
