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
from common.line_text.written_word import Reading, combine, distinct, readings, word_set

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
    "m/s": ("meters per second", "meters a second", "meter per second"),
    "m/s^2": ("meters per second squared", "meter per second squared"),
    "ft/s": ("feet per second", "feet a second"),
    "km/s": ("kilometers per second", "kilometers a second"),
    "mi/h": ("miles per hour", "miles an hour"),
    "mi/hr": ("miles per hour", "miles an hour"),
    "km/hr": ("kilometers per hour", "kilometers an hour"),
    "mbps": ("megabits per second", "M B P S"),
    "gbps": ("gigabits per second", "G B P S"),
    "mg/dl": ("milligrams per deciliter",),
    "sqft": ("square feet", "square foot"),
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
    "c": ("cents", "C"),
    "ga": ("gauge",),
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
    "mo": ("months", "month"),
    "mos": ("months",),
    "qt": ("quarts", "quart"),
    "qts": ("quarts",),
    "tbsp": ("tablespoons", "tablespoon"),
    "tsp": ("teaspoons", "teaspoon"),
    "deg": ("degrees", "degree"),
    "hp": ("horsepower", "H P"),
    "cu": ("cubic",),
    "doz": ("dozen",),
    "ms": ("milliseconds", "millisecond"),
    "sq": ("square",),
    "%": ("percent",),
    "‰": ("per mille", "per thousand"),
    "°": ("degrees", "degree"),
    "°f": ("degrees fahrenheit", "degrees", "degrees F"),
    "°c": ("degrees celsius", "degrees", "degrees C", "degrees centigrade"),
    "'": ("feet", "foot"),
    '"': ("inches", "inch"),
    "x": ("X", "times"),
    "+": ("plus",),
    "k": ("K", "thousand"),
    "b": ("billion", "B"),
    "p": ("P", "pence"),
    "pt": ("points", "point", "pints", "pint"),
    "pts": ("points",),
    "bn": ("billion",),
}
# Units that are also words or letters: read as units only where they touch the digits, or stand right after them.
_ONE: Final = {"1", "1.0"}

_FRACTION_NAMES: Final = {2: ("half", "halves"), 4: ("quarter", "quarters")}
_ARTICLES: Final = word_set("a an this that another every my your his her our their some crisp")
_NOUNS_OF_MONEY: Final = word_set(
    "bill bills note notes coin coins menu reward fine tip chip chips bet prize suit deal"
)
_DESCRIBED: Final = word_set(
    "dash race sprint run hurdles freestyle butterfly backstroke breaststroke relay drop walk angle turn"
)
_NO_NOUNS: Final = word_set(
    """
    a an the i you he she it we they of in on at to for from with and or but if is was are were be been will would can
    could more less each every per plus now today tonight tomorrow yesterday here there then when while because as by
    that this which who what so too off out up down only just back about over under until before after than not
    """
)
CALIBERS: Final = {
    **{"17": "seventeen", "22": "twenty two", "25": "twenty five", "32": "thirty two", "38": "thirty eight"},
    **{"40": "forty", "44": "forty four", "45": "forty five", "50": "fifty", "357": "three fifty seven"},
    **{"223": "two twenty three", "243": "two forty three", "270": "two seventy", "303": "three oh three"},
    **{"308": "three oh eight", "338": "three thirty eight", "380": "three eighty", "410": "four ten"},
}
_BEFORE_CALIBERS: Final = word_set("a the my your his her their this that an another with old")
_NUMBER_SIGNS: Final[dict[str, tuple[str, ...]]] = {
    **{"-": ("minus", "negative"), "+": ("plus",), "~": ("about", "around"), "≈": ("about", "approximately")},
    **{"±": ("plus or minus",), "√": ("the square root of",), "≤": ("at most", "less than or equal to")},
    **{"≥": ("at least", "greater than or equal to")},
}
_MONEY = re.compile(
    rf"(?:US|CA?|AU?|NZ|HK)?([{CURRENCY_SIGNS}])\s?(\d[\d,]*)?(?:\.(\d+))?(?:\s?(k|mm?|b|bn|t|mil)\b|[\s-]+({'|'.join(SCALE_WORDS)})\b)?",
    re.IGNORECASE,
)
_QUANTITY = re.compile(r"([-+~±≈√≤≥])?(\d[\d,]*)?(?:\.(\d+))?\s?(.*)", re.DOTALL)


def money_readings(written: str, before: str = "", after: str = "") -> tuple[Reading, ...]:
    """Returns the readings of a sum of money ($5.50, $1.5 million, $100K, 50¢); empty for anything else.

    Before a noun that it describes ("a $100 bill") the unit stands in the singular.
    """
    if notes := re.fullmatch(r"\$(\d{1,3})s", written):
        bills = combine([count_readings(notes[1])[:2], readings("dollar bills", "dollars")])
        return distinct([*map(plural, count_readings(notes[1])), *bills])
    found = _money(written, before)
    if not describes(before, after):
        return found
    ones = {name for one, _, cent, _ in _CURRENCY.values() for name in (one, cent) if name}
    return distinct(sorted(found, key=lambda words: words[-1] not in ones))


def describes(before: str, after: str) -> bool:
    """True where an amount stands between an article and a noun, or before a noun such as "bill"."""
    if after.lower() in _NOUNS_OF_MONEY:
        return True
    return before in _ARTICLES and after.isalpha() and after.islower() and after not in _NO_NOUNS


def _money(written: str, before: str) -> tuple[Reading, ...]:
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
        return distinct([small, (*cardinal(part), cent), ("zero", "point", *cardinal(part), many)])
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


def caliber_readings(written: str, before: str, after: str) -> tuple[Reading, ...]:
    """Returns the readings of the bore of a gun (.45 caliber, a .38); empty for other decimals."""
    match = re.fullmatch(r"\.(\d{2,3})(?:[-\s]?cal(?:iber)?)?", written, re.IGNORECASE)
    if not match or match[1] not in CALIBERS:
        return ()
    is_gun = after.lower() in {"caliber", "calibre", "cal", "magnum", "special", "rifle", "pistol", "revolver", "colt"}
    ends = readings("caliber") if written.lower().endswith(("cal", "caliber")) else ((),)
    if not (is_gun or ends[0] or (before in _BEFORE_CALIBERS and after != "of")):
        return ()
    numbers = distinct([tuple(CALIBERS[match[1]].split()), *decimal_readings("", match[1])])
    return distinct((*number, *end) for number in numbers for end in ends)


def quantity_readings(written: str, before: str = "", after: str = "") -> tuple[Reading, ...]:
    """Returns the readings of a number with a unit that touches it or follows it (90mph, 6 ft, 72°F, 50%).

    Between an article and a noun, and before the name of a race, the unit stands in the singular.
    """
    match = _QUANTITY.fullmatch(written)
    if not match or not (match[2] or match[3]):
        return ()
    sign, whole, decimals, unit = match[1], (match[2] or "").replace(",", ""), match[3] or "", match[4].rstrip(".")
    is_attribute = unit.startswith("-") or (
        (unit.isalpha() or unit == "°") and (describes(before, after) or after in _DESCRIBED)
    )
    names = _unit_readings(unit, is_one=is_attribute or (not decimals and whole in _ONE))
    if unit and not names:
        return ()
    numbers = _decimal_or_count(whole, decimals)
    if unit in {"", "x", "k", "p", "+", "°"} and not decimals:
        own = number_readings(whole, is_name=True) if unit == "p" and len(whole) > 2 else numbers
        numbers = distinct([*own, *numbers, *number_readings(whole)])
    return combine([part for part in (readings(*_NUMBER_SIGNS.get(sign or "", ())), numbers, names) if part])


def _unit_readings(unit: str, *, is_one: bool) -> tuple[Reading, ...]:
    names = UNITS.get(unit) or UNITS.get(unit.lower()) or UNITS.get(unit.lower().removeprefix("-"), ())
    found = readings(*names)
    if unit == "M":
        found = readings("million", "M", "meters")
    elif unit == "B":
        found = readings("B", "billion")
    elif unit == "G":
        found = readings("G", "grams", "gram")
    return singular_first(found) if is_one else found


def singular_first(names: Sequence[Reading]) -> tuple[Reading, ...]:
    """Returns the names of a unit with those of one of it in front."""
    return distinct(sorted(names, key=lambda words: words[0].endswith("s") or words[0] == "feet"))


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
            article = "an" if name[0].startswith("e") else "a"
            own = [name, (article, *name), ("one", *name)]
            if name[0] == "one":
                own = [name, ("a", *name[1:])]
            found += own if bottom == 2 or name[0] == "one" else [*own[1:], name]
        else:
            found.append((*cardinal(top), *name))
    return distinct([*found, (*cardinal(top), "over", *cardinal(bottom)), (*cardinal(top), *cardinal(bottom))])


def mixed_readings(whole: str, above: str, below: str) -> tuple[Reading, ...]:
    """Returns the readings of a whole number with a fraction (1 1/2)."""
    parts = [words for words in fraction_readings(above, below) if "over" not in words]
    usual: Sequence[Reading] = [words for words in parts if words[0] in {"a", "an", "one"}] or parts
    return combine([count_readings(whole), readings("and"), usual])
