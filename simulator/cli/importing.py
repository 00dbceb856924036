"""``import``: the figures of a statistics office's table, printed or written into a scenario file."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.cli.common import print_json
from simulator.cli.options import Whole
from simulator.cli.outputs import IN_PLACE, READ, check_replaceable, write_over
from simulator.values.wording import show

if TYPE_CHECKING:
    from simulator.files.importing import Statistics
    from simulator.files.recording import Recorded


def _named(_context: click.Context, _parameter: click.Parameter, text: str | None) -> str | None:
    """A name, or several with a plus between them, that a scenario can have.

    Raises:
        click.BadParameter: it is none.
    """
    from simulator.values.fields import IDENTIFIER

    if text is None or re.fullmatch(rf"{IDENTIFIER}( ?\+ ?{IDENTIFIER})*", text):
        return text
    raise click.BadParameter(f"found {show(text)}, expected a name of letters, digits, - and _")


# What settles a table that can be read in more than one way: option -> its form and help.
_CHOICES: dict[str, dict[str, Any]] = {
    "--sheet": {"metavar": "NAME", "help": "Sheet of a workbook, by name or number."},
    "--encoding": {"metavar": "NAME", "help": "Of a text, such as cp1251."},
    "--delimiter": {"type": click.Choice(["tab", "semicolon", "comma", "bar"]), "help": "Of a text."},
    "--decimal": {"type": click.Choice(["point", "comma"]), "help": "Decimal sign: 1.234 may be 1234."},
    "--dates": {"type": click.Choice(["day-first", "month-first"]), "help": "For dates such as 01/02/2020."},
    "--every": {"type": click.Choice(["month", "quarter", "year"]), "help": "What a date stands for."},
    "--year": {"type": Whole(1900, 2150), "metavar": "YEAR", "help": "Year of months without one."},
    "--fiscal-year-starts": {
        "type": Whole(1, 12),
        "metavar": "MONTH",
        "help": "First month of years such as 2017/18.",
    },
    "--cumulative": {"type": click.Choice(["yes", "no"]), "help": "Whether months add up the year so far."},
    "--unit": {"metavar": "UNIT", "help": "Such as 'thousand USD', where the table does not say."},
    "--currency": {"metavar": "CODE", "help": "Of several currencies, the one that is meant."},
    "--digits": {
        "type": click.Choice(["printed", "stored"]),
        "help": "Of a workbook's numbers: as the cells show them (the default), or all that are stored.",
    },
    "--home": {"metavar": "COUNTRY", "help": "Whose exports are asked for; left out, the scenario's home."},
    "--partner": {"metavar": "COUNTRY", "help": "The other country, or its name in the table."},
    "--reporter": {"metavar": "COUNTRY", "help": "Whose statistics they are, where the table does not say."},
    "--where": {"multiple": True, "metavar": "HEADING=VALUE", "help": "Rows that are meant; repeatable."},
    "--exports": {"metavar": "COLUMN", "help": "Column (letter or heading) or row (name) of exports."},
    "--imports": {"metavar": "COLUMN", "help": "Column or row of imports."},
    "--turnover": {"metavar": "COLUMN", "help": "Column or row of turnover."},
    "--stream": {"multiple": True, "metavar": "ID=COLUMN", "help": "Column or row of a stream; repeatable."},
    "--measure": {
        "metavar": "MEASURE",
        "callback": _named,
        "help": "What all figures are: exports, or the id of a stream.",
    },
    "--alternative": {
        "metavar": "NAME",
        "callback": _named,
        "help": "Another reading of the data, to which they belong.",
    },
    "--mirror": {
        "type": click.Choice(["alternative", "observations"]),
        "help": "What the partner's statistics become; left out, an alternative.",
    },
    "--published": {"type": click.DateTime(["%Y-%m-%d"]), "metavar": "DATE", "help": "When they came out."},
    "--source": {"metavar": "TEXT", "help": "Where they were published, in place of the file's name."},
}


def with_choices(*apart: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add the options that settle how a table is read, but for some."""

    def add(verb: Callable[..., None]) -> Callable[..., None]:
        for name, form in reversed(_CHOICES.items()):
            verb = verb if name in apart else click.option(name, **form)(verb)
        return verb

    return add


@click.command("import")
@click.argument("file", type=READ)
@click.option("--into", type=IN_PLACE, help="Scenario file that takes the figures, in place.")
@click.option("--replace", is_flag=True, help="Replace figures of the same measure and period.")
@with_choices()
@click.option("--json", "as_json", is_flag=True, help="The machine answer alone on stdout.")
def import_(file: Path, into: Path | None, replace: bool, as_json: bool, **words: Any) -> None:
    """Read a table of trade statistics: CSV, TSV, .xlsx, SDMX-CSV or a download of UN Comtrade.

    Says what was recognised and what was left out. What can be read in more than one way is asked, never
    guessed. Without --into the figures are printed as lines of a scenario file.
    """
    statistics, recorded, was = _read(file, into, replace, options_of(words))
    if into is not None and recorded is not None and (recorded.added or recorded.replaced):
        write_over(into, was, recorded.text.encode())
    if as_json:
        print_json(statistics.to_dict() | ({"into": str(into)} | recorded.to_dict() if recorded else {}))
        return
    print_report(statistics, err=recorded is None)
    if recorded is None:
        click.echo(statistics.text(), nl=False)
    else:
        _print_recorded(recorded, into)


def options_of(words: dict[str, Any]) -> dict[str, Any]:
    """The words of the command line as options of ``Choices``.

    Raises:
        click.UsageError: --stream is no ID=COLUMN.
    """
    options = {key: value for key, value in words.items() if value not in (None, ())}
    measures = [key for key in ("exports", "imports", "turnover") if key in options]
    columns = {key: options.pop(key) for key in measures} | _streams(options.pop("stream", ()))
    if "cumulative" in options:
        options["cumulative"] = options["cumulative"] == "yes"
    if "published" in options:
        options["published"] = options["published"].date()
    return options | ({"columns": columns} if columns else {})


def _streams(words: Sequence[str]) -> dict[str, str]:
    """The columns of streams by their ids.

    Raises:
        click.UsageError: a word is no ID=COLUMN.
    """
    parted = [word.partition("=") for word in words]
    wrong = [word for word, (name, _, column) in zip(words, parted, strict=True) if not (name and column)]
    if wrong:
        raise click.UsageError(f"found --stream {wrong[0]!r}, expected ID=COLUMN such as machinery=Machinery")
    return {name: column for name, _, column in parted}


def _read(
    file: Path, into: Path | None, replace: bool, options: dict[str, Any]
) -> tuple[Statistics, Recorded | None, bytes]:
    """The figures of a table, a scenario's text with them in it, and what its file held.

    Raises:
        FileError: what is wrong with either file, or open.
    """
    from simulator.files.importing import content, read_statistics, read_table

    if into is None:
        return read_statistics(file, **options), None, b""
    from simulator.files.reading import Source
    from simulator.files.reading import content as text_of
    from simulator.files.recording import Draft

    check_replaceable(into)
    was = text_of(Source(str(into), into))
    draft = Draft(was, str(into), into)
    statistics = read_table(content(file), file.name, draft.choices(**options), draft.scale)
    return statistics, draft.record(statistics, replace=replace), was


def print_report(statistics: Statistics, *, err: bool) -> None:
    """What was recognised and left out, for people."""
    click.echo(f"{statistics.file} (SHA-256 {statistics.sha256})", err=err)
    print_lines("Recognised", statistics.recognised, err=err)
    print_lines("Left out", [str(part) for part in statistics.left_out], err=err)
    print_lines("Look at", statistics.remarks, err=err)


def print_lines(title: str, lines: Sequence[str], *, err: bool) -> None:
    """Print lines below a title, where there are any; each is cut where it is very long."""
    from simulator.errors import one_line

    if lines:
        click.echo("\n".join([title, *(f"  {one_line(line, 400)}" for line in lines)]), err=err)


def _print_recorded(recorded: Recorded, into: Path | None) -> None:
    """What became of the figures."""
    from simulator.files.recording import summary

    print_lines("Kept as they were (--replace takes the table's)", recorded.kept, err=False)
    print_lines("Replaced", recorded.replaced, err=False)
    print_lines("Later than the scenario's day (--published keeps them for later)", recorded.late, err=False)
    click.echo(f"{into}: {summary(recorded)}")
