"""Words of a month's round: what a table of new figures changed, and how to let it count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simulator.analysis.vintages import Part
from simulator.batch.observe import Moved, Noted, Round, Update, YearAgo
from simulator.errors import one_line
from simulator.report.amounts import exact
from simulator.report.names import named
from simulator.report.words import board
from simulator.scenario import Observation, Scenario
from simulator.values.numerals import counted, enumeration, percent, points
from simulator.values.wording import capital

LONGEST = 300  # letters of a fault
MOST_FIGURES = 3  # that one sentence names
NOT_WRITTEN = "Nothing is written yet."
SAME = 0.05  # percentage points that are no change


def summary(done: Round) -> str:
    """How many figures are new in how many files, and how many targets moved."""
    if not done.updates:
        return _nothing(done)
    count = sum(len(update.noted.new) for update in done.updates)
    files = sum(bool(update.noted.new) for update in done.updates)
    moved = sum(abs(one.points) >= SAME for one in done.moved)
    new = f"{counted(count, 'new or revised figure')} in {counted(files, 'file')}"
    refused = _refused(done)
    others = f"; {counted(len(refused), 'file')} could not take it" if refused else ""
    return f"{capital(new)}; {moved} of {counted(len(done.moved), 'target')} moved{others}."


def _nothing(done: Round) -> str:
    """That no file changes, and why."""
    refused = _refused(done)
    if not refused:
        return f"{done.table} holds nothing new for any of the files."
    files = counted(len(refused), "file")
    return f"{done.table} changes no file; {files} could not take it: {left(refused[0])}"


def _refused(done: Round) -> list[Noted]:
    """The files that could not take the table, or have faults of their own."""
    return [note for note in done.left if note.fault]


def crossings(done: Round) -> list[str]:
    """Which targets fell off track, and which came on track."""
    lines = []
    for does, chosen in (
        ("off track", [one for one in done.moved if one.fell]),
        ("on track", [one for one in done.moved if one.rose]),
    ):
        if chosen:
            lines.append(f"Now {does}: {enumeration(called(one) for one in chosen)}.")
    return lines or ["No target fell off track, and none came on track."] * bool(done.moved)


def called(moved: Moved) -> str:
    """A target and with whom: ``Kazakhstan, at least $1,000m of turnover in 2020``."""
    return f"{board.partner(moved.now)}, {board.target(moved.now)}"


def moved_by(update: Update) -> str:
    """What moved the targets of a file: its new figures, the day, or the file that it extends."""
    if update.parts:
        return _by_part(update.parts)
    latest = sorted((met.figure for met in update.noted.new), key=lambda one: -one.period.last)
    figures = [figure_name(_scenario(update), figure) for figure in latest]
    if not figures:
        return "the figures of what it extends" if update.noted.text is None else "the later day alone"
    more = len(figures) - MOST_FIGURES
    shown = [*figures[:MOST_FIGURES], *([f"{more} more"] if more > 0 else [])]
    return enumeration(shown)


def _by_part(parts: Sequence[Part]) -> str:
    """What each new figure changed, the largest change first: ``exports 2018-10 +5.1, ...``."""
    ordered = sorted(parts, key=lambda part: -abs(part.probability_points))
    shown = [f"{part.figure} {points(part.probability_points)}" for part in ordered[:MOST_FIGURES]]
    rest = sum(part.probability_points for part in ordered[MOST_FIGURES:])
    more = len(ordered) - MOST_FIGURES
    return ", ".join([*shown, *([f"{more} more {points(rest)}"] if more > 0 else [])])


def figure_name(scenario: Scenario, figure: Observation) -> str:
    """A figure by measure and period: ``exports in Oct 2018``."""
    return f"{named(scenario, figure.measure).text} {figure.period.readable}"


def year_ago(update: Update, one: YearAgo) -> str:
    """A figure beside the same months a year earlier: ``$66.1m, 32 % more than the $50.1m of Oct 2017``."""
    value, row = one.figure.value, update.moved[0].now
    now, then = (exact(row, amount) for amount in (value.amount if value else 0.0, one.earlier))
    apart = f"{percent(abs(one.growth), decided=True)} {'more' if one.growth >= 0 else 'less'} than"
    return f"{now}, {apart} the {then} of {one.figure.period.shift(-12).readable}"


def days(update: Update) -> str | None:
    """From which day on the file is seen now, or that its new figures do not count yet; None of neither."""
    if update.days is not None:
        before, after = (f"{day.day} {day:%B %Y}" for day in update.days)
        return f"{update.file.name}: seen from {after} in place of {before}."
    observed = update.noted.observed
    if observed is None or not observed.later:
        return None
    day = max(met.figure.published for met in observed.later if met.figure.published)
    which = (
        "its new figures" if len(observed.later) == len(observed.new) else f"{len(observed.later)} of them"
    )
    return (
        f"{update.file.name}: {which} came out after its day, {observed.as_of}, and do not count in its "
        f"answer until its day moves to {day} or later."
    )


def refused(update: Update) -> Iterator[str]:
    """Figures of the table that contradict those of the file, and are left out."""
    observed = update.noted.observed
    for met in observed.refused if observed else ():
        yield f"{update.file.name}: {met.words}; it is left out."


def left(note: Noted) -> str:
    """Why a file stays as it is."""
    why = _why(note)
    where = "" if why.startswith(f"{note.file.name}:") else f"{note.file.name}: "
    return f"{where}{why}"


def _why(note: Noted) -> str:
    """Why a file stays as it is, in one line."""
    return one_line(note.why or "the table holds nothing new for it", LONGEST)


def looks(done: Round) -> list[str]:
    """What is odd about the new figures, by file: it is told first."""
    return [f"Look at {update.file.name}: {look}." for update in done.updates for look in update.noted.looks]


def _scenario(update: Update) -> Scenario:
    return update.moved[0].now.scenario
