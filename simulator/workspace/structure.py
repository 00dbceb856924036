"""In what two editions of a file differ beside the numbers and choices that can be turned, in a few words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from simulator.scenario import Observation, Scenario
from simulator.workspace.drivers import name_of


def structural(before: Scenario, after: Scenario) -> list[str]:
    """What differs: ``with Trade missions``, ``without Harmonised rules``, ``figures changed``."""
    if before is after:
        return []
    return [*_drivers(before, after), *_figures(before, after), *_day(before, after)]


def _drivers(before: Scenario, after: Scenario) -> Iterator[str]:
    """Levers and risks that one has and the other has not, or calls otherwise."""
    then, now = dict(before.drivers()), dict(after.drivers())
    for address in now:
        if address not in then:
            yield f"with {name_of(after, address)}"
        elif name_of(before, address) != name_of(after, address):
            yield f"{name_of(before, address)} called {name_of(after, address)}"
    yield from (f"without {name_of(before, address)}" for address in then if address not in now)


def _figures(before: Scenario, after: Scenario) -> Iterator[str]:
    """One figure more by its name; any other difference in short."""
    then, now = (Counter(map(_statement, scenario.figures)) for scenario in (before, after))
    more, fewer = now - then, then - now
    if fewer or more.total() > 1:
        yield "figures changed"
    elif more:
        ((measure, period, *_),) = more
        yield f"with {measure} {period}"


def _statement(figure: Observation) -> tuple[str, ...]:
    """A figure as text, with its day and source."""
    parts = (figure.value, figure.between, figure.growth, figure.error, figure.published, figure.source)
    return (figure.measure, str(figure.period), *map(str, parts))


def _day(before: Scenario, after: Scenario) -> Iterator[str]:
    if before.as_of != after.as_of:
        yield f"seen on {after.as_of.day} {after.as_of:%B %Y}"
