"""Curves from expected ratings to scores, and the limit for flags, from predictions for unseen speakers."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from sklearn.isotonic import IsotonicRegression

from analysis.engine import score_curves
from analysis.engine.rating_network import ASPECTS, Ratings
from analysis.eval.rating_example import Example

FALSE_FLAGS: Final = 0.003
"""Most of the sounds rated right that may be flagged, among unseen speakers."""
NOT_GOOD: Final = 0.05
"""Most of the words rated right in full that may be worse than "good", among unseen speakers."""
_RIGHT: Final = 1.5
_RIGHT_WORD: Final = 9.5
_WRONG: Final = 1.0
_KNOTS: Final = 9
Points = tuple[list[float], list[float]]


def choose_flag_limit(examples: Sequence[Example], rated: Sequence[Ratings]) -> tuple[float, dict[str, float]]:
    """Returns the lowest log-odds from which on few right sounds are flagged, and what is reached with it."""
    ratings = np.concatenate([example.phones for example in examples])
    log_odds = np.concatenate([own.wrong for own in rated])
    known = np.isfinite(ratings)
    ratings, log_odds = ratings[known], log_odds[known]
    limit = float(np.quantile(log_odds[ratings >= _RIGHT], 1.0 - FALSE_FLAGS))
    flagged = log_odds >= limit
    return limit, {
        "hits": float(flagged[ratings < _WRONG].mean()),
        "precision": float((ratings[flagged] < _WRONG).mean()),
        "precision_below_1.5": float((ratings[flagged] < _RIGHT).mean()),
    }


def choose_curves(examples: Sequence[Example], rated: Sequence[Ratings]) -> dict[str, Points]:
    """Returns the monotone curve of each rating: the mean rating that people gave, as a score 0–100."""
    pairs = {
        "phone": ([own.phones for own in rated], [example.phones for example in examples], 2.0),
        "word": ([own.words for own in rated], [example.words for example in examples], 10.0),
    }
    curves = {
        name: _curve(np.concatenate(computed), np.concatenate(given), best)
        for name, (computed, given, best) in pairs.items()
    }
    words, given = np.concatenate([own.words for own in rated]), np.concatenate([example.words for example in examples])
    curves["word"] = _anchored(curves["word"], float(np.quantile(words[given >= _RIGHT_WORD], NOT_GOOD)))
    for at, name in enumerate(ASPECTS):
        computed = np.array([own.line[name] for own in rated])
        curves[name] = _curve(computed, np.array([example.line[at] for example in examples]), 10.0)
    return curves


def _curve(computed: np.ndarray, given: np.ndarray, best: float) -> Points:
    """Returns knots of the isotonic regression, with the ends 0 and 100."""
    known = np.isfinite(given)
    fitted = IsotonicRegression(out_of_bounds="clip").fit(computed[known], given[known])
    knots = np.unique(np.quantile(computed[known], np.linspace(0.005, 0.995, _KNOTS)))
    scores = np.clip(100.0 * fitted.predict(knots) / best, 0.0, 100.0)
    places = [0.0, *(round(float(knot), 3) for knot in knots), best]
    return places, [0.0, *(round(float(score), 1) for score in scores), 100.0]


def _anchored(curve: Points, good_from: float) -> Points:
    """Bends a curve so that the limit of "good" lies at `good_from`: scores below it shrink in proportion."""
    places, scores = (np.array(values) for values in curve)
    factor = score_curves.GOOD / float(np.interp(good_from, places, scores))
    below = places < good_from
    bent = np.where(below, scores * min(1.0, factor), np.maximum(scores, score_curves.GOOD))
    at = int(below.sum())
    knots = [*places[:at], good_from, *places[at:]]
    values = [*bent[:at], score_curves.GOOD, *bent[at:]]
    return [round(float(place), 3) for place in knots], [round(float(value), 1) for value in values]
