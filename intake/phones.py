"""Phone numbers written with + and country, read quickly: what is accepted here is what `phonenumbers` makes of the same text.

Whoever is not sure returns None, and the form field decides. A property test compares both over every region.
"""

import re
from collections.abc import Callable
from functools import cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata, PhoneNumber, is_valid_number

_INTERNATIONAL = re.compile(r"\+[1-9][0-9]*(?:[ -][0-9]+)*").fullmatch
_LONGEST = 30
_TYPES = (
    "fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "personal_number", "voip", "pager", "uan", "voicemail",
)  # fmt: skip

type Verdict = Callable[[str], bool]


def quick_phone(text: str) -> str | None:
    """Return the E.164 form of `text` if it plainly is a valid international number, else None."""
    if len(text) > _LONGEST or not _INTERNATIONAL(text):
        return None
    digits = text[1:].replace(" ", "").replace("-", "")
    for length in (1, 2, 3):
        if (code := digits[:length]) in _CODES:
            national = digits[length:]
            # A zero or a national prefix in front may have to be dropped: not for us to say.
            return f"+{digits}" if national and national[0] != "0" and _verdict(code)(national) else None
    return None


_CODES = frozenset(map(str, COUNTRY_CODE_TO_REGION_CODE))


@cache
def _verdict(code: str) -> Verdict:
    regions = COUNTRY_CODE_TO_REGION_CODE[int(code)]
    if len(regions) > 1 or regions[0] == "001":
        return lambda national: not _prefixed(code, regions[0])(national) and is_valid_number(PhoneNumber(int(code), int(national)))
    metadata = PhoneMetadata.metadata_for_region(regions[0])
    prefixed, general = _prefixed(code, regions[0]), _matcher(metadata.general_desc)
    kinds = [matcher for name in _TYPES if (matcher := _matcher(getattr(metadata, name)))]
    return lambda national: bool(general and general(national)) and not prefixed(national) and any(kind(national) for kind in kinds)


@cache
def _prefixed(code: str, region: str) -> Verdict:
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(int(code), region)
    pattern = metadata.national_prefix_for_parsing if metadata else None
    if not pattern:
        return lambda national: False
    match = re.compile(pattern).match
    return lambda national: match(national) is not None


def _matcher(desc: object) -> Verdict | None:
    if desc is None or desc.national_number_pattern is None:
        return None
    matches, lengths = re.compile(desc.national_number_pattern).fullmatch, frozenset(desc.possible_length)
    # No lengths of its own means those of the country as a whole; -1 means that there is no such number.
    return lambda national: (not lengths or len(national) in lengths) and matches(national) is not None
