"""The lines that are measured: real recordings of about 3, 5, 7 and 11 seconds."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from analysis.engine import decode
from analysis.engine.recording_quality import SAMPLE_RATE, Audio

_SPEECH: Final = Path(__file__).parent.parent / "tests" / "data" / "speech"
_TEXTS: Final = {
    "austen-0880.flac": "He was not an ill disposed young man",
    "austen-0890.flac": "Unless to be rather cold hearted and rather selfish is to be ill disposed",
    "austen-0870.flac": "And Mister John Dashwood had then leisure to consider how much there might be prudently in his"
    " power to do for them",
    "jfk.flac": "And so my fellow Americans ask not what your country can do for you ask what you can do for your"
    " country",
}
_LONG_S: Final = 120
# As many copies as the longest text that is accepted (1000 characters) holds.
_COPIES: Final = 9


@dataclass(frozen=True)
class Line:
    """A recording as it is uploaded, decoded, and its words."""

    content: bytes
    samples: Audio
    text: str

    @property
    def seconds(self) -> float:
        """Length of the recording."""
        return len(self.samples) / SAMPLE_RATE


def read_lines() -> list[Line]:
    """By length, shortest first."""
    found = []
    for name, text in _TEXTS.items():
        content = (_SPEECH / name).read_bytes()
        found.append(Line(content, decode.decode(io.BytesIO(content), _LONG_S), text))
    return sorted(found, key=lambda line: line.seconds)


def long_line(line: Line) -> Line:
    """The longest recording that is accepted: copies of one line with pauses between them."""
    pause = np.zeros(_LONG_S * SAMPLE_RATE // _COPIES - len(line.samples), dtype=np.float32)
    return Line(b"", np.tile(np.concatenate([line.samples, pause]), _COPIES), " ".join([line.text] * _COPIES))
