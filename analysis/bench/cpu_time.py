"""CPU time of one line by step of the engine, and the shared against the naive way to compute posteriors."""

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
from analysis.engine.result import ReferenceFeatures
from analysis.settings import MAX_AUDIO_S

STEPS: Final = ("decode", "check", "acoustic", "gop", "alignment", "pitch", "scoring", "rest")


@dataclass(frozen=True)
class Cost:
    """Medians over the runs: CPU seconds by step and in total, and elapsed seconds.

    `first_cpu_s` is the total of the first run of the line, whose words are new to the process, without an actor.
    """

    line: Line
    steps: dict[str, float]
    first_cpu_s: float
    cpu_s: float
    wall_s: float


def measure_cost(engine: Engine, line: Line, runs: int) -> Cost:
    """Decodes and analyzes a learner's recording of the line; after the first run beside the actor's features."""
    reference: ReferenceFeatures | None = None
    measured: dict[str, list[float]] = defaultdict(list)
    for _ in range(runs + 1):
        with _timed_steps(engine) as spent:
            wall, cpu = time.perf_counter(), time.process_time()
            samples = decode.decode(io.BytesIO(line.content), MAX_AUDIO_S)
            spent["decode"] = time.process_time() - cpu
            engine.analyze(samples, line.text, reference)
            whole = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
        spent["rest"] = whole["cpu"] - sum(spent.values())
        for name, seconds in {**spent, **whole}.items():
            measured[name].append(seconds)
        reference = reference or engine.features(line.samples, line.text)
    first_s = measured["cpu"][0]
    typical = {name: median(values[1:]) for name, values in measured.items()}
    return Cost(line, {name: typical[name] for name in STEPS}, first_s, typical["cpu"], typical["wall"])


@contextmanager
def _timed_steps(engine: Engine) -> Iterator[dict[str, float]]:
    """Measures CPU seconds by step while the engine runs unchanged otherwise."""
    spent: dict[str, float] = defaultdict(float)
    # By reference, so that mypy sees a rename.
    functions: list[tuple[Any, Callable[..., Any], str]] = [
        (recording_quality, recording_quality.examine, "check"),
        (engine.acoustic, engine.acoustic.run, "acoustic"),
        (gop, gop.assess, "gop"),
        (alignment, alignment.align, "alignment"),
        (engine.pitch, engine.pitch.track, "pitch"),
        (assessment, assessment.assess, "scoring"),
    ]
    for owner, function, step in functions:
        setattr(owner, function.__name__, _timing(function, step, spent))
    try:
        yield spent
    finally:
        for owner, function, _ in functions:
            setattr(owner, function.__name__, function)


def _timing(function: Callable[..., Any], step: str, spent: dict[str, float]) -> Callable[..., Any]:
    def timed(*arguments: Any, **options: Any) -> Any:
        began = time.process_time()
        try:
            return function(*arguments, **options)
        finally:
            spent[step] += time.process_time() - began

    return timed


@dataclass(frozen=True)
class Comparison:
    """CPU seconds of three ways to compute the same posteriors, and the largest difference between their values."""

    phones: int
    shared_s: float
    batched_s: float
    naive_s: float
    difference: float


def compare(engine: Engine, line: Line, runs: int) -> Comparison:
    """Computes the posteriors of all sounds of a line with shared passes, and with a pass for each hypothesis."""
    take = recording_quality.examine(line.samples)
    logp = engine.acoustic.run(take.audio).log_probs
    goodness = engine.pronunciation_of(take.audio)(engine.lexicon.read(line.text))
    if goodness is None:
        raise ValueError("the line does not hold its sounds")
    phones = [engine.profile.phones.index[phone] for word in goodness.words for phone in word.pronunciation.scored]
    shared, shared_s = _median_of(lambda: _shared(logp, phones), runs)
    batched, batched_s = _median_of(lambda: naive.posteriors_in_batches(logp, phones), 1)
    plain, naive_s = _median_of(lambda: naive.posteriors(logp, phones), 1)
    difference = max(float(np.abs(shared - other).max()) for other in (batched, plain))
    return Comparison(len(phones), shared_s, batched_s, naive_s, difference)


def _shared(logp: ctc.Floats, phones: Sequence[int]) -> ctc.Floats:
    """Returns the posteriors from one forward and one backward pass, as `gop` computes them."""
    lattice = ctc.build(logp, phones)
    return phone_scores.from_log_odds(ctc.edit_log_odds(lattice), lattice.phones).posteriors


def _median_of(function: Callable[[], ctc.Floats], runs: int) -> tuple[ctc.Floats, float]:
    seconds = []
    for _ in range(runs):
        began = time.process_time()
        value = function()
        seconds.append(time.process_time() - began)
    return value, median(seconds)
