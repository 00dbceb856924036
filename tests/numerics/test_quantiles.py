"""Quantiles of every total: finite, in order, and where the smoothed law has their probability.

That law is worked out here once more in the plainest way: each draw's total is turned at its lowest point, found by thirds, and
met on both sides by halving. Default tier: some files, seeds and points; all of them where RUN_MILLION=1, as .ci/run sets it.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from simulator import Result, Scenario, load_scenario, simulate
from simulator.model.result import LEVELS
from simulator.numerics.exponential_sums import Total
from simulator.values.periods import year
from tests.cases import SPLIT, scenario
from tests.tiers import CI, examples

FILES = sorted((Path(__file__).parent.parent.parent / "scenarios").glob("*.yaml"))
LONG = next(file for file in FILES if "long-history" in file.stem)
SOME = [
    (LONG, 1, 2048),
    (LONG, 1, 256),
    (LONG, 3, 256),
    *((file, seed, 64) for seed, file in enumerate(FILES)),
]
EVERY = [*itertools.product(FILES, range(1, 4), (64, 256)), *((LONG, seed, 2048) for seed in range(1, 6))]
PROBABILITIES = np.array([5e-13, 1e-9, 1e-4, *LEVELS.values(), 1 - 1e-4, 1 - 1e-9, 1 - 5e-13])
TOLERANCE = 1e-9


def law(total: Total, amount: float) -> tuple[float, float]:
    """The probabilities of less than an amount and of at least as much, by brute force."""
    points = total.money.size

    def at(z: np.ndarray) -> np.ndarray:
        return total.money + np.exp(total.exponent + (total.scale * z)[:, None] * total.loading) @ total.sign

    low, high = np.full(points, -38.0), np.full(points, 38.0)
    for _ in range(110):
        one, other = low + (high - low) / 3, high - (high - low) / 3
        lower = at(one) < at(other)
        low, high = np.where(lower, low, one), np.where(lower, other, high)
    bottom = (low + high) / 2
    dips = at(bottom) < amount

    def met(outer: float) -> np.ndarray:
        inner, far = bottom.copy(), np.full(points, outer)
        for _ in range(65):
            middle = (inner + far) / 2
            under = at(middle) < amount
            inner, far = np.where(under, middle, inner), np.where(under, far, middle)
        return np.where(inner * np.sign(outer) > 37.9, np.inf * outer, inner)

    left, right = met(-38.0), met(38.0)
    below = np.where(left > 0, ndtr(-left) - ndtr(-right), ndtr(right) - ndtr(left))
    weights = np.ones(points) if total.controls is None else total.controls.weights
    above = np.where(dips, ndtr(left) + ndtr(-right), 1)
    return float((weights * np.where(dips, below, 0)).mean()), float((weights * above).mean())


def excess(total: Total, amount: float, probability: float) -> float:
    """How much more than the probability lies below, from the smaller tail and in units of it."""
    below, above = law(total, amount)
    return below / probability - 1 if probability <= 0.5 else 1 - above / (1 - probability)


def assert_quantiles(total: Total, probabilities: np.ndarray, found: np.ndarray) -> None:
    """Each quantile has its probability below it, or the law jumps there: by less than what rounding tells apart."""
    assert np.isfinite(found).all(), found
    assert np.all(np.diff(found) >= 0), found
    for probability, amount in zip(probabilities, found, strict=True):
        if abs(excess(total, amount, probability)) > 10 * TOLERANCE:
            finest = 1e-11 * max(
                abs(amount), np.ptp(total.values), np.abs(total.money).max(), np.exp(total.exponent).max()
            )
            lower, upper = (excess(total, amount + change, probability) for change in (-finest, finest))
            assert lower <= 10 * TOLERANCE, (probability, amount, lower)
            assert upper >= -10 * TOLERANCE, (probability, amount, upper)


def assert_bands(result: Result, plainly: bool) -> None:
    """The bands of every measure and year; those of smooth totals by the law itself, and plainly too."""
    for measure, years in result.totals.items():
        for each, bands in years.items():
            found, total = np.array(list(bands.values())), result.flows.total(measure, year(int(each)))
            assert np.isfinite(found).all(), (measure, each, bands)
            assert np.all(np.diff(found) >= 0), (measure, each, bands)
            if not total.smooth or not total.exponent.shape[1]:
                continue
            for probability, amount in zip(LEVELS.values(), found, strict=True):
                chance = result.chance(measure, year(int(each)), at_most=float(amount))
                if (
                    abs(chance - probability) > TOLERANCE
                ):  # a path that turns there: its law rises like a root, faster than amounts are told apart
                    near = [
                        result.chance(measure, year(int(each)), at_most=amount * (1 + change))
                        for change in (-1e-12, 1e-12)
                    ]
                    assert near[0] - TOLERANCE <= probability <= near[1] + TOLERANCE, (
                        measure,
                        each,
                        probability,
                        chance,
                    )
            if plainly:
                assert_quantiles(total, np.array(list(LEVELS.values())), found)


@pytest.mark.parametrize(
    ("file", "seed", "points"),
    EVERY if CI else SOME[::4],
    ids=lambda value: value.stem if isinstance(value, Path) else str(value),
)
def test_bands_of_a_shipped_file_are_finite_in_order_and_have_their_probability(
    file: Path, seed: int, points: int
) -> None:
    assert_bands(
        simulate(load_scenario(file), seed=seed, points=points), plainly=points <= (256 if CI else 64)
    )


def history(seed: int) -> Scenario:
    """Years of turnover, each stated with an error of its own, some with their first half, before the figures of the case."""
    generator = np.random.default_rng(seed)
    rows, value = [], generator.uniform(100, 2000)
    for number in range(generator.integers(2008, 2013), 2016):
        value *= np.exp(generator.normal(0, 0.25))
        error = str(generator.choice(["1%", "5%", "30%"]))
        parts = {number: 1.0, f"{number}-01..{number}-06": generator.uniform(0.4, 0.6)}
        for period, share in list(parts.items())[: generator.integers(1, 3)]:
            rows.append(
                {"measure": "turnover", "period": period, "value": round(value * share, 1), "error": error}
            )
    return scenario([*rows, *SPLIT])


@pytest.mark.parametrize("seed", range(100 if CI else 3))
def test_bands_of_a_random_long_history_are_finite_in_order_and_have_their_probability(seed: int) -> None:
    assert_bands(simulate(history(seed), seed=seed, points=64), plainly=False)


KINDS = ("rising", "falling", "both ways", "balance")


@st.composite
def totals(draw: st.DrawFn) -> Total:
    """Totals of any kind, from those that the integrated normal hardly moves to those that it moves by magnitudes."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    points, cells = 2 ** draw(st.integers(3, 6)), draw(st.integers(1, 6))
    loading = generator.standard_normal(cells) * draw(
        st.sampled_from([0.0, 1e-8, 1e-5, 1e-3, 0.03, 0.3, 2.0])
    )
    kind = draw(st.sampled_from(KINDS))
    if kind in ("rising", "falling"):
        loading = np.abs(loading) * (1 if kind == "rising" else -1)
    sign = np.where(loading < 0, -1.0, 1.0) if kind == "balance" else np.ones(cells)
    exponent = generator.standard_normal((points, cells)) * draw(st.sampled_from([1e-3, 0.1, 1.0])) + draw(
        st.floats(-2, 7)
    )
    if draw(st.booleans()):
        exponent[generator.random(exponent.shape) < 0.2] = -np.inf
    money = generator.standard_normal(points) * draw(st.sampled_from([0.0, 1.0, 100.0])) + draw(
        st.sampled_from([0.0, 500.0, -500.0])
    )
    return Total(
        money, exponent, loading, sign, generator.uniform(0.3, 3, points), generator.standard_normal(points)
    )


@settings(max_examples=examples(200, 10), deadline=None)
@given(totals())
def test_quantiles_of_any_total_are_those_of_its_law_by_brute_force(total: Total) -> None:
    assert_quantiles(total, PROBABILITIES, total.quantile(PROBABILITIES))


def test_a_law_whose_draws_lie_far_apart_has_all_its_quantiles() -> None:
    """The greatest draw is beyond 10^16 times the lower quantiles, which rounding of it must not swallow."""
    case = scenario(
        [
            {"measure": "exports", "period": 2017, "value": 500},
            {"measure": "imports", "period": 2017, "value": 100},
        ],
        {"measure": "exports", "period": 2025, "at_least": 1000},
        outlook={"random_walk": 2.0},
    )
    result = simulate(case, points=512)
    levels = [0.05, 0.1, 0.25, 0.5, 0.75, 0.95]
    amounts = result.quantiles("exports", "2025", levels)
    chances = [result.chance("exports", "2025", at_least=float(amount)) for amount in amounts]
    np.testing.assert_allclose(chances, [1 - level for level in levels], atol=1e-6)
