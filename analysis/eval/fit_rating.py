"""Fits the rating model on rated learners and writes it: `make fit-rating CORPUS=FOLDER`.

First the model is fitted on four fifths of the speakers and rates the last fifth, five times. From those predictions
come the curves from ratings to scores and the limits of flags and of the gate; nothing is set by people that the
networks have seen. Then the networks are fitted on all.
The five models are kept. With --folds the tables of the evaluation are printed for the same recordings, each measured
with the model of its own fold; nothing is fitted then.
Recordings that ship with the evaluation take no part in either.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from rich.console import Console

from analysis.engine import rating, rating_network
from analysis.engine.languages.registry import DEFAULT_TAG, primary_subtag
from analysis.engine.rating_network import Network, Ratings
from analysis.eval import corpus, gate_samples, rating_samples, report, signals
from analysis.eval.gate_samples import GateExample
from analysis.eval.gate_training import choose_limits, fit_gate
from analysis.eval.human import experiment
from analysis.eval.human.plans import plans
from analysis.eval.languages.english.program_voices import FOREIGN
from analysis.eval.languages.registry import MATERIALS
from analysis.eval.pool import TrialPool
from analysis.eval.rating_curves import choose_curves, choose_flag_limit
from analysis.eval.rating_example import Example
from analysis.eval.rating_training import Options, fit, scales_of
from analysis.eval.speechocean import Utterance, load, shipped_ids
from analysis.eval.stored import stored

FOLDS: Final = 5
NETWORKS: Final = 3
FOLD_NETWORKS: Final = 2
_KEPT: Final = corpus.ROOT / ".data" / "eval" / "rating-folds"
_PROCESSES: Final = 2
_COPIED: Final = 4
"""Every fourth recording has a copy with a harmless change; all have one from a worse place."""
_GATED: Final = 4
"""Every fourth recording serves the gate."""
_NO_ATTEMPTS: Final = 8
"""Lines of learners that each sound without speech is compared with, besides those of native readings."""


Folds = dict[frozenset[str], list[Network]]
"""Speakers of a fold → the networks that were fitted without them."""


@dataclass(frozen=True)
class Samples:
    """Examples of learners with their names and speakers, copies of theirs, and examples of no learner."""

    names: list[str]
    speakers: list[str]
    learners: list[Example]
    copies: list[tuple[str, Example]]
    others: list[Example]
    gate: list[GateExample]

    def without(self, speakers: frozenset[str]) -> list[Example]:
        """Returns all examples but those of these speakers."""
        own = [example for who, example in zip(self.speakers, self.learners, strict=True) if who not in speakers]
        copies = [example for who, example in self.copies if who not in speakers]
        return [*own, *copies, *self.others]


def gather(pool: TrialPool, utterances: Sequence[Utterance], tag: str) -> Samples:
    """Measures learners, copies, native readings and rendered lines."""
    measure = stored(rating_samples.learner)
    plain = pool.run("learners", measure, [(utterance, None) for utterance in utterances])
    found = [(own, example) for own, example in zip(utterances, plain, strict=True) if rating_samples.usable([example])]
    plan = _plan_copies(utterances)
    changed = pool.run("copies", measure, plan)
    copies = [
        (own.speaker, copy) for (own, _), copy in zip(plan, changed, strict=True) if rating_samples.usable([copy])
    ]
    natives = pool.run("native readings", stored(rating_samples.native), rating_samples.natives(tag))
    voices = [(tag, voice.name) for voice in MATERIALS[tag].list_voices() if voice.family == "fit"]
    rendered = [example for lines in pool.run("voices", stored(rating_samples.rendered), voices) for example in lines]
    return Samples(
        [own.name for own, _ in found],
        [own.speaker for own, _ in found],
        [example for _, example in found],
        copies,
        rating_samples.usable([*natives, *rendered]),
        _gather_gate(pool, utterances[::_GATED], tag),
    )


def _plan_copies(utterances: Sequence[Utterance]) -> list[tuple[Utterance, str]]:
    """Returns recordings with the names of changes, which take turns."""
    harmless, worse = list(rating_samples.HARMLESS), list(rating_samples.WORSE)
    plan = [(own, harmless[at % len(harmless)]) for at, own in enumerate(utterances[::_COPIED])]
    return plan + [(own, worse[at % len(worse)]) for at, own in enumerate(utterances)]


def _gather_gate(pool: TrialPool, utterances: Sequence[Utterance], tag: str) -> list[GateExample]:
    planned = [plan.other_texts for plan in plans(utterances)]
    learners = [(own, texts) for own, texts in zip(utterances, planned, strict=True) if len(texts) > 1]
    natives = rating_samples.natives(tag)
    texts = [text for _, text in natives]
    paired = [(path, text, _unlike(text, texts)[:4]) for path, text in natives]
    lines = [*texts, *(utterance.text for utterance in utterances[:: max(1, len(utterances) // _NO_ATTEMPTS)])]
    sounds = [(name, lines) for name in (*signals.no_speech(), *FOREIGN)]
    voices = [voice.name for voice in MATERIALS[tag].list_voices() if voice.family == "fit"]
    syllables = [(tag, voice, syllable, lines) for voice in voices for syllable in gate_samples.SYLLABLES]
    runs = (
        pool.run("gate: learners", stored(gate_samples.of_learner), learners),
        pool.run("gate: native readings", stored(gate_samples.of_native), paired),
        pool.run("gate: no attempt", stored(gate_samples.of_no_attempt), sounds),
        pool.run("gate: syllables", stored(gate_samples.of_syllables), syllables),
    )
    return [example for run in runs for examples in run for example in examples]


def _unlike(text: str, texts: Sequence[str]) -> list[str]:
    """Returns the texts that share no word with this one, in a fixed random order."""
    own = {*text.lower().split()}
    order = np.random.default_rng(len(text)).permutation(len(texts))
    return [texts[int(at)] for at in order if not own & {*texts[int(at)].lower().split()}]


def split(speakers: Sequence[str]) -> list[frozenset[str]]:
    """Returns the speakers of each fold."""
    order = np.random.default_rng(7).permutation(sorted(set(speakers)))
    return [frozenset(str(who) for who in order[fold::FOLDS]) for fold in range(FOLDS)]


def fit_networks(examples: Sequence[Example], count: int) -> list[Network]:
    """Fits the networks of one model, which differ by their seeds."""
    scales = scales_of(examples)
    return [fit(examples, scales, seed, Options()) for seed in range(count)]


def predict(networks: Sequence[Network], examples: Sequence[Example]) -> list[Ratings]:
    """Rates every example."""
    return [
        rating.with_sure_errors(rating_network.rate(networks, example.inputs), example.inputs) for example in examples
    ]


def describe(tag: str, samples: Samples, examples: Sequence[Example], rated: Sequence[Ratings]) -> dict[str, Any]:
    """Returns the description that is stored: curves and limit by the predictions, and the material of the fit."""
    limit, reached = choose_flag_limit(examples, rated)
    limits, refused = choose_limits(samples.gate, split(samples.speakers))
    return {
        "name": "rating-1",
        "calibration": "speechocean762-1",
        "fitted_on": {
            "people": f"{len(samples.learners)} readings by {len(set(samples.speakers))} learners, speechocean762",
            "copies": len(samples.copies),
            "others": f"{len(samples.others)} native, synthetic and rendered lines ({tag})",
        },
        "curves": choose_curves(examples, rated),
        "flag_from": limit,
        "flags": {name: round(share, 3) for name, share in reached.items()},
        "reading_from": asdict(limits),
        "refused": {kind: round(share, 4) for kind, share in refused.items()},
    }


def _fit_folds(samples: Samples, console: Console) -> tuple[list[Ratings], Folds]:
    """Returns the ratings of each learner's reading by networks that saw none of the speaker's, and the networks."""
    rated: dict[str, Ratings] = {}
    kept: Folds = {}
    for number, speakers in enumerate(split(samples.speakers), 1):
        networks = fit_networks(samples.without(speakers), FOLD_NETWORKS)
        own = [at for at, who in enumerate(samples.speakers) if who in speakers]
        predicted = predict(networks, [samples.learners[at] for at in own])
        rated |= {samples.names[at]: ratings for at, ratings in zip(own, predicted, strict=True)}
        kept[speakers] = networks
        console.print(f"fold {number} of {FOLDS}: {len(own)} readings", highlight=False)
    return [rated[name] for name in samples.names], kept


def _keep_folds(samples: Samples, kept: Folds, text: dict[str, Any]) -> None:
    """Writes the model of each fold, with the curves and limits of the model that ships."""
    _KEPT.mkdir(parents=True, exist_ok=True)
    for number, (speakers, networks) in enumerate(kept.items()):
        gate = fit_gate([example for example in samples.gate if example.speaker not in speakers])
        rating.store(networks, gate, text | {"speakers": sorted(speakers)}, _KEPT / f"fold{number}.json")


def _models_of_folds(utterances: Sequence[Utterance]) -> dict[str, str | None]:
    """Returns the model for each recording: the one that was fitted without its speaker."""
    models: dict[str, str | None] = {}
    for path in sorted(_KEPT.glob("fold*.json")):
        speakers = {*json.loads(path.read_text(encoding="utf-8"))["speakers"]}
        models |= {utterance.name: str(path) for utterance in utterances if utterance.speaker in speakers}
    return models


def _measure_folds(pool: TrialPool, utterances: Sequence[Utterance]) -> list[report.Table]:
    """Returns the tables on people, each recording measured with the model of its fold."""
    models = _models_of_folds(utterances)
    learners = experiment.collect(pool, utterances, models)
    copies = experiment.collect_copies(pool, utterances, models)
    natives = experiment.collect_natives(pool)
    return experiment.tables(experiment.Measured(learners, copies, natives)).tables


def fit_all(pool: TrialPool, utterances: Sequence[Utterance], tag: str, console: Console) -> None:
    """Fits the folds and the model that ships, and writes both."""
    samples = gather(pool, utterances, tag)
    rated, kept = _fit_folds(samples, console)
    text = describe(tag, samples, samples.learners, rated)
    _keep_folds(samples, kept, text)
    networks, path = fit_networks(samples.without(frozenset()), NETWORKS), MATERIALS[tag].profile.rating_model
    rating.store(networks, fit_gate(samples.gate), text, path)
    console.print(f"Written: {path.name}; flags: {text['flags']}; refused: {text['refused']}", highlight=False)


def main() -> None:
    """Fits and writes the model, or measures the folds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("corpus", type=Path, help="a folder in the layout of speechocean762")
    parser.add_argument("--set", dest="part", help="the set of the corpus; the first that it has")
    parser.add_argument("--folds", action="store_true", help="measure each fold with its model of the last fit")
    parser.add_argument("--language", default=primary_subtag(DEFAULT_TAG), choices=MATERIALS)
    options = parser.parse_args()
    console, shipped = Console(), shipped_ids()
    utterances = [utterance for utterance in load(options.corpus, options.part) if utterance.name not in shipped]
    with TrialPool(_PROCESSES, console) as pool:
        if not options.folds:
            fit_all(pool, utterances, options.language, console)
        elif _models_of_folds(utterances):
            for table in _measure_folds(pool, utterances):
                report.show(console, table)
        else:
            console.print(f"There is no model of a fold in {_KEPT}: run the fit without --folds first.")


if __name__ == "__main__":
    main()
