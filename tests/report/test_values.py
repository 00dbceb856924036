"""Values of assumptions in words. Default tier."""

from __future__ import annotations

from typing import Any

import pytest

from simulator import simulate
from simulator.report.words.values import value_words
from simulator.scenario.ledger import tree
from simulator.values.forms import FORMS
from tests.cases import LEVERS, SPLIT, scenario

FILE_SYNTAX = "{}[]"


def told(field: str, value: Any, **others: Any) -> str:
    lever = {**LEVERS["support"], **others, field: value}
    result = simulate(scenario(levers={"one": lever}), points=64)
    return value_words(result, tree(result.scenario)["levers"]["one"][field])


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("11.2%", "11.2 %"),
        ({"low": "2%", "likely": "8%", "high": "20%"}, "8 % (2-20 %)"),
        ({"low": "-2%", "likely": "1%", "high": "4%"}, "1 % (-2 % to 4 %)"),
        ({"p5": "1%", "p95": "4%"}, "2 % (1-4 %, nine times in ten)"),
        ({"mean": "10%", "sd": "2%"}, "10 % (6.7-13 %, nine times in ten)"),
        ({"alpha": 2, "beta": 2}, "50 % (14-86 %, nine times in ten)"),
        ({"choices": {"10%": 0.3, "20%": 0.7}}, "10 % (30 %) or 20 % (70 %)"),
    ],
)
def test_a_percent_stands_with_its_range(value: Any, words: str) -> None:
    assert told("percent", value) == words


def test_every_form_of_an_uncertain_number_has_words() -> None:
    forms = {
        "Triangular": {"low": 1, "likely": 2, "high": 4},
        "Percentiles": {"p5": 1, "p95": 4},
        "Normal": {"mean": 5, "sd": 2},
        "Beta": {"alpha": 2, "beta": 4},
        "Choices": {"choices": {"10": 0.5, "20": 0.5}},
    }
    assert {form.__name__ for form in FORMS} == set(forms)  # a new form needs words that are looked at
    for written in forms.values():
        words = told("phase_in", written)
        assert not set(words) & set(FILE_SYNTAX)
        assert words[0].isdigit()
        assert "month" in words


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("start", "2019-07", "July 2019"),
        ("start", "2019-05-15", "15 May 2019"),
        (
            "start",
            {"low": "2019-01", "likely": "2019-07", "high": "2020-01"},
            "July 2019 (January 2019 to January 2020)",
        ),
        ("phase_in", 12, "12 months"),
        ("phase_in", 1, "1 month"),
        ("enabled", False, "off"),
        ("probability", 0.7, "70 %"),
        ("streams", ["exports", "imports"], "exports, imports"),
        ("streams", {"exports": 1, "imports": -0.5}, "exports 1, imports -0.5"),
        ("overlap", {"group": "machines", "cap": 40}, "group machines, cap $40.0m a year"),
        ("duration", None, "left out"),
    ],
)
def test_other_values_stand_in_words_too(field: str, value: Any, words: str) -> None:
    assert told(field, value) == words


def test_an_amount_in_another_currency_stays_in_it() -> None:
    lever = {**LEVERS["ventures"], "money": {"low": "5 EUR", "likely": "20 EUR", "high": "60 EUR"}}
    result = simulate(scenario(rates={"EUR": 1.1}, levers={"one": lever}), points=64)
    words = value_words(result, tree(result.scenario)["levers"]["one"]["money"])
    assert words == "20 million EUR a year (5-60 million EUR a year)"


def test_named_deals_and_figures_are_no_file_either() -> None:
    deals = [{"name": "Tractors", "value": 12, "probability": 0.5}, {"name": "Milk", "value": 3}]
    lever = {"kind": "interregional_deals", "deals": deals, "streams": ["exports"]}
    result = simulate(scenario(levers={"one": lever}), points=64)
    nodes = tree(result.scenario)
    assert value_words(result, nodes["levers"]["one"]["deals"]) == (
        "Tractors, $12.0m, probability 50 %; Milk, $3.00m, probability 100 %"
    )
    figure = f"{SPLIT[0]['measure']} {SPLIT[0]['period']}"
    assert value_words(result, nodes["observations"][figure]) == "690.8, growth 64.8 %"


def test_an_amount_in_another_currency_keeps_its_currency_and_the_unit_of_the_file() -> None:
    def words(value: Any) -> str:
        lever = {"kind": "joint_ventures", "count": 1, "planned_exports_each": value}
        result = simulate(scenario(levers={"one": lever}, rates={"EUR": 1.1}), points=64)
        return value_words(result, tree(result.scenario)["levers"]["one"]["planned_exports_each"])

    assert words("30 EUR") == "30 million EUR a year"
    spread = words({"mean": "3 EUR", "sd": "1 EUR"})
    assert spread.startswith("3 million EUR a year (")
    assert "$" not in spread


def test_a_range_without_width_is_one_number() -> None:
    assert told("percent", {"low": "1%", "likely": "1%", "high": "1%"}) == "1 %"
