"""What a document says of the assumptions behind an answer.

Every value in words, its source, our own assumptions marked; beside it, in a workbook, as a file writes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import partial
from typing import NamedTuple

from simulator.analysis.compare import Compared
from simulator.levers.driver import Driver
from simulator.model.result import Result
from simulator.report.amounts import asked
from simulator.report.charts.drawing import axis_title
from simulator.report.documents.blocks import Block, Cell, Column, Listing, Section, Table
from simulator.report.words.assumptions import (
    JUDGED,
    PRECISION,
    READINGS,
    SETTINGS,
    SOURCED,
    basis_word,
    comment_sentence,
    judgement_sentence,
)
from simulator.report.words.values import UNCERTAIN, spaced, value_words
from simulator.scenario import Observation, Scenario
from simulator.scenario.calibration import CALIBRATED
from simulator.scenario.ledger import Leaf, Node, legible, plain, tree, written
from simulator.scenario.remarks import Comment, figure_path, input_path
from simulator.values.address import Address
from simulator.values.basis import Basis
from simulator.values.fields import title_of
from simulator.values.numerals import enumeration
from simulator.values.rates import rate_name
from simulator.values.wording import capital

SHOWN_ELSEWHERE = {"kind", "enabled"}  # beside the name
OTHERS = "others, at their defaults"
COLUMNS = (
    Column("Of", width=24),
    Column("Assumption", width=18),
    Column("Value", width=34),
    Column("Basis", width=11),
    Column("Source", width=40),
    Column("Path of --set", width=34, spare=True),
    Column("As a file writes it", width=34, spare=True),
)
FIGURES = (
    Column("Measure", width=12),
    Column("Period", width=19),
    Column("Value", "money", 9),
    Column("Growth", "money", 9),
    Column("Error", "money", 9),
    Column("Published", width=11),
    Column("Source", width=44),
)


class Row(NamedTuple):
    """One assumption: a row under ``COLUMNS``."""

    of: str
    assumption: str
    value: str
    basis: str
    source: str
    path: str
    written: str


def sections(sets: Sequence[Compared]) -> tuple[Section, ...]:
    """The assumptions of the first of some sets in full, and the other readings of the data of all."""
    first = sets[0]
    of = f" of {first.name}" if len(sets) > 1 else ""
    money = axis_title(first.result)
    scenario = first.result.scenario
    figures = tuple(_commented(_figure(figure), scenario, figure) for figure in scenario.counted)
    published = Table("figures", f"Published figures{of}, {money}", FIGURES, figures)
    parts = (
        Section(f"Assumptions{of}", "Assumptions", tuple(_assumptions(first.result, of))),
        Section(f"Published figures{of}", "Figures", (published, PRECISION), 2),
    )
    readings = tuple(_readings(sets))
    if not readings:
        return parts
    columns = (Column("Reading", width=18), *FIGURES)
    caption = f"Other readings of the data, {money}"
    others = Table("readings", caption, columns, readings, grouped=True)
    return (*parts, Section("Other readings of the data", "Other readings", (others, READINGS), 2))


# Values


def judged(result: Result) -> str | None:
    """How many of the values that a scenario states rest on our assumption; None where it states none."""
    return _judged(tuple(_rows(result)))


def _judged(rows: Sequence[Row]) -> str | None:
    bases = [row.basis for row in _stated(rows)]
    return judgement_sentence(len(bases), bases.count(JUDGED)) if bases else None


def _stated(rows: Iterable[Row]) -> list[Row]:
    """The rows that a scenario states itself, and that rest on something."""
    return [row for row in rows if row.assumption != OTHERS and row.basis]


def judgements(result: Result) -> tuple[str, ...]:
    """Which of the values that a scenario states rest on our assumption."""
    return tuple(
        f"{row.of}: {row.assumption}, {row.value}" for row in _stated(_rows(result)) if row.basis == JUDGED
    )


def _with_comments(rows: Sequence[Row], scenario: Scenario) -> tuple[tuple[Row, ...], tuple[Comment, ...]]:
    """The rows with every comment behind the source of what it speaks of, and the comments on no row."""
    behind: dict[int, list[str]] = {}
    elsewhere = []
    for comment in scenario.comments:
        place = _place(input_path(comment, len(scenario.target)), rows)
        if place is not None:
            behind.setdefault(place, []).append(comment_sentence(comment))
        elif comment.at not in map(_figure_path, scenario.counted):
            elsewhere.append(comment)
    remarked = tuple(
        row._replace(source=". ".join(filter(None, (row.source, *behind.get(number, ())))))
        for number, row in enumerate(rows)
    )
    return remarked, tuple(elsewhere)


def _place(path: str, rows: Sequence[Row]) -> int | None:
    """The row of an input: its own, else the nearest that holds it, else the first of its parts."""
    at = Address.split(path)
    paths = [Address.split(row.path) for row in rows]
    around = [number for number, path in enumerate(paths) if at.within(path)]
    inside = [number for number, path in enumerate(paths) if path.within(at)]
    return max(around, key=lambda number: len(paths[number]), default=next(iter(inside), None))


def _figure_path(figure: Observation) -> str:
    return figure_path(figure.measure, figure.period)


def _commented(cells: tuple[Cell, ...], scenario: Scenario, figure: Observation) -> tuple[Cell, ...]:
    """A figure with the comments on it behind its source."""
    remarks = [comment_sentence(one) for one in scenario.comments if one.at == _figure_path(figure)]
    return (*cells[:-1], ". ".join((str(cells[-1]), *remarks))) if remarks else cells


def _assumptions(result: Result, of: str) -> Iterator[Block]:
    rows, elsewhere = _with_comments(tuple(_rows(result)), result.scenario)
    if sentence := _judged(rows):
        yield sentence
    yield UNCERTAIN
    yield Table("assumptions", f"Assumptions{of}", COLUMNS, rows, grouped=True)
    if elsewhere:
        yield "Comments on other inputs:"
        yield Listing(tuple(f"{comment.at}: {comment_sentence(comment)}" for comment in elsewhere))


def _rows(result: Result) -> Iterator[Row]:
    scenario = result.scenario
    nodes, row = tree(scenario), partial(_row, result)
    yield from _targets(result)
    for code, node in nodes["rates"].items():
        yield row(capital(rate_name(code)), Address.of("rates", code), node)._replace(assumption="", basis="")
    if "streams" in scenario.model_fields_set:
        yield from _streams(result, nodes["streams"])
    for key, shock in scenario.shocks.items():
        of = f"{shock.name or key} (a shock of the past)"
        for name in _in(shock.model_fields_set - {"name", "source"}, nodes["shocks"][key]):
            yield row(of, Address.of("shocks", key, name), nodes["shocks"][key][name])
    yield from _outlook(result, nodes["outlook"])
    for address, driver in scenario.drivers():
        yield from _driver(result, address, driver, address.get(nodes))


def _targets(result: Result) -> Iterator[Row]:
    targets = result.scenario.target
    for index, target in enumerate(targets):
        place = (index, target.side) if len(targets) > 1 else (target.side,)
        words, amount = f"{target.bound} {asked(result, target)}", target.foreign or target.amount
        path, stated = str(Address.of("target", *place)), legible(plain(amount))
        yield Row("Target", f"{target.quantity.name} in {target.period}", words, "", "", path, stated)


def _streams(result: Result, nodes: Mapping[str, Node]) -> Iterator[Row]:
    for key, stream in result.scenario.streams.items():
        if stream.share is not None:
            of = f"{stream.name or key} (of {stream.direction})"
            yield _row(result, of, Address.of("streams", key, "share"), nodes[key]["share"])


def _outlook(result: Result, nodes: Mapping[str, Node]) -> Iterator[Row]:
    outlook, of = result.scenario.outlook, SETTINGS.capitalize()
    stated = outlook.model_fields_set
    for name in nodes:
        if name in stated:
            row = _row(result, of, Address.of("outlook", name), nodes[name])
            yield row._replace(assumption=title_of(type(outlook), name))
    defaults = {
        title_of(type(outlook), name): node
        for name, node in nodes.items()
        if name not in stated and node.value is not None
    }
    if defaults:
        source = CALIBRATED["provenance"]
        yield Row(of, OTHERS, *_together(result, defaults, SOURCED, source, "outlook"))


def _together(
    result: Result, nodes: Mapping[str, Node], basis: str, source: str, path: str
) -> tuple[str, str, str, str, str]:
    """Several values by their names in one row, without what it is of: from its value on."""
    words = "; ".join(f"{name} {value_words(result, node)}" for name, node in nodes.items())
    as_written = "; ".join(f"{name} {legible(written(node))}" for name, node in nodes.items())
    return words, basis, source, path, as_written


def _driver(result: Result, address: Address, driver: Driver, nodes: Mapping[str, Node]) -> Iterator[Row]:
    """A lever or risk: each field that the scenario states, then the others of its kind in one row."""
    of = f"{driver.name or address.id} ({spaced(driver.kind)}{'' if driver.enabled else ', off'})"
    stated = {*driver.model_fields_set, driver.main_field}
    filled = {name: node for name, node in nodes.items() if written(node) is not None}
    for name in _in(stated - SHOWN_ELSEWHERE, filled):
        yield _row(result, of, address / name, filled[name], driver.source(name))
    defaults = _in(filled.keys() - stated - Driver.model_fields.keys(), filled)
    if defaults:
        yield _defaults(result, of, address, driver, {name: filled[name] for name in defaults})


def _in(names: Set[str], nodes: Mapping[str, Node]) -> list[str]:
    """Those of some fields that a tree has, in its order."""
    return [name for name in nodes if name in names]


def _defaults(result: Result, of: str, address: Address, driver: Driver, nodes: Mapping[str, Node]) -> Row:
    """The fields that the scenario leaves to their defaults, in one row."""
    sources = {name: driver.source(name) for name in nodes}
    named = [f"{spaced(name)}: {source}" for name, source in sources.items() if Basis.reason(source)]
    basis = JUDGED if not named else SOURCED if len(named) == len(nodes) else f"{SOURCED}, {JUDGED}"
    values = {spaced(name): node for name, node in nodes.items()}
    return Row(of, OTHERS, *_together(result, values, basis, "; ".join(named), str(address)))


def _row(result: Result, of: str, address: Address, node: Node, source: str = "") -> Row:
    if isinstance(node, Leaf):
        source = source or node.source
    words, stated = value_words(result, node), legible(written(node))
    basis, reason = basis_word(source), Basis.reason(source)
    return Row(of, spaced(address.name), words, basis, reason, str(address), stated)


# Figures


def _value(observation: Observation) -> Cell:
    low, high = observation.between or ("", "")
    return f"{low} to {high}" if observation.between else observation.value


def _figure(observation: Observation) -> tuple[Cell, ...]:
    return (
        observation.measure,
        str(observation.period),
        _value(observation),
        observation.growth,
        observation.error,
        str(observation.published or ""),
        Basis.reason(observation.source or "") or "no source named",
    )


def _readings(sets: Sequence[Compared]) -> Iterator[tuple[Cell, ...]]:
    """Every other reading of the data, once, with the sets that have it where not all have."""
    holders: dict[tuple[str, tuple[Observation, ...]], list[str]] = {}
    for member in sets:
        scenario = member.result.scenario
        for name, items in scenario.alternatives.items():
            figures = tuple(figure for _, figure in scenario.expanded(items))
            holders.setdefault((name, figures), []).append(member.name)
    for (name, figures), names in holders.items():
        of = f"{name} ({enumeration(names)})" if len(names) < len(sets) else name
        for figure in figures:
            yield (of, *_figure(figure))
