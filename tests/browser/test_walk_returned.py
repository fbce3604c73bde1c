"""Returned with numbered objections, each answered, mended, signed again and heard in round two."""

from __future__ import annotations

import pytest

from tests.browser.acting import act, open_case, open_new_reply, record_decision, wait_for
from tests.browser.forms import declare, fill_filing
from tests.browser.purchase import People

pytestmark = pytest.mark.browser
NAME, TOTAL = "少儿阅览预约服务运维", "480000.00"
OBJECTIONS = ("测算没有写明工作量依据。", "与馆内自有人员的分工没有说明。")
CONDITION = "合同签订前提交数据备份方案"


def test_from_the_return_to_the_printed_reply(people: People) -> None:
    _file_and_submit(people)
    _return(people)
    _answer_and_mend(people)
    _hear_again(people)
    _reply_and_print(people)


def _file_and_submit(people: People) -> None:
    zhang = people("zhang")
    declare(zhang)
    line = ("阅览预约", "C16030300", "40000", "12")
    fill_filing(zhang, total=TOTAL, unit="元", name=NAME, code="C16030300", lines=(line,))
    zhang.press("填报并送内部签批")
    _sign(people)
    act(zhang, NAME, "提交会审")


def _sign(people: People) -> None:
    for username in ("li", "wang"):
        act(people(username), NAME, "签批")


def _return(people: People) -> None:
    zhao = people("zhao")
    wait_for(zhao, NAME, "会审中")
    act(zhao, NAME, "退回修改", objections="\n".join(OBJECTIONS))
    open_case(zhao, NAME, "预算")
    for number, objection in enumerate(OBJECTIONS, 1):
        assert objection in zhao.text(), number
    zhao.picture("returned")


def _answer_and_mend(people: People) -> None:
    zhang = people("zhang")
    zhang.open("/desk/")
    assert "答复退回意见（1）" in zhang.text()
    zhang.picture("returned-desk")
    act(zhang, NAME, "答复退回意见", text="已补充：按月均 1.2 万人次测算，依据见附表。")
    open_case(zhang, NAME)
    zhang.page.click("#next-step .act:has(h3:text-is('提交会审')) a >> nth=0")
    zhang.page.wait_for_load_state()
    zhang.press("提交会审")
    assert "退回意见（2）尚未答复" in zhang.text()
    zhang.picture("returned-refused")
    act(zhang, NAME, "答复退回意见", text="自有人员负责咨询，服务方负责系统与数据。")
    open_case(zhang, NAME)
    zhang.page.click("main a:has-text('修改申报')")
    zhang.page.wait_for_load_state()
    assert zhang.page.input_value("input[name=name]") == NAME
    zhang.page.fill("textarea[name=need]", "按月均 1.2 万人次保障预约，分工见说明。")
    zhang.page.locator("main form button.btn-primary").first.click()
    zhang.page.wait_for_load_state()
    assert "按月均 1.2 万人次" in zhang.text()
    _sign(people)
    act(zhang, NAME, "提交会审")


def _hear_again(people: People) -> None:
    zhao = people("zhao")
    wait_for(zhao, NAME, "第 2 轮会审")
    act(people("qian"), NAME, "同意")
    act(people("sun"), NAME, "附条件同意", condition=CONDITION, due_stage="合同")
    act(zhao, NAME, "同意", proposed_fen=TOTAL)
    act(zhao, NAME, "形成审核意见", proposed_fen=TOTAL, summary="同意列入年度计划。")
    open_case(zhao, NAME, "预算")
    said = zhao.text()
    assert CONDITION in said
    assert "已答复" in said
    zhao.picture("returned-concluded")


def _reply_and_print(people: People) -> None:
    assert "已登记" in record_decision(people, "he", "区政府常务会议", "71", {NAME: "同意"})
    zhao = people("zhao")
    open_case(zhao, NAME)
    assert zhao.page.locator("#next-step a.btn:has-text('拟制批复')").count() == 1
    open_new_reply(zhao, "文旅委")
    zhao.page.locator(f"tr:has-text('{NAME}') input[type=checkbox]").check()
    zhao.page.locator("main form button.btn-primary").click()
    zhao.page.wait_for_load_state()
    zhao.page.click("main a:has-text('签发批复')")
    zhao.page.wait_for_load_state()
    zhao.press("签发批复")
    assert "示财购复〔2026〕" in zhao.text()
    for _ in range(80):
        paper = zhao.page.locator("main a:has-text('（PDF）')")
        if paper.count():
            break
        zhao.page.wait_for_timeout(250)
        zhao.page.reload()
    printed = zhao.page.request.get(zhao.address + str(paper.first.get_attribute("href")))
    assert printed.body().startswith(b"%PDF-")
    zhao.picture("returned-replied")
