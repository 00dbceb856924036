"""What figures say: nothing of it is lost, doubled, or depends on the order in which it is written. Default tier."""

from __future__ import annotations

import itertools
import math
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from simulator import BaselineError, Scenario, simulate
from simulator.model.answerable import require_answerable
from simulator.model.law import fit_scenario
from simulator.values.periods import Period, month_text
from tests.cases import SPLIT, scenario

POINTS = 512
Row = dict[str, Any]


def figure(period: Any, value: float | None, measure: str = "turnover", **more: Any) -> Row:
    return {"measure": measure, "period": period, **({} if value is None else {"value": value}), **more}


def asked(measure: str, period: Any, amount: float) -> Row:
    return {"measure": measure, "period": period, "at_least": amount}


def probability(rows: list[Row], target: Row | None = None, **fields: Any) -> float:
    return simulate(scenario(rows, target, **fields), points=POINTS).probability


def history(seed: int = 5, years: int = 10) -> tuple[list[Row], list[Row]]:
    """Exports and imports of some years, and their turnover written out."""
    draws = np.random.default_rng(seed)
    flows = {
        name: level * np.exp(np.cumsum(0.25 * draws.standard_normal(years)))
        for name, level in (("exports", 500), ("imports", 200))
    }
    parts = [
        figure(2018 - years + n, round(float(flow[n]), 1), name)
        for name, flow in flows.items()
        for n in range(years)
    ]
    sums = [
        figure(2018 - years + n, round(parts[n]["value"] + parts[n + years]["value"], 1))
        for n in range(years)
    ]
    return parts, sums


# A stated error widens a published sum by that error, and no more


PAST = [figure(2009, 11.0), figure(2010, 11.5)]
LATER = {"as_of": "2012-05-01"}


@pytest.mark.parametrize(("error", "most"), [("1%", 0.0001), ("5%", 0.1)])
def test_a_sum_is_as_uncertain_as_its_error(error: str, most: float) -> None:
    sd = float(error.rstrip("%")) / 100
    rows = [*PAST, figure(2011, 12.0, error=error)]
    found = probability(rows, asked("turnover", 2011, 13), **LATER)
    assert found <= norm.sf(math.log(13 / 12) / sd) + 1e-9 <= most
    low, high = simulate(scenario(rows, asked("turnover", 2011, 13), **LATER)).quantiles(
        "turnover", "2011", [0.05, 0.95]
    )
    assert math.log(high / low) <= 2 * 1.645 * sd * 1.001


@pytest.mark.parametrize("period", [2011, "2011-01..2011-09"])
@pytest.mark.parametrize("target", [asked("turnover", 2011, 12.1), asked("turnover", 2012, 13.0)])
def test_as_the_error_goes_to_nothing_the_answer_goes_to_that_without_one(period: Any, target: Row) -> None:
    def answer(**error: Any) -> float:
        return probability([*PAST, figure(period, 12.0 if period == 2011 else 9.0, **error)], target, **LATER)

    exact, gaps = answer(), [abs(answer(error=error) - answer()) for error in ("4%", "1%", "0.1%", "0.001%")]
    assert gaps[-1] < 1e-4, exact
    assert gaps[2] < 2e-3 or gaps[2] < gaps[0]


def test_the_error_of_the_last_figure_is_that_of_what_follows_too() -> None:
    """A figure a tenth too low is a level a tenth too low: total and years ahead move together."""
    case = scenario([*PAST, figure(2011, 12.0, error="8%")], asked("turnover", 2012, 13.0), **LATER)
    flows = simulate(case, points=4096).flows
    both = np.log([flows.total("turnover", Period.parse(year)).values for year in ("2011", "2012")])
    assert np.corrcoef(both)[0, 1] > 0.15


def test_sums_with_errors_add_up_in_every_draw() -> None:
    rows = [
        figure(2017, value, name, error="6%")
        for name, value in (("exports", 600), ("imports", 80), ("turnover", 700))
    ]
    flows = simulate(scenario([*rows, figure(2016, 420)]), points=POINTS).flows
    for period in ("2017", "2018", "2019..2020"):
        parts = [
            flows.total(name, Period.parse(period)).values
            for name in ("exports", "imports", "turnover", "balance")
        ]
        np.testing.assert_allclose(parts[0] + parts[1], parts[2], rtol=1e-9)
        np.testing.assert_allclose(parts[0] - parts[1], parts[3], rtol=1e-9, atol=1e-9)


def test_what_an_error_leaves_of_a_whole_is_never_negative_and_adds_up() -> None:
    """Exports are nearly all of turnover, and their error is more than the rest."""
    rows = [
        figure(2014, 400.5),
        figure(2015, 420.5),
        figure(2014, 390, "exports", error="5%"),
        figure(2015, 400, "exports", error="5%"),
    ]
    flows = simulate(scenario(rows, as_of="2016-06-01"), points=POINTS).flows
    for period in ("2014", "2015", "2015-Q4", "2014..2015"):
        assert flows.total("imports", Period.parse(period)).values.min() >= 0, period
    quarters = [flows.total("imports", Period.parse(f"2015-Q{q}")).values for q in (1, 2, 3, 4)]
    np.testing.assert_allclose(
        sum(quarters), flows.total("imports", Period.parse("2015")).values, rtol=1e-6, atol=1e-6
    )
    low, high = np.quantile(flows.total("exports", Period.parse("2015")).values, [0.01, 0.99])
    assert 400 * (1 - 3 * 0.05) < low < high < 420.5


def test_the_chance_of_a_sum_with_an_error_is_no_count() -> None:
    """Four quarters with errors: a normal sum, to the small error of a log."""
    rows = [figure(f"2017-Q{q}", 100.0, error="3%") for q in (1, 2, 3, 4)]
    result = simulate(scenario([*rows, figure(2016, 400.0)], asked("turnover", 2017, 410)))
    median, high = result.quantiles("turnover", "2017", [0.5, 0.9])
    sd = math.log(high / median) / norm.ppf(0.9)
    assert result.probability == pytest.approx(norm.sf(math.log(410 / median) / sd), abs=0.004)
    assert 0.6 * 0.015 < sd < 0.015
    assert not result.decided


# Given twice, in any order, or implied by others


def test_rows_given_twice_count_once_and_are_told() -> None:
    once, twice = (simulate(scenario(rows), points=POINTS) for rows in (SPLIT, SPLIT * 2))
    assert twice.probability == once.probability
    assert any("given twice" in note for note in twice.notes)
    assert not any("given twice" in note for note in once.notes)


def test_the_order_of_figures_changes_nothing() -> None:
    parts, sums = history()
    rows = [
        *parts,
        *sums,
        figure(2015, None, growth="5%"),
        figure("2018-Q1", 190.0, error="4%"),
        figure("2018-Q1", 197.0, error="5%"),
    ]
    rows = [row for row in rows if row["period"] != 2015 or "value" not in row]
    answers = set()
    for seed in range(4):
        random.Random(seed).shuffle(rows)
        answers.add(probability(rows))
    assert len(answers) == 1


@pytest.mark.parametrize("seed", range(3))
def test_turnover_written_out_beside_exports_and_imports_says_nothing_new(seed: int) -> None:
    parts, sums = history(seed)
    target = asked("turnover", 2020, round(sums[-1]["value"] * 1.2))
    assert probability([*parts, *sums], target) == pytest.approx(probability(parts, target), abs=1e-9)
    assert probability([*sums, *parts[::-1]], target) == pytest.approx(probability(parts, target), abs=1e-9)


def test_growth_rates_that_levels_imply_say_nothing_new() -> None:
    _, levels = history()
    rates = [f"{100 * b['value'] / a['value'] - 100:.1f}%" for a, b in itertools.pairwise(levels)]
    target = asked("turnover", 2020, round(levels[-1]["value"] * 1.2))
    plain = probability(levels, target)
    beside = [levels[0], *(row | {"growth": rate} for row, rate in zip(levels[1:], rates, strict=True))]
    apart = [
        *levels,
        *(figure(row["period"], None, growth=rate) for row, rate in zip(levels[1:], rates, strict=True)),
    ]
    assert probability(beside, target) == pytest.approx(plain, abs=1e-9)
    assert probability(apart, target) == pytest.approx(plain, abs=1e-9)


@pytest.mark.parametrize("year", [650, 649.5, 649.6, 650.0])
def test_a_year_beside_its_quarters_moves_the_answer_by_its_rounding(year: float) -> None:
    quarters = [
        figure(f"2017-Q{q}", value)
        for q, value in zip((1, 2, 3, 4), (150.3, 160.2, 162.1, 176.9), strict=True)
    ]
    assert probability([*quarters, figure(2017, year)]) == pytest.approx(probability(quarters), abs=0.005)


LAST = figure("2018-10", 50, error="1000%", published="2018-10-31")


@pytest.mark.parametrize("row", [figure(2015, 400, error="1000%"), figure(2017, 600, error=6000), LAST])
def test_a_figure_without_information_changes_nothing(row: Row) -> None:
    assert probability([*SPLIT, row], as_of="2018-11-30") == pytest.approx(
        probability(SPLIT, as_of="2018-11-30"), abs=1e-9
    )


def test_figures_that_all_say_nothing_are_refused() -> None:
    with pytest.raises(BaselineError, match="say nothing"):
        fit_scenario(scenario([figure(2017, 600, error=6000)]))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(20, 2000), min_size=4, max_size=4), st.integers(1, 3))
def test_the_sum_of_published_parts_is_certain(values: list[float], digits: int) -> None:
    quarters = [figure(f"2017-Q{q}", round(value, digits)) for q, value in enumerate(values, 1)]
    total = sum(round(row["value"] * 10**digits) for row in quarters)
    exactly, more = total / 10**digits, (total + 1) / 10**digits
    for amount, expected in ((exactly, 1.0), (more, 0.0)):
        result = simulate(scenario(quarters, asked("turnover", 2017, amount)), points=16)
        assert (result.probability, result.decided) == (expected, True), (amount, total)


# Contradictions


HISTORY = [figure(2019, 6.0), figure(2020, 6.5)]
TWO = [figure(2021, 7.2), figure(2021, 6.8)]
ASKED = {"as_of": "2022-05-01"}


def test_two_values_of_one_sum_are_refused_at_both_places_with_the_mend() -> None:
    for rows in (TWO, TWO[::-1]):
        with pytest.raises(BaselineError, match=r"contradicts .*error: .*alternatives") as caught:
            require_answerable(scenario([*HISTORY, *rows], asked("turnover", 2021, 7), **ASKED))
        assert {place for place, _ in caught.value.faults} == {("observations", 2), ("observations", 3)}


def test_within_their_errors_two_values_are_reconciled_in_any_order_and_decide_nothing() -> None:
    rows = [row | {"error": "4%"} for row in TWO]
    results = [
        simulate(scenario([*HISTORY, *order], asked("turnover", 2021, 7), **ASKED))
        for order in (rows, rows[::-1])
    ]
    assert results[0].probability == results[1].probability
    assert not results[0].decided
    assert 0.2 < results[0].probability < 0.8
    alone = simulate(scenario([*HISTORY, rows[0]], asked("turnover", 2021, 7), **ASKED))
    widths = [np.ptp(result.quantiles("turnover", "2021", [0.1, 0.9])) for result in (results[0], alone)]
    assert widths[0] < 0.85 * widths[1], "two figures say more than one"


def test_finer_digits_of_one_figure_stand_for_coarser_ones() -> None:
    both = simulate(
        scenario([*HISTORY, figure(2021, 7), figure(2021, 7.2)], asked("turnover", 2022, 8), **ASKED),
        points=POINTS,
    )
    fine = simulate(
        scenario([*HISTORY, figure(2021, 7.2)], asked("turnover", 2022, 8), **ASKED), points=POINTS
    )
    assert both.probability == fine.probability


def test_an_undated_and_a_dated_value_of_one_sum_contradict_as_two_undated_ones() -> None:
    with pytest.raises(BaselineError, match="contradicts"):
        require_answerable(scenario([figure(2017, 604.1), figure(2017, 690.8, published="2018-03-01")]))


@pytest.mark.parametrize(
    "rows",
    [
        [figure(2017, 500), figure("2017-01..2017-09", 700)],
        [figure(2017, 500), figure(2017, 700, "exports")],
        [figure(2017, 690.8, growth="64.8%"), figure(2016, 430)],
        [figure(2017, 690.8), figure(2017, 600, "exports"), figure(2017, 70, "imports")],
        [figure(2016, 400), figure(2017, 500), figure(2017, None, growth="40%")],
        [*(figure(f"2017-{m:02d}", 50.0) for m in range(1, 13)), figure(2017, 700)],
    ],
)
def test_parts_wholes_and_rates_that_contradict_are_refused(rows: list[Row]) -> None:
    with pytest.raises(BaselineError, match="contradicts") as caught:
        require_answerable(scenario(rows))
    assert len({place for place, _ in caught.value.faults}) >= 2


def test_revised_figures_of_another_reading_follow_the_same_rule() -> None:
    revised = [figure(2017, 604.1, published="2018-02-01"), figure(2017, 610.0, published="2018-08-01")]
    case = scenario(alternatives={"other": revised, "latest": revised[1:]})
    require_answerable(case)
    chances = dict(simulate(case, points=POINTS).probability_range.sources)
    assert chances["other"] == chances["latest"]


# Leaps, collapses, zeros, months


def test_a_leap_beyond_any_law_is_told_as_one() -> None:
    rows = [
        figure(2016, 640, "imports"),
        figure(2017, 0.1, "imports"),
        figure(2016, 900, "exports"),
        figure(2017, 950, "exports"),
    ]
    with pytest.raises(
        BaselineError, match=r"imports 2017 0\.1 after imports 2016 640.*no law.*error:"
    ) as caught:
        require_answerable(scenario(rows))
    assert "exports" not in str(caught.value)
    assert "contradict" not in str(caught.value)


def test_a_small_part_that_collapses_does_not_widen_the_total() -> None:
    draws = np.random.default_rng(3)
    large = np.round(3000 * np.exp(np.cumsum(0.12 * draws.standard_normal(10))))
    small = [*np.round(300 * np.exp(0.15 * draws.standard_normal(9)), 1), 0.4]
    streams = {"a": {"direction": "exports"}, "b": {"direction": "exports"}}
    parts = [
        figure(2008 + n, float(v), name)
        for name, flow in (("a", large), ("b", small))
        for n, v in enumerate(flow)
    ]
    whole = [
        figure(2008 + n, round(float(a + b), 1), "exports")
        for n, (a, b) in enumerate(zip(large, small, strict=True))
    ]
    target = asked("exports", 2019, 3500)
    apart = simulate(scenario(parts, target, streams=streams))
    together = simulate(scenario(whole, target, streams={"exports": {"direction": "exports"}}))
    assert apart.probability == pytest.approx(together.probability, abs=0.04)
    bands = [result.quantiles("exports", "2018", [0.05, 0.5, 0.95]) for result in (apart, together)]
    np.testing.assert_allclose(bands[0], bands[1], rtol=0.09)
    assert apart.quantiles("b", "2018", [0.95])[0] < 300


def test_months_and_quarters_are_told_as_published_even_months_without_trade() -> None:
    draws = np.random.default_rng(2)
    values = {
        (y, m): 0.0 if m == 2 else round(float(5 * np.exp(0.4 * draws.standard_normal())), 2)
        for y in range(2012, 2018)
        for m in range(1, 13)
    }
    rows = [figure(f"{y}-{m:02d}", value) for (y, m), value in values.items()]
    result = simulate(scenario(rows, asked("turnover", 2019, 60)), points=POINTS)
    for period, expected in (
        ("2015-02", 0.0),
        ("2015-03", values[2015, 3]),
        ("2016-Q1", values[2016, 1] + values[2016, 3]),
        ("2014", sum(v for (y, _), v in values.items() if y == 2014)),
    ):
        assert result.quantiles("turnover", period, [0.05, 0.95]) == pytest.approx(
            [expected, expected], abs=1e-9
        ), period
    assert 0.01 < result.probability < 0.99


def test_months_answer_as_their_sums_do() -> None:
    draws = np.random.default_rng(4)
    months = {
        y: [round(float(v), 1) for v in 50 * np.exp(0.15 * draws.standard_normal(12))]
        for y in range(2009, 2018)
    }
    single = [figure(month_text(12 * y + m), v) for y, vs in months.items() for m, v in enumerate(vs)]
    years = [figure(y, round(sum(vs), 1)) for y, vs in months.items()]
    target = asked("turnover", 2020, 700)
    assert probability(single, target) == pytest.approx(probability(years, target), abs=0.01)


def test_cumulative_sums_of_a_year_are_its_latest_one() -> None:
    sums = [
        figure("2018-01" if m == 1 else f"2018-01..2018-{m:02d}", round(61.3 * m, 1)) for m in range(1, 10)
    ]
    assert probability([*SPLIT[:1], *sums]) == pytest.approx(probability([*SPLIT[:1], sums[-1]]), abs=0.01)


def test_twenty_five_years_of_months_are_answered_at_once() -> None:
    import time

    draws = np.random.default_rng(1)
    rows = [
        figure(month_text(month), round(float(50 * np.exp(0.3 * draws.standard_normal())), 1), name)
        for month in range(12 * 1993, 12 * 2018)
        for name in ("exports", "imports")
    ]
    case = Scenario.model_validate(
        scenario(rows, asked("turnover", 2020, 1300)).model_dump(exclude_unset=True)
    )
    begun = time.process_time()
    simulate(case)
    assert time.process_time() - begun < 4


# What an attack found


def test_a_ceiling_that_is_met_exactly_is_met() -> None:
    rows = [figure(2017, 380.0, "exports"), figure(2017, 120.0, "imports")]
    for amount, expected in ((500, 1.0), (499.9, 0.0)):
        assert probability(rows, {"measure": "turnover", "period": 2017, "at_most": amount}) == expected


@pytest.mark.parametrize("length", [1, 3])
def test_as_the_errors_of_months_or_quarters_go_to_nothing_so_does_what_they_change(length: int) -> None:
    values = np.round(40 * length * np.exp(0.1 * np.random.default_rng(2).standard_normal(48 // length)), 1)
    periods = [
        Period(12 * 2014 + length * n, 12 * 2014 + length * n + length - 1) for n in range(len(values))
    ]

    def answer(**error: Any) -> float:
        return probability(
            [figure(str(p), float(v), **error) for p, v in zip(periods, values, strict=True)],
            asked("turnover", 2020, 560),
        )

    exact, gaps = answer(), {error: abs(answer(error=error) - answer()) for error in ("10%", "1%", "0.0001%")}
    assert gaps["0.0001%"] < 1e-4, exact
    assert gaps["1%"] <= gaps["10%"] + 1e-3


def test_growth_alone_of_a_part_is_refused_and_that_of_a_known_sum_is_a_figure() -> None:
    levels = [figure(2016, 400.0), figure(2017, 420.0)]
    with pytest.raises(BaselineError, match="growth rates alone of imports"):
        require_answerable(scenario([*levels, figure(2017, None, "imports", growth="10%")]))
    one = [figure(2015, 400.0), figure(2017, 690.8, growth="64.8%")]
    two = [figure(2015, 400.0), figure(2017, 690.8), figure(2017, None, growth="64.8%")]
    assert probability(one) == probability(two)


def test_a_growth_rate_published_later_does_not_stand_in_for_the_amount() -> None:
    rows = [
        figure(2016, 419.2),
        figure(2017, 690.8, published="2018-02-01"),
        figure(2017, None, growth="64.8%", published="2018-08-01"),
    ]
    result = simulate(scenario(rows), points=64)
    assert result.quantiles("turnover", "2017", [0.1, 0.9]) == pytest.approx([690.8, 690.8])


def test_measures_that_are_told_by_other_periods_are_returned_and_add_up() -> None:
    months = [22.4, 22.3, 29.9, 23.1, 30.6, 26.7, 27.4, 44.9, 29.5, 26.9, 28.1, 21.1]
    rows = [figure(f"2017-{m:02d}", value) for m, value in enumerate(months, 1)]
    rows += [figure(f"2017-Q{q}", value, "imports") for q, value in enumerate((5.5, 4.7, 5.2, 4.9), 1)]
    result = simulate(scenario(rows, asked("imports", 2017, 20.3)), points=64)
    assert (result.probability, result.decided) == (1.0, True)
    for measure, period, value in (
        ("imports", "2017", 20.3),
        ("exports", "2017", 312.6),
        ("balance", "2017", 292.3),
        ("exports", "2017-Q2", 75.7),
    ):
        assert result.quantiles(measure, period, [0.05, 0.95]) == pytest.approx([value, value]), measure
    parts = [
        result.flows.total(name, Period.parse("2017-05")).values
        for name in ("exports", "imports", "turnover")
    ]
    np.testing.assert_allclose(parts[0] + parts[1], parts[2])
    np.testing.assert_allclose(parts[2], 30.6)


@pytest.mark.parametrize(
    "rows",
    [
        [figure("2018-Q1", 100.0), figure("2018-01..2018-06", 90.0)],
        [
            figure("2017-01..2017-06", 100.0),
            figure("2017-04..2017-09", 300.0),
            figure("2017-07..2017-12", 100.0),
        ],
        [figure("2018-Q1", 100.0), figure("2018-02", 110.0)],
        [figure(2021, 7.2, published="2022-01-01"), figure(2021, 7.3, published="2022-01-01")],
    ],
)
def test_short_figures_that_cannot_hold_together_are_refused(rows: list[Row]) -> None:
    with pytest.raises(BaselineError, match="contradicts"):
        require_answerable(
            scenario([figure(2016, 400.0), *rows], as_of="2022-05-01", target=asked("turnover", 2023, 500))
        )


def test_a_coarse_growth_rate_decides_nothing() -> None:
    result = simulate(scenario([figure(2017, 691, growth="65%")], asked("turnover", 2016, 419)))
    assert not result.decided
    assert 0.1 < result.probability < 0.9


def test_months_without_trade_at_both_ends_of_a_year_are_answered() -> None:
    values = (0, 0, 1.2, 3.1, 2, 2, 2, 2, 2, 2, 2, 0)
    rows = [figure(f"2017-{m:02d}", value) for m, value in enumerate(values, 1)]
    result = simulate(
        scenario([*rows, figure("2018-01", 0), figure("2018-02", 0)], asked("turnover", 2019, 20)), points=64
    )
    assert 0 < result.probability < 1
    assert result.quantiles("turnover", "2018-02", [0.9])[0] == 0
