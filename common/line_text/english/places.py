"""Words of addresses: compass points, states behind a town, streets without a full stop; short days and months."""

import re
from typing import Final

from common.line_text.english.pieces import Piece
from common.line_text.english.times import DAY_ABBREVIATIONS, MONTH_ABBREVIATIONS
from common.line_text.written_word import Reading, combine, readings, word_set

_COMPASS: Final = {"n": "north", "s": "south", "e": "east", "w": "west"}
_STREETS: Final = {
    **{"st": "street", "ave": "avenue", "av": "avenue", "rd": "road", "blvd": "boulevard", "ln": "lane", "dr": "drive"},
    **{"pkwy": "parkway", "hwy": "highway", "sq": "square", "pl": "place", "ct": "court", "ter": "terrace"},
}
_STREET_WORDS: Final = frozenset((*_STREETS, *_STREETS.values())) | word_set("way row circle broadway crescent close")
_STATES: Final = {
    **{"al": "alabama", "ak": "alaska", "az": "arizona", "ar": "arkansas", "ca": "california", "co": "colorado"},
    **{"ct": "connecticut", "de": "delaware", "fl": "florida", "ga": "georgia", "hi": "hawaii", "id": "idaho"},
    **{"il": "illinois", "in": "indiana", "ia": "iowa", "ks": "kansas", "ky": "kentucky", "la": "louisiana"},
    **{"me": "maine", "md": "maryland", "ma": "massachusetts", "mi": "michigan", "mn": "minnesota"},
    **{"ms": "mississippi", "mo": "missouri", "mt": "montana", "ne": "nebraska", "nv": "nevada"},
    **{"nh": "new hampshire", "nj": "new jersey", "nm": "new mexico", "ny": "new york", "nc": "north carolina"},
    **{"nd": "north dakota", "oh": "ohio", "ok": "oklahoma", "or": "oregon", "pa": "pennsylvania"},
    **{"ri": "rhode island", "sc": "south carolina", "sd": "south dakota", "tn": "tennessee", "tx": "texas"},
    **{"ut": "utah", "vt": "vermont", "va": "virginia", "wa": "washington", "wv": "west virginia"},
    **{"wi": "wisconsin", "wy": "wyoming"},
}
_NOT_A_STREET: Final = word_set("the a an is to of my your his her on in at")
_DAY_TIMES: Final = word_set("morning night afternoon evening nights mornings")
_ALWAYS_A_DAY: Final = word_set("tue tues thu thur thurs weds fri")
_REACH: Final = 3


def is_house_number(piece: Piece) -> bool:
    """True for a number before the name of a street (1600 Pennsylvania Avenue)."""
    names = piece.follows[:_REACH]
    found = next((at for at, word in enumerate(names) if word.lower() in _STREET_WORDS), 0)
    return found > 0 and all(word[:1].isupper() or word[:1].isdigit() for word in names[:found])


def place_readings(piece: Piece) -> tuple[Reading, ...]:
    """Returns the readings of a compass point, a street, a state, a day or a month in short; empty for other words."""
    lower, before = piece.lower, piece.before
    if lower in _COMPASS and piece.core.isupper() and _is_before_street(piece):
        return readings(_COMPASS[lower], lower.upper())
    if lower in _STATES and piece.core.isupper() and piece.mark_before == "," and _follows_town(piece):
        return readings(_STATES[lower], " ".join(piece.core))
    is_named = before[:1].isupper() or before[:1].isdigit()
    is_street = piece.core.istitle() and is_named and before.lower() not in _NOT_A_STREET and not piece.mark_before
    if lower in _STREETS and is_street and not piece.is_dotted and (piece.mark_after or not piece.after[:1].isupper()):
        return readings(_STREETS[lower])
    return _day_or_month(piece)


def _follows_town(piece: Piece) -> bool:
    is_word = piece.lower in {"oh", "ok", "or", "in", "me", "hi", "la", "ma", "pa"}
    return piece.before[:1].isupper() and not (piece.in_capitals and is_word)


def _is_before_street(piece: Piece) -> bool:
    is_ordinal = re.fullmatch(r"\d+(?:st|nd|rd|th)", piece.after) is not None
    names = piece.follows[1:3]
    return is_ordinal or (piece.after[:1].isupper() and any(word.lower() in _STREET_WORDS for word in names[:1]))


def _day_or_month(piece: Piece) -> tuple[Reading, ...]:
    """The readings of a month beside a number, and of a day by what stands beside it."""
    lower = piece.lower
    if not piece.core[:1].isupper():
        return ()
    if lower in MONTH_ABBREVIATIONS and not piece.is_dotted:
        has_day = re.match(r"\d", piece.after) or re.match(r"\d", piece.before)
        return readings(MONTH_ABBREVIATIONS[lower]) if has_day and not piece.mark_before else ()
    if lower not in DAY_ABBREVIATIONS:
        return ()
    day = DAY_ABBREVIATIONS[lower]
    if lower in _ALWAYS_A_DAY or (piece.is_dotted and (lower in {"mon", "wed"} or piece.after in _DAY_TIMES)):
        return readings(day, lower)
    return ()


def span_readings(core: str) -> tuple[Reading, ...]:
    """Returns the readings of days, months or letters from one to another (Mon-Fri, A-Z); empty for other words."""
    sides = re.sub(r"\.", "", core).split("-")
    if core == "A-Z":
        return readings("A to Z", "A through Z", "A Z")
    for table in (DAY_ABBREVIATIONS, MONTH_ABBREVIATIONS):
        if len(sides) == 2 and all(side.istitle() and side.lower() in table for side in sides):
            first, last = (readings(table[side.lower()], side.lower()) for side in sides)
            return combine([first, readings("to", "through"), last])
    return ()
