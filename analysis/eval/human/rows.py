"""Rows of the measurements on people: small, picklable, everything that the tables need."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from analysis.eval.engines import is_scored


class Spoken(Protocol):
    """A row that belongs to a speaker."""

    @property
    def speaker(self) -> str:
        """The speaker's name."""


Row = TypeVar("Row", bound=Spoken)


@dataclass(frozen=True)
class SoundRow:
    """A rated sound: rating 0–2, score 0–100."""

    expected: str
    rating: float
    score: float
    flagged: bool


@dataclass(frozen=True)
class WordRow:
    """A rated word: rating 0–10, score 0–100 (0 when omitted or unscored), status of the result or `unscored`.

    `flagged` when a sound of it is flagged. `sounds` are those that the rated pronunciation and the result's share.
    """

    rating: float
    score: float
    status: str
    flagged: bool
    sounds: tuple[SoundRow, ...]


@dataclass(frozen=True)
class ReadingRow:
    """A rated recording against its own text.

    `ratings` are 0–10 and `scores` 0–100, by level of a sentence; a level without a score is one that this engine
    does not measure. `words` is empty when the words of the result are not those that were rated.
    """

    name: str
    speaker: str
    age_group: str
    attempt_class: str
    ratings: dict[str, float]
    scores: dict[str, float | None]
    words: tuple[WordRow, ...]

    @property
    def scored(self) -> bool:
        """True when the recording got scores."""
        return is_scored(self.attempt_class)


@dataclass(frozen=True)
class PairRow:
    """A recording against the text of another speaker that shares no word with its own."""

    speaker: str
    attempt_class: str


@dataclass(frozen=True)
class PieceRow:
    """One to three words cut from a recording, against their own text and another one.

    `rating` is that of the word rated lowest, 0–10.
    """

    speaker: str
    words: int
    rating: float
    own_class: str
    other_class: str


@dataclass(frozen=True)
class Measurement:
    """Everything measured on one rated recording."""

    reading: ReadingRow
    pairs: tuple[PairRow, ...]
    pieces: tuple[PieceRow, ...]


@dataclass(frozen=True)
class CopyRow:
    """A recording and its copy: whether each flag that either has is in one only, and each word's status differs."""

    speaker: str
    condition: str
    flags_changed: tuple[bool, ...]
    words_changed: tuple[bool, ...]


@dataclass(frozen=True)
class NativeRow:
    """A native or synthetic reading of its own text; `overall` 0–100, and whether each word has a flagged sound."""

    speaker: str
    group: str
    attempt_class: str
    overall: float | None
    flagged: tuple[bool, ...]


def by_speaker(rows: Iterable[Row]) -> list[list[Row]]:
    """Returns the rows in groups of one speaker each."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.speaker, []).append(row)
    return list(groups.values())


def words_of(readings: Sequence[ReadingRow]) -> list[WordRow]:
    """Returns the words of the scored readings."""
    return [word for reading in readings if reading.scored for word in reading.words]


def sounds_of(readings: Sequence[ReadingRow]) -> list[SoundRow]:
    """Returns the sounds of the scored readings."""
    return [sound for word in words_of(readings) for sound in word.sounds]
