"""What it would take to make the target as likely as is wanted: the least change, the amount, or the year."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from simulator.analysis.answers import HORIZON, WANTED, Amount, Answer, Answers, Change, Limit, Year
from simulator.analysis.questions import (
    PERIOD,
    KnobQuestion,
    PeriodQuestion,
    Run,
    about,
    knob_named,
    main_knobs,
    probability_of,
    question,
    together,
    two_parts,
)
from simulator.model.result import Result, Simulate
from simulator.model.targets import at_median_rate, condition
from simulator.numerics.draws import FEW_POINTS, POINTS, SEED
from simulator.numerics.least_change import FLAT, LeastChange, least_change
from simulator.numerics.preintegration import chance
from simulator.scenario import Scenario, Target
from simulator.scenario.parameters import Knob, knobs
from simulator.scenario.sizes import require_drawable
from simulator.scenario.work import Asked, require_answers
from simulator.values.units import Unit, digits

SEARCHED = 16  # answers that the search over one number asks for, about
SLACK = 0.005  # by which a year may miss on few points and yet be worth a full answer
NUDGE = 1e-11  # of an amount, that its last digits may lack
WHOLE_DRAW = 1e-9  # a part of a draw too small to be one


def solve(
    scenario: Scenario,
    probability: float = WANTED,
    *,
    lever: str | Sequence[str],
    simulate: Simulate,
    bounds: str | None = None,
    points: int = POINTS,
    seed: int = SEED,
) -> Answer:
    """The least change of a number, or of several together, that makes the target as likely as is wanted.

    Args:
        scenario: the present set of assumptions.
        probability: the one wanted, a fraction.
        lever: the path of a knob, or a lever's id for its main value; ``target.at_least`` asks for the amount
            of exactly that probability, ``target.period`` for the first year. Several are moved together,
            each the same fraction of the way to the bound that helps.
        simulate: the engine's.
        bounds: ``LO:HI`` in place of the knob's own, as a file would write them.
        points: draws in all, a power of two.
        seed: of every draw.

    Raises:
        ValueError: no such knob, no number, a probability outside (0, 1), or bounds that cannot hold.
    """
    search = _Search.of(scenario, probability, simulate, points, seed)
    names = (lever,) if isinstance(lever, str) else tuple(lever)
    if not names:
        raise ValueError("found no lever, expected one, or several that move together")
    if len(names) > 1 and bounds is not None:
        advice = "state bounds: at each of them in the scenario"
        raise ValueError(f"found bounds for several levers together; {advice}")
    if len(names) > 1:
        return search.change(together(scenario, names, search.run))
    return search.answer(names[0], bounds)


def solve_each(
    scenario: Scenario,
    probability: float = WANTED,
    *,
    simulate: Simulate,
    levers: Sequence[str] | None = None,
    points: int = POINTS,
    seed: int = SEED,
) -> Answers:
    """What each number alone would have to be.

    Args:
        scenario: the present set of assumptions.
        probability: the one wanted, a fraction.
        simulate: the engine's.
        levers: paths or ids; left out, the main value of every lever, then the target's amount and period.
        points: draws in all, a power of two.
        seed: of every draw.

    Raises:
        ValueError: as ``solve``.
    """
    search = _Search.of(scenario, probability, simulate, points, seed)
    if levers is not None:
        search.require(len(levers))
        return Answers(probability, search.present, search.ranked(levers))
    mains = main_knobs(scenario)
    search.require(len(mains))
    amounts = [knob.path for knob in knobs(scenario) if knob.address.section == "target"]
    answers = (
        *search.ranked([knob.path for knob in mains]),
        *(search.answer(name) for name in (*amounts, PERIOD)),
    )
    movable = {knob.address.id for knob in mains}
    left_out = tuple(key for key in scenario.levers if key not in movable)
    return Answers(probability, search.present, answers, left_out)


def _rank(answer: Answer) -> tuple[bool, float]:
    if not answer.feasible:
        return True, -answer.best_probability
    return False, answer.relative_change or 0.0


@dataclass(frozen=True)
class _Search:
    """What every answer about one scenario needs.

    That is the probability wanted, the present answer, and the engine on all draws and on few.
    """

    wanted: float
    present: Result
    run: Run
    screen: Run

    @classmethod
    def of(cls, scenario: Scenario, wanted: float, simulate: Simulate, points: int, seed: int) -> _Search:
        """The search on some draws.

        Raises:
            ValueError: a probability outside (0, 1).
        """
        if not 0 < wanted < 1:
            expected = "expected a number strictly between 0 and 1, such as 0.8"
            raise ValueError(f"found probability {wanted:g}, {expected}")
        run = partial(simulate, points=points, seed=seed)
        return cls(wanted, run(scenario), run, partial(simulate, points=min(points, FEW_POINTS), seed=seed))

    def require(self, numbers: int) -> None:
        """Refuse to search over more numbers than ``limits.QUESTION_WORK`` allows.

        Raises:
            ValueError: there are more.
        """
        if self.present.probability < self.wanted:
            require_answers(self.scenario, Asked(SEARCHED * numbers, self.present.points, "moved"))

    @property
    def scenario(self) -> Scenario:
        """The scenario in question."""
        return self.present.scenario

    def answer(self, name: str, bounds: str | None = None) -> Answer:
        """What it would take of one number by its path, or by the id of its lever or risk."""
        if name == PERIOD:
            return self.year(bounds)
        knob = knob_named(self.scenario, name)
        if knob.address.section == "target" and len(self.scenario.goals) == 1 and bounds is None:
            return self.amount(knob)
        return self.change(question(self.scenario, knob, bounds), stated=bounds is not None)

    def ranked(self, names: Iterable[str]) -> tuple[Answer, ...]:
        """What it would take of each of some numbers, by their relative change; those out of reach last."""
        return tuple(sorted(map(self.answer, names), key=_rank))

    def change(self, asked: KnobQuestion, *, stated: bool = False) -> Change:
        """The least change, by search; ``stated``: its bounds were asked for."""
        if self.present.probability >= self.wanted:  # nothing needs to be switched on
            asked = replace(asked, base=self.scenario, switched_on=())
            outcome = LeastChange(asked.present, True, {asked.present: self.present.probability})
        else:
            outcome = least_change(
                lambda number: probability_of(self.run, asked.at(number)),
                asked.present,
                asked.low,
                asked.high,
                self.wanted,
                integers=asked.unit.integer,
            )
        limit = None if outcome.feasible else _limit(asked, outcome, stated or _bounds_stated(asked))
        return Change(asked, self.wanted, self.present, outcome.value, outcome.tried, limit)

    def amount(self, knob: Knob) -> Amount:
        """The target's amount of exactly the wanted probability: a quantile of the smoothed law."""
        asked = about(self.scenario, knob)
        target = self.scenario.target[0]
        value = _quantile(self.present, target, self.wanted)
        nudge = NUDGE * (abs(value) or 1.0) * (-1 if target.floor else 1)
        while (probability := self.run(asked.at(value)).probability) < self.wanted:  # by the last digits
            value, nudge = float(digits(value + nudge)), 10 * nudge
        return Amount(asked, self.wanted, self.present, value, {value: probability})

    def year(self, bounds: str | None) -> Year:
        """The first year, the target's period shifted by whole years, in which the probability is reached."""
        years = _years(self.scenario, self.present, bounds)
        asked = _when(self.scenario, years)
        tried = self._tried(asked, years)
        reached = [number for number, probability in tried.items() if probability >= self.wanted]
        number = min(reached, default=max(tried, key=tried.__getitem__))
        return Year(asked, self.wanted, self.present, number, tried)

    def _tried(self, asked: PeriodQuestion, years: Sequence[int]) -> dict[float, float]:
        """The probability by year, on all draws, of those that may be the first: at least of the best."""
        far = self.screen(asked.at(years[-1]))
        screened = {number: _joint(far, self.scenario, number) for number in years}
        likely = [number for number in years if screened[number] >= self.wanted - SLACK]
        tried: dict[float, float] = {0: self.present.probability} if 0 in years else {}
        for number in likely:
            if number not in tried:
                tried[number] = probability_of(self.run, asked.at(number))
            if tried[number] >= self.wanted:
                return tried
        best = max(screened, key=screened.__getitem__)
        if best not in tried:
            tried[best] = probability_of(self.run, asked.at(best))
        return tried


def _limit(asked: KnobQuestion, outcome: LeastChange, stated: bool) -> Limit:
    """Why a probability is out of reach; ``stated``: the scenario or the question states the bounds."""
    tried, best = outcome.tried, outcome.value
    chances = [probability for probability in tried.values() if math.isfinite(probability)]
    if max(chances) - min(chances) <= FLAT:
        return Limit.FLAT
    if best in (asked.low, asked.high):
        if not _goes_further(asked, best):
            return Limit.END
        return Limit.BOUND if stated else Limit.DEFAULT_BOUND
    end = asked.low if best < asked.present else asked.high
    return Limit.LEVEL if tried[best] - tried[end] <= FLAT else Limit.PEAK


def _bounds_stated(asked: KnobQuestion) -> bool:
    """Whether the scenario states the bounds of every lever and risk that is moved; nothing else has any."""
    drivers = dict(asked.base.drivers())
    addresses = (knob.address for knob in asked.knobs if knob.address.owner in drivers)
    return all(str(address.field) in drivers[address.owner].bounds for address in addresses)


def _goes_further(asked: KnobQuestion, bound: float) -> bool:
    """Whether the vocabulary takes more than a bound; of several together, of all of them."""
    step = 1.0 if asked.unit.integer else (asked.high - asked.low) / 100
    return asked.takes(bound + (step if bound >= asked.high else -step))


def _quantile(present: Result, target: Target, wanted: float) -> float:
    """The amount, growth or share that is met with a probability, to twelve digits."""
    quantity = target.quantity
    law = present.flows.quantity(quantity) if target.step is None else at_median_rate(target, present.flows)
    if law.smooth and not law.constant:
        value = law.quantile([1 - wanted if target.floor else wanted])[0]
    else:  # a share of draws: the last of them that it takes
        ranked = sorted(law.values, reverse=target.floor)
        value = ranked[math.ceil(wanted * law.values.size - WHOLE_DRAW) - 1]
    return float(digits(quantity.from_ratio(float(value))))


def _years(scenario: Scenario, present: Result, bounds: str | None) -> Sequence[int]:
    """By how many years the targets' periods may be shifted: from the first that is not wholly published.

    Raises:
        ValueError: bounds that are no periods, are reversed, or hold none in which a date can be looked for.
    """
    first, last = _span(scenario.target)
    back = max(min(last - present.ahead.first, first - present.grid.first) // 12, 0)
    years = range(-back, _reach(scenario, present.points) + 1)
    return years if bounds is None else _within(bounds, years, scenario)


def _reach(scenario: Scenario, points: int) -> int:
    """By how many years a target may come later: as far as such a scenario is accepted."""

    def accepted(years: int) -> bool:
        try:
            require_drawable(_when(scenario, (0, years)).at(years), points)
        except ValueError:
            return False
        return True

    return next(filter(accepted, range(HORIZON, 0, -1)), 0)


def _when(scenario: Scenario, years: Sequence[int]) -> PeriodQuestion:
    """The question when the targets are, by how many years later or earlier."""
    return PeriodQuestion(
        name="The target's period",
        unit=Unit.PERIOD,
        present=0,
        low=years[0],
        high=years[-1],
        base=scenario,
        switched_on=(),
    )


def _span(targets: Sequence[Target]) -> tuple[int, int]:
    """The first and the last month of all targets' periods."""
    periods = [target.period for target in targets]
    return min(period.first for period in periods), max(period.last for period in periods)


def _within(bounds: str, years: Sequence[int], scenario: Scenario) -> list[int]:
    """The shifts by which all targets' periods lie between two periods."""
    targets = scenario.target
    low, high = (scenario.period(part) for part in two_parts(bounds, "2019:2025"))
    if high < low:
        raise ValueError(f"found bounds {bounds}, expected the earlier one first")
    first, last = _span(targets)
    inside = [n for n in years if low.first <= first + 12 * n and last + 12 * n <= high.last]
    if not inside:
        earliest, latest = (targets[0].period.shift(12 * n) for n in (years[0], years[-1]))
        expected = f"which hold no period from {earliest} to {latest}, in which a date can be looked for"
        raise ValueError(f"found bounds {bounds}, {expected}")
    return inside


def _joint(result: Result, scenario: Scenario, years: int) -> float:
    """The probability that all targets hold some years later, on the paths of a result that goes so far."""
    later = [goal.model_copy(update={"period": goal.period.shift(12 * years)}) for goal in scenario.goals]
    return chance([condition(goal, result.flows) for goal in later]).probability
