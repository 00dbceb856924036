"""The chance by amount as plain data: a curve whose target is a handle that moves the target's control."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator import report
from simulator.model.result import Result
from simulator.report.charts import exceedance
from simulator.report.charts.drawing import Drawing
from simulator.workspace.desk import Desk
from simulator.workspace.scales import Scale, scale_of, shown

TICKS = 6


@dataclass(frozen=True)
class Curve:
    """What is drawn, in the numbers that the target's control shows.

    ``points`` are (amount, chance) by amount; ``ticks`` amounts with their words; ``chance`` the answer as
    the headline has it.
    """

    path: str
    name: str
    alt: str
    axis: str
    points: tuple[tuple[float, float], ...]
    ticks: tuple[tuple[float, str], ...]
    target: float
    original: float
    chance: str
    scale: Scale


def curve(desk: Desk, result: Result, drawing: Drawing) -> Curve | None:
    """The curve of the leading target; None where no one control moves it, or figures decide it.

    Args:
        desk: what can be turned.
        result: the answer to it.
        drawing: its chance by amount (``charts.exceedance``).
    """
    path = f"target.{result.leading.side}"
    if result.decided or len(result.targets) > 1 or path not in desk.knobs:
        return None
    knob = desk.knobs[path]
    scale, target = scale_of(desk.base, desk.line(path)), shown(knob, desk.value(path))
    factor = target / drawing.rows[-1]["amount"] if drawing.rows[-1]["amount"] else 1.0
    points = tuple((factor * row["amount"], row["chance"]) for row in drawing.rows if row["label"] is None)
    ticks = tuple((float(tick), scale.text(float(tick))) for tick in _ticks(points[0][0], points[-1][0]))
    original = shown(knob, knob.value)
    name, chance = f"{result.leading.noun}, {result.leading.bound}", report.probability(result)
    return Curve(
        path, name, drawing.alt, exceedance.axis(result), points, ticks, target, original, chance, scale
    )


def _ticks(low: float, high: float) -> np.ndarray:
    """Round numbers between two, about as many as fit."""
    rough = (high - low) / TICKS
    if not rough > 0:
        return np.array([low])
    power = 10.0 ** np.floor(np.log10(rough))
    step = power * next(m for m in (1, 2, 2.5, 5, 10) if m * power >= rough)
    return np.asarray(np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step)
