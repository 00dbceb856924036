"""Published figures to equations on the flows: which streams they tell apart, what each figure says, and what it adds to the others.

Nothing here depends on the order in which the figures are written. Figures of one sum become one reading; a sum that
others imply says nothing new; months and quarters become the sums that tell most of years to come.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from simulator.errors import BaselineError, NotKnown
from simulator.scenario import Observation, Scenario
from simulator.scenario.parts import MEASURES
from simulator.values.address import Path as Place
from simulator.values.periods import Period, year

CONTRADICTION = 3.0  # standard errors between a figure and what the other figures leave for it
LEAST_ERROR = 1e-6  # of a figure, relative: keeps the linear solve well-posed
AS_PRINTED = 0.001  # relative error up to which what a growth rate implies is as good as printed
FINE = 0.002  # of the largest flow: sums printed at least as finely are as good as one another
IN_SPAN = 1e-7  # of a row's length: what is left of it outside the span of the others


@dataclass(frozen=True)
class Reading:
    """One equation on the flows: a sum, or the ratio of a sum to that of the year before.

    ``error`` is the standard error of ``value``, in its unit. ``factor`` is a ratio as printed, without a stated error; ``printed`` is a sum
    as published where no error is stated: the answer returns it as it is. ``derived`` marks what follows from several, whose errors may add
    up to ``most``. ``places`` are where it stands in the scenario.
    """

    places: tuple[Place, ...]
    measure: str
    streams: tuple[int, ...]
    period: Period
    value: float
    error: float
    ratio: bool = False
    factor: Decimal | None = None
    printed: Decimal | None = None
    derived: bool = False
    most: float = 0.0

    @property
    def exact(self) -> bool:
        """Whether it is a sum as published, without a stated error."""
        return self.printed is not None

    @property
    def sd(self) -> float:
        """Its standard error in log points, to first order."""
        return self.error / self.value if self.value else 0.0

    def __str__(self) -> str:
        amount = f"growth {100 * self.value - 100:+.4g} %" if self.ratio else f"{self.value:.6g}"
        return f"{self.measure} {self.period} {amount}"


def separate(
    streams: tuple[tuple[str, str], ...], observations: Iterable[tuple[Place, Observation]]
) -> tuple[tuple[tuple[str, ...], ...], list[Reading]]:
    """Group the streams that the figures tell apart, and write the figures on the groups.

    Streams that appear in the same measures only are one stream of the law; streams in no measure are left out, and so are
    figures whose stated error leaves them saying nothing.

    Raises:
        BaselineError: no figure is left.
    """

    def members(measure: str) -> frozenset[str]:
        if measure == "turnover":
            return frozenset(key for key, _ in streams)
        chosen = frozenset(key for key, direction in streams if direction == measure)
        return chosen or frozenset({measure})

    given = list(observations)
    kept = [(place, observation) for place, observation in given if observation.informative]
    if not kept:
        text = "found only figures whose error is several times the figure, which say nothing; expected one that does"
        raise BaselineError([(given[0][0], text)])
    sets = {observation.measure: members(observation.measure) for _, observation in kept}
    signatures: dict[frozenset[str], list[str]] = {}
    for key, _ in streams:
        signature = frozenset(measure for measure, keys in sets.items() if key in keys)
        if signature:
            signatures.setdefault(signature, []).append(key)
    groups = tuple(tuple(keys) for keys in signatures.values())
    index = {key: number for number, keys in enumerate(groups) for key in keys}
    readings = []
    for place, observation in kept:
        chosen = tuple(sorted({index[key] for key in sets[observation.measure]}))
        readings += _readings(place, observation, chosen)
    readings = _settled(readings)
    _require_amounts(readings, len(groups))
    return groups, readings


def _readings(place: Place, observation: Observation, streams: tuple[int, ...]) -> list[Reading]:
    """One reading for the value, one for the year before where a growth rate implies it.

    What a growth rate implies follows from the two as printed, and is known to the rounding of both.
    """
    value, growth, error = observation.value, observation.growth, observation.error
    measure, period = observation.measure, observation.period
    found = []
    if value is not None:
        amount = value.amount
        own = value.rounding if error is None else error.amount * (amount if error.percent else 1)
        found.append(
            Reading(
                (place,),
                measure,
                streams,
                period,
                amount,
                own,
                printed=value.digits if error is None else None,
            )
        )
        if growth is not None:
            rate = Reading(
                (place,),
                measure,
                streams,
                period,
                1 + growth.amount,
                growth.rounding,
                ratio=True,
                factor=1 + growth.digits / 100,
            )
            found.append(_before(rate, found[0]))
    elif growth is not None:
        either, factor = (growth.rounding, 1 + growth.digits / 100) if error is None else (error.amount, None)
        found.append(
            Reading((place,), measure, streams, period, 1 + growth.amount, either, ratio=True, factor=factor)
        )
    return found


def _before(rate: Reading, amount: Reading) -> Reading:
    """The sum a year before one of which the growth is known; as good as printed where both are printed finely."""
    value = amount.value / rate.value
    error = value * math.hypot(amount.sd, rate.sd)
    fine = amount.printed is not None and rate.factor is not None and error <= AS_PRINTED * value
    printed = (
        amount.printed / rate.factor
        if fine and amount.printed is not None and rate.factor is not None
        else None
    )
    places = tuple(dict.fromkeys(rate.places + amount.places))
    return Reading(
        places,
        rate.measure,
        rate.streams,
        rate.period.shift(-12),
        value,
        error,
        printed=printed,
        derived=True,
    )


def _settled(readings: list[Reading]) -> list[Reading]:
    """Growth rates on sums that are printed, or of which the sum a year before is, as the sums that they imply."""
    printed = {(r.streams, r.period): r for r in readings if r.exact and r.value}
    found = []
    for reading in readings:
        now = printed.get((reading.streams, reading.period))
        before = printed.get((reading.streams, reading.period.shift(-12)))
        if reading.ratio and now is not None:
            reading = _before(reading, now)
        elif reading.ratio and before is not None:
            value = before.value * reading.value
            error = value * math.hypot(before.sd, reading.sd)
            reading = Reading(
                reading.places, reading.measure, reading.streams, reading.period, value, error, derived=True
            )
        found.append(reading)
    return found


def _require_amounts(readings: list[Reading], groups: int) -> None:
    """Check that the streams of every growth rate are told by amounts too.

    Raises:
        BaselineError: with each rate that stands alone.
    """

    def row(reading: Reading) -> np.ndarray:
        return np.isin(np.arange(groups), reading.streams).astype(float)

    amounts = np.array([row(r) for r in readings if not r.ratio]).reshape(-1, groups)
    rank = np.linalg.matrix_rank(amounts) if amounts.size else 0
    alone = [r for r in readings if r.ratio and np.linalg.matrix_rank(np.vstack([amounts, row(r)])) > rank]
    if alone:
        text = "found growth rates alone of {}, expected at least one amount of it; add a value, or leave them out"
        raise BaselineError([(reading.places[0], text.format(reading.measure)) for reading in alone])


def reconciled(readings: Iterable[Reading]) -> list[Reading]:
    """One reading of each sum, sorted by period and streams.

    Raises:
        BaselineError: two readings of one sum differ by more than their errors.
    """
    same: dict[tuple[tuple[int, ...], Period, bool], list[Reading]] = {}
    for reading in readings:
        same.setdefault((reading.streams, reading.period, reading.ratio), []).append(reading)
    return sorted(map(_together, same.values()), key=_order)


def _order(reading: Reading) -> tuple[Period, tuple[int, ...], bool]:
    return reading.period, reading.streams, reading.ratio


def _together(readings: list[Reading]) -> Reading:
    """What several readings of one sum say: the finest printed one, else their mean by precision."""
    if len(readings) == 1:
        return readings[0]
    ordered = sorted(readings, key=lambda r: (not r.exact, r.derived, r.error, r.value, r.places))
    for one, other in itertools.combinations(ordered, 2):
        if abs(one.value - other.value) > _allowed(one, other):
            refuse(one, [other])
    finest, places = ordered[0], tuple(sorted({place for r in readings for place in r.places}, key=str))
    if finest.exact:
        return replace(finest, places=places)
    precision = np.array([1 / max(r.error, LEAST_ERROR * abs(r.value), 1e-300) ** 2 for r in ordered])
    value = float(precision @ [r.value for r in ordered] / precision.sum())
    return replace(
        finest,
        places=places,
        value=value,
        error=float(precision.sum() ** -0.5),
        derived=all(r.derived for r in ordered),
    )


def _allowed(one: Reading, other: Reading) -> float:
    """How far two readings of one sum may differ: two printed ones by the coarser's rounding, others by three standard errors of each."""
    if one.exact and other.exact and not one.derived and not other.derived:
        return max(one.error, other.error) * (1 + 1e-9)
    return CONTRADICTION * (max(one.error, one.most) + max(other.error, other.most))


def refuse(first: Reading, others: Sequence[Reading]) -> None:
    """Refuse figures that contradict each other, at the place of each.

    Raises:
        BaselineError: always.
    """
    mend = "give error: to those that are uncertain, or move one reading to alternatives"
    listed = ", ".join(map(str, others)) or "the other figures"
    faults = [
        (place, f"found {first}, which contradicts {listed} beyond their errors; {mend}")
        for place in first.places
    ]
    faults += [
        (place, f"found {other}, which contradicts {first} beyond their errors; {mend}")
        for other in others
        for place in other.places
    ]
    raise BaselineError(list(dict.fromkeys(faults)))


# What figures imply: linear algebra on the months and streams that they add up


class RowSpan:
    """What follows from some rows: combinations of them, by Gram-Schmidt with the coefficients kept."""

    def __init__(self, size: int, most: int) -> None:
        self.count = 0
        self._unit = np.zeros((most, size))
        self._made = np.zeros((most, most))

    def add(self, row: np.ndarray) -> bool:
        """Take a row in; whether it did not follow from those before it."""
        weights, left = self._split(row)
        length = float(np.linalg.norm(left))
        if length <= IN_SPAN * float(np.linalg.norm(row)):
            return False
        self._unit[self.count] = left / length
        self._made[self.count, : self.count] = -weights / length
        self._made[self.count, self.count] = 1 / length
        self.count += 1
        return True

    def combination(self, row: np.ndarray) -> np.ndarray | None:
        """The weights of the rows that add up to a row, shape (rows taken in,); None where it does not follow from them."""
        weights, left = self._split(row)
        return weights if float(np.linalg.norm(left)) <= IN_SPAN * float(np.linalg.norm(row)) else None

    def _split(self, row: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The combination nearest to a row, and what it leaves of the row."""
        unit = self._unit[: self.count]
        along = unit @ row
        left = row - along @ unit
        again = unit @ left  # twice is enough (Kahan, Parlett)
        return (along + again) @ self._made[: self.count, : self.count], left - again @ unit


class Span:
    """The sums that follow from some readings."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self.edges = sorted({edge for r in readings for edge in (r.period.first, r.period.last + 1)})
        self.place = {edge: number for number, edge in enumerate(self.edges)}
        self.streams = 1 + max(stream for r in readings for stream in r.streams)
        self.members: list[Reading] = []
        self._rows = RowSpan(self.streams * (len(self.edges) - 1), len(readings))

    def add(self, reading: Reading) -> Reading | None:
        """Take a reading in as a member; or, where the members imply it already, what they say of it."""
        said = self.implied(reading)
        if said is None:
            self._rows.add(self.row(reading.streams, reading.period))
            self.members.append(reading)
        return said

    def implied(self, like: Reading) -> Reading | None:
        """What the members say of the sum that a reading is of; None where it does not follow from them."""
        if any(edge not in self.place for edge in (like.period.first, like.period.last + 1)):
            return None
        weights = self._rows.combination(self.row(like.streams, like.period))
        return None if weights is None else self._combined(like, weights)

    def _combined(self, like: Reading, weights: np.ndarray) -> Reading:
        parts = [(round(float(w), 6), r) for w, r in zip(weights, self.members, strict=True) if abs(w) > 1e-6]
        value = sum(w * r.value for w, r in parts)
        error = math.hypot(*(w * r.error for w, r in parts))
        most = sum(abs(w) * max(r.error, r.most) for w, r in parts)
        printed = None
        if all(r.printed is not None and w == round(w) for w, r in parts):
            printed = sum((int(w) * r.printed for w, r in parts if r.printed is not None), Decimal(0))
            value = float(printed)
        places = tuple(dict.fromkeys(place for _, r in parts for place in r.places))
        return Reading(
            places,
            like.measure,
            like.streams,
            like.period,
            value,
            error,
            printed=printed,
            derived=len(parts) > 1,
            most=most,
        )

    def row(self, streams: Iterable[int], period: Period) -> np.ndarray:
        """The months and streams of a sum between the edges of all, shape (cells,)."""
        row = np.zeros((self.streams, len(self.edges) - 1))
        row[list(streams), self.place[period.first] : self.place[period.last + 1]] = 1
        return row.ravel()


def telling(readings: Sequence[Reading]) -> list[Reading]:
    """The readings less the printed sums, and the growth rates, that other printed sums imply.

    What is implied says nothing of how the pair moves. Of sums that follow from one another those are kept that are printed finely,
    of the fewest streams, over the longest periods.

    Raises:
        BaselineError: a figure differs from what the others imply by more than their errors.
    """
    amounts = [r for r in readings if not r.ratio]
    top = max(r.value / r.period.months for r in amounts)

    def order(reading: Reading) -> tuple[float, int, int, Period, tuple[int, ...]]:
        coarseness = reading.error / (reading.period.months * top)
        return (
            coarseness if coarseness > FINE else 0.0,
            len(reading.streams),
            -reading.period.months,
            reading.period,
            reading.streams,
        )

    span = Span([*readings, *(replace(r, period=r.period.shift(-12)) for r in readings if r.ratio)])
    dropped = set()
    for reading in sorted((r for r in amounts if r.exact), key=order):
        said = span.add(reading)
        if said is not None:
            require_agreement(reading, said, span)
            dropped.add(id(reading))
    for reading in readings:
        if reading.ratio:
            now, before = (
                span.implied(reading),
                span.implied(replace(reading, period=reading.period.shift(-12))),
            )
            if now is not None and before is not None and before.value > 0:
                factor = now.value / before.value
                error = (
                    factor * math.hypot(now.error / now.value, before.error / before.value)
                    if now.value
                    else before.error
                )
                require_agreement(
                    reading,
                    replace(reading, value=factor, error=error, places=now.places + before.places),
                    span,
                )
                dropped.add(id(reading))
        elif (
            not reading.exact
            and (said := span.implied(reading)) is not None
            and said.error < reading.error / 3
        ):
            require_agreement(reading, said, span)
            dropped.add(id(reading))
    return [r for r in readings if id(r) not in dropped]


def require_agreement(reading: Reading, said: Reading, span: Span) -> None:
    """Check a figure against what others imply for its sum.

    Raises:
        BaselineError: they differ by more than three standard errors; it names the figure and those that imply the other value.
    """
    if abs(reading.value - said.value) > CONTRADICTION * (
        max(reading.error, reading.most) + max(said.error, said.most)
    ):
        refuse(reading, [member for member in span.members if set(member.places) & set(said.places)][:4])


def summed(readings: Sequence[Reading]) -> list[Reading]:
    """Months and quarters as the sums that tell most of years to come: whole years, the year under way and the same months a year before.

    Single months are rough, and their logs skewed: a law fitted to all of them forecasts years worse than one fitted to their
    sums. What no such sum holds is added up where it is without a gap.
    """
    found = [r for r in readings if r.ratio]
    for streams in dict.fromkeys(r.streams for r in readings):
        found += _summed([r for r in readings if r.streams == streams and not r.ratio])
    return reconciled(found)


def _summed(readings: list[Reading]) -> list[Reading]:
    """The same for the sums of one measure."""
    short = [r for r in readings if r.period.months < 12]
    if len(short) < 2:
        return readings
    span = Span(sorted(readings, key=_order))
    for reading in sorted(readings, key=lambda r: (not r.exact, r.period.months, r.period)):
        said = span.add(reading)
        if said is not None:
            require_agreement(reading, said, span)
    years = range(min(r.period.first for r in short) // 12, max(r.period.last for r in short) // 12 + 1)
    sums = [said for y in years if (said := span.implied(replace(short[0], period=year(y)))) is not None]
    if not sums or sums[-1].period != year(years[-1]):
        latest = max(r.period.last for r in short)
        sums += _under_way(span, short[0], Period(12 * years[-1], latest))
    left = [r for r in readings if not any(said.period.covers(r.period) for said in sums)]
    longer = [
        r for r in readings if r.period.months >= 12 and r not in left
    ]  # as published, beside the sum of its parts
    return [*sums, *longer, *_runs(left)]


def _under_way(span: Span, like: Reading, period: Period) -> list[Reading]:
    """The sum from January of a year that is not whole to its last figure, and that of the same months a year before."""
    now, before = (span.implied(replace(like, period=period.shift(months))) for months in (0, -12))
    if now is None:
        return []
    return [now] if before is None else [now, before]


def _runs(readings: list[Reading]) -> list[Reading]:
    """The short sums of one calendar year added up, where they are without a gap."""
    found = [r for r in readings if r.period.months >= 12]
    short = sorted((r for r in readings if r.period.months < 12), key=lambda r: r.period)
    for _, group in itertools.groupby(short, key=lambda r: (r.period.first // 12, r.period.last // 12)):
        run = list(group)
        plain = all(a.period.last + 1 == b.period.first for a, b in itertools.pairwise(run))
        found += [functools.reduce(_sum, run)] if plain else run
    return found


def _sum(one: Reading, other: Reading) -> Reading:
    printed = one.printed + other.printed if one.printed is not None and other.printed is not None else None
    return replace(
        other,
        places=one.places + other.places,
        period=Period(one.period.first, other.period.last),
        value=float(printed) if printed is not None else one.value + other.value,
        error=math.hypot(one.error, other.error),
        printed=printed,
        derived=True,
        most=max(one.error, one.most) + max(other.error, other.most),
    )


def merge_zeros(readings: Sequence[Reading]) -> list[Reading]:
    """Join a period without trade to its neighbour of the same measure, until every sum has a logarithm.

    Raises:
        BaselineError: a zero has no neighbour.
    """
    readings = list(readings)
    while (zero := next((r for r in readings if not r.ratio and r.value <= 0), None)) is not None:
        beside = [
            r
            for r in readings
            if not r.ratio and r.streams == zero.streams and _adjoin(r.period, zero.period)
        ]
        if not beside and any(
            r.streams == zero.streams and r is not zero and r.period.covers(zero.period)
            for r in readings
            if not r.ratio
        ):
            readings = [
                r for r in readings if r is not zero
            ]  # the longer sum says all that it says of the level
            continue
        if not beside:
            text = f"found 0 for {zero.measure} {zero.period} with no neighbouring figure to join it to; leave it out, or add the months beside it"
            raise BaselineError([(zero.places[0], text)])
        near = min(beside, key=lambda r: (abs(r.period.months - zero.period.months), -r.period.first))
        first, last = sorted((near, zero), key=lambda r: r.period)
        readings = [r for r in readings if r is not zero and r is not near]
        readings.append(replace(_sum(first, last), places=near.places + zero.places))
    return sorted(readings, key=_order)


def _adjoin(one: Period, other: Period) -> bool:
    return one.first == other.last + 1 or one.last == other.first - 1


def leaving_something(readings: Sequence[Reading]) -> list[Reading]:
    """The readings less those that leave nothing of a longer sum of their streams, or less than nothing within its error.

    What they leave would have no logarithm; the longer sum says all that they say of the level.
    """
    amounts = [r for r in readings if not r.ratio]

    def leaves_nothing(part: Reading, whole: Reading) -> bool:
        same = (
            part.streams == whole.streams and part.period != whole.period and whole.period.covers(part.period)
        )
        return same and whole.value <= part.value

    return [
        part for part in readings if part.ratio or not any(leaves_nothing(part, whole) for whole in amounts)
    ]


def refuse_impossible(readings: Sequence[Reading]) -> None:
    """Refuse sums that no positive flows have: a part that is larger than its whole, or sums that overlap and cannot hold together.

    Raises:
        BaselineError: with the places of those that contradict each other beyond their errors.
    """
    amounts = [r for r in readings if not r.ratio]
    first, last = (np.array([getattr(r.period, end) for r in amounts]) for end in ("first", "last"))
    value, error = (np.array([getattr(r, name) for r in amounts]) for name in ("value", "error"))
    members = np.array(
        [[stream in r.streams for stream in range(1 + max(r.streams[-1] for r in amounts))] for r in amounts]
    )
    shared = members.astype(int) @ members.T.astype(int)
    inside = (
        (first[:, None] >= first) & (last[:, None] <= last) & (shared == members.sum(axis=1)[:, None])
    )  # the row's in the column's
    larger = np.argwhere(inside & (value[:, None] - value > CONTRADICTION * (error[:, None] + error)))
    if larger.size:
        part, whole = larger[0]
        refuse(amounts[part], [amounts[whole]])
    across = (shared > 0) & (first[:, None] <= last) & (first <= last[:, None]) & ~inside & ~inside.T
    if across.any():
        span = Span(amounts)
        explained(np.array([span.row(r.streams, r.period) for r in amounts]), amounts)


def explained(
    rows: np.ndarray,
    readings: Sequence[Reading],
    aims: np.ndarray | None = None,
    errors: np.ndarray | None = None,
) -> None:
    """Check that some flows, none of them negative, explain figures to within three standard errors each (non-negative least squares).

    Args:
        rows: the weight of every flow in every figure, shape (readings, flows).
        readings: the figures.
        aims: what the rows add up to, shape (readings,); left out, the figures' values.
        errors: of these, shape (readings,); left out, the figures'.

    Raises:
        BaselineError: no flows do; it names the figure that is missed by most, and those that it meets.
    """
    from scipy.optimize import nnls

    aims = np.array([r.value for r in readings]) if aims is None else aims
    errors = (
        np.array([max(r.error, r.most, LEAST_ERROR * r.value, 1e-300) for r in readings])
        if errors is None
        else errors
    )
    unknowns = np.unique(rows / errors[:, None], axis=1)  # what no figure tells apart is one unknown
    flows, _ = nnls(unknowns, aims / errors, maxiter=50 * unknowns.shape[1])
    pulls = np.abs(unknowns @ flows - aims / errors)
    worst = int(np.argmax(pulls))
    if pulls[worst] > CONTRADICTION:
        near = [i for i in np.argsort(-pulls) if i != worst and np.any(rows[i] * rows[worst] != 0)][:3]
        refuse(readings[worst], [readings[i] for i in near])


def require_known(scenario: Scenario, groups: Sequence[Sequence[str]], measure: str) -> None:
    """Check that the figures tell a measure.

    Args:
        scenario: whose streams and directions count.
        groups: the streams of the law, each the ids that no figure tells apart.
        measure: any.

    Raises:
        NotKnown: no figure covers one of its streams, or none tells it from another direction.
        ValueError: there is no such measure.
    """
    if measure not in (*MEASURES, *scenario.streams):
        raise ValueError(
            f"found measure {measure!r}, expected one of {', '.join((*MEASURES, *scenario.streams))}"
        )
    members = set(scenario.members(measure))
    missing = members - {key for group in groups for key in group}
    if missing or not members:
        what = ", ".join(sorted(missing)) or measure
        raise NotKnown(
            f"found no figure for {what}, expected one to tell {measure}; add an observation of it"
        )
    for group in groups:
        directions = {scenario.streams[key].direction for key in group}
        if (
            len(directions) > 1
            and (not members.issuperset(group) or measure == "balance")
            and members & set(group)
        ):
            names = " and ".join(group)
            raise NotKnown(
                f"found no figure that tells {names} apart, so {measure} is not known; add an observation of one of them"
            )
