"""What no budget line was made for, at each boundary of 渝北第十一条, in a real browser."""

from __future__ import annotations

import pytest

from tests.browser.acting import act, open_case, open_new_reply, record_decision, wait_for, wait_row
from tests.browser.forms import declare, fill_filing

pytestmark = pytest.mark.browser
STANDING, BOTH = "区政府常务会议审议", "区政府常务会议审议，再报区委常委会议审定"

# Name, item (each its own: same items of a year are added up), total in 元, the route it must take.
BOUNDARIES = (
    ("场馆预约平台运维", "C16070200", "999999.99", "区财政局审核"),
    ("文物数字档案加工", "C16030300", "1000000.00", STANDING),
    ("全域旅游数据平台运营", "C16080200", "19999999.99", STANDING),
    ("文旅融合云平台建设运营", "C16080300", "20000000.00", BOTH),
)


def test_every_boundary_takes_its_route(people) -> None:
    for name, code, total, _ in BOUNDARIES:
        _file(people, name, code, total)
        _review(people, name, total)
    for name, _, total, route in BOUNDARIES:
        _choose_route(people, name, total, route)
    _decide(people)
    _fund(people)


def _file(people, name: str, code: str, total: str) -> None:
    zhang = people("zhang")
    declare(zhang)
    fill_filing(
        zhang, total=total, unit="元", name=name, code=code, lines=(("服务费", code, total, "1"),)
    )
    zhang.page.check("input[name=is_off_budget]")
    zhang.press("填报并送内部签批")
    # From two million up the principal signs as well.
    for username in ("li", "wang", "wei") if float(total) >= 2_000_000 else ("li", "wang"):
        act(people(username), name, "签批")
    act(zhang, name, "提交会审")


def _review(people, name: str, total: str) -> None:
    wait_for(people("zhao"), name, "会审中")
    for username in ("qian", "sun"):
        act(people(username), name, "同意")
    act(people("zhao"), name, "同意", proposed_fen=total)
    act(people("zhao"), name, "形成审核意见", proposed_fen=total, summary="确需购买，同意上报。")


def _choose_route(people, name: str, total: str, route: str) -> None:
    zhao = people("zhao")
    open_case(zhao, name)
    zhao.page.click("#next-step a.btn:has-text('确定审议路径')")
    zhao.page.wait_for_load_state()
    assert f"{float(total):,.2f}" in zhao.text()
    zhao.picture(f"route-{name}")
    zhao.press("确定审议路径")
    open_case(zhao, name, "预算")
    assert route in zhao.text()
    zhao.picture(f"routed-{name}")


def _decide(people) -> None:
    small, exact, large, both = (name for name, *_ in BOUNDARIES)
    xie = people("xie")
    xie.open("/budget/decisions/new/")
    assert both not in xie.text()
    recorded = record_decision(
        people,
        "he",
        "区政府常务会议",
        "62",
        {exact: "同意", large: "不予批准", both: "同意"},
    )
    assert "已登记" in recorded
    record_decision(people, "zhao", "区财政局", "63", {small: "同意"})
    zhao = people("zhao")
    for name, status in (
        (small, "待落实预算"),
        (exact, "待落实预算"),
        (large, "未获同意"),
        (both, "现由区委常委会议"),
    ):
        zhao.open("/budget/off-budget/")
        wait_row(zhao, name, status)
    zhao.picture("off-budget-decided")


def _fund(people) -> None:
    """No reply before the number of the supplementary budget; then it goes on."""
    exact, zhao = BOUNDARIES[1][0], people("zhao")
    open_new_reply(zhao, "文旅委")
    zhao.page.locator(f"tr:has-text('{exact}') input[type=checkbox]").check()
    zhao.page.locator("main form button.btn-primary").click()
    zhao.page.wait_for_load_state()
    reply = zhao.page.url
    zhao.page.click("main a:has-text('签发批复')")
    zhao.page.wait_for_load_state()
    zhao.press("签发批复")
    assert "没有登记预算追加（调剂）文号" in zhao.text()
    zhao.picture("off-budget-reply-refused")
    act(
        zhao,
        exact,
        "登记追加（调剂）文号",
        funding_kind="追加",
        funding_number="示财追〔2026〕61号",
        funding_fen="1,000,000.00",
        funding_on="2026-03-02",
    )
    zhao.page.goto(reply)
    zhao.page.click("main a:has-text('签发批复')")
    zhao.page.wait_for_load_state()
    zhao.press("签发批复")
    assert "已签发" in zhao.text()
    zhao.picture("off-budget-reply-issued")
