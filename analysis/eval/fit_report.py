"""The report of a fit: areas under ROC curves, and hits at 2 % false alarms."""

from typing import Any, Final

import numpy as np

from analysis.engine import decode
from analysis.engine.engine import Engine
from analysis.engine.language_profile import LanguageProfile
from analysis.engine.phones import PhoneSet
from analysis.eval import corpus
from analysis.eval.fit_models import ScoredSamples
from analysis.eval.fit_samples import Floats
from analysis.eval.metrics import auc
from analysis.settings import MAX_AUDIO_S

_FALSE_ALARMS: Final = 0.02


def summary_line(title: str, scored: ScoredSamples) -> str:
    """Returns AUC and hits of the first score and of both scores, as one line."""
    wrong = scored.samples.wrong
    gains = scored.samples.gains.copy()
    gains[np.arange(len(gains)), scored.samples.expected] = -np.inf
    first = np.logaddexp.reduce(gains, axis=1)
    return (
        f"{title:24s} {int(wrong.sum()):5d} wrong of {len(wrong):6d}   "
        f"first score {_auc(first, wrong):.3f} {_hit_rate(first, wrong):5.1%}   "
        f"both {_auc(scored.log_odds, wrong):.3f} {_hit_rate(scored.log_odds, wrong):5.1%}"
    )


def confusion_lines(scored: ScoredSamples, phones: PhoneSet) -> list[str]:
    """Returns a line with the AUC of each confusion, EXPECTED>SAID; nothing follows the > of a dropped sound."""
    samples = scored.samples
    lines = []
    for expected in sorted(set(samples.expected[samples.wrong].tolist())):
        own = samples.expected == expected
        for said in sorted(set(samples.said[own & samples.wrong].tolist())):
            lines.append(_confusion_line(scored, (expected, said), phones))
    return lines


def _confusion_line(scored: ScoredSamples, pair: tuple[int, int], phones: PhoneSet) -> str:
    samples, (expected, said) = scored.samples, pair
    confused = (samples.expected == expected) & (samples.said == said)
    either = (samples.expected == expected) & ((samples.said == said) | ~samples.wrong)
    name = f"{phones.names[expected]}>{phones.name(said) or ''}"
    return f"{name:7s} n {int(confused.sum()):4d}  auc {_auc(scored.log_odds[either], samples.wrong[either]):.3f}"


def _auc(log_odds: Floats, wrong: Any) -> float:
    """Returns the area under the ROC curve; wrong sounds should have the higher log-odds."""
    return auc(log_odds[~wrong], log_odds[wrong])


def _hit_rate(log_odds: Floats, wrong: Any) -> float:
    """Returns the share of wrong sounds above the limit that gives this share of false alarms."""
    return float((log_odds[wrong] > np.quantile(log_odds[~wrong], 1 - _FALSE_ALARMS)).mean())


def human_line(profile: LanguageProfile) -> str:
    """Returns, for right readings by people, how many sounds the stored model takes for others, and flags."""
    engine, sounds, wrong, flagged = Engine(profile), 0, 0, 0
    for path, text in corpus.recording_texts(profile.tag).items():
        with path.open("rb") as file:
            result = engine.analyze(decode.decode(file, MAX_AUDIO_S), text, None)
        phones = [phone for word in result.detailed_feedback.words for phone in word.phones]
        sounds, flagged = sounds + len(phones), flagged + sum(phone.flagged for phone in phones)
        wrong += sum(phone.heard_as != phone.expected for phone in phones)
    return f"human, right readings: {sounds} sounds, {wrong} recognized as others, {flagged} flagged"
