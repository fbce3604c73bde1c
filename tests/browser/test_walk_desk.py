"""Many at once: reviews agreed on, replies prepared and issued, a clerk's desk handed over."""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.browser.purchase import People
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
# What no other walk touches.
REVIEWED = ("汛期会商视频保障服务", "居民健康档案数据质控")
REPLIED = ("学生体质监测数据服务", "出租汽车监管平台运维")
DRAFTED = ("环卫作业监测平台运维", "网络交易监测服务")
LEAVER, SUCCESSOR, HEAD = "胡涛", "龚宁", "hu-head"


def outcome_of(desk: Visitor, name: str) -> str:
    """What the page of results says of one item."""
    return desk.page.locator("main tbody tr", has_text=name).inner_text()


def choose_only(desk: Visitor, names: tuple[str, ...]) -> None:
    """Of the items offered, those that name one of `names` stay ticked."""
    for item in desk.page.locator("fieldset.batch-item").all():
        is_wanted = any(name in item.inner_text() for name in names)
        item.locator("input[type=checkbox]").first.set_checked(is_wanted)


def test_two_reviews_are_agreed_on_at_once(people: People) -> None:
    qian = people("qian")
    qian.open("/budget/reviews/?mine=on")
    qian.picture("desk-reviews")
    for name in REVIEWED:
        qian.page.locator("main tbody tr", has_text=name).locator("input[name=review]").check()
    qian.press("同意")
    for name in REVIEWED:
        assert name in qian.text()
    qian.picture("desk-agree")
    qian.press("成批同意")
    assert "办成 2 件" in qian.page.inner_text("body")
    for name in REVIEWED:
        assert "已办理" in outcome_of(qian, name)
    qian.picture("desk-agreed")
    qian.open("/budget/reviews/?mine=on")
    for name in REVIEWED:
        assert name not in qian.text()


def test_replies_of_several_units_are_prepared_and_issued_at_once(people: People) -> None:
    zhao = people("zhao")
    zhao.open("/budget/replies/prepare/")
    choose_only(zhao, REPLIED)
    zhao.picture("desk-prepare")
    zhao.press("成批拟制批复")
    for unit in ("区教育委员会", "区交通局"):
        assert "已办理" in outcome_of(zhao, unit)
    zhao.picture("desk-prepared")
    zhao.open("/budget/replies/issue/")
    choose_only(zhao, REPLIED + DRAFTED)
    zhao.picture("desk-issue")
    zhao.press("成批签发批复")
    assert "办成 4 件" in zhao.page.inner_text("body")
    for unit in ("区教育委员会", "区交通局", "区城市管理局", "区市场监督管理局"):
        assert "已办理" in outcome_of(zhao, unit)
    zhao.picture("desk-issued")
    zhao.page.locator("main tbody a", has_text="区教育委员会").first.click()
    zhao.page.wait_for_load_state()
    assert REPLIED[0] in zhao.text()
    with zhao.page.expect_download() as taken:
        zhao.page.click("main a:has-text('批复（Word）')")
    paper = zipfile.ZipFile(io.BytesIO(taken.value.path().read_bytes()))
    assert REPLIED[0] in paper.read("word/document.xml").decode()


def test_a_clerks_desk_is_handed_over(people: People) -> None:
    head = people(HEAD)
    head.open("/projects/handovers/")
    post = head.page.locator("main li", has_text=LEAVER)
    assert post.count() == 1, head.text()
    post.locator("a").click()
    head.page.wait_for_load_state()
    head.page.select_option("select[name=everything]", label=SUCCESSOR)
    head.page.fill("input[name=reason]", "调任区委编办")
    head.press("预览")
    previewed = head.page.locator("main .checklist li")
    assert previewed.count()
    assert previewed.count() == previewed.filter(has_text="可以交").count(), head.text()
    head.picture("desk-handover")
    head.press("确认移交")
    assert "移交已办理" in head.page.inner_text("body")
    moved = head.page.locator("main tbody tr", has_text=SUCCESSOR)
    names = [row.inner_text().split("\t")[1] for row in moved.all()]
    assert names
    head.picture("desk-handed-over")
    successor = people("hu-two")
    successor.open("/projects/")
    for name in names:
        assert name.split(" ", 1)[1] in successor.text()
    successor.picture("desk-successor")
