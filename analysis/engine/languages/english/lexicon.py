"""English facts about pronunciation that the dictionary does not hold: weak forms, free variation, possessives."""

from typing import Final

from analysis.engine.language_profile import LexiconRules, Pronounce
from analysis.engine.phones import PhoneSequence

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


def possessive(word: str, pronounce: Pronounce) -> list[PhoneSequence]:
    """Pronunciations of a word in 's or ' from those of its stem; empty for any other word."""
    stem, mark, ending = word.rpartition("'")
    if not mark or ending not in {"s", ""}:
        return []
    return [(*phones, *_plural_ending(phones[-1])) for phones in pronounce(stem)]


def _plural_ending(last: str) -> PhoneSequence:
    """The phones of -s after a stem that ends in the phone `last`."""
    if last in {"S", "Z", "SH", "ZH", "CH", "JH"}:
        return ("IH", "Z")
    return ("S",) if last in {"P", "T", "K", "F", "TH"} else ("Z",)


RULES: Final = LexiconRules(
    extra_pronunciations={"a": ("EY",)},
    derive=possessive,
    contrasts=_CONTRASTS,
    free_variation=_FREE_VARIATION,
    weak_form_words=frozenset(_WEAK_FORM_WORDS.split()),
    weak_forms=_WEAK_FORMS,
    unstressed_forms=_UNSTRESSED_FORMS,
    equal_phones=equal_phones,
)
