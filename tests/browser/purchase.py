"""Walking a purchase as the named people do: desks of their own, the clock, acts, refusals."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.browser.visitor import Visitor

NAME = "公共文化信息服务平台运维"
AGAIN = 250
# The text of cells as it is seen, without what is said to screen readers only.
SEEN = """cells => cells.map(cell => {
  const copy = cell.cloneNode(true);
  copy.querySelectorAll(".visually-hidden").forEach(hidden => hidden.remove());
  return copy.textContent.replace(/\\s+/g, " ").trim();
})"""


class People:
    """Each person at a desk of their own: signs in once, then works in that window."""

    def __init__(self, browser: Any, arguments: dict, address: str, pictures: Path | None) -> None:
        self.browser, self.arguments = browser, arguments
        self.address, self.pictures = address, pictures
        self.desks: dict[str, Visitor] = {}
        self.case_path = ""

    def __call__(self, username: str) -> Visitor:
        """The window of a person; nobody is signed in to the window of “”."""
        if username not in self.desks:
            page = self.browser.new_context(**self.arguments).new_page()
            self.desks[username] = Visitor(page, self.address, self.pictures)
            if username:
                self.desks[username].sign_in(username)
        return self.desks[username]

    def failures(self) -> list[str]:
        return [f"{name}: {said}" for name, desk in self.desks.items() for said in desk.failures]

    def close(self) -> None:
        for desk in self.desks.values():
            desk.page.context.close()

    def set_clock(self, day: str) -> None:
        """方毅 moves the demonstration clock to a day."""
        desk = self("sysadmin")
        desk.open("/clock/")
        desk.page.fill("input[name=to]", day)
        desk.press("拨动")
        assert f"演示时钟已拨到 {day}" in desk.text()

    def case(self, username: str, tab: str = "") -> Visitor:
        """Walk A's case at a person's desk, at one of its tabs."""
        desk = self(username)
        if not self.case_path:
            desk.open(f"/projects/?q={NAME}")
            self.case_path = desk.page.get_by_role("link", name=NAME, exact=True).get_attribute(
                "href"
            )
        desk.open(self.case_path)
        if tab:
            desk.page.click(f"nav.tabs a:text-is('{tab}')")
            desk.page.wait_for_load_state()
        return desk


def open_act(desk: Visitor, title: str, about: str = "") -> None:
    """From “下一步” to the page of an act, also where conditions are unmet."""
    block = desk.page.locator(f"#next-step .act:has(h3:text-is('{title}'))")
    if about:
        block = block.filter(has=desk.page.locator(".act-summary", has_text=about))
    block.first.locator(".act-foot a").click()
    desk.page.wait_for_load_state()


def offered(desk: Visitor) -> list[str]:
    """The acts that “下一步” offers at this desk."""
    return desk.page.locator("#next-step .act h3").all_inner_texts()


def fill(desk: Visitor, values: dict[str, Any]) -> None:
    """Fields by name; an option or a radio button by (part of) its words, a tick by a bool."""
    for name, value in values.items():
        field = desk.page.locator(f"main form[method=post] [name='{name}']")
        kind = field.first.evaluate("element => element.type")
        if kind == "select-one":
            option = field.locator("option", has_text=value).first
            field.select_option(option.get_attribute("value"))
        elif kind == "checkbox":
            field.set_checked(value)
        elif kind == "radio":
            desk.page.locator("main form label", has_text=value).first.click()
        else:
            field.fill(value)


def do(desk: Visitor, title: str, values: dict[str, Any] | None = None, about: str = "") -> str:
    """The act done from “下一步”; answers what the next page says."""
    open_act(desk, title, about)
    fill(desk, values or {})
    return press(desk, title)


def press(desk: Visitor, title: str) -> str:
    """The button pressed; the act is done."""
    desk.press(title)
    assert desk.page.locator(".message--success").count() == 1, desk.text()
    return desk.text()


def refused(desk: Visitor, title: str, *said: str) -> str:
    """The button pressed; the act is refused with these words, and nothing has changed."""
    desk.press(title)
    assert desk.page.locator(".refusals").count() == 1, desk.text()
    text = desk.page.inner_text(".refusals")
    for part in said:
        assert part in text, text
    return text


def row_of(desk: Visitor, *words: str) -> str:
    """The text of the one table row that has all these words."""
    rows = desk.page.locator("main table tbody tr")
    for word in words:
        rows = rows.filter(has_text=word)
    assert rows.count() == 1, desk.text()
    return "\t".join(rows.locator("th, td").evaluate_all(SEEN))


def wait_for(desk: Visitor, text: str, tries: int = 60) -> None:
    """The worker delivers within a moment; the page is read again until it shows."""
    for _ in range(tries):
        if text in desk.text():
            return
        desk.page.wait_for_timeout(AGAIN)
        desk.page.reload()
    raise AssertionError(f"{text} never appeared:\n{desk.text()}")


def resubmitted(desk: Visitor, title: str) -> int:
    """The button pressed twice, then the same form sent once more; the status of that answer."""
    form = "Object.fromEntries(new FormData(document.querySelector('main form[method=post]')))"
    fields, address = desk.page.evaluate(form), desk.page.url
    desk.page.dblclick(f"main button:has-text('{title}')")
    desk.page.wait_for_url(re.compile(r"/contracts/\d+/$"))
    assert desk.page.locator(".message--success").count() == 1, desk.text()
    return desk.page.request.post(address, form=fields, max_redirects=0).status
