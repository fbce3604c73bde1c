"""Sample data of the style page: one project of the acceptance walk, told by every component."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from core.money import AmountField

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Article:
    label: str
    short: str = ""
    url: str = "#"


@dataclass(frozen=True)
class Refusal:
    rule: str
    article: Article
    message: str
    compared: list[tuple[str, str]] = field(default_factory=list)
    mended_by: str = ""
    at: str = ""


@dataclass(frozen=True)
class Check:
    rule: str
    article: Article
    title: str
    state: str
    refusal: Refusal | None = None


@dataclass(frozen=True)
class Act:
    title: str
    url: str
    allowed: bool
    why_not: str
    items: list[Check]
    is_primary: bool = False


@dataclass(frozen=True)
class Event:
    seq: int
    effective_on: date
    recorded_at: datetime
    who: str
    title: str
    kind: str = "act"
    from_label: str = ""
    to_label: str = ""
    reason: str = ""
    refusals: list[Refusal] = field(default_factory=list)
    diffs: list[dict[str, str]] = field(default_factory=list)
    leaf_hash: str = "5b0e6f5c0f1d2c9a7d7f4a1f3f9a6c1be80b2f0b54b1c6f3a4a1d9a6e27c9d10"


FILING = Refusal(
    rule="YB-9.4-filed-before-payment",
    article=Article(
        "《渝北区政府购买信息服务实施办法（试行）》第九条第（四）项", "渝北第九条第（四）项"
    ),
    message="合同尚未备案，不能支付首付款",
    compared=[
        ("合同签订", "2026-04-10"),
        ("备案状态", "已提交，待受理"),
        ("备案期限", "2026-04-21"),
    ],
    mended_by="财政局 赵敏",
    at="#",
)
CEILING = Refusal(
    rule="YB-12-within-allocation",
    article=Article("《渝北区政府购买信息服务实施办法（试行）》第十二条", "渝北第十二条"),
    message="申请金额超过可用额度",
    compared=[("本次申请（元）", "175,680.00"), ("可用额度（元）", "0.00")],
    mended_by="购买主体经办人",
    at="#",
)
CHECKS = [
    Check("YB-9.4-filed-before-payment", FILING.article, "合同已经备案", "unmet", FILING),
    Check("YB-12-within-allocation", CEILING.article, "金额在可用额度之内", "met"),
    Check("YB-9.4-contract-notice", FILING.article, "合同公告迟 1 日（期限 2026-04-14）", "late"),
    Check("YB-16-disclosed", Article("第十六条"), "服务标准公告即将到期", "warn"),
    Check("YB-13-calendar", Article("第十三条"), "2027 年工作日历尚未载入", "unknown"),
]
ACTS = [
    Act("申请支付首付款", "#", False, "还有 1 项条件未满足", CHECKS, is_primary=True),
    Act("登记现场检查", "#", True, "", CHECKS[1:2]),
]


def _events() -> list[Event]:
    clerk = "张敏（区文旅委，购买方经办人）"
    return [
        Event(
            14,
            date(2026, 4, 16),
            datetime(2026, 4, 16, 10, 12, tzinfo=SHANGHAI),
            clerk,
            "申请支付首付款 527,040.00 元",
            kind="refusal",
            refusals=[FILING],
        ),
        Event(
            13,
            date(2026, 4, 15),
            datetime(2026, 4, 15, 9, 3, tzinfo=SHANGHAI),
            clerk,
            "更改付款计划",
            kind="change",
            reason="按合同补正第 2 期日期",
            diffs=[
                {"label": "第 2 期日期", "before": "2026-11-30", "after": "2026-11-20"},
                {"label": "第 2 期条件", "before": "", "after": "半年检查合格"},
            ],
        ),
        Event(
            12,
            date(2026, 4, 10),
            datetime(2026, 4, 11, 8, 41, tzinfo=SHANGHAI),
            "王建国（区文旅委，分管领导）",
            "签订合同 1,756,800.00 元",
            from_label="合同",
            to_label="实施",
        ),
        Event(
            11,
            date(2026, 4, 10),
            datetime(2026, 4, 10, 0, 0, tzinfo=SHANGHAI),
            "系统",
            "开立公开义务：合同公告，期限 2026-04-14",
            kind="system",
        ),
    ]


class SampleForm(forms.Form):
    name = forms.CharField(label="项目名称", max_length=60, help_text="写明服务内容，60 字以内。")
    amount = AmountField(label="预算金额")
    mode = forms.ChoiceField(
        label="采购方式",
        choices=[("", "请选择"), ("negotiation", "竞争性磋商"), ("open", "公开招标")],
    )
    exclusion = forms.ChoiceField(
        label="是否涉及国家秘密",
        choices=[("no", "不涉及"), ("yes", "涉及")],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label="测算说明", required=False, widget=forms.Textarea({"rows": 3}))
    basis = forms.FileField(label="测算表", required=False, help_text="PDF 或 XLSX，不超过 20 MB。")
    promise = forms.BooleanField(label="已核对三定方案中的职责")


class LineForm(forms.Form):
    title = forms.CharField(label="测算项目")
    quantity = forms.DecimalField(
        label="数量（月）",
        widget=forms.TextInput({"data-sum-factor": "", "inputmode": "decimal", "size": 6}),
    )
    price = AmountField(label="单价（元）")
    price.widget.attrs["data-sum-factor"] = ""


class FilterForm(forms.Form):
    year = forms.ChoiceField(
        label="年度", required=False, choices=[("2026", "2026"), ("2025", "2025")]
    )
    stage = forms.ChoiceField(label="阶段", required=False, choices=[("", "全部")])
    words = forms.CharField(label="项目名称或编号", required=False)


LINES = [
    {"title": "平台运行维护", "quantity": 12, "price": 9_500_000},
    {"title": "安全服务", "quantity": 12, "price": 3_500_000},
    {"title": "呼叫中心", "quantity": 12, "price": 2_500_000},
]
STAGES = [
    {"label": "申报", "state": "done", "note": "2025-10-20"},
    {"label": "预算", "state": "done", "note": "2026-01-30"},
    {"label": "采购", "state": "done", "note": "2026-03-23"},
    {"label": "合同", "state": "current", "note": "待备案"},
    {"label": "实施", "state": "future"},
    {"label": "评估", "state": "future"},
    {"label": "公开", "state": "future"},
]


def shell() -> dict[str, Any]:
    return {
        "menu": [
            {
                "title": "办理",
                "items": [
                    {"title": "工作台", "url": "#", "is_current": False, "count": 7},
                    {"title": "项目", "url": "#", "is_current": True, "count": 0},
                    {"title": "年度计划", "url": "#", "is_current": False, "count": 0},
                    {"title": "合同台账", "url": "#", "is_current": False, "count": 2},
                ],
            },
            {
                "title": "依据",
                "items": [{"title": "办法与规则", "url": "#", "is_current": False, "count": 0}],
            },
        ],
        "crumbs": [{"title": "项目", "url": "#"}, {"title": "公共文化信息服务平台运维", "url": ""}],
        "jurisdiction": "示范区",
        "is_demo": True,
        "today": date(2026, 4, 16),
    }


def samples() -> dict[str, Any]:
    lines = forms.formset_factory(LineForm, extra=0, can_delete=True)
    bound = SampleForm({"name": "公共文化信息服务平台运维", "amount": "186万", "exclusion": "no"})
    return {
        "stages": STAGES,
        "ended_stages": [*STAGES[:3], {"label": "合同", "state": "ended", "note": "已终止"}],
        "acts": ACTS,
        "refusals": [FILING, CEILING],
        "events": _events(),
        "form": bound,
        "lines": lines(initial=LINES, prefix="lines"),
        "filter_form": FilterForm(),
        "chips": [{"label": "阶段：合同", "remove_url": "?"}],
        "tabs": [
            {"title": name, "url": "#", "is_current": name == "合同", "count": count}
            for name, count in [("概况", 0), ("预算", 0), ("采购", 2), ("合同", 1), ("实施", 0)]
        ],
        "headers": [
            {"title": "编号", "sort_url": "?sort=number", "direction": "desc"},
            {"title": "项目名称", "sort_url": "?sort=name", "direction": ""},
            {"title": "阶段"},
            {"title": "预算（元）", "sort_url": "?sort=fen", "direction": "", "numeric": True},
            {"title": "期限", "sort_url": "?sort=due", "direction": ""},
        ],
        "exports": [{"label": "导出 XLSX", "url": "#"}, {"label": "导出 CSV", "url": "#"}],
        "rows": _rows(),
        "total_fen": 326_580_000,
        "pairs": [
            ("购买主体", "区文旅委"),
            ("采购方式", "竞争性磋商"),
            ("承接主体", "重庆渝信数据服务有限公司"),
            ("服务期限", "2026-05-01 至 2027-04-30"),
            ("结转", None),
        ],
        "signatures": [
            {"role": "经办人", "name": "张敏", "state": "signed", "signed_on": date(2025, 10, 20)},
            {
                "role": "财政局",
                "name": "赵敏",
                "state": "returned",
                "signed_on": date(2025, 11, 3),
                "opinion": "建议核减至 1,800,000.00 元。",
            },
            {"role": "经信委", "name": "", "state": "waiting", "signed_on": None},
        ],
        "tones": [
            {"label": "草稿", "tone": "neutral"},
            {"label": "审核中", "tone": "info"},
            {"label": "已备案", "tone": "ok"},
            {"label": "逾期 1 日", "tone": "late"},
            {"label": "待您办理", "tone": "act"},
            {"label": "未获准", "tone": "bad"},
        ],
    }


def _rows() -> list[dict[str, Any]]:
    return [
        {
            "number": "WLW-2026-003",
            "name": "公共文化信息服务平台运维",
            "stage": {"label": "合同", "tone": "act"},
            "fen": 180_000_000,
            "due": date(2026, 4, 21),
        },
        {
            "number": "WLW-2026-002",
            "name": "数字图书馆读者服务系统升级改造",
            "stage": {"label": "预算", "tone": "info"},
            "fen": 146_580_000,
            "due": date(2026, 5, 9),
        },
    ]
