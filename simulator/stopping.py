"""Long work that can be stopped: between its parts it asks whether anybody still waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Stopped(BaseException):
    """Nobody waits any longer for what is being worked out.

    No ``Exception``, so that nothing which takes an error for an answer takes this for one.
    """


_ASK: ContextVar[Callable[[], None] | None] = ContextVar("ask", default=None)


def go_on() -> None:
    """Ask whether to go on; called wherever much has been worked out, and much is to come.

    Raises:
        Stopped: nobody waits for it.
    """
    ask = _ASK.get()
    if ask is not None:
        ask()


@contextmanager
def stoppable(ask: Callable[[], None]) -> Iterator[None]:
    """Have all that is worked out inside, in this thread, ask ``ask``, which raises ``Stopped`` to end it."""
    token = _ASK.set(ask)
    try:
        yield
    finally:
        _ASK.reset(token)
