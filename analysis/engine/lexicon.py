"""How the words of a line may be said: CMU dictionary variants, plus the letters' own reading.

The dictionary is the one pocketsphinx ships (BSD). It stays one string in memory (3 MB instead of 30 as dicts).
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from pocketsphinx import get_model_path

from analysis.engine.phones import INDEX
from analysis.engine.text_normalization import read_text

_MAX_VARIANTS: Final = 8
_LETTER_NAMES: Final = {"a": "EY"}
# Contrasts learners are here to practise: a guessed reading may not excuse them.
_CONTRASTS: Final = {frozenset(pair) for pair in (("IH", "IY"), ("AE", "EH"), ("UH", "UW"), ("OW", "AO"))} | {
    frozenset(pair) for pair in (("R", "L"), ("F", "P"), ("V", "B"), ("TH", "S"), ("DH", "D"), ("Z", "JH"), ("S", "Z"))
}
# Sounds that careful native speakers exchange freely; neither is an error (cot/caught).
_FREE_VARIATION: Final = {"AO": "AA", "AA": "AO"}

# Little words whose vowel is reduced in running speech: "and" is no mistake as "end" or "und".
_LITTLE_WORDS: Final = (
    "a am an and are as at but can could do for from had has have of or shall should some than that the them to was "
    "were would"
)
_REDUCED: Final = frozenset(_LITTLE_WORDS.split())
_WEAK_FORMS: Final = {"AE": ("EH", "AH", "IH"), "AH": ("IH",), "IH": ("AH",), "UW": ("UH", "AH"), "UH": ("AH",)}
# In any other word: the vowel may be unstressed, and dictionaries differ on it.
_ANYWHERE: Final = {"AH": ("IH",), "IH": ("AH",)}


@dataclass(frozen=True)
class Pronunciation:
    """One way to say a word. `scored` is compared with the model's ear, `shown` is what the learner reads;
    they differ only where the model's labels call a sound by another name ("do" as D OW)."""

    scored: tuple[str, ...]
    shown: tuple[str, ...]


@dataclass(frozen=True)
class Word:
    """One display word and its pronunciations, the dictionary's first one first."""

    text: str
    pronunciations: tuple[Pronunciation, ...]

    def as_good(self, said: Pronunciation) -> list[frozenset[str]]:
        """For every sound of a pronunciation the sounds that are no error in its place: the expected one, what the
        word's other pronunciations have there, and their weak forms (native speakers reduce "and", "to", "of")."""
        weak = _WEAK_FORMS if self.text.lower() in _REDUCED else _ANYWHERE
        others = [other.shown for other in self.pronunciations if len(other.shown) == len(said.shown)]
        places = zip(said.shown, *others, strict=True)
        return [frozenset({*place, *(form for phone in place for form in weak.get(phone, ()))}) for place in places]


class Lexicon:
    """Words → pronunciations. `spell` guesses sounds from letters (the acoustic model's own G2P)."""

    def __init__(self, spell: Callable[[str], tuple[str, ...]]) -> None:
        self._spell = spell
        path = Path(get_model_path("en-us/cmudict-en-us.dict"))
        self._entries = "\n" + path.read_text(encoding="utf-8")
        self._lookup = lru_cache(maxsize=20_000)(self._pronounce)

    def read(self, text: str) -> list[Word]:
        """The words of a line that can be pronounced, in order."""
        words = []
        for display in read_text(text):
            choices = [self._lookup(spoken) for spoken in display.spoken]
            choices = [choice for choice in choices if choice]
            if choices:
                words.append(Word(text=display.text, pronunciations=_join(choices)))
        return words

    def _pronounce(self, word: str) -> tuple[Pronunciation, ...]:
        known = self._dictionary(word)
        guessed = self._spell(word)
        if not known:
            known = self._possessive(word) or ([guessed] if guessed else [])
        if word in _LETTER_NAMES and (letter := tuple(_LETTER_NAMES[word].split())) not in known:
            known.append(letter)
        variants = [Pronunciation(scored=phones, shown=phones) for phones in known]
        for alias in self._aliases(known, guessed):
            variants.append(alias)
        return tuple(variants[:_MAX_VARIANTS])

    def _dictionary(self, word: str) -> list[tuple[str, ...]]:
        found: list[tuple[str, ...]] = []
        for number in range(1, 10):
            key = word if number == 1 else f"{word}({number})"
            start = self._entries.find(f"\n{key} ")
            if start < 0:
                break
            line = self._entries[start + 1 : self._entries.index("\n", start + 1)]
            found.append(tuple(line.split()[1:]))
        return found

    def _possessive(self, word: str) -> list[tuple[str, ...]]:
        stem, mark, ending = word.rpartition("'")
        if not mark or ending not in {"s", ""}:
            return []
        stems = self._dictionary(stem) or [phones for phones in [self._spell(stem)] if phones]
        return [(*phones, *_plural_ending(phones[-1])) for phones in stems]

    def _aliases(self, known: list[tuple[str, ...]], guessed: tuple[str, ...]) -> list[Pronunciation]:
        """The model's own label for a known word when it differs in one sound, and free variation."""
        aliases = []
        for phones in known:
            if guessed not in known and _is_alias(phones, guessed):
                aliases.append(Pronunciation(scored=guessed, shown=phones))
                break
        for phones in known:
            other = tuple(_FREE_VARIATION.get(phone, phone) for phone in phones)
            if other not in known and other != guessed:
                aliases.append(Pronunciation(scored=other, shown=phones))
        return aliases


def _is_alias(phones: tuple[str, ...], guessed: tuple[str, ...]) -> bool:
    """True when the guess differs in exactly one sound and that difference is no contrast worth teaching."""
    if len(phones) != len(guessed):
        return False
    swaps = [frozenset(pair) for pair in zip(phones, guessed, strict=True) if pair[0] != pair[1]]
    return len(swaps) == 1 and swaps[0] not in _CONTRASTS


def _plural_ending(last: str) -> tuple[str, ...]:
    if last in {"S", "Z", "SH", "ZH", "CH", "JH"}:
        return ("IH", "Z")
    return ("S",) if last in {"P", "T", "K", "F", "TH"} else ("Z",)


def _join(choices: list[tuple[Pronunciation, ...]]) -> tuple[Pronunciation, ...]:
    """All ways to say several spoken words in a row ("21st"), the most usual first, at most eight."""
    joined = []
    for combination in itertools.islice(itertools.product(*choices), _MAX_VARIANTS):
        scored = tuple(phone for part in combination for phone in part.scored if phone in INDEX)
        shown = tuple(phone for part in combination for phone in part.shown if phone in INDEX)
        joined.append(Pronunciation(scored=scored, shown=shown))
    return tuple(joined)
