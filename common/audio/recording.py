"""A learner's recording, or the audio of one line: all of its sound as one array."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

import numpy as np

from common.audio.errors import AudioEmptyError, UndecodableAudioError
from common.audio.mixing import Samples
from common.audio.source import Block, SoundSource
from common.audio.tracks import RECORDINGS

# A jump of the time stamps by less is jitter.
_MIN_GAP_S: Final = 0.1
# A pause longer than this inside a line says no more; all of them together stay below the second figure.
_MAX_SILENCE_S: Final = 3.0
_MAX_SILENCES_S: Final = 10.0
# A source that was quiet before and after the jump paused; where the sound goes on, only the clock did.
_EDGE_S: Final = 0.06
_QUIET_DB: Final = -25.0
_LOUD: Final = 0.95


@dataclass(frozen=True, slots=True)
class Recording:
    """Mono float32 in [-1, 1]; `truncated` where sound is missing at the end of the file."""

    samples: Samples
    truncated: bool


@dataclass(frozen=True, slots=True)
class _Gap:
    """A jump of the time stamps by `length_s` after `after_s` of sound."""

    after_s: float
    length_s: float


def read_recording(file: BinaryIO, rate_hz: int, max_s: float) -> Recording:
    """Decodes a seekable file; stops as soon as max_s of sound is exceeded.

    Of several tracks the first one with sound counts. Gaps in the time stamps become silence where the sound pauses.
    Raises UndecodableAudioError, AudioTooLongError or AudioEmptyError.
    """
    source = SoundSource(file, RECORDINGS, rate_hz=rate_hz, sample_format="flt")
    pieces: list[Samples] = []
    gaps: list[_Gap] = []
    before: Block | None = None
    for block in source.blocks(max_s):
        pieces.append(block.samples)
        if block.start_s is None:
            continue
        if before and (jump_s := _jump_s(before, block)) > _MIN_GAP_S:
            gaps.append(_Gap(block.decoded_s, jump_s))
        before = block
    samples = np.concatenate(pieces)
    if not len(samples):
        raise UndecodableAudioError if source.packets else AudioEmptyError
    finite = np.clip(np.nan_to_num(samples, posinf=1.0, neginf=-1.0), -1.0, 1.0).astype(np.float32)
    return Recording(_with_pauses(finite, gaps, rate_hz), source.ends_early)


def _jump_s(before: Block, block: Block) -> float:
    """Returns how much later a block begins than the one before it ends."""
    if before.start_s is None or block.start_s is None:
        return 0.0
    return (block.start_s - before.start_s) - (block.decoded_s - before.decoded_s)


def _with_pauses(samples: Samples, gaps: Sequence[_Gap], rate_hz: int) -> Samples:
    """Returns the samples with silence in the gaps at whose edges the sound is quiet."""
    if not gaps:
        return samples
    frame = int(_EDGE_S * rate_hz)
    loud = float(np.quantile(_levels(samples, frame), _LOUD)) if len(samples) >= frame else 0.0
    limit, left_s, done, pieces = loud * 10 ** (_QUIET_DB / 20), _MAX_SILENCES_S, 0, []
    for gap in gaps:
        at = int(gap.after_s * rate_hz)
        edges = samples[max(0, at - frame) : at], samples[at : at + frame]
        if all(len(edge) == 0 or _level(edge) <= limit for edge in edges):
            silence_s = min(gap.length_s, _MAX_SILENCE_S, left_s)
            left_s -= silence_s
            pieces += [samples[done:at], np.zeros(int(silence_s * rate_hz), np.float32)]
            done = at
    return np.concatenate([*pieces, samples[done:]])


def _levels(samples: Samples, frame: int) -> Samples:
    frames = samples[: len(samples) // frame * frame].reshape(-1, frame)
    levels: Samples = np.sqrt(np.mean(np.square(frames), axis=1))
    return levels


def _level(samples: Samples) -> float:
    return float(np.sqrt(np.mean(np.square(samples))))
