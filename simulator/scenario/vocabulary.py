"""The vocabulary of a scenario: a frozen model, each field with its unit, meaning, bounds and default.

A parameter is declared once, here or in ``parts`` or at its lever; validation, sliders, the JSON Schema and
the documentation are derived from it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from simulator.caches import Hashed, lazy
from simulator.levers import Lever, Risk
from simulator.levers.driver import Driver
from simulator.scenario.consistency import DIRECTIONS, inconsistencies
from simulator.scenario.measures import PLUS, parts
from simulator.scenario.parts import Observation, Outlook, Stream
from simulator.scenario.remarks import APPROVED, Approval, Comment, Entry
from simulator.scenario.series import Item, Placed, Series, expanded
from simulator.scenario.shocks import Shock, StruckStreams
from simulator.scenario.targets import Target
from simulator.values.address import Address, Key
from simulator.values.currencies import CODE, Rate
from simulator.values.fields import (
    Date,
    Identifier,
    In,
    Line,
    OptionalLine,
    OptionalText,
    Strict,
    read_some,
)
from simulator.values.periods import Period, Years, fiscal_years
from simulator.values.rates import RateField, exchanged, rates, rates_of
from simulator.values.units import ABOVE_ZERO, Unit

# what amounts in other currencies are read by, with what holds where a file states nothing
_RATES_OF: dict[str, Any] = {"rates": None, "currency": "USD", "usd_rate": None}
DATA = frozenset(
    {"as_of", "streams", "observations", "alternatives", "fiscal_year_starts", "shocks", *_RATES_OF}
)
_IS_COPY = ContextVar("what is validated is a copy with some fields replaced", default=False)
_DATA_IS_SOUND = ContextVar("the streams and figures of a copy are those of its original", default=False)
# what is worked out from the data alone
OF_DATA = (
    "placed",
    "figures",
    "counted",
    "evidence",
    "repeated",
    "superseded",
    "grounds",
    "exchange_rates",
)

CurrencyCode = Annotated[str, Field(pattern=f"^{CODE.pattern}$")]
Figures = Annotated[tuple[Item, ...], BeforeValidator(read_some)]


class Scenario(Strict):
    """One set of assumptions: figures, outlook, measures, risks and the target."""

    title: Line = Field(description="a line that says what is asked")
    description: OptionalText = Field(None, description="a few sentences on the case")
    author: OptionalLine = Field(None, description="who wrote it")
    fiscal_year_starts: Annotated[float | None, In(Unit.WHOLE_NUMBER, 2, 12)] = Field(
        None,
        description="the month, 2 to 12, in which fiscal years such as FY2021-22 begin; then a year is one",
    )
    as_of: Date = Field(
        description="the day on which the question is asked; figures published later do not count"
    )
    home: OptionalLine = Field(None, description="the country from which exports leave")
    partner: OptionalLine = Field(None, description="the other country")
    currency: Line = Field("USD", description="currency of every amount")
    unit: Line = Field("million", description="unit of every amount")
    usd_rate: Annotated[float | None, In(Unit.NUMBER, ABOVE_ZERO)] = Field(
        None,
        description="US dollars for one unit of the currency: amounts may then be written as 12.3 USD",
    )
    rates: dict[CurrencyCode, RateField] = Field(
        default_factory=dict,
        description="units of the currency for one of another, in which amounts such as 12.3 EUR may then be "
        "written; uncertain, or by period where a rate is a mapping",
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
        description="other readings of the data, "
        "each a whole list of observations that stands in for the first",
    )
    shocks: dict[Identifier, Shock] = Field(
        default_factory=dict,
        description="known shocks of the past, by id: their months say nothing of how rough trade usually is",
    )
    outlook: Outlook = Field(Outlook(), description="parameters of the baseline law")
    levers: dict[Identifier, Annotated[Lever, Field(discriminator="kind")]] = Field(
        default_factory=dict, description="the measures, by id"
    )
    risks: dict[Identifier, Annotated[Risk, Field(discriminator="kind")]] = Field(
        default_factory=dict, description="named events beyond the usual risk, by id; off unless enabled"
    )
    notes: OptionalText = Field(None, description="what a reader of the answer should know")
    approved: Approval | None = Field(
        None, description="who approved the scenario as it stands, and when; the next change takes it away"
    )
    reviewed_by: OptionalLine = Field(None, description="who checked the assumptions and their sources")
    reviewed_on: Date | None = Field(None, description="the day on which they were checked")
    log: tuple[Entry, ...] = Field((), description="what was changed in the file and why, by whom and when")
    comments: tuple[Comment, ...] = Field((), description="what was said of single inputs, by whom and when")

    @model_validator(mode="wrap")
    @classmethod
    def _in_its_years(cls, data: Any, handler: Callable[[Any], Self]) -> Self:
        """Read fiscal years as this scenario has them."""
        starts = data.get("fiscal_year_starts") if isinstance(data, Mapping) else None
        stated = data if isinstance(data, Mapping) else {}
        money = (stated.get(name, default) for name, default in _RATES_OF.items())
        with fiscal_years(starts), rates(*money):
            return handler(data)

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        faults = list(inconsistencies(self, data=not _DATA_IS_SOUND.get(), comments=not _IS_COPY.get()))
        if faults:
            text = "\n".join(f"{address}: {message}" for address, message in faults)
            raise PydanticCustomError("scenario", "{text}", {"text": text, "faults": faults})
        return self

    def members(self, measure: str) -> tuple[str, ...]:
        """The ids of the streams that a measure adds up (for a balance: all)."""
        if measure in ("turnover", "balance"):
            return tuple(self.streams)
        if PLUS in measure:
            return tuple(member for part in parts(measure) for member in self.members(part))
        streams = self.streams.items()
        labelled = tuple(key for key, s in streams if measure in (s.direction, s.partner))
        return labelled if labelled or measure in DIRECTIONS else (measure,)

    @property
    def partners(self) -> tuple[str, ...]:
        """The countries that streams name as theirs, in the order of the streams: each is a measure."""
        return tuple(dict.fromkeys(s.partner for s in self.streams.values() if s.partner is not None))

    @property
    def goals(self) -> tuple[Target, ...]:
        """All that must hold: every target, for each of its periods alone."""
        return tuple(alone for target in self.target for alone in target.alone)

    @property
    def horizon(self) -> int:
        """The last month that any target is about, now or as it once stood."""
        return max(form.period.last for target in self.target for form in target.forms)

    @property
    def years(self) -> Years:
        """What a year is: a calendar year or, where the scenario says when it begins, a fiscal year."""
        return Years(int(self.fiscal_year_starts or 1))

    def period(self, text: object) -> Period:
        """A period as this scenario writes them.

        Raises:
            ValueError: it is none.
        """
        with fiscal_years(self.fiscal_year_starts):
            return Period.parse(text)

    def touched(self, driver: Driver) -> tuple[str, ...]:
        """The ids of the streams that a lever or risk touches, in the order of the scenario's streams."""
        return self._named(driver.streams)

    def _named(self, names: Iterable[str] | None) -> tuple[str, ...]:
        """The ids of the streams that some names stand for, in the order of the scenario's; None for all."""
        if names is None:
            return tuple(self.streams)
        members = {member for name in names for member in self.members(name)}
        return tuple(stream for stream in self.streams if stream in members)

    def target_address(self, index: int) -> Address:
        """Where a file states a target: one alone needs no number."""
        return Address.of("target") if len(self.target) == 1 else Address.of("target", index)

    def drivers(self) -> Iterator[tuple[Address, Driver]]:
        """Every lever, then every risk, also those that are switched off, each with its address."""
        return iter(self._drivers)

    @lazy
    def _drivers(self) -> tuple[tuple[Address, Driver], ...]:
        sections = (("levers", self.levers), ("risks", self.risks))
        return tuple((Address.of(name, key), one) for name, those in sections for key, one in those.items())

    @lazy
    def counted(self) -> tuple[Observation, ...]:
        """The observations known at ``as_of``, each figure once.

        Of several dated ones of the same measure and period the latest published.
        """
        return tuple(figure for _, figure in self.evidence.value)

    @lazy
    def evidence(self) -> Hashed[tuple[Placed, ...]]:
        """The same, each with its place in the scenario: what a law is fitted to."""
        return self._evidence(Address.of("observations"), self.placed)

    def evidence_of(
        self, address: Address, observations: tuple[Observation | Series, ...]
    ) -> Hashed[tuple[Placed, ...]]:
        """Those of one reading of the data that count; where it stands in the scenario."""
        if observations is self.observations:
            return self.evidence
        return self._evidence(address, self.expanded(observations))

    def _evidence(self, address: Address, placed: Iterable[Placed]) -> Hashed[tuple[Placed, ...]]:
        return Hashed(tuple((address.join(place), figure) for place, figure in self._counting(placed)))

    @lazy
    def figures(self) -> tuple[Observation, ...]:
        """The observations, those of series one by one."""
        return tuple(figure for _, figure in self.placed)

    @lazy
    def placed(self) -> tuple[Placed, ...]:
        """The same, each with its place among the observations."""
        return tuple(expanded(self.observations, self.years))

    def expanded(self, observations: Iterable[Observation | Series]) -> tuple[Placed, ...]:
        """Some observations, those of series one by one, each with its place among them."""
        if observations is self.observations:
            return self.placed
        return tuple(expanded(observations, self.years))

    def _counting(self, placed: Iterable[Placed]) -> tuple[Placed, ...]:
        known = [(place, o) for place, o in placed if o.known(self.as_of)]
        latest: dict[Hashable, dt.date] = {}
        for _, o in known:
            latest[o.of] = max(latest.get(o.of, dt.date.min), o.published or dt.date.min)
        first: dict[Hashable, Placed] = {}
        for place, o in known:
            if o.published in (None, latest[o.of]):
                first.setdefault(o.says, (place, o))
        return tuple(first.values())

    @lazy
    def repeated(self) -> tuple[Observation, ...]:
        """The observations that say again what one that counts says."""
        statements = {o.says for o in self.counted}
        return tuple(o for o in self._uncounted(self.counted) if o.says in statements)

    @lazy
    def superseded(self) -> tuple[Observation, ...]:
        """The observations known at ``as_of`` that a later publication of the same figure replaces."""
        return self._uncounted((*self.counted, *self.repeated))

    def _uncounted(self, apart: tuple[Observation, ...]) -> tuple[Observation, ...]:
        """The observations known at ``as_of`` but for some of them."""
        known = {id(o) for o in apart}
        return tuple(o for o in self.figures if o.known(self.as_of) and id(o) not in known)

    @lazy
    def grounds(self) -> str:
        """The streams and the figures that count, as text: with the outlook, all that a law is fitted to."""
        return repr((self.streams, self.counted, self.struck))

    @property
    def struck(self) -> StruckStreams:
        """Of every known shock the streams, the months and whether it lasts."""
        return tuple(
            (self._named(shock.streams), shock.period, shock.lasting) for shock in self.shocks.values()
        )

    def changed(self, **fields: Any) -> Scenario:
        """A revalidated copy with some top-level fields replaced."""
        stated = {name: getattr(self, name) for name in self.model_fields_set} | fields
        if fields and APPROVED not in fields:
            stated.pop(APPROVED, None)  # it was of the scenario as it stood
        if self.rates or self.usd_rate or fields.keys() & _RATES_OF.keys():
            stated |= self._exchanged(stated, fields)
        same_data = not fields.keys() & DATA
        tokens = _DATA_IS_SOUND.set(same_data), _IS_COPY.set(True)
        try:
            copied = Scenario.model_validate(stated)
        finally:
            _DATA_IS_SOUND.reset(tokens[0])
            _IS_COPY.reset(tokens[1])
        return self._handed_on(copied) if same_data else copied

    def _exchanged(self, stated: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
        """The fields that are replaced, all where rates are among them, with every amount at its rates."""
        if not fields.keys() & _RATES_OF.keys():
            return {name: exchanged(value, self.exchange_rates) for name, value in fields.items()}
        known = rates_of(*(stated.get(name, default) for name, default in _RATES_OF.items()))
        return {name: exchanged(value, known) for name, value in stated.items()}

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with some fields replaced, not validated again."""
        copied = super().model_copy(update=update, deep=deep)
        return copied if update and update.keys() & DATA else self._handed_on(copied)

    def _handed_on(self, copied: Self) -> Self:
        """A copy of the same data: what was worked out from them is still true."""
        copied.__dict__.update({name: self.__dict__[name] for name in OF_DATA if name in self.__dict__})
        return copied

    @lazy
    def exchange_rates(self) -> Mapping[str, Rate]:
        """The rates of other currencies, by code."""
        return rates_of(self.rates, self.currency, self.usd_rate)

    def restated(self, values: Mapping[Address, Any]) -> Scenario:
        """A revalidated copy with what a file states at some addresses.

        Raises:
            ValueError: what a field does not take, or what does not hang together.
        """
        fields: dict[str, Any] = {}
        for address, value in values.items():
            holder = fields.get(address.section, getattr(self, address.section))
            try:
                turned = None if self.rates or self.usd_rate else _renumbered(holder, address[1:], value)
            except ValueError as error:
                raise ValueError(f"{address}: {error}") from None
            fields[address.section] = turned or Address(address[1:]).put(holder, value, stated=True)
        return self.changed(**fields)


def _renumbered(holder: Any, keys: tuple[Key, ...], value: Any) -> Any:
    """A copy with one number of a lever, a risk or the outlook read as its field reads it.

    All else in it is read already. None where it is no such number; then all of it is read again.

    Raises:
        ValueError: the field does not take it.
    """
    key = keys[0] if keys else None
    if isinstance(holder, dict):
        below = _renumbered(holder.get(key), keys[1:], value)
        return None if below is None else holder | {key: below}
    if (
        not isinstance(holder, Strict)
        or key not in type(holder).model_fields
        or _has_validators(type(holder))
    ):
        return None
    name = str(key)
    below = (
        _renumbered(getattr(holder, name), keys[1:], value)
        if len(keys) > 1
        else _read(type(holder).model_fields[name], value)
    )
    return None if below is None else holder.model_copy(update={name: below})


def _read(field: FieldInfo, value: Any) -> Any:
    """A number as a field reads it; None where it may be something else too."""
    mark = In.of(field.metadata) if len(field.metadata) == 1 else None
    return None if mark is None or value is None else mark.read(value, field.annotation)


def _has_validators(model: type[Strict]) -> bool:
    """Whether a model looks at more than one field at a time, or at one in a way of its own."""
    rules = model.__pydantic_decorators__
    return bool(rules.field_validators or rules.model_validators)
