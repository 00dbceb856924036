"""What a document says of several sets of assumptions: how they stand, why they differ, in what they do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simulator import report
from simulator.analysis.compare import Comparison, Difference
from simulator.report.charts import compare as charts
from simulator.report.charts.drawing import quantity_title
from simulator.report.documents import answer
from simulator.report.documents.blocks import Block, Column, Form, Listing, Picture, Section, Table
from simulator.report.words.compare import PARTS, SPLIT_IN_FULL, error_sentence


def sections(comparison: Comparison) -> Iterator[Section]:
    """The sets side by side, each difference, the assumptions that differ, then each answer."""
    split = any(len(difference.attribution) > 1 for difference in comparison.differences)
    words = (SPLIT_IN_FULL, f"Details: {error_sentence(comparison)}.") if split else ()
    yield Section("The sets compared", "Compared", (_sets_table(comparison), *words))
    for difference in comparison.differences:
        yield _difference(comparison, difference)
    if comparison.assumptions:
        yield Section("The assumptions that differ", "Differing", (_differing_table(comparison),), 2)
        yield Section("Their sources", "Sources", (_sources_table(comparison),), 2)
    for member in comparison.sets:
        front = report.verdict(member.result), Listing(tuple(report.headline(member.result)))
        yield Section(f"{member.name}: {member.result.scenario.title}", "", front)
        yield from answer.sections(member.result, member.name)


def _sets_table(comparison: Comparison) -> Table:
    quantity = comparison.first.leading.quantity
    money, factor = quantity_title(comparison.first, quantity), quantity.factor
    chances = ("Probability", "Range, low", "Range, high")
    amounts = (f"Median, {money}", "10\u00a0%", "90\u00a0%", "Typical shortfall when missed")
    columns = (
        Column("Set", width=10),
        Column("Title", width=36),
        *(Column(head, "probability", 11) for head in chances),
        *(Column(head, "money", 11) for head in amounts),
    )
    rows = tuple(
        (member.name, member.result.scenario.title, *_set_cells(row, factor))
        for member, row in zip(comparison.sets, report.sets_table(comparison), strict=True)
    )
    question, *others = report.question_sentences(comparison)
    return Table("sets", "How likely each set's target is" if others else question, columns, rows)


def _set_cells(row: Mapping[str, Any], factor: float) -> list[float | None]:
    """The chances of a set, and its amounts as they are drawn on an axis."""
    amounts = [row[field] for field in ("p50", "p10", "p90", "shortfall_if_missed")]
    scaled = [None if amount is None else factor * amount for amount in amounts]
    return [*(row[field] for field in ("probability", "low", "high")), *scaled]


def _difference(comparison: Comparison, difference: Difference) -> Section:
    pair = f"{difference.origin} to {difference.to}"
    blocks: list[Block] = [report.difference_sentence(comparison, difference)]
    if difference.attribution:
        drawing, stamp = charts.gap(comparison, difference), charts.gap_stamp(comparison, difference)
        blocks += [Picture(drawing, stamp, PARTS), _parts_table(comparison, difference)]
    together = report.interaction_sentence(difference)
    if together:
        blocks.append(together)
    return Section(f"From {pair}", pair, (*blocks, *difference.notes), 2)


def _parts_table(comparison: Comparison, difference: Difference) -> Table:
    heads: dict[str, Form] = {
        "Points": "points",
        "Made first": "points",
        "Made last": "points",
    }
    columns = (Column("Change", width=44), *(Column(head, form, 11) for head, form in heads.items()))
    *parts, together = map(_part_cells, report.parts_table(comparison, difference))
    rows = (*parts, together) if len(parts) > 1 else tuple(parts)
    return Table("parts", f"From {difference.origin} to {difference.to}, in percentage points", columns, rows)


def _part_cells(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["change"], row["probability_points"], row["first_points"], row["last_points"]


def _differing_table(comparison: Comparison) -> Table:
    columns = (
        Column("Of", width=22),
        Column("Assumption", width=20),
        *(Column(name, width=24) for name in comparison.names),
        Column("Basis", width=12),
    )
    rows = tuple(
        (
            row["of"],
            row["assumption"] or "as a whole",
            *(row[name] for name in comparison.names),
            row["basis"],
        )
        for row in report.assumptions_table(comparison)
    )
    caption = f"Assumptions that differ (blank: as in {comparison.names[0]})"
    return Table("differing", caption, columns, rows, grouped=True)


def _sources_table(comparison: Comparison) -> Table:
    columns = (Column("Path", width=38), Column("Where each value comes from", width=80))
    rows = tuple((path, sources) for path, sources in report.sources_table(comparison) if sources)
    return Table("sources", "Where the values that differ come from", columns, rows)
