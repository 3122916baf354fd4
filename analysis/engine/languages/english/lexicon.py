"""English facts about pronunciation that the dictionary does not hold: weak forms, free variation, possessives."""

import string
from typing import Final

from analysis.engine.language_profile import LexiconRules, Pronounce
from analysis.engine.phones import PhoneSequence
from common.line_text.written_word import word_set

# Contrasts learners are here to practise: a guessed pronunciation may not excuse them.
_CONTRASTS: Final = frozenset(
    frozenset(pair)
    for pair in (
        *(("IH", "IY"), ("AE", "EH"), ("UH", "UW"), ("OW", "AO")),
        *(("R", "L"), ("F", "P"), ("V", "B"), ("TH", "S"), ("DH", "D"), ("Z", "JH"), ("S", "Z")),
    )
)
# Phones that careful native speakers exchange freely; neither is an error (cot/caught).
_FREE_VARIATION: Final = {"AO": "AA", "AA": "AO"}
# Words whose vowel is reduced in running speech: "and" is no error as "end" or "und".
_WEAK_FORM_WORDS: Final = (
    "a am an and are as at but can could do for from had has have of or shall should some than that the them to was "
    "were would i've you've we've they've would've could've should've might've must've there's there"
)
_WEAK_FORMS: Final = {
    **{"AE": ("EH", "AH", "IH"), "EH": ("AH", "IH"), "AH": ("IH",), "IH": ("AH",), "UW": ("UH", "AH"), "UH": ("AH",)},
}
# In any other word: the vowel may be unstressed, and dictionaries differ on it.
_UNSTRESSED_FORMS: Final = {"AH": ("IH",), "IH": ("AH",)}


# American English does not distinguish tense and lax vowels before R: "here", "tour", "merry", "four".
_EQUAL_BEFORE_R: Final = {
    **{"IH": ("IY",), "IY": ("IH",), "UH": ("UW",), "UW": ("UH",), "EH": ("AE",), "AE": ("EH",)},
    **{"AO": ("OW",), "OW": ("AO",)},
}
_VOWELS: Final = frozenset(["AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"])
# Vowels that are mostly unstressed in mid-word: a T between a vowel and one of them is flapped and sounds like D
# ("water").
_AFTER_FLAP: Final = frozenset({"AH", "ER", "IY", "IH"})
_FLAPS: Final = {"T": ("D",)}
# The vowel of these prefixes is unstressed, and dictionaries differ on it: "prepare", "return", "decide", "begin".
_PREFIXES: Final = {"pre": 2, "re": 1, "de": 1, "be": 1}
_PREFIX_VOWELS: Final = frozenset({"IY", "IH", "AH"})
_STRESSED_PREFIXES: Final = frozenset(
    (
        *("beta", "decent", "decently", "detail", "details", "premium", "previous", "previously", "rebel", "recent"),
        *("recently", "region", "regional", "regions"),
    )
)

# What stands behind the apostrophe of a contraction → its phones.
_CONTRACTED: Final[dict[str, tuple[PhoneSequence, ...]]] = {
    **{"ve": (("AH", "V"), ("V",), ("AH",)), "ll": (("AH", "L"), ("L",)), "d": (("D",), ("AH", "D"))},
    **{"re": (("ER",), ("R",)), "m": (("AH", "M"), ("M",)), "t": (("T",),)},
}
# Letters at the beginning of a word → phones.
_ONSETS: Final[dict[str, PhoneSequence]] = {
    **{"b": ("B",), "c": ("K",), "ch": ("CH",), "d": ("D",), "f": ("F",), "g": ("G",), "h": ("HH",), "j": ("JH",)},
    **{"k": ("K",), "l": ("L",), "m": ("M",), "n": ("N",), "p": ("P",), "ph": ("F",), "qu": ("K", "W"), "r": ("R",)},
    **{"s": ("S",), "sh": ("SH",), "t": ("T",), "th": ("DH",), "v": ("V",), "w": ("W",), "wh": ("W",), "y": ("Y",)},
    **{"z": ("Z",)},
}
# Pronunciations that the dictionary lacks: of casual forms, and of foreign words that are written with their accents.
_EXTRA: Final[dict[str, tuple[str, ...]]] = {
    **{"a": ("EY",), "cuz": ("K AH Z", "K AO Z"), "'cause": ("K AO Z",), "ole": ("OW L",), "miz": ("M IH Z",)},
    **{"whatcha": ("W AH CH AH",), "shoulda": ("SH UH D AH",), "woulda": ("W UH D AH",), "coulda": ("K UH D AH",)},
    **{"mighta": ("M AY T AH",), "musta": ("M AH S T AH",), "dontcha": ("D OW N CH AH",), "didja": ("D IH JH AH",)},
    **{
        "gotcha": ("G AA CH AH",),
        "betcha": ("B EH CH AH",),
        "wontcha": ("W OW N CH AH",),
        "d'you": ("D Y UW", "JH UW"),
    },
    **{"hmm": ("HH AH M", "M"), "mm": ("AH M",), "shh": ("SH AH",), "psst": ("P S T", "P IH S T"), "pfft": ("P F T",)},
    **{"grr": ("G ER",), "tisk": ("T IH S K",), "ew": ("Y UW", "IY UW"), "whoa": ("W OW",), "nother": ("N AH DH ER",)},
    **{"rosé": ("R OW Z EY", "R AO Z EY"), "résumé": ("R EH Z AH M EY", "R EH Z UH M EY", "R EH Z UW M EY")},
    **{"résumé's": ("R EH Z AH M EY Z",), "fiancé": ("F IY AA N S EY", "F IY AH N S EY", "F IY AE N S EY")},
    **{"fiancé's": ("F IY AA N S EY Z",), "exposé": ("EH K S P OW Z EY",), "passé": ("P AE S EY",)},
    **{"pâté": ("P AA T EY",), "olé": ("OW L EY",), "lamé": ("L AA M EY",), "touché": ("T UW SH EY",)},
    **{"sauté": ("S AO T EY", "S OW T EY"), "jalapeño": ("HH AA L AH P EY N Y OW",), "señor": ("S EH N Y AO R",)},
    **{"señora": ("S EH N Y AO R AH",), "señorita": ("S EH N Y ER IY T AH",), "mañana": ("M AH N Y AA N AH",)},
    **{"piñata": ("P IY N Y AA T AH",), "niño": ("N IY N Y OW",), "niña": ("N IY N Y AH",)},
    **{
        "beyoncé": ("B IY AA N S EY",),
        "voilà": ("V W AA L AA", "W AA L AA"),
        "d'oeuvre's": ("D ER V Z",),
        "d'état": ("D EY T AA",),
        "ing": ("IH NG",),
    },
}


def equal_phones(word: str, phones: PhoneSequence) -> list[PhoneSequence]:
    """Returns for each phone of a pronunciation the others that are right in its place: variants of native speakers."""
    vowel = _prefix_vowel(word, phones)
    return [
        (*_equal_in_context(phones, at), *(tuple(sorted(_PREFIX_VOWELS - {phones[at]})) if at == vowel else ()))
        for at in range(len(phones))
    ]


def _equal_in_context(phones: PhoneSequence, at: int) -> PhoneSequence:
    phone, after = phones[at], phones[at + 1] if at + 1 < len(phones) else ""
    if after == "R":
        return _EQUAL_BEFORE_R.get(phone, ())
    before = phones[at - 1] if at else ""
    is_flapped = (before in _VOWELS or before == "R") and after in _AFTER_FLAP
    return _FLAPS.get(phone, ()) if is_flapped else ()


def _prefix_vowel(word: str, phones: PhoneSequence) -> int | None:
    """Place of the vowel of an unstressed prefix before a consonant; None without one."""
    for prefix, place in _PREFIXES.items():
        follows = word[len(prefix) : len(prefix) + 1]
        has_more = sum(phone in _VOWELS for phone in phones) > 1
        if word.startswith(prefix) and follows.isalpha() and follows not in "aeiou" and has_more:
            is_vowel = len(phones) > place and phones[place] in _PREFIX_VOWELS
            return place if is_vowel and word not in _STRESSED_PREFIXES else None
    return None


def derive(word: str, pronounce: Pronounce) -> list[PhoneSequence]:
    """Pronunciations of a word that the dictionary lacks from those of its stem; empty where there is no stem.

    Letters ("F", plural "F's"), possessives, contractions ("I'd've"), "-in'" for "-ing", and the beginnings that a
    stutter repeats ("wuh").
    """
    if word[:1].isupper():
        # Synthetic voices, which check lines, read a single "A" as the article.
        forms = [word.lower()] if word.endswith("'s") else [f"{word.lower()}.", *(["a"] if word == "A" else [])]
        return [phones for form in forms for phones in pronounce(form)]
    if word.endswith("in'"):
        return [(*phones[:-1], "N") for phones in pronounce(f"{word[:-1]}g") if phones[-1] == "NG"]
    if word.endswith("uh") and (fragment := _fragment(word[:-2])):
        return fragment
    stem, mark, ending = word.rpartition("'")
    if not mark or not stem:
        return []
    if ending in {"s", ""}:
        return [(*phones, *_plural_ending(phones[-1])) for phones in pronounce(stem)]
    return [(*phones, *ends) for phones in pronounce(stem) for ends in _CONTRACTED.get(ending, ())]


def _fragment(letters: str) -> list[PhoneSequence]:
    """The consonants that begin a word, with a short vowel behind."""
    onset = _ONSETS.get(letters) or tuple(_ONSETS[letter][0] for letter in letters if letter in _ONSETS)
    return [(*onset, "AH")] if onset and len(onset) <= len(letters) and set(letters) <= {*_ONSETS, "h"} else []


def _plural_ending(last: str) -> PhoneSequence:
    """The phones of -s after a stem that ends in the phone `last`."""
    if last in {"S", "Z", "SH", "ZH", "CH", "JH"}:
        return ("IH", "Z")
    return ("S",) if last in {"P", "T", "K", "F", "TH"} else ("Z",)


_NUMBERS: Final = word_set(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
)
_ORDINALS: Final = word_set(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth thirtieth"
)
_CLOSED_CLASSES: Final = (
    _NUMBERS,
    _ORDINALS,
    word_set("twenties thirties forties fifties sixties seventies eighties nineties"),
    word_set("hundred thousand million billion"),
    word_set("dollars euros pounds yen won cents percent"),
    word_set("half quarter third quarters thirds"),
    word_set("january february march april may june july august september october november december"),
    word_set("monday tuesday wednesday thursday friday saturday sunday"),
    frozenset(string.ascii_uppercase),
)

RULES: Final = LexiconRules(
    extra_pronunciations={word: [tuple(one.split()) for one in all_] for word, all_ in _EXTRA.items()},
    derive=derive,
    contrasts=_CONTRASTS,
    free_variation=_FREE_VARIATION,
    weak_form_words=frozenset(_WEAK_FORM_WORDS.split()),
    weak_forms=_WEAK_FORMS,
    unstressed_forms=_UNSTRESSED_FORMS,
    closed_classes=_CLOSED_CLASSES,
    equal_phones=equal_phones,
)
