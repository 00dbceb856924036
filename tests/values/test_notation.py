"""A value on one line: as a file states it, and as people read it. Default tier."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from simulator.files.strict_yaml import parse
from simulator.values.notation import decimals, flow, quoted, spelled

VALUE = {"percent": {"low": "0%", "likely": 2.50, "high": Decimal("3.50")}, "on": [True, None], "a: b": "no"}


def test_a_value_is_written_as_a_file_states_it() -> None:
    line = flow(VALUE)
    expected = '{percent: {low: 0%, likely: 2.5, high: 3.50}, "on": [true, null], "a: b": "no"}'
    assert line == expected
    tree, faults = parse(line, "a file")
    assert not faults
    assert tree.plain() == VALUE


def test_it_is_written_in_other_words() -> None:
    line = flow(VALUE, text=str, number="{:.1f}".format, flags=("off", "on"), nothing="-")
    assert line == "{percent: {low: 0%, likely: 2.5, high: 3.5}, on: [on, -], a: b: no}"


def test_a_message_holds_no_long_value_and_no_break() -> None:
    assert spelled(None) == "nothing"
    assert spelled({"a": [True, None, "one\n two"]}) == "{a: [true, nothing, one two]}"
    long = spelled({"a": "x" * 400})
    assert long == "{a: " + "x" * 293 + "..."


@pytest.mark.parametrize("value", [float("inf"), float("nan"), {1, 2}, object(), 10**40])
def test_what_has_no_written_form_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="found "):
        decimals(value)


def test_outside_of_brackets_fewer_texts_are_quoted() -> None:
    assert quoted("a, b") == '"a, b"'
    assert quoted("a, b", block=True) == "a, b"
    assert quoted("it's", "'") == "'it''s'"
    assert quoted("a\x07b", "'") == '"a\\u0007b"'
