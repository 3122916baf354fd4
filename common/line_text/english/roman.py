"""Roman numerals, by what stands beside them."""

import re
from dataclasses import replace
from typing import Final

from common.line_text.english.numbers import cardinal, number_readings, ordinal
from common.line_text.english.pieces import Piece
from common.line_text.written_word import Reading, distinct, readings, word_set

_ROMAN = re.compile(r"(?=[IVXLCDM])(M{0,3})(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
_VALUES: Final = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_WORLD_WAR = re.compile(r"WW-?(I{1,3}|[1-3])('s)?")
_ROMAN_ORDINAL = re.compile(r"([IVX]+)(?:st|nd|rd|th)")
_RULERS: Final = word_set(
    """
    henry george edward richard james charles william mary elizabeth louis philip philippe charles alexander nicholas
    catherine peter ivan frederick napoleon leopold albert victor umberto gustav christian haakon carl pius john paul
    benedict leo clement innocent urban gregory francis ramses rameses ptolemy amenhotep thutmose darius xerxes
    ferdinand alfonso juan wilhelm otto heinrich karl robert malcolm david kenneth baldwin selim murad mehmed
    suleiman clovis sixtus julius boniface celestine emmanuel emanuel margaret harald olav magnus adrian constantine
    eric erik casimir seti artaxerxes antiochus mithridates pedro joseph franz maximilian rudolf stephen isabella
    harold edmund kamehameha felipe carlos luis joao wenceslas cyrus marcellus gordian justinian tiberius
    """
)
# Given names before a family name: a numeral behind both is a generation.
_GIVEN: Final = _RULERS | word_set(
    """
    michael thomas daniel matthew anthony donald steven andrew joshua kevin brian ronald timothy jason jeffrey ryan
    jacob gary jonathan larry justin scott brandon benjamin samuel frank raymond patrick jack dennis jerry tyler aaron
    walter douglas arthur howard eugene ralph roy phillip bobby johnny bradley preston winston thurston reginald chester
    martin theodore ernest cornelius harrison montgomery jim bob bill tom ted fred hank
    """
)
_NUMBERED: Final = word_set(
    """
    war part chapter act scene volume book episode season phase type class level title section article rocky rambo saw
    bowl mark apollo gemini saturn stage round figure unit page day division category fantasy quest street iphone mach
    model ww vatican wrestlemania olympiad olympics canto sonnet appendix table tier schedule ultima vol grade corps ch
    pt bk art sec fig
    """
)
# Things that are also named by letters: Model X, Class V.
_LETTERED: Final = word_set("model class type unit section level figure division page day table tier grade appendix")
_SHORT: Final = word_set("vol ch pt bk art sec fig")
# Names of numbered things that are also verbs and other words in small letters.
_VERBS: Final = word_set("saw mark street round quest fantasy bowl peter victor stephen")
_IN_ORDER: Final = word_set("century centuries olympiad olympics dynasty amendment corps legion congress")
# Behind a numeral I; before any other word "I" is the speaker.
_BEHIND_ONE: Final = word_set(
    """
    is was of and in to had has ended began begins starts started ends opens opened are were at on from or the a by
    for with who died ruled reigned became
    """
)
# Behind the "I" of a speaker.
_SPEAKER_VERBS: Final = word_set(
    """
    am love like hate know think want wanted wrote write read did do saw see told tell can could will would should have
    need needed got get made make said say went go came come felt feel left lost found find took take gave give met
    meant mean played play remember remembered bought thought heard hear hated loved liked lived live died knew always
    never just really only also still must might may shall used wish hope guess believe swear promise call called
    """
)
_AHEAD_OF_NOUNS: Final = word_set("the a an every that this his her my our first last only same best worst any each")
_NEVER: Final = word_set("MIX MD CD DC MC MI MM DI MV CC CV")
_WORDS_IN_LETTERS: Final = word_set("IV VI XX XXX IX XI XV")
_SELDOM: Final = _NEVER | word_set("XL XXL XXX LI LIV LV LX CL CI CX DL DM DX DIV DIX ML MX MCI XX CIV")
_NO_NAMES: Final = word_set("An The A His Her My Get Start Hang Give Need Push Your This That No Another More First")
_YEAR_AHEAD: Final = word_set("in since of year anno domini until by circa")


def roman_readings(piece: Piece) -> tuple[Reading, ...]:
    """Returns the readings of a Roman numeral behind a name or a numbered thing, of a year, and of a world war.

    Empty for other words. A single letter needs a word like "Part" before it.
    """
    core = piece.core.strip("'")
    if war := _WORLD_WAR.fullmatch(core):
        number = cardinal(int(war[1]) if war[1].isdigit() else len(war[1]))
        return distinct([("world", "war", *number), ("W", "W", *number)])
    if core == "WW" and piece.after in {"I", "II", "III", "1", "2", "3", "One", "Two"}:
        return readings("world war", "W W")
    if (place := _ROMAN_ORDINAL.fullmatch(core)) and _ROMAN.fullmatch(place[1]):
        return distinct([ordinal(_value(place[1]))])
    bare = core.removesuffix("'s")
    if not _ROMAN.fullmatch(bare) or piece.before in _VERBS:
        return ()
    if piece.mark_before and not (piece.mark_before == "." and piece.before.lower() in _SHORT):
        piece = replace(piece, before="", earlier="")
    found = _one_letter(bare, piece) if len(bare) == 1 else _letters(bare, piece)
    return found if bare == core else distinct((*words[:-1], f"{words[-1]}'s") for words in found)


def _one_letter(core: str, piece: Piece) -> tuple[Reading, ...]:
    previous = piece.before.lower()
    is_ruler = previous in _RULERS
    if not (is_ruler or previous in _NUMBERED) or (core in "LCDM" and (previous, core) != ("bowl", "L")):
        return ()
    if core == "I" and not _is_first(piece):
        return ()
    found = _in_context(core, piece)
    is_letter = previous in (_LETTERED if core in "VX" else ()) or (
        is_ruler and previous in {"malcolm", "john", "david", "paul", "mary"}
    )
    return distinct([(core,), *found]) if is_letter else found


def _is_first(piece: Piece) -> bool:
    """True for an "I" that is a number: behind a capital, and not before the verb of a speaker."""
    if not piece.before[:1].isupper() or piece.before.lower() == "day":
        return False
    if not piece.after or piece.mark_after:
        return True
    after = piece.after.lower()
    if piece.in_capitals or piece.before.lower() in _RULERS:
        return after in _BEHIND_ONE and not (piece.in_capitals and piece.earlier.lower() in _AHEAD_OF_NOUNS)
    return after not in _SPEAKER_VERBS and not after.endswith(("n't", "'d", "'ve"))


def _letters(core: str, piece: Piece) -> tuple[Reading, ...]:
    previous, value = piece.before.lower(), _value(core)
    if value >= 1000 and (len(core) >= 4 or previous in _YEAR_AHEAD) and core not in _NEVER:
        return distinct([*number_readings(str(value))[:4], tuple(core)])
    if piece.after.lower() in _IN_ORDER or (previous == "the" and len(core) > 2 and not set(core) & set("LCDM")):
        return distinct([ordinal(value), cardinal(value)]) if core not in _SELDOM else ()
    is_known = previous in _NUMBERED or previous in _RULERS
    is_place = piece.before[:1].isupper() and piece.before.isalpha() and not piece.in_capitals
    if not (is_known or is_place) and set(core) <= set("IVX") and core not in _WORDS_IN_LETTERS:
        return distinct([cardinal(value), ordinal(value), tuple(core)])
    if core in (_NEVER if is_known else _SELDOM) or not (is_known or (is_place and value < 100)):
        return ()
    return _in_context(core, piece)


def _in_context(core: str, piece: Piece) -> tuple[Reading, ...]:
    """The readings of a numeral: of rulers and generations as an ordinal, of things as a number."""
    previous, value, letters = piece.before.lower(), _value(core), tuple(core)
    as_ordinal, as_count = ("the", *ordinal(value)), cardinal(value)
    is_ruler, is_numbered = previous in _RULERS, previous in _NUMBERED
    if not (is_ruler or is_numbered) and piece.before in _NO_NAMES:
        return distinct([letters, as_count])
    is_generation = value <= 6 and piece.earlier.lower() in _GIVEN and not is_numbered
    usual = [as_ordinal, as_count] if is_ruler or is_generation else [as_count, as_ordinal, ordinal(value)]
    return distinct([*usual, ("part", *as_count), *([] if is_numbered or is_ruler else [letters])])


def _value(written: str) -> int:
    values = [_VALUES[c] for c in written]
    return sum(-value if value < max(values[at:]) else value for at, value in enumerate(values))
