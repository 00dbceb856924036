"""Sentences of the served page: on an answer that is being worked out or was stopped, on signing in."""

from __future__ import annotations

from simulator.values.numerals import counted

WAITING = "Waiting for answers that others asked for ..."
CANCELLED = "This was cancelled before it was worked out."
ASKED_ANEW = "Something else was asked meanwhile."
CANCEL, AGAIN = "Cancel", "Try again"
SIGN_IN, SIGN_IN_FIRST = "Sign in", "This page is for people of the office. Sign in to see it."


def progress(elapsed: float, steps: int, limit: float) -> str:
    """How far it is."""
    return f"{elapsed:.0f} s, {counted(steps, 'step')} done; stops after {limit:.0f} s"


def too_long(limit: float) -> str:
    """Why it was stopped, and what can be done."""
    return (
        f"This took more than {limit:.0f} s and was stopped. A nearer target year, fewer lines of trade or "
        "fewer measures make it quicker; whoever serves the page can allow more time."
    )
