"""Fits the second vote and writes it: `make fit` (about a quarter of an hour; `--check` writes nothing).

Fitted on rendered lines with chosen wrong sounds, voices of the family "fit" only. The mix of the two votes and
the limits for pointing a sound out come from predictions for an engine the read-out had not seen (fitted on the
other synthesis engines). Of the held-out voices only one thing is used: they can raise a limit, or
take a pair off the list of what may be pointed out, where precision would be below 0.8 there.
"""

import argparse
import json
import warnings
import zlib
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

from analysis.engine import acoustic_model, ctc, decode, recording_quality, rescoring
from analysis.engine.languages.english.profile import ENGLISH
from analysis.engine.lexicon import Lexicon
from analysis.engine.rescoring import Ensemble, Network
from analysis.eval import contrasts, voices

PHONES: Final = ENGLISH.phones.names
INDEX: Final = ENGLISH.phones.index
NONE: Final = ENGLISH.phones.none
CACHE: Final = contrasts.ROOT / ".data" / "eval" / "contrasts"
RELEASE: Final = "3"
LINES: Final = {"fit": 180, "held-out": 40}
RENDITIONS: Final = 3
# A fitting voice is moved along the scale of resonances and pitch, so that nine voices are more than nine people.
MOVED: Final = (0.88, 0.94, 1.0, 1.06, 1.12)
DIRECTIONS: Final = 80
HIDDEN: Final = 128
READ_PENALTY: Final = 0.3
ROUNDS: Final = 20
NETWORKS: Final = 3
MIX_PENALTY: Final = 1e-3
PRECISION: Final = 0.8
LEAST_HITS: Final = 5

Floats = ctc.Floats


@dataclass(frozen=True)
class Samples:
    """Expected sounds of rendered lines: (N, features), (N, 40) CTC odds, expected and said sound (N,), voice (N,)."""

    seen: rescoring.Floats32
    gains: Floats
    expected: ctc.Ints
    said: ctc.Ints
    voice: Any

    @property
    def wrong(self) -> Any:
        """True where another sound, or none, was said."""
        return self.expected != self.said

    def where(self, mask: Any) -> "Samples":
        """The samples a mask picks."""
        return Samples(self.seen[mask], self.gains[mask], self.expected[mask], self.said[mask], self.voice[mask])


def gather(name: str) -> Samples:
    """Renders one voice's lines, right and wrong, and measures every expected sound; kept on disk."""
    path = CACHE / f"{RELEASE}-{name}.npz"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        parts = _measure(next(voice for voice in voices.list_voices() if voice.name == name))
        arrays = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
        np.savez(path, allow_pickle=False, **arrays)
    with np.load(path) as kept:
        return Samples(
            kept["seen"].astype(np.float32),
            kept["gains"].astype(np.float64),
            kept["expected"],
            kept["said"],
            np.full(len(kept["said"]), name),
        )


def _measure(voice: voices.Voice) -> list[dict[str, Any]]:
    model = acoustic_model.AcousticModel(ENGLISH.phones)
    lexicon = Lexicon(ENGLISH, acoustic_model.HamaG2P(ENGLISH.phones.phone_of_token).spell)
    rng = np.random.default_rng(zlib.crc32(voice.name.encode()))
    found = []
    for text in _texts(voice, rng):
        expected = contrasts.canonical(lexicon, text)
        for number in range(RENDITIONS):
            one = contrasts.swapped(text, expected, rng) if number else contrasts.clean(text, expected)
            factor = float(rng.choice(MOVED)) if voice.family == "fit" else 1.0
            take = recording_quality.examine(voices.resample(voice.say_phones(one.spoken, keep=False), factor))
            output = model.run(take.audio)
            lattice = ctc.build(output.log_probs, [INDEX[phone] for word in expected for phone in word])
            own = np.eye(NONE + 1, dtype=bool)[lattice.phones]
            bounds = np.cumsum([0, *(len(word) for word in expected)])
            phones = rescoring.ExpectedPhones(lattice, lattice.phones, bounds, own)
            if lattice.total < ctc.NEG / 2:
                continue
            said = [NONE if phone is None else INDEX[phone] for word in one.said for phone in word]
            found.append(
                {
                    "seen": rescoring.extract_features(phones, output.token_log_probs).astype(np.float16),
                    "gains": np.maximum(ctc.edit_log_odds(lattice), -60.0).astype(np.float32),
                    "expected": lattice.phones,
                    "said": np.array(said, dtype=np.int64),
                }
            )
    return found


def _texts(voice: voices.Voice, rng: np.random.Generator) -> list[str]:
    """As many as are wanted, round after round."""
    choices = contrasts.texts() + contrasts.own_lines()
    wanted = LINES[voice.family]
    rounds = [rng.permutation(choices) for _ in range(-(-wanted // len(choices)))]
    return [str(text) for text in np.concatenate(rounds)[:wanted]]


def join(parts: Sequence[Samples]) -> Samples:
    """All samples in one."""
    return Samples(
        *(
            np.concatenate([getattr(part, key) for part in parts])
            for key in ("seen", "gains", "expected", "said", "voice")
        )
    )


def fit_read_out(samples: Samples) -> Ensemble:
    """Networks that name the sound that was said, by the tokens' principal directions and all else that is seen."""
    split = samples.seen.shape[1] - rescoring.context_size(len(PHONES))
    heard = samples.seen[:, :split]
    centre = heard.mean(axis=0)
    spread, axes = np.linalg.eigh(np.cov((heard - centre).T))
    largest = np.argsort(-spread)[:DIRECTIONS]
    directions = axes[:, largest] / np.sqrt(spread[largest])
    bare = Ensemble(centre.astype(np.float32), directions.astype(np.float32), ())
    inputs = bare.inputs(samples.seen)
    return Ensemble(
        bare.centre, bare.directions, tuple(_network(inputs, samples.said, seed) for seed in range(NETWORKS))
    )


def _network(inputs: rescoring.Floats32, said: ctc.Ints, seed: int) -> Network:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a fixed number of rounds is meant
        fitted = MLPClassifier((HIDDEN,), alpha=READ_PENALTY, batch_size=256, max_iter=ROUNDS, random_state=seed).fit(
            inputs, said
        )
    inward, outward = fitted.coefs_
    # A sound that never occurred (ZH is rare) stays impossible.
    weights, bias = np.zeros((HIDDEN, NONE + 1)), np.full(NONE + 1, -20.0)
    weights[:, fitted.classes_], bias[fitted.classes_] = outward, fitted.intercepts_[1]
    return Network(*(part.astype(np.float32) for part in (inward, fitted.intercepts_[0], weights, bias)))


def two_votes(samples: Samples, read_out: Ensemble) -> tuple[Floats, Floats, Floats]:
    """o, g (N, 2) and the log-odds of each rival by the second and the first vote (N, 40) each, π not included."""
    first = samples.gains
    second = rescoring.network_log_odds(samples.expected, read_out.log_probabilities(samples.seen))
    prior = rescoring.log_priors(ENGLISH)[samples.expected]
    pooled = [rescoring.pooled_log_odds(odds + prior) for odds in (second, first)]
    return np.stack(pooled, axis=1), second, first


def fit_mix(both: Floats, wrong: Any) -> tuple[float, float, float]:
    """Logistic regression of "wrong" on the two votes."""
    fitted = LogisticRegression(C=1.0 / (MIX_PENALTY * len(both))).fit(both, wrong)
    (a, b), c = fitted.coef_[0], fitted.intercept_[0]
    return round(float(a), 3), round(float(b), 3), round(float(c), 3)


@dataclass(frozen=True)
class Judged:
    """Samples with the log-odds that the sound is wrong, and what was heard (N,)."""

    samples: Samples
    log_odds: Floats
    heard: ctc.Ints


def judge(samples: Samples, read_out: Ensemble, mix: tuple[float, float, float]) -> Judged:
    """Both votes on every sample, as `rescoring.Model.rescore` combines them."""
    both, second, first = two_votes(samples, read_out)
    a, b, c = mix
    prior = rescoring.log_priors(ENGLISH)[samples.expected]
    each = a * second + b * first + prior
    return Judged(samples, a * both[:, 0] + b * both[:, 1] + c, each.argmax(axis=1))


def together(parts: Sequence[Judged]) -> Judged:
    """Several judged sets in one."""
    return Judged(
        join([part.samples for part in parts]),
        np.concatenate([part.log_odds for part in parts]),
        np.concatenate([part.heard for part in parts]),
    )


def choose_limits(sets: Sequence[Judged]) -> dict[str, float]:
    """Per pair the lowest log-odds from which on at least 0.8 of what would be pointed out is right, in every set;
    a pair that is too rare, or too unsure, in any set is never pointed out."""
    limits = {}
    for expected in range(NONE):
        for heard in range(NONE + 1):
            found = [_limit(judged, expected, heard) for judged in sets]
            known = [limit for limit in found if limit is not None]
            if len(known) == len(sets):
                limits[f"{PHONES[expected]}>{PHONES[heard] if heard < NONE else ''}"] = round(max(known), 2)
    return limits


def _pair(judged: Judged, expected: int, heard: int) -> tuple[Floats, Any]:
    """Log-odds of the samples that would be called this confusion, and whether it is one."""
    at = (judged.samples.expected == expected) & (judged.heard == heard)
    return judged.log_odds[at], judged.samples.said[at] == heard


def _limit(judged: Judged, expected: int, heard: int) -> float | None:
    log_odds, right = _pair(judged, expected, heard)
    order = np.argsort(-log_odds)
    hits = np.cumsum(right[order])
    precision = hits / np.arange(1, len(order) + 1)
    fine = np.flatnonzero((precision >= PRECISION) & (hits >= LEAST_HITS))
    return max(0.0, float(log_odds[order][fine[-1]])) if len(fine) else None


def auc(scores: Floats, wrong: Any) -> float:
    """Area under the ROC curve; ties count half."""
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    positives = int(wrong.sum())
    return float((rank[wrong].sum() - positives * (positives + 1) / 2) / (positives * (len(wrong) - positives)))


def hit_rate(scores: Floats, wrong: Any, false_alarms: float = 0.02) -> float:
    """Share of wrong sounds found where that share of right ones is taken for wrong."""
    return float((scores[wrong] > np.quantile(scores[~wrong], 1 - false_alarms)).mean())


def report(title: str, judged: Judged) -> str:
    """One line: AUC and hits of the first vote and of both."""
    wrong = judged.samples.wrong
    gains = judged.samples.gains.copy()
    gains[np.arange(len(gains)), judged.samples.expected] = -np.inf
    alone = np.logaddexp.reduce(gains, axis=1)
    return (
        f"{title:24s} {int(wrong.sum()):5d} wrong of {len(wrong):6d}   "
        f"first vote {auc(alone, wrong):.3f} {hit_rate(alone, wrong):5.1%}   "
        f"both {auc(judged.log_odds, wrong):.3f} {hit_rate(judged.log_odds, wrong):5.1%}"
    )


def pairs(judged: Judged, limits: dict[str, float]) -> list[str]:
    """One line per confusion: AUC, and hits, false alarms and precision of what is pointed out."""
    lines = []
    samples = judged.samples
    for expected in sorted(set(samples.expected[samples.wrong].tolist())):
        mine = samples.expected == expected
        for said in sorted(set(samples.said[mine & samples.wrong].tolist())):
            name = f"{PHONES[expected]}>{PHONES[said] if said < NONE else ''}"
            case = mine & ((samples.said == said) | ~samples.wrong)
            area = auc(judged.log_odds[case], samples.wrong[case])
            count = int((mine & (samples.said == said)).sum())
            called = mine & (judged.heard == said) & (judged.log_odds >= limits.get(name, np.inf))
            hits, wrongly = int((called & (samples.said == said)).sum()), int((called & ~samples.wrong).sum())
            precision = f"{hits / int(called.sum()):.2f}" if called.any() else "–"
            lines.append(
                f"{name:7s} n {count:4d}  auc {area:.3f}  hits {hits / count:5.1%}  "
                f"false alarms {wrongly / max(1, int((mine & ~samples.wrong).sum())):5.2%}  precision {precision}"
            )
    return lines


@dataclass(frozen=True)
class Fit:
    """A fitted vote: its weights, all else that is stored with it, and the lines of the report."""

    read_out: Ensemble
    description: dict[str, Any]
    lines: list[str]


def run() -> Fit:
    """Renders, measures, fits and checks."""
    found = voices.list_voices()
    with ProcessPoolExecutor(2) as pool:
        gathered = {}
        for voice, samples in zip(found, pool.map(gather, [voice.name for voice in found]), strict=True):
            gathered[voice.name] = samples
            say(f"{voice.name}: {len(samples.said)} sounds")
    fit = {v.name: v.engine for v in found if v.family == "fit"}
    engines = sorted(set(fit.values()))
    by_engine = {engine: join([gathered[name] for name in fit if fit[name] == engine]) for engine in engines}
    outs = {}
    for engine in engines:
        say(f"fitting without {engine}")
        outs[engine] = fit_read_out(join([by_engine[other] for other in engines if other != engine]))
    votes = [two_votes(by_engine[engine], outs[engine])[0] for engine in engines]
    mix = fit_mix(np.concatenate(votes), np.concatenate([by_engine[engine].wrong for engine in engines]))
    unseen = [judge(by_engine[engine], outs[engine], mix) for engine in engines]
    say("fitting on all")
    read_out = fit_read_out(join(list(by_engine.values())))
    held = [judge(gathered[v.name], read_out, mix) for v in found if v.family == "held-out"]
    limits = choose_limits([together(unseen), *([together(held)] if held else [])])
    lines = [report(f"{engine}, from the others", one) for engine, one in zip(engines, unseen, strict=True)]
    if held:
        lines += [report(str(one.samples.voice[0]), one) for one in held]
        lines += [report("held out, all", together(held)), "", "held out, per confusion:"]
        lines += pairs(together(held), limits)
    description = {
        "name": "fit-2",
        "fitted_on": {
            "voices": sorted(fit),
            "lines_per_voice": LINES["fit"],
            "sounds": sum(len(part.said) for part in by_engine.values()),
            "wrong_sounds": int(sum(part.wrong.sum() for part in by_engine.values())),
            "what": "rendered lines, right and with chosen wrong sounds; no human speech, no learners",
        },
        "acoustic": acoustic_model.MODEL,
        "tokens": list(acoustic_model.AcousticModel(ENGLISH.phones).tokens),
        "mix": list(mix),
        "flag_from_log_odds": limits,
    }
    return Fit(read_out, description, lines)


def native() -> str:
    """One line on right readings by people: sounds that count as wrong, and sounds pointed out."""
    from analysis.engine.engine import Engine  # reads the model that was just written

    engine, sounds, wrong, flagged = Engine(ENGLISH), 0, 0, 0
    for entry in json.loads(contrasts.RECORDINGS.read_text("utf-8")):
        with (contrasts.RECORDINGS.parent / entry["file"]).open("rb") as file:
            result = engine.analyze(decode.decode(file, 120), entry["text"], None)
        phones = [phone for word in result.detailed_feedback.words for phone in word.phones]
        sounds, flagged = sounds + len(phones), flagged + sum(phone.flagged for phone in phones)
        wrong += sum(phone.heard_as != phone.expected for phone in phones)
    return f"human, right readings: {sounds} sounds, taken for others {wrong}; pointed out {flagged}"


def say(line: str) -> None:
    """Progress and results."""
    print(line, flush=True)  # noqa: T201


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="report only, write nothing")
    check = parser.parse_args().check
    fit = run()
    for line in fit.lines:
        say(line)
    say(f"mix {fit.description['mix']}")
    say(f"pointed out: {fit.description['flag_from_log_odds']}")
    if not check:
        rescoring.store(fit.read_out, fit.description, ENGLISH.rescoring_model)
        say(native())


if __name__ == "__main__":
    main()
