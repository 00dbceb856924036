"""What a document says of the assumptions behind an answer: every value as a file writes it, its unit, its source, judgement flagged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from simulator.levers.driver import Driver
from simulator.model.result import Result
from simulator.report.charts.drawing import axis_title
from simulator.report.documents.blocks import Cell, Column, Section, Table, joined
from simulator.scenario import Observation, Scenario
from simulator.scenario.calibration import CALIBRATED
from simulator.scenario.ledger import Leaf, Node, flow, tree, written
from simulator.values.numerals import counted

SHOWN_ELSEWHERE = ("kind", "enabled")  # beside the name
OTHERS = "others, at their defaults"
JUDGEMENT = "judgement"
COLUMNS = (
    Column("Of", width=24),
    Column("Assumption", width=18),
    Column("Value", width=30),
    Column("Unit", width=14),
    Column("Basis", width=11),
    Column("Source", width=40),
    Column("Path of --set", width=34, spare=True),
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
PRECISION = "A figure without an error is known to half its last published digit; growth is on the same period a year earlier."
INSTEAD = (
    "Each reading stands in for the published figures as a whole, and gives one alternative of the range."
)
Row = tuple[Cell, ...]


def sections(results: Mapping[str, Result]) -> tuple[Section, ...]:
    """The assumptions of the first of some answers in full, and the other readings of the data of all."""
    name, result = next(iter(results.items()))
    of = f" of {name}" if len(results) > 1 else ""
    rows, money = _rows(result.scenario), axis_title(result)
    table = Table(
        "assumptions", f"Assumptions{of}, as a file writes them", COLUMNS, tuple(rows), grouped=True
    )
    values = [row for row in rows if row[1] != OTHERS and row[4]]
    judged = sum(row[4] == JUDGEMENT for row in values)
    told = (
        f"Of {counted(len(values), 'value')} that the scenario states for its outlook, streams, measures and risks, "
        f"{judged} rest{'s' if judged == 1 else ''} on judgement."
    )
    published = Table(
        "figures", f"Published figures{of}, {money}", FIGURES, tuple(map(_figure, result.scenario.counted))
    )
    found = [
        Section(f"Assumptions{of}", "Assumptions", (*((told,) if values else ()), table)),
        Section(f"Published figures{of}", "Figures", (published, PRECISION), 2),
    ]
    readings = _readings(results)
    if readings:
        columns = (Column("Reading", width=18), *FIGURES)
        others = Table(
            "readings", f"Other readings of the data, {money}", columns, tuple(readings), grouped=True
        )
        found.append(Section("Other readings of the data", "Other readings", (others, INSTEAD), 2))
    return tuple(found)


# Values


def _rows(scenario: Scenario) -> list[Row]:
    nodes = tree(scenario)
    rows: list[Row] = []
    for index, target in enumerate(scenario.target):
        side = "at_least" if target.at_least is not None else "at_most"
        path = f"target.{side}" if len(scenario.target) == 1 else f"target.{index}.{side}"
        money = f"{scenario.unit} {scenario.currency}"
        rows.append(
            (
                "Target",
                f"{target.measure} {target.period}",
                f"{_words(side)} {target.amount:.12g}",
                money,
                "",
                "",
                path,
            )
        )
    if "streams" in scenario.model_fields_set:
        for key, stream in scenario.streams.items():
            if stream.share is not None:
                rows.append(
                    _row(
                        f"{stream.name or key} (of {stream.direction})",
                        ("streams", key, "share"),
                        nodes["streams"][key]["share"],
                    )
                )
    rows += _outlook(scenario, nodes["outlook"])
    for section, measures in (("levers", scenario.levers), ("risks", scenario.risks)):
        for key, measure in measures.items():
            rows += _measure((section, key), measure, nodes[section][key])
    return rows


def _outlook(scenario: Scenario, node: Mapping[str, Node]) -> Iterator[Row]:
    stated = scenario.outlook.model_fields_set
    for name in node:
        if name in stated:
            yield _row("Outlook", ("outlook", name), node[name])
    rest = [
        f"{_words(name)} {flow(child.plain)}"
        for name, child in node.items()
        if name not in stated and child.plain is not None
    ]
    if rest:
        yield ("Outlook", OTHERS, "; ".join(rest), "", "source", CALIBRATED["provenance"], "outlook")


def _measure(path: tuple[str, str], measure: Driver, node: Mapping[str, Node]) -> Iterator[Row]:
    head = f"{measure.name or path[1]} ({measure.kind.replace('_', ' ')}{'' if measure.enabled else ', off'})"
    own = [name for name in node if name not in Driver.model_fields]
    for name, child in node.items():
        told = name in measure.model_fields_set or name == measure.main_field
        if told and name not in SHOWN_ELSEWHERE and written(child) is not None:
            yield _row(head, (*path, name), child, measure.source(name))
    rest = [
        name
        for name in own
        if name not in measure.model_fields_set
        and name != measure.main_field
        and written(node[name]) is not None
    ]
    if rest:
        known = [
            f"{_words(name)}: {source}" for name in rest if (source := measure.source(name)) != JUDGEMENT
        ]
        basis = JUDGEMENT if not known else "source" if len(known) == len(rest) else f"source, {JUDGEMENT}"
        yield (
            head,
            OTHERS,
            "; ".join(f"{_words(name)} {flow(written(node[name]))}" for name in rest),
            "",
            basis,
            "; ".join(known),
            ".".join(path),
        )


def _row(head: str, path: tuple[str, ...], node: Node, source: str = "") -> Row:
    source = source or (node.source if isinstance(node, Leaf) else "")
    unit = node.unit if isinstance(node, Leaf) and node.unit != "percent" else ""
    basis = JUDGEMENT if JUDGEMENT in source else "source"
    return (
        head,
        _words(path[-1]),
        flow(written(node)),
        unit,
        basis,
        source.removeprefix(JUDGEMENT).lstrip(":; "),
        ".".join(path),
    )


def _words(name: str) -> str:
    return name.replace("_", " ")


# Figures


def _figure(observation: Observation) -> Row:
    o = observation
    return (
        o.measure,
        str(o.period),
        o.value,
        o.growth,
        o.error,
        str(o.published or ""),
        o.source or "no source named",
    )


def _readings(results: Mapping[str, Result]) -> list[Row]:
    """Every other reading of the data, once, with the sets that have it where not all have."""
    holders: dict[tuple[str, tuple[Observation, ...]], list[str]] = {}
    for name, result in results.items():
        for reading in result.scenario.alternatives.items():
            holders.setdefault(reading, []).append(name)
    heads = {
        reading: reading[0] + (f" ({joined(names)})" if len(names) < len(results) else "")
        for reading, names in holders.items()
    }
    return [(head, *_figure(figure)) for (_, figures), head in heads.items() for figure in figures]
