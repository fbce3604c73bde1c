"""工作簿的四张表：各有哪些列，每列是哪一种，用填报表的哪一栏核对。"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms

from projects.declarations import EXCLUSIONS, NEGATIVE_LIST
from projects.dictionaries import duty_choices
from projects.forms import FilingForm
from projects.forms.filing import EstimateForm, FundForm, IndicatorForm
from projects.models import (
    ExpenseKind,
    IndicatorLevel,
    OpenData,
    Operator,
    ProcurementMethod,
    Programme,
    ProjectKind,
    ServiceNature,
    StudyVerdict,
)

Choices = tuple[tuple[str, str], ...]
KEY_LENGTH = 40
LINK = "同一项目在四张表里填同一个序号"


@dataclass(frozen=True)
class Column:
    """一列。`kind`：text 文字、choice 选项、flag 是否、money 金额、number 数、item 品目、

    fund 资金来源、date 日期、info 只供参阅（不导入）。`field` 是填报表中的同一栏，长度与数值
    照它核对。
    """

    name: str
    title: str
    kind: str = "text"
    needed: bool = False
    choices: Choices = ()
    field: forms.Field | None = None
    width: int = 14
    hint: str = ""

    @property
    def heading(self) -> str:
        """写出时的列名；金额写明单位。"""
        return f"{self.title}（元）" if self.kind == "money" else self.title


@dataclass(frozen=True)
class Form:
    """一张表：名称、各列，一个项目至多几行（0 为不限）。"""

    name: str
    columns: tuple[Column, ...]
    most: int = 0

    def column(self, name: str) -> Column:
        return next(c for c in self.columns if c.name == name)


def _labels(choices: Any) -> Choices:
    return tuple((str(value), str(label)) for value, label in choices.choices if value)


def _of(form: type[forms.Form], name: str, kind: str = "text", **more: Any) -> Column:
    """填报表里的一栏成为一列，名称与长度都取自它。"""
    field = form.base_fields[name]
    return Column(name, more.pop("title", str(field.label)), kind, field=field, **more)


def _key(**more: Any) -> Column:
    field = forms.CharField(label="序号", max_length=KEY_LENGTH)
    return Column("serial", "序号", needed=True, field=field, width=16, hint=LINK, **more)


def _flags(
    prefix: str, questions: dict[str, str], *, needed: bool, hint: str
) -> tuple[Column, ...]:
    return tuple(
        Column(f"{prefix}_{key}", text, "flag", needed=needed, width=12, hint=hint)
        for key, text in questions.items()
    )


def _known(name: str, title: str, hint: str) -> Column:
    field = forms.CharField(label=title, max_length=KEY_LENGTH, required=False)
    return Column(name, title, field=field, width=16, hint=hint)


_BEFORE_SUBMITTING = "提交会审前必填"
_IF_PROGRAMME = "特定目标类的填写"
_IF_STUDIED = "特定目标类、重点项目填写"

PROJECTS = Form(
    "项目",
    (
        _key(),
        _known("number", "项目编号", "修改已填报的项目时填写；新项目留空"),
        _known("precedent", "上年项目编号", "由上年项目延续而来的填写；预览时据此标出变动"),
        Column(
            "version",
            "版次",
            "number",
            field=forms.IntegerField(label="版次", min_value=1, required=False),
            width=6,
            hint="导出时的版次，用来发现导出之后的改动；清空则不核对",
        ),
        _of(FilingForm, "name", needed=True, width=32),
        _of(FilingForm, "kind", "choice", needed=True, choices=_labels(ProjectKind)),
        _of(FilingForm, "service_nature", "choice", needed=True, choices=_labels(ServiceNature)),
        _of(FilingForm, "catalogue_item", "item", needed=True, hint="填品目编码，见“选项”表"),
        _of(FilingForm, "total", "money", needed=True, hint="与“测算”表合计逐分核对"),
        *_flags("exclusion", EXCLUSIONS, needed=True, hint="渝北第七条：逐项答是或否"),
        *_flags(
            "negative",
            NEGATIVE_LIST,
            needed=False,
            hint="财政部令第102号第十条：逐项答是或否，提交会审前必填",
        ),
        _of(FilingForm, "basis", width=32, hint=_BEFORE_SUBMITTING),
        _of(FilingForm, "need", width=32, hint=_BEFORE_SUBMITTING),
        _of(FilingForm, "planning_item", hint="规划条目，或者下一栏的理由，填一样；小额的不填"),
        _of(FilingForm, "planning_none_reason"),
        _of(FilingForm, "open_data", "choice", choices=_labels(OpenData), hint="小额的不填"),
        _of(FilingForm, "open_data_content", hint="有开放需求的填写"),
        _of(FilingForm, "is_function_transfer", "flag"),
        _of(FilingForm, "transfer_item", hint="承接转移职能的填写"),
        _of(FilingForm, "is_pilot", "flag"),
        _of(FilingForm, "pilot_until", "date", hint="试点项目填写，如 2026-12-31"),
        _of(FilingForm, "pilot_of", hint="推广试点的填写"),
        _of(FilingForm, "is_market_suitable", "flag", hint=_BEFORE_SUBMITTING),
        _of(FilingForm, "is_provider_capable", "flag", hint=_BEFORE_SUBMITTING),
        _of(FilingForm, "proposed_method", "choice", choices=_labels(ProcurementMethod)),
        _of(FilingForm, "is_off_budget", "flag"),
        _of(FilingForm, "is_partly_commercial", "flag"),
        _of(FilingForm, "subsidy", "money"),
        _of(FilingForm, "commercial_income", hint="可部分商业化的填写"),
        _of(FilingForm, "is_full_purchase", "flag"),
        _of(FilingForm, "vulnerable_group", hint="全额购买的填写"),
        _of(FilingForm, "full_purchase_evidence", hint="全额购买的填写"),
        _of(
            FilingForm,
            "programme",
            "choice",
            choices=_labels(Programme),
            hint="不属特定目标类的留空",
        ),
        _of(
            FilingForm,
            "duty_code",
            "choice",
            choices=tuple(duty_choices()),
            hint="特定目标类的，这一栏或者下一栏至少填一样",
        ),
        _of(FilingForm, "duty", hint=_IF_PROGRAMME),
        _of(FilingForm, "grant_number", hint="信息化、数智城市建设项目填写"),
        _of(FilingForm, "feasibility", hint=_IF_STUDIED),
        _of(FilingForm, "feasibility_section", hint=_IF_STUDIED),
        _of(FilingForm, "feasibility_on", "date", hint=_IF_STUDIED),
        _of(FilingForm, "feasibility_verdict", "choice", choices=_labels(StudyVerdict)),
        _of(FilingForm, "pre_review", hint="电子政务类填写"),
        _of(FilingForm, "pre_review_on", "date", hint="电子政务类填写"),
        _of(FilingForm, "pre_review_verdict", "choice", choices=_labels(StudyVerdict)),
        _of(FilingForm, "leading_group_minutes", hint=_IF_PROGRAMME),
        _of(FilingForm, "splitting_reason", hint="系统提示化整为零的填写"),
        Column("stage", "阶段", "info", hint="只供参阅，不导入"),
    ),
)
ESTIMATE = Form(
    "测算",
    (
        _key(),
        _of(EstimateForm, "name", needed=True, width=28),
        _of(EstimateForm, "catalogue_item", "item", needed=True, hint="填品目编码，见“选项”表"),
        _of(EstimateForm, "expense_kind", "choice", needed=True, choices=_labels(ExpenseKind)),
        _of(EstimateForm, "quantity", "number", needed=True),
        _of(EstimateForm, "unit", needed=True, width=8),
        _of(EstimateForm, "unit_price", "money", needed=True),
    ),
    100,
)
FUNDS = Form(
    "资金",
    (
        _key(),
        _of(FundForm, "fund", "fund", needed=True, width=24, hint="见“选项”表"),
        _of(FundForm, "amount", "money", needed=True, hint="合计须等于申请的财政资金"),
    ),
    20,
)
INDICATORS = Form(
    "绩效指标",
    (
        _key(),
        _of(IndicatorForm, "level", "choice", needed=True, choices=_labels(IndicatorLevel)),
        _of(IndicatorForm, "name", needed=True, width=28),
        _of(IndicatorForm, "operator", "choice", needed=True, choices=_labels(Operator), width=8),
        _of(IndicatorForm, "value", "number", hint=_BEFORE_SUBMITTING),
        _of(IndicatorForm, "unit", width=8, hint=_BEFORE_SUBMITTING),
        _of(IndicatorForm, "weight", "number", needed=True, hint="填 40，不填 0.4；合计 100"),
        _of(IndicatorForm, "sublevel", hint="数量、质量、时效指标等，可不填"),
    ),
    60,
)
SHEETS = (PROJECTS, ESTIMATE, FUNDS, INDICATORS)
# 随工作簿写出、导入时不读的表。
GUIDE, OPTIONS, ERRORS = "填写说明", "选项", "错误"
ASIDE = (GUIDE, OPTIONS, ERRORS)
