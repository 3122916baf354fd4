"""Casual spellings: interjections, drawn-out words, stutters, foreign letters."""

import re
from typing import Final

from common.line_text.english.cleaning import without_accents
from common.line_text.written_word import Reading, distinct, readings, word_set

_INTERJECTIONS: Final = (
    (re.compile(r"h+m{2,}|hm"), ("hmm", "H M")),
    (re.compile(r"m{2,}"), ("mm", "hmm")),
    (re.compile(r"sh{2,}|ssh+|s{3,}h+"), ("shh",)),
    (re.compile(r"p+s{2,}t+"), ("psst",)),
    (re.compile(r"p+f{2,}t*"), ("pfft",)),
    (re.compile(r"t+s+k+"), ("tisk", "tsk")),
    (re.compile(r"b+r{2,}"), ("burr",)),
    (re.compile(r"g+r{2,}"), ("grr",)),
    (re.compile(r"a+h{1,}"), ("ah",)),
    (re.compile(r"a{2,}"), ("ah",)),
    (re.compile(r"a+r+g+h+"), ("arg",)),
    (re.compile(r"a+w{2,}|aw"), ("aw",)),
    (re.compile(r"o{1,2}h{2,}|oh"), ("oh",)),
    (re.compile(r"o{3,}h*|o{2,}h+"), ("ooh", "oh")),
    (re.compile(r"u+h{2,}"), ("uh",)),
    (re.compile(r"u+m{2,}"), ("um",)),
    (re.compile(r"u{2,}g+h+|ug{2,}h*|ugh{2,}"), ("ugh",)),
    (re.compile(r"e+w{2,}|e{2,}w+"), ("ew",)),
    (re.compile(r"z{2,}"), ("Z Z Z", "zzz")),
    (re.compile(r"y+e+a+h{2,}|y+e{2,}a+h+|y+e+a{2,}h+"), ("yeah",)),
    (re.compile(r"w+o{2,}w+|w+o+w{2,}"), ("wow",)),
    (re.compile(r"w+h*o{2,}a*h+|w+h+o+a{2,}h*"), ("whoa",)),
    (re.compile(r"y+a{2,}y+|y+a+y{2,}"), ("yay",)),
)
_LAUGH = re.compile(r"(?:ha){3,}h?|(?:he){3,}h?|(?:ho){3,}")
_DRAWN = re.compile(r"([a-z])\1{2,}")
# The usual spelling of words that are often drawn out; others lose all repeats but one.
_OFTEN_DRAWN: Final = word_set(
    """
    no so go hey yes oh ah please stop what why who how come on help wait baby hello hi bye sorry love you me we he she
    well good cool too food moon room soon look book took see free need keep sleep sweet feel been street freeze jeez
    all call ball hall will kill tell hell bell full pull off stuff egg boss miss kiss cross happy pretty funny really
    long wrong strong way say day may pay okay right night time mine fine mom dad man god damn boy girl guys dude bro
    ready very much more hot cold big huge fun run sun now down out about never ever yeah nope yep ow wow aw noon wee
    """
)
# A letter and a word that begins with it, which is no stutter.
_LETTER_WORDS: Final = word_set(
    "d-day d-days r-rated b-boy b-boys b-ball c-clamp d-dot f-flat g-guy p-p s-s t-t t-tops v-v x-x b-bomb t-tail u-u "
    "a-all e-e o-o s-shaped c-cup c-cups d-d b-b p-p-p t-top"
)
_STUTTER = re.compile(r"((?:[a-z]{1,3}-+)+)([a-z][a-z']*)")
# Accents that tell a word from another, or letters that English readers say in a way of their own.
_ACCENTED: Final[dict[str, tuple[str, ...]]] = {
    **{"rosé": ("rosé",), "résumé": ("résumé",), "resumé": ("résumé",), "exposé": ("exposé",), "passé": ("passé",)},
    **{"pâté": ("pâté",), "olé": ("olé",), "lamé": ("lamé",), "touché": ("touché",), "sauté": ("sauté",)},
    **{"josé": ("jose",), "andré": ("andre",), "fiancé": ("fiancé",), "fiancée": ("fiancé",), "née": ("nay",)},
    **{"fiancées": ("fiancé's",), "fiancés": ("fiancé's",), "résumés": ("résumé's",), "jalapeño": ("jalapeño",)},
    **{"señor": ("señor",), "señora": ("señora",), "señorita": ("señorita",), "mañana": ("mañana",)},
    **{
        "piñata": ("piñata",),
        "niño": ("niño",),
        "niña": ("niña",),
        "crêpe": ("crepe", "crape"),
        "beyoncé": ("beyoncé",),
    },
    **{"œuvre": ("uhv", "oeuvre"), "d'œuvre": ("d'oeuvre",), "d'œuvres": ("d'oeuvre's",), "d'oeuvres": ("d'oeuvre's",)},
    **{
        "voilà": ("voilà",),
        "d'état": ("d'état",),
        "façade": ("facade",),
        "maté": ("mahtay",),
        "pokémon": ("pokemon",),
        "pelé": ("pelé",),
    },
    **{"straße": ("strassa", "strass"), "æther": ("ether",), "æon": ("eon",), "über": ("uber",), "führer": ("fuhrer",)},
    **{"håkan": ("hokan",), "søren": ("soren", "sern"), "bjørn": ("byorn", "bjorn"), "malmö": ("malmo",)},
}
_RESPELLED: Final = {
    **{
        "é": "ay",
        "è": "e",
        "ñ": "ny",
        "ö": "o",
        "ø": "o",
        "ü": "oo",
        "å": "o",
        "ç": "s",
        "ł": "w",
        "ś": "sh",
        "š": "sh",
    },
    **{"č": "ch", "ć": "ch", "ž": "zh", "ż": "zh", "ź": "zh", "ń": "ny", "ğ": "", "ş": "sh", "ą": "on", "ę": "en"},
}


def interjection(lower: str) -> tuple[Reading, ...]:
    """Returns the readings of a sound in letters (hmm, shhh, hahaha); nothing for words."""
    for pattern, spoken in _INTERJECTIONS:
        if pattern.fullmatch(lower):
            return readings(*spoken)
    if _LAUGH.fullmatch(lower):
        return distinct([(lower[:2],) * (len(lower) // 2)])
    return ()


def drawn_out(lower: str) -> tuple[Reading, ...]:
    """Returns the readings of a word with a letter three times or more (nooo, pleeease), without these; or nothing."""
    runs = list(_DRAWN.finditer(lower))
    if not runs:
        return ()
    variants = [""]
    last = 0
    for run in runs[:3]:
        between, letter = lower[last : run.start()], run[1]
        variants = [start + between + letter * count for start in variants for count in (1, 2)]
        last = run.end()
    words = [start + lower[last:] for start in variants]
    return distinct((word,) for word in sorted(words, key=lambda word: word not in _OFTEN_DRAWN))


def stutter(lower: str) -> tuple[Reading, ...]:
    """Returns the readings of a word that begins several times (w-what, I-I-I); nothing for other words."""
    match = _STUTTER.fullmatch(lower)
    if not match or lower in _LETTER_WORDS:
        return ()
    starts, word = [start for start in match[1].split("-") if start], match[2]
    if not all(word.startswith(start) or start == word[:1] for start in starts):
        return ()
    if any(len(start) > 1 and start != word and not _is_onset(start) for start in starts):
        return ()
    said = [_fragment(start, word) for start in starts]
    letters = [start.upper() if len(start) == 1 else _fragment(start, word) for start in starts]
    return distinct([(*said, word), (word,), (*said[:1], word), (*letters, word)])


def _is_onset(start: str) -> bool:
    return not set(start[:-1]) & set("aeiou") and start[-1] not in "aeiou"


def _fragment(start: str, word: str) -> str:
    """The beginning of a word as it is said alone: with a short vowel behind consonants."""
    if start == word or start[-1] in "aeiou":
        return word if start in {"i", word} else start
    return f"{start}uh"


def accented_readings(lower: str) -> tuple[Reading, ...]:
    """Returns the readings of a word with foreign letters: without their marks, and as they sound."""
    if lower in _ACCENTED:
        return readings(*_ACCENTED[lower])
    plain = without_accents(lower)
    if plain == lower or not re.fullmatch(r"[a-z']*[a-z][a-z']*", plain):
        return ()
    sounded = "".join(_RESPELLED.get(c, c) for c in lower)
    if "ł" in lower or "ż" in lower:
        sounded = sounded.replace("sz", "sh").replace("cz", "ch")
    return distinct([(plain,), (without_accents(sounded),)])
