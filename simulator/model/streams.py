"""How the streams of a scenario stand in those of the law: which are one there, and what share each has.

The figures may not separate two streams: the law then has one stream for both, and each takes a share of it
in every draw.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulator.caches import lazy
from simulator.levers.kit import Grid
from simulator.model.answerable import require_known
from simulator.model.exchange import Exchange
from simulator.model.law import Law
from simulator.numerics.draws import Draws
from simulator.scenario import Scenario

SMALLEST_SHARE = 1e-6  # of a direction, for a stream whose share is drawn as 0, or that is left nothing
_SERIALS = itertools.count()


@dataclass(frozen=True)
class Measured:
    """A measure on the streams of the law: the part of each group that it adds up.

    ``sign`` is +1, 0 or -1 for each scenario stream, shape (streams,).
    """

    name: str
    sign: np.ndarray

    def covers(self, members: Sequence[int]) -> bool:
        """Whether a group of streams is wholly in or wholly out of it, with one sign."""
        return len(set(self.sign[list(members)])) == 1


class Streams:
    """The streams of a scenario in the groups of its law.

    ``order`` holds their ids, ``place`` the number of each, ``groups`` the numbers in each stream of the law.
    ``serial`` is never used twice.
    """

    def __init__(self, scenario: Scenario, law: Law, draws: Draws, exchange: Exchange | None = None) -> None:
        self.scenario, self.law, self.draws, self.exchange = scenario, law, draws, exchange
        self.serial = next(_SERIALS)
        self.order = tuple(scenario.streams)
        self.place = {key: index for index, key in enumerate(self.order)}
        self.groups = tuple(tuple(self.place[key] for key in group) for group in law.groups)

    @property
    def shared(self) -> tuple[str, ...]:
        """The ids of those that only have a share of a stream of the law."""
        return tuple(self.order[i] for group in self.groups if len(group) > 1 for i in group)

    def directions(self, group: Sequence[int]) -> list[str]:
        """Which way each stream of a group goes."""
        return [self.scenario.streams[self.order[i]].direction for i in group]

    def measured(self, name: str) -> Measured:
        """A measure on the streams.

        Raises:
            NotKnown: no figure covers one of its streams, or none tells it from another direction.
            ValueError: there is no such measure.
        """
        require_known(self.scenario, self.law.groups, name)
        sign = np.zeros(len(self.order))
        for key in self.scenario.members(name):
            falls = name == "balance" and self.scenario.streams[key].direction == "imports"
            sign[self.place[key]] = -1.0 if falls else 1.0
        return Measured(name, sign)

    @lazy
    def weights(self) -> np.ndarray:
        """Each stream's share of its group, shape (points or 1, streams); 1 where it is alone."""
        weights = np.ones((1, len(self.order)))
        for group in self.groups:
            if len(group) > 1:
                weights = np.broadcast_to(weights, (self.draws.points, len(self.order))).copy()
                self._share_out(group, weights)
        return weights

    def _share_out(self, group: tuple[int, ...], weights: np.ndarray) -> None:
        """Fill in the weights of one group, shape (points, streams)."""
        directions = self.directions(group)
        mixed = len(set(directions)) > 1  # the figures do not even separate the directions: anything goes
        for direction in dict.fromkeys(directions):
            peers = [i for i, way in zip(group, directions, strict=True) if way == direction]
            part = self.draws.uniform([f"streams.{direction}.share"]) if mixed else 1.0
            weights[:, peers] = part * self._shares(peers)
        weights[:, group] /= weights[:, group].sum(axis=1, keepdims=True)

    def _shares(self, peers: Sequence[int]) -> np.ndarray:
        """Shares of streams of one direction, normalised, shape (points, peers).

        One that states none takes what the others leave; several that state none are uniform draws. None is
        0, in any draw: where all that is stated would be 0, they are alike.
        """
        shares = np.ones((self.draws.points, len(peers)))
        stated = []
        for column, stream in enumerate(peers):
            key = self.order[stream]
            share = self.scenario.streams[key].share
            uniform = self.draws.uniform([f"streams.{key}.share"])[:, 0]
            if share is not None:
                stated.append(column)
                shares[:, column] = np.maximum(share.quantile(uniform), SMALLEST_SHARE)
            elif len(peers) > 1:
                shares[:, column] = uniform
        silent = [column for column in range(len(peers)) if column not in stated]
        if stated and silent:
            left = np.maximum(1 - shares[:, stated].sum(axis=1, keepdims=True), SMALLEST_SHARE)
            shares[:, silent] *= left / shares[:, silent].sum(axis=1, keepdims=True)
        return shares / shares.sum(axis=1, keepdims=True)

    @lazy
    def grid(self) -> Grid:
        """What levers are laid out on."""
        ahead = self.law.months_ahead
        names = ("turnover", "exports", "imports", *self.order, *self.scenario.partners)
        members = {name: tuple(self.place[key] for key in self.scenario.members(name)) for name in names}
        median = np.zeros((len(self.order), ahead.months))
        for k, group in enumerate(self.groups):
            share = np.median(self.weights[:, list(group)], axis=0)
            path = np.exp(self.law.mean[k, -ahead.months :])
            median[list(group)] = share[:, None] / share.sum() * path
        return Grid(self.order, ahead, members, median, self.exchange)
