"""What no single field of a scenario can know.

Names that must exist elsewhere, dates and periods that must fit together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Protocol

from simulator.levers.driver import Driver
from simulator.scenario.parts import MEASURES, TOTALS, Observation, Stream, Target
from simulator.values.address import Address
from simulator.values.periods import month_text
from simulator.values.wording import unknown

MOST_CELLS = 4000  # streams x months of the law; its covariance is this number squared
DIRECTIONS = ("exports", "imports")

Inconsistencies = Iterator[tuple[Address, str]]


class Parts(Protocol):
    """Of a scenario, what must hang together."""

    @property
    def as_of(self) -> dt.date:
        """The day on which the question is asked."""

    @property
    def target(self) -> tuple[Target, ...]:
        """What is to be reached."""

    @property
    def streams(self) -> Mapping[str, Stream]:
        """The lines of trade."""

    @property
    def observations(self) -> tuple[Observation, ...]:
        """The published figures."""

    @property
    def alternatives(self) -> Mapping[str, tuple[Observation, ...]]:
        """Other readings of the data."""

    def members(self, measure: str) -> tuple[str, ...]:
        """The streams that a measure adds up."""

    def drivers(self) -> Iterator[tuple[Address, Driver]]:
        """Every lever and risk."""

    def target_address(self, index: int) -> Address:
        """Where a file states a target."""


def inconsistencies(scenario: Parts) -> Inconsistencies:
    """Everything in a scenario that does not hang together: (address, message)."""
    yield from _of_streams(scenario)
    yield from _of_shares(scenario)
    for address, observations in readings(scenario):
        yield from _of_observations(observations, address, scenario)
    for index, target in enumerate(scenario.target):
        below = _of_target(target, (*MEASURES, *scenario.streams))
        yield from ((scenario.target_address(index).join(field), message) for field, message in below)
    for address, driver in scenario.drivers():
        faults = driver.faults((*TOTALS, *scenario.streams))
        yield from ((address.join(field), message) for field, message in faults)
    yield from _of_directions(scenario)
    yield from _of_overlaps(scenario)
    yield from _of_sizes(scenario)


def readings(scenario: Parts) -> Iterator[tuple[Address, tuple[Observation, ...]]]:
    """The observations and every other reading of the data, each with its address."""
    yield Address.of("observations"), scenario.observations
    for name, observations in scenario.alternatives.items():
        yield Address.of("alternatives", name), observations


def _of_streams(scenario: Parts) -> Inconsistencies:
    if not scenario.streams:
        message = "found no stream, expected at least one; leave streams out for exports and imports"
        yield Address.of("streams"), message
    for key, stream in scenario.streams.items():
        what = f"found a stream called {key!r}"
        if key in ("turnover", "balance"):
            yield Address.of("streams", key), f"{what}, which names a total; call it something else"
        elif key in DIRECTIONS and (stream.direction != key or len(scenario.members(key)) > 1):
            beside = "beside others, but that names the whole direction; call it something else"
            yield Address.of("streams", key), f"{what} {beside}"


def _of_shares(scenario: Parts) -> Inconsistencies:
    for direction in DIRECTIONS:
        streams = {key: stream for key, stream in scenario.streams.items() if stream.direction == direction}
        shares = [stream.share for stream in streams.values()]
        if shares and all(share is not None and not share.can_exceed_zero for share in shares):
            message = (
                f"found shares of {direction} that are all 0, expected at least one above 0; "
                "leave one out, and it takes what the others leave"
            )
            yield Address.of("streams", next(iter(streams)), "share"), message


def _of_observations(
    observations: tuple[Observation, ...], address: Address, scenario: Parts
) -> Inconsistencies:
    measures = (*TOTALS, *scenario.streams)
    for index, observation in enumerate(observations):
        place = address / index
        if observation.measure not in measures:
            yield place / "measure", unknown(observation.measure, measures, "a measure")
        yield from ((place.join(field), message) for field, message in _of_sum(observation))
        yield from ((place / field, message) for field, message in _of_dates(observation, scenario.as_of))
    if not any(o.known(scenario.as_of) for o in observations):
        message = f"found no figure published on or before {scenario.as_of}, expected at least one"
        yield address, f"{message}; add one, or move as_of"


def _of_sum(observation: Observation) -> Iterator[tuple[tuple[str, ...], str]]:
    if observation.value is None and observation.growth is None:
        yield (), "found neither value nor growth, expected one of them or both"
    elif observation.value and observation.growth and not observation.value.amount:
        message = "found growth with a value of 0, from which no earlier figure follows; leave the growth out"
        yield ("growth",), message


def _of_dates(observation: Observation, as_of: dt.date) -> Iterator[tuple[str, str]]:
    end = observation.period.last_day
    if observation.published is None and end > as_of:
        yield (
            "period",
            f"found an undated figure for {observation.period}, which ends after as_of {as_of}; "
            "expected a period that is over, or add published: with the day on which the figure came out",
        )
    elif observation.published is not None and observation.published < end:
        before = f"found {observation.published}, before the period {observation.period} is over"
        yield "published", f"{before}; expected a day after {end}"


def _of_target(target: Target, known: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if target.measure not in known:
        yield ("measure",), unknown(target.measure, known, "a measure")
    if target.at_least is None and target.at_most is None:
        yield (), "found neither at_least nor at_most, expected one of the two"
    elif target.at_least is not None and target.at_most is not None:
        message = "found both at_least and at_most, expected one of the two; for a band write two targets"
        yield (), message
    elif target.measure != "balance" and target.amount <= 0:
        yield (target.side,), f"found {target.amount:g}, expected more than 0"


def _of_directions(scenario: Parts) -> Inconsistencies:
    """Figures, targets and drivers of a direction in which no stream goes."""
    empty = [direction for direction in DIRECTIONS if not scenario.members(direction)]
    if len(empty) != 1:
        return  # that there is no stream at all is said already
    for address, name in _named_measures(scenario):
        if name in empty:
            what = f"found {name}, but no stream goes that way"
            yield address, f"{what}; add one with direction: {name}, or leave this out"


def _named_measures(scenario: Parts) -> Iterator[tuple[Address, str]]:
    """Every place at which a measure or stream is named."""
    for address, observations in readings(scenario):
        yield from ((address.join((n, "measure")), o.measure) for n, o in enumerate(observations))
    for index, target in enumerate(scenario.target):
        yield scenario.target_address(index) / "measure", target.measure
    for address, driver in scenario.drivers():
        yield from ((address.join(("streams", n)), stream) for n, stream in enumerate(driver.streams or ()))


def _of_overlaps(scenario: Parts) -> Inconsistencies:
    caps: dict[str, tuple[str, float]] = {}
    for address, driver in scenario.drivers():
        overlap = driver.overlap
        if overlap is None:
            continue
        first, cap = caps.setdefault(
            overlap.group, (f"{address.section.removesuffix('s')} {address.id!r}", overlap.cap)
        )
        if cap != overlap.cap:
            message = (
                f"found {overlap.cap:g}, but {first} of the same group has {cap:g}; expected one cap a group"
            )
            yield address.join(("overlap", "cap")), message


def _of_sizes(scenario: Parts) -> Inconsistencies:
    first = _first_month(scenario.observations)
    for index, target in enumerate(scenario.target):
        if target.period.first < first:
            begin = f"found {target.period}, but the figures begin in {month_text(first)}"
            message = f"{begin}; expected a later period, or add earlier figures"
            yield scenario.target_address(index) / "period", message
    end = max(target.period.last for target in scenario.target)
    for address, observations in readings(scenario):
        last = max(end, *(o.period.last for o in observations))
        cells = (last - _first_month(observations) + 1) * len(scenario.streams)
        if cells > MOST_CELLS:
            message = (
                f"found {cells:,} months of streams between the first figure and the target, "
                f"expected at most {MOST_CELLS:,}; "
                "drop the oldest figures, use fewer streams or an earlier target"
            )
            yield Address.of("target") if address.section == "observations" else address, message


def _first_month(observations: tuple[Observation, ...]) -> int:
    """The first month of which some figures say anything: growth speaks of the year before as well."""
    return min(o.period.first - 12 * (o.growth is not None) for o in observations)
