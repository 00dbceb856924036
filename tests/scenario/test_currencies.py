"""Amounts in other currencies: the same answer as the products written out. Default tier."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from simulator import ScenarioError, compare, simulate
from simulator.analysis.packages import priced_levers
from simulator.files.editing import edited
from simulator.files.loading import load_text
from simulator.report.amounts import threshold
from simulator.scenario.ledger import differing
from simulator.scenario.parameters import knobs, turned, written
from simulator.scenario.schema import schema
from simulator.values.notation import flow
from tests.cases import scenario

HEAD = "title: x\nas_of: 2018-10-31\n"
EUROS = (
    HEAD
    + """\
rates: {EUR: {2016: 1.10, 2017: 1.25}, RUB: 0.02}
target: {measure: turnover, period: 2020, at_least: 80 EUR}
observations:
  - {measure: turnover, period: 2015, value: 2000 RUB}
  - {measure: turnover, from: 2016, values: [41.0 EUR, 44.4 EUR]}
levers:
  x: {kind: custom, money: {low: 1 EUR, likely: 2 EUR, high: 400 RUB}, start: 2019-01, cost: 3 EUR}
"""
)
DOLLARS = (
    HEAD
    + """\
target: {measure: turnover, period: 2020, at_least: 100}
observations:
  - {measure: turnover, period: 2015, value: 40, error: 0.01}
  - {measure: turnover, from: 2016, values: [45.1, 55.5]}
levers:
  x: {kind: custom, money: {low: 1.25, likely: 2.5, high: 8}, start: 2019-01, cost: 3.75}
"""
)


def load(text: str, *settings: str) -> Any:
    return load_text(text, "x.yaml", settings).scenario


def test_the_answer_is_that_of_the_products() -> None:
    by_rate = simulate(load(EUROS), points=1024)
    by_hand = simulate(load(DOLLARS), points=1024)
    assert by_rate.probability == pytest.approx(by_hand.probability, abs=0.003)
    assert by_rate.quantiles("turnover", 2017, [0.5])[0] == 55.5
    assert load(EUROS).levers["x"].cost == 3.75
    assert load(EUROS).target[0].amount == 100


def test_a_figure_keeps_its_digits_and_its_rounding() -> None:
    figure = load(EUROS).figures[1]
    assert str(figure.value) == "41.0 EUR"
    assert figure.value.amount == pytest.approx(45.1)
    assert figure.value.rounding == pytest.approx(0.05 * 1.1)


def test_an_error_may_be_in_another_currency() -> None:
    text = EUROS.replace("value: 2000 RUB", "value: 40, error: 50 RUB")
    assert load(text).figures[0].error.amount == pytest.approx(1)
    between = EUROS.replace("value: 2000 RUB", "between: [1900 RUB, 2100 RUB]")
    assert [bound.amount for bound in load(between).figures[0].between] == pytest.approx([38, 42])


def test_the_currency_of_the_scenario_may_be_named() -> None:
    assert load(DOLLARS.replace("at_least: 100", "at_least: 100 USD")).target[0].amount == 100


def test_usd_rate_reads_dollars() -> None:
    text = DOLLARS.replace("title: x\n", "title: x\ncurrency: EUR\nusd_rate: 1.25\n")
    assert load(text.replace("at_least: 100", "at_least: 125 USD")).target[0].amount == pytest.approx(100)
    assert simulate(load(text), points=512).probability == simulate(load(DOLLARS), points=512).probability


def test_rates_are_set_and_edited() -> None:
    assert load(EUROS, "rates.RUB=0.01").figures[0].value.amount == 20
    assert load(EUROS, "target.at_least=50 EUR").target[0].amount == 62.5
    assert "RUB: 0.03" in edited(EUROS, {"rates.RUB": 0.03}, "x.yaml")


def test_another_rate_is_a_difference_of_the_data() -> None:
    one, other = load(EUROS), load(EUROS, "rates.RUB=0.021")
    names = [assumption.name for assumption in differing([one, other])]
    assert names[0] == "rates.RUB"
    assert "observations.turnover 2015" in names
    compared = compare([one, other], points=512)
    assert compared is not None


FAULTS = {
    "41.0 EUR, 44.4 EUR": (
        "41.0 EUR, 44.4 GBP",
        "x.yaml:7: observations.1.values.1: found '44.4 GBP', but nothing says",
    ),
    "from: 2016": (
        "from: 2015",
        "observations.1.values.0: found 41.0 EUR for 2015, but rates are stated for 2016, 2017",
    ),
    "RUB: 0.02": ("RUB: -1", "x.yaml:3: rates.RUB: found -1, expected above 0"),
    "RUB: 0.02}": (
        "RUB: {p5: 0.01, p95: 0.02}}",
        "x.yaml:9: levers.x.money: found amounts in RUB and in another currency, expected one",
    ),
    ": 0.02}": (
        ": {mean: 1, sd: 0.5}}",
        "x.yaml:3: rates.RUB: found {mean, sd} with draws from 0.0000 to 2.5",
    ),
    "0.02}": ("{low: 2, likely: 1, high: 3}}", "x.yaml:3: rates.RUB: found low 2 above likely 1"),
    "{2016: 1.10, 2017: 1.25}": ("{}", "x.yaml:3: rates.EUR: found an empty mapping"),
    "2016: 1.10": ("2016-13: 1.10", "x.yaml:3: rates.EUR.2016-13: found '2016-13'"),
    "2017: 1.25": ("2017: dear", "x.yaml:3: rates.EUR.2017: found 'dear', expected a number"),
    "0.02": ("10000000000000", "x.yaml:3: rates.RUB: found a rate of 1e+13, expected at most 1e+12"),
    "RUB: 0.02,": ("ruble: 0.02,", ""),
    "80 EUR": ("80 EURO", "x.yaml:4: target.at_least: found '80 EURO', expected a number"),
    "cost: 3 EUR": ("probability: 3 EUR", "levers.x.probability: found '3 EUR', expected a number"),
}


@pytest.mark.parametrize("old", [key for key in FAULTS if key in EUROS])
def test_faults(old: str) -> None:
    new, message = FAULTS[old]
    with pytest.raises(ScenarioError) as refused:
        load(EUROS.replace(old, new))
    assert message in str(refused.value)
    if "rates." in message:  # and not one more at every amount in that currency
        assert str(refused.value).count("x.yaml:") == 1


def test_bounds_in_two_currencies_are_refused_where_a_rate_is_uncertain() -> None:
    text = EUROS.replace("value: 2000 RUB", "between: [1900 RUB, 42]")
    assert [bound.amount for bound in load(text).figures[0].between] == [38, 42]
    with pytest.raises(ScenarioError, match=r"observations\.0\.between: found bounds in two currencies"):
        load(text.replace("high: 400 RUB", "high: 9 EUR").replace("RUB: 0.02", "RUB: {p5: 0.01, p95: 0.03}"))


# Uncertain rates as numbers of the scenario


UNCERTAIN = EUROS.replace("high: 400 RUB", "high: 9 EUR").replace(
    "rates: {EUR: {2016: 1.10, 2017: 1.25}, RUB: 0.02}",
    "rates: {EUR: {2016: 1.10, 2017: {p5: 1.2, p95: 1.3}}, RUB: {low: 0.01, likely: 0.02, high: 0.03}}",
)


def test_each_number_of_a_rate_is_a_knob() -> None:
    case = load(UNCERTAIN)
    known = {knob.path: knob for knob in knobs(case) if knob.path.startswith("rates")}
    assert list(known) == [
        *("rates.EUR.2016", "rates.EUR.2017", "rates.EUR.2017.p5", "rates.EUR.2017.p95"),
        *("rates.RUB", "rates.RUB.low", "rates.RUB.high"),
    ]
    assert all(0 < knob.low < knob.value < knob.high < 5 for knob in known.values())
    assert known["rates.EUR.2017.p95"].part


def test_a_rate_turned_is_the_rate_set() -> None:
    case = load(UNCERTAIN)
    for path, number in {"rates.EUR.2016": 1.5, "rates.EUR.2017.p95": 1.4, "rates.RUB": 0.024}.items():
        stated = written(case, {path: number})
        (address, value), *_ = stated.items()
        by_file = load(UNCERTAIN, f"{address}={flow(value, text=str, number=repr)}")
        by_knob = turned(case, {path: number})
        assert by_knob.grounds == by_file.grounds != case.grounds
        assert by_knob.rates == by_file.rates
        assert [target.amount for target in by_knob.target] == [target.amount for target in by_file.target]
        assert by_knob.levers["x"].money.parameters == by_file.levers["x"].money.parameters
        assert simulate(by_knob, points=256).probability == simulate(by_file, points=256).probability


def test_money_keeps_its_currency_where_it_is_turned() -> None:
    case = load(UNCERTAIN)
    stated = written(case, {"target.at_least": 125.0, "levers.x.money": 2.5})
    assert stated["target.at_least"].endswith(" EUR")
    assert all(str(value).endswith(" EUR") for value in stated["levers.x.money"].values())
    moved = turned(case, {"target.at_least": 125.0})
    assert moved.target[0].amount == pytest.approx(125)
    assert moved.target[0].step == case.target[0].step


def test_money_counts_at_the_rates_that_are_turned_with_it() -> None:
    moved = turned(load(UNCERTAIN), {"rates.EUR.2017": 1.5, "target.at_least": 120.0, "levers.x.money": 3.0})
    assert moved.target[0].amount == pytest.approx(120)
    assert moved.levers["x"].money.main == pytest.approx(3)
    assert moved.target[0].foreign.stated == pytest.approx(80)


def test_ends_of_a_rate_are_set_and_edited() -> None:
    case = load(UNCERTAIN, "rates.EUR.2017.p95=1.4")
    assert case.rates["EUR"]["2017"].parameters == (1.2, 1.4)
    assert "p95: 1.4" in edited(UNCERTAIN, {"rates.EUR.2017.p95": 1.4}, "x.yaml")


def test_a_target_in_words_names_both_currencies() -> None:
    result = simulate(load(UNCERTAIN), points=256)
    assert threshold(result, result.targets[0]) == "target €80m ($99.9m at the median rate)"
    assert result.to_dict()["target"]["stated"] == "80 EUR"
    certain = simulate(load(EUROS), points=256)
    assert threshold(certain, certain.targets[0]) == "target $100m"
    assert "stated" not in certain.to_dict()["target"]


def test_a_cost_counts_at_the_median_rate_of_the_month_in_which_its_lever_starts() -> None:
    text = UNCERTAIN.replace("2017: {p5: 1.2, p95: 1.3}", "2019: {p5: 1.4, p95: 1.6}, 2018: 1.3, 2017: 1")
    (priced,) = priced_levers(load(text))
    assert priced.cost == pytest.approx(3 * (1.4 * 1.6) ** 0.5)


def test_other_rates_of_targets_and_levers_alone_are_one_difference() -> None:
    text = UNCERTAIN.replace("value: 2000 RUB", "value: 40").replace("[41.0 EUR, 44.4 EUR]", "[45.1, 55.5]")
    one, other = load(text), load(text, "rates.EUR.2017={p5: 1.4, p95: 1.5}")
    compared = compare([one, other], points=512)
    (difference,) = compared.differences
    assert [part.change.name for part in difference.attribution] == ["rates"]
    assert difference.attribution[0].probability_points == pytest.approx(difference.probability_points)
    assert [assumption.name for assumption in compared.assumptions] == ["rates.EUR"]


def test_the_schema_takes_them() -> None:
    case = {
        "title": "x",
        "as_of": "2018-10-31",
        "rates": {"EUR": {"2016": 1.1}, "RUB": 0.02},
        "target": {"measure": "turnover", "period": 2020, "at_least": "80 EUR"},
        "observations": [{"measure": "turnover", "period": 2016, "value": "41.0 EUR"}],
    }
    validator = jsonschema.Draft202012Validator(schema())
    validator.validate(case)
    for rate in (
        {"p5": 1.1, "p95": 1.2},
        {"2016": {"low": 1, "likely": 1.1, "high": 1.3}},
        {"choices": {"1.1": 0.5, "1.2": 0.5}},
    ):
        assert validator.is_valid(case | {"rates": {"EUR": rate}})
    for rate in (0, {"p5": 1.1}, {"2016": 0}, {"p5": -1, "p95": 1}, "1.1", {}):
        assert not validator.is_valid(case | {"rates": {"EUR": rate}})


def test_without_rates_nothing_changes() -> None:
    assert (
        simulate(scenario(), points=512).probability == simulate(scenario(rates={}), points=512).probability
    )
