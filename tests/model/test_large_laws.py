"""What large laws leave out or work out once, against the same worked out in full. Default tier."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from simulator import Scenario, simulate
from simulator.caches import forget
from simulator.model import cells, likelihood
from simulator.model import law as laws
from simulator.model.behind import Behind
from simulator.model.law import Law, fit_scenario
from simulator.model.likelihood import Likelihood, Products
from simulator.model.posterior import Around, Posterior, gauss_newton
from simulator.numerics import triangular
from simulator.scenario import Outlook
from simulator.values.periods import Period
from tests.cases import national
from tests.tiers import sampled

PARTNERS = 3


@pytest.fixture(autouse=True)
def coarse(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every law is one of blocks of months."""
    monkeypatch.setattr(cells, "FINE", 0)
    forget()
    yield
    forget()


def dense(monkeypatch: pytest.MonkeyPatch) -> None:
    """Products of whole matrices, and general solves."""

    def all_several(touched: np.ndarray, *, coarse: bool) -> Products:
        nothing = np.zeros(0, dtype=int)
        return Products(np.arange(len(touched)), nothing, nothing, slice(None))

    monkeypatch.setattr(likelihood.Products, "of", all_several)
    monkeypatch.setattr(triangular, "LARGE", 10**6)


def law(case: dict[str, Any]) -> Law:
    forget()
    return fit_scenario(Scenario.model_validate(case))


def broken() -> dict[str, Any]:
    """A stream that leaps further than any usual course explains."""
    case = national(PARTNERS)
    after = (o for o in case["observations"] if o["measure"] == "imports-1" and o["period"] > 2018)
    for observation in after:
        observation["value"] = round(30 * observation["value"], 1)
    return case


def rated(**kind: Any) -> dict[str, Any]:
    """Figures in several currencies of uncertain rates, one sum in two of them."""
    case = national(PARTNERS, **kind) | {"rates": {code: {"p5": 0.8, "p95": 1.3} for code in ("EUR", "CHF")}}
    twice = next(o for o in case["observations"] if o["measure"] == "exports-0" and o["period"] == 2019)
    case["observations"].append(twice | {"value": f"{1.1 * twice['value']:.1f} EUR"})
    for number, observation in enumerate(case["observations"]):
        if observation["measure"] in ("exports-1", "imports-2") and isinstance(observation["value"], float):
            observation["value"] = f"{observation['value']} {('EUR', 'CHF', 'USD')[number % 3]}"
    return case


CASES = {
    "a figure a cell": national(PARTNERS),
    "figures of several cells": national(PARTNERS, under_way=True),
    "a total over partners": national(PARTNERS, total=True),
    "a break": broken(),
    "rates, a figure a cell": rated(),
    "rates, figures of several cells": rated(under_way=True),
}


@pytest.mark.parametrize("name", CASES)
def test_choices_of_rows_and_triangular_solves_give_the_law_of_full_matrices(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(triangular, "LARGE", 1)
    fast = law(CASES[name])
    dense(monkeypatch)
    plain = law(CASES[name])
    np.testing.assert_allclose(fast.mean, plain.mean, rtol=1e-9)
    np.testing.assert_allclose(fast.covariance, plain.covariance, rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(fast.volatilities, plain.volatilities, rtol=1e-8)
    np.testing.assert_allclose(fast.belief.mean, plain.belief.mean, rtol=1e-7)
    np.testing.assert_allclose(fast.belief.root, plain.belief.root, rtol=1e-7, atol=1e-12)
    np.testing.assert_allclose(fast.gain, plain.gain, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("name", sampled(CASES, 2))
def test_answers_are_those_of_full_matrices(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(triangular, "LARGE", 1)
    answers = []
    for _ in range(2):
        forget()
        result = simulate(Scenario.model_validate(CASES[name]), points=512)
        ranged = result.probability_range
        answers.append(
            [result.probability, *(p for _, p in ranged.sources), *result.totals["exports"]["2024"].values()]
        )
        dense(monkeypatch)
    np.testing.assert_allclose(*answers, rtol=1e-8)


@pytest.mark.parametrize("fine", [0, 10**6])
@pytest.mark.parametrize("under_way", [False, True])
def test_rates_are_errors_that_figures_in_a_currency_share(
    fine: int, under_way: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The law by given rates, and what is left of these, against least squares with correlated errors."""
    kept: list[tuple[Likelihood, np.ndarray, np.ndarray, Posterior]] = []

    def noted(equations: Likelihood, centre: np.ndarray, prior: np.ndarray, start: Around) -> Posterior:
        kept.append((equations, centre, prior, gauss_newton(equations, centre, prior, start)))
        return kept[-1][-1]

    monkeypatch.setattr(cells, "FINE", fine)
    monkeypatch.setattr(laws, "gauss_newton", noted)
    fitted = law(rated(under_way=under_way))
    equations, centre, prior, posterior = kept[-1]
    linear = equations.linearised(posterior.mean)
    told = equations.innovation(linear, posterior.mean - centre, posterior.second_order)
    precision = np.linalg.inv(linear.jacobian @ prior @ linear.jacobian.T + linear.errors)
    level = linear.jacobian.sum(axis=1)
    apart = precision - np.outer(precision @ level, level @ precision) / (level @ precision @ level)
    across, height = prior @ linear.jacobian.T, level @ precision @ told / (level @ precision @ level)
    np.testing.assert_allclose(posterior.mean, centre + height + across @ apart @ told, atol=1e-6)
    root, left = np.array(fitted.belief.root), np.eye(2) - linear.rates.T @ apart @ linear.rates
    np.testing.assert_allclose(fitted.belief.mean, -linear.rates.T @ apart @ told, atol=1e-6)
    np.testing.assert_allclose(root @ root.T, left, atol=1e-6)
    lift = 1 - across @ precision @ level
    joint = prior - across @ precision @ across.T + np.outer(lift, lift) / (level @ precision @ level)
    moved = posterior.gain @ linear.rates[np.any(linear.rates != 0, axis=1)] @ root
    np.testing.assert_allclose(posterior.covariance + moved @ moved.T, joint, atol=1e-6)
    assert np.abs(moved @ moved.T).max() > 1e-4  # else rates would not matter


def test_laws_under_other_outlooks_are_those_of_scenarios_that_state_them() -> None:
    """What laws of the same figures share depends on no outlook."""
    first = Scenario.model_validate(CASES["figures of several cells"])
    fit_scenario(first)
    for outlook in ({"tails": 4.0}, {"correlation": 0.5, "memory": 10}, {"trend": 0.06}):
        shared = fit_scenario(first.model_copy(update={"outlook": Outlook.model_validate(outlook)}))
        alone = law(CASES["figures of several cells"] | {"outlook": outlook})
        np.testing.assert_array_equal(shared.mean, alone.mean)
        np.testing.assert_array_equal(shared.covariance, alone.covariance)


@pytest.mark.parametrize("name", CASES)
def test_months_behind_are_the_same_whether_asked_for_alone_or_all(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Scenario.model_validate(CASES[name])
    alone = simulate(case, points=256).flows.paths.behind
    forget()
    monkeypatch.setattr(Behind, "_around", lambda self, period: self.before)
    everything = simulate(case, points=256).flows.paths.behind
    for period in map(Period.parse, ("2014", "2021-Q2", "2022-11", "2015-03..2017-02")):
        np.testing.assert_allclose(alone.flows(period), everything.flows(period), rtol=1e-9)


def test_no_more_months_behind_are_simulated_than_published_sums_tie_together() -> None:
    behind = simulate(Scenario.model_validate(CASES["a figure a cell"]), points=64).flows.paths.behind
    behind.flows(Period.parse("2021-Q2"))
    assert list(behind._flows) == [Period.parse("2021")]
    behind.flows(Period.parse("2018-12..2019-01"))
    assert list(behind._flows)[1:] == [Period.parse("2018-01..2019-12")]
