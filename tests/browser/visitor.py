"""One person at one window of the browser."""

from __future__ import annotations

from pathlib import Path

PASSWORD = "minggou-demo-2026"


class Visitor:
    """A person at the product: signs in, opens pages, presses buttons, keeps pictures."""

    def __init__(self, page, address: str, pictures: Path | None) -> None:
        self.page, self.address, self.pictures = page, address, pictures
        self.failures: list[str] = []
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: self.failures.append(str(error)))
        page.on("console", self._note)

    def _note(self, message) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            self.failures.append(message.text)

    def sign_in(self, username: str) -> None:
        self.page.context.clear_cookies()
        self.open("/accounts/sign-in/")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url("**/desk/")

    def open(self, path: str) -> int:
        response = self.page.goto(self.address + path)
        return response.status if response else 0

    def press(self, label: str) -> None:
        self.page.click(f"main button:has-text('{label}')")
        self.page.wait_for_load_state()

    def follow(self, label: str) -> None:
        self.page.click(f"main a:has-text('{label}')")
        self.page.wait_for_load_state()

    def text(self) -> str:
        return self.page.inner_text("main")

    def picture(self, name: str) -> None:
        if self.pictures:
            self.page.screenshot(path=str(self.pictures / f"{name}.png"), full_page=True)
