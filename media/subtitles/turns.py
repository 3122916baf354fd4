"""The turns of a cue: the words of each speaker, without marks, labels and sounds, beside their translation."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from media.subtitles.cues import Note, RawCue, Row
from media.subtitles.languages import MainLanguage
from media.subtitles.sounds import is_open, is_sound, without_leftovers, without_sounds
from media.subtitles.speakers import Speakers

_CHEVRONS = re.compile(r"(?:^|\s+)>{2,3}\s*")
_DASH = re.compile(r"\s*(?:-(?!-|\d)|[–—‐‑―•](?=\s)|[–‐―](?=\w))\s*")
_NEXT_DASH = re.compile(r"(?<=[.!?…\"”'’♪\])])\s+(?=[-–—‐]\s*[^\W\d_a-z]|[-–—‐]\s*[\"“'‘¿¡\[(♪])")


@dataclass(slots=True)
class Turn:
    """The words of one speaker in a cue."""

    actor: str | None
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words as one line."""
        return " ".join(piece for piece in self.pieces if piece)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a row: `is_start` says that a mark, a label or a voice begins a turn here."""

    text: str
    actor: str | None
    is_start: bool


class TurnReader:
    """Reads the turns of cues; keeps what it found as notes."""

    def __init__(self, speakers: Speakers, language: MainLanguage, notes: list[Note]) -> None:
        self._speakers, self._language, self._notes = speakers, language, notes

    def read(self, cue: RawCue) -> tuple[list[Turn], list[Turn]]:
        """Returns the turns in the language of the lines, and those in others; turns without words are left out."""
        removed: list[str] = []
        own, foreign = list[Turn](), list[Turn]()
        for piece in self._pieces(cue.rows, removed):
            for part in self._language.parts(piece.text):
                turns = foreign if self._language.foreign(part) else own
                if piece.is_start or not turns:
                    turns.append(Turn(piece.actor))
                turns[-1].pieces.append(part)
        own, foreign = ([turn for turn in turns if has_words(turn.text)] for turns in (own, foreign))
        if removed and (own or foreign):
            self._notes.append(Note("sounds_removed", cue.number, " ".join(removed)))
        return own, foreign

    def _pieces(self, rows: Iterable[Row], removed: list[str]) -> Iterator[Piece]:
        voice: str | None = None
        for count, row in enumerate(join_open(rows)):
            has_new_voice = count == 0 or row.voice != voice
            voice = row.voice
            for part in self._parts(row.text):
                piece = self._piece(part, voice, removed)
                yield Piece(piece.text, piece.actor, piece.is_start or has_new_voice)
                has_new_voice = False

    def _parts(self, text: str) -> Iterator[str]:
        """Yields the parts of a row that begin with `>>`, with a further dash or with a name."""
        marks = [match.start() for match in _CHEVRONS.finditer(text)]
        for start, end in zip([0, *marks], [*marks, len(text)], strict=True):
            chunk = text[start:end].strip()
            dashed = _NEXT_DASH.split(chunk) if _DASH.match(chunk) else [chunk]
            for part in dashed:
                if part:
                    yield from self._speakers.split(part)

    def _piece(self, text: str, voice: str | None, removed: list[str]) -> Piece:
        bare = _CHEVRONS.sub("", text, count=1) if _CHEVRONS.match(text) else text
        bare = _DASH.sub("", bare, count=1) if _DASH.match(bare) else bare
        is_start = bare != text
        label = self._speakers.label(bare)
        if label is None and (lead := re.match(r"[\[(（［][^\[\]()]*[\])）］]\s*(?=\S)", bare)) and is_sound(lead[0]):
            label = self._speakers.label(bare[lead.end() :])
            if label:
                removed.append(lead[0].strip())
                bare = bare[lead.end() :]
        words, sounds = without_sounds(bare[label.length :] if label else bare)
        removed.extend(sounds)
        words = without_leftovers(words) if label else words
        return Piece(words, voice or (label.name if label else None), is_start or label is not None)


def join_open(rows: Iterable[Row]) -> list[Row]:
    """Returns the rows with those joined that a bracket spans."""
    joined: list[Row] = []
    for row in rows:
        if joined and is_open(joined[-1].text) and re.search(r"[\])）］】]", row.text):
            joined[-1] = Row(f"{joined[-1].text} {row.text}", joined[-1].voice)
        else:
            joined.append(row)
    return joined


def marked_rows(cues: Iterable[RawCue]) -> Iterator[str]:
    """Yields the rows of cues without marks of turns, as names stand in them."""
    for cue in cues:
        for row in join_open(cue.rows):
            for part in _CHEVRONS.split(row.text):
                bare = _DASH.sub("", part, count=1) if _DASH.match(part) else part
                if bare:
                    yield bare


def has_words(text: str) -> bool:
    """Returns whether a line has anything to pronounce."""
    return any(map(str.isalnum, text))
