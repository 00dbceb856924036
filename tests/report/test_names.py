"""What people call a measure inside a sentence. Default tier."""

from __future__ import annotations

from typing import Any

import pytest

from simulator import Scenario, simulate, solve
from simulator.report.amounts import condition, wish
from simulator.report.names import named, plural, uncapitalised
from simulator.report.words.solve import sentences as solve_sentences
from tests.cases import scenario

KINDS = {
    "Other imports": ("other imports", True),
    "Imports of oil": ("imports of oil", True),
    "Oil and gas": ("oil and gas", True),
    "Machinery": ("machinery", False),
    "Natural gas": ("natural gas", False),
    "Glass": ("glass", False),
    "Ores, metals": ("ores, metals", True),
    "High-technology goods": ("high-technology goods", True),
    "Other Asian markets": ("other Asian markets", True),
    "Rest of the world": ("rest of the world", False),
    "New Zealand": ("New Zealand", False),
    "United States": ("United States", False),
    "Gold Coast": ("Gold Coast", False),
    "Kazakh grain": ("Kazakh grain", False),
    "China": ("China", False),
    "Chinese cars": ("Chinese cars", True),
    "EU goods": ("EU goods", True),
    "LPG": ("LPG", False),
    "iPhones": ("iPhones", True),
    "machines": ("machines", True),
}


@pytest.mark.parametrize(("name", "expected"), KINDS.items())
def test_an_ordinary_word_loses_its_capital_and_a_proper_noun_keeps_it(
    name: str, expected: tuple[str, bool]
) -> None:
    assert (uncapitalised(name), plural(uncapitalised(name))) == expected


STREAMS: dict[str, Any] = {
    "exports": {"direction": "exports"},
    "oil": {"direction": "imports", "name": "Imports of oil"},
    "other-imports": {"direction": "imports", "name": "Other imports"},
}
FIGURES = [{"measure": name, "period": year, "value": 40} for name in STREAMS for year in (2016, 2017)]


def asked(**target: Any) -> Scenario:
    return scenario(FIGURES, {"period": 2020, **target}, streams=STREAMS)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (
            {"measure": ["exports", "other-imports"], "at_least": 100},
            "exports and other imports in 2020 are at least $100m",
        ),
        ({"measure": "exports", "at_least": 50}, "exports in 2020 are at least $50m"),
        ({"measure": "turnover", "at_most": 500}, "turnover in 2020 is at most $500m"),
        ({"measure": "balance", "at_least": -50}, "balance in 2020 is at least -$50m"),
        (
            {"measure": "oil", "of": "imports", "share_at_most": "45%"},
            "the share of imports of oil in imports in 2020 is at most 45 %",
        ),
        (
            {"measure": "exports", "since": 2017, "growth_at_least": "20%"},
            "the growth of exports from 2017 to 2020 is at least 20 %",
        ),
    ],
)
def test_a_target_is_a_sentence(target: dict[str, Any], words: str) -> None:
    result = simulate(asked(**target), points=64)
    assert condition(result, result.targets[0]) == words
    assert wish(result) == words


def test_what_a_target_would_have_to_be_agrees_too() -> None:
    answer = solve(asked(measure="exports", at_least=50), 0.5, lever="target.at_least", points=64)
    assert any("exports in 2020 are at least" in sentence for sentence in solve_sentences(answer))


def test_partners_are_trade_with_them_and_streams_to_or_from_them() -> None:
    streams = {
        "uz": {"direction": "exports", "partner": "Uzbekistan"},
        "kr-out": {"direction": "exports", "partner": "South Korea"},
        "kr-in": {"direction": "imports", "partner": "South Korea"},
        "cn-1": {"direction": "exports", "partner": "China"},
        "cn-2": {"direction": "exports", "partner": "China"},
    }
    figures = [{"measure": name, "period": 2017, "value": 40} for name in streams]
    case = scenario(figures, streams=streams)
    for measure, expected in {
        "Uzbekistan": ("trade with Uzbekistan", False),
        "Uzbekistan + South Korea": ("trade with Uzbekistan and South Korea", False),
        "exports + South Korea": ("exports and trade with South Korea", True),
        "uz": ("exports to Uzbekistan", True),
        "kr-in": ("imports from South Korea", True),
        "cn-1": ("cn-1", False),
    }.items():
        assert named(case, measure) == expected
