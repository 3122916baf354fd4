"""Numbers in words: counts, ordinals, years, digits, pairs of digits."""

from collections.abc import Sequence
from typing import Final

from common.line_text.written_word import Reading, distinct

_ONES: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS: Final = ("_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES: Final = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred"))
_MAX_DIGITS: Final = 15
_ORDINALS: Final = {
    **{"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth"},
    **{"nine": "ninth", "twelve": "twelfth"},
}
# Numbers that most people read in one way of their own.
_KNOWN: Final = {
    **{"911": "nine one one", "411": "four one one", "311": "three one one", "101": "one oh one"},
    **{"007": "double oh seven", "747": "seven forty seven", "737": "seven thirty seven", "360": "three sixty"},
    **{"180": "one eighty", "401": "four oh one", "404": "four oh four", "420": "four twenty", "666": "six six six"},
    **{
        "757": "seven fifty seven",
        "767": "seven sixty seven",
        "777": "triple seven",
        "5150": "fifty one fifty",
        "1066": "ten sixty six",
    },
    **{"000": "triple zero", "999": "nine nine nine", "100": "a hundred", "1000": "a thousand"},
}


# Of these, those that are read as counts before things.
_COUNTED: Final = frozenset(("101", "360", "180", "401", "404", "420", "666", "777", "757", "767", "999", "1066"))


def cardinal(value: int) -> Reading:
    """Returns the words of a count ≥ 0."""
    if value < 20:
        return (_ONES[value],)
    if value < 100:
        return (_TENS[value // 10], *((_ONES[value % 10],) if value % 10 else ()))
    scale, name = next((scale, name) for scale, name in _SCALES if value >= scale)
    return (*cardinal(value // scale), name, *(cardinal(value % scale) if value % scale else ()))


def ordinal(value: int) -> Reading:
    """Returns the words of a place in an order (21 → twenty first)."""
    *words, last = cardinal(value)
    return (*words, ordinal_word(last))


def ordinal_word(word: str) -> str:
    """Returns the ordinal of a number word (twenty → twentieth)."""
    if word in _ORDINALS:
        return _ORDINALS[word]
    return f"{word[:-1]}ieth" if word.endswith("y") else f"{word}th"


def plural(reading: Reading) -> Reading:
    """Returns a reading with its last word in the plural (nineties, sevens, sixes)."""
    *words, last = reading
    if len(last) == 1 or last.endswith("'s"):
        return (*words, f"{last[0]}'s")
    if last.endswith("y"):
        return (*words, f"{last[:-1]}ies")
    return (*words, f"{last}es" if last.endswith(("x", "s")) else f"{last}s")


def spelled(digits: str, zero: str = "zero") -> Reading:
    """Returns digits one by one."""
    return tuple(zero if digit == "0" else _ONES[int(digit)] for digit in digits)


def all_spelled(digits: str) -> tuple[Reading, ...]:
    """Returns digits one by one, with both names of 0."""
    return distinct([spelled(digits, "oh"), spelled(digits)])


def pairs(digits: str) -> Reading:
    """Returns three or four digits in two groups, as rooms, flights and years are read (237 → two thirty seven)."""
    high, low = digits[:-2], digits[-2:]
    if low == "00":
        return (*cardinal(int(high)), "hundred")
    return (*cardinal(int(high)), *(("oh",) if low[0] == "0" else ()), *cardinal(int(low)))


def count_readings(digits: str) -> tuple[Reading, ...]:
    """Returns the ways to read digits as a count: with "and", with "a" for one, in hundreds."""
    if len(digits) > _MAX_DIGITS:
        return all_spelled(digits[: 2 * _MAX_DIGITS])
    value = int(digits)
    found = [cardinal(value)]
    if 1100 <= value < 10_000 and value % 1000 >= 100:
        rest = cardinal(value % 100) if value % 100 else ()
        found.append((*cardinal(value // 100), "hundred", *rest))
    found += [_with_and(words) for words in found]
    found += [("a", *words[1:]) for words in found if words[0] == "one" and len(words) > 1]
    return distinct(found)


def number_readings(digits: str, *, is_name: bool = False, is_count: bool = False) -> tuple[Reading, ...]:
    """Returns the ways to read digits without further context, the most usual first.

    `is_name` puts the readings of rooms, flights and other names first, `is_count` those of a number of things.
    """
    known = tuple(_KNOWN[digits].split()) if digits in _KNOWN else ()
    if is_count and not is_name and digits in _COUNTED:
        return distinct([*count_readings(digits), known, *_short_readings(digits)])
    if is_name and known[:1] == ("a",):
        known = ()
    if digits[0] == "0" and len(digits) > 1:
        return distinct([known, *_leading_zero(digits)])
    counts = count_readings(digits)
    if len(digits) not in (3, 4):
        return distinct([*counts, *(all_spelled(digits) if len(digits) > 1 else ())])
    short = _short_readings(digits)
    is_year = len(digits) == 4 and 1100 <= int(digits) <= 2099 and not 2000 <= int(digits) <= 2009
    if is_name and digits.endswith("000"):
        return distinct([*counts, *short])
    if is_name or is_year:
        return distinct([known, short[0], *counts, *short[1:]])
    return distinct([known, *counts, *short])


def _short_readings(digits: str) -> Sequence[Reading]:
    """Readings of three or four digits that leave out the hundreds."""
    if digits.endswith("000"):
        return all_spelled(digits)
    if len(digits) == 3 and digits.endswith("00"):
        return [cardinal(int(digits)), *all_spelled(digits)]
    return [pairs(digits), *all_spelled(digits)]


def _leading_zero(digits: str) -> Sequence[Reading]:
    """Readings of digits that begin with 0: 05, 0600, 0199."""
    found = [*all_spelled(digits)]
    if len(digits) == 4 and digits[1] != "0":
        rest = ("hundred",) if digits[2:] == "00" else cardinal(int(digits[2:]))
        minutes = (*(("oh",) if digits[2] == "0" and digits[3] != "0" else ()), *rest)
        clock = [(zero, *cardinal(int(digits[1])), *minutes) for zero in ("oh", "zero")]
        is_time = digits[2] in "012345" and digits[2:] != "01"
        found = [*clock, *found] if is_time and digits[3] in "05" else [*found, *clock]
    if len(digits) == 3:
        found.append(("double", "oh", _ONES[int(digits[2])]) if digits[1] == "0" else ("oh", *cardinal(int(digits))))
    return [*found, cardinal(int(digits))] if len(digits) <= _MAX_DIGITS else found


def _with_and(words: Reading) -> Reading:
    """A count with "and" after its last hundred or, without one, its last scale."""
    places = [at for at, word in enumerate(words[:-1]) if word in {"hundred", "thousand", "million"}]
    tail = words[places[-1] + 1 :] if places else ()
    if not tail or len(tail) > 2:
        return words
    return (*words[: places[-1] + 1], "and", *tail)


def decade_readings(digits: str) -> tuple[Reading, ...]:
    """Returns the readings of a decade: 1990s, 90s, 2000s."""
    if len(digits) == 4:
        short = [pairs(digits)] if digits[1:] != "000" else []
        return distinct([plural(words) for words in [*short, cardinal(int(digits))]])
    if digits == "00":
        return distinct([("two", "thousands"), ("aughts",), ("oughts",), ("oh", "ohs"), ("zeros",)])
    return distinct(plural(words) for words in number_readings(digits))


def decimal_readings(whole: str, decimals: str) -> tuple[Reading, ...]:
    """Returns the readings of a decimal number; `whole` may be empty."""
    found = []
    starts = list(count_readings(whole)[:2]) if whole else [()]
    if whole == "0":
        starts = [("zero",), (), ("oh",)]
    for start in starts:
        spelled_ = all_spelled(decimals[:20]) if decimals == "0" else all_spelled(decimals[:20])[::-1]
        found += [(*start, "point", *words) for words in spelled_]
    if decimals == "5" and whole and whole != "0":
        found.append((*starts[0], "and", "a", "half"))
    if len(decimals) == 2 and decimals[0] != "0":
        found += [(*starts[0], "point", *cardinal(int(decimals))), (*starts[0], *cardinal(int(decimals)))]
    return distinct(found)
