"""Imports subtitle files beside silence, and compares the lines that they make with those that are right.

`expected.json` holds for each file of `subtitles/` a list of lines (start and end in seconds, text, speaker and
translation where there are any), or `{"refused": …}` with words that the refusal must hold.
"""

import io
import json
import re
import wave
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from tools.field.rows import Row

PART = "subtitles"
_RATE_HZ = 8000
_NOBODY = "Nobody named"
# The times of subtitles are exact to a frame of a film.
_TOLERANCE_S = 0.05

Line = Mapping[str, Any]
Lines = Sequence[Line]


def check(folder: Path, admin: httpx.Client) -> Iterator[Row]:
    """Yields a row for each file of `expected.json`; `admin` sends the token of an administrator."""
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8")).get("subtitles", {})
    for name, right in sorted(expected.items()):
        answer = _import(admin, (folder / "subtitles" / name).read_bytes(), _end_s(right))
        yield _compare_refusal(name, right["refused"], answer) if "refused" in right else _compare(name, right, answer)
        if answer.status_code == 201:
            admin.delete(f"/api/scripts/{answer.json()['id']}")


def _import(admin: httpx.Client, subtitles: bytes, length_s: float) -> httpx.Response:
    files = {"subtitle_file": subtitles, "media_file": silence(length_s)}
    form = {"title": "Field report", "category": "field", "actor": _NOBODY}
    return admin.post("/api/scripts/import", data=form, files=files, timeout=120)


def silence(length_s: float) -> bytes:
    """Returns a WAV file without sound."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(_RATE_HZ)
        sound.writeframes(bytes(2 * round(length_s * _RATE_HZ)))
    return file.getvalue()


def _end_s(right: Lines | Mapping[str, str]) -> float:
    return 60.0 if isinstance(right, Mapping) else max(line["end"] for line in right) + 1


def _compare_refusal(name: str, words: str, answer: httpx.Response) -> Row:
    found = "imported" if answer.status_code == 201 else _refusal(answer)
    return Row(PART, name, f"refused: {words}", found, answer.status_code == 422 and words in found)


def _refusal(answer: httpx.Response) -> str:
    problem = answer.json()
    errors = [f"{' '.join(error['loc'][2:])} {error['msg']}".strip() for error in problem.get("errors") or ()]
    return f"{answer.status_code} {problem['code']}: {'; '.join(errors)}"


def _compare(name: str, right: Lines, answer: httpx.Response) -> Row:
    if answer.status_code != 201:
        return Row(PART, name, _show(right), _refusal(answer), False)
    found = [_line(token) for token in answer.json()["tokens"]]
    is_right = len(found) == len(right) and all(map(_is_same, found, right))
    return Row(PART, name, _show(right), _show(found), is_right)


def _line(token: Mapping[str, Any]) -> Line:
    speaker = token["actor"]["name"]
    return {
        "start": token["start_time"],
        "end": token["end_time"],
        "text": token["text"],
        **({} if speaker == _NOBODY else {"speaker": speaker}),
        **({} if token["translation"] is None else {"translation": token["translation"]}),
    }


def _is_same(found: Line, right: Line) -> bool:
    """Returns whether a line is right; punctuation may differ."""
    are_near = all(abs(found[side] - right[side]) <= _TOLERANCE_S for side in ("start", "end"))
    texts = all(_words(found.get(name, "")) == _words(right.get(name, "")) for name in ("text", "translation"))
    return are_near and texts and found.get("speaker") == right.get("speaker")


def _words(text: str) -> list[str]:
    return re.findall(r"\w+(?:['’]\w+)*", text.replace("’", "'").casefold())


def _show(lines: Lines) -> str:
    shown = (
        f"{line['start']:g}-{line['end']:g}"
        + (f" {line['speaker']}:" if "speaker" in line else "")
        + f" {line['text']}"
        + (f" = {line['translation']}" if "translation" in line else "")
        for line in lines
    )
    return " | ".join(shown)
