"""Which words name a country in a file: ISO codes and names in the languages that files come in."""

from functools import cache

from babel import Locale

from clientdesk.countries import country_choices
from clientdesk.words import search_key

LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl", "pl", "sv", "da", "cs")
# Words in daily use that the dictionaries do not list.
ALSO = {
    "AE": ["UAE", "VAE"],
    "BA": ["Bosnia"],
    "CD": ["DR Congo", "DRC"],
    "CH": ["Swiss"],
    "CZ": ["Czech Republic", "Tschechische Republik"],
    "GB": ["UK", "U.K.", "Great Britain", "Grossbritannien", "Großbritannien", "England", "Scotland", "Wales", "Northern Ireland"],
    "IE": ["Republic of Ireland", "Eire"],
    "KR": ["Korea", "Republic of Korea", "Südkorea"],
    "MK": ["Macedonia"],
    "NL": ["Holland", "The Netherlands"],
    "RU": ["Russian Federation"],
    "TR": ["Turkey"],
    "US": [
        "USA",
        "U.S.A.",
        "U.S.",
        "United States of America",
        "America",
        "Vereinigte Staaten von Amerika",
        "Etats-Unis d'Amerique",
        "EE. UU.",
    ],
    "VN": ["Viet Nam"],
}


@cache
def country_words() -> dict[str, str]:
    """Return {word: ISO code}: codes and English names as written, every name folded by `search_key`.

    A name that two languages give to two countries is left out unless it is the English one.
    """
    words: dict[str, str] = {}
    for language in reversed(LANGUAGES):
        names = Locale.parse(language).territories
        for code, _label in country_choices():
            if name := names.get(code):
                folded = search_key(name)
                known = words.get(folded, code)
                words[folded] = code if known == code or language == "en" else ""
    for code, names in ALSO.items():
        words |= dict.fromkeys((search_key(name) for name in names), code)
    for code, _label in country_choices():
        words |= {search_key(code): code, code: code, Locale.parse("en").territories[code]: code}
    return {word: code for word, code in words.items() if code}
