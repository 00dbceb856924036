"""Answers that are kept for all sessions of the page: one bounded cache with one lock, whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from cachetools import LRUCache

from simulator.model.result import fingerprint
from simulator.scenario import Scenario

ROOM = 640  # megabytes of everything that is kept, the oldest going first
Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")

_ANSWERS: LRUCache[Hashable, tuple[Any, float]] = LRUCache(ROOM, getsizeof=lambda entry: entry[1])
_LOCK = Lock()


def said_by(word: Any) -> Hashable:
    """All that an answer may depend on in what was asked.

    A scenario counts with all that it says, the digits of its figures, and which fields it states at all: one that states a default
    holds it against the calibrated alternatives. Any other value counts with its type, for 1 == 1.0 == True.
    """
    if isinstance(word, Scenario):
        return fingerprint(word), repr(word.model_dump(exclude_unset=True))
    if isinstance(word, tuple | list):
        return tuple(said_by(each) for each in word)
    if isinstance(word, dict):
        return tuple((key, said_by(value)) for key, value in word.items())
    return type(word), repr(word)


def kept(
    megabytes: float | Callable[[Any], float], key: Callable[..., Hashable] = lambda *words: said_by(words)
) -> Callable[[Callable[Arguments, Answer]], Callable[Arguments, Answer]]:
    """Keep the answers of a function.

    Args:
        megabytes: what one answer takes, about; or a function of the answer.
        key: of its arguments, everything that the answer depends on.
    """

    def keeping(function: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
        @wraps(function)
        def answered(*words: Arguments.args, **options: Arguments.kwargs) -> Answer:
            place = (function.__module__, function.__qualname__, key(*words, **options))
            with _LOCK:
                entry = _ANSWERS.get(place)
            if entry is not None:
                found: Answer = entry[0]
                return found
            found = function(
                *words, **options
            )  # outside of the lock: two sessions that ask the same at once both work it out
            size = megabytes(found) if callable(megabytes) else megabytes
            with _LOCK:
                if size <= ROOM:
                    _ANSWERS[place] = found, size
            return found

        return answered

    return keeping


def forget() -> None:
    """Drop everything that is kept."""
    with _LOCK:
        _ANSWERS.clear()
