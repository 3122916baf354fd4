"""The trials of the evaluation: functions with picklable arguments and results, for the processes of a TrialPool."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from analysis.engine import recording_quality
from analysis.engine.audio import Audio
from analysis.engine.engine import Engine, UnusableReferenceError
from analysis.engine.gop import Goodness
from analysis.engine.languages.english.profile import ENGLISH
from analysis.engine.lexicon import Word
from analysis.engine.result import AnalysisResult, Phone, ReferenceFeatures
from analysis.eval import corpus, signals
from analysis.eval.engines import engine_with
from analysis.eval.languages.english import wrong_sounds
from analysis.eval.languages.english.hibari_voices import VoiceTransform, speak_text
from analysis.eval.languages.english.phone_alphabets import bare
from analysis.eval.languages.english.program_voices import foreign
from analysis.eval.languages.english.voices import find_voice
from analysis.eval.languages.english.wrong_sounds import ADDED_VOWEL, Error, Line

NO_ADDED_VOWEL: Final = "no added vowel"
"""The kind of a place after which no vowel was added."""
_MARGIN_SAMPLES: Final = 2400
# Confidence at which an added vowel counts as flagged: doubt of at most 5 of 100.
_FLAGGED_DOUBT: Final = 5.0

INTONATIONS: Final = {
    "the same take": VoiceTransform(),
    "transposed, +4 semitones": VoiceTransform(pitch=2 ** (4 / 12)),
    "transposed, −5 semitones": VoiceTransform(pitch=2 ** (-5 / 12)),
    "livelier (range × 1.4)": VoiceTransform(range=1.4),
    "half the range": VoiceTransform(range=0.5),
    "flat": VoiceTransform(range=0.0),
    "inverted": VoiceTransform(range=-1.0),
}


@dataclass(frozen=True)
class SoundScore:
    """One rendered sound with its score. `kind` is the kind of error, empty for a right sound."""

    expected: str
    kind: str
    score: float
    flagged: bool


@dataclass(frozen=True)
class Rendition:
    """A line rendered by a voice, with the scores of its sounds without and with an actor; all else is without."""

    voice: str
    text: str
    errors: int
    attempt_class: str
    pronunciation: float | None
    mean_posterior: float
    without_actor: tuple[SoundScore, ...]
    with_actor: tuple[SoundScore, ...]


@dataclass(frozen=True)
class WordTrial:
    """A word of a text, right or not what was said, with its score 0–1 (0 when the engine finds it omitted)."""

    kind: str
    score: float
    omitted: bool


def engine() -> Engine:
    """Returns the engine of this process, with the models that ship."""
    return engine_with()


@cache
def _recordings() -> dict[str, corpus.Recording]:
    return {recording.name: recording for recording in corpus.recordings(ENGLISH.tag)}


@cache
def _vocabulary() -> list[Word]:
    return wrong_sounds.vocabulary(engine().lexicon)


@cache
def _line(text: str) -> Line:
    return wrong_sounds.line(text, engine().lexicon)


def _source(name: str, text: str) -> Audio:
    """Returns the human recording of this name, or the text as the voice of this name reads it."""
    return _recordings()[name].audio if name in _recordings() else find_voice(name).say(text)


@cache
def _actor(voice: str, text: str) -> ReferenceFeatures | None:
    """Returns an actor's features from a recording, or from a voice that says the right sounds; None if unusable."""
    own = _recordings()[voice].audio if voice in _recordings() else find_voice(voice).say_phones(_line(text).words)
    try:
        return engine().features(own, text)
    except UnusableReferenceError:
        return None


def _pronunciation_of(audio: Audio) -> Callable[[Sequence[Word]], Goodness | None]:
    """Runs the acoustic model once; the returned function scores any words against it."""
    return engine().pronunciation_of(recording_quality.examine(audio).audio)


def sentences(source: str, own_text: str, texts: Sequence[str]) -> list[tuple[bool, float, str]]:
    """Returns for each text: whether it is the one said, the mean posterior, and the attempt class."""
    audio = _source(source, own_text)
    assess = _pronunciation_of(audio)
    rows: list[tuple[bool, float, str]] = []
    for text in texts:
        goodness = assess(engine().lexicon.read(text))
        kind = engine().analyze(audio, text, None).attempt_class
        rows.append((text == own_text, goodness.full_mean if goodness else 0.0, kind))
    return rows


def words(source: str, text: str, draws: int) -> list[WordTrial]:
    """Scores every word of a reading: as it is, replaced by another word, and after another word that was inserted."""
    audio = _source(source, text)
    assess = _pronunciation_of(audio)
    own = engine().lexicon.read(text)
    rng = np.random.default_rng(len(text))

    def score(text_words: Sequence[Word], at: int, kind: str) -> WordTrial:
        goodness = assess(text_words)
        word = goodness.words[at] if goodness else None
        return WordTrial(kind, (word.posterior or 0.0) if word else 0.0, word is None or word.omitted)

    right = assess(own)
    trials = [WordTrial("right", word.posterior or 0.0, word.omitted) for word in right.words] if right else []
    for at, word in enumerate(own):
        for _ in range(draws):
            other = corpus.unlike(word, _vocabulary(), rng)
            trials.append(score([*own[:at], other, *own[at + 1 :]], at, "wrong"))
            trials.append(score([*own[:at], other, *own[at:]], at, "omitted"))
    return trials


def reading(voice: str, text: str) -> tuple[float | None, float | None, str]:
    """Returns the pronunciation scores of a reading from text and of one from sounds, and the class of the latter."""
    by_text = engine().analyze(find_voice(voice).say(text), text, None)
    by_sounds = engine().analyze(find_voice(voice).say_phones(_line(text).words), text, None)
    return by_text.pronunciation_score, by_sounds.pronunciation_score, by_sounds.attempt_class


def rendition(voice: str, actor: str, text: str, errors: Sequence[Error]) -> Rendition:
    """Renders a line with chosen wrong sounds, and analyzes it without an actor and with one who says it right."""
    line = _line(text)
    audio = find_voice(voice).say_phones(line.spoken(errors))
    without_actor = engine().analyze(audio, text, None)
    with_actor = engine().analyze(audio, text, _actor(actor, text)) if actor else without_actor
    return Rendition(
        voice,
        text,
        len(errors),
        without_actor.attempt_class,
        without_actor.pronunciation_score,
        without_actor.detailed_feedback.raw.get("gop_said_mean") or 0.0,
        tuple(_sound_scores(without_actor, line, errors)),
        tuple(_sound_scores(with_actor, line, errors)),
    )


def _sound_scores(result: AnalysisResult, line: Line, errors: Sequence[Error]) -> list[SoundScore]:
    """Returns the scores of all sounds, and for each word that of a vowel added to it."""
    found: list[SoundScore] = []
    scored = result.detailed_feedback.words
    for at, word in enumerate(line.words[: len(scored)]):
        own = [error for error in errors if error.word == at]
        found += _scores_of_word(bare(word), scored[at].phones, own)
        added = [item.confidence for item in result.detailed_feedback.insertions if item.word == at]
        kind = ADDED_VOWEL if any(error.kind == ADDED_VOWEL for error in own) else NO_ADDED_VOWEL
        doubt = 100.0 * (1.0 - max(added, default=0.0))
        found.append(SoundScore("", kind, doubt, doubt <= _FLAGGED_DOUBT))
    return found


def _scores_of_word(expected: Sequence[str], phones: Sequence[Phone], errors: Sequence[Error]) -> Iterator[SoundScore]:
    """Yields the score of each expected sound; a word without sounds was found omitted."""
    where = corpus.aligned(expected, [phone.expected for phone in phones])
    kinds = {error.position: error.kind for error in errors if error.kind != ADDED_VOWEL}
    for position, sound in enumerate(expected):
        kind = kinds.get(position, "")
        if not phones:
            yield SoundScore(sound, kind, 0.0, False)
        elif position in where:
            phone = phones[where[position]]
            yield SoundScore(sound, kind, phone.score, phone.flagged)
        elif kind:
            yield SoundScore(sound, kind, 100.0, False)  # accepted as another pronunciation of the word


@dataclass(frozen=True)
class TakeScores:
    """One analysis with an actor: the class, the scores, and some raw figures."""

    attempt_class: str
    scores: dict[str, float | None]
    snr_db: float | None
    confidence: float | None
    correlation: float | None
    range_ratio: float | None


def _take_scores(result: AnalysisResult) -> TakeScores:
    raw, measured = result.detailed_feedback.raw, result.detailed_feedback.scores
    scores = {name: score.value for name, score in measured}
    correlation, width = raw.get("pitch_correlation"), raw.get("pitch_range_ratio")
    confidence = measured.fluency.confidence
    return TakeScores(result.attempt_class, scores, result.audio.snr_db, confidence, correlation, width)


def condition(source: str, text: str, name: str) -> TakeScores:
    """Analyzes a reading changed by a room, a telephone or a codec, with the clean one as the actor."""
    own = _source(source, text)
    others = [other.audio for key, other in _recordings().items() if key != source]
    changed = signals.CONDITIONS[name](own, others)
    return _take_scores(engine().analyze(changed, text, _clean(source, text)))


@cache
def _clean(source: str, text: str) -> ReferenceFeatures:
    return engine().features(_source(source, text), text)


def intonation(text: str, name: str) -> TakeScores:
    """Analyzes hibari's reading with another intonation, or another synthesizer's reading, with hibari as actor."""

    def speak(transform: VoiceTransform) -> Audio:
        return np.pad(speak_text(text, transform), _MARGIN_SAMPLES)

    reference = engine().features(speak(VoiceTransform()), text)
    audio = speak(INTONATIONS[name]) if name in INTONATIONS else find_voice(name).say(text)
    return _take_scores(engine().analyze(audio, text, reference))


def no_attempt(name: str, text: str) -> str:
    """Returns the attempt class of a sound without speech, or of speech in another language."""
    sound = signals.no_speech()[name] if name in signals.no_speech() else foreign(name)
    return engine().analyze(sound, text, None).attempt_class
