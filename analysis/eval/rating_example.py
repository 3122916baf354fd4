"""One line for the fit of the rating model: its features, and the ratings that people gave."""

from dataclasses import dataclass

from analysis.engine.activations import Floats32
from analysis.engine.rating_network import RatingInputs


@dataclass(frozen=True)
class Example:
    """A line with the ratings of people, NaN where unknown: `phones` (L,) 0–2, `words` (W,) and `line` (4,) 0–10."""

    inputs: RatingInputs
    phones: Floats32
    words: Floats32
    line: Floats32
    weight: float = 1.0
