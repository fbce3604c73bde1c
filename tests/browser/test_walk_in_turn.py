"""示范湖市, under 《平湖办法》 alone: 归口科室, 分管领导, 领导小组, 财政, one after the other."""

from __future__ import annotations

import pytest

from tests.browser.acting import act, open_case, open_new_reply, record_decision, wait_for
from tests.browser.purchase import People

pytestmark = pytest.mark.browser
NAME, TOTAL = "基层智治系统运维", "324000"
# Who speaks, in this order; the next is not asked before the one before has spoken.
PATH = ("lake-section", "lake-deputy", "lake-board", "lake-finance")


def test_each_speaks_in_turn_and_the_bureau_replies(people: People) -> None:
    for place, username in enumerate(PATH):
        for later in PATH[place + 1 :]:
            desk = people(later)
            open_case(desk, NAME)
            assert desk.page.locator("#next-step a.btn:has-text('同意')").count() == 0, later
        desk = people(username)
        open_case(desk, NAME, "预算")
        desk.picture(f"turn-{place + 1}-waiting")
        values = {"proposed_fen": TOTAL} if username == "lake-finance" else {}
        act(desk, NAME, "同意", **values)
    finance = people("lake-finance")
    act(finance, NAME, "形成审核意见", proposed_fen=TOTAL, summary="同意列入年度计划。")
    wait_for(finance, NAME, "审核意见")
    assert finance.page.locator("#next-step a.btn:has-text('登记审定')").count() == 1
    finance.picture("turn-concluded")
    said = record_decision(people, "lake-finance", "示范湖市财政局", "7", {NAME: "同意"})
    assert "已登记" in said
    open_new_reply(finance, "湖政数办")
    finance.page.locator(f"tr:has-text('{NAME}') input[type=checkbox]").check()
    finance.picture("turn-reply-new")
    finance.page.locator("main form button.btn-primary").click()
    finance.page.wait_for_load_state()
    finance.page.click("main a:has-text('签发批复')")
    finance.page.wait_for_load_state()
    finance.press("签发批复")
    assert "湖财项复〔2026〕" in finance.text()
    finance.picture("turn-replied")
    clerk = people("lake")
    open_case(clerk, NAME, "预算")
    assert "324,000.00" in clerk.text()
    clerk.picture("turn-clerk")
