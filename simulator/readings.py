"""Published figures to equations on the flows: which streams they tell apart, and what each figure says of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from simulator.measures import Place
from simulator.periods import Period
from simulator.scenario import MEASURES, Observation, Scenario

CONTRADICTION = 3.0  # standard errors between a figure and what the other figures leave for it
LEAST_ERROR = 1e-6  # of a figure, relative: keeps the linear solve well-posed


class BaselineError(ValueError):
    """The figures cannot be turned into a law; ``faults`` holds (place in the scenario, message) of each."""

    def __init__(self, faults: Sequence[tuple[Place, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(f"{'.'.join(map(str, place))}: {message}" for place, message in self.faults))

    def __reduce__(self) -> tuple[type[BaselineError], tuple[tuple[tuple[Place, str], ...]]]:
        """How it travels between processes: by its faults, not by its text."""
        return type(self), (self.faults,)


class NotKnown(ValueError):
    """No published figure tells what was asked for."""


@dataclass(frozen=True)
class Reading:
    """One equation on the flows: the log of a sum, or the log ratio of a sum to that of the year before."""

    place: Place
    measure: str
    streams: tuple[int, ...]
    period: Period
    value: float
    sd: float
    ratio: bool = False
    exact: bool = False

    def __str__(self) -> str:
        amount = f"growth {100 * self.value - 100:+.4g} %" if self.ratio else f"{self.value:.6g}"
        return f"{self.measure} {self.period} {amount}"


def separate(
    streams: tuple[tuple[str, str], ...], observations: tuple[tuple[Place, Observation], ...]
) -> tuple[tuple[tuple[str, ...], ...], list[Reading]]:
    """Group the streams that the figures tell apart, and write the figures on the groups.

    Streams that appear in the same measures only are one stream of the law; streams in no measure are left out.
    """

    def members(measure: str) -> frozenset[str]:
        if measure == "turnover":
            return frozenset(key for key, _ in streams)
        chosen = frozenset(key for key, direction in streams if direction == measure)
        return chosen or frozenset({measure})

    sets = {observation.measure: members(observation.measure) for _, observation in observations}
    signatures: dict[frozenset[str], list[str]] = {}
    for key, _ in streams:
        signature = frozenset(measure for measure, keys in sets.items() if key in keys)
        if signature:
            signatures.setdefault(signature, []).append(key)
    groups = tuple(tuple(keys) for keys in signatures.values())
    index = {key: number for number, keys in enumerate(groups) for key in keys}
    readings = []
    for place, observation in observations:
        chosen = tuple(sorted({index[key] for key in sets[observation.measure]}))
        readings += _readings(place, observation, chosen)
    return groups, readings


def _readings(place: Place, observation: Observation, streams: tuple[int, ...]) -> list[Reading]:
    """One reading for the value, one for the year before where a growth rate implies it."""
    value, growth, error = observation.value, observation.growth, observation.error
    measure, period = observation.measure, observation.period
    found = []
    if value is not None:
        amount = value.amount
        own = 0.0 if not amount else value.rounding / amount if error is None else error.amount / (1 if error.percent else amount)
        found.append(Reading(place, measure, streams, period, amount, own, exact=error is None))
        if growth is not None:
            factor = 1 + growth.amount
            sd = math.hypot(own, growth.rounding / factor)
            found.append(Reading(place, measure, streams, period.shift(-12), amount / factor, sd, exact=error is None))
    elif growth is not None:
        factor = 1 + growth.amount
        sd = growth.rounding / factor if error is None else error.amount / factor
        found.append(Reading(place, measure, streams, period, factor, sd, ratio=True))
    return found


def merge_zeros(readings: list[Reading]) -> list[Reading]:
    """Join a period without trade to its neighbour of the same measure, until every sum has a logarithm.

    Raises:
        BaselineError: a zero has no neighbour.
    """
    readings = list(readings)
    while (zero := next((r for r in readings if not r.ratio and r.value <= 0), None)) is not None:
        beside = [
            r
            for r in readings
            if not r.ratio and r.measure == zero.measure and (r.period.first == zero.period.last + 1 or r.period.last == zero.period.first - 1)
        ]
        if not beside:
            text = f"found 0 for {zero.measure} {zero.period} with no neighbouring figure to join it to; leave it out, or add the months beside it"
            raise BaselineError([(zero.place, text)])
        near = min(beside, key=lambda r: (abs(r.period.months - zero.period.months), -r.period.first))
        joined = Period(min(zero.period.first, near.period.first), max(zero.period.last, near.period.last))
        sd = max(near.sd, LEAST_ERROR)
        readings = [r for r in readings if r is not zero and r is not near]
        readings.append(Reading(near.place, zero.measure, zero.streams, joined, near.value, sd, exact=zero.exact and near.exact))
    return sorted(readings, key=lambda r: (r.period, r.place))


def telling(readings: list[Reading]) -> list[Reading]:
    """The readings less those that leave nothing of a longer sum of their measure, or less than nothing within its error.

    What they leave would have no logarithm; the longer sum says all that they say of the level. A remainder that is negative beyond the
    errors stays, and is told as a contradiction.
    """

    def leaves_nothing(part: Reading, whole: Reading) -> bool:
        same = part.measure == whole.measure and part.period != whole.period and whole.period.covers(part.period)
        error = math.hypot(part.sd * part.value, whole.sd * whole.value)
        return same and not part.ratio and not whole.ratio and -CONTRADICTION * error <= whole.value - part.value <= 0

    return [part for part in readings if not any(leaves_nothing(part, whole) for whole in readings)]


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
        raise ValueError(f"found measure {measure!r}, expected one of {', '.join((*MEASURES, *scenario.streams))}")
    members = set(scenario.members(measure))
    missing = members - {key for group in groups for key in group}
    if missing or not members:
        what = ", ".join(sorted(missing)) or measure
        raise NotKnown(f"found no figure for {what}, expected one to tell {measure}; add an observation of it")
    for group in groups:
        directions = {scenario.streams[key].direction for key in group}
        if len(directions) > 1 and (not members.issuperset(group) or measure == "balance") and members & set(group):
            names = " and ".join(group)
            raise NotKnown(f"found no figure that tells {names} apart, so {measure} is not known; add an observation of one of them")
