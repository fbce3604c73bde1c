"""Acts on cases as everybody does them: open the case, follow the next step, fill in, press."""

from __future__ import annotations

FILE = {"name": "纪要.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%%EOF\n"}


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


def wait_row(desk, name: str, status: str, tries: int = 40) -> None:
    for _ in range(tries):
        if status in desk.page.inner_text(f"tr:has-text('{name}')"):
            return
        desk.page.wait_for_timeout(250)
        desk.page.reload()
    raise AssertionError(desk.page.inner_text(f"tr:has-text('{name}')"))


def record_decision(people, username: str, body: str, number: str, outcomes: dict[str, str]) -> str:
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


def open_new_reply(desk, unit: str) -> None:
    """A new reply, of the unit and year named; asked for only where there are several."""
    desk.open("/budget/replies/new/")
    groups = desk.page.locator("select[name=group]")
    if groups.count():
        labels = groups.locator("option").all_inner_texts()
        groups.select_option(label=next(label for label in labels if unit in label))
        desk.page.click("main form:has(select[name=group]) button[type=submit]")
        desk.page.wait_for_load_state()
