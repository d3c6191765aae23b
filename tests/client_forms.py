"""What a browser sends: the values that a form page shows, with changes."""

import re
from html import unescape
from html.parser import HTMLParser

from django.http import HttpResponse


class _Fields(HTMLParser):
    """Collects name and values of the inputs of the form in <main> that has a version, else a save bar, else is the first."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self.select = self.area = ""
        self.first = None
        self.chosen = False

    def _add(self, name: str, value: str) -> None:
        self.found.setdefault(name, []).append(value)

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        name = known.get("name", "")
        if tag == "input" and name and "disabled" not in known:
            if known.get("type") in ("checkbox", "radio"):
                if "checked" in known:
                    self._add(name, known.get("value", "on"))
            elif known.get("type") != "file":
                self._add(name, known.get("value") or "")
        elif tag == "select" and "disabled" not in known:
            self.select, self.first, self.chosen = name, None, "multiple" in known
        elif tag == "option" and self.select:
            self.first = known.get("value", "") if self.first is None else self.first
            if "selected" in known:
                self._add(self.select, known.get("value", ""))
                self.chosen = True
        elif tag == "textarea":
            self.area = name
            self._add(name, "")

    def handle_data(self, data):
        if self.area:
            self.found[self.area][-1] += data

    def handle_endtag(self, tag):
        if tag == "select" and self.select:
            if not self.chosen:
                self._add(self.select, self.first or "")
            self.select = ""
        elif tag == "textarea":
            text = self.found[self.area][-1] if self.area else ""
            if self.area:
                self.found[self.area][-1] = text.removeprefix("\n")
            self.area = ""


def sent(page: HttpResponse, **changes) -> dict[str, object]:
    """Return what the form in <main> of `page` would send, with `changes`; None takes a field away."""
    main = re.sub(r"<template>.*?</template>", "", page.text.partition("<main")[2], flags=re.S)
    forms = re.findall(r"<form[^>]*>.*?</form>", main, re.S)
    dirty = (form for form in forms if "data-dirty" in form.partition(">")[0])
    form = next((form for form in forms if 'name="version"' in form), None) or next(dirty, forms[0])
    fields = _Fields()
    fields.feed(form)
    fields.found.pop("csrfmiddlewaretoken", None)
    found: dict[str, object] = dict(fields.found) | changes
    return {name: value for name, value in found.items() if value is not None}


def errors(page: HttpResponse) -> dict[str, list[str]]:
    """Return the errors of the form that `page` shows."""
    return {name: [unescape(str(text)) for text in found] for name, found in page.context["form"].errors.items()}
