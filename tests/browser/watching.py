"""What must be true of every page that a journey passes: nothing on the console, no other host, no accessibility violation, no overflow."""

import re
from collections.abc import Sequence
from functools import cache
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

from tests.browser.inks import fresh

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What a theme or a width can break; the structure of a page is the same in all looks.
CONTRAST = "color-contrast"
SEEN = (CONTRAST, "link-in-text-block", "target-size", "scrollable-region-focusable", "aria-hidden-focus", "nested-interactive")
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

    def heard(self) -> list[str]:
        """Return the complaints since the last call."""
        complaints, self.complaints = self.complaints, []
        return complaints

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
def axe() -> str:
    """Return axe's own script."""
    return Axe().axe_script


# The rows of a list are made alike: the first ones speak for the rest.
_ALIKE = "tbody > tr:nth-child(n+9)"
_RUN = """([about, options]) => axe.run(about === "fresh" ? {include: window.freshTexts} : about, options).then(found =>
    found.violations.map(({id, help, nodes}) => ({id, help, nodes: nodes.slice(0, 3).map(node => node.html)}))
)"""
# Texts whose contrast this process has seen to be enough.
_READ: set[int] = set()


def _faults(page: Page, about: dict[str, list] | str, options: dict[str, object]) -> list[str]:
    found = page.evaluate(_RUN, [about, options | {"resultTypes": ["violations"]}])
    return [
        f"{violation['id']}: {violation['help']}\n    " + "\n    ".join(html[:200] for html in violation["nodes"]) for violation in found
    ]


def violations(page: Page, rules: Sequence[str] = (), *, anew: bool = False) -> list[str]:
    """Run axe on the page as it stands, all rules or `rules`, and return one line for each violation. The page's own CSP stays in force.

    The contrast of texts that are drawn as others before (inks.py) is asked again only `anew`.
    """
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(axe())
    left_out = () if anew else (CONTRAST,)
    asked = {"type": "rule", "values": [rule for rule in rules if rule not in left_out]} if rules else {"type": "tag", "values": TAGS}
    found = _faults(page, {"exclude": [_ALIKE]}, {"runOnly": asked, "rules": {rule: {"enabled": False} for rule in left_out}})
    if anew:
        return found
    if texts := fresh(page, _READ):
        if faint := _faults(page, "fresh", {"runOnly": {"type": "rule", "values": [CONTRAST]}}):
            return found + faint
        _READ.update(texts)
    return found


def check(page: Page, looks: Sequence[tuple[str, int]] = LOOKS[:1]) -> None:
    """Assert that the page has no axe violation in `looks` (theme, width in px) and does not scroll sideways at 320 px.

    A journey looks once at each page that it passes; all pages are looked at in both themes by themselves (test_pages.py), all components
    in all looks (test_specimen.py). The first look is asked everything, a further one what theme and width can change; of all looks, each
    is asked everything.
    """
    size = page.viewport_size
    for place, (theme, width) in enumerate(looks):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        rules = SEEN if place and looks == LOOKS else ()
        assert not (found := violations(page, rules, anew=looks == ALL_LOOKS)), f"{page.url} ({theme}, {width} px):\n" + "\n".join(found)
    page.set_viewport_size({"width": 320, "height": 900})
    widest = page.evaluate("document.documentElement.scrollWidth")
    assert widest <= 320, f"{page.url} is {widest} px wide at 320 px."
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size(size or {"width": 1440, "height": 900})
