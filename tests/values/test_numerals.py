"""Numbers as people read them. Default tier."""

from __future__ import annotations

import pytest

from simulator.values import numerals
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


@pytest.mark.parametrize(
    ("number", "text"),
    [(-5e-05, "-0.00005"), (1e-9, "0.000000001"), (1234.56, "1,235"), (99999.0, "100,000"), (0.1, "0.1")],
)
def test_a_compact_number_has_no_exponent(number: float, text: str) -> None:
    assert numerals.compact(number) == text


def test_digits_as_stated_are_grouped_and_none_is_lost() -> None:
    assert [numerals.grouped(digits) for digits in ("99999", "999.96", "12.50")] == [
        "99,999",
        "999.96",
        "12.50",
    ]
