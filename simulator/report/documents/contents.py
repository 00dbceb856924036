"""What a document says, once: the answer, its assumptions with their sources, the method and its limits, the inputs."""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module

from simulator import report
from simulator._version import __version__
from simulator.analysis.compare import Comparison, Difference, compare
from simulator.model.result import Result, fingerprint
from simulator.report.charts import compare as charts
from simulator.report.charts.drawing import axis_title
from simulator.report.documents import answer, assumptions
from simulator.report.documents.blocks import (
    KINDS,
    Block,
    Column,
    Form,
    Kind,
    Listing,
    Picture,
    Report,
    Section,
    Table,
    joined,
    legible,
)
from simulator.report.words.compare import PARTS, SPLIT_IN_FULL
from simulator.report.words.method import LIMITS, METHOD
from simulator.scenario import Scenario
from simulator.scenario.calibration import CALIBRATED


def document(
    scenarios: Mapping[str, Scenario],
    kind: Kind,
    *,
    simulate: Callable[..., Result],
    points: int = 2048,
    seed: int = 1,
    today: dt.date | None = None,
    files: Sequence[str | None] = (),
    command: str | None = None,
) -> bytes:
    """A report on one set of assumptions, or on several compared with the first, as the bytes of a file.

    Args:
        scenarios: by the name that each set is called; the name of a single one is not shown.
        kind: docx, xlsx or html. The same content gives the same bytes of html.
        simulate: the engine's.
        points: draws in all, a power of two.
        seed: of every draw.
        today: the day that the report is dated; left out, it bears no date.
        files: where each set comes from, for the record.
        command: the command line that makes the report again, for the record.

    Raises:
        ValueError: no such kind, no set, or sets in different currencies or units.
        BaselineError: the figures of a set contradict each other.
        NotKnown: a set's target asks for what no figure tells.
    """
    if kind not in KINDS:
        raise ValueError(f"found format {kind!r}, expected one of {', '.join(KINDS)}")
    render: Callable[[Report], bytes] = import_module(f"simulator.report.documents.{kind}").render
    return render(
        content(
            scenarios, simulate=simulate, points=points, seed=seed, today=today, files=files, command=command
        )
    )


def content(
    scenarios: Mapping[str, Scenario],
    *,
    simulate: Callable[..., Result],
    points: int = 2048,
    seed: int = 1,
    today: dt.date | None = None,
    files: Sequence[str | None] = (),
    command: str | None = None,
) -> Report:
    """What a report says, as data; see ``document``."""
    if not scenarios:
        raise ValueError("found no set of assumptions, expected at least one to report on")
    comparison = (
        compare(scenarios, simulate=simulate, points=points, seed=seed) if len(scenarios) > 1 else None
    )
    if comparison:
        results = {each.name: each.result for each in comparison.sets}
        title, verdicts, lines, sections = _front_of_several(comparison)
    else:
        results = {name: simulate(scenario, points=points, seed=seed) for name, scenario in scenarios.items()}
        title, verdicts, lines, sections = _front_of_one(*results.values())
    where = dict(zip(results, [*files, *[None] * (len(results) - len(files))], strict=True))
    sections += [
        *assumptions.sections(results),
        _method(),
        *_notes(results),
        _inputs(results, where, today, command),
    ]
    authors = dict.fromkeys(result.scenario.author for result in results.values() if result.scenario.author)
    marks = joined([fingerprint(result.scenario)[:12] for result in results.values()])
    stamp = f"{points} points, seed {seed}, version {__version__}, scenario{'s' * (len(results) > 1)} {marks}"
    whole = Report(
        title,
        _subtitle(results, today),
        tuple(verdicts),
        tuple(lines),
        tuple(sections),
        stamp,
        "; ".join(authors),
        today,
    )
    found: Report = legible(whole)
    return found


def command_line(
    files: Sequence[str],
    kind: Kind,
    *,
    names: str | None = None,
    settings: Sequence[str] = (),
    points: int,
    seed: int,
) -> str:
    """The command line that makes a report again."""
    words = [
        "python",
        "-m",
        "simulator",
        "report",
        *files,
        "--format",
        kind,
        "--points",
        str(points),
        "--seed",
        str(seed),
    ]
    words += [word for setting in settings for word in ("--set", setting)]
    return shlex.join([*words, *(("--names", names) if names else ())])


# The front

Front = tuple[str, list[str], list[str], list[Section]]


def _front_of_one(result: Result) -> Front:
    """The title, the verdict, the lines under it, and the sections on the answer."""
    lines = [
        *report.headline(result),
        *([result.scenario.description] if result.scenario.description else []),
    ]
    return result.scenario.title, [report.verdict(result)], lines, [*answer.sections(result)]


def _front_of_several(comparison: Comparison) -> Front:
    title = f"{comparison.sets[0].result.scenario.title}: {len(comparison.sets)} sets of assumptions compared"
    verdicts = [f"{each.name}: {report.verdict(each.result)}" for each in comparison.sets]
    lines = [report.difference_sentence(comparison, difference) for difference in comparison.differences]
    return title, verdicts, lines, [*_compared(comparison)]


def _subtitle(results: Mapping[str, Result], today: dt.date | None) -> str:
    days = joined(list(dict.fromkeys(_day(result.scenario.as_of) for result in results.values())))
    author = next(iter(results.values())).scenario.author if len(results) == 1 else None
    return "; ".join(
        [
            f"As seen on {days}",
            *([f"report of {_day(today)}"] if today else []),
            *([author] if author else []),
        ]
    )


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


# Several sets


def _compared(comparison: Comparison) -> Iterator[Section]:
    split = any(len(difference.attribution) > 1 for difference in comparison.differences)
    yield Section("The sets compared", "Compared", (_sets(comparison), *([SPLIT_IN_FULL] if split else [])))
    for difference in comparison.differences:
        yield _difference(comparison, difference)
    yield from _differing(comparison)
    for each in comparison.sets:
        words = report.verdict(each.result), Listing(tuple(report.headline(each.result)))
        yield Section(f"{each.name}: {each.result.scenario.title}", "", words)
        yield from answer.sections(each.result, each.name)


def _sets(comparison: Comparison) -> Table:
    money = axis_title(comparison.sets[0].result)
    columns = (
        Column("Set", width=10),
        Column("Title", width=36),
        *(Column(head, "probability", 11) for head in ("Probability", "Range, low", "Range, high")),
        *(
            Column(head, "money", 11)
            for head in (f"Median, {money}", "10\u00a0%", "90\u00a0%", "Where missed, by")
        ),
    )
    fields = ("probability", "low", "high", "p50", "p10", "p90", "shortfall_if_missed")
    rows = tuple(
        (each.name, each.result.scenario.title, *(row[field] for field in fields))
        for each, row in zip(comparison.sets, report.sets_table(comparison), strict=True)
    )
    wishes = {report.wish(each.result) for each in comparison.sets}
    return Table(
        "sets",
        f"How likely it is that {wishes.pop()}" if len(wishes) == 1 else "How likely each set's target is",
        columns,
        rows,
    )


def _difference(comparison: Comparison, difference: Difference) -> Section:
    pair = f"{difference.origin} to {difference.to}"
    blocks: list[Block] = [report.difference_sentence(comparison, difference)]
    if difference.attribution:
        reading = PARTS
        blocks += [
            Picture(charts.gap(comparison, difference), charts.gap_stamp(comparison, difference), reading),
            _parts(comparison, difference),
        ]
        sentence = report.interaction_sentence(difference)
        blocks += [sentence] if sentence else []
    return Section(f"From {pair}", pair, (*blocks, *difference.notes), 2)


def _parts(comparison: Comparison, difference: Difference) -> Table:
    heads: tuple[tuple[str, Form], ...] = (
        ("Points", "points"),
        ("Error", "error"),
        ("Made first", "points"),
        ("Made last", "points"),
    )
    columns = (Column("Change", width=44), *(Column(head, form, 11) for head, form in heads))
    rows = tuple(tuple(row.values()) for row in report.parts_table(comparison, difference))
    if len(rows) == 2:  # one change is the whole
        rows = rows[:1]
    return Table("parts", f"From {difference.origin} to {difference.to}, in percentage points", columns, rows)


def _differing(comparison: Comparison) -> Iterator[Section]:
    rows = report.assumptions_table(comparison)
    if not rows:
        return
    sets = [Column(name, width=24) for name in comparison.names]
    columns = (
        Column("Of", width=22),
        Column("Assumption", width=20),
        *sets,
        Column("Unit", width=13),
        Column("Basis", width=12),
    )
    told = tuple(
        (
            row["of"],
            row["assumption"] or "as a whole",
            *(row[name] for name in comparison.names),
            row["unit"].removeprefix("percent"),
            row["basis"],
        )
        for row in rows
    )
    table = Table(
        "differing",
        f"Assumptions that differ (blank: as in {comparison.names[0]})",
        columns,
        told,
        grouped=True,
    )
    heads = (Column("Path", width=38), Column("Where each value comes from", width=80))
    sources = Table(
        "sources",
        "Where the values that differ come from",
        heads,
        tuple(row for row in report.sources_table(comparison) if row[1]),
    )
    yield Section("The assumptions that differ", "Differing", (table,), 2)
    yield Section("Their sources", "Sources", (sources,), 2)


# The end


def _method() -> Section:
    return Section("The method, and its limits", "Method", (*METHOD, "What it cannot know:", Listing(LIMITS)))


def _notes(results: Mapping[str, Result]) -> Iterator[Section]:
    holders: dict[str, list[str]] = {}
    for name, result in results.items():
        for note in [*result.notes, *([result.scenario.notes] if result.scenario.notes else [])]:
            holders.setdefault(note, []).append(name)
    if holders:
        told = tuple(
            note if len(names) == len(results) else f"On {joined(names)}: {note}"
            for note, names in holders.items()
        )
        yield Section("Notes", "Notes", (Listing(told),))


def _inputs(
    results: Mapping[str, Result], files: Mapping[str, str | None], today: dt.date | None, command: str | None
) -> Section:
    rows: list[tuple[str, str, str]] = []
    for name, result in results.items():
        scenario = result.scenario
        error = f"{100 * result.standard_error:.3f} percentage points"
        told = {
            "Title": scenario.title,
            "File": files[name],
            "Author": scenario.author,
            "Countries": joined(
                [country for country in (scenario.home, scenario.partner) if country] or [""]
            ),
            "As of": str(scenario.as_of),
            "SHA-256 of the resolved scenario": fingerprint(scenario),
            "Numerical standard error": error,
        }
        rows += [(name, what, value) for what, value in told.items() if value]
    first = next(iter(results.values()))
    run = {
        "Points": str(first.points),
        "Seed": str(first.seed),
        "Version": __version__,
        "Date": str(today or ""),
        "Parameters of the law": CALIBRATED["provenance"],
        "Made again by": command,
    }
    rows += [("All" if len(results) > 1 else "", what, value) for what, value in run.items() if value]
    columns = (Column("Set", width=10), Column("What", width=34), Column("Value", width=90))
    if len(results) == 1:
        return Section(
            "Inputs",
            "Inputs",
            (Table("inputs", "What this report was made from", columns[1:], tuple(row[1:] for row in rows)),),
        )
    return Section(
        "Inputs",
        "Inputs",
        (Table("inputs", "What this report was made from", columns, tuple(rows), grouped=True),),
    )
