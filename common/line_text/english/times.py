"""Times of day and dates."""

import re
from typing import Final

from common.line_text.english.numbers import cardinal, count_readings, number_readings, ordinal
from common.line_text.written_word import Reading, combine, distinct, readings, word_set

MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
MONTH_ABBREVIATIONS: Final = {
    **{name[:3]: name for name in MONTHS if name not in {"may", "march"}},
    **{"sept": "september", "mar": "march", "febr": "february"},
}
DAY_ABBREVIATIONS: Final = {
    **{"mon": "monday", "tue": "tuesday", "tues": "tuesday", "wed": "wednesday", "weds": "wednesday"},
    **{"thu": "thursday", "thur": "thursday", "thurs": "thursday", "fri": "friday", "sat": "saturday", "sun": "sunday"},
}
_BEHIND_DURATIONS: Final = frozenset(("left", "remaining", "min", "mins", "minutes", "mark"))
_BOOKS: Final = word_set(
    """
    genesis exodus leviticus numbers deuteronomy joshua judges ruth samuel kings chronicles ezra job psalm psalms
    proverbs ecclesiastes isaiah jeremiah ezekiel daniel hosea joel amos jonah micah matthew mark luke john acts romans
    corinthians galatians ephesians philippians colossians thessalonians timothy titus hebrews james peter jude
    revelation revelations verse
    """
)
_TIME = re.compile(
    r"(\d{1,2})(?:[:.](\d{2}))?(?::(\d{2}))?\s?([ap])\.?\s?m\b\.?|(\d{1,2}):(\d{2})(?::(\d{2}))?", re.IGNORECASE
)


def time_readings(written: str, before: str = "", after: str = "") -> tuple[Reading, ...]:
    """Returns the readings of a time (9:05, 10am, 3 p.m.), a duration (0:59) or a ratio (2:1); empty for other words.

    `before` and `after` are the words beside it, in lower case.
    """
    if ratio := re.fullmatch(r"(\d{1,3}):(\d)", written):
        return _ratio(ratio[1], ratio[2], is_verse=before in _BOOKS or written == "16:9")
    match = _TIME.fullmatch(written)
    if not match:
        return ()
    half = match[4]
    hour, minute, second = (match[1], match[2], match[3]) if half else (match[5], match[6], match[7])
    if int(minute or 0) > 59:
        return combine([number_readings(hour), number_readings(minute)])
    if second:
        parts = [count_readings(hour), _minutes(int(minute)), _minutes(int(second))]
        return distinct([_duration(int(hour), int(minute), int(second)), *combine(parts)])
    if not half and ((int(hour) == 0 and int(minute) > 0) or after in _BEHIND_DURATIONS):
        length = _duration(0, int(hour), int(minute))
        return distinct([length, *_clock(int(hour), int(minute), has_half=False)])
    clock = _clock(int(hour), int(minute or 0), has_half=bool(half))
    return combine([clock, readings(f"{half.upper()} M")]) if half else clock


def _duration(hours: int, minutes: int, seconds: int) -> Reading:
    """The words of a length of time, without the parts that are 0."""
    named = zip((hours, minutes, seconds), ("hour", "minute", "second"), strict=True)
    parts = [(*cardinal(value), name if value == 1 else f"{name}s") for value, name in named if value]
    return tuple(word for part in parts for word in part) or ("zero", "seconds")


def _ratio(first: str, second: str, *, is_verse: bool) -> tuple[Reading, ...]:
    """The readings of one number to another (2:1), and of chapter and verse."""
    one, other = count_readings(first)[:2], count_readings(second)
    said = [combine([one, readings("to"), other]), combine([one, other]), combine([one, readings("by"), other])]
    if is_verse:
        said = [said[1], said[0], said[2], combine([one, readings("verse"), other])]
    return distinct(reading for readings_ in said for reading in readings_)


def military_readings(digits: str) -> tuple[Reading, ...]:
    """Returns the readings of four digits as a time of day (0600 hours, 2000 hours); empty for anything else."""
    if not re.fullmatch(r"(?:[01]\d|2[0-4])[0-5]\d", digits):
        return ()
    hour, minute = digits[:2], int(digits[2:])
    zeros = readings("oh", "zero") if hour[0] == "0" else ((),)
    ends = (("hundred",),) if minute == 0 else _minutes(minute)
    counts = count_readings(digits)[:3] if hour[0] != "0" else ()
    return distinct([*((*zero, *cardinal(int(hour)), *end) for zero in zeros for end in ends), *counts])


def _clock(hour: int, minute: int, *, has_half: bool) -> tuple[Reading, ...]:
    name, following = cardinal(hour), cardinal(hour % 12 + 1)
    if minute == 0:
        found = [name] if has_half else [(*name, "o'clock"), name, (*name, "hundred")]
        if hour == 12:
            found += [("noon",), ("midnight",)] if not has_half else []
        if hour > 12:
            found = [(*name, "hundred"), (*cardinal(hour - 12), "o'clock"), *found]
        if hour == 0:
            found = [("zero", "hundred"), ("midnight",), ("twelve", "o'clock"), ("oh", "hundred"), *found]
        return distinct([*found, (*name, "o'clock")])
    if hour == 0:
        return distinct((*start, *words) for start in readings("zero", "oh", "twelve") for words in _minutes(minute))
    found = [(*name, *words) for words in _minutes(minute)]
    if minute == 30:
        found.append(("half", "past", *name))
    if minute in {15, 45}:
        to = ("past", *name) if minute == 15 else ("to", *following)
        found += [("quarter", *to), ("a", "quarter", *to)]
    if minute in {5, 10, 20, 25}:
        found.append((*cardinal(minute), "past", *name))
    if minute in {35, 40, 50, 55}:
        found.append((*cardinal(60 - minute), "to", *following))
    return distinct(found)


def _minutes(minute: int) -> tuple[Reading, ...]:
    if minute == 0:
        return readings("oh oh", "zero zero", "hundred")
    if minute < 10:
        return distinct([("oh", *cardinal(minute)), ("zero", *cardinal(minute)), cardinal(minute)])
    return distinct([cardinal(minute)])


def day_readings(digits: str, *, is_first: bool = False) -> tuple[Reading, ...]:
    """Returns the readings of the number of a day behind the name of a month (July 4), or before it (4 July)."""
    place = ordinal(int(digits))
    if is_first:
        return distinct([("the", *place, "of"), (*place, "of"), place, *count_readings(digits), ("the", *place)])
    return distinct([place, ("the", *place), *count_readings(digits)])


def date_readings(written: str) -> tuple[Reading, ...]:
    """Returns the readings of a date in digits (12/25, 7/4/1976, 2001-09-11); empty for anything else."""
    match = re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{2}|\d{4})", written)
    match = match or re.fullmatch(r"(0?[1-9]|1[0-2])-(0?[1-9]|[12]\d|3[01])-(\d{4})", written)
    iso = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", written)
    if iso:
        month, day, year = iso[2], iso[3], iso[1]
    elif match:
        month, day, year = match[1], match[2], match[3]
        if int(month) > 12 >= int(day):
            month, day = day, month
    else:
        return ()
    numbers = combine([number_readings(part)[:2] for part in (month.lstrip("0") or "0", day.lstrip("0") or "0", year)])
    found = list(numbers)
    if 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
        named = combine([readings(MONTHS[int(month) - 1]), day_readings(day), number_readings(year)[:2]])
        found = [*named[:4], *numbers[:4], *named[4:]]
    return distinct(found)


def month_and_day(month: str, day: str) -> tuple[Reading, ...]:
    """Returns the readings of a month and a day in digits that name a date (12/25); empty for anything else."""
    if int(month) > 12 >= int(day):
        month, day = day, month
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return ()
    name = MONTHS[int(month) - 1]
    of_month = combine([day_readings(day)[1:2], readings(f"of {name}")])
    return distinct([*combine([readings(name), day_readings(day)]), *of_month])
