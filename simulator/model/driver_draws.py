"""The uniforms of a lever or risk by name, its main value drawn together with those of its group."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from simulator.levers import KINDS
from simulator.levers.driver import Driver
from simulator.levers.kit import Draws as DriverDraws
from simulator.levers.kit import Grid, Occurrence
from simulator.numerics.draws import Draws, uniform_of
from simulator.scenario.dependence import Bond
from simulator.values.address import Address


class Link(NamedTuple):
    """A lever or risk with its place, and what its main value is drawn together with."""

    place: Address
    driver: Driver
    bond: Bond | None


def driver_draws(link: Link, draws: Draws) -> DriverDraws:
    """The uniforms of a lever or risk, as its kind asks for them."""
    main = link.driver.main_field

    def draw(name: str, count: int = -1) -> np.ndarray:
        if count >= 0:
            return draws.uniform([f"{link.place}.{name}.{item}" for item in range(count)])
        path = f"{link.place}.{name}"
        if link.bond is not None and (name == main or name.startswith(f"{main}.")):
            return _bound(path, link.bond, draws)
        return draws.uniform([path])[:, 0]

    return draw


def _bound(path: str, bond: Bond, draws: Draws) -> np.ndarray:
    """A uniform whose normal is correlated with its group's, shape (points,)."""
    together, alone = draws.normal([bond.column])[:, 0], draws.normal([path])[:, 0]
    normal = bond.loading * together + math.sqrt(max(1 - bond.loading**2, 0.0)) * alone
    return uniform_of(normal)


def occurrence(links: Sequence[Link], grid: Grid, draws: Draws) -> Occurrence | None:
    """When the first of some links happens, each of which requires the next; None where there are none."""
    after: Occurrence | None = None
    for link in reversed(links):
        after = KINDS[link.driver.kind].occurrence(link.driver, grid, driver_draws(link, draws), after)
    return after


def occurs(links: Sequence[Link], grid: Grid, draws: Draws) -> np.ndarray:
    """Whether the first of some links happens, and what it requires has begun by the end of the grid.

    Returns:
        shape (points,), or (1,) where it is the same in all draws.
    """
    one, after = occurrence(links, grid, draws), occurrence(links[1:], grid, draws)
    happens = np.ones(1, dtype=bool) if one is None else one.happens
    return happens if after is None else happens & (after.start <= grid.ahead.last)
