"""Trade by partner: the table, the chart and where they stand. Default tier."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from simulator import Scenario, load_scenario, simulate
from simulator.cli import main
from simulator.model.result import Result
from simulator.report.charts.drawing import stamp
from simulator.report.charts.partners import by_partners
from simulator.report.documents.answer import sections
from simulator.report.documents.blocks import Picture, Table
from simulator.report.partners import MOST, UNNAMED, ByPartner, by_partner, several
from simulator.report.tables import partners_table, tables_of
from simulator.report.words import partners as words
from tests.cases import scenario

YEARS = (2015, 2016, 2017)
MEASURE = {"measure": "turnover", "period": 2019, "at_least": 520}


def portfolio(sizes: dict[str, float], target: Any = None, home: float = 0.0, **fields: Any) -> Scenario:
    """Exports to partners of these sizes, growing by a tenth a year; ``home`` to nobody in particular."""
    streams: dict[str, Any] = {
        f"s{number}": {"direction": "exports", "partner": name} for number, name in enumerate(sizes)
    }
    values = dict(zip(streams, sizes.values(), strict=True))
    if home:
        streams["none"] = {"direction": "exports"}
        values["none"] = home
    figures = [
        {"measure": key, "period": year, "value": round(size * 1.1 ** (year - 2017), 3)}
        for key, size in values.items()
        for year in YEARS
    ]
    return scenario(figures, target or MEASURE, streams=streams, **fields)


@cache
def answer() -> Result:
    return simulate(portfolio({"Uzbekistan": 100, "South Korea": 200, "China": 50}, home=70), points=1024)


def trade(result: Result | None = None, **options: Any) -> ByPartner:
    found = by_partner(result or answer(), **options)
    assert found is not None
    return found


def test_the_numbers_are_those_of_the_totals() -> None:
    rows = {row.name: row for row in trade().rows}
    assert list(rows) == ["South Korea", "Uzbekistan", "China", UNNAMED]
    for name in ("South Korea", "Uzbekistan", "China"):
        assert rows[name].bands == answer().totals[name]["2019"]
        assert rows[name].base == pytest.approx(answer().totals[name]["2017"]["p50"])
    assert (str(trade().base), trade().published) == ("2017", True)
    assert partners_table(answer())[0]["p50"] == answer().totals["South Korea"]["2019"]["p50"]
    live = {row.name: row for row in trade(live=True).rows}
    for name, row in rows.items():
        assert live[name].bands["p50"] == pytest.approx(row.bands["p50"], rel=0.02)


def test_what_partners_and_home_add_is_what_all_trade_adds() -> None:
    period = answer().leading.period
    values = answer().drawn("turnover", period)
    before = float(answer().quantiles("turnover", "2017", [0.5])[0])
    shown = trade()
    assert sum(row.added or 0.0 for row in shown.rows) == pytest.approx(values.mean() - before)
    assert shown.added == pytest.approx(values.mean() - before)
    assert shown.needed == pytest.approx(520 - before)
    assert sum(shown.part_of_added(row) or 0.0 for row in shown.rows) == pytest.approx(1)
    assert sum(shown.part_of_needed(row) or 0.0 for row in shown.rows) == pytest.approx(
        (values.mean() - before) / (520 - before)
    )


def test_beyond_the_most_that_are_shown_the_smallest_are_one() -> None:
    sizes = {f"Land {letter}": 10.0 + number for number, letter in enumerate("abcdefghijklmnopqrstuvwxyz")}
    result = simulate(portfolio(sizes | {"Other countries": 500}), points=256)
    shown, every = trade(result, most=25), trade(result)
    assert (len(shown.rows), len(every.rows)) == (25, 27)
    *single, others = shown.rows
    assert [row.name for row in single] == [
        f"Land {letter}" for letter in reversed("cdefghijklmnopqrstuvwxyz")
    ]
    assert (others.name, others.many) == ("3 others", True)
    gone = [row for row in every.rows if row.name not in {row.name for row in single}]
    assert others.added == pytest.approx(sum(row.added or 0.0 for row in gone))
    drawing = by_partners(result, by_partner(result, most=MOST))
    assert drawing is not None
    assert [row["drawn"] for row in drawing.rows] == [True] * 24 + [False]
    assert drawing.picture("svg", stamp(result)).startswith(b"<svg")


def test_exports_to_a_partner_are_what_counts_towards_exports() -> None:
    streams = {
        "uz-out": {"direction": "exports", "partner": "Uzbekistan"},
        "uz-in": {"direction": "imports", "partner": "Uzbekistan"},
        "kr-out": {"direction": "exports", "partner": "South Korea"},
        "cn-in": {"direction": "imports", "partner": "China"},
    }
    figures = [{"measure": key, "period": year, "value": 40} for key in streams for year in YEARS]
    target = {"measure": "exports", "period": 2019, "at_least": 90}
    exports = trade(simulate(scenario(figures, target, streams=streams), points=256))
    assert {row.name: row.measure for row in exports.rows} == {
        "Uzbekistan": "uz-out",
        "South Korea": "South Korea",
    }
    assert exports.needed == pytest.approx(10)
    single = trade(simulate(scenario(figures, {**target, "measure": "uz-out"}, streams=streams), points=256))
    assert single.quantity.measure == "turnover"
    assert (len(single.rows), single.needed) == (3, None)
    assert words.of_growth(single) == "of the growth"


def test_growth_is_told_since_the_targets_own_base() -> None:
    target = {"measure": "turnover", "period": 2019, "since": 2016, "growth_at_least": "60%"}
    shown = trade(simulate(portfolio({"Uzbekistan": 100, "China": 50}, target), points=256))
    assert str(shown.base) == "2016"
    base = round(100 / 1.1, 3) + round(50 / 1.1, 3)
    assert shown.needed == pytest.approx(0.6 * base)


def test_of_months_without_a_figure_of_each_partner_the_law_tells() -> None:
    case = portfolio(
        {"Uzbekistan": 100, "China": 50}, {"measure": "exports", "period": "2019-Q2", "at_least": 20}
    )
    shown = trade(simulate(case, points=256))
    assert (str(shown.base), shown.published) == ("2017-Q2", False)
    assert "the law's median" in words.reading(shown)


def test_a_target_within_the_first_year_has_no_base() -> None:
    figures = [{"measure": key, "period": 2017, "value": 40} for key in ("a", "b")]
    streams = {key: {"direction": "exports", "partner": key.upper()} for key in ("a", "b")}
    target = {"measure": "exports", "period": 2017, "at_least": 70}
    result = simulate(scenario(figures, target, streams=streams), points=64)
    shown = trade(result)
    assert (shown.base, shown.added, words.summary(result, shown)) == (None, None, None)
    drawing = by_partners(result, by_partner(result, most=MOST))
    assert drawing is not None
    assert drawing.picture("svg").startswith(b"<svg")
    table = next(block for block in _blocks(result, "Trade by partner") if isinstance(block, Table))
    assert [column.head for column in table.columns] == ["Partner", "10\u00a0%", "median", "90\u00a0%"]


def _blocks(result: Result, title: str) -> list[Any]:
    return [block for section in sections(result) if section.title == title for block in section.blocks]


def test_it_stands_where_there_are_partners_and_nowhere_else() -> None:
    picture, table, summary = _blocks(answer(), "Trade by partner")
    assert isinstance(picture, Picture)
    assert [row[0] for row in table.rows] == [row.name for row in trade().rows]
    assert "Of single partners South Korea adds most" in summary
    for case in (scenario(), portfolio({"Uzbekistan": 100})):
        result = simulate(case, points=64)
        assert not several(result)
        assert by_partners(result, by_partner(result, most=MOST)) is None
        assert not _blocks(result, "Trade by partner")
    assert partners_table(simulate(scenario(), points=64)) == []
    assert "partners" not in tables_of(scenario())


def test_the_shipped_portfolio_adds_up_in_the_terminal_and_in_csv(tmp_path: Path) -> None:
    file = "scenarios/india-partners-2022.yaml"
    done = CliRunner().invoke(main, ["run", file, "--points", "512", "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert "Exports by partner in FY2021-22" in done.stdout
    with (tmp_path / "out" / "partners.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert rows[0]["partner"] == "United States"
    assert rows[-1]["partner"] == "Other partners"
    assert sum(float(row["part_of_added"]) for row in rows) == pytest.approx(1)
    result = simulate(load_scenario(file), points=512)
    for row in rows:
        assert float(row["p50"]) == result.yearly[row["partner"]][row["period"]]["p50"]
        assert float(row["base"]) == pytest.approx(result.yearly[row["partner"]]["FY2020-21"]["p50"])


def test_rows_of_the_chart_hold_the_bands_and_say_them() -> None:
    drawing = by_partners(answer(), by_partner(answer(), most=MOST))
    assert drawing is not None
    first = drawing.rows[0]
    bands = answer().totals["South Korea"]["2019"]
    assert [first[end] for end in ("low80", "median", "high80")] == [bands["p10"], bands["p50"], bands["p90"]]
    assert first["moved"] == f"$200m \u2192 ${bands['p50']:.0f}m"
    share = trade().part_of_needed(trade().rows[0])
    assert share is not None
    assert first["part_words"] == f"{100 * share:.0f} %"
    assert np.isclose(first["part"], share)
    assert "South Korea" in drawing.alt


@pytest.mark.parametrize(
    ("share", "written"),
    [(0.184, "18 %"), (1.3, "130 %"), (-0.02, "-2 %"), (0.004, "< 1 %"), (0.0, "0 %"), (None, "-")],
)
def test_a_part_in_words(share: float | None, written: str) -> None:
    assert words.part(share) == written
