"""The chart of a track record: how often targets were reached, by the chance given to them."""

from __future__ import annotations

from simulator.batch.record import Record
from simulator.report.charts.drawing import Drawing
from simulator.report.charts.reliability import reliability

TITLE = "Chances given, and what came"


def calibration(record: Record) -> Drawing:
    """The reliability diagram of the simulator's chances."""
    return reliability(record.reliability(), TITLE, "target", "reached")
