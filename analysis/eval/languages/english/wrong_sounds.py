"""The lines of the evaluation of English, and the wrong sounds that are chosen for them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.engine.languages.english.phones import ENGLISH_PHONES
from analysis.engine.languages.english.profile import ENGLISH
from analysis.engine.lexicon import Lexicon, Word
from analysis.eval import corpus
from analysis.eval.languages.english.hibari_voices import misaki_sentences
from analysis.eval.languages.english.phone_alphabets import bare, from_misaki, stressed

# Lines of this evaluation only: rich in the sounds that learners confuse, and no model was fitted on them.
LINES: Final = (
    "She put the good book beside the red kitchen chair",
    "These six sheep will live on the green hill",
    "My father has a bad cold and a very sad voice",
    "The pool is full of cool blue water",
    "Bring the light rice and leave the wrong fruit",
    "Both vets have seven black bags in the van",
    "I think the north path is thinner than the south path",
    "A zebra jumped over the jazz player with a loud buzz",
    "The cold boat was caught near the long coast road",
    "Fifty people found fresh coffee at the front desk",
    "He should pull the wool coat off the foot stool",
    "This thick cloth is worth a thousand dollars",
    "Ten men sat on the damp sand and read the map",
    "The last guest asked for a glass of cold milk",
    "Please keep this seat clean and sit still",
    "They gathered the other feathers with their mother",
)

CONFUSED_PAIRS: Final = (
    *(("IH", "IY"), ("AE", "EH"), ("UW", "UH"), ("V", "B"), ("S", "TH"), ("P", "F"), ("R", "L"), ("Z", "JH")),
    *(("DH", "D"), ("OW", "AO")),
)
DROPPED_FINALS: Final = ("S", "T", "D")
ADDED_VOWEL: Final = "added vowel"
"""The kind of error in which a vowel follows a consonant."""
_VOWEL_AFTER_CONSONANT: Final = "UH0"
"""The closest English vowel to 으, which Korean learners add after a consonant that needs no vowel in English."""


@dataclass(frozen=True)
class Error:
    """One chosen wrong sound: `said` in place of `expected` (None: left out); `kind` is its row in the tables."""

    kind: str
    word: int
    position: int
    expected: str
    said: str | None


@dataclass(frozen=True)
class Line:
    """A text, its right sounds with stress, and all pronunciations of each word that the lexicon allows."""

    text: str
    words: tuple[tuple[str, ...], ...]
    allowed: tuple[frozenset[tuple[str, ...]], ...]

    def spoken(self, errors: Sequence[Error]) -> list[list[str]]:
        """Returns the sounds to render, errors included."""
        said: list[list[str | None]] = [list(word) for word in self.words]
        for error in errors:
            if error.kind == ADDED_VOWEL:
                said[error.word][error.position] = f"{error.expected} {_VOWEL_AFTER_CONSONANT}"
            else:
                stress = self.words[error.word][error.position][len(error.expected) :]
                said[error.word][error.position] = None if error.said is None else error.said + stress
        return [[part for phone in word if phone for part in phone.split()] for word in said]


def line(text: str, lexicon: Lexicon) -> Line:
    """Returns a text with its sounds: hibari's reading where the lexicon allows it, because that marks the stress."""
    words = lexicon.read(text)
    allowed = tuple(frozenset(variant.scored for variant in word.pronunciations) for word in words)
    guesses = [word for sentence in misaki_sentences(text) for word in sentence.split()]
    spelled: Sequence[tuple[str, ...]] = [from_misaki(word) for word in guesses]
    if len(spelled) != len(words):
        spelled = [()] * len(words)
    chosen = [
        guess if bare(guess) in variants else tuple(stressed(word.pronunciations[0].shown))
        for guess, variants, word in zip(spelled, allowed, words, strict=True)
    ]
    return Line(text, tuple(chosen), allowed)


def possible_errors(sentence: Line) -> list[Error]:
    """Returns every error that the line has room for and that makes no other pronunciation which the lexicon allows."""
    return [error for error in _candidates(sentence) if _is_wrong(sentence, error)]


def _candidates(sentence: Line) -> Iterator[Error]:
    for at, word in enumerate(sentence.words):
        phones = bare(word)
        for position, phone in enumerate(phones):
            yield from _candidates_of_sound(at, position, phone, phones)


def _candidates_of_sound(word: int, position: int, phone: str, phones: Sequence[str]) -> Iterator[Error]:
    for expected, said in [*CONFUSED_PAIRS, *((b, a) for a, b in CONFUSED_PAIRS)]:
        if phone == expected:
            yield Error(f"{expected} said as {said}", word, position, expected, said)
    is_final = position == len(phones) - 1 and len(phones) > 2
    if is_final and phone in {*DROPPED_FINALS, "Z"}:
        yield Error(f"final {'S' if phone == 'Z' else phone} dropped", word, position, phone, None)
    starts_cluster = position == 0 and len(phones) > 1 and phones[1] not in ENGLISH_PHONES.vowels
    if phone not in {*ENGLISH_PHONES.vowels, "R", "L", "W", "Y", "HH", "M", "N", "NG"} and (starts_cluster or is_final):
        yield Error(ADDED_VOWEL, word, position, phone, phone)


def _is_wrong(sentence: Line, error: Error) -> bool:
    word = sentence.words[error.word]
    if error.expected in ENGLISH_PHONES.vowels and word[error.position].endswith("0"):
        return False  # an unstressed vowel may be said in more than one way
    if error.expected in ENGLISH_PHONES.vowels and error.position + 1 < len(word) and word[error.position + 1] == "R":
        return False  # American English has no tense and lax vowels before R: "four" has neither OW nor AO
    return bare(sentence.spoken([error])[error.word]) not in sentence.allowed[error.word]


def draw(
    sentence: Line, count: int, rng: np.random.Generator, so_far: Counter[str], apart: int = 5, added: bool = True
) -> list[Error]:
    """Returns at most `count` errors, at least `apart` sounds from each other; kinds that were rare so far first.

    Without `added`, only sounds that are replaced or left out.
    """
    offsets = np.cumsum([0, *(len(word) for word in sentence.words)])
    choices = [error for error in possible_errors(sentence) if added or error.kind != ADDED_VOWEL]
    order = sorted(range(len(choices)), key=lambda index: (so_far[choices[index].kind], rng.random()))
    drawn: list[Error] = []
    places: list[int] = []
    for index in order:
        place = int(offsets[choices[index].word]) + choices[index].position
        if len(drawn) < count and all(abs(place - other) >= apart for other in places):
            drawn.append(choices[index])
            places.append(place)
            so_far[choices[index].kind] += 1
    return drawn


def vocabulary(lexicon: Lexicon) -> list[Word]:
    """Returns every word of the lines and recordings with at least two sounds, each once."""
    texts = [*LINES, *corpus.catalogue_texts(ENGLISH.tag), *(entry.text for entry in corpus.recordings(ENGLISH.tag))]
    words = {word.text.lower(): word for text in texts for word in lexicon.read(text)}
    return [words[key] for key in sorted(words) if len(words[key].pronunciations[0].scored) >= 2]
