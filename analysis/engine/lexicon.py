"""Pronunciations of the words of a line: dictionary variants, and the guess of a grapheme-to-phoneme (G2P) model.

The dictionary stays one string in memory (for English 3 MB instead of 30 as dicts).
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final

from analysis.engine.language_profile import LanguageProfile, SpeechModels
from analysis.engine.phones import PhoneSequence

_MAX_VARIANTS: Final = 8


@dataclass(frozen=True)
class Pronunciation:
    """One pronunciation of a word.

    `scored` is compared with the acoustic model's output; `shown` is reported to the learner. They differ only where
    the model's training labels name a phone differently ("do" as D OW).
    """

    scored: PhoneSequence
    shown: PhoneSequence


@dataclass(frozen=True)
class Word:
    """One display word, its pronunciations (the dictionary's first one first), and what is no error in it.

    `reductions`: phone → its reductions, in any place. `equal_phones`: a pronunciation → for each of its phones the
    others that are right there.
    """

    text: str
    pronunciations: tuple[Pronunciation, ...]
    reductions: Mapping[str, PhoneSequence]
    equal_phones: Callable[[PhoneSequence], Sequence[PhoneSequence]]

    def acceptable_phones(self, spoken: Pronunciation) -> list[frozenset[str]]:
        """For every phone of a pronunciation the phones that are no error in its place.

        These are the expected phone, the phones of the word's other pronunciations in that place, the reductions of
        all of them (native speakers reduce "and", "to", "of"), and the equals of the expected phone.
        """
        others = [other.shown for other in self.pronunciations if len(other.shown) == len(spoken.shown)]
        places = zip(spoken.shown, *others, strict=True)
        equals = self.equal_phones(spoken.shown)
        return [frozenset({*place, *self._reduced(place), *equal}) for place, equal in zip(places, equals, strict=True)]

    def _reduced(self, place: PhoneSequence) -> list[str]:
        return [form for phone in place for form in self.reductions.get(phone, ())]


class Lexicon:
    """Words → pronunciations, by the rules and models of a language. Words that the dictionary lacks are spelled."""

    def __init__(self, profile: LanguageProfile, models: SpeechModels) -> None:
        self._profile = profile
        self._rules = profile.lexicon
        self._spell = models.spell
        self._entries = "\n" + models.dictionary.read_text(encoding="utf-8")
        self._lookup = lru_cache(maxsize=20_000)(self._pronounce)

    def read(self, text: str) -> list[Word]:
        """Returns the words of a line that can be pronounced, in order."""
        words = []
        for display in self._profile.read_text(text):
            choices = [choice for spoken in display.spoken if (choice := self._lookup(spoken))]
            if choices:
                equal_phones = partial(self._rules.equal_phones, display.text.lower())
                words.append(Word(display.text, self._join(choices), self._reductions(display.text), equal_phones))
        return words

    def _reductions(self, word: str) -> Mapping[str, PhoneSequence]:
        is_weak = word.lower() in self._rules.weak_form_words
        return self._rules.weak_forms if is_weak else self._rules.unstressed_forms

    def _pronounce(self, word: str) -> tuple[Pronunciation, ...]:
        """At most eight pronunciations of one lower-case word."""
        known = self._dictionary(word)
        guessed = self._spell(word)
        if not known:
            known = self._rules.derive(word, self._dictionary_or_guess) or ([guessed] if guessed else [])
        extra = self._rules.extra_pronunciations.get(word)
        if extra and extra not in known:
            known.append(extra)
        variants = [Pronunciation(scored=phones, shown=phones) for phones in known]
        return tuple([*variants, *self._aliases(known, guessed)][:_MAX_VARIANTS])

    def _dictionary_or_guess(self, word: str) -> list[PhoneSequence]:
        return self._dictionary(word) or [phones for phones in [self._spell(word)] if phones]

    def _dictionary(self, word: str) -> list[PhoneSequence]:
        """The dictionary's pronunciations of a word, the most usual first."""
        found: list[PhoneSequence] = []
        for number in range(1, 10):
            key = word if number == 1 else f"{word}({number})"
            start = self._entries.find(f"\n{key} ")
            if start < 0:
                break
            line = self._entries[start + 1 : self._entries.index("\n", start + 1)]
            found.append(tuple(line.split()[1:]))
        return found

    def _aliases(self, known: list[PhoneSequence], guessed: PhoneSequence) -> list[Pronunciation]:
        """Other names of known pronunciations: the model's label where it differs in one phone, and free variation."""
        aliases = []
        if guessed not in known:
            likely = next((phones for phones in known if self._is_alias(phones, guessed)), None)
            aliases += [Pronunciation(scored=guessed, shown=likely)] if likely is not None else []
        for phones in known:
            other = tuple(self._rules.free_variation.get(phone, phone) for phone in phones)
            if other not in known and other != guessed:
                aliases.append(Pronunciation(scored=other, shown=phones))
        return aliases

    def _is_alias(self, phones: PhoneSequence, guessed: PhoneSequence) -> bool:
        """True when the guess differs in exactly one phone and that difference is no contrast worth teaching."""
        if len(phones) != len(guessed):
            return False
        swaps = [frozenset(pair) for pair in zip(phones, guessed, strict=True) if pair[0] != pair[1]]
        return len(swaps) == 1 and swaps[0] not in self._rules.contrasts

    def _join(self, choices: list[tuple[Pronunciation, ...]]) -> tuple[Pronunciation, ...]:
        """Pronunciations of several spoken words in a row ("21st"), the most usual first, at most eight."""
        index = self._profile.phones.index
        joined = []
        for combination in itertools.islice(itertools.product(*choices), _MAX_VARIANTS):
            scored = tuple(phone for part in combination for phone in part.scored if phone in index)
            shown = tuple(phone for part in combination for phone in part.shown if phone in index)
            joined.append(Pronunciation(scored=scored, shown=shown))
        return tuple(joined)
