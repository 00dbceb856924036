"""Scores against closed forms, brute force and their own sums. Default tier."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri
from scipy.stats import binomtest

from simulator.numerics import scores

FORECASTS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


@given(FORECASTS, st.integers(1, 20))
def test_the_parts_of_the_brier_score_sum_to_it(forecasts, bins):
    chances, outcomes = map(np.array, zip(*forecasts, strict=True))
    parts = scores.decomposition(chances, outcomes, bins)
    assert parts.brier == pytest.approx(np.mean((chances - outcomes) ** 2))
    total = parts.reliability - parts.resolution + parts.uncertainty + parts.within
    assert parts.brier == pytest.approx(total, abs=1e-12)
    # within: the variance of the chances inside of the bins, less twice their covariance with the outcomes
    numbers = np.minimum((chances * bins).astype(int), bins - 1)
    within = 0.0
    for number in set(numbers):
        p, y = chances[numbers == number], outcomes[numbers == number].astype(float)
        within += len(p) * (np.mean((p - p.mean()) ** 2) - 2 * np.mean((p - p.mean()) * (y - y.mean())))
    assert parts.within == pytest.approx(within / len(chances), abs=1e-12)
    assert -1e-12 <= parts.resolution <= parts.uncertainty + 1e-12
    assert parts.uncertainty <= 0.25


def test_murphy_s_identity_holds_where_a_bin_has_one_chance():
    chances = np.repeat([0.05, 0.35, 0.95], [20, 20, 10])
    outcomes = np.r_[np.ones(2), np.zeros(18), np.ones(5), np.zeros(15), np.ones(9), np.zeros(1)]
    parts = scores.decomposition(chances, outcomes)
    assert parts.within == pytest.approx(0, abs=1e-12)
    assert parts.reliability == pytest.approx((20 * 0.05**2 + 20 * 0.1**2 + 10 * 0.05**2) / 50)
    assert parts.uncertainty == pytest.approx(16 / 50 * 34 / 50)


def test_log_scores_are_infinite_for_what_could_not_be():
    found = scores.log_scores(np.array([0.5, 0.9, 0.0]), np.array([True, False, True]))
    assert found[:2] == pytest.approx([np.log(2), np.log(10)])
    assert np.isinf(found[2])


@pytest.mark.parametrize(
    ("chances", "outcomes"), [([], []), ([0.5], [True, False]), ([1.2], [True]), ([np.nan], [True])]
)
def test_what_is_no_forecast_is_refused(chances, outcomes):
    with pytest.raises(ValueError, match="found"):
        scores.brier(np.array(chances), np.array(outcomes))


@pytest.mark.parametrize(("hits", "n"), [(0, 5), (3, 10), (10, 10), (1, 1), (70, 200)])
def test_wilson_s_interval_is_scipy_s(hits, n):
    other = binomtest(hits, n).proportion_ci(0.95, method="wilson")
    assert scores.wilson(hits, n) == pytest.approx((other.low, other.high))


def test_points_of_a_reliability_diagram_count_every_forecast_once():
    chances = np.array([0.0, 0.05, 0.1, 0.55, 0.99, 1.0])
    points = scores.reliability_points(chances, np.array([0, 0, 1, 1, 1, 0]))
    assert [(point.n, point.hits) for point in points] == [(2, 0), (1, 1), (1, 1), (2, 1)]
    assert [point.chance for point in points] == pytest.approx([0.025, 0.1, 0.55, 0.995])
    assert all(point.low <= point.share <= point.high for point in points)


def test_the_crps_of_quantiles_and_draws_is_that_of_the_normal():
    actual, deviation = np.array([0.3, -1.2, 4.0]), 0.7
    z = actual / deviation
    density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    exact = deviation * (z * (2 * ndtr(z) - 1) + 2 * density - 1 / np.sqrt(np.pi))
    levels = (np.arange(4000) + 0.5) / 4000
    members = np.tile(deviation * ndtri(levels), (3, 1))
    assert scores.crps_of_draws(members, actual) == pytest.approx(exact, abs=1e-3)
    assert scores.crps_of_quantiles(members, actual, levels) == pytest.approx(exact, abs=1e-3)
    few = deviation * ndtri(scores.LEVELS)
    gap = actual[:, None] - few
    pinball = 2 * np.maximum(scores.LEVELS * gap, (scores.LEVELS - 1) * gap).mean(axis=1)
    assert scores.crps_of_quantiles(np.tile(few, (3, 1)), actual) == pytest.approx(pinball, rel=1e-12)


def test_a_band_holds_its_ends():
    quantiles = np.tile(scores.LEVELS, (4, 1))
    inside = scores.within_band(quantiles, np.array([0.1, 0.9, 0.099, 0.901]), 0.8)
    assert inside.tolist() == [True, True, False, False]
    with pytest.raises(ValueError, match="levels"):
        scores.within_band(quantiles, np.zeros(4), 0.83)


def test_flat_ranks_are_told_from_others():
    random = np.random.default_rng(5)
    members, actual = random.normal(size=(2000, 39)), random.normal(size=2000)
    flat = scores.rank_histogram(scores.ranks(members, actual), 39)
    assert sum(flat.counts) == 2000 == pytest.approx(sum(flat.expected))
    assert flat.p_value > 0.01
    narrow = scores.rank_histogram(scores.ranks(0.8 * members, actual), 39)
    assert narrow.p_value < 1e-4
    with pytest.raises(ValueError, match="bins"):
        scores.rank_histogram(np.array([0]), 3)


def test_unequal_bins_expect_as_many_as_they_hold_ranks():
    flat = scores.rank_histogram(np.arange(7), 6, bins=3)
    assert flat.counts == tuple(map(round, flat.expected))
    assert flat.chi_square == pytest.approx(0)
    assert flat.p_value == pytest.approx(1)


def test_skill_is_what_a_score_gains():
    assert scores.skill(0.1, 0.2) == 0.5
    assert scores.skill(0.2, 0.1) == -1
    assert np.isnan(scores.skill(0.1, 0.0))
