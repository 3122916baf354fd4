"""The lines that the benchmark analyzes: human recordings of about 3, 5, 7 and 11 seconds."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from analysis.contract import MAX_TEXT_LENGTH
from analysis.engine import decode
from analysis.engine.audio import SAMPLE_RATE, Audio
from analysis.settings import MAX_AUDIO_S

_SPEECH: Final = Path(__file__).parent.parent / "tests" / "data" / "speech"
_TEXTS: Final = {
    "austen-0880.flac": "He was not an ill disposed young man",
    "austen-0890.flac": "Unless to be rather cold hearted and rather selfish is to be ill disposed",
    "austen-0870.flac": "And Mister John Dashwood had then leisure to consider how much there might be prudently in his"
    " power to do for them",
    "jfk.flac": "And so my fellow Americans ask not what your country can do for you ask what you can do for your"
    " country",
}


@dataclass(frozen=True)
class Line:
    """A recording as it is uploaded, its samples, and its text."""

    content: bytes
    samples: Audio
    text: str

    @property
    def seconds(self) -> float:
        """The length of the recording."""
        return len(self.samples) / SAMPLE_RATE


def read_lines() -> list[Line]:
    """Returns the lines by length, shortest first."""
    lines = []
    for name, text in _TEXTS.items():
        content = (_SPEECH / name).read_bytes()
        lines.append(Line(content, decode.decode(io.BytesIO(content), MAX_AUDIO_S), text))
    return sorted(lines, key=lambda line: line.seconds)


def longest_line(line: Line) -> Line:
    """Returns the longest recording and text that are accepted: copies of one line with pauses between them."""
    copies = (MAX_TEXT_LENGTH + 1) // (len(line.text) + 1)
    pause = np.zeros(int(MAX_AUDIO_S) * SAMPLE_RATE // copies - len(line.samples), dtype=np.float32)
    return Line(b"", np.tile(np.concatenate([line.samples, pause]), copies), " ".join([line.text] * copies))
