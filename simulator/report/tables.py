"""Results as rows, and rows as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from simulator.analysis.compare import Comparison, Difference
from simulator.model.result import LEVELS, Result
from simulator.report.partners import by_partner
from simulator.report.words.assumptions import (
    assumption_words,
    basis_words,
    change_words,
    path_words,
    shown_sources,
    source_words,
)
from simulator.scenario import Scenario, Target
from simulator.values.wording import spreadsheet_cell

Row = Mapping[str, Any]
Table = Sequence[Row]
ADDS = ("Adds to the median", "Adds to the mean")  # heads of ``median_effect`` and ``mean_effect``
# columns of tables that have one a set beside them: no set is called so
FIXED = ("of", "assumption", "basis", "path")
SET_QUANTILES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


# One answer


def totals_table(result: Result) -> Table:
    """Bands of every known measure by year: one row each, all quantiles."""
    return [
        {"measure": measure, "period": period, **bands}
        for measure, by_year in result.yearly.items()
        for period, bands in by_year.items()
    ]


def target_table(result: Result) -> Table:
    """Bands of what the leading target is about, by period: money, or growth and shares as fractions."""
    quantity = result.leading.quantity
    return [
        {"quantity": quantity.name, "unit": str(quantity.unit), "period": period, **bands}
        for period, bands in result.quantity.items()
    ]


def levers_table(result: Result) -> Table:
    """What each lever and risk adds to the median and mean of the first target's total, and in points."""
    return [
        {"section": section, **contribution.to_dict()}
        for section, contributions in result.contributions.items()
        for contribution in contributions
    ]


def range_table(result: Result) -> Table:
    """Each other model setting and reading of the data with its probability."""
    return [{"name": name, "probability": p} for name, p in result.probability_range.sources]


def quarter_table(result: Result) -> Table:
    """The next quarter for which a figure may still come: its bands, in the scenario's unit, and their basis.

    Before it stands the same quarter a year earlier, where the grid has it.
    """
    coming = result.next_quarter
    if coming is None:
        return []
    measure = result.measures[0]
    periods = [period for period in (coming.shift(-12), coming) if result.grid.covers(period)]
    return [
        {
            "measure": measure,
            "period": str(p),
            "basis": result.provenance(measure, p),
            **result.bands(measure, p),
        }
        for p in periods
    ]


def partners_table(result: Result) -> Table:
    """Trade by partner in the leading target's period, the largest first: bands, what each adds on average.

    Parts are fractions: of what all of them add, and of what the target needs beyond the base period.
    """
    trade = by_partner(result)
    if trade is None:
        return []
    return [
        {
            "partner": row.name,
            "base_period": None if trade.base is None else str(trade.base),
            "base": row.base,
            "period": str(trade.quantity.period),
            **row.bands,
            "mean_added": row.added,
            "part_of_added": trade.part_of_added(row),
            "part_of_needed": trade.part_of_needed(row),
        }
        for row in trade.rows
    ]


TABLES: Mapping[str, Callable[[Result], Table]] = {
    "totals": totals_table,
    "target": target_table,
    "levers": levers_table,
    "range": range_table,
    "next_quarter": quarter_table,
    "partners": partners_table,
}
COLUMNS: Mapping[str, Sequence[str]] = {  # of the tables that may have no rows
    "levers": (
        "section",
        "id",
        "kind",
        "name",
        "enabled",
        "median_effect",
        "mean_effect",
        "probability_points",
    ),
    "next_quarter": ("measure", "period", "basis", *LEVELS),
    "partners": (
        "partner",
        "base_period",
        "base",
        "period",
        *LEVELS,
        "mean_added",
        "part_of_added",
        "part_of_needed",
    ),
}


def tables_of(scenario: Scenario) -> Mapping[str, Callable[[Result], Table]]:
    """The tables of an answer by name: trade by partner only where a scenario names any."""
    return {name: table for name, table in TABLES.items() if name != "partners" or scenario.partners}


# Several sets


def sets_table(comparison: Comparison) -> Table:
    """The answer of each set, with the median, band and shortfall of one total (see ``compared_target``)."""
    return [
        set_row(member.name, member.result, compared_target(comparison, member.result))
        for member in comparison.sets
    ]


def set_row(name: str, result: Result, target: Target) -> Row:
    """The answer of one set, with the median, band and shortfall of what one of its targets is about."""
    wide = result.probability_range
    ratios = result.flows.quantity(target.quantity).quantile(list(SET_QUANTILES.values()))
    amounts = target.quantity.from_ratio(ratios)
    return {
        "name": name,
        "probability": result.probability,
        "low": wide.low,
        "high": wide.high,
        **dict(zip(SET_QUANTILES, map(float, amounts), strict=True)),
        "shortfall_if_missed": result.shortfall(target),
    }


def compared_target(comparison: Comparison, result: Result) -> Target:
    """The target of a set whose total stands beside those of the others.

    The one on what the first set's leading target is about; where it has none, its own leading one.
    """
    first = comparison.first.leading
    same = (target for target in result.targets if target.quantity == first.quantity)
    return next(same, result.leading)


def parts_table(comparison: Comparison, difference: Difference) -> Table:
    """What a difference comes from: one row a change, in percentage points; the last row is all together."""
    parts = difference.attribution
    rows = [
        {
            "change": change_words(comparison, part.change),
            "probability_points": part.probability_points,
            "standard_error": part.standard_error,
            "first_points": part.first_points,
            "last_points": part.last_points,
        }
        for part in parts
    ]
    together = {
        "change": "Together",
        "probability_points": difference.probability_points,
        "standard_error": difference.standard_error,
        "first_points": sum(part.first_points for part in parts),
        "last_points": sum(part.last_points for part in parts),
    }
    return [*rows, together]


def assumptions_table(comparison: Comparison) -> Table:
    """The assumptions that differ, in words; blank where a set has what the first has."""
    rows = []
    for assumption in comparison.assumptions:
        head, rest = path_words(comparison, assumption.path)
        values = {
            member.name: assumption_words(member.result, assumption, place)
            for place, member in enumerate(comparison.sets)
        }
        rows.append(
            {"of": head, "assumption": rest}
            | values
            | {"basis": basis_words(assumption), "path": assumption.name}
        )
    return rows


def sources_table(comparison: Comparison) -> Sequence[tuple[str, str]]:
    """The path of each assumption that differs, as ``--set`` takes it, and where its values come from."""
    rows = []
    for assumption in comparison.assumptions:
        holders: dict[str, list[str]] = {}
        for place, source in shown_sources(assumption):
            holders.setdefault(source_words(source), []).append(comparison.names[place])
        named = [f"{', '.join(names)}: {source}" for source, names in holders.items()]
        rows.append((assumption.name, "; ".join(named if len(holders) > 1 else holders)))
    return rows


# CSV


def to_csv(table: Table, columns: Sequence[str] = ()) -> str:
    """A table as CSV, with ``columns`` for its head where it has no rows.

    A text that a spreadsheet would run as a formula is marked as text.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    head = tuple(table[0]) if table else columns
    if head:
        writer.writerow(map(spreadsheet_cell, head))
        writer.writerows([map(spreadsheet_cell, row.values()) for row in table])
    return out.getvalue()
