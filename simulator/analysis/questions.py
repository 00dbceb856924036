"""What can be asked of a scenario's numbers: any knob by its path or a lever's id, within bounds, and the words that set it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from simulator.errors import BaselineError
from simulator.levers.driver import Driver
from simulator.model.result import Result
from simulator.numerics.least_change import rounded
from simulator.scenario import Scenario
from simulator.scenario.parameters import Knob, knobs, turned, written
from simulator.values.periods import month_text
from simulator.values.units import digits
from simulator.values.wording import marked, plainly, show, unknown

PERIOD = "target.period"
WHOLE = ("whole number", "month")
NO_LAW = -math.inf  # in place of a probability, where the figures have no law
Simulate = Callable[..., Result]


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
        return {f"{place}.enabled": True for place in self.switched_on} | written(
            self.base, self.values(value)
        )


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
    first = [knob.path for knob in known if knob.main] + [
        knob.path for knob in known if knob.path.startswith("target.")
    ]
    names = tuple(dict.fromkeys([*first, PERIOD, *(knob.path for knob in known)]))
    if name and _exists(scenario, name):
        raise ValueError(
            f"found {name!r}, which is no single number that can be turned; expected one such as {', '.join(names[:8])}"
        )
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
    base, switched = switched_on(scenario, (path,))

    def values(value: float) -> dict[str, float]:
        return {path: value}

    low, high = knob.low, knob.high
    if bounds is None:
        low, high = (_allowed(base, values, knob.value, bound) for bound in (low, high))
    else:
        low, high = _read_bounds(bounds, knob)
        for bound in (low, high):
            _refuse(base, values, bound, path)
    name = name_of(scenario, path)
    return Question(
        (path,),
        name,
        knob.help,
        knob.unit,
        knob.value,
        min(low, knob.value),
        max(high, knob.value),
        base,
        switched,
        values,
    )


def together(scenario: Scenario, names: Sequence[str], run: Simulate) -> Question:
    """Several knobs moved at once, each the same fraction of the way from its present value to the bound at which it helps most."""
    if PERIOD in names:
        raise ValueError(f"found {PERIOD} among levers together; ask for it alone")
    alone = [question(scenario, knob_path(scenario, name)) for name in dict.fromkeys(names)]
    paths = tuple(asked_for.paths[0] for asked_for in alone)
    base, switched = switched_on(scenario, paths)
    ends = [max((q.low, q.high), key=lambda bound, q=q: probability_of(run, q.at(bound))) for q in alone]  # type: ignore[misc]

    def values(fraction: float) -> dict[str, float]:
        found: dict[str, float] = {}
        for q, end in zip(alone, ends, strict=True):
            value = q.present + fraction * (end - q.present)
            found |= q.values(rounded(value) if q.whole else value)
        return found

    name = " and ".join(dict.fromkeys(q.name for q in alone))
    told = (
        "each moved the same fraction of the way from its present value to the bound at which it helps most"
    )
    return Question(paths, name, told, "fraction of the way", 0.0, 0.0, 1.0, base, switched, values)


def switched_on(scenario: Scenario, paths: Sequence[str]) -> tuple[Scenario, tuple[str, ...]]:
    """The scenario with the levers and risks of some paths switched on, and which of them were off."""
    off = []
    for path in paths:
        section, key = path.split(".")[:2]
        if section in ("levers", "risks") and not getattr(scenario, section)[key].enabled:
            off.append((section, key))
    for section, key in dict.fromkeys(off):
        measures: Mapping[str, Driver] = getattr(scenario, section)
        scenario = scenario.model_copy(
            update={section: {**measures, key: measures[key].model_copy(update={"enabled": True})}}
        )
    return scenario, tuple(dict.fromkeys(f"{section}.{key}" for section, key in off))


def _allowed(
    base: Scenario, values: Callable[[float], dict[str, float]], present: float, bound: float
) -> float:
    """A bound, or the farthest value towards it that the vocabulary takes."""
    if takes(base, values(bound)):
        return bound
    good, bad = present, bound
    for _ in range(20):
        middle = (good + bad) / 2
        good, bad = (middle, bad) if takes(base, values(middle)) else (good, middle)
    near = float(f"{good:.4g}")
    return near if takes(base, values(near)) else good


def takes(base: Scenario, values: dict[str, float]) -> bool:
    """Whether the vocabulary takes some values."""
    try:
        turned(base, values)
    except ValueError:
        return False
    return True


def _refuse(base: Scenario, values: Callable[[float], dict[str, float]], bound: float, path: str) -> None:
    try:
        turned(base, values(bound))
    except ValueError as error:
        message = plainly(error) if isinstance(error, ValidationError) else str(error)
        raise ValueError(f"found a bound that {path} does not take: {message}") from None


def _read_bounds(text: str, knob: Knob) -> tuple[float, float]:
    low, high = (_read(part, knob) for part in two_parts(text, "6:40"))
    if low >= high:
        raise ValueError(f"found bounds {text}, expected the lower one first")
    if not low <= knob.value <= high:
        raise ValueError(
            f"found bounds {text}, which leave out the present value {knob.written(knob.value)} of {knob.path}"
        )
    return low, high


def two_parts(text: str, example: str) -> tuple[str, str]:
    """The ends of ``LO:HI``.

    Raises:
        ValueError: one is missing.
    """
    low, colon, high = (part.strip() for part in text.partition(":"))
    if not (low and colon and high):
        raise ValueError(f"found bounds {text!r}, expected LO:HI such as {example}")
    return low, high


def _read(text: str, knob: Knob) -> float:
    raw: str | float = text
    if knob.unit != "month" and not text.endswith("%"):
        try:
            raw = int(text) if text.lstrip("+-").isdecimal() else float(text)
        except ValueError:
            raise ValueError(
                f"found bound {show(text)}, expected a number such as {knob.written(knob.value)}{marked(text)}"
            ) from None
    return knob.unit.read(raw)


def _exists(scenario: Scenario, name: str) -> bool:
    """Whether a path names something in the scenario, if no number."""
    node: Any = scenario
    for part in name.split("."):
        if isinstance(node, tuple) and node:
            node = node[int(part) if part.isdigit() and int(part) < len(node) else 0]
            if part.isdigit():
                continue
        known = node if isinstance(node, Mapping) else getattr(type(node), "model_fields", {})
        if part not in known:
            return False
        node = node[part] if isinstance(node, Mapping) else getattr(node, part)
    return True


def name_of(scenario: Scenario, path: str) -> str:
    """What people call the number: the lever's name, with the field where it is not the main value; the target's total."""
    section, key, *rest = path.split(".")
    if section == "target":
        target = scenario.target[int(key) if rest else 0]
        return f"The target: {target.measure} in {target.period}"
    if section == "outlook":
        return f"The outlook's {' '.join([key, *rest]).replace('_', ' ')}"
    measures: Mapping[str, Driver] = getattr(scenario, section) if section in ("levers", "risks") else {}
    if key not in measures:
        return path
    field = ".".join(rest)
    name = measures[key].name or key
    return name if field == measures[key].main_field else f"{name}, {field}"


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


def probability_of(run: Simulate, scenario: Scenario) -> float:
    """The probability, ``-inf`` where the figures have no law."""
    try:
        return run(scenario).probability
    except BaselineError:
        return NO_LAW


def told(value: float, unit: str) -> float | str:
    """A value as an answer gives it: as a file would, months as text."""
    return month_text(int(value)) if unit == "month" else float(digits(value))
