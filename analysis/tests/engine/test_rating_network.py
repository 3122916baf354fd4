"""The rating network and the stored model: ranges, order of the outputs, and what lowers a rating."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.engine import rating, rating_features
from analysis.engine.engine import Engine
from analysis.engine.languages.english.profile import ENGLISH
from analysis.engine.rating_network import ASPECTS, INPUTS, RatingInputs
from analysis.tests.conftest import Recording


@pytest.fixture(scope="module")
def model() -> rating.Model:
    return rating.load(ENGLISH)


@pytest.fixture(scope="module")
def inputs(engine: Engine, recordings: list[Recording]) -> RatingInputs:
    measured = engine.measure(recordings[1].audio, recordings[1].text)
    assert measured is not None
    return rating_features.build(measured)


def test_features_have_the_sizes_that_the_networks_were_fitted_on(model: rating.Model, inputs: RatingInputs) -> None:
    for name in INPUTS:
        values = getattr(inputs, name)
        assert np.isfinite(values).all()
        assert values.shape[-1] == len(model.networks[0].scales[name][0])
    assert len(inputs.phones) == len(inputs.layers) == len(inputs.word_of_phone)
    assert inputs.word_of_phone.tolist() == sorted(inputs.word_of_phone)
    assert inputs.word_of_phone[-1] == len(inputs.words) - 1


def test_ratings_are_within_the_scales_of_people_and_the_same_every_time(
    model: rating.Model, inputs: RatingInputs
) -> None:
    first, second = model.rate(inputs), model.rate(inputs)
    assert first.phones.shape == first.wrong.shape == inputs.word_of_phone.shape
    assert first.words.shape == (len(inputs.words),)
    assert tuple(first.line) == ASPECTS and first.line == second.line
    assert (first.phones == second.phones).all() and (first.words == second.words).all()
    assert first.phones.min() >= 0 and first.phones.max() <= 2
    assert all(0 <= rated <= 10 for rated in [*first.words, *first.line.values()])


def test_a_native_reading_is_rated_high_and_its_sounds_as_right(model: rating.Model, inputs: RatingInputs) -> None:
    rated = model.rate(inputs)
    assert rated.line["accuracy"] > 9.0 and min(rated.line.values()) > 8.0
    assert np.mean(rated.phones > 1.7) > 0.9
    assert rated.wrong.max() < model.flag_from


def test_evidence_against_every_sound_lowers_all_ratings(model: rating.Model, inputs: RatingInputs) -> None:
    """The phones' log-odds by both votes are the first features after the identity of the sound."""
    count = len(ENGLISH.phones)
    phones = inputs.phones.copy()
    phones[:, count : 3 * count + 2] = 3.0
    worse, own = model.rate(replace(inputs, phones=phones)), model.rate(inputs)
    assert worse.phones.mean() < own.phones.mean() - 0.5
    assert worse.wrong.mean() > own.wrong.mean()
    assert worse.line["accuracy"] < own.line["accuracy"]


def test_curves_are_monotone_and_end_at_0_and_100(model: rating.Model) -> None:
    assert {*rating.SCORED} <= {*model.curves}
    for name, (places, scores) in model.curves.items():
        assert list(places) == sorted(places) and list(scores) == sorted(scores), name
        assert model.score(name, 0.0) == 0.0 and model.score(name, places[-1]) == 100.0


def test_model_is_small_and_names_what_it_was_fitted_on(engine: Engine, model: rating.Model) -> None:
    assert ENGLISH.rating_model.with_suffix(".npz").stat().st_size < 5_000_000
    assert engine.info.models["rating"] == model.name
    assert "speechocean762" in model.calibration
