"""Tables of a terminal: never wider than it, no word cut, whatever stands in them. Default tier."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import settings as examples_of
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text

from simulator.cli.common import new_table
from simulator.cli.tables import LONGEST, shared
from tests.tiers import examples

WORD = st.text("abcdefgh-%$.1234", min_size=1, max_size=LONGEST)
CELL = st.lists(WORD, max_size=6).map(" ".join)
ROWS = st.integers(1, 9).flatmap(
    lambda columns: st.lists(st.lists(CELL, min_size=columns, max_size=columns), min_size=2, max_size=5)
)


def printed(rows: list[list[str]], width: int) -> str:
    console = Console(file=io.StringIO(), width=width, markup=False, highlight=False, emoji=False)
    table = new_table(*rows[0])
    for row in rows[1:]:
        table.add_row(*map(Text, row))
    console.print(table)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


@given(ROWS, st.integers(66, 120))
@examples_of(max_examples=examples(200, 25), deadline=None)
def test_no_line_is_wider_than_the_terminal_and_no_word_is_cut(rows: list[list[str]], width: int) -> None:
    text = printed(rows, width)
    assert max(map(len, text.splitlines()), default=0) <= width
    words = text.split()
    for cell in (cell for row in rows[1:] for cell in row):
        for word in cell.split():
            assert word in words


def test_a_narrow_terminal_gets_a_paragraph_a_row() -> None:
    heads = ["Lever", *(f"heading{number}" for number in range(8))]
    text = printed([heads, ["a lever", *"12345678"], ["another", *"12345678"]], 60)
    assert [line.split() for line in text.splitlines()[:3]] == [
        ["Lever", "a", "lever"],
        ["heading0", "1"],
        ["heading1", "2"],
    ]
    assert text.count("heading7") == 2


def test_room_goes_to_where_it_saves_lines() -> None:
    long, short = "one two three four five six", "one two"
    assert shared([[long], [short]], [(5, len(long)), (3, len(short))], 100) == [len(long), len(short)]
    wide, narrow = shared([[long], [short]], [(5, len(long)), (3, len(short))], 20)
    assert wide > narrow
    assert wide + narrow <= 20
