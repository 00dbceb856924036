"""Numbers as people read them. Default tier."""

from __future__ import annotations

import pytest

from simulator.values.numerals import enumeration, ordinal


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (13, "13th"),
        (21, "21st"),
        (90, "90th"),
    ],
)
def test_places_in_an_order(number: int, written: str) -> None:
    assert ordinal(number) == written


def test_names_are_listed_as_a_sentence_does() -> None:
    assert [enumeration(names) for names in (["A"], ["A", "B"], ["A", "B", "C"])] == [
        "A",
        "A and B",
        "A, B and C",
    ]
