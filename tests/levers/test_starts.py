"""A start on a day of a month: that month counts in part. Default tier."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import Scenario, simulate
from simulator.levers import KINDS
from simulator.scenario.parameters import knobs, turned
from simulator.values.forms import parse
from simulator.values.periods import Period, parse_start, start_text
from simulator.values.units import Unit
from tests.cases import scenario
from tests.levers.test_levers import HARNESS

MAY = 17 / 31  # of the month from the 15th on


def total(case: Scenario, period: str, measure: str = "exports") -> np.ndarray:
    return simulate(case, points=256).flows.total(measure, Period.parse(period)).values


def added(lever: dict[str, Any], period: str) -> np.ndarray:
    case = scenario(levers={"one": {"kind": "custom", "streams": ["exports"]} | lever})
    return total(case, period) - total(scenario(), period)


def test_an_agreement_from_15_may_counts_17_days_of_may() -> None:
    np.testing.assert_allclose(added({"money": 12, "start": "2019-05-15"}, "2019-05"), MAY, atol=1e-9)
    percent = {"percent": "10%", "start": "2019-05-15"}
    np.testing.assert_allclose(added(percent, "2019-05"), 0.1 * MAY * total(scenario(), "2019-05"), rtol=1e-9)
    np.testing.assert_allclose(added(percent, "2019-06"), 0.1 * total(scenario(), "2019-06"), rtol=1e-9)
    np.testing.assert_array_equal(added(percent, "2019-04"), 0)


def test_what_ends_after_a_year_ends_on_that_day() -> None:
    money = {"money": 12, "start": "2019-05-15", "duration": 12}
    np.testing.assert_allclose(added(money, "2020-05"), 1 - MAY, atol=1e-9)
    np.testing.assert_allclose(added(money, "2020-06"), 0, atol=1e-9)
    np.testing.assert_allclose(added(money | {"phase_in": 12, "duration": 0}, "2019-05"), MAY / 12, atol=1e-9)


def test_a_full_stop_from_a_day_leaves_the_days_before_it() -> None:
    stop = {"percent": "-100%", "start": "2019-05-15"}
    np.testing.assert_allclose(added(stop, "2019-05"), -MAY * total(scenario(), "2019-05"), rtol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_a_day_lies_between_its_month_and_the_next(kind: str) -> None:
    section = "risks" if kind == "disruption" else "levers"

    def turnover(start: Any) -> np.ndarray:
        lever = HARNESS[kind][0] | {"streams": ["exports"], "start": start}
        return total(scenario(**{section: {"one": lever}}), "2019", "turnover")

    this, following = turnover("2019-05"), turnover("2019-06")
    np.testing.assert_allclose(turnover("2019-05-15"), MAY * this + (1 - MAY) * following, rtol=1e-9)
    np.testing.assert_array_equal(turnover("2019-05-01"), this)
    np.testing.assert_array_equal(turnover(dt.date(2019, 5, 1)), this)


def test_a_day_in_the_months_of_figures_is_no_matter() -> None:
    np.testing.assert_allclose(
        added({"money": 12, "start": "2018-05-15"}, "2018"), added({"money": 12}, "2018")
    )


def test_choices_and_ranges_take_days() -> None:
    choices = {"choices": {"2019-05-15": 0.5, "2019-07": 0.5}}
    both = added({"money": 12, "start": choices}, "2019-05")
    assert sorted(set(np.round(both, 9))) == [0, round(MAY, 9)]
    between = added(
        {"money": 12, "start": {"low": "2019-05-11", "likely": "2019-05-15", "high": "2019-05-21"}}, "2019-05"
    )
    assert between.min() > 11 / 31
    assert between.max() < 21 / 31
    months = {"low": "2019-05", "likely": "2019-05", "high": "2019-07"}
    assert set(np.round(added({"money": 12, "start": months}, "2019-05"), 9)) == {0, 1}


def test_the_day_survives_knobs_and_files() -> None:
    case = scenario(levers={"one": {"kind": "custom", "money": 12, "start": "2019-05-15"}})
    start = case.levers["one"].start
    assert start is not None
    assert start.written() == "2019-05-15"
    (knob,) = (knob for knob in knobs(case) if knob.path == "levers.one.start")
    assert turned(case, {knob.path: knob.value}).levers["one"].start == start
    moved = turned(case, {knob.path: knob.value + 1}).levers["one"].start
    assert moved is not None
    assert moved.written() == "2019-06"


@given(st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)))
@settings(max_examples=200)
def test_a_day_is_written_as_it_was_read(day: dt.date) -> None:
    text = day.isoformat()
    assert start_text(parse_start(text)) == (text if day.day > 1 else text[:7])
    for written in (text, {"choices": {text: 1}}):
        number = parse(written, Unit.MONTH)
        assert parse(number.written(), Unit.MONTH) == number


@pytest.mark.parametrize(
    ("start", "message"),
    [
        ("2019-02-29", "found '2019-02-29', expected a day that exists"),
        ("2019-13-01", "expected a day that exists"),
        ("1899-05-15", "expected a year from 1900 to 2200"),
        ("2019-Q2", "expected one month such as 2018-09"),
        ("15.05.2019", "expected a year"),
    ],
)
def test_a_start_that_is_no_day_is_refused(start: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        scenario(levers={"one": {"kind": "custom", "money": 12, "start": start}})
