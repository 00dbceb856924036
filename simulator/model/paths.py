"""The law's paths in every draw, and which column of draws is whose.

Months ahead of the last figure are simulated at once; those behind it only when a total needs them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from simulator.caches import attached, lazy
from simulator.levers import KINDS
from simulator.model.behind import Behind
from simulator.model.drawn_sums import DrawnSums
from simulator.model.exchange import Exchange
from simulator.model.known_means import controls
from simulator.model.law import Law
from simulator.model.normals import Normals, draw_normals
from simulator.model.streams import Streams
from simulator.numerics.controls import Controls
from simulator.numerics.draws import Draws, Layout
from simulator.scenario import Outlook, Scenario
from simulator.scenario.dependence import bonds
from simulator.values.periods import Period

COMPONENTS = 16  # of the law with columns of their own; later ones hardly bend a total and are drawn plainly
FIGURES = 32  # with errors that have columns of their own; earlier ones hardly matter and are drawn plainly


@attached
def layout(scenario: Scenario) -> Layout:
    """The columns of a scenario: the law's, shares, risks and levers in file order, switched-off ones too.

    Those of what came later stand behind all others, that of each rate of exchange last.
    """
    names = ["tails", "baseline.0", "baseline.1", "world"]
    names += [f"baseline.{i}" for i in range(2, COMPONENTS)]
    names += ["integrated", "outlook.trend"]
    names += [f"streams.{key}.share" for key in ("exports", "imports", *scenario.streams)]
    names += _figures(scenario)
    for section, drivers in (("risks", scenario.risks), ("levers", scenario.levers)):
        for key, driver in drivers.items():
            names += [f"{section}.{key}.{name}" for name in KINDS[driver.kind].columns()]
    together = (bond.column for bond in bonds(dict(scenario.drivers())).values())
    rates = (f"rates.{code}" for code in scenario.rates)
    return Layout(tuple(dict.fromkeys([*names, *_items(scenario), *together, *rates])))


def _items(scenario: Scenario) -> Iterator[str]:
    """The columns of what drivers list: behind all others, so that none of these moves."""
    for address, driver in scenario.drivers():
        yield from (f"{address}.{name}" for name in KINDS[driver.kind].items(driver))


def _figures(scenario: Scenario) -> list[str]:
    """The columns of figures with errors, the latest first: as many for any data, so none moves another."""
    latest = sorted(scenario.counted, key=lambda o: (o.period.last, o.period.first, o.measure), reverse=True)
    names = list(dict.fromkeys(name for observation in latest for name in observation.draws))[:FIGURES]
    return names + [f"figures.{number}" for number in range(len(names), FIGURES)]


@dataclass(frozen=True, eq=False)
class Paths:
    """The law's paths in every draw.

    They depend on figures, outlook, target measure and period, never on a threshold; of the levers only on
    those that are a part of the usual run, which take their variance out.

    Args:
        law: of the figures and the outlook.
        draws: every number that is drawn, by name.
        streams: of the scenario, in the groups of the law.
        sums: that figures give within an error.
        normals: behind the flows.
        exponent: log flows ahead less the integrated part, shape (points, groups, months ahead).
        loading: of the integrated normal on them, shape (groups, months ahead).
        controls: what of the draws has a known mean.
    """

    law: Law
    draws: Draws
    streams: Streams
    sums: DrawnSums
    normals: Normals
    exponent: np.ndarray
    loading: np.ndarray
    controls: Controls | None = None

    @classmethod
    def of(cls, scenario: Scenario, law: Law, draws: Draws) -> Paths:
        """Simulate the months ahead of a scenario."""
        exchange = Exchange(law.belief, draws)
        streams = Streams(scenario, law, draws, exchange)
        normals, sums = draw_normals(scenario, law, draws, streams), DrawnSums(law, draws, exchange)
        ahead, front = law.months_ahead, law.cells(law.months_ahead)
        loading, deviation = normals.loads(front, normals.basis.first, normals.basis.rest)
        known = controls(scenario, law, streams, normals, deviation, draws)
        deviation = law.by_month(deviation, ahead)
        if law.within:
            deviation += law.within.drawn(draws, ahead)
        exponent = np.multiply(deviation, normals.scale[:, None], out=deviation)
        exponent += law.mean[:, -ahead.months :].ravel()
        if law.drawn:
            exponent += law.by_month(sums.errors @ law.lift[front].T, ahead)
        if law.rated:
            exponent += law.by_month(sums.rated @ law.gain[front].T, ahead)
        shape = (len(law.groups), ahead.months)
        exponent = exponent.reshape(-1, *shape)
        exponent += _trend(scenario.outlook, ahead, draws)
        loading = law.by_month(loading, ahead).reshape(shape)
        return cls(law, draws, streams, sums, normals, exponent, loading, known)

    def with_normals(self, integrated: np.ndarray, across: np.ndarray, *, new_across: bool) -> Paths:
        """The same paths with other values of the two main normals, each of shape (points,).

        Args:
            integrated: what is integrated; the months ahead do not depend on it.
            across: what is across it.
            new_across: whether that differs by more than rounding, so that the months ahead move.
        """
        moved = replace(self.normals, integrated=integrated, across=across)
        exponent = self.exponent
        if new_across:
            axes = moved.basis
            before = self.normals.loads(self.front, axes.first, axes.rest)[1]
            after = moved.loads(self.front, axes.first, axes.rest)[1]
            exponent = exponent + (
                moved.scale[:, None] * self.law.by_month(after - before, self.ahead)
            ).reshape(exponent.shape)
        # the controls know nothing of where another normal across takes the flows
        known = None if new_across else self.controls
        return replace(self, normals=moved, exponent=exponent, controls=known)

    @property
    def nbytes(self) -> int:
        """About what it takes in memory, with the months behind and the totals that will follow."""
        known = 0 if self.controls is None else self.controls.nbytes
        return 4 * self.exponent.nbytes + self.normals.others.nbytes + 3 * self.law.covariance.nbytes + known

    @property
    def points(self) -> int:
        """How many draws there are."""
        return self.draws.points

    @lazy
    def ahead(self) -> Period:
        """The months after the last figure."""
        return self.law.months_ahead

    @lazy
    def front(self) -> np.ndarray:
        """The places of the cells ahead in the covariance of the law."""
        return self.law.cells(self.ahead)

    @lazy
    def behind(self) -> Behind:
        """The months up to the last figure."""
        return Behind(self.law, self.draws, self.normals, self.sums)

    @property
    def exchange(self) -> Exchange:
        """The rates of other currencies."""
        return self.sums.exchange

    @property
    def world_effect(self) -> np.ndarray | None:
        """What world trade does to the targets' median flows; see ``Normals.world_effect``."""
        return self.normals.world_effect(self.front)


def _trend(outlook: Outlook, ahead: Period, draws: Draws) -> np.ndarray:
    """A trend that is given as a range: its deviation from the median, for the months ahead only."""
    trend = outlook.trend
    if trend.certain:
        return np.zeros((1, 1, 1))
    drawn = trend.quantile(draws.uniform(["outlook.trend"])[:, 0]) - trend.median
    return drawn[:, None, None] * (np.arange(1, ahead.months + 1) / 12)
