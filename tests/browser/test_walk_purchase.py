"""Walk A, lines 4–12, in a real browser, as each named person, on the product `./run` starts."""

from __future__ import annotations

import pytest

from tests.browser.purchase import (
    NAME,
    People,
    do,
    fill,
    offered,
    open_act,
    press,
    refused,
    resubmitted,
    row_of,
    wait_for,
)

pytestmark = pytest.mark.browser

BIDS = {"远桥科技": "1,700,000.00", "明川信息": "1,756,800.00", "云栈数据": "1,780,000.00"}
SCORES = {"远桥科技": "70", "明川信息": "82", "云栈数据": "75"}
INCIDENT = "一般网络和数据安全事件（Ⅳ级）"
CONTRACT = {
    "number": "SF-HT-2026-WALK-A",
    "amount_fen": "1,756,800.00",
    "starts_on": "2026-05-01",
    "ends_on": "2027-04-30",
    "place": "区文化馆",
    "scope": "平台软件运维、安全运维和呼叫服务",
    "content": "日常巡检、故障处理、安全加固、热线值守",
    "requirements": "系统可用率不低于 99.5%",
    "payment_terms": "分三期支付，见付款期次",
    "liability": "质量不合格的按约定扣款，拒不整改的终止合同",
    "mending_workdays": "10",
    "lines-0-name": "平台运维",
    "lines-0-quantity": "12",
    "lines-0-unit": "月",
    "lines-0-unit_price_fen": "146,400.00",
    "lines-0-standard": "可用率 99.5%",
    "milestones-0-title": "上半年服务",
    "milestones-0-due_on": "2026-11-10",
    "grade_excellent": "100",
    "grade_good": "100",
    "grade_fair": "97",
    "grade_poor": "0",
    "deduction_terms-0-name": INCIDENT,
    "deduction_terms-0-percent": "1",
}
INSTALMENTS = (
    ("预付款", "30", "527,040.00", "", "合同备案后"),
    ("进度款", "40", "702,720.00", "1", "上半年服务验收合格后"),
    ("尾款", "30", "527,040.00", "", "全部验收合格并综合评估结算后"),
)


def test_lines_four_to_twelve(people: People) -> None:
    _line_four_too_early(people)
    _line_five_response_period(people)
    _line_six_bids(people)
    _line_seven_award(people)
    _line_eight_contract(people)
    _line_nine_filing_and_advance(people)
    _line_ten_supplements(people)
    _line_eleven_mending(people)
    _line_eleven_second_instalment(people)
    _line_twelve_year_end(people)
    _what_the_auditor_sees(people)


# --- Procurement -----------------------------------------------------------------------------


def _line_four_too_early(people: People) -> None:
    people.set_clock("2026-03-03")
    zhang = people.case("zhang", "采购")
    zhang.picture("20-procurement")
    open_act(zhang, "启动采购")
    fill(
        zhang,
        {
            "mode": "竞争性磋商",
            "number": "SF-CS-2026-WALK-A",
            "ceiling_price_fen": "1,800,000.00",
            "price_weight": "15",
        },
    )
    zhang.picture("21-open-tender")
    press(zhang, "启动采购")
    people.case("zhang")
    open_act(zhang, "发布采购文件")
    fill(zhang, _documents("2026-03-03", "2026-03-16"))
    refused(zhang, "发布采购文件", "2026-03-04", "第九条第（三）项")
    zhang.picture("22-too-early")


def _documents(published: str, deadline: str) -> dict[str, str]:
    return {
        "offered_from": published,
        "offered_until": "2026-03-12",
        "response_deadline": deadline,
        "medium": "中国政府采购网",
        "address": "https://www.example.gov.cn/cggg/walk-a.html",
    }


def _line_five_response_period(people: People) -> None:
    people.set_clock("2026-03-05")
    zhang = people.case("zhang")
    open_act(zhang, "发布采购文件")
    fill(zhang, _documents("2026-03-05", "2026-03-14"))
    refused(zhang, "发布采购文件", "9 日", "最早 2026-03-15", "建议 2026-03-16")
    zhang.picture("23-nine-days")
    zhang.follow("期限核对")
    zhang.page.fill("input[name=published_on]", "2026-03-05")
    zhang.page.fill("input[name=response_deadline]", "2026-03-14")
    zhang.press("核对")
    assert "2026-03-14（周六） 不合法" in zhang.text()
    assert "最早 2026-03-15（周日），建议 2026-03-16（周一）" in zhang.text()
    zhang.page.click("details summary:has-text('响应截止')")
    proof = zhang.page.inner_text("details[open] table")
    assert "2026-03-06\t1" in proof
    assert "2026-03-15\t10" in proof
    zhang.picture("24-schedule")
    people.case("zhang")
    open_act(zhang, "发布采购文件")
    fill(zhang, _documents("2026-03-05", "2026-03-16"))
    press(zhang, "发布采购文件")


def _line_six_bids(people: People) -> None:
    people.set_clock("2026-03-16")
    zhang = people.case("zhang")
    do(zhang, "开启响应文件")
    open_act(zhang, "登记响应")
    barred = {"provider": "捷讯网络", "price_fen": "1650000", "promises_no_subcontracting": True}
    fill(zhang, barred)
    refused(zhang, "登记响应", "2027-05-31", "第十九条", "示财罚〔2025〕3号")
    zhang.picture("25-debarred")
    for name, price in BIDS.items():
        people.case("zhang")
        bid = {"provider": name, "price_fen": price, "promises_no_subcontracting": True}
        do(zhang, "登记响应", bid)


def _line_seven_award(people: People) -> None:
    people.set_clock("2026-03-18")
    zhang = people.case("zhang")
    open_act(zhang, "提交评审报告")
    report = {
        "evaluated_on": "2026-03-17",
        "reported_on": "2026-03-18",
        "experts": "秦明\n柳岸",
        "representatives": "张敏",
        "opinion": "推荐第一名为成交候选人。",
    }
    fill(zhang, report)
    for name, score in SCORES.items():
        row = zhang.page.locator(f"tr:has(input[value*='{name}'])")
        row.locator("input[name$=technical_score]").fill(score)
    zhang.picture("26-report")
    press(zhang, "提交评审报告")
    assert row_of(zhang, "明川信息").split("\t")[:7] == [
        "1", "明川信息技术有限公司", "2026-03-16", "1,756,800.00", "14.52", "82.00", "96.52",
    ]  # fmt: skip
    zhang.picture("27-scores")
    people.set_clock("2026-03-20")
    wang = people.case("wang")
    open_act(wang, "确定成交")
    wang.picture("28-decide")
    press(wang, "确定成交")
    people.set_clock("2026-03-23")
    people.case("zhang")
    notice = {
        "number": "示成交〔2026〕A号",
        "medium": "中国政府采购网",
        "address": "https://www.example.gov.cn/cjgg/walk-a.html",
    }
    do(zhang, "发出通知书并公告结果", notice)
    _reviewed_notice(people)
    _public_notice(people)


def _reviewed_notice(people: People) -> None:
    """张 sends the draft the act has made; 张 may not review it; 李 does."""
    zhang = people.case("zhang", "公告")
    wait_for(zhang, "成交结果公告")
    zhang.follow(f"{NAME}成交结果公告")
    zhang.picture("28a-notice-draft")
    draft = zhang.page.url
    do(zhang, "送审查")
    assert "审查通过并发布" not in offered(zhang)
    li = people("li")
    li.page.goto(draft)
    open_act(li, "审查通过并发布")
    li.picture("28b-review-notice")
    press(li, "审查通过并发布")


def _public_notice(people: People) -> None:
    """Nobody is signed in: the result stands on the public site."""
    anyone = people("")
    anyone.open("/public/")
    title = anyone.page.locator("main table a", has_text=NAME).filter(has_text="成交")
    for _ in range(60):
        if title.count():
            break
        anyone.page.wait_for_timeout(250)
        anyone.page.reload()
    anyone.picture("29-public-notices")
    title.first.click()
    anyone.page.wait_for_load_state()
    assert "明川信息技术有限公司" in anyone.text()
    assert "1,756,800.00" in anyone.text()
    assert "SHA-256" in anyone.text()
    anyone.picture("30-public-notice")


# --- Contract --------------------------------------------------------------------------------


def _line_eight_contract(people: People) -> None:
    zhang = people.case("zhang", "合同")
    assert "2026-04-22" in zhang.text()
    zhang.follow("拟订合同")
    fill(zhang, CONTRACT)
    for _ in range(2):
        zhang.page.locator("[data-rows=lines] tr[data-row]:visible").nth(1).locator(
            "[data-row-remove]"
        ).click()
    for number, (kind, percent, amount, milestone, condition) in enumerate(INSTALMENTS):
        part = f"instalments-{number}"
        fill(
            zhang,
            {
                f"{part}-kind": kind,
                f"{part}-percent": percent,
                f"{part}-amount_fen": amount,
                f"{part}-milestone": milestone,
                f"{part}-condition": condition,
            },
        )
    sums = zhang.page.locator("[data-sum-total]").all_inner_texts()
    assert sums == ["1,756,800.00", "1,756,800.00"]
    zhang.picture("31-contract-form")
    press(zhang, "保存并送签批")
    zhang.picture("32-contract-draft")
    for name in ("li", "wang"):
        do(people.case(name), "签批")
    people.set_clock("2026-04-10")
    people.case("zhang")
    do(zhang, "签订合同", {"signed_on": "2026-04-10"})
    zhang.picture("33-contract-signed")
    assert "2026-04-21" in zhang.text()
    people.case("zhang", "预算")
    figures = row_of(zhang, "信息化专项资金", "2026 年").split("\t")
    assert figures[1:] == [
        "1,800,000.00", "0.00", "1,756,800.00", "0.00", "43,200.00", "0.00", "0.00",
    ]  # fmt: skip
    zhang.picture("34-budget")
    people.case("zhang", "公告")
    wait_for(zhang, "2026-04-14")
    zhang.picture("35-duties")


def _line_nine_filing_and_advance(people: People) -> None:
    people.set_clock("2026-04-16")
    zhang = people("zhang")
    _request(people, "第 1 期", "527,040.00")
    refused(zhang, "申请付款", "合同没有备案，不得付款", "第九条第（四）项")
    zhang.picture("36-not-filed")
    people.set_clock("2026-04-17")
    people.case("zhang")
    do(zhang, "报送备案")
    zhao = people.case("zhao")
    open_act(zhao, "接受备案")
    zhao.picture("37-filing")
    fill(zhao, {"number": "示财备〔2026〕A号"})
    press(zhao, "接受备案")
    _request(people, "第 1 期", "527,040.00")
    press(zhang, "申请付款")
    wang = people.case("wang")
    open_act(wang, "核对付款申请")
    refused(wang, "核对付款申请", "还有没有核对的行", "平台运维", "第十三条")
    wang.picture("38-unticked")
    _pay(people, "GK-A-1")
    zhao.picture("40-contract-paid")


def _request(people: People, instalment: str, amount: str) -> None:
    """张 opens the request for an instalment; its amount is filled in already."""
    zhang = people.case("zhang")
    open_act(zhang, "申请付款")
    if zhang.page.locator(f"main a:has-text('{instalment}')").count():
        zhang.follow(instalment)
    fill(zhang, {"invoice": "发票 A"})
    assert zhang.page.input_value("input[name=lines-0-amount_fen]") == amount


def _pay(people: People, voucher: str) -> None:
    """王 ticks the line; 赵 clicks twice and the form is sent once more: paid once."""
    wang = people.case("wang")
    do(wang, "核对付款申请", {"lines-0-is_checked": True})
    zhao = people.case("zhao")
    open_act(zhao, "拨付")
    fill(zhao, {"voucher": voucher})
    zhao.picture(f"39-release-{voucher}")
    assert resubmitted(zhao, "拨付") == 302
    zhao.open("/contracts/payments/")
    assert zhao.page.locator("main tbody tr", has_text=voucher).count() == 1
    people.case("zhao", "合同")


def _line_ten_supplements(people: People) -> None:
    zhang = people.case("zhang")
    open_act(zhang, "拟订补充合同")
    more = {"number": "补 1", "amount_fen": "175,680.01", "reason": "增加短信通知服务。"}
    fill(zhang, more)
    refused(zhang, "拟订补充合同", "10%", "175,680.01", "175,680.00", "第九条第（四）项")
    zhang.picture("41-above-ten-percent")
    fill(zhang, {"amount_fen": "175,680.00"})
    press(zhang, "拟订补充合同")
    wang = people.case("wang")
    open_act(wang, "签订补充合同")
    refused(wang, "签订补充合同", "项目可用预算只有 0.00 元", "第十二条")
    wang.picture("42-no-budget")
    people.case("zhang")
    do(zhang, "撤回补充合同", {"note": "没有可用预算，待预算调整。"})
    assert "已撤回" in row_of(zhang, "补 1")


# --- Implementation --------------------------------------------------------------------------


def _line_eleven_mending(people: People) -> None:
    people.set_clock("2026-09-10")
    zhang = people.case("zhang")
    open_act(zhang, "责令限期整改")
    fill(zhang, {"demand": "热线接通率低于约定，限期补足座席。", "workdays": "10"})
    zhang.page.click("main details summary:has-text('2026-09-23')")
    proof = zhang.page.inner_text("main details[open] table")
    assert "2026-09-20\t7" in proof
    assert "2026-09-23\t10" in proof
    zhang.picture("43-mending")
    press(zhang, "责令限期整改")
    people.case("zhang", "实施")
    assert "10 个工作日，至 2026-09-23" in zhang.text()
    people.set_clock("2026-09-22")
    people.case("zhang")
    do(zhang, "登记整改回复", {"reply": "已补足座席。", "replied_on": "2026-09-22"})
    people.set_clock("2026-09-24")
    li = people.case("li")
    do(li, "复查销号", {"check_note": "抽查三日，接通率 97%。"})
    people.case("li", "实施")
    assert "逾期" not in row_of(li, "已补足座席")
    li.picture("44-closed")


def _line_eleven_second_instalment(people: People) -> None:
    people.set_clock("2026-11-06")
    zhang = people.case("zhang")
    delivery = {"delivered_on": "2026-11-06", "delivery_note": "提交上半年服务报告。"}
    do(zhang, "登记交付", delivery)
    people.set_clock("2026-11-13")
    people.case("zhang")
    open_act(zhang, "组织验收")
    acceptance = {
        "milestone": "上半年服务",
        "held_on": "2026-11-13",
        "members": "张敏、李建国、使用单位代表",
        "users_opinion": "使用单位满意。",
        "items-0-quantity": "6",
        "items-0-is_met": True,
    }
    fill(zhang, acceptance)
    zhang.picture("45-acceptance")
    press(zhang, "组织验收")
    li = people.case("li")
    open_act(li, "验收合格")
    assert "符合" in row_of(li, "平台运维")
    li.picture("46-item-by-item")
    fill(li, {"conclusion": "逐项符合约定，验收合格。"})
    press(li, "验收合格")
    people.set_clock("2026-11-20")
    _request(people, "第 2 期", "702,720.00")
    fill(zhang, {"lines-0-quantity": "6"})
    zhang.picture("47-second-request")
    press(zhang, "申请付款")
    _pay(people, "GK-A-2")
    zhao = people.case("zhao", "实施")
    zhao.picture("48-delivery")


def _line_twelve_year_end(people: People) -> None:
    people.set_clock("2026-12-31")
    zhao = people("zhao")
    zhao.open("/contracts/carry-over/")
    assert "527,040.00" in row_of(zhao, "SF-HT-2026-WALK-A")
    zhao.picture("49-carry-over-list")
    people.set_clock("2027-01-04")
    zhang = people("zhang")
    _request(people, "第 3 期", "527,040.00")
    refused(
        zhang,
        "申请付款",
        "2027 年度没有足够的承诺，须先办理结转",
        "尾款须在验收合格、综合评估结算之后兑现",
        "第九条第（六）项",
        "第十二条",
    )
    zhang.picture("50-not-carried")
    people.case("zhao")
    open_act(zhao, "办理结转")
    fill(zhao, {"year": "2026"})
    zhao.picture("51-carry-over")
    press(zhao, "办理结转")
    assert row_of(zhao, "2027 年").split("\t")[2] == "527,040.00"
    zhao.picture("52-carried")
    _request(people, "第 3 期", "527,040.00")
    assert "结转" not in refused(zhang, "申请付款", "尾款须在验收合格、综合评估结算之后兑现")


def _what_the_auditor_sees(people: People) -> None:
    wu = people.case("wu", "历史")
    text = wu.text()
    for said in ("未获准", "2026-03-04", "取消承接资格至 2027-05-31", "合同没有备案", "办理结转"):
        assert said in text
    assert offered(wu) == []
    wu.picture("53-history")
    people.case("wu", "实施")
    assert offered(wu) == []
    wu.page.goto(people("zhang").page.url)
    wu.press("申请付款")
    assert "未作任何改动" in wu.page.inner_text(".message--error")
    wu.open("/contracts/?q=WALK-A")
    assert row_of(wu, "SF-HT-2026-WALK-A").split("\t")[4:7] == [
        "1,756,800.00", "1,229,760.00", "527,040.00",
    ]  # fmt: skip
    wu.picture("54-contract-ledger")
    wu.open("/contracts/payments/?q=WALK-A")
    assert "702,720.00" in row_of(wu, "GK-A-2")
    assert "527,040.00" in row_of(wu, "GK-A-1")
    wu.picture("55-payment-ledger")
    wu.page.locator("main tbody a").first.click()
    wu.page.wait_for_load_state()
    wait_for(wu, "付款单")
    sheet = wu.page.locator("#documents a", has_text="付款单").first.get_attribute("href")
    assert wu.page.request.get(wu.address + sheet).body().startswith(b"%PDF")
    wu.picture("56-contract")
