"""Periods: reading, writing, counting. Default tier."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.values.periods import Period, month_text, parse_month


@given(st.integers(1900 * 12, 2200 * 12), st.integers(0, 400))
def test_a_period_reads_back_what_it_writes(first: int, extra: int) -> None:
    period = Period(first, min(first + extra, 2200 * 12 + 11))
    assert Period.parse(str(period)) == period


@pytest.mark.parametrize(
    ("text", "first", "months"),
    [
        ("2018", "2018-01", 12),
        (2018, "2018-01", 12),
        ("2018-Q3", "2018-07", 3),
        ("2018-01..2018-09", "2018-01", 9),
        ("2018-Q1..2019", "2018-01", 24),
    ],
)
def test_written_forms(text: object, first: str, months: int) -> None:
    period = Period.parse(text)
    assert (month_text(period.first), period.months) == (first, months)


@pytest.mark.parametrize(
    "text",
    [
        "2018-13",
        "2018-00",
        "2018-Q5",
        "18",
        "2018-9",
        "2018-09..2018-01",
        "2018..",
        "",
        None,
        True,
        2018.5,
        "12:30",
        "20180",
        "1066",
    ],
)
def test_what_is_no_period_is_refused_with_what_was_found(text: object) -> None:
    with pytest.raises(ValueError, match="found"):
        Period.parse(text)


def test_a_month_is_one_month() -> None:
    assert parse_month("2018-09") == 2018 * 12 + 8
    with pytest.raises(ValueError, match="one month"):
        parse_month("2018")
