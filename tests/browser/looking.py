"""Opens a page in a browser, and listens to what it says and asks for."""

from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Browser, BrowserContext, Page

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
#: The success criteria of WCAG 2.2 at A and AA, and what axe counts as good practice beside them.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Look:
    """Pages opened in one test, each in a context of its own."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self.browser, self.folder = browser, folder
        self.said: list[str] = []
        self.asked_for: list[str] = []
        self._contexts: list[BrowserContext] = []

    def open(self, name: str = "manager", address: str = "", width: int = 1280, **settings: Any) -> Page:
        """A page at an address within it, when its records are there."""
        context = self.browser.new_context(viewport={"width": width, "height": 900}, **settings)
        self._contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self._note(request.url))
        page.goto(f"{(self.folder / name).as_uri()}.html{address}")
        if settings.get("java_script_enabled", True):
            page.wait_for_selector("#filter-severity option[value=critical]", state="attached")
        return page

    def close(self) -> None:
        """Close every page."""
        for context in self._contexts:
            context.close()

    def _note(self, url: str) -> None:
        if not url.startswith(self.folder.as_uri()) and not url.startswith("blob:null/"):
            self.asked_for.append(url)


def violations(page: Page) -> list[str]:
    """What axe has against a page, a line each; the page has to be opened with bypass_csp, or axe cannot be put in."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)
    return [f"{each['id']}: {[node['target'] for node in each['nodes']]}" for each in found["violations"]]
