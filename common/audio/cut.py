"""The result of cutting a file into lines, as one process reports it to another. Needs no other package."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cut:
    """`length_s` is that of all the sound; `track` counts from 1, of `tracks`; `silent` are indices of lines."""

    length_s: float
    track: int
    tracks: int
    silent: list[int]
