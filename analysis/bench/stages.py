"""Where the CPU time of one line goes, and the shared against the naive form of the pronunciation score."""

import io
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

import numpy as np

from analysis.bench import naive
from analysis.bench.lines import Line
from analysis.engine import alignment, assessment, ctc, decode, gop, phone_scores, recording_quality
from analysis.engine.engine import Engine
from analysis.engine.languages.english.phones import ENGLISH_PHONES

STAGES: Final = ("decode", "check", "acoustic", "gop", "alignment", "pitch", "scoring", "rest")


@dataclass(frozen=True)
class Cost:
    """Medians over the runs: CPU seconds by stage and in all, and seconds on the clock."""

    line: Line
    stages: dict[str, float]
    cpu_s: float
    wall_s: float


def cost(engine: Engine, line: Line, runs: int) -> Cost:
    """What a learner's take of the line costs, decoding included, with the actor's features at hand."""
    reference = engine.features(line.samples, line.text)
    found: dict[str, list[float]] = defaultdict(list)
    for _ in range(runs + 1):
        with _timed(engine) as spent:
            wall, cpu = time.perf_counter(), time.process_time()
            samples = decode.decode(io.BytesIO(line.content), 120)
            spent["decode"] = time.process_time() - cpu
            engine.analyze(samples, line.text, reference)
            whole = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
        spent["rest"] = whole["cpu"] - sum(spent.values())
        for name, seconds in {**spent, **whole}.items():
            found[name].append(seconds)
    # The first run warms the caches of this line's shapes.
    typical = {name: median(values[1:]) for name, values in found.items()}
    return Cost(line, {name: typical[name] for name in STAGES}, typical["cpu"], typical["wall"])


@contextmanager
def _timed(engine: Engine) -> Iterator[dict[str, float]]:
    """CPU seconds by stage while the engine works as ever."""
    spent: dict[str, float] = defaultdict(float)
    places: list[tuple[Any, str, str]] = [
        (recording_quality, "examine", "check"),
        (engine.acoustic, "run", "acoustic"),
        (gop, "assess", "gop"),
        (alignment, "align", "alignment"),
        (engine.pitch, "track", "pitch"),
        (assessment, "assess", "scoring"),
    ]
    originals = [getattr(owner, name) for owner, name, _ in places]
    for (owner, name, stage), original in zip(places, originals, strict=True):
        setattr(owner, name, _timing(original, stage, spent))
    try:
        yield spent
    finally:
        for (owner, name, _), original in zip(places, originals, strict=True):
            setattr(owner, name, original)


def _timing(function: Callable[..., Any], stage: str, spent: dict[str, float]) -> Callable[..., Any]:
    def timed(*arguments: Any, **options: Any) -> Any:
        begun = time.process_time()
        try:
            return function(*arguments, **options)
        finally:
            spent[stage] += time.process_time() - begun

    return timed


@dataclass(frozen=True)
class Comparison:
    """CPU seconds of three ways to the same posteriors, and the largest difference between them."""

    phones: int
    shared_s: float
    batched_s: float
    naive_s: float
    difference: float


def compare(engine: Engine, line: Line, runs: int) -> Comparison:
    """The posteriors of all sounds of a line: shared passes, and a pass for every hypothesis."""
    take = recording_quality.examine(line.samples)
    logp = engine.acoustic.run(take.audio).log_probs
    goodness = engine.pronunciation_of(take.audio)(engine.lexicon.read(line.text))
    if goodness is None:
        raise ValueError("the line does not hold its sounds")
    phones = [ENGLISH_PHONES.index[phone] for word in goodness.words for phone in word.pronunciation.scored]
    shared, shared_s = _median_of(lambda: _shared(logp, phones), runs)
    batched, batched_s = _median_of(lambda: naive.posteriors_in_batches(logp, phones), 1)
    plain, naive_s = _median_of(lambda: naive.posteriors(logp, phones), 1)
    difference = max(float(np.abs(shared - other).max()) for other in (batched, plain))
    return Comparison(len(phones), shared_s, batched_s, naive_s, difference)


def _shared(logp: ctc.Floats, phones: Sequence[int]) -> ctc.Floats:
    """The posteriors from one forward and one backward pass, as `gop` computes them."""
    lattice = ctc.build(logp, phones)
    return phone_scores.from_log_odds(ctc.edit_log_odds(lattice), lattice.phones).posteriors


def _median_of(function: Callable[[], ctc.Floats], runs: int) -> tuple[ctc.Floats, float]:
    seconds = []
    for _ in range(runs):
        begun = time.process_time()
        answer = function()
        seconds.append(time.process_time() - begun)
    return answer, median(seconds)
