"""A person at the keyboard: every step of a journey is a key press, so what Tab does not reach cannot be used."""

import re
from pathlib import Path
from typing import Literal

from playwright.sync_api import Locator, Page

FARTHEST = 150
# How many presses of Tab lie between the focus and an element, about: the real ones decide. A group of radio buttons is one stop.
_STEPS = """element => {
    const modal = document.querySelector("dialog:modal") ?? document;
    const stops = [...modal.querySelectorAll("a[href], button, input, select, textarea, summary, iframe, [tabindex]")].filter(stop =>
        stop === element || stop === document.activeElement || (stop.tabIndex >= 0 && !stop.disabled && !stop.closest("[inert]")
        && stop.checkVisibility({visibilityProperty: true})
        && (stop.type !== "radio" || stop.checked
            || !stop.form?.querySelector(`input[type=radio][name="${CSS.escape(stop.name)}"]:checked`))));
    const steps = stops.indexOf(element) - stops.indexOf(document.activeElement);
    return steps < 0 ? steps + stops.length : steps;
}"""
type Role = Literal["button", "link"]
type Name = str | re.Pattern[str]


class Keys:
    """The keyboard on one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        # Who listens from the beginning hears of each file dialog; told a moment before the key is pressed, a busy browser opens its own.
        page.on("filechooser", lambda _chooser: None)

    def to(self, target: Locator) -> None:
        """Press Tab until `target` has the focus."""
        target.wait_for()
        # Asking after each press where the focus is takes as long as the press: the last steps only.
        for _ in range(min(target.evaluate(_STEPS), FARTHEST) - 1):
            self.page.keyboard.press("Tab")
        for _ in range(FARTHEST):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{FARTHEST} times Tab on {self.page.url} did not reach {target}")

    def field(self, label: str) -> Locator:
        """The field of this label, optional or not."""
        plain, optional = (self.page.get_by_label(text, exact=True) for text in (label, f"{label} (optional)"))
        return plain.or_(optional).first

    def type(self, label: str, text: str) -> None:
        """Go to the field of this label and replace what it holds."""
        self.to(self.field(label))
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.press("Delete")
        self.page.keyboard.type(text)

    def choose(self, label: str, option: str) -> None:
        """Go to the select of this label and type the option's beginning, as one does."""
        self.to(self.field(label))
        self.page.keyboard.type(option)
        assert self.field(label).evaluate("select => select.selectedOptions[0].label").startswith(option)

    def tick(self, label: str) -> None:
        """Go to the checkbox or radio of this label and press Space."""
        self.to(self.field(label))
        self.page.keyboard.press("Space")

    def press(self, role: Role, name: Name) -> None:
        """Go to the button or link of this name and press Enter."""
        self.to(self._named(role, name))
        self.page.keyboard.press("Enter")

    def go(self, role: Role, name: Name) -> None:
        """Press it and wait until the next page stands."""
        self.to(self._named(role, name))
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def open(self, role: Role, name: Name, *, dialog: bool) -> None:
        """Press it and wait for the dialog, or for the page that takes its place without JavaScript."""
        if dialog:
            self.press(role, name)
            self.page.get_by_role("dialog").wait_for()
        else:
            self.go(role, name)

    def send(self, name: str, *, dialog: bool) -> None:
        """Press the button that sends a form; a dialog is gone afterwards."""
        if dialog:
            self.to(self.page.get_by_role("dialog").get_by_role("button", name=name))
            self.page.keyboard.press("Enter")
            self.page.get_by_role("dialog").wait_for(state="detached")
        else:
            self.go("button", name)

    def _named(self, role: Role, name: Name) -> Locator:
        if isinstance(name, str):
            return self.page.get_by_role(role, name=name, exact=True).first
        return self.page.get_by_role(role, name=name).first

    def upload(self, label: str, path: Path) -> None:
        """Open the file dialog of the field of this label and choose a file."""
        self.to(self.page.get_by_label(label))
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Space")
        chooser.value.set_files(path)

    def download(self, name: str, folder: Path) -> Path:
        """Press the link of this name and return the file that came."""
        self.to(self.page.get_by_role("link", name=name).first)
        with self.page.expect_download() as coming:
            self.page.keyboard.press("Enter")
        path = folder / coming.value.suggested_filename
        coming.value.save_as(path)
        return path
