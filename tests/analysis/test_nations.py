"""The outside view of nations: classes computed from totals, a nation's target beside them. Default tier."""

from __future__ import annotations

import json
import math
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from simulator import context, simulate
from simulator.analysis import classes
from simulator.analysis.classes import Cell
from simulator.analysis.context import Context, Frequency
from simulator.report.words import context as words
from simulator.values.periods import year
from tests.calibration import nations
from tests.cases import scenario

FIGURES = [
    {"measure": "exports", "period": 2016, "value": 400},
    {"measure": "exports", "period": 2017, "value": 600},
    {"measure": "imports", "period": 2016, "value": 700},
    {"measure": "imports", "period": 2017, "value": 900},
]
EXPORTS = {"measure": "exports", "period": 2019, "at_least": 660}
LEVELS = (0.25, 0.5, 0.75)


def cell(measure: str, kind: bool | None, base_year: int, n: int, *log: float, size: float = 100) -> Cell:
    return Cell((size, 10 * size), kind, base_year, 2, n, LEVELS, log, measure)


LOG = math.log(1.1)  # by which exports are to grow over two years
OURS = [
    cell("exports", True, 2013, 10, -0.2, 0.0, 5 * LOG),  # a fifth of the way up from the median: 0.45
    cell("exports", True, 2015, 30, 0.0, 5 * LOG, 1),  # a fifth of the way up from the lower quartile: 0.7
    cell("exports", True, 2016, 50, 1, 2, 3),  # its outcome, of 2018, was not known in that year
    cell("exports", False, 2013, 20, -0.3, -0.1, 0.0),  # beyond the upper quartile: between 0 and 0.25
    cell("exports", None, 2013, 30, -0.3, LOG, 0.3),  # on the median: 0.5
    cell("exports", True, 2013, 99, 1, 2, 3, size=1000),  # of another size
    cell("imports", None, 2014, 15, -0.1, 0.0, 0.1),
    cell("turnover", False, 2014, 12, 0.0, 0.1, 0.2, size=1000),
]


@pytest.fixture
def ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classes, "cells", lambda members="pairs": OURS if members == "nations" else [])


def outside(target: Any = None, observations: Any = None, **fields: Any) -> Context:
    stated = {"home": "Belarus", "as_of": "2018-03-31", **fields}
    case = scenario(observations or FIGURES, target or EXPORTS, **stated)
    return context(simulate(case, points=256))


def frequency(*arguments: Any, **fields: Any) -> Frequency:
    counted = outside(*arguments, **fields).frequency
    assert counted is not None
    return counted


@pytest.mark.usefixtures("ours")
def test_a_share_by_hand_of_outcomes_that_were_known() -> None:
    """Ten nations of which 0.45 grew as much and thirty of which 0.7: 25.5 of 40."""
    counted = frequency()
    assert (counted.n, counted.base_years) == (40, (2013, 2015))
    assert (counted.members, counted.measure, counted.surge) == ("nations", "exports", True)
    assert counted.share == pytest.approx((10 * 0.45 + 30 * 0.7) / 40)
    assert (counted.low, counted.high) == pytest.approx((0.45, 0.7))
    assert frequency(as_of="2019-01-31").n == 90
    assert frequency(EXPORTS | {"at_least": None, "at_most": 660}).share == pytest.approx(1 - 25.5 / 40)


@pytest.mark.usefixtures("ours")
def test_after_no_surge_only_such_years_count() -> None:
    counted = frequency(observations=[FIGURES[0] | {"value": 500}, *FIGURES[1:]])  # 20 % above 2016
    assert (counted.n, counted.surge) == (20, False)
    assert (counted.least, counted.most) == pytest.approx((0, 0.25))


@pytest.mark.usefixtures("ours")
def test_where_a_kind_is_too_rare_or_not_known_any_year_counts() -> None:
    unknown = frequency(observations=FIGURES[1:])
    assert (unknown.n, unknown.surge, unknown.share) == (30, None, pytest.approx(0.5))
    rare = frequency({"measure": "imports", "period": 2019, "at_least": 900})  # a surge, and no cell of such
    assert (rare.n, rare.surge, rare.share) == (15, None, pytest.approx(0.5))
    assert "after a year of" not in words.class_words(outside(None, FIGURES[1:]))


@pytest.mark.usefixtures("ours")
def test_turnover_of_a_nation_has_classes_of_its_size() -> None:
    """$1,500m in 2017, 15 % above 2016; half-way between the first two quartiles: 0.625."""
    figures = [FIGURES[0], FIGURES[1], FIGURES[2] | {"value": 904.35}, FIGURES[3]]
    target = {"measure": "turnover", "period": 2019, "at_least": 1500 * math.exp(0.05)}
    counted = frequency(target, figures)
    assert (counted.n, counted.size, counted.surge) == (12, (1000, 10_000), False)
    assert counted.share == pytest.approx(0.625, abs=1e-6)


NO_CLASS: list[tuple[dict[str, Any], str]] = [
    ({"target": {"measure": "balance", "period": 2019, "at_most": -300}}, "is about balance"),
    (
        {"target": {"measure": "exports", "of": "turnover", "period": 2019, "share_at_least": "40%"}},
        "a share",
    ),
    ({"target": EXPORTS | {"resolved_by": "the bank, exports of goods and services"}}, "counts services"),
    ({"title": "Exports of services by 2019"}, "counts services"),
    (
        {"streams": {"goods": {"direction": "exports"}, "services": {"direction": "exports"}}},
        "counts services",
    ),
    ({"partner": "Kazakhstan", "outlook": {"flow": "national"}}, "names Kazakhstan as partner"),
    ({"partner": "Kazakhstan"}, "classes of pairs count turnover"),
    ({"unit": "billion"}, "this nation traded $600,000m, and the classes hold $100m to $10,000m"),
    ({"target": EXPORTS | {"period": 2022}}, "5 years after 2017, and the classes follow trade for 2"),
    ({"currency": "BYN"}, "no rate of the US dollar"),
    (
        {
            "target": {"measure": "turnover", "period": 2019, "at_least": 660},
            "streams": {"exports": {"direction": "exports"}},
            "observations": FIGURES[:2],
        },
        "knows exports alone",
    ),
]


@pytest.mark.parametrize(("fields", "reason"), NO_CLASS)
def test_what_is_no_nations_trade_in_goods_has_a_reason(
    fields: dict[str, Any], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = {"nations": OURS, "pairs": [cell("turnover", True, 2013, 40, 0, 1, 2)]}
    monkeypatch.setattr(classes, "cells", lambda members="pairs": both[members])
    stated = {"observations": FIGURES[:2]} if "streams" in fields else {}
    ours = outside(**{**stated, **fields})
    assert ours.to_dict()["class"] is None
    assert reason in str(ours.frequency_reason)


@pytest.mark.parametrize(
    "source", ["State Customs Service, trade in goods", "exports of goods, without services"]
)
@pytest.mark.usefixtures("ours")
def test_an_office_called_a_service_counts_goods(source: str) -> None:
    figures = [figure | {"source": source} for figure in FIGURES]
    assert frequency(EXPORTS | {"resolved_by": source}, figures).n == 40


@pytest.mark.usefixtures("ours")
def test_what_settles_the_target_says_what_it_counts() -> None:
    """The description sets goods beside services; the target is one of goods."""
    assert (
        frequency(EXPORTS | {"resolved_by": "exports of goods"}, description="Of goods and services.").n == 40
    )


def test_all_trade_by_partner_is_a_nations_where_its_kind_says_so() -> None:
    streams = {
        f"to-{name}": {"direction": "exports", "partner": name} for name in ("Russia", "Poland", "Others")
    }
    fields: dict[str, Any] = {"observations": FIGURES[:2], "streams": streams}
    assert frequency(**fields, outlook={"flow": "national"}).members == "nations"
    assert "several partners" in str(outside(**fields).frequency_reason)


@pytest.mark.usefixtures("ours")
def test_growth_in_another_currency_is_counted_in_dollars_where_the_rates_are_known() -> None:
    """In roubles half as much again a year; at 2, 3 and 4.5 to the dollar as above."""
    rates = {2016: 2, 2017: 3, 2019: 4.5}
    figures = [figure | {"value": figure["value"] * rates[figure["period"]]} for figure in FIGURES]  # type: ignore[index, operator]
    target = EXPORTS | {"at_least": 660 * 4.5}
    stated = {"currency": "BYN", "observations": figures, "target": target}
    known = outside(**stated, rates={"USD": rates})
    assert known.frequency is not None
    assert known.frequency.share == pytest.approx(25.5 / 40)
    assert known.frequency.surge is True
    assert known.need is not None
    assert known.need.a_year == pytest.approx(math.sqrt(1.65) - 1)
    assert known.need.remarks == ("growth is counted in US dollars, by the rates in the file",)
    assert "28.5 % a year, 4.9 % in US dollars." in words.details(known)[0]


@pytest.mark.parametrize("rates", [{"USD": 3}, {"USD": {2016: 2, 2017: 3}}, {"USD": {"2016..2019": 3}}])
@pytest.mark.usefixtures("ours")
def test_growth_in_another_currency_is_else_called_unadjusted(rates: dict[str, Any]) -> None:
    figures = [figure | {"value": figure["value"] * 3} for figure in FIGURES]  # type: ignore[operator]
    ours = outside(EXPORTS | {"at_least": 660 * 3}, figures, currency="BYN", rates=rates)
    assert ours.frequency is not None
    assert ours.need is not None
    assert ours.need.in_dollars == ours.need.log
    assert "growth in BYN is set unadjusted beside growth in US dollars" in words.class_words(ours)


@pytest.mark.usefixtures("ours")
def test_fiscal_years_are_named_where_they_stand_beside_calendar_years() -> None:
    figures = [
        figure | {"period": f"FY{figure['period']}-{int(str(figure['period'])[2:]) + 1}"}
        for figure in FIGURES
    ]
    target = EXPORTS | {"period": "FY2019-20"}
    ours = outside(target, figures, fiscal_year_starts=4, as_of="2018-04-30")
    assert ours.frequency is not None
    assert ours.frequency.share == pytest.approx(25.5 / 40)
    assert ours.to_dict()["remarks"] == ["fiscal years are set beside calendar years"]


@pytest.mark.usefixtures("ours")
def test_the_words_speak_of_nations() -> None:
    assert words.sentence(outside()) == (
        "Targets like this one, known by then: of nations with exports of this size, after a year of 25 % growth "
        "or more, 64 % had grown as much as is needed here 2 years later (45-70 % by base year, 2 years of 2013-15)."
    )
    assert words.details(outside())[1].endswith(
        "; 40 cases of nations with $100m to $1,000m of exports a year."
    )
    assert words.like_this(frequency()) == "Nations like this one: 64 %"


@pytest.mark.parametrize(("asked", "chance"), [(1e5, "under 5 %"), (1, "over 95 %")])
def test_beyond_the_last_quantiles_one_end_is_enough(asked: float, chance: str) -> None:
    assert words.chance(frequency(EXPORTS | {"at_least": asked})) == chance


# The table, from totals


def test_the_table_counts_nations_by_hand(tmp_path: Path) -> None:
    """Five nations by size and kind; the sixth has no year before, the seventh none after."""
    exports = {
        "AAA": (100, 130, 130),  # a surge, no change
        "BBB": (100, 125, 250),  # a surge by a hair, doubled
        "CCC": (100, 124, 62),  # none, halved
        "DDD": (200, 200, 400),  # none, doubled
        "EEE": (900, 1000, 2000),  # of the larger size
        "FFF": (None, 150, 300),
        "GGG": (100, 150, None),
    }
    path = tmp_path / "totals.csv"
    rows = [
        f"{country},{flow},{2000 + k},{value}"
        for (country, values), flow in product(exports.items(), ("exports", "imports"))
        for k, value in enumerate(values)
        if value is not None and (flow == "exports" or country in ("AAA", "BBB"))
    ]
    path.write_text("\n".join(["country,flow,year,value_musd", *rows]))
    table = {
        (row["measure"], row["size_musd"], row["year_before"]): row
        for row in nations.cells(nations.read(path), (100, 1000, math.inf), 1)
    }
    counts = {key: row["n"] for key, row in table.items()}
    assert counts == {
        ("turnover", "100-1000", "surge"): 2,
        ("turnover", "100-1000", "any"): 2,
        ("exports", "100-1000", "surge"): 2,
        ("exports", "100-1000", "no surge"): 2,
        ("exports", "100-1000", "any"): 4,
        ("exports", "1000-inf", "no surge"): 1,
        ("exports", "1000-inf", "any"): 1,
        ("imports", "100-1000", "surge"): 2,
        ("imports", "100-1000", "any"): 2,
    }
    both = table["exports", "100-1000", "no surge"]  # from -log 2 to log 2 by a straight line
    assert [both[f"q{level:g}"] for level in (0.25, 0.5, 0.95)] == ["-0.347", "0.000", "0.624"]
    assert {(row["base_year"], row["horizon"]) for row in table.values()} == {(2001, 1)}


def test_too_few_nations_are_no_cell() -> None:
    totals = {
        ("exports", f"N{k}", 2000 + at): 100.0 * (1 + at * (k < 9)) for k in range(12) for at in range(3)
    }
    assert {row["year_before"]: row["n"] for row in nations.cells(totals)} == {"any": 12}


def test_what_ships_is_as_it_says() -> None:
    shipped = classes.cells(classes.NATIONS)
    assert classes.measures(classes.NATIONS) == ("turnover", "exports", "imports")
    assert {cell.horizon for cell in shipped} == set(range(1, 6))
    n = {(c.measure, c.size, c.base_year, c.horizon, c.surge): c.n for c in shipped}
    for one in shipped:
        assert list(one.changes) == sorted(one.changes)
        assert one.n >= 10
        assert year(one.base_year + one.horizon) <= year(2020)
        kinds = [
            n.get((one.measure, one.size, one.base_year, one.horizon, kind)) for kind in (True, False, None)
        ]
        assert None in kinds[:2] or kinds[0] + kinds[1] == kinds[2]  # type: ignore[operator]


def test_a_size_without_an_end_can_be_written() -> None:
    big = outside(unit="billion")
    assert big.frequency is not None
    assert math.isinf(big.frequency.size[1])
    assert json.loads(json.dumps(big.to_dict(), allow_nan=False))["class"]["size"] == [50_000, None]
    assert "$50,000m or more of exports a year" in words.details(big)[1]
