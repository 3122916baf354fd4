"""Written English → spoken words: abbreviations, numbers, symbols, dashes, apostrophes.

Each display token ("Mr.", "21st", "ill-disposed") keeps its original spelling beside the words it is read as,
so that results show the learner the text of the line.
"""

import re
import unicodedata
from typing import Final

from analysis.engine.language_profile import DisplayWord

_TITLES: Final = {
    **{"mr": "mister", "mrs": "missus", "ms": "miz", "dr": "doctor", "st": "saint", "jr": "junior"},
    **{"sr": "senior", "prof": "professor", "capt": "captain", "col": "colonel", "gen": "general"},
    **{"lt": "lieutenant", "sgt": "sergeant", "vs": "versus", "etc": "et cetera", "approx": "approximately"},
}
_SYMBOLS: Final = {"&": "and", "@": "at", "%": "percent", "+": "plus", "=": "equals", "#": "number"}
_CURRENCY: Final = {"$": "dollar", "€": "euro", "£": "pound"}
_ONES: Final = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS: Final = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES: Final = ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred"))
_ORDINALS: Final = {
    **{"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth"},
    **{"nine": "ninth", "twelve": "twelfth"},
}
_NUMBER = re.compile(r"^([$€£]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?(st|nd|rd|th|s|%)?$", re.IGNORECASE)
_TIME = re.compile(r"^(\d{1,2}):(\d{2})$")
_EDGES = re.compile(r"^[^\w$€£&@%+=#']+|[^\w%&@+=#']+$")
_BREAKS = re.compile(r"(\s+|[—–…]+|--+|\.{2,})")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*|\d+")


def read_text(text: str) -> list[DisplayWord]:
    """Returns the words of a line in order, without anything that has no sound (punctuation, emoji)."""
    clean = unicodedata.normalize("NFKC", text).replace("’", "'").replace("‘", "'").replace("`", "'")
    words = []
    for piece in _BREAKS.split(clean):
        spoken = _read_piece(piece)
        if spoken:
            words.append(DisplayWord(text=_EDGES.sub("", piece).strip("'") or piece, spoken=spoken))
    return words


def _read_piece(piece: str) -> tuple[str, ...]:
    """Spoken words of one piece without white space: a title, a number, an abbreviation, or plain letters."""
    bare = _EDGES.sub("", piece).strip("'")
    lowered = bare.lower()
    if lowered in _TITLES and (piece.rstrip(",;:!?").endswith(".") or lowered in {"mr", "mrs"}):
        return tuple(_TITLES[lowered].split())
    if number := _read_number(lowered):
        return number
    if bare.isupper() and 2 <= len(bare) <= 5 and bare.isascii() and not set(bare) & set("AEIOUY"):
        return tuple(lowered)
    return _read_letters(lowered)


def _read_letters(lowered: str) -> tuple[str, ...]:
    """Spoken words of lower-case letters, digits and symbols; accents are dropped."""
    for symbol, name in _SYMBOLS.items():
        lowered = lowered.replace(symbol, f" {name} ")
    plain = "".join(c for c in unicodedata.normalize("NFD", lowered) if not unicodedata.combining(c))
    words: list[str] = []
    for word in _WORD.findall(plain):
        words.extend(_cardinal(int(word[:12])) if word.isdigit() else [word])
    return tuple(words)


def _read_number(word: str) -> tuple[str, ...]:
    """Spoken words of a time of day, amount, year, ordinal or other number; empty for anything else."""
    if time := _TIME.match(word):
        return _read_time(int(time[1]), int(time[2]))
    match = _NUMBER.match(word)
    if not match:
        return ()
    sign, digits, decimals, suffix = match.groups()
    value = int(digits.replace(",", "")[:12])
    plain = not sign and not decimals and "," not in digits
    words = _year(value) if plain and len(digits) == 4 and suffix in (None, "s") else _cardinal(value)
    if sign:
        cents = _cardinal(int(decimals[:2])) if decimals and int(decimals[:2]) else []
        words = [*words, _CURRENCY[sign] + ("" if value == 1 else "s"), *cents]
    elif decimals:
        words = [*words, "point", *(_ONES[int(digit)] for digit in decimals[:9])]
    return tuple(_with_suffix(words, suffix))


def _read_time(hour: int, minute: int) -> tuple[str, ...]:
    """A time of day (7:05 → seven oh five)."""
    rest = [] if minute == 0 else (["oh"] if minute < 10 else []) + _cardinal(minute)
    return tuple(_cardinal(hour) + rest)


def _with_suffix(words: list[str], suffix: str | None) -> list[str]:
    """Number words with the suffix that followed the digits: st, nd, rd, th, s or %."""
    if suffix in {"st", "nd", "rd", "th"}:
        return [*words[:-1], _ordinal(words[-1])]
    if suffix == "s":
        last = words[-1]
        return [*words[:-1], f"{last[:-1]}ies" if last.endswith("y") else f"{last}s"]
    return [*words, "percent"] if suffix == "%" else words


def _cardinal(value: int) -> list[str]:
    """The words of a count ≥ 0."""
    if value < 20:
        return [_ONES[value]]
    if value < 100:
        return [_TENS[value // 10], *([_ONES[value % 10]] if value % 10 else [])]
    for scale, name in _SCALES:
        if value >= scale:
            rest = _cardinal(value % scale) if value % scale else []
            return [*_cardinal(value // scale), name, *rest]
    raise AssertionError("unreachable: every value of 100 or more has a scale")


def _year(value: int) -> list[str]:
    """Four digits as a year (1961 → nineteen sixty one), or as a count where that is usual (2000, 1005)."""
    high, low = divmod(value, 100)
    if not 1100 <= value <= 2099 or 2000 <= value <= 2009:
        return _cardinal(value)
    if low == 0:
        return [*_cardinal(high), "hundred"]
    return [*_cardinal(high), *(["oh"] if low < 10 else []), *_cardinal(low)]


def _ordinal(word: str) -> str:
    """The ordinal of a number word (twenty → twentieth)."""
    if word in _ORDINALS:
        return _ORDINALS[word]
    return f"{word[:-1]}ieth" if word.endswith("y") else f"{word}th"
