"""Published figures out of the text of a scenario: one that was added leaves no trace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.errors import Fault, ScenarioError
from simulator.files.editing import edited
from simulator.files.loading import Loaded, load_text
from simulator.files.merging import Origin
from simulator.files.observing import FIGURES
from simulator.files.opening import checked
from simulator.files.recording import OBSERVATIONS
from simulator.files.spans import span_of
from simulator.files.splices import spliced
from simulator.files.strict_yaml import Node, parse
from simulator.scenario import Observation, Scenario
from simulator.scenario.measures import read_measure
from simulator.scenario.series import Placed
from simulator.values.address import MISSING
from simulator.values.periods import Period


@dataclass(frozen=True)
class Unobserved:
    """The text of a scenario without a figure; ``fault`` says why it cannot be answered any more."""

    text: str
    figure: Observation
    fault: str | None = None


def unobserved(
    text: str,
    measure: str,
    period: str | Period,
    name: str,
    file: Path | None = None,
    *,
    published: dt.date | None = None,
) -> Unobserved:
    """The text of a scenario without one of its figures; what ``observed`` added, leaves no trace.

    Args:
        text: the scenario as it stands.
        measure: of the figure.
        period: of the figure, as the scenario writes periods.
        name: the scenario's name in messages.
        file: where it stands, for ``extends``.
        published: its day of publication; needed where the file holds several of one measure and period.

    Raises:
        ScenarioError: there is no such figure, there are several, or it stands in a series or in another
            file.
    """
    loaded = load_text(text, name, file=file)
    place, figure = _meant(loaded, measure, period, published)
    tree, _ = parse(text, name)
    written = _without(text, tree, int(place[0]))
    if written is None:
        line = loaded.origin(FIGURES.join(place)).line
        message = "found a layout in which this figure cannot be taken out; change the file by hand"
        raise ScenarioError([Fault(name, line, str(FIGURES.join(place)), message)])
    return Unobserved(written, figure, _fault_of(written, name, file))


def _fault_of(text: str, name: str, file: Path | None) -> str | None:
    """Why a text cannot be answered; None where it can."""
    try:
        checked(load_text(text, name, file=file))
    except ScenarioError as error:
        return str(error)
    return None


def _meant(loaded: Loaded, measure: str, period: str | Period, published: dt.date | None) -> Placed:
    """The figure that is meant, with its place.

    Raises:
        ScenarioError: none is, or several are, or it stands in a series or in another file.
    """
    scenario = loaded.scenario
    try:
        wanted, months = read_measure(measure), scenario.period(str(period))
    except ValueError as error:
        raise ScenarioError([Fault(None, None, "", str(error))]) from None
    alike = [(place, o) for place, o in scenario.placed if (o.measure, o.period) == (wanted, months)]
    meant = [(place, o) for place, o in alike if published in (None, o.published)]
    what = f"{wanted} {months}{f' published on {published}' if published else ''}"
    if not meant:
        raise ScenarioError([Fault(loaded.file, None, "", _none(what, scenario, wanted, alike))])
    place, figure = meant[0]
    origin = loaded.origin(FIGURES.join(place))
    if message := _not_to_go(what, meant, origin, loaded):
        raise ScenarioError([Fault(origin.file, origin.line, str(FIGURES.join(place)), message)])
    return place, figure


def _not_to_go(what: str, meant: Sequence[Placed], origin: Origin, loaded: Loaded) -> str | None:
    """Why a figure cannot be taken out; None where it can."""
    if len(meant) > 1:
        return (
            f"found {len(meant)} figures of {what} ({_days(meant)}), expected one; say which day (published)"
        )
    if len(meant[0][0]) > 1:
        return f"found {what} in a series, expected a figure of its own; write null in its place there"
    if origin.file != loaded.file:
        return f"found {what} in a file that this one extends; take it out of {origin.file}"
    return None


def _days(alike: Sequence[Placed]) -> str:
    """When figures were published."""
    return "published: " + ", ".join(str(figure.published or "no day") for _, figure in alike)


def _none(what: str, scenario: Scenario, measure: str, alike: Sequence[Placed]) -> str:
    """That there is no such figure, and which ones there are."""
    if alike:
        return f"found no figure of {what}; it is {_days(alike)}"
    periods = [str(o.period) for o in scenario.figures if o.measure == measure]
    there = f"of {measure} there are {', '.join(periods[-6:])}" if periods else f"there is none of {measure}"
    return f"found no figure of {what}; {there}"


def _without(text: str, tree: Node, number: int) -> str | None:
    """The text without an item of its figures; None where its layout does not allow it."""
    items: Any = tree.child(OBSERVATIONS)
    plainly = tree.plain()
    if not items.sequence:  # one figure that stands for a list of one
        return spliced(text, plainly, FIGURES.put(plainly, MISSING), set(), tree.file)
    if len(items.value) > 1:
        return edited(text, {FIGURES / number: None}, tree.file)
    body = text.removeprefix("\ufeff")
    span = span_of(body).entries[OBSERVATIONS].value
    if not span.brackets:  # what began the list goes with it
        return spliced(text, plainly, FIGURES.put(plainly, MISSING), set(), tree.file)
    item = span.entries[0].value
    head = text[: len(text) - len(body)]
    return f"{head}{body[: item.start]}{body[item.end :]}"
