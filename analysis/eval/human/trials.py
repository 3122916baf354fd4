"""The trials on people, for the processes of a TrialPool: recordings in, rows out.

`model` is the path of a rating model, None for the one that ships.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from analysis.engine import decode
from analysis.engine.audio import SAMPLE_RATE, Audio
from analysis.engine.decode import Recording
from analysis.engine.engine import Engine
from analysis.engine.result import AnalysisResult, WordResult
from analysis.eval import signals
from analysis.eval.corpus import aligned
from analysis.eval.engines import engine_with
from analysis.eval.human.rows import CopyRow, Measurement, NativeRow, PairRow, PieceRow, ReadingRow, SoundRow, WordRow
from analysis.eval.speechocean import RatedWord, Utterance
from analysis.settings import MAX_AUDIO_S

COPIES: Final = signals.HARMLESS_COPIES | signals.WORSE_COPIES
_AROUND_WORDS_S: Final = 0.06
_SILENCE_S: Final = 0.3

Flag = tuple[int, int, str]
"""Position of the word, of the sound in it, and the sound."""


@dataclass(frozen=True)
class PiecePlan:
    """A piece to cut: how many words, where among the possible places (0–1), and another text for it."""

    words: int
    place: float
    other_text: str


@dataclass(frozen=True)
class Plan:
    """The trials of a recording beside the one with its own text."""

    other_texts: tuple[str, ...] = ()
    pieces: tuple[PiecePlan, ...] = ()


def measure(utterance: Utterance, plan: Plan, model: str | None = None) -> Measurement:
    """Analyzes a rated recording against its own text and other ones, and pieces of it."""
    engine = engine_with(model)
    recording = utterance.read()
    result = _analyze(engine, recording, utterance.text)
    pairs = [
        PairRow(utterance.speaker, engine.analyze(recording.samples, text, None).attempt_class)
        for text in plan.other_texts
    ]
    pieces = [_piece(engine, utterance, recording.samples, result, piece) for piece in plan.pieces]
    return Measurement(
        reading_row(utterance, result), tuple(pairs), tuple(piece for piece in pieces if piece is not None)
    )


def _analyze(engine: Engine, recording: Recording, text: str) -> AnalysisResult:
    return engine.analyze(recording.samples, text, None, truncated=recording.truncated)


def reading_row(utterance: Utterance, result: AnalysisResult) -> ReadingRow:
    """Pairs the ratings with the result. All words and sounds of an unscored recording score 0."""
    scored = result.detailed_feedback.words
    if not scored:
        words = tuple(_unscored_word(word) for word in utterance.words)
    elif len(scored) == len(utterance.words):
        words = tuple(_word_row(word, own) for word, own in zip(utterance.words, scored, strict=True))
    else:
        words = ()
    return ReadingRow(
        utterance.name,
        utterance.speaker,
        utterance.age_group,
        result.attempt_class,
        utterance.ratings,
        _scores(result),
        words,
    )


def _scores(result: AnalysisResult) -> dict[str, float | None]:
    """Returns the score that stands for each rating of a sentence."""
    measured = result.detailed_feedback.scores
    return {
        "accuracy": result.pronunciation_score,
        "fluency": measured.fluency.value,
        "prosodic": measured.prosody.value,
        "total": result.overall_score,
    }


def _unscored_word(rated: RatedWord) -> WordRow:
    return WordRow(rated.accuracy, 0.0, "unscored", False, _silent_sounds(rated))


def _silent_sounds(rated: RatedWord) -> tuple[SoundRow, ...]:
    """Returns the sounds of a word that has no sounds in the result: each scores 0 and has no flag."""
    pairs = zip(rated.phones, rated.phone_accuracy, strict=True)
    return tuple(SoundRow(expected, rating, 0.0, False) for expected, rating in pairs)


def _word_row(rated: RatedWord, own: WordResult) -> WordRow:
    flagged = any(phone.flagged for phone in own.phones)
    sounds = _sound_rows(rated, own) if own.phones and own.status != "omitted" else _silent_sounds(rated)
    return WordRow(rated.accuracy, own.score or 0.0, own.status, flagged, sounds)


def _sound_rows(rated: RatedWord, own: WordResult) -> tuple[SoundRow, ...]:
    places = aligned(rated.phones, [phone.expected for phone in own.phones])
    return tuple(
        SoundRow(rated.phones[here], rated.phone_accuracy[here], own.phones[there].score, own.phones[there].flagged)
        for here, there in places.items()
    )


def _piece(
    engine: Engine, utterance: Utterance, samples: Audio, result: AnalysisResult, plan: PiecePlan
) -> PieceRow | None:
    """Analyzes a piece of a recording; None where the result gives no times for as many words in a row."""
    words = result.detailed_feedback.words
    if len(words) != len(utterance.words):
        return None
    starts = [at for at in range(len(words) - plan.words + 1) if _all_timed(words[at : at + plan.words])]
    if not starts:
        return None
    first = starts[int(plan.place * len(starts))]
    rated = utterance.words[first : first + plan.words]
    piece = cut(samples, words[first].start_s or 0.0, words[first + plan.words - 1].end_s or 0.0)
    own = engine.analyze(piece, " ".join(word.text for word in rated), None).attempt_class
    other = engine.analyze(piece, plan.other_text, None).attempt_class
    return PieceRow(utterance.speaker, plan.words, min(word.accuracy for word in rated), own, other)


def _all_timed(words: Sequence[WordResult]) -> bool:
    return all(word.start_s is not None and word.end_s is not None and word.status != "omitted" for word in words)


def cut(samples: Audio, start_s: float, end_s: float) -> Audio:
    """Returns a piece of a recording, 60 ms longer at both ends, within 0.3 s of silence."""
    first = max(0, int((start_s - _AROUND_WORDS_S) * SAMPLE_RATE))
    return np.pad(samples[first : int((end_s + _AROUND_WORDS_S) * SAMPLE_RATE)], int(_SILENCE_S * SAMPLE_RATE))


def copies(utterance: Utterance, model: str | None = None) -> list[CopyRow]:
    """Compares the result of a recording with those of its copies."""
    engine = engine_with(model)
    recording = utterance.read()
    original = _analyze(engine, recording, utterance.text)
    rows = []
    for name, change in COPIES.items():
        changed = engine.analyze(change(recording.samples), utterance.text, None)
        flags = _flags_of(original), _flags_of(changed)
        verdicts = [word.status for word in original.detailed_feedback.words]
        others = [word.status for word in changed.detailed_feedback.words]
        rows.append(CopyRow(utterance.speaker, name, _in_one_only(*flags), _differing(verdicts, others)))
    return rows


def _flags_of(result: AnalysisResult) -> set[Flag]:
    return {
        (at, position, phone.expected)
        for at, word in enumerate(result.detailed_feedback.words)
        for position, phone in enumerate(word.phones)
        if phone.flagged
    }


def _in_one_only(one: set[Flag], other: set[Flag]) -> tuple[bool, ...]:
    return tuple((flag in one) != (flag in other) for flag in sorted(one | other))


def _differing(one: Sequence[str], other: Sequence[str]) -> tuple[bool, ...]:
    """Compares the status of each word; all differ where one of the two results has no words."""
    if len(one) != len(other):
        return (True,) * max(len(one), len(other))
    return tuple(here != there for here, there in zip(one, other, strict=True))


def native(path: Path, text: str, speaker: str, group: str, model: str | None = None) -> NativeRow:
    """Analyzes a reading by a native or synthetic speaker, without an actor."""
    with path.open("rb") as file:
        result = engine_with(model).analyze(decode.decode(file, MAX_AUDIO_S), text, None)
    flagged = [any(phone.flagged for phone in word.phones) for word in result.detailed_feedback.words]
    return NativeRow(speaker, group, result.attempt_class, result.overall_score, tuple(flagged))
