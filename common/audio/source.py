"""One track of a file as mono samples of one rate, whatever the file's channels, rates and parts are."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from typing import Any, BinaryIO, Final

import av
import numpy as np
import numpy.typing as npt
from av.stream import Disposition

from common.audio import mixing
from common.audio.errors import AudioEmptyError, AudioTooLongError, UndecodableAudioError
from common.audio.layout import Layout, read_layout
from common.audio.riff import OddSamplesError
from common.audio.tracks import ERRORS, TrackDecoder, open_part, tracks_of
from common.audio.views import FileView

# Codes of ISO 639-2 by the first part of a language tag, where they do not begin with it.
_LONG_CODES: Final = {"de": {"deu", "ger"}, "es": {"spa"}, "ja": {"jpn"}, "pt": {"por"}, "zh": {"zho", "chi"}}
# Names of the layout of one channel that FFmpeg mixes to mono without loss.
_ONE_CHANNEL: Final = ("mono", "1 channels")
_UNREADABLE: Final = (UndecodableAudioError, AudioEmptyError)
# Levels are measured over this much of a track.
_SURVEY_S: Final = 300.0


@dataclass(frozen=True, slots=True)
class TrackWish:
    """Which of several tracks is meant: by number from 1, else by language, else the default one, else the first one.

    Without `prefers_default` the order of the file decides. Silent tracks come last.
    """

    number: int | None = None
    language: str | None = None
    prefers_default: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Samples, shape (n,), and where the frame that they end with begins by the time stamps of the file, in seconds.

    None where the file gives no time. `decoded_s` is the length of the sound before that frame.
    """

    samples: npt.NDArray[Any]
    start_s: float | None
    decoded_s: float


class TrackMissingError(Exception):
    """The file has no track of the number that was asked for; `count` is how many it has."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


class SoundSource:
    """Decodes one track to mono, of `tracks`. `packets` and `ends_early` are complete after the last block.

    `formats` are FFmpeg's demuxers (tracks.RECORDINGS, tracks.MEDIA), `sample_format` FFmpeg's name of the samples.
    With `batch_s` the samples of a block may come with a later one, up to that many seconds: it takes a third of the
    time.
    Raises UndecodableAudioError, AudioEmptyError or TrackMissingError.
    """

    def __init__(
        self,
        file: BinaryIO,
        formats: str,
        *,
        rate_hz: int,
        sample_format: str,
        batch_s: float = 0.0,
        wish: TrackWish | None = None,
    ) -> None:
        self._formats = formats
        self._converter = _Converter(rate_hz, sample_format, batch_s)
        self._layout = _layout_of(file)
        self._weights: dict[int, mixing.Samples] | None = None
        self.tracks = 0
        self._track = self._choose(wish or TrackWish())
        self.packets = 0
        self.ends_early = self._layout.is_cut

    @property
    def track(self) -> int:
        """The number of the track, from 1, among those that can be decoded."""
        return self._track + 1

    def blocks(self, max_s: float) -> Iterator[Block]:
        """Yields the sound. Raises AudioTooLongError beyond `max_s` seconds of decoded sound."""
        decoded_s = 0.0
        for part in self._layout.parts:
            before_s = decoded_s
            # A later part that cannot be opened ends the sound.
            with suppress(*(_UNREADABLE if decoded_s else ())):
                for frame, start_s in self._frames(part):
                    samples = self._convert(frame)
                    yield Block(samples, None if start_s is None else before_s + start_s, decoded_s)
                    decoded_s += frame.samples / frame.sample_rate
                    if decoded_s > max_s:
                        raise AudioTooLongError
        with suppress(*ERRORS, MemoryError):
            yield Block(self._converter.flush(), None, decoded_s)

    def _convert(self, frame: Any) -> npt.NDArray[Any]:
        """Returns samples of one channel. Raises UndecodableAudioError for a frame that FFmpeg cannot resample."""
        try:
            return self._converter.convert(self._mono(frame))
        except (*ERRORS, MemoryError) as error:
            raise UndecodableAudioError from error

    def _frames(self, part: FileView) -> Iterator[tuple[Any, float | None]]:
        """Yields the frames of a part with their times since its start."""
        with self._open(part) as (container, track):
            start_s = (container.start_time or 0) / av.time_base
            decoder = TrackDecoder(container, track, mp3_length_s=self._layout.mp3_length_s)
            for frame in decoder.frames():
                yield frame, None if frame.time is None else frame.time - start_s
            self.packets += decoder.packets
            self.ends_early = self._layout.is_cut or decoder.ends_early

    @contextmanager
    def _open(self, part: FileView) -> Iterator[tuple[Any, Any]]:
        """Opens a part and its track. Raises UndecodableAudioError or AudioEmptyError."""
        with open_part(part, self._formats, is_wav=self._layout.is_wav) as container:
            tracks = tracks_of(container)
            if not tracks:
                raise UndecodableAudioError if len(container.streams) else AudioEmptyError
            yield container, tracks[min(self._track, len(tracks) - 1)]

    def _mono(self, frame: Any) -> Any:
        """Returns the frame itself where it has one channel, else its mix, 32-bit float."""
        count = frame.layout.nb_channels
        if count == 1 and frame.layout.name in _ONE_CHANNEL:
            return frame
        if self._weights is None:
            self._weights = mixing.weights_by_count(self._survey(self._track))
        weights = self._weights.get(count)
        mixed = (mixing.even_weights(count) if weights is None else weights) @ mixing.channels_of(frame)
        mono = av.AudioFrame.from_ndarray(mixed.reshape(1, -1).astype(np.float32), format="flt", layout="mono")
        mono.sample_rate = frame.sample_rate
        return mono

    def _choose(self, wish: TrackWish) -> int:
        """Returns the index of the track among those that can be decoded."""
        tracks = self._describe_tracks()
        self.tracks = len(tracks)
        if wish.number is not None:
            if not 1 <= wish.number <= len(tracks):
                raise TrackMissingError(len(tracks))
            return wish.number - 1
        order = sorted(range(len(tracks)), key=lambda index: _rank(*tracks[index], wish))
        return order[0] if len(order) == 1 else next(filter(self._has_sound, order), order[0])

    def _describe_tracks(self) -> Sequence[tuple[str, bool]]:
        """Returns language and default flag of each track that can be decoded; there is at least one."""
        self._track = 0
        with self._open(self._layout.parts[0]) as (container, _):
            return [
                (str(track.language or ""), bool(track.disposition & Disposition.default))
                for track in tracks_of(container)
            ]

    def _has_sound(self, index: int) -> bool:
        return mixing.loudest_db(list(self._survey(index).values())) > mixing.SILENCE_DB

    def _survey(self, index: int) -> dict[int, mixing.ChannelLevels]:
        """Measures the levels of a track by the number of channels."""
        levels: dict[int, mixing.ChannelLevels] = defaultdict(mixing.ChannelLevels)
        measured_s, self._track = 0.0, index
        with suppress(*_UNREADABLE):
            for frame in chain.from_iterable(map(self._survey_part, self._layout.parts)):
                channels = mixing.channels_of(frame)
                levels[len(channels)].add(channels)
                measured_s += frame.samples / frame.sample_rate
                if measured_s > _SURVEY_S:
                    break
        return levels

    def _survey_part(self, part: FileView) -> Iterator[Any]:
        with self._open(part) as (container, track):
            yield from TrackDecoder(container, track).frames()


class _Converter:
    """Resamples mono frames; a change of their format begins another resampler after the rest of the one before.

    `batch_s` of sound are collected for one run of the resampler, whose result does not depend on it.
    """

    def __init__(self, rate_hz: int, sample_format: str, batch_s: float) -> None:
        self._rate_hz = rate_hz
        self._format = sample_format
        self._batch_s = batch_s
        self._source: tuple[str, str, int] | None = None
        self._resampler: Any = None
        self._waiting: Any = None

    def convert(self, frame: Any) -> npt.NDArray[Any]:
        """Returns the samples that are ready. Raises as FFmpeg does."""
        source = (frame.format.name, frame.layout.name, frame.sample_rate)
        rest = self._drain() if source != self._source else []
        if self._resampler is None:
            self._source = source
            self._resampler = av.AudioResampler(format=self._format, layout="mono", rate=self._rate_hz)
            self._waiting = av.AudioFifo()
        frame.pts = None
        self._waiting.write(frame)
        is_ready = self._waiting.samples >= self._batch_s * frame.sample_rate
        return self._joined([*rest, *(self._resampler.resample(self._waiting.read()) if is_ready else ())])

    def flush(self) -> npt.NDArray[Any]:
        """Returns the rest of the samples."""
        return self._joined(self._drain())

    def _drain(self) -> list[Any]:
        resampler, self._resampler = self._resampler, None
        if resampler is None:
            return []
        last = self._waiting.read(partial=True)
        return [*(resampler.resample(last) if last else ()), *resampler.resample(None)]

    def _joined(self, frames: list[Any]) -> npt.NDArray[Any]:
        pieces = [frame.to_ndarray()[0] for frame in frames if frame is not None]
        return np.concatenate(pieces) if pieces else np.zeros(0, "int16" if self._format == "s16" else "float32")


def _layout_of(file: BinaryIO) -> Layout:
    try:
        layout = read_layout(file)
    except OddSamplesError as error:
        raise UndecodableAudioError from error
    if not layout.parts:
        raise AudioEmptyError
    return layout


def _rank(language: str, is_default: bool, wish: TrackWish) -> tuple[bool, bool]:
    """Sorts the tracks that are meant first, False before True."""
    wished = (wish.language or "").partition("-")[0].lower()
    own = language.partition("-")[0].lower()
    speaks_it = bool(wished and own) and (own[:2] == wished or own in _LONG_CODES.get(wished, ()))
    return not speaks_it, wish.prefers_default and not is_default
