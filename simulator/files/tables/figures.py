"""Facts -> figures: digits as printed, sums over the year so far, and none that finer figures add up to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise, product

from simulator.errors import Fault, StatisticsError
from simulator.files.tables import labels
from simulator.files.tables.choices import Choices, LeftOut, unsettled
from simulator.files.tables.denominations import Denomination
from simulator.files.tables.facts import Fact
from simulator.files.tables.flows import grouped
from simulator.files.tables.grids import Grid
from simulator.files.tables.kinds import Kind
from simulator.files.tables.numbers import STATUS, is_broken
from simulator.values.periods import Period
from simulator.values.wording import show

RISING = 0.6  # of what the first months bring on average: what each more adds at least to a sum
_ADDED_UP = "the finer figures add up to it"
_SOME_MONTHS = "a total of the months that are there, not of the whole period"
LONGEST = 20  # digits of a figure: the state's debt in its smallest coin has fewer
LEAST_RUN = {1: 4, 3: 3}  # how many months, or quarters, show whether they add up


@dataclass(frozen=True)
class Figure:
    """One figure of a table: its digits as printed, in units of its denomination."""

    measure: str
    period: Period
    value: Decimal
    denomination: Denomination
    fact: Fact
    statuses: tuple[str, ...] = ()


def figures_of(
    grid: Grid, dated: Iterable[tuple[Fact, Period]], sign: str
) -> tuple[list[Figure], list[LeftOut]]:
    """The figures of facts, and those that are not published.

    Raises:
        StatisticsError: with every cell that cannot be read, or is below zero.
    """
    figures: list[Figure] = []
    missing: list[tuple[Fact, str]] = []
    faults: list[Fault] = []
    for fact, period in dated:
        value = fact.amount.printed.value(sign) if fact.amount else None
        absent = _absent(fact)
        if absent:
            missing.append((fact, absent))
        elif value is None or value < 0 or len(f"{value:f}") > LONGEST:
            faults.append(grid.fault(fact.row, fact.column, _unread(fact, value)))
        else:
            figures.append(_figure(fact, period, value))
    if faults:
        raise StatisticsError(faults)
    return figures, grouped(missing)


def _figure(fact: Fact, period: Period, value: Decimal) -> Figure:
    return Figure(str(fact.label.flow), period, abs(value), fact.denomination, fact, _statuses(fact))


def _absent(fact: Fact) -> str:
    """Why a cell holds no figure, where it says so itself."""
    text = show(fact.cell.text)
    if fact.cell.trouble or is_broken(fact.cell.text):
        return fact.cell.trouble or f"{text}, an error of the workbook"
    if fact.kind is Kind.MISSING:
        return f"{text}, not published"
    return "marked as a forecast" if "forecast" in _statuses(fact) else ""


def _unread(fact: Fact, value: Decimal | None) -> str:
    if value is None:
        return (
            f"found {show(fact.cell.text)}, expected a number, or a sign such as .. where none is published"
        )
    if value < 0:
        return f"found {show(fact.cell.text)}, expected {fact.label.flow} of at least 0"
    return f"found {show(fact.cell.text)}, expected a figure of at most {LONGEST} digits"


def _statuses(fact: Fact) -> tuple[str, ...]:
    """What marks beside a figure, its row or its column say: provisional, revised."""
    inner = fact.amount.printed.statuses if fact.amount else ()
    outer = [STATUS[mark] for mark in fact.label.marks if mark in STATUS]
    return tuple(dict.fromkeys((*inner, *fact.label.statuses, *outer)))


# Sums since January


def since_january(grid: Grid, figures: list[Figure], choices: Choices) -> tuple[list[Figure], bool]:
    """Figures with periods from January on, where each adds up the year so far, and whether any does.

    Those do of which heading, row, section or caption says so: a sum of the year so far below months says
    nothing of these.

    Args:
        grid: the table.
        figures: its figures.
        choices: what the reader settles.

    Raises:
        Unsettled: they rise like sums, and nothing says whether they are.
    """
    rising = _rising(figures) if choices.cumulative is None else None
    if rising is not None:
        what = f"{rising.measure} by {'month' if rising.period.months == 1 else 'quarter'}"
        message = f"found {what} that rise as sums of the year so far do"
        raise unsettled(grid, rising.fact.place, message, ["--cumulative yes", "--cumulative no"])
    summed = {figure.fact for figure in figures if _is_summed(figure, choices)}
    return [_from_january(figure) if figure.fact in summed else figure for figure in figures], bool(summed)


def _is_summed(figure: Figure, choices: Choices) -> bool:
    """Whether a month or quarter adds up the year so far, as the reader or the table says."""
    stated = figure.fact.label.cumulative if choices.cumulative is None else choices.cumulative
    return stated and figure.period.months in (1, 3)


def _from_january(figure: Figure) -> Figure:
    last = figure.period.last
    return replace(figure, period=Period(last - last % 12, last))


def _rising(figures: Iterable[Figure]) -> Figure | None:
    """The first figure of a measure whose months or quarters, in every year that shows it, rise as sums do.

    Those of which the table says that they are sums count for nothing.
    """
    loose = [figure for figure in figures if not figure.fact.label.cumulative]
    for step, measure in product(LEAST_RUN, measures_of(loose)):
        shown = _runs(loose, measure, step)
        if shown and all(map(_adds_up, shown)):
            return shown[0][min(shown[0])]
    return None


def _runs(figures: Iterable[Figure], measure: str, step: int) -> list[dict[int, Figure]]:
    """The figures of each year that shows whether months or quarters add up, by their last month."""
    years: dict[int, dict[int, Figure]] = {}
    for figure in figures:
        if figure.measure == measure and figure.period.months == step:
            years.setdefault(figure.period.end_year, {})[figure.period.last % 12 + 1] = figure
    return [run for run in years.values() if _is_run(run, step)]


def _is_run(run: dict[int, Figure], step: int) -> bool:
    """Whether months or quarters follow one another without a gap, and are enough to show a sum."""
    first, last = min(run), max(run)
    return len(run) >= LEAST_RUN[step] and last - first == step * (len(run) - 1)


def _adds_up(run: dict[int, Figure]) -> bool:
    """Whether figures by their last month rise, and by as much as months alike to the first would add."""
    values = [run[month].value for month in sorted(run)]
    rising = all(later > former for former, later in pairwise(values))
    share = Decimal(str(RISING)) * (max(run) - min(run)) / min(run)
    return rising and values[-1] > (1 + share) * values[0]


# Sums of what is there


def without_sums(figures: list[Figure]) -> tuple[list[Figure], list[LeftOut], list[str]]:
    """The figures without those that finer ones of the table add up to; remarks where they do not add up.

    A total of a year of which only some months are there is a sum of these, and is left out as well; so is
    what equals their sum, whatever it is called.
    """
    dropped: dict[Fact, str] = {}
    remarks: list[str] = []
    for figure in figures:
        if figure.period.months == 1:
            continue
        parts = [other for other in figures if _is_part(other, figure)]
        finest = _tiling(figure.period, parts)
        reason = _ADDED_UP if finest else _of_some_months(figure, parts)
        if reason:
            dropped[figure.fact] = reason
            remarks += _difference(figure, finest)
    kept = [figure for figure in figures if figure.fact not in dropped]
    return kept, grouped(list(dropped.items())), remarks


def _of_some_months(figure: Figure, parts: Sequence[Figure]) -> str:
    """Why a figure is left out of whose period some months are there: it is a total, or their sum."""
    return _SOME_MONTHS if parts and (figure.fact.totals or _equals(figure, _apart(parts))) else ""


def _is_part(figure: Figure, total: Figure) -> bool:
    """Whether a figure is of some of another's months."""
    shorter = figure.period.months < total.period.months
    return shorter and figure.measure == total.measure and total.period.covers(figure.period)


def _tiling(period: Period, parts: Sequence[Figure]) -> list[Figure]:
    """Finer figures that make up a period without gap or overlap, the finest; none where they do not."""
    chosen: list[Figure] = []
    month = period.first
    while month <= period.last:
        starting = [part for part in parts if part.period.first == month]
        if not starting:
            return []
        chosen.append(min(starting, key=lambda part: part.period.months))
        month = chosen[-1].period.last + 1
    return chosen if month == period.last + 1 else []


def _apart(parts: Sequence[Figure]) -> list[Figure]:
    """The finest of some figures, none of which overlaps another."""
    chosen: list[Figure] = []
    for part in sorted(parts, key=lambda part: (part.period.months, part.period)):
        if not any(set(part.period) & set(other.period) for other in chosen):
            chosen.append(part)
    return chosen


def _difference(figure: Figure, parts: Sequence[Figure]) -> list[str]:
    """A remark where a sum differs from its parts by more than their rounding."""
    if not parts or _equals(figure, parts) or figure.denomination != parts[0].denomination:
        return []
    what = f"{figure.measure} {figure.period} is printed as {figure.value}"
    return [f"{what}, its {len(parts)} parts add up to {_sum(parts)} ({figure.fact.place})"]


def _equals(figure: Figure, parts: Sequence[Figure]) -> bool:
    """Whether parts add up to a figure, but for the rounding of all."""
    exponents = [int(item.value.as_tuple().exponent) for item in (figure, *parts)]
    slack = sum((Decimal(5).scaleb(exponent - 1) for exponent in exponents), Decimal(0))
    return figure.denomination == parts[0].denomination and abs(_sum(parts) - figure.value) <= slack


def _sum(parts: Iterable[Figure]) -> Decimal:
    return sum((part.value for part in parts), Decimal(0))


def measures_of(figures: Iterable[Figure]) -> list[str]:
    """The measures of figures, exports first."""
    order = {name: place for place, name in enumerate((labels.EXPORTS, labels.IMPORTS, labels.TURNOVER))}
    names = dict.fromkeys(figure.measure for figure in figures)
    return sorted(names, key=lambda name: order.get(name, len(order)))
