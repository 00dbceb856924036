"""What verbs share: options, loading, errors in a sentence, output on any console, files written whole."""

from __future__ import annotations

import codecs
import contextlib
import json
import math
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.files.writing import read_only, write_file
from simulator.numerics.points import POINTS, SEED, check_points
from simulator.values.wording import plainly, show

if TYPE_CHECKING:
    from rich.console import Console

    from simulator.files.loading import Loaded
    from simulator.model.result import Result

BAD_INPUT = 2
SCENARIOS = (".yaml", ".yml")  # endings of their names
OTHERS = (".xlsx", ".docx", ".pdf", ".html", ".csv", ".json")  # endings of what is no scenario
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


class Finite(click.FloatRange):
    """A finite number within bounds: ``nan`` compares as false with any bound, and ``inf`` is none."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number of an option."""
        from simulator.values.wording import marked

        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            self.fail(f"found {show(value)}, expected a number{marked(str(value))}", param, ctx)
        return float(super().convert(number, param, ctx))


def _points(_context: click.Context, _parameter: click.Parameter, value: int) -> int:
    try:
        return check_points(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def probability_wanted(_context: click.Context, _parameter: click.Parameter, text: str) -> float:
    """A probability that is asked for, as ``0.8`` or ``80%``.

    Raises:
        click.BadParameter: it is none.
    """
    from simulator.values.units import Unit

    try:
        return Unit.PROBABILITY.read(text if text.strip().endswith("%") else float(text))
    except ValueError:
        raise click.BadParameter(f"found {text!r}, expected a probability such as 0.8 or 80%") from None


def drawn(verb: Callable[..., None]) -> Callable[..., None]:
    """The options of every verb that simulates: how many draws, and from which seed."""
    for option in (
        click.option(
            "--points",
            default=POINTS,
            show_default=True,
            metavar="N",
            callback=_points,
            help="Draws in all, a power of two.",
        ),
        click.option(
            "--seed",
            default=SEED,
            show_default=True,
            metavar="N",
            type=click.IntRange(0),
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
    if len(names) != count or len(set(names)) != count or not all(names) or set(names) & set(FIXED):
        expected = f"{count} different names with commas between them, none of {', '.join(FIXED)}"
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
        click.ClickException: no number was found.
    """
    from simulator.errors import ScenarioError

    try:
        yield
    except ScenarioError:
        raise
    except ValueError as error:
        raise click.UsageError(plainly(error)) from error
    except ArithmeticError as error:  # a path that is no number: nothing that the user did
        raise click.ClickException(str(error)) from error


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


def new_console() -> Console:
    """Where a verb prints for people: as wide as the terminal, or 100 wide; text stays as it is written."""
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment

    class _Plain(Console):
        """No control character of a file reaches the terminal."""

        def render(
            self, renderable: RenderableType, options: ConsoleOptions | None = None
        ) -> Iterator[Segment]:
            for segment in super().render(renderable, options):
                text = "".join(
                    letter if letter == "\n" or not _controls(letter) else "\ufffd" for letter in segment.text
                )
                yield segment if segment.control or text == segment.text else Segment(text, segment.style)

    width = None if sys.stdout.isatty() else 100
    return _Plain(markup=False, highlight=False, emoji=False, soft_wrap=False, width=width)


def _controls(letter: str) -> bool:
    return letter < " " or "\x7f" <= letter < "\xa0"


def new_table(*heads: str) -> Any:
    """A plain table, numbers to the right."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for number, head in enumerate(heads):
        table.add_column(head, justify="left" if number == 0 else "right")
    return table


# Files


def check_output(
    path: Path, force: bool, read: Iterable[Path] = (), *, scenario: bool = False, option: str = "--out"
) -> None:
    """Refuse a file of an option that may not be written, before anything is worked out for it.

    That is a folder, a file that is there without ``--force``, one that is read here, one that is called a
    scenario and is to be none, and a read-only one.

    Args:
        path: what is to be written.
        force: whether a file that is there may be replaced.
        read: the files that the answer is made from.
        scenario: whether a scenario is to be written.
        option: the one that names it.

    Raises:
        click.UsageError: in a sentence.
    """
    if path.is_dir():
        raise click.UsageError(f"found the folder {path}, expected a file for {option}")
    if path.exists() and not force:
        raise not_overwritten(str(path), f"another {option}")
    if os.path.realpath(path) in map(os.path.realpath, read):
        raise click.UsageError(f"found {path} to be written, which is read here; choose another name")
    if scenario != (path.suffix.lower() in SCENARIOS) and (not scenario or path.suffix.lower() in OTHERS):
        kind = "a scenario, expected a name that ends in .yaml" if scenario else "no scenario"
        raise click.UsageError(f"found {path} for what is {kind}; choose another name")
    check_replaceable(path)


def not_overwritten(there: str, instead: str) -> click.UsageError:
    """The refusal to replace, unasked, what is there already; ``instead`` is what may be chosen."""
    verb = click.get_current_context().info_name
    return click.UsageError(
        f"found {there}, which {verb} does not overwrite; choose {instead}, or add --force"
    )


def check_replaceable(path: Path) -> None:
    """Refuse a file that may not be written, before anything is worked out for it.

    Raises:
        click.UsageError: it is there and read-only.
    """
    if read_only(path):
        raise click.UsageError(
            f"found {show(str(path))}, which is read-only, expected a file that may be replaced; "
            "choose another name"
        )


def write_output(path: Path, content: str | bytes) -> None:
    """Write a file as ``write_file`` does.

    Raises:
        click.ClickException: it cannot be written; in a sentence.
    """
    try:
        write_file(path, content)
    except OSError as error:
        reason = error.strerror or str(error)
        raise click.ClickException(
            f"found {show(str(path))}, which cannot be written ({reason}); choose another place"
        ) from error
