"""What of the draws has a known mean: against plain draws and sums over all pairs. Default tier."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator import simulate
from simulator.model.known_means import _mean_square
from simulator.model.prior import CUT
from simulator.numerics.points import SCRAMBLES
from tests.cases import SPLIT, scenario

TARGETS = {
    "amount": {"measure": "turnover", "period": 2020, "at_least": 1000},
    "balance": {"measure": "balance", "period": 2020, "at_least": 600},
    "growth": {"measure": "exports", "period": 2020, "growth_at_least": "20%"},
}


def made_up(seed: int, cells: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weights, means and a covariance such as targets have: a flow lies .9 log points out at most."""
    generator = np.random.default_rng(seed)
    loading = generator.standard_normal((cells, 3))
    covariance = loading @ loading.T
    covariance *= (0.9 / CUT) ** 2 / covariance.diagonal().max()
    return generator.dirichlet(np.ones(cells)), 0.1 * generator.standard_normal(cells), covariance


@given(st.integers(0, 10**6), st.integers(1, 9), st.floats(0.05, CUT))
def test_the_mean_of_a_squared_sum_is_that_of_all_pairs(seed: int, cells: int, scale: float) -> None:
    weights, mean, covariance = made_up(seed, cells)
    pairs = sum(
        weights[i]
        * weights[j]
        * np.exp(
            scale * (mean[i] + mean[j])
            + scale**2 / 2 * (covariance[i, i] + covariance[j, j] + 2 * covariance[i, j])
        )
        for i in range(cells)
        for j in range(cells)
    )
    assert _mean_square(weights, mean, covariance)(np.array([scale]))[0] == pytest.approx(pairs, rel=1e-8)


def test_the_mean_of_a_squared_sum_is_that_of_plain_draws() -> None:
    weights, mean, covariance = made_up(7, 6)
    drawn = np.random.default_rng(8).multivariate_normal(mean, covariance, 400_000)
    for scale in (0.5, 1.0, CUT):
        squares = np.square(np.exp(scale * drawn) @ weights)
        known = _mean_square(weights, mean, covariance)(np.array([scale]))[0]
        assert abs(squares.mean() - known) < 4 * squares.std() / len(squares) ** 0.5


@pytest.mark.parametrize("kind", TARGETS)
def test_every_control_has_the_mean_it_is_said_to_have(kind: str) -> None:
    """Over many points, within their own spread over independent scrambles."""
    controls = simulate(scenario(SPLIT, TARGETS[kind]), points=2**14).estimate.controls
    assert controls is not None
    means = controls.values.reshape(SCRAMBLES, -1, controls.values.shape[1]).mean(axis=1)
    error = means.std(axis=0, ddof=1) / SCRAMBLES**0.5
    assert controls.values.shape[1] >= 9
    # Student's t of seven degrees of freedom, 1 in 100,000 each
    assert np.all(np.abs(means.mean(axis=0)) <= 10 * error + 1e-6)
