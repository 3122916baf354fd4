"""Lines → their words and the readings of each."""

import re
from typing import Final

from common.line_text.english import (
    abbreviations,
    addresses,
    amounts,
    casual,
    cleaning,
    letters,
    numbers,
    pieces,
    places,
    rates,
    roman,
    signs,
    spans,
    times,
)
from common.line_text.english.cleaning import Cleaned
from common.line_text.english.pieces import Piece
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
    **{
        "π": "pi",
        "∞": "infinity",
        "$": "dollars",
        "€": "euros",
        "£": "pounds",
        "¥": "yen",
        "₩": "won",
        "¢": "cents",
        "~": "about",
    },
}
# Longer pieces are no words that people write; they are read without rules, in time that grows with their length.
_MAX_PIECE: Final = 120
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*|\d+")
_NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)")
_CODE = re.compile(r"[A-Za-z]{1,4}-?\d+[A-Za-z]{0,2}(?:-?[A-Za-z]{0,2}\d+)?(?:'?s)?|[A-Za-z]-\d\w+|\d+-?[A-Z]")
# Between the parts of a compound, but not inside a number or a fraction.
_JOINTS: Final = re.compile(r"(?:[-_:;?!()\[\]*=<>~^|\"]|,(?!\d{3}(?!\d))|/(?!\d)|(?<!\d)/)+|\.(?!\d)|(?<!\d)\.")
_NAMED_BY_NUMBER: Final = word_set(
    """
    room flight route highway interstate apartment suite channel bus train gate unit cell locker agent area building
    car number district section studio code extension model line cabin squad platform ward boeing ste airbus cessna pier
    hangar dock bay row seat table lot door exit terminal track pod zone precinct fahrenheit blink form level interstate
    chevy ferrari porsche bmw mercedes peugeot volvo levi's ward floor locker box unit wing locker frequency badge
    """
)
_MODELS: Final = word_set("porsche levi's ferrari bmw peugeot volvo blink")
_YEAR_AHEAD: Final = word_set("in since of until from by after before circa year around")
_ALTERNATIVES: Final = word_set("he she him her his hers himself herself yes no true false left right mr mrs")


def read_text(text: str) -> list[WrittenWord]:
    """Returns the words of an English line in order, without stage directions, labels and silent characters."""
    line = without_directions(cleaning.clean(text))
    spoken = ((piece, _read(piece)) for piece in pieces.split(line))
    return [WrittenWord(_spelling(line, piece), own) for piece, own in spoken if own]


def _spelling(line: Cleaned, piece: Piece) -> str:
    """The line's own spelling of a piece, without quotation marks at its ends."""
    own = line.spelling(piece.start, piece.stop)
    if piece.lower in abbreviations.CONTRACTIONS or (piece.core[-1:] == "'" and piece.core[:1].isdigit()):
        return own
    return own.strip("'’‘`") or own


def _read(piece: Piece) -> tuple[Reading, ...]:
    """The readings of a piece by the first rule that knows it; a sign that nobody says has none."""
    core = piece.core
    if not any(map(str.isalnum, core)) or core == "<3":
        return signs.lone_sign_readings(piece)
    if len(core) > _MAX_PIECE:
        return _plain(piece.lower)
    return (
        _contraction(piece.lower)
        or roman.roman_readings(piece)
        or rates.unit_readings(piece)
        or places.place_readings(piece)
        or abbreviations.abbreviation(piece)
        or letters.initial_readings(piece)
        or letters.dotted_letters(core.strip("'"))
        or addresses.address_readings(core)
        or addresses.hashtag_readings(core)
        or rates.rate_readings(core, piece.before.lower())
        or _read_number(piece)
        or signs.equation_readings(core)
        or signs.power_readings(core)
        or _read_letters(piece)
        or _read_compound(piece)
        or _plain(piece.lower)
    )


def _contraction(lower: str) -> tuple[Reading, ...]:
    if re.fullmatch(r"[a-z]{2,}in'", lower):
        return readings(lower, lower[:-1])
    return readings(*abbreviations.CONTRACTIONS.get(lower, ()))


def _read_number(piece: Piece) -> tuple[Reading, ...]:
    """The readings of a piece that begins like a number."""
    core, before = piece.core, piece.before.lower()
    if not re.search(r"\d", core):
        return signs.times_readings(piece)
    if decade := re.fullmatch(r"'?(\d{4}|\d0)'?s", core):
        return _decade(decade[1], piece)
    if short_year := re.fullmatch(r"'(\d\d)", core):
        return distinct([*numbers.number_readings(short_year[1]), *numbers.all_spelled(short_year[1])])
    core = core.strip("'") if not re.search(r"\d'", core) else core
    return (
        _place_or_name(core, before, piece)
        or times.time_readings(core, before=before, after=piece.after.lower())
        or times.date_readings(core)
        or signs.sum_readings(core)
        or amounts.money_readings(core, before, piece.after)
        or spans.joined_readings(piece, core)
        or letters.numbered_readings(core, is_name=before in _NAMED_BY_NUMBER or places.is_house_number(piece))
        or rates.square_readings(core)
        or amounts.caliber_readings(core, before, piece.after)
        or amounts.quantity_readings(core, before, piece.after)
        or _version(core)
        or (letters.mixture_readings(core) if "-" not in core or _CODE.fullmatch(core) else ())
    )


def _decade(digits: str, piece: Piece) -> tuple[Reading, ...]:
    """The readings of decades, and of hundreds and thousands of something."""
    if piece.after.lower() == "of" and digits.strip("0") == "1" and not piece.core.startswith("'"):
        return readings({"10": "tens", "1000": "thousands"}[digits])
    return numbers.decade_readings(digits)


def _place_or_name(core: str, before: str, piece: Piece) -> tuple[Reading, ...]:
    """Ordinals, numbers with "#", days, and plain numbers, which names like "Room" read in their own way."""
    if match := re.fullmatch(r"(\d[\d,]*)(?:st|nd|rd|th)('?s)?", core, re.IGNORECASE):
        return _ordinals(match[1].replace(",", ""), is_plural=bool(match[2]))
    if match := re.fullmatch(r"[#№]\s?(\d+)s?", core):
        own = numbers.number_readings(match[1], is_name=True)
        return combine([readings("number", "hashtag"), own])
    if core == "100s":
        return readings("hundreds", "one hundreds")
    if match := re.fullmatch(r"(\d+)'s|(\d+)s", core):
        return distinct(map(numbers.plural, numbers.number_readings(match[1] or match[2], is_name=True)))
    if not _NUMBER.fullmatch(core):
        return ()
    if "," in core:
        return numbers.count_readings(core.replace(",", ""))
    is_day = before in times.MONTHS or before in times.MONTH_ABBREVIATIONS or piece.after.lower() in times.MONTHS
    if is_day and len(core) <= 2 and 1 <= int(core) <= 31:
        is_first = piece.after.lower() in times.MONTHS and before not in times.MONTHS
        return times.day_readings(core, is_first=is_first)
    if piece.after.lower() in {"hours", "hrs"} and (found := times.military_readings(core)):
        return found
    is_year = len(core) == 4 and before in _YEAR_AHEAD and core < "2000"
    is_name = before in _NAMED_BY_NUMBER or is_year or places.is_house_number(piece)
    return distinct(
        [*_model(before, core), *numbers.number_readings(core, is_name=is_name, is_count=_is_thing(piece.after))]
    )


def _is_thing(word: str) -> bool:
    """True for a word in the plural, of which there is a number."""
    return (len(word) > 3 and word.endswith("s")) or word.lower() in {"people", "men", "women", "children", "feet"}


def _version(core: str) -> tuple[Reading, ...]:
    """The readings of numbers with several dots, and of versions (v2.0, 1.2.3)."""
    match = re.fullmatch(r"(v\.?)?(\d+(?:\.\d+)*)", core, re.IGNORECASE)
    if not match or not (match[1] or match[2].count(".") > 1):
        return ()
    first, *others = match[2].split(".")
    joined = [own for part in others for own in (readings("point", "dot"), numbers.all_spelled(part))]
    if match[1] and not others:
        return combine([readings("V", "version"), numbers.number_readings(first, is_name=True)])
    return combine([readings("version", "V") if match[1] else (), numbers.count_readings(first)[:1], *joined])


def _model(before: str, digits: str) -> tuple[Reading, ...]:
    """The reading of a model that is a number with another meaning elsewhere (Porsche 911)."""
    return distinct([numbers.pairs(digits)]) if before in _MODELS and len(digits) == 3 else ()


def _ordinals(digits: str, *, is_plural: bool) -> tuple[Reading, ...]:
    counts = numbers.count_readings(digits)
    found = [(*words[:-1], numbers.ordinal_word(words[-1])) for words in counts]
    return distinct(map(numbers.plural, found)) if is_plural else distinct(found)


def _read_letters(piece: Piece) -> tuple[Reading, ...]:
    """The readings of a piece of letters that is no plain word."""
    core, lower = piece.core.strip("'"), piece.lower.strip("'")
    if grade := re.fullmatch(r"(AB|[A-FO])([+-])", core):
        names = ("plus", "positive") if grade[2] == "+" else ("minus", "negative")
        return combine([distinct([letters.spell_out(grade[1])]), readings(*names)])
    if "&" in core and len(core) > 1:
        parts = [part for part in core.split("&") if part]
        if plural := re.fullmatch(r"([A-Z])'?s", parts[-1]):
            heads = [own for part in parts[:-1] for own in (_read_part(part, piece), readings("and"))]
            return combine([*heads, readings(f"{plural[1]}'s")])
        return (
            combine([own for part in parts for own in (readings("and"), _read_part(part, piece))][1:]) if parts else ()
        )
    return (
        casual.interjection(lower)
        or letters.acronym_readings(core, in_capitals=piece.in_capitals)
        or (distinct([letters.spell_out(core)]) if letters.is_spelled_in_small_letters(lower) else ())
        or casual.drawn_out(lower)
        or addresses.camel_readings(core)
        or casual.accented_readings(lower)
    )


def _read_part(part: str, piece: Piece, before: str = "", mark: str = "") -> tuple[Reading, ...]:
    """The readings of a part of a compound; `before` is what stands before it, `mark` the sign between."""
    if len(part) == 1 and part.isupper():
        return readings(part)
    if "&" in piece.core and part.isupper() and len(part) <= 3:
        return distinct([letters.spell_out(part)])
    own = Piece(part, 0, len(part), in_capitals=piece.in_capitals, before=before, mark_before=mark)
    return _read(own)


def _read_compound(piece: Piece) -> tuple[Reading, ...]:
    """The readings of words joined by hyphens, slashes or other marks, one of which is no plain word."""
    core = piece.core.strip("'-/")
    if with_word := re.fullmatch(r"w/([^/]+)", core, re.IGNORECASE):
        return combine([readings("with"), _read_part(with_word[1], piece)])
    if at := re.fullmatch(r"@(\d[^@]*)", core):
        return combine([readings("at"), _read_part(at[1], piece)])
    if joined := places.span_readings(core) or _known_pair(core):
        return joined
    if not re.search(r"[-/_,:;.?!()\[\]*=<>~^|\"+]", core):
        return ()
    if stuttered := casual.stutter(core.lower()):
        return stuttered
    parts = [part for part in _JOINTS.split(core) if part]
    if len(parts) < 2:
        return _read_part(parts[0], piece) if parts and parts[0] != core else ()
    befores = [piece.before, *parts]
    marks = [piece.mark_before, *("-" if "-" in core else "" for _ in parts)]
    beside = zip(parts, befores, marks, strict=False)
    spoken = [own for part, before, mark in beside if (own := _read_part(part, piece, before, mark))]
    found = combine(spoken) if spoken else ()
    if "/" in core and len(parts) == 2 and len(spoken) == 2:
        return distinct([*found, *combine([spoken[0], readings("slash", "or"), spoken[1]])])
    return found


def _known_pair(core: str) -> tuple[Reading, ...]:
    """Pairs of which one is meant (he/she): "or" is said between them."""
    sides = core.split("/")
    if len(sides) != 2 or not set(map(str.lower, sides)) <= _ALTERNATIVES:
        return ()
    first, second = sides[0].lower(), sides[1].lower()
    return readings(f"{first} or {second}", f"{first} {second}", f"{first} slash {second}")


def _plain(lower: str) -> tuple[Reading, ...]:
    """The one reading of plain letters, digits and symbols; accents are dropped."""
    for symbol, name in _SYMBOLS.items():
        lowered = lower.replace(symbol, f" {name} ")
        lower = lowered
    words: list[str] = []
    for word in _WORD.findall(cleaning.without_accents(lower)):
        words.extend(numbers.cardinal(int(word[:12])) if word.isdigit() else [word])
    return (tuple(words),) if words else ()
