"""What is kept from one answer for the next.

Every cache of the program is made here: bounded, listed in ``CACHES``, cleared by ``forget``.

A key holds everything that the answer depends on. Two threads that ask for the same at once both work it out:
no answer waits for another's lock.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import wraps
from threading import Lock
from typing import Any, Generic, ParamSpec, TypeVar, overload

from cachetools import LRUCache, cached
from cachetools.keys import hashkey

Arguments = ParamSpec("Arguments")
Value = TypeVar("Value")
Owner = TypeVar("Owner")

CACHES: list[Cache] = []


class Cache(LRUCache[Hashable, Any]):
    """A bounded cache, the least recently used going first.

    ``limit`` counts entries or, with ``size``, what that counts.
    """

    def __init__(self, name: str, limit: float, size: Callable[[Any], float] | None = None) -> None:
        super().__init__(limit, getsizeof=size)
        self.name = name
        self.lock = Lock()
        CACHES.append(self)

    def forget(self) -> None:
        """Drop everything in it."""
        with self.lock:
            self.clear()


def keep(
    limit: float | Cache,
    *,
    size: Callable[[Any], float] | None = None,
    key: Callable[..., Hashable] = hashkey,
) -> Callable[[Callable[Arguments, Value]], Callable[Arguments, Value]]:
    """Keep the answers of a function.

    Args:
        limit: how much is kept, in entries or in what ``size`` counts; or a cache that several functions
            share: each has entries of its own there.
        size: of one answer, such as its bytes.
        key: of the function's arguments, everything that the answer depends on.
    """

    def keeping(function: Callable[Arguments, Value]) -> Callable[Arguments, Value]:
        name = f"{function.__module__}.{function.__qualname__}"
        cache = limit if isinstance(limit, Cache) else Cache(name, limit, size)
        full = key if cache is not limit else lambda *values, **options: (name, key(*values, **options))
        return cached(cache, key=full, lock=cache.lock)(function)

    return keeping


def forget() -> None:
    """Drop all that is kept: the next answer starts cold."""
    for cache in CACHES:
        cache.forget()


class lazy(Generic[Owner, Value]):  # noqa: N801  (it is used as @property is)
    """An attribute worked out when it is first asked for, and kept by its object.

    In place of ``functools.cached_property``, which on Python 3.11 holds one lock a class: one slow answer
    would stop those of all other threads.
    """

    def __init__(self, function: Callable[[Owner], Value]) -> None:
        self.function = function
        self.__doc__ = function.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> lazy[Owner, Value]: ...
    @overload
    def __get__(self, instance: Owner, owner: type) -> Value: ...
    def __get__(self, instance: Owner | None, owner: type) -> Any:
        if instance is None:
            return self
        value = self.function(instance)
        instance.__dict__[self.name] = value
        return value


@dataclass(frozen=True)
class Hashed(Generic[Value]):
    """A large value as a key: its hash is worked out once."""

    value: Value

    @lazy
    def _hash(self) -> int:
        return hash(self.value)

    def __hash__(self) -> int:
        return self._hash


def attached(function: Callable[[Owner], Value]) -> Callable[[Owner], Value]:
    """A function of one frozen object whose answer the object keeps.

    As ``lazy`` does for its own attributes.
    """
    name = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def answered(owner: Owner) -> Value:
        if name not in owner.__dict__:
            owner.__dict__[name] = function(owner)
        value: Value = owner.__dict__[name]
        return value

    return answered
