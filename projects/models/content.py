"""申报的内容：项目行上由经办人填写的各栏。"""

from __future__ import annotations

from django.db import models

from core.transitions import StatefulModel
from projects.models.catalogue import CatalogueItem
from projects.models.kinds import (
    OpenData,
    PilotOutcome,
    ProcurementMethod,
    Programme,
    ServiceNature,
    StudyVerdict,
)


class FiledContent(StatefulModel):
    """一份申报在项目行上的各栏；明细在 `filing.py`。"""

    programme = models.CharField(
        "特定目标类", max_length=20, choices=Programme.choices, blank=True, default=Programme.NONE
    )
    service_nature = models.CharField("服务性质", max_length=10, choices=ServiceNature.choices)
    catalogue_item = models.ForeignKey(
        CatalogueItem, models.PROTECT, verbose_name="目录条目", null=True, related_name="+"
    )
    need = models.TextField("服务需求", blank=True)
    basis = models.TextField("立项依据", blank=True)
    duty_code = models.CharField("职责条目", max_length=20, blank=True)
    duty = models.TextField("对应职责", blank=True)
    planning_item = models.CharField("信息化规划条目", max_length=200, blank=True)
    planning_none_reason = models.CharField("未列入规划的理由", max_length=300, blank=True)
    open_data = models.CharField(
        "公共信息资源开放需求", max_length=10, choices=OpenData.choices, blank=True
    )
    open_data_content = models.CharField("开放的内容", max_length=300, blank=True)
    is_function_transfer = models.BooleanField("承接转移的政府职能", default=False)
    transfer_item = models.CharField("职能转移事项", max_length=200, blank=True)
    is_pilot = models.BooleanField("试点项目", default=False)
    pilot_until = models.DateField("试点截止日", null=True, blank=True)
    pilot_of = models.CharField("推广的试点项目编号", max_length=40, blank=True)
    # 试点到期之后登记，不在填报表里。
    pilot_concluded_on = models.DateField("试点结论日", null=True, blank=True)
    pilot_outcome = models.CharField(
        "试点结论", max_length=10, choices=PilotOutcome.choices, blank=True
    )
    pilot_conclusion = models.TextField("试点情况", blank=True)
    is_market_suitable = models.BooleanField("适合市场化方式提供", default=False)
    is_provider_capable = models.BooleanField("社会力量能够承担", default=False)
    exclusions = models.JSONField("五项排除声明", default=dict)
    negative_list = models.JSONField("负面清单声明", default=dict)
    total_fen = models.BigIntegerField("项目总额（分）", default=0)
    is_partly_commercial = models.BooleanField("可部分商业化", default=False)
    subsidy_fen = models.BigIntegerField("申请补贴（分）", default=0)
    commercial_income = models.TextField("商业化收入说明", blank=True)
    is_full_purchase = models.BooleanField("覆盖弱势群体全额购买", default=False)
    vulnerable_group = models.CharField("弱势群体类别", max_length=60, blank=True)
    full_purchase_evidence = models.TextField("全额购买佐证", blank=True)
    feasibility = models.TextField("可行性论证", blank=True)
    feasibility_section = models.CharField("论证的归口科室和论证人", max_length=100, blank=True)
    feasibility_on = models.DateField("论证日期", null=True, blank=True)
    feasibility_verdict = models.CharField(
        "论证结论", max_length=10, choices=StudyVerdict.choices, blank=True
    )
    pre_review = models.CharField("政务数据办预审意见文号", max_length=120, blank=True)
    pre_review_on = models.DateField("预审日期", null=True, blank=True)
    pre_review_verdict = models.CharField(
        "预审结论", max_length=10, choices=StudyVerdict.choices, blank=True
    )
    grant_number = models.CharField("资金下达文号", max_length=120, blank=True)
    splitting_reason = models.CharField("同类项目分开填报的理由", max_length=500, blank=True)
    leading_group_minutes = models.CharField("领导小组会议纪要", max_length=120, blank=True)
    proposed_method = models.CharField(
        "拟采用采购方式", max_length=20, choices=ProcurementMethod.choices, blank=True
    )
    is_off_budget = models.BooleanField("未列入当年预算", default=False)
    supplement_number = models.CharField("预算追加（调剂）文号", max_length=120, blank=True)

    class Meta:
        abstract = True

    @property
    def requested_fen(self) -> int:
        """申请的财政资金（分）：部分商业化项目为补贴额，其余为项目总额。"""
        return self.subsidy_fen if self.is_partly_commercial else self.total_fen
