"""Scenario to answer: the only place that knows in which order the parts are called."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Hashable, Iterator
from dataclasses import replace
from functools import partial

from simulator.caches import MEGABYTE, Cache, attached, keep
from simulator.errors import BaselineError, refusing
from simulator.levers import KINDS
from simulator.levers.driver import Driver
from simulator.levers.kit import Effect, Grid
from simulator.model.acting import Part
from simulator.model.combined import Combined
from simulator.model.driver_draws import Link, driver_draws, occurrence
from simulator.model.law import fit_scenario
from simulator.model.normals import usual_levers
from simulator.model.other_settings import Range
from simulator.model.paths import Paths, layout
from simulator.model.result import Result
from simulator.model.streams import Streams
from simulator.model.targets import hit
from simulator.model.totals import Flows
from simulator.model.unseen import unseen
from simulator.numerics.draws import FEW_POINTS, POINTS, SEED, Draws, Layout, check_points
from simulator.scenario import Outlook, Scenario
from simulator.scenario.calibration import CALIBRATED
from simulator.scenario.dependence import at_work, bonds, chain, dependents
from simulator.scenario.sizes import require_drawable
from simulator.stopping import go_on
from simulator.values.address import Address
from simulator.values.currencies import Rate
from simulator.values.rates import rates_in

# bytes of paths, of effects and of both together that are kept: a moved slider works out only what it changes
KEPT = Cache(__name__, 384 * MEGABYTE, size=lambda part: part.nbytes)


@refusing
def simulate(
    scenario: Scenario,
    *,
    points: int = POINTS,
    seed: int = SEED,
    columns: Layout | None = None,
    twins: frozenset[str] = frozenset(),
) -> Result:
    """How likely a scenario's target is to be met.

    Args:
        scenario: the set of assumptions.
        points: draws in all, a power of two.
        seed: of every draw, 0 or more.
        columns: whose draw is whose; left out, the scenario's own. A comparison passes one for all its sets.
        twins: names of draws that are drawn again while all others stay, for sensitivity.

    Raises:
        BaselineError: the figures contradict each other beyond their errors.
        NotKnown: the target asks for what no figure tells.
        ValueError: points or seed cannot be used.
    """
    go_on()
    begun = time.perf_counter()
    check_points(points)
    require_drawable(scenario, points)
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        raise ValueError(f"found seed {seed!r}, expected a whole number from 0")
    simulation = _Simulation(scenario, _draws(scenario, points, seed, columns, twins))
    flows = simulation.flows(frozenset())
    result = Result(
        scenario,
        points,
        seed,
        flows,
        simulation.flows,
        partial(_range, scenario, min(points, FEW_POINTS), seed),
        begun,
    )
    result.estimate  # noqa: B018  (the headline is part of simulating; all else waits until it is asked for)
    return result


class _Simulation:
    """The paths of a scenario and the effect of each lever and risk, to be put together in any set."""

    def __init__(self, scenario: Scenario, draws: Draws) -> None:
        self.paths, self.drivers = _paths(scenario, draws), dict(scenario.drivers())
        self.effects = Combined(list(_parts(scenario, self.paths.streams)))

    def flows(self, without: frozenset[Address]) -> Flows:
        """The flows with some levers or risks switched off."""
        every = _flows(self.paths, self.effects)
        return _flows(self.paths, self.effects.without(dependents(without, self.drivers)), every)


def _draws(
    scenario: Scenario,
    points: int,
    seed: int,
    columns: Layout | None = None,
    twins: frozenset[str] = frozenset(),
) -> Draws:
    columns = columns.extended(layout(scenario).names) if columns else layout(scenario)
    return Draws(columns, points, seed, twins)


def _paths_key(scenario: Scenario, draws: Draws) -> Hashable:
    """All that the paths depend on."""
    usual = tuple(_text(lever) for lever, _ in usual_levers(scenario))
    targets = tuple(target.quantity for target in scenario.goals)
    return scenario.grounds, scenario.outlook, targets, usual, draws


@keep(KEPT, key=_paths_key)
def _paths(scenario: Scenario, draws: Draws) -> Paths:
    return Paths.of(scenario, fit_scenario(scenario), draws)


def _parts(scenario: Scenario, streams: Streams) -> Iterator[Part]:
    """The effect of everything that is switched on, risks first."""
    drivers = dict(scenario.drivers())
    working, bound = at_work(drivers), bonds(drivers)
    for place in sorted(drivers, key=lambda place: place.section != "risks"):
        if place in working:
            links = (place, *chain(place, drivers))
            part = _part if streams.draws.twins else _kept_part
            yield part(tuple(Link(link, drivers[link], bound.get(link)) for link in links), streams)


def _links_key(links: tuple[Link, ...]) -> Hashable:
    return tuple((link.place, _text(link.driver), link.bond) for link in links)


def _rates_of(links: tuple[Link, ...]) -> tuple[Rate, ...]:
    """The rates of exchange of all money in some links: their text names currencies, and no rate."""
    return tuple(rate for link in links for rate in _rates(link.driver))


@attached
def _rates(driver: Driver) -> tuple[Rate, ...]:
    return rates_in(driver)


def _part_key(links: tuple[Link, ...], streams: Streams) -> Hashable:
    """All that a part depends on."""
    return _links_key(links), streams.serial, _rates_of(links)


def _part(links: tuple[Link, ...], streams: Streams) -> Part:
    place, driver, _ = links[0]
    effect = _effect(links, streams.grid, streams.draws)
    return Part(driver, effect, streams.grid, place, unseen(links, streams.grid, streams.draws))


# with numbers drawn again streams are asked once: what is kept of them would only drive out the effects
_kept_part = keep(KEPT, key=_part_key)(_part)


def _effect_key(links: tuple[Link, ...], grid: Grid, draws: Draws) -> Hashable:
    """All that an effect depends on: of the baseline no more than its months and streams."""
    rates = _rates_of(links)
    exchange = (rates, grid.exchange.key) if rates and grid.exchange else None
    drawn = draws if exchange else _read(draws, links)
    return _links_key(links), grid.ahead, grid.streams, tuple(grid.members.items()), drawn, exchange


def _read(draws: Draws, links: tuple[Link, ...]) -> Draws:
    """The draws as some links read them: where others are drawn again, nothing changes for these."""
    if not draws.twins:
        return draws
    names = [str(link.place) for link in links] + [link.bond.column for link in links if link.bond]
    twins = frozenset(twin for twin in draws.twins if any(_meet(twin, name) for name in names))
    return replace(draws, twins=twins)


def _meet(twin: str, name: str) -> bool:
    """Whether either name stands for draws under the other."""
    return f"{twin}.".startswith(f"{name}.") or f"{name}.".startswith(f"{twin}.")


@keep(KEPT, key=_effect_key)
def _effect(links: tuple[Link, ...], grid: Grid, draws: Draws) -> Effect:
    """The effect of the first of some links, each of which requires the next."""
    driver, after = links[0].driver, occurrence(links[1:], grid, draws)
    return KINDS[driver.kind].effect(driver, grid, driver_draws(links[0], draws), after)


def _flows_key(paths: Paths, effects: Combined, *_: Flows) -> Hashable:
    """All that flows depend on."""
    return paths, effects.parts


@keep(KEPT, key=_flows_key)
def _flows(paths: Paths, effects: Combined, every: Flows | None = None) -> Flows:
    """The flows under some effects; ``every`` are those under more, which save work and change nothing."""
    return Flows(paths, effects, every)


@attached
def _text(driver: Driver) -> str:
    """All that the effect of a lever or risk depends on, as text."""
    text = driver.model_dump_json(exclude={"name", "sources", "bounds", "cost", "happened"})
    # a day that was moved to a shorter month is no day there, and a file would state the month alone
    return f"{text} {driver.start.values}" if driver.start is not None and driver.start.by_day else text


def _range(scenario: Scenario, points: int, seed: int, headline: float) -> Range:
    """The headline among the calibrated sets on the declared data, and the best on each other reading of it.

    A parameter that the scenario states itself stays as stated. The effects of levers, and how their money is
    shared out among streams, stay those of the scenario wherever they are laid out on the same months.
    """
    sources = [("as stated", headline)]
    draws = _draws(scenario, points, seed)
    flows = _Simulation(scenario, draws).flows(frozenset())
    near = hit(scenario, flows)

    def probability(other: Scenario, draws: Draws) -> float:
        go_on()
        paths = _paths(other, draws)
        if paths.ahead == flows.paths.ahead:
            return hit(other, _flows(paths, flows.effects), near).probability
        return hit(other, _Simulation(other, draws).flows(frozenset()), near).probability

    for name, outlook in _outlooks(scenario.outlook, frozenset(scenario.outlook.model_fields_set)):
        # a set under which these figures have no law is no reasonable alternative for them
        with contextlib.suppress(BaselineError):
            sources.append((name, probability(scenario.model_copy(update={"outlook": outlook}), draws)))
    for name, observations in scenario.alternatives.items():
        other = scenario.changed(observations=observations, alternatives={})
        columns = draws.layout.extended(layout(other).names)
        sources.append((name, probability(other, replace(draws, layout=columns))))
    return Range(min(p for _, p in sources), max(p for _, p in sources), tuple(sources))


@keep(MEGABYTE)
def _outlooks(outlook: Outlook, stated: frozenset[str]) -> tuple[tuple[str, Outlook], ...]:
    """Each calibrated parameter set that changes anything, with what is stated kept."""
    outlooks = []
    for chosen in CALIBRATED["sets"]:
        change = {key: value for key, value in chosen.items() if key != "name" and key not in stated}
        if change:
            fields = {key: getattr(outlook, key) for key in stated} | change
            outlooks.append((chosen["name"], Outlook.model_validate(fields)))
    return tuple(outlooks)
