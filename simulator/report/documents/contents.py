"""What a document says, once: the answer, its assumptions and their sources, the method, the inputs."""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from itertools import chain

from simulator import report
from simulator._version import __version__
from simulator.analysis.compare import Compared, Comparison
from simulator.analysis.effort import Effort
from simulator.analysis.evidence import Evidence
from simulator.analysis.tornado import Bar
from simulator.analysis.track import Track
from simulator.model.result import Result, fingerprint
from simulator.report.documents import answer, assumptions, comparison
from simulator.report.documents import brief as one_page
from simulator.report.documents.blocks import (
    KINDS,
    Column,
    Kind,
    Listing,
    Report,
    Section,
    Table,
    legible,
)
from simulator.report.documents.effort import sections as effort_sections
from simulator.report.documents.marks import day_words, stamp
from simulator.report.documents.track import sections as track_sections
from simulator.report.words import context as context_words
from simulator.report.words import evidence as evidence_words
from simulator.report.words.method import LIMITS, METHOD
from simulator.scenario import Scenario
from simulator.scenario.calibration import CALIBRATED
from simulator.scenario.remarks import assurances
from simulator.values.numerals import enumeration


def document(
    answered: Result | Comparison,
    kind: Kind,
    *,
    today: dt.date | None = None,
    file: str | None = None,
    command: str | None = None,
    moved: bool = False,
    effort: Effort | None = None,
    bars: Sequence[Bar] = (),
    tracked: Track | None = None,
    evidence: Evidence | None = None,
) -> bytes:
    """A report on one answer, or on sets of assumptions compared with the first, as the bytes of a file.

    Args:
        answered: what ``simulate`` or ``compare`` gave; nothing is worked out here.
        kind: docx, pdf, xlsx or html. The same content gives the same bytes of pdf and html.
        today: the day that the report is dated; left out, it bears no date.
        file: where the scenario of one answer comes from, for the record; the sets of a comparison know it.
        command: the command line that makes the report again, for the record.
        moved: whether what is asked was changed, so that the scenario's own title may be false.
        effort: what it would take, of one answer; left out, nothing is said of it.
        bars: the tornado of one answer, likewise.
        tracked: how the probability of one answer followed the news, likewise.
        evidence: what stands behind one answer, with its outside view, likewise.

    Raises:
        ValueError: no such kind.
    """
    written = content(
        answered,
        today=today,
        file=file,
        command=command,
        moved=moved,
        effort=effort,
        bars=bars,
        tracked=tracked,
        evidence=evidence,
    )
    return rendered(written, kind)


def brief(
    result: Result,
    effort: Effort,
    kind: Kind,
    *,
    today: dt.date | None = None,
    evidence: Evidence | None = None,
) -> bytes:
    """The brief as the bytes of a file; the same answer gives the same bytes of pdf and html.

    Args:
        result: what ``simulate`` gave; nothing is worked out here.
        effort: what ``analysis.effort`` gave.
        kind: docx, pdf or html.
        today: the day that it is dated; left out, it bears no date.
        evidence: what stands behind the answer; left out, nothing is said of it.

    Raises:
        ValueError: no such kind of a brief.
    """
    if kind not in one_page.KINDS:
        raise ValueError(f"found format {kind!r}, expected one of {', '.join(one_page.KINDS)}")
    return rendered(one_page.content(result, effort, today, evidence), kind)


def rendered(written: Report, kind: Kind) -> bytes:
    """What a document says, as the bytes of a file.

    Raises:
        ValueError: no such kind.
    """
    if kind not in KINDS:
        raise ValueError(f"found format {kind!r}, expected one of {', '.join(KINDS)}")
    render: Callable[[Report], bytes] = import_module(f"simulator.report.documents.{kind}").render
    return render(written)


def content(
    answered: Result | Comparison,
    *,
    today: dt.date | None = None,
    file: str | None = None,
    command: str | None = None,
    moved: bool = False,
    effort: Effort | None = None,
    bars: Sequence[Bar] = (),
    tracked: Track | None = None,
    evidence: Evidence | None = None,
) -> Report:
    """What a report says, as data; see ``document``."""
    if isinstance(answered, Comparison):
        sets, front = answered.sets, _front_of_several(answered, moved)
    else:
        sets = (Compared("", file, answered, answered.scenario),)
        beside = (*effort_sections(answered, effort, bars), *track_sections(tracked))
        front = _front_of_one(answered, moved, beside, evidence, bars)
    title, verdicts, lines, sections = front
    scenarios = [member.result.scenario for member in sets]
    authors = dict.fromkeys(scenario.author for scenario in scenarios if scenario.author)
    end = (*assumptions.sections(sets), *_logs(sets), _method(), *_notes(sets), _inputs(sets, today, command))
    written: Report = legible(
        Report(
            title,
            _subtitle(sets, today),
            tuple(verdicts),
            tuple(lines),
            (*sections, *end),
            stamp([member.result for member in sets]),
            "; ".join(authors),
            today,
        )
    )
    return written


def command_line(
    files: Sequence[str],
    kind: str,
    *,
    names: str | None = None,
    settings: Sequence[str] = (),
    points: int,
    seed: int,
    options: Sequence[str] = (),
) -> str:
    """The command line that makes a report again; ``options`` are those that are given only at times."""
    words = ["python", "-m", "simulator", "report", *files, *options, "--format", kind]
    words += ["--points", str(points), "--seed", str(seed)]
    words += [word for setting in settings for word in ("--set", setting)]
    return shlex.join([*words, *(("--names", names) if names else ())])


# The front

Front = tuple[str, list[str], list[str], tuple[Section, ...]]


def _front_of_one(
    result: Result,
    moved: bool,
    beside: Sequence[Section],
    evidence: Evidence | None,
    bars: Sequence[Bar],
) -> Front:
    """The title, the verdict, the lines under it, and the sections on the answer."""
    description = result.scenario.description
    lines = [*report.headline(result, evidence), *evidence_words.weight(evidence, bars)]
    lines += [description] if description else []
    sections = (*_behind(evidence), *answer.sections(result), *beside)
    return _title(result, moved), [report.verdict(result)], lines, sections


def _behind(evidence: Evidence | None) -> Iterator[Section]:
    """How the evidence is rated, and the outside view in full."""
    if evidence is not None:
        lines = (*context_words.details(evidence.context), *evidence_words.reasons(evidence))
        yield Section("How much evidence there is", "Evidence", (Listing(lines),))


def _front_of_several(compared: Comparison, moved: bool) -> Front:
    title = f"{_title(compared.first, moved)}: {len(compared.sets)} sets of assumptions compared"
    verdicts = [f"{member.name}: {report.verdict(member.result)}" for member in compared.sets]
    lines = [report.difference_sentence(compared, difference) for difference in compared.differences]
    return title, verdicts, lines, tuple(comparison.sections(compared))


def _title(result: Result, moved: bool) -> str:
    return report.title(result) if moved else result.scenario.title


def _subtitle(sets: Sequence[Compared], today: dt.date | None) -> str:
    scenarios = [member.result.scenario for member in sets]
    parts = [
        f"As seen on {enumeration(list(dict.fromkeys(day_words(scenario.as_of) for scenario in scenarios)))}"
    ]
    if today:
        parts.append(f"report of {day_words(today)}")
    if len(sets) == 1 and scenarios[0].author:
        parts.append(scenarios[0].author)
    if len(sets) == 1:
        parts += assurances(scenarios[0])
    return "; ".join(parts)


# The end


def _method() -> Section:
    return Section("The method, and its limits", "Method", (*METHOD, "What it cannot know:", Listing(LIMITS)))


def _logs(sets: Sequence[Compared]) -> Iterator[Section]:
    """Who stands for the scenarios, and what was changed in them, the last change first."""
    parts = [part for number, member in enumerate(sets) for part in _on_record(member, number, len(sets) > 1)]
    if parts:
        yield Section("What was changed, and who stands for it", "Log", tuple(parts))


def _on_record(member: Compared, number: int, several: bool) -> Iterator[Table | str]:
    """Who stands for one scenario, where no subtitle says so, and its log."""
    scenario = member.result.scenario
    standing = list(assurances(scenario))
    if several and standing:
        yield f"{member.name}: {enumeration(standing)}."
    if scenario.log:
        yield _log(scenario, f"Log of {member.name}" if several else "Log", number)


def _log(scenario: Scenario, caption: str, number: int) -> Table:
    columns = (Column("Date", width=12), Column("Who", width=24), Column("What", width=90))
    entries = sorted(scenario.log, key=lambda entry: entry.date, reverse=True)
    rows = tuple((str(entry.date), entry.who, entry.what) for entry in entries)
    return Table(f"log-{number}" if number else "log", caption, columns, rows)


def _notes(sets: Sequence[Compared]) -> Iterator[Section]:
    """The notes of the answers and of the scenarios, each once."""
    holders: dict[str, list[str]] = {}
    for member in sets:
        for note in report.notes(member.result):
            holders.setdefault(note, []).append(member.name)
    if holders:
        notes = tuple(
            note if len(names) == len(sets) else f"On {enumeration(names)}: {note}"
            for note, names in holders.items()
        )
        yield Section("Notes", "Notes", (Listing(notes),))


def _inputs(sets: Sequence[Compared], today: dt.date | None, command: str | None) -> Section:
    """What the report was made from; the column of the set only where there are several."""
    several = len(sets) > 1
    columns = (Column("Set", width=10), Column("What", width=34), Column("Value", width=90))
    rows = (*chain.from_iterable(map(_set_inputs, sets)), *_run_inputs(sets[0].result, today, command))
    first = 0 if several else 1
    table = Table(
        "inputs",
        "What this report was made from",
        columns[first:],
        tuple(row[first:] for row in rows),
        grouped=several,
    )
    return Section("Inputs", "Inputs", (table,))


def _set_inputs(member: Compared) -> Iterator[tuple[str, str, str]]:
    scenario = member.result.scenario
    values = {
        "Title": scenario.title,
        "File": member.file,
        "Author": scenario.author,
        "Countries": " and ".join(filter(None, (scenario.home, scenario.partner))),
        "As of": str(scenario.as_of),
        "SHA-256 of the resolved scenario": fingerprint(scenario),
        "Numerical standard error": report.error_points(member.result.standard_error),
    }
    yield from ((member.name, what, value) for what, value in values.items() if value)


def _run_inputs(result: Result, today: dt.date | None, command: str | None) -> Iterator[tuple[str, str, str]]:
    values = {
        "Points": str(result.points),
        "Seed": str(result.seed),
        "Version": __version__,
        "Date": str(today or ""),
        "Parameters of the law": CALIBRATED["provenance"],
        "Made again by": command,
    }
    yield from (("All", what, value) for what, value in values.items() if value)
