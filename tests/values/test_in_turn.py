"""How a sentence lists periods. Default tier."""

from __future__ import annotations

import pytest

from simulator.values.periods import Period, in_turn


@pytest.mark.parametrize(
    ("periods", "words"),
    [
        (["2034"], "2034"),
        (["2034", "2036"], "2034 and 2036"),
        (["2034", "2035", "2036"], "2034, 2035 and 2036"),
        (["2034", "2035", "2036", "2037"], "each of 2034 to 2037"),
        (["2034", "2035", "2036", "2038"], "2034, 2035, 2036 and 2038"),
        (["2034-Q1", "2034-Q2", "2034-Q3", "2034-Q4"], "each of 2034-Q1 to 2034-Q4"),
    ],
)
def test_long_rows_of_periods_are_told_by_their_ends(periods: list[str], words: str) -> None:
    assert in_turn([Period.parse(period) for period in periods]) == words
