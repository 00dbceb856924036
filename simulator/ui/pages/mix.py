"""What money buys: the costs, the frontier of probability against budget, and the best package at one of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from simulator import report
from simulator.analysis.mix import MEANING, Bought, Mix, buyable, mix, with_costs
from simulator.model.engine import simulate
from simulator.model.result import Result
from simulator.report import advice
from simulator.report.charts import solve as charts
from simulator.report.charts.drawing import axis_title, stamp
from simulator.scenario import Scenario
from simulator.scenario.parameters import Knob
from simulator.ui import session
from simulator.ui.kept import kept
from simulator.ui.widgets.answers import beside, explained, faults_shown, say, setter, within_sliders
from simulator.ui.widgets.charts import chart, heading, plain
from simulator.ui.widgets.tables import Column, Row, table
from simulator.values.numerals import counted

KEPT_MIX = 40  # megabytes: it holds the paths of a dozen packages
WHY = (
    "The scenario states no costs. Enter what one unit of a measure costs, for as many measures as you can, and the best package at each budget "
    "is worked out; measures without a cost stay as they are."
)
KEEPING = (
    "Costs that are entered here hold for this session. A scenario file states them as cost at each measure."
)
POINTS = (
    "What a measure adds is what the package loses without it. A point is a percentage point of probability: what it costs within the package, and "
    "alone, where the measure is bought to its bound."
)
PACKAGE = [
    Column("Measure"),
    *(
        Column(head, "number")
        for head in ("Now", "Package", "Cost", "Adds, points", "A point costs", "Alone", "Unit cost")
    ),
]
YOURS = "Unit costs marked yours were entered on this page; they are not the scenario's."


@st.fragment
def section(wanted: float) -> None:
    """The section of the page."""
    scenario = within_sliders(session.desk())
    on_sale = buyable(scenario)
    if not on_sale:
        return
    left, right = beside()
    with right:
        explained(MEANING)
    with left, faults_shown():
        heading("What money buys")
        missing = {key: knob for key, knob in on_sale.items() if scenario.levers[key].cost is None}
        stated = len(missing) < len(on_sale)
        yours = _entered(scenario, missing, stated)
        if stated or yours:
            with st.spinner("Looking for the best package at each budget ..."):
                priced = with_costs(scenario, yours)
                found = _mixed(priced)
            _found(found, priced, yours, wanted)


@kept(KEPT_MIX)
def _mixed(scenario: Scenario, budget: float | None = None) -> Mix:
    return mix(scenario, None if budget is None else [budget], simulate=simulate)


def _entered(scenario: Scenario, missing: Mapping[str, Knob], stated: bool) -> dict[str, float]:
    """The costs that were entered here, for measures that have none in the scenario."""
    place = f"{st.session_state.opened}:costs"
    costs: dict[str, float] = st.session_state.setdefault(place, {})
    if missing:
        why = st.empty()
        with (
            st.expander("Costs of your own", expanded=not stated, icon=":material/payments:"),
            st.form("costs", border=False),
        ):
            read = _inputs(scenario, missing, costs)
            say(KEEPING)
            if st.form_submit_button("Use these costs"):
                costs = st.session_state[place] = {
                    key: cost for key, cost in read.items() if cost is not None
                }
        if not stated and not costs:
            why.text(WHY)
    return {key: cost for key, cost in costs.items() if key in missing}


def _inputs(
    scenario: Scenario, missing: Mapping[str, Knob], costs: Mapping[str, float]
) -> dict[str, float | None]:
    money = axis_title(session.answers()[0])
    read: dict[str, float | None] = {}
    for place, (key, knob) in enumerate(missing.items()):
        if place % 2 == 0:
            columns = st.columns(2, vertical_alignment="bottom")
        read[key] = columns[place % 2].number_input(
            plain(f"{scenario.levers[key].name or key}, {money} {advice.unit(knob)}"),
            0.0,
            value=costs.get(key),
            step=0.1,
            format="%.6g",
            placeholder="no cost",
            help=plain(f"The cost of one unit of its main value: {knob.help}."),
            key=f"{st.session_state.opened}:cost-{key}",
        )
    return read


def _found(found: Mix, priced: Scenario, yours: Mapping[str, float], wanted: float) -> None:
    for line in (advice.summary(found), advice.reached(found, wanted)):
        say(line)
    chosen = _chosen(found, priced)
    chart(charts.frontier(found, chosen), "frontier", partial(_stamp, session.answers()[0], yours))
    _package(found, chosen, yours)


def _stamp(result: Result, yours: Mapping[str, float]) -> Sequence[str]:
    own = stamp(result)
    return (
        (*own, f"costs entered on the page: {', '.join(f'{key} {cost:g}' for key, cost in yours.items())}")
        if yours
        else own
    )


def _chosen(found: Mix, priced: Scenario) -> Bought:
    """The best package at the budget that is typed in."""
    dearest = found.frontier[-1].budget
    budget = st.number_input(
        f"Budget ({plain(axis_title(found.present.result))})",
        0.0,
        value=round(advice.shown(found).budget, 6),
        step=float(f"{dearest / 20:.1g}") or 1.0,
        format="%.6g",
        key=f"{st.session_state.opened}:budget",
        width=220,
        persist_state="session",
    )
    for bought in found.frontier:
        if math.isclose(bought.budget, budget, rel_tol=1e-6):
            return bought
    with st.spinner("Looking for the best package ..."):
        (alone,) = _mixed(priced, budget).frontier
    best = max(
        (alone, *(each for each in found.frontier if each.budget <= budget)),
        key=lambda each: each.result.probability,
    )
    return replace(best, budget=budget)


def _package(found: Mix, chosen: Bought, yours: Mapping[str, float]) -> None:
    result = found.present.result
    late = (
        f" If every start slips by {counted(found.slip, 'month')} it gives {advice.percent(chosen.probability_if_late)}."
        if found.slip
        else ""
    )
    say(
        f"The best package for {report.money(result, chosen.budget)} costs {report.money(result, chosen.cost)} "
        f"and gives {report.probability(chosen.result, 1)}.{late}"
    )
    if chosen.changes:
        setter(
            chosen.result.scenario,
            f"the best package for {report.money(result, chosen.budget)}",
            "Set the sliders to this",
            "package",
        )
    table(
        PACKAGE,
        [Row(cells) for cells in package_rows(found, chosen, yours)],
        "The best package, measure by measure",
    )
    lines = [POINTS]
    lines += [YOURS] if yours else []
    lines.append(f"Without any of them the probability is {report.probability(found.nothing, 1)}.")
    if found.unpriced:
        names = [result.scenario.levers[key].name or key for key in found.unpriced]
        lines.append(f"Measures without a cost stay as they are: {', '.join(names)}.")
    lines.append(f"How: {found.method}.")
    for line in lines:
        say(line)


def package_rows(found: Mix, chosen: Bought, yours: Mapping[str, float]) -> Sequence[tuple[str, ...]]:
    """A package measure by measure: from, to, cost, what it adds, what a point costs in it and alone, and what one unit costs."""
    result, inside, rows = found.present.result, {part.priced.key: part for part in chosen.parts}, []
    for alone in found.alone:
        priced, part = alone.priced, inside.get(alone.priced.key)
        now, then = (
            advice.amount(result, amount, priced.knob.unit) if amount else "none"
            for amount in (priced.present, part.amount if part else 0)
        )
        bought = (
            (
                report.money(result, part.cost),
                f"{part.lost_points:.2f}",
                advice.price(result, part.cost_per_point),
            )
            if part
            else ("", "", "")
        )
        unit = f"{report.exact(result, priced.cost)}{', yours' if priced.key in yours else ''}"
        rows.append((priced.name, now, then, *bought, advice.price(result, alone.cost_per_point), unit))
    return rows
