"""What a reader should know about an answer beyond its numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from simulator.model.targets import NEVER, conditions, decided
from simulator.model.totals import Flows
from simulator.scenario import Scenario
from simulator.scenario.dependence import at_work, chain
from simulator.scenario.measures import TOTALS
from simulator.scenario.slips import sentences
from simulator.values.numerals import counted, percent

MOVED = 0.67  # standard deviations: beyond, a rate is outside of half of what is stated
SETTLED = 0.5  # of a rate's standard deviation, that figures leave


def notes(scenario: Scenario, flows: Flows, measures: Sequence[str]) -> tuple[str, ...]:
    """Sentences on an answer.

    Args:
        scenario: what was asked.
        flows: with everything that is switched on.
        measures: the totals that the figures tell.
    """
    estimate, levers = _on_the_estimate(scenario, flows, measures), _on_levers(scenario, flows)
    asked = (
        _on_the_unseen(scenario, flows),
        _on_shocks(scenario),
        _on_figures(scenario),
        _on_rates(scenario, flows),
    )
    about = (*asked, sentences(scenario), _on_targets(scenario))
    return (*estimate, *levers, *(note for part in about for note in part))


def _on_the_estimate(scenario: Scenario, flows: Flows, measures: Sequence[str]) -> Iterator[str]:
    if decided(scenario, flows):
        yield "The target is already decided by published figures."
    elif not all(condition.total.smooth for condition in conditions(scenario, flows)):
        yield (
            "The probability is the plain share of simulated paths: "
            "no single direction moves this total one way only."
        )
    if unknown := [name for name in TOTALS if name not in measures]:
        yield f"No figure tells {' and '.join(unknown)} apart from the rest: they are not reported."


def _on_levers(scenario: Scenario, flows: Flows) -> Iterator[str]:
    if flows.split_guessed:
        yield (
            "No figure tells exports from imports: "
            "a lever on one of them is taken to touch a share of turnover drawn evenly from 0 to 1."
        )
    yield from _on_required(scenario)
    if exhausting := flows.effects.exhausting:
        names = ", ".join(place.get(scenario).name or place.id for place in exhausting)
        yield (
            f"{names}: held in some draws, "
            "for it would take away more than the median of the trade that it touches."
        )


def _on_the_unseen(scenario: Scenario, flows: Flows) -> Iterator[str]:
    """What is so rare that no draw holds it."""
    for part in flows.effects.parts:
        if part.unseen > NEVER:
            (place,) = part.places
            name, rare = place.get(scenario).name or place.id, percent(part.unseen, 3)
            yield (
                f"{name}: one of its outcomes, with a chance of {rare}, comes up in none of "
                f"{flows.paths.points:,} draws; the error of the probability allows for whatever it would do."
            )


def _on_shocks(scenario: Scenario) -> Iterator[str]:
    for key, shock in scenario.shocks.items():
        which = " and ".join(shock.streams or ("all trade",))
        stays = "what it did to the level stays" if shock.lasting else "it is over with these months"
        yield f"{shock.name or key} ({which}, {shock.period}) says nothing of the usual volatility; {stays}."


def _on_required(scenario: Scenario) -> Iterator[str]:
    """Levers and risks that are on, but require one that is off."""
    drivers = dict(scenario.drivers())
    working = at_work(drivers)
    for place, driver in drivers.items():
        if driver.enabled and place not in working:
            off = next(link for link in chain(place, drivers) if not drivers[link].enabled)
            names = driver.name or place.id, drivers[off].name or off.id
            yield f"{names[0]}: of no effect, for it requires {names[1]}, which is off."


def _on_figures(scenario: Scenario) -> Iterator[str]:
    if scenario.repeated:
        again = ", ".join(dict.fromkeys(f"{figure.measure} {figure.period}" for figure in scenario.repeated))
        yield f"Figures given twice count once: {again}."
    if superseded := len(scenario.superseded):
        yield f"{counted(superseded, 'earlier publication')} of the same figure left out for a later one."
    if later := sum(not figure.known(scenario.as_of) for figure in scenario.figures):
        yield f"{counted(later, 'figure')} published after {scenario.as_of} left out of the answer."


def _on_rates(scenario: Scenario, flows: Flows) -> Iterator[str]:
    """The rates of which figures tell much: they lie elsewhere than stated, or are known far better."""
    exchange, belief = flows.paths.exchange, flows.paths.exchange.belief
    for code, mean, row in zip(belief.codes, belief.mean, belief.root, strict=True):
        rate = scenario.exchange_rates.get(code)
        steps = [step for step in rate.steps if step.uncertain] if rate else []
        if steps and (abs(mean) > MOVED or math.hypot(*row) < SETTLED):
            median, period = float(np.median(exchange.drawn(steps[-1]))), steps[-1].period
            named = f"{code} in {period}" if period else code
            yield (
                f"The figures say that the rate of {named} is about {median:.4g}; "
                f"its stated median is {float(steps[-1].middle):.4g}."
            )


def _on_targets(scenario: Scenario) -> Iterator[str]:
    if any(target.resolved_by is None for target in scenario.target):
        yield "Nothing says which statistic settles the target, and offices differ; name it with the target."
