"""Words of a board: the heads of its columns, the cells of a row, how to read them."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from simulator.batch.board import EVEN, Board, Row, State, Total, message_of
from simulator.errors import one_line
from simulator.report.amounts import asked, distance, value
from simulator.report.names import named
from simulator.report.words.answer import wanted
from simulator.values.numerals import FINEST, counted, enumeration, percent, points
from simulator.values.wording import capital, inert

HEADS = {
    "partner": "Partner",
    "target": "Target",
    "settled": "Settled by",
    "probability": "Probability",
    "change": "Change, points",
    "coming": "Next figure",
    "state": "State",
    "course": "Course",
}
OF_CEILINGS = {State.REACHED: "kept", State.MISSED: "exceeded"}
NOT_NAMED = "not named"
NOT_KNOWN = "not known"
LEGEND = (
    "Probability: that this target alone is met. Where a file has several, what all of them together come to "
    "stands beside it.",
    "Change: what the figures of the latest publication added, in percentage points: the probability now "
    "less that without them, on the same draws. Figures without a date count as published when their "
    "period ends.",
    "Next figure: the period after the last one of the series that is published most often. It is due by the "
    "usual lag from the end of a period to its publication; where no file says when figures came, the day "
    "is not known.",
    "On track: at least as likely as not (50 %), which is how the UK's Office for Budget Responsibility "
    "judges targets. What published figures decide is reached or missed.",
    "Course: what the target is about by year. Solid: published. Dashed: medians. Bar: the target.",
)
MOST_FAULTS, LONGEST = 5, 300  # of a file, and letters of one
EMPTY = "No scenario file of the folder can be answered."


def partner(row: Row) -> str:
    """With whom: the partner, else the country, else the title of the case."""
    return row.scenario.partner or row.scenario.home or row.scenario.title


def target(row: Row) -> str:
    """What is asked: ``at least $1,000m of turnover in 2020``."""
    return wanted(row, row.target)


def settled_by(row: Row) -> str:
    """The statistic that decides it."""
    return row.target.resolved_by or NOT_NAMED


def probability(row: Row) -> str:
    """The probability in percent; 0 or 100 % only where published figures decide it.

    What is less likely than not is never rounded to 50 %: on track begins there.
    """
    even, size = 100 * EVEN, 100 * row.probability
    if size < even <= round(size, FINEST):
        return f"just below {even:.0f} %"
    finer = (digits for digits in range(FINEST) if (round(size, digits) >= even) == (size >= even))
    return percent(row.probability, next(finer, FINEST), decided=row.decided)


def together(row: Row) -> str:
    """The probability that all targets of the file are met; nothing where it has one."""
    if row.all is None:
        return ""
    return f"all {len(row.scenario.goals)} targets of the file: {percent(row.all, decided=row.decided)}"


def change(row: Row) -> str:
    """What the last figures added, in percentage points: ``+4.8``."""
    return NOT_KNOWN if row.change is None else points(100 * row.change)


def moved_by(row: Row) -> str:
    """The last figures, which made the change, or why what they changed is not known."""
    return row.unchanged or f"by {_figures(row)}"


def _figures(row: Row) -> str:
    """The latest publication: ``turnover for Jan-Sep 2018 and 2 other figures``."""
    figure = row.last_figure
    if figure is None:
        return "no figure"
    others = f" and {counted(len(row.latest) - 1, 'other figure')}" if len(row.latest) > 1 else ""
    day = f", {date(figure.published)}" if figure.published else ""
    return f"{named(row.scenario, figure.measure).text} for {figure.period.readable}{others}{day}"


def coming(row: Row) -> str:
    """The next figure, and when it is due: ``2019-Q1, about 20 May 2019``."""
    if row.coming is None:
        return NOT_KNOWN
    due = row.coming.due
    if due is None:
        return f"{row.coming.period}, day {NOT_KNOWN}"
    return f"{row.coming.period}, {'was due' if due <= row.scenario.as_of else 'about'} {date(due)}"


def rests_on(row: Row) -> str:
    """Which figure it is, and the lag that its day rests on."""
    if row.coming is None:
        return "no series of figures goes on"
    name, lag = named(row.scenario, row.coming.measure).text, row.coming.lag
    if lag is None:
        return f"{name}; no days of publication in the file"
    usual = "the last time" if row.coming.publications == 1 else "usual"
    return f"{name}; {counted(abs(lag), 'day')} {'after' if lag >= 0 else 'before'} its end, as {usual}"


def state(row: Row) -> str:
    """How it stands, in words: a ceiling that figures decide is kept or exceeded."""
    return capital(str(row.state) if row.target.floor else OF_CEILINGS.get(row.state, str(row.state)))


def expected(row: Row) -> str:
    """The median beside what is asked: ``median $807m, $193m below``."""
    quantity = row.target.quantity
    middle = value(row, quantity, row.median)
    gap = row.median - row.target.amount
    known = f"{middle} published" if row.decided else f"median {middle}"
    if not gap:
        return known
    return f"{known}, {distance(row, quantity, abs(gap))} {'above' if gap > 0 else 'below'}"


def course(row: Row) -> str:
    """What the sparkline shows, in numbers: for those who do not see it."""
    quantity = row.target.quantity
    totals = [f"{total.period} {value(row, quantity, total.value)}{_standing(total)}" for total in row.totals]
    return f"{quantity.title}: {'; '.join(totals)}; {row.target.noun} {asked(row, row.target)}."


def _standing(total: Total) -> str:
    """What a total is, where it is not published: an estimate of the past, the median of what comes."""
    if total.published:
        return ""
    return " (median)" if total.ahead else " (estimate)"


def date(day: dt.date) -> str:
    """A day: ``20 May 2019``."""
    return f"{day.day} {day:%b %Y}"


def cells(row: Row) -> dict[str, str]:
    """The words of a row by column; the course is a drawing."""
    return {
        "partner": partner(row),
        "target": target(row),
        "settled": settled_by(row),
        "probability": probability(row),
        "change": change(row),
        "coming": coming(row),
        "state": state(row),
    }


def details(row: Row) -> dict[str, str]:
    """What stands small under the words of a column, where there is more to say."""
    return {
        "partner": f"{inert(row.file)}, as of {date(row.scenario.as_of)}",
        "target": expected(row),
        "probability": together(row),
        "change": moved_by(row),
        "coming": rests_on(row),
    }


def summary(board: Board) -> str:
    """How many targets stand how: ``51 targets of 48 files: 12 on track and 39 off track``."""
    rows = board.rows
    counts = Counter(row.state for row in rows)
    if not rows:
        return EMPTY
    stand = enumeration(f"{counts[kind]} {kind}" for kind in State if counts[kind])
    files = counted(len({row.file for row in rows}), "file")
    return f"{counted(len(rows), 'target')} of {files}: {stand}."


def faulty(board: Board) -> str:
    """How many files cannot be answered; nothing where all can."""
    count = len(board.broken)
    return f"{counted(count, 'file')} cannot be answered." if count else ""


def faults(board: Board) -> list[str]:
    """What is wrong, a line each: ``china.yaml, line 7: found ...``; of a file with many faults the first."""
    lines = []
    for entry in board.entries:
        place = one_line(entry.file, LONGEST)
        for fault in entry.faults[:MOST_FAULTS]:
            where = place if fault.line is None else f"{place}, line {fault.line}"
            lines.append(f"{where}: {one_line(message_of(entry.file, fault), LONGEST)}")
        more = len(entry.faults) - MOST_FAULTS
        lines += [f"{place}: and {more} more"] if more > 0 else []
    return lines
