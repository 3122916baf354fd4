"""Reads SubStation Alpha (ASS, SSA) with pysubs2.

pysubs2 ignores the line `Format:` and takes events for the default order of fields, so events are put in that order
first; and it drops all text of an event that also draws a shape.
"""

import re

from pysubs2 import SSAFile
from pysubs2.exceptions import Pysubs2Error

from media.subtitles.cues import Note, RawCue, SubtitlesUnreadable
from media.subtitles.markup import rows_of, speaker_name
from media.subtitles.times import in_order, read_time

_SECTION = re.compile(r"\s*\[(.+)\]\s*$")
_EVENT = re.compile(r"\s*(Dialogue|Comment)\s*:\s*(.*)$")
_FORMAT = re.compile(r"\s*Format\s*:\s*(.*)$", re.I)
_CODES, _SCALE = re.compile(r"(\{[^}]*\})"), re.compile(r"\\p(\d+)")
_FIELDS = ("layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text")
_SAME_FIELD = {"marked": "layer", "actor": "name"}
_HEADER = "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\n\n[Events]\n"


def is_substation(text: str) -> bool:
    """Returns whether a text has a section of events as ASS and SSA have it."""
    return re.search(r"^[ \t]*\[(?:Events|V4\+? Styles)\][ \t]*$", text, re.M | re.I) is not None


def read_substation(text: str) -> tuple[list[RawCue], list[Note]]:
    """Returns the dialogue in order of the file; raises SubtitlesUnreadable for an event that cannot be read."""
    lines, times_s = _standard_events(text)
    try:
        events = SSAFile.from_string(_HEADER + "\n".join(lines), format_="ass").events
    except (Pysubs2Error, ValueError, KeyError, IndexError, OverflowError) as error:
        raise SubtitlesUnreadable("subtitles_damaged", format="SubStation Alpha") from error
    cues, notes = list[RawCue](), list[Note]()
    for number, (event, (start_s, end_s)) in enumerate(zip(events, times_s, strict=True), 1):
        rows = rows_of(_without_drawings(event.text), speaker_name(event.name))
        if event.is_comment or (not rows and _SCALE.search(event.text)):
            notes.append(Note("event_not_dialogue", str(number), " ".join(row.text for row in rows) or None))
        else:
            cues.append(RawCue(str(number), start_s, end_s, rows))
    return cues, notes


def _standard_events(text: str) -> tuple[list[str], list[tuple[float, float]]]:
    """Returns the events with their fields in the default order, and the times of each in seconds."""
    names: tuple[str, ...] = _FIELDS
    lines, times_s, is_inside = list[str](), list[tuple[float, float]](), False
    for line in text.split("\n"):
        if section := _SECTION.match(line):
            is_inside = section[1].strip().lower() == "events"
        elif is_inside and (named := _FORMAT.match(line)):
            given = [name.strip().lower() for name in named[1].split(",")]
            names = tuple(_SAME_FIELD.get(name, name) for name in given)
        elif is_inside and (event := _EVENT.match(line)):
            fields = _fields(names, event[2], str(len(lines) + 1))
            times_s.append(_times(fields, str(len(lines) + 1), is_comment=event[1] == "Comment"))
            lines.append(f"{event[1]}: " + ",".join(_field(fields, name) for name in _FIELDS))
    return lines, times_s


def _fields(names: tuple[str, ...], event: str, number: str) -> dict[str, str]:
    values = event.split(",", len(names) - 1)
    if len(values) != len(names) or not {"start", "end", "text"} <= set(names):
        raise SubtitlesUnreadable("cue_fields_missing", number, count=len(values))
    return dict(zip(names, values, strict=True))


def _times(fields: dict[str, str], number: str, *, is_comment: bool) -> tuple[float, float]:
    if is_comment:
        return 0.0, 0.0
    return in_order(read_time(fields["start"], number), read_time(fields["end"], number), number)


def _field(fields: dict[str, str], name: str) -> str:
    """Returns a field of an event; those that are not read here have their default."""
    if name in ("name", "text"):
        return fields.get(name, "")
    return {"start": "0:00:00.00", "end": "0:00:00.00", "style": "Default", "effect": ""}.get(name, "0")


def _without_drawings(text: str) -> str:
    """Returns the text of an event without style codes, and without the shapes between `{\\p1}` and `{\\p0}`."""
    parts, is_drawing = list[str](), False
    for part in _CODES.split(text):
        if not part.startswith("{"):
            parts += [] if is_drawing else [part]
        elif scales := _SCALE.findall(part):
            is_drawing = scales[-1] != "0"
    return "".join(parts)
