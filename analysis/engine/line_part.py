"""A part of a line: some of its words, recorded alone and judged as words of that line.

Readings come from the whole line, and so does the actor: weak forms, pauses and pitch are those of the context. All
times stay those of the recordings.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from analysis.engine import prosody
from analysis.engine.lexicon import Word
from analysis.engine.reference_comparison import times_of
from analysis.engine.result import ReferenceFeatures

# Pitch of the actor this long before the first and after the last word is kept, for the plot.
_MARGIN_S: Final = 0.1


class WordsOutsideLineError(ValueError):
    """The line has fewer words."""


@dataclass(frozen=True)
class WordRange:
    """The first and the last word of a part, as places in `words` of the line's result, from 0."""

    first: int
    last: int

    def words_of(self, line: Sequence[Word]) -> list[Word]:
        """Returns the words of the part. Raises WordsOutsideLineError."""
        if not 0 <= self.first <= self.last < len(line):
            raise WordsOutsideLineError
        return list(line[self.first : self.last + 1])

    def features_of(self, line: ReferenceFeatures) -> ReferenceFeatures:
        """Returns the actor's features with only these words, their pauses, pitch and rates."""
        words = line.words[self.first : self.last + 1]
        times = [times_of(word) for word in words]
        spoken = [word.span for word in times if word is not None]
        start_s, end_s = (spoken[0].start_s, spoken[-1].end_s) if spoken else (0.0, 0.0)
        first, last = ((at_s / line.hop_s) for at_s in (start_s - _MARGIN_S, end_s + _MARGIN_S))
        pitch = [value if first <= place <= last else None for place, value in enumerate(line.pitch_st)]
        rates = {"words_per_s": prosody.words_per_s(times), "phones_per_s": prosody.phones_per_s(times)}
        pauses = [pause for pause in line.pauses if start_s <= pause[0] and pause[1] <= end_s]
        return line.model_copy(update={"words": words, "pitch_st": pitch, "pauses": pauses, **rates})
