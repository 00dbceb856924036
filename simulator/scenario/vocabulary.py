"""The vocabulary of a scenario: frozen models, each field with its unit, meaning, bounds and default.

A parameter is declared here once; validation, sliders, the JSON Schema and the documentation are derived from it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from simulator.levers import Lever, Risk
from simulator.levers.driver import Driver
from simulator.scenario.calibration import CALIBRATED
from simulator.values.address import Address
from simulator.values.address import Path as Place
from simulator.values.fields import (
    Date,
    Identifier,
    OptionalDate,
    OptionalText,
    PeriodField,
    Strict,
    Text,
    read_some,
)
from simulator.values.figures import Figure, Published
from simulator.values.periods import month_text
from simulator.values.uncertain import ABOVE_ZERO, In, Uncertain
from simulator.values.wording import unknown

if TYPE_CHECKING:
    import numpy as np

_DEFAULTS: dict[str, Any] = CALIBRATED["defaults"]
TOTALS = ("turnover", "exports", "imports")
MEASURES = (*TOTALS, "balance")
NO_INFORMATION = 3.0  # a stated error of this many times the figure, or more, leaves it saying nothing
MOST_CELLS = 4000  # streams x months of the law; its covariance is this number squared


class Stream(Strict):
    """One line of trade in one direction, optionally one product group of it."""

    direction: Literal["exports", "imports"] = Field(description="which way the goods go, seen from home")
    name: OptionalText = Field(None, description="what it is called on charts")
    share: Annotated[Uncertain | None, In("share", 0, 1)] = Field(
        None,
        description="its share of its direction, where no figures of its own are published; normalised within the direction",
    )


class Observation(Strict):
    """A published sum over a period, the growth on the same period a year earlier, or both."""

    measure: Text = Field(description="turnover, exports, imports or the id of a stream")
    period: PeriodField = Field(description="the months that the figure adds up")
    value: Annotated[Figure | None, Published("money", 0)] = Field(
        None, description="the sum, in the scenario's unit"
    )
    growth: Annotated[Figure | None, Published("percent", -1, strict=True)] = Field(
        None, description="on the same period a year earlier"
    )
    error: Annotated[Figure | None, Published("either", 0, strict=True)] = Field(
        None,
        description="standard error of the figure, in the unit or in percent; left out, half the last published digit",
    )
    published: OptionalDate = Field(None, description="when it became known; left out, it counts as known")
    source: OptionalText = Field(None, description="where it was published")

    def known(self, as_of: dt.date) -> bool:
        """Whether it was published on or before that day."""
        return self.published is None or self.published <= as_of

    @property
    def informative(self) -> bool:
        """Whether its stated error leaves it saying anything."""
        if self.error is None:
            return True
        size = 1.0 if self.error.percent or self.value is None else self.value.amount
        return not size or self.error.amount < NO_INFORMATION * size

    @property
    def says(self) -> Hashable:
        """What it says, whenever and wherever it was published."""
        return self.measure, self.period, self.value, self.growth, self.error

    @property
    def of(self) -> Hashable:
        """What it is a figure of: a later publication of the same stands in for it, a growth rate alone for no amount."""
        return self.measure, self.period, self.value is None

    @property
    def draws(self) -> tuple[str, ...]:
        """The names of the draws of the sums that it gives within an error."""
        if self.value is not None and self.error is None and self.growth is None:
            return ()
        periods = [self.period, self.period.shift(-12)] if self.growth is not None else [self.period]
        return tuple(f"figures.{self.measure}.{period}" for period in periods)


class Target(Strict):
    """What is to be reached: a measure over a period, at least or at most an amount."""

    measure: Text = Field(description="turnover, exports, imports, balance or the id of a stream")
    period: PeriodField = Field(description="the months that are added up")
    at_least: Annotated[float | None, In("money")] = Field(
        None, description="reached when the sum is this much or more"
    )
    at_most: Annotated[float | None, In("money")] = Field(
        None, description="reached when the sum is this much or less"
    )

    @property
    def amount(self) -> float:
        """The threshold, whichever way it counts."""
        return self.at_least if self.at_least is not None else float(self.at_most or 0.0)

    @property
    def floor(self) -> bool:
        """Whether the sum is to be the amount or more; else it is a ceiling, not to be exceeded."""
        return self.at_least is not None

    @property
    def side(self) -> str:
        """The field in which a file states the amount: ``at_least`` or ``at_most``."""
        return "at_least" if self.floor else "at_most"

    @property
    def bound(self) -> str:
        """Its side in words: ``at least`` or ``at most``."""
        return self.side.replace("_", " ")

    @property
    def noun(self) -> str:
        """What it is called: one that must not be exceeded is a ceiling."""
        return "target" if self.floor else "ceiling"

    def met(self, totals: np.ndarray) -> np.ndarray:
        """Whether each of some totals, in the scenario's unit, meets it; of the same shape."""
        return totals >= self.amount if self.floor else totals <= self.amount

    def to_dict(self) -> dict[str, Any]:
        """For a machine: what is to be reached, as a file states it."""
        return {"measure": self.measure, "period": str(self.period), self.side: self.amount}


class Outlook(Strict):
    """The parameters of the baseline law, log points a year unless said."""

    trend: Annotated[Uncertain, In("log points", -1, 1, 0.005, reach=(-0.1, 0.2))] = Field(
        _DEFAULTS["trend"],
        description="growth a year that nothing explains; where it is a range, its median rules the law and the rest is a draw on the months ahead",
    )
    random_walk: Annotated[float, In("log points", ABOVE_ZERO, 2, 0.01)] = Field(
        _DEFAULTS["random_walk"], description="lasting change, sd a year"
    )
    disturbance: Annotated[float, In("log points", 0, 2, 0.01)] = Field(
        _DEFAULTS["disturbance"], description="passing deviation from the level, sd"
    )
    memory: Annotated[float, In("months", ABOVE_ZERO, 120, 1)] = Field(
        _DEFAULTS["memory"], description="how long a passing deviation lasts, in months"
    )
    seasonality: Annotated[float, In("log points", 0, 2, 0.01)] = Field(
        _DEFAULTS["seasonality"], description="yearly pattern, sd of a calendar month"
    )
    irregular: Annotated[float, In("log points", ABOVE_ZERO, 2, 0.01)] = Field(
        _DEFAULTS["irregular"], description="what is left, sd of a month"
    )
    correlation: Annotated[float, In("number", 0, 0.99, 0.05)] = Field(
        _DEFAULTS["correlation"], description="correlation between streams"
    )
    tails: Annotated[float, In("number", 1.1, 1e6, 0.1)] = Field(
        _DEFAULTS["tails"], description="degrees of freedom; fewer are fatter tails"
    )
    learning: Annotated[float, In("number", 0, 1, 0.1)] = Field(
        _DEFAULTS["learning"],
        description="how far the pair's own surprises set its volatility: 0 not at all, 1 wholly",
    )
    world: Literal["slump", "normal", "boom"] | None = Field(
        None, description="the state of world trade; left out, it is drawn"
    )


Figures = Annotated[tuple[Observation, ...], BeforeValidator(read_some)]


class Scenario(Strict):
    """One set of assumptions: figures, outlook, measures, risks and the target."""

    title: Text = Field(description="a line that says what is asked")
    description: OptionalText = Field(None, description="a few sentences on the case")
    author: OptionalText = Field(None, description="who wrote it")
    as_of: Date = Field(
        description="the day on which the question is asked; figures published later do not count"
    )
    home: OptionalText = Field(None, description="the country from which exports leave")
    partner: OptionalText = Field(None, description="the other country")
    currency: Text = Field("USD", description="currency of every amount")
    unit: Text = Field("million", description="unit of every amount")
    usd_rate: Annotated[float | None, In("number", ABOVE_ZERO)] = Field(
        None,
        description="US dollars for one unit of the currency; kept as information, no answer uses it yet",
    )
    target: Annotated[tuple[Target, ...], BeforeValidator(read_some)] = Field(
        description="what is to be reached; all of a list must hold"
    )
    streams: dict[Identifier, Stream] = Field(
        default_factory=lambda: {
            "exports": Stream(direction="exports"),
            "imports": Stream(direction="imports"),
        },
        description="the lines of trade, by id",
    )
    observations: Figures = Field(description="the published figures")
    alternatives: dict[Identifier, Figures] = Field(
        default_factory=dict,
        description="other readings of the data, each a whole list of observations that stands in for the first",
    )
    outlook: Outlook = Field(Outlook(), description="parameters of the baseline law")
    levers: dict[Identifier, Annotated[Lever, Field(discriminator="kind")]] = Field(
        default_factory=dict, description="the measures, by id"
    )
    risks: dict[Identifier, Annotated[Risk, Field(discriminator="kind")]] = Field(
        default_factory=dict, description="named events beyond the usual risk, by id; off unless enabled"
    )
    notes: OptionalText = Field(None, description="what a reader of the answer should know")

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        faults = list(_faults(self))
        if faults:
            text = "\n".join(f"{'.'.join(map(str, place))}: {message}" for place, message in faults)
            raise PydanticCustomError("scenario", "{text}", {"text": text, "faults": faults})
        return self

    def members(self, measure: str) -> tuple[str, ...]:
        """The ids of the streams that a measure adds up (for a balance: all)."""
        if measure in ("turnover", "balance"):
            return tuple(self.streams)
        if measure in ("exports", "imports"):
            return tuple(key for key, stream in self.streams.items() if stream.direction == measure)
        return (measure,)

    def touched(self, measure: Driver) -> tuple[str, ...]:
        """The ids of the streams that a lever or risk touches, in the order of the scenario's streams."""
        if measure.streams is None:
            return tuple(self.streams)
        named = {member for name in measure.streams for member in self.members(name)}
        return tuple(stream for stream in self.streams if stream in named)

    def drivers(self) -> Iterator[tuple[Address, Driver]]:
        """Every lever, then every risk, also those that are switched off, each with its address."""
        yield from ((Address.of("levers", key), lever) for key, lever in self.levers.items())
        yield from ((Address.of("risks", key), risk) for key, risk in self.risks.items())

    @cached_property
    def counted(self) -> tuple[Observation, ...]:
        """The observations known at ``as_of``, each figure once; of several dated ones of the same measure and period the latest published."""
        return tuple(self.observations[number] for number in self.counting(self.observations))

    def counting(self, observations: tuple[Observation, ...]) -> list[int]:
        """The numbers of those of some observations that count, by the same rule."""
        latest: dict[Hashable, dt.date] = {}
        for o in observations:
            if o.published and o.known(self.as_of):
                latest[o.of] = max(latest.get(o.of, dt.date.min), o.published)
        counts = [
            n
            for n, o in enumerate(observations)
            if o.known(self.as_of) and (o.published is None or latest[o.of] == o.published)
        ]
        first: dict[Hashable, int] = {}
        for number in counts:
            first.setdefault(observations[number].says, number)
        return sorted(first.values())

    @cached_property
    def repeated(self) -> tuple[Observation, ...]:
        """The observations that say again what one that counts says."""
        said = {o.says for o in self.counted}
        kept = {id(o) for o in self.counted}
        return tuple(
            o for o in self.observations if o.known(self.as_of) and o.says in said and id(o) not in kept
        )

    @cached_property
    def superseded(self) -> tuple[Observation, ...]:
        """The observations known at ``as_of`` that a later publication of the same figure replaces."""
        kept = {id(o) for o in (*self.counted, *self.repeated)}
        return tuple(o for o in self.observations if o.known(self.as_of) and id(o) not in kept)

    @cached_property
    def grounds(self) -> str:
        """The streams and the figures that count, as text: with the outlook, all that a law is fitted to."""
        return repr((self.streams, self.counted))

    def changed(self, **fields: Any) -> Scenario:
        """A revalidated copy with some top-level fields replaced."""
        return Scenario.model_validate({name: getattr(self, name) for name in self.model_fields_set} | fields)


def _faults(scenario: Scenario) -> Iterator[tuple[Place, str]]:
    """What no single field can know: names that must exist elsewhere, dates and periods that must fit together."""
    yield from _stream_faults(scenario)
    yield from _share_faults(scenario)
    observed = (*TOTALS, *scenario.streams)
    lists: list[tuple[Place, tuple[Observation, ...]]] = [(("observations",), scenario.observations)]
    lists += [(("alternatives", name), observations) for name, observations in scenario.alternatives.items()]
    for place, observations in lists:
        for index, observation in enumerate(observations):
            yield from (
                ((*place, index, *where), message)
                for where, message in _observation_faults(observation, scenario.as_of, observed)
            )
        if not any(o.known(scenario.as_of) for o in observations):
            yield (
                place,
                f"found no figure published on or before {scenario.as_of}, expected at least one; add one, or move as_of",
            )
    for index, target in enumerate(scenario.target):
        place = ("target",) if len(scenario.target) == 1 else ("target", index)
        yield from (
            ((*place, *where), message)
            for where, message in _target_faults(target, (*MEASURES, *scenario.streams))
        )
    for section, measures in (("levers", scenario.levers), ("risks", scenario.risks)):
        for key, measure in measures.items():
            yield from (
                ((section, key, *where), message)
                for where, message in measure.faults((*TOTALS, *scenario.streams))
            )
    yield from _direction_faults(scenario, lists)
    yield from _overlap_faults(scenario)
    yield from _size_faults(scenario)


def _direction_faults(
    scenario: Scenario, lists: list[tuple[Place, tuple[Observation, ...]]]
) -> Iterator[tuple[Place, str]]:
    """Figures, targets and measures of a direction in which no stream goes."""
    empty = [direction for direction in ("exports", "imports") if not scenario.members(direction)]
    if len(empty) != 1:
        return  # that there is no stream at all has been told
    named: list[tuple[Place, str]] = [
        ((*place, index, "measure"), o.measure)
        for place, observations in lists
        for index, o in enumerate(observations)
    ]
    one = len(scenario.target) == 1
    named += [
        ((("target",) if one else ("target", index)) + ("measure",), target.measure)
        for index, target in enumerate(scenario.target)
    ]
    for section, measures in (("levers", scenario.levers), ("risks", scenario.risks)):
        for key, lever in measures.items():
            named += [
                ((section, key, "streams", index), stream) for index, stream in enumerate(lever.streams or ())
            ]
    for place, name in named:
        if name in empty:
            yield (
                place,
                f"found {name}, but no stream goes that way; add one with direction: {name}, or leave this out",
            )


def _stream_faults(scenario: Scenario) -> Iterator[tuple[Place, str]]:
    if not scenario.streams:
        yield (
            ("streams",),
            "found no stream, expected at least one; leave streams out for exports and imports",
        )
    for key, stream in scenario.streams.items():
        if key in ("turnover", "balance"):
            yield (
                ("streams", key),
                f"found a stream called {key!r}, which names a total; call it something else",
            )
        elif key in ("exports", "imports") and (stream.direction != key or len(scenario.members(key)) > 1):
            yield (
                ("streams", key),
                f"found a stream called {key!r} beside others, but that names the whole direction; call it something else",
            )


def _share_faults(scenario: Scenario) -> Iterator[tuple[Place, str]]:
    for direction in ("exports", "imports"):
        shares = {
            key: stream.share for key, stream in scenario.streams.items() if stream.direction == direction
        }
        if shares and all(share is not None and not share.can_exceed_zero for share in shares.values()):
            message = f"found shares of {direction} that are all 0, expected at least one above 0; leave one out, and it takes what the others leave"
            yield ("streams", next(iter(shares)), "share"), message


def _observation_faults(
    observation: Observation, as_of: dt.date, known: tuple[str, ...]
) -> Iterator[tuple[Place, str]]:
    if observation.measure not in known:
        yield ("measure",), unknown(observation.measure, known, "a measure")
    if observation.value is None and observation.growth is None:
        yield (), "found neither value nor growth, expected one of them or both"
    elif observation.value is not None and observation.growth is not None and not observation.value.amount:
        yield (
            ("growth",),
            "found growth with a value of 0, from which no earlier figure follows; leave the growth out",
        )
    end = _month_end(observation.period.last)
    if observation.published is None and end > as_of:
        yield (
            ("period",),
            (
                f"found an undated figure for {observation.period}, which ends after as_of {as_of}; "
                "expected a period that is over, or add published: with the day on which the figure came out"
            ),
        )
    elif observation.published is not None and observation.published < end:
        yield (
            ("published",),
            f"found {observation.published}, before the period {observation.period} is over; expected a day after {end}",
        )


def _target_faults(target: Target, known: tuple[str, ...]) -> Iterator[tuple[Place, str]]:
    if target.measure not in known:
        yield ("measure",), unknown(target.measure, known, "a measure")
    if (target.at_least is None) == (target.at_most is None):
        found = "neither at_least nor at_most" if target.at_least is None else "both at_least and at_most"
        yield (
            (),
            f"found {found}, expected one of the two"
            + ("" if target.at_least is None else "; for a band write two targets"),
        )
    elif target.measure != "balance" and target.amount <= 0:
        yield (
            ("at_least" if target.at_least is not None else "at_most",),
            f"found {target.amount:g}, expected more than 0",
        )


def _overlap_faults(scenario: Scenario) -> Iterator[tuple[Place, str]]:
    caps: dict[str, tuple[str, float]] = {}
    sections: tuple[tuple[str, dict[str, Any]], ...] = (
        ("levers", scenario.levers),
        ("risks", scenario.risks),
    )
    for section, key, overlap in (
        (section, key, m.overlap) for section, measures in sections for key, m in measures.items()
    ):
        if overlap is not None:
            first, cap = caps.setdefault(overlap.group, (f"{section.removesuffix('s')} {key!r}", overlap.cap))
            if cap != overlap.cap:
                message = f"found {overlap.cap:g}, but {first} of the same group has {cap:g}; expected one cap a group"
                yield (section, key, "overlap", "cap"), message


def _size_faults(scenario: Scenario) -> Iterator[tuple[Place, str]]:
    first = min(o.period.first - 12 * (o.growth is not None) for o in scenario.observations)
    for index, target in enumerate(scenario.target):
        where: Place = ("target",) if len(scenario.target) == 1 else ("target", index)
        if target.period.first < first:
            yield (
                (*where, "period"),
                f"found {target.period}, but the figures begin in {month_text(first)}; expected a later period, or add earlier figures",
            )
    last = max(target.period.last for target in scenario.target)
    readings: list[tuple[Place, tuple[Observation, ...]]] = [(("target",), scenario.observations)]
    readings += [
        (("alternatives", name), observations) for name, observations in scenario.alternatives.items()
    ]
    for place, observations in readings:
        first = min(o.period.first - 12 * (o.growth is not None) for o in observations)
        cells = (max(last, *(o.period.last for o in observations)) - first + 1) * len(scenario.streams)
        if cells <= MOST_CELLS:
            continue
        yield (
            place,
            (
                f"found {cells:,} months of streams between the first figure and the target, expected at most {MOST_CELLS:,}; "
                "drop the oldest figures, use fewer streams or an earlier target"
            ),
        )


def _month_end(month: int) -> dt.date:
    following = month + 1
    return dt.date(following // 12, following % 12 + 1, 1) - dt.timedelta(days=1)
