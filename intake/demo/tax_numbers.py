"""Invented tax numbers that keep the rules of their countries, so that a form and an import take them."""

from itertools import count

from clients.tax_numbers import why_wrong

# “#” takes a digit of the wanted number, “@” one as a letter; “?” is the check digit.
_SHAPES = {
    "DE": "DE########?",
    "PL": "PL#########?",
    "FR": "########?",
    "ES": "ESB#######?",
    "SE": "SE#########?01",
    "CZ": "CZ2######?",
    "TR": "#########?",
    "BG": "BG########?",
    "UA": "#######?",
    "GR": "EL########?",
    "JP": "?835#########",
    "KR": "2##8#####?",
    "IN": "27@@@C@####@1Z?",
}
_CHECKS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def tax_number(country: str, wanted: int) -> str:
    """Return a tax number of the ISO 3166 `country` from `wanted`, nine digits: the same for the same, mostly another for another."""
    if country not in _SHAPES:
        return f"{country}{wanted}"
    shape = _SHAPES[country]
    places = shape.count("#") + shape.count("@")
    # Some numbers have no check digit; the next one is tried then.
    for tried in count(wanted // 10 ** (9 - places)):
        digits = iter(str(tried))
        body = "".join(next(digits) if sign == "#" else chr(65 + int(next(digits))) if sign == "@" else sign for sign in shape)
        for check in _CHECKS if country == "IN" else _CHECKS[:10]:
            if not why_wrong(number := body.replace("?", check), country):
                return number
    raise AssertionError("unreachable")
