"""What no single field of a scenario can know.

Names that must exist elsewhere, dates and periods that must fit together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Protocol

from simulator.levers.driver import Driver, faults_of
from simulator.scenario.dependence import dependence_faults
from simulator.scenario.measures import MEASURES, TOTALS, parts
from simulator.scenario.parts import Observation
from simulator.scenario.remarks import OnRecord, comment_faults, review_faults
from simulator.scenario.series import Series
from simulator.scenario.sizes import Sized, excesses, first_month, readings
from simulator.scenario.target_faults import target_faults
from simulator.scenario.targets import Target
from simulator.scenario.work import excesses_together
from simulator.values.address import Address
from simulator.values.periods import Years, month_text
from simulator.values.wording import unknown

DIRECTIONS = ("exports", "imports")

Inconsistencies = Iterator[tuple[Address, str]]


class Parts(OnRecord, Sized, Protocol):
    """Of a scenario, what must hang together."""

    @property
    def years(self) -> Years:
        """What a year is."""

    @property
    def partners(self) -> tuple[str, ...]:
        """The countries that streams name as theirs."""

    def members(self, measure: str) -> tuple[str, ...]:
        """The streams that a measure adds up."""

    def target_address(self, index: int) -> Address:
        """Where a file states a target."""


def inconsistencies(scenario: Parts, *, data: bool = True, comments: bool = True) -> Inconsistencies:
    """Everything in a scenario that does not hang together: (address, message).

    Where there is too much of something, that alone.

    Args:
        scenario: whose parts are held against one another.
        data: whether streams and figures are held too; not where they are known to be sound.
        comments: whether comments must lead somewhere; in a copy, what they speak of may be gone.
    """
    too_much = list(excesses(scenario, data=data)) or list(excesses_together(scenario))
    yield from too_much or _inconsistencies(scenario, data=data, comments=comments)


def _inconsistencies(scenario: Parts, *, data: bool, comments: bool) -> Inconsistencies:
    """The same of a scenario of which nothing is too much."""
    if data:
        yield from _of_data(scenario)
    for index, target in enumerate(scenario.target):
        yield from (
            (scenario.target_address(index).join(field), message)
            for field, message in _of_target(target, scenario)
        )
    measures = (*TOTALS, *scenario.streams, *scenario.partners)
    for address, driver in scenario.drivers():
        faults = [*faults_of(driver, measures), *_of_weights(driver, scenario)]
        yield from ((address.join(field), message) for field, message in faults)
    yield from _of_directions(scenario)
    yield from _of_overlaps(scenario)
    yield from dependence_faults(dict(scenario.drivers()))
    yield from _of_begin(scenario)
    yield from review_faults(scenario)
    if comments and scenario.comments:
        figures = [figure for _, figure in scenario.expanded(scenario.observations)]
        yield from comment_faults(scenario, scenario.comments, figures)


def _of_data(scenario: Parts) -> Inconsistencies:
    yield from _of_streams(scenario)
    yield from _of_shares(scenario)
    for address, observations in readings(scenario):
        yield from _of_observations(observations, address, scenario)
    yield from _of_shocks(scenario)


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
        yield from (
            (Address.of("streams", key, "partner"), message)
            for message in _of_partner(stream.partner, scenario)
        )


def _of_partner(partner: str | None, scenario: Parts) -> Iterator[str]:
    """What is wrong with a partner's name, which is a measure."""
    if partner is None:
        return
    what = f"found a partner called {partner!r}"
    if partner in MEASURES:
        yield f"{what}, which names a total; call it something else"
    elif partner in scenario.streams:
        yield f"{what}, which is the id of a stream; call one of the two something else"
    elif "+" in partner:
        yield f"{what}, but a plus adds measures up; write and, or call it something else"


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
    observations: tuple[Observation | Series, ...], address: Address, scenario: Parts
) -> Inconsistencies:
    measures = (*MEASURES, *scenario.streams, *scenario.partners)
    for index, item in enumerate(observations):
        place = address / index
        faults = (*_of_measure(item.measure, measures, scenario), *_of_balance(item.measure, scenario))
        yield from ((place / "measure", message) for message in faults)
        of_form = item.faults(scenario.years) if isinstance(item, Series) else item.faults()
        yield from ((place.join(field), message) for field, message in of_form)
    for place, observation in scenario.expanded(observations):
        dates = _of_dates(observation, scenario.as_of)
        yield from ((_date_of(address.join(place), field), message) for field, message in dates)
    if not any(o.known(scenario.as_of) for o in observations):
        message = f"found no figure published on or before {scenario.as_of}, expected at least one"
        yield address, f"{message}; add one, or move as_of"


def _of_begin(scenario: Parts) -> Inconsistencies:
    """Targets for months before the first figure."""
    placed = scenario.expanded(scenario.observations)
    first = first_month(placed) if placed else 0
    for index, target in enumerate(scenario.target):
        for field, period in (("period", target.period), ("since", target.since)):
            if period is not None and period.first < first:
                begin = f"found {period}, but the figures begin in {month_text(first)}"
                message = f"{begin}; expected a later period, or add earlier figures"
                yield scenario.target_address(index) / field, message


def _of_balance(measure: str, scenario: Parts) -> Iterator[str]:
    for direction in DIRECTIONS if measure == "balance" else ():
        if not scenario.members(direction):
            yield f"found a balance, but no stream is one of {direction}; add one, or leave the balance out"


def _of_shocks(scenario: Parts) -> Inconsistencies:
    known = [o.period.last for _, o in scenario.expanded(scenario.observations) if o.known(scenario.as_of)]
    for key, shock in scenario.shocks.items() if known else ():
        faults = shock.faults((*DIRECTIONS, *scenario.streams), max(known))
        yield from ((Address.of("shocks", key).join(field), message) for field, message in faults)


def _date_of(place: Address, field: str) -> Address:
    """Where a file states a date of a figure: of one in a series, the figure itself or the series."""
    if "values" not in place:
        return place / field
    return place if field == "period" else place.parent.parent / field


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


def _of_measure(measure: str, known: tuple[str, ...], scenario: Parts) -> Iterator[str]:
    """What is wrong with a measure, or with a sum of them."""
    names = parts(measure)
    strange = [name for name in names if name not in known]
    yield from (unknown(name, known, "a measure") for name in strange)
    if len(names) > 1 and not strange:
        if "balance" in names:
            yield f"found {measure}, a sum with a balance in it, expected streams or directions"
        elif len(members := scenario.members(measure)) > len(set(members)):
            yield f"found {measure}, a sum that counts {_twice(members)} twice"


def _twice(members: tuple[str, ...]) -> str:
    return " and ".join(dict.fromkeys(member for member in members if members.count(member) > 1))


def _of_target(target: Target, scenario: Parts) -> Iterator[tuple[tuple[str, ...], str]]:
    known = (*MEASURES, *scenario.streams, *scenario.partners)
    for field, measure in (("measure", target.measure), ("of", target.of or "turnover")):
        yield from (((field,), message) for message in _of_measure(measure, known, scenario))
    yield from target_faults(target)


def _of_weights(driver: Driver, scenario: Parts) -> Inconsistencies:
    """Streams that one lever weighs twice."""
    if not isinstance(driver.streams, Mapping):
        return
    weighed: dict[str, str] = {}
    for address, name in driver.named_streams:
        if name not in (*TOTALS, *scenario.streams):
            continue
        for member in scenario.members(name):
            first = weighed.setdefault(member, name)
            if first != name:
                yield (
                    address,
                    f"found {name} beside {first}, which both hold {member}; expected one weight each",
                )
                break


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
        for number, item in enumerate(observations):
            yield from ((address.join((number, "measure")), name) for name in parts(item.measure))
    for index, target in enumerate(scenario.target):
        yield from ((scenario.target_address(index) / "measure", name) for name in parts(target.measure))
    for address, driver in scenario.drivers():
        yield from ((address.join(field), stream) for field, stream in driver.named_streams)


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
