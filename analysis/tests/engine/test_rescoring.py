"""Rescoring of phones: the fitted model, its formula and features, and the confusions it recognises."""

import json
from collections.abc import Callable

import numpy as np
import pytest

from analysis.engine import ctc, rescoring
from analysis.engine.engine import Engine
from analysis.engine.languages.english.profile import ENGLISH
from analysis.engine.result import AnalysisResult
from analysis.tests.conftest import Audio, Recording

PHONES = ENGLISH.phones
LINE = "He will keep the bag in this big room"
SPOKEN = "hi wˈɪl kˈip ðə bˈæɡ ɪn ðˈɪs bˈɪɡ ɹˈum"


@pytest.fixture(scope="module")
def model() -> rescoring.Model:
    return rescoring.load(ENGLISH)


def _lattice(frames: int = 30, phones: tuple[str, ...] = ("B", "IH", "G")) -> ctc.Lattice:
    logp = np.log(np.random.default_rng(0).dirichlet(np.full(len(PHONES) + 1, 0.3), frames) + 1e-9)
    return ctc.build(logp, [PHONES.index[phone] for phone in phones])


def _expected(lattice: ctc.Lattice, *word_bounds: int) -> rescoring.ExpectedPhones:
    acceptable = np.eye(len(PHONES) + 1, dtype=bool)[lattice.phones]
    return rescoring.ExpectedPhones(lattice, lattice.phones, np.array(word_bounds), acceptable)


def test_model_describes_its_fit_and_matches_the_acoustic_model(engine: Engine, model: rescoring.Model) -> None:
    stored = json.loads(ENGLISH.rescoring_model.read_text(encoding="utf-8"))
    assert engine.info.models["second_vote"] == stored["name"] == model.name
    assert stored["fitted_on"]["voices"] and "no learners" in stored["fitted_on"]["what"]
    assert model.tokens == engine.acoustic.tokens
    directions = model.ensemble.directions
    assert directions.shape[0] == len(model.ensemble.centre) == 2 * len(model.tokens)
    for network in model.ensemble.networks:
        assert network.inward.shape[0] == directions.shape[1] + rescoring.context_size(len(PHONES))
        assert all(np.isfinite(part).all() for part in vars(network).values())


def test_scores_are_deterministic_posteriors(model: rescoring.Model) -> None:
    lattice = _lattice()
    tokens = np.random.default_rng(1).normal(-5, 2, (30, len(model.tokens))).astype(np.float32)
    expected = _expected(lattice, 0, 3)
    first, second = (model.rescore(expected, ctc.edit_log_odds(lattice), tokens).scores for _ in range(2))
    assert ((first.posteriors > 0) & (first.posteriors < 1)).all()
    assert (first.posteriors == second.posteriors).all()
    likely = first.posteriors > 0.5
    assert (first.recognised[likely] == lattice.phones[likely]).all()
    assert (first.recognised[~likely] != lattice.phones[~likely]).all()


@pytest.mark.parametrize(("confused", "prior"), [("IY", 1.0), ("K", rescoring.RARE_CONFUSION)])
def test_common_confusions_have_more_weight_than_rare_ones(confused: str, prior: float) -> None:
    expected = PHONES.index["IH"]
    log_odds = np.full((1, len(PHONES) + 1), -20.0)
    log_odds[0, expected] = 0.0
    log_odds[0, PHONES.index[confused]] = 3.0
    pooled = rescoring.pooled_log_odds(log_odds + rescoring.log_priors(ENGLISH)[[expected]])
    assert float(pooled[0]) == pytest.approx(3.0 + np.log(prior), abs=0.01)


def test_features_hold_the_neighbours_and_the_place_in_the_word(model: rescoring.Model) -> None:
    tokens = np.full((30, len(model.tokens)), -12.0, dtype=np.float32)
    features = rescoring.extract_features(_expected(_lattice(), 0, 1, 3), tokens)
    context = features[:, 2 * len(model.tokens) :]
    assert context.shape == (3, rescoring.context_size(len(PHONES)))
    before, after, timing = context[:, :40], context[:, 40:80], context[:, 80:]
    assert before.argmax(axis=1).tolist() == [PHONES.none, PHONES.index["B"], PHONES.index["IH"]]
    assert after.argmax(axis=1).tolist() == [PHONES.index["IH"], PHONES.index["G"], PHONES.none]
    assert timing[:, 3].tolist() == [1, 1, 0]
    assert timing[:, 4].tolist() == [1, 0, 1]
    assert np.isfinite(features).all()


def _phone(result: AnalysisResult, word: str, phone: str) -> tuple[float, str | None]:
    found = next(other for other in result.detailed_feedback.words if other.text == word)
    return next((other.score, other.heard_as) for other in found.phones if other.expected == phone)


@pytest.mark.parametrize(
    ("right", "wrong", "word", "expected", "recognised"),
    [
        ("bˈɪɡ", "bˈiɡ", "big", "IH", "IY"),
        ("bˈæɡ", "vˈæɡ", "bag", "B", "V"),
        ("ɹˈum", "lˈum", "room", "R", "L"),
    ],
)
def test_similar_phones_are_distinguished_and_lower_only_their_word(
    engine: Engine, say: Callable[[str], Audio], right: str, wrong: str, word: str, expected: str, recognised: str
) -> None:
    reference = engine.features(say(SPOKEN), LINE)
    good = engine.analyze(say(SPOKEN), LINE, reference)
    bad = engine.analyze(say(SPOKEN.replace(right, wrong, 1)), LINE, reference)
    assert _phone(good, word, expected)[0] >= 90
    score, heard_as = _phone(bad, word, expected)
    assert (score <= 60, heard_as) == (True, recognised)
    for before, after in zip(good.detailed_feedback.words, bad.detailed_feedback.words, strict=True):
        if before.text != word:
            assert before.score is not None and after.score is not None
            assert before.score - after.score <= 5, before.text


def test_native_speakers_are_rarely_corrected(engine: Engine, recordings: list[Recording]) -> None:
    """Without a reference, at most one phone in a hundred of real speech is flagged."""
    phones = [
        phone
        for recording in recordings
        for word in engine.analyze(recording.audio, recording.text, None).detailed_feedback.words
        for phone in word.phones
    ]
    flagged = [(phone.expected, phone.heard_as) for phone in phones if phone.flagged]
    assert len(flagged) <= 0.01 * len(phones), flagged
