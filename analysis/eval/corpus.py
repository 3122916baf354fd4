"""The material of the evaluation: human recordings, lines, and lines with chosen wrong sounds or words."""

import difflib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from analysis.engine import decode
from analysis.engine.languages.english.phones import ENGLISH_PHONES
from analysis.engine.lexicon import Lexicon, Word
from analysis.eval.audio import Audio
from analysis.eval.hibari_voices import misaki_sentences
from analysis.eval.phone_alphabets import bare, from_misaki, stressed
from analysis.settings import MAX_AUDIO_S

ROOT: Final = Path(__file__).resolve().parents[2]
SCENES: Final = ROOT / "catalogue" / "scenes"
_SPEECH: Final = ROOT / "analysis" / "tests" / "data" / "speech"

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
class Recording:
    """A recording of a person who reads a text."""

    name: str
    text: str
    audio: Audio


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


def recording_texts() -> dict[Path, str]:
    """Returns the files of the human recordings, and the text of each."""
    entries = json.loads((_SPEECH / "index.json").read_text(encoding="utf-8"))
    return {_SPEECH / entry["file"]: entry["text"] for entry in entries}


def recordings() -> list[Recording]:
    """Returns the seven human recordings that are kept with the tests."""
    found = []
    for path, text in recording_texts().items():
        with path.open("rb") as file:
            found.append(Recording(path.stem, text, decode.decode(file, MAX_AUDIO_S)))
    return found


def catalogue_texts(*, all_scenes: bool = False) -> list[str]:
    """Returns the lines of the catalogue's synthetic scenes, or of all its scenes."""
    scenes = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(SCENES.glob("*.json"))]
    return [line["text"] for scene in scenes if all_scenes or scene["synthetic_voice"] for line in scene["lines"]]


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


def aligned(expected: Sequence[str], shown: Sequence[str]) -> dict[int, int]:
    """Returns position among the expected sounds → position among those in the result.

    Where the engine chose another pronunciation of the word, equally many sounds in the same place count as the same.
    """
    spans = difflib.SequenceMatcher(None, list(expected), list(shown), autojunk=False).get_opcodes()
    return {
        start + step: other + step
        for _, start, stop, other, end in spans
        if stop - start == end - other
        for step in range(stop - start)
    }


def unlike(word: Word, vocabulary: Sequence[Word], rng: np.random.Generator) -> Word:
    """Returns a word that has at most half of its sounds in common with `word`."""
    own = word.pronunciations[0].scored
    while True:
        other = vocabulary[int(rng.integers(len(vocabulary)))]
        same = difflib.SequenceMatcher(None, own, other.pronunciations[0].scored, autojunk=False).ratio()
        if other.text != word.text and same <= 0.5:
            return other


def vocabulary(lexicon: Lexicon) -> list[Word]:
    """Returns every word of the lines and recordings with at least two sounds, each once."""
    texts = [*LINES, *catalogue_texts(), *(entry.text for entry in recordings())]
    words = {word.text.lower(): word for text in texts for word in lexicon.read(text)}
    return [words[key] for key in sorted(words) if len(words[key].pronunciations[0].scored) >= 2]
