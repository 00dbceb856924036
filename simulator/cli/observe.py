"""``observe``: published figures into a scenario file, and out of it again."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.cli.common import BAD_INPUT, print_json
from simulator.cli.importing import options_of, print_lines, print_report, with_choices
from simulator.cli.outputs import FILE, IN_PLACE, READ, check_replaceable, write_over
from simulator.values.wording import show

if TYPE_CHECKING:
    import datetime as dt

    from simulator.files.importing import Statistics
    from simulator.files.observing import Met, Observed

ROUND = ("as_of", "yes", "out", "force")  # what a table and many files take
FIGURE = ("period", "value", "growth", "error")  # what says one figure, beside what tables take too


@click.command()
@click.argument("files", nargs=-1, required=True, type=IN_PLACE)
@click.option("--period", metavar="PERIOD", help="Such as 2018-10, 2018-01..2018-09, 2018-Q3 or 2018.")
@click.option("--value", metavar="AMOUNT", help="The sum, in the file's unit, with the digits as printed.")
@click.option("--growth", metavar="PERCENT", help="On the same period a year earlier, such as 44%.")
@click.option("--error", metavar="ERROR", help="Standard error, in the unit or in percent.")
@click.option(
    "--from",
    "table",
    type=READ,
    help="Table of a statistics office, in a form that import reads, instead of one figure.",
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="With --from: also move the day of every file to DATE where it is earlier; left out, it stays.",
)
@click.option("--yes", is_flag=True, help="With --from and several files: write them without being asked.")
@click.option(
    "--out",
    type=FILE,
    metavar="FILE",
    help="With --from: a page of what changed, by its ending HTML or DOCX.",
)
@click.option("--force", is_flag=True, help="Replace the file of --out if it is there.")
@click.option("--remove", is_flag=True, help="Take the figure out of the file again.")
@with_choices("--alternative", "--mirror")
@click.option("--json", "as_json", is_flag=True, help="The machine answer alone on stdout.")
def observe(
    files: Sequence[Path],
    table: Path | None,
    remove: bool,
    as_json: bool,
    measure: str | None,
    **words: Any,
) -> None:
    """Add a published figure to a scenario file, or the figures of a table: in place, comments kept.

    FILES are one scenario file; with --from also several, or folders: what is new for each file that the
    table concerns is shown first, with every target before and after, and written after a yes.

    A figure that the file holds already is refused; one that was published again on another day is added as
    a revision, and counts from that day on. as_of never moves: a figure that came out later is an actual.
    """
    month = {key: words.pop(key) for key in ROUND}
    many = len(files) > 1 or os.path.isdir(files[0])
    if table is not None and (many or any(month.values())):
        _refuse({key: words.pop(key) for key in FIGURE} | {"remove": remove}, "beside --from")
        _month(files, table, {"measure": measure, **words}, month, as_json=as_json)
        return
    _refuse(month, "without --from TABLE")
    if len(files) > 1:
        raise click.UsageError(f"found {files[0]} and more, expected one file without --from TABLE")
    _one(files[0], table, remove, {"measure": measure, **words}, as_json=as_json)


def _one(file: Path, table: Path | None, remove: bool, words: dict[str, Any], *, as_json: bool) -> None:
    """Add a figure or the figures of a table to one file, or take a figure out."""
    measure, figure = words.pop("measure"), {key: words.pop(key) for key in FIGURE}
    check_replaceable(file)
    if remove:
        _remove(file, measure, figure, words, as_json=as_json)
    elif table is None:
        _add(file, {"measure": measure, **figure, **_shared(words)}, words, as_json=as_json)
    else:
        _refuse(figure, "beside --from")
        _add_table(file, table, {"measure": measure, **words}, as_json=as_json)


def _month(
    files: Sequence[Path], table: Path, words: dict[str, Any], month: dict[str, Any], *, as_json: bool
) -> None:
    """Add the figures of a table to every file that it concerns."""
    from simulator.cli.rounds import Wanted, files_of, observe_many

    named = len(files) == 1 and not os.path.isdir(files[0])  # a file that is named alone is meant
    as_of, yes = month["as_of"], month["yes"] or named
    wanted = Wanted(as_of and as_of.date(), yes, month["out"], month["force"], as_json)
    observe_many(files_of(files), table, options_of(words), wanted)


def _shared(words: dict[str, Any]) -> dict[str, Any]:
    """What one figure says in the words of a table, taken out of them."""
    day, source = words.pop("published"), words.pop("source")
    return {"published": day and day.date().isoformat(), "source": source}


def _refuse(words: dict[str, Any], where: str) -> None:
    """Refuse options that have no meaning here.

    Raises:
        click.UsageError: one of them is given.
    """
    for key, value in words.items():
        if value not in (None, (), False):
            option = f"--{key.replace('_', '-')}"
            raise click.UsageError(f"found {option} {where}, where it says nothing; leave it out")


def _needed(figure: dict[str, Any], *names: str) -> None:
    """Refuse a figure of which something is not said.

    Raises:
        click.UsageError: what.
    """
    for name in names:
        if figure.get(name) is None:
            raise click.UsageError(f"found no --{name}, expected what the figure is of (or --from TABLE)")


def _read_word(name: str, text: str) -> Any:
    """A word of the command line as a file would state it.

    Raises:
        click.UsageError: it is no single value.
    """
    from simulator.errors import ScenarioError
    from simulator.files.strict_yaml import parse

    try:
        node, faults = parse(text, f"--{name}", numbered=False)
    except ScenarioError as error:
        raise click.UsageError(str(error)) from None
    if faults or node.mapping or node.sequence or node.value is None:
        message = f": {faults[0].message}" if faults else ", expected one value"
        raise click.UsageError(f"found --{name} {show(text)}{message}")
    return node.value


# One figure


def _add(file: Path, figure: dict[str, Any], words: dict[str, Any], *, as_json: bool) -> None:
    """Add one figure, or end with why not."""
    from simulator.files.observing import observed

    _refuse(words, "without --from TABLE")
    _needed(figure, "measure", "period")
    if figure["value"] is None and figure["growth"] is None:
        raise click.UsageError("found neither --value nor --growth, expected one of them or both")
    plain = ("measure", "published", "source")  # as they are; all else is read as a file has it
    stated = {k: v if k in plain else _read_word(k, v) for k, v in figure.items() if v is not None}
    text = _text(file)
    done = observed(text, [stated], str(file), file)
    for met in (*done.already, *done.refused):
        click.echo(f"{file}:{met.line}: {met.words}; nothing is changed", err=True)
        sys.exit(BAD_INPUT)
    _write(file, text, done, as_json=as_json)


def _text(file: Path) -> str:
    """The text of a scenario file, its marks and line ends as they are.

    Raises:
        ScenarioError: it cannot be read, or is no text.
    """
    from simulator.files.reading import Source, content
    from simulator.files.strict_yaml import parse

    data = content(Source(str(file), file))
    parse(data, str(file))
    return data.decode()


def _write(file: Path, was: str, done: Observed, *, as_json: bool) -> None:
    if done.new:
        write_over(file, was.encode(), done.text.encode())
    if as_json:
        print_json({"file": str(file), **done.to_dict()})
        return
    _print(done)
    click.echo(f"{file}: {'written' if done.new else 'nothing is changed'}")


def _print(done: Observed) -> None:
    """What became of the figures."""
    print_lines("Added", [met.words for met in done.added], err=False)
    print_lines("Revised", [met.words for met in done.revised], err=False)
    print_lines("Left as they are", [met.words for met in done.refused], err=False)
    if done.already:
        click.echo(f"{len(done.already)} there already.")
    if done.later:
        click.echo(_of_later(done.later, done.as_of))
    if done.lapsed:
        click.echo("Who approved or reviewed the file goes with the change; --remove does not bring it back.")


def _of_later(later: tuple[Met, ...], as_of: dt.date) -> str:
    """That figures came out after the file's day, and how to let them count."""
    from simulator.files.observing import HOW_TO_COUNT

    day = max(met.figure.published for met in later if met.figure.published is not None)
    one = later[0].figure if len(later) == 1 else None
    what = f"{one.measure} {one.period}" if one else f"{len(later)} of them"
    return (
        f"{what} came out after the file's day, {as_of}, which stays: until it moves, a later figure counts "
        f"as an actual and changes no answer; {HOW_TO_COUNT.format(day, day)}."
    )


# A table


def _add_table(file: Path, table: Path, words: dict[str, Any], *, as_json: bool) -> None:
    """Add the figures of a table."""
    from simulator.files.importing import content, read_table
    from simulator.files.observing import observed
    from simulator.files.recording import Draft

    text = _text(file)
    draft = Draft(text.encode(), str(file), file)
    choices = draft.choices(**options_of(words))
    statistics = read_table(content(table), table.name, choices, draft.scale)
    if not as_json:
        print_report(statistics, err=True)
    _say_apart(statistics)
    _write(file, text, observed(text, statistics.observations, str(file), file), as_json=as_json)


def _say_apart(statistics: Statistics) -> None:
    """That the partner's statistics are no figures of the file."""
    for name, figures in statistics.alternatives.items():
        click.echo(
            f"Left out: {len(figures)} figures of {name}, another reading; import --into takes them.",
            err=True,
        )


# Out again


def _remove(
    file: Path, measure: str | None, figure: dict[str, Any], words: dict[str, Any], *, as_json: bool
) -> None:
    """Take one figure out."""
    from simulator.files.observing import in_words
    from simulator.files.withdrawing import unobserved

    _needed({"measure": measure, **figure}, "measure", "period")
    day = words.pop("published")
    _refuse({k: v for k, v in figure.items() if k != "period"} | words, "beside --remove")
    was = _text(file)
    gone = unobserved(was, str(measure), figure["period"], str(file), file, published=day and day.date())
    write_over(file, was.encode(), gone.text.encode())
    if gone.fault:
        click.echo(
            f"{gone.fault}\nThe figure is taken out; without it the file cannot be answered.", err=True
        )
    if as_json:
        print_json({"file": str(file), "removed": in_words(gone.figure), "fault": gone.fault})
    else:
        click.echo(f"{file}: {in_words(gone.figure)} is taken out")
