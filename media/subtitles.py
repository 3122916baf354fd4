"""Reads the lines of a scene from a file of subtitles."""

import re
from dataclasses import dataclass

from pysubs2 import SSAFile
from pysubs2.exceptions import Pysubs2Error

MAX_CUES = 500
MAX_CUE_S = 60.0
MIN_CUE_S = 0.2
MAX_TEXT = 2000

# pysubs2's names of the formats, and those for people.
FORMATS = {"srt": "SubRip (SRT)", "vtt": "WebVTT"}
_OTHER_FORMAT = f"neither {' nor '.join(FORMATS.values())}"
# WebVTT names a speaker in a tag; other files before a colon: "GRACE: You're late."
_VOICE = re.compile(r"<v(?:\.[^\s>]+)?\s+([^>]{1,200})>")
_SPEAKER = re.compile(r"^-?\s*([A-Z][\w.'’ -]{0,60}?):\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Cue:
    """One line of dialogue: text, speaker, start and end in seconds. `actor` is None where no speaker is named."""

    text: str
    actor: str | None
    start_s: float
    end_s: float


class SubtitlesUnreadable(ValueError):
    """The reason why subtitles cannot be used; `cue` counts from 1, None when the whole file is meant."""

    def __init__(self, why: str, cue: int | None = None) -> None:
        super().__init__(why)
        self.cue = cue


def read_subtitles(data: bytes) -> list[Cue]:
    """Returns the lines in order of time. Raises SubtitlesUnreadable."""
    try:
        subtitles = SSAFile.from_string(_VOICE.sub(r"\1: ", _decode(data)))
    except (Pysubs2Error, ValueError, KeyError, IndexError, OverflowError) as error:
        raise SubtitlesUnreadable(_OTHER_FORMAT) from error
    if subtitles.format not in FORMATS:
        raise SubtitlesUnreadable(_OTHER_FORMAT)
    cues = [cue for event in sorted(subtitles) if (cue := _cue(event.plaintext, event.start, event.end))]
    if not cues:
        raise SubtitlesUnreadable("no line in it")
    if len(cues) > MAX_CUES:
        raise SubtitlesUnreadable(f"more than {MAX_CUES} lines: import a scene, not a film")
    for number, cue in enumerate(cues, 1):
        _check(cue, number)
    return cues


def _decode(data: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp949"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise SubtitlesUnreadable("neither UTF-8, UTF-16 nor CP949 text")


def _cue(text: str, start_ms: int, end_ms: int) -> Cue | None:
    words = " ".join(text.split())
    speaker = _SPEAKER.match(words)
    if speaker:
        words = words[speaker.end() :]
    if not words:
        return None
    return Cue(words, speaker.group(1).strip() if speaker else None, start_ms / 1000, end_ms / 1000)


def _check(cue: Cue, number: int) -> None:
    length_s = cue.end_s - cue.start_s
    if length_s < MIN_CUE_S:
        raise SubtitlesUnreadable(f"lasts {length_s:g} s, less than {MIN_CUE_S:g} s", number)
    if length_s > MAX_CUE_S:
        raise SubtitlesUnreadable(f"lasts {length_s:g} s, more than {MAX_CUE_S:g} s", number)
    if len(cue.text) > MAX_TEXT:
        raise SubtitlesUnreadable(f"longer than {MAX_TEXT} characters", number)
