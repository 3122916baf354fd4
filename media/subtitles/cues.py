"""The data that the readers of subtitles hand on, the notes for a curator, and the error that refuses a file."""

from dataclasses import dataclass, field, replace
from typing import Literal

NoteCode = Literal[
    "encoding_guessed",
    "text_outside_cues",
    "event_not_dialogue",
    "cue_empty",
    "cue_too_short",
    "cue_repeated",
    "cue_rolled_up",
    "cue_extended",
    "ends_shortened",
    "cues_overlap",
    "sounds_only",
    "sounds_removed",
    "nothing_to_say",
    "speakers_split",
    "speaker_guessed",
    "translation_guessed",
    "other_language",
    "track_guessed",
    "sound_silent",
]


@dataclass(frozen=True, slots=True)
class Note:
    """A part of a scene that was skipped, changed, guessed or is doubtful; `cue` as the file of subtitles counts,
    `text` what it is about.
    """

    code: NoteCode
    cue: str | None = None
    text: str | None = None


RefusalCode = Literal[
    "subtitles_too_large",
    "subtitles_without_line",
    "subtitles_too_many_lines",
    "subtitles_unknown_format",
    "subtitles_damaged",
    "subtitles_zero_bytes",
    "subtitles_encoding_damaged",
    "subtitles_encoding_unknown",
    "cue_text_too_long",
    "cue_too_long",
    "cue_time_unreadable",
    "cue_time_negative",
    "cue_time_too_late",
    "cue_ends_before_start",
    "cue_fields_missing",
    "cue_after_sound",
]


class SubtitlesUnreadable(ValueError):
    """The reason why subtitles cannot be used, as the code of a text and the `facts` that the text names.

    `cue` is the number in the file, None when the whole file is meant.
    """

    def __init__(self, code: RefusalCode, cue: str | None = None, **facts: object) -> None:
        super().__init__(f"{code} {facts}")
        self.code = code
        self.cue = cue
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Row:
    """One row of text on the screen; `voice` is the speaker that the format itself names."""

    text: str
    voice: str | None = None


@dataclass(frozen=True, slots=True)
class RawCue:
    """A cue as the file has it, without markup; times in seconds, `number` as the file counts."""

    number: str
    start_s: float
    end_s: float
    rows: tuple[Row, ...]

    def with_rows(self, rows: tuple[Row, ...]) -> "RawCue":
        """Returns a copy with other rows."""
        return replace(self, rows=rows)


@dataclass(frozen=True, slots=True)
class Cue:
    """One line of dialogue; `actor` is None where no speaker is named, `translations` is `{tag: text}`.

    Times in seconds; `number` is that of its cue in the file.
    """

    text: str
    actor: str | None
    start_s: float
    end_s: float
    translations: dict[str, str] = field(default_factory=dict)
    number: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Subtitles:
    """The lines of a file in order of time, and the notes for the curator."""

    cues: list[Cue]
    notes: list[Note]
