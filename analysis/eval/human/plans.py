"""Choice of the other texts for each recording, and of the pieces to cut from it. All randomness is seeded."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from analysis.eval.human.trials import PiecePlan, Plan
from analysis.eval.speechocean import RatedWord, Utterance

_OTHERS_EACH: Final = 3
_MAX_OTHERS: Final = 1_200
_PIECES_EACH: Final = 3
_MAX_PIECES: Final = 600
_PIECE_WORDS: Final = (1, 2, 3)
_TRIES: Final = 1_000

Span = Sequence[RatedWord]


def plans(utterances: Sequence[Utterance]) -> list[Plan]:
    """Returns a plan for each recording.

    Up to three other texts and three pieces for each; at most 1,200 texts and 600 pieces in all, spread evenly over
    the recordings.
    """
    rng = np.random.default_rng(17)
    others = _spread(min(_OTHERS_EACH * len(utterances), _MAX_OTHERS), len(utterances))
    pieces = _spread(min(_PIECES_EACH * len(utterances), _MAX_PIECES), len(utterances))
    numbers = iter(range(sum(pieces)))
    planned = []
    for own, other_count, piece_count in zip(utterances, others, pieces, strict=True):
        texts = tuple(_other_texts(own, utterances, other_count, rng))
        cuts = [_piece(own, utterances, next(numbers), rng) for _ in range(piece_count)]
        planned.append(Plan(texts, tuple(cut for cut in cuts if cut is not None)))
    return planned


def _spread(total: int, count: int) -> list[int]:
    """Returns `count` numbers that add up to `total`, as equal as they can be and evenly spread."""
    return [(at + 1) * total // count - at * total // count for at in range(count)]


def _other_texts(
    own: Utterance, utterances: Sequence[Utterance], count: int, rng: np.random.Generator
) -> Iterator[str]:
    for _ in range(count):
        other = _draw(own, utterances, rng)
        if other is not None:
            yield other.text


def _draw(own: Utterance, utterances: Sequence[Utterance], rng: np.random.Generator) -> Utterance | None:
    """Returns another speaker's recording whose text shares no word with this one; None where none is found."""
    for _ in range(_TRIES):
        other = utterances[int(rng.integers(len(utterances)))]
        if other.speaker != own.speaker and not share_a_word(own.words, other.words):
            return other
    return None


def share_a_word(one: Span, other: Span) -> bool:
    """Returns True when a word of one text is spelled or rated with the same sounds as a word of the other."""
    spellings, sounds = {word.text for word in one}, {word.phones for word in one}
    return any(word.text in spellings or word.phones in sounds for word in other)


def _piece(own: Utterance, utterances: Sequence[Utterance], number: int, rng: np.random.Generator) -> PiecePlan | None:
    """Returns a plan for a piece of one, two or three words, by its number, beside another text of 1–3 words."""
    words = min(_PIECE_WORDS[number % len(_PIECE_WORDS)], len(own.words))
    other = _draw(own, utterances, rng)
    if other is None:
        return None
    length = min(int(rng.choice(_PIECE_WORDS)), len(other.words))
    first = int(rng.integers(len(other.words) - length + 1))
    text = " ".join(word.text for word in other.words[first : first + length])
    return PiecePlan(words, float(rng.random()), text)
