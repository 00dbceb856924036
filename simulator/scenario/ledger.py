"""The assumptions of a scenario as a tree, and those in which several scenarios differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

from pydantic import BaseModel

from simulator.caches import lazy
from simulator.levers.driver import Driver
from simulator.scenario.calibration import provenance
from simulator.scenario.parts import Observation, Outlook
from simulator.scenario.series import Series
from simulator.scenario.shocks import Shock
from simulator.scenario.vocabulary import Scenario
from simulator.values.address import Address
from simulator.values.basis import Basis
from simulator.values.currencies import Amount
from simulator.values.fields import Each, In
from simulator.values.figures import Figure
from simulator.values.notation import flow
from simulator.values.uncertain import Uncertain
from simulator.values.units import Unit

NO_ASSUMPTIONS = (
    "name",
    "sources",
    "source",
    "bounds",
)  # what a measure or stream is called, where its values come from, how far its sliders reach
STATED = (
    "value",
    "between",
    "growth",
    "error",
    "published",
)  # of a figure, beside its measure, period and source
TOP = Address()
PLAIN = ("as_of", "home", "partner", "usd_rate")


@dataclass(frozen=True)
class Leaf:
    """One value with its unit and where it comes from."""

    value: Any
    unit: str = ""
    source: str = ""

    @lazy
    def shown(self) -> str:
        """What two equal values have in common.

        610.5 and 610.50 were not published with the same precision.
        """
        foreign = isinstance(self.value, Amount) or (isinstance(self.value, Uncertain) and self.value.amounts)
        return str(self.plain) if foreign else repr(self.value)

    @property
    def plain(self) -> Any:
        """The value as a file would write it."""
        return plain(self.value)


class Absent:
    """What stands where a scenario has nothing."""

    plain = None


ABSENT = Absent()
Node = Any  # a Leaf, a mapping of nodes, or ABSENT


@dataclass(frozen=True)
class Assumption:
    """An assumption in which some sets differ from the first.

    ``path`` is that of ``--set`` (a figure's names its measure and period); ``nodes`` holds what each set has
    there; ``differs`` the places of the sets that differ from the first.
    """

    path: Address
    nodes: tuple[Node, ...]
    differs: frozenset[int]

    @property
    def name(self) -> str:
        """The path as people write it."""
        return str(self.path)

    @property
    def unit(self) -> str:
        """The unit of its values; empty where they have none."""
        return next((node.unit for node in self.nodes if isinstance(node, Leaf)), "")

    @property
    def sources(self) -> tuple[str | None, ...]:
        """Where each set's value comes from; None where a set has none, or one of many parts."""
        return tuple(node.source or None if isinstance(node, Leaf) else None for node in self.nodes)

    def to_dict(self, names: Sequence[str]) -> dict[str, Any]:
        """For a machine: values as a file would write them, None where a set has nothing there."""
        return {
            "assumption": self.name,
            "unit": self.unit or None,
            "values": {name: written(node) for name, node in zip(names, self.nodes, strict=True)},
            "sources": dict(zip(names, self.sources, strict=True)),
            "differs": [names[place] for place in sorted(self.differs)],
        }


def differing(scenarios: Sequence[Scenario]) -> tuple[Assumption, ...]:
    """The assumptions in which scenarios differ from the first of them, in the order of a file."""
    several = any(len(scenario.target) > 1 for scenario in scenarios)
    return tuple(_differing([tree(scenario, several) for scenario in scenarios]))


def _differing(nodes: Sequence[Node], path: Address = TOP) -> Iterator[Assumption]:
    first = nodes[0]
    apart = frozenset(place for place, node in enumerate(nodes) if not _alike(first, node))
    if apart:
        yield Assumption(path, tuple(nodes), apart)
    if isinstance(first, Mapping):
        alike = [first if place in apart else node for place, node in enumerate(nodes)]
        for key in dict.fromkeys(chain.from_iterable(alike)):
            yield from _differing([node.get(key, ABSENT) for node in alike], path / key)


def _alike(first: Node, other: Node) -> bool:
    """Whether two leaves are equal, or two mappings have parts that can be compared one by one."""
    if isinstance(first, Mapping) and isinstance(other, Mapping):
        return _kind(first) == _kind(other)
    if isinstance(first, Leaf) and isinstance(other, Leaf):
        return first.shown == other.shown
    return first is other


def _kind(node: Mapping[str, Node]) -> str | None:
    kind = node.get("kind")
    return kind.shown if isinstance(kind, Leaf) else None


# A scenario as a tree


def tree(scenario: Scenario, several: bool = False) -> dict[str, Node]:
    """The assumptions of a scenario, in the order of a file; its words (title, names, notes) are none.

    Args:
        scenario: whose.
        several: number the targets even if there is one.
    """
    of = _Reader(f"{scenario.unit} {scenario.currency}")
    targets = {str(index): of.model(target, lambda _: "") for index, target in enumerate(scenario.target)}
    streams, per_unit = scenario.streams.items(), f"{scenario.currency} for one"
    return {
        **{name: Leaf(getattr(scenario, name)) for name in PLAIN},
        "rates": {code: Leaf(rate, per_unit) for code, rate in scenario.rates.items()},
        "target": targets if several or len(targets) > 1 else targets["0"],
        "streams": {key: of.model(stream, lambda _: str(Basis.JUDGEMENT)) for key, stream in streams},
        "observations": of.figures(scenario.figures),
        "alternatives": {name: Leaf(items) for name, items in scenario.alternatives.items()},
        "shocks": {key: of.shock(shock) for key, shock in scenario.shocks.items()},
        "outlook": of.model(scenario.outlook, partial(_outlook_source, scenario.outlook)),
        "levers": of.models(scenario.levers),
        "risks": of.models(scenario.risks),
    }


def _outlook_source(outlook: Outlook, field: str) -> str:
    return str(Basis.JUDGEMENT if field in outlook.model_fields_set else provenance(field))


@dataclass(frozen=True)
class _Reader:
    money: str

    def model(self, model: BaseModel, source: Callable[[str], str]) -> dict[str, Node]:
        """The fields of a model: a kind's own before what all drivers share, as files have it."""
        fields = sorted(type(model).model_fields, key=Driver.model_fields.__contains__)
        return {name: self._node(model, name, source) for name in fields if name not in NO_ASSUMPTIONS}

    def shock(self, shock: Shock) -> dict[str, Node]:
        """The fields of a known shock, all from its source."""
        return self.model(shock, lambda _: shock.source or str(Basis.JUDGEMENT))

    def models(self, models: Mapping[str, Driver]) -> dict[str, Node]:
        """The fields of some models by their ids, each with the source that its model names."""
        return {key: self.model(model, model.source) for key, model in models.items()}

    def _node(self, model: BaseModel, name: str, source: Callable[[str], str]) -> Node:
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            return self.model(value, lambda _: source(name))
        metadata = type(model).model_fields[name].metadata
        items = Each.of(metadata) if isinstance(value, Mapping) else None
        return Leaf(value, self._unit([items.mark] if items else metadata), source(name))

    def figures(self, observations: Sequence[Observation]) -> dict[str, Node]:
        """Figures by measure and period, and by the day of publication where one was published again."""
        nodes: dict[str, Node] = {}
        for observation in observations:
            key = f"{observation.measure} {observation.period}"
            if key in nodes and observation.published:
                key += f" of {observation.published}"
            while key in nodes:
                key += " again"
            parts = {name: getattr(observation, name) for name in STATED}
            stated = {name: part for name, part in parts.items() if part is not None}
            nodes[key] = Leaf(stated, self.money, observation.source or "no source named")
        return nodes

    def _unit(self, metadata: Sequence[Any]) -> str:
        mark = In.of(metadata)
        if mark is None or mark.unit is Unit.NUMBER:
            return ""
        return self.money + mark.unit.removeprefix(Unit.MONEY) if mark.unit.money else str(mark.unit)


# Values as a file would write them


def written(node: Node) -> Any:
    """A node as a file would write it; parts that are left out are not written."""
    if isinstance(node, Mapping):
        return {key: value for key, child in node.items() if (value := written(child)) is not None}
    return node.plain


def plain(value: Any) -> Any:
    """A value in YAML's and JSON's own types."""
    if isinstance(value, Observation | Series):
        parts = {name: getattr(value, name) for name in type(value).model_fields}
        value = {name: part for name, part in parts.items() if part is not None}
    if isinstance(value, Mapping):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return _plain_scalar(value)


def _plain_scalar(value: Any) -> Any:
    if isinstance(value, Uncertain):
        return value.written()
    if isinstance(value, Amount):
        return value.text
    if isinstance(value, Figure):
        exact = [number for number in (int(value.amount), value.amount) if str(number) == str(value)]
        return exact[0] if exact else str(value)
    return value if isinstance(value, bool | int | float | str | None) else str(value)


def legible(value: Any) -> str:
    """A written value on one line, as a table shows it: ``on`` and ``off``, texts without quotes."""
    return flow(value, text=str, number="{:.12g}".format, flags=("off", "on"), nothing="None")
