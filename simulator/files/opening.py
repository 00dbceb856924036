"""A loaded scenario that can be answered, or every fault of its figures, each with its file and line."""

from __future__ import annotations

from simulator.errors import BaselineError, Fault, ScenarioError
from simulator.files.loading import Loaded
from simulator.model.answerable import require_answerable
from simulator.values.address import Address


def checked(loaded: Loaded) -> Loaded:
    """A loaded scenario, once it is known that it can be answered.

    Raises:
        ScenarioError: with every fault of the figures in it, each with its file and line.
    """
    try:
        require_answerable(loaded.scenario)
    except BaselineError as error:
        raise ScenarioError(_fault(loaded, *fault) for fault in error.faults) from error
    return loaded


def _fault(loaded: Loaded, address: Address, message: str) -> Fault:
    origin = loaded.origin(address)
    return Fault(origin.file, origin.line, str(address), message)
