"""Obvious slips are named, and what is only odd is not. Default tier."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from simulator import load_scenario, simulate
from simulator.cli import main
from simulator.scenario.slips import slips
from tests.cases import SPLIT, scenario

Row = dict[str, Any]
SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))


def messages(rows: list[Row], target: Row | None = None, **fields: Any) -> list[str]:
    return [f"{address}: {message}" for address, message in slips(scenario(rows, target, **fields))]


def years(*values: float) -> list[Row]:
    return [{"measure": "turnover", "from": 2018 - len(values), "values": list(values)}]


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_none_of_the_shipped_scenarios_has_one(file: Path) -> None:
    assert not list(slips(load_scenario(file)))


def test_figures_in_billions_beside_a_target_in_millions() -> None:
    (message,) = messages(years(0.42, 0.69), {"measure": "turnover", "period": 2020, "at_least": 1000})
    assert message.startswith("target.at_least: the target for 2020 needs growth of 1,0")
    assert "figures in billions beside a target in millions" in message
    assert message.endswith("All amounts count in million USD")


def test_a_target_in_billions_beside_figures_in_millions() -> None:
    (message,) = messages(years(420, 690), {"measure": "turnover", "period": 2020, "at_least": 1})
    assert "is about 1/690 of the last figures: is it in billions beside figures in millions" in message


def test_a_balance_a_thousand_times_the_trade() -> None:
    rows = [*years(0.42, 0.69), {"measure": "exports", "period": 2017, "value": 0.3}]
    (message,) = messages(rows, {"measure": "balance", "period": 2020, "at_least": -300})
    assert "is about 435 times the last figures" in message


def test_turnover_is_held_against_exports_and_imports() -> None:
    rows = [{"measure": name, "period": 2017, "value": 0.4} for name in ("exports", "imports")]
    (message,) = messages(rows, {"measure": "turnover", "period": 2018, "at_least": 900})
    assert "112,400 % a year" in message


def test_a_figure_a_thousand_times_its_neighbours() -> None:
    (message,) = messages(
        years(410, 450, 0.47, 500), {"measure": "turnover", "period": 2020, "at_least": 900}
    )
    assert message.startswith("observations.0.values.2: turnover 2016 is about 1/957 of what the other")
    (message,) = messages(
        years(410, 450, 470000, 500), {"measure": "turnover", "period": 2020, "at_least": 900}
    )
    assert "2016 is about 1,044 times what the other figures" in message


def test_sums_over_the_year_so_far_that_are_taken_for_months() -> None:
    sums = [round(sum(5 + n % 3 for n in range(m % 12 + 1)), 1) for m in range(20)]
    row = {"measure": "exports", "from": "2017-01", "every": "month", "values": sums}
    target = {"measure": "exports", "period": 2019, "at_least": 100}
    (message,) = messages([row], target)
    assert "state cumulative: true" in message
    assert not messages([row | {"cumulative": True}], target)


@pytest.mark.parametrize(
    "rows",
    [
        SPLIT,
        years(100, 300, 30),
        years(1, 40, 90, 400),
        [*SPLIT, {"measure": "exports", "period": "2018-09", "value": 61.2}],
    ],
)
def test_what_is_only_odd_is_no_slip(rows: list[Row]) -> None:
    assert not messages(rows, {"measure": "turnover", "period": 2020, "at_least": 1500})


def test_run_and_validate_name_it_with_its_line(tmp_path: Path) -> None:
    case = scenario(years(0.42, 0.69), {"measure": "turnover", "period": 2020, "at_least": 1000})
    assert any("in billions beside a target in millions" in note for note in simulate(case, points=512).notes)
    file = tmp_path / "x.yaml"
    file.write_text(
        "title: x\nas_of: 2018-10-31\ntarget: {measure: turnover, period: 2020, at_least: 1000}\n"
        "observations:\n  - {measure: turnover, from: 2016, values: [0.42, 0.69]}\n",
        "utf-8",
    )
    text = CliRunner().invoke(main, ["validate", str(file)]).output
    assert "x.yaml:3: target.at_least: note: the target for 2020 needs growth" in text
    assert "x.yaml: valid; 2 figures" in text
