"""成交：确定、通知并公告、登记拒绝签订。"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from budgeting.forms import offer
from core.attachments.upload import ALLOWED
from core.money import format_yuan
from procurement.forms.common import (
    DatedForm,
    address_field,
    day,
    line,
    medium_field,
    paragraph,
)
from procurement.models import Bid


class BidField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Bid) -> str:
        place = f"第 {obj.rank} 名　" if obj.rank else ""
        score = f"　总分 {obj.total_score}" if obj.total_score is not None else ""
        return f"{place}{obj.provider}　报价 {format_yuan(obj.price_fen)} 元{score}"


class DecideForm(forms.Form):
    """在有效响应中确定一家；不按评审次序的写明理由。"""

    bids: ClassVar[Any] = Bid.objects.none()
    bid = BidField(
        label="成交供应商",
        queryset=Bid.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "请选择成交供应商。"},
    )
    reason = paragraph("理由", required=False, help_text="不按评审次序确定的，必须写明。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, bid=self.bids)


class RefusalForm(DatedForm):
    """成交供应商拒绝签订合同。"""

    past: ClassVar[tuple[str, ...]] = ("refused_on",)
    refused_on = day("拒绝日", help_text="书面拒绝送达之日，或者通知书限定的签订期满之日。")
    reason = paragraph("情形和理由", help_text="书面拒绝，还是逾期不签；它说的理由。")
    evidence = paragraph("证据", help_text="函件、催告的名称、文号和日期，或者在何处可以核对。")
    file = forms.FileField(
        label="证据文件",
        required=False,
        help_text=f"可不附；{ALLOWED}，不超过 20 MB。",
        error_messages={"empty": "上传的文件是空的。"},
    )


class NotifyForm(forms.Form):
    number = line("通知书编号", 80)
    medium = medium_field()
    address = address_field()
