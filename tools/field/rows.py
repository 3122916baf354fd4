"""The rows of the table that `make field` prints."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """The outcome of one input: what was expected, what was found, and whether that is right."""

    part: str
    name: str
    expected: str
    found: str
    right: bool
