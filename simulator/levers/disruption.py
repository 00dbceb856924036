"""``disruption``: a named event beyond the usual risk."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import BeforeValidator, Field

from simulator.levers.driver import Driver
from simulator.levers.kit import Draws, Effect, Grid, Kind, logged, moved, number, profile, sample
from simulator.values.fields import Flag, In
from simulator.values.uncertain import Uncertain
from simulator.values.units import Unit

A_YEAR: Any = 12
TWO_YEARS: Any = 24


class Disruption(Driver):
    """A named event beyond the usual risk, at a random time, at most once."""

    main: ClassVar[str] = "yearly_probability"

    kind: Literal["disruption"]
    enabled: Flag = Field(
        False, description="off unless switched on: the baseline holds the usual risk already"
    )
    yearly_probability: Annotated[Uncertain, In(Unit.PROBABILITY, 0, 1, 0.01, counts="a year")] = Field(
        description="the chance to strike within a year"
    )
    depth: Annotated[Uncertain, In(Unit.PERCENT, 0, 1, 0.01, usual=(0, 0.99))] = Field(
        description="fall of the flows touched; 100 % is a full stop"
    )
    duration: Annotated[Uncertain, In(Unit.MONTHS, 0, 240, 1)] = Field(
        A_YEAR, description="months at full depth"
    )
    recovery: Annotated[
        Uncertain | None,
        In(Unit.MONTHS, 0, 240, 1),
        BeforeValidator(lambda raw: None if raw == "never" else raw),
    ] = Field(TWO_YEARS, description="months until the fall is made good, evenly; the word never: it lasts")


def effect(lever: Disruption, grid: Grid, draw: Draws) -> Effect:
    """A fall of ``log(1 - depth)`` after a geometric waiting time.

    Which lasts and is made good evenly in logs.
    """
    strikes = _strikes(lever, grid, draw)
    phase_in, recovery = number(lever, "phase_in", draw), sample(lever, "recovery", draw)
    duration = None if recovery is None else number(lever, "duration", draw)
    shape = profile(grid, strikes, phase_in, duration, 0.0 if recovery is None else recovery)
    return moved(lever, grid, logged(-number(lever, "depth", draw)), shape)


def _strikes(lever: Disruption, grid: Grid, draw: Draws) -> np.ndarray:
    """When it strikes: months, not whole ones, at most the one after all months ahead; (points, 1, 1)."""
    with np.errstate(divide="ignore"):  # what is certain within a year strikes at once
        usual = np.log1p(-number(lever, "yearly_probability", draw))
        wait = 12 * np.log1p(-draw("strikes")[:, None, None]) / usual
    return np.minimum(_first(lever, grid, draw) + wait, grid.ahead.last + 1.0)


def _first(lever: Disruption, grid: Grid, draw: Draws) -> np.ndarray:
    """From when on it may strike, shape (points or 1, 1, 1)."""
    begin = sample(lever, "start", draw)
    if begin is None:
        return np.full((1, 1, 1), float(grid.ahead.first))
    return np.maximum(np.floor(begin), grid.ahead.first)


def begins(lever: Disruption, grid: Grid, draw: Draws) -> np.ndarray:
    """The month in which it strikes, shape (points,)."""
    return np.floor(_strikes(lever, grid, draw))[:, 0, 0]


def likelihood(lever: Disruption, grid: Grid, draw: Draws) -> np.ndarray:
    """The probability that it strikes in the months ahead at all, shape (points or 1,)."""
    years = np.maximum(grid.ahead.last + 1 - _first(lever, grid, draw), 0) / 12
    return (1 - (1 - number(lever, "yearly_probability", draw)) ** years)[:, 0, 0]


KIND = Kind(Disruption, effect, ("strikes",), begins, likelihood)
