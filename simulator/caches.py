"""What is kept from one answer for the next.

Every cache of the program is made here: bounded in bytes, listed in ``CACHES``, cleared by ``forget`` unless
it holds a published table; all together fit into a gigabyte.

A key holds everything that the answer depends on. What several threads ask for at once is worked out by
one of them, for which the others wait, some seconds at most; no answer waits for a lock of another one.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import wraps
from threading import Event, Lock
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any, Generic, ParamSpec, TypeVar, overload

from cachetools import LRUCache
from cachetools.keys import hashkey

Arguments = ParamSpec("Arguments")
Value = TypeVar("Value")
Owner = TypeVar("Owner")

CACHES: list[Cache] = []
KILOBYTE = 2**10
MEGABYTE = 2**20
ENTRY = 200  # bytes of a key and its place, about
PATIENCE = 5.0  # seconds that a thread waits for another one to work out the same
_WEIGHED_AT = frozenset(8**power for power in range(8))
_CODE = (type, ModuleType, CodeType, BuiltinFunctionType)


def weight(answer: object) -> int:
    """The bytes that an answer holds in memory, with all that it refers to but code, and its place.

    Each thing counts once; what several answers share counts in each of them.
    """
    seen: set[int] = set()
    waiting: list[Any] = [answer]
    size = ENTRY
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen or isinstance(thing, _CODE):
            continue
        seen.add(id(thing))
        base = getattr(thing, "base", None) if hasattr(thing, "__array_interface__") else None
        # a view owns none of the bytes of the array that it shows
        size += sys.getsizeof(thing) if base is None else ENTRY
        if isinstance(thing, FunctionType):
            waiting += [thing.__closure__, thing.__defaults__]
        else:
            waiting += [base] if base is not None else gc.get_referents(thing)
    return size


@dataclass(slots=True)
class _Entry:
    """What is kept, the bytes that it takes, and how often it was asked for again."""

    value: Any
    size: float
    asked: int = 0


class Cache(LRUCache[Hashable, _Entry]):
    """A cache bounded in bytes, the least recently used going first.

    Args:
        name: of the module or function whose it is.
        limit: the most bytes that it holds; what is larger by itself is not kept.
        size: the bytes of one answer; left out, its ``weight``.
        grows: whether answers take more as they are looked at: then they are weighed again, whenever they
            were asked for 1, 8, 64 and so on times.
        published: whether it holds what a library or a file of the package says, and no answer: that stays.
    """

    def __init__(
        self,
        name: str,
        limit: float,
        size: Callable[[Any], float] = weight,
        *,
        grows: bool = False,
        published: bool = False,
    ) -> None:
        super().__init__(limit, getsizeof=lambda entry: entry.size)
        self.name, self.size, self.grows, self.published = name, size, grows, published
        self.lock = Lock()
        self.under_way: dict[Hashable, Event] = {}
        CACHES.append(self)

    def find(self, key: Hashable) -> _Entry | None:
        """What is kept under a key."""
        with self.lock:
            entry = self.get(key)
            if entry is not None:
                entry.asked += 1
        if entry is not None and self.grows and entry.asked in _WEIGHED_AT:
            self.put(key, entry.value, entry.asked)
        return entry

    def put(self, key: Hashable, value: Any, asked: int = 0) -> None:
        """Keep a value under a key, unless it is larger than all that may be kept."""
        entry = _Entry(value, self.size(value), asked)  # weighed before others have to wait
        with self.lock:
            self.pop(key, None)
            if entry.size <= self.maxsize:
                self[key] = entry

    def work_out(self, key: Hashable, function: Callable[[], Value]) -> Value:
        """What a function gives, kept under a key; where another thread is at it, what that one gives."""
        with self.lock:
            there = self.under_way.get(key)
            done = self.under_way[key] = there or Event()
        if there is not None:
            there.wait(PATIENCE)
            entry = self.find(key)
            if entry is not None:  # else it failed, takes long, or is too large to be kept
                kept: Value = entry.value
                return kept
        try:
            value = function()
            self.put(key, value)
        finally:
            if there is None:
                with self.lock:
                    del self.under_way[key]
                done.set()
        return value

    def forget(self) -> None:
        """Drop everything in it."""
        with self.lock:
            self.clear()


def keep(
    limit: float | Cache,
    *,
    size: Callable[[Any], float] = weight,
    key: Callable[..., Hashable] = hashkey,
) -> Callable[[Callable[Arguments, Value]], Callable[Arguments, Value]]:
    """Keep the answers of a function.

    Args:
        limit: how many bytes are kept; or a cache that several functions share: each has entries of its own
            there, and ``size`` is the cache's.
        size: the bytes of one answer; left out, its ``weight``.
        key: of the function's arguments, everything that the answer depends on.
    """

    def keeping(function: Callable[Arguments, Value]) -> Callable[Arguments, Value]:
        name = f"{function.__module__}.{function.__qualname__}"
        cache = limit if isinstance(limit, Cache) else Cache(name, limit, size)

        def place_of(*values: Arguments.args, **options: Arguments.kwargs) -> Hashable:
            return name, key(*values, **options)

        @wraps(function)
        def answered(*values: Arguments.args, **options: Arguments.kwargs) -> Value:
            place = place_of(*values, **options)
            entry = cache.find(place)
            if entry is None:
                return cache.work_out(place, lambda: function(*values, **options))
            kept: Value = entry.value
            return kept

        answered.__dict__.update(cache_clear=cache.forget, cache_key=place_of)
        return answered

    return keeping


def forget() -> None:
    """Drop all that is kept of answers: the next one starts cold."""
    for cache in CACHES:
        if not cache.published:
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
