"""The rows of a sweep: each set of assumptions to its answer, or to the reason why it has none."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from simulator.batch.design import Axis, Value
from simulator.batch.sets import CASE, LEADING, LEVELS, REASON, Case, Sweep, reason_of
from simulator.model.result import Result, Simulate
from simulator.model.targets import NEVER
from simulator.scenario.parameters import turned
from simulator.values.wording import inert


def answers(asked: Sweep, simulate: Simulate, part: int) -> dict[str, list[Any]]:
    """The rows of one part, column by column.

    Sets that share what is costly to work out are answered one after the other, whatever their order.
    """
    rows: list[dict[str, Any]] = [{}] * len(asked.rows(part))
    for place, case, values in sorted(asked.sets(part), key=partial(_costly, asked.design.axes)):
        rows[place] = _row(asked, simulate, case, values)
    return {name: [row.get(name) for row in rows] for name in asked.columns}


def _costly(axes: Sequence[Axis], one: tuple[int, Case, tuple[Value, ...]]) -> tuple[Any, ...]:
    """What sets are ordered by: the law's own numbers first, then the rest, the target's last."""
    _, case, values = one
    sections = [axis.path.partition(".")[0] for axis in axes]
    of_law = [
        repr(v) for v, s in zip(values, sections, strict=True) if s not in ("levers", "risks", "target")
    ]
    of_drivers = [repr(v) for v, s in zip(values, sections, strict=True) if s in ("levers", "risks")]
    return case.name, of_law, of_drivers


def _row(asked: Sweep, simulate: Simulate, case: Case, values: tuple[Value, ...]) -> dict[str, Any]:
    """The inputs and the answer of one set, or the reason why it has none."""
    axes = asked.design.axes
    row: dict[str, Any] = {axis.path: axis.cell(value) for axis, value in zip(axes, values, strict=True)}
    row[CASE] = inert(case.name)
    if case.scenario is None:
        return {**row, REASON: case.reason}
    try:
        scenario = turned(case.scenario, {a.path: v for a, v in zip(axes, values, strict=True)})
        result = simulate(scenario, points=asked.points, seed=asked.seed)
        return {**row, **_answer(result)}
    except (ValueError, ArithmeticError) as error:  # a set that is refused is an answer too
        return {**row, REASON: reason_of(error)}


def _answer(result: Result) -> dict[str, Any]:
    """What a row says of one answer: amounts of the leading target's own quantity."""
    answer: dict[str, Any] = {
        "probability": result.probability,
        "standard_error": result.standard_error,
        **_bands(result),
    }
    if len(result.scenario.goals) > 1:
        leading = result.leading
        answer[LEADING] = f"{leading.quantity.name} {leading.period}"
        for number, target in enumerate(result.scenario.goals):
            chances = (chance for alone, chance in result.target_probabilities if alone == target)
            answer[f"target.{number}.probability"] = next(chances)
    return answer


def _bands(result: Result) -> dict[str, float | None]:
    """Quantiles of the leading target's quantity, and the shortfall, which comes from one more of them."""
    target, levels = result.leading, list(LEVELS.values())
    total, quantity = result.flows.quantity(target.quantity), target.quantity
    missed = 1 - result.target_probabilities[0][1]
    apart = target.step is not None or missed <= NEVER
    if not apart:
        levels.append(missed / 2 if target.floor else 1 - missed / 2)
    values = [float(value) for value in quantity.from_ratio(total.quantile(levels))]
    gap = target.amount - values[-1] if target.floor else values[-1] - target.amount
    short = result.shortfall_if_missed if apart else gap
    return {**dict(zip(LEVELS, values, strict=False)), "shortfall_if_missed": short}
