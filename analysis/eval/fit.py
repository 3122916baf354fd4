"""Fits the rescoring of sounds and writes its model: `make fit`, about 15 minutes; with `--check` it writes nothing.

`--language TAG` chooses the language; its lines and voices stand in `analysis/eval/languages/`.

It is fitted on rendered lines with chosen wrong sounds, by voices of the family "fit" only. The weights of the two
scores come from predictions for a synthesizer that the networks have not seen (fitted on the other synthesizers).
Held-out voices appear in the report only. Flags come from the rating model (`analysis/eval/fit_rating.py`), which reads
the rescoring among other evidence: fit it again after the rescoring.
"""

import argparse
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Final

import numpy as np

from analysis.engine import rescoring
from analysis.engine.acoustic_model import AcousticModel
from analysis.engine.language_profile import LanguageProfile
from analysis.engine.languages.registry import DEFAULT_TAG, primary_subtag
from analysis.engine.phones import PhoneSet
from analysis.engine.rescoring import Ensemble
from analysis.eval.fit_models import (
    ScoredSamples,
    Weights,
    both_scores,
    fit_read_out,
    fit_weights,
    join_scored,
    score,
)
from analysis.eval.fit_report import confusion_lines, human_line, summary_line
from analysis.eval.fit_samples import LINES_PER_VOICE, Samples, gather, join
from analysis.eval.languages.registry import MATERIALS
from analysis.eval.material import FitMaterial
from analysis.eval.voice import Voice

_PROCESSES: Final = 2


@dataclass(frozen=True)
class Fit:
    """A fitted rescoring: its networks, the other data stored with them, and the lines of the report."""

    read_out: Ensemble
    description: dict[str, Any]
    lines: list[str]


def run(material: FitMaterial) -> Fit:
    """Renders, measures, fits and checks."""
    profile, voices = material.profile, material.list_voices()
    samples = _gather_all(profile.tag, voices)
    by_engine = _by_engine(voices, samples)
    weights, unseen = _cross_fit(by_engine, profile)
    _print("fitting on all")
    read_out = fit_read_out(join(list(by_engine.values())), profile.phones)
    checked = [samples[voice.name] for voice in voices if voice.family == "held-out"]
    held_out = [score(part, read_out, weights, profile) for part in checked]
    description = _describe(profile, voices, by_engine, weights)
    return Fit(read_out, description, _report(unseen, held_out, profile.phones))


def _gather_all(tag: str, voices: Sequence[Voice]) -> dict[str, Samples]:
    gathered, names = {}, [voice.name for voice in voices]
    with ProcessPoolExecutor(_PROCESSES) as pool:
        for voice, samples in zip(voices, pool.map(gather, repeat(tag), names), strict=True):
            gathered[voice.name] = samples
            _print(f"{voice.name}: {len(samples.said)} sounds")
    return gathered


def _by_engine(voices: Sequence[Voice], samples: dict[str, Samples]) -> dict[str, Samples]:
    """Returns the samples of the fitting voices by synthesizer."""
    fitting = [voice for voice in voices if voice.family == "fit"]
    return {
        engine: join([samples[voice.name] for voice in fitting if voice.engine == engine])
        for engine in sorted({voice.engine for voice in fitting})
    }


def _cross_fit(by_engine: dict[str, Samples], profile: LanguageProfile) -> tuple[Weights, dict[str, ScoredSamples]]:
    """Fits the weights, and scores the samples of each synthesizer with networks fitted on the others."""
    read_outs = {}
    for engine in by_engine:
        _print(f"fitting without {engine}")
        others = [part for other, part in by_engine.items() if other != engine]
        read_outs[engine] = fit_read_out(join(others), profile.phones)
    both = np.concatenate([both_scores(part, read_outs[engine], profile)[0] for engine, part in by_engine.items()])
    weights = fit_weights(both, np.concatenate([part.wrong for part in by_engine.values()]))
    return weights, {engine: score(part, read_outs[engine], weights, profile) for engine, part in by_engine.items()}


def _report(unseen: dict[str, ScoredSamples], held_out: Sequence[ScoredSamples], phones: PhoneSet) -> list[str]:
    lines = [summary_line(f"{engine}, from the others", scored) for engine, scored in unseen.items()]
    if held_out:
        lines += [summary_line(str(scored.samples.voice[0]), scored) for scored in held_out]
        together = join_scored(held_out)
        lines += [summary_line("held out, all", together), "", "held out, by confusion:"]
        lines += confusion_lines(together, phones)
    return lines


def _describe(
    profile: LanguageProfile,
    voices: Sequence[Voice],
    by_engine: dict[str, Samples],
    weights: Weights,
) -> dict[str, Any]:
    return {
        "name": "fit-2",
        "fitted_on": {
            "voices": sorted(voice.name for voice in voices if voice.family == "fit"),
            "lines_per_voice": LINES_PER_VOICE["fit"],
            "sounds": sum(len(part.said) for part in by_engine.values()),
            "wrong_sounds": int(sum(part.wrong.sum() for part in by_engine.values())),
            "what": "rendered lines, right and with chosen wrong sounds; no human speech, no learners",
        },
        **_describe_acoustic(profile),
        "mix": list(weights),
    }


def _describe_acoustic(profile: LanguageProfile) -> dict[str, Any]:
    model = AcousticModel(profile.load_models().acoustic, profile.phones)
    return {"acoustic": model.name, "tokens": list(model.tokens)}


def _print(line: str) -> None:
    print(line, flush=True)  # noqa: T201


def main() -> None:
    """Fits, prints the report and writes the model."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="report only, write nothing")
    parser.add_argument("--language", default=primary_subtag(DEFAULT_TAG), choices=MATERIALS)
    options = parser.parse_args()
    material = MATERIALS[options.language]
    fit = run(material)
    for line in fit.lines:
        _print(line)
    _print(f"weights {fit.description['mix']}")
    if not options.check:
        rescoring.store(fit.read_out, fit.description, material.profile.rescoring_model)
        _print(human_line(material.profile))


if __name__ == "__main__":
    main()
