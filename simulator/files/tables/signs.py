"""The decimal sign of a table: told by the numbers that can be read with one sign only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from simulator.files.tables.choices import Choices, unsettled
from simulator.files.tables.facts import Fact
from simulator.files.tables.grids import Grid
from simulator.files.tables.kinds import FIGURES
from simulator.files.tables.numbers import COMMA, CONVENTIONS, POINT, Printed, grouping, shape
from simulator.values.wording import show


def decimal_sign(grid: Grid, facts: Sequence[Fact], choices: Choices) -> tuple[str, str]:
    """The decimal sign of a table, and what was recognised, in words; a workbook's numbers need none.

    Raises:
        StatisticsError: some numbers can only be read with a point, others only with a comma.
        Unsettled: every number that has a mark can be read with either.
    """
    if choices.decimal is not None:
        return CONVENTIONS[choices.decimal], f"decimal {choices.decimal}, as --decimal says"
    shapes: dict[str, tuple[Fact, Printed]] = {}
    for fact in _first_of_shapes(facts):
        if fact.amount and fact.amount.printed.number is None:
            shapes.setdefault(shape(fact.amount.printed.body), (fact, fact.amount.printed))
    if not shapes:
        return POINT, ""
    texts = dict(shapes.values())  # the first number of each shape
    sign = _sure(grid, texts)
    between = grouping((number.body for number in texts.values()), sign)
    name = "comma" if sign == COMMA else "point"
    return sign, f"decimal {name}{f', {between} between thousands' if between else ''}"


def _first_of_shapes(facts: Iterable[Fact]) -> Iterable[Fact]:
    """The first fact of each shape of cells: what stands around digits of one shape is the same as well."""
    firsts: dict[str, Fact] = {}
    for fact in facts:
        if fact.kind in FIGURES and fact.cell.number is None:
            firsts.setdefault(shape(fact.cell.text), fact)
    return firsts.values()


def _sure(grid: Grid, texts: dict[Fact, Printed]) -> str:
    """The sign under which alone some numbers can be read.

    Raises:
        StatisticsError: there are two.
        Unsettled: there is none, and it matters.
    """
    sure: dict[str, Fact] = {}
    for fact, number in texts.items():
        if len(number.readings) == 1:
            sure.setdefault(number.readings[0], fact)
    if len(sure) == 2:
        point, comma = sure[POINT], sure[COMMA]
        other = f"{show(point.cell.text)} in {point.place}"
        message = f"found {show(comma.cell.text)}, and {other}: one decimal sign expected"
        raise grid.error(comma.row, comma.column, message)
    unsure = next((fact for fact, number in texts.items() if number.unsure), None)
    if not sure and unsure is not None:
        raise _which(grid, unsure, texts[unsure])
    return next(iter(sure), POINT)


def _which(grid: Grid, fact: Fact, number: Printed) -> Exception:
    """The question under which sign a number is to be read."""
    values = {name: number.value(sign) for name, sign in CONVENTIONS.items()}
    message = f"found {show(fact.cell.text)}, which may be {values['point']} or {values['comma']}"
    return unsettled(
        grid, fact.place, message, [f"--decimal {key}  ({value})" for key, value in values.items()]
    )
