"""Times of words where pocketsphinx finds no path."""

import itertools

import pytest

from analysis.engine import alignment


@pytest.mark.parametrize("peaks", [[0.5], [0.5, 0.62, 0.7], [0.5, 0.44, 0.7], [0.5, 0.4, 0.42], [0.01, 0.0]])
def test_phones_follow_each_other_whatever_the_order_of_their_peaks(peaks: list[float]) -> None:
    times = alignment.from_peaks(peaks)
    assert len(times.phones) == len(peaks)
    assert all(0.0 <= phone.start_s <= phone.end_s for phone in times.phones)
    assert all(one.end_s == other.start_s for one, other in itertools.pairwise(times.phones))
    assert (times.span.start_s, times.span.end_s) == (times.phones[0].start_s, times.phones[-1].end_s)
    assert times.span.start_s < times.span.end_s
