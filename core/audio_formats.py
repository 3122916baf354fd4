"""The table of audio formats that YouSync accepts. The first bytes of a file decide; names and headers are ignored."""

from collections.abc import Callable
from dataclasses import dataclass

from common.audio import mpeg, riff

HEAD_BYTES = 16


@dataclass(frozen=True, slots=True)
class AudioType:
    """The extension and content type under which the object store keeps a recording."""

    extension: str
    content_type: str


@dataclass(frozen=True, slots=True)
class AudioFormat:
    """One row of AUDIO_FORMATS: a container with its codecs, as FFmpeg names them, and its names for people."""

    type: AudioType
    name: str
    name_with_codec: str
    codecs: tuple[str, ...]
    matches: Callable[[bytes], bool]


def _is_wav(head: bytes) -> bool:
    return head[:4] in riff.MAGICS and head[8:12] == b"WAVE"


def _is_mp3(head: bytes) -> bool:
    """An ID3 tag, or the sync word of an MPEG audio frame of layer I, II or III."""
    return head[:3] == b"ID3" or (head[:1] == b"\xff" and bool(head[1:2]) and head[1] & 0xE6 in (0xE2, 0xE4, 0xE6))


def _is_adts(head: bytes) -> bool:
    """The sync word of AAC without a container: twelve 1 bits, then layer 0."""
    return head[:1] == b"\xff" and bool(head[1:2]) and head[1] & 0xF6 == 0xF0


def _is_caf(head: bytes) -> bool:
    return head[:4] == b"caff"


def _is_aiff(head: bytes) -> bool:
    return head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC")


# A codec is accepted in every container. `pcm_` stands for all uncompressed codecs whose name begins so.
AUDIO_FORMATS = (
    AudioFormat(
        AudioType("wav", "audio/wav"), "WAV", "WAV", ("pcm_", "adpcm_ima_wav", "adpcm_ms", "adpcm_ima_qt"), _is_wav
    ),
    AudioFormat(AudioType("mp3", "audio/mpeg"), "MP3", "MP3", ("mp3", "mp3float"), _is_mp3),
    AudioFormat(
        AudioType("m4a", "audio/mp4"), "M4A/AAC", "M4A/AAC", ("aac", "alac"), lambda head: head[4:8] == b"ftyp"
    ),
    AudioFormat(AudioType("aac", "audio/aac"), "M4A/AAC", "M4A/AAC", ("aac",), _is_adts),
    AudioFormat(
        AudioType("webm", "audio/webm"),
        "WebM",
        "WebM/Opus",
        ("opus", "libopus", "vorbis", "libvorbis"),
        lambda head: head[:4] == b"\x1a\x45\xdf\xa3",
    ),
    AudioFormat(
        AudioType("ogg", "audio/ogg"),
        "Ogg",
        "Ogg/Opus",
        ("opus", "libopus", "vorbis", "libvorbis"),
        lambda head: head[:4] == b"OggS",
    ),
    AudioFormat(AudioType("flac", "audio/flac"), "FLAC", "FLAC", ("flac",), lambda head: head[:4] == b"fLaC"),
    AudioFormat(
        AudioType("amr", "audio/amr"), "AMR/3GP", "AMR/3GP", ("amrnb", "amrwb"), lambda head: head[:5] == b"#!AMR"
    ),
    AudioFormat(AudioType("caf", "audio/x-caf"), "CAF", "CAF", ("pcm_", "aac", "alac", "opus"), _is_caf),
    AudioFormat(AudioType("aiff", "audio/aiff"), "AIFF", "AIFF", ("pcm_",), _is_aiff),
)
CODECS = tuple(dict.fromkeys(codec for one in AUDIO_FORMATS for codec in one.codecs))


def sniff(head: bytes) -> AudioType | None:
    """Returns the type that the first HEAD_BYTES of a file announce; None for a format that is not accepted."""
    return next((one.type for one in AUDIO_FORMATS if one.matches(head)), None)


def find_behind_junk(start: bytes) -> AudioType | None:
    """Returns the type of MP3 or AAC frames behind the rest of a frame, or behind padding, in the start of a file."""
    found = mpeg.find_frames(start)
    return next((one.type for one in AUDIO_FORMATS if found and one.type.extension == found.kind), None)


def format_names(*, with_codecs: bool = False) -> list[str]:
    """Returns the names of the formats for people, as error texts and the description of the API list them."""
    return list(dict.fromkeys(one.name_with_codec if with_codecs else one.name for one in AUDIO_FORMATS))
