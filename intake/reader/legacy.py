"""Text from before UTF-8: which code page makes words of it.

Two questions in turn. Is it East Asian? Only if the bytes decode strictly and nearly all characters beyond ASCII are then the common
ones of that script. Else, which single-byte code page gives letters that one European language uses about as often? Windows-1252
wins unless another is clearly better; where none is plausible there is no answer, so that nobody imports mojibake.
"""

import math
import re
from collections import Counter
from itertools import pairwise, product

ENOUGH_COMMON = 0.8
# So many characters are enough to guess by, or to offer a reading.
GUESSED_FROM, OFFERED_FROM = 4, 2
# Too rare to be guessed, but offered where nothing better is.
NEVER_GUESSED = ("cp1256", "cp874", "cp1258")
ENOUGH_LEADS = 8
UNSURE = "unsure"
# How much better than the next a reading must be: in all, and for the average letter of a word.
MARGIN, MARGIN_WORDS = 2.0, 0.2
# The least likelihood of a letter, on average: accents in Latin texts, all letters in others.
PLAUSIBLE, PLAUSIBLE_WORDS = math.log(0.003), math.log(0.03)

# Letters beyond ASCII by language, the most frequent first (rough orders are enough: the code pages differ in nearly all of them).
LANGUAGES = {
    "cp1252": {
        "de": "üäößÜÖÄé",
        "fr": "éèàçêôîùâûëïœÉÀÈ",
        "es": "óíáñéúüÁÍÓÉÑ",
        "it": "àèòùìéÀÈ",
        "pt": "ãçáéíóêõúâàôÁÇÉ",
        "nl": "ëéïèö",
        "sv": "äåöéÅÄÖ",
        "da": "øåæéØÅÆ",
        "is": "áíðþæéóöýúÞÍÓ",
    },
    "cp1250": {
        "pl": "łóążęśćńźŁŚŻŹĆ",
        "cs": "íáéěřčžýšůúťňďóŠČŘŽ",
        "sk": "áíéčšžýťúľňäôďóŠČŽĽŤ",
        "hu": "áéóöőíüúűÁÉÖŐ",
        "hr": "čšžćđŠČŽĆĐ",
        "ro": "ăîâşţŞŢÎ",
        "de": "üäößÜÖÄé",
    },
    "cp1254": {"tr": "ışğüçöâİŞÇÖÜĞ", "de": "üäößÜÖÄé"},
    "cp1257": {"lt": "ėšžųūįčąęŠŽČĖ", "lv": "āīēšūņķļžģčĀŠŪ", "et": "äõüöšžÕÄÜÖ", "de": "üäößÜÖÄé"},
}
# Russian, Ukrainian, Bulgarian, Serbian
_CYRILLIC = (
    "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
    "оаинвірестклудмпзяьбгчйхцєюїжшщфґ",
    "аоиетнрсвлкдпмзгяъубчцжщхйюшфь",
    "аиоенртсвукдмпјлзбгчшцљжхњћфђџ",
)
_GREEK = ("αοιετσνηυρπκμλςίόάήέύώγδχθφβωξζψϊ",)
ALPHABETS = {
    "cp1251": _CYRILLIC,
    "koi8_r": _CYRILLIC[:1],
    "cp866": _CYRILLIC[:1],
    "cp1253": _GREEK,
    "iso8859_7": _GREEK,
    "cp1255": ("יוהלאמרתבשנעםדקפחטגצסזןכךץף",),
}
# The same languages as other makers stored them.
SAME_LETTERS = {"iso8859_2": "cp1250", "cp852": "cp1250", "mac_roman": "cp1252", "cp850": "cp1252"}
# What a file of today must show more evidence for.
RARE = {"iso8859_2": 2.0, "cp852": 6.0, "mac_roman": 6.0, "cp850": 6.0}
# Italian words bear their accent on the last letter: "Mìsto" is no Italian, "Forlì" is.
ACCENT_ENDS_WORD = {"it"}
NEIGHBOURS = re.compile(r"[^\x00-\x7f]{2,}")
# Without the dashes, quotation marks and spaces of Windows, which people repeat.
WORD = re.compile(rb"[\x80-\x90\x98-\x9f\xa1-\xff]{3,}")
HIGH = re.compile(rb"[\x80-\xff]")
AT_END = re.compile(rb"[\x80-\xff](?![A-Za-z\x80-\xff])")
INSIDE = re.compile(rb"[\x80-\xff](?=[A-Za-z\x80-\xff])")
USUAL_SIGNS = frozenset("“”„‚‘’–—…•€£°§®©™«»²³½ªº¿¡№·´\xa0")
ELSEWHERE, SIGN, ODD = math.log(0.0012), math.log(0.004), math.log(0.00001)


def likely_codecs(sample: bytes) -> list[str]:
    """Give the codecs that decode the sample strictly, the most plausible first: what a person may choose from."""
    shares = {codec: _share_of_common(sample, codec, OFFERED_FROM) for codec in COMMON}
    east_asian = sorted((codec for codec in COMMON if shares[codec] >= ENOUGH_COMMON), key=lambda codec: -shares[codec])
    latin = _ranked(_accented_points(sample))
    words = _alphabetic_points(sample)
    plausible = [codec for codec in _ranked(words) if words[codec] >= PLAUSIBLE_WORDS]
    ranked = [*plausible, *NEVER_GUESSED, *latin] if _is_words(sample) else [*latin, *plausible, *NEVER_GUESSED]
    return [codec for codec in dict.fromkeys([*east_asian, *ranked, *_ranked(words)]) if is_strict(sample, codec)]


def _ranked(points: dict[str, float]) -> list[str]:
    return sorted(points, key=lambda codec: -points[codec])


def is_strict(sample: bytes, codec: str) -> bool:
    """Say whether a codec decodes the sample without a doubt."""
    try:
        sample.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _is_words(sample: bytes) -> bool:
    """Whether letters beyond ASCII stand together, as in Greek or Cyrillic words."""
    return sum(map(len, WORD.findall(sample))) > len(HIGH.findall(sample)) / 2


def legacy_codec(sample: bytes) -> str:
    """Give the codec for lines that are not UTF-8, or nothing if no reading is plausible."""
    codec = _east_asian(sample) or (_alphabetic(sample) if _is_words(sample) else _accented(sample))
    return "" if codec == UNSURE else codec


# East Asian


def _east_asian(sample: bytes) -> str:
    """Give the codec under which the sample is strictly decodable and made of common characters."""
    shares = {codec: _share_of_common(sample, codec) for codec in COMMON}
    best = max(shares.values())
    if best < ENOUGH_COMMON:
        return ""
    good = {codec for codec, share in shares.items() if share > best - 0.03}
    if len(good) > 1:
        return _by_lead_bytes(sample, good)
    return good.pop()


def _share_of_common(sample: bytes, codec: str, fewest: int = GUESSED_FROM) -> float:
    try:
        text = sample.decode(codec)
    except UnicodeDecodeError:
        return 0.0
    counts = Counter(c for c in text if c > "\x7f")
    total = counts.total()
    # Single ones between Latin letters are what "Müller" of another code page looks like.
    if total < fewest or sum(map(len, NEIGHBOURS.findall(text))) < total / 2:
        return 0.0
    return sum(count for c, count in counts.items() if COMMON[codec](c)) / total


def _by_lead_bytes(sample: bytes, good: set[str]) -> str:
    """Simplified Chinese, Korean and Japanese EUC share a layout; they differ in kana and in how far their common blocks reach."""
    if "euc_jp" in good:
        text = sample.decode("euc_jp")
        kana = sum(1 for c in text if "぀" <= c <= "ヿ")
        if kana > 0.05 * sum(1 for c in text if c > "\x7f"):
            return "euc_jp"
    leads = _leads(sample)
    if len(leads) < ENOUGH_LEADS:
        return UNSURE
    if "cp949" in good and max(leads) <= 0xC8:
        return "cp949"
    return UNSURE if "euc_jp" in good else "gb18030"


def _leads(sample: bytes) -> list[int]:
    """Give the first byte of each pair beyond ASCII; rows of signs (below 0xB0) tell nothing."""
    return [pair[0] for pair in re.findall(rb"[\x80-\xff].", sample, re.DOTALL) if pair[0] >= 0xB0]


def _lead(c: str, codec: str) -> int:
    try:
        encoded = c.encode(codec)
    except UnicodeEncodeError:
        return 0
    return encoded[0] if len(encoded) == 2 else 0


def _is_sign(c: str) -> bool:
    """CJK punctuation and full-width forms."""
    return "　" <= c <= "〿" or "！" <= c <= "～"


def _is_japanese(c: str) -> bool:
    return "぀" <= c <= "ヿ" or _is_sign(c) or 0xB0 <= _lead(c, "euc_jp") <= 0xCF


def _is_chinese(c: str) -> bool:
    return _is_sign(c) or 0xB0 <= _lead(c, "gb2312") <= 0xD7


def _is_taiwanese(c: str) -> bool:
    return _is_sign(c) or 0xA4 <= _lead(c, "big5") <= 0xC6


def _is_korean(c: str) -> bool:
    return _is_sign(c) or 0xB0 <= _lead(c, "euc_kr") <= 0xC8


COMMON = {
    "cp932": _is_japanese,
    "euc_jp": _is_japanese,
    "gb18030": _is_chinese,
    "cp950": _is_taiwanese,
    "cp949": _is_korean,
}


# Greek and Cyrillic: words of letters beyond ASCII


def _alphabetic(sample: bytes) -> str:
    """Give the code page under which the letters are about as frequent as in a language written with them."""
    points = _alphabetic_points(sample)
    best = max(points, key=lambda codec: points[codec])
    if points[best] < PLAUSIBLE_WORDS:
        return UNSURE
    rivals = [codec for codec in points if codec != best and points[codec] > points[best] - MARGIN_WORDS]
    return best if all(sample.decode(codec) == sample.decode(best) for codec in rivals) else UNSURE


def _alphabetic_points(sample: bytes) -> dict[str, float]:
    return {codec: max(_word_points(sample, codec, order) for order in orders) for codec, orders in ALPHABETS.items()}


def _word_points(sample: bytes, codec: str, order: str) -> float:
    """Give the mean log likelihood of the letters. Capitals after small letters speak against a reading: KOI8 swaps them."""
    try:
        text = sample.decode(codec)
    except UnicodeDecodeError:
        return -math.inf
    total = sum(1 / (rank + 3) for rank in range(len(order)))
    shares = {c: math.log(1 / (rank + 3) / total) for rank, c in enumerate(order)}
    letters = [c for c in text.lower() if c > "\x7f"]
    swapped = sum(1 for before, after in pairwise(text) if before.islower() and after.isupper())
    return (sum(shares.get(c, ELSEWHERE) for c in letters) + swapped * ODD) / len(letters)


# Latin with accents


def _accented(sample: bytes) -> str:
    points = _accented_points(sample)
    best = max(points, key=lambda codec: points[codec])
    if points["cp1252"] > points[best] - MARGIN:
        best = "cp1252"
    return best if points[best] / len(HIGH.findall(sample)) > PLAUSIBLE else UNSURE


def _accented_points(sample: bytes) -> dict[str, float]:
    inside = Counter(byte[0] for byte in INSIDE.findall(sample))
    at_end = Counter(byte[0] for byte in AT_END.findall(sample))
    return {codec: _points(inside, at_end, codec) - RARE.get(codec, 0) for codec in (*LANGUAGES, *SAME_LETTERS)}


def _points(inside: Counter[int], at_end: Counter[int], codec: str) -> float:
    """Give the log likelihood of the bytes under the two languages of the code page that explain them best together."""
    try:
        letters = {byte: bytes([byte]).decode(codec) for byte in inside | at_end}
    except UnicodeDecodeError:
        return -math.inf
    languages = LANGUAGES[SAME_LETTERS.get(codec, codec)]
    anywhere = set("".join(languages.values()))
    ends = [_shares(order) for order in languages.values()]
    middles = [_shares("" if language in ACCENT_ENDS_WORD else order) for language, order in languages.items()]
    pairs = product(range(len(languages)), repeat=2)
    return max(
        _likelihood(inside, letters, middles[first], middles[second], anywhere)
        + _likelihood(at_end, letters, ends[first], ends[second], anywhere)
        for first, second in pairs
    )


def _likelihood(
    counts: Counter[int], letters: dict[int, str], first: dict[str, float], second: dict[str, float], anywhere: set[str]
) -> float:
    return sum(count * _weight(letters[byte], first, second, anywhere) for byte, count in counts.items())


def _shares(letters: str) -> dict[str, float]:
    """Zipf's law on the order of the letters."""
    total = sum(1 / (rank + 1) for rank in range(len(letters)))
    return {c: 0.9 / (rank + 1) / total for rank, c in enumerate(letters)}


def _weight(c: str, first: dict[str, float], second: dict[str, float], anywhere: set[str]) -> float:
    share = 0.65 * first.get(c, 0) + 0.35 * second.get(c, 0)
    if share:
        return math.log(share)
    if c in anywhere or c.lower() in first:
        return ELSEWHERE
    return SIGN if c in USUAL_SIGNS else ODD
