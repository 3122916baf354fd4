"""Subtitle files in every format, written as strangers write them."""

from collections.abc import Sequence
from dataclasses import dataclass

# Start and end in seconds, and the text of a cue with its rows.
Timed = tuple[float, float, str]


def stamp(seconds: float, point: str = ",", *, with_hours: bool = True) -> str:
    """Returns a time as SRT or WebVTT writes it."""
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
    rest = f"{milliseconds // 1000:02}{point}{milliseconds % 1000:03}"
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest}" if with_hours else f"{minutes:02}:{rest}"


def at_seconds(*texts: str, step_s: float = 3.0, length_s: float = 2.0) -> list[Timed]:
    """Returns cues at regular times: the first at `step_s`."""
    return [(number * step_s, number * step_s + length_s, text) for number, text in enumerate(texts, 1)]


def subrip(cues: Sequence[Timed], first_number: int = 1) -> str:
    return "\n".join(
        f"{number}\n{stamp(start)} --> {stamp(end)}\n{text}\n"
        for number, (start, end, text) in enumerate(cues, first_number)
    )


def web_vtt(cues: Sequence[Timed], *, header: str = "", settings: str = "", ids: Sequence[str] = ()) -> str:
    names = [f"{name}\n" for name in ids] or [""] * len(cues)
    blocks = [
        f"{name}{_short(start)} --> {_short(end)}{settings}\n{text}\n"
        for name, (start, end, text) in zip(names, cues, strict=True)
    ]
    return "\n".join([f"WEBVTT{header}\n", *blocks])


def _short(seconds: float) -> str:
    return stamp(seconds, ".", with_hours=seconds >= 3600)


@dataclass(frozen=True)
class Event:
    """A line of dialogue in ASS."""

    start_s: float
    end_s: float
    text: str
    name: str = ""
    layer: int = 0
    kind: str = "Dialogue"


ASS_FIELDS = ("Layer", "Start", "End", "Style", "Name", "MarginL", "MarginR", "MarginV", "Effect", "Text")


def substation(events: Sequence[Event], fields: Sequence[str] = ASS_FIELDS) -> str:
    """Returns an ASS file; `fields` is the order of its Format line, the text last."""
    lines = [
        "[Script Info]",
        "ScriptType: v4.00+",
        "",
        "[V4+ Styles]",
        "Format: Name, Fontname, Fontsize",
        "Style: Default,Arial,20",
        "",
        "[Events]",
        f"Format: {', '.join(fields)}",
    ]
    for event in events:
        values = {
            "Layer": str(event.layer),
            "Start": stamp(event.start_s, ".")[1:-1],
            "End": stamp(event.end_s, ".")[1:-1],
            "Style": "Default",
            "Name": event.name,
            "Effect": "",
            "Text": event.text.replace("\n", "\\N"),
        }
        lines.append(f"{event.kind}: " + ",".join(values.get(field, "0") for field in fields))
    return "\n".join(lines) + "\n"
