"""What it would take: the least change of a number that makes the target as likely as is wanted."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from simulator._version import __version__
from simulator.analysis.questions import (
    PERIOD,
    Question,
    Simulate,
    knob_path,
    probability_of,
    question,
    switched_on,
    takes,
    together,
    told,
    two_parts,
    words,
)
from simulator.model.result import Result, fingerprint
from simulator.numerics.least_change import FLAT, LeastChange, least_change
from simulator.numerics.preintegration import Condition, chance
from simulator.scenario import Scenario
from simulator.scenario.parameters import knobs, turned
from simulator.values.periods import Period, parse_month
from simulator.values.units import digits

HORIZON = 10  # years beyond the target's own, in which a date is looked for
SCREEN = 512  # points that tell which years are worth a full answer
SLACK = 0.005  # by which such a year may miss
BOUND = "that is as far as its bounds go"
DEFAULT_BOUND = "that is as far as its default bounds go, for the scenario states no bounds of its own"
BOUNDS = (BOUND, DEFAULT_BOUND)
MEANING = (
    "What it means: the least change, all else as in the scenario, at which the model gives the target the wanted probability.",
    "What it does not mean: that the change can be had, or is worth its cost. The answer moves with every other assumption; "
    "the range of reasonable alternatives beside the headline holds for it too.",
)
AMOUNT_MEANING = (
    "What it means: the amount that the model reaches with exactly the wanted probability, all else as in the scenario.",
    "What it does not mean: a forecast or a proposal. Reasonable alternatives to the outlook move this amount as they move the probability.",
)
YEAR_MEANING = (
    "What it means: the first period, years apart from the target's own, in which the model gives the same target the wanted probability.",
    "What it does not mean: a date by which it will be met. The law is carried on far beyond its figures; no shock or measure after them is known.",
)


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
    def quantile(self) -> bool:
        """Whether it is the target's amount of exactly the wanted probability."""
        return self.levers[0].startswith("target.") and self.unit == "money" and self.low is None

    @property
    def at_bound(self) -> bool:
        """Whether it is out of reach only for its bounds, which may be widened."""
        return self.reason is not None and self.reason.startswith(BOUNDS)

    @property
    def scenario(self) -> Scenario:
        """The scenario with the answer in it, or with the best value where it is out of reach."""
        base, _ = switched_on(self.present.scenario, self.switched_on)
        if self.unit == "period":
            first = Period.parse(next(iter(self.values.values()))).first
            return _shifted(base, (first - base.target[0].period.first) // 12)
        return turned(
            base,
            {
                path: parse_month(value) if isinstance(value, str) else value
                for path, value in self.values.items()
            },
        )

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
        rows = [
            {key: value for key, value in answer.to_dict().items() if key not in common}
            for answer in self.answers
        ]
        return {
            "wanted": self.wanted,
            "present_probability": self.present.probability,
            "answers": rows,
            "left_out": list(self.left_out),
            **common,
        }


def solve(
    scenario: Scenario,
    probability: float = 0.8,
    *,
    lever: str | Sequence[str],
    simulate: Simulate,
    bounds: str | None = None,
    **options: Any,
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
            raise ValueError(
                "found bounds for several levers together; state bounds: at each of them in the scenario"
            )
        return _searched(together(scenario, named, run), probability, present, run)
    return _one(scenario, named[0], probability, present, run, bounds)


def solve_each(
    scenario: Scenario,
    probability: float = 0.8,
    *,
    simulate: Simulate,
    levers: Sequence[str] | None = None,
    **options: Any,
) -> Answers:
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
    return Answers(
        probability, present, tuple(moved), tuple(key for key in scenario.levers if key not in movable)
    )


def _rank(answer: Answer) -> tuple[bool, float]:
    if not answer.feasible:
        return True, -answer.best_probability
    return False, answer.relative_change or 0.0


def _check_probability(probability: float) -> None:
    if not 0 < probability < 1:
        raise ValueError(
            f"found probability {probability:g}, expected a number strictly between 0 and 1, such as 0.8"
        )


def _one(
    scenario: Scenario, name: str, wanted: float, present: Result, run: Simulate, bounds: str | None
) -> Answer:
    if name == PERIOD:
        return _first_year(scenario, wanted, present, run, bounds)
    path = knob_path(scenario, name)
    if path.startswith("target.") and len(scenario.target) == 1 and bounds is None:
        return _amount(scenario, path, wanted, present, run)
    return _searched(question(scenario, path, bounds), wanted, present, run, stated=bounds is not None)


# How it is answered


def _searched(
    asked_for: Question, wanted: float, present: Result, run: Simulate, *, stated: bool = False
) -> Answer:
    """The answer by search; ``stated``: the bounds were asked for."""
    if present.probability >= wanted:
        found = LeastChange(asked_for.present, True, {asked_for.present: present.probability})
        asked_for = _as_it_stands(asked_for, present.scenario)
    else:
        found = least_change(
            lambda value: probability_of(run, asked_for.at(value)),
            asked_for.present,
            asked_for.low,
            asked_for.high,
            wanted,
            integers=asked_for.whole,
        )
    unit = asked_for.unit
    units = {knob.path: knob.unit for knob in knobs(present.scenario)}

    def each(value: float) -> dict[str, float | str]:
        return {path: told(number, units[path]) for path, number in asked_for.values(value).items()}

    return Answer(
        levers=asked_for.paths,
        name=asked_for.name,
        help=asked_for.help,
        unit=unit,
        wanted=wanted,
        value=told(found.value, unit) if found.feasible else None,
        values=each(found.value),
        probability=found.tried[found.value],
        feasible=found.feasible,
        best_value=told(found.best, unit),
        best_probability=found.tried[found.best],
        present_value=told(asked_for.present, unit),
        present_values=each(asked_for.present),
        present=present,
        low=told(asked_for.low, unit),
        high=told(asked_for.high, unit),
        changes=asked_for.changes(found.value),
        switched_on=asked_for.switched_on,
        reason=None if found.feasible else _reason(asked_for, found, stated or _bounds_stated(asked_for)),
        evaluations=len(found.tried),
    )


def _as_it_stands(asked_for: Question, scenario: Scenario) -> Question:
    """The question about a scenario in which nothing needs to be switched on."""
    return replace(asked_for, base=scenario, switched_on=())


def _reason(asked_for: Question, found: LeastChange, stated: bool) -> str:
    """Why a probability is out of reach; ``stated``: its bounds are those of the scenario or of the question."""
    chances = [p for p in found.tried.values() if math.isfinite(p)]
    if max(chances) - min(chances) <= FLAT:
        why = "it does not move the probability"
    elif found.value in (asked_for.low, asked_for.high):
        why = (
            (BOUND if stated else DEFAULT_BOUND)
            if _goes_further(asked_for, found.value)
            else "that is as far as it can go"
        )
    else:
        end = asked_for.low if found.value < asked_for.present else asked_for.high
        level = found.tried[found.value] - found.tried[end] <= FLAT
        why = (
            "going farther changes nothing"
            if level
            else "more of it and less of it both lower the probability"
        )
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


def _bounds_stated(asked_for: Question) -> bool:
    """Whether the scenario states the bounds of every lever and risk that is moved; nothing else has any."""
    for path in asked_for.paths:
        section, key, *field = path.split(".")
        if (
            section in ("levers", "risks")
            and ".".join(field) not in getattr(asked_for.base, section)[key].bounds
        ):
            return False
    return True


def _goes_further(asked_for: Question, bound: float) -> bool:
    """Whether the vocabulary takes more than a bound; of several together, of all of them."""
    step = 1.0 if asked_for.whole else (asked_for.high - asked_for.low) / 100
    return takes(asked_for.base, asked_for.values(bound + (step if bound >= asked_for.high else -step)))


def _amount(scenario: Scenario, path: str, wanted: float, present: Result, run: Simulate) -> Answer:
    """The target's amount of exactly the wanted probability: a quantile of the smoothed law."""
    target = scenario.target[0]
    at_least = target.at_least is not None
    asked_for = question(scenario, path)
    total = present.flows.total(target.measure, target.period)
    if total.smooth and not total.constant:
        value = float(total.quantile([1 - wanted if at_least else wanted])[0])
    else:  # a share of draws: the last of them that it takes
        value = float(
            sorted(total.values, reverse=at_least)[math.ceil(wanted * total.values.size - 1e-9) - 1]
        )
    value = float(digits(value))
    nudge = 1e-11 * abs(value) * (-1 if at_least else 1)
    while (found := run(asked_for.at(value)).probability) < wanted:  # by the last digits
        value, nudge = float(digits(value + nudge)), 10 * nudge
    return Answer(
        levers=(path,),
        name=asked_for.name,
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


def _first_year(
    scenario: Scenario, wanted: float, present: Result, run: Simulate, bounds: str | None
) -> Answer:
    """The first year, the target's period shifted by whole years, in which the probability is reached."""
    years = _years(scenario, present, bounds)
    far = run(_shifted(scenario, years[-1]), points=min(present.points, SCREEN))
    screened = {n: _joint(far, scenario, n) for n in years}
    exact: dict[int, float] = {0: present.probability} if 0 in years else {}
    for n in years:
        if screened[n] >= wanted - SLACK:
            exact.setdefault(n, probability_of(run, _shifted(scenario, n)))
            if exact[n] >= wanted:
                break
    else:
        best = max(screened, key=screened.__getitem__)
        exact.setdefault(best, probability_of(run, _shifted(scenario, best)))
    best = max(exact, key=exact.__getitem__)
    feasible = exact[best] >= wanted
    value = min((n for n in exact if exact[n] >= wanted), default=best)
    paths = (
        [PERIOD]
        if len(scenario.target) == 1
        else [f"target.{index}.period" for index in range(len(scenario.target))]
    )

    def texts(n: int) -> dict[str, float | str]:
        return {
            path: str(target.period.shift(12 * n))
            for path, target in zip(paths, scenario.target, strict=True)
        }

    def text(n: int) -> str:
        return " and ".join(sorted({str(each) for each in texts(n).values()}))

    return Answer(
        levers=(PERIOD,),
        name="The target's period",
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
        reason=None
        if feasible
        else f"looked for from {text(years[0])} to {text(years[-1])}, at most {HORIZON} years after its own",
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
    low, high = (Period.parse(part) for part in two_parts(bounds, "2019:2025"))
    if high < low:
        raise ValueError(f"found bounds {bounds}, expected the earlier one first")
    kept = [n for n in years if low.first <= first + 12 * n and last + 12 * n <= high.last]
    if not kept:
        whole = f"{scenario.target[0].period.shift(12 * years[0])} to {scenario.target[0].period.shift(12 * years[-1])}"
        raise ValueError(
            f"found bounds {bounds}, which hold no period from {whole}, in which a date can be looked for"
        )
    return kept


def _shifted(scenario: Scenario, years: int) -> Scenario:
    if not years:
        return scenario
    targets = [
        {**target.model_dump(exclude_unset=True), "period": target.period.shift(12 * years)}
        for target in scenario.target
    ]
    return scenario.changed(target=targets)


def _joint(result: Result, scenario: Scenario, years: int) -> float:
    """The probability that all targets hold some years later, on the paths of a result that reaches that far."""
    shifted = [(t, result.flows.total(t.measure, t.period.shift(12 * years))) for t in scenario.target]
    return chance([Condition(total, t.amount, t.floor) for t, total in shifted]).probability


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
