"""What money buys: costs, the frontier of probability against budget, and the best package at one of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from simulator.analysis.mix import Alone, Bought, Mix, mix, with_costs
from simulator.analysis.packages import buyable
from simulator.model.engine import simulate
from simulator.model.result import Result
from simulator.report.amounts import amount, exact, money
from simulator.report.charts import mix as charts
from simulator.report.charts.drawing import axis_title, stamp
from simulator.report.words import mix as words
from simulator.scenario import Scenario
from simulator.scenario.parameters import Knob
from simulator.ui import session
from simulator.ui.kept import kept
from simulator.ui.widgets.answers import explained, faults_shown, say, setter, within_sliders
from simulator.ui.widgets.charts import chart, heading, plain
from simulator.ui.widgets.tables import Column, Row, table
from simulator.ui.work import QUESTIONS

KEPT = 12  # megabytes: it holds one answer, and numbers of packages
BUDGET_STEPS = 20  # of the number input, to the dearest package
SAME = 1e-6  # of a budget, within which another is the same
HEADS = ("Now", "Package", "Cost", "Adds, points", "A point costs", "Alone", "Unit cost")
PACKAGE = [Column("Measure"), *(Column(head, "number") for head in HEADS)]
Costs = Mapping[str, float]  # of one unit of the main value, by lever


@st.fragment
def section(wanted: float) -> None:
    """The section of the page."""
    scenario = within_sliders(session.desk())
    on_sale = buyable(scenario)
    if not on_sale:
        return
    missing = {key: knob for key, knob in on_sale.items() if scenario.levers[key].cost is None}
    stated = len(missing) < len(on_sale)
    with faults_shown():
        heading("What money buys")
        yours = _entered(scenario, missing, stated)
        if stated or yours:
            with st.spinner("Looking for the best package at each budget ..."):
                priced = with_costs(scenario, yours)
                answer = _mixed(priced)
            _answer(answer, priced, yours, wanted)
            explained(words.MEANING)


@kept(KEPT, lane=QUESTIONS)
def _mixed(scenario: Scenario, budget: float | None = None) -> Mix:
    return mix(scenario, None if budget is None else [budget], simulate=simulate)


# Costs that the scenario does not state


def _entered(scenario: Scenario, missing: Mapping[str, Knob], stated: bool) -> Costs:
    """The costs that were entered here, for measures that have none in the scenario."""
    place = f"{st.session_state.opened}:costs"
    costs: Costs = st.session_state.setdefault(place, {})
    if missing:
        why = st.empty()
        with (
            st.expander("Costs of your own", icon=":material/payments:"),
            st.form("costs", border=False),
        ):
            inputs = _inputs(scenario, missing, costs)
            say(words.KEEPING)
            if st.form_submit_button("Use these costs"):
                costs = {key: cost for key, cost in inputs.items() if cost is not None}
                st.session_state[place] = costs
        if not stated and not costs:
            why.text(words.NO_COSTS)
    return {key: cost for key, cost in costs.items() if key in missing}


def _inputs(scenario: Scenario, missing: Mapping[str, Knob], costs: Costs) -> dict[str, float | None]:
    """A field for each cost, two beside each other."""
    currency = axis_title(session.answers()[0])
    inputs: dict[str, float | None] = {}
    for place, (key, knob) in enumerate(missing.items()):
        if place % 2 == 0:
            columns = st.columns(2, vertical_alignment="bottom")
        inputs[key] = columns[place % 2].number_input(
            plain(f"{scenario.levers[key].name or key}, {currency} {words.cost_unit(knob)}"),
            0.0,
            value=costs.get(key),
            step=0.1,
            format="%.6g",
            placeholder="no cost",
            help=plain(f"The cost of one unit of its main value: {knob.help}."),
            key=f"{st.session_state.opened}:cost-{key}",
        )
    return inputs


# The packages


def _answer(answer: Mix, priced: Scenario, yours: Costs, wanted: float) -> None:
    for line in (words.summary(answer), words.reached(answer, wanted)):
        say(line)
    chosen = _chosen(answer, priced)
    chart(charts.frontier(answer, chosen), "frontier", partial(_stamp, session.answers()[0], yours))
    _package(answer, chosen, yours)


def _stamp(result: Result, yours: Costs) -> Sequence[str]:
    entered = ", ".join(f"{key} {cost:g}" for key, cost in yours.items())
    return (*stamp(result), f"costs entered on the page: {entered}") if yours else stamp(result)


def _chosen(answer: Mix, priced: Scenario) -> Bought:
    """The best package at the budget that is typed in."""
    dearest = answer.frontier[-1].budget
    budget = st.number_input(
        f"Budget ({plain(axis_title(answer.present.result))})",
        0.0,
        value=round(words.shown(answer).budget, 6),
        step=float(f"{dearest / BUDGET_STEPS:.1g}") or 1.0,
        format="%.6g",
        key=f"{st.session_state.opened}:budget",
        width=220,
        persist_state="session",
    )
    for bought in answer.frontier:
        if math.isclose(bought.budget, budget, rel_tol=SAME):
            return bought
    with st.spinner("Looking for the best package ..."):
        (alone,) = _mixed(priced, budget).frontier
    affordable = [alone, *(bought for bought in answer.frontier if bought.budget <= budget)]
    best = max(affordable, key=lambda bought: bought.probability)
    return replace(best, budget=budget)


def _package(answer: Mix, chosen: Bought, yours: Costs) -> None:
    say(words.package_sentence(answer, chosen))
    if chosen.changes:
        name = f"the best package for {money(answer.present.result, chosen.budget)}"
        setter(chosen.scenario, name, "Set the sliders to this", "package")
    rows = [Row(_row(answer.present.result, alone, chosen, yours)) for alone in answer.alone]
    table(PACKAGE, rows, "The best package, measure by measure")
    for line in words.package_notes(answer, entered=bool(yours)):
        say(line)


def _row(result: Result, alone: Alone, chosen: Bought, yours: Costs) -> tuple[str, ...]:
    """A measure's part of a package, in the columns of ``PACKAGE``."""
    priced, part = alone.priced, chosen.part(alone.priced.key)
    amounts = priced.present, part.amount if part else 0.0
    now, then = (amount(result, number, priced.knob.unit) if number else "none" for number in amounts)
    bought = ("", "", "")
    if part:
        point = words.point_cost(result, part.cost_per_point)
        bought = money(result, part.cost), f"{part.lost_points:.1f}", point
    unit = f"{exact(result, priced.cost)}{', yours' if priced.key in yours else ''}"
    return priced.name, now, then, *bought, words.point_cost(result, alone.cost_per_point), unit
