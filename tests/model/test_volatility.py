"""What is learned of each stream's roughness: no stream comes before another. Default tier."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import Scenario, simulate
from simulator.model import volatility
from simulator.model.law import fit_scenario
from tests.cases import scenario

STREAMS: dict[str, dict[str, str]] = {
    "machines": {"direction": "exports"},
    "foods": {"direction": "exports"},
    "oil": {"direction": "exports"},
    "purchases": {"direction": "imports"},
}
SIZES = st.sampled_from([20.0, 50.0, 67.5, 90.0, 302.5, 500.0])
HISTORIES = st.fixed_dictionaries({name: st.lists(SIZES, min_size=1, max_size=5) for name in STREAMS})


def case(histories: dict[str, list[float]], order: tuple[str, ...], *also: dict[str, object]) -> Scenario:
    """Annual figures up to 2017 of streams, which are written in an order."""
    return Scenario.model_validate(
        {
            "title": "Lines of trade",
            "as_of": "2018-10-31",
            "target": {"measure": "exports", "period": 2020, "at_least": 900},
            "streams": {name: STREAMS[name] for name in order},
            "observations": [
                {"measure": name, "from": 2018 - len(values), "every": "year", "values": values}
                for name, values in histories.items()
            ]
            + list(also),
        }
    )


@settings(max_examples=15)
@given(histories=HISTORIES, order=st.permutations(list(STREAMS)), months=st.booleans())
def test_the_order_of_streams_changes_no_law(
    histories: dict[str, list[float]], order: list[str], months: bool
) -> None:
    total = {"measure": "exports", "period": "2018-01..2018-09", "value": 700}
    also = [total, {"measure": "oil", "period": "2018-01..2018-06", "value": 40}] if months else []
    stated, turned = (case(histories, tuple(names), *also) for names in (STREAMS, order))
    place = [order.index(name) for name in STREAMS]
    law, other = fit_scenario(stated), fit_scenario(turned)
    np.testing.assert_allclose(law.mean, other.mean[place], rtol=0, atol=1e-9)
    np.testing.assert_allclose(law.volatilities, np.array(other.volatilities)[place], rtol=1e-9)


def test_a_surprise_of_one_stream_is_not_told_of_the_others() -> None:
    """Three lines alike but for one odd year: whichever stands first, that one alone is rough."""
    histories = {
        "machines": [50, 67.5, 67.5, 302.5],
        "foods": [500.0] * 4,
        "oil": [50, 50, 47.6, 50],
        "purchases": [100],
    }
    found = {
        order: simulate(case(histories, (*order, "purchases")), points=64).probability
        for order in itertools.permutations(("machines", "foods", "oil"))
    }
    assert max(found.values()) - min(found.values()) < 1e-9


@pytest.mark.parametrize("after", [(1.02,), (1.02, 0.1), (1.02, 0.1, 0.05)])
def test_no_size_of_a_surprise_is_where_an_event_begins_at_once(after: tuple[float, ...]) -> None:
    """From a leap to one that no usual course explains, also where a fall follows, an answer moves a little."""
    steady = [100.0, 105, 98, 103, 100, 96, 101, 100]

    def chance(leap: float) -> float:
        values = [*steady, *(leap * share for share in (1, *after))]
        figures = {"measure": "turnover", "from": 2018 - len(values), "every": "year", "values": values}
        target = {"measure": "turnover", "period": 2020, "at_least": 1.2 * values[-1]}
        return simulate(scenario([figures], target), points=64).probability

    found = np.log([chance(600.0 * 1.04**step) for step in range(24)])
    assert np.abs(np.diff(found)).max() < 0.12


def test_what_is_said_twice_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same sum again, under another name or as the parts of a total, makes nothing rougher or surer."""
    histories = {"machines": [40.0, 90, 60, 120], "purchases": [80.0, 70, 85, 75]}
    own = case(histories, tuple(histories))
    again = [{"measure": "exports", "from": 2014, "every": "year", "values": histories["machines"]}]
    twice = case(histories, tuple(histories), *again)
    np.testing.assert_allclose(fit_scenario(own).volatilities, fit_scenario(twice).volatilities, rtol=0.02)


@pytest.mark.parametrize("length", [1, 3, 5])
def test_each_surprise_is_that_of_its_figure_given_earlier_periods(
    length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Against the figures' covariance: standard normal each, and regressed on every figure of earlier years."""
    taken = list[tuple[np.ndarray, np.ndarray, np.ndarray]]()
    apart = volatility._apart

    def watched(inverse: np.ndarray, *others: object) -> tuple[np.ndarray, np.ndarray]:
        taken.append((inverse, *apart(inverse, *others)))
        return taken[-1][1:]

    monkeypatch.setattr(volatility, "_apart", watched)
    histories = {
        name: [100.0 * 1.3 ** (year * k) for year in range(length)] for k, name in enumerate(STREAMS)
    }
    fit_scenario(case(histories, tuple(STREAMS)))
    assert taken
    for inverse, turned, crowd in taken:
        covariance = np.linalg.inv(inverse.T @ inverse)
        np.testing.assert_allclose(crowd, 1)  # no two streams are one
        for row in range(4 * length):
            before = 4 * (row // 4)
            slopes = np.linalg.solve(covariance[:before, :before], covariance[:before, row])
            left = covariance[row, row] - slopes @ covariance[:before, row]
            expected = np.zeros(4 * length)
            expected[row], expected[:before] = 1, -slopes
            np.testing.assert_allclose(turned[row], expected / np.sqrt(left), rtol=1e-4, atol=1e-7)
