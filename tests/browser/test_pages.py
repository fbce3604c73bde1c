"""Every page of this release, at desk and phone width: no axe violation, no sideways scroll."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

PUBLIC = (
    "/",
    "/regulations/",
    "/regulations/YB/",
    "/regulations/PH/9/",
    "/accounts/sign-in/",
    "/_style/",
)
PAGES = {
    "zhang": (
        "/desk/",
        "/projects/",
        "/projects/plans/",
        "/disclosure/duties/",
        "/budget/ceilings/",
    ),
    "zhao": (
        "/desk/",
        "/budget/reviews/",
        "/budget/decisions/",
        "/budget/decisions/new/",
        "/budget/replies/",
        "/budget/replies/new/",
        "/budget/ceilings/",
        "/budget/ceilings/new/",
    ),
    "wu": ("/audit/", "/projects/"),
    "sysadmin": ("/clock/", "/desk/"),
}
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


def check(visitor, path: str, width: int) -> None:
    assert visitor.open(path) == 200, path
    found = Axe().run(visitor.page, options=RULES)
    assert found.violations_count == 0, f"{path} at {width}: {found.generate_report()}"
    wide = visitor.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, f"{path} is {wide} wide at {width}"
    visitor.picture(f"page-{width}-{path.strip('/').replace('/', '-') or 'home'}")


@pytest.mark.parametrize("width", [1366, 390])
class TestPages:
    """WCAG 2.1 A and AA."""

    def test_public_pages(self, visitor, width):
        visitor.page.set_viewport_size({"width": width, "height": 844})
        for path in PUBLIC:
            check(visitor, path, width)

    @pytest.mark.parametrize("username", list(PAGES))
    def test_pages_of_a_desk(self, visitor, width, username):
        visitor.page.set_viewport_size({"width": width, "height": 844})
        visitor.sign_in(username)
        for path in PAGES[username]:
            check(visitor, path, width)

    def test_pages_of_a_case(self, visitor, width):
        visitor.page.set_viewport_size({"width": width, "height": 844})
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
                check(visitor, path, width)


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
        page.goto(f"{product}/projects/")
        page.click("main table tbody a[href^='/projects/']")
        assert page.locator("ol.stepper li").count() == 7
        context.close()
