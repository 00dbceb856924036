"""The estimator and its draws against closed forms and laws. Default tier."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from simulator import simulate
from simulator.draws import SCRAMBLES, Draws, Layout
from simulator.estimator import Total, basis, chance
from tests.cases import LEVERS, SLUMP, SPLIT, scenario

N = 512


def total(exponent: np.ndarray, loading: list[float], sign: list[float] | None = None, money: float = 0.0) -> Total:
    normal = stats.norm.ppf((np.arange(N) + 0.5) / N)
    return Total(
        np.full(N, money), np.broadcast_to(exponent, (N, len(loading))), np.array(loading), np.array(sign or [1.0] * len(loading)), np.ones(N), normal
    )


def test_one_lognormal_is_exact() -> None:
    found = chance([(total(np.array([2.0]), [0.5]), 10.0, True)])
    assert found.probability == pytest.approx(stats.norm.sf((np.log(10) - 2) / 0.5), abs=1e-12)
    assert found.standard_error == pytest.approx(0, abs=1e-12)


def test_a_convex_sum_is_met_on_both_sides() -> None:
    """exp(z) + exp(-z) >= 2 cosh(1.5) where |z| >= 1.5."""
    both = total(np.array([0.0, 0.0]), [1.0, -1.0])
    threshold = 2 * np.cosh(1.5)
    assert chance([(both, threshold, True)]).probability == pytest.approx(2 * stats.norm.sf(1.5), abs=1e-9)
    assert chance([(both, threshold, False)]).probability == pytest.approx(1 - 2 * stats.norm.sf(1.5), abs=1e-9)
    assert chance([(both, 1.9, True)]).probability == 1
    np.testing.assert_allclose(both.quantile([0.5]), 2 * np.cosh(stats.norm.ppf(0.75)), rtol=1e-6)


def test_a_falling_sum_and_a_balance() -> None:
    falling = total(np.array([1.0]), [-0.7])
    assert chance([(falling, 4.0, True)]).probability == pytest.approx(stats.norm.cdf((1 - np.log(4)) / 0.7), abs=1e-12)
    balance = total(np.array([0.0, 0.0]), [1.0, -1.0], [1.0, -1.0])
    assert balance.smooth
    assert chance([(balance, 2 * np.sinh(0.4), True)]).probability == pytest.approx(stats.norm.sf(0.4), abs=1e-9)


def test_money_and_two_conditions() -> None:
    one = total(np.array([0.0]), [1.0], money=5.0)
    assert chance([(one, 4.0, True)]).probability == 1
    band = chance([(one, 5 + np.exp(-1), True), (one, 5 + np.exp(1), False)])
    assert band.probability == pytest.approx(stats.norm.cdf(1) - stats.norm.cdf(-1), abs=1e-12)
    nothing = chance([(one, 5 + np.exp(1), True), (one, 5 + np.exp(-1), False)])
    assert nothing.probability == 0


def test_far_tails_keep_their_digits() -> None:
    found = chance([(total(np.array([0.0]), [1.0]), float(np.exp(9.0)), True)]).probability
    assert found == pytest.approx(stats.norm.sf(9.0), rel=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 8), st.integers(0, 10_000))
def test_a_basis_is_the_covariance(size: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    root = generator.standard_normal((size, size))
    covariance, direction = root @ root.T, generator.random(size)
    found = basis(covariance, direction)
    np.testing.assert_allclose(np.outer(found.first, found.first) + found.rest @ found.rest.T, covariance, atol=1e-7 * covariance.max())
    np.testing.assert_allclose(direction @ found.rest, 0, atol=1e-6 * np.sqrt(covariance.max()))


def test_columns_belong_to_their_names() -> None:
    layout = Layout(("a", "b", "c"))
    one = Draws(layout, 256, 5).uniform(["b"])
    longer = Draws(layout.extended(["d", "e"]), 256, 5)
    np.testing.assert_array_equal(one, longer.uniform(["b"]))
    np.testing.assert_array_equal(longer.uniform(["e", "b"])[:, 1:], one)
    assert not np.array_equal(one, Draws(layout, 256, 6).uniform(["b"]))
    assert not one.flags.writeable


def test_every_scramble_of_every_column_is_stratified() -> None:
    drawn = Draws(Layout(tuple("abcdefgh")), 1024, 0).uniform(list("abcdefgh"))
    strata = np.sort((drawn.reshape(SCRAMBLES, -1, 8) * (1024 // SCRAMBLES)).astype(int), axis=1)
    np.testing.assert_array_equal(strata, np.broadcast_to(np.arange(1024 // SCRAMBLES)[None, :, None], strata.shape))
    assert 0 < drawn.min() < drawn.max() < 1


@pytest.mark.parametrize("points", [0, -2048, 1000, 8, 2**21, 2048.0, True])
def test_points_that_cannot_be_drawn(points: object) -> None:
    with pytest.raises(ValueError, match="power of two"):
        simulate(scenario(), points=points)  # type: ignore[arg-type]


def test_the_stated_error_is_the_spread_over_seeds() -> None:
    case = scenario(levers=LEVERS, risks=SLUMP)
    answers = [simulate(case, seed=seed).estimate for seed in range(20)]
    spread = np.std([a.probability for a in answers], ddof=1)
    stated = np.sqrt(np.mean([a.standard_error**2 for a in answers]))
    assert 0.5 < spread / stated < 2
    assert np.median([a.standard_error for a in answers]) < 0.0005


def test_the_flagship_figures_are_answered_to_three_hundredths_of_a_point() -> None:
    assert np.median([simulate(scenario(), seed=seed).standard_error for seed in range(8)]) < 0.0003


@settings(max_examples=25, deadline=None)
@given(st.floats(300, 4000), st.floats(1e-7, 2))
def test_the_probability_falls_strictly_as_the_target_rises(threshold: float, step: float) -> None:
    result = _result()
    low, high = (result.chance("turnover", "2020", at_least=x) for x in (threshold, threshold * (1 + step)))
    assert low > high


def test_quantiles_and_chances_agree() -> None:
    for period in ("2018-Q4", "2019", "2020"):
        for p, x in zip((0.05, 0.25, 0.5, 0.9), _result().quantiles("turnover", period, [0.05, 0.25, 0.5, 0.9]), strict=True):
            assert _result().chance("turnover", period, at_most=x) == pytest.approx(p, abs=1e-7)


def test_adding_a_lever_last_leaves_every_other_column_unchanged() -> None:
    before, after = simulate(scenario(levers=LEVERS, risks=SLUMP)), simulate(scenario(levers=LEVERS | {"last": LEVERS["rules"]}, risks=SLUMP))
    old, new = before.flows.paths, after.flows.paths
    for name in old.draws.layout.names:
        np.testing.assert_array_equal(old.draws.uniform([name]), new.draws.uniform([name]))
    np.testing.assert_array_equal(old.exponent, new.exponent)


def test_two_years_at_once_are_less_likely_than_either() -> None:
    targets = [{"measure": "turnover", "period": 2019, "at_least": 900}, {"measure": "turnover", "period": 2020, "at_least": 1000}]
    both = simulate(scenario(target=targets)).probability
    assert both < min(simulate(scenario(target=t)).probability for t in targets)


def _result(cache: dict = {}) -> object:  # noqa: B006
    return cache.setdefault("result", simulate(scenario(SPLIT, levers=LEVERS)))
