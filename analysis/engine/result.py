"""The wire form of an analysis result. Its JSON Schema is published in the OpenAPI document.

A value that could not be computed is null, never 0. Seconds are seconds of the recording as it was uploaded;
semitones are relative to the speaker's own median pitch; scores are 0–100; posteriors and confidences are 0–1.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA_VERSION = "1.3"
FEATURES_SCHEMA_VERSION = "1.1"

AttemptClass = Literal["scored", "no_speech", "wrong_sentence", "too_noisy", "too_short", "incomplete"]
WordStatus = Literal["good", "fair", "poor", "omitted"]
Direction = Literal["rise", "fall", "flat"]
Score = Annotated[float, Field(ge=0, le=100)]
Unit = Annotated[float, Field(ge=0, le=1)]


class Model(BaseModel):
    """Strict about names, and refuses NaN and infinity."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Engine(Model):
    """The engine and the models that computed the result."""

    name: str = "yousync-analysis"
    version: str
    models: dict[str, str]


class AudioQuality(Model):
    """The recording itself."""

    duration_s: float
    snr_db: float | None = Field(description="speech level over noise level; null when there is no pause to measure")
    clipping_ratio: Unit = Field(description="samples at full scale / samples")
    speech_ratio: Unit = Field(description="time with speech / duration")
    truncated: bool = Field(description="the file breaks off: it ends in mid-sound or its header promises more")


class Measured(Model):
    """A score and its confidence."""

    value: Score | None
    confidence: Unit | None


class SubScores(Model):
    """Every score with its confidence: those of the result itself, and the secondary ones."""

    pronunciation: Measured
    intonation: Measured
    emotion: Measured
    overall: Measured
    fluency: Measured
    completeness: Measured
    rhythm: Measured
    timing: Measured
    pitch_direction: Measured = Field(description="agreement of the words' pitch directions with the actor's")
    stress: Measured = Field(description="agreement of the stressed words with the actor's")
    prosody: Measured = Field(description="rhythm, stress and melody as people would rate them without the actor")


class Phone(Model):
    """One expected phone of a word."""

    expected: str = Field(description="ARPAbet")
    ipa: str
    heard_as: str | None = Field(description="ARPAbet of the phone that fits best; null when it was left out")
    heard_ipa: str | None = None
    score: Score
    start_s: float | None
    end_s: float | None
    flagged: bool = Field(description="true only where the engine is sure enough to correct the learner")


class Break(Model):
    """The pause before a word."""

    unexpected: bool = Field(description="the actor makes no such pause")
    length_s: float


class WordPitch(Model):
    """Pitch direction of a word; null where too little of it is voiced."""

    user: Direction | None
    reference: Direction | None
    user_st: float | None = Field(description="semitones from the beginning to the end of the voiced part")
    reference_st: float | None


class WordStress(Model):
    """Stress of a word: duration × energy × pitch as a z-score within the line."""

    user: bool | None
    reference: bool | None
    user_z: float | None
    reference_z: float | None


class WordResult(Model):
    """One word as written in the line."""

    text: str
    start_s: float | None
    end_s: float | None
    ref_start_s: float | None
    ref_end_s: float | None
    score: Score | None
    confidence: Unit | None
    status: WordStatus
    phones: list[Phone]
    breaks: Break | None
    pitch: WordPitch | None = None
    stress: WordStress | None = None


class InsertedSound(Model):
    """An added phone; `word` counts from 0, and `position` is the phone that it precedes."""

    word: int
    position: int
    phone: str
    ipa: str
    confidence: Unit


class AddedWord(Model):
    """Speech that is not in the line: an extra word, a repeated one, a false start, "uh"."""

    after_word: int = Field(description="index of the word of the line before it; -1 before the first")
    start_s: float
    end_s: float
    heard_ipa: str = Field(description="the phones that were recognized")
    repeats: int | None = Field(description="index of the neighbouring word that it repeats, or begins to say")


class Contours(Model):
    """For plotting: equal steps of hop_s from 0; pitch is null where unvoiced. warp: [user_s, reference_s] pairs."""

    hop_s: float
    user_st: list[float | None]
    reference_st: list[float | None] | None
    user_energy_db: list[float]
    reference_energy_db: list[float] | None
    warp: list[tuple[float, float]]


class Pause(Model):
    """A silence inside the line."""

    start_s: float
    end_s: float
    expected: bool | None = Field(description="the actor pauses here too; null without reference")


class Rates(Model):
    """Words per second from the first to the last spoken word."""

    words_per_s: float | None
    reference_words_per_s: float | None
    ratio: float | None


class Tip(Model):
    """One recommendation, about a word and a phone where there is one."""

    code: str
    word: str | None
    phone: str | None
    texts: dict[str, str] = Field(description="the recommendation by language tag of the user interface")
    ko: str = Field(description="the same as texts.ko")
    en: str = Field(description="the same as texts.en")


class DetailedFeedback(Model):
    """The details behind the four scores."""

    calibration: str = Field(description="the fit of the scores to people's ratings, and what it was fitted on")
    scores: SubScores
    raw: dict[str, float | None] = Field(description="the measurements before they are mapped to 0–100")
    weights: dict[str, float] = Field(description="the share of each score in the overall score of this result")
    notes: list[str] = Field(description="machine-readable notes, e.g. reference_unusable")
    first_word: int = Field(
        default=0, description="place in the line of the first of `words`; more than 0 only where a part was recorded"
    )
    words: list[WordResult]
    insertions: list[InsertedSound]
    added_words: list[AddedWord]
    contours: Contours | None
    pauses: list[Pause]
    rates: Rates
    tips: list[Tip]


class AnalysisResult(Model):
    """The assessment of one recording."""

    schema_version: str = SCHEMA_VERSION
    engine: Engine
    attempt_class: AttemptClass
    audio: AudioQuality
    pronunciation_score: Score | None
    intonation_score: Score | None
    emotion_score: Score | None = Field(
        description="expressiveness match: how closely pitch range, energy, voice colour and tempo follow the actor"
    )
    overall_score: Score | None
    detailed_feedback: DetailedFeedback


# The API server has a column for each; tests/test_scores.py compares them.
SCORES = tuple(name.removesuffix("_score") for name in AnalysisResult.model_fields if name.endswith("_score"))


class FeaturePhone(Model):
    """One phone of the reference with its score as a share, 0–1."""

    phone: str
    posterior: Unit
    start_s: float | None
    end_s: float | None


class FeatureWord(Model):
    """One word of the reference."""

    text: str
    start_s: float | None
    end_s: float | None
    rating: float | None = Field(default=None, description="accuracy that people are expected to rate, 0–10")
    phones: list[FeaturePhone]


class ReferenceFeatures(Model):
    """Everything about the actor's take that learners' takes are compared with; sufficient to plot it."""

    schema_version: str = FEATURES_SCHEMA_VERSION
    duration_s: float
    hop_s: float
    pitch_st: list[float | None]
    energy_db: list[float]
    median_hz: float | None
    tilt_db_per_octave: float | None
    said_mean: float
    misfit: float
    words: list[FeatureWord]
    pauses: list[tuple[float, float]]
    words_per_s: float | None
    phones_per_s: float | None
    ratings: dict[str, float] = Field(
        default_factory=dict, description="accuracy, fluency and prosodic as people are expected to rate them, 0–10"
    )
