"""监督各页的筛选与填写；不认得的值当作没有填。"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q

from accounts.models import User
from core.money import AmountField
from projects.models import Purchaser, Stage

KINDS = (
    ("", "全部"),
    ("act", "办理"),
    ("change", "更改"),
    ("refusal", "未获准"),
    ("late", "记为逾期"),
    ("seal", "封存"),
)
FLAGS = (
    ("", "全部"),
    ("refused", "有未获准的办理"),
    ("late", "有逾期的办理"),
    ("failed", "采购失败过"),
    ("single", "单一来源采购"),
    ("ended", "合同终止"),
    ("sealed", "已封存"),
)


class CaseFilter(forms.Form):
    """案卷：名称或编号、阶段、购买主体、年度、金额、要留意的情形。"""

    q = forms.CharField(label="名称或编号", required=False, max_length=100)
    stage = forms.ChoiceField(label="阶段", required=False, choices=[("", "全部"), *Stage.choices])
    purchaser = forms.ModelChoiceField(
        Purchaser.objects.none(), label="购买主体", required=False, empty_label="全部"
    )
    year = forms.ChoiceField(label="年度", required=False)
    least = AmountField(label="金额不少于（元）", required=False)
    most = AmountField(label="金额不多于（元）", required=False)
    flag = forms.ChoiceField(label="要留意的", required=False, choices=FLAGS)

    def __init__(self, data: Any, *, user: User, years: Iterable[int]) -> None:
        super().__init__(data)
        own: Any = self.fields["purchaser"]
        own.queryset = Purchaser.objects.visible_to(user).select_related("organisation")
        year: Any = self.fields["year"]
        year.choices = [("", "全部"), *((str(y), f"{y} 年") for y in years)]
        self.is_valid()

    def condition(self) -> Q:
        """项目自身各栏的条件；`flag` 另问。"""
        given = {k: v for k, v in self.cleaned_data.items() if v not in (None, "")}
        wanted = Q(**{k: given[k] for k in ("stage", "purchaser", "year") if k in given})
        if text := given.get("q"):
            wanted &= Q(name__icontains=text) | Q(number__icontains=text)
        if "least" in given:
            wanted &= Q(amount_fen__gte=given["least"])
        if "most" in given:
            wanted &= Q(amount_fen__lte=given["most"])
        return wanted

    @property
    def chosen_flag(self) -> str:
        found: str = self.cleaned_data.get("flag", "")
        return found

    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in self.fields)


class EventFilter(forms.Form):
    """一个案卷的事件：类别、办理人、生效日起止。"""

    kind = forms.ChoiceField(label="类别", required=False, choices=KINDS)
    actor = forms.ModelChoiceField(
        User.objects.none(), label="办理人", required=False, empty_label="全部"
    )
    since = forms.DateField(label="自", required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label="至", required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, data: Any, *, actors: Iterable[int]) -> None:
        super().__init__(data)
        field: Any = self.fields["actor"]
        field.queryset = User.objects.filter(pk__in=list(actors)).order_by("pk")
        self.is_valid()

    def given(self) -> dict[str, Any]:
        found = self.cleaned_data
        return {
            "kind": found.get("kind", ""),
            "actor": found["actor"].pk if found.get("actor") else None,
            "since": found.get("since"),
            "until": found.get("until"),
        }

    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in self.fields)


class ExportForm(forms.Form):
    """导出案卷：事由；对照自己留存的检查点；审计人员可以要求附个人信息原值。"""

    reason = forms.CharField(
        label="导出事由",
        max_length=200,
        error_messages={"required": "请填写导出事由。"},
        help_text="与导出人、日期一并记录。",
    )
    against = forms.IntegerField(
        label="对照检查点（叶数）",
        required=False,
        min_value=1,
        help_text="您留存的检查点第二行的数。填写后，案卷附上通向它的证明；不填也附每日最后一个检查点的证明。",
    )
    with_personal = forms.BooleanField(
        label="附个人信息原值",
        required=False,
        help_text="平时只附摘要。只有审计人员可以附，并只有您自己可以下载。",
    )

    def __init__(self, *args: Any, sizes: Iterable[int], may_personal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sizes = set(sizes)
        if not may_personal:
            del self.fields["with_personal"]

    def clean_against(self) -> int | None:
        size: int | None = self.cleaned_data["against"]
        if size is not None and size not in self._sizes:
            raise forms.ValidationError("系统没有签署过这个叶数的检查点，请核对第二行的数。")
        return size
