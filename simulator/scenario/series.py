"""A series of published figures, one a month, quarter or year, as statistics offices print them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, create_model

from simulator.caches import attached
from simulator.scenario.measures import MeasureField
from simulator.scenario.parts import Observation, at_least_zero, below_zero, converted
from simulator.values.address import Address
from simulator.values.fields import Flag, OptionalDate, OptionalText, PeriodField, Strict, read_items
from simulator.values.figures import Figure, Published
from simulator.values.periods import Period, Years

STEPS = {"month": 1, "quarter": 3, "year": 12}
FORMS = ("<figure>", "<series>")  # what pydantic calls the two in the place of a fault

Placed = tuple[Address, Observation]  # a figure, with its place in the list that it stands in

if TYPE_CHECKING:

    class _Begun(Strict):
        measure: str

else:  # the word of the file is one that Python keeps to itself
    _Begun = create_model(
        "_Begun",
        __base__=Strict,
        measure=(MeasureField, Field(description="as of a single figure")),
        **{"from": (PeriodField, Field(description="the first period, or a longer one that begins with it"))},
    )


class Series(_Begun):
    """Published sums over periods that follow one another, or over the year so far."""

    model_config = at_least_zero(values={"items": {"minimum": 0}})
    marks: ClassVar[frozenset[str]] = frozenset({"from", "every", "values", "cumulative"})

    every: Literal["month", "quarter", "year"] | None = Field(
        None, description="the length of a period; left out, that of the first one"
    )
    values: Annotated[
        tuple[Annotated[Figure | None, Published("money")], ...], BeforeValidator(read_items)
    ] = Field(description="the sums, in the scenario's unit, one a period; null where none is published")
    cumulative: Flag = Field(
        False,
        description="whether a sum runs from the beginning of its year, as January-to-month tables have it",
    )
    error: Annotated[Figure | None, Published("either", 0, strict=True)] = Field(
        None, description="standard error of every figure; left out, half the last published digit"
    )
    published: OptionalDate = Field(None, description="when all became known; left out, they count as known")
    source: OptionalText = Field(None, description="where they were published")

    @property
    def begins(self) -> Period:
        """The first period, or a longer one that begins with it."""
        return getattr(self, "from")

    @property
    def step(self) -> int | None:
        """The months of a period; None where nothing says how many."""
        if self.every is not None:
            return STEPS[self.every]
        return self.begins.months if self.begins.months in STEPS.values() else None

    @property
    def count(self) -> int:
        """How many figures it holds."""
        return sum(value is not None for value in self.values)

    @property
    def uncertain(self) -> bool:
        """Whether its figures are known within an error only."""
        return self.error is not None

    def known(self, as_of: dt.date) -> bool:
        """Whether it was published on or before that day."""
        return self.published is None or self.published <= as_of

    def faults(self, years: Years) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What is wrong with it: (place below it, message).

        Args:
            years: what a year is.
        """
        if not any(value is not None for value in self.values):
            what = "a series without a figure" if self.values else "an empty list"
            yield ("values",), f"found {what}, expected at least one; leave the series out if there is none"
        yield from ((("from",), message) for message in self._faults_of_begin(years))
        for number, value in enumerate(self.values):
            if message := below_zero(self.measure, value):
                yield ("values", number), message
        for number, period in self.periods(years):
            try:
                converted(self.values[number], period)
            except ValueError as error:
                yield ("values", number), str(error)

    def _faults_of_begin(self, years: Years) -> Iterator[str]:
        if self.step is None:
            yield f"found {self.begins}, expected every: with one of {', '.join(STEPS)}"
        elif self.begins.first % self.step and (self.begins.first - years.starts + 1) % self.step:
            name = {months: name for name, months in STEPS.items()}[self.step]
            yield f"found {self.begins}, in which no {name} begins; expected the first {name}"

    def figures(self, years: Years) -> Iterator[tuple[int, Observation]]:
        """Every published figure, with its number in the list.

        Args:
            years: what a year is.
        """
        known = _figures_by_years(self)
        if years not in known:
            known[years] = tuple(
                (number, self._figure(value, period))
                for number, period in self.periods(years)
                if (value := self.values[number]) is not None
            )
        yield from known[years]

    def periods(self, years: Years) -> Iterator[tuple[int, Period]]:
        """The number and the period of every value."""
        step = self.step or 1
        for number in range(len(self.values)):
            yield number, self._period(self.begins.first + number * step, step, years)

    def _period(self, first: int, step: int, years: Years) -> Period:
        last = first + step - 1
        if self.cumulative:
            first = years.year(years.number(last)).first
        period = Period(first, last)
        return years.year(years.number(first)) if years.one(period) else period

    def _figure(self, value: Figure, period: Period) -> Observation:
        return Observation.model_construct(
            measure=self.measure,
            period=period,
            value=value.at(period),
            error=None if self.error is None else self.error.at(period),
            published=self.published,
            source=self.source,
        )


@attached
def _figures_by_years(_: Series) -> dict[Years, tuple[tuple[int, Observation], ...]]:
    """The figures of a series as far as they were worked out, by what a year is."""
    return {}


def form(raw: object) -> str:
    """Which of the two forms a figure of a file has."""
    if isinstance(raw, Series) or (isinstance(raw, Mapping) and not Series.marks.isdisjoint(raw)):
        return FORMS[1]
    return FORMS[0]


Item = Annotated[
    Annotated[Observation, Tag(FORMS[0])] | Annotated[Series, Tag(FORMS[1])], Discriminator(form)
]


def expanded(items: Iterable[Observation | Series], years: Years) -> Iterator[Placed]:
    """Figures and those of series, one by one, each with its place in the list.

    Args:
        items: as a file has them.
        years: what a year is.
    """
    for number, item in enumerate(items):
        if isinstance(item, Series):
            yield from (
                (Address.of(number, "values", place), figure) for place, figure in item.figures(years)
            )
        else:
            yield Address.of(number), item
