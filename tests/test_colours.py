"""The colour of a branch can be read wherever it meets other colours, and nothing but a colour reaches a stylesheet."""

import re

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from clientdesk.colours import parsed, ratio, readable, shades, stylesheet, validate_colour, written
from clientdesk.fields import ColourField
from tests import contrast

TOKENS = contrast.tokens(settings.BASE_DIR / "static/css/tokens.css")
# Blue, red, black, nearly too faint, the deep ones, and two faint ones that somebody wrote past the form.
COLOURS = ["#2b46c4", "#c8102e", "#000000", "#767676", "#00008b", "#4b0082", "#006400", "#7f0000", "#ffcc00", "#ffffff"]
HOSTILE = ["red", "", "#12345", "#1234567", "#12345g", "rgb(0,0,0)", "#000}*{", "#00000\n", "#०००००", "</style>", "#000;x", "var(--x)"]
MEETS = [
    *[("on-accent", ground, 4.5) for ground in ("accent", "accent-hover", "agency")],
    *[("accent-ink", ground, 4.5) for ground in ("surface", "well", "canvas", "raised", "accent-tint")],
    *[(ink, ground, 4.5) for ink in ("ink", "ink-2") for ground in ("accent-tint", "selected")],
    *[("accent", ground, 3.0) for ground in ("surface", "raised")],
]


def colour(name: str, theme: str, own: dict[str, tuple[str, str]]) -> tuple[int, int, int]:
    """Return the token `name` with the colour of a branch, else as the product has it."""
    if name in own:
        return parsed(own[name][theme == "dark"])
    return tuple(
        round(255 * (12.92 * v if v <= 0.0031308 else 1.055 * v ** (1 / 2.4) - 0.055)) for v in contrast.linear(TOKENS[theme][name])
    )


@pytest.mark.parametrize("text", COLOURS)
def test_whatever_colour_a_branch_has_it_can_be_read_in_both_themes(text):
    own = shades(text)
    found = [
        (theme, front, back, round(ratio(colour(front, theme, own), colour(back, theme, own)), 2), least)
        for theme in ("light", "dark")
        for front, back, least in MEETS
    ]
    assert [one for one in found if one[3] < one[4]] == []


@pytest.mark.parametrize(("text", "taken"), [("#2b46c4", True), ("#767676", True), ("#777777", False), ("#ffcc00", False), ("#fff", False)])
def test_a_faint_colour_is_refused_with_one_that_is_not(text, taken):
    if taken:
        validate_colour(text)
        assert shades(text)["accent"][0] == text, "what can be read stays as it was chosen"
        return
    with pytest.raises(ValidationError) as refused:
        validate_colour(text)
    if near := re.search(r"Try (#\w{6})", refused.value.messages[0]):
        validate_colour(near[1])
        assert near[1] == written(readable(parsed(text)))


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_no_colour_is_refused_and_gives_no_rule(text):
    with pytest.raises(ValidationError):
        validate_colour(text)
    assert stylesheet(text) == ""


@pytest.mark.parametrize(("typed", "kept"), [("C8102E", "#c8102e"), (" #abc ", "#aabbcc"), ("#c8102e", "#c8102e"), ("", "")])
def test_a_colour_may_be_typed_in_several_ways(typed, kept):
    assert ColourField(required=False).clean(typed) == kept
