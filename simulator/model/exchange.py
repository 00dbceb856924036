"""What other currencies are worth in every draw: one normal for each, whatever it is asked for.

Where figures tell of a rate, because the same trade is told in two currencies or a flow would have leapt, its
normal is drawn from what they leave of it; elsewhere it is a standard one, and the rate has the quantiles
that are stated. The rates of several periods move with one normal, quantile by quantile.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field

import numpy as np

from simulator.caches import lazy
from simulator.model.foreign import Foreign, relative, slopes
from simulator.numerics.draws import Draws, uniform_of
from simulator.values.currencies import Rate, Step
from simulator.values.periods import Period

LEAST_LEFT = 1e-9  # of a sum, where rates would take all of it
MOST = 2**23  # bytes of arrays that are kept, the latest at least


@dataclass(frozen=True)
class Belief:
    """What figures leave of the normals behind some rates.

    They are ``mean + root z`` with a standard normal ``z`` for each of ``codes``; ``root`` is lower
    triangular, shape (codes, codes).
    """

    codes: tuple[str, ...] = ()
    mean: tuple[float, ...] = ()
    root: tuple[tuple[float, ...], ...] = ()


NO_BELIEF = Belief()  # where no figure tells of any rate


@dataclass(frozen=True)
class Rated:
    """A figure of the law that is in currencies whose rates are uncertain.

    ``foreign`` are its parts, ``base`` the sum that they move: its value or, of a ``balance``, the flows and
    money on its side.
    """

    foreign: Foreign
    base: float
    balance: bool = False


@dataclass(frozen=True, eq=False)
class Exchange:
    """The rates of other currencies in every draw, given what figures tell of them."""

    belief: Belief
    draws: Draws
    _kept: dict[object, np.ndarray] = field(default_factory=dict, repr=False)

    @property
    def key(self) -> Hashable:
        """All that they depend on beside the draws."""
        return self.belief

    @lazy
    def _learned(self) -> np.ndarray:
        """The normals of the rates that figures tell of, shape (points, codes)."""
        standard = self.draws.normal([f"rates.{code}" for code in self.belief.codes])
        return np.asarray(np.array(self.belief.mean) + standard @ np.array(self.belief.root).T)

    def normal(self, code: str) -> np.ndarray:
        """The normal behind the rate of a currency, shape (points,)."""
        if code in self.belief.codes:
            return self._learned[:, self.belief.codes.index(code)]
        return self.draws.normal([f"rates.{code}"])[:, 0]

    def relative(self, step: Step) -> np.ndarray:
        """A rate over its median, shape (points,), or (1,) where it is certain."""
        if not step.uncertain:
            return np.ones(1)
        return self._keep(step, lambda: relative(step, uniform_of(self.normal(step.code))))

    def drawn(self, step: Step) -> np.ndarray:
        """A rate, shape (points,), or (1,) where it is certain."""
        return float(step.middle) * self.relative(step)

    def added(self, foreign: Foreign) -> np.ndarray:
        """What the rates add to a sum with some foreign parts, in money, shape (points,)."""
        added = np.zeros(self.draws.points)
        for step, amount in foreign:
            added = added + amount * (self.relative(step) - 1)
        return added

    def factor(self, rate: Rate, months: Period) -> np.ndarray:
        """A rate in each month over its last median, shape (points or 1, 1, months)."""
        return self._keep((rate, months), lambda: self._by_month(rate, months))

    def _by_month(self, rate: Rate, months: Period) -> np.ndarray:
        steps = [rate.at(Period(month, month)) for month in months]
        by_step = {step: self.drawn(step) / float(rate.last.middle) for step in dict.fromkeys(steps)}
        return np.stack(np.broadcast_arrays(*(by_step[step] for step in steps)), axis=1)[:, None]

    def _keep(self, key: Hashable, work_out: Callable[[], np.ndarray]) -> np.ndarray:
        """What was worked out for a key, while it is among the latest that take ``MOST`` bytes together."""
        if (value := self._kept.get(key)) is None:
            value = work_out()
            room = MOST - value.nbytes
            for other, array in reversed(list(self._kept.items())):
                room -= array.nbytes
                if room < 0:
                    self._kept.pop(other, None)
            self._kept[key] = value
        return value

    def moved(self, rated: Sequence[Rated]) -> np.ndarray:
        """How far the rates move the logs of some figures from where the law has them.

        Returns:
            shape (points, figures).
        """
        moved = np.zeros((self.draws.points, len(rated)))
        mean = dict(zip(self.belief.codes, self.belief.mean, strict=True))
        for column, figure in enumerate(rated):
            middle = sum(size * mean[code] for code, size in slopes(figure.foreign).items())
            moved[:, column] = self._log_change(figure) - middle / figure.base
        return moved

    def _log_change(self, figure: Rated) -> np.ndarray:
        """How far the rates move the log of a figure from that at their medians, shape (points,).

        Of a balance to first order, so that flows and balances in one currency move as one.
        """
        if not figure.balance:
            return np.log(np.maximum(1 + self.added(figure.foreign) / figure.base, LEAST_LEFT))
        parts = (size * np.log(self.relative(step)) for step, size in figure.foreign)
        return np.asarray(sum(parts) / figure.base)
