"""The audio tracks of a file, decoded into FFmpeg's frames. Needs PyAV and no numpy."""

from collections.abc import Iterator
from typing import Any, Final

import av
from av.error import FFmpegError

from common.audio.errors import AudioEmptyError, UndecodableAudioError
from common.audio.views import FileView

# What browsers, phones, Macs and recorders write. Anything else (playlists, network streams, images) is refused before
# it is opened, and no demuxer may open a second file or address.
RECORDINGS: Final = "aac,aiff,amr,caf,flac,matroska,mov,mp3,ogg,w64,wav,webm"
MEDIA: Final = f"{RECORDINGS},ac3,asf,avi,dts,eac3,flv,mpeg,mpegts,mpegtsraw,mxf"
ERRORS: Final = (FFmpegError, ValueError, OverflowError, EOFError)

# The header of a WAV file says all; FFmpeg would look through most of its samples for more.
_WAV_PROBE: Final = {"probesize": "4096"}
# A complete file may end this much before its header says: encoders pad, and count their delay differently.
_TOLERANCE_S: Final = 0.25
_IMPLAUSIBLE_S: Final = 3600.0
# Formats whose tracks state their length; that of the others is estimated by FFmpeg.
_EXACT: Final = ("mov", "flac", "aiff", "caf")
# Codecs whose last packet may be followed by something else: tags, padding.
_TAGGED: Final = ("mp3", "mp3float")


def open_part(part: FileView, formats: str, *, is_wav: bool = False) -> Any:
    """Opens one part of a file; tags that cannot be decoded are ignored.

    Raises UndecodableAudioError; AudioEmptyError where the part ends before a sound.
    """
    options = {"format_whitelist": formats, "protocol_whitelist": "", **(_WAV_PROBE if is_wav else {})}
    try:
        return av.open(part.reopened(), mode="r", options=options, metadata_errors="ignore")
    except EOFError as error:
        raise AudioEmptyError from error
    except ERRORS as error:
        raise UndecodableAudioError from error


def tracks_of(container: Any) -> list[Any]:
    """Returns the audio tracks that FFmpeg has a decoder for, in the order of the file."""
    return [stream for stream in container.streams.audio if stream.codec_context is not None]


class TrackDecoder:
    """Decodes one track of an open part. What it counts is complete after the last frame.

    `mp3_length_s` is that of the Layout. `packets` counts those of the track, `is_broken` says that the last one could
    not be read; `track_end_s` and, over all tracks,
    `file_end_s`, on the clock of the file.
    """

    def __init__(self, container: Any, track: Any, *, mp3_length_s: float | None = None) -> None:
        self._container = container
        self._track = track
        self._mp3_length_s = mp3_length_s
        self.packets = 0
        self.is_broken = False
        self.track_end_s = 0.0
        self.file_end_s = 0.0
        track.codec_context.thread_count = 1

    def frames(self) -> Iterator[Any]:
        """Yields the frames; packets that cannot be decoded are left out."""
        try:
            for packet in self._container.demux():
                self._count(packet)
                if packet.stream_index == self._track.index:
                    yield from self._decode(packet)
        except ERRORS:
            self.is_broken = True

    @property
    def ends_early(self) -> bool:
        """True where sound is missing at the end: the last packet is damaged, or the header states more.

        The header of WAV is not asked: FFmpeg passes over it (see Layout.is_cut).
        """
        if self._container.format.name == "wav":
            return False
        stated_s, end_s = self._stated_end_s(), self.track_end_s
        if "matroska" in self._container.format.name:
            end_s = self.file_end_s
        return self.is_broken or (stated_s - end_s > _TOLERANCE_S and stated_s < _IMPLAUSIBLE_S)

    def _stated_end_s(self) -> float:
        """Returns where the track, or the file, ends by its header; 0 where that says nothing."""
        name = self._container.format.name
        if "matroska" in name:
            return float((self._container.duration or 0) / av.time_base)
        if name == "mp3":
            return self._mp3_length_s or 0.0
        if any(one in name for one in _EXACT):
            return float(((self._track.start_time or 0) + (self._track.duration or 0)) * self._track.time_base)
        return 0.0

    def _count(self, packet: Any) -> None:
        is_own = packet.stream_index == self._track.index
        if is_own and packet.size:
            self.packets += 1
        if packet.pts is not None:
            end_s = float((packet.pts + (packet.duration or 0)) * packet.time_base)
            self.file_end_s = max(self.file_end_s, end_s)
            self.track_end_s = max(self.track_end_s, end_s if is_own else 0.0)

    def _decode(self, packet: Any) -> list[Any]:
        try:
            frames: list[Any] = packet.decode()
        except ERRORS:
            if packet.size:
                self.is_broken = self._track.codec_context.name not in _TAGGED
            return []
        if packet.size:
            self.is_broken = bool(packet.is_corrupt)
        return frames
