"""The assumptions of a scenario as a tree, and those in which several scenarios differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from simulator.levers.driver import Driver
from simulator.scenario.calibration import CALIBRATED
from simulator.scenario.vocabulary import Observation, Scenario
from simulator.values.address import Path
from simulator.values.figures import Figure
from simulator.values.uncertain import In, Uncertain

NO_ASSUMPTIONS = (
    "name",
    "sources",
    "bounds",
)  # what a measure or stream is called, where its values come from, how far its sliders reach
SAID = ("value", "growth", "error", "published")  # of a figure, beside its measure, period and source
PLAIN = ("as_of", "home", "partner", "usd_rate")


@dataclass(frozen=True)
class Leaf:
    """One value with its unit and where it comes from."""

    value: Any
    unit: str = ""
    source: str = ""

    @cached_property
    def shown(self) -> str:
        """What two equal values have in common: 610.5 and 610.50 were not published with the same precision."""
        return repr(self.value)

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

    ``path`` is that of ``--set`` (a figure's names its measure and period); ``nodes`` holds what each set has there; ``differs``
    the places of the sets that differ from the first.
    """

    path: Path
    nodes: tuple[Node, ...]
    differs: frozenset[int]

    @property
    def name(self) -> str:
        """The path as people write it."""
        return ".".join(map(str, self.path))

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


def _differing(nodes: Sequence[Node], path: Path = ()) -> Iterator[Assumption]:
    first = nodes[0]
    apart = frozenset(place for place, node in enumerate(nodes) if not _alike(first, node))
    if apart:
        yield Assumption(path, tuple(nodes), apart)
    if isinstance(first, Mapping):
        rest = [first if place in apart else node for place, node in enumerate(nodes)]
        for key in dict.fromkeys(key for node in rest for key in node):
            yield from _differing([node.get(key, ABSENT) for node in rest], (*path, key))


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
    found: dict[str, Node] = {name: Leaf(getattr(scenario, name)) for name in PLAIN}
    targets = {str(index): of.model(target, lambda _: "") for index, target in enumerate(scenario.target)}
    found["target"] = targets if several or len(targets) > 1 else targets["0"]
    found["streams"] = {
        key: of.model(stream, lambda _: "judgement") for key, stream in scenario.streams.items()
    }
    found["observations"] = of.figures(scenario.observations)
    found["alternatives"] = {name: Leaf(observations) for name, observations in scenario.alternatives.items()}
    stated = scenario.outlook.model_fields_set
    found["outlook"] = of.model(
        scenario.outlook, lambda field: "judgement" if field in stated else CALIBRATED["provenance"]
    )
    found["levers"] = {key: of.model(lever, lever.source) for key, lever in scenario.levers.items()}
    found["risks"] = {key: of.model(risk, risk.source) for key, risk in scenario.risks.items()}
    return found


@dataclass(frozen=True)
class _Reader:
    money: str

    def model(self, model: BaseModel, source: Callable[[str], str]) -> dict[str, Node]:
        found: dict[str, Node] = {}
        fields = type(model).model_fields
        for name in sorted(
            fields, key=Driver.model_fields.__contains__
        ):  # a kind's own fields before what all share, as files have it
            if name not in NO_ASSUMPTIONS:
                field, value = fields[name], getattr(model, name)
                found[name] = (
                    self.model(value, lambda _, outer=name: source(outer))  # type: ignore[misc]
                    if isinstance(value, BaseModel)
                    else Leaf(value, self._unit(field.metadata), source(name))
                )
        return found

    def figures(self, observations: Sequence[Observation]) -> dict[str, Node]:
        """Figures by measure and period, and by the day of publication where one was published again."""
        found: dict[str, Node] = {}
        for observation in observations:
            key = f"{observation.measure} {observation.period}"
            if key in found and observation.published:
                key += f" of {observation.published}"
            while key in found:
                key += " again"
            stated = {name: part for name in SAID if (part := getattr(observation, name)) is not None}
            found[key] = Leaf(stated, self.money, observation.source or "no source named")
        return found

    def _unit(self, metadata: Sequence[Any]) -> str:
        mark = next((mark for mark in metadata if isinstance(mark, In)), None)
        unit = mark.unit if mark and mark.unit != "number" else ""
        return self.money + unit.removeprefix("money") if unit.startswith("money") else unit


# Values as a file would write them


def written(node: Node) -> Any:
    """A node as a file would write it; parts that are left out are not written."""
    if isinstance(node, Mapping):
        return {key: value for key, child in node.items() if (value := written(child)) is not None}
    return node.plain


def plain(value: Any) -> Any:
    """A value in YAML's and JSON's own types."""
    if isinstance(value, Uncertain):
        return value.written()
    if isinstance(value, Figure):
        return next(
            (number for number in (int(value.amount), value.amount) if str(number) == str(value)), str(value)
        )
    if isinstance(value, Observation):
        return plain(
            {name: part for name in type(value).model_fields if (part := getattr(value, name)) is not None}
        )
    if isinstance(value, Mapping):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def flow(value: Any) -> str:
    """A written value on one line, as YAML's flow style has it."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:.12g}" if isinstance(value, int | float) else str(value)
