"""Amounts: money, units, fractions, percentages."""

import re
from collections.abc import Sequence
from typing import Final

from common.line_text.english.numbers import (
    cardinal,
    count_readings,
    decimal_readings,
    number_readings,
    ordinal_word,
    plural,
)
from common.line_text.written_word import Reading, combine, distinct, readings

SCALE_WORDS: Final = ("hundred", "thousand", "million", "billion", "trillion", "grand", "mil", "bn", "mn", "k")
_SCALE_NAMES: Final = {"mil": "million", "bn": "billion", "mn": "million", "k": "thousand"}
_SCALE_LETTERS: Final = {"k": "thousand", "m": "million", "b": "billion", "t": "trillion", "mm": "million"}
# Sign → one, many, one of its hundredths, many of them.
_CURRENCY: Final[dict[str, tuple[str, str, str, str]]] = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "€": ("euro", "euros", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "¥": ("yen", "yen", "", ""),
    "₩": ("won", "won", "", ""),
    "₹": ("rupee", "rupees", "paisa", "paisa"),
    "₽": ("ruble", "rubles", "kopek", "kopeks"),
    "¢": ("cent", "cents", "", ""),
}
CURRENCY_SIGNS: Final = "".join(_CURRENCY)
_CURRENCY_CODES: Final = {"usd": "$", "eur": "€", "gbp": "£", "jpy": "¥", "krw": "₩", "us$": "$", "c$": "$", "a$": "$"}

# Unit → its readings after any number but one; a reading in the singular follows where it differs.
UNITS: Final[dict[str, tuple[str, ...]]] = {
    "mph": ("miles per hour", "miles an hour", "M P H", "mile per hour", "mile an hour"),
    "kph": ("kilometers per hour", "kilometers an hour", "K P H"),
    "km/h": ("kilometers per hour", "kilometers an hour", "K M H"),
    "kmh": ("kilometers per hour", "kilometers an hour"),
    "mpg": ("miles per gallon", "M P G"),
    "rpm": ("R P M", "revolutions per minute"),
    "psi": ("P S I", "pounds per square inch"),
    "bpm": ("beats per minute", "B P M"),
    "km": ("kilometers", "kilometer", "K M"),
    "cm": ("centimeters", "centimeter", "C M"),
    "mm": ("millimeter", "millimeters", "mil", "M M"),
    "nm": ("nanometers", "nanometer"),
    "m": ("meters", "meter", "million", "M"),
    "mi": ("miles", "mile"),
    "ft": ("feet", "foot"),
    "in": ("inches", "inch"),
    "yd": ("yards", "yard"),
    "yds": ("yards",),
    "kg": ("kilograms", "kilos", "kilogram", "kilo", "K G"),
    "kgs": ("kilograms", "kilos"),
    "g": ("grams", "gram", "G"),
    "mg": ("milligrams", "milligram"),
    "lb": ("pounds", "pound"),
    "lbs": ("pounds", "pound"),
    "oz": ("ounces", "ounce"),
    "l": ("liters", "liter"),
    "ml": ("milliliters", "milliliter"),
    "gal": ("gallons", "gallon"),
    "cc": ("C C", "cubic centimeters", "C C's"),
    "hz": ("hertz",),
    "khz": ("kilohertz",),
    "mhz": ("megahertz",),
    "ghz": ("gigahertz",),
    "kb": ("kilobytes", "kilobyte", "K B"),
    "mb": ("megabytes", "megabyte", "megs", "M B"),
    "gb": ("gigabytes", "gigabyte", "gigs", "G B"),
    "tb": ("terabytes", "terabyte", "T B"),
    "mp": ("megapixels", "megapixel", "M P"),
    "w": ("watts", "watt", "W"),
    "kw": ("kilowatts", "kilowatt"),
    "kwh": ("kilowatt hours",),
    "v": ("volts", "volt", "V"),
    "db": ("decibels", "decibel", "D B"),
    "cal": ("calories", "caliber", "calorie", "cal"),
    "kcal": ("kilocalories",),
    "min": ("minutes", "minute"),
    "mins": ("minutes",),
    "sec": ("seconds", "second"),
    "secs": ("seconds",),
    "hr": ("hours", "hour"),
    "hrs": ("hours",),
    "yr": ("years", "year"),
    "yrs": ("years",),
    "wk": ("weeks", "week"),
    "wks": ("weeks",),
    "ms": ("milliseconds", "millisecond"),
    "sq": ("square",),
    "%": ("percent",),
    "°": ("degrees", "degree"),
    "°f": ("degrees fahrenheit", "degrees", "degrees F"),
    "°c": ("degrees celsius", "degrees", "degrees C", "degrees centigrade"),
    "'": ("feet", "foot"),
    '"': ("inches", "inch"),
    "x": ("X", "times"),
    "+": ("plus",),
    "k": ("K", "thousand"),
    "b": ("billion", "B"),
    "p": ("P",),
    "pt": ("points", "point"),
    "pts": ("points",),
    "bn": ("billion",),
}
# Units that are also words or letters: read as units only where they touch the digits, or stand right after them.
_ONE: Final = {"1", "1.0"}

_FRACTION_NAMES: Final = {2: ("half", "halves"), 4: ("quarter", "quarters")}
_MONEY = re.compile(
    rf"(?:US|C|A)?([{CURRENCY_SIGNS}])(\d[\d,]*)?(?:\.(\d+))?(?:\s?(k|mm?|b|bn|t|mil)\b|[\s-]+({'|'.join(SCALE_WORDS)})\b)?",
    re.IGNORECASE,
)
_QUANTITY = re.compile(r"([-+~])?(\d[\d,]*)?(?:\.(\d+))?\s?(.*)", re.DOTALL)


def money_readings(written: str, before: str = "") -> tuple[Reading, ...]:
    """Returns the readings of a sum of money ($5.50, $1.5 million, $100K, 50¢); empty for anything else."""
    match = _MONEY.fullmatch(_sign_first(written))
    if not match or not (match[2] or match[3]):
        return ()
    one, many, cent, cents = _CURRENCY[match[1]]
    whole, decimals = (match[2] or "").replace(",", ""), match[3] or ""
    scale = (match[4] or match[5] or "").lower()
    if scale:
        return _scaled_money(whole, decimals, scale, bool(match[4]), (one, many))
    if decimals and len(decimals) == 2 and cent:
        return _with_cents(whole, decimals, (one, many, cent, cents))
    if decimals:
        return combine([decimal_readings(whole, decimals), readings(many, one)])
    numbers = _plain_money(whole)
    if before in {"a", "the", "this", "that", "another", "every", "per", "one", "my", "your"}:
        numbers = distinct([*numbers, *(words[1:] for words in numbers if words[0] in {"a", "one"})])
    units = readings(one, many) if whole in _ONE else readings(many, one)
    return distinct([*combine([numbers, units]), *(words for words in numbers if len(whole) >= 3)])


def _sign_first(written: str) -> str:
    """A sum of money with its sign before its digits (50¢ → ¢50, 20 USD → $20)."""
    lowered = written.lower()
    for code, sign in _CURRENCY_CODES.items():
        if lowered.startswith(code) or lowered.endswith(code):
            return sign + lowered.removeprefix(code).removesuffix(code).strip()
    match = re.fullmatch(rf"([\d,.]+)\s?([{CURRENCY_SIGNS}])", written)
    return match[2] + match[1] if match else written


def _plain_money(whole: str) -> tuple[Reading, ...]:
    value = int(whole[:15])
    found = list(count_readings(whole[:15]))
    if whole == "1":
        found.append(("a",))
    if len(whole) in (3, 4) and value % 100:
        found += [words for words in number_readings(whole) if not {"hundred", "thousand"} & set(words)][:1]
    return distinct(found)


def _scaled_money(
    whole: str, decimals: str, scale: str, is_letter: bool, units: tuple[str, str]
) -> tuple[Reading, ...]:
    numbers = _decimal_or_count(whole, decimals)
    numbers = distinct([*numbers, *([("a",)] if whole == "1" and not decimals else ())])
    name = _SCALE_LETTERS.get(scale, _SCALE_NAMES.get(scale, scale))
    one, many = units
    ends = readings(f"{name} {many}", f"{name} {one}", name)
    if is_letter and len(scale) == 1:
        ends = readings(scale.upper(), *map(" ".join, ends)) if scale == "k" else distinct([*ends, (scale.upper(),)])
    elif name == "grand":
        ends = readings(name)
    whole_words = cardinal(int(whole)) if whole and len(whole) < 10 else ()
    halves = [(*whole_words, name, "and", "a", "half", many), ("a", name, "and", "a", "half", many)]
    extra = halves[: 1 + (whole == "1")] if decimals == "5" and whole_words else []
    return distinct([*combine([numbers, ends])[:12], *extra])


def _with_cents(whole: str, decimals: str, names: tuple[str, str, str, str]) -> tuple[Reading, ...]:
    """Readings of whole units and hundredths: $5.50, $0.99, $20.00."""
    one, many, cent, cents = names
    part, value = int(decimals), int(whole or "0")
    small = (*cardinal(part), cent if part == 1 else cents)
    if value == 0:
        return distinct([small, ("zero", "point", *cardinal(part), many)])
    unit = one if value == 1 else many
    found = []
    for number in _plain_money(whole)[:3]:
        if part == 0:
            found += [(*number, unit), (*number, one)]
            continue
        low = (*(("oh",) if part < 10 else ()), *cardinal(part))
        found += [(*number, *low), (*number, unit, "and", *small), (*number, unit, *small), (*number, unit, *low)]
        found.append((*number, unit, "and", *cardinal(part)))
    return distinct(found)


def quantity_readings(written: str) -> tuple[Reading, ...]:
    """Returns the readings of a number with a unit that touches it or follows it (90mph, 6 ft, 72°F, 50%)."""
    match = _QUANTITY.fullmatch(written)
    if not match or not (match[2] or match[3]):
        return ()
    sign, whole, decimals, unit = match[1], (match[2] or "").replace(",", ""), match[3] or "", match[4].rstrip(".")
    names = _unit_readings(unit, is_one=not decimals and whole in _ONE)
    if unit and not names:
        return ()
    numbers = _decimal_or_count(whole, decimals)
    if unit in {"", "x", "k", "p", "+", "°"} and not decimals:
        numbers = distinct([*numbers, *number_readings(whole)])
    signs = {"-": readings("minus", "negative"), "+": readings("plus"), "~": readings("about", "around")}
    return combine([part for part in (signs.get(sign or ""), numbers, names) if part])


def _unit_readings(unit: str, *, is_one: bool) -> tuple[Reading, ...]:
    names = UNITS.get(unit) or UNITS.get(unit.lower()) or ()
    found = readings(*names)
    if unit == "M":
        found = readings("million", "M", "meters")
    elif unit == "B":
        found = readings("billion", "B")
    return distinct(sorted(found, key=lambda words: words[0].endswith("s"))) if is_one else found


def is_unit(word: str) -> bool:
    """True for a unit that is read as one after a number and a space."""
    return word.lower().rstrip(".") in UNITS and (len(word.rstrip(".")) > 1 or word in {"%", "°", "m", "g", "l"})


def _decimal_or_count(whole: str, decimals: str) -> tuple[Reading, ...]:
    return decimal_readings(whole, decimals) if decimals else count_readings(whole)


def fraction_readings(above: str, below: str) -> tuple[Reading, ...]:
    """Returns the readings of a fraction in digits (3/4)."""
    top, bottom = int(above), int(below)
    if bottom < 2:
        return distinct([(*cardinal(top), "over", *cardinal(bottom))])
    names = [_FRACTION_NAMES[bottom]] if bottom in _FRACTION_NAMES else []
    *rest, last = cardinal(bottom)
    if bottom != 2:
        names.append((" ".join([*rest, ordinal_word(last)]), " ".join([*rest, *plural((ordinal_word(last),))])))
    found: list[Reading] = []
    for one, many in names:
        name = tuple((one if top == 1 else many).split())
        if top == 1:
            found += [name, ("a", *name), ("one", *name)] if bottom == 2 else [("a", *name), ("one", *name), name]
        else:
            found.append((*cardinal(top), *name))
    return distinct([*found, (*cardinal(top), "over", *cardinal(bottom)), (*cardinal(top), *cardinal(bottom))])


def mixed_readings(whole: str, above: str, below: str) -> tuple[Reading, ...]:
    """Returns the readings of a whole number with a fraction (1 1/2)."""
    parts = [words for words in fraction_readings(above, below) if "over" not in words]
    usual: Sequence[Reading] = [words for words in parts if words[0] in {"a", "one"}] or parts
    return combine([count_readings(whole), readings("and"), usual])
