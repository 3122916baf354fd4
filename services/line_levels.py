"""The level of a line, 1 (easiest) to 5, from how fast, how long and of what words and sounds it is.

The formula and its sources stand in docs/levels.md. Levels are a rule of thumb, not those of the CEFR.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from common.line_text import spoken_form as corrected
from common.line_text.registry import reader_for, vocabulary_for
from common.line_text.spoken_word import SpokenWord

EASIEST, HARDEST = 1, 5
# The difficulty at which levels 2, 3, 4 and 5 begin.
_THRESHOLDS: Final = (0.25, 0.38, 0.46, 0.56)
_WEIGHTS: Final = {"rate": 0.3, "words": 0.3, "length": 0.25, "sounds": 0.15}
# The value of each measure that counts as 0 and as 1: syllables/s, Zipf frequency, syllables, hard sounds a syllable.
_RATE: Final = (2.0, 6.5)
_ZIPF: Final = (6.5, 2.5)
_SYLLABLES: Final = (3.0, 20.0)
_HARD_SHARE: Final = (0.2, 1.5)

STARTER_LEVEL: Final = 2
# Shorter lines are mostly exclamations; longer ones are more than a beginner repeats at once.
STARTER_SECONDS: Final = (0.8, 4.0)
STARTER_RATE: Final = 5.0


@dataclass(frozen=True, slots=True)
class LineMeasures:
    """A line's syllables a second, mean and least Zipf frequency of its words, syllables, hard sounds a syllable."""

    rate: float
    mean_zipf: float
    least_zipf: float
    syllables: int
    hard_share: float


def measure_line(text: str, spoken_form: str | None, language: str, duration_s: float) -> LineMeasures | None:
    """Returns the measures of a line; None for one without words, or in a language without a vocabulary."""
    read_text, describe = reader_for(language), vocabulary_for(language)
    if read_text is None or describe is None or duration_s <= 0:
        return None
    line = corrected.read_line(read_text, text, spoken_form)
    words = [describe(spoken) for word in line for spoken in word.spoken]
    return _measure_words(words, duration_s) if words else None


def _measure_words(words: Sequence[SpokenWord], duration_s: float) -> LineMeasures:
    syllables = sum(word.syllables for word in words)
    frequencies = [word.zipf for word in words]
    return LineMeasures(
        rate=syllables / duration_s,
        mean_zipf=sum(frequencies) / len(frequencies),
        least_zipf=min(frequencies),
        syllables=syllables,
        hard_share=sum(word.hard_sounds for word in words) / syllables,
    )


def difficulty(line: LineMeasures) -> float:
    """Returns 0 (easy) to 1: a weighted sum that grows with rate, rarity of words, length and sounds."""
    parts = {
        "rate": _share(line.rate, *_RATE),
        "words": (_share(line.mean_zipf, *_ZIPF) + _share(line.least_zipf, *_ZIPF)) / 2,
        "length": _share(line.syllables, *_SYLLABLES),
        "sounds": _share(line.hard_share, *_HARD_SHARE),
    }
    return sum(weight * parts[part] for part, weight in _WEIGHTS.items())


def level_of(line: LineMeasures) -> int:
    """Returns the level of a line, EASIEST to HARDEST."""
    hardness = difficulty(line)
    return EASIEST + sum(hardness >= threshold for threshold in _THRESHOLDS)


def is_starter(line: LineMeasures, level: int, duration_s: float) -> bool:
    """Returns whether a line is easy, short and slow enough to be somebody's first."""
    shortest, longest = STARTER_SECONDS
    return level <= STARTER_LEVEL and shortest <= duration_s <= longest and line.rate <= STARTER_RATE


def _share(value: float, none: float, full: float) -> float:
    return min(1.0, max(0.0, (value - none) / (full - none)))
