"""The arithmetic of the evaluation: areas, correlations, hits and intervals."""

import numpy as np
import pytest

from analysis.eval import metrics


def test_the_area_counts_pairs_and_halves_ties() -> None:
    assert metrics.auc([1, 2], [3, 4]) == 1
    assert metrics.auc([3, 4], [1, 2]) == 0
    assert metrics.auc([1, 2, 2], [2, 3]) == pytest.approx((2 + 1.5 + 1.5) / 6)
    assert np.isnan(metrics.auc([], [1]))


def test_the_area_is_the_share_of_pairs_in_order() -> None:
    rng = np.random.default_rng(0)
    low, high = rng.integers(0, 20, 60), rng.integers(5, 25, 90)
    pairs = np.mean((low[:, None] < high[None]) + 0.5 * (low[:, None] == high[None]))
    assert metrics.auc(low, high) == pytest.approx(float(pairs))


def test_rank_correlation_depends_on_order_only() -> None:
    x = np.arange(20.0)
    assert metrics.spearman(x, np.exp(x)) == pytest.approx(1)
    assert metrics.spearman(x, -(x**3)) == pytest.approx(-1)
    assert metrics.pearson(x, 3 * x + 1) == pytest.approx(1)
    assert np.isnan(metrics.pearson(x, np.ones(20)))
    # 1, 2.5, 2.5, 4 against 1, 2, 3, 4
    assert metrics.spearman([1, 2, 2, 3], [1, 2, 3, 4]) == pytest.approx(4.5 / np.sqrt(4.5 * 5))


def test_hits_are_counted_where_false_alarms_stay_below_the_limit() -> None:
    right = np.arange(100.0)
    hits, threshold = metrics.hits_at([-1, 0.5, 1.5, 50], right, 0.02)
    assert (hits, threshold) == (0.75, 2.0)
    assert np.mean(right < threshold) <= 0.02


def test_intervals_contain_the_figure() -> None:
    estimate = metrics.bootstrap(list(range(50)), lambda items: float(np.mean(items)))
    assert estimate.low < estimate.value == 24.5 < estimate.high
    assert estimate == metrics.bootstrap(list(range(50)), lambda items: float(np.mean(items)))
    rate = metrics.share([True] * 20)
    assert rate.value == 1 and 0.8 < rate.low < 1 and rate.high == pytest.approx(1)


def test_grouped_figures_resample_the_groups() -> None:
    groups = [[True] * 10, [False] * 10, [True, False]]
    rate = metrics.grouped_share(groups)
    assert rate.value == 0.5 and rate.low < 0.1 and rate.high > 0.9
    assert metrics.share([value for group in groups for value in group]).low > rate.low
    assert metrics.grouped_share([[False] * 20]) == metrics.share([False] * 20)
    assert np.isnan(metrics.grouped_share([[], []]).value)
    line = metrics.grouped([[(1.0, 2.0), (2.0, 4.0)], [], [(3.0, 6.0)]], metrics.pearson)
    assert line.value == pytest.approx(1) and line.high == pytest.approx(1)
    assert np.isnan(metrics.grouped([[]], metrics.pearson).value)
