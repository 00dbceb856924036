"""What people type into a cell or a field, as a file states it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from simulator.values.periods import Period, fiscal_years
from simulator.workspace import cells, grid


@pytest.mark.parametrize(
    "text", ["2026-11-20", "20.11.2026", "20/11/2026", "20 November 2026", "20 ноября 2026", "Nov 20, 2026"]
)
def test_a_day_as_people_write_it(text: str) -> None:
    assert cells.day(text) == "2026-11-20"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("05/11/2026", "write 2026-11-05 or 2026-05-11"),
        ("31.11.2026", "31.10.2018"),
        ("tomorrow", "expected a day"),
        ("11.2026", "expected a day"),
    ],
)
def test_what_is_no_day_or_two_is_refused(text: str, expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        cells.day(text)


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("October 2026", "2026-10"),
        ("10.2026", "2026-10"),
        ("октябрь 2026", "2026-10"),
        ("Q3 2026", "2026-Q3"),
        ("Jan-Sep 2018", "2018-01..2018-09"),
        ("2018-01..2018-09", "2018-01..2018-09"),
    ],
)
def test_a_period_as_people_write_it(text: str, months: str) -> None:
    assert str(cells.period(text)) == months


@pytest.mark.parametrize("text", ["20.11.2026", "soon", "", "20"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="found"):
        cells.period(text)


def test_a_year_of_fiscal_ones_stays_theirs() -> None:
    with fiscal_years(4):
        assert cells.period("2024/25") == Period.parse("2024/25")
    with pytest.raises(ValueError, match="found"):
        cells.period("2024/25")


def test_growth_rates_stand_beside_amounts_or_alone_and_come_back() -> None:
    rows = [
        {"period": "2017", "turnover": "690.8", "turnover growth": "64,8"},
        {"period": "Jan-Sep 2018", "turnover": "", "turnover growth": "+44 %", "exports": "539,2"},
    ]
    items, faults = grid.items(rows)
    assert not faults
    assert [item.fields for item in items] == [
        {"measure": "exports", "period": "2018-01..2018-09", "value": Decimal("539.2")},
        {"measure": "turnover", "period": "2018-01..2018-09", "growth": "44%"},
        {"measure": "turnover", "period": 2017, "value": Decimal("690.8"), "growth": "64.8%"},
    ]


def test_figures_with_the_same_growth_are_no_series() -> None:
    rows = [{"period": str(year), "exports": "10", "exports growth": "5"} for year in range(2010, 2014)]
    items, _ = grid.items(rows)
    assert [item.fields["growth"] for item in items] == ["5%"] * 4


def test_a_growth_rate_that_cannot_be_read_is_named_in_its_column() -> None:
    _, faults = grid.items([{"period": "2017", "exports": "5", "exports growth": "fast"}])
    assert [(fault.row, fault.column) for fault in faults] == [(1, "exports growth")]
    assert grid.HEADS[faults[0].column] == "Exports growth, %"
