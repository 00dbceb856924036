"""Control variates against what they must do: known means met, no bias, order kept. Default tier."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator import simulate
from simulator.numerics.controls import DRAWS_EACH, LEAST_WEIGHT, Controls, weighted_quantile
from tests.cases import LEVERS, SPLIT, scenario
from tests.tiers import examples, sampled

SEEDS = examples(30, 12)


def normals(seed: int, points: int, count: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((points, count))


def test_the_weighted_means_are_the_known_ones() -> None:
    values = normals(1, 512, 3)
    controls = Controls.of(values)
    assert controls is not None
    np.testing.assert_allclose(controls.weights @ values, 0, atol=1e-9)
    assert controls.weights.mean() == pytest.approx(1, abs=1e-12)


def test_an_answer_that_is_a_mixture_of_controls_is_exact() -> None:
    values = normals(2, 512, 3)
    controls = Controls.of(values)
    assert controls is not None
    answer = 0.3 + values @ np.array([0.1, -0.2, 0.05])
    np.testing.assert_allclose(controls.corrected(answer), 0.3, atol=1e-12)
    assert controls.weights @ answer / 512 == pytest.approx(0.3, abs=1e-12)


@given(st.integers(0, 10**6))
def test_weights_stay_positive_and_agree_with_the_correction(seed: int) -> None:
    """Of few draws that are far from their mean: as near to it as positive weights allow."""
    values = normals(seed, 64, 2) + 1.5
    controls = Controls.of(values)
    assert controls is not None
    assert controls.weights.min() >= LEAST_WEIGHT * (1 - 1e-9)
    answer = normals(seed + 1, 64, 1)[:, 0]
    assert controls.corrected(answer).mean() == pytest.approx(controls.weights @ answer / 64, abs=1e-9)


def test_controls_that_say_nothing_are_none() -> None:
    assert Controls.of(np.zeros((512, 2))) is None
    assert Controls.of(normals(3, DRAWS_EACH - 1, 2)) is None
    twice = Controls.of(np.repeat(normals(4, 512, 1), 2, axis=1))
    once = Controls.of(normals(4, 512, 1))
    assert twice is not None
    assert once is not None
    np.testing.assert_allclose(twice.weights, once.weights, atol=1e-9)


def test_few_draws_have_the_first_controls_alone() -> None:
    values = normals(3, 3 * DRAWS_EACH, 5)
    few, those = Controls.of(values), Controls.of(values[:, :3])
    assert few is not None
    assert those is not None
    np.testing.assert_array_equal(few.values, values[:, :3])
    np.testing.assert_array_equal(few.weights, those.weights)


def test_a_weighted_quantile_is_that_of_the_weighted_draws() -> None:
    values = normals(5, 512, 1)
    controls = Controls.of(values + 0.05)
    assert controls is not None
    at = float(weighted_quantile(values[:, 0], np.array([0.4]), controls)[0])
    below = controls.weights[values[:, 0] < at].sum() / 512
    assert below < 0.4 <= below + controls.weights[values[:, 0] == at].sum() / 512


SHARPER = ("amount", "at most", "growth")  # whose error is that of the law's own bends
TARGETS = {
    "amount": {"measure": "turnover", "period": 2020, "at_least": 1000},
    "at most": {"measure": "imports", "period": 2020, "at_most": 110},
    "balance": {"measure": "balance", "period": 2020, "at_least": 600},
    "growth": {"measure": "exports", "period": 2020, "growth_at_least": "20%"},
    "share": {"measure": "imports", "of": "turnover", "period": 2020, "share_at_least": 0.13},
    "two": [
        {"measure": "turnover", "period": 2019, "at_least": 800},
        {"measure": "turnover", "period": 2020, "at_least": 900},
    ],
}


@pytest.mark.parametrize("kind", sampled(TARGETS, 6))
def test_no_bias_no_larger_error_and_an_honest_one(kind: str) -> None:
    """Against plain means of the same draws, over independent seeds, and of many more points.

    What levers add to the error the controls leave as it is.
    """
    case = scenario(SPLIT, TARGETS[kind])
    few = [simulate(case, points=2048, seed=seed).estimate for seed in range(SEEDS)]
    answers = np.array([estimate.probability for estimate in few])
    plain = np.array([estimate.conditional.mean() for estimate in few])
    spread = answers.std(ddof=1)
    many = simulate(case, points=2**15, seed=77).estimate
    error = np.hypot(spread / SEEDS**0.5, many.conditional.reshape(8, -1).mean(axis=1).std() / 7**0.5)
    assert abs(answers.mean() - many.conditional.mean()) < 4 * error
    assert 0.02 < many.probability < 0.98
    assert spread < (0.75 if kind in SHARPER else 1.3) * plain.std(ddof=1)
    claimed = float(np.sqrt(np.mean([estimate.standard_error**2 for estimate in few])))
    assert 0.6 < claimed / spread < 1.6


@pytest.mark.parametrize("kind", sampled(TARGETS, 6))
def test_quantiles_invert_probabilities(kind: str) -> None:
    case = scenario(SPLIT, TARGETS[kind], levers=LEVERS)
    result = simulate(case, points=512)
    target = case.goals[0]
    period = str(target.period)
    for level in (0.1, 0.5, 0.9):
        amount = float(result.quantiles(target.measure, period, [level])[0])
        above = result.chance(target.measure, period, at_least=amount)
        assert above == pytest.approx(1 - level, abs=1e-6)


def test_a_higher_threshold_is_never_likelier() -> None:
    case = scenario(SPLIT, levers=LEVERS)
    result = simulate(case, points=512)
    chances = [result.chance("turnover", "2020", at_least=amount) for amount in np.linspace(300, 3000, 400)]
    assert np.all(np.diff(chances) <= 0)
