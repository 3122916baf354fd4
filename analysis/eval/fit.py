"""Fits the second vote and writes it: `python -m analysis.eval.fit` (about five minutes; `--check` writes nothing).

Fitted on rendered lines with chosen wrong sounds, voices of the family "fit" only. The mix of the two votes and
the limits for pointing a sound out come from predictions for an engine the read-out had not seen (fitted on one
synthesis engine, applied to the other). Of the held-out voices only one thing is used: they can raise a limit, or
take a pair off the list of what may be pointed out, where precision would be below 0.8 there.
"""

import argparse
import json
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from analysis import acoustic, audio, ctc, gop, quality, second_vote
from analysis.engine import Engine
from analysis.eval import contrasts, voices
from analysis.lexicon import Lexicon
from analysis.phones import INDEX, PHONES
from analysis.second_vote import NONE

CACHE: Final = contrasts.ROOT / ".data" / "eval" / "contrasts"
RELEASE: Final = "2"
LINES: Final = {"fit": 24, "held-out": 14}
RENDITIONS: Final = 3
DIRECTIONS: Final = 40
READ_PENALTY: Final = 3e-4
MIX_PENALTY: Final = 1e-3
PRECISION: Final = 0.8
LEAST_HITS: Final = 5
_CONTEXT_WEIGHT: Final = 0.7
_MOST_STEPS: Final = 150

Floats = ctc.Floats


@dataclass(frozen=True)
class Samples:
    """Expected sounds of rendered lines: (N, features), (N, 40) CTC odds, expected and said sound (N,), voice (N,)."""

    seen: Floats
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
            kept["seen"].astype(np.float64),
            kept["gains"].astype(np.float64),
            kept["expected"],
            kept["said"],
            np.full(len(kept["said"]), name),
        )


def _measure(voice: voices.Voice) -> list[dict[str, Any]]:
    model = acoustic.Acoustic()
    lexicon = Lexicon(model.spell)
    rng = np.random.default_rng(zlib.crc32(voice.name.encode()))
    found = []
    for text in rng.permutation(contrasts.texts())[: LINES[voice.family]]:
        expected = contrasts.canonical(lexicon, str(text))
        for number in range(RENDITIONS):
            one = contrasts.swapped(str(text), expected, rng) if number else contrasts.clean(str(text), expected)
            take = quality.examine(voice.say_phones(one.spoken))
            hearing = model.hear(take.audio)
            lattice = ctc.build(hearing.logp, [INDEX[phone] for word in expected for phone in word])
            if lattice.total < ctc.NEG / 2:
                continue
            said = [NONE if phone is None else INDEX[phone] for word in one.said for phone in word]
            found.append(
                {
                    "seen": second_vote.features(lattice, hearing.tokens).astype(np.float16),
                    "gains": np.maximum(gop.gains(lattice), -60.0).astype(np.float32),
                    "expected": lattice.phones,
                    "said": np.array(said, dtype=np.int64),
                }
            )
    return found


def join(parts: Sequence[Samples]) -> Samples:
    """All samples in one."""
    return Samples(
        *(
            np.concatenate([getattr(part, key) for part in parts])
            for key in ("seen", "gains", "expected", "said", "voice")
        )
    )


def fit_read_out(samples: Samples) -> tuple[Floats, Floats]:
    """Softmax regression of what was said on the tokens' principal directions and the neighbours, folded back into
    weights over the tokens (features, 40) and a bias (40,)."""
    split = samples.seen.shape[1] - 2 * (NONE + 1)
    heard, around = samples.seen[:, :split], samples.seen[:, split:] * _CONTEXT_WEIGHT
    mean = heard.mean(axis=0)
    _, widths, directions = np.linalg.svd(heard - mean, full_matrices=False)
    project = directions[:DIRECTIONS].T / (widths[:DIRECTIONS] / np.sqrt(len(heard)))
    inputs = np.concatenate([(heard - mean) @ project, around, np.ones((len(heard), 1))], axis=1)
    target = np.eye(NONE + 1)[samples.said]

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(inputs.shape[1], NONE + 1)
        logs = second_vote.read_out(inputs, weights, np.zeros(NONE + 1))
        slope = inputs.T @ (np.exp(logs) - target) / len(inputs)
        slope[:-1] += READ_PENALTY * weights[:-1]
        cost = -float((target * logs).sum()) / len(inputs) + 0.5 * READ_PENALTY * float((weights[:-1] ** 2).sum())
        return cost, slope.ravel()

    fitted = minimise(loss, np.zeros(inputs.shape[1] * (NONE + 1))).reshape(inputs.shape[1], NONE + 1)
    tokens = project @ fitted[:DIRECTIONS]
    weights = np.concatenate([tokens, fitted[DIRECTIONS:-1] * _CONTEXT_WEIGHT])
    bias: Floats = fitted[-1] - mean @ tokens
    return weights, bias


def two_votes(samples: Samples, weights: Floats, bias: Floats) -> tuple[Floats, Floats, Floats]:
    """o, g (N, 2) and the log-odds of each rival by the second and the first vote (N, 40) each, π included."""
    read = second_vote.read_out(samples.seen, weights, bias)
    first, second, prior = second_vote.odds(samples.expected, samples.gains, read)
    both = np.stack([second_vote.total(second + prior), second_vote.total(first + prior)], axis=1)
    return both, second, first


def fit_mix(both: Floats, wrong: Any) -> tuple[float, float, float]:
    """Logistic regression of "wrong" on the two votes."""
    inputs = np.concatenate([both, np.ones((len(both), 1))], axis=1)
    sign = np.where(wrong, 1.0, -1.0)

    def loss(weights: Floats) -> tuple[float, Floats]:
        margin = sign * (inputs @ weights)
        slope = inputs.T @ (-sign / (1.0 + np.exp(np.clip(margin, -500, 500)))) / len(inputs)
        slope[:-1] += MIX_PENALTY * weights[:-1]
        cost = float(np.logaddexp(0.0, -margin).mean()) + 0.5 * MIX_PENALTY * float((weights[:-1] ** 2).sum())
        return cost, slope

    a, b, c = minimise(loss, np.zeros(3))
    return float(a), float(b), float(c)


def minimise(loss: Callable[[Floats], tuple[float, Floats]], start: Floats) -> Floats:
    """L-BFGS with a backtracking line search (Nocedal and Wright 2006, algorithms 7.4 and 3.1)."""
    at, (cost, slope) = start, loss(start)
    steps: list[tuple[Floats, Floats]] = []
    for _ in range(_MOST_STEPS):
        way = -_scaled(slope, steps)
        size, fall = 1.0, float(slope @ way)
        while True:
            there = at + size * way
            new_cost, new_slope = loss(there)
            if new_cost <= cost + 1e-4 * size * fall or size < 1e-8:
                break
            size /= 2
        if float((there - at) @ (new_slope - slope)) > 1e-12:
            steps = [*steps[-9:], (there - at, new_slope - slope)]
        done = abs(cost - new_cost) < 1e-7 * max(1.0, abs(cost))
        at, cost, slope = there, new_cost, new_slope
        if done:
            break
    return at


def _scaled(slope: Floats, steps: list[tuple[Floats, Floats]]) -> Floats:
    """The inverse Hessian's product with the slope, by the last steps."""
    if not steps:
        return slope / max(1.0, float(np.linalg.norm(slope)))
    way, shares = slope.copy(), []
    for step, change in reversed(steps):
        share = float(step @ way) / float(step @ change)
        shares.append(share)
        way = way - share * change
    step, change = steps[-1]
    way = way * (float(step @ change) / float(change @ change))
    for (step, change), share in zip(steps, reversed(shares), strict=True):
        way = way + step * (share - float(change @ way) / float(step @ change))
    return way


@dataclass(frozen=True)
class Judged:
    """Samples with the log-odds that the sound is wrong, and what was heard (N,)."""

    samples: Samples
    log_odds: Floats
    heard: ctc.Ints


def judge(samples: Samples, weights: Floats, bias: Floats, mix: tuple[float, float, float]) -> Judged:
    """Both votes on every sample, as `second_vote.Model.vote` combines them."""
    both, second, first = two_votes(samples, weights, bias)
    a, b, c = mix
    _, _, prior = second_vote.odds(samples.expected, samples.gains, second)
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


def run() -> tuple[dict[str, Any], list[str]]:
    """Everything: the model in its JSON form, and the lines of the report."""
    found = voices.list_voices()
    with ProcessPoolExecutor(2) as pool:
        gathered = dict(zip([voice.name for voice in found], pool.map(gather, [v.name for v in found]), strict=True))
    fit = {v.name: v.engine for v in found if v.family == "fit"}
    engines = sorted(set(fit.values()))
    by_engine = {engine: join([gathered[name] for name in fit if fit[name] == engine]) for engine in engines}
    outs = {engine: fit_read_out(join([by_engine[o] for o in engines if o != engine])) for engine in engines}
    votes = {engine: two_votes(by_engine[engine], *outs[engine])[0] for engine in engines}
    mix = fit_mix(np.concatenate(list(votes.values())), np.concatenate([by_engine[e].wrong for e in engines]))
    mix = (round(mix[0], 3), round(mix[1], 3), round(mix[2], 3))
    unseen = [judge(by_engine[engine], *outs[engine], mix) for engine in engines]
    weights, bias = fit_read_out(join(list(by_engine.values())))
    weights, bias = np.round(weights, 3), np.round(bias, 3)
    held = [judge(gathered[v.name], weights, bias, mix) for v in found if v.family == "held-out"]
    limits = choose_limits([together(unseen), *([together(held)] if held else [])])
    lines = [report(f"{engine}, from the other", one) for engine, one in zip(engines, unseen, strict=True)]
    if held:
        lines += [report(str(one.samples.voice[0]), one) for one in held]
        lines += [report("held out, all", together(held)), "", "held out, per confusion:"]
        lines += pairs(together(held), limits)
    model = {
        "name": "fit-1",
        "fitted_on": {
            "voices": sorted(fit),
            "lines_per_voice": LINES["fit"],
            "sounds": sum(len(part.said) for part in by_engine.values()),
            "wrong_sounds": int(sum(part.wrong.sum() for part in by_engine.values())),
            "what": "rendered lines of the catalogue and of the recordings; no human speech, no learners",
        },
        "acoustic": acoustic.MODEL,
        "tokens": list(acoustic.Acoustic().tokens),
        "mix": list(mix),
        "flag_from_log_odds": limits,
        "bias": bias.tolist(),
        "weights": weights.tolist(),
    }
    return model, lines


def native() -> str:
    """One line on right readings by people: sounds that would count as wrong, and sounds pointed out."""
    engine, sounds, first, both, flagged = Engine(), 0, 0, 0, 0
    for entry in json.loads(contrasts.RECORDINGS.read_text("utf-8")):
        with (contrasts.RECORDINGS.parent / entry["file"]).open("rb") as file:
            samples = audio.decode(file, 120)
        alone = gop.assess(
            engine._acoustic.hear(quality.examine(samples).audio).logp,
            engine._lexicon.read(entry["text"]),
            acoustic.FRAME_S,
        )
        result = engine.analyze(samples, entry["text"], None)
        phones = [phone for word in result.detailed_feedback.words for phone in word.phones]
        sounds, flagged = sounds + len(phones), flagged + sum(phone.flagged for phone in phones)
        both += sum(phone.heard_as != phone.expected for phone in phones)
        first += sum(one.posterior < 0.5 for word in alone.words for one in word.phones) if alone else 0
    return f"human, right readings: {sounds} sounds, below 0.5: first vote {first}, both {both}; pointed out {flagged}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="report only, write nothing")
    check = parser.parse_args().check
    model, lines = run()
    print("\n".join([*lines, native(), f"mix {model['mix']}", f"pointed out: {model['flag_from_log_odds']}"]))  # noqa: T201
    if not check:
        second_vote.PATH.write_text(json.dumps(model, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
