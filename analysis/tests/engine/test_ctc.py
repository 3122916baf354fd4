"""One α and one β pass must give what a pass per hypothesis gives."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.engine import ctc, recording_quality
from analysis.engine.acoustic_model import Acoustic
from analysis.engine.lexicon import Lexicon
from analysis.engine.phones import INDEX
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
    frames, sounds = draw(st.integers(14, 22)), draw(st.integers(2, 5))
    phones = draw(st.lists(st.integers(0, sounds - 1), min_size=1, max_size=5))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    return np.log(rng.dirichlet(np.full(sounds + 1, 0.4), frames) + 1e-9), phones


@settings(max_examples=40, deadline=None)
@given(cases(), st.lists(st.integers(0, 1), min_size=0, max_size=3))
def test_all_edits_agree_with_a_pass_of_their_own(case: tuple[ctc.Floats, list[int]], segment: list[int]) -> None:
    logp, phones = case
    lattice = ctc.build(logp, phones)
    assert np.isclose(lattice.total, _naive(logp, phones))
    length = len(phones)
    for i in range(length + 1):
        for j in range(i, length + 1):
            at = np.array([i]), np.array([j])
            if i < j:
                assert np.isclose(ctc.delete(lattice, *at)[0], _naive(logp, phones[:i] + phones[j:]))
                spliced = ctc.splice(lattice, i, j, segment)
                assert np.isclose(spliced, _naive(logp, phones[:i] + segment + phones[j:]))
            sounds = np.arange(logp.shape[1] - 1)
            swapped = ctc.replace(lattice, *at, sounds)[0]
            apart = [_naive(logp, [*phones[:i], int(sound), *phones[j:]]) for sound in sounds]
            assert np.allclose(swapped, apart, atol=1e-3)


def test_occupancy_is_a_posterior() -> None:
    logp = np.log(np.random.default_rng(1).dirichlet(np.ones(4), 20))
    occupancy = ctc.build(logp, [0, 1, 2]).occupancy()
    assert occupancy.shape == (20, 3)
    assert (occupancy >= 0).all()
    assert (occupancy.sum(axis=1) <= 1 + 1e-9).all()


def test_following_a_place_only_nearby_loses_nothing_on_speech(recordings: list[Recording]) -> None:
    model = Acoustic()
    lexicon = Lexicon(model.spell)
    for said, expected in ((4, 4), (3, 4)):
        logp = model.hear(recording_quality.examine(recordings[said].audio).audio).logp
        words = lexicon.read(recordings[expected].text)
        phones = [INDEX[phone] for word in words for phone in word.pronunciations[0].scored]
        lattice = ctc.build(logp, phones)
        places, sounds = np.arange(len(phones)), np.array([0, 6, 20, 27])
        near = ctc.replace(lattice, places, places + 1, sounds)
        far = [[_naive(logp, [*phones[:i], int(q), *phones[i + 1 :]]) for q in sounds] for i in places[::7]]
        gain, exact = near[::7] - lattice.total, np.array(far) - lattice.total
        assert np.abs(np.exp(np.minimum(gain, 0)) - np.exp(np.minimum(exact, 0))).max() < 0.01
