"""Lines → their words and the readings of each."""

import re
from dataclasses import dataclass
from typing import Final

from common.line_text.english import abbreviations, addresses, amounts, casual, cleaning, letters, numbers, times
from common.line_text.english.cleaning import Cleaned
from common.line_text.english.stage_directions import without_directions
from common.line_text.written_word import Reading, WrittenWord, combine, distinct, readings, word_set

_SYMBOLS: Final = {
    **{
        "&": "and",
        "@": "at",
        "%": "percent",
        "+": "plus",
        "=": "equals",
        "#": "number",
        "°": "degrees",
        "÷": "divided by",
    },
    **{"$": "dollars", "€": "euros", "£": "pounds", "¥": "yen", "₩": "won", "¢": "cents", "~": "about"},
}
_SCALES: Final = "|".join(amounts.SCALE_WORDS)
_SIGNS: Final = re.escape(amounts.CURRENCY_SIGNS)
# Written with a space inside and read as one.
_JOINED = re.compile(
    "|".join(
        (
            rf"(?:US|C|A)?[{_SIGNS}]\s?\d[\d,]*(?:\.\d+)?\s(?:{_SCALES})\b",
            r"\d[\d,]*(?:\.\d+)?\s(?:USD|EUR|GBP|JPY|KRW)\b",
            r"\d+\s\d{1,2}/\d{1,2}(?![\d/])",
            r"\d{1,2}(?::\d{2})?\s[ap]\.?\s?m\b\.?",
            r"(?:\+?1[-\s])?\(\d{3}\)\s?\d{3}-\d{4}",
            r"\d{1,2}'\s?\d{1,2}\"?",
            r"\d{1,2}\sft\.?\s\d{1,2}(?:\sin\b\.?)?",
            r"(?<![^\W\d_]\s)(?:[A-Z]\.\s){2,}(?=[A-Z][a-z])",
        )
    ),
    re.IGNORECASE,
)
_PIECE = re.compile(r"[^\s—–…\0]+")
_BREAKS = re.compile(r"[—–…]+|--+|\.{2,}")
_LEFT = re.compile(rf"^(?:[^\w{_SIGNS}#@&%+=~.'<(-]|[<(]|-(?=\D|$)|\.(?!\d)|'(?='))+")
_RIGHT = re.compile(rf"[^\w{_SIGNS}%°'\"+&@=#]+$")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*|\d+")
_NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)")
_CODE = re.compile(r"[A-Za-z]{1,4}-?\d+[A-Za-z]{0,2}(?:-?[A-Za-z]{0,2}\d+)?(?:'?s)?|[A-Za-z]-\d\w+|\d+-?[A-Z]")
_NAMED_BY_NUMBER: Final = word_set(
    """
    room flight route highway interstate apartment suite channel bus train gate unit cell locker agent area building
    car number district section studio code extension model line cabin squad platform ward boeing
    """
)


@dataclass(frozen=True)
class _Piece:
    """A part of a line without white space, and what is beside it.

    `core` has no punctuation around. `before` and `after` are the cores beside it; `is_dotted`: a full stop follows.
    """

    core: str
    start: int
    stop: int
    is_dotted: bool = False
    in_capitals: bool = False
    before: str = ""
    after: str = ""

    @property
    def lower(self) -> str:
        return self.core.lower()


def read_text(text: str) -> list[WrittenWord]:
    """Returns the words of an English line in order, without stage directions, labels and silent characters."""
    line = without_directions(cleaning.clean(text))
    pieces = _pieces(line)
    has_small = any(c.islower() for c in line.text)
    words = []
    for at, piece in enumerate(pieces):
        before = pieces[at - 1].core if at else ""
        after = pieces[at + 1].core if at + 1 < len(pieces) else ""
        own = _Piece(piece.core, piece.start, piece.stop, piece.is_dotted, not has_small, before, after)
        if spoken := _read(own):
            words.append(WrittenWord(_spelling(line, own), spoken))
    return words


def _spelling(line: Cleaned, piece: _Piece) -> str:
    """The line's own spelling of a piece, without quotation marks at its ends."""
    own = line.spelling(piece.start, piece.stop)
    if piece.lower in abbreviations.CONTRACTIONS or (piece.core[-1:] == "'" and piece.core[:1].isdigit()):
        return own
    return own.strip("'’‘`") or own


def _pieces(line: Cleaned) -> list[_Piece]:
    """The pieces of a line: split at white space, dashes and dots in a row, but not inside an amount or a time."""
    text = _BREAKS.sub(lambda match: " " * len(match[0]), line.text)
    joined = [match.span() for match in _JOINED.finditer(text)]
    found, at = [], 0
    while match := _PIECE.search(text, at):
        start, stop = match.span()
        inside = next((span for span in joined if span[0] < stop and start < span[1]), None)
        if inside:
            start, stop = min(start, inside[0]), max(stop, inside[1])
            tail = _PIECE.match(text, stop)
            stop = tail.end() if tail else stop
        at = stop
        found += _trimmed(text, start, stop)
    return found


def _trimmed(text: str, start: int, stop: int) -> list[_Piece]:
    piece = text[start:stop]
    left = _LEFT.match(piece)
    begin = left.end() if left else 0
    core = piece[begin:]
    if re.search(r"\d['\"]{1,2}[^\w]*$", core) is None and not re.search(r"[^\W\d_]'$", core):
        core = core.rstrip("'\"")
    right = _RIGHT.search(core)
    end = right.start() if right else len(core)
    is_dotted = core[end:].startswith(".")
    core = core[:end]
    if not re.search(r"\d['\"]+$", core):
        core = core.rstrip('"')
    if not core:
        return []
    grade = re.fullmatch(r"[A-D]", core) and piece[begin + end : begin + end + 1] == "-"
    core = core + "-" if grade and start else core
    return [_Piece(core, start + begin, start + begin + len(core), is_dotted)]


def _read(piece: _Piece) -> tuple[Reading, ...]:
    """The readings of a piece by the first rule that knows it."""
    core, lower = piece.core, piece.lower
    bare = lower.strip("'")
    return (
        _contraction(lower)
        or abbreviations.abbreviation(bare, is_dotted=piece.is_dotted, before=piece.before, after=piece.after)
        or letters.dotted_letters(core.strip("'"))
        or addresses.address_readings(core)
        or addresses.hashtag_readings(core)
        or _read_number(piece)
        or _read_letters(piece)
        or _read_compound(piece)
        or _plain(lower)
    )


def _contraction(lower: str) -> tuple[Reading, ...]:
    if re.fullmatch(r"[a-z]{2,}in'", lower):
        return readings(lower, lower[:-1])
    return readings(*abbreviations.CONTRACTIONS.get(lower, ()))


def _read_number(piece: _Piece) -> tuple[Reading, ...]:
    """The readings of a piece that begins like a number."""
    core, before = piece.core, piece.before.lower()
    if not re.search(r"\d", core):
        return _unit_behind_number(piece)
    decade = re.fullmatch(r"'?(\d{4}|\d0)'?s", core)
    if decade:
        return numbers.decade_readings(decade[1])
    short_year = re.fullmatch(r"'(\d\d)", core)
    if short_year:
        return distinct([*numbers.number_readings(short_year[1]), *numbers.all_spelled(short_year[1])])
    core = core.strip("'") if not re.search(r"\d'", core) else core
    return (
        _place_or_name(core, before, piece)
        or times.time_readings(core)
        or times.date_readings(core)
        or amounts.money_readings(core, before)
        or _fraction(core)
        or _height(core)
        or _range(core)
        or _by(core)
        or amounts.quantity_readings(core)
        or (letters.mixture_readings(core) if "-" not in core or _CODE.fullmatch(core) else ())
    )


def _place_or_name(core: str, before: str, piece: _Piece) -> tuple[Reading, ...]:
    """Ordinals, numbers with "#", days, and plain numbers, which names like "Room" read in their own way."""
    if match := re.fullmatch(r"(\d[\d,]*)(?:st|nd|rd|th)('?s)?", core, re.IGNORECASE):
        return _ordinals(match[1].replace(",", ""), is_plural=bool(match[2]))
    if match := re.fullmatch(r"#(\d+)s?", core):
        own = numbers.number_readings(match[1], is_name=True)
        return combine([readings("number", "hashtag"), own])
    if match := re.fullmatch(r"(\d+)'s|(\d+)s", core):
        return distinct(map(numbers.plural, numbers.number_readings(match[1] or match[2], is_name=True)))
    whole = _NUMBER.fullmatch(core)
    if not whole:
        return ()
    if "," in core:
        return numbers.count_readings(core.replace(",", ""))
    is_day = before in times.MONTHS or before in times.MONTH_ABBREVIATIONS or piece.after.lower() in times.MONTHS
    if is_day and len(core) <= 2 and 1 <= int(core) <= 31:
        return times.day_readings(core)
    return numbers.number_readings(core, is_name=before in _NAMED_BY_NUMBER)


def _ordinals(digits: str, *, is_plural: bool) -> tuple[Reading, ...]:
    counts = numbers.count_readings(digits)
    found = [(*words[:-1], numbers.ordinal_word(words[-1])) for words in counts]
    return distinct(map(numbers.plural, found)) if is_plural else distinct(found)


def _unit_behind_number(piece: _Piece) -> tuple[Reading, ...]:
    """A unit that stands alone behind a number: 90 mph, 6 ft."""
    number = re.fullmatch(r"[\d,./]+", piece.before)
    if number and amounts.is_unit(piece.core) and piece.lower != "in":
        return readings(*amounts.UNITS[piece.lower])
    return ()


def _fraction(core: str) -> tuple[Reading, ...]:
    if match := re.fullmatch(r"(\d+) (\d{1,2})/(\d{1,3})", core):
        return amounts.mixed_readings(*match.groups())
    match = re.fullmatch(r"(\d{1,3})/(\d{1,3})(?:th|rd|nd)?s?", core)
    if not match:
        return ()
    spoken = amounts.fraction_readings(match[1], match[2])
    return distinct([*spoken[:4], *times.month_and_day(match[1], match[2])[:2], *spoken[4:]])


def _height(core: str) -> tuple[Reading, ...]:
    """Feet and inches: 6'2", 5' 11", 6 ft 2."""
    match = re.fullmatch(r"(\d{1,2})(?:'|\sft\.?)\s?(\d{1,2})(?:\"|''|\sin\b\.?)?", core)
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


def _range(core: str) -> tuple[Reading, ...]:
    """Numbers joined by hyphens: ranges, results, telephone numbers."""
    parts = core.replace("(", "").replace(") ", "-").replace(")", "-").lstrip("+").replace(" ", "-").split("-")
    if len(parts) < 2 or not all(re.fullmatch(r"\d+(?:s|%)?|\$\d+|\d+\.\d+", part) for part in parts):
        return ()
    is_phone = len(parts) > 2 or (len(parts[0]) == 3 and len(parts[1]) == 4)
    if is_phone and all(part.isdigit() for part in parts):
        return _phone(parts)
    if len(parts) > 2:
        return combine([_simple(part) for part in parts])
    first, second = _simple(parts[0]), _simple(parts[1])
    if len(parts[0]) == 4 and len(parts[1]) == 2:
        second = distinct([*second, *numbers.number_readings(parts[0][:2] + parts[1])[:1]])
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
    match = re.fullmatch(r"(\d+)x(\d+)", core, re.IGNORECASE)
    if not match:
        return ()
    first, second = numbers.number_readings(match[1])[:3], numbers.number_readings(match[2])[:3]
    return distinct([*combine([first, readings("by", "times", "X"), second])])


def _read_letters(piece: _Piece) -> tuple[Reading, ...]:
    """The readings of a piece of letters that is no plain word."""
    core, lower = piece.core.strip("'"), piece.lower.strip("'")
    if grade := re.fullmatch(r"([A-F])([+-])", core):
        return readings(f"{grade[1]} {'plus' if grade[2] == '+' else 'minus'}")
    if "&" in core and len(core) > 1:
        parts = [part for part in core.split("&") if part]
        return (
            combine([own for part in parts for own in (readings("and"), _read_part(part, piece))][1:]) if parts else ()
        )
    is_place = piece.before[:1].isupper() and piece.before.isalpha() and not piece.in_capitals
    return (
        casual.interjection(lower)
        or letters.roman_readings(core, piece.before, is_place=is_place)
        or letters.acronym_readings(core, in_capitals=piece.in_capitals)
        or (distinct([letters.spell_out(core)]) if letters.is_spelled_in_small_letters(lower) else ())
        or casual.drawn_out(lower)
        or addresses.camel_readings(core)
        or casual.accented_readings(lower)
    )


def _read_part(part: str, piece: _Piece, before: str = "") -> tuple[Reading, ...]:
    """The readings of a part of a compound; `before` is what stands before it."""
    if len(part) == 1 and part.isupper():
        return readings(part)
    if "&" in piece.core and part.isupper() and len(part) <= 3:
        return distinct([letters.spell_out(part)])
    own = _Piece(part, 0, len(part), False, piece.in_capitals, before, "")
    return _read(own)


def _read_compound(piece: _Piece) -> tuple[Reading, ...]:
    """The readings of words joined by hyphens, slashes or other marks, one of which is no plain word."""
    core = piece.core.strip("'-/")
    if not re.search(r"[-/_,:;.?!()\[\]*=<>~^|\"+]", core):
        return ()
    if stuttered := casual.stutter(core.lower()):
        return stuttered
    parts = [part for part in re.split(r"[-/_,:;?!()\[\]*=<>~^|\"]+|\.(?!\d)|(?<!\d)\.", core) if part]
    if len(parts) < 2:
        return _read_part(parts[0], piece) if parts and parts[0] != core else ()
    befores = [piece.before, *parts]
    spoken = [own for part, before in zip(parts, befores, strict=False) if (own := _read_part(part, piece, before))]
    found = combine(spoken) if spoken else ()
    if "/" in core and len(parts) == 2 and len(spoken) == 2:
        return distinct([*found, *combine([spoken[0], readings("slash", "or"), spoken[1]])])
    return found


def _plain(lower: str) -> tuple[Reading, ...]:
    """The one reading of plain letters, digits and symbols; accents are dropped."""
    for symbol, name in _SYMBOLS.items():
        lowered = lower.replace(symbol, f" {name} ")
        lower = lowered
    words: list[str] = []
    for word in _WORD.findall(cleaning.without_accents(lower)):
        words.extend(numbers.cardinal(int(word[:12])) if word.isdigit() else [word])
    return (tuple(words),) if words else ()
