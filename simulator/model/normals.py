"""The standard normals behind the paths, in every draw, and how the flows load on them.

Two move a target most: world trade's, and the pair's own main one. They are turned into one another so that
one alone, the integrated one, moves the target.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from simulator.levers.custom import Custom
from simulator.model.law import Law, split_off, world_loading
from simulator.model.prior import tail_scale
from simulator.model.streams import Streams
from simulator.numerics.covariance import Basis, basis
from simulator.numerics.draws import Draws
from simulator.scenario import Scenario
from simulator.scenario.calibration import CALIBRATED
from simulator.scenario.targets import Quantity
from simulator.values.periods import Period
from simulator.values.uncertain import Uncertain

TINIEST = 1e-300  # a positive number
IMPORTS = (1, 1.5, 2, 3, 5, 10, 20, 50)  # weights, tried until one normal moves both sides of a balance
BASES = (
    1,
    1.25,
    1.5,
    1.6,
    1.7,
    1.8,
    1.9,
    2,
    2.1,
    2.25,
    2.5,
    3,
    4,
    5,
    10,
    20,
)  # and of a base on which a sum grows


@dataclass(frozen=True)
class Normals:
    """The normals behind the paths.

    Args:
        world: the world factor's loading on every cell, shape (cells,).
        remaining: the covariance that is left beside it, shape (cells, cells).
        basis: of that covariance on the cells ahead, the first normal moving the targets most.
        turn: cosine and sine that turn (world, first) into (integrated, across).
        world_state: world trade's normal where the outlook fixes it, else None.
        scale: the tail scale, shape (points,).
        integrated: the normal that is integrated, shape (points,).
        across: the one across it, shape (points,).
        others: the rest of the basis, shape (points, others).
    """

    world: np.ndarray
    remaining: np.ndarray
    basis: Basis
    turn: tuple[float, float]
    world_state: float | None
    scale: np.ndarray
    integrated: np.ndarray
    across: np.ndarray
    others: np.ndarray

    def loads(self, cells: np.ndarray, first: np.ndarray, rest: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How some cells load on the integrated normal, and where all other normals take them.

        Args:
            cells: their places in the covariance.
            first: their loading on the first normal of the basis, shape (cells,).
            rest: and on the others, shape (cells, others).

        Returns:
            the loading, shape (cells,), and the deviation, shape (points, cells).
        """
        cosine, sine = self.turn
        world = self.world[cells]
        deviation = self.others @ rest.T
        if self.world_state is not None:
            return first, deviation + self.world_state * world
        return cosine * world + sine * first, deviation + np.outer(self.across, self._across(world, first))

    def deviation_law(self, front: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The mean of the deviation of some cells ahead, and how they load on the normals that make it.

        Args:
            front: the places of all cells ahead.
            at: which of them are meant.

        Returns:
            the mean, shape (cells,), and the loading, shape (cells, normals).
        """
        world, rest = self.world[front[at]], self.basis.rest[at]
        if self.world_state is not None:
            return self.world_state * world, rest
        return np.zeros(world.shape), np.column_stack([rest, self._across(world, self.basis.first[at])])

    def _across(self, world: np.ndarray, first: np.ndarray) -> np.ndarray:
        """How cells that load so on the world and on the first normal load on that across, shape (cells,)."""
        cosine, sine = self.turn
        return sine * world - cosine * first

    def world_effect(self, front: np.ndarray) -> np.ndarray | None:
        """What world trade does to the targets' median flows, a fraction, shape (points,).

        Args:
            front: the places of the cells ahead.

        Returns:
            None where world trade is fixed, or a balance has no one sign.
        """
        weight = np.abs(self.basis.functional)
        if self.world_state is not None or self.basis.functional.min() < 0:
            return None
        cosine, sine = self.turn
        loading = float(weight @ self.world[front]) / max(float(weight.sum()), TINIEST)
        return np.expm1(self.scale * (cosine * self.integrated + sine * self.across) * loading)


def draw_normals(scenario: Scenario, law: Law, draws: Draws, streams: Streams) -> Normals:
    """The normals of a scenario's paths; they depend on its targets' measures and periods, on no amount."""
    front, state = law.cells(law.months_ahead), scenario.outlook.world
    world, remaining = _split(scenario, law, streams)
    axes = _axes(scenario, law, streams, remaining[np.ix_(front, front)])
    return Normals(
        world,
        remaining,
        axes,
        _turn(axes, world[front], fixed=state is not None),
        None if state is None else CALIBRATED["world"][state],
        tail_scale(draws.uniform(["tails"])[:, 0], law.tails),
        draws.normal(["integrated"])[:, 0],
        draws.normal(["world"])[:, 0],
        draws.normal([f"baseline.{i}" for i in range(axes.rest.shape[1])]),
    )


def _split(scenario: Scenario, law: Law, streams: Streams) -> tuple[np.ndarray, np.ndarray]:
    """The world factor's loading on every cell, and the covariance that is left beside it.

    A custom lever whose uncertainty is part of the usual run takes its variance out; its own draws put it
    back.
    """
    world = world_loading(law)
    covariance = law.unmeasured - np.outer(world, world)
    at = law.cells(Period(law.grid.last, law.grid.last))
    for lever, percent in usual_levers(scenario):
        slopes = _slopes(scenario, streams, lever, percent.median)
        direction = np.zeros(len(covariance))
        for k, group in enumerate(streams.groups):
            if touched := [slopes[stream] for stream in group if stream in slopes]:
                ahead = law.cells(law.months_ahead, [k])
                direction[ahead] = law.blocks.lengths[ahead] * np.mean(touched)
        loading = split_off(covariance, direction, percent.sd / _left(percent.median), at)
        covariance = covariance - np.outer(loading, loading)
    return world, covariance


def _slopes(scenario: Scenario, streams: Streams, lever: Custom, median: float) -> dict[int, float]:
    """How far the log flow of each stream touched moves with that of a stream of weight 1."""
    named = lever.streams if isinstance(lever.streams, Mapping) else {}
    weights = {member: weight for name, weight in named.items() for member in scenario.members(name)}
    return {
        streams.place[key]: weight * _left(median) / _left(weight * median)
        for key in scenario.touched(lever)
        for weight in (weights.get(key, 1.0),)
    }


def _left(percent: float) -> float:
    """What a change leaves of a flow, at least a hundredth."""
    return max(1 + percent, 0.01)


def usual_levers(scenario: Scenario) -> Iterator[tuple[Custom, Uncertain]]:
    """The custom levers whose uncertainty is part of the usual run, each with its percent."""
    for lever in scenario.levers.values():
        if (
            isinstance(lever, Custom)
            and lever.enabled
            and lever.within_baseline
            and lever.percent is not None
        ):
            yield lever, lever.percent


def _turn(axes: Basis, world: np.ndarray, *, fixed: bool) -> tuple[float, float]:
    """Cosine and sine that turn (world, first) so that one normal alone moves the target.

    (0, 1), no turn, where the world is fixed, or where it moves both sides of a balance. ``world`` is the
    world factor's loading on the cells ahead, shape (cells,).
    """
    functional = axes.functional
    if fixed or (functional.min() < 0 < functional.max()):
        return 0.0, 1.0
    direction = functional / max(float(np.abs(functional).sum()), TINIEST)
    along, first = float(direction @ world), float(direction @ axes.first)
    length = float(np.hypot(along, first))
    return (along / length, first / length) if length > 0 else (0.0, 1.0)


def _axes(scenario: Scenario, law: Law, streams: Streams, covariance: np.ndarray) -> Basis:
    """The basis whose first normal moves the log totals most; of a balance, exports up and imports down."""
    gradient = np.zeros((len(law.groups), len(law.cells(law.months_ahead, [0]))))
    for target in scenario.goals:
        gradient += _gradient(law, streams, target.quantity)
    falling = gradient < 0
    if not falling.any():
        return basis(covariance, (gradient if gradient.any() else np.ones(gradient.shape)).ravel())
    ratios = any(target.quantity.base for target in scenario.goals)
    for weight in BASES if ratios else IMPORTS:
        tried = np.where(falling, weight * gradient, gradient).ravel()
        along = covariance @ tried
        if np.all(along[gradient.ravel() > 0] >= 0) and np.all(along[falling.ravel()] <= 0):
            return basis(covariance, tried)
    return basis(covariance, gradient.ravel())


def _gradient(law: Law, streams: Streams, quantity: Quantity) -> np.ndarray:
    """The weight of each cell ahead in the log of a quantity at the median path.

    That of the sum less its base's.

    Returns:
        shape (groups, blocks ahead).
    """
    gradient = weights_at_median(law, streams, quantity.measure, quantity.period)
    gradient = gradient - weights_at_median(law, streams, *quantity.base) if quantity.base else gradient
    return law.blocks.sums(gradient, law.months_ahead)


def weights_at_median(law: Law, streams: Streams, measure: str, period: Period) -> np.ndarray:
    """The weight of each cell ahead in a total at the median path, shape (groups, months ahead)."""
    ahead = law.months_ahead
    gradient = np.zeros((len(law.groups), ahead.months))
    first, last = max(period.first, ahead.first), min(period.last, ahead.last)
    if first > last:
        return gradient
    measured = streams.measured(measure)
    sign = np.array([measured.sign[list(group)].mean() for group in streams.groups])
    months = slice(first - ahead.first, last - ahead.first + 1)
    flow = sign[:, None] * np.exp(law.mean[:, -ahead.months :][:, months])
    gradient[:, months] = flow / np.abs(flow).sum()
    return gradient
