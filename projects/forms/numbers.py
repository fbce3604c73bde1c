"""Numbers as they are written in an office: plain digits and a point, nothing guessed."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms

PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")


class StrictDecimalField(forms.DecimalField):
    """A decimal that refuses exponents, underscores and other digits than 0–9."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        text = str(value).strip() if value is not None else ""
        if text and not PLAIN.fullmatch(text):
            raise forms.ValidationError(
                "请用半角数字填写，可带小数点，如 12 或 0.5。", code="invalid"
            )
        return super().to_python(text)
