"""What each measure and risk does to the flows: one pure function per kind, one registry.

A kind is ``function(lever, grid, draw) -> Effect``: ``draw("percent")`` gives uniforms of shape (points,), the same for a
name whatever else is in the scenario. Effects begin after the last figure; what a measure did before is in the figures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np

from simulator.periods import Period
from simulator.scenario import Custom, Disruption, Measure
from simulator.uncertain import Uncertain

Draw = Callable[[str], np.ndarray]


@dataclass(frozen=True)
class Grid:
    """What an effect is laid out on.

    ``members`` gives for every stream and direction the places of its streams; ``median`` is the baseline's median path,
    shape (streams, months).
    """

    streams: tuple[str, ...]
    ahead: Period
    members: Mapping[str, tuple[int, ...]]
    median: np.ndarray

    def touched(self, lever: Measure) -> np.ndarray:
        """1 for the streams that a lever touches, else 0; shape (streams, 1)."""
        mask = np.zeros((len(self.streams), 1))
        for name in lever.streams or ("turnover",):
            mask[list(self.members[name])] = 1
        return mask

    def shares(self, lever: Measure) -> np.ndarray:
        """How money is shared out among the streams that a lever touches: as the median path; shape (streams, months)."""
        weight = self.median * self.touched(lever)
        whole = weight.sum(axis=0)
        return np.where(whole > 0, weight / np.where(whole > 0, whole, 1), self.touched(lever) / self.touched(lever).sum())


@dataclass(frozen=True)
class Effect:
    """A shift of log flows and money added a month; each broadcasts to (points, streams, months ahead)."""

    log_shift: np.ndarray
    money: np.ndarray

    def times(self, factor: np.ndarray) -> Effect:
        """The effect in the draws where it happens."""
        return Effect(self.log_shift * factor, self.money * factor)


NOTHING = Effect(np.zeros((1, 1, 1)), np.zeros((1, 1, 1)))


def sample(lever: Measure, field: str, draw: Draw) -> np.ndarray | None:
    """The drawn values of an uncertain field, shape (points, 1, 1); (1, 1, 1) where it is certain, None where it is left out."""
    value: Uncertain | None = getattr(lever, field)
    if value is None:
        return None
    drawn = np.array([value.median]) if value.certain else value.quantile(draw(field))
    return drawn[:, None, None]


def profile(
    grid: Grid, start: np.ndarray | None, phase_in: np.ndarray | float, duration: np.ndarray | None = None, fade: np.ndarray | float = 0.0
) -> np.ndarray:
    """The part of the full effect in each month: up evenly over ``phase_in``, full for ``duration``, down evenly over ``fade``.

    Args:
        grid: whose months ahead are meant.
        start: first month of effect; None, or before the months ahead: their first.
        phase_in: months until it is full; with 12 the first month has a twelfth.
        duration: months after the phase-in until it fades; None: it lasts.
        fade: months until nothing is left.

    Returns:
        between 0 and 1, shape (points or 1, 1, months ahead).
    """
    first = float(grid.ahead.first) if start is None else np.maximum(np.floor(start), grid.ahead.first)
    since = np.arange(grid.ahead.first, grid.ahead.last + 1) - first
    up = np.where(since >= 0, np.clip((since + 1) / np.maximum(phase_in, 1e-9), 0, 1), 0.0)
    if duration is None:
        return np.broadcast_to(up, np.broadcast_shapes(up.shape, (1, 1, grid.ahead.months)))
    over = since + 1 - (phase_in + duration)
    return up * (1 - np.where(over > 0, np.clip(over / np.maximum(fade, 1e-9), 0, 1), 0.0))


def custom(lever: Custom, grid: Grid, draw: Draw) -> Effect:
    """A percent of the flows touched, or money a year, with a profile."""
    shape = profile(
        grid, sample(lever, "start", draw), _number(lever, "phase_in", draw), sample(lever, "duration", draw), _number(lever, "fade", draw)
    )
    percent, money = sample(lever, "percent", draw), sample(lever, "money", draw)
    if percent is not None:
        return Effect(np.log1p(percent) * shape * grid.touched(lever), NOTHING.money)
    return Effect(NOTHING.log_shift, _number(lever, "money", draw) / 12 * shape * grid.shares(lever) if money is not None else NOTHING.money)


def disruption(lever: Disruption, grid: Grid, draw: Draw) -> Effect:
    """A fall that strikes at a random month (geometric waiting time), lasts, and is made good evenly in logs."""
    chance = np.minimum(_number(lever, "yearly_probability", draw), 1 - 1e-12)
    with np.errstate(divide="ignore"):
        wait = 12 * np.log1p(-draw("strikes")[:, None, None]) / np.log1p(-chance)
    begin = sample(lever, "start", draw)
    first = float(grid.ahead.first) if begin is None else np.maximum(np.floor(begin), grid.ahead.first)
    strikes = np.minimum(first + wait, grid.ahead.last + 1.0)
    recovery = sample(lever, "recovery", draw)
    shape = (
        profile(grid, strikes, _number(lever, "phase_in", draw))
        if recovery is None
        else profile(grid, strikes, _number(lever, "phase_in", draw), _number(lever, "duration", draw), recovery)
    )
    return Effect(np.log1p(-_number(lever, "depth", draw)) * shape * grid.touched(lever), NOTHING.money)


@dataclass(frozen=True)
class Kind:
    """A kind of lever: its function, and the draws that it takes beside its uncertain fields."""

    function: Callable[[Any, Grid, Draw], Effect]
    extra: tuple[str, ...] = ()


KINDS: dict[str, Kind] = {
    "custom": Kind(custom),
    "disruption": Kind(disruption, ("strikes",)),
}


def columns(prefix: str, lever: Measure) -> tuple[str, ...]:
    """The names of all draws of a lever: the same whatever its values, so that a changed value moves no other column."""
    uncertain = (key for key, field in type(lever).model_fields.items() if Uncertain in (field.annotation, *get_args(field.annotation)))
    return tuple(f"{prefix}.{name}" for name in ("happens", *uncertain, *KINDS[lever.kind].extra))  # type: ignore[attr-defined]


def effect(lever: Measure, grid: Grid, draw: Draw) -> Effect:
    """The effect of one lever or risk, in the draws in which it happens."""
    found = KINDS[lever.kind].function(lever, grid, draw)  # type: ignore[attr-defined]
    if lever.probability >= 1:
        return found
    return found.times((draw("happens") < lever.probability)[:, None, None])


def combine(parts: Sequence[tuple[Measure, Effect]], grid: Grid) -> Effect:
    """All effects together; the levers of an overlap group turn into money at the median path and are held to their cap."""
    shift, money = NOTHING.log_shift, NOTHING.money
    groups: dict[str, tuple[float, list[np.ndarray]]] = {}
    for lever, found in parts:
        if lever.overlap is None:
            shift, money = shift + found.log_shift, money + found.money
        else:
            added = grid.median * np.expm1(found.log_shift) + found.money
            groups.setdefault(lever.overlap.group, (lever.overlap.cap, []))[1].append(added)
    for cap, added in groups.values():
        together = np.sum(np.broadcast_arrays(*added), axis=0)
        whole = together.sum(axis=1, keepdims=True)
        money = money + together * np.where(whole > cap / 12, cap / 12 / np.where(whole > 0, whole, 1), 1.0)
    return Effect(shift, money)


def _number(lever: Measure, field: str, draw: Draw) -> np.ndarray:
    value = sample(lever, field, draw)
    return np.zeros((1, 1, 1)) if value is None else value
