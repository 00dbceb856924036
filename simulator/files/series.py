"""Every series of a table of statistics: one pair of countries each, whatever its unit. For backtests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from simulator.errors import StatisticsError, one_line, refusing
from simulator.files.importing import content
from simulator.files.tables.choices import Choices
from simulator.files.tables.figures import measures_of
from simulator.files.tables.opening import opened
from simulator.files.tables.reading import Read, read_each
from simulator.files.tables.units import Scale
from simulator.values.periods import Period

LONGEST_REASON = 200


@dataclass(frozen=True)
class Series:
    """The figures of one pair by measure and period, as printed; or why they cannot be used.

    Amounts are in the table's unit: all of a series have the same, and scores of logs do not depend on it.
    """

    name: str
    figures: Mapping[str, Mapping[Period, Decimal]]
    fault: str = ""


@refusing
def read_series(path: str | Path, **options: Any) -> tuple[Series, ...]:
    """Every series of a table: CSV, TSV, an Excel workbook, SDMX-CSV or a download of UN Comtrade.

    A table may hold several pairs, such as ``partner, flow, period, value``; a pair whose figures cannot be
    read ends no other.

    Args:
        path: the file.
        **options: what settles a table that can be read in more than one way; see ``Choices``.

    Raises:
        StatisticsError: what is wrong with the table, with row and column.
        Unsettled: the table can be read in more than one way; ``choices`` lists the options.
    """
    file, choices = Path(path), Choices.of(**options)
    grid = opened(
        content(file),
        file.name,
        sheet=choices.sheet,
        encoding=choices.encoding,
        delimiter=choices.delimiter,
        stored=choices.digits == "stored",
    )
    read = list(read_each(grid, choices, Scale(choices.currency)))
    faults = [table for _, table in read if isinstance(table, StatisticsError)]
    if len(faults) == len(read) and faults:
        raise faults[0]
    return tuple(_series(name, table) for name, table in read)


def _series(name: str, table: Read | StatisticsError) -> Series:
    if isinstance(table, StatisticsError):
        return Series(name, {}, one_line(str(table), LONGEST_REASON))
    figures = table.reported or table.mirrored
    least = min(figure.denomination.exponent or 0 for figure in figures)
    by_measure: dict[str, dict[Period, Decimal]] = {measure: {} for measure in measures_of(figures)}
    for figure in figures:
        places = (figure.denomination.exponent or 0) - least
        by_measure[figure.measure][figure.period] = figure.value.scaleb(places)
    return Series(name, by_measure)
