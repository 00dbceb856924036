"""What every lever and risk has, whatever its kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, get_args

from pydantic import BaseModel, BeforeValidator, Field

from simulator.caches import attached, lazy
from simulator.values.address import Address
from simulator.values.basis import Basis
from simulator.values.fields import (
    Each,
    Flag,
    Identifier,
    In,
    OptionalFlag,
    OptionalLine,
    OptionalText,
    Strict,
    Text,
    read_items,
)
from simulator.values.uncertain import Uncertain
from simulator.values.units import MONTHS, Unit
from simulator.values.wording import show, unknown

AT_ONCE: Any = 0  # defaults are written as a file would write them, and read like it


class Overlap(Strict):
    """Levers of one group that sell the same goods: together they add no more than the cap."""

    group: Identifier = Field(description="levers that name the same group share its cap")
    cap: Annotated[float, In(Unit.MONEY_A_YEAR, 0)] = Field(
        description="the most that the group adds, in the scenario's unit a year"
    )


class Together(Strict):
    """Levers and risks of one group whose main values are drawn together."""

    group: Identifier = Field(description="levers and risks that name the same group share its correlation")
    correlation: Annotated[float, In(Unit.NUMBER, -1, 1, 0.05)] = Field(
        description="Spearman's correlation of any two main values; below 0 in a group of two"
    )


class Driver(Strict):
    """A lever or a risk.

    A kind says in ``main`` which field is its main value, and in ``either`` of which fields exactly one is
    stated.
    """

    main: ClassVar[str]
    either: ClassVar[tuple[str, ...]] = ()
    uncertain: ClassVar[Mapping[str, Address]] = {}  # every field that holds an uncertain number, by its name

    kind: str
    enabled: Flag = Field(True, description="off, it has no effect but keeps its draws")
    name: OptionalLine = Field(None, description="what it is called on charts")
    start: Annotated[Uncertain | None, In(Unit.MONTH, *MONTHS)] = Field(
        None,
        description="first month of effect; or the day (2019-05-15) from which that month counts in part; "
        "left out, the first month not yet observed",
    )
    phase_in: Annotated[Uncertain, In(Unit.MONTHS, 0, 240, 1)] = Field(
        AT_ONCE, description="months from the start until the full effect, evenly"
    )
    probability: Annotated[float, In(Unit.PROBABILITY, 0, 1, 0.05)] = Field(
        1.0, description="the chance to happen at all"
    )
    streams: Annotated[
        tuple[Text, ...] | dict[Text, float] | None,
        BeforeValidator(lambda raw: raw if raw is None else read_items(raw)),
        Each(
            Text,
            In(Unit.NUMBER, -10, 10, 0.1, reach=(-2, 2)),
            ".+",
            "with weights, as {exports: 1, imports: -0.5}, which multiply the percent: "
            "one draw moves them all",
            "the weight on the stream, which multiplies the percent",
        ),
    ] = Field(None, description="ids of the streams that it touches, or exports, imports; left out, all")
    cost: Annotated[float | None, In(Unit.MONEY, 0)] = Field(
        None,
        description="cost of one unit of the main value, in the scenario's unit; "
        "of a percent or a share, of one percentage point",
    )
    sources: dict[str, Text] = Field(
        default_factory=dict, description="for each field, its source or the word judgement"
    )
    overlap: Overlap | None = Field(
        None, description="the group of levers that sell the same goods, and its cap"
    )
    quota: Annotated[float | None, In(Unit.MONEY_A_YEAR, 0)] = Field(
        None, description="the most that it adds in a calendar year, whatever its group's cap"
    )
    requires: OptionalText = Field(
        None,
        description="id of the lever or risk without which it does not happen: its probability is that if "
        "the other happens, and it starts no earlier",
    )
    together: Together | None = Field(
        None, description="the group whose main values are drawn together: {group: oil, correlation: 0.8}"
    )
    bounds: dict[str, Annotated[tuple[Any, Any], BeforeValidator(read_items)]] = Field(
        default_factory=dict, description="for each field, the slider's [lowest, highest]"
    )
    happened: OptionalFlag = Field(
        None,
        description="whether it came about, once that is known; no answer depends on it, but of a target "
        "whose outcome is known track says what the measures cost it that did not happen",
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **options: Any) -> None:
        """Tell a kind its uncertain fields: once, for they are asked for with every number that moves."""
        super().__pydantic_init_subclass__(**options)
        cls.uncertain = {name: Address.parse(name) for name in uncertain_fields(cls)}

    @property
    def main_field(self) -> str:
        """The field of its main value: of alternatives, the one that is stated."""
        if self.main not in self.either:
            return self.main
        return next((field for field in self.either if getattr(self, field) is not None), self.main)

    def faults(self, streams: tuple[str, ...]) -> Iterator[tuple[Address, str]]:
        """What no single field can know, given the streams and totals that exist.

        Yields:
            address below the driver, and message.
        """
        yield from self._stream_faults(streams)
        yield from self._either_faults()
        fields = type(self).model_fields
        for section in ("sources", "bounds"):
            for key in getattr(self, section):
                if key not in fields:
                    yield Address.of(section, key), unknown(key, tuple(fields), "a field of this kind")
        for key in filter(fields.__contains__, self.bounds):
            yield from ((Address.of("bounds", key), message) for message in self._bound_faults(key))

    @property
    def named_streams(self) -> Iterator[tuple[Address, str]]:
        """The streams and directions that it names, each with the address below the driver."""
        weighed = isinstance(self.streams, Mapping)
        for index, stream in enumerate(self.streams or ()):
            yield Address.of("streams", stream if weighed else index), stream

    @lazy
    def items(self) -> int:
        """How many things of one kind it draws one by one: amounts by period, and what its kind repeats."""
        return self.amounts_listed

    @lazy
    def amounts_listed(self) -> int:
        """How many amounts it lists by period."""
        listed = (getattr(self, field, None) for field in self.uncertain)
        return sum(len(values) for values in listed if isinstance(values, Mapping))

    @property
    def in_money(self) -> bool:
        """Whether it adds money, and moves no percent."""
        return False

    def _stream_faults(self, streams: tuple[str, ...]) -> Iterator[tuple[Address, str]]:
        for address, stream in self.named_streams:
            if stream not in streams:
                yield address, unknown(stream, streams, "a stream")
        weighed = isinstance(self.streams, Mapping)
        if self.streams is not None and not self.streams:
            empty = "an empty mapping" if weighed else "an empty list"
            message = f"found {empty}, expected at least one stream; leave it out for all of them"
            yield Address.of("streams"), message
        elif weighed and self.in_money:
            message = "found weights on an effect in money; only a percent can be weighed"
            yield Address.of("streams"), f"{message}; write a list, and a lever for each amount"

    def _either_faults(self) -> Iterator[tuple[Address, str]]:
        stated = [field for field in self.either if getattr(self, field) is not None]
        if self.either and len(stated) != 1:
            what = "both " + " and ".join(stated) if stated else "neither " + " nor ".join(self.either)
            yield Address(), f"found {what}, expected exactly one of them"

    def _bound_faults(self, field: str) -> Iterator[str]:
        if self._mark(field) is None:
            yield f"found bounds for {field}, which is no number"
            return
        try:
            low, high = self.bounds_of(field) or (0.0, 1.0)
        except ValueError as error:
            yield str(error)
        else:
            if low >= high:
                lowest, highest = self.bounds[field]
                yield f"found [{show(lowest)}, {show(highest)}], expected [lowest, highest]"

    def bounds_of(self, field: str) -> tuple[float, float] | None:
        """The slider's bounds that are stated for a field, in its unit; None where none are.

        Raises:
            ValueError: they are no numbers of its unit, or outside its hard bounds.
        """
        mark = self._mark(field)
        if mark is None or field not in self.bounds:
            return None
        low, high = self.bounds[field]
        return mark.certain(low), mark.certain(high)

    def source(self, field: str) -> str:
        """Where the value of a field comes from, or the word judgement."""
        if field in self.sources:
            return self.sources[field]
        mark = self._mark(field)
        by_default = mark is not None and mark.source and field not in self.model_fields_set
        return mark.source if mark and by_default else str(Basis.JUDGEMENT)

    def _mark(self, field: str) -> In | None:
        known = type(self).model_fields.get(field)
        return In.of(known.metadata) if known else None


def faults_of(driver: Driver, streams: tuple[str, ...]) -> tuple[tuple[Address, str], ...]:
    """``Driver.faults``, kept by the driver: in a copy of a scenario all but one are the same as before."""
    known = _known_faults(driver)
    if streams not in known:
        known[streams] = tuple(driver.faults(streams))
    return known[streams]


@attached
def _known_faults(_: Driver) -> dict[tuple[str, ...], tuple[tuple[Address, str], ...]]:
    """The faults that were worked out, by the streams and totals that exist."""
    return {}


def uncertain_numbers(driver: Driver) -> Iterator[tuple[Address, Uncertain]]:
    """Every number of a driver that may be uncertain, items of mappings too; with its address below it."""
    for field in driver.uncertain.values():
        value: Any = field.get(driver, None)
        if isinstance(value, Mapping):
            yield from ((field / key, item) for key, item in value.items())
        elif value is not None:
            yield field, value


def uncertain_fields(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """The dotted names of all fields of a model that hold an uncertain number."""
    for name, field in model.model_fields.items():
        members = get_args(field.annotation) or (field.annotation,)
        for member in members:
            if member is Uncertain:
                yield prefix + name
            elif isinstance(member, type) and issubclass(member, BaseModel):
                yield from uncertain_fields(member, f"{prefix}{name}.")
