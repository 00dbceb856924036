"""``solve``: what it would take."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.cli.common import answers, faults_told, load_checked, new_console, new_table, write_file

if TYPE_CHECKING:
    from rich.console import Console

    from simulator.analysis.solve import Answer, Answers, Map
    from simulator.loading import Loaded
    from simulator.result import Result


def _probability(_context: click.Context, _parameter: click.Parameter, text: str) -> float:
    from simulator.uncertain import read_share

    try:
        return read_share(text if text.strip().endswith("%") else float(text))
    except ValueError:
        raise click.BadParameter(f"found {text!r}, expected a probability such as 0.8 or 80%") from None


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@answers
@click.option("--probability", default="0.8", show_default=True, metavar="P", callback=_probability, help="The probability wanted.")
@click.option(
    "--lever",
    "levers",
    multiple=True,
    metavar="PATH",
    help="What may change: a lever's id, the path of any number, target.at_least, or target.period; repeatable. Left out: each lever in turn.",
)
@click.option("--together", is_flag=True, help="Move all --lever at once, each the same fraction of the way to the bound that helps.")
@click.option("--bounds", metavar="LO:HI", help="How far one --lever may go, in place of its own bounds.")
@click.option("--map", "axes", nargs=2, metavar="X Y", help="The probability over two numbers at once, as a table.")
@click.option("--write", "target", type=click.Path(path_type=Path), metavar="FILE", help="Write the scenario with the answer in it, comments kept.")
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
    _check_options(levers, together, bounds, axes, target if target and (not one or (target.exists() and not force)) else None, one)
    with faults_told():
        loaded = load_checked(file, settings)
        from simulator.analysis import solve as analysis
        from simulator.engine import simulate

        options: dict[str, Any] = {"simulate": simulate, "seed": seed}
        answer: Answer | Answers | Map
        try:
            if axes:
                answer = analysis.grid(loaded.scenario, *axes, points=min(points, analysis.SCREEN), **options)
            elif one:
                lever = levers if together else levers[0]
                answer = analysis.solve(loaded.scenario, probability, lever=lever, bounds=bounds, points=points, **options)
            else:
                answer = analysis.solve_each(loaded.scenario, probability, levers=levers or None, points=points, **options)
        except ValueError as error:
            raise click.UsageError(str(error)) from error
        if as_json:
            click.echo(json.dumps(_with_settings(answer.to_dict(str(file)), settings), indent=2, ensure_ascii=False))
        else:
            _print(answer, loaded, probability)
        if target and isinstance(answer, analysis.Answer):
            _write(target, file, answer, settings, as_json)


def _check_options(levers: Sequence[str], together: bool, bounds: str | None, axes: tuple[str, str] | None, refused: Path | None, one: bool) -> None:
    """What the options rule out.

    Raises:
        click.UsageError: they contradict one another, or a file would be replaced.
    """
    if axes and (levers or together or bounds or refused):
        raise click.UsageError("found --map beside --lever, --together, --bounds or --write; ask for the map alone")
    if together and len(levers) < 2:
        raise click.UsageError("found --together with fewer than two --lever, expected at least two")
    if bounds and (len(levers) != 1):
        raise click.UsageError("found --bounds without exactly one --lever; state bounds: at each lever in the scenario instead")
    if refused and not one:
        raise click.UsageError("found --write without one answer to write; name one --lever, or several with --together")
    if refused:
        raise click.UsageError(f"found {refused}, which --write does not overwrite; choose another name, or add --force")


def _with_settings(data: dict[str, Any], settings: Sequence[str]) -> dict[str, Any]:
    """The words of this command line belong to what reproduces an answer."""
    for row in [data, *data.get("answers", [])]:
        if "set" in row:
            row["set"] = [*settings, *row["set"]]
    return data


# For people


def _print(answer: Answer | Answers | Map, loaded: Loaded, wanted: float) -> None:
    from rich.text import Text

    from simulator.analysis.solve import MEANING, Answer, Map

    console = new_console()
    scenario = answer.present.scenario
    console.print(Text(scenario.title, style="bold"))
    console.print(f"as of {scenario.as_of}, {loaded.file}\n")
    if isinstance(answer, Map):
        _print_map(console, answer, wanted)
    elif isinstance(answer, Answer):
        for line in sentences(answer):
            console.print(line)
        if answer.feasible and not answer.already:
            console.print("To look at it: run with" + "".join(f" --set '{word}'" for word in answer.settings), soft_wrap=True)
    else:
        _print_each(console, answer)
    if not isinstance(answer, Map):
        console.print()
        for line in MEANING:
            console.print(line)
    result = answer.present
    console.print(
        f"Details: as the scenario stands {100 * result.probability:.2f} % with a numerical standard error of "
        f"{100 * result.standard_error:.3f} percentage points; {result.points} points, seed {result.seed}."
    )


def percent(probability: float) -> str:
    """A probability to a tenth of a percent, for answers that are compared."""
    return f"{100 * probability:.1f} %"


def amount(result: Result, value: float | str, unit: str) -> str:
    """A value in its unit, as people read it."""
    from simulator import report

    if isinstance(value, str):
        return value
    if unit.startswith("money"):
        return report.money(result, value) + unit.removeprefix("money")
    if unit.startswith(("percent", "share", "probability", "fraction")):
        return f"{100 * value:.4g} %"
    number = f"{value:.4g}" if abs(value) < 10_000 else f"{value:,.0f}"
    return number if unit in ("whole number", "number") else f"{number} {unit}"


def sentences(answer: Answer) -> list[str]:
    """The answer to one question in words."""
    found = _amount_sentence(answer) if answer.unit == "money" and answer.low is None else None
    found = found or (_year_sentence(answer) if answer.unit == "period" else _change_sentence(answer))
    lines = [found]
    for place in answer.switched_on:
        lines.append(f"{place} is off in the scenario; it is switched on for this answer.")
    if not answer.feasible and answer.reason:
        lines.append(f"Why: {answer.reason}.")
        if len(answer.levers) == 1 and "bounds go" in answer.reason:
            lines.append("Wider bounds can be given with --bounds LO:HI.")
    return lines


def _amount_sentence(answer: Answer) -> str:
    result, target = answer.present, answer.present.scenario.target[0]
    side = "at least" if target.at_least is not None else "at most"
    value, asked = (amount(result, number, "money") for number in (answer.value or 0.0, answer.present_value))
    return (
        f"{percent(answer.wanted)} likely is {target.measure} in {target.period} of {side} {value}. "
        f"The target asks for {side} {asked}, which is {percent(result.probability)} likely."
    )


def _year_sentence(answer: Answer) -> str:
    present = f"for {answer.present_value}, as the scenario has it, the probability is {percent(answer.present.probability)}"
    if answer.feasible:
        return f"The target is first {percent(answer.wanted)} likely in {answer.value} ({percent(answer.probability)}); {present}."
    best = f"at best {percent(answer.best_probability)}, in {answer.best_value}"
    return f"No year makes the target {percent(answer.wanted)} likely: {best}; {present}."


def _change_sentence(answer: Answer) -> str:
    result, wanted = answer.present, percent(answer.wanted)
    if answer.already:
        return f"{wanted} is reached already: as the scenario stands the probability is {percent(result.probability)}. Nothing has to change."
    at = percent(result.probability)
    if not answer.feasible:
        best = _moves(answer, f"at best {percent(answer.best_probability)}, with")
        return f"{wanted} is out of reach of {answer.name} alone: {best}. As the scenario stands it is {at}."
    if len(answer.levers) > 1:
        way = amount(result, answer.value or 0.0, answer.unit)
        return (
            f"To reach {wanted}, all would have to go {way} of the way to the bound at which each helps most: {_moves(answer, '')}. "
            f"The probability is then {percent(answer.probability)}; as the scenario stands it is {at}."
        )
    now, then = (amount(result, value, answer.unit) for value in (answer.present_value, answer.value or 0.0))
    change = f"go from {now} to {then}" if now != then else f"be switched on, at {then}"
    return (
        f"To reach {wanted}, {answer.name} would have to {change} ({answer.help}). "
        f"The probability is then {percent(answer.probability)}; as the scenario stands it is {at}."
    )


def _moves(answer: Answer, before: str) -> str:
    """Which number goes from where to where."""
    units = {path: _unit_of(answer, path) for path in answer.values}
    result = answer.present
    rows = [
        f"{path} {amount(result, value, units[path])} (now {amount(result, answer.present_values[path], units[path])})"
        for path, value in answer.values.items()
    ]
    return f"{before} {', '.join(rows)}".strip()


def _unit_of(answer: Answer, path: str) -> str:
    from simulator.knobs import knobs

    return next(knob.unit for knob in knobs(answer.present.scenario) if knob.path == path)


def _print_each(console: Console, found: Answers) -> None:
    from rich.text import Text

    from simulator import report

    wanted, result = percent(found.wanted), found.present
    wish = " and ".join(report.condition(result, target) for target in result.scenario.target)
    console.print(f"What alone would make it {wanted} likely that {wish}? Now it is {percent(result.probability)}.")
    table = new_table("What would change", "now", f"to reach {wanted}", "probability then", "at best")
    for answer in found.answers:
        name = Text.assemble(answer.name, "\n  ", (answer.help, "dim"))
        best = f"{percent(answer.best_probability)} at {amount(result, answer.best_value, answer.unit)}"
        needed = amount(result, answer.value, answer.unit) if answer.value is not None else "out of reach"
        then = percent(answer.probability) if answer.feasible else ""
        table.add_row(name, amount(result, answer.present_value, answer.unit), needed, then, "" if answer.feasible else best)
    console.print(table)
    for place in dict.fromkeys(place for answer in found.answers for place in answer.switched_on):
        console.print(f"{place} is off in the scenario; it is switched on for its own row.")
    for answer in found.answers:
        if answer.reason and not answer.feasible:
            console.print(f"{answer.name}: {answer.reason}.")
    if found.left_out:
        console.print(f"Left out, for they have no one number to turn: {', '.join(found.left_out)}.")


def _print_map(console: Console, found: Map, wanted: float) -> None:
    result = found.present
    console.print(f"The probability in percent, with {found.x.name} across and {found.y.name} down; * marks {percent(wanted)} and more.")
    table = new_table(f"{found.y.path} \\ {found.x.path}", *(amount(result, v, found.x.unit) for v in _told(found.x.to_dict())))
    for value, row in zip(_told(found.y.to_dict()), found.probability, strict=True):
        cells = ["no law" if p is None else f"{100 * p:.1f}{'*' if p >= wanted else ''}" for p in row]
        table.add_row(amount(result, value, found.y.unit), *cells)
    console.print(table)
    present = " and ".join(f"{axis.path} {amount(result, axis.to_dict()['present'], axis.unit)}" for axis in (found.x, found.y))
    console.print(f"As the scenario stands, at {present}, it is {percent(result.probability)}.")
    for place in found.switched_on:
        console.print(f"{place} is off in the scenario; it is switched on throughout the map.")


def _told(axis: Mapping[str, Any]) -> Sequence[float | str]:
    return axis["values"]


def _write(target: Path, file: Path, answer: Answer, settings: Sequence[str], quiet: bool) -> None:
    """The scenario's text with the answer in it."""
    raise NotImplementedError
