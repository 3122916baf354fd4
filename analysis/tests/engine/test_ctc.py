"""Edits from one α and one β pass agree with a forward pass per hypothesis."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.engine import ctc, recording_quality
from analysis.engine.engine import Engine
from analysis.tests.conftest import Recording


def _naive(logp: ctc.Floats, phones: list[int]) -> float:
    """The textbook forward pass over the extended sequence (Graves et al. 2006, eq. 6)."""
    blank = logp.shape[1] - 1
    extended = [blank]
    for phone in phones:
        extended += [phone, blank]
    alpha = np.full(len(extended), -np.inf)
    alpha[0] = logp[0, blank]
    if phones:
        alpha[1] = logp[0, extended[1]]
    for row in logp[1:]:
        new = np.full_like(alpha, -np.inf)
        for s, symbol in enumerate(extended):
            ways = [alpha[s]] + ([alpha[s - 1]] if s else [])
            if s > 1 and symbol != blank and symbol != extended[s - 2]:
                ways.append(alpha[s - 2])
            new[s] = row[symbol] + np.logaddexp.reduce(ways)
        alpha = new
    return float(np.logaddexp.reduce(alpha[-2:]))


@st.composite
def cases(draw: st.DrawFn) -> tuple[ctc.Floats, list[int]]:
    frames, classes = draw(st.integers(14, 22)), draw(st.integers(2, 5))
    phones = draw(st.lists(st.integers(0, classes - 1), min_size=1, max_size=5))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    return np.log(rng.dirichlet(np.full(classes + 1, 0.4), frames) + 1e-9), phones


@settings(max_examples=40, deadline=None)
@given(cases(), st.lists(st.integers(0, 1), min_size=0, max_size=3))
def test_all_edits_agree_with_separate_passes(case: tuple[ctc.Floats, list[int]], segment: list[int]) -> None:
    logp, phones = case
    lattice = ctc.build(logp, phones)
    assert np.isclose(lattice.total, _naive(logp, phones))
    length = len(phones)
    starts, stops = np.triu_indices(length)
    together = ctc.delete_nearby(lattice, starts, stops + 1)
    alone = [_naive(logp, phones[:i] + phones[j + 1 :]) for i, j in zip(starts, stops, strict=True)]
    assert np.allclose(together, alone, atol=1e-3)
    for i in range(length + 1):
        for j in range(i, length + 1):
            at = np.array([i]), np.array([j])
            if i < j:
                apart = _naive(logp, phones[:i] + phones[j:])
                assert np.isclose(ctc.delete(lattice, *at)[0], apart)
                assert np.isclose(ctc.delete_nearby(lattice, *at)[0], apart)
                segments = [segment, [*segment, 0], [1]]
                spliced = [_naive(logp, phones[:i] + own + phones[j:]) for own in segments]
                assert np.allclose(ctc.splice(lattice, i, j, segments), spliced)
            columns = np.arange(logp.shape[1] - 1)
            replaced = ctc.replace(lattice, *at, columns)[0]
            separate = [_naive(logp, [*phones[:i], int(column), *phones[j:]]) for column in columns]
            assert np.allclose(replaced, separate, atol=1e-3)


def test_occupancy_is_a_posterior() -> None:
    logp = np.log(np.random.default_rng(1).dirichlet(np.ones(4), 20))
    occupancy = ctc.build(logp, [0, 1, 2]).occupancy()
    assert occupancy.shape == (20, 3)
    assert (occupancy >= 0).all()
    assert (occupancy.sum(axis=1) <= 1 + 1e-9).all()


def test_windows_of_replacements_lose_nothing_on_speech(engine: Engine, recordings: list[Recording]) -> None:
    for spoken, expected in ((4, 4), (3, 4)):
        logp = engine.acoustic.run(recording_quality.examine(recordings[spoken].audio).audio).log_probs
        words = engine.lexicon.read(recordings[expected].text)
        index = engine.profile.phones.index
        phones = [index[phone] for word in words for phone in word.pronunciations[0].scored]
        lattice = ctc.build(logp, phones)
        places, columns = np.arange(len(phones)), np.array([0, 6, 20, 27])
        windowed = ctc.replace(lattice, places, places + 1, columns)
        whole = [[_naive(logp, [*phones[:i], int(q), *phones[i + 1 :]]) for q in columns] for i in places[::7]]
        gain, exact = windowed[::7] - lattice.total, np.array(whole) - lattice.total
        assert np.abs(np.exp(np.minimum(gain, 0)) - np.exp(np.minimum(exact, 0))).max() < 0.01


def test_windows_of_omissions_lose_no_plausible_one(engine: Engine, recordings: list[Recording]) -> None:
    """The line of another recording behind that of this one: the words that were not said are plausible omissions."""
    for spoken, added in ((4, 2), (3, 4)):
        logp = engine.acoustic.run(recording_quality.examine(recordings[spoken].audio).audio).log_probs
        words = engine.lexicon.read(f"{recordings[spoken].text} {recordings[added].text}")
        own = [word.pronunciations[0].scored for word in words]
        lattice = ctc.build(logp, [engine.profile.phones.index[phone] for phones in own for phone in phones])
        bounds = np.cumsum([0, *map(len, own)])
        firsts, lasts = np.triu_indices(len(words))
        exact = ctc.delete(lattice, bounds[firsts], bounds[lasts + 1])
        nearby = ctc.delete_nearby(lattice, bounds[firsts], bounds[lasts + 1])
        plausible = exact > exact.max() - 30
        assert exact.max() > lattice.total + 30 and plausible.sum() > 1
        assert np.abs(nearby - exact)[plausible].max() < 0.01
        assert (nearby < exact + 1e-6).all()


def test_the_lattice_that_was_asked_for_last_is_not_made_again() -> None:
    lattices = ctc.Lattices(np.log(np.random.default_rng(1).dirichlet(np.ones(4), 20)))
    first = lattices.of([0, 1, 2])
    assert lattices.of((0, 1, 2)) is first
    other = lattices.of([0, 1])
    assert other is not first and len(other.phones) == 2
    assert lattices.of([0, 1, 2]) is not first
