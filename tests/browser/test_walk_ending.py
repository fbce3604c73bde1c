"""Walk A, lines 13–15, in a real browser: acceptance, evaluation, settlement, closing, the dossier.

It goes on where `test_walk_purchase.py` ends, with the same purchase on the same product.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

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
    wait_for,
)
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

INCIDENT = "一般网络和数据安全事件（Ⅳ级）"
WORDS = {
    "achievement": "各项指标基本达到。",
    "fund_use": "资金使用合规。",
    "quality": "夏季故障较多。",
    "satisfaction": "使用单位基本满意。",
}
RESULTS = (
    ("系统可用率", "99.5", "运行月报"),
    ("故障响应时间", "2", "工单台账"),
    ("年服务人次", "50000", "平台日志"),
    ("服务对象满意度", "90", "问卷汇总"),
)
SURVEY = {
    "asked": "120",
    "answered": "100",
    "satisfied": "60",
    "users_opinion": "基本满意，夏季响应偏慢。",
}
PLACE = {"medium": "示范区人民政府网站", "address": "https://www.example.gov.cn/gg/walk-a.html"}
CONCLUSION = "按得分定为一般，按合同约定的 97% 结算，扣除一次安全事件。"


# Invented: the notice on 2027 has not been published.
HOLIDAYS = (
    ("元旦", "01-01", "01-03", ""),
    ("春节", "02-05", "02-12", "2027-01-31、2027-02-20"),
    ("清明节", "04-03", "04-05", ""),
    ("劳动节", "05-01", "05-05", "2027-04-25、2027-05-08"),
    ("端午节", "06-09", "06-09", ""),
    ("中秋节", "09-15", "09-15", ""),
    ("国庆节", "10-01", "10-07", "2027-09-26、2027-10-09"),
)


def aspects(score: str) -> dict[str, str]:
    return WORDS | {f"{name}_score": score for name in WORDS}


def test_lines_thirteen_to_fifteen(people: People, tmp_path: Path) -> None:
    _the_next_calendar(people)
    _an_incident(people)
    _line_thirteen_acceptance(people)
    _line_fourteen_opinions(people)
    _line_fourteen_third_party(people)
    _line_fourteen_grade(people)
    _line_fourteen_final_instalment(people)
    _line_fifteen_duties(people)
    _line_fifteen_closing(people)
    _what_the_public_reads(people)
    _what_the_auditor_takes_away(people, tmp_path)


# --- Acceptance ------------------------------------------------------------------------------


def _the_next_calendar(people: People) -> None:
    """石磊 types in the notice on the holidays of 2027; nothing of 2027 can be counted without."""
    keeper = people("secadmin")
    keeper.open("/calendar/load/")
    fill(keeper, {"year": "2027", "source": "演练用，不是通知"})
    for row, (name, first, last, made_up) in enumerate(HOLIDAYS):
        part = f"holidays-{row}"
        fill(
            keeper,
            {
                f"{part}-name": name,
                f"{part}-starts_on": f"2027-{first}",
                f"{part}-ends_on": f"2027-{last}",
                f"{part}-make_up": made_up,
            },
        )
    keeper.press("载入")
    keeper.page.click("dialog button.btn-primary")
    keeper.page.wait_for_url("**/calendar/2027/")
    assert "2027 年工作日历已载入" in keeper.text()
    keeper.picture("59-calendar")


def _an_incident(people: People) -> None:
    people.set_clock("2027-02-25")
    zhang = people.case("zhang")
    do(
        zhang,
        "登记扣款事件",
        {
            "term": INCIDENT,
            "occurred_on": "2027-02-20",
            "note": "平台首页被篡改四十分钟，已处置并书面报告。",
        },
    )


def _line_thirteen_acceptance(people: People) -> None:
    people.set_clock("2027-05-10")
    zhang = people.case("zhang")
    open_act(zhang, "组织验收")
    fill(
        zhang,
        {
            "held_on": "2027-05-10",
            "members": "张敏、李建国、使用单位代表",
            "users_opinion": "使用单位基本满意",
            "items-0-quantity": "6",
            "items-0-is_met": True,
        },
    )
    press(zhang, "组织验收")
    li = people.case("li")
    open_act(li, "验收合格")
    fill(li, {"conclusion": "逐项符合约定，验收合格。"})
    refused(li, "验收合格", "统一身份认证接入证明", "第九条第（二）项")
    li.picture("60-condition-open")
    people.case("zhang")
    do(zhang, "提交落实凭据", {"evidence": "统一身份认证接入证明〔2027〕3 号"})
    people.set_clock("2027-05-11")
    do(people.case("sun"), "确认已落实")
    people.case("li")
    do(li, "验收合格", {"conclusion": "逐项符合约定，验收合格。"})


# --- Evaluation ------------------------------------------------------------------------------


def _line_fourteen_opinions(people: People) -> None:
    people.set_clock("2027-05-19")
    zhang = people.case("zhang")
    wait_for(zhang, "登记指标完成情况")
    open_act(zhang, "登记指标完成情况")
    for name, actual, evidence in RESULTS:
        row = zhang.page.locator("main table tbody tr", has_text=name)
        row.locator("[name$=actual]").fill(actual)
        row.locator("[name$=evidence]").fill(evidence)
    zhang.picture("61-indicators")
    press(zhang, "登记指标完成情况")
    for party, organisation in (
        ("购买主体", "区文化和旅游发展委员会"),
        ("职能部门", "区经济和信息化委员会"),
    ):
        people.case("zhang")
        opinion = {"party": party, "organisation": organisation, "given_on": "2027-05-19"}
        do(zhang, "登记评估意见", opinion | aspects("60"))
    wang = people.case("wang")
    open_act(wang, "作出评估结论")
    fill(wang, {"grade": "一般", "summary": CONCLUSION})
    refused(wang, "作出评估结论", "第三方", "服务对象意见", "第九条第（六）项")
    wang.picture("62-parties-missing")


def _line_fourteen_third_party(people: People) -> None:
    """The expert of the third party has no account: the link alone opens one page."""
    zhang = people.case("zhang")
    open_act(zhang, "发第三方评估链接")
    fill(zhang, {"organisation": "区信息化咨询服务中心", "expires_on": "2027-05-29"})
    zhang.press("发第三方评估链接")
    zhang.picture("63-link-issued")
    link = zhang.page.input_value("#address")
    expert = people("")
    expert.page.goto(link)
    fill(expert, aspects("60"))
    expert.picture("64-third-party")
    expert.press("提交评估")
    assert "评估已提交" in expert.text()
    assert expert.page.goto(link).status == 404
    people.case("zhang")
    do(zhang, "采纳第三方填报")
    people.case("zhang")
    do(zhang, "登记服务对象意见", SURVEY)


def _line_fourteen_grade(people: People) -> None:
    people.set_clock("2027-05-20")
    wang = people.case("wang")
    open_act(wang, "作出评估结论")
    wang.picture("65-conclusion")
    fill(wang, {"grade": "一般", "summary": CONCLUSION})
    press(wang, "作出评估结论")
    people.case("wang", "绩效")
    wait_for(wang, "1,686,528.00")
    for figure in ("97", "1,704,096.00", "17,568.00", "1,686,528.00", "70,272.00"):
        assert figure in wang.text()
    wang.picture("66-settlement")


def _line_fourteen_final_instalment(people: People) -> None:
    people.set_clock("2027-06-08")
    zhang = people.case("zhang")
    open_act(zhang, "申请付款")
    fill(zhang, {"invoice": "发票 A3", "lines-0-quantity": "6"})
    assert zhang.page.input_value("input[name=lines-0-amount_fen]") == "456,768.00"
    zhang.picture("67-final-request")
    press(zhang, "申请付款")
    wang = people.case("wang")
    do(wang, "核对付款申请", {"lines-0-is_checked": True})
    zhao = people.case("zhao")
    do(zhao, "拨付", {"voucher": "GK-A-3"})
    people.case("zhao", "预算")
    zhao.picture("68-budget-at-the-end")


# --- Closing ---------------------------------------------------------------------------------


def _line_fifteen_duties(people: People) -> None:
    people.set_clock("2027-06-11")
    wang = people.case("wang")
    wait_for(wang, "办结")
    open_act(wang, "办结")
    fill(wang, {"note": "各项公开义务均已履行。"})
    refused(wang, "办结", "公开")
    wang.picture("69-duty-open")
    zhang = people.case("zhang", "公告")
    zhang.picture("70-notice-drafts")
    for draft in drafts_of(zhang):
        _publish(people, draft)
    people.case("zhang", "公告")
    zhang.picture("71-duties-done")


def drafts_of(desk: Visitor) -> list[str]:
    """Addresses of the notices of this case that wait for their officer."""
    waiting = desk.page.locator("main table tbody tr", has_text="待处理")
    links = waiting.locator("a[href*='/drafts/']")
    return sorted({link.get_attribute("href") or "" for link in links.all()})


def _publish(people: People, path: str) -> None:
    """张 says where it is published and sends it; 李, a second person, publishes it."""
    zhang, li = people("zhang"), people("li")
    zhang.open(path)
    open_act(zhang, "处理公告稿")
    fill(zhang, PLACE)
    if zhang.page.locator("main input[name=published_on]").count():
        fill(zhang, {"published_on": "2027-06-11"})
    press(zhang, "处理公告稿")
    zhang.open(path)
    do(zhang, "送审查")
    li.open(path)
    do(li, "审查通过并发布")


def _line_fifteen_closing(people: People) -> None:
    people.set_clock("2027-06-15")
    wang = people.case("wang")
    open_act(wang, "办结")
    fill(wang, {"note": "各项公开义务均已履行。"})
    wang.picture("72-close")
    press(wang, "办结")
    assert offered(wang) == []
    wang.picture("73-closed")
    for path, figure in (
        ("/contracts/?q=WALK-A", "1,686,528.00"),
        ("/contracts/payments/?q=GK-A-3", "456,768.00"),
    ):
        wang.open(path)
        assert figure in wang.text()


def _what_the_public_reads(people: People) -> None:
    """Nobody is signed in: two characters find the purchase, its story tells every stage."""
    anyone = people("")
    anyone.open("/public/")
    anyone.picture("80-public-home")
    anyone.page.fill("input[name=q]", "文化")
    anyone.page.press("input[name=q]", "Enter")
    anyone.page.wait_for_load_state()
    assert NAME in anyone.text()
    anyone.picture("81-public-search")
    anyone.page.locator("main a", has_text=NAME).first.click()
    anyone.page.wait_for_load_state()
    anyone.picture("82-public-notice")


def _what_the_auditor_takes_away(people: People, folder: Path) -> None:
    """吴 exports the dossier; the verifier, standing alone, finds it whole."""
    wu = people.case("wu", "案卷")
    wu.picture("90-dossier-form")
    fill(wu, {"reason": "审计抽查"})
    wu.press("导出")
    wait_for(wu, "下载")
    wu.picture("91-dossier")
    with wu.page.expect_download() as taken:
        wu.page.click("main :is(a, button):has-text('下载')")
    case_file = folder / "case.zip"
    taken.value.save_as(case_file)
    verifier = folder / "verify.py"
    verifier.write_bytes(wu.page.request.get(f"{wu.address}/public/verify/verify.py").body())
    answer: Any = subprocess.run(
        [sys.executable, "-I", str(verifier), str(case_file)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stdout + answer.stderr
    wu.open("/audit/cases/")
    wu.picture("92-audit-cases")
