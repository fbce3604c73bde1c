"""Every page of this release, at desk and phone width: no axe violation, no sideways scroll."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

PUBLIC = (
    "/regulations/",
    "/regulations/YB/",
    "/regulations/PH/9/",
    "/accounts/sign-in/",
    "/_style/",
    "/public/",
    "/public/notices/",
    "/public/projects/",
    "/public/catalogues/",
    "/public/search/",
    "/public/search/?q=运维",
    "/public/feeds/",
    "/public/verify/",
    "/public/data/",
)
PAGES = {
    "zhang": (
        "/desk/",
        "/projects/",
        "/projects/plans/",
        "/disclosure/duties/",
        "/disclosure/drafts/",
        "/budget/ceilings/",
        "/procurement/tenders/",
        "/procurement/providers/",
        "/procurement/providers/new/",
        "/calendar/",
        "/calendar/2026/",
        "/projects/group/",
        "/projects/purchasers/",
        "/projects/catalogues/",
        "/projects/cloud/",
        "/projects/cloud/new/",
        "/budget/ceilings/rounds/",
    ),
    "wang": ("/desk/", "/delegations/", "/delegations/new/", "/projects/handovers/"),
    "zhao": (
        "/desk/",
        "/budget/reviews/",
        "/budget/decisions/",
        "/budget/decisions/new/",
        "/budget/replies/",
        "/budget/replies/new/",
        "/budget/ceilings/",
        "/budget/ceilings/new/",
        "/contracts/",
        "/contracts/payments/",
        "/contracts/carry-over/",
        "/contracts/rectifications/",
        "/contracts/year-end/",
        "/projects/plans/submissions/",
        "/projects/catalogues/new/",
        "/projects/intentions/",
        "/budget/meetings/",
        "/budget/replies/prepare/",
        "/budget/ceilings/try/",
        "/budget/releases/",
        "/budget/programmes/",
        "/budget/library/",
        "/budget/off-budget/",
        "/budget/adjustments/",
        "/budget/ledger/",
        "/budget/ledger/check/",
    ),
    "zhou": ("/desk/",),
    "wu": ("/audit/", "/projects/"),
    "sysadmin": ("/clock/", "/desk/"),
    "secadmin": ("/calendar/", "/calendar/load/", "/projects/tiers/", "/projects/tiers/new/"),
}
# Who works on which case: the tabs they read, the acts whose pages they open.
WORK = (
    ("chen", "校园安全视频运维", ("采购",), ("发布采购文件", "启动采购")),
    ("zhang", "博物馆票务系统运维", (), ("划分采购包", "登记采购意向")),
    ("lin", "市场主体信用平台运维", (), ("登记响应", "提交评审报告")),
    ("zhu", "就业服务平台运维", ("合同",), ("申请付款", "责令限期整改")),
    ("zhao", "就业服务平台运维", (), ("接受备案",)),
    ("zhao", "社会救助信息平台运维", (), ("拨付",)),
    ("zhu-head", "社保自助终端运维服务", ("实施",), ("验收合格",)),
    ("wu", "基层医疗影像平台运维", ("公告", "绩效"), ()),
    ("ma", "社会救助信息平台运维", ("公告",), ("处理公告稿", "送审查")),
    ("yuan-head", "政务服务热线智能质检", ("公告",), ("审查通过并发布", "退回拟稿")),
    ("yuan", "镇街道便民服务中心补助", ("采购", "实施"), ("登记支出报告",)),
)
# Where the first row of a list leads, and further from there.
DETAILS = {
    "xu": (("/disclosure/drafts/?scope=published", "拟更正公告"),),
    "wu": (("/procurement/tenders/", "逐日推算"), ("/procurement/providers/", "")),
    "yuan": (("/contracts/?status=draft", "修改合同"),),
    "": (
        ("/public/notices/", "SF-"),
        ("/public/projects/", ""),
        ("/public/catalogues/", "年修订版"),
    ),
}
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


def check_both(visitor, path: str) -> None:
    """The page opened once, looked at on a desk and then on a phone."""
    assert visitor.open(path) == 200, path
    for width in (1366, 390):
        visitor.page.set_viewport_size({"width": width, "height": 844})
        check_here(visitor, path, width)


def check_here(visitor, path: str, width: int) -> None:
    found = Axe().run(visitor.page, options=RULES)
    assert found.violations_count == 0, f"{path} at {width}: {found.generate_report()}"
    wide = visitor.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, f"{path} is {wide} wide at {width}"
    visitor.picture(f"page-{width}-{path.strip('/').replace('/', '-') or 'home'}")


class TestPages:
    """WCAG 2.1 A and AA."""

    def test_public_pages(self, visitor):
        for path in PUBLIC:
            check_both(visitor, path)

    @pytest.mark.parametrize("username", list(PAGES))
    def test_pages_of_a_desk(self, visitor, username):
        visitor.sign_in(username)
        for path in PAGES[username]:
            check_both(visitor, path)

    def test_pages_of_a_case(self, visitor):
        visitor.sign_in("wu")
        visitor.open("/projects/")
        links = visitor.page.locator("main table tbody a[href^='/projects/']").all()
        cases = [link.get_attribute("href") for link in links][:4]
        assert cases
        for case in cases:
            number = case.strip("/").split("/")[-1]
            for path in (
                case,
                f"{case}history/",
                f"/budget/projects/{number}/",
                f"/disclosure/projects/{number}/",
            ):
                check_both(visitor, path)


class TestPagesOfAPurchase:
    """采购、合同、实施、评估的页面：WCAG 2.1 A and AA, no sideways scroll."""

    @pytest.mark.parametrize(
        ("username", "project", "tabs", "acts"), WORK, ids=[f"{w[0]} {w[1]}" for w in WORK]
    )
    def test_pages_of_a_case_and_its_acts(self, visitor, username, project, tabs, acts):
        visitor.sign_in(username)
        visitor.open(f"/projects/?q={project}")
        visitor.follow(project)
        found = [f"nav.tabs a:text-is('{tab}')" for tab in tabs]
        found += [f"#next-step .act:has(h3:text-is('{act}')) .act-foot a >> nth=0" for act in acts]
        for path in [visitor.page.get_attribute(link, "href") for link in found]:
            check_both(visitor, path)

    @pytest.mark.parametrize("username", list(DETAILS))
    def test_pages_of_a_row(self, visitor, username):
        if username:
            visitor.sign_in(username)
        for start, label in DETAILS[username]:
            visitor.open(start)
            check_both(visitor, visitor.page.get_attribute("main table tbody a >> nth=0", "href"))
            if label:
                link = f"main a:has-text('{label}')"
                check_both(visitor, visitor.page.get_attribute(link, "href"))


class TestKeyboard:
    """A page is worked without a mouse."""

    def test_the_skip_link_is_the_first_stop_and_leads_to_the_text(self, visitor):
        visitor.sign_in("zhang")
        visitor.page.keyboard.press("Tab")
        assert visitor.page.evaluate("document.activeElement.textContent") == "跳到正文"
        visitor.page.keyboard.press("Enter")
        assert visitor.page.evaluate("document.activeElement.id") == "main"


class TestWithoutScript:
    """Pages work without JavaScript."""

    def test_signing_in_and_reading_a_case(self, browser, browser_context_args, product):
        context = browser.new_context(**{**browser_context_args, "java_script_enabled": False})
        page = context.new_page()
        page.goto(f"{product}/accounts/sign-in/")
        page.fill("input[name=username]", "wu")
        page.fill("input[name=password]", "minggou-demo-2026")
        page.click("main button[type=submit]")
        assert page.url.endswith("/desk/")
        page.goto(f"{product}/projects/?q=博物馆票务系统运维")
        page.click("main table tbody a[href^='/projects/']")
        assert page.locator("ol.stepper li").count() == 7
        context.close()

    def test_searching_and_reading_what_is_published_in_large_type(
        self, browser, browser_context_args, product
    ):
        """200 % of a desk, and a phone."""
        context = browser.new_context(**{**browser_context_args, "java_script_enabled": False})
        page = context.new_page()
        for width in (683, 390):
            page.set_viewport_size({"width": width, "height": 844})
            page.goto(f"{product}/public/?type=normal")
            page.click("a:text-is('大字版')")
            page.fill("input[name=q]", "运维")
            page.click("main button[type=submit]")
            page.click("main ol a >> nth=0")
            page.click("main a[href^='/public/projects/']")
            assert page.locator("main h2[id^=step-]").count() == 7
            for path in (
                "notices/",
                "projects/",
                "search/?q=运维",
                "feeds/",
                "verify/",
                "nothing/",
            ):
                page.goto(f"{product}/public/{path}")
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, f"{path} is {wide} wide at {width}"
        context.close()
