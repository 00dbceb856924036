"""Facts -> figures: digits under the table's decimal sign, periods, and none that finer figures add up to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from simulator.errors import StatisticsError
from simulator.files.tables import labels
from simulator.files.tables.choices import FREQUENCIES, Choices, LeftOut, unsettled
from simulator.files.tables.dates import Moment, doubles
from simulator.files.tables.denominations import Denomination
from simulator.files.tables.facts import Fact
from simulator.files.tables.flows import grouped
from simulator.files.tables.grids import Grid
from simulator.files.tables.kinds import Kind
from simulator.files.tables.numbers import COMMA, CONVENTIONS, POINT, STATUS, grouping, is_broken
from simulator.values.periods import Period
from simulator.values.wording import show

RISING = 0.6  # of their number: how far sums since January rise at least over the first months of a year
LEAST_RUN = 4  # months that show whether they add up


@dataclass(frozen=True)
class Figure:
    """One figure of a table: its digits as printed, in units of its denomination."""

    measure: str
    period: Period
    value: Decimal
    denomination: Denomination
    fact: Fact
    statuses: tuple[str, ...] = ()


def decimal_sign(grid: Grid, facts: Sequence[Fact], choices: Choices) -> tuple[str, str]:
    """The decimal sign of a table, and what was recognised, in words.

    Raises:
        StatisticsError: some numbers can only be read with a point, others only with a comma.
        Unsettled: every number that has a mark can be read with either.
    """
    if choices.decimal is not None:
        sign = CONVENTIONS[choices.decimal]
        return sign, f"decimal {choices.decimal}, as --decimal says"
    texts = [fact for fact in facts if fact.amount and fact.amount.printed.number is None]
    sure: dict[str, Fact] = {}
    for fact in texts:
        readings = fact.amount.printed.readings if fact.amount else ()
        if len(readings) == 1:
            sure.setdefault(readings[0], fact)
    if len(sure) == 2:
        point, comma = sure[POINT], sure[COMMA]
        message = f"found {show(comma.cell.text)}, and {show(point.cell.text)} in {point.place}: one decimal sign expected"
        raise grid.error(comma.row, comma.column, message)
    unsure = next((fact for fact in texts if fact.amount and fact.amount.printed.unsure), None)
    if not sure and unsure is not None:
        raise _which_sign(grid, unsure)
    sign = next(iter(sure), POINT)
    bodies = [fact.amount.printed.body for fact in texts if fact.amount]
    between = grouping(bodies, sign)
    name = "comma" if sign == COMMA else "point"
    return sign, f"decimal {name}{f', {between} between thousands' if between else ''}" if bodies else ""


def _which_sign(grid: Grid, fact: Fact) -> Exception:
    assert fact.amount is not None
    values = {name: fact.amount.printed.value(sign) for name, sign in CONVENTIONS.items()}
    message = f"found {show(fact.cell.text)}, which may be {values['point']} or {values['comma']}"
    return unsettled(
        grid, fact.place, message, [f"--decimal {name}  ({value})" for name, value in values.items()]
    )


def periods_of(
    grid: Grid, facts: Sequence[Fact], choices: Choices
) -> tuple[dict[int, Period], list[LeftOut]]:
    """The period of each fact, by its place in the list; those that name none are left out.

    Raises:
        StatisticsError: none names a period.
        Unsettled: it is open which months are meant.
    """
    moments = {number: _dated(fact.label.moment, choices) for number, fact in enumerate(facts)}
    known = {number: moment for number, moment in moments.items() if moment is not None}
    _ask_for_years(grid, [facts[number] for number in known], list(known.values()), choices)
    step = _step(grid, facts, list(known.values()), choices)
    periods = {number: _period(moment, step, choices) for number, moment in known.items()}
    good = {number: period for number, period in periods.items() if period is not None}
    rest = [
        (fact, "no month, quarter or year named") for number, fact in enumerate(facts) if number not in good
    ]
    if facts and not good:
        raise grid.error(facts[0].row, facts[0].column, _no_period(facts[0]))
    return good, grouped(rest)


def _no_period(fact: Fact) -> str:
    said = " and ".join(show(text) for text in (fact.side, fact.head) if text)
    return (
        f"found {show(fact.cell.text)}{f' under {said}' if said else ''}, which name no period; expected months, quarters or "
        "years in a row or column of their own, such as 2018-09, Sep 2018, сентябрь 2018"
    )


def _dated(moment: Moment | None, choices: Choices) -> Moment | None:
    """A moment with the year that the reader states for months without one."""
    if moment is None or (moment.year is None and moment.months is None):
        return None
    return moment.over(Moment(choices.year)) if moment.year is None and choices.year else moment


def _ask_for_years(grid: Grid, facts: list[Fact], moments: list[Moment], choices: Choices) -> None:
    """Ask what only the reader knows of years.

    Raises:
        StatisticsError: a fiscal year is named by one year.
        Unsettled: the months of fiscal years, or the year of months.
    """
    for fact, moment in zip(facts, moments, strict=True):
        if moment.lone:
            message = f"found {moment}, which may start or end in that year; write both, as in 2017/18"
            raise grid.error(fact.row, fact.column, message)
        if moment.fiscal and choices.fiscal_year_starts is None:
            words = [f"--fiscal-year-starts {month}" for month in (4, 7, 10)]
            raise unsettled(grid, fact.place, f"found {moment}, expected to know its first month", words)
    if moments and all(moment.year is None for moment in moments):
        first = facts[0]
        raise unsettled(
            grid, first.place, f"found {moments[0]} without a year", ["--year 2018, or the year meant"]
        )
    labels_of_time = {text for fact in facts for text in (fact.side, *fact.head.split(" / ")) if text}
    texts = [text for text in labels_of_time if text[:4].isdecimal()]
    if doubles(texts) and choices.fiscal_year_starts is None and choices.every is None:
        words = ["--fiscal-year-starts 4, or the month  (they are years)", "--every month  (they are months)"]
        raise unsettled(
            grid, facts[0].place, f"found {show(min(texts))}, which may be a month or a year", words
        )


def _step(grid: Grid, facts: Sequence[Fact], moments: Sequence[Moment], choices: Choices) -> int:
    """How many months a date such as 2018-09-30 stands for.

    Raises:
        Unsettled: the dates lie further apart than a month.
    """
    if choices.every is not None:
        return FREQUENCIES[choices.every]
    days = sorted({12 * m.year + m.months[0] for m in moments if m.day and m.year and m.months})
    gaps = [later - former for former, later in zip(days, days[1:], strict=False)]
    if not days or (gaps and min(gaps) == 1):
        return 1
    far = f"{min(gaps)} months apart" if gaps else "one date alone"
    words = [f"--every {name}" for name in FREQUENCIES]
    first = next(fact for fact in facts if fact.label.moment and fact.label.moment.day)
    raise unsettled(grid, first.place, f"found dates, {far}; expected to know for how long they stand", words)


def _period(moment: Moment, step: int, choices: Choices) -> Period | None:
    if moment.fiscal and moment.year and choices.fiscal_year_starts:
        first = 12 * moment.year + choices.fiscal_year_starts - 1
        return Period(first, first + 11)
    period = moment.period
    if period is None or moment.day is None:
        return period
    first = period.first - period.first % step
    return Period(first, first + step - 1)


def figures_of(
    grid: Grid, facts: Sequence[Fact], periods: dict[int, Period], sign: str
) -> tuple[list[Figure], list[LeftOut]]:
    """The figures of facts, and those that are not published.

    Raises:
        StatisticsError: with every cell that cannot be read, or is below zero.
    """
    figures: list[Figure] = []
    missing: list[tuple[Fact, str]] = []
    faults = []
    for number, period in periods.items():
        fact = facts[number]
        value = fact.amount.printed.value(sign) if fact.amount else None
        if fact.cell.trouble or is_broken(fact.cell.text):
            missing.append((fact, fact.cell.trouble or f"{show(fact.cell.text)}, an error of the workbook"))
        elif fact.kind is Kind.MISSING:
            missing.append((fact, f"{show(fact.cell.text)}, not published"))
        elif value is None or value < 0:
            faults.append(grid.fault(fact.row, fact.column, _unread(fact, value)))
        else:
            figures.append(
                Figure(fact.label.flow or "", period, value, fact.denomination, fact, _statuses(fact))
            )
    if faults:
        raise StatisticsError(faults)
    return figures, grouped(missing)


def _unread(fact: Fact, value: Decimal | None) -> str:
    if value is None:
        return (
            f"found {show(fact.cell.text)}, expected a number, or a sign such as .. where none is published"
        )
    return f"found {show(fact.cell.text)}, expected {fact.label.flow} of at least 0"


def _statuses(fact: Fact) -> tuple[str, ...]:
    own = fact.amount.printed.statuses if fact.amount else ()
    column = tuple(STATUS[mark] for mark in fact.label.marks if mark in STATUS)
    return tuple(dict.fromkeys((*own, *fact.label.statuses, *column)))


# Sums since January, and sums of what is there


def since_january(
    grid: Grid, figures: list[Figure], stated: bool, choices: Choices
) -> tuple[list[Figure], bool]:
    """Figures with periods from January on, where each adds up the year so far.

    Args:
        grid: the table.
        figures: its figures.
        stated: whether the table says that they add up.
        choices: what the reader settles.

    Raises:
        Unsettled: they rise like sums, and nothing says whether they are.
    """
    cumulative = choices.cumulative if choices.cumulative is not None else stated
    single = [figure for figure in figures if figure.period.months in (1, 3)]
    if not cumulative:
        if choices.cumulative is None and _rise(single):
            first = single[0].fact
            message = "found figures that rise from January on as sums over the year so far do"
            raise unsettled(grid, first.place, message, ["--cumulative yes", "--cumulative no"])
        return figures, False
    taken = {id(figure) for figure in single}
    return [_from_january(figure) if id(figure) in taken else figure for figure in figures], bool(single)


def _from_january(figure: Figure) -> Figure:
    last = figure.period.last
    return replace(figure, period=Period(last - last % 12, last))


def _rise(figures: Iterable[Figure]) -> bool:
    """Whether months, in every year that shows it, rise from January on as their sum would."""
    runs: dict[tuple[str, int], dict[int, Decimal]] = {}
    for figure in figures:
        if figure.period.months == 1:
            runs.setdefault((figure.measure, figure.period.end_year), {})[figure.period.first % 12] = (
                figure.value
            )
    long = [run for run in runs.values() if len(run) >= LEAST_RUN and set(range(LEAST_RUN)) <= run.keys()]
    return bool(long) and all(map(_adds_up, long))


def _adds_up(run: dict[int, Decimal]) -> bool:
    values = [run[month] for month in sorted(run)]
    rising = all(later > former for former, later in zip(values, values[1:], strict=False))
    return rising and values[-1] > Decimal(str(RISING * len(values))) * values[0]


def without_sums(figures: list[Figure]) -> tuple[list[Figure], list[LeftOut], list[str]]:
    """The figures without those that finer ones of the table add up to; remarks where they do not add up.

    A total of a year of which only some months are there is a sum of these, and is left out as well.
    """
    dropped: list[tuple[Fact, str]] = []
    remarks: list[str] = []
    for figure in figures:
        parts = [
            other
            for other in figures
            if other.measure == figure.measure
            and other.period != figure.period
            and figure.period.covers(other.period)
            and other.period.months < figure.period.months
        ]
        finest = _tiling(figure.period, parts)
        if finest:
            dropped.append((figure.fact, "the finer figures add up to it"))
            remarks += _difference(figure, finest)
        elif figure.fact.totals and parts:
            dropped.append((figure.fact, "a total of the months that are there, not of the whole period"))
    gone = {id(fact) for fact, _ in dropped}
    return [figure for figure in figures if id(figure.fact) not in gone], grouped(dropped), remarks


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


def _difference(figure: Figure, parts: Sequence[Figure]) -> list[str]:
    """A remark where a sum differs from its parts by more than their rounding."""
    total = sum((part.value for part in parts), Decimal(0))
    exponents = [int(item.value.as_tuple().exponent) for item in (figure, *parts)]
    slack = sum((Decimal(1).scaleb(exponent) / 2 for exponent in exponents), Decimal(0))
    if abs(total - figure.value) <= slack or figure.denomination != parts[0].denomination:
        return []
    what = f"{figure.measure} {figure.period}"
    return [
        f"{what} is printed as {figure.value}, its {len(parts)} parts add up to {total} ({figure.fact.place})"
    ]


def measures_of(figures: Iterable[Figure]) -> list[str]:
    """The measures of figures, exports first."""
    order = [labels.EXPORTS, labels.IMPORTS, labels.TURNOVER]
    names = dict.fromkeys(figure.measure for figure in figures)
    return sorted(names, key=lambda name: order.index(name) if name in order else len(order))
