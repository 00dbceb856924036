"""What all kinds of lever share: grid, draws, profile, effect.

A kind is ``function(lever, grid, draw) -> Effect``: ``draw("percent")`` gives uniforms of shape (points,),
the same for a name whatever else is in the scenario. Effects begin after the last figure; what a measure did
before is in the figures.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, ClassVar, Protocol, get_args, get_origin

import numpy as np
from pydantic import BaseModel

from simulator.caches import MEGABYTE, keep
from simulator.levers.driver import Driver, uncertain_numbers
from simulator.values.currencies import Amount, Rate
from simulator.values.periods import Period
from simulator.values.uncertain import Uncertain


class Draws(Protocol):
    """Uniforms by name."""

    def __call__(self, name: str, count: int = -1) -> np.ndarray:
        """Uniforms of one name, shape (points,), or of ``count`` items of it, shape (points, count)."""
        ...


LARGEST_SHIFT = 100.0  # log points of all levers together on one flow, so that flows stay finite
LEAST_LEFT = 1e-9  # of a flow from which all is taken away: its log stays finite
DEEPEST = float(np.log1p(-0.99)) - 1e-9  # of a fall while it comes and goes: a full stop has no half in logs
FEW = 8  # repeated items with columns of their own; venture 9 and on are drawn plainly, keyed by name


class Exchange(Protocol):
    """What other currencies are worth in every draw; ``key`` is all that this depends on beside the draws."""

    @property
    def key(self) -> Hashable:
        """Two with one key are the same."""

    def factor(self, rate: Rate, months: Period) -> np.ndarray:
        """A rate in each month over that at which amounts are counted, shape (points or 1, 1, months)."""
        ...


@dataclass(frozen=True)
class Grid:
    """What an effect is laid out on.

    ``members`` gives for every stream and direction the places of its streams; ``median`` is the baseline's
    median path, shape (streams, months); ``exchange`` turns other currencies into the scenario's.
    """

    streams: tuple[str, ...]
    ahead: Period
    members: Mapping[str, tuple[int, ...]]
    median: np.ndarray
    exchange: Exchange | None = None

    def worth(self, money: Uncertain | float | None) -> np.ndarray | float:
        """What money is multiplied by in each month for the rate of its currency.

        Returns:
            shape (points or 1, 1, months ahead); 1 where all months and draws count alike.
        """
        rate = money.rate if isinstance(money, Uncertain | Amount) else None
        if rate is None or rate.fixed or self.exchange is None:
            return 1.0
        return self.exchange.factor(rate, self.ahead)

    def touched(self, lever: Driver) -> np.ndarray:
        """1 for the streams that a lever touches, else 0.

        Shape (streams, 1), or (1, 1) where it touches all of them.
        """
        mask = np.zeros((len(self.streams), 1))
        for name in lever.streams or ("turnover",):
            mask[list(self.members[name])] = 1
        return mask[:1] if mask.all() else mask

    def weights(self, lever: Driver) -> np.ndarray | None:
        """What the percent is multiplied by on each stream, shape (streams, 1).

        0 where a lever does not touch it; None where it has no weights.
        """
        if not isinstance(lever.streams, Mapping):
            return None
        weights = np.zeros((len(self.streams), 1))
        for name, weight in lever.streams.items():
            weights[list(self.members[name])] = weight
        return weights

    def shares_of(self, touched: np.ndarray) -> np.ndarray:
        """How money is shared out among the streams of a mask: as the median path.

        Args:
            touched: the mask, shape (streams, 1) or (1, 1).

        Returns:
            the share of each stream, shape (streams, months).
        """
        touched = np.broadcast_to(touched, (len(self.streams), 1))
        weight = self.median * touched
        total = weight.sum(axis=0)
        return np.where(
            total > 0, weight / np.where(total > 0, total, 1), touched / max(float(touched.sum()), 1.0)
        )


UNMOVED = np.zeros((1, 1, 1))


@dataclass(frozen=True)
class Paid:
    """Money added a month, shape (points or 1, 1, months ahead).

    It is shared out as the median path among the streams where ``touched`` is 1.

    Below 0 it is taken away.
    """

    amount: np.ndarray
    touched: np.ndarray


@dataclass(frozen=True)
class Effect:
    """A shift of log flows, shape (points or 1, rows, months ahead or 1), and money added.

    Neither depends on the baseline. ``row`` says which row of the shift moves each stream, -1 that none does;
    without it the one row moves all of them.
    """

    log_shift: np.ndarray = field(default_factory=lambda: UNMOVED)
    paid: tuple[Paid, ...] = ()
    row: tuple[int, ...] | None = None

    @property
    def shifts(self) -> bool:
        """Whether it moves log flows at all."""
        return self.log_shift is not UNMOVED

    @property
    def nbytes(self) -> int:
        """What it takes in memory."""
        return self.log_shift.nbytes + sum(payment.amount.nbytes for payment in self.paid)

    def times(self, factor: np.ndarray) -> Effect:
        """The effect in the draws where it happens."""
        shift = self.log_shift * factor if self.shifts else UNMOVED
        paid = tuple(Paid(payment.amount * factor, payment.touched) for payment in self.paid)
        return Effect(shift, paid, self.row)

    def mixed(self, other: Effect, part: np.ndarray) -> Effect:
        """Flows and money of this effect for a part of each month, and of another for the rest.

        Args:
            other: of the same lever.
            part: between 0 and 1, shape (points or 1, 1, 1).
        """
        shift = other.log_shift
        if self.shifts:
            apart = np.minimum(self.log_shift - shift, LARGEST_SHIFT)
            shift = shift + np.log1p(part * np.expm1(apart))
        amounts = (
            part * one.amount + (1 - part) * another.amount
            for one, another in zip(self.paid, other.paid, strict=True)
        )
        paid = tuple(Paid(amount, one.touched) for amount, one in zip(amounts, self.paid, strict=True))
        return Effect(shift, paid, self.row)


def sample(lever: Driver, field: str, draw: Draws) -> np.ndarray | None:
    """The drawn values of an uncertain field (dotted where it is nested), shape (points, 1, 1).

    (1, 1, 1) where it is certain, None where it is left out.
    """
    value: Uncertain | None = attrgetter(field)(lever)
    return None if value is None else drawn_of(value, field, draw)


def drawn_of(value: Uncertain, name: str, draw: Draws) -> np.ndarray:
    """The drawn values of a number, shape (points, 1, 1); (1, 1, 1) where it is certain."""
    drawn = np.array([value.median]) if value.certain else value.quantile(draw(name))
    return drawn[:, None, None]


def number(lever: Driver, field: str, draw: Draws) -> np.ndarray:
    """As ``sample``, with 0 for what is left out."""
    drawn = sample(lever, field, draw)
    return np.zeros((1, 1, 1)) if drawn is None else drawn


def logged(percent: np.ndarray) -> np.ndarray:
    """The log shift of a change; of a full stop (-100 %) and beyond that of all but ``LEAST_LEFT``."""
    return np.log1p(np.maximum(percent, LEAST_LEFT - 1))


def covered(share: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """The log shift of a flow of which only a share is shifted."""
    return logged(share * np.expm1(np.minimum(shift, LARGEST_SHIFT)))


def moved(lever: Driver, grid: Grid, shift: np.ndarray, shape: np.ndarray) -> Effect:
    """A log shift at full effect with its profile, on the streams that a lever touches.

    A weight multiplies the percent: ``log(1 + weight * (exp(shift) - 1)) * shape``. While a fall comes or
    goes (shape below 1), more than 99 % counts as 99 %.

    Args:
        lever: whose streams, and weights.
        grid: whose months ahead are meant.
        shift: shape (points or 1, 1, months ahead or 1).
        shape: the part of it in each month, as ``profile`` gives it.
    """
    weights = grid.weights(lever)
    touched = grid.touched(lever) if weights is None else weights
    by_weight = {weight: row for row, weight in enumerate(np.unique(touched[touched != 0]).tolist())}
    if not by_weight:
        return Effect()
    if weights is not None:
        change = np.expm1(np.minimum(shift, LARGEST_SHIFT))
        rows = np.array(list(by_weight))[:, None]
        shift = np.where(rows == 1, shift, logged(rows * change))
    if shift.size and shift.min() < DEEPEST:
        shift = np.where(shape >= 1, shift, np.maximum(shift, DEEPEST))
    row = tuple(by_weight.get(weight, -1) for weight in touched[:, 0].tolist())
    return Effect(shift * shape, row=row if len(row) > 1 else None)


def elapsed_years(grid: Grid, start: np.ndarray | None) -> np.ndarray:
    """Years since the start in each month ahead, the first month a twelfth; 0 before.

    Shape (points or 1, 1, months).
    """
    return np.maximum(_since(grid, start) + 1, 0) / 12


def profile(
    grid: Grid,
    start: np.ndarray | None,
    phase_in: np.ndarray | float,
    duration: np.ndarray | None = None,
    fade: np.ndarray | float = 0.0,
) -> np.ndarray:
    """The part of the full effect in each month.

    Up evenly over ``phase_in``, full for ``duration``, down evenly over ``fade``.

    Args:
        grid: whose months ahead are meant.
        start: first month of effect; None, or before the months ahead: their first.
        phase_in: months until it is full; with 12 the first month has a twelfth.
        duration: months after the phase-in until it fades; None: it lasts.
        fade: months until nothing is left.

    Returns:
        between 0 and 1, shape (points or 1, 1, months ahead).
    """
    since = _since(grid, start)
    up = np.where(since >= 0, np.clip((since + 1) / np.maximum(phase_in, 1e-9), 0, 1), 0.0)
    if duration is None:
        return np.broadcast_to(up, np.broadcast_shapes(up.shape, (1, 1, grid.ahead.months)))
    over = since + 1 - (phase_in + duration)
    return up * (1 - np.where(over > 0, np.clip(over / np.maximum(fade, 1e-9), 0, 1), 0.0))


@dataclass(frozen=True)
class Kind:
    """A kind of lever: its vocabulary, its function, and its draws beside those of uncertain fields."""

    model: type[Driver]
    function: Callable[[Any, Grid, Draws], Effect]
    extra: tuple[str, ...] = ()
    begins: Callable[[Any, Grid, Draws], np.ndarray] | None = None  # where that is not its start, (points,)
    likelihood: Callable[[Any, Grid, Draws], np.ndarray] | None = None  # to begin at all, where that may fail

    def columns(self) -> tuple[str, ...]:
        """The names of all its draws: the same whatever its values, so that none moves another's column."""
        return ("happens", *self.model.uncertain, *self.extra)

    def items(self, lever: Driver) -> tuple[str, ...]:
        """The names of the draws of what a lever lists, as money by period; they stand behind all others."""
        if not _may_list(self.model):
            return ()
        known = frozenset(self.columns())
        return tuple(name for field, _ in uncertain_numbers(lever) if (name := str(field)) not in known)

    def effect(self, lever: Driver, grid: Grid, draw: Draws, after: Occurrence | None = None) -> Effect:
        """The effect of one lever or risk, in the draws in which it happens.

        Args:
            lever: whose.
            grid: what it is laid out on.
            draw: its uniforms by name.
            after: when that happens which it requires.
        """
        certain = self._from_its_day(started(lever, draw, after), grid, draw)
        if lever.probability >= 1 and after is None:
            return certain
        return certain.times(_happens(lever, draw, after)[:, None, None])

    def occurrence(
        self, lever: Driver, grid: Grid, draw: Draws, after: Occurrence | None = None
    ) -> Occurrence:
        """In which draws a lever or risk happens, and when; as ``effect``."""
        begun = started(lever, draw, after)
        start = self.begins(begun, grid, draw) if self.begins else _start(begun, draw)
        return Occurrence(_happens(lever, draw, after), start)

    def _from_its_day(self, lever: Driver, grid: Grid, draw: Draws) -> Effect:
        """Its effect whenever it happens: of a start on a day, those of that month and of the next, mixed."""
        if lever.start is None or not lever.start.by_day:
            return self.function(lever, grid, draw)
        start = number(lever, "start", draw)
        month = np.floor(start)
        this, following = (
            self.function(starting(lever, first[:, 0, 0]), grid, draw) for first in (month, month + 1)
        )
        return this.mixed(following, 1 - (start - month))


@dataclass(frozen=True, eq=False)
class Occurrence:
    """In which draws something happens, and from which month on; both of shape (points or 1,)."""

    happens: np.ndarray
    start: np.ndarray


def _happens(lever: Driver, draw: Draws, after: Occurrence | None) -> np.ndarray:
    happens = np.ones(1, dtype=bool) if lever.probability >= 1 else draw("happens") < lever.probability
    return happens if after is None else happens & after.happens


def _start(lever: Driver, draw: Draws) -> np.ndarray:
    """From which month on it acts, with a part where it is a day; without a start from the beginning."""
    if lever.start is None:
        return np.full(1, -np.inf)
    start = number(lever, "start", draw)[:, 0, 0]
    return start if lever.start.by_day else np.floor(start)


def started(lever: Driver, draw: Draws, after: Occurrence | None) -> Driver:
    """The same lever, no earlier than what it requires."""
    if after is None or np.all(after.start == -np.inf):
        return lever
    return starting(lever, np.maximum(_start(lever, draw), after.start))


@dataclass(frozen=True, eq=False)
class Drawn:
    """A number whose value in every draw is known already, shape (points or 1,)."""

    values: np.ndarray
    certain: ClassVar[bool] = False

    @property
    def by_day(self) -> bool:
        """Whether it is a day of a month in any draw."""
        return bool(np.any(self.values % 1 != 0))

    def quantile(self, _: np.ndarray) -> np.ndarray:
        """The values, whatever is drawn."""
        return self.values


def starting(lever: Driver, months: np.ndarray) -> Driver:
    """The same lever with its start in each draw, shape (points or 1,)."""
    return lever.model_copy(update={"start": Drawn(months)})


@keep(MEGABYTE)
def _may_list(model: type[BaseModel]) -> bool:
    """Whether a field of a model may be a mapping of uncertain numbers."""
    for stated in model.model_fields.values():
        for member in (stated.annotation, *get_args(stated.annotation)):
            if get_origin(member) is dict and Uncertain in get_args(member):
                return True
            if isinstance(member, type) and issubclass(member, BaseModel) and _may_list(member):
                return True
    return False


def _since(grid: Grid, start: np.ndarray | None) -> np.ndarray:
    """Months since the start in each month ahead.

    A start before the months ahead, or none, is their first.
    """
    first = (
        np.full((1, 1, 1), float(grid.ahead.first))
        if start is None
        else np.maximum(np.floor(start), grid.ahead.first)
    )
    return np.arange(grid.ahead.first, grid.ahead.last + 1) - first
