"""Posteriors of the expected phones, and the phones recognised in their place."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.engine import ctc

MAX_LOG_ODDS: Final = 500.0
"""Log-odds above this are limited, so that exp() stays finite."""


@dataclass(frozen=True)
class PhoneScores:
    """Scores of L expected phones: `posteriors` float64 (L,), `recognised` column of the likeliest phone (L,).

    `rivals` (L,): column of the likeliest other phone. A column of P (the number of phones of the language) is a
    deletion.
    """

    posteriors: ctc.Floats
    recognised: ctc.Ints
    rivals: ctc.Ints


def from_log_odds(log_odds: ctc.Floats, phones: ctc.Ints) -> PhoneScores:
    """Posteriors 1 / Σ exp(log-odds) from `ctc.edit_log_odds` (L, P + 1) of the lattice's phones (L,)."""
    posteriors = 1.0 / np.exp(np.minimum(log_odds, MAX_LOG_ODDS)).sum(axis=1)
    others = log_odds.copy()
    others[np.arange(len(phones)), phones] = -np.inf
    rivals = others.argmax(axis=1)
    is_own = others[np.arange(len(phones)), rivals] <= 1e-9
    return PhoneScores(posteriors, np.where(is_own, phones, rivals), rivals)
