"""Refusals a person meets in the browser: each names its article, and nothing changes."""

from __future__ import annotations

import pytest

from tests.browser import purchase
from tests.browser.forms import declare

pytestmark = pytest.mark.browser


def open_act(visitor, project: str, act: str) -> None:
    """From the list of projects to the page of an act, also where conditions are unmet."""
    visitor.open(f"/projects/?q={project}")
    visitor.follow(project)
    block = visitor.page.locator(f"#next-step .act:has(h3:text-is('{act}'))").first
    block.locator("a").filter(has_text=act).last.click()
    visitor.page.wait_for_load_state()


def refused(visitor, button: str) -> str:
    visitor.press(button)
    assert visitor.page.locator(".refusals").count() == 1
    return visitor.page.inner_text(".refusals")


CASES = [
    ("yuan", "政务云资源租用", "提交会审", {}, ("《平湖市", "第二条", "第十一条", "第十五条")),
    ("chen", "教育资源平台内容审核", "提交会审", {}, ("第九条第（二）项", "退回意见（2）尚未答复")),
    (
        "zhao",
        "食品安全追溯平台运维",
        "形成审核意见",
        {"proposed_fen": "540000", "summary": "拟同意"},
        ("第九条第（二）项", "经信委"),
    ),
    (
        "zhao",
        "应急指挥平台升级咨询",
        "形成审核意见",
        {"proposed_fen": "480000", "summary": "拟同意"},
        ("异议尚未了结",),
    ),
    (
        "zhao",
        "公交到站信息服务",
        "形成审核意见",
        {"proposed_fen": "480000.01", "summary": "拟同意"},
        ("建议金额超过申请金额", "480,000.01"),
    ),
    (
        "zhang",
        "博物馆票务系统运维",
        "送审查",
        {},
        ("第十六条", "没有登记公告媒体"),
    ),
]


class TestRefusals:
    """《渝北办法》第七、九条，《平湖办法》第二、十一、十五条。"""

    @pytest.mark.parametrize(
        ("username", "project", "act", "values", "said"), CASES, ids=[c[1] + c[2] for c in CASES]
    )
    def test_the_article_is_named(self, visitor, username, project, act, values, said):
        visitor.sign_in(username)
        open_act(visitor, project, act)
        for name, value in values.items():
            visitor.page.fill(f"[name={name}]", value)
        text = refused(visitor, act)
        for part in said:
            assert part in text
        for name, value in values.items():
            assert visitor.page.input_value(f"[name={name}]") == value
        visitor.picture(f"refused-{project}")

    def test_an_exclusion_stops_the_filing(self, visitor):
        visitor.sign_in("zhang")
        declare(visitor, justice="yes")
        assert "第七条" in visitor.text()
        assert visitor.page.locator("input[name=name]").count() == 0


# --- After the reply -----------------------------------------------------------------------------

REPORT = {
    "period": "2026 年 2 月",
    "lines-0-item": "窗口人员津贴",
    "lines-0-expense_kind": "人员经费",
    "lines-0-amount_fen": "30,000.01",
    "lines-0-voucher": "记-0401",
}
LATER = [
    # 采购
    (
        "zhou",
        "智慧公交数据服务",
        "开启响应文件",
        {},
        ("响应截止日是 2026-03-09", "第九条第（三）项"),
    ),
    (
        "lin",
        "市场主体信用平台运维",
        "登记响应",
        {"provider": "鼎信软件", "received_on": "2026-03-02", "price_fen": "396,000.01"},
        ("报价超过最高限价", "第十二条", "没有不转包的书面承诺", "响应在截止日之后送达"),
    ),
    (
        "lin",
        "市场主体信用平台运维",
        "宣布采购失败",
        {"ground": "不足", "reason": "拟重新采购。"},
        ("有效响应并未不足法定家数", "第九条第（三）项"),
    ),
    (
        "feng-leader",
        "网格巡查系统运维",
        "确定成交",
        {"bid": "第 2 名"},
        ("没有按评审次序确定，也没有写明理由", "第九条第（三）项"),
    ),
    (
        "chen",
        "校园安全视频运维",
        "启动采购",
        {
            "package": "幼儿园",
            "mode": "自行采购",
            "number": "SF-ZX-2026-1",
            "ceiling_price_fen": "160,000.00",
            "price_weight": "100",
        },
        ("达到采购限额标准，不能自行采购", "504,000.00", "300,000.00"),
    ),
    # 合同
    (
        "yuan",
        "政务服务热线智能质检",
        "签订合同",
        {"signed_on": "2026-02-27"},
        ("合同签批尚未齐全", "第十八条", "签订日早于成交通知书", "第九条第（四）项"),
    ),
    (
        "zhu",
        "就业服务平台运维",
        "申请付款",
        {"instalment": "第 2 期", "lines-0-amount_fen": "130,800.00"},
        ("合同没有备案，不得付款", "第九条第（四）项", "须在节点验收合格后支付"),
    ),
    # 实施
    (
        "zhu-head",
        "社保自助终端运维服务",
        "验收合格",
        {"conclusion": "验收合格。"},
        ("还有整改没有了结", "第十九条"),
    ),
    (
        "zhu-head",
        "社保自助终端运维服务",
        "认定拒不整改",
        {"check_note": "仍未更换。"},
        ("整改期限 2026-03-09 尚未届满", "第十九条"),
    ),
    (
        "xu",
        "卫生专网运行维护",
        "申请付款",
        {"instalment": "第 2 期", "lines-0-quantity": "0.5", "lines-0-amount_fen": "164,400.01"},
        (
            "须在节点验收合格后支付",
            "第九条第（六）项",
            "申请金额与本期应付金额不等",
            "第十三条",
            "支付数量超过已验收的数量",
        ),
    ),
    # 小额
    (
        "lin",
        "电梯物联网流量服务",
        "签订合同",
        {"signed_on": "2026-03-02"},
        ("合同签批尚未齐全", "第十八条"),
    ),
]


class TestLaterRefusals:
    """采购、合同、实施：《渝北办法》第九、十二、十三、十八、十九条。"""

    @pytest.mark.parametrize(
        ("username", "project", "act", "values", "said"), LATER, ids=[c[1] + c[2] for c in LATER]
    )
    def test_the_article_is_named(self, visitor, username, project, act, values, said):
        visitor.sign_in(username)
        visitor.open(f"/projects/?q={project}")
        visitor.follow(project)
        purchase.open_act(visitor, act)
        purchase.fill(visitor, values)
        purchase.refused(visitor, act, *said)
        visitor.picture(f"refused-{project}-{act}")

    def test_a_year_is_not_carried_over_before_it_ends(self, visitor):
        visitor.sign_in("zhao")
        visitor.open("/contracts/carry-over/?year=2026&q=教育城域网")
        visitor.follow("办理结转")
        purchase.refused(visitor, "办理结转", "2026 年度尚未结束", "2026-12-31", "第十二条")


class TestSubsidyRefusals:
    """补助：《平湖办法》第七条第（四）项、第十四条。"""

    @staticmethod
    def open_case(visitor, username: str, tab: str) -> None:
        visitor.sign_in(username)
        visitor.open("/projects/?q=镇街道便民服务中心补助")
        visitor.follow("镇街道便民服务中心补助")
        visitor.page.click(f"nav.tabs a:text-is('{tab}')")
        visitor.page.wait_for_load_state()

    @staticmethod
    def follow(visitor, centre: str, act: str) -> None:
        visitor.page.locator("main tbody tr", has_text=centre).locator(
            "a", has_text=act
        ).first.click()
        visitor.page.wait_for_load_state()

    def test_a_subsidy_is_not_tendered(self, visitor):
        self.open_case(visitor, "yuan", "采购")
        visitor.picture("subsidy-not-tendered")
        visitor.follow("启动采购")
        purchase.refused(visitor, "启动采购", "补助项目不得启动采购", "第七条第（四）项")

    def test_the_next_part_waits_for_the_account_of_the_last(self, visitor):
        self.open_case(visitor, "zhao", "实施")
        visitor.picture("subsidy")
        self.follow(visitor, "北门", "拨付补助")
        purchase.fill(visitor, {"amount_fen": "20,000.00", "voucher": "国库-补-1"})
        said = ("前面拨付的尚未报足支出", "第七条第（四）项")
        purchase.refused(visitor, "拨付补助", *said)
        visitor.picture("refused-subsidy-release")

    def test_a_report_stays_within_what_was_released_and_allowed(self, visitor):
        self.open_case(visitor, "yuan", "实施")
        self.follow(visitor, "北门", "登记支出报告")
        purchase.fill(visitor, REPORT)
        said = (
            "支出合计须大于零，不超过可报的金额",
            "第七条第（四）项",
            "支出报告含有禁列支出",
            "第十四条",
        )
        purchase.refused(visitor, "登记支出报告", *said)
        visitor.picture("refused-subsidy-report")
