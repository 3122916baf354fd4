"""Measurements made by hand for tests: the evidence for a line whose phones are heard at chosen frames."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from analysis.engine import ctc, phone_scores
from analysis.engine.audio import SAMPLE_RATE
from analysis.engine.gop import FreeReading, Goodness, PhoneEvidence, PhoneGoodness, WordGoodness
from analysis.engine.languages.english.profile import ENGLISH
from analysis.engine.lexicon import Pronunciation
from analysis.engine.prosody import Track
from analysis.engine.rating_network import Ratings
from analysis.engine.recording_quality import Take
from analysis.engine.rescoring import ExpectedPhones
from analysis.engine.word_scores import Attempt

Heard = Mapping[int, str]
"""Frame of 20 ms → the phone that is recognized there; in lower case where it is less sure."""
_PHONES: Final = ENGLISH.phones
_UNLIKELY: Final = 1e-4
_UNSURE: Final = 0.6


def log_probs(heard: Heard, frames: int) -> ctc.Floats:
    """Log probabilities (frames, P + 1): each phone likely in its frame, blank everywhere else."""
    probabilities = np.full((frames, len(_PHONES) + 1), _UNLIKELY)
    probabilities[:, _PHONES.blank] = 1.0
    for frame, phone in heard.items():
        likelihood = _UNSURE if phone.islower() else 1.0 - _UNLIKELY
        probabilities[frame, [_PHONES.index[phone.upper()], _PHONES.blank]] = likelihood, 1.0 - likelihood
    logs: ctc.Floats = np.log(probabilities / probabilities.sum(axis=1, keepdims=True))
    return logs


def evidence(spoken: Sequence[str], heard: Heard, frames: int = 120) -> PhoneEvidence:
    """The evidence for spoken words ("K AE T") in a recording in which `heard` is recognized."""
    words = [word.split() for word in spoken]
    logp = log_probs(heard, frames)
    lattice = ctc.build(logp, [_PHONES.index[phone] for word in words for phone in word])
    log_odds = ctc.edit_log_odds(lattice)
    scores = phone_scores.from_log_odds(log_odds, lattice.phones)
    recognized = np.array([_PHONES.index[heard[frame].upper()] for frame in sorted(heard)])
    silence = float(logp[:, _PHONES.blank].sum())
    return PhoneEvidence(
        expected=ExpectedPhones(
            lattice,
            lattice.phones,
            np.cumsum([0, *map(len, words)]),
            np.eye(len(_PHONES) + 1, dtype=bool)[lattice.phones],
        ),
        log_odds=log_odds,
        network_log_probs=-log_odds,
        ctc_scores=scores,
        rescored=scores,
        timing=np.zeros((len(lattice.phones), 5), dtype=np.float32),
        frames=lattice.occupancy().sum(axis=0),
        known_errors=np.zeros(len(lattice.phones), dtype=bool),
        reading=FreeReading(np.array(sorted(heard)), recognized, ctc.likelihood(logp, recognized.tolist()), silence),
    )


def goodness(line: Mapping[str, str], heard: Heard, omitted: Sequence[str] = ()) -> Goodness:
    """The pronunciation of a line (word → "K AE T") of which the words of `omitted` were not said."""
    found = evidence([phones for word, phones in line.items() if word not in omitted], heard)
    misfit = (found.reading.total - found.expected.lattice.total) / len(heard)
    mean = float(found.ctc_scores.posteriors.mean())
    words = tuple(_word(word, phones, word in omitted) for word, phones in line.items())
    return Goodness(words, (), mean, mean, misfit, len(heard), found)


def _word(text: str, phones: str, omitted: bool) -> WordGoodness:
    names = tuple(phones.split())
    scored = () if omitted else tuple(PhoneGoodness(name, name, 1.0, 0.0) for name in names)
    return WordGoodness(text, Pronunciation(names, names), omitted, scored)


def take(offset_s: float = 0.0, cut_s: float = 2.4, duration_s: float = 2.4) -> Take:
    """A silent take: `cut_s` seconds that begin at `offset_s` of a recording of `duration_s`, half of it speech."""
    audio = np.zeros(round(cut_s * SAMPLE_RATE), dtype=np.float32)
    return Take(audio, offset_s, duration_s, duration_s / 2, None, 0.0)


def attempt(measured: Goodness, offset_s: float = 0.0) -> Attempt:
    """An attempt without times, pitch and ratings, whose take begins at `offset_s` of the recording."""
    nothing = np.zeros(0)
    return Attempt(
        take=take(offset_s),
        goodness=measured,
        times=[None] * len(measured.words),
        track=Track(nothing, nothing, None, None),
        attempt_class="scored",
        ratings=Ratings(nothing, nothing, nothing, {}),
    )
