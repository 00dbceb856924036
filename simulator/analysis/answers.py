"""What it would take: a change of numbers, the target's amount, or its year; one class an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from simulator.analysis.questions import KnobQuestion, Question, Value, settings
from simulator.model.result import Result
from simulator.scenario import Scenario
from simulator.scenario.changes import SECTIONS
from simulator.shown import Shown
from simulator.values.address import Address
from simulator.values.units import Unit

WANTED = 0.8  # where no probability is asked for
HORIZON = 10  # years beyond the target's own, in which a date is looked for
CAP = Address.of("overlap", "cap")


class Limit(StrEnum):
    """Why a probability is out of reach of a number, as a machine reads it."""

    FLAT = "it does not move the probability"
    END = "that is as far as it can go"
    BOUND = "that is as far as its bounds go"
    DEFAULT_BOUND = "that is as far as its default bounds go, for the scenario states no bounds of its own"
    LEVEL = "going farther changes nothing"
    PEAK = "more of it and less of it both lower the probability"

    @property
    def movable(self) -> bool:
        """Whether wider bounds may bring it within reach."""
        return self in (Limit.BOUND, Limit.DEFAULT_BOUND)


@dataclass(frozen=True)
class Answer(Shown):
    """What it would take of one number, or of several moved together.

    ``number`` is the answer, or where that is out of reach the best there is; ``tried`` has the probability
    at each number that was tried, in the order of trial. Both are as the question counts them. Values are as
    a file states them, but percents as fractions; of several numbers together, the fraction of the way from
    each present value to its bound. ``present`` is the answer to the scenario as it stands.
    """

    question: Question
    wanted: float
    present: Result
    number: float
    tried: Mapping[float, float]

    @property
    def levers(self) -> tuple[str, ...]:
        """The paths of what moves."""
        return self.question.paths

    @property
    def name(self) -> str:
        """What people call it."""
        return self.question.name

    @property
    def switched_on(self) -> tuple[str, ...]:
        """The paths of levers and risks that were off."""
        return self.question.switched_on

    @property
    def feasible(self) -> bool:
        """Whether it reaches what is wanted."""
        return self.probability >= self.wanted

    @property
    def already(self) -> bool:
        """Whether nothing needs to change."""
        return self.present.probability >= self.wanted

    @property
    def probability(self) -> float:
        """That of the answer, or of the best value where it is out of reach."""
        return self.tried[self.number]

    @property
    def best(self) -> float:
        """The number with the highest probability of all that were tried."""
        return max(self.tried, key=self.tried.__getitem__)

    @property
    def best_probability(self) -> float:
        """The highest probability of all that were tried."""
        return self.tried[self.best]

    @property
    def value(self) -> Value | None:
        """The answer; None where it is out of reach."""
        return self.question.value(self.number) if self.feasible else None

    @property
    def nearest_value(self) -> Value:
        """The answer, or the best value where it is out of reach."""
        return self.question.value(self.number)

    @property
    def best_value(self) -> Value:
        """The value with the highest probability of all that were tried."""
        return self.question.value(self.best)

    @property
    def present_value(self) -> Value:
        """The value now."""
        return self.question.value(self.question.present)

    @property
    def values(self) -> Mapping[str, Value]:
        """What stands at each path with the answer, or with the best value where it is out of reach."""
        return self.question.values(self.number)

    @property
    def present_values(self) -> Mapping[str, Value]:
        """What stands at each path now."""
        return self.question.values(self.question.present)

    @property
    def bounds(self) -> tuple[Value | None, Value | None]:
        """Between which values it was looked for."""
        return self.question.value(self.question.low), self.question.value(self.question.high)

    @property
    def scenario(self) -> Scenario:
        """The scenario with the answer in it, or with the best value where it is out of reach."""
        return self.question.at(self.number)

    @property
    def changes(self) -> Mapping[str, Any]:
        """What a file would have to state for it, by the path of each field."""
        return self.question.changes(self.number)

    @property
    def settings(self) -> tuple[str, ...]:
        """The words of ``--set`` that give ``probability`` to the last digit."""
        return settings(self.changes)

    @property
    def relative_change(self) -> float | None:
        """The change as a part of the present value; None where it has no meaning."""
        return None

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is out of reach, where it is, as a machine reads it."""
        return ()

    @property
    def reason(self) -> str | None:
        """The same in one line."""
        return "; ".join(self.reasons) or None

    @property
    def evaluations(self) -> int:
        """How many scenarios were simulated for it."""
        return len(self.tried)

    def to_dict(self, file: str | None = None) -> dict[str, Any]:
        """The contracted form, and what explains it."""
        low, high = self.bounds
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
            "unit": self.question.unit,
            "values": dict(self.values),
            "present_value": self.present_value,
            "present_values": dict(self.present_values),
            "present_probability": self.present.probability,
            "relative_change": self.relative_change,
            "best_value": self.best_value,
            "low": low,
            "high": high,
            "switched_on": list(self.switched_on),
            "reason": self.reason,
            "evaluations": self.evaluations,
            **self.present.question(file, unit="scenario_unit"),
            **self.present.record(),
        }


@dataclass(frozen=True)
class Change(Answer):
    """The least change of a number, or of several together, at which the target is as likely as is wanted.

    ``limit`` says why that is out of reach, where it is.
    """

    question: KnobQuestion
    limit: Limit | None = None

    @property
    def help(self) -> str:
        """What a number that moves alone is."""
        return self.question.knobs[0].help.partition(";")[0]

    @property
    def together(self) -> bool:
        """Whether it was asked of several numbers together, though they may be one."""
        return self.question.unit is Unit.FRACTION_OF_THE_WAY

    @property
    def of_driver(self) -> bool:
        """Whether it is a number of a lever or a risk, and not of the target, the outlook or a stream."""
        return self.question.section in SECTIONS

    @property
    def at_bound(self) -> bool:
        """Whether it is out of reach only for its bounds, which may be widened."""
        return self.limit is not None and self.limit.movable

    @property
    def relative_change(self) -> float | None:
        """The change as a part of the present value, or of all the bounds allow where that is 0.

        None where it has no meaning.
        """
        value, present = self.value, self.present_value
        if not isinstance(value, float) or not isinstance(present, float):
            return None
        low, high = (float(self.question.value(end)) for end in (self.question.low, self.question.high))
        span = abs(present) or high - low
        return abs(value - present) / span if span else 0.0

    @property
    def reasons(self) -> tuple[str, ...]:
        """What limits it, and the caps that it meets."""
        if self.limit is None:
            return ()
        caps = (
            f"the levers of group {group!r} sell the same goods and together add at most {cap} a year"
            for group, cap in self._caps().items()
        )
        return (str(self.limit), *caps)

    def _caps(self) -> dict[str, str]:
        """The caps of the groups to which the levers that move belong, but for a cap that moves itself."""
        base, levers = self.question.base, self.question.base.levers
        fixed = [knob.address for knob in self.question.knobs if knob.address.field != CAP]
        overlaps = (levers[address.id].overlap for address in fixed if address.section == "levers")
        return {
            overlap.group: f"{overlap.cap:g} {base.unit} {base.currency}"
            for overlap in overlaps
            if overlap is not None
        }


@dataclass(frozen=True)
class Amount(Answer):
    """The target's amount of exactly the wanted probability, all else as in the scenario."""

    @property
    def present_value(self) -> Value:
        """The amount with every digit that was stated."""
        return self.question.present

    @property
    def present_values(self) -> Mapping[str, Value]:
        """The same at the target's path."""
        return dict.fromkeys(self.levers, self.question.present)

    @property
    def bounds(self) -> tuple[Value | None, Value | None]:
        """None: it was worked out."""
        return None, None

    @property
    def relative_change(self) -> float | None:
        """The change as a part of the present amount."""
        present = self.question.present
        return abs(self.number - present) / abs(present) if present else 0.0


@dataclass(frozen=True)
class Year(Answer):
    """The first period, whole years from the target's own, in which the target is as likely as is wanted."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """How far it was looked for."""
        first, last = self.bounds
        looked = f"looked for from {first} to {last}, at most {HORIZON} years after its own"
        return () if self.feasible else (looked,)

    @property
    def evaluations(self) -> int:
        """Every year that was answered, and the simulation in which all of them were screened."""
        return 1 + len(self.tried)


@dataclass(frozen=True)
class Answers(Shown):
    """What it would take of each number alone.

    Levers stand in the order of their relative change, those out of reach last, and the target's own numbers
    after them; ``left_out`` are the ids of the levers that have no one number to turn.
    """

    wanted: float
    present: Result
    answers: tuple[Answer, ...]
    left_out: tuple[str, ...] = ()

    @property
    def of_drivers(self) -> list[Change]:
        """The answers about levers and risks."""
        return [answer for answer in self.answers if isinstance(answer, Change) and answer.of_driver]

    @property
    def switched_on(self) -> list[str]:
        """The paths of levers and risks that were off, each once."""
        return list(dict.fromkeys(path for answer in self.answers for path in answer.switched_on))

    @property
    def of_target(self) -> list[Answer]:
        """The answers about the target's own amounts and period."""
        return [answer for answer in self.answers if answer.question.section == "target"]

    def to_dict(self, file: str | None = None) -> dict[str, Any]:
        """For a machine."""
        common = self.present.question(file, unit="scenario_unit") | self.present.record()
        rows = (answer.to_dict() for answer in self.answers)
        return {
            "wanted": self.wanted,
            "present_probability": self.present.probability,
            "answers": [{key: row[key] for key in row if key not in common} for row in rows],
            "left_out": list(self.left_out),
            **common,
        }
