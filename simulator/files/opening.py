"""A loaded scenario that can be answered, or every fault of its figures, each with its file and line."""

from __future__ import annotations

from simulator.errors import BaselineError, Fault, ScenarioError
from simulator.files.loading import Loaded
from simulator.model.answerable import require_answerable
from simulator.values.address import Path as Place


def checked(loaded: Loaded) -> Loaded:
    """A loaded scenario, once it is known that it can be answered.

    Raises:
        ScenarioError: with every fault of the figures in it, each with its file and line.
    """
    try:
        require_answerable(loaded.scenario)
    except BaselineError as error:
        raise ScenarioError(
            [Fault(*_located(loaded, place), message) for place, message in error.faults]
        ) from error
    return loaded


def _located(loaded: Loaded, place: Place) -> tuple[str, int | None, str]:
    """File, line and path of a place in the scenario, or of what holds it."""
    path = ".".join(map(str, place))
    for length in range(len(place), 0, -1):
        origin = loaded.origins.get(".".join(map(str, place[:length])))
        if origin is not None:
            return origin.file, origin.line, path
    return loaded.file, None, path
