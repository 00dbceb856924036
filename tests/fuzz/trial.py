"""Inputs of a kind tried one after the other: what became of them, how long they took, what they needed."""

from __future__ import annotations

import resource
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from pydantic import ValidationError

from simulator.errors import SimulatorError
from simulator.values.wording import plainly
from tests.fuzz.kinds import Kind

BATCH = 500  # inputs of one run of hypothesis: it remembers all of them
HOPELESS = 60.0  # seconds by the clock after which an input is cut off
MEGABYTES = 1_000  # more than this for one input is a fault


class TooLong(BaseException):
    """An input was cut off; no ``except Exception`` of the program stops it."""


@dataclass
class Outcome:
    """What became of the inputs of a kind; ``faults`` holds the smallest input of each kind of fault."""

    kind: str
    inputs: int = 0
    accepted: int = 0
    refused: int = 0
    slowest: float = 0.0
    slowest_input: Any = None
    faults: dict[str, Any] = field(default_factory=dict)

    def fault(self, name: str, sent: Any) -> None:
        """Note a fault."""
        known = self.faults.get(name)
        if name not in self.faults or len(repr(sent)) < len(repr(known)):
            self.faults[name] = sent


def tried(kind: Kind, count: int, start: int = 0) -> Outcome:
    """So many inputs of a kind, made from seeds that begin at ``start``."""
    outcome = Outcome(kind.name)
    strategy = kind.inputs()
    number = start
    while outcome.inputs < count:
        before = outcome.inputs
        batch = seed(number)(_tries(outcome, kind, strategy, min(BATCH, count - outcome.inputs)))
        batch()
        number += 1
        if outcome.inputs == before:
            break  # hypothesis knows no more of them
    return outcome


def _tries(outcome: Outcome, kind: Kind, strategy: Any, count: int) -> Any:
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def batch(sent: Any) -> None:
        one(outcome, kind, sent)

    return batch


def one(outcome: Outcome, kind: Kind, sent: Any) -> None:
    """Try an input, and note what became of it."""
    outcome.inputs += 1
    memory, begun = _peak(), time.process_time()
    try:
        with _cut_off(HOPELESS):
            outcome.accepted += kind.take(sent)
    except TooLong:
        outcome.fault(f"cut off after {HOPELESS:.0f} s", sent)
    except Exception as error:
        _refused(outcome, kind, sent, error)
    taken = time.process_time() - begun
    if taken > outcome.slowest:
        outcome.slowest, outcome.slowest_input = taken, sent
    if taken > kind.seconds:
        outcome.fault(f"more than {kind.seconds:.0f} s", sent)
    if _peak() - memory > MEGABYTES:
        outcome.fault(f"more than {MEGABYTES} MB", sent)
    outcome.refused = outcome.inputs - outcome.accepted


def _refused(outcome: Outcome, kind: Kind, sent: Any, error: Exception) -> None:
    """An error is a refusal where it is one of those that may say no, in words of one screen."""
    ours = isinstance(error, SimulatorError | ValidationError) or type(error) is ValueError
    if not (ours and isinstance(error, kind.refusals)):
        outcome.fault(f"{type(error).__name__} at {_place(error)}: {str(error)[:150]}", sent)
        return
    text = plainly(error) if isinstance(error, ValidationError) else str(error)
    if not text.strip() or len(text) > 50_000 or any(not c.isprintable() and c not in "\n" for c in text):
        outcome.fault(f"words that cannot be read: {text[:150]!r}", sent)


def _place(error: Exception) -> str:
    """The last line of the program that an error came through."""
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame for frame in frames if "simulator" in Path(frame.filename).parts] or frames
    return f"{Path(inside[-1].filename).stem}:{inside[-1].lineno}"


def _peak() -> float:
    """The most memory that the process needed so far, in megabytes."""
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / 1024 if sys.platform != "darwin" else size / 1024**2


@contextmanager
def _cut_off(seconds: float) -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
