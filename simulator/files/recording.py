"""Figures of a table into the text of a scenario, in place; none is overwritten unless that is asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from simulator.errors import Fault, ScenarioError
from simulator.files.editing import edited, lengthened
from simulator.files.importing import Statistics, entry
from simulator.files.loading import Loaded, layered, load_text
from simulator.files.opening import checked
from simulator.files.strict_yaml import parse
from simulator.files.tables.choices import Choices
from simulator.files.tables.units import Scale
from simulator.scenario import Observation
from simulator.values.address import Address
from simulator.values.fields import read_date
from simulator.values.numerals import counted
from simulator.values.periods import Period, fiscal_years

OBSERVATIONS = "observations"
STEPS = {"month": 1, "quarter": 3, "year": 12}


@dataclass
class Recorded:
    """A scenario's text with figures in it, and what became of each figure, in words.

    ``kept`` are figures of the file that differ from the table's and stay; ``late`` those of the table that
    are not known on the scenario's day.
    """

    text: str
    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    already: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """For a machine: what became of each figure."""
        return {key: value for key, value in vars(self).items() if key != "text"}


@dataclass(frozen=True)
class _Stated:
    """A figure that a file holds: where, and what it says."""

    path: str
    value: Any
    published: dt.date | None
    single: bool


class Draft:
    """A scenario's file that figures are to be written into; it need not be complete yet."""

    def __init__(self, content: bytes, name: str, file: Path | None) -> None:
        """Read it.

        Raises:
            ScenarioError: it is no strict YAML, or what it extends cannot be read.
        """
        merged, _ = layered(content, name, file)
        stated, _ = parse(content, name)
        self.text, self.name, self.file = content.decode(), name, file
        self.plain: dict[str, Any] = merged.plain()
        self.stated: dict[str, Any] = stated.plain()

    @property
    def scale(self) -> Scale:
        """The currency and unit of its amounts."""
        return Scale(
            str(self.plain.get("currency") or "USD").upper(), str(self.plain.get("unit") or "million")
        )

    def choices(self, **options: Any) -> Choices:
        """How a table is to be read for it: of its pair of countries, unless others are named."""
        known: dict[str, Any] = {key: self._text(key) for key in ("home", "partner")}
        starts = self.plain.get("fiscal_year_starts")
        known |= {"fiscal_year_starts": starts} if isinstance(starts, int) else {}
        return Choices.of(**(known | {key: value for key, value in options.items() if value is not None}))

    def _text(self, key: str) -> str | None:
        value = self.plain.get(key)
        return value if isinstance(value, str) else None

    def record(self, statistics: Statistics, *, replace: bool = False) -> Recorded:
        """Its text with the figures of a table in it, read again to be sure that it can be answered.

        Args:
            statistics: the figures.
            replace: whether they replace figures of the same measure and period.

        Raises:
            ScenarioError: with every fault of the outcome, or because its figures stand in another file.
        """
        done = Recorded(self.text)
        changes: dict[str, Any] = {}
        items: dict[str, list[dict[str, Any]]] = {}
        lists = {OBSERVATIONS: statistics.observations}
        lists |= {f"alternatives.{name}": figures for name, figures in statistics.alternatives.items()}
        for path, figures in lists.items():
            self._check_place(path, figures)
            new = self._new(path, figures, changes, done, replace)
            if new:
                items[path] = [entry(observation) for observation in new]
        if changes or items:
            text = edited(self.text, changes, self.name) if changes else self.text
            done.text = lengthened(text, items, self.name) if items else text
            self.check(done.text)
        return done

    def check(self, text: str) -> Loaded:
        """A text of the scenario, once it is known that it can be answered.

        Raises:
            ScenarioError: with every fault.
        """
        return checked(load_text(text, self.name, file=self.file))

    def _check_place(self, path: str, figures: Sequence[Observation]) -> None:
        """Refuse to begin a list that would replace the one of the file that this one extends.

        Raises:
            ScenarioError: in words.
        """
        place = Address.parse(path)
        if figures and place.get(self.stated, None) is None and place.get(self.plain, None):
            base = self.stated.get("extends")
            advice = "import into that file, or copy its figures here first"
            message = (
                f"found {path} in what this file extends ({base}), which a list here would replace; {advice}"
            )
            raise ScenarioError([Fault(self.name, None, path, message)])

    def _new(
        self,
        path: str,
        figures: Sequence[Observation],
        changes: dict[str, Any],
        done: Recorded,
        replace: bool,
    ) -> list[Observation]:
        """The figures that are to be added to a list; of the others it is noted what becomes of them."""
        with fiscal_years(self.plain.get("fiscal_year_starts")):
            there = _figures(Address.parse(path).get(self.stated, None), path)
        new: list[Observation] = []
        for observation in figures:
            what = f"{observation.measure} {observation.period}"
            alike = there.get((observation.measure, observation.period), [])
            if self._late(observation):
                done.late.append(what)
            elif not alike or _later(observation, alike):
                new.append(observation)
                done.added.append(what)
            else:
                _meet(observation, alike, what, changes, done, replace)
        return new

    def _late(self, observation: Observation) -> bool:
        """Whether a figure without a date of publication ends after the scenario's day."""
        try:
            as_of = read_date(self.plain.get("as_of"))
        except ValueError:
            return False
        return observation.published is None and observation.period.last_day > as_of


def _figures(listed: Any, path: str) -> dict[tuple[str, Period], list[_Stated]]:
    """The amounts of a list of observations, by measure and period."""
    items = listed if isinstance(listed, list) else [listed] if isinstance(listed, Mapping) else []
    stated: dict[tuple[str, Period], list[_Stated]] = {}
    for number, item in enumerate(items):
        place = f"{path}.{number}" if isinstance(listed, list) else path
        for period, value, where in _amounts(item, place) if isinstance(item, Mapping) else ():
            single = _Stated(where, value, _date(item.get("published")), where == place)
            stated.setdefault((str(item.get("measure")), period), []).append(single)
    return stated


def _amounts(item: Mapping[str, Any], place: str) -> Iterator[tuple[Period, Any, str]]:
    """The periods and amounts of one figure, or of a series of them."""
    try:
        if item.get("value") is not None and "period" in item:
            yield Period.parse(item["period"]), item["value"], place
        elif isinstance(item.get("values"), list):
            step = STEPS[str(item.get("every"))]
            first = Period.parse(item["from"]).first
            for number, value in enumerate(item["values"]):
                last = first + (number + 1) * step - 1
                start = last - last % 12 if item.get("cumulative") is True else last - step + 1
                if value is not None:
                    yield Period(start, last), value, f"{place}.values.{number}"
    except (KeyError, ValueError):
        return  # a fault of the file, which is told when it is read as a scenario


def _date(value: Any) -> dt.date | None:
    try:
        return None if value is None else read_date(value)
    except ValueError:
        return None


def _equal(value: Any, amount: Decimal | None) -> bool:
    return isinstance(value, int | Decimal) and amount is not None and value == amount


def _later(observation: Observation, stated: Sequence[_Stated]) -> bool:
    """Whether a figure differs from all that the file holds of the same, and came out after them."""
    days = [item.published for item in stated]
    published = observation.published
    if published is None or any(_equal(item.value, _amount(observation)) for item in stated):
        return False
    return all(day is not None and day < published for day in days)


def _amount(observation: Observation) -> Decimal | None:
    return observation.value.digits if observation.value else None


def _meet(
    observation: Observation,
    stated: Sequence[_Stated],
    what: str,
    changes: dict[str, Any],
    done: Recorded,
    replace: bool,
) -> None:
    """Note what becomes of a figure of which the file holds one: nothing, unless it is to be replaced."""
    amount, last = _amount(observation), stated[-1]
    if any(_equal(item.value, amount) for item in stated):
        done.already.append(what)
    elif replace:
        changes[last.path] = entry(observation) if last.single else amount
        done.replaced.append(f"{what}: {amount} in place of {last.value}")
    else:
        done.kept.append(f"{what}: {last.value} stays, the table has {amount}")


def summary(done: Recorded) -> str:
    """What became of the figures, in one line."""
    parts = [
        f"{counted(len(done.added), 'figure')} added",
        f"{len(done.replaced)} replaced",
        f"{len(done.already)} already there",
        f"{len(done.kept)} kept as they were",
        f"{len(done.late)} later than the scenario's day",
    ]
    return ", ".join(part for part in parts if not part.startswith("0 ") or part.endswith("added"))
