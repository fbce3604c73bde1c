"""采购过程：发布、登记响应、评审、失败。"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from budgeting.forms import LinesField, offer
from core.money import format_yuan
from core.views.rows import Rows, RowsForm, Values, rows_of
from procurement.forms.common import (
    DatedForm,
    address_field,
    amount_field,
    day,
    medium_field,
    paragraph,
)
from procurement.models import Bid, FailureGround, Provider

CHANGED = "有效响应已经变化，请返回后重新打开本页填写。"


class PublishForm(forms.Form):
    """发布采购文件：发布日就是办理日。"""

    offered_from = day("文件提供自")
    offered_until = day("文件提供至")
    response_deadline = day("响应截止日")
    medium = medium_field()
    address = address_field()


class ProviderField(forms.ModelChoiceField):
    """承接主体；在取消资格期内的标明，能不能登记由规则判断。"""

    def label_from_instance(self, obj: Any) -> str:
        until = getattr(obj, "barred_until", None)
        return f"{obj}（取消资格至 {until.isoformat()}）" if until else str(obj)


class BidForm(DatedForm):
    """一家供应商的响应。"""

    past = ("received_on",)
    providers: ClassVar[Any] = Provider.objects.none()
    provider = ProviderField(
        label="供应商",
        queryset=Provider.objects.none(),
        empty_label="请选择",
        help_text="只列本辖区在册的承接主体；没有的，先到“承接主体”登记。",
        error_messages={"required": "请选择供应商。"},
    )
    received_on = day("送达日", help_text="响应送达的日子；截止日之后送达的，应当拒收。")
    price_fen = amount_field("报价")
    promises_no_subcontracting = forms.BooleanField(
        label="书面承诺不转包", required=False, help_text="响应文件中有不转包的书面承诺。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, provider=self.providers)


class InvalidForm(forms.Form):
    reason = paragraph("无效理由", 300, help_text="写明哪一项资格或者符合性要求不满足。")


class FailForm(forms.Form):
    ground = forms.ChoiceField(
        label="失败情形",
        choices=[("", "请选择"), *FailureGround.choices],
        error_messages={"required": "请选择失败情形。"},
    )
    reason = paragraph("说明")


# --- 评审 ----------------------------------------------------------------------------------------


class ScoreForm(forms.Form):
    """一份有效响应的技术商务得分。"""

    bid = forms.IntegerField(widget=forms.HiddenInput)
    provider = forms.CharField(label="供应商", disabled=True, required=False)
    price = forms.CharField(label="报价（元）", disabled=True, required=False)
    technical_score = forms.DecimalField(
        label="技术商务得分",
        required=False,
        min_value=0,
        max_value=100,
        max_digits=6,
        decimal_places=2,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"invalid": "请填写数字。", "min_value": "不能小于 0。"},
    )


class ScoreRows(Rows):
    """每份有效响应一行，不能增减；打开之后响应有变化的，须重新打开。"""

    def clean(self) -> None:
        sent = [form.data.get(form.add_prefix("bid")) for form in self.forms]
        if sent != [str(row["bid"]) for row in self.initial or ()]:
            raise ValidationError(CHANGED)

    def rows(self) -> list[Values]:
        return [
            {"bid": row["bid"], "technical_score": form.cleaned_data.get("technical_score")}
            for row, form in zip(self.initial or (), self.forms, strict=True)
        ]


class ReportForm(DatedForm, RowsForm):
    """评审报告；`bids` 是有效响应，全看价格的为空，不评技术。"""

    past = ("evaluated_on", "reported_on")
    bids: ClassVar[tuple[Bid, ...]] = ()
    evaluated_on = day("评审结束日")
    reported_on = day("报告送达日", help_text="评审报告送达采购人的日子。")
    experts = LinesField(
        label="评审专家",
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text="一行一个姓名；自行采购没有专家的不填。",
    )
    representatives = LinesField(
        label="采购人代表",
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
        help_text="一行一个姓名。",
    )
    opinion = paragraph("推荐意见")
    tables: ClassVar[dict[str, type[Rows]]] = {
        "scores": rows_of(
            ScoreForm, 100, 0, formset=ScoreRows, caption="技术商务得分", is_fixed=True
        )
    }

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        scores = [
            {"bid": b.pk, "provider": str(b.provider), "price": format_yuan(b.price_fen)}
            for b in self.bids
        ]
        initial = {**(kwargs.pop("initial", None) or {}), "scores": scores}
        super().__init__(data, files, initial=initial, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        ended, sent = data.get("evaluated_on"), data.get("reported_on")
        if ended and sent and sent < ended:
            self.add_error("reported_on", "报告送达日不能早于评审结束日。")
        return {"scores": [], **data}
