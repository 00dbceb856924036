"""What of the draws has a known mean: control variates of the targets' totals.

Given the tail scale a flow is lognormal, so that what the flows of a target's months add up to on the law's
median path has a mean in closed form, and so has its square. They depend on the figures and the outlook, on
no lever and no amount.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
from numpy.polynomial import Chebyshev

from simulator.model.law import Law
from simulator.model.normals import Normals, weights_at_median
from simulator.model.prior import CUT
from simulator.model.streams import Streams
from simulator.numerics.controls import Controls
from simulator.numerics.draws import Draws
from simulator.scenario import Scenario

SUMS = 4  # at most: targets over many periods have sums that are much alike
STRETCH = 0.9  # log points: how far a flow may lie out at the largest tail scale, or a part of that is taken
CELLS = 128  # that sums may have for a square to be a control: its mean is over all pairs of them
NODES = 14  # tail scales at which that mean is worked out: a polynomial gives it between them within 1e-9


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
    middle, loading = normals.deviation_law(law.cells(law.months_ahead), at)
    variance = np.square(loading).sum(axis=1)
    part = min(1.0, STRETCH / (CUT * float(np.sqrt(variance.max(initial=1e-300)))))
    tail, scale = normals.scale[:, None], part * normals.scale[:, None]
    grown = np.exp(scale * deviation) @ weights.T
    missed = grown - np.exp(scale * middle + 0.5 * np.square(scale) * variance) @ weights.T
    tails = draws.uniform(["tails"])
    power = [tails**k - 1 / (k + 1) for k in (1, 2, 3)]
    # in the order of what they explain: few draws have the first of them alone
    known = [missed, *power, missed * tail]
    if len(at) <= CELLS:
        widest = int((weights @ variance).argmax())
        mean = _mean_square(weights[widest], part * middle, part**2 * loading @ loading.T)(normals.scale)
        known.append((np.square(grown[:, [widest]]) - mean[:, None]) / tail)
    return Controls.of(np.concatenate([*known, missed * np.square(tail)], axis=1))


def _mean_square(weights: np.ndarray, mean: np.ndarray, covariance: np.ndarray) -> Chebyshev:
    """The mean of the square of a sum of lognormal numbers, by the scale of their normals.

    Args:
        weights: of each in the sum, shape (cells,).
        mean: of their normals, shape (cells,).
        covariance: of these, shape (cells, cells).

    Returns:
        a polynomial, for scales up to ``CUT``.
    """
    variance = covariance.diagonal()
    first, second = mean[:, None] + mean, (variance[:, None] + variance) / 2 + covariance

    def at(scales: np.ndarray) -> np.ndarray:
        means = (weights @ np.exp(scale * first + scale**2 * second) @ weights for scale in scales)
        return np.fromiter(means, float, len(scales))

    return Chebyshev.interpolate(at, NODES - 1, domain=[0, CUT])


def _sums(scenario: Scenario, law: Law, streams: Streams) -> Iterator[np.ndarray]:
    """The weight of each cell ahead in sums that the targets turn on, each of shape (cells,).

    All that a target adds up, and of it the stream that weighs most, alone.
    """
    known = list[np.ndarray]()
    asked = {target.quantity for target in scenario.goals}  # in whichever order: the latest of many first
    for quantity in sorted(asked, key=lambda one: (one.period.last, str(one)), reverse=True):
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
