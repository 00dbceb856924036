"""Every exception that the program raises on purpose.

::

    SimulatorError
    |-- InputError (ValueError)     what was handed in cannot be answered; its text says how to mend it
    |   |-- FileError               a file, with every fault in it
    |   |   |-- ScenarioError       a scenario file
    |   |   `-- StatisticsError     a table of statistics
    |   |       |-- OtherCountries  one that names other countries than the pair's
    |   |       `-- Unsettled       one that can be read in more than one way
    |   |-- AnotherSweep            a place of a sweep that holds something else (``batch.parts``)
    |   |-- NotWritten              a file that the disk does not take
    |   |   `-- Changed             one that somebody else has written meanwhile
    |   |-- BaselineError           figures that cannot be turned into a law
    |   |-- NotKnown                no published figure tells what was asked for
    |   `-- NoWorkers               the workers that are asked for cannot be had
    |-- WorkersLost (RuntimeError)  workers that were at it died or went away, again and again
    `-- NoNumber (ArithmeticError)  the arithmetic came to no number that may be shown: no fault of the input
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

from simulator.values.address import Address, Key
from simulator.values.wording import plainly

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

MOST_PRINTED = 50


class SimulatorError(Exception):
    """The base of all."""


class InputError(SimulatorError, ValueError):
    """What was handed in cannot be answered."""


class NoNumber(SimulatorError, ArithmeticError):
    """The arithmetic came to no number that may be shown."""


class NotKnown(InputError):
    """No published figure tells what was asked for."""


class NoWorkers(InputError):
    """The workers that are asked for cannot be had."""


class WorkersLost(SimulatorError, RuntimeError):
    """Workers that were at it died or went away, again and again: no fault of what was handed in."""


class NotWritten(InputError):
    """A file cannot be written; what was there stays as it was."""


class Changed(NotWritten):
    """A file is not as it was read: it is left as it is."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a scenario, and where."""

    file: str | None
    line: int | None
    path: str
    message: str

    def __str__(self) -> str:
        place = ":".join(one_line(str(part), 200) for part in (self.file, self.line) if part is not None)
        parts = (place, one_line(self.path, 200), one_line(self.message, 300))
        return ": ".join(part for part in parts if part)


class FileError(InputError):
    """Everything that is wrong with a file; its text has one fault a line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        lines = [str(fault) for fault in self.faults[:MOST_PRINTED]]
        more = len(self.faults) - len(lines)
        return "\n".join([*lines, f"and {more} more"] if more else lines)


class ScenarioError(FileError):
    """Everything that is wrong with a scenario."""


class BaselineError(InputError):
    """The figures cannot be turned into a law.

    ``faults`` holds (address in the scenario, message) of each.
    """

    def __init__(self, faults: Iterable[tuple[Iterable[Key], str]]) -> None:
        self.faults = tuple((Address(address), message) for address, message in faults)
        super().__init__("\n".join(f"{address}: {message}" for address, message in self.faults))

    def __reduce__(self) -> tuple[type[BaselineError], tuple[tuple[tuple[Address, str], ...]]]:
        """How it travels between processes: by its faults, not by its text."""
        return type(self), (self.faults,)


class StatisticsError(FileError):
    """Everything that is wrong with a table of statistics."""


class OtherCountries(StatisticsError):
    """A table names countries, and not those that are asked for."""


class Unsettled(StatisticsError):
    """A table can be read in more than one way, and its reader has to choose.

    ``choices`` holds the words of the command line, one of which settles it.
    """

    def __init__(self, faults: Iterable[Fault], choices: Iterable[str]) -> None:
        super().__init__(faults)
        self.choices = tuple(choices)

    def __str__(self) -> str:
        return "\n".join([super().__str__(), "Say which:", *(f"  {choice}" for choice in self.choices)])

    def __reduce__(self) -> tuple[type[Unsettled], tuple[tuple[Fault, ...], tuple[str, ...]]]:
        """How it travels between processes: by what it was made of."""
        return type(self), (self.faults, self.choices)


def refusing(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """A public function that refuses with an ``InputError`` alone, whatever refuses below it."""

    @wraps(function)
    def asked(*arguments: Given.args, **options: Given.kwargs) -> Answer:
        try:
            return function(*arguments, **options)
        except SimulatorError:
            raise
        except ValueError as error:
            raise InputError(plainly(error)) from error

    return asked


def one_line(text: str, most: int) -> str:
    """Text of a file as it may stand in a message: one line, without control characters.

    Of a long one both ends.
    """
    if len(text) > most:
        text = f"{text[: most // 2 - 5]} ... {text[-most // 2 :]}"
    text = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
    return text if len(text) <= most else text[: most - 3] + "..."
