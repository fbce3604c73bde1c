"""指导性目录各页的表单；字段名就是动作的参数名。"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q

from accounts.models import Jurisdiction, Mandate, MandateKind, Organisation
from projects.declarations import KINDS
from projects.models import (
    CATEGORIES,
    NATURES,
    OUTSIDE,
    CatalogueItem,
    CatalogueLevel,
    Purchaser,
    ServiceCatalogue,
)

CODE = re.compile(r"[A-C][0-9]{8}")
WRONG_CODE = "品目编码是一个字母（A、B、C）加八位数字，如 C16070300。"
LONG = {"rows": 4}
CATEGORY_CHOICES = [*((str(n), label) for n, label in CATEGORIES.items()), ("0", OUTSIDE)]
NATURE_CHOICES = [(nature, nature) for nature in NATURES]
UPPER_COLUMNS = ("code", "name", "kind", "nature", "content")


def _text(label: str, length: int, *, required: bool = True, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=length,
        required=required,
        error_messages={"required": f"请填写{label}。"},
        **more,
    )


def _long(label: str, length: int = 2000, *, required: bool = True, help_text: str = "") -> Any:
    return _text(label, length, required=required, help_text=help_text, widget=forms.Textarea(LONG))


def _day(label: str, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": f"请填写{label}。",
            "invalid": "请按“年-月-日”填写，如 2026-01-26。",
        },
    )


class CatalogueItemFilter(forms.Form):
    """一版目录的条目。"""

    q = forms.CharField(label="编码、名称、种类或内容", required=False, max_length=100)
    category = forms.ChoiceField(
        label="第七条类别", required=False, choices=[("", "全部"), *CATEGORY_CHOICES]
    )
    nature = forms.ChoiceField(
        label="性质", required=False, choices=[("", "全部"), *NATURE_CHOICES]
    )
    hung = forms.ChoiceField(
        label="上级目录",
        required=False,
        choices=[("", "全部"), ("yes", "已挂接"), ("no", "未挂接")],
    )

    def condition(self) -> Q:
        """筛选条件；不认得的值当作没有填。"""
        self.is_valid()
        given = {k: v for k, v in self.cleaned_data.items() if v}
        wanted = Q()
        if text := given.pop("q", ""):
            for name in ("code", "name", "kind", "content"):
                wanted |= Q(**{f"{name}__icontains": text})
        if hung := given.pop("hung", ""):
            wanted &= Q(parent_item__isnull=hung == "no")
        return wanted & Q(**given)

    def is_narrowed(self) -> bool:
        return any(self.cleaned_data.values())


class DraftCatalogueForm(forms.Form):
    """起草新的一版。"""

    title = _text("名称", 120, help_text="如：示范区政府购买信息服务指导性目录（2026 年版）")
    reason = _long(
        "制定或调整的理由",
        help_text="经济社会发展变化、政府职能转变和公众需求的情况（第八条）。",
    )
    parent = forms.ModelChoiceField(
        ServiceCatalogue.objects.none(),
        label="上级目录",
        required=False,
        empty_label="暂不挂接",
        help_text="条目按编码自动挂到上级目录的条目，起草时可以改。",
    )

    def __init__(self, *args: Any, jurisdiction: Jurisdiction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        upper: Any = self.fields["parent"]
        known = ServiceCatalogue.objects.filter(jurisdiction=jurisdiction, until__isnull=True)
        upper.queryset = known.exclude(level=CatalogueLevel.COUNTY)


class _ItemForm(forms.Form):
    name = _text("名称", 100)
    category = forms.TypedChoiceField(
        label="第七条类别",
        coerce=int,
        choices=[("", "请选择"), *CATEGORY_CHOICES],
        error_messages={"required": "请选择类别。"},
        help_text="第七条没有列出的（如云计算），由财政部门确定归入哪一类；不归入的不能据以购买。",
    )
    kind = _text("种类", 60, help_text="用第七条的词，如：运行维护服务。")
    nature = forms.ChoiceField(
        label="性质",
        choices=[("", "请选择"), *NATURE_CHOICES],
        error_messages={"required": "请选择性质。"},
    )
    content = _long("内容", 300)
    note = _text("说明", 200, required=False, help_text="第七条未列的关联品目必须写明为什么列入。")
    parent_item = forms.ModelChoiceField(
        CatalogueItem.objects.none(),
        label="上级目录条目",
        required=False,
        empty_label="不挂接",
    )
    reason = _text("调整理由", 300, help_text="写入目录的“调整说明”，与目录一并征求意见。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        upper: Any = self.fields["parent_item"]
        upper.queryset = self.upper

    upper: Any = CatalogueItem.objects.none()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        category, kind = data.get("category"), data.get("kind", "")
        if category and kind and kind not in KINDS[category]:
            words = "、".join(KINDS[category])
            self.add_error("kind", f"{CATEGORIES[category]}所列的种类是：{words}。")
        if category == 0 and not data.get("note", "").strip() and "note" not in self.errors:
            self.add_error("note", "第七条未列的关联品目，请写明为什么列入。")
        return data


def item_form(catalogue: ServiceCatalogue, *, is_new: bool) -> type[forms.Form]:
    """增加或修改一个条目的表单；可挂接的是这版目录的上级目录的条目。"""
    offered = CatalogueItem.objects.filter(catalogue=catalogue.parent_id).order_by("code")

    class ItemForm(_ItemForm):
        upper = offered

    class NewItemForm(ItemForm):
        code = _text("品目编码", 12, help_text=WRONG_CODE)
        field_order = ("code",)

        def clean_code(self) -> str:
            code: str = self.cleaned_data["code"].strip().upper()
            if not CODE.fullmatch(code):
                raise forms.ValidationError(WRONG_CODE)
            if CatalogueItem.objects.filter(catalogue=catalogue, code=code).exists():
                raise forms.ValidationError(f"目录中已有编码为 {code} 的条目。")
            return code

    return NewItemForm if is_new else ItemForm


class RemoveItemForm(forms.Form):
    reason = _text("删去的理由", 300, help_text="写入目录的“调整说明”，与目录一并征求意见。")


def consult_form(jurisdiction: Jurisdiction, bureau: Organisation, on: date) -> type[forms.Form]:
    """征求意见：可选的是本辖区其他会审机构和购买主体。"""
    reviewers = Mandate.objects.filter(
        jurisdiction=jurisdiction, kind=MandateKind.JOINT_REVIEWER
    ).values("organisation")
    buyers = Purchaser.objects.filter(organisation__jurisdiction=jurisdiction)
    offered = Organisation.objects.filter(
        Q(pk__in=reviewers) | Q(pk__in=buyers.values("organisation"))
    )

    class ConsultForm(forms.Form):
        organisations = forms.ModelMultipleChoiceField(
            offered.exclude(pk=bureau.pk),
            label="征求意见的部门",
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "请至少选一个部门。"},
        )
        answers_due_on = _day("答复期限", "过期未答复的，通过目录时不再等待。")

        def clean_answers_due_on(self) -> date:
            due: date = self.cleaned_data["answers_due_on"]
            if due <= on:
                raise forms.ValidationError("答复期限须在今日之后。")
            return due

    return ConsultForm


class AgreeForm(forms.Form):
    text = _long("意见", required=False, help_text="可以不填，即为同意、无修改意见。")


class SuggestForm(forms.Form):
    text = _long("修改意见", help_text="写明哪个条目、怎样修改、理由。")


class HandleForm(forms.Form):
    handling = _long("采纳情况", help_text="写明采纳、部分采纳或不采纳，以及理由。")


class RevisionNoteForm(forms.Form):
    note = _long("理由", 500, help_text="理由入历史，此后不可更改。")


class AdoptForm(forms.Form):
    since = _day("施行日", "不早于今日；前一版同日终止，首次提交在此前的项目仍按前一版。")
    number = _text("发布文号", 80)


class UpperCatalogueForm(forms.Form):
    """登记上级目录；条目由表格粘贴，每行一条。"""

    level = forms.ChoiceField(
        label="来源级次",
        choices=[c for c in CatalogueLevel.choices if c[0] != CatalogueLevel.COUNTY],
    )
    title = _text("名称", 120)
    number = _text("发布文号", 80)
    since = _day("施行日")
    items = forms.CharField(
        label="条目",
        max_length=200_000,
        strip=False,
        widget=forms.Textarea({"rows": 12}),
        help_text=(
            "由表格复制粘贴，每行一条，各栏以制表符分开，依次为：品目编码、名称、种类、性质、内容；"
            "后三栏可以空着。"
        ),
        error_messages={"required": "请粘贴条目。"},
    )

    def clean_items(self) -> list[dict[str, Any]]:
        """逐行核对，全部错误一次列出。"""
        rows: dict[str, dict[str, Any]] = {}
        wrong: list[str] = []
        for number, line in enumerate(self.cleaned_data["items"].splitlines(), start=1):
            if not line.strip():
                continue
            cells = [cell.strip() for cell in line.split("\t")]
            problem = _upper_problem(cells, rows)
            if problem:
                wrong.append(f"第 {number} 行：{problem}")
            else:
                row = dict(zip(UPPER_COLUMNS, [*cells, "", "", ""], strict=False))
                rows[cells[0]] = row | {"category": category_of(row["kind"])}
        if wrong:
            raise forms.ValidationError(wrong)
        if not rows:
            raise forms.ValidationError("请粘贴条目。")
        return list(rows.values())


def _upper_problem(cells: list[str], rows: dict[str, dict[str, Any]]) -> str:
    if len(cells) < 2 or len(cells) > len(UPPER_COLUMNS):
        return f"应有 2 至 {len(UPPER_COLUMNS)} 栏，以制表符分开，这里有 {len(cells)} 栏。"
    if not CODE.fullmatch(cells[0]):
        return f"“{cells[0]}”不是品目编码。{WRONG_CODE}"
    if cells[0] in rows:
        return f"编码 {cells[0]} 重复。"
    limits = dict(zip(UPPER_COLUMNS, (12, 100, 60, 60, 300), strict=True))
    for name, cell in zip(UPPER_COLUMNS, cells, strict=False):
        if len(cell) > limits[name]:
            label = CatalogueItem._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            return f"{label}超过 {limits[name]} 字。"
    return "" if cells[1] else "名称是空的。"


def category_of(kind: str) -> int:
    """种类属第七条哪一类；第七条没有列的为 0。"""
    return next((n for n, kinds in KINDS.items() if kind in kinds), 0)
