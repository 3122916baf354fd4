"""The whole analysis: recording + line (+ the features of the reference) → result. Pure computation, without I/O.

decode (elsewhere) → check → pronunciation → alignment → prosody → scoring. One instance per process and language.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from analysis import __version__
from analysis.engine import (
    acoustic_model,
    alignment,
    assessment,
    gop,
    prosody,
    rating,
    rating_features,
    recording_quality,
    reference_features,
    rescoring,
    score_curves,
)
from analysis.engine.acoustic_model import AcousticModel, AcousticOutput
from analysis.engine.audio import SAMPLE_RATE, Audio
from analysis.engine.gop import Goodness, PhoneEvidence
from analysis.engine.language_profile import LanguageProfile
from analysis.engine.lexicon import Lexicon, Word
from analysis.engine.line_part import WordRange
from analysis.engine.prosody import PitchTracker
from analysis.engine.rating_features import Measured
from analysis.engine.recording_quality import Take
from analysis.engine.reference_comparison import Reference
from analysis.engine.result import AnalysisResult, AttemptClass, ReferenceFeatures
from analysis.engine.result import Engine as EngineInfo
from analysis.engine.word_scores import Attempt
from analysis.stages import Stage

_WARM_UP_S = 6

Report = Callable[[Stage], None]
"""Receives the stage that begins."""
Assess = Callable[[Sequence[Word]], Goodness | None]
"""Words → their pronunciation in one recording."""


class UnreadableTextError(ValueError):
    """The line holds no word that can be pronounced."""


class UnusableReferenceError(ValueError):
    """The reference audio does not hold the line; `code` is the attempt class."""

    def __init__(self, code: AttemptClass) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, eq=False)
class Recognised:
    """The acoustic model's output for a take, and the pronunciation of the line; at least one word was spoken."""

    goodness: Goodness
    evidence: PhoneEvidence
    output: AcousticOutput


@dataclass(frozen=True, eq=False)
class CheckedTake:
    """A take with its pronunciation and its class. `goodness` is None where the take is too short to measure.

    `recognised` is None where no word of the line was spoken.
    """

    take: Take
    words: list[Word]
    goodness: Goodness | None
    attempt_class: AttemptClass
    recognised: Recognised | None = None

    @property
    def scorable(self) -> Recognised | None:
        """The line or the part of it that was recognised; None for a take that is not scored."""
        return self.recognised if self.attempt_class in {"scored", "incomplete"} else None


def _ignore_progress(_: Stage) -> None:
    """Drops progress reports."""


class Engine:
    """All models of one language, loaded once: `acoustic`, `lexicon`, `pitch`, and the rescoring of phones.

    Raises UnknownTokenError when the rescoring model was fitted on another acoustic model.
    """

    def __init__(self, profile: LanguageProfile) -> None:
        self.profile = profile
        models = profile.load_models()
        self.acoustic = AcousticModel(models.acoustic, profile.phones)
        self.lexicon = Lexicon(profile, models)
        self._alignment = models.alignment
        self.pitch = PitchTracker()
        self._rating = rating.load(profile)
        self._rescoring = rescoring.load(profile)
        if self._rescoring.tokens != self.acoustic.tokens:
            raise acoustic_model.UnknownTokenError("the rescoring model was fitted on another acoustic model")
        self.info = EngineInfo(
            version=__version__,
            models={
                "acoustic": self.acoustic.name,
                "second_vote": self._rescoring.name,
                "rating": self._rating.name,
                "alignment": f"pocketsphinx-{self._alignment.name}",
                "pitch": prosody.MODEL,
                "vad": "webrtcvad",
            },
        )
        self._context = assessment.Context(self.info, profile)

    def warm_up(self) -> None:
        """Assesses a line of usual length once, so that the first learner does not wait for page faults and imports."""
        noise = np.random.default_rng(0).normal(scale=0.05, size=_WARM_UP_S * SAMPLE_RATE).astype(np.float32)
        take = recording_quality.examine(noise)
        words = self.lexicon.read(self.profile.warm_up_text)
        output = self.acoustic.run(take.audio)
        output = replace(output, log_probs=self._log_probs_of(words, len(output.log_probs)))
        goodness = self._assess(output, words)
        if goodness and goodness.evidence:
            recognised = Recognised(goodness, goodness.evidence, output)
            checked = CheckedTake(take, words, goodness, "scored", recognised)
            assessment.assess(self._context, self._measure(checked, recognised, _ignore_progress), None, [])

    def _log_probs_of(self, words: Sequence[Word], frames: int) -> acoustic_model.Floats:
        """Log probabilities (frames, P + 1) in which every phone of the words is heard once, at equal distances."""
        phones = self.profile.phones
        spoken = [phones.index[phone] for word in words for phone in word.pronunciations[0].scored]
        probabilities = np.full((frames, len(phones) + 1), 1e-4)
        probabilities[:, phones.blank] = 1.0
        at = np.linspace(0, frames, len(spoken), endpoint=False, dtype=int)
        probabilities[at, phones.blank], probabilities[at, spoken] = 1e-2, 1.0
        log_probs: acoustic_model.Floats = np.log(probabilities / probabilities.sum(axis=1, keepdims=True))
        return log_probs

    def analyze(
        self,
        audio: Audio,
        text: str,
        reference: ReferenceFeatures | None,
        report: Report = _ignore_progress,
        *,
        truncated: bool = False,
        spoken_form: str | None = None,
        part: WordRange | None = None,
    ) -> AnalysisResult:
        """Assesses 16 kHz mono audio against a line, or a part of it, and against the reference when there is one.

        `truncated` marks audio from a file that broke off; `spoken_form` replaces the usual readings. Raises
        UnreadableTextError when the line has no word that can be pronounced, and WordsOutsideLineError.
        """
        line = self._read(text, spoken_form)
        words = part.words_of(line) if part else line
        checked = self._check(audio, words, report, truncated=truncated, is_part=part is not None)
        if checked.scorable is None:
            return assessment.unscored(self._context, checked.take, checked.attempt_class, checked.goodness)
        attempt = self._measure(checked, checked.scorable, report)
        report(Stage.SCORING)
        unpacked, notes = _matching_reference(reference, line, part)
        result = assessment.assess(self._context, attempt, unpacked, notes)
        return assessment.as_part(result, part.first) if part else result

    def features(self, audio: Audio, text: str, spoken_form: str | None = None) -> ReferenceFeatures:
        """Everything about an actor's take that learners are compared with.

        Raises UnreadableTextError, or UnusableReferenceError when the audio does not hold the line.
        """
        checked = self._check(audio, self._read(text, spoken_form), _ignore_progress)
        if checked.scorable is None:
            raise UnusableReferenceError(checked.attempt_class)
        attempt = self._measure(checked, checked.scorable, _ignore_progress)
        return reference_features.pack(attempt, self._rating)

    def measure(self, audio: Audio, text: str) -> Measured | None:
        """Everything that ratings are computed from, whatever the class of the take; None where no word is found."""
        checked = self.check(audio, text)
        recognised = checked.recognised
        return None if recognised is None else self._measure_take(checked.take, recognised, _ignore_progress)

    def pronunciation_of(self, audio: Audio) -> Assess:
        """Runs the acoustic model once on levelled audio (`recording_quality.examine`).

        The function that is returned assesses any words against it.
        """
        output = self.acoustic.run(audio)
        return lambda words: self._assess(output, words)

    def _assess(self, output: AcousticOutput, words: Sequence[Word]) -> Goodness | None:
        rescore = partial(self._rescoring.rescore, token_log_probs=output.token_log_probs)
        return gop.assess(output.log_probs, words, acoustic_model.FRAME_S, self.profile, rescore)

    def check(self, audio: Audio, text: str) -> CheckedTake:
        """The pronunciation of a take and its class. Raises UnreadableTextError."""
        return self._check(audio, self._read(text), _ignore_progress)

    def _read(self, text: str, spoken_form: str | None = None) -> list[Word]:
        words = self.lexicon.read(text, spoken_form)
        if not words:
            raise UnreadableTextError("the line holds no word that can be pronounced")
        return words

    def _check(
        self, audio: Audio, words: list[Word], report: Report, *, truncated: bool = False, is_part: bool = False
    ) -> CheckedTake:
        report(Stage.CHECKING)
        take = replace(recording_quality.examine(audio), truncated=truncated)
        if take.duration_s < score_curves.MIN_DURATION_S:
            return CheckedTake(take, words, None, "too_short")
        if take.speech_s < score_curves.MIN_SPEECH_S:
            return CheckedTake(take, words, None, "no_speech")
        report(Stage.PRONUNCIATION)
        output = self.acoustic.run(take.audio)
        goodness = self._assess(output, words)
        recognised = Recognised(goodness, goodness.evidence, output) if goodness and goodness.evidence else None
        attempt_class = assessment.classify(take, goodness, self._rating, is_part=is_part)
        return CheckedTake(take, words, goodness, attempt_class, recognised)

    def _measure(self, checked: CheckedTake, recognised: Recognised, report: Report) -> Attempt:
        measured = self._measure_take(checked.take, recognised, report)
        ratings = self._rating.rate(rating_features.build(measured))
        times = list(measured.times)
        return Attempt(checked.take, measured.goodness, times, measured.track, checked.attempt_class, ratings)

    def _measure_take(self, take: Take, recognised: Recognised, report: Report) -> Measured:
        report(Stage.ALIGNMENT)
        times = alignment.align(take.audio, recognised.goodness, take.offset_s, self._alignment)
        report(Stage.PROSODY)
        track = self.pitch.track(take)
        return Measured(take, recognised.goodness, recognised.evidence, recognised.output, times, track)


def _matching_reference(
    features: ReferenceFeatures | None, line: Sequence[Word], part: WordRange | None
) -> tuple[Reference | None, list[str]]:
    """The reference, and the notes of the result; no reference where its words differ from those of the line."""
    if features is None:
        return None, []
    if [word.text for word in features.words] != [word.text for word in line]:
        return None, ["reference_of_other_text"]
    return Reference.unpack(part.features_of(features) if part else features), []
