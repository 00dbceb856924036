"""Ctrl+C in a program of our own, at any moment: one line, exit code 130.

An interrupt raises nothing where it falls, which may be in an import, or in a library that would turn it into
something else: it ends the process there. While other processes work it is kept until they can be ended, or
until it comes once more. Whoever imports the package keeps Python's own answer to Ctrl+C.
"""

import _signal as signal  # type: ignore[import-not-found]  # its names in an enum take a while
import os
import sys

TYPE_CHECKING = False  # this is imported before all else: typing would take longer

if TYPE_CHECKING:
    from collections.abc import Callable

INTERRUPTED = 130  # what shells know a program by that Ctrl+C has ended


class _Kept:
    """What is known of interrupts in this process.

    ``lines`` say what the last line is, the innermost of them last; ``holders`` is how many have processes to
    end first, ``came`` whether an interrupt waits for them.
    """

    def __init__(self) -> None:
        self.lines: list[Callable[[], str]] = []
        self.holders = 0
        self.came = False


_KEPT = _Kept()


def catch() -> None:
    """Answer interrupts from here on, unless they are to be ignored."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupted)


class saying:  # noqa: N801  (it is used like contextlib's)
    """While it is entered, the line that an interrupt ends with is this one.

    Args:
        line: makes it.
    """

    def __init__(self, line: "Callable[[], str]") -> None:
        self.line = line

    def __enter__(self) -> None:
        _KEPT.lines.append(self.line)

    def __exit__(self, *_: object) -> None:
        _KEPT.lines.remove(self.line)


def hold() -> None:
    """Keep interrupts until ``release``: processes are to be ended first."""
    _KEPT.holders += 1


def release() -> None:
    """End by the interrupt that was kept, if one was, and with all that Python clears away at its end.

    Raises:
        SystemExit: there was one.
    """
    _KEPT.holders -= 1
    if _KEPT.came and not _KEPT.holders:
        _tell()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # that line was the last
        raise SystemExit(INTERRUPTED)


def look() -> None:
    """Give way to an interrupt that was kept: asked again and again by who keeps them.

    Raises:
        KeyboardInterrupt: there was one; whoever keeps it releases it on the way out.
    """
    if _KEPT.came:
        raise KeyboardInterrupt


def _interrupted(_number: int, _frame: object) -> None:
    if _KEPT.came or not _KEPT.holders:
        _end()
    _KEPT.came = True


def _end() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # once is enough
    try:
        _tell()
    finally:
        os._exit(INTERRUPTED)


def _tell() -> None:
    line = _KEPT.lines[-1]() if _KEPT.lines else "Interrupted."
    bar = "rich.live" in sys.modules and sys.stderr.isatty()  # one of progress, which hides the cursor
    os.write(2, (("\r\x1b[2K\x1b[?25h" if bar else "") + line + "\n").encode(errors="replace"))
