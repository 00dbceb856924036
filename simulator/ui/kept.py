"""Every answer that pages keep for all sessions: one bounded cache, whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

from simulator.caches import Cache, keep
from simulator.model.result import fingerprint
from simulator.scenario import Scenario

ROOM = 420  # megabytes of everything that is kept, the oldest going first
Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


class _Entry(NamedTuple):
    """An answer, and what it takes."""

    answer: Any
    megabytes: float


ANSWERS = Cache(__name__, ROOM, size=lambda entry: entry.megabytes)


def key_of(value: Any) -> Hashable:
    """All that an answer may depend on in what was asked.

    A scenario counts with all that it says, the digits of its figures, and which fields it states at all: one
    that states a default holds it against the calibrated alternatives. Any other value counts with its type,
    for 1 == 1.0 == True.
    """
    if isinstance(value, Scenario):
        return fingerprint(value), repr(value.model_dump(exclude_unset=True))
    if isinstance(value, tuple | list):
        return tuple(key_of(item) for item in value)
    if isinstance(value, dict):
        return tuple((name, key_of(item)) for name, item in value.items())
    return type(value), repr(value)


def kept(
    megabytes: float | Callable[[Any], float], key: Callable[..., Hashable] = lambda *values: key_of(values)
) -> Callable[[Callable[Arguments, Answer]], Callable[Arguments, Answer]]:
    """Keep the answers of a function.

    Args:
        megabytes: what one answer takes, about; or a function of the answer.
        key: of its arguments, everything that the answer depends on.
    """
    size = megabytes if callable(megabytes) else lambda _: megabytes

    def keeping(function: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
        name = function.__module__, function.__qualname__

        @keep(ANSWERS, key=lambda *values, **options: (name, key(*values, **options)))
        def entry(*values: Arguments.args, **options: Arguments.kwargs) -> _Entry:
            answer = function(*values, **options)
            return _Entry(answer, size(answer))

        @wraps(function)
        def answered(*values: Arguments.args, **options: Arguments.kwargs) -> Answer:
            answer: Answer = entry(*values, **options).answer
            return answer

        return answered

    return keeping
