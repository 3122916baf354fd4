"""The result of cutting a file into lines, as one process reports it to another. Needs no other package."""

from dataclasses import dataclass
from pathlib import Path

# Subtitle times are a little off; a line that is cut short is worse than some extra silence.
PADDING_S = 0.05
# Peaks of the waveform for each second, a byte each: 255 is full scale.
WAVEFORM_HZ = 100


def waveform_path(folder: Path) -> Path:
    """Returns the file of the waveform beside the lines."""
    return folder / "waveform"


@dataclass(frozen=True, slots=True)
class Cut:
    """`length_s` is that of all the sound; `track` counts from 1, of `tracks`; `silent` are indices of lines."""

    length_s: float
    track: int
    tracks: int
    silent: list[int]
