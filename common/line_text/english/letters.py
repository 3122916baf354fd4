"""Letters: initials, acronyms, mixtures of letters and digits."""

import re
from typing import Final

from common.line_text.english.cleaning import without_accents
from common.line_text.english.numbers import count_readings, number_readings, plural
from common.line_text.english.pieces import Piece
from common.line_text.written_word import Reading, combine, distinct, readings, word_set

# Read letter by letter, also in a line of capitals.
_SPELLED: Final = word_set(
    """
    tgif xoxo fbi cia nsa dea atf irs emt er icu cpr dna rna mri dui dwi doa mia pow kia ied mp cop apb pd nypd lapd
    swat usa uk eu un uae ussr nyc la dc sf ucla usc nyu mit lax jfk sfo abc nbc cbs hbo cnn bbc mtv espn tv dvd cd
    pc vcr dj mc
    ceo cfo cto coo hr pr it pa vp ai vr atm usb wifi gps suv bmw vw rv abs mph id iq eq pms std sti hiv ivf iv ob
    obgyn gyn ptsd adhd ocd tbi asap fyi aka diy vip byob rsvp rip lol omg wtf btw bff idk brb tmi faq ufo sos eta etd
    tba tbd am pm bc ad ps pta gpa sat gre mba phd md dds rn jd llc kgb ira plo nfl nba nhl mlb nra aclu naacp epa fda
    cdc faa fcc ftc sec doj hq ngo bbq blt pb ac dc ad hd lcd led uv ir fm rpm bpm ads cv io ip tnt c4 xl xxl pvc tnt
    kkk kfc xo ex-pd raf ww ww2 pe mvp mp3 ko tko og bs bj op ot ed er rpg fps npc ngo msg
    """
) - {"cop", "swat", "ads", "ex-pd", "op", "ed", "ex", "led", "it", "am", "la", "sec", "un", "io", "ad"}
# Ordinary words in a line of capitals; letters elsewhere, or words.
_BOTH: Final = {
    **{"it": "it", "us": "us", "am": "am", "la": "la", "sec": "sec", "un": "un", "id": "id", "er": "er", "or": "or"},
    **{"asap": "A sap", "swat": "swat", "sat": "sat", "led": "led", "ufo": "U foe", "lol": "lol", "faq": "fack"},
    **{"ad": "ad", "ads": "ads", "op": "op", "ed": "ed", "mia": "mia", "pow": "pow", "rip": "rip", "vip": "vip"},
    **{"byob": "by ob", "roi": "roi", "snl": "snl", "awol": "awol", "nypd": "N Y P D", "pa": "pa", "ma": "ma"},
}
# Read as words, whatever their capitals.
_WORDS: Final = word_set(
    """
    nasa nato unicef unesco opec scuba laser radar aids awol pin sim ram rom gif jpeg covid potus scotus flotus norad
    darpa fema osha nascar fifa uefa pac dea-x yolo fomo goat navy army god jesus mom dad okay ok oh ah eh uh um hey
    no yes go stop now not you the and but for are was his her him she they them all any can will out get got let see
    say who why how what when where that this with from your our its me my we he be do so to of in on at up by if an a
    i us as is am never ever help wait run look come back here there just like know love hate need want take make give
    """
)
# Short words that a line may stress by capitals (DID you?).
_SHORT_WORDS: Final = word_set(
    """
    did mix had has old new one two six ten men man big bad red hot yet far too own off put say saw set sit son try use
    way win boy car cut day die dog end eye few fun gun hit job kid lie lot may pay per ran sad sea sex sir sky sun top
    war wow yep bye cry cat bed bet bus buy box add age air art ask ate bag bar bit bid any ago due ear eat egg fat fix
    fly fox gas guy hid how ice ill jet joy key law lay leg lip low map met mud nor nut odd oil pan pet pig pop pot raw
    rid rob row rub tea tie toe ton toy van wet won zip zoo arm ass bug cup cow dad dry dumb fan fed god got hat hon hug
    kit lad lap led log mad nah nap net nun oak oar owe pal paw pea pen pit rat rip rug sin sue tag tan tap tax tip
    tub von wax web wig wit woe yea yell yup civic level lets mild vivid livid only very much more most even over under
    does dont real true said same such than then their these those thing think time told were your
    """
)
# Capitals behind a number that are units, too.
_AS_UNIT: Final = {
    "B": lambda digits: [(*words, "billion") for words in count_readings(digits)[:2]],
    "G": lambda digits: [(*words, "grams") for words in count_readings(digits)[:2]],
}
_DOTTED = re.compile(r"(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?(?:'?s)?|(?:[^\W\d_]\.)+[^\W\d_](?:'?s)?", re.IGNORECASE)
_MIXTURE = re.compile(r"[A-Za-z]+|\d+")
_VOWELS: Final = frozenset("AEIOUY")
MAX_ACRONYM: Final = 5


def spell_out(letters: str) -> Reading:
    """Returns the names of letters."""
    return tuple(letter.upper() for letter in letters if letter.isalpha())


def initial_readings(piece: Piece) -> tuple[Reading, ...]:
    """Returns the name of a capital with a full stop, the initial of a name (Samuel L. Jackson); or nothing."""
    is_initial = piece.is_dotted and len(piece.core) == 1 and piece.core.isalpha() and piece.core.isupper()
    return readings(without_accents(piece.core)) if is_initial and piece.core != "I" else ()


def numbered_readings(written: str, *, is_name: bool) -> tuple[Reading, ...]:
    """Returns the readings of a number with one capital (Gate 4B, 221B); `is_name`: behind the word for a place.

    Other capitals than A to H are also units, unless they stand behind such a word; empty for other words.
    """
    match = re.fullmatch(r"(\d{1,4})-?([A-Z])(?:'?s)?", written)
    if not match or not (is_name or match[2] in "ABCDEFGHJNQRSUYZ") or written.endswith("s"):
        return ()
    found = combine([number_readings(match[1], is_name=True), readings(match[2])])
    return distinct([*found, *_AS_UNIT[match[2]](match[1])]) if match[2] in _AS_UNIT and not is_name else found


def dotted_letters(written: str) -> tuple[Reading, ...]:
    """Returns the readings of dotted initials (D.C., Ph.D., a.m.), `written` without its last full stop; or nothing."""
    if not _DOTTED.fullmatch(written):
        return ()
    stem = re.sub(r"'?s$", "", written) if re.search(r"\.'?s$", written) else written
    letters = spell_out(stem)
    found = [letters if stem == written else plural(letters)]
    word = "".join(letters).lower()
    if word == "mph":
        found.append(("miles", "per", "hour"))
    if len(word) > 2 and (word in _WORDS or (len(word) > 3 and set(word.upper()) & _VOWELS)):
        found.append((word,))
    return distinct(found)


def acronym_readings(written: str, *, in_capitals: bool) -> tuple[Reading, ...]:
    """Returns the readings of capitals (FBI, TVs, NASA, FBI's); nothing where they are only an ordinary word.

    `in_capitals`: the whole line is in capitals, which then say nothing.
    """
    if verb := re.fullmatch(r"([A-Z]{2,3})'?ing", written):
        return distinct([(*spell_out(verb[1]), "ing")])
    match = re.fullmatch(r"([A-Z]{2,})('?s|'S)?", written)
    if not match:
        return ()
    letters, ending = match[1], match[2] or ""
    if in_capitals and letters.endswith("S") and letters[:-1].lower() in _SPELLED and letters.lower() not in _SPELLED:
        letters, ending = letters[:-1], "s"
    lowered = letters.lower()
    spelled = plural(spell_out(letters)) if ending else spell_out(letters)
    word = (lowered + ("'s" if "'" in ending else ending),)
    if lowered in _BOTH:
        other = (*_BOTH[lowered].split(),) if not ending else word
        return distinct([other, spelled] if in_capitals and lowered not in _SPELLED else [spelled, other])
    if lowered in _SPELLED:
        return distinct([spelled])
    if lowered in _WORDS or lowered in _SHORT_WORDS or len(letters) > MAX_ACRONYM:
        return ()
    has_vowel = bool(set(letters) & _VOWELS)
    if in_capitals:
        return () if has_vowel else distinct([spelled, word])
    if len(letters) <= 3 or not has_vowel:
        return distinct([spelled, word])
    return distinct([word, spelled])


def is_spelled_in_small_letters(lower: str) -> bool:
    """True for acronyms that are letters in lower case, too (fyi, omg)."""
    return lower in {"fyi", "omg", "wtf", "btw", "idk", "brb", "bff", "diy", "rsvp", "tmi", "fbi", "cia", "dna"}


def mixture_readings(written: str) -> tuple[Reading, ...]:
    """Returns the readings of letters mixed with digits (R2D2, PS5, 4K, MI6, H2O, F-16s); nothing for other words."""
    bare = written.replace("-", "")
    ending = ""
    if re.search(r"\d'?s$", bare):
        bare, ending = re.sub(r"'?s$", "", bare), "s"
    if countdown := re.fullmatch(r"T-(\d{1,2})", written):
        own = number_readings(countdown[1])[:2]
        return distinct([*combine([readings("T minus", "T"), own])])
    if not (bare.isalnum() and bare.isascii() and any(map(str.isalpha, bare)) and any(map(str.isdigit, bare))):
        return ()
    parts = []
    for part in _MIXTURE.findall(bare):
        if part.isdigit():
            parts.append(number_readings(part, is_name=True)[:6] if part != "0" else readings("zero", "oh"))
        else:
            parts.append(_letters_beside_digits(part))
    found = combine(parts)
    return distinct(map(plural, found)) if ending else found


def _letters_beside_digits(part: str) -> tuple[Reading, ...]:
    lowered = part.lower()
    spelled = spell_out(part)
    if len(part) == 1:
        return distinct([spelled])
    if part.islower() and len(part) > 2 and lowered not in _SPELLED and set(part.upper()) & _VOWELS:
        return distinct([(lowered,)])
    is_word = not part.isupper() and bool(set(part.upper()) & _VOWELS) and len(part) > 2
    if is_word:
        return distinct([(lowered,), *([spelled] if len(part) <= MAX_ACRONYM else [])])
    return distinct([spelled, *([(lowered,)] if set(part.upper()) & _VOWELS and len(part) > 2 else [])])
