"""Numbers joined by hyphens, strokes and marks: ranges, results, telephone numbers, sizes, heights, fractions."""

import re
from typing import Final

from common.line_text.english import amounts, numbers, times
from common.line_text.english.pieces import Piece
from common.line_text.written_word import Reading, combine, distinct, readings, word_set

# Numbers in two parts that most people read in one way of their own.
_KNOWN: Final = {
    **{"10-4": ("ten four",), "4/20": ("four twenty",), "50-50": ("fifty fifty",), "20-20": ("twenty twenty",)},
    **{"80-20": ("eighty twenty",), "30-06": ("thirty ought six", "thirty oh six")},
}
_HELD: Final = word_set("of cup cups mile miles inch inches hour pint pound pounds teaspoon tablespoon price size full")
_ON: Final = word_set("on by until since before after from dated born due through till")
_TEAMS: Final = word_set("we're they're you're i'm he's she's went started go record an lost")
_BEFORE_CODES: Final = word_set("a your my his her what's code possible that's we're i'm")
_UNITS_OF_FRACTIONS: Final = frozenset((2, 3, 4, 5, 6, 7, 8, 9, 16, 32, 64, 100, 1000))
_SIDE = r"(?:[€£$]\d+(?:\.\d+)?[kmb]?|\d+\.\d+|\d+)"
_WITH_UNIT = re.compile(rf"({_SIDE})-({_SIDE})(%|°[CF]?|[a-z]+)", re.IGNORECASE)


def joined_readings(piece: Piece, core: str) -> tuple[Reading, ...]:
    """Returns the readings of numbers that are joined to each other; empty for anything else."""
    return (
        _fraction(core, piece)
        or _height(core)
        or _score(core, piece)
        or _time_range(core)
        or _range_with_unit(core)
        or _range(core)
        or _by(core)
    )


def _fraction(core: str, piece: Piece) -> tuple[Reading, ...]:
    """Fractions, dates without a year, and marks out of ten."""
    if match := re.fullmatch(r"(\d+)[ -](\d{1,2})/(\d{1,3})", core):
        return amounts.mixed_readings(*match.groups())
    match = re.fullmatch(r"(\d{1,3})/(\d{1,3})(?:th|rd|nd)?s?", core)
    if not match:
        return ()
    if core in _KNOWN:
        return distinct([*readings(*_KNOWN[core]), *times.month_and_day(match[1], match[2])])
    spoken, date = amounts.fraction_readings(match[1], match[2]), times.month_and_day(match[1], match[2])
    plain = combine([numbers.count_readings(match[1])[:1], numbers.count_readings(match[2])[:1]])
    marks = combine([numbers.count_readings(match[1])[:1], readings("out of"), numbers.count_readings(match[2])[:2]])
    if piece.before.lower() == "and" and match[1] == "1":
        spoken = distinct(sorted(spoken, key=lambda words: words[0] not in {"a", "an"}))
    if piece.after.lower() == "time":
        return distinct([*plain, *spoken])
    if _is_mark(int(match[1]), int(match[2]), piece):
        return distinct([*marks, *plain, *spoken[:4], *date[:2]])
    if date and _is_date(int(match[1]), int(match[2]), core, piece):
        return distinct([*date[:6], *plain, *spoken[:4], *date[6:]])
    return distinct([*spoken[:4], *date[:2], *marks[:1], *spoken[4:]])


def _is_mark(top: int, bottom: int, piece: Piece) -> bool:
    is_whole = top == bottom and bottom in {5, 10, 20, 100} and piece.before.lower() not in _ON
    if piece.after.lower() in {"stars", "points", "rating"}:
        return True
    return is_whole or (
        bottom in {10, 100} and top > 1 and piece.after.lower() not in _HELD and piece.before.lower() not in _ON
    )


def _is_date(top: int, bottom: int, core: str, piece: Piece) -> bool:
    """True for a month and a day by what stands before them, or where they are no usual fraction."""
    if piece.after.lower() in _HELD or not core[-1].isdigit():
        return False
    return piece.before.lower() in _ON or top >= bottom or bottom not in _UNITS_OF_FRACTIONS


def _height(core: str) -> tuple[Reading, ...]:
    """Feet and inches: 6'2", 5' 11", 6 ft 2."""
    match = re.fullmatch(r"(\d{1,2})(?:'|\sft\.?)\s?(\d{1,2})(?:\"|''|\sin\b\.?)?", core.lower())
    if not match:
        return ()
    feet, inches = numbers.cardinal(int(match[1])), numbers.cardinal(int(match[2]))
    unit = "inch" if match[2] == "1" else "inches"
    return distinct(
        [
            *((*feet, "foot", *inches), (*feet, *inches), (*feet, "feet", *inches), (*feet, "feet", *inches, unit)),
            *((*feet, "foot", *inches, unit), (*feet, "feet", "and", *inches, unit)),
        ]
    )


def _score(core: str, piece: Piece) -> tuple[Reading, ...]:
    """Results of games (5-0, 21-14), and known numbers in two parts; a range rises."""
    if core in _KNOWN:
        first, second = core.split("-") if "-" in core else (core, "")
        return distinct([*readings(*_KNOWN[core]), *(_range_of(first, second) if second else ())])
    match = re.fullmatch(r"(\d{1,3})-(\d{1,3})", core)
    if not match:
        return ()
    high, low = numbers.cardinal(int(match[1])), numbers.cardinal(int(match[2]))
    is_code = match[1] == "10" and piece.before.lower() in _BEFORE_CODES
    if is_code or piece.after.lower() in {"punch", "combo", "combination", "record"}:
        return distinct([(*high, *low), *_range_of(match[1], match[2])])
    if match[1] == match[2] == "0":
        return readings("zero zero", "nothing nothing", "nil nil", "zero to zero", "nothing to nothing", "oh and oh")
    if match[2] == "0":
        return distinct(
            [
                *((*high, "nothing"), (*high, "zero"), (*high, "to", "nothing"), (*high, "oh"), (*high, "to", "zero")),
                *((*high, "nil"), (*high, "and", "oh"), (*high, "love"), (*high, "zip"), (*high, "to", "nil")),
            ]
        )
    if match[1] == "0":
        range_ = [("zero", "to", *low), ("oh", "and", *low)]
        usual = range_[::-1] if piece.before.lower() in _TEAMS else range_
        return distinct([*usual, ("zero", *low), ("oh", *low), ("nothing", *low), ("nil", *low), ("nil", "to", *low)])
    if match[1] == match[2]:
        return distinct([(*high, "all"), (*high, *low), (*high, "to", *low), (*high, "apiece")])
    return ()


def _time_range(core: str) -> tuple[Reading, ...]:
    """Times of day from one to another: 5-6pm, 9am-5pm, 9:00-5:00."""
    match = re.fullmatch(r"(\d{1,2}(?::\d\d)?)(\s?[ap]\.?m\.?)?-(\d{1,2}(?::\d\d)?)(\s?[ap]\.?\s?m\.?)?", core, re.I)
    if not match or not (match[2] or match[4] or (":" in match[1] and ":" in match[3])):
        return ()
    first = times.time_readings(match[1] + (match[2] or "")) or numbers.count_readings(match[1])
    second = times.time_readings(match[3] + (match[4] or ""))
    first, second = (distinct(sorted(own, key=lambda words: "o'clock" in words)) for own in (first, second))
    return combine([first[:3], readings("to", "through"), second[:3]]) if second else ()


def _range_with_unit(core: str) -> tuple[Reading, ...]:
    """Amounts from one to another with one unit, or one currency, for both: 5-10%, 10-15min, $5-10, 2-3x."""
    if match := re.fullmatch(r"([€£$])(\d+(?:\.\d+)?)-\1?(\d+(?:\.\d+)?)([kmb]?)", core, re.IGNORECASE):
        last = amounts.money_readings(match[1] + match[3] + match[4])
        return combine([_simple(match[2])[:3], readings("to"), last[:4]])
    match = _WITH_UNIT.fullmatch(core)
    if not match or (match[3].lower() not in amounts.UNITS and match[3] not in {"°C", "°F"}):
        return ()
    last = amounts.quantity_readings(match[2] + match[3])
    return combine([_simple(match[1])[:3], readings("to"), last[:6]])


def _range(core: str) -> tuple[Reading, ...]:
    """Numbers joined by hyphens: ranges, results, telephone numbers."""
    parts = core.replace("(", "").replace(") ", "-").replace(")", "-").lstrip("+").replace(" ", "-").split("-")
    if len(parts) < 2 or not all(re.fullmatch(r"'?\d+(?:s|%)?|\$\d+|\d+\.\d+", part) for part in parts):
        return ()
    is_phone = len(parts) > 2 or (len(parts[0]) == 3 and len(parts[1]) == 4)
    if is_phone and all(part.isdigit() for part in parts):
        return _phone(parts)
    if len(parts) > 2:
        return combine([_simple(part) for part in parts])
    return _range_of(parts[0].strip("'"), parts[1].strip("'"))


def _range_of(start: str, stop: str) -> tuple[Reading, ...]:
    first, second = _simple(start), _simple(stop)
    if re.fullmatch(r"7\d7", start):
        return combine([first, readings(*map(" ".join, second))])
    if len(start) == 4 and len(stop) == 2:
        second = distinct([*second, *numbers.number_readings(start[:2] + stop)[:1]])
    to = combine([first[:6], readings("to"), second[:6]])
    plain = combine([first[:2], second[:2]])
    return distinct(
        [to[0], *plain[:1], *to[1:10], *combine([first[:1], readings("through", "dash"), second[:1]]), *plain]
    )


def _simple(part: str) -> tuple[Reading, ...]:
    if match := re.fullmatch(r"(\d+)s", part):
        return numbers.decade_readings(match[1])
    return amounts.money_readings(part) or (
        numbers.number_readings(part) if part.isdigit() else amounts.quantity_readings(part)
    )


def _phone(parts: list[str]) -> tuple[Reading, ...]:
    digits = [numbers.all_spelled(part) for part in parts]
    natural = [
        distinct([numbers.pairs(part), *numbers.all_spelled(part)]) if part.endswith("00") and len(part) == 3 else own
        for part, own in zip(parts, digits, strict=True)
    ]
    same = [tuple(word for own in digits for word in own[min(at, len(own) - 1)]) for at in range(2)]
    return distinct([*combine(natural)[:1], *same, *combine(natural)])


def _by(core: str) -> tuple[Reading, ...]:
    """Sizes: 4x4, 8x10."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)x(\d+(?:\.\d+)?[a-z]{0,2})", core, re.IGNORECASE)
    if not match:
        return ()
    first, second = _simple(match[1])[:3], _simple(match[2])[:3]
    if not second:
        return ()
    return distinct([*combine([first, readings("by", "times", "X"), second])])
