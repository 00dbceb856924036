"""``solve``: what it would take."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.cli.common import (
    answers,
    check_replaceable,
    faults_told,
    load_checked,
    new_console,
    new_table,
    print_json,
    refusals_told,
    write_told,
)

if TYPE_CHECKING:
    from rich.console import Console

    from simulator.analysis.grid import Map
    from simulator.analysis.solve import Answer, Answers
    from simulator.files.loading import Loaded


def _probability(_context: click.Context, _parameter: click.Parameter, text: str) -> float:
    from simulator.values.units import Unit

    try:
        return Unit.PROBABILITY.read(text if text.strip().endswith("%") else float(text))
    except ValueError:
        raise click.BadParameter(f"found {text!r}, expected a probability such as 0.8 or 80%") from None


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@answers
@click.option(
    "--probability",
    default="0.8",
    show_default=True,
    metavar="P",
    callback=_probability,
    help="The probability wanted.",
)
@click.option(
    "--lever",
    "levers",
    multiple=True,
    metavar="PATH",
    help="What may change: a lever's id, the path of any number, target.at_least, or target.period; repeatable. Left out: each lever in turn.",
)
@click.option(
    "--together",
    is_flag=True,
    help="Move all --lever at once, each the same fraction of the way to the bound that helps.",
)
@click.option("--bounds", metavar="LO:HI", help="How far one --lever may go, in place of its own bounds.")
@click.option(
    "--map", "axes", nargs=2, metavar="X Y", help="The probability over two numbers at once, as a table."
)
@click.option(
    "--write",
    "target",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the scenario with the answer in it, comments kept.",
)
@click.option("--force", is_flag=True, help="Let --write replace a file.")
def solve(
    file: Path,
    as_json: bool,
    settings: Sequence[str],
    seed: int,
    points: int,
    probability: float,
    levers: Sequence[str],
    together: bool,
    bounds: str | None,
    axes: tuple[str, str] | None,
    target: Path | None,
    force: bool,
) -> None:
    """What it would take to make the target of FILE as likely as wanted: the least change of a lever, the amount, or the year."""
    one = len(levers) == 1 or (together and len(levers) > 1)
    _check_options(
        levers,
        together,
        bounds,
        axes,
        target if target and (not one or (target.exists() and not force)) else None,
        one,
    )
    if target:
        check_replaceable(target)
    with faults_told():
        loaded = load_checked(file, settings)
        from simulator.analysis import grid as maps
        from simulator.analysis import solve as analysis
        from simulator.model.engine import simulate

        options: dict[str, Any] = {"simulate": simulate, "seed": seed}
        answer: Answer | Answers | Map
        with refusals_told():
            if axes:
                answer = maps.grid(loaded.scenario, *axes, points=min(points, maps.POINTS), **options)
            elif one:
                lever = levers if together else levers[0]
                answer = analysis.solve(
                    loaded.scenario, probability, lever=lever, bounds=bounds, points=points, **options
                )
            else:
                answer = analysis.solve_each(
                    loaded.scenario, probability, levers=levers or None, points=points, **options
                )
        if as_json:
            print_json(_with_settings(answer.to_dict(str(file)), settings))
        else:
            _print(answer, loaded, probability)
        if target and isinstance(answer, analysis.Answer):
            _write(target, file, answer, loaded, as_json)


def _check_options(
    levers: Sequence[str],
    together: bool,
    bounds: str | None,
    axes: tuple[str, str] | None,
    refused: Path | None,
    one: bool,
) -> None:
    """What the options rule out.

    Raises:
        click.UsageError: they contradict one another, or a file would be replaced.
    """
    if axes and (levers or together or bounds or refused):
        raise click.UsageError(
            "found --map beside --lever, --together, --bounds or --write; ask for the map alone"
        )
    if together and len(levers) < 2:
        raise click.UsageError("found --together with fewer than two --lever, expected at least two")
    if bounds and (len(levers) != 1):
        raise click.UsageError(
            "found --bounds without exactly one --lever; state bounds: at each lever in the scenario instead"
        )
    if refused and not one:
        raise click.UsageError(
            "found --write without one answer to write; name one --lever, or several with --together"
        )
    if refused:
        raise click.UsageError(
            f"found {refused}, which --write does not overwrite; choose another name, or add --force"
        )


def _with_settings(data: dict[str, Any], settings: Sequence[str]) -> dict[str, Any]:
    """The words of this command line belong to what reproduces an answer."""
    for row in [data, *data.get("answers", [])]:
        if "set" in row:
            row["set"] = [*settings, *row["set"]]
    return data


# For people


def _print(answer: Answer | Answers | Map, loaded: Loaded, wanted: float) -> None:
    from rich.text import Text

    from simulator import report
    from simulator.analysis.grid import Map
    from simulator.analysis.solve import Answer
    from simulator.report import advice

    console = new_console()
    result = answer.present
    console.print(Text(result.scenario.title, style="bold"))
    console.print(f"as of {result.scenario.as_of}, {loaded.file}\n")
    if isinstance(answer, Map):
        _print_map(console, answer, wanted)
    elif isinstance(answer, Answer):
        for number, line in enumerate(advice.sentences(answer)):
            console.print(Text(line, style="bold" if number == 0 else ""))
        if answer.at_bound:
            console.print(_wider(answer.levers))
        if answer.feasible and not answer.already:
            console.print(
                "To look at it: run with" + "".join(f" --set '{word}'" for word in answer.settings),
                soft_wrap=True,
            )
    else:
        _print_each(console, answer)
    console.print()
    for line in advice.meaning(answer):
        console.print(line)
    console.print(
        f"Details: as the scenario stands {report.probability(result, 2)} with a numerical standard error of "
        f"{100 * result.standard_error:.3f} percentage points; {result.points} points, seed {result.seed}."
    )


def _wider(levers: Sequence[str]) -> str:
    """How the bounds of an answer can be widened."""
    section, key, *field = levers[0].split(".")
    if len(levers) > 1:
        return "Wider bounds can be stated in the scenario: bounds: {field: [lowest, highest]} at each lever."
    stated = (
        f", or stated in the scenario: bounds: {{{field[0]}: [lowest, highest]}} at {section}.{key}"
        if section in ("levers", "risks")
        else ""
    )
    return f"Wider bounds can be given with --bounds LO:HI{stated}."


def _print_each(console: Console, found: Answers) -> None:
    from rich.text import Text

    from simulator import report
    from simulator.report.advice import amount, percent, present, reasons, wish

    wanted, result = wish(found.wanted), found.present
    now = report.probability(result, 1)
    console.print(
        Text(
            f"What alone would make it {wanted} likely that {report.wish(result)}? Now it is {now}.",
            style="bold",
        )
    )
    table = new_table("What would change", "now", f"to reach {wanted}")
    table.columns[0].ratio = 1
    for answer in found.answers:
        name = Text(answer.name)
        if answer.levers[0].startswith(("levers.", "risks.")):
            name.append(f"\n  {answer.help}", style="dim")
        best = f"out of reach: at best {percent(answer.best_probability)}, at {amount(result, answer.best_value, answer.unit)}"
        then = amount(result, answer.value, answer.unit) if answer.value is not None else best
        table.add_row(name, present(answer), then)
    console.print(table)
    for place in dict.fromkeys(place for answer in found.answers for place in answer.switched_on):
        console.print(f"{place} is off in the scenario; it is switched on for its own row.")
    for line in reasons(found.answers):
        console.print(line)
    if any(answer.at_bound and not answer.feasible for answer in found.answers):
        console.print(
            "Wider bounds can be stated as bounds: at a lever, or given with --bounds LO:HI beside one --lever."
        )
    if found.left_out:
        console.print(f"Left out, for they have no one number to turn: {', '.join(found.left_out)}.")


def _print_map(console: Console, found: Map, wanted: float) -> None:
    from rich.text import Text

    from simulator import report
    from simulator.report.advice import amount, percent, wish

    result = found.present
    across, down = found.x.to_dict(), found.y.to_dict()
    console.print(
        Text(
            f"The probability in percent: across {found.x.name}, down {found.y.name}; * marks {wish(wanted)} and more.",
            style="bold",
        ),
    )
    table = new_table("", *(amount(result, value, found.x.unit) for value in across["values"]))
    for value, row in zip(down["values"], found.probability, strict=True):
        cells = [
            "no law" if p is None else f"{percent(p).removesuffix(' %')}{'*' if p >= wanted else ' '}"
            for p in row
        ]
        table.add_row(amount(result, value, found.y.unit), *cells)
    console.print(table)
    present = " and ".join(
        f"{axis.name} {amount(result, told['present'], axis.unit)}"
        for axis, told in ((found.x, across), (found.y, down))
    )
    console.print(f"As the scenario stands, at {present}, it is {report.probability(result, 1)}.")
    for place in found.switched_on:
        console.print(f"{place} is off in the scenario; it is switched on throughout the map.")


def _write(target: Path, file: Path, answer: Answer, loaded: Loaded, quiet: bool) -> None:
    """The scenario's text with the words of the command line and the answer in it."""
    from simulator.report.advice import wish

    if not answer.feasible:
        click.echo(f"Nothing written to {target}: {wish(answer.wanted)} is out of reach.", err=True)
        return
    from simulator.files.editing import edited, standalone
    from simulator.files.reading import PREFIX
    from simulator.files.settings import COMMAND_LINE

    name = str(file)
    text = f"extends: {name}\n" if name.startswith(PREFIX) else file.read_bytes().decode()
    if not name.startswith(PREFIX) and target.resolve().parent != file.resolve().parent:
        text = standalone(text, name, file)  # what it extends is named from its own folder
    changes: dict[Any, Any] = {
        change.address: change.new for change in loaded.changes if change.origin.file == COMMAND_LINE
    }
    write_told(target, edited(text, {**changes, **answer.changes}, name))
    click.echo(f"Written to {target}; answer it with: python -m simulator run {target}", err=quiet)
