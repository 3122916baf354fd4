"""What one process of the bench does: plain functions from picklable questions to picklable answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from analysis.engine import recording_quality
from analysis.engine.engine import Engine, UnusableReferenceError
from analysis.engine.gop import Goodness
from analysis.engine.languages.english.profile import ENGLISH
from analysis.engine.lexicon import Word
from analysis.engine.result import AnalysisResult, ReferenceFeatures
from analysis.eval import corpus, signals, voices
from analysis.eval.corpus import Error, Line
from analysis.eval.voices import Audio, Voice

INTONATIONS: Final = {
    "the same take": voices.Character(),
    "transposed, +4 semitones": voices.Character(pitch=2 ** (4 / 12)),
    "transposed, −5 semitones": voices.Character(pitch=2 ** (-5 / 12)),
    "livelier (range × 1.4)": voices.Character(range=1.4),
    "half the range": voices.Character(range=0.5),
    "flat": voices.Character(range=0.0),
    "inverted": voices.Character(range=-1.0),
}


@dataclass(frozen=True)
class Heard:
    """One rendered sound as the engine judged it. `kind` is empty for a right one."""

    expected: str
    kind: str
    score: float
    flagged: bool


@dataclass(frozen=True)
class Rendition:
    """A line rendered by a voice: every sound of it, alone and beside an actor; the rest is without the actor."""

    voice: str
    text: str
    errors: int
    attempt_class: str
    pronunciation: float | None
    mean_posterior: float
    alone: tuple[Heard, ...]
    with_actor: tuple[Heard, ...]


@dataclass(frozen=True)
class WordTrial:
    """A word of a line and whether it belongs there: its score 0–1 (0 when judged omitted)."""

    kind: str
    score: float
    omitted: bool


@cache
def engine() -> Engine:
    return Engine(ENGLISH)


@cache
def _voice(name: str) -> Voice:
    return next(voice for voice in voices.list_voices() if voice.name == name)


@cache
def _recordings() -> dict[str, corpus.Recording]:
    return {recording.name: recording for recording in corpus.recordings()}


@cache
def _vocabulary() -> list[Word]:
    return corpus.vocabulary(engine().lexicon)


@cache
def _line(text: str) -> Line:
    return corpus.line(text, engine().lexicon)


def _source(name: str, text: str) -> Audio:
    """A recording by its name, or the text as a voice reads it."""
    return _recordings()[name].audio if name in _recordings() else _voice(name).say(text)


@cache
def _actor(voice: str, text: str) -> ReferenceFeatures | None:
    """An actor's features: a recording, or a voice that says the right sounds; None when it cannot be read."""
    own = _recordings()[voice].audio if voice in _recordings() else _voice(voice).say_phones(_line(text).words)
    try:
        return engine().features(own, text)
    except UnusableReferenceError:
        return None


def _listener(audio: Audio) -> Callable[[Sequence[Word]], Goodness | None]:
    """The pronunciation part of the engine alone: hears once, then answers for any words."""
    return engine().pronunciation_of(recording_quality.examine(audio).audio)


def sentences(source: str, own_text: str, texts: Sequence[str]) -> list[tuple[bool, float, str]]:
    """For each text: whether it is the one said, the mean posterior, and the attempt class."""
    audio = _source(source, own_text)
    assess = _listener(audio)
    answers: list[tuple[bool, float, str]] = []
    for text in texts:
        goodness = assess(engine().lexicon.read(text))
        kind = engine().analyze(audio, text, None).attempt_class
        answers.append((text == own_text, goodness.full_mean if goodness else 0.0, kind))
    return answers


def words(source: str, text: str, draws: int) -> list[WordTrial]:
    """Every word of a reading as it is, exchanged for another, and another word slipped in between."""
    audio = _source(source, text)
    assess = _listener(audio)
    own = engine().lexicon.read(text)
    rng = np.random.default_rng(len(text))

    def ask(asked: Sequence[Word], at: int, kind: str) -> WordTrial:
        goodness = assess(asked)
        word = goodness.words[at] if goodness else None
        return WordTrial(kind, (word.posterior or 0.0) if word else 0.0, word is None or word.omitted)

    right = assess(own)
    trials = [WordTrial("right", word.posterior or 0.0, word.omitted) for word in right.words] if right else []
    for at, word in enumerate(own):
        for _ in range(draws):
            other = corpus.unlike(word, _vocabulary(), rng)
            trials.append(ask([*own[:at], other, *own[at + 1 :]], at, "wrong"))
            trials.append(ask([*own[:at], other, *own[at:]], at, "omitted"))
    return trials


def reading(voice: str, text: str) -> tuple[float | None, float | None, str]:
    """Pronunciation score of a right reading, by text and by chosen sounds, and the class of the latter."""
    by_text = engine().analyze(_voice(voice).say(text), text, None)
    by_sounds = engine().analyze(_voice(voice).say_phones(_line(text).words), text, None)
    return by_text.pronunciation_score, by_sounds.pronunciation_score, by_sounds.attempt_class


def rendition(voice: str, actor: str, text: str, errors: Sequence[Error]) -> Rendition:
    """A line with chosen wrong sounds, judged without an actor and beside one who says it right."""
    sentence = _line(text)
    audio = _voice(voice).say_phones(sentence.spoken(errors))
    alone = engine().analyze(audio, text, None)
    beside = engine().analyze(audio, text, _actor(actor, text)) if actor else alone
    mean = alone.detailed_feedback.raw.get("gop_said_mean") or 0.0
    return Rendition(
        voice,
        text,
        len(errors),
        alone.attempt_class,
        alone.pronunciation_score,
        mean,
        tuple(_heard(alone, sentence, errors)),
        tuple(_heard(beside, sentence, errors)),
    )


def _heard(result: AnalysisResult, sentence: Line, errors: Sequence[Error]) -> list[Heard]:
    found = []
    judged = result.detailed_feedback.words
    for at, word in enumerate(sentence.words[: len(judged)]):
        shown = judged[at].phones
        where = corpus.aligned(corpus.bare(word), [phone.expected for phone in shown])
        wrong = {error.position: error.kind for error in errors if error.word == at and error.kind != "added vowel"}
        for position, expected in enumerate(corpus.bare(word)):
            kind = wrong.get(position, "")
            if not shown:
                found.append(Heard(expected, kind, 0.0, False))
            elif position in where:
                phone = shown[where[position]]
                found.append(Heard(expected, kind, phone.score, phone.flagged))
            elif kind:
                found.append(Heard(expected, kind, 100.0, False))  # another reading of the word excused it
        added = [item.confidence for item in result.detailed_feedback.insertions if item.word == at]
        kind = "added vowel" if any(error.word == at and error.kind == "added vowel" for error in errors) else ""
        doubt = 100.0 * (1.0 - max(added, default=0.0))
        found.append(Heard("", kind or "no added vowel", doubt, doubt <= 5.0))
    return found


@dataclass(frozen=True)
class Take:
    """One analysis beside the actor: the class, the four scores, and some raw figures."""

    attempt_class: str
    scores: dict[str, float | None]
    snr_db: float | None
    confidence: float | None
    correlation: float | None
    range_ratio: float | None


def _take(result: AnalysisResult) -> Take:
    raw, scores = result.detailed_feedback.raw, {}
    for name in ("pronunciation", "intonation", "emotion", "overall"):
        scores[name] = getattr(result, f"{name}_score")
    fluency = result.detailed_feedback.scores.fluency
    scores["fluency"] = fluency.value
    correlation, width = raw.get("pitch_correlation"), raw.get("pitch_range_ratio")
    return Take(result.attempt_class, scores, result.audio.snr_db, fluency.confidence, correlation, width)


def condition(source: str, text: str, name: str) -> Take:
    """A reading through a room, a line or a codec, beside the clean one."""
    own = _source(source, text)
    others = [other.audio for key, other in _recordings().items() if key != source]
    changed = signals.CONDITIONS[name](own, others)
    return _take(engine().analyze(changed, text, _clean(source, text)))


@cache
def _clean(source: str, text: str) -> ReferenceFeatures:
    return engine().features(_source(source, text), text)


def melody(text: str, name: str) -> Take:
    """hibari's reading with another melody, or another engine's reading, beside hibari's own."""

    def speak(character: voices.Character) -> Audio:
        pause = np.zeros(round(0.3 * voices.SAMPLE_RATE), np.float32)
        parts = [p for s in voices.misaki_sentences(text) for p in (voices.speak_misaki(s, character), pause)]
        return np.pad(np.concatenate(parts[:-1]), 2400)

    reference = engine().features(speak(voices.Character()), text)
    audio = speak(INTONATIONS[name]) if name in INTONATIONS else _voice(name).say(text)
    return _take(engine().analyze(audio, text, reference))


def gate(name: str, text: str) -> str:
    """The class of a sound that holds no line."""
    sound = signals.no_speech()[name] if name in signals.no_speech() else voices.foreign(name)
    return engine().analyze(sound, text, None).attempt_class
