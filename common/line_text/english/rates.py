"""Units behind numbers, and rates: what one unit of time, weight or length costs or holds."""

import re
from collections.abc import Mapping
from typing import Final

from common.line_text.english import amounts, numbers
from common.line_text.english.pieces import Piece
from common.line_text.written_word import Reading, combine, readings, word_set

# What stands behind the stroke of a rate → one of it.
_PER: Final[Mapping[str, str]] = {
    **{"hr": "hour", "h": "hour", "hrs": "hour", "min": "minute", "mins": "minute", "sec": "second", "s": "second"},
    **{"d": "day", "wk": "week", "mo": "month", "mth": "month", "mos": "month", "yr": "year", "y": "year"},
    **{"lb": "pound", "lbs": "pound", "oz": "ounce", "gal": "gallon", "mi": "mile", "km": "kilometer"},
    **{"kg": "kilo", "g": "gram", "ft": "foot", "in": "inch", "l": "liter", "pc": "piece", "ea": "each", "m": "meter"},
    **{"pp": "person", "doz": "dozen", "yd": "yard", "cm": "centimeter", "ml": "milliliter", "dl": "deciliter"},
    **{"s^2": "second squared", "sqft": "square foot", "p": "person", "hd": "head", "w": "week", "nt": "night"},
}
_NUMBER_WORDS: Final = word_set(
    """
    one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million half few couple several
    another per
    """
)
_ONE: Final = word_set("1 one half another per 1/2 1/4 3/4 1/3")
# Units that are read behind number words without a full stop, too: no other word is spelled like them.
_CLEAR: Final = word_set("hrs mins secs lbs yrs wks mos kg km mph oz lb yds kph mpg")
_NUMBER = re.compile(r"\$?[\d,./½-]*\d(?:/\d+)?|\d+ \d+/\d+|\d[\d.,]*-\d[\d.,]*")
_SQUARE = re.compile(r"(km|m|cm|mm|mi|ft|in|yd)\^([23])")
_SHAPES: Final = {"2": ("square", "squared"), "3": ("cubic", "cubed")}
_TWICE: Final = {"1": "once", "2": "twice"}


def unit_readings(piece: Piece) -> tuple[Reading, ...]:
    """Returns the readings of a unit behind a number, with or without a full stop (2 min., 90 mph, ten lbs)."""
    lower, before = piece.lower, piece.before.lower()
    if piece.mark_before == "/" and lower in _PER and (_NUMBER.fullmatch(before) or before[-1:].isdigit()):
        return _per(_PER[lower])
    if square := _square(lower):
        return square
    is_compound = piece.mark_before == "-"
    has_digits = bool(_NUMBER.fullmatch(before)) and (is_compound or not piece.mark_before)
    has_words = before in _NUMBER_WORDS and not piece.mark_before
    names = amounts.UNITS.get(lower, ())
    if not names or not (has_digits or has_words or before in {"sq", "cu"}) or not lower[-1].isalpha():
        return ()
    if has_digits and not piece.is_dotted:
        is_read = amounts.is_unit(piece.core) and lower != "in"
    elif has_digits or has_words:
        is_read = lower in _CLEAR or (piece.is_dotted and (len(lower) > 1 or (has_digits and lower in {"m", "g", "l"})))
    else:
        is_read = lower in {"ft", "in", "yd", "mi", "m", "km"}
    if not is_read:
        return ()
    if lower == "cal" and before.lstrip(".") in amounts.CALIBERS:
        return readings("cal", "caliber", "calories")
    found = readings(*(name for name in names if name != "million" or has_digits))
    is_single = before in _ONE or is_compound or amounts.describes(piece.earlier.lower(), piece.after)
    return amounts.singular_first(found) if is_single else found


def _square(unit: str) -> tuple[Reading, ...]:
    """The readings of a unit of area or volume (m^2)."""
    match = _SQUARE.fullmatch(unit)
    if not match:
        return ()
    name, (ahead, behind) = amounts.UNITS[match[1]][0], _SHAPES[match[2]]
    return readings(f"{ahead} {name}", f"{name} {behind}", f"{match[1].upper()} {behind}" if match[1] == "m" else name)


def square_readings(written: str) -> tuple[Reading, ...]:
    """Returns the readings of a number that touches a unit of area or volume (5m^2); empty for anything else."""
    match = re.fullmatch(r"(\d[\d,]*)([a-z]+\^\d)", written)
    names = _square(match[2]) if match else ()
    return combine([numbers.count_readings(match[1].replace(",", ""))[:4], names]) if match and names else ()


def rate_readings(written: str, before: str = "") -> tuple[Reading, ...]:
    """Returns the readings of a rate ($20/hr, 100%/yr, 2x/week, km/h); empty for anything else."""
    amount, stroke, unit = written.rpartition("/")
    if not (stroke and amount):
        return ()
    one = _PER.get(unit.lower(), unit if unit.isalpha() and unit.islower() and len(unit) > 2 else "")
    if not one:
        return ()
    if often := re.fullmatch(r"(\d{1,3})x", amount, re.IGNORECASE):
        counts = [(*numbers.cardinal(int(often[1])), "time" if often[1] == "1" else "times")]
        usual = [(_TWICE[often[1]],)] if often[1] in _TWICE else []
        return combine([[*usual, *counts], _per(one)])
    if amount[:1].isdigit() or amount[:1] in amounts.CURRENCY_SIGNS or amount[:1] in ".-":
        whole = f"{amount}/{unit}".lower()
        value = amounts.quantity_readings(whole) if _unit_of(whole) in amounts.UNITS else ()
        if value:
            return value
        value = amounts.money_readings(amount, before) or amounts.quantity_readings(amount)
        return combine([value[:6], _per(one)]) if value else ()
    if amount.isalpha() and len(amount) > 3 and unit.lower() in _PER and len(unit) > 1:
        return combine([readings(amount.lower()), _per(one)[::-1]])
    names = amounts.UNITS.get(written.lower()) or amounts.UNITS.get(amount.lower(), ())
    if "/" in written and written.lower() in amounts.UNITS:
        return readings(*names)
    return combine([readings(names[0]), _per(one)[::-1]]) if names and unit.lower() in _PER else ()


def _unit_of(written: str) -> str:
    return re.sub(r"^[-.\d,]+", "", written)


def _per(one: str) -> tuple[Reading, ...]:
    """The ways to say "for each": a, an, per."""
    if one == "each":
        return readings("each")
    article = "an" if one[0] in "aeio" or one == "hour" else "a"
    return readings(f"{article} {one}", f"per {one}")
