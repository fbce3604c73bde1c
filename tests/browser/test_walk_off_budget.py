"""What no budget line was made for, at each boundary of 渝北第十一条, in a real browser."""

from __future__ import annotations

import pytest

from tests.browser.forms import declare, fill_filing

pytestmark = pytest.mark.browser
FILE = {"name": "纪要.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%%EOF\n"}
STANDING, BOTH = "区政府常务会议审议", "区政府常务会议审议，再报区委常委会议审定"

# Name, item (each its own: same items of a year are added up), total in 元, the route it must take.
BOUNDARIES = (
    ("场馆预约平台运维", "C16070200", "999999.99", "区财政局审核"),
    ("文物数字档案加工", "C16030300", "1000000.00", STANDING),
    ("全域旅游数据平台运营", "C16080200", "19999999.99", STANDING),
    ("文旅融合云平台建设运营", "C16080300", "20000000.00", BOTH),
)


def open_case(desk, name: str, tab: str = "") -> None:
    desk.open("/projects/?q=" + name)
    desk.page.get_by_role("link", name=name, exact=True).first.click()
    desk.page.wait_for_load_state()
    if tab:
        desk.page.click(f"nav.tabs a:has-text('{tab}')")
        desk.page.wait_for_load_state()


def act(desk, name: str, label: str, **values: str) -> None:
    """Do an act of the case's next steps; it must succeed."""
    open_case(desk, name)
    desk.page.click(f"#next-step a.btn:has-text('{label}')")
    desk.page.wait_for_load_state()
    for field, value in values.items():
        place = desk.page.locator(f"[name={field}]")
        if place.evaluate("e => e.tagName") == "SELECT":
            place.select_option(label=value)
        else:
            place.fill(value)
    desk.press(label)
    assert desk.page.locator(".message--success").count() == 1, desk.text()


def wait_for(desk, name: str, text: str, tries: int = 40) -> None:
    """The worker opens the review within a moment."""
    open_case(desk, name, "预算")
    for _ in range(tries):
        if text in desk.text():
            return
        desk.page.wait_for_timeout(250)
        desk.page.reload()
    raise AssertionError(f"{text} never appeared:\n{desk.text()}")


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


def _record(people, username: str, body: str, number: str, outcomes: dict[str, str]) -> str:
    """A meeting's decision on several projects; returns what the page says on recording it."""
    desk = people(username)
    desk.open("/budget/decisions/new/")
    desk.page.select_option("select[name=body]", label=body)
    desk.page.fill("input[name=meeting]", f"2026 年第 {number} 次会议")
    desk.page.fill("input[name=decided_on]", "2026-03-02")
    desk.page.fill("input[name=number]", f"示{body[-3]}〔2026〕{number}号")
    desk.page.set_input_files("input[name=file]", FILE)
    for name, outcome in outcomes.items():
        row = desk.page.locator(f"tr:has(th:has-text('{name}'))")
        row.locator("input[type=checkbox]").check()
        row.locator("select").select_option(label=outcome)
    desk.page.locator("main form button.btn-primary").click()
    desk.page.wait_for_load_state()
    desk.page.click("main a:has-text('登记审定')")
    desk.page.wait_for_load_state()
    desk.press("登记审定")
    return desk.text()


def _decide(people) -> None:
    small, exact, large, both = (name for name, *_ in BOUNDARIES)
    xie = people("xie")
    xie.open("/budget/decisions/new/")
    assert both not in xie.text()
    recorded = _record(
        people,
        "he",
        "区政府常务会议",
        "62",
        {exact: "同意", large: "不予批准", both: "同意"},
    )
    assert "已登记" in recorded
    _record(people, "zhao", "区财政局", "63", {small: "同意"})
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


def wait_row(desk, name: str, status: str, tries: int = 40) -> None:
    for _ in range(tries):
        if status in desk.page.inner_text(f"tr:has-text('{name}')"):
            return
        desk.page.wait_for_timeout(250)
        desk.page.reload()
    raise AssertionError(desk.page.inner_text(f"tr:has-text('{name}')"))


def _fund(people) -> None:
    """No reply before the number of the supplementary budget; then it goes on."""
    exact, zhao = BOUNDARIES[1][0], people("zhao")
    zhao.open("/budget/replies/new/")
    if zhao.page.locator("select[name=group]").count():
        labels = zhao.page.locator("select[name=group] option").all_inner_texts()
        zhao.page.select_option(
            "select[name=group]", label=next(x for x in labels if "文旅委" in x)
        )
        zhao.page.click("main form:has(select[name=group]) button[type=submit]")
        zhao.page.wait_for_load_state()
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
