"""What each kind of size takes: ``python -m tests.benchmarks.work [--cases N] [--seed S]``, by hand.

Random scenarios of all sizes, in which kinds are combined up to their limits, are answered in a process of
their own each: a whole answer, one after other settings, one after a lever moved. Half of them are for the
fit, by least squares of relative errors without negative costs, the others check it. Prints the table of
``simulator/scenario/work.py``, and how far the estimate is off.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError
from scipy.optimize import lsq_linear

from simulator import simulate
from simulator.errors import BaselineError, SimulatorError
from simulator.model.law import law_counts
from simulator.scenario import Scenario
from simulator.scenario.work import COSTS, MICROSECOND, counts
from simulator.values import limits

ASKED = ("full", "fresh", "moved")
LEAST, CAREFUL, ROUNDS = 0.02, 2.0, 8
STARTED = 0.8  # seconds until ``run`` is read in, and its file
UNCERTAIN = {"low": "1%", "likely": "5%", "high": "20%"}
MONEY = {"low": 1, "likely": 5, "high": 20}


class Sizes(random.Random):
    """Random numbers, and how large sizes are: with 1 as likely between 1 and 10 as between 10 and 100."""

    power = 1.0


def some(rng: Sizes, most: int, least: int = 1) -> int:
    """A size."""
    return round(least * (most / least) ** (rng.random() ** rng.power))


def scenario_of(rng: Sizes) -> dict[str, Any]:
    """A random scenario of any size, as a file would state it."""
    streams = {f"s{i}": {"direction": ("exports", "imports")[i % 2]} for i in range(some(rng, 40, 2))}
    for number in range(rng.choice([0, 0, 0, 2, 8])):
        streams[f"s{number % len(streams)}"]["partner"] = f"P{number}"
    ahead = some(rng, 30)
    case: dict[str, Any] = {
        "title": "random",
        "as_of": "2018-01-31",
        "streams": streams,
        "observations": figures_of(rng, streams),
        "target": targets_of(rng, 2017 + ahead, streams),
    }
    if rng.random() < 0.2:
        case["alternatives"] = {
            f"a{i}": [{"measure": key, "period": 2017, "value": 401 + i + n} for n, key in enumerate(streams)]
            for i in range(some(rng, 5))
        }
    levers = {f"l{i}": lever for i, lever in enumerate(levers_of(rng, list(streams), ahead))}
    if len(levers) > 1 and rng.random() < 0.2:
        size = min(len(levers), some(rng, 20))
        for number in range(1, size):
            levers[f"l{number}"]["requires"] = f"l{number - 1}"
    risks = {f"r{i}": risk for i, risk in enumerate(risks_of(rng, list(streams)))}
    return case | ({"levers": levers} if levers else {}) | ({"risks": risks} if risks else {})


def figures_of(rng: Sizes, streams: dict[str, Any]) -> list[dict[str, Any]]:
    """Figures by year or month, some with an error."""
    if rng.random() < 0.15:
        return [
            {"measure": way, "period": 2017 - back, "value": 9000 + 100 * (way == "exports") - 37 * back}
            for way in ("exports", "imports")
            for back in range(some(rng, 30))
        ]
    monthly, error = rng.random() < 0.4, {"error": "5%"} if rng.random() < 0.25 else {}
    count = some(rng, 120, 12) // 12 * 12 if monthly else some(rng, 35, 3)
    return [
        {
            "measure": key,
            "from": f"{2018 - count // 12}-01" if monthly else 2018 - count,
            "values": [round((40 if monthly else 480) * (1 + 0.2 * rng.random()), 1) for _ in range(count)],
        }
        | error
        for key in streams
    ]


def targets_of(rng: Sizes, year: int, streams: dict[str, Any]) -> Any:
    """One target, or several periods or measures."""
    amount = 600 * len(streams)
    one = {"measure": "turnover", "period": year, "at_least": amount}
    form = rng.random()
    if form < 0.5:
        return one
    if form < 0.6:
        return {"measure": "exports", "period": f"2018..{year}", "at_least": amount}
    if form < 0.7:
        return {"measure": "exports", "period": year, "growth": "at_least 5%", "on": 2017}
    if form < 0.85:
        return [one | {"period": y} for y in range(2018, year + 1)][-some(rng, 20) :]
    months = [f"{year}-{month:02d}" for month in range(1, 13)]
    return [one | {"period": month, "at_least": amount / 12} for month in months[: some(rng, 12)]]


def levers_of(rng: Sizes, streams: list[str], ahead: int) -> Iterator[dict[str, Any]]:
    """Levers of some kinds."""
    kinds: list[Callable[[], dict[str, Any]]] = [
        lambda: {"kind": "custom", "percent": UNCERTAIN},
        lambda: {"kind": "custom", "money": MONEY},
        lambda: {"kind": "custom", "money": {str(2018 + y): MONEY for y in range(min(ahead, 5))}},
        lambda: {"kind": "joint_ventures", "count": some(rng, 20), "planned_exports_each": 5},
        lambda: {"kind": "interregional_deals", "signed": some(rng, 40), "value_each": MONEY},
        lambda: {"kind": "promotion", "percent": UNCERTAIN},
        lambda: {"kind": "preference", "margin": UNCERTAIN},
        lambda: {"kind": "corridor", "percent": UNCERTAIN},
        lambda: {"kind": "harmonisation", "percent": UNCERTAIN},
    ]
    for kind in kinds:
        if rng.random() < 0.35:
            more: dict[str, Any] = {"start": rng.choice(["2018-06", "2018-06", "2018-06-15"])}
            if rng.random() < 0.5:
                more["probability"] = 0.7
            held = rng.random()
            if held < 0.1:
                more["quota"] = 500
            elif held < 0.2:
                more["overlap"] = {"group": f"g{kinds.index(kind)}", "cap": 900}
            alone = rng.random() < 0.4
            for number in range(some(rng, 120)):
                touched = {"streams": [streams[number % len(streams)]]} if alone else {}
                yield kind() | more | touched


def risks_of(rng: Sizes, streams: list[str]) -> Iterator[dict[str, Any]]:
    """Risks, on all streams or on one each."""
    alone = rng.random() < 0.3
    for number in range(some(rng, 250) if rng.random() < 0.5 else 0):
        yield {
            "kind": "disruption",
            "enabled": True,
            "yearly_probability": 0.05,
            "depth": UNCERTAIN,
            **({"streams": [streams[number % len(streams)]]} if alone else {}),
        }


def measured(case: Scenario) -> dict[str, float]:
    """Processor seconds of each of ``ASKED``, and megabytes; in this process."""
    marks = [time.process_time()]
    answer = simulate(case)
    answer.to_dict()
    marks.append(time.process_time())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    memory = case.outlook.memory
    simulate(case.changed(outlook=case.outlook.model_copy(update={"memory": memory * 1.01})))
    marks.append(time.process_time())
    drivers = [(place, driver) for place, driver in case.drivers() if driver.enabled]
    if drivers:
        place, driver = drivers[len(drivers) // 2]
        section = dict(getattr(case, place.section))
        section[place.id] = driver.model_copy(update={"probability": driver.probability * 0.99})
        simulate(case.changed(**{place.section: section}))
    marks.append(time.process_time())
    return dict(zip(ASKED, np.diff(marks).tolist(), strict=True)) | {"megabytes": peak}


def apart(case: Scenario) -> dict[str, float] | None:
    """``measured`` in a process of its own; None where it has no answer."""
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        found: dict[str, float] | None = None
        try:
            found = measured(case)
        except SimulatorError as error:
            print(type(error).__name__, str(error)[:100], file=sys.stderr)
        finally:
            os.write(writing, pickle.dumps(found))
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        text = told.read()
    os.waitpid(child, 0)
    return pickle.loads(text) if text else None


def rows(number: int, seed: int) -> Iterator[dict[str, Any]]:
    """Random scenarios whose kinds are each within their limit, with its counts and what it took."""
    for name in ("ANSWER_WORK", "ANSWER_MEMORY"):
        setattr(limits, name, replace(getattr(limits, name), most=sys.maxsize))
    made = 0
    for attempt in range(100 * number):
        rng = Sizes(f"{seed} {attempt}")
        rng.power = (1.0, 0.5, 0.25)[attempt % 3]
        try:
            case = Scenario.model_validate(scenario_of(rng))
            counted = counts(case) | law_counts(case)
        except (ValidationError, BaselineError):
            continue
        if (took := apart(case)) is not None:
            yield {"case": f"{seed} {attempt}", "counts": counted, **took}
            made += 1
        if made == number:
            return


def fitted(table: np.ndarray, measured: np.ndarray) -> np.ndarray:
    """Costs of one of each, by least squares of relative errors.

    Those of small answers count less: they are far from any limit. Too low an estimate counts ``CAREFUL``
    times as much as one too high. None is nothing: the most that there is of each takes at least ``LEAST`` of
    the usual answer.
    """
    weight = plain = 1 / (0.3 * measured.mean() + measured)
    sizes = np.maximum(table.max(axis=0), 1e-12)
    least = np.full(len(sizes), LEAST * measured.mean())
    found = least
    for _ in range(ROUNDS):
        found = lsq_linear(table / sizes * weight[:, None], measured * weight, bounds=(least, np.inf)).x
        weight = plain * np.where(table / sizes @ found < measured, CAREFUL, 1.0)
    return np.asarray(found / sizes)


def checked(table: np.ndarray, measured: np.ndarray) -> str:
    """How far the estimate of one half of the answers is off on the other half."""
    half = np.arange(len(measured)) % 2 == 0
    large = ~half & (measured > np.median(measured))
    off = (table[large] @ fitted(table[half], measured[half])) / measured[large]
    return " ".join(f"{share:.2f}" for share in np.quantile(off, [0, 0.05, 0.5, 0.95, 1]))


def main() -> None:
    """Measure, fit, check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rows", type=Path, help="keep what was measured here, or read it from here")
    asked = parser.parse_args()
    if asked.rows and asked.rows.exists():
        found = [json.loads(line) for line in asked.rows.read_text("utf-8").splitlines()]
    else:
        found = []
        for row in rows(asked.cases, asked.seed):
            found.append(row)
            if asked.rows:
                with asked.rows.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(row) + "\n")
    table = np.array([[row["counts"].get(name, 0.0) for name in COSTS] for row in found])
    columns = {}
    for sort, unit in (*((sort, MICROSECOND) for sort in ASKED), ("megabytes", 1e-3)):
        asked_of = np.array([sort != "moved" or row["counts"]["drivers"] > 0 for row in found])
        taken = np.array([row[sort] for row in found])[asked_of]
        print(f"{sort}: estimate over measured, 0 5 50 95 100 %: {checked(table[asked_of], taken)}")
        columns[sort] = fitted(table[asked_of], taken) / unit
    columns["full"][0] += STARTED / MICROSECOND
    for number, (name, cost) in enumerate(COSTS.items()):
        numbers = ", ".join(f"{column[number]:.3g}" for column in columns.values())
        print(f'    "{name}": Cost({cost.heading!r}, {numbers}{"" if cost.drawn else ", drawn=False"}),')


if __name__ == "__main__":
    main()
