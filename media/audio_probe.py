"""Probes one recording after another, in a process of its own (see isolated_main.py). Imports only `common` of ours."""

import json
from pathlib import Path
from typing import Any

from common.audio.errors import AudioEmptyError, UndecodableAudioError
from common.audio.layout import Layout, read_layout
from common.audio.riff import MAX_RATE_HZ, OddSamplesError
from common.audio.tracks import ERRORS, RECORDINGS, open_part, tracks_of

_PACKETS_DECODED = 8
# FFmpeg's sample formats that can be mixed; `p` for planar ones is left out.
_SAMPLE_FORMATS = ("u8", "s16", "s32", "flt", "dbl")


class UnsupportedAudioError(Exception):
    """The file holds no track of an accepted codec."""


class TooLongError(Exception):
    """A track is longer than the limit."""


def handle(request: bytes) -> bytes:
    """Answers `ok`, `empty`, `too_long`, `undecodable` or `unsupported`.

    The request is JSON: `path`, `codecs` (those accepted, by FFmpeg's names; one that ends in `_` stands for all that
    begin so), `max_s` (the longest recording, in seconds).
    """
    asked = json.loads(request)
    return probe(asked["path"], asked["codecs"], asked["max_s"]).encode()


def probe(path: str, codecs: list[str], max_s: float) -> str:
    """Reads every packet and decodes the first ones, until it is known whether the audio is too long."""
    try:
        with Path(path).open("rb") as file:
            return _measure(read_layout(file), codecs, max_s)
    except AudioEmptyError:
        return "empty"
    except TooLongError:
        return "too_long"
    except (UnsupportedAudioError, OddSamplesError):
        return "unsupported"
    except (UndecodableAudioError, MemoryError, *ERRORS):
        return "undecodable"


def _measure(layout: Layout, codecs: list[str], max_s: float) -> str:
    """Measures the parts one after another; raises what `probe` answers."""
    packets, length_s = 0, 0.0
    for part in layout.parts:
        try:
            container = open_part(part, RECORDINGS, is_wav=layout.is_wav)
        except (AudioEmptyError, UndecodableAudioError):
            if length_s:
                break
            raise
        with container:
            meters = [TrackMeter(track, max_s - length_s) for track in _accepted(container, codecs)]
            _read(container, meters)
        packets += sum(meter.packets for meter in meters)
        length_s += max(meter.length_s for meter in meters)
    if packets == 0:
        return "empty"
    return "ok" if length_s else "undecodable"


def _accepted(container: Any, codecs: list[str]) -> list[Any]:
    found = [track for track in tracks_of(container) if _is_accepted(track.codec_context.name, codecs)]
    if not found:
        raise UnsupportedAudioError if len(container.streams) else AudioEmptyError
    return found


def _is_accepted(codec: str, accepted: list[str]) -> bool:
    return any(codec == one or (one.endswith("_") and codec.startswith(one)) for one in accepted)


def _can_be_mixed(frame: Any) -> bool:
    return frame.format.name.removesuffix("p") in _SAMPLE_FORMATS and 0 < frame.sample_rate <= MAX_RATE_HZ


def _read(container: Any, meters: list["TrackMeter"]) -> None:
    by_index = {meter.index: meter for meter in meters}
    for packet in container.demux(*(meter.track for meter in meters)):
        if packet.size:
            by_index[packet.stream_index].add(packet)
        if all(meter.is_surely_short(container.size) for meter in meters):
            return


class TrackMeter:
    """Adds up what packets say of their length, and what the decoded ones hold; the longer of both counts.

    `add` raises TooLongError beyond `max_s`.
    """

    def __init__(self, track: Any, max_s: float) -> None:
        self.track = track
        self.index: int = track.index
        self.packets = 0
        self._max_s = max_s
        self._tick_s = float(track.time_base or 0)
        self._stated_s, self._decoded_s, self._longest_s, self._decoded_bytes = 0.0, 0.0, 0.0, 0

    @property
    def length_s(self) -> float:
        """Length of what was decoded or stated; 0 where nothing could be decoded."""
        return max(self._stated_s, self._decoded_s) if self._decoded_s else 0.0

    def add(self, packet: Any) -> None:
        """Counts a packet; those that state no length, or one that spans a gap, are decoded."""
        self.packets += 1
        stated_s = (packet.duration or 0) * self._tick_s
        if self.packets <= _PACKETS_DECODED or not 0 < stated_s <= 2 * self._longest_s:
            decoded_s = self._decode(packet)
            stated_s = decoded_s or min(stated_s, self._longest_s)
        self._stated_s += stated_s
        if max(self._stated_s, self._decoded_s) > self._max_s:
            raise TooLongError

    def is_surely_short(self, file_bytes: int) -> bool:
        """Returns whether all of the file cannot exceed the limit, by the bytes of samples that take equally many."""
        has_steady_rate = self.track.codec_context.name.startswith("pcm_")
        return has_steady_rate and 0 < self._decoded_s * file_bytes <= self._max_s * self._decoded_bytes

    def _decode(self, packet: Any) -> float:
        try:
            frames = packet.decode()
        except ERRORS:
            return 0.0
        if not all(_can_be_mixed(frame) for frame in frames):
            raise UnsupportedAudioError
        decoded_s = float(sum(frame.samples / frame.sample_rate for frame in frames))
        self._decoded_s += decoded_s
        self._decoded_bytes += packet.size
        self._longest_s = max(self._longest_s, decoded_s)
        return decoded_s
