"""The line along which a control moves: a knob's number as people read it, its ends, its steps.

Percent where people read percent, months counted as in ``periods``. The ends are fixed for as long as the
scenario is open, and do not move with the value.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from simulator.report.amounts import SUFFIXES, SYMBOLS
from simulator.scenario import Scenario
from simulator.scenario.parameters import Knob
from simulator.values.periods import month_text
from simulator.values.units import Unit
from simulator.workspace.desk import Desk

STEPS = (20, 400)  # the fewest and the most that a slider has
USUAL_STEPS = 200
A_YEAR = (Unit.PERCENT_A_YEAR, Unit.LOG_POINTS_A_YEAR)
NBSP = "\u00a0"


@dataclass(frozen=True)
class Scale:
    """The line along which a control moves, in the numbers that are shown.

    ``before`` and ``after`` stand around a number; a ``month`` counts months and is shown as ``2019-07``.
    """

    low: float
    high: float
    step: float
    decimals: int
    before: str = ""
    after: str = ""
    month: bool = False

    def text(self, value: float) -> str:
        """A number of the line as it is shown."""
        if self.month:
            return month_text(math.floor(value))
        sign = "-" if value < 0 and round(value, self.decimals) else ""
        return f"{sign}{self.before}{abs(value):,.{self.decimals}f}{self.after}"


def shown(knob: Knob, value: float) -> float:
    """A value of a knob as its control shows it."""
    return round(knob.unit.displayed(value), 10)


def read(knob: Knob, number: float) -> float:
    """A value of a knob from what its control shows; where the file has it, exactly that."""
    if math.isclose(number, shown(knob, knob.value), rel_tol=1e-9, abs_tol=1e-12):
        return knob.value
    return float(round(knob.unit.from_displayed(number), 12))


def reach(desk: Desk, path: str) -> tuple[float, float]:
    """How far a number may be turned, in its unit: to the ends of its control."""
    knob, (low, high) = desk.knobs[path], desk.bounds(path)
    scale = scale_of(desk.base, desk.line(path))
    return min(low, read(knob, scale.low)), max(high, read(knob, scale.high))


def scale_of(scenario: Scenario, line: tuple[Knob, ...]) -> Scale:
    """The line of a number and of its ends, the same for all of them.

    Its ends are as far as its knobs reach (``parameters``: what the file or the field bounds, else three
    times the value), as they are for ``solve``; what the file states is never outside.
    """
    stated = [shown(knob, knob.value) for knob in line]
    lowest = min(shown(knob, knob.low) for knob in line)
    highest = max(shown(knob, knob.high) for knob in _guides(line))
    before, after = _around(scenario, line[0])
    if line[0].unit.integer:
        month = line[0].unit is Unit.MONTH
        return Scale(math.ceil(lowest), math.floor(highest), 1, 0, "", "" if month else after, month)
    high = max(highest, *stated)
    step = _step(line[0].unit.displayed(line[0].step or 0.0), stated, high - lowest)
    low = min(math.ceil(round(lowest / step, 6)) * step, *stated)
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    return Scale(round(low, 10), round(high, 10), step, places, before, after)


def _guides(line: tuple[Knob, ...]) -> tuple[Knob, ...]:
    """The knobs of a line that know how large its number is: an end at 0 does not."""
    return tuple(knob for knob in line if knob.value) or line


def _around(scenario: Scenario, knob: Knob) -> tuple[str, str]:
    """What stands before and after a number of a knob's unit."""
    unit = knob.unit
    if unit.money:
        symbol, suffix = SYMBOLS.get(scenario.currency), SUFFIXES.get(scenario.unit)
        rest = unit.removeprefix(Unit.MONEY)
        if symbol and suffix:
            return symbol, f"{suffix}{rest}"
        return "", f"{NBSP}{scenario.unit} {scenario.currency}{rest}"
    if unit.of_hundred or unit.log:
        return "", f"{NBSP}%{' a year' if unit in A_YEAR else ''}"
    return "", f"{NBSP}{unit}" if unit.duration else ""


def _step(wanted: float, stated: list[float], width: float) -> float:
    """How far a control moves at once: the step of its knob, where it fits the values and the line."""
    fewest, most = STEPS
    if wanted and fewest <= width / wanted <= most and all(_integer(value / wanted) for value in stated):
        return wanted
    size = width / USUAL_STEPS
    power = 10.0 ** math.floor(math.log10(size))
    return float(f"{next(m * power for m in (1, 2, 5, 10) if m * power >= size * 0.999):.12g}")


def _integer(number: float) -> bool:
    return math.isclose(number, round(number), abs_tol=1e-9)
