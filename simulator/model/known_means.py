"""What of the draws has a known mean: control variates of the targets' totals.

Given the tail scale a flow is lognormal, so that what the flows of a target's months add up to on the law's
median path has a mean in closed form. It depends on the figures and the outlook, on no lever and no amount.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from simulator.model.law import Law
from simulator.model.normals import Normals, weights_at_median
from simulator.model.prior import CUT
from simulator.model.streams import Streams
from simulator.numerics.controls import Controls
from simulator.numerics.draws import Draws
from simulator.scenario import Scenario

SUMS = 4  # at most: targets over many periods have sums that are much alike
STRETCH = 0.9  # log points: how far a flow may lie out at the largest tail scale, or a part of that is taken


def controls(
    scenario: Scenario, law: Law, streams: Streams, normals: Normals, deviation: np.ndarray, draws: Draws
) -> Controls | None:
    """The control variates of a scenario's draws.

    Args:
        scenario: whose targets are asked.
        law: of its figures.
        streams: of the scenario, in the groups of the law.
        normals: behind the flows.
        deviation: where all normals but the integrated one take the cells ahead, before the tail scale,
            shape (points, cells).
        draws: for the tail scale's own.
    """
    weights = np.array(list(itertools.islice(_sums(scenario, law, streams), SUMS)))
    if not weights.size:
        return None
    at = np.flatnonzero(weights.any(axis=0))
    weights, deviation = weights[:, at], deviation[:, at]
    middle, variance = (part[at] for part in normals.deviation_law(law.cells(law.months_ahead)))
    part = min(1.0, STRETCH / (CUT * float(np.sqrt(variance.max(initial=1e-300)))))
    scale = part * normals.scale[:, None]
    expected = scale * middle + 0.5 * np.square(scale) * variance
    missed = (np.exp(scale * deviation) - np.exp(expected)) @ weights.T
    tails = draws.uniform(["tails"])
    powers = [missed, missed * normals.scale[:, None], missed / normals.scale[:, None]]
    return Controls.of(np.concatenate([*powers, tails - 1 / 2, np.square(tails) - 1 / 3], axis=1))


def _sums(scenario: Scenario, law: Law, streams: Streams) -> Iterator[np.ndarray]:
    """The weight of each cell ahead in sums that the targets turn on, each of shape (cells,).

    All that a target adds up, and of it the stream that weighs most, alone.
    """
    known = list[np.ndarray]()
    for target in scenario.goals:
        quantity = target.quantity
        for measure, period in filter(None, ((quantity.measure, quantity.period), quantity.base)):
            weights = weights_at_median(law, streams, measure, period)
            cells = np.abs(law.blocks.sums(weights, law.months_ahead))
            stream = cells.sum(axis=1).argmax()
            heaviest = np.zeros_like(cells)
            heaviest[stream] = cells[stream]
            for summed in (cells.ravel(), heaviest.ravel()):
                if summed.any() and not any(np.allclose(summed, other) for other in known):
                    known.append(summed)
                    yield summed
