"""Which parts of a shown text a search found, as HTML with <mark>."""

import re

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from clientdesk.questions import terms
from clientdesk.words import NO_SPACES, search_key

# Signs that a short word may begin with within a text.
_WITHIN = re.compile(f"[{NO_SPACES}]")


class Marks:
    """What was typed, to be marked in texts. Everything but the marks is escaped."""

    def __init__(self, typed: str) -> None:
        self._words = sorted({word for term in terms(typed) for way in term.ways for word in way}, key=len, reverse=True)

    def are_in(self, text: str) -> bool:
        """Say whether anything of what was typed is in `text`."""
        return any(self._signs(text))

    def html(self, text: str) -> SafeString:
        """Return `text` with its marked parts."""
        found, parts, start = self._signs(text), [], 0
        for place in range(1, len(text) + 1):
            if place == len(text) or found[place] != found[start]:
                part = text[start:place]
                parts.append(format_html("<mark>{}</mark>", part) if found[start] else escape(part))
                start = place
        return mark_safe("".join(parts))

    def _signs(self, text: str) -> list[bool]:
        """Return for each sign of `text` whether it is found."""
        found = [False] * len(text)
        folded = [search_key(sign) if not sign.isspace() else " " for sign in text]
        for signs, whole in ((folded, True), ([part if part.isalnum() else "" for part in folded], False)):
            key = "".join(signs)
            owner = [place for place, part in enumerate(signs) for _sign in part]
            for word in self._words:
                # Without spaces and signs a text is looked at for numbers only.
                if whole or (len(word) > 2 and any(sign.isdigit() for sign in word)):
                    self._mark(found, key, owner, word)
        return found

    def _mark(self, found: list[bool], key: str, owner: list[int], word: str) -> None:
        start = key.find(word)
        while start >= 0:
            if len(word) > 2 or not start or key[start - 1] == " " or _WITHIN.match(key[start]):
                for place in range(owner[start], owner[start + len(word) - 1] + 1):
                    found[place] = True
            start = key.find(word, start + 1)
