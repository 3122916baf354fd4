"""What is read to the engine: human recordings, lines, and lines with chosen wrong sounds or words."""

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
from analysis.eval import voices

ROOT: Final = Path(__file__).resolve().parents[2]
SPEECH: Final = ROOT / "analysis" / "tests" / "data" / "speech"
SCENES: Final = ROOT / "catalogue" / "scenes"

# Lines of this bench only: rich in the sounds learners mix, and in nothing that any model was fitted on.
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

PAIRS: Final = (
    *(("IH", "IY"), ("AE", "EH"), ("UW", "UH"), ("V", "B"), ("S", "TH"), ("P", "F"), ("R", "L"), ("Z", "JH")),
    *(("DH", "D"), ("OW", "AO")),
)
DROPPED: Final = ("S", "T", "D")
ADDED: Final = "UH0"
"""The vowel Korean learners put after a consonant that English lets stand (으)."""


@dataclass(frozen=True)
class Recording:
    """A human reading."""

    name: str
    text: str
    audio: voices.Audio


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
    """A text and its sounds, with stress, as they are rendered when right."""

    text: str
    words: tuple[tuple[str, ...], ...]
    allowed: tuple[frozenset[tuple[str, ...]], ...]

    def spoken(self, errors: Sequence[Error]) -> list[list[str]]:
        """The sounds to render, errors included."""
        said: list[list[str | None]] = [list(word) for word in self.words]
        for error in errors:
            if error.kind == "added vowel":
                said[error.word][error.position] = f"{error.expected} {ADDED}"
            else:
                stress = self.words[error.word][error.position][len(error.expected) :]
                said[error.word][error.position] = None if error.said is None else error.said + stress
        return [[part for phone in word if phone for part in phone.split()] for word in said]


def recordings() -> list[Recording]:
    """The seven human readings kept with the tests."""
    found = []
    for entry in json.loads((SPEECH / "index.json").read_text(encoding="utf-8")):
        with (SPEECH / entry["file"]).open("rb") as file:
            found.append(Recording(Path(entry["file"]).stem, entry["text"], decode.decode(file, 120)))
    return found


def catalogue_texts() -> list[str]:
    """The lines of the catalogue's rendered scenes."""
    scenes = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(SCENES.glob("*.json"))]
    return [line["text"] for scene in scenes if scene["synthetic_voice"] for line in scene["lines"]]


def line(text: str, lexicon: Lexicon) -> Line:
    """The sounds of a text: hibari's reading where the dictionary knows it, too, because it marks the stress."""
    words = lexicon.read(text)
    allowed = tuple(frozenset(variant.scored for variant in word.pronunciations) for word in words)
    guesses = [word for sentence in voices.misaki_sentences(text) for word in sentence.split()]
    spelled: Sequence[tuple[str, ...]] = [from_misaki(word) for word in guesses]
    if len(spelled) != len(words):
        spelled = [()] * len(words)
    chosen = [
        guess if bare(guess) in variants else tuple(voices.stressed(word.pronunciations[0].shown))
        for guess, variants, word in zip(spelled, allowed, words, strict=True)
    ]
    return Line(text, tuple(chosen), allowed)


def bare(word: Sequence[str]) -> tuple[str, ...]:
    """Without stress digits."""
    return tuple(phone.rstrip("012") for phone in word)


_FROM_MISAKI: Final = {
    **{"ɑ": "AA", "æ": "AE", "ʌ": "AH", "ə": "AH", "ɐ": "AH", "ᵊ": "AH", "ɔ": "AO", "W": "AW", "I": "AY"},
    **{"ɛ": "EH", "A": "EY", "ɪ": "IH", "ᵻ": "IH", "i": "IY", "O": "OW", "Y": "OY", "ʊ": "UH", "u": "UW"},
    **{"b": "B", "ʧ": "CH", "d": "D", "ð": "DH", "f": "F", "ɡ": "G", "h": "HH", "ʤ": "JH", "k": "K", "l": "L"},
    **{"m": "M", "n": "N", "ŋ": "NG", "p": "P", "ɹ": "R", "s": "S", "ʃ": "SH", "t": "T", "T": "T", "θ": "TH"},
    **{"v": "V", "w": "W", "j": "Y", "z": "Z", "ʒ": "ZH", "ɜ": "ER"},
}


def from_misaki(word: str) -> tuple[str, ...]:
    """One word of misaki's alphabet as ARPAbet with stress digits."""
    phones: list[str] = []
    stress = "0"
    for symbol in word:
        if symbol in "ˈˌ":
            stress = "1" if symbol == "ˈ" else "2"
        elif symbol == "ɹ" and phones and phones[-1][:2] in {"ER", "AH"} and phones[-1][-1].isdigit():
            phones[-1] = "ER" + phones[-1][-1]
        elif symbol in _FROM_MISAKI:
            phone = _FROM_MISAKI[symbol]
            phones.append(phone + stress if phone in ENGLISH_PHONES.vowels else phone)
            stress = "0" if phone in ENGLISH_PHONES.vowels else stress
    return tuple(phones)


def possible_errors(sentence: Line) -> list[Error]:
    """Every single error of the tables that the line has room for and that no dictionary reading would excuse."""
    return [error for error in _candidates(sentence) if _is_wrong(sentence, error)]


def _candidates(sentence: Line) -> Iterator[Error]:
    both = [(a, b) for a, b in PAIRS] + [(b, a) for a, b in PAIRS]
    for at, word in enumerate(sentence.words):
        phones = bare(word)
        for position, phone in enumerate(phones):
            for expected, said in both:
                if phone == expected:
                    yield Error(f"{expected} said as {said}", at, position, expected, said)
            final = position == len(phones) - 1 and len(phones) > 2
            if final and phone in {*DROPPED, "Z"}:
                yield Error(f"final {'S' if phone == 'Z' else phone} dropped", at, position, phone, None)
            following = phones[position + 1] if not final and position + 1 < len(phones) else None
            cluster = following is not None and following not in ENGLISH_PHONES.vowels and position == 0
            if phone not in {*ENGLISH_PHONES.vowels, "R", "L", "W", "Y", "HH", "M", "N", "NG"} and (cluster or final):
                yield Error("added vowel", at, position, phone, phone)


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
    """At most `count` errors at least `apart` sounds from each other; kinds that were rare so far come first.
    Without `added`, only sounds that are replaced or left out."""
    offsets = np.cumsum([0, *(len(word) for word in sentence.words)])
    choices = [error for error in possible_errors(sentence) if added or error.kind != "added vowel"]
    order = sorted(range(len(choices)), key=lambda index: (so_far[choices[index].kind], rng.random()))
    taken: list[Error] = []
    places: list[int] = []
    for index in order:
        place = int(offsets[choices[index].word]) + choices[index].position
        if len(taken) < count and all(abs(place - other) >= apart for other in places):
            taken.append(choices[index])
            places.append(place)
            so_far[choices[index].kind] += 1
    return taken


def aligned(expected: Sequence[str], shown: Sequence[str]) -> dict[int, int]:
    """Position among the expected sounds → position among those the engine shows; where the engine chose another
    reading of the word, as many sounds in the same place count as the same sounds."""
    spans = difflib.SequenceMatcher(None, list(expected), list(shown), autojunk=False).get_opcodes()
    return {
        start + step: other + step
        for _, start, stop, other, end in spans
        if stop - start == end - other
        for step in range(stop - start)
    }


def unlike(word: Word, vocabulary: Sequence[Word], rng: np.random.Generator) -> Word:
    """A word that shares at most half of its sounds with `word`."""
    own = word.pronunciations[0].scored
    while True:
        other = vocabulary[int(rng.integers(len(vocabulary)))]
        same = difflib.SequenceMatcher(None, own, other.pronunciations[0].scored, autojunk=False).ratio()
        if other.text != word.text and same <= 0.5:
            return other


def vocabulary(lexicon: Lexicon) -> list[Word]:
    """Every word of the lines and recordings that has at least two sounds, each once."""
    texts = [*LINES, *catalogue_texts(), *(entry.text for entry in recordings())]
    words = {word.text.lower(): word for text in texts for word in lexicon.read(text)}
    return [words[key] for key in sorted(words) if len(words[key].pronunciations[0].scored) >= 2]
