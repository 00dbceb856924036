"""Known shocks of the past: their months say nothing of the usual volatility. Default tier."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simulator import ScenarioError, simulate
from simulator.files.loading import load_text
from simulator.model.law import fit_scenario
from simulator.scenario.ledger import differing
from tests.cases import scenario

Row = dict[str, Any]
CALM = [100.0, 104.1, 107.9, 112.5, 116.8, 121.9, 126.3, 131.8, 136.5, 142.1]
TARGET = {"measure": "turnover", "period": 2019, "at_least": 150}


def years(values: list[float], skip: int | None = None) -> list[Row]:
    stated = [None if n == skip else value for n, value in enumerate(values)]
    return [{"measure": "turnover", "from": 2018 - len(values), "values": stated}]


def struck(at: int, factor: float, *, lasting: bool = False) -> list[float]:
    return [
        round(value * (factor if n == at or (lasting and n > at) else 1), 1) for n, value in enumerate(CALM)
    ]


def shock(period: Any, **more: Any) -> Row:
    return {"shocks": {"ban": {"period": period, **more}}}


def volatility(rows: list[Row], **fields: Any) -> float:
    return fit_scenario(scenario(rows, TARGET, **fields)).volatility


def probability(rows: list[Row], **fields: Any) -> float:
    return simulate(scenario(rows, TARGET, **fields), points=1024).probability


def test_a_year_taken_out_is_a_year_that_is_not_there() -> None:
    slump = years(struck(5, 0.5))
    left_out = volatility(years(CALM, skip=5))
    assert volatility(slump) > 3 * left_out
    assert volatility(slump, **shock(2013)) == pytest.approx(left_out, rel=0.1)
    assert probability(slump, **shock(2013)) == pytest.approx(probability(years(CALM, skip=5)), abs=0.02)


def test_what_lasts_is_not_made_good() -> None:
    """The years after it are those of a calm series on another level."""
    rows = years(struck(5, 0.5, lasting=True))
    calm = volatility(years(CALM))
    assert calm < volatility(rows, **shock(2013, lasting=True)) < 1.6 * calm
    assert volatility(rows) > 3 * calm
    low = simulate(scenario(rows, TARGET, **shock(2013, lasting=True))).quantiles("turnover", 2018, [0.5])[0]
    assert low == pytest.approx(0.5 * 148, rel=0.06)


def test_months_of_a_longer_year_are_taken_out() -> None:
    values = [round(8 * 1.03 ** (n / 12) * (1 + 0.2 * np.sin(n)), 2) for n in range(60)]
    hit = [value * (0.3 if 36 <= n < 42 else 1) for n, value in enumerate(values)]

    def rows(flows: list[float]) -> list[Row]:
        return [{"measure": "turnover", "from": "2013-01", "values": [round(v, 2) for v in flows]}]

    usual, rough = volatility(rows(values)), volatility(rows(hit))
    freed = volatility(rows(hit), **shock("2016-01..2016-06"))
    assert abs(np.log(freed / usual)) < 0.5 * abs(np.log(rough / usual))


def test_only_its_streams_are_free() -> None:
    parts = [
        {"measure": "exports", "from": 2008, "values": struck(5, 0.5)},
        {"measure": "imports", "from": 2008, "values": CALM},
    ]
    both = fit_scenario(scenario(parts, TARGET)).volatilities
    freed = fit_scenario(scenario(parts, TARGET, **shock(2013, streams=["exports"]))).volatilities
    other = fit_scenario(scenario(parts, TARGET, **shock(2013, streams=["imports"]))).volatilities
    assert freed[0] < 0.5 * both[0]
    assert other[0] > 0.8 * both[0]


def test_without_one_nothing_changes_and_one_on_no_figure_does_little() -> None:
    rows = years(CALM)
    assert volatility(rows) == volatility(rows, shocks={})
    assert volatility(rows, **shock("1999-01..1999-03")) == volatility(rows)


def test_it_is_an_assumption() -> None:
    one, other = (
        scenario(years(CALM)),
        scenario(years(CALM), **shock(2013, name="A ban", streams=["exports"])),
    )
    assert [assumption.name for assumption in differing([one, other])] == ["shocks.ban"]
    notes = simulate(other, points=512).notes
    assert (
        "A ban (exports, 2013) says nothing of the usual volatility; it is over with these months." in notes
    )


HEAD = "title: x\nas_of: 2018-10-31\ntarget: {measure: turnover, period: 2020, at_least: 5}\n"
HEAD += "observations: [{measure: turnover, period: 2017, value: 3.0}]\nshocks:\n"
FAULTS = {
    "period: 2019": "x.yaml:6: shocks.ban.period: found 2019, after the last figure (2017-12)",
    "period: 2017, streams: [oil]": "x.yaml:6: shocks.ban.streams.0: found 'oil'",
    "period: 2017, streams: []": "shocks.ban.streams: found an empty list",
    "streams: [exports]": "x.yaml:6: shocks.ban: found no period",
    "period: 2017, lasting: maybe": "shocks.ban.lasting: found 'maybe', expected true or false",
    "period: 2017, depth: 3": "shocks.ban.depth: found the key 'depth'",
}


@pytest.mark.parametrize("stated", FAULTS)
def test_faults(stated: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        load_text(f"{HEAD}  ban: {{{stated}}}\n", "x.yaml")
    assert FAULTS[stated] in str(refused.value)


def test_more_months_of_shocks_than_a_law_can_hold_are_refused() -> None:
    ids = ", ".join(f"s{number}: {{direction: exports}}" for number in range(60))
    text = HEAD.replace("2017, value", "2000, value").replace("2018-10-31", "2010-10-31")
    text = text.replace("period: 2020, at_least", "period: 2008, at_least")
    text += f"  ban: {{period: 2000-01..2000-12}}\nstreams: {{{ids}}}\n"
    load_text(text, "x.yaml")
    rows = "observations: [{measure: turnover, period: 2000, value: 3.0}, "
    text = text.replace(rows[:-2], rows + "{measure: turnover, period: 2007, value: 3.0}")
    message = r"found 6,300 years of streams and months of shocks .* at most 1,800; shorten the shocks"
    with pytest.raises(ScenarioError, match=message):
        load_text(text.replace("2000-01..2000-12", "2000-01..2007-12"), "x.yaml")


def test_it_is_set_from_the_command_line() -> None:
    loaded = load_text(f"{HEAD}  ban: {{period: 2017}}\n", "x.yaml", ["shocks.ban.lasting=true"])
    assert loaded.scenario.shocks["ban"].lasting
