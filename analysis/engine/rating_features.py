"""Features of a take for the rating network: everything that the engine measures on each sound, word and the line.

Neither the room nor the speaker's pitch is among them: noise and age must not cost points. Spans are seconds of the
levelled take, as `gop` and the acoustic model count them; times of words and contours are those of the uncut recording.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.engine import prosody, word_prosody
from analysis.engine.acoustic_model import FRAME_S, AcousticOutput
from analysis.engine.activations import Floats32
from analysis.engine.alignment import WordTimes
from analysis.engine.gop import Goodness, PhoneEvidence
from analysis.engine.prosody import Floats, Track
from analysis.engine.rating_network import RatingInputs
from analysis.engine.recording_quality import Take

_MAX_LOG_ODDS: Final = 12.0
_HALF_PHONE_S: Final = 0.04
_MIN_S: Final = 0.01
_SURE: Final = 1e-3
# The lowest block of the acoustic model is close to the spectrum and told the ratings nothing more.
_LOWEST_LAYER: Final = 1
_PAUSES_S: Final = (0.1, 0.2, 0.5)


@dataclass(frozen=True, eq=False)
class Measured:
    """A take with everything that is measured on it before it is rated; `times` are None for omitted words."""

    take: Take
    goodness: Goodness
    evidence: PhoneEvidence
    output: AcousticOutput
    times: Sequence[WordTimes | None]
    track: Track

    @property
    def peaks_s(self) -> Floats:
        """Times at which the spoken sounds are likeliest, (L,)."""
        return (self.evidence.expected.lattice.peaks.astype(np.float64) + 0.5) * FRAME_S

    @property
    def spoken(self) -> list[int]:
        """Indices of the spoken words within the line."""
        return [index for index, word in enumerate(self.goodness.words) if not word.omitted]


def build(measured: Measured) -> RatingInputs:
    """Returns the network's inputs for the L sounds of the spoken words."""
    bounds = measured.evidence.expected.word_bounds
    spans, missing = _phone_spans(measured)
    word_of_phone = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
    return RatingInputs(
        phones=_phones(measured, spans, missing).astype(np.float32),
        layers=_layers(measured, spans),
        words=_words(measured).astype(np.float32),
        line=_line(measured, spans[~missing]).astype(np.float32),
        word_of_phone=word_of_phone,
        posteriors=measured.evidence.rescored.posteriors.astype(np.float32),
        known_errors=measured.evidence.known_errors.astype(np.float32),
    )


def _phone_spans(measured: Measured) -> tuple[Floats, np.ndarray]:
    """Returns start and end of every sound in seconds, (L, 2), and where they are guessed from the peak, (L,)."""
    peaks = measured.peaks_s
    spans = np.stack([peaks - _HALF_PHONE_S, peaks + _HALF_PHONE_S], axis=1)
    missing = np.ones(len(peaks), dtype=bool)
    bounds = measured.evidence.expected.word_bounds
    for word, index in enumerate(measured.spoken):
        times = measured.times[index]
        if times and len(times.phones) == bounds[word + 1] - bounds[word]:
            place = slice(int(bounds[word]), int(bounds[word + 1]))
            spans[place] = np.array([(span.start_s, span.end_s) for span in times.phones]) - measured.take.offset_s
            missing[place] = False
    return spans, missing


def _phones(measured: Measured, spans: Floats, missing: np.ndarray) -> Floats:
    parts = (
        _recognition(measured.evidence),
        _posteriors_within(measured, spans),
        _durations(measured, spans, missing),
        _contours(measured.track, spans + measured.take.offset_s),
        _places(measured.evidence.expected.word_bounds),
        _additions(measured),
    )
    return np.concatenate(parts, axis=1)


def _recognition(evidence: PhoneEvidence) -> Floats:
    """Identity of each sound, log-odds of all others by both votes, and the posteriors made of them."""
    columns, labels = evidence.expected.columns, evidence.expected.lattice.phones
    places, size = np.arange(len(columns)), evidence.log_odds.shape[1]
    own = evidence.network_log_probs[places, columns][:, None]
    ctc, rescored = evidence.ctc_scores, evidence.rescored
    posteriors = np.stack([rescored.posteriors, ctc.posteriors], axis=1)
    verdicts = (rescored.recognised == columns, ctc.recognised == labels, labels != columns)
    return np.concatenate(
        [
            np.eye(size - 1)[columns],
            np.clip(evidence.log_odds, -_MAX_LOG_ODDS, _MAX_LOG_ODDS) / 4,
            np.clip(evidence.network_log_probs - own, -_MAX_LOG_ODDS, _MAX_LOG_ODDS) / 4,
            np.clip(own, -_MAX_LOG_ODDS, 0.0) / 4,
            evidence.expected.acceptable.sum(axis=1, keepdims=True) - 1,
            posteriors,
            np.log(posteriors + _SURE),
            np.stack(verdicts, axis=1),
        ],
        axis=1,
    )


def _posteriors_within(measured: Measured, spans: Floats) -> Floats:
    """Mean log probabilities of all phones while each sound lasts, and of the expected one."""
    means = _means(measured.output.log_probs, spans) / 4
    columns = measured.evidence.expected.columns
    return np.concatenate([means, means[np.arange(len(columns)), columns][:, None]], axis=1)


def _means(rows: np.ndarray, spans: Floats, step_s: float = FRAME_S) -> Floats:
    """Means of rows (T, …) over spans in seconds (L, 2); at least one row each."""
    first, last = _rows(spans, len(rows), step_s)
    return np.stack([rows[start:stop].mean(axis=0) for start, stop in zip(first, last, strict=True)])


def _rows(spans: Floats, count: int, step_s: float) -> tuple[np.ndarray, np.ndarray]:
    """First row and end of rows of each span, at least one row."""
    rows = np.round(spans / step_s).astype(int)
    first = np.clip(rows[:, 0], 0, count - 1)
    return first, np.clip(rows[:, 1], first + 1, count)


def _durations(measured: Measured, spans: Floats, missing: np.ndarray) -> Floats:
    logs = np.log(np.maximum(spans[:, 1] - spans[:, 0], _MIN_S))
    gaps = np.concatenate([[0.0], np.maximum(0.0, spans[1:, 0] - spans[:-1, 1]), [0.0]])
    frames = np.log(measured.evidence.frames + 0.1)
    own = (logs, logs - logs.mean(), frames, measured.peaks_s - spans.mean(axis=1), missing)
    around = (np.minimum(gaps[:-1], 1.5), np.minimum(gaps[1:], 1.5))
    return np.concatenate([np.stack(own, axis=1), measured.evidence.timing, np.stack(around, axis=1)], axis=1)


def _contours(track: Track, spans: Floats) -> Floats:
    """Energy in dB, voiced share and pitch in semitones of every sound, (L, 5)."""
    first, last = _rows(spans, len(track.energy_db), prosody.HOP_S)
    rows = []
    for start, stop in zip(first, last, strict=True):
        energy, pitch = track.energy_db[start:stop], track.pitch_st[start:stop]
        voiced = pitch[np.isfinite(pitch)]
        mean, extent = (float(voiced.mean()), float(np.ptp(voiced))) if len(voiced) else (0.0, 0.0)
        rows.append((energy.mean() / 10, energy.max() / 10, len(voiced) / len(pitch), mean / 4, extent / 4))
    return np.array(rows)


def _places(bounds: np.ndarray) -> Floats:
    """Place of every sound within its word and the line, (L, 6)."""
    lengths = np.diff(bounds)
    word = np.repeat(np.arange(len(lengths)), lengths)
    count = int(bounds[-1])
    inside, places, length = np.arange(count) - bounds[:-1][word], np.arange(count), lengths[word]
    columns = (length / 5, inside / 5, (length - 1 - inside) / 5, places / 20, (count - 1 - places) / 20, word / 8)
    return np.stack(columns, axis=1)


def _additions(measured: Measured) -> Floats:
    """Posteriors of vowels added before a sound and after a word, and unexpected sounds before and after, (L, 4)."""
    bounds, peaks = measured.evidence.expected.word_bounds, measured.evidence.expected.lattice.peaks
    added = np.zeros((len(peaks), 2))
    word_of_index = {index: word for word, index in enumerate(measured.spoken)}
    for item in measured.goodness.insertions:
        word = word_of_index[item.word]
        length = int(bounds[word + 1] - bounds[word])
        added[bounds[word] + min(item.position, length - 1), int(item.position >= length)] = item.posterior
    edges = np.concatenate([[0.0], np.sort(peaks) + 0.5, [len(measured.output.log_probs) + 1.0]])
    heard = np.histogram(measured.evidence.reading.frames, bins=edges)[0]
    return np.concatenate([added, np.stack([np.minimum(heard[:-1], 4) - 1, np.minimum(heard[1:], 4)], 1) / 2], axis=1)


def _layers(measured: Measured, spans: Floats) -> Floats32:
    """Inner layers of the acoustic model while each sound lasts and where it is recognized, (L, 2 · layers · width)."""
    layers = measured.output.layers[:, _LOWEST_LAYER:]
    flat = layers.reshape(len(layers), -1)
    occupied = np.concatenate(
        [(part / (part.sum(axis=0) + 1e-9)).T @ flat for _, part in measured.evidence.expected.lattice.occupancies()]
    )
    return np.concatenate([_means(flat, spans), occupied], axis=1).astype(np.float32)


def _words(measured: Measured) -> Floats:
    """Length, pauses around, words left out before, pitch movement and prominence of every spoken word, (W, 7)."""
    bounds, peaks, offset_s = measured.evidence.expected.word_bounds, measured.peaks_s, measured.take.offset_s
    spans = []
    for word, index in enumerate(measured.spoken):
        times = measured.times[index]
        first, last = peaks[bounds[word]], peaks[bounds[word + 1] - 1]
        edge = (first - 0.05 + offset_s, last + 0.05 + offset_s)
        spans.append((times.span.start_s, times.span.end_s) if times else edge)
    edges = np.array(spans)
    lengths = np.maximum(edges[:, 1] - edges[:, 0], 2 * _MIN_S)
    gaps = np.concatenate([[0.0], np.clip(edges[1:, 0] - edges[:-1, 1], 0.0, 2.0), [0.0]])
    left_out = np.concatenate([[0], np.diff(measured.spoken) - 1])
    every = word_prosody.measure(measured.track, measured.times)
    contours = [every[index] for index in measured.spoken]
    columns = (
        np.log(lengths),
        np.log(lengths / np.diff(bounds)),
        gaps[:-1],
        gaps[1:],
        left_out,
        [contour.movement_st or 0.0 for contour in contours],
        [contour.prominence or 0.0 for contour in contours],
    )
    return np.stack([np.asarray(column, dtype=np.float64) for column in columns], axis=1)


def _line(measured: Measured, spans: Floats) -> Floats:
    """Tempo, pauses, pitch range and the fit of the line as a whole, (U,)."""
    return np.concatenate([_tempo(measured), _pauses(measured), _fit(measured), _lengths(spans)])


def _tempo(measured: Measured) -> Floats:
    count, frames = len(measured.peaks_s), len(measured.output.log_probs)
    line_s = float(np.ptp(measured.peaks_s)) + FRAME_S
    words_per_s = prosody.words_per_s(measured.times) or 0.0
    phones_per_s = prosody.phones_per_s(measured.times) or 0.0
    return np.array(
        [
            np.log(frames),
            np.log(line_s),
            np.log(line_s / count),
            np.log(measured.take.speech_s / count),
            np.log(max(frames * FRAME_S - 0.6, 0.1) / count),
            words_per_s / 3,
            phones_per_s / 10,
        ]
    )


def _pauses(measured: Measured) -> Floats:
    times = [word for word in measured.times if word]
    pairs = itertools.pairwise(times)
    gaps = np.array([np.clip(after.span.start_s - before.span.end_s, 0.0, 5.0) for before, after in pairs] or [0.0])
    pauses = prosody.pauses(measured.times)
    length = times[-1].span.end_s - times[0].span.start_s if times else 0.0
    paused = sum(pause.length_s for pause in pauses)
    pitch = prosody.spread(_between(measured.track.pitch_st, times))
    counts = [float((gaps > limit).sum()) for limit in _PAUSES_S]
    spoken = max(len(times), 1)
    return np.array(
        [
            *(paused, max(0.0, paused - 0.25 * length), (pitch or 0.0) / 6),
            float(np.isfinite(_between(measured.track.pitch_st, times)).sum()) * prosody.HOP_S / 2,
            *(float(gaps.max()), float(gaps.sum()), counts[0] / spoken, counts[1] / spoken, counts[2]),
        ]
    )


def _between(values: Floats, times: Sequence[WordTimes]) -> Floats:
    """The part of a contour from the first to the last word."""
    if not times:
        return values[:0]
    return values[int(times[0].span.start_s / prosody.HOP_S) : int(times[-1].span.end_s / prosody.HOP_S) + 1]


def _fit(measured: Measured) -> Floats:
    goodness, evidence = measured.goodness, measured.evidence
    peaks, count = evidence.expected.lattice.peaks, len(evidence.expected.columns)
    heard = evidence.reading.frames
    outside = int(((heard < peaks.min() - 3) | (heard > peaks.max() + 3)).sum())
    ctc, rescored = evidence.ctc_scores.posteriors, evidence.rescored.posteriors
    logs = (np.log(ctc + _SURE).mean(), np.log(rescored + _SURE).mean())
    return np.array(
        [
            *(goodness.misfit, goodness.full_mean, goodness.spoken_mean, goodness.completeness),
            *(len(goodness.words) / 8, count / 20, goodness.recognised_phones / count, outside / 5, outside > 2),
            *(rescored.mean(), *np.percentile(rescored, (10, 25)), ctc.mean(), *logs, (rescored < 0.5).mean()),
            *((evidence.expected.lattice.total - evidence.reading.total) / count,),
            evidence.reading.total / len(measured.output.log_probs),
        ]
    )


def _lengths(spans: Floats) -> Floats:
    """Mean and spread of the logarithm of the sounds' lengths, and the longest in seconds, (3,)."""
    lengths = spans[:, 1] - spans[:, 0] if len(spans) else np.array([2 * _HALF_PHONE_S])
    logs = np.log(lengths + _MIN_S)
    return np.array([logs.mean(), logs.std(), lengths.max()])
