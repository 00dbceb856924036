"""Every answer that pages keep for all sessions: one bounded cache, whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial, wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

from simulator.caches import MEGABYTE, Cache, Hashed, attached, keep, weight
from simulator.scenario import Scenario
from simulator.ui.work import Lane, beside

ROOM = 256 * MEGABYTE  # bytes of everything that is kept, the oldest going first
Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


class _Entry(NamedTuple):
    """An answer, and the bytes that it takes once all of it was looked at, about."""

    answer: Any
    expected: float


def _size(entry: _Entry) -> float:
    """The bytes of an entry: as many as it is expected to take, and no fewer than it takes."""
    return max(entry.expected, weight(entry.answer))


ANSWERS = Cache(__name__, ROOM, _size, grows=True)


def key_of(value: Any) -> Hashable:
    """All that an answer may depend on in what was asked.

    A scenario counts with all that it says, the digits of its figures, and which fields it states at all: one
    that states a default holds it against the calibrated alternatives. Any other value counts with its type,
    for 1 == 1.0 == True.
    """
    if isinstance(value, Scenario):
        return _content(value)
    if isinstance(value, tuple | list):
        return tuple(key_of(item) for item in value)
    if isinstance(value, dict):
        return tuple((name, key_of(item)) for name, item in value.items())
    return type(value), repr(value)


@attached
def _content(scenario: Scenario) -> Hashable:
    """All that a scenario says, read once."""
    return Hashed(repr(scenario.model_dump(exclude_unset=True)))


def kept(
    megabytes: float | Callable[[Any], float],
    key: Callable[..., Hashable] = lambda *values: key_of(values),
    *,
    lane: Lane | None = None,
) -> Callable[[Callable[Arguments, Answer]], Callable[Arguments, Answer]]:
    """Keep the answers of a function.

    Args:
        megabytes: what one answer comes to take, about; or a function of the answer. One that takes more
            counts with what it takes.
        key: of its arguments, everything that the answer depends on.
        lane: what is not kept yet is worked out by its threads, beside the script, and can be stopped.
    """
    size = megabytes if callable(megabytes) else lambda _: megabytes

    def keeping(function: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
        name = function.__module__, function.__qualname__

        @keep(ANSWERS, key=lambda *values, **options: (name, key(*values, **options)))
        def entry(*values: Arguments.args, **options: Arguments.kwargs) -> _Entry:
            answer = function(*values, **options)
            return _Entry(answer, MEGABYTE * size(answer))

        @wraps(function)
        def answered(*values: Arguments.args, **options: Arguments.kwargs) -> Answer:
            worked_out = partial(entry, *values, **options)
            asked = getattr(entry, "cache_key")(*values, **options) if lane else None  # noqa: B009
            if lane is None or asked in ANSWERS:
                answer: Answer = worked_out().answer
            else:
                answer = beside(".".join(name), asked, worked_out, lane).answer
            return answer

        return answered

    return keeping
