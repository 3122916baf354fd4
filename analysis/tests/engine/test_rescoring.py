"""The second vote: what it is made of, and that it hears the pairs the first vote is deaf to."""

import json
from collections.abc import Callable

import numpy as np
import pytest

from analysis.engine import ctc, gop, rescoring
from analysis.engine.acoustic_model import Acoustic
from analysis.engine.engine import ENGINE_INFO, Engine
from analysis.engine.phones import INDEX, PHONES
from analysis.engine.rescoring import NONE, RIVALS
from analysis.engine.result import AnalysisResult
from analysis.tests.conftest import Audio, Recording

LINE = "He will keep the bag in this big room"
SPOKEN = "hi wˈɪl kˈip ðə bˈæɡ ɪn ðˈɪs bˈɪɡ ɹˈum"


@pytest.fixture(scope="module")
def model() -> rescoring.Model:
    return rescoring.load()


def _lattice(frames: int = 30, phones: tuple[str, ...] = ("B", "IH", "G")) -> ctc.Lattice:
    logp = np.log(np.random.default_rng(0).dirichlet(np.full(NONE + 1, 0.3), frames) + 1e-9)
    return ctc.build(logp, [INDEX[phone] for phone in phones])


def _line(lattice: ctc.Lattice, *bounds: int) -> rescoring.Line:
    own = np.eye(NONE + 1, dtype=bool)[lattice.phones]
    return rescoring.Line(lattice, lattice.phones, np.array(bounds), own)


def test_the_model_says_what_it_was_fitted_on_and_fits_the_acoustic_model(model: rescoring.Model) -> None:
    stored = json.loads(rescoring.PATH.read_text(encoding="utf-8"))
    assert ENGINE_INFO.models["second_vote"] == stored["name"] == model.name
    assert stored["fitted_on"]["voices"] and "no learners" in stored["fitted_on"]["what"]
    assert model.tokens == Acoustic().tokens
    assert model.read_out.directions.shape[0] == len(model.read_out.centre) == 2 * len(model.tokens)
    for network in model.read_out.networks:
        assert network.inward.shape[0] == model.read_out.directions.shape[1] + rescoring.OTHER_FEATURES
        assert all(np.isfinite(part).all() for part in vars(network).values())


def test_votes_are_posteriors_and_the_same_every_time(model: rescoring.Model) -> None:
    lattice = _lattice()
    tokens = np.random.default_rng(1).normal(-5, 2, (30, len(model.tokens))).astype(np.float32)
    line = _line(lattice, 0, 3)
    votes = [model.vote(line, gop.gains(lattice), tokens) for _ in range(2)]
    assert ((votes[0].posteriors > 0) & (votes[0].posteriors < 1)).all()
    assert (votes[0].posteriors == votes[1].posteriors).all()
    surely = votes[0].posteriors > 0.5
    assert (votes[0].heard[surely] == lattice.phones[surely]).all()
    assert (votes[0].heard[~surely] != lattice.phones[~surely]).all()


def test_a_usual_confusion_counts_more_than_a_rare_one(model: rescoring.Model) -> None:
    expected = np.array([INDEX["IH"]])
    gains = np.full((1, NONE + 1), -20.0)
    gains[0, expected] = 0.0
    totals = {}
    for rival in ("IY", "K"):
        odds = gains.copy()
        odds[0, INDEX[rival]] = 3.0
        first, _, prior = rescoring.odds(expected, odds, np.zeros((1, NONE + 1)))
        totals[rival] = float(rescoring.total(first + prior)[0])
    assert totals["IY"] == pytest.approx(3.0, abs=0.01)
    assert totals["K"] == pytest.approx(3.0 + np.log(rescoring.RARE), abs=0.01)


def test_only_named_confusions_may_be_pointed_out(model: rescoring.Model) -> None:
    limit = model.flag_below("R", "L")
    assert limit is not None and limit <= 0.5
    assert model.flag_below("K", "M") is None
    for expected, heard in model.flags:
        assert expected in PHONES
        assert heard is None or heard in RIVALS.get(expected, ()), (expected, heard)


def test_features_see_the_neighbours_and_the_place_in_the_word(model: rescoring.Model) -> None:
    lattice = _lattice()
    tokens = np.full((30, len(model.tokens)), -12.0, dtype=np.float32)
    seen = rescoring.features(_line(lattice, 0, 1, 3), tokens)
    others = seen[:, 2 * len(model.tokens) :]
    assert others.shape == (3, rescoring.OTHER_FEATURES)
    before, after, timing = others[:, :40], others[:, 40:80], others[:, 80:]
    assert before.argmax(axis=1).tolist() == [NONE, INDEX["B"], INDEX["IH"]]
    assert after.argmax(axis=1).tolist() == [INDEX["IH"], INDEX["G"], NONE]
    assert timing[:, 3].tolist() == [1, 1, 0]
    assert timing[:, 4].tolist() == [1, 0, 1]
    assert np.isfinite(seen).all()


def _phone(result: AnalysisResult, word: str, phone: str) -> tuple[float, str | None]:
    found = next(one for one in result.detailed_feedback.words if one.text == word)
    return next((one.score, one.heard_as) for one in found.phones if one.expected == phone)


@pytest.mark.parametrize(
    ("right", "wrong", "word", "expected", "heard"),
    [
        ("bˈɪɡ", "bˈiɡ", "big", "IH", "IY"),
        ("bˈæɡ", "vˈæɡ", "bag", "B", "V"),
        ("ɹˈum", "lˈum", "room", "R", "L"),
    ],
)
def test_a_weak_pair_is_heard_and_costs_only_its_word(
    engine: Engine, say: Callable[[str], Audio], right: str, wrong: str, word: str, expected: str, heard: str
) -> None:
    reference = engine.features(say(SPOKEN), LINE)
    good = engine.analyze(say(SPOKEN), LINE, reference)
    bad = engine.analyze(say(SPOKEN.replace(right, wrong, 1)), LINE, reference)
    assert _phone(good, word, expected)[0] >= 90
    score, as_what = _phone(bad, word, expected)
    assert (score <= 60, as_what) == (True, heard)
    for before, after in zip(good.detailed_feedback.words, bad.detailed_feedback.words, strict=True):
        if before.text != word:
            assert before.score is not None and after.score is not None
            assert before.score - after.score <= 5, before.text


def test_a_native_speaker_is_not_corrected(engine: Engine, recordings: list[Recording]) -> None:
    """Without an actor to compare with, at most one sound in a hundred of real speech is pointed out."""
    phones = [
        phone
        for recording in recordings
        for word in engine.analyze(recording.audio, recording.text, None).detailed_feedback.words
        for phone in word.phones
    ]
    flagged = [(phone.expected, phone.heard_as) for phone in phones if phone.flagged]
    assert len(flagged) <= 0.01 * len(phones), flagged
