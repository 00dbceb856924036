"""Amounts in other currencies: the same answer as the products written out. Default tier."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from simulator import ScenarioError, compare, simulate
from simulator.files.editing import edited
from simulator.files.loading import load_text
from simulator.scenario.ledger import differing
from simulator.scenario.schema import schema
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
    "RUB: 0.02": ("RUB: -1", "rates.RUB: found -1, expected a number above 0"),
    "RUB: 0.02}": ("RUB: {p5: 1, p95: 2}}", "rates.RUB: found an uncertain rate, expected a number"),
    "2016: 1.10": ("2016-13: 1.10", "rates.EUR: found '2016-13'"),
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


def test_the_schema_takes_them() -> None:
    case = {
        "title": "x",
        "as_of": "2018-10-31",
        "rates": {"EUR": {"2016": 1.1}, "RUB": 0.02},
        "target": {"measure": "turnover", "period": 2020, "at_least": "80 EUR"},
        "observations": [{"measure": "turnover", "period": 2016, "value": "41.0 EUR"}],
    }
    jsonschema.validate(case, schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(case | {"rates": {"EUR": 0}}, schema())


def test_without_rates_nothing_changes() -> None:
    assert (
        simulate(scenario(), points=512).probability == simulate(scenario(rates={}), points=512).probability
    )
