"""A folder of subtitle files with `expected.json`, as `make field` takes them: one file of each kind."""

import json
from pathlib import Path
from typing import Any

from tests.support.subtitle_files import Event, at_seconds, subrip, substation, web_vtt


def _lines(*lines: dict[str, str], step_s: float = 3.0, length_s: float = 2.0) -> list[dict[str, Any]]:
    """Returns lines at the times of `at_seconds`."""
    return [{"start": at * step_s, "end": at * step_s + length_s, **line} for at, line in enumerate(lines, 1)]


def _said(*texts: str) -> list[dict[str, Any]]:
    return _lines(*({"text": text} for text in texts))


_ROLLED = [(1, 3, "keep the door open"), (3, 5, "keep the door open\nand wait for me")]
_FILES: dict[str, tuple[str | bytes, Any]] = {
    "windows_1252.srt": (subrip(at_seconds("I’m fine. Don’t go.")).encode("cp1252"), _said("I’m fine. Don’t go.")),
    "shift_jis.srt": (subrip(at_seconds("Hello, 猫だよ")).encode("shift_jis"), {"refused": "encoding"}),
    "player.vtt": (
        web_vtt(at_seconds("keep<00:01.500><c> the</c> door", "Fine."), header="\nKind: captions", ids=["a-1", "b-2"]),
        _said("keep the door", "Fine."),
    ),
    "digits.srt": (
        subrip(at_seconds("The code is\n70412", "Your number?\n911")),
        _said("The code is 70412", "Your number? 911"),
    ),
    "speakers.srt": (
        subrip(at_seconds("GRACE: You're late.", "MAN #1: Stop!", "[LEO] Psalm 23: The Lord is my shepherd.")),
        _lines(
            {"text": "You're late.", "speaker": "GRACE"},
            {"text": "Stop!", "speaker": "MAN #1"},
            {"text": "Psalm 23: The Lord is my shepherd.", "speaker": "LEO"},
        ),
    ),
    "voices.vtt": (
        web_vtt([(1, 3, "<v Fred>Hi there.</v>\n<v 철수>Hello you.</v>")]),
        [
            {"start": 1, "end": 3, "text": "Hi there.", "speaker": "Fred"},
            {"start": 1, "end": 3, "text": "Hello you.", "speaker": "철수"},
        ],
    ),
    "layers.ass": (
        substation([Event(1, 3, "{\\i1}You're{\\i0} late.", "Grace"), Event(1, 3, "You're late.", "Grace", layer=1)]),
        [{"start": 1, "end": 3, "text": "You're late.", "speaker": "Grace"}],
    ),
    "sounds.srt": (subrip(at_seconds("[sighs] I don't know.", "[door slams]")), _said("I don't know.")),
    "music.srt": (subrip(at_seconds("♪ ♪", "♪♪")), {"refused": "no line"}),
    "bilingual.srt": (
        subrip(at_seconds("I missed you.\n보고 싶었어.")),
        _lines({"text": "I missed you.", "translation": "보고 싶었어."}),
    ),
    "rolling.srt": (
        subrip(_ROLLED),
        [
            {"start": 1, "end": 3, "text": "keep the door open"},
            {"start": 3, "end": 5, "text": "and wait for me"},
        ],
    ),
    "times.srt": (
        "1\n00:00:02 --> 00:00:04\nThe soup is cold.\n",
        [{"start": 2, "end": 4, "text": "The soup is cold."}],
    ),
    "negative.srt": ("1\n-00:00:01,000 --> 00:00:03,000\nNo.\n", {"refused": "cue 1"}),
    "broken.srt": (subrip(at_seconds("One.", "Two.")).replace("00:00:08", "00:00:0x"), {"refused": "cue 2"}),
}


def write_subtitles(folder: Path) -> dict[str, Any]:
    """Writes the files below folder/subtitles and returns their part of `expected.json`."""
    (folder / "subtitles").mkdir(parents=True)
    for name, (content, _) in _FILES.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / "subtitles" / name).write_bytes(data)
    return {name: right for name, (_, right) in _FILES.items()}


def write_folder(folder: Path) -> Path:
    """Writes a folder that holds subtitles only, and returns it."""
    expected = {"subtitles": write_subtitles(folder)}
    (folder / "expected.json").write_text(json.dumps(expected, ensure_ascii=False), encoding="utf-8")
    return folder
