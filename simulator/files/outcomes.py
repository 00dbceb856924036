"""A table of outcomes: which scenarios' targets were reached, by whose account, known since when."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from simulator.errors import Fault, FileError
from simulator.files.reading import PREFIX, SHIPPED, Source, content
from simulator.files.shapes import unknown_key
from simulator.files.tables.grids import Grid
from simulator.files.tables.opening import opened
from simulator.values.wording import show

TABLE = SHIPPED / "announced" / "outcomes.csv"  # of the scenarios that ship
COLUMNS = ("file", "reached", "source", "outcome_over_target", "known_on")
NEEDED = COLUMNS[:3]
ANSWERS = {"yes": True, "no": False}


@dataclass(frozen=True)
class Outcome:
    """What came of the target of one scenario file.

    ``file`` is as the table has it, ``path`` what can be loaded. ``over_target`` is what came over what was
    asked, where one over the other makes sense; ``known_on`` a day or a year, as it stands there.
    """

    file: str
    path: str
    reached: bool
    source: str
    over_target: float | None = None
    known_on: str = ""
    line: int | None = None

    @property
    def shipped(self) -> str | None:
        """The name of the scenario among those that ship; None of a file of one's own."""
        if self.path.startswith(PREFIX):
            return self.path.removeprefix(PREFIX).strip()
        file = Path(self.path)
        return file.relative_to(SHIPPED).with_suffix("").as_posix() if file.is_relative_to(SHIPPED) else None


def outcomes(table: Path = TABLE) -> tuple[Outcome, ...]:
    """The outcomes of a table, in its order.

    The first row names the columns: ``file`` (beside the table, or ``shipped:NAME``), ``reached`` (yes or
    no), ``source``, and as they are known ``outcome_over_target`` and ``known_on`` (a day, or a year).

    Raises:
        FileError: with every fault of the table; it cannot be read, or is none.
    """
    name = str(table)
    grid = opened(content(Source(name, table)), name)
    places = _places(grid)
    faults: list[Fault] = []
    read = tuple(
        outcome
        for row in range(1, len(grid.rows))
        if (outcome := _outcome(grid, row, places, table.parent, faults)) is not None
    )
    seen: dict[str, int | None] = {}
    for outcome in read:
        if outcome.path in seen:
            message = (
                f"found {outcome.file} a second time (line {seen[outcome.path]} has it), expected it once"
            )
            faults.append(Fault(name, outcome.line, "file", message))
        seen.setdefault(outcome.path, outcome.line)
    if not read and not faults:
        faults.append(Fault(name, None, "", "found no row under the heading, expected one for each scenario"))
    if faults:
        raise FileError(faults)
    return read


def _places(grid: Grid) -> dict[str, int]:
    """Where each column is.

    Raises:
        FileError: one that is needed is missing, or one is not known.
    """
    heads = {cell.text.casefold(): place for place, cell in enumerate(grid.rows[0]) if not cell.blank}
    faults = [
        Fault(grid.name, 1, "", unknown_key(head, COLUMNS, "column")) for head in heads if head not in COLUMNS
    ]
    faults += [
        Fault(grid.name, 1, "", f"found no column {column}, expected {', '.join(NEEDED)} in the first row")
        for column in NEEDED
        if column not in heads
    ]
    if faults:
        raise FileError(faults)
    return heads


def _outcome(
    grid: Grid, row: int, places: dict[str, int], folder: Path, faults: list[Fault]
) -> Outcome | None:
    """One row; None for a blank one, or one with faults, which join the others."""
    texts = {column: grid.at(row, place).text for column, place in places.items()}
    if not any(texts.values()):
        return None
    wrong = [Fault(grid.name, row + 1, column, message) for column, message in _faults(texts)]
    faults += wrong
    if wrong:
        return None
    file, ratio = texts["file"], texts.get("outcome_over_target", "")
    return Outcome(
        file,
        file if file.startswith(PREFIX) else str(folder / file),
        ANSWERS[texts["reached"].casefold()],
        texts["source"],
        float(ratio) if ratio else None,
        texts.get("known_on", ""),
        row + 1,
    )


def _faults(texts: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What is wrong with a row: (column, message)."""
    if not texts["file"]:
        yield "file", f"found nothing, expected a scenario file beside the table, or {PREFIX}NAME"
    if not texts["source"]:
        yield "source", "found nothing, expected who says so: an outcome without a source is not counted"
    if texts["reached"].casefold() not in ANSWERS:
        yield "reached", f"found {show(texts['reached'])}, expected yes or no"
    ratio, known = texts.get("outcome_over_target", ""), texts.get("known_on", "")
    if ratio and not _positive(ratio):
        yield "outcome_over_target", f"found {show(ratio)}, expected a number above 0, such as 0.86"
    if known and not _day_or_year(known):
        yield "known_on", f"found {show(known)}, expected a day such as 2021-02-05, or a year"


def _positive(text: str) -> bool:
    try:
        return math.isfinite(float(text)) and float(text) > 0
    except ValueError:
        return False


def _day_or_year(text: str) -> bool:
    if len(text) == 4 and text.isdecimal():
        return True
    try:
        return bool(dt.date.fromisoformat(text))
    except ValueError:
        return False
