"""A new case: what the steps of its page hold, the file that it makes, what is missing or wrong, by step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from simulator.errors import InputError, ScenarioError
from simulator.files.loading import load_text
from simulator.files.opening import checked
from simulator.scenario import Scenario
from simulator.scenario.parameters import Knob, knobs_by_path
from simulator.scenario.parameters import written as turned_to
from simulator.scenario.slips import slips
from simulator.values.address import Address
from simulator.values.fields import read_date
from simulator.values.units import Unit
from simulator.values.wording import capital, plainly, show
from simulator.workspace import cells, drivers, figures, grid, kinds, parcel
from simulator.workspace.casefile import number, period, written
from simulator.workspace.form import Form, Goal
from simulator.workspace.grid import Item

WHO, FIGURES, MEASURES, SAVE = "Who and what", "Figures", "Measures", "Check and save"
STEPS = (WHO, FIGURES, MEASURES, SAVE)
ENOUGH: dict[str, tuple[set[str], ...]] = {  # figures that tell a measure: one of these sets
    "turnover": ({"turnover"}, {"exports", "imports"}),
    "exports": ({"exports"}, {"turnover", "imports"}),
    "imports": ({"imports"}, {"turnover", "exports"}),
    "balance": ({"exports", "imports"}, {"turnover", "exports"}, {"turnover", "imports"}),
}
LACKING = {
    "turnover": "Give at least one figure of turnover, or of exports and imports.",
    "balance": "Give figures of exports and of imports: the balance is their difference.",
}
START = "start"  # of a lever: the month from which it acts
YEARS = (1950, 2150)  # in which a question is asked
_PART = {"observations": FIGURES, "alternatives": FIGURES, "levers": MEASURES, "risks": MEASURES}


@dataclass(frozen=True)
class Problem:
    """What is wrong: the step on which it is mended, where there, and what to write.

    ``row`` is the number of the row of figures that it belongs to, counted from 1; 0: none.
    """

    step: str
    place: str
    message: str
    row: int = 0

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


@dataclass(frozen=True)
class Made:
    """What came of a form: its file, and the scenario in it once that can be answered.

    ``missing`` says what is still to be given, ``problems`` what is wrong, ``looks`` what is odd though it
    can be answered.
    """

    text: str = ""
    scenario: Scenario | None = None
    missing: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()
    looks: tuple[Problem, ...] = ()

    def of(self, step: str) -> tuple[Problem, ...]:
        """What is wrong or odd on a step."""
        return tuple(problem for problem in (*self.problems, *self.looks) if problem.step == step)

    def ready(self, step: str) -> bool:
        """Whether nothing is missing or wrong on a step."""
        return not any(problem.step == step for problem in (*self.missing, *self.problems))


# Forms that are kept


def restored(raw: object) -> Form | None:
    """A form from plain data that a browser kept; None where it is none."""
    if not isinstance(raw, Mapping):
        return None
    try:
        goals = [Goal(**goal) for goal in raw.get("goals", [])] or [Goal()]
        form = Form(**{**raw, "goals": goals})
        if not form.offered:
            return None
        made(form)
    except (TypeError, ValueError, AttributeError, KeyError, LookupError):
        return None
    return form


# The file


def made(form: Form) -> Made:
    """The file of a form, read again and checked, with whatever is missing or wrong."""
    listed, faults = grid.items(form.rows, form.fiscal_year_starts)
    problems = [*_field_problems(form), *(_of_row(form, fault) for fault in faults)]
    missing = tuple(_missing(form, listed))
    if missing or problems:
        return Made(missing=missing, problems=tuple(problems))
    try:
        text = written(form, [item.fields for item in listed])
        loaded = load_text(text, form.file)
        looks = tuple(_looks(form, listed, loaded.scenario))
    except ScenarioError as error:
        return Made(text, problems=tuple(_problems(form, listed, error)))
    except ValueError as error:  # what no file can state, such as a number of a hundred digits
        return Made(problems=(Problem(WHO, "", plainly(error)),))
    try:
        return Made(text, checked(loaded).scenario, looks=looks)
    except ScenarioError as error:
        return Made(text, problems=tuple(_problems(form, listed, error)), looks=looks)


def _missing(form: Form, listed: Sequence[Item]) -> Iterator[Problem]:
    """What is still to be given, in sentences."""
    yield from (Problem(WHO, "", lack) for lack in (*_unnamed(form), *_unasked(form)))
    there = {item.fields["measure"] for item in listed}
    needed = dict.fromkeys(measure for goal in form.goals for measure in _measures(goal))
    for measure in needed:
        if not any(names <= there for names in ENOUGH[measure]):
            yield Problem(FIGURES, "", LACKING.get(measure, f"Give at least one figure of {measure}."))


def _unasked(form: Form) -> Iterator[str]:
    """What the sentences of the targets still lack."""
    for place, goal in enumerate(form.goals, 1):
        which = "the target" if len(form.goals) == 1 else f"target {place}"
        if not goal.number.strip():
            yield f"Say how much {which} asks for."
        if not goal.period.strip():
            yield f"Say when {which} is to be reached, such as 2028."


def _unnamed(form: Form) -> Iterator[str]:
    """What the first fields still lack."""
    if not form.home.strip():
        yield "Name the country." if form.nation else "Name the two countries."
    elif not form.nation and not form.partner.strip():
        yield "Name the other country."
    if not form.as_of.strip():
        yield "Give the day on which the question is asked."


def _measures(goal: Goal) -> Iterator[str]:
    yield goal.measure
    if goal.side.startswith("share"):
        yield goal.of


def _field_problems(form: Form) -> Iterator[Problem]:
    """What cannot be read in the fields of the first step."""
    yield from _unread("As of", _day, form.as_of)
    if not form.nation and form.home.strip() and form.home.strip() == form.partner.strip():
        yield Problem(WHO, "Partner", f"found {show(form.home)} twice, expected two countries")
    for goal in form.goals:
        yield from _unread("Target", partial(number, goal), goal.number)
        yield from _unread("Target, period", partial(period, form), goal.period)
        if goal.side.startswith("growth"):
            yield from _unread("Target, since", partial(period, form), goal.since)


def _unread(place: str, reader: Callable[[str], object], text: str) -> Iterator[Problem]:
    """What is wrong with what was typed into a field, if anything was."""
    try:
        if text.strip():
            reader(text.strip())
    except ValueError as error:
        yield Problem(WHO, place, str(error))


def _day(text: str) -> None:
    first, last = YEARS
    if not first <= read_date(cells.day(text)).year <= last:
        raise ValueError(f"found {show(text)}, expected a day from {first} to {last}")


# What is wrong


def _of_row(form: Form, fault: figures.Fault) -> Problem:
    column = grid.HEADS.get(fault.column, capital(fault.column))
    return Problem(FIGURES, f"{_row_name(form, fault.row)}, {column}", fault.message, fault.row)


def _row_name(form: Form, row: int) -> str:
    period = form.rows[row - 1].get("period", "").strip()
    return f"Row {row}, {period}" if period else f"Row {row}"


def _problems(form: Form, listed: Sequence[Item], error: ScenarioError) -> Iterator[Problem]:
    """The faults of the file, each on the step and in the row where it can be mended."""
    for fault in error.faults:
        yield _placed(form, listed, fault.path, fault.message)


def _looks(form: Form, listed: Sequence[Item], scenario: Scenario) -> Iterator[Problem]:
    """What is odd: likely slips, and figures that do not count yet."""
    for address, message in slips(scenario):
        yield _placed(form, listed, str(address), capital(message))
    for address, figure in scenario.placed:
        if not figure.known(scenario.as_of):
            message = f"It came out on {figure.published}, after the day of the case, and does not count yet."
            yield _placed(form, listed, str(Address.of("observations").join(address)), message)


def _placed(form: Form, listed: Sequence[Item], path: str, message: str) -> Problem:
    section, *rest = path.split(".") if path else [""]
    if section == "observations" and rest and rest[0].isdecimal() and int(rest[0]) < len(listed):
        row = listed[int(rest[0])].row(rest[1:]) + 1
        return Problem(FIGURES, _row_name(form, row), message, row)
    if section in ("levers", "risks") and rest:
        name = form.drivers.get(f"{section}.{rest[0]}", {}).get("name", rest[0])
        return Problem(MEASURES, " ".join((str(name), *rest[1:])), message)
    place = {"as_of": "As of", "target": "Target"}.get(section, capital(section.replace("_", " ")))
    return Problem(_PART.get(section, WHO), place, message)


# A form as a browser keeps it

KEPT_AS = "a case that is being made"  # its name among the drafts: no file is called so


def packed(form: Form) -> str:
    """A form as one word."""
    return parcel.packed({"form": asdict(form)})


def unpacked(word: str) -> Form | None:
    """The form of a word; None where it holds none."""
    try:
        return restored(parcel.unpacked(word).get("form"))
    except ValueError:
        return None


# Measures and risks of a form


def add(form: Form, scenario: Scenario, kind: str) -> str:
    """Add a lever or risk of a kind, with the values that its card shows; its key among the form's."""
    card = kinds.CARDS[kind]
    fields = kinds.values(kind, scenario)
    fields["name"] = drivers.free_name(fields["name"], (str(x.get("name")) for x in form.drivers.values()))
    id = drivers.free_id(card.id, (key.partition(".")[2] for key in form.drivers))
    key = f"{card.section}.{id}"
    form.drivers[key] = fields
    return key


def copy(form: Form, key: str) -> None:
    """Add a copy of a lever or risk under a name of its own; of one that has gone there is none."""
    if key not in form.drivers:
        return
    section, _, id = key.partition(".")
    fields = deepcopy(form.drivers[key])
    taken = (str(other.get("name")) for other in form.drivers.values())
    fields["name"] = drivers.free_name(f"{fields['name']}, copy", taken)
    form.drivers[f"{section}.{drivers.free_id(id, (k.partition('.')[2] for k in form.drivers))}"] = fields


def remove(form: Form, key: str) -> None:
    """Take a lever or risk out, if it is still there."""
    form.drivers.pop(key, None)


def rename(form: Form, key: str, name: str) -> None:
    """Call a lever or risk otherwise.

    Raises:
        InputError: the name is empty, too long, or that of another one.
    """
    name = " ".join(name.split())
    others = {str(item.get("name")).casefold() for other, item in form.drivers.items() if other != key}
    if not name or len(name) > drivers.LONGEST or name.casefold() in others:
        expected = f"expected a name of its own of 1 to {drivers.LONGEST} letters"
        raise InputError(f"found {show(name)}, {expected}")
    form.drivers[key]["name"] = name


def numbers(scenario: Scenario, key: str) -> tuple[Knob, ...]:
    """What of a lever or risk stands in sight: its main value, and when it starts."""
    inside = (knob for path, knob in knobs_by_path(scenario).items() if path.startswith(f"{key}."))
    return tuple(knob for knob in inside if not knob.part and (knob.main or knob.address[-1] == START))


def turn(form: Form, scenario: Scenario, knob: Knob, text: str) -> None:
    """Give a number of a lever or risk another value; the ends of a range go along.

    Raises:
        InputError: the text is no such number, or out of bounds.
    """
    try:
        value = knob.unit.read(_typed(text, knob.unit))
        stated = turned_to(scenario, {knob.path: value})
    except ValueError as error:
        raise InputError(str(error)) from error
    if not knob.low <= value <= knob.high:
        low, high = knob.written(knob.low), knob.written(knob.high)
        raise InputError(f"found {show(text)}, expected {low} to {high}")
    for path, raw in stated.items():
        section, id, *field = Address.parse(path)
        fields = form.drivers[f"{section}.{id}"]
        form.drivers[f"{section}.{id}"] = Address(tuple(field)).put(fields, raw)


def _typed(text: str, unit: Unit) -> Any:
    """What was typed, as a file states it: a comma for a point, and no sign needed behind a percent."""
    text = text.strip().replace(",", ".")
    if unit is Unit.MONTH:
        return text
    if unit.percent or text.endswith("%"):
        return f"{text.rstrip('% ')}%"
    try:
        return Decimal(text)
    except InvalidOperation:
        return text
