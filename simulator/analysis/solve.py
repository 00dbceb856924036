"""What it would take: the least change of a number that makes the target as likely as is wanted.

On common draws the probability is a smooth function of most numbers. Which way it goes is never assumed: a few values on each side of the
present one are tried, the nearest pair between which the wanted probability is crossed is narrowed by the false position method (Illinois; Dowell,
Jarratt 1971), and where none crosses it the best one is looked for by golden section.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any

from pydantic import ValidationError

from simulator import __version__
from simulator.estimator import chance
from simulator.knobs import Knob, knobs, turned
from simulator.measures import Measure
from simulator.periods import Period, month_text
from simulator.readings import BaselineError
from simulator.result import Result, fingerprint
from simulator.scenario import Scenario, Target
from simulator.uncertain import FORMS, READERS, Uncertain, in_unit, read_number
from simulator.wording import show, unknown

TOLERANCE = 1e-4  # by which the probability at an answer may exceed what is wanted, where the number is continuous
NODES = 4  # values tried on each side of the present one: a rise and fall between two of them is not seen
GRAIN = 1e-7  # of the distance between two of them, within which a jump of the probability is placed
SUMMIT_STEPS = 10
GOLDEN = (3 - math.sqrt(5)) / 2
FLAT = 1e-6  # a probability that moves less than this over all values does not depend on the number
HORIZON = 10  # years beyond the target's own, in which a date is looked for
SCREEN = 512  # points that tell which years are worth a full answer
SLACK = 0.005  # by which such a year may miss
PERIOD = "target.period"
WHOLE = ("whole number", "month")
PARTS = {name for names in FORMS.values() for name in names}
NO_LAW = -math.inf  # in place of a probability, where the figures have no law
MEANING = (
    "What it means: the least change of that one number, all else as in the scenario, at which the model gives the target the wanted probability.",
    "What it does not mean: that the change can be had, or is worth its cost. The answer moves with every other assumption; "
    "the range of reasonable alternatives that run prints holds for it too.",
)
Chance = Callable[[float], float]
Simulate = Callable[..., Result]


@dataclass(frozen=True)
class Found:
    """The value nearest to the present one at which a chance is reached, else the one at which it is best."""

    value: float
    feasible: bool
    tried: Mapping[float, float]

    @property
    def best(self) -> float:
        """The value with the highest chance of all that were tried."""
        return max(self.tried, key=self.tried.__getitem__)


def least_change(chance_at: Chance, present: float, low: float, high: float, wanted: float, *, whole: bool = False) -> Found:
    """The value nearest to the present one at which a chance is at least as wanted.

    Args:
        chance_at: the chance at a value; ``-inf`` where there is none.
        present: from where the change is measured, between ``low`` and ``high``.
        low: the lowest value allowed.
        high: the highest value allowed.
        wanted: the chance to reach.
        whole: whether only whole numbers count.
    """
    tried: dict[float, float] = {}

    def at(value: float) -> float:
        if value not in tried:
            tried[value] = chance_at(value)
        return tried[value]

    if at(present) >= wanted:
        return Found(present, True, tried)
    sides = [_nodes(present, bound, whole) for bound in (low, high)]
    pairs = [pair for nodes in sides for pair in _crossings(at, present, nodes, wanted)]
    if not pairs and max(tried.values()) - min(tried.values()) > FLAT:
        top = _summit(at, tried, whole)
        pairs = [(_towards(tried, top, present), top)] if at(top) >= wanted else []
    edges = [_edge(at, off, on, wanted, whole) for off, on in pairs]
    if edges:
        return Found(min(edges, key=lambda value: abs(value - present)), True, tried)
    return Found(max(tried, key=tried.__getitem__), False, tried)


def _nodes(present: float, bound: float, whole: bool) -> list[float]:
    """Values from the present one, left out, to a bound."""
    if bound == present:
        return []
    values = [present + (bound - present) * step / NODES for step in range(1, NODES)]
    return list(dict.fromkeys([*(v for v in (map(_rounded, values) if whole else values) if v != present), bound]))


def _rounded(value: float) -> float:
    return float(round(value))


def _crossings(at: Chance, present: float, nodes: Sequence[float], wanted: float) -> list[tuple[float, float]]:
    """The first pair of neighbours (not reached, reached) on one side; all nodes are tried, so that the best is known."""
    chances = [at(node) for node in nodes]
    for before, node, found in zip([present, *nodes], nodes, chances, strict=False):
        if found >= wanted:
            return [(before, node)]
    return []


def _summit(at: Chance, tried: Mapping[float, float], whole: bool) -> float:
    """The best value, looked for between the neighbours of the best that was tried."""
    order = sorted(tried)
    best = max(order, key=tried.__getitem__)
    place = order.index(best)
    if place in (0, len(order) - 1):
        return best
    left, right = order[place - 1], order[place + 1]
    for _ in range(SUMMIT_STEPS):
        value = best + GOLDEN * ((right - best) if right - best > best - left else (left - best))
        value = _rounded(value) if whole else value
        if value in tried:
            break
        if at(value) > at(best):
            left, right = (best, right) if value > best else (left, best)
            best = value
        else:
            left, right = (left, value) if value > best else (value, right)
    return best


def _towards(tried: Mapping[float, float], value: float, present: float) -> float:
    """The neighbour of a tried value on the side of the present one."""
    between = [other for other in tried if min(value, present) <= other <= max(value, present) and other != value]
    return min(between, key=lambda other: abs(other - value))


def _edge(at: Chance, off: float, on: float, wanted: float, whole: bool) -> float:
    """The least move from ``off``, where a chance is not reached, towards ``on``, where it is."""
    aim, span = wanted + TOLERANCE / 2, abs(on - off)
    below, above = at(off) - aim, at(on) - aim
    was: bool | None = None
    for turn in range(200):
        if (abs(on - off) <= 1) if whole else (at(on) - wanted <= TOLERANCE or abs(on - off) <= GRAIN * span):
            break
        value = (on + off) / 2 if turn % 4 == 3 else on - above * (on - off) / (above - below)
        value = _whole_between(value, off, on) if whole else _round_between(value, off, on, _quantum(at, off, on))
        reached = at(value) >= wanted
        if reached:
            on, above, below = value, at(value) - aim, below / 2 if was is True else below
        else:
            off, below, above = value, at(value) - aim, above / 2 if was is False else above
        was = reached
    return on


def _quantum(at: Chance, off: float, on: float) -> float:
    """A round step that moves the chance by no more than a quarter of the tolerance; 0 where none is known."""
    rise = at(on) - at(off)
    step = abs(on - off) / rise * TOLERANCE / 4 if math.isfinite(rise) and rise > 0 else 0.0
    return 10.0 ** math.floor(math.log10(step)) if step > 0 else 0.0


def _whole_between(value: float, off: float, on: float) -> float:
    """A whole number strictly between two that are more than 1 apart."""
    return min(max(_rounded(value), min(off, on) + 1), max(off, on) - 1)


def _round_between(value: float, off: float, on: float, quantum: float) -> float:
    """A number strictly between two others, rounded towards the second to a multiple of a step where there is room."""
    low, high = min(off, on), max(off, on)
    if quantum and low < value < high:
        steps = math.ceil(value / quantum - 1e-9) if on > off else math.floor(value / quantum + 1e-9)
        near = float(steps * Decimal(repr(quantum)))
        value = near if low < near < high else value
    return value if low < value < high else (low + high) / 2


@dataclass(frozen=True)
class Question:
    """A number that can be set, and the knobs that it moves.

    ``base`` is the scenario with the levers in question switched on; ``values`` gives the knobs' values, by path, at a value of the number.
    """

    paths: tuple[str, ...]
    name: str
    help: str
    unit: str
    present: float
    low: float
    high: float
    base: Scenario
    switched_on: tuple[str, ...]
    values: Callable[[float], dict[str, float]]

    @property
    def whole(self) -> bool:
        """Whether only whole numbers count."""
        return self.unit in WHOLE

    def at(self, value: float) -> Scenario:
        """The scenario with the number at a value."""
        return turned(self.base, self.values(value))

    def changes(self, value: float) -> dict[str, Any]:
        """What a file would have to state, by the path of each field."""
        found: dict[str, Any] = {f"{place}.enabled": True for place in self.switched_on}
        scenario = self.at(value)
        for path in self.values(value):
            field = _field(path)
            found[field] = _written(scenario, field)
        return found


@dataclass(frozen=True)
class Answer:
    """What it would take of one number, or of several moved together.

    Where it is out of reach ``value`` is None, and ``probability``, ``changes`` and ``best_value`` are those of the best value.
    Values are in ``unit`` (percents as fractions; months and periods as text); of several together, the fraction of the way from each
    present value to its bound. ``changes`` are the written values by path. ``present`` is the answer to the scenario as it stands.
    """

    levers: tuple[str, ...]
    name: str
    help: str
    unit: str
    wanted: float
    value: float | str | None
    values: Mapping[str, float | str]
    probability: float
    feasible: bool
    best_value: float | str
    best_probability: float
    present_value: float | str
    present_values: Mapping[str, float | str]
    present: Result
    low: float | str | None
    high: float | str | None
    changes: Mapping[str, Any]
    switched_on: tuple[str, ...]
    reason: str | None
    evaluations: int

    @property
    def already(self) -> bool:
        """Whether nothing needs to change."""
        return self.present.probability >= self.wanted

    @property
    def settings(self) -> tuple[str, ...]:
        """The words of ``--set`` that give ``probability`` to the last digit."""
        return words(self.changes)

    @property
    def relative_change(self) -> float | None:
        """The change as a part of the present value, or of all the bounds allow where that is 0; None where it has no meaning."""
        numbers = (self.value, self.present_value)
        if not all(isinstance(number, float) for number in numbers) or self.unit == "month":
            return None
        value, present = (float(number or 0.0) for number in numbers)
        whole = abs(present) or float(self.high or 0.0) - float(self.low or 0.0)
        return abs(value - present) / whole if whole else 0.0

    def to_dict(self, file: str | None = None) -> dict[str, Any]:
        """The contracted form, and what explains it."""
        return {
            "lever": self.levers[0] if len(self.levers) == 1 else list(self.levers),
            "value": self.value,
            "probability": self.probability,
            "feasible": self.feasible,
            "best_probability": self.best_probability,
            "set": list(self.settings),
            "wanted": self.wanted,
            "already_reached": self.already,
            "name": self.name,
            "unit": self.unit,
            "values": dict(self.values),
            "present_value": self.present_value,
            "present_values": dict(self.present_values),
            "present_probability": self.present.probability,
            "relative_change": self.relative_change,
            "best_value": self.best_value,
            "low": self.low,
            "high": self.high,
            "switched_on": list(self.switched_on),
            "reason": self.reason,
            "evaluations": self.evaluations,
            **asked(self.present, file),
        }


@dataclass(frozen=True)
class Answers:
    """What it would take of each number alone: levers ranked by their relative change, those out of reach last, then the target's own numbers."""

    wanted: float
    present: Result
    answers: tuple[Answer, ...]
    left_out: tuple[str, ...] = ()

    def to_dict(self, file: str | None = None) -> dict[str, Any]:
        """For a machine."""
        common = asked(self.present, file)
        rows = [{key: value for key, value in answer.to_dict().items() if key not in common} for answer in self.answers]
        return {
            "wanted": self.wanted,
            "present_probability": self.present.probability,
            "answers": rows,
            "left_out": list(self.left_out),
            **common,
        }


def solve(
    scenario: Scenario, probability: float = 0.8, *, lever: str | Sequence[str], simulate: Simulate, bounds: str | None = None, **options: Any
) -> Answer:
    """The least change of a number, or of several moved together, that makes the target as likely as is wanted.

    Args:
        scenario: the present set of assumptions.
        probability: the one wanted, a fraction.
        lever: the path of a knob, or a lever's id for its main value; ``target.at_least`` asks for the amount of exactly that probability,
            ``target.period`` for the first year. Several are moved together, each the same fraction of the way to the bound that helps.
        simulate: the engine's.
        bounds: ``LO:HI`` in place of the knob's own, as a file would write them.
        options: handed to the engine.

    Raises:
        ValueError: no such knob, no number, a probability outside (0, 1), or bounds that cannot hold.
    """
    _check_probability(probability)
    run = partial(simulate, **options)
    present = run(scenario)
    named = (lever,) if isinstance(lever, str) else tuple(lever)
    if len(named) > 1:
        if bounds is not None:
            raise ValueError("found bounds for several levers together; state bounds: at each of them in the scenario")
        return _searched(_together(scenario, named, run), probability, present, run)
    return _one(scenario, named[0], probability, present, run, bounds)


def solve_each(scenario: Scenario, probability: float = 0.8, *, simulate: Simulate, levers: Sequence[str] | None = None, **options: Any) -> Answers:
    """What each number alone would have to be.

    Args:
        scenario: the present set of assumptions.
        probability: the one wanted, a fraction.
        simulate: the engine's.
        levers: paths or ids; left out, the main value of every lever, then the target's amount and period.
        options: handed to the engine.

    Raises:
        ValueError: as ``solve``.
    """
    _check_probability(probability)
    run = partial(simulate, **options)
    present = run(scenario)
    known = knobs(scenario)
    mains = [knob.path for knob in known if knob.main and knob.path.startswith("levers.")]
    named = list(levers) if levers is not None else mains
    moved = sorted((_one(scenario, path, probability, present, run, None) for path in named), key=_rank)
    if levers is not None:
        return Answers(probability, present, tuple(moved))
    own = [*(knob.path for knob in known if knob.path.startswith("target.")), PERIOD]
    moved += [_one(scenario, path, probability, present, run, None) for path in own]
    movable = {path.split(".")[1] for path in mains}
    return Answers(probability, present, tuple(moved), tuple(key for key in scenario.levers if key not in movable))


def _rank(answer: Answer) -> tuple[bool, float]:
    if not answer.feasible:
        return True, -answer.best_probability
    return False, answer.relative_change or 0.0


def _check_probability(probability: float) -> None:
    if not 0 < probability < 1:
        raise ValueError(f"found probability {probability:g}, expected a number strictly between 0 and 1, such as 0.8")


def _one(scenario: Scenario, name: str, wanted: float, present: Result, run: Simulate, bounds: str | None) -> Answer:
    if name == PERIOD:
        return _first_year(scenario, wanted, present, run, bounds)
    path = knob_path(scenario, name)
    if path.startswith("target.") and len(scenario.target) == 1 and bounds is None:
        return _amount(scenario, path, wanted, present, run)
    return _searched(question(scenario, path, bounds), wanted, present, run)


# What can be asked


def knob_path(scenario: Scenario, name: str) -> str:
    """The path of a knob that a name means: the path itself, or a lever's or risk's id, with or without its section, for its main value.

    Raises:
        ValueError: there is none; the message lists what there is, with the nearest.
    """
    known = knobs(scenario)
    if any(knob.path == name for knob in known):
        return name
    for knob in known:
        place = knob.path.rpartition(".")[0]
        if knob.main and name in (place, place.split(".")[-1]):
            return knob.path
    first = [knob.path for knob in known if knob.main] + [knob.path for knob in known if knob.path.startswith("target.")]
    names = tuple(dict.fromkeys([*first, PERIOD, *(knob.path for knob in known)]))
    if _exists(scenario, name):
        raise ValueError(f"found {name!r}, which is no single number that can be turned; expected one such as {', '.join(names[:8])}")
    raise ValueError(unknown(name, names, "a number that can be turned"))


def question(scenario: Scenario, path: str, bounds: str | None = None) -> Question:
    """What can be asked of one knob; a lever that is off is switched on for it.

    Args:
        scenario: where the knob is.
        path: of the knob, as ``knob_path`` gives it.
        bounds: ``LO:HI`` in place of the knob's own.

    Raises:
        ValueError: bounds that are no numbers of its unit, are reversed, leave out the present value, or are not allowed.
    """
    knob = next(knob for knob in knobs(scenario) if knob.path == path)
    base, switched = _switched_on(scenario, (path,))
    linked = _linked(scenario, path)

    def values(value: float) -> dict[str, float]:
        return dict.fromkeys(linked, value)

    low, high = knob.low, knob.high
    if bounds is None:
        low, high = (_allowed(base, values, knob.value, bound) for bound in (low, high))
    else:
        low, high = _read_bounds(bounds, knob)
        for bound in (low, high):
            _refuse(base, values, bound, path)
    name = _name(scenario, path)
    return Question((path,), name, knob.help, knob.unit, knob.value, min(low, knob.value), max(high, knob.value), base, switched, values)


def _together(scenario: Scenario, names: Sequence[str], run: Simulate) -> Question:
    """Several knobs moved at once, each the same fraction of the way from its present value to the bound at which it helps most."""
    if PERIOD in names:
        raise ValueError(f"found {PERIOD} among levers together; ask for it alone")
    alone = [question(scenario, knob_path(scenario, name)) for name in dict.fromkeys(names)]
    paths = tuple(asked_for.paths[0] for asked_for in alone)
    base, switched = _switched_on(scenario, paths)
    ends = [max((q.low, q.high), key=lambda bound, q=q: _probability(run, q.at(bound))) for q in alone]  # type: ignore[misc]

    def values(fraction: float) -> dict[str, float]:
        found: dict[str, float] = {}
        for q, end in zip(alone, ends, strict=True):
            value = q.present + fraction * (end - q.present)
            found |= q.values(_rounded(value) if q.whole else value)
        return found

    name = " and ".join(dict.fromkeys(q.name for q in alone))
    told = "each moved the same fraction of the way from its present value to the bound at which it helps most"
    return Question(paths, name, told, "fraction of the way", 0.0, 0.0, 1.0, base, switched, values)


def _switched_on(scenario: Scenario, paths: Sequence[str]) -> tuple[Scenario, tuple[str, ...]]:
    """The scenario with the levers and risks of some paths switched on, and which of them were off."""
    off = []
    for path in paths:
        section, key = path.split(".")[:2]
        if section in ("levers", "risks") and not getattr(scenario, section)[key].enabled:
            off.append((section, key))
    for section, key in dict.fromkeys(off):
        measures: Mapping[str, Measure] = getattr(scenario, section)
        scenario = scenario.model_copy(update={section: {**measures, key: measures[key].model_copy(update={"enabled": True})}})
    return scenario, tuple(dict.fromkeys(f"{section}.{key}" for section, key in off))


def _linked(scenario: Scenario, path: str) -> tuple[str, ...]:
    """A knob, and those that must equal it: the cap of an overlap group stands at each of its levers."""
    if not path.endswith(".overlap.cap"):
        return (path,)
    own = scenario.levers[path.split(".")[1]].overlap
    return tuple(f"levers.{key}.overlap.cap" for key, lever in scenario.levers.items() if lever.overlap and own and lever.overlap.group == own.group)


def _allowed(base: Scenario, values: Callable[[float], dict[str, float]], present: float, bound: float) -> float:
    """A bound, or the farthest value towards it that the vocabulary takes."""
    if _takes(base, values(bound)):
        return bound
    good, bad = present, bound
    for _ in range(20):
        middle = (good + bad) / 2
        good, bad = (middle, bad) if _takes(base, values(middle)) else (good, middle)
    near = float(f"{good:.4g}")
    return near if _takes(base, values(near)) else good


def _takes(base: Scenario, values: dict[str, float]) -> bool:
    try:
        turned(base, values)
    except ValidationError:
        return False
    return True


def _refuse(base: Scenario, values: Callable[[float], dict[str, float]], bound: float, path: str) -> None:
    try:
        turned(base, values(bound))
    except ValidationError as error:
        message = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
        raise ValueError(f"found a bound that {path} does not take: {message}") from None


def _read_bounds(text: str, knob: Knob) -> tuple[float, float]:
    low, high = (_read(part, knob) for part in _two(text, "6:40"))
    if low >= high:
        raise ValueError(f"found bounds {text}, expected the lower one first")
    if not low <= knob.value <= high:
        raise ValueError(f"found bounds {text}, which leave out the present value {knob.written(knob.value)} of {knob.path}")
    return low, high


def _two(text: str, example: str) -> tuple[str, str]:
    low, colon, high = (part.strip() for part in text.partition(":"))
    if not (low and colon and high):
        raise ValueError(f"found bounds {text!r}, expected LO:HI such as {example}")
    return low, high


def _read(text: str, knob: Knob) -> float:
    raw: str | float = text
    if knob.unit != "month" and not text.endswith("%"):
        try:
            raw = float(text)
        except ValueError:
            raise ValueError(f"found bound {show(text)}, expected a number such as {knob.written(knob.value)}") from None
    return READERS.get(knob.unit, read_number)(raw)


def _exists(scenario: Scenario, name: str) -> bool:
    """Whether a path names something in the scenario, if no number."""
    node: Any = scenario
    for part in name.split("."):
        if isinstance(node, tuple) and node and not part.isdigit():
            node = node[0]
        if isinstance(node, tuple):
            node = node[int(part)] if int(part) < len(node) else None
        else:
            node = node.get(part) if isinstance(node, Mapping) else getattr(type(node), "model_fields", {}).get(part) and getattr(node, part)
        if node is None:
            return False
    return True


def _name(scenario: Scenario, path: str) -> str:
    """What people call the number: the lever's name, with the field where it is not the main value."""
    section, key = path.split(".")[:2]
    measures: Mapping[str, Measure] = getattr(scenario, section) if section in ("levers", "risks") else {}
    if key not in measures:
        return path
    field = path.split(".", 2)[2]
    name = measures[key].name or key
    return name if field == measures[key].main_field else f"{name}, {field}"


def _field(path: str) -> str:
    """The path of the field that a knob's path stands for: a range is written whole."""
    head, _, last = path.rpartition(".")
    return head if last in PARTS else path


def _written(scenario: Scenario, field: str) -> Any:
    node: Any = scenario
    for part in field.split("."):
        if isinstance(node, tuple):
            node = node[int(part)] if part.isdigit() else getattr(node[0], part)
        else:
            node = node[part] if isinstance(node, Mapping) else getattr(node, part)
    return node.written() if isinstance(node, Uncertain) else node


def words(changes: Mapping[str, Any]) -> tuple[str, ...]:
    """The words of ``--set`` for some written values by path."""
    return tuple(f"{path}={_flow(value)}" for path, value in changes.items())


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f").removesuffix(".0")
    return str(value)


# How it is answered


def _probability(run: Simulate, scenario: Scenario) -> float:
    try:
        return run(scenario).probability
    except BaselineError:
        return NO_LAW


def _searched(asked_for: Question, wanted: float, present: Result, run: Simulate) -> Answer:
    """The answer by search."""
    if present.probability >= wanted:
        found = Found(asked_for.present, True, {asked_for.present: present.probability})
        asked_for = _as_it_stands(asked_for, present.scenario)
    else:
        found = least_change(
            lambda value: _probability(run, asked_for.at(value)), asked_for.present, asked_for.low, asked_for.high, wanted, whole=asked_for.whole
        )
    unit = asked_for.unit

    def told(values: Mapping[str, float]) -> dict[str, float | str]:
        units = {knob.path: knob.unit for knob in knobs(present.scenario)}
        return {path: _told(value, units[path]) for path, value in values.items()}

    return Answer(
        levers=asked_for.paths,
        name=asked_for.name,
        help=asked_for.help,
        unit=unit,
        wanted=wanted,
        value=_told(found.value, unit) if found.feasible else None,
        values=told(asked_for.values(found.value)),
        probability=found.tried[found.value],
        feasible=found.feasible,
        best_value=_told(found.best, unit),
        best_probability=found.tried[found.best],
        present_value=_told(asked_for.present, unit),
        present_values=told(asked_for.values(asked_for.present)),
        present=present,
        low=_told(asked_for.low, unit),
        high=_told(asked_for.high, unit),
        changes=asked_for.changes(found.value),
        switched_on=asked_for.switched_on,
        reason=None if found.feasible else _reason(asked_for, found),
        evaluations=len(found.tried),
    )


def _as_it_stands(asked_for: Question, scenario: Scenario) -> Question:
    """The question about a scenario in which nothing needs to be switched on."""
    return replace(asked_for, base=scenario, switched_on=())


def _told(value: float, unit: str) -> float | str:
    return month_text(int(value)) if unit == "month" else value


def _reason(asked_for: Question, found: Found) -> str:
    """Why a probability is out of reach."""
    chances = [p for p in found.tried.values() if math.isfinite(p)]
    if max(chances) - min(chances) <= FLAT:
        why = "it does not move the probability"
    elif found.value in (asked_for.low, asked_for.high):
        why = f"that is as far as {'its' if len(asked_for.paths) == 1 else 'their'} bounds go"
    else:
        end = asked_for.low if found.value < asked_for.present else asked_for.high
        level = found.tried[found.value] - found.tried[end] <= FLAT
        why = "going farther changes nothing" if level else "more of it and less of it both lower the probability"
    caps = {}
    for path in asked_for.paths:
        section, key = path.split(".")[:2]
        overlap = asked_for.base.levers[key].overlap if section == "levers" else None
        if overlap is not None and not path.endswith(".overlap.cap"):
            caps[overlap.group] = overlap.cap
    scenario = asked_for.base
    return why + "".join(
        f"; the levers of group {group!r} sell the same goods and together add at most {cap:g} {scenario.unit} {scenario.currency} a year"
        for group, cap in caps.items()
    )


def _amount(scenario: Scenario, path: str, wanted: float, present: Result, run: Simulate) -> Answer:
    """The target's amount of exactly the wanted probability: a quantile of the smoothed law."""
    target = scenario.target[0]
    at_least = target.at_least is not None
    asked_for = question(scenario, path)
    total = present.flows.total(target.measure, target.period)
    if total.smooth and not total.constant:
        value = float(total.quantile([1 - wanted if at_least else wanted])[0])
    else:  # a share of draws: the last of them that it takes
        value = float(sorted(total.values, reverse=at_least)[math.ceil(wanted * total.values.size - 1e-9) - 1])
    nudge = 1e-12 * abs(value) * (-1 if at_least else 1)
    while (found := run(asked_for.at(value)).probability) < wanted:  # by the last digits of the quantile
        value, nudge = value + nudge, 10 * nudge
    return Answer(
        levers=(path,),
        name=_amount_name(target),
        help=asked_for.help,
        unit=asked_for.unit,
        wanted=wanted,
        value=value,
        values={path: value},
        probability=found,
        feasible=True,
        best_value=value,
        best_probability=found,
        present_value=target.amount,
        present_values={path: target.amount},
        present=present,
        low=None,
        high=None,
        changes=asked_for.changes(value),
        switched_on=(),
        reason=None,
        evaluations=1,
    )


def _amount_name(target: Target) -> str:
    return f"the amount asked of {target.measure} in {target.period}"


def _first_year(scenario: Scenario, wanted: float, present: Result, run: Simulate, bounds: str | None) -> Answer:
    """The first year, the target's period shifted by whole years, in which the probability is reached."""
    years = _years(scenario, present, bounds)
    far = run(_shifted(scenario, years[-1]), points=min(present.points, SCREEN))
    screened = {n: _joint(far, scenario, n) for n in years}
    exact: dict[int, float] = {0: present.probability} if 0 in years else {}
    for n in years:
        if screened[n] >= wanted - SLACK:
            exact.setdefault(n, _probability(run, _shifted(scenario, n)))
            if exact[n] >= wanted:
                break
    else:
        best = max(screened, key=screened.__getitem__)
        exact.setdefault(best, _probability(run, _shifted(scenario, best)))
    best = max(exact, key=exact.__getitem__)
    feasible = exact[best] >= wanted
    value = min((n for n in exact if exact[n] >= wanted), default=best)
    paths = [PERIOD] if len(scenario.target) == 1 else [f"target.{index}.period" for index in range(len(scenario.target))]

    def texts(n: int) -> dict[str, float | str]:
        return {path: str(target.period.shift(12 * n)) for path, target in zip(paths, scenario.target, strict=True)}

    def text(n: int) -> str:
        return " and ".join(str(each) for each in dict.fromkeys(texts(n).values()))

    return Answer(
        levers=(PERIOD,),
        name="the period of the target",
        help="the months that are added up",
        unit="period",
        wanted=wanted,
        value=text(value) if feasible else None,
        values=texts(value),
        probability=exact[value],
        feasible=feasible,
        best_value=text(best),
        best_probability=exact[best],
        present_value=text(0),
        present_values=texts(0),
        present=present,
        low=text(years[0]),
        high=text(years[-1]),
        changes=texts(value),
        switched_on=(),
        reason=None if feasible else f"looked for from {text(years[0])} to {text(years[-1])}",
        evaluations=1 + len(exact),
    )


def _years(scenario: Scenario, present: Result, bounds: str | None) -> list[int]:
    """By how many years the targets' periods may be shifted: from the first that is not wholly published."""
    last = max(target.period.last for target in scenario.target)
    first = min(target.period.first for target in scenario.target)
    back = 0
    while last - 12 * (back + 1) >= present.ahead.first and first - 12 * (back + 1) >= present.grid.first:
        back += 1
    years = range(-back, HORIZON + 1)
    if bounds is None:
        return list(years)
    low, high = (Period.parse(part) for part in _two(bounds, "2019:2025"))
    if high < low:
        raise ValueError(f"found bounds {bounds}, expected the earlier one first")
    kept = [n for n in years if low.first <= first + 12 * n and last + 12 * n <= high.last]
    if not kept:
        whole = f"{scenario.target[0].period.shift(12 * years[0])} to {scenario.target[0].period.shift(12 * years[-1])}"
        raise ValueError(f"found bounds {bounds}, which hold no period from {whole}, in which a date can be looked for")
    return kept


def _shifted(scenario: Scenario, years: int) -> Scenario:
    if not years:
        return scenario
    targets = [{**target.model_dump(exclude_unset=True), "period": target.period.shift(12 * years)} for target in scenario.target]
    return scenario.changed(target=targets)


def _joint(result: Result, scenario: Scenario, years: int) -> float:
    """The probability that all targets hold some years later, on the paths of a result that reaches that far."""
    shifted = [(t, result.flows.total(t.measure, t.period.shift(12 * years))) for t in scenario.target]
    return chance([(total, t.amount, t.at_least is not None) for t, total in shifted]).probability


def asked(result: Result, file: str | None) -> dict[str, Any]:
    """What was asked of which scenario, for a machine."""
    scenario = result.scenario
    targets = [target.model_dump(exclude_none=True) for target in scenario.target]
    return {
        "scenario": {"title": scenario.title, "file": file, "sha256": fingerprint(scenario)},
        "as_of": str(scenario.as_of),
        "currency": scenario.currency,
        "scenario_unit": scenario.unit,
        "target": targets[0] if len(targets) == 1 else targets,
        "points": result.points,
        "seed": result.seed,
        "version": __version__,
    }


# Two numbers at once


@dataclass(frozen=True)
class Axis:
    """A number of a map: its values, and the present one."""

    path: str
    name: str
    unit: str
    present: float
    values: tuple[float, ...]

    def written(self) -> Iterator[str]:
        """The values as a file states them."""
        return (in_unit(value, self.unit) for value in self.values)

    def to_dict(self) -> dict[str, Any]:
        """For a machine; months as text."""
        return {
            "path": self.path,
            "name": self.name,
            "unit": self.unit,
            "present": _told(self.present, self.unit),
            "values": [_told(value, self.unit) for value in self.values],
        }


@dataclass(frozen=True)
class Map:
    """The probability over two numbers: one row for each value of ``y``, one column for each of ``x``; None where the figures have no law."""

    x: Axis
    y: Axis
    probability: tuple[tuple[float | None, ...], ...]
    present: Result
    switched_on: tuple[str, ...]

    def to_dict(self, file: str | None = None) -> dict[str, Any]:
        """For a machine."""
        return {
            "x": self.x.to_dict(),
            "y": self.y.to_dict(),
            "probability": [list(row) for row in self.probability],
            "present_probability": self.present.probability,
            "switched_on": list(self.switched_on),
            **asked(self.present, file),
        }


def grid(
    scenario: Scenario, path_x: str, path_y: str, *, simulate: Simulate, steps: tuple[int, int] = (9, 9), points: int = SCREEN, **options: Any
) -> Map:
    """The probability over a grid of two knobs, between their bounds, on the same draws throughout.

    Args:
        scenario: the present set of assumptions.
        path_x: a knob, or a lever's id for its main value.
        path_y: another.
        simulate: the engine's.
        steps: how many values of each; of a whole number at most as many as there are.
        points: draws of each; fewer than a headline needs will do.
        options: handed to the engine.

    Raises:
        ValueError: no such knob, the same twice, or fewer than two steps.
    """
    asked_for = [question(scenario, knob_path(scenario, path)) for path in (path_x, path_y)]
    paths = tuple(q.paths[0] for q in asked_for)
    if paths[0] == paths[1]:
        raise ValueError(f"found {paths[0]} twice, expected two different numbers")
    if min(steps) < 2:
        raise ValueError(f"found {min(steps)} steps, expected at least 2")
    base, switched = _switched_on(scenario, paths)
    run = partial(simulate, points=points, **options)
    x, y = (Axis(q.paths[0], q.name, q.unit, q.present, _spaced(q, count)) for q, count in zip(asked_for, steps, strict=True))

    def cell(across: float, up: float) -> float | None:
        try:
            found = _probability(run, turned(base, asked_for[0].values(across) | asked_for[1].values(up)))
        except ValidationError:  # each is allowed alone, not both at once
            return None
        return found if math.isfinite(found) else None

    rows = tuple(tuple(cell(across, up) for across in x.values) for up in y.values)
    return Map(x, y, rows, run(scenario), switched)


def _spaced(asked_for: Question, count: int) -> tuple[float, ...]:
    span = asked_for.high - asked_for.low
    values = [asked_for.low + span * step / (count - 1) for step in range(count)]
    return tuple(dict.fromkeys(map(_rounded, values) if asked_for.whole else values))
