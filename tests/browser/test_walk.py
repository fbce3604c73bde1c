"""Walk A, lines 1–3, in a real browser, as each named person, on the product `./run` starts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.acting import open_new_reply
from tests.browser.forms import NAME, declare, fill_filing

pytestmark = pytest.mark.browser
MINUTES = {"name": "纪要.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%%EOF\n"}


def open_case(visitor, tab: str = "") -> None:
    visitor.open(f"/projects/?q={NAME}")
    visitor.follow(NAME)
    if tab:
        visitor.page.click(f"nav.tabs a:has-text('{tab}')")
        visitor.page.wait_for_load_state()


def open_act(visitor, label: str) -> None:
    visitor.page.click(f"#next-step a.btn:has-text('{label}')")
    visitor.page.wait_for_load_state()


def wait_for_worker(visitor, text: str, tries: int = 40) -> None:
    """The worker delivers within a moment; the page is read again until it shows."""
    for _ in range(tries):
        if text in visitor.text():
            return
        visitor.page.wait_for_timeout(250)
        visitor.page.reload()
    raise AssertionError(f"{text} never appeared:\n{visitor.text()}")


def test_lines_one_to_three(visitor) -> None:
    _line_one_filing(visitor)
    _line_one_signatures(visitor)
    _line_two_opinions(visitor)
    _line_three_reply(visitor)
    _what_stands_afterwards(visitor)


def _line_one_filing(visitor) -> None:
    visitor.sign_in("zhang")
    visitor.picture("01-desk")
    declare(visitor, secrecy="yes")
    assert "涉密采购渠道" in visitor.text()
    visitor.picture("02-stopped")
    declare(visitor)
    fill_filing(visitor, total="1860000", unit="万元")
    visitor.picture("03-form")
    visitor.press("填报并送内部签批")
    assert "万元" in visitor.page.inner_text(".form-errors, .refusals, .field-error >> nth=0")
    visitor.picture("04-unit-warning")
    assert visitor.page.input_value("input[name=name]") == NAME
    visitor.page.check("input[name=unit][value=元]")
    visitor.press("填报并送内部签批")
    expect(visitor.page.locator("h1")).to_have_text(NAME)
    assert "1,860,000.00" in visitor.text()
    visitor.picture("05-case")


def _line_one_signatures(visitor) -> None:
    open_case(visitor)
    assert "内部签批尚未齐全" in visitor.text()
    visitor.page.click("#next-step a:has-text('打开办理页')")
    visitor.press("提交会审")
    assert "未能办理" in visitor.text()
    assert "第十八条" in visitor.text()
    visitor.picture("06-refused")
    for username in ("li", "wang"):
        visitor.sign_in(username)
        open_case(visitor)
        open_act(visitor, "签批")
        visitor.press("签批")
        assert visitor.page.locator(".message--success").count() == 1
    visitor.sign_in("zhang")
    open_case(visitor)
    open_act(visitor, "提交会审")
    visitor.picture("07-submit")
    visitor.press("提交会审")
    open_case(visitor, "预算")
    wait_for_worker(visitor, "会审中")
    visitor.picture("08-review-open")


def _line_two_opinions(visitor) -> None:
    visitor.sign_in("qian")
    open_case(visitor)
    open_act(visitor, "同意")
    visitor.press("同意")
    visitor.sign_in("sun")
    open_case(visitor)
    open_act(visitor, "附条件同意")
    visitor.page.fill("textarea[name=condition]", "验收前交统一身份认证接入证明")
    visitor.page.select_option("select[name=due_stage]", "evaluation")
    visitor.picture("09-condition")
    visitor.press("附条件同意")
    visitor.sign_in("zhao")
    visitor.open("/desk/")
    visitor.picture("10-finance-desk")
    open_case(visitor, "预算")
    assert "验收前交统一身份认证接入证明" in visitor.text()
    open_act(visitor, "同意")
    visitor.page.fill("input[name=proposed_fen]", "1,800,000.00")
    visitor.press("同意")
    open_case(visitor)
    open_act(visitor, "形成审核意见")
    visitor.page.fill("input[name=proposed_fen]", "1800000")
    visitor.page.fill("textarea[name=summary]", "同意列入年度购买计划，核定 180 万元。")
    visitor.picture("11-conclude")
    visitor.press("形成审核意见")
    assert visitor.page.locator(".message--success").count() == 1


def _line_three_reply(visitor) -> None:
    open_new_reply(visitor, "文旅委")
    visitor.page.locator(f"tr:has-text('{NAME}') input[type=checkbox]").check()
    visitor.page.locator(f"tr:has-text('{NAME}') input[type=text]").fill("1800000")
    visitor.picture("12-reply-new")
    visitor.page.locator("main form button.btn-primary").click()
    visitor.page.wait_for_load_state()
    reply = visitor.page.url
    visitor.page.click("main a:has-text('签发批复')")
    visitor.page.wait_for_load_state()
    visitor.press("签发批复")
    assert "第九条第（二）项" in visitor.text()
    assert "没有登记同意的审定结论" in visitor.text()
    visitor.picture("13-reply-refused")
    _record_decision(visitor)
    visitor.sign_in("zhao")
    visitor.page.goto(reply)
    visitor.page.click("main a:has-text('签发批复')")
    visitor.page.wait_for_load_state()
    visitor.press("签发批复")
    assert re.search(r"示财购复〔2026〕\d+号", visitor.text())
    visitor.picture("14-reply-issued")


def _record_decision(visitor) -> None:
    visitor.sign_in("he")
    visitor.open("/budget/decisions/new/")
    visitor.page.select_option("select[name=body]", label="区政府常务会议")
    visitor.page.fill("input[name=meeting]", "2026 年第 5 次会议")
    visitor.page.fill("input[name=decided_on]", "2026-03-02")
    visitor.page.fill("input[name=number]", "示府阅〔2026〕5号")
    visitor.page.set_input_files("input[name=file]", MINUTES)
    visitor.page.locator(f"tr:has-text('{NAME}') input[type=checkbox]").check()
    visitor.picture("15-decision-new")
    visitor.page.locator("main form button.btn-primary").click()
    visitor.page.wait_for_load_state()
    if visitor.page.locator("main a:has-text('登记审定')").count():
        visitor.page.click("main a:has-text('登记审定')")
        visitor.page.wait_for_load_state()
        visitor.press("登记审定")
    assert "已登记" in visitor.text()
    visitor.picture("16-decision")


def _what_stands_afterwards(visitor) -> None:
    visitor.sign_in("zhang")
    open_case(visitor, "预算")
    assert "1,800,000.00" in visitor.text()
    visitor.picture("17-approved")
    open_case(visitor, "公告")
    wait_for_worker(visitor, "购买的项目和要求")
    visitor.picture("18-duty")
    visitor.sign_in("wu")
    open_case(visitor, "历史")
    text = visitor.text()
    assert "未获准" in text
    assert "预算批复" in text
    visitor.picture("19-history")
