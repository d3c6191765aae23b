"""What must be true of every page that a journey passes: nothing on the console, no other host, no accessibility violation, no overflow."""

import re
from collections.abc import Sequence
from functools import cache
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Every page in both themes and both widths; what a theme does at the other width shows on the pages that are looked at in all four.
LOOKS = (("light", 1440), ("dark", 360))
ALL_LOOKS = tuple((theme, width) for theme in ("light", "dark") for width in (1440, 360))
# Chromium reports every answer of 400 and above on the console. Refused forms and missing pages are meant; a missing file is not.
_MEANT = re.compile(r"Failed to load resource: the server responded with a status of (400|403|404|405|409|410|413|422|429) ")
# A journey can press Tab before Chromium has come to the field that asks for the focus; nobody loses anything by it.
_QUICK = "Autofocus processing was blocked because a document already has a focused element."


class Watch:
    """Collects what a browser context has to complain about."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.base = base
        self.complaints: list[str] = []
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"Error on the page: {error.error}"))
        context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        address = message.location.get("url", "")
        if _MEANT.match(message.text) and not urlsplit(address).path.startswith("/static/"):
            return
        if message.text == _QUICK:
            return
        self.complaints.append(f"Console ({message.type}) at {address}: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.base + "/", "blob:", "about:")):
            self.complaints.append(f"Request to another host: {request.url}")


@cache
def _axe() -> Axe:
    return Axe()


def violations(page: Page) -> list[str]:
    """Run axe on the page as it stands and return one line for each violation. The page's own CSP stays in force."""
    found = _axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]})
    return [
        f"{violation['id']}: {violation['help']}\n    " + "\n    ".join(node["html"][:200] for node in violation["nodes"][:3])
        for violation in found.response["violations"]
    ]


def check(page: Page, looks: Sequence[tuple[str, int]] = LOOKS) -> None:
    """Assert that the page has no axe violation in `looks` (theme, width in px) and does not scroll sideways at 320 px."""
    size = page.viewport_size
    for theme, width in looks:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        assert not (found := violations(page)), f"{page.url} ({theme}, {width} px):\n" + "\n".join(found)
    page.set_viewport_size({"width": 320, "height": 900})
    widest = page.evaluate("document.documentElement.scrollWidth")
    assert widest <= 320, f"{page.url} is {widest} px wide at 320 px."
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size(size or {"width": 1440, "height": 900})
