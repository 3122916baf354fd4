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
    "were would"
)
_WEAK_FORMS: Final = {"AE": ("EH", "AH", "IH"), "AH": ("IH",), "IH": ("AH",), "UW": ("UH", "AH"), "UH": ("AH",)}
# In any other word: the vowel may be unstressed, and dictionaries differ on it.
_UNSTRESSED_FORMS: Final = {"AH": ("IH",), "IH": ("AH",)}


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
)
