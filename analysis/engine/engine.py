"""The recipe: recording + line (+ the actor's features) → result. Pure computation; no clock, no network, no disk.

decode (elsewhere) → check → pronunciation → alignment → prosody → scoring. One instance per process.
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
    recording_quality,
    rescoring,
    score_curves,
)
from analysis.engine.acoustic_model import Acoustic
from analysis.engine.alignment import WordTimes
from analysis.engine.gop import Goodness
from analysis.engine.lexicon import Lexicon, Word
from analysis.engine.prosody import Pitch, Track
from analysis.engine.recording_quality import Audio, Take
from analysis.engine.reference_comparison import Reference
from analysis.engine.result import AnalysisResult, AttemptClass, FeaturePhone, FeatureWord, ReferenceFeatures
from analysis.engine.result import Engine as EngineInfo
from analysis.engine.word_scores import Attempt

Report = Callable[[str, int], None]

ENGINE_INFO = EngineInfo(
    version=__version__,
    models={
        "acoustic": acoustic_model.MODEL,
        "second_vote": rescoring.load().name,
        "alignment": "pocketsphinx-en-us",
        "pitch": prosody.MODEL,
        "vad": "webrtcvad",
    },
)


class UnreadableTextError(ValueError):
    """The line holds no word that can be pronounced."""


class UnusableReferenceError(ValueError):
    """The reference audio does not hold the line; `code` says in which way."""

    def __init__(self, code: AttemptClass) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Reading:
    """A take that was listened to: what was said and how well it fits the line."""

    take: Take
    words: list[Word]
    goodness: Goodness | None
    attempt_class: AttemptClass


def _quiet(stage: str, progress: int) -> None:
    """Reports to nobody."""


class Engine:
    """All models, loaded once: the ear (`acoustic`), the dictionary (`lexicon`), the pitch tracker (`pitch`)."""

    def __init__(self) -> None:
        self.acoustic = Acoustic()
        self.lexicon = Lexicon(self.acoustic.spell)
        self.pitch = Pitch()
        self._second = rescoring.load()
        if self._second.tokens != self.acoustic.tokens:
            raise acoustic_model.UnknownTokenError("the second vote was fitted on another acoustic model")

    def warm_up(self) -> None:
        """Runs every model once, so that the first learner does not wait for page faults."""
        noise = np.random.default_rng(0).normal(scale=0.05, size=recording_quality.SAMPLE_RATE).astype(np.float32)
        take = Take(noise, 0.0, 1.0, 1.0, None, 0.0)
        words = self.lexicon.read("Ready")
        goodness = self.listen_for(noise)(words)
        if goodness:
            alignment.align(noise, goodness, 0.0)
        self.pitch.track(take)

    def analyze(
        self,
        audio: Audio,
        text: str,
        reference: ReferenceFeatures | None,
        report: Report = _quiet,
        *,
        truncated: bool = False,
    ) -> AnalysisResult:
        """Judges 16 kHz mono audio against a line, and against the actor's take when there is one. `truncated` says
        that the file the audio comes from broke off.

        Raises UnreadableTextError when the line has no pronounceable word.
        """
        reading = self._listen(audio, text, report, truncated)
        if reading.goodness is None or reading.attempt_class not in {"scored", "incomplete"}:
            return assessment.unscored(ENGINE_INFO, reading.take, reading.attempt_class, reading.goodness)
        report("alignment", 60)
        times = alignment.align(reading.take.audio, reading.goodness, reading.take.offset_s)
        report("prosody", 75)
        track = self.pitch.track(reading.take)
        report("scoring", 95)
        notes = []
        actor = Reference.unpack(reference) if reference else None
        if actor and [word.text for word in actor.features.words] != [word.text for word in reading.words]:
            actor = None
            notes.append("reference_of_other_text")
        attempt = Attempt(reading.take, reading.goodness, times, track, reading.attempt_class)
        return assessment.judge(ENGINE_INFO, attempt, actor, notes)

    def features(self, audio: Audio, text: str) -> ReferenceFeatures:
        """All of an actor's take that learners are compared with.

        Raises UnreadableTextError, or UnusableReferenceError when the audio does not hold the line.
        """
        reading = self._listen(audio, text, _quiet)
        if reading.goodness is None or reading.attempt_class not in {"scored", "incomplete"}:
            raise UnusableReferenceError(reading.attempt_class)
        times = alignment.align(reading.take.audio, reading.goodness, reading.take.offset_s)
        return _pack(reading.take, reading.goodness, times, self.pitch.track(reading.take))

    def _listen(self, audio: Audio, text: str, report: Report, truncated: bool = False) -> Reading:
        report("checking", 30)
        words = self.lexicon.read(text)
        if not words:
            raise UnreadableTextError("the line holds no word that can be pronounced")
        take = replace(recording_quality.examine(audio), truncated=truncated)
        if take.duration_s < score_curves.LEAST_DURATION_S:
            return Reading(take, words, None, "too_short")
        if take.speech_s < score_curves.LEAST_SPEECH_S:
            return Reading(take, words, None, "no_speech")
        report("pronunciation", 40)
        goodness = self.listen_for(take.audio)(words)
        return Reading(take, words, goodness, assessment.classify(take, goodness))

    def listen_for(self, audio: Audio) -> Callable[[Sequence[Word]], Goodness | None]:
        """Hears levelled audio (`quality.examine`) once, and answers for any words how well they fit it."""
        heard = self.acoustic.hear(audio)
        second = partial(self._second.vote, tokens=heard.tokens)
        return lambda words: gop.assess(heard.logp, words, acoustic_model.FRAME_S, second)


def _pack(take: Take, goodness: Goodness, times: list[WordTimes | None], track: Track) -> ReferenceFeatures:
    def seconds(value: float) -> float:
        return round(value, 3)

    words = []
    for word, when in zip(goodness.words, times, strict=True):
        spans = when.phones if when and len(when.phones) == len(word.phones) else (None,) * len(word.phones)
        phones = [
            FeaturePhone(
                phone=phone.expected,
                posterior=round(phone.posterior, 4),
                start_s=seconds(span.start_s) if span else None,
                end_s=seconds(span.end_s) if span else None,
            )
            for phone, span in zip(word.phones, spans, strict=True)
        ]
        start = seconds(when.span.start_s) if when else None
        words.append(
            FeatureWord(text=word.text, start_s=start, end_s=seconds(when.span.end_s) if when else None, phones=phones)
        )
    return ReferenceFeatures(
        duration_s=seconds(take.duration_s),
        hop_s=prosody.HOP_S,
        pitch_st=[score_curves.tidy(value, 2) for value in track.pitch_st.tolist()],
        energy_db=np.round(track.energy_db, 1).tolist(),
        median_hz=score_curves.tidy(track.median_hz, 2),
        tilt_db_per_octave=score_curves.tidy(track.tilt_db_per_octave, 3),
        said_mean=round(goodness.said_mean, 4),
        misfit=round(goodness.misfit, 4),
        words=words,
        pauses=[(seconds(pause.start_s), seconds(pause.end_s)) for pause in prosody.pauses(times)],
        words_per_s=score_curves.tidy(prosody.words_per_s(times), 3),
        phones_per_s=score_curves.tidy(prosody.phones_per_s(times), 3),
    )
