"""Signs that stand alone, sums, and powers."""

import re
from collections.abc import Mapping
from typing import Final

from common.line_text.english.numbers import cardinal, count_readings, decimal_readings, ordinal
from common.line_text.english.pieces import Piece
from common.line_text.written_word import Reading, combine, distinct, readings

# Read between two words or numbers only.
_BETWEEN: Final[Mapping[str, tuple[str, ...]]] = {
    **{"&": ("and",), "+": ("plus", "and"), "=": ("equals", "is"), "@": ("at",), "÷": ("divided by",)},
    **{"<3": ("love", "heart"), "≤": ("is less than or equal to",), "≥": ("is greater than or equal to",)},
    **{"≠": ("is not equal to", "does not equal"), "≈": ("is about", "is approximately", "approximately")},
}
# Read between numbers only.
_BETWEEN_NUMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    **{"x": ("times", "by"), "-": ("minus",), "*": ("times",), "/": ("divided by", "over")},
    **{"<": ("is less than", "less than"), ">": ("is greater than", "greater than", "is more than")},
    **{"<=": ("is less than or equal to",), ">=": ("is greater than or equal to",)},
}
# Read before a number only.
_AHEAD: Final[Mapping[str, tuple[str, ...]]] = {
    **{"≈": ("about", "approximately", "around"), "~": ("about", "around", "approximately")},
    **{"@": ("at",), "§": ("section",), "¶": ("paragraph",)},
    **{"±": ("plus or minus",), "√": ("the square root of", "square root of"), "+": ("plus",)},
    **{
        "≤": ("less than or equal to", "at most"),
        "≥": ("greater than or equal to", "at least"),
        "≠": ("not equal to",),
    },
}
_OPERATORS: Final[Mapping[str, tuple[str, ...]]] = {
    **_BETWEEN_NUMBERS,
    **{"+": ("plus", "and"), "=": ("equals", "is"), "×": ("times",), "÷": ("divided by",), "≈": ("is about",)},
}
_SUM = re.compile(r"-?\d+(?:\.\d+)?(?:[-+x*/÷]\d+(?:\.\d+)?)*=-?[\d.]+\??|\d+(?:\.\d+)?(?:[+*÷]\d+(?:\.\d+)?)+")
_PART = re.compile(r"\d+(?:\.\d+)?|[-+x*/÷=]")
_POWER = re.compile(r"(\w[\w.]*)\^(-?\d{1,2})")
_NAMED_POWERS: Final = {2: "squared", 3: "cubed"}


def lone_sign_readings(piece: Piece) -> tuple[Reading, ...]:
    """Returns the readings of a piece without a letter or a digit; empty where nobody says it.

    Signs that join need something on both sides, those of amounts a number behind.
    """
    sign, after = piece.core, piece.after.lstrip("-$€£¥₩.")
    if sign == "∞":
        return readings("infinity")
    if sign == "%":
        return readings("percent") if piece.before[-1:].isdigit() else ()
    has_numbers = piece.before[-1:].isdigit() and after[:1].isdigit()
    if sign in _BETWEEN_NUMBERS and has_numbers:
        return readings(*_BETWEEN_NUMBERS[sign])
    is_between = any(map(str.isalnum, piece.before)) and any(map(str.isalnum, piece.after))
    if sign in _AHEAD and after[:1].isdigit() and not (is_between and _joins(piece)):
        return readings(*_AHEAD[sign])
    return readings(*_BETWEEN[sign]) if sign in _BETWEEN and is_between else ()


def _joins(piece: Piece) -> bool:
    """True where what stands before a sign is the other side of a comparison."""
    return (
        not piece.mark_before
        and piece.core in _BETWEEN
        and (len(piece.before) == 1 or piece.before[-1:].isdigit() or piece.core == "+")
    )


def times_readings(piece: Piece) -> tuple[Reading, ...]:
    """Returns the readings of an "x" between two numbers; empty for any other piece."""
    is_sign = piece.lower == "x" and piece.before[-1:].isdigit() and piece.after[:1].isdigit()
    return readings("by", "times", "x") if is_sign else ()


def sum_readings(written: str) -> tuple[Reading, ...]:
    """Returns the readings of a sum in digits (2+2=4, 10/2=5); empty for anything else."""
    if not _SUM.fullmatch(written):
        return ()
    parts = []
    for part in _PART.findall(written):
        whole, _, decimals = part.partition(".")
        if part in _OPERATORS:
            parts.append(readings(*_OPERATORS[part]))
        else:
            parts.append(decimal_readings(whole, decimals)[:2] if decimals else count_readings(whole)[:2])
    return combine(parts)


def equation_readings(written: str) -> tuple[Reading, ...]:
    """Returns the readings of an equation in letters (E=mc^2, x=5); empty for anything else."""
    sides = re.sub(r"(?<=mc)2$", "^2", written).split("=")
    if len(sides) < 2 or not all(sides) or re.search(r"[^\W\d_]{3}|[^\w=^+-]|_", written):
        return ()
    spoken = [own for side in sides for own in (readings("equals", "is"), _term(side))][1:]
    return combine(spoken) if all(spoken) else ()


def _term(written: str) -> tuple[Reading, ...]:
    """The readings of letters and digits in a row, each by its name."""
    found = []
    for part in re.findall(r"[A-Za-z]\^-?\d+|[A-Za-z]|\d+|[-+]", written):
        base, _, exponent = part.partition("^")
        names = (
            count_readings(base)[:2]
            if base.isdigit()
            else readings({"+": "plus", "-": "minus"}.get(base, base.upper()))
        )
        found += [names, *([_power(int(exponent))] if exponent else [])]
    return combine(found)


def power_readings(written: str) -> tuple[Reading, ...]:
    """Returns the readings of a power (10^2, x^3); a mark of a note behind a word is silent; empty for other words."""
    match = _POWER.fullmatch(written)
    if not match:
        return ()
    base, exponent = match[1], int(match[2])
    if base.isdigit():
        return combine([count_readings(base)[:3], _power(exponent)])
    if base.isalpha() and len(base) == 1:
        return combine([readings(base.upper()), _power(exponent)])
    return combine([readings(base.lower()), *([_power(exponent)] if len(base) <= 2 else [])])


def _power(exponent: int) -> tuple[Reading, ...]:
    if exponent in _NAMED_POWERS:
        return distinct([(_NAMED_POWERS[exponent],), ("to", "the", "power", "of", *cardinal(exponent))])
    sign = ("minus",) if exponent < 0 else ()
    place, count = ordinal(abs(exponent)), cardinal(abs(exponent))
    if exponent < 0:
        return distinct([("to", "the", *sign, *count), ("to", "the", "power", "of", *sign, *count)])
    return distinct(
        [
            *(("to", "the", *place), ("to", "the", "power", "of", *count), ("to", "the", *count)),
            ("to", "the", *place, "power"),
        ]
    )
