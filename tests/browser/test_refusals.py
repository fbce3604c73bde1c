"""Refusals a person meets in the browser: each names its article, and nothing changes."""

from __future__ import annotations

import pytest

from tests.browser.forms import declare

pytestmark = pytest.mark.browser


def open_act(visitor, project: str, act: str) -> None:
    """From the list of projects to the page of an act, also where conditions are unmet."""
    visitor.open("/projects/")
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
        "登记公开情况",
        {
            "medium": "区政府网站",
            "address": "https://www.example.gov.cn/1.html",
            "published_on": "2026-01-01",
        },
        ("第九条第（二）项", "公开日早于起算日"),
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
