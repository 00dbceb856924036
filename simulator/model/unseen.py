"""What is so rare that no draw holds it: its probability, which the error of an answer is to tell of."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simulator.levers import KINDS
from simulator.levers.driver import uncertain_numbers
from simulator.levers.kit import Grid, Occurrence, started
from simulator.model.driver_draws import Link, driver_draws
from simulator.numerics.draws import Draws
from simulator.values.forms import Choices


def unseen(links: Sequence[Link], grid: Grid, draws: Draws) -> float:
    """The probability of what a lever or risk may do, and does in no draw.

    That it happens, or does not; that one of some choices comes. What the answer would be then is not known,
    only that it lies between 0 and 1.

    Args:
        links: it, and those each of which the one before it requires.
        grid: the months ahead.
        draws: all of an answer's.
    """
    happens, likely = _together(links, grid, draws)
    choices = likely * _of_choices(links[0], draws)
    if happens.all():
        return 1 - likely + choices
    return choices if happens.any() else likely


def _together(links: Sequence[Link], grid: Grid, draws: Draws) -> tuple[np.ndarray, float]:
    """In which draws all links happen, shape (points or 1,), and how likely that is; each after the next."""
    happens, likely = np.ones(1, dtype=bool), 1.0
    after: Occurrence | None = None
    for link in reversed(links):
        kind, draw = KINDS[link.driver.kind], driver_draws(link, draws)
        driver = started(link.driver, draw, after)
        if driver.probability < 1:
            happens = happens & (draw("happens") < driver.probability)
            likely *= driver.probability
        if kind.begins and kind.likelihood:
            happens = happens & (kind.begins(driver, grid, draw) <= grid.ahead.last)
            likely *= float(kind.likelihood(driver, grid, draw).mean())
        if link is not links[0]:
            after = kind.occurrence(link.driver, grid, draw, after)
    return happens, likely


def _of_choices(link: Link, draws: Draws) -> float:
    """The weight of the choices that no draw makes."""
    draw, weight = driver_draws(link, draws), 0.0
    for field, value in uncertain_numbers(link.driver):
        if isinstance(value, Choices):
            drawn = np.unique(value.quantile(draw(str(field))))
            pairs = zip(value.values, value.weights, strict=True)
            weight += sum(share for option, share in pairs if option not in drawn)
    return weight
