"""What verbs share: options, loading, errors in a sentence, output on any console."""

from __future__ import annotations

import codecs
import contextlib
import json
import math
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from simulator.cli.options import Whole
from simulator.numerics.points import LEAST_POINTS, MOST_POINTS, POINTS, SEED, check_points
from simulator.values.wording import inert, plainly, show

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from simulator.files.loading import Loaded
    from simulator.model.result import Result

FAILED, BAD_INPUT = 1, 2
SECONDS_BETWEEN = 1.0  # two words on how far a question is
RAW = "written_raw"  # how a stream writes what is a terminal's own
PLAIN = "simulator.plain"  # how characters are written that a console does not have
_INSTEAD = {
    "\u2013": "-",
    "\u2014": "-",
    "\u2212": "-",
    "\u2026": "...",
    "\u00b1": "+-",
    "\u2265": ">=",
    "\u2264": "<=",
    "\u2192": "->",
}
_INSTEAD |= {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u20ac": "EUR ", "\u00a3": "GBP "}
_INSTEAD |= {"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2060": ""}


def _points(_context: click.Context, _parameter: click.Parameter, value: int) -> int:
    try:
        return check_points(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def drawn(verb: Callable[..., None]) -> Callable[..., None]:
    """The options of every verb that simulates: how many draws, and from which seed."""
    for option in (
        click.option(
            "--points",
            default=POINTS,
            type=Whole(),
            show_default=True,
            metavar="N",
            callback=_points,
            help=f"Draws in all, a power of two from {LEAST_POINTS} to {MOST_POINTS:,}.",
        ),
        click.option(
            "--seed",
            default=SEED,
            show_default=True,
            metavar="N",
            type=Whole(0),
            help="Seed of every draw.",
        ),
    ):
        verb = option(verb)
    return verb


def answers(verb: Callable[..., None]) -> Callable[..., None]:
    """The options of every verb that answers."""
    verb = drawn(verb)
    for option in (
        click.option(
            "--set",
            "settings",
            multiple=True,
            metavar="PATH=VALUE",
            help="Change a value of the scenario; repeatable.",
        ),
        click.option("--json", "as_json", is_flag=True, help="The machine answer alone on stdout."),
    ):
        verb = option(verb)
    return verb


def load_checked(file: Path, settings: Sequence[str]) -> Loaded:
    """A scenario that can be answered.

    Raises:
        ScenarioError: with every fault of the file, and of the figures in it.
    """
    from simulator.files.loading import load
    from simulator.files.opening import checked

    return checked(load(file, settings))


def print_head(console: Console, result: Result, loaded: Loaded) -> None:
    """What is asked, and of which file as of which day; a title that may be false is only the case's name."""
    from rich.text import Text

    from simulator import report

    case, file = result.scenario.title, f"as of {result.scenario.as_of}, {loaded.file}"
    console.print(Text(report.title(result) if loaded.retargeted else case, style="bold"))
    console.print(
        f"{file}, with the target changed; the case: {case}\n" if loaded.retargeted else f"{file}\n"
    )


def set_names(text: str | None, count: int) -> Sequence[str]:
    """The names of --names, one for each file; none where it is left out.

    Raises:
        click.UsageError: too few, too many, empty or repeated ones.
    """
    if text is None:
        return ()
    from simulator.report import FIXED

    names = [name.strip() for name in text.split(",")]
    what = "one name" if count == 1 else f"{count} different names with commas between them"
    if len(names) != count or len(set(names)) != count or not all(names) or set(names) & set(FIXED):
        expected = f"{what}, none of {', '.join(FIXED)}"
        raise click.UsageError(f"found --names {show(text)}, expected {expected}")
    return names


@contextlib.contextmanager
def exit_on_faults() -> Iterator[None]:
    """Faults of a file end with their text, one a line, and exit code 2, with nothing on stdout."""
    from simulator.errors import FileError

    try:
        yield
    except FileError as error:
        click.echo(str(error), err=True)
        sys.exit(BAD_INPUT)


@contextlib.contextmanager
def refusals_as_usage() -> Iterator[None]:
    """What an analysis refuses is bad usage; faults of files are left to ``exit_on_faults``.

    Raises:
        click.UsageError: with the words of the refusal.
        click.ClickException: no number was found, or workers were lost.
    """
    from simulator.errors import FileError, NotWritten, WorkersLost

    try:
        yield
    except (FileError, NotWritten):
        raise
    except ValueError as error:
        raise click.UsageError(plainly(error)) from error
    except (ArithmeticError, WorkersLost) as error:  # no number, or no worker: nothing that the user did
        raise click.ClickException(str(error)) from error


@contextlib.contextmanager
def working() -> Iterator[None]:
    """Say on a terminal how far a long question is, once a second."""
    from simulator.stopping import stoppable

    if not sys.stderr.isatty():
        yield
        return
    from rich.status import Status

    begun = shown = time.monotonic()
    count, line = 0, Status("", console=new_console(stderr=True))

    def show_count() -> None:
        nonlocal count, shown
        count, now = count + 1, time.monotonic()
        if now - shown > SECONDS_BETWEEN:
            shown = now
            line.update(f"{count:,} answers worked out in {now - begun:.0f} s; Ctrl-C stops it")
            line.start()

    try:
        with stoppable(show_count):
            yield
    finally:
        line.stop()


@contextlib.contextmanager
def refusals_in_words() -> Iterator[None]:
    """What a disk or a console refuses ends in a sentence, with exit code 1; what no verb can answer with 2.

    Raises:
        click.ClickException: with the sentence.
    """
    try:
        yield
    except BrokenPipeError as error:
        let_go(sys.stdout)
        raise click.ClickException("nobody reads what is printed any more; it stops here") from error
    except OSError as error:
        let_go(sys.stdout)
        raise click.ClickException(f"failed while running: {error.strerror or error}") from error
    except ValueError as error:
        from simulator.errors import FileError, InputError, NotWritten

        if isinstance(error, FileError):
            click.echo(str(error), err=True)
            sys.exit(BAD_INPUT)
        if isinstance(error, InputError):
            refusal = click.ClickException if isinstance(error, NotWritten) else click.UsageError
            raise refusal(str(error)) from error
        raise


def let_go(*streams: TextIO) -> None:
    """What a stream still holds goes nowhere, so that Python does not try it again when it ends."""
    for stream in streams:
        with contextlib.suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


# Output that any console takes


def make_printable() -> None:
    """Let stdout and stderr replace the characters that they do not have, whatever their code page."""
    codecs.register_error(PLAIN, _replaced)
    # one that was closed is None; what stands in for it stays open until the process ends
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # a stream of the caller's own may be of any kind
            reconfigure(errors=PLAIN)
        _make_inert(stream)


def _make_inert(stream: TextIO) -> None:
    """Let no word of a file act on the terminal, whichever verb or message prints it."""
    if not hasattr(stream, RAW):
        raw = stream.write
        with contextlib.suppress(AttributeError):  # a stream of the caller's own that takes no other
            setattr(stream, RAW, raw)
            stream.write = lambda text: raw(inert(text))  # type: ignore[method-assign]


def _replaced(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    instead = (_INSTEAD.get(character, "?") for character in error.object[error.start : error.end])
    return "".join(instead), error.end


def json_text(data: Any) -> str:
    """A machine answer as JSON in ASCII: the same bytes on every console.

    JSON holds neither infinities nor NaN: such a number becomes null, and ``notes`` of the answer say which.
    """
    notes: list[str] = []
    data = _finite(data, "", notes)
    if notes and isinstance(data, dict):
        data["notes"] = [*data.get("notes", ()), *notes]
    return json.dumps(data, indent=2, allow_nan=False)


def _finite(data: Any, place: str, notes: list[str]) -> Any:
    """A copy with null for every number that is none; what it was is noted, with its place."""
    if isinstance(data, Mapping):
        return {key: _finite(value, f"{place}.{key}".lstrip("."), notes) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_finite(value, f"{place}.{number}".lstrip("."), notes) for number, value in enumerate(data)]
    if isinstance(data, float) and not math.isfinite(data):
        name = "no number" if math.isnan(data) else "minus infinity" if data < 0 else "infinity"
        notes.append(f"{place} is {name}, told as null.")
        return None
    return data


def print_json(data: Any) -> None:
    """A machine answer, alone on stdout."""
    click.echo(json_text(data))


def new_console(*, stderr: bool = False) -> Console:
    """Where a verb prints for people: as wide as the terminal, or 100 wide; text stays as it is written."""
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment

    class _Plain(Console):
        """What it styles itself reaches the terminal as it is, what it was given is inert."""

        def on_broken_pipe(self) -> None:
            """Leave it to who called, as every other verb does."""
            raise

        def render(
            self, renderable: RenderableType, options: ConsoleOptions | None = None
        ) -> Iterator[Segment]:
            for segment in super().render(renderable, options):
                yield segment if segment.control else Segment(inert(segment.text), segment.style)

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else 100
    file: Any = _Styled(stream)
    return _Plain(
        file=file,
        markup=False,
        highlight=False,
        emoji=False,
        soft_wrap=False,
        width=width,
    )


class _Styled:
    """A stream that takes a terminal's own marks from who sets them on purpose."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.write = getattr(stream, RAW, stream.write)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def new_table(*heads: str) -> Table:
    """A plain table that fits the terminal, numbers to the right; cells are strings, or texts of rich."""
    from simulator.cli.tables import Fitting

    return Fitting.of(heads)
