"""What a scenario states: how many published numbers, and what each of its other inputs rests on."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.ledger import Leaf, tree, written
from simulator.scenario.vocabulary import Scenario
from simulator.values.basis import Basis

NO_INPUTS = {"kind", "enabled", "name", "source"}  # what is no value


def numbers(scenario: Scenario) -> int:
    """How many published numbers count: an amount and its growth are two."""
    return sum(
        (figure.value is not None or figure.between is not None) + (figure.growth is not None)
        for figure in scenario.counted
    )


def bases(scenario: Scenario) -> tuple[Basis, ...]:
    """What each input of the outlook, the streams, known shocks, measures and risks rests on."""
    return (*_streams(scenario), *_shocks(scenario), *_outlook(scenario), *_drivers(scenario))


def _streams(scenario: Scenario) -> Iterator[Basis]:
    if "streams" in scenario.model_fields_set:
        yield from (Basis.JUDGEMENT for stream in scenario.streams.values() if stream.share is not None)


def _shocks(scenario: Scenario) -> Iterator[Basis]:
    nodes = tree(scenario)["shocks"]
    for key, shock in scenario.shocks.items():
        stated = shock.model_fields_set - NO_INPUTS
        yield from (Basis.of(node.source) for name, node in nodes[key].items() if name in stated)


def _outlook(scenario: Scenario) -> Iterator[Basis]:
    nodes = tree(scenario)["outlook"]
    yield from (Basis.of(nodes[name].source) for name in scenario.outlook.model_fields_set if name in nodes)


def _drivers(scenario: Scenario) -> Iterator[Basis]:
    nodes = tree(scenario)
    for address, driver in scenario.drivers():
        stated = {*driver.model_fields_set, driver.main_field} - NO_INPUTS
        for name, node in address.get(nodes).items():
            if name in stated and written(node) is not None:
                source = driver.source(name) or (node.source if isinstance(node, Leaf) else "")
                yield Basis.of(source)
