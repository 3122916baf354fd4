"""Pronunciations of the words of a line: dictionary variants, and the guess of a grapheme-to-phoneme (G2P) model."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from analysis.engine.dictionary import Dictionary
from analysis.engine.language_profile import LanguageProfile, SpeechModels
from analysis.engine.phones import PhoneSequence
from common.line_text.spoken_form import read_line
from common.line_text.written_word import WrittenWord

_MAX_VARIANTS: Final = 8
_CACHED_WORDS: Final = 20_000


@dataclass(frozen=True)
class Pronunciation:
    """One pronunciation of a spoken word, or of several in a row; `spoken` and `parts` are these and their own.

    `scored` is compared with the acoustic model's output; `shown` is reported to the learner. They differ only where
    the model's training labels name a phone differently ("do" as D OW).
    """

    scored: PhoneSequence
    shown: PhoneSequence
    spoken: tuple["SpokenWord", ...] = ()
    parts: tuple["Pronunciation", ...] = ()


@dataclass(frozen=True)
class SpokenWord:
    """A word as it is read, and its pronunciations, the dictionary's first one first.

    `reductions`: phone → its reductions, in any place. `rivals`: phones of other words that may be said in its place;
    only of words that the line writes in another way ("50").
    """

    text: str
    pronunciations: tuple[Pronunciation, ...]
    reductions: Mapping[str, PhoneSequence]
    rivals: tuple[PhoneSequence, ...] = ()

    def acceptable_phones(self, own: Pronunciation) -> list[list[str]]:
        """For every phone of a pronunciation those of the others in that place, and the reductions of all of them."""
        others = [other.shown for other in self.pronunciations if len(other.shown) == len(own.shown)]
        return [[*place, *self._reduced(place)] for place in zip(own.shown, *others, strict=True)]

    def _reduced(self, place: PhoneSequence) -> list[str]:
        return [form for phone in place for form in self.reductions.get(phone, ())]


@dataclass(frozen=True)
class Word:
    """One display word, the spoken words of each of its readings (the most usual first), and what is no error in it.

    `equal_phones`: spoken words and their phones → for each phone the others that are right there.
    """

    text: str
    readings: tuple[tuple[SpokenWord, ...], ...]
    equal_phones: Callable[[str, PhoneSequence], Sequence[PhoneSequence]]

    @property
    def pronunciations(self) -> tuple[Pronunciation, ...]:
        """At most eight pronunciations of the most usual reading, the most usual first."""
        choices = itertools.product(*(spoken.pronunciations for spoken in self.readings[0]))
        return tuple(join(self.readings[0], chosen) for chosen in itertools.islice(choices, _MAX_VARIANTS))

    def acceptable_phones(self, chosen: Pronunciation) -> list[frozenset[str]]:
        """For every phone of a pronunciation the phones that are no error in its place.

        These are the expected phone, the phones of the spoken word's other pronunciations in that place, the reductions
        of all of them (native speakers reduce "and", "to", "of"), and the equals of the expected phone.
        """
        pairs = zip(chosen.spoken, chosen.parts, strict=True)
        places = [place for spoken, own in pairs for place in spoken.acceptable_phones(own)]
        equals = self.equal_phones(" ".join(spoken.text for spoken in chosen.spoken), chosen.shown)
        return [frozenset({*place, *equal}) for place, equal in zip(places, equals, strict=True)]


def join(spoken: Sequence[SpokenWord], chosen: Sequence[Pronunciation]) -> Pronunciation:
    """The pronunciation of spoken words in a row ("twenty first") from one of each."""
    return Pronunciation(
        scored=tuple(phone for part in chosen for phone in part.scored),
        shown=tuple(phone for part in chosen for phone in part.shown),
        spoken=tuple(spoken),
        parts=tuple(chosen),
    )


class Lexicon:
    """Words → pronunciations, by the rules and models of a language. Words that the dictionary lacks are spelled."""

    def __init__(self, profile: LanguageProfile, models: SpeechModels) -> None:
        self._profile = profile
        self._rules = profile.lexicon
        self._index = profile.phones.index
        self._spell = models.spell
        self._dictionary = Dictionary(models.dictionary.read_text(encoding="utf-8")).find
        self._lookup = lru_cache(maxsize=_CACHED_WORDS)(self._pronounce)
        self._rivals = lru_cache(maxsize=_CACHED_WORDS)(self._find_rivals)
        self._is_known = lru_cache(maxsize=_CACHED_WORDS)(self._has_pronunciation)

    def read(self, text: str, spoken_form: str | None = None) -> list[Word]:
        """Returns the words of a line that can be pronounced, in order, read as `spoken_form` where there is one."""
        words = []
        for written in read_line(self._profile.read_text, text, spoken_form):
            readings = self._pronounceable(written)
            if readings:
                words.append(Word(written.text, readings, self._rules.equal_phones))
        return words

    def _pronounceable(self, written: WrittenWord) -> tuple[tuple[SpokenWord, ...], ...]:
        """The readings with their pronunciations; without those of unknown words where another reading has none."""
        readings, spelled = written.readings, written.text.lower()
        known = [own for own in readings if all(map(self._is_known, own))] if len(readings) > 1 else []
        spoken = (tuple(own for word in reading if (own := self._say(word, spelled))) for reading in known or readings)
        return tuple(words for words in spoken if words)

    def _say(self, word: str, spelled: str) -> SpokenWord | None:
        pronunciations = self._lookup(word)
        is_weak = word in self._rules.weak_form_words
        reductions = self._rules.weak_forms if is_weak else self._rules.unstressed_forms
        rivals = self._rivals(word) if word.isupper() or word not in spelled else ()
        return SpokenWord(word, pronunciations, reductions, rivals) if pronunciations else None

    def _find_rivals(self, word: str) -> tuple[PhoneSequence, ...]:
        """Phones of the other words of its closed classes, without those that are pronunciations of the word, too."""
        own = {variant.shown for variant in self._lookup(word)}
        others = [other for words in self._rules.closed_classes if word in words for other in sorted(words - {word})]
        return tuple(
            variant.shown for other in others for variant in self._lookup(other)[:1] if variant.shown not in own
        )

    def _has_pronunciation(self, word: str) -> bool:
        """True for a word with a pronunciation that is not guessed."""
        is_listed = word in self._rules.extra_pronunciations or bool(self._dictionary(word))
        return is_listed or bool(self._rules.derive(word, self._dictionary))

    def _pronounce(self, word: str) -> tuple[Pronunciation, ...]:
        """At most eight pronunciations of one spoken word."""
        known = self._dictionary(word)
        guessed = self._spell(word)
        extra = self._rules.extra_pronunciations.get(word, ())
        if not known and not extra:
            known = self._rules.derive(word, self._dictionary_or_guess) or ([guessed] if guessed else [])
        known += [phones for phones in extra if phones not in known]
        known = [own for phones in known if (own := tuple(phone for phone in phones if phone in self._index))]
        variants = [Pronunciation(scored=phones, shown=phones) for phones in known]
        return tuple([*variants, *self._aliases(known, guessed)][:_MAX_VARIANTS])

    def _dictionary_or_guess(self, word: str) -> list[PhoneSequence]:
        return self._dictionary(word) or [phones for phones in [self._spell(word)] if phones]

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
