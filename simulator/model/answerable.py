"""Whether figures tell what is asked: of one measure, or by all targets on every reading of the data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simulator.errors import BaselineError, NotKnown
from simulator.model.equations import Groups
from simulator.model.law import Law, fit_observations
from simulator.scenario import Observation, Scenario, Series, Target
from simulator.scenario.measures import MEASURES, parts
from simulator.scenario.sizes import readings
from simulator.values.address import Address
from simulator.values.periods import Period, month_text


def require_answerable(scenario: Scenario) -> None:
    """Refuse all that ``simulate`` would refuse, without drawing a path.

    Figures, targets and every alternative are checked.

    Raises:
        BaselineError: with all faults.
    """
    faults = [fault for reading in readings(scenario) for fault in _faults(scenario, *reading)]
    if faults:
        raise BaselineError(faults)


def _faults(
    scenario: Scenario, address: Address, observations: tuple[Observation | Series, ...]
) -> Iterator[tuple[Address, str]]:
    """What is wrong with one reading of the data, or with the targets on it, each with its place.

    A target that the scenario's first reading does not tell is at fault; else the other reading is.
    """
    try:
        law = fit_observations(scenario, address, observations)
    except BaselineError as error:
        yield from error.faults
        return
    for index, target in enumerate(scenario.target):
        blamed = scenario.target_address(index) if address.section == "observations" else address
        yield from ((blamed, message) for message in _unknown(scenario, law, target))


def _unknown(scenario: Scenario, law: Law, target: Target) -> Iterator[str]:
    """Why a law does not tell whether a target is met."""
    for form in target.forms:
        for quantity in dict.fromkeys(alone.quantity for alone in form.alone):
            sums = [(quantity.measure, quantity.period), *([quantity.base] if quantity.base else [])]
            yield from (
                message for measure, period in sums for message in _not_told(scenario, law, measure, period)
            )


def _not_told(scenario: Scenario, law: Law, measure: str, period: Period) -> Iterator[str]:
    """Why a law does not tell what a measure adds up to over a period."""
    try:
        require_known(scenario, law.groups, measure)
    except NotKnown as error:
        yield str(error)
    if not law.grid.covers(period):
        begin = month_text(law.grid.first)
        yield f"found a target for {period}, but these figures begin in {begin}"


def require_known(scenario: Scenario, groups: Groups, measure: str) -> None:
    """Check that the figures tell a measure.

    Args:
        scenario: whose streams and directions count.
        groups: the streams of the law, each the ids that no figure tells apart.
        measure: any.

    Raises:
        NotKnown: no figure covers one of its streams, or none tells it from another direction.
        ValueError: there is no such measure.
    """
    names = (*MEASURES, *scenario.streams, *scenario.partners)
    if not set(parts(measure)) <= set(names):
        raise ValueError(f"found measure {measure!r}, expected one of {', '.join(dict.fromkeys(names))}")
    members = set(scenario.members(measure))
    missing = members.difference(*groups)
    if missing or not members:
        what = ", ".join(sorted(missing)) or measure
        raise NotKnown(
            f"found no figure for {what}, expected one to tell {measure}; add an observation of it"
        )
    for group in groups:
        if not members.isdisjoint(group) and _mixed(scenario, group, measure):
            raise NotKnown(
                f"found no figure that tells {' and '.join(group)} apart, so {measure} is not known; "
                "add an observation of one of them"
            )


def known(scenario: Scenario, groups: Groups, measure: str) -> bool:
    """Whether the figures tell a measure; arguments as of ``require_known``."""
    try:
        require_known(scenario, groups, measure)
    except NotKnown:
        return False
    return True


def _mixed(scenario: Scenario, group: Sequence[str], measure: str) -> bool:
    """Whether a group of streams goes both ways, and a measure needs to know how much goes which way."""
    both = len({scenario.streams[key].direction for key in group}) > 1
    return both and (measure == "balance" or not set(scenario.members(measure)).issuperset(group))
