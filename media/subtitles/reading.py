"""Reads the lines of a scene from a file of subtitles, with notes about everything skipped, changed or guessed."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from media.subtitles.cues import Cue, Note, RawCue, Subtitles, SubtitlesUnreadable
from media.subtitles.encodings import decode
from media.subtitles.languages import MainLanguage
from media.subtitles.rolling import FLASH_S, merge
from media.subtitles.sounds import has_music
from media.subtitles.speakers import Speakers
from media.subtitles.subrip import read_subrip
from media.subtitles.substation import is_substation, read_substation
from media.subtitles.times import is_timing
from media.subtitles.turns import Turn, TurnReader, has_words, marked_rows
from media.subtitles.web_vtt import is_web_vtt, read_web_vtt

FORMATS = {"srt": "SubRip (SRT)", "vtt": "WebVTT", "ass": "SubStation Alpha (ASS, SSA)"}
MAX_BYTES = 2 * 1024 * 1024
MAX_CUES = 500
MAX_CUE_S = 60.0
MAX_TEXT = 2000
MAX_NAME = 200
# A cue in another language belongs to the one that it shares at least this part of its time with.
_SHARED = 0.5


def read_subtitles(data: bytes, language: str = "en-US") -> Subtitles:
    """Returns the lines in order of time; `language` is that of the lines. Raises SubtitlesUnreadable."""
    if len(data) > MAX_BYTES:
        raise SubtitlesUnreadable("subtitles_too_large", max_mib=MAX_BYTES >> 20)
    text, encoding = decode(data)
    raw, notes = _read_format(text)
    if encoding:
        notes.insert(0, Note("encoding_guessed", None, encoding))
    merged, merge_notes = merge(_with_words(raw, notes))
    notes += merge_notes
    cues = _read_lines(_long_enough(merged, notes), language, notes)
    if not cues:
        raise SubtitlesUnreadable("subtitles_without_line")
    if len(cues) > MAX_CUES:
        raise SubtitlesUnreadable("subtitles_too_many_lines", max_lines=MAX_CUES)
    for cue in cues:
        _check(cue)
    return Subtitles(cues, notes)


def _read_format(text: str) -> tuple[list[RawCue], list[Note]]:
    if is_web_vtt(text):
        return read_web_vtt(text)
    if is_substation(text):
        return read_substation(text)
    if any(is_timing(row) for row in text.split("\n")):
        return read_subrip(text)
    raise SubtitlesUnreadable("subtitles_unknown_format", formats=", ".join(FORMATS.values()))


def _with_words(cues: Iterable[RawCue], notes: list[Note]) -> list[RawCue]:
    kept = []
    for cue in cues:
        if sum(len(row.text) for row in cue.rows) > 2 * MAX_TEXT:
            raise SubtitlesUnreadable("cue_text_too_long", cue.number, max_characters=MAX_TEXT)
        if cue.rows:
            kept.append(cue)
        else:
            notes.append(Note("cue_empty", cue.number))
    return kept


def _long_enough(cues: Iterable[RawCue], notes: list[Note]) -> list[RawCue]:
    kept = []
    for cue in cues:
        if cue.end_s - cue.start_s >= FLASH_S - 0.001:
            kept.append(cue)
        else:
            notes.append(Note("cue_too_short", cue.number, _text(cue)))
    return kept


def _read_lines(raw: list[RawCue], tag: str, notes: list[Note]) -> list[Cue]:
    rows = list(marked_rows(raw))
    language = MainLanguage(tag, rows)
    speakers = Speakers(rows, (row.voice for cue in raw for row in cue.rows if row.voice))
    reader = TurnReader(speakers, language, notes)
    cues, others = list[Cue](), list[Cue]()
    for cue in raw:
        own, foreign = reader.read(cue)
        if not own and not foreign:
            is_sound = has_words(_text(cue)) or has_music(_text(cue))
            notes.append(Note("sounds_only" if is_sound else "nothing_to_say", cue.number, _text(cue)))
        lines = _pair(cue, own, foreign, language, notes)
        if len(lines) > 1:
            notes.append(Note("speakers_split", cue.number))
        (cues if own else others).extend(lines)
    notes += [Note("speaker_guessed", None, name) for name in sorted(speakers.guessed)]
    lines = _one_spelling(_translate(cues, others, language, notes))
    notes += [Note("cues_overlap", line.number) for line in _overlapping(lines)]
    return lines


def _overlapping(lines: list[Cue]) -> Iterator[Cue]:
    """Yields the lines that start before an earlier one of another cue ends."""
    latest_s, cue = 0.0, None
    for line in lines:
        same_cue, cue = cue, (line.start_s, line.end_s, line.number)
        if line.start_s < latest_s and cue != same_cue:
            yield line
        latest_s = max(latest_s, line.end_s)


def _pair(cue: RawCue, own: list[Turn], foreign: list[Turn], language: MainLanguage, notes: list[Note]) -> list[Cue]:
    """Returns the lines of a cue: each with the turn that translates it, or the first with all of them."""
    turns = own or foreign
    lines = [Cue(turn.text, turn.actor, cue.start_s, cue.end_s, number=cue.number) for turn in turns]
    if not own or not foreign:
        return lines
    if len(own) != len(foreign):
        foreign = [Turn(None, [turn.text for turn in foreign])]
    for place, turn in enumerate(foreign):
        tag = language.foreign(turn.text)
        if tag:
            lines[place] = replace(lines[place], translations={tag: turn.text})
            notes.append(Note("translation_guessed", cue.number, turn.text))
    return lines


def _translate(cues: list[Cue], others: list[Cue], language: MainLanguage, notes: list[Note]) -> list[Cue]:
    """Adds cues in another language to the lines at the same time. Of the rest, words in Latin letters are lines, as
    people mix them into other languages, and others are skipped.
    """
    lines = list(cues)
    for other in others:
        tag = language.foreign(other.text) or ""
        place = max(range(len(cues)), key=lambda at: _shared_s(cues[at], other), default=None)
        if place is None or _shared_s(cues[place], other) < _SHARED * (other.end_s - other.start_s):
            if tag == "en":
                lines.append(other)
            else:
                notes.append(Note("other_language", other.number, other.text))
            continue
        before = lines[place].translations.get(tag)
        texts = lines[place].translations | {tag: f"{before} {other.text}" if before else other.text}
        lines[place] = replace(lines[place], translations=texts)
        notes.append(Note("translation_guessed", other.number, other.text))
    return sorted(lines, key=lambda line: line.start_s)


def _shared_s(line: Cue, other: Cue) -> float:
    return min(line.end_s, other.end_s) - max(line.start_s, other.start_s)


def _one_spelling(cues: list[Cue]) -> list[Cue]:
    """Returns the lines with each actor's name as it is written first."""
    names: dict[str, str] = {}
    return [
        replace(cue, actor=names.setdefault(cue.actor.casefold(), cue.actor[:MAX_NAME])) if cue.actor else cue
        for cue in cues
    ]


def _check(cue: Cue) -> None:
    length_s = cue.end_s - cue.start_s
    if length_s > MAX_CUE_S:
        raise SubtitlesUnreadable("cue_too_long", cue.number, seconds=f"{length_s:g}", max_s=f"{MAX_CUE_S:g}")
    if len(cue.text) > MAX_TEXT or any(len(text) > MAX_TEXT for text in cue.translations.values()):
        raise SubtitlesUnreadable("cue_text_too_long", cue.number, max_characters=MAX_TEXT)


def _text(cue: RawCue) -> str:
    return " ".join(row.text for row in cue.rows)
