"""What money buys, on the page What would it take. Default tier."""

from __future__ import annotations

import re
from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

from simulator import simulate
from simulator.analysis.mix import mix, with_costs
from simulator.values import numerals
from tests.cases import COSTS, NAMED
from tests.ui.test_solve_page import FEW, button, desk, opened, said

percent = partial(numerals.percent, digits=1)


def cells(page: AppTest) -> list[list[str]]:
    """The rows of the table of the package."""
    (table,) = (html.value for html in page.get("html") if "<table" in html.value)
    rows = table.partition("<tbody>")[2].split("</tr>")
    return [re.findall(r"<t[hd][^>]*>([^<]*)<", row) for row in rows if "<td" in row]


def test_a_package_is_set() -> None:
    own = desk()
    best = mix(with_costs(own.scenario, COSTS), [100], simulate=simulate, points=FEW).frontier[0]
    own.take(best.scenario)
    assert simulate(own.scenario, points=FEW).probability == pytest.approx(best.probability, abs=1e-9)
    assert not any(
        path.endswith(".cost") for path in own.values
    )  # costs that the file does not state stay out of it


def test_costs_can_be_entered_and_are_the_user_s() -> None:
    own = desk()
    page = opened(own)
    assert "The scenario states no costs." in said(page)
    for key, cost in COSTS.items():
        page.number_input(key=f"0:cost-{key}").set_value(cost)
    next(each for each in page.button if each.label == "Use these costs").click().run()
    assert "The scenario states no costs." not in said(page)
    rows = cells(page)
    assert [row[0] for row in rows] == ["New ventures", "Rules"]
    assert [row[-1] for row in rows] == ["$0.5m, yours", "$4m, yours"]
    found = mix(with_costs(own.scenario, COSTS), [22], simulate=simulate)
    best = found.frontier[0]
    assert f"The present package costs $22.0m and gives {percent(found.present.result.probability)}" in said(
        page
    )
    assert f"If every start slips by 6 months it gives {percent(best.probability_if_late)}" in said(page)
    assert [row[3] for row in rows if row[3]] == [f"${part.cost:.1f}m" for part in best.parts]
    assert "they are not the scenario's" in said(page)
    button(page, "set-package").click().run()
    assert simulate(own.scenario).probability == pytest.approx(best.probability, abs=1e-9)
    assert b"cost" not in own.file().encode()
    page.number_input(key="0:budget").set_value(31.4).run()
    assert "The best package for $31.4m" in said(page)


def test_costs_of_the_file_need_no_entering() -> None:
    page = opened(desk(levers={**NAMED, "ventures": {**NAMED["ventures"], "cost": 0.5}}))
    assert "The scenario states no costs." not in said(page)
    assert [row[-1] for row in cells(page)] == ["$0.5m"]
    assert [each.key for each in page.number_input if "cost" in str(each.key)] == [
        "0:cost-support",
        "0:cost-rules",
    ]
