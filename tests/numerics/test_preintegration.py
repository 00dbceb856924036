"""The estimator and its draws against closed forms and laws. Default tier."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from simulator import simulate
from simulator.errors import NoNumber
from simulator.numerics import roots
from simulator.numerics.covariance import basis
from simulator.numerics.crossings import Crossing, Rising
from simulator.numerics.draws import Draws, Layout
from simulator.numerics.exponential_sums import Total
from simulator.numerics.points import scramble_count
from simulator.numerics.preintegration import Condition, chance
from tests.cases import LEVERS, SLUMP, SPLIT, scenario

N = 512


def total(
    exponent: np.ndarray, loading: list[float], sign: list[float] | None = None, money: float = 0.0
) -> Total:
    normal = stats.norm.ppf((np.arange(N) + 0.5) / N)
    return Total(
        np.full(N, money),
        np.broadcast_to(exponent, (N, len(loading))),
        np.array(loading),
        np.array(sign or [1.0] * len(loading)),
        np.ones(N),
        normal,
    )


def test_one_lognormal_is_exact() -> None:
    found = chance([Condition(total(np.array([2.0]), [0.5]), 10.0, True)])
    assert found.probability == pytest.approx(stats.norm.sf((np.log(10) - 2) / 0.5), abs=1e-12)
    assert found.standard_error == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("amount", [-1e9, 1e9])
def test_where_draws_are_counted_and_all_agree_the_error_is_one_draw(amount: float) -> None:
    """A sum with both signs that turns more than once is counted; what no draw meets may still come."""
    turning = total(np.array([0.0, 0.0, 0.0]), [1.0, -1.0, 2.0], [1.0, 1.0, -1.0])
    assert not turning.smooth
    found = chance([Condition(turning, amount, True)])
    assert found.probability == (amount < 0)
    assert found.standard_error == pytest.approx(1 / N)


def test_a_convex_sum_is_met_on_both_sides() -> None:
    """exp(z) + exp(-z) >= 2 cosh(1.5) where |z| >= 1.5."""
    both = total(np.array([0.0, 0.0]), [1.0, -1.0])
    threshold = 2 * np.cosh(1.5)
    assert chance([Condition(both, threshold, True)]).probability == pytest.approx(
        2 * stats.norm.sf(1.5), abs=1e-9
    )
    assert chance([Condition(both, threshold, False)]).probability == pytest.approx(
        1 - 2 * stats.norm.sf(1.5), abs=1e-9
    )
    assert chance([Condition(both, 1.9, True)]).probability == 1
    np.testing.assert_allclose(both.quantile([0.5]), 2 * np.cosh(stats.norm.ppf(0.75)), rtol=1e-6)


def test_a_falling_sum_and_a_balance() -> None:
    falling = total(np.array([1.0]), [-0.7])
    assert chance([Condition(falling, 4.0, True)]).probability == pytest.approx(
        stats.norm.cdf((1 - np.log(4)) / 0.7), abs=1e-12
    )
    balance = total(np.array([0.0, 0.0]), [1.0, -1.0], [1.0, -1.0])
    assert balance.smooth
    assert chance([Condition(balance, 2 * np.sinh(0.4), True)]).probability == pytest.approx(
        stats.norm.sf(0.4), abs=1e-9
    )


def test_money_and_two_conditions() -> None:
    one = total(np.array([0.0]), [1.0], money=5.0)
    assert chance([Condition(one, 4.0, True)]).probability == 1
    band = chance([Condition(one, 5 + np.exp(-1), True), Condition(one, 5 + np.exp(1), False)])
    assert band.probability == pytest.approx(stats.norm.cdf(1) - stats.norm.cdf(-1), abs=1e-12)
    nothing = chance([Condition(one, 5 + np.exp(1), True), Condition(one, 5 + np.exp(-1), False)])
    assert nothing.probability == 0


def test_far_tails_keep_their_digits() -> None:
    found = chance([Condition(total(np.array([0.0]), [1.0]), float(np.exp(9.0)), True)]).probability
    assert found == pytest.approx(stats.norm.sf(9.0), rel=1e-9)


@pytest.mark.parametrize("loading", [0.5, -0.5, 1e-3])
def test_quantiles_of_one_lognormal_are_exact_far_into_both_tails(loading: float) -> None:
    levels = np.array([1 - 1e-9, 5e-13, 1e-6, 0.05, 0.5, 0.95])
    expected = np.exp(2 + abs(loading) * stats.norm.ppf(levels))
    np.testing.assert_allclose(total(np.array([2.0]), [loading]).quantile(levels), expected, rtol=1e-9)
    np.testing.assert_allclose(
        total(np.array([2.0]), [loading], money=300.0).quantile(levels), 300 + expected, rtol=1e-9
    )


def test_quantiles_of_a_balance_about_zero_are_told_by_its_spread() -> None:
    """2 sinh(z) has the median 0: what is left of it is no part of itself, but of the spread."""
    balance = total(np.array([0.0, 0.0]), [1.0, -1.0], [1.0, -1.0])
    np.testing.assert_allclose(
        balance.quantile([0.3, 0.5, 0.7]), 2 * np.sinh(stats.norm.ppf([0.3, 0.5, 0.7])), rtol=1e-7, atol=1e-8
    )
    shifted = total(np.array([0.0, 0.0]), [1e-6, -1e-6], [1.0, -1.0], money=-1e-6)
    np.testing.assert_allclose(
        shifted.quantile([0.1, 0.9]), 2e-6 * stats.norm.ppf([0.1, 0.9]) - 1e-6, rtol=1e-6
    )


def test_where_the_law_jumps_the_quantile_is_the_least_amount_that_reaches_the_probability() -> None:
    often = np.where(np.arange(N) % 5 < 2, 30.0, 0.0)  # a sum that comes with a probability of two fifths
    money = Total(often, np.zeros((N, 0)), np.zeros(0), np.zeros(0), np.ones(N), np.zeros(N))
    share = np.mean(often == 0)
    assert money.quantile([0.01, share, share + 0.001, 0.99]).tolist() == [0, 0, 30, 30]
    levels = np.array([0.1, share - 0.01, share + 0.01, 0.9])
    still = Total(
        often, np.full((N, 1), np.log(5.0)), np.zeros(1), np.ones(1), np.ones(N), np.zeros(N)
    )  # a flow that nothing moves
    np.testing.assert_allclose(still.quantile(levels), [5, 5, 35, 35], rtol=1e-12)
    gone = Total(
        often, np.full((N, 1), -np.inf), np.ones(1), np.ones(1), np.ones(N), np.zeros(N)
    )  # and one that is none
    np.testing.assert_allclose(gone.quantile(levels), [0, 0, 30, 30], atol=1e-12)


def test_quantiles_come_in_order_however_they_are_asked_for() -> None:
    levels = np.array([0.5, 0.05, 0.5 + 1e-13, 0.95, 0.5, 0.5 - 1e-13, 0.05 + 1e-11])
    found = total(np.array([0.0, 1.0]), [0.01, -0.02]).quantile(levels)
    assert np.all(np.diff(found[np.argsort(levels, kind="stable")]) >= 0)
    assert found[0] == pytest.approx(found[4], rel=1e-9)


@pytest.mark.parametrize("level", [0.0, 1.0, -0.1, np.nan])
def test_a_probability_without_a_quantile_is_refused(level: float) -> None:
    with pytest.raises(ValueError, match="strictly between 0 and 1"):
        total(np.array([0.0]), [1.0]).quantile([0.5, level])


@pytest.mark.parametrize("part", ["money", "exponent", "loading", "sign", "scale", "normal", "plain"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_path_that_is_no_number_gets_no_answer(part: str, value: float) -> None:
    parts = {
        "money": np.zeros(N),
        "exponent": np.zeros((N, 2)),
        "loading": np.ones(2),
        "sign": np.ones(2),
        "scale": np.ones(N),
        "normal": np.zeros(N),
    }
    spoilt = parts.get(part, np.zeros(N)).copy()
    spoilt.flat[1] = value
    with pytest.raises(
        NoNumber, match=f"of {N} simulated paths with a flow or money that is no finite number"
    ):
        Total(**parts | {part: spoilt})


def test_an_amount_that_is_no_number_gets_no_probability() -> None:
    smooth = total(np.array([0.0]), [1.0])
    counted = Total(
        smooth.money, smooth.exponent, smooth.loading, smooth.sign, smooth.scale, smooth.normal, smooth.values
    )
    for one in (smooth, counted):
        with pytest.raises(ValueError, match="not a number"):
            chance([Condition(one, np.nan, True)])
        assert [chance([Condition(one, amount, True)]).probability for amount in (-np.inf, np.inf)] == [1, 0]


def test_roots_and_quantiles_that_are_not_reached_are_never_told(monkeypatch: pytest.MonkeyPatch) -> None:
    convex = total(np.array([0.0, 0.0]), [1.0, -0.5])
    expected = convex.quantile([0.9])
    monkeypatch.setattr(roots, "STEPS", 3)
    with pytest.raises(NoNumber, match="in 3 steps"):
        total(np.array([0.0, 0.0]), [1.0, -0.5]).quantile([0.9])
    monkeypatch.undo()
    assert convex.quantile([0.9]) == expected


def test_a_root_is_found_where_newton_steps_do_not_arrive() -> None:
    """A steep function with flat ends throws Newton's steps about; a jump has no slope at all."""
    places = np.linspace(-30, 30, 101)
    for function in (
        lambda u, at: (np.arctan(50 * (u - at)), 50 / (1 + 2500 * (u - at) ** 2)),
        lambda u, at: (np.where(u < at, -1.0, 1.0), np.zeros(u.shape)),
        lambda u, at: (np.cbrt(u - at), np.cbrt(u - at) ** -2 / 3),
    ):
        root, _ = roots.rising_roots(
            lambda rows, f=function: lambda u: (*f(u, places[rows]), u),
            np.full(101, -38.0),
            np.full(101, 38.0),
            np.zeros(101),
        )
        np.testing.assert_allclose(root, places, atol=1e-11)


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 8), st.integers(0, 10_000))
def test_a_basis_is_the_covariance(size: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    root = generator.standard_normal((size, size))
    covariance, direction = root @ root.T, generator.random(size)
    found = basis(covariance, direction)
    np.testing.assert_allclose(
        np.outer(found.first, found.first) + found.rest @ found.rest.T,
        covariance,
        atol=1e-7 * covariance.max(),
    )
    np.testing.assert_allclose(direction @ found.rest, 0, atol=1e-6 * np.sqrt(covariance.max()))


def test_columns_belong_to_their_names() -> None:
    layout = Layout(("a", "b", "c"))
    one = Draws(layout, 256, 5).uniform(["b"])
    longer = Draws(layout.extended(["d", "e"]), 256, 5)
    np.testing.assert_array_equal(one, longer.uniform(["b"]))
    np.testing.assert_array_equal(longer.uniform(["e", "b"])[:, 1:], one)
    assert not np.array_equal(one, Draws(layout, 256, 6).uniform(["b"]))
    assert not one.flags.writeable


def test_plain_draws_of_fewer_points_are_the_first_of_more() -> None:
    layout = Layout(("known",))
    few, more, most = (Draws(layout, points, 1).normal(["plain", "known"]) for points in (64, 2048, 4096))
    np.testing.assert_array_equal(few[:, 0], more[:64, 0])
    np.testing.assert_array_equal(more[:, 0], most[:2048, 0])
    assert not np.array_equal(few[:, 1], more[:64, 1])  # off the table points are spread evenly


def test_a_total_that_only_rises_is_met_as_any_other() -> None:
    right, slope = np.array([-40.0, -3.0, 0.2, 12.0, np.inf]), np.array([1.0, 0.5, 0.0, 2.0, 0.0])
    nothing, flat = np.full(5, -np.inf), np.zeros(5)
    rising, crossing = Rising(nothing, right, flat, slope), Crossing(nothing, right, flat, slope)
    np.testing.assert_array_equal(rising.below, crossing.below)
    np.testing.assert_array_equal(rising.above, crossing.above)
    assert rising.density() == crossing.density()
    kept = np.array([True, False, True, True, False])
    np.testing.assert_array_equal(rising.of(kept).above, crossing.of(kept).above)


@pytest.mark.parametrize(("points", "count"), [(64, 4), (512, 4), (1024, 8), (4096, 8)])
def test_every_scramble_of_every_column_is_stratified(points: int, count: int) -> None:
    assert scramble_count(points) == count
    drawn = Draws(Layout(tuple("abcdefgh")), points, 0).uniform(list("abcdefgh"))
    each = points // count
    strata = np.sort((drawn.reshape(count, each, 8) * each).astype(int), axis=1)
    np.testing.assert_array_equal(strata, np.broadcast_to(np.arange(each)[None, :, None], strata.shape))
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
        for p, x in zip(
            (0.05, 0.25, 0.5, 0.9),
            _result().quantiles("turnover", period, [0.05, 0.25, 0.5, 0.9]),
            strict=True,
        ):
            assert _result().chance("turnover", period, at_most=x) == pytest.approx(p, abs=1e-7)


def test_adding_a_lever_last_leaves_every_other_column_unchanged() -> None:
    before, after = (
        simulate(scenario(levers=LEVERS, risks=SLUMP)),
        simulate(scenario(levers=LEVERS | {"last": LEVERS["rules"]}, risks=SLUMP)),
    )
    old, new = before.flows.paths, after.flows.paths
    for name in old.draws.layout.names:
        np.testing.assert_array_equal(old.draws.uniform([name]), new.draws.uniform([name]))
    np.testing.assert_array_equal(old.exponent, new.exponent)


def test_two_years_at_once_are_less_likely_than_either() -> None:
    targets = [
        {"measure": "turnover", "period": 2019, "at_least": 900},
        {"measure": "turnover", "period": 2020, "at_least": 1000},
    ]
    both = simulate(scenario(target=targets)).probability
    assert both < min(simulate(scenario(target=t)).probability for t in targets)


def _result(cache: dict = {}) -> object:  # noqa: B006
    return cache.setdefault("result", simulate(scenario(SPLIT, levers=LEVERS)))
