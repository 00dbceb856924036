"""Published figures to equations on the flows, and the streams that they tell apart."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from simulator.errors import BaselineError
from simulator.model.foreign import SAME, Foreign, foreign_part, spread, weighted
from simulator.scenario import Observation
from simulator.scenario.measures import PLUS, parts
from simulator.values.address import Address
from simulator.values.figures import Figure
from simulator.values.periods import Period

LEAST_ERROR = 1e-6  # of a figure, relative: keeps the linear solve well-posed
SMALLEST = 1e-300  # a positive number
AS_PRINTED = 0.001  # relative error up to which what a growth rate implies is as good as printed

Streams = tuple[tuple[str, ...], ...]  # of each its id, its direction, and its partner where it has one
Groups = tuple[tuple[str, ...], ...]  # the streams of the law, each the ids that no figure tells apart


@dataclass(frozen=True)
class Equation:
    """One equation on the flows: a sum, the ratio of a sum to that of the year before, or a balance.

    ``streams`` are numbers of groups; of a balance those of exports, and ``minus`` those of imports.
    ``error`` is the standard error of ``value``, in its unit. ``factor`` is a ratio as printed, without a
    stated error; ``printed`` is a sum as published where no error is stated: the answer returns it as it is.
    ``derived`` marks what follows from several, whose errors may add up to ``added_errors``. ``addresses``
    are where it stands in the scenario. ``foreign`` are its parts in currencies whose rate is uncertain:
    ``value`` and ``printed`` are at their medians, ``error`` leaves out what the rates may do to it.
    """

    addresses: tuple[Address, ...]
    measure: str
    streams: tuple[int, ...]
    period: Period
    value: float
    error: float
    ratio: bool = False
    factor: Decimal | None = None
    printed: Decimal | None = None
    derived: bool = False
    added_errors: float = 0.0
    minus: tuple[int, ...] = ()
    bounds: tuple[float, float] | None = None
    foreign: Foreign = ()

    @property
    def exact(self) -> bool:
        """Whether it is a sum as published, without a stated error."""
        return self.printed is not None and not self.minus

    @property
    def touched(self) -> tuple[int, ...]:
        """All streams that it speaks of."""
        return self.streams + self.minus

    @property
    def compares(self) -> bool:
        """Whether it compares two sums."""
        return self.ratio or bool(self.minus)

    @property
    def main_value(self) -> float:
        """Its sum, or the ratio of those that it compares: of exports and the deficit to imports 1."""
        return 1.0 if self.minus else self.value

    @property
    def deficit(self) -> float:
        """What imports are more than exports, by a balance; else 0."""
        return max(-self.value, 0.0) if self.minus else 0.0

    @property
    def surplus(self) -> float:
        """What exports are more than imports, by a balance; else 0."""
        return max(self.value, 0.0) if self.minus else 0.0

    @property
    def other_side(self) -> Equation:
        """The sum that its own is compared with: of a rate that of the year before, of a balance imports."""
        return replace(self, streams=self.minus, minus=()) if self.minus else self.shifted(-12)

    @property
    def sd(self) -> float:
        """Its standard error in log points, to first order."""
        return self.error / abs(self.value) if self.value else 0.0

    @property
    def largest_error(self) -> float:
        """Its standard error, or all those of its parts where they lean one way."""
        return max(self.error, self.added_errors)

    @property
    def rate_error(self) -> float:
        """The standard deviation that uncertain rates of exchange give it, in its unit."""
        return spread(self.foreign)

    def rate_gap(self, other: Equation) -> float:
        """The same of it less another one of the same sum: what one rate does to both is no difference."""
        return spread(self.foreign, other.foreign)

    def rated_apart(self, other: Equation) -> bool:
        """Whether rates of exchange move it otherwise than another one of the same sum."""
        if not self.foreign and not other.foreign:
            return False
        times = self.value / other.value if other.value else 1.0
        return spread(self.foreign, other.foreign, times) > SAME * abs(self.value)

    @property
    def monthly(self) -> float:
        """A sum spread evenly over its months."""
        return self.value / self.period.months

    @property
    def of(self) -> tuple[Period, tuple[int, ...], bool, tuple[int, ...]]:
        """What it is an equation of; equations are sorted by it."""
        return self.period, self.streams, self.ratio, self.minus

    def shifted(self, months: int) -> Equation:
        """The same of the period so many months later."""
        return replace(self, period=self.period.shift(months))

    def __str__(self) -> str:
        amount = f"growth {100 * self.value - 100:+.4g} %" if self.ratio else f"{self.value:.6g}"
        return f"{self.measure} {self.period} {amount}"


def amounts(equations: Iterable[Equation]) -> list[Equation]:
    """Those that are sums."""
    return [e for e in equations if not e.ratio and not e.minus]


def by_streams(equations: Iterable[Equation]) -> dict[tuple[int, ...], list[Equation]]:
    """Those that are sums, by their streams, in their order."""
    sums: dict[tuple[int, ...], list[Equation]] = {}
    for equation in amounts(equations):
        sums.setdefault(equation.streams, []).append(equation)
    return sums


def ratios(equations: Iterable[Equation]) -> list[Equation]:
    """Those that are growth rates."""
    return [e for e in equations if e.ratio]


def balances(equations: Iterable[Equation]) -> list[Equation]:
    """Those that are exports less imports."""
    return [e for e in equations if e.minus]


def comparing(equations: Iterable[Equation]) -> list[Equation]:
    """Those that compare two sums."""
    return [e for e in equations if e.compares]


def separate(
    streams: Streams, observations: Iterable[tuple[Address, Observation]]
) -> tuple[Groups, list[Equation]]:
    """Group the streams that the figures tell apart, and write the figures as equations on the groups.

    Streams that appear in the same measures only are one stream of the law; streams in no measure are left
    out, and so are figures whose stated error leaves them saying nothing.

    Raises:
        BaselineError: no figure is left, or growth rates stand alone.
    """
    informative = _informative(list(observations))
    members = {observation.measure: _members(streams, observation.measure) for _, observation in informative}
    groups = _groups(streams, members)
    numbers = {key: number for number, group in enumerate(groups) for key in group}
    imports = _members(streams, "imports")
    equations = []
    for address, observation in informative:
        subtracted = imports if observation.measure == "balance" else frozenset[str]()
        added = members[observation.measure] - subtracted
        chosen, minus = (tuple(sorted({numbers[key] for key in keys})) for keys in (added, subtracted))
        equations += _equations(address, observation, chosen, minus)
    equations = _with_known_base(equations)
    _require_amounts(equations, len(groups))
    _require_level(equations)
    return groups, equations


def _informative(observations: Sequence[tuple[Address, Observation]]) -> list[tuple[Address, Observation]]:
    """The observations that say anything.

    Raises:
        BaselineError: none does.
    """
    informative = [(address, observation) for address, observation in observations if observation.informative]
    if not informative:
        text = (
            "found only figures whose error is several times the figure, which say nothing; "
            "expected one that does"
        )
        raise BaselineError([(observations[0][0], text)])
    return informative


def _members(streams: Streams, measure: str) -> frozenset[str]:
    """The ids of the streams that a measure adds up."""
    if PLUS in measure:
        return frozenset().union(*(_members(streams, part) for part in parts(measure)))
    if measure in ("turnover", "balance"):
        return frozenset(key for key, *_ in streams)
    chosen = frozenset(key for key, *labels in streams if measure in labels)
    return chosen or frozenset({measure})


def _groups(streams: Streams, members: Mapping[str, frozenset[str]]) -> Groups:
    """The streams that are in the same measures, in the order of the scenario.

    A balance tells the two directions apart.
    """
    groups: dict[frozenset[str], list[str]] = {}
    for key, direction, *_ in streams:
        measures = (measure for measure, keys in members.items() if key in keys)
        signature = frozenset(f"balance of {direction}" if m == "balance" else m for m in measures)
        if signature:
            groups.setdefault(signature, []).append(key)
    return tuple(tuple(keys) for keys in groups.values())


def _equations(
    address: Address, observation: Observation, streams: tuple[int, ...], minus: tuple[int, ...]
) -> list[Equation]:
    """One equation for the value, one for the year before where a growth rate implies it.

    What a growth rate implies follows from the two as printed, and is known to the rounding of both.
    """
    value, growth, error = observation.value, observation.growth, observation.error
    blank = Equation((address,), observation.measure, streams, observation.period, 0.0, 0.0, minus=minus)
    if observation.between is not None:
        amount = _between(blank, *observation.between)
    elif value is not None:
        amount = _amount(blank, value, error)
    else:
        return [] if growth is None else [_rate(blank, growth, error)]
    return [amount] if growth is None else [amount, _year_before(_rate(blank, growth, None), amount)]


def _amount(blank: Equation, value: Figure, error: Figure | None) -> Equation:
    """The equation of a published sum; without a stated error it is known to its rounding."""
    if error is None:
        return replace(
            blank,
            value=value.amount,
            error=value.rounding,
            printed=value.digits,
            foreign=foreign_part(value),
        )
    size = error.amount * (abs(value.amount) if error.percent else 1)
    return replace(blank, value=value.amount, error=size, foreign=foreign_part(value))


def _between(blank: Equation, low: Figure, high: Figure) -> Equation:
    """The equation of a sum that may as well be anything between two: its mean and standard deviation.

    Bounds of a balance are no more than that.
    """
    width = high.amount - low.amount
    bounds = None if blank.minus else (low.amount, high.amount)
    foreign = weighted([(0.5, foreign_part(low)), (0.5, foreign_part(high))])
    middle = low.amount + width / 2
    return replace(blank, value=middle, error=width / math.sqrt(12), bounds=bounds, foreign=foreign)


def _rate(blank: Equation, growth: Figure, error: Figure | None) -> Equation:
    """The equation of a published growth rate; without a stated error it is known to its rounding."""
    rate = replace(blank, value=1 + growth.amount, ratio=True)
    if error is None:
        return replace(rate, error=growth.rounding, factor=1 + growth.digits / 100)
    return replace(rate, error=error.amount)


def _year_before(rate: Equation, amount: Equation) -> Equation:
    """The sum a year before one of which the growth is known; as good as printed where both are fine."""
    value = amount.value / rate.value
    error = value * math.hypot(amount.sd, rate.sd)
    printed = None
    if amount.printed is not None and rate.factor is not None and error <= AS_PRINTED * value:
        printed = amount.printed / rate.factor
    return Equation(
        tuple(dict.fromkeys(rate.addresses + amount.addresses)),
        rate.measure,
        rate.streams,
        rate.period.shift(-12),
        value,
        error,
        printed=printed,
        derived=True,
        foreign=weighted([(1 / rate.value, amount.foreign)]),
    )


def _year_after(rate: Equation, base: Equation) -> Equation:
    """The sum a year after one, of which the growth is known."""
    value = base.value * rate.value
    error = value * math.hypot(base.sd, rate.sd)
    foreign = weighted([(rate.value, base.foreign)])
    blank = Equation(rate.addresses, rate.measure, rate.streams, rate.period, value, error, derived=True)
    return replace(blank, foreign=foreign)


def _with_known_base(equations: Sequence[Equation]) -> list[Equation]:
    """The equations, with growth rates from or to a printed sum as the other sum that they imply."""
    printed = {(e.streams, e.period): e for e in equations if e.exact and e.value}

    def settled(equation: Equation) -> Equation:
        now = printed.get((equation.streams, equation.period))
        before = printed.get((equation.streams, equation.period.shift(-12)))
        if equation.ratio and now is not None:
            return _year_before(equation, now)
        if equation.ratio and before is not None:
            return _year_after(equation, before)
        return equation

    return [settled(equation) for equation in equations]


def _require_amounts(equations: Sequence[Equation], groups: int) -> None:
    """Check that the streams of every growth rate are told by amounts too.

    Raises:
        BaselineError: with each rate that stands alone.
    """
    rates = ratios(equations)
    known = _rows(by_streams(equations), groups)
    rank = np.linalg.matrix_rank(known) if known.size else 0
    measured = {
        streams: np.linalg.matrix_rank(np.vstack([known, _rows([streams], groups)])) == rank
        for streams in {rate.streams for rate in rates}
    }
    alone = [rate for rate in rates if not measured[rate.streams]]
    if alone:
        text = (
            "found growth rates alone of {}, expected at least one amount of it; "
            "add a value, or leave them out"
        )
        raise BaselineError([(equation.addresses[0], text.format(equation.measure)) for equation in alone])


def _rows(sets: Iterable[tuple[int, ...]], groups: int) -> np.ndarray:
    """Which groups some sets of streams have, shape (sets, groups)."""
    return np.array([np.isin(np.arange(groups), streams) for streams in sets], dtype=float).reshape(
        -1, groups
    )


def _require_level(equations: Sequence[Equation]) -> None:
    """Check that balances stand beside an amount: the difference of two flows tells neither.

    Raises:
        BaselineError: with each balance that no amount speaks to.
    """
    measured = {stream for equation in amounts(equations) for stream in equation.streams}
    alone = [e for e in balances(equations) if measured.isdisjoint(e.touched)]
    if alone:
        text = (
            "found balances alone, expected at least one amount of exports, imports or turnover; "
            "add one of any period, for a balance does not tell how much is traded"
        )
        raise BaselineError([(equation.addresses[0], text) for equation in alone])
