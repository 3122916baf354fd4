"""Times of day and dates."""

import re
from typing import Final

from common.line_text.english.numbers import cardinal, count_readings, number_readings, ordinal
from common.line_text.written_word import Reading, combine, distinct, readings

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
_TIME = re.compile(
    r"(\d{1,2})(?:[:.](\d{2}))?(?::(\d{2}))?\s?([ap])\.?\s?m\b\.?|(\d{1,2}):(\d{2})(?::(\d{2}))?", re.IGNORECASE
)


def time_readings(written: str) -> tuple[Reading, ...]:
    """Returns the readings of a time of day (9:05, 10am, 3 p.m.); empty for anything else."""
    match = _TIME.fullmatch(written)
    if not match:
        return ()
    half = match[4]
    hour, minute, second = (match[1], match[2], match[3]) if half else (match[5], match[6], match[7])
    if int(minute or 0) > 59:
        return combine([number_readings(hour), number_readings(minute)])
    if second:
        parts = [count_readings(hour), _minutes(int(minute)), _minutes(int(second))]
        return combine(parts)
    clock = _clock(int(hour), int(minute or 0), has_half=bool(half))
    return combine([clock, readings(f"{half.upper()} M")]) if half else clock


def _clock(hour: int, minute: int, *, has_half: bool) -> tuple[Reading, ...]:
    name, following = cardinal(hour), cardinal(hour % 12 + 1)
    if minute == 0:
        found = [name] if has_half else [(*name, "o'clock"), name, (*name, "hundred")]
        if hour == 12 and not has_half:
            found += [("noon",), ("midnight",)]
        return distinct([*found, (*name, "o'clock"), *([("zero", "hundred")] if hour == 0 else ())])
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


def day_readings(digits: str) -> tuple[Reading, ...]:
    """Returns the readings of the number of a day beside the name of a month (July 4)."""
    place = ordinal(int(digits))
    return distinct([place, ("the", *place), *count_readings(digits)])


def date_readings(written: str) -> tuple[Reading, ...]:
    """Returns the readings of a date in digits (12/25, 7/4/1976, 2001-09-11); empty for anything else."""
    match = re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{2}|\d{4})", written)
    iso = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", written)
    if iso:
        month, day, year = iso[2], iso[3], iso[1]
    elif match:
        month, day, year = match[1], match[2], match[3]
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
    if 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
        return combine([readings(MONTHS[int(month) - 1]), day_readings(day)])
    return ()
