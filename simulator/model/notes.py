"""What a reader should know about an answer beyond its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simulator.model.targets import conditions, decided
from simulator.model.totals import Flows
from simulator.scenario import Scenario
from simulator.scenario.measures import TOTALS
from simulator.values.numerals import counted


def notes(scenario: Scenario, flows: Flows, measures: Sequence[str]) -> tuple[str, ...]:
    """Sentences on an answer.

    Args:
        scenario: what was asked.
        flows: with everything that is switched on.
        measures: the totals that the figures tell.
    """
    estimate, levers = _on_the_estimate(scenario, flows, measures), _on_levers(scenario, flows)
    return (*estimate, *levers, *_on_figures(scenario), *_on_targets(scenario))


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
    if exhausting := flows.effects.exhausting:
        names = ", ".join(place.get(scenario).name or place.id for place in exhausting)
        yield (
            f"{names}: held in some draws, "
            "for it would take away more than the median of the trade that it touches."
        )


def _on_figures(scenario: Scenario) -> Iterator[str]:
    if scenario.repeated:
        again = ", ".join(dict.fromkeys(f"{figure.measure} {figure.period}" for figure in scenario.repeated))
        yield f"Figures given twice count once: {again}."
    if superseded := len(scenario.superseded):
        yield f"{counted(superseded, 'earlier publication')} of the same figure left out for a later one."
    if later := sum(not figure.known(scenario.as_of) for figure in scenario.observations):
        yield f"{counted(later, 'figure')} published after {scenario.as_of} left out of the answer."


def _on_targets(scenario: Scenario) -> Iterator[str]:
    if any(target.resolved_by is None for target in scenario.target):
        yield "Nothing says which statistic settles the target, and offices differ; state it as resolved_by."
