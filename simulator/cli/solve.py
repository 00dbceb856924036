"""``solve``: what it would take."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.cli.common import (
    answers,
    exit_on_faults,
    load_checked,
    new_console,
    new_table,
    print_head,
    print_json,
    refusals_as_usage,
    working,
)
from simulator.cli.options import probability_wanted
from simulator.cli.outputs import FILE, READ, Output, check_output

if TYPE_CHECKING:
    from rich.console import Console

    from simulator.analysis.answers import Answer, Answers
    from simulator.analysis.grid import Map
    from simulator.files.loading import Loaded


@click.command(
    help="What it would take to make the target of FILE as likely as wanted: the least change of a lever, "
    "the amount, or the year."
)
@click.argument("file", type=READ)
@answers
@click.option(
    "--probability",
    default="0.8",
    show_default=True,
    metavar="P",
    callback=probability_wanted,
    help="The probability wanted.",
)
@click.option(
    "--lever",
    "levers",
    multiple=True,
    metavar="PATH",
    help="What may change: a lever's id, the path of any number, target.at_least, or target.period; "
    "repeatable. Left out: each lever in turn.",
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
    type=FILE,
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
    """The verb: its options to an answer, printed, or written into a file."""
    _check_options(levers, together, bounds, axes, target)
    one = together or len(levers) == 1
    output = _checked_target(target, one, force)
    with exit_on_faults():
        loaded = load_checked(file, settings)
        from simulator.analysis import grid as maps
        from simulator.analysis import solve as analysis
        from simulator.analysis.answers import Answer
        from simulator.model.engine import simulate
        from simulator.numerics.draws import FEW_POINTS

        scenario, few = loaded.scenario, min(points, FEW_POINTS)
        answer: Answer | Answers | Map
        with refusals_as_usage(), working():
            if axes:
                answer = maps.grid(scenario, *axes, simulate=simulate, points=few, seed=seed)
            elif one:
                answer = analysis.solve(
                    scenario,
                    probability,
                    lever=levers if together else levers[0],
                    simulate=simulate,
                    bounds=bounds,
                    points=points,
                    seed=seed,
                )
            else:
                answer = analysis.solve_each(
                    scenario, probability, simulate=simulate, levers=levers or None, points=points, seed=seed
                )
        if as_json:
            print_json(_with_settings(answer.to_dict(str(file)), settings))
        else:
            _print(answer, loaded, probability)
        if output and isinstance(answer, Answer):
            _write(output, file, answer, loaded, as_json)


def _check_options(
    levers: Sequence[str],
    together: bool,
    bounds: str | None,
    axes: tuple[str, str] | None,
    target: Path | None,
) -> None:
    """What the options rule out.

    Raises:
        click.UsageError: they contradict one another.
    """
    if axes and any((levers, together, bounds, target)):
        beside = "beside --lever, --together, --bounds or --write"
        raise click.UsageError(f"found --map {beside}; ask for the map alone")
    if together and len(levers) < 2:
        raise click.UsageError("found --together with fewer than two --lever, expected at least two")
    if bounds and len(levers) != 1:
        instead = "state bounds: at each lever in the scenario instead"
        raise click.UsageError(f"found --bounds without exactly one --lever; {instead}")


def _checked_target(target: Path | None, one: bool, force: bool) -> Output | None:
    """Where the answer can be written; ``one``: there will be one.

    Raises:
        click.UsageError: there is no one answer, or a file would be replaced unasked, or may not be.
    """
    if target is None:
        return None
    if not one:
        instead = "name one --lever, or several with --together"
        raise click.UsageError(f"found --write without one answer to write; {instead}")
    return check_output(target, force, scenario=True, option="--write")


def _with_settings(data: dict[str, Any], settings: Sequence[str]) -> dict[str, Any]:
    """The words of this command line belong to what reproduces an answer."""
    for row in [data, *data.get("answers", [])]:
        if "set" in row:
            row["set"] = [*settings, *row["set"]]
    return data


# For people


def _print(answer: Answer | Answers | Map, loaded: Loaded, wanted: float) -> None:

    from simulator.analysis.answers import Answers
    from simulator.analysis.grid import Map
    from simulator.report.amounts import error_points, probability
    from simulator.report.words.solve import meaning

    console = new_console()
    result = answer.present
    print_head(console, result, loaded)
    if isinstance(answer, Map):
        _print_map(console, answer, wanted)
    elif isinstance(answer, Answers):
        _print_each(console, answer)
    else:
        _print_answer(console, answer)
    console.print()
    for line in meaning(answer):
        console.print(line)
    console.print(
        f"Details: as the scenario stands {probability(result, 2)} with a numerical standard error of "
        f"{error_points(result.standard_error)}; {result.points} points, seed {result.seed}."
    )


def _print_answer(console: Console, answer: Answer) -> None:
    from rich.text import Text

    from simulator.analysis.answers import Change
    from simulator.report.words import solve as words

    first, *others = words.sentences(answer)
    console.print(Text(first, style="bold"))
    for line in others:
        console.print(Text(line))
    if isinstance(answer, Change) and answer.at_bound:
        console.print(words.wider(answer))
    if answer.feasible and not answer.already:
        settings = "".join(f" --set '{word}'" for word in answer.settings)
        console.print(f"To look at it: run with{settings}", soft_wrap=True)


def _print_each(console: Console, answers: Answers) -> None:
    from rich.text import Text

    from simulator.analysis.answers import Change
    from simulator.report.words import solve as words

    console.print(Text(words.question_sentence(answers), style="bold"))
    table = new_table("What would change", "now", f"to reach {words.wanted_percent(answers.wanted)}")
    for answer in answers.answers:
        name = Text(answer.name)
        if isinstance(answer, Change) and answer.of_driver:
            name.append(f"\n  {answer.help}", style="dim")
        table.add_row(name, words.present_words(answer), words.value_words(answer))
    console.print(table)
    lines = words.switched_on(answers.switched_on, "for its own row") + words.reasons(answers.answers)
    if any(isinstance(answer, Change) and answer.at_bound for answer in answers.answers):
        lines.append(words.WIDER_BESIDE)
    for line in (*lines, *words.left_out(answers)):
        console.print(line)


def _print_map(console: Console, chart: Map, wanted: float) -> None:
    from rich.text import Text

    from simulator.report.amounts import probability
    from simulator.report.words import solve as words

    numbers = f"across {chart.x.name}, down {chart.y.name}"
    heading = f"The probability in percent: {numbers}; * marks {words.wanted_percent(wanted)} and more."
    console.print(Text(heading, style="bold"))
    table = new_table("", *(words.axis_value(chart, chart.x, value) for value in chart.x.values))
    for value, row in zip(chart.y.values, chart.probability, strict=True):
        table.add_row(words.axis_value(chart, chart.y, value), *(_cell(height, wanted) for height in row))
    console.print(table)
    present = " and ".join(
        f"{axis.name} {words.axis_value(chart, axis, axis.knob.value)}" for axis in (chart.x, chart.y)
    )
    console.print(f"As the scenario stands, at {present}, it is {probability(chart.present, 1)}.")
    for line in words.switched_on(chart.switched_on, "throughout the map"):
        console.print(line)


def _cell(height: float | None, wanted: float) -> str:
    """A probability in percent, marked where it is as high as wanted."""
    from simulator.values.numerals import percent

    if height is None:
        return "no answer"
    return f"{percent(height, 1).removesuffix(' %')}{'*' if height >= wanted else ' '}"


def _write(output: Output, file: Path, answer: Answer, loaded: Loaded, quiet: bool) -> None:
    """The scenario's text with the words of the command line and the answer in it."""
    target = output.path
    from simulator.report.words.solve import wanted_percent

    if not answer.feasible:
        click.echo(f"Nothing written to {target}: {wanted_percent(answer.wanted)} is out of reach.", err=True)
        return
    from simulator.files.editing import edited, standalone
    from simulator.files.reading import PREFIX
    from simulator.files.settings import COMMAND_LINE

    name = str(file)
    text = f"extends: {name}\n" if name.startswith(PREFIX) else file.read_bytes().decode()
    if not name.startswith(PREFIX) and target.resolve().parent != file.resolve().parent:
        text = standalone(text, name, file)  # what it extends is named from its own folder
    settings = {
        str(change.address): change.new for change in loaded.changes if change.origin.file == COMMAND_LINE
    }
    output.write(edited(text, {**settings, **answer.changes}, name))
    click.echo(f"Written to {target}; answer it with: python -m simulator run {target}", err=quiet)
