"""Answers in a notebook: frames, charts, a few lines of HTML, for every public answer. Default tier, of some answers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import simulator
from simulator import api, simulate
from simulator.files.series import Series
from simulator.report import frames, notebook
from simulator.shown import Shown
from simulator.values.periods import year
from tests.cases import SPLIT, scenario
from tests.tiers import sampled

ROOT = Path(__file__).parent.parent.parent
EVIL = "<script>alert('x')</script> & co"
FEW: Any = {"points": 64}
CASE = scenario(
    SPLIT,
    title=EVIL,
    levers={"a": {"kind": "custom", "percent": "3%", "name": EVIL, "cost": 2}},
)


def _yearly() -> Series:
    return Series("A", {"turnover": {year(2001 + k): Decimal(5 + k % 3) for k in range(12)}})


# what each public function of ``api`` answers: one that is not here fails
ANSWERS: dict[str, Callable[[], Shown]] = {
    "backtest": lambda: api.backtest([_yearly()], workers=1, **FEW),
    "claim": lambda: api.claim(CASE, "turnover 2019 >= 800", **FEW),
    "compare": lambda: api.compare({EVIL: CASE, "b": scenario(SPLIT)}, **FEW),
    "context": lambda: api.context(CASE, **FEW),
    "discover": lambda: api.discover(CASE, points=256),
    "grid": lambda: api.grid(CASE, "outlook.trend", "levers.a.percent", steps=(2, 3), **FEW),
    "mix": lambda: api.mix(CASE, **FEW),
    "sensitivity": lambda: api.sensitivity(CASE, points=256),
    "simulate": lambda: simulate(CASE, **FEW),
    "solve": lambda: api.solve(CASE, 0.5, lever="a", **FEW),
    "solve_each": lambda: api.solve_each(CASE, 0.5, **FEW),
    "track": lambda: api.track(CASE, **FEW),
}


def test_every_public_answer_is_asked_here() -> None:
    homes = {name for name, home in simulator._HOMES.items() if home == "api"}
    assert homes | {"simulate"} == set(ANSWERS) | {name for name in homes if name == "sweep"}


@pytest.mark.parametrize("question", sampled(ANSWERS, start=2))
def test_an_answer_is_a_frame_a_chart_and_a_few_lines(question: str) -> None:
    answer = ANSWERS[question]()
    frame = answer.to_frame()
    assert isinstance(frame, pd.DataFrame)
    assert len(frame)
    assert set(frame.attrs["columns"]) == set(frame.columns)
    known = {name for name in frame.columns if name in frames.COLUMNS or name.startswith(frames.CHANCE_OF)}
    assert set(frame.columns) - known == (
        {"outlook.trend", "levers.a.percent"} if question == "grid" else set()
    )
    charts = list(notebook.face_of(answer).charts)
    assert answer.chart().to_dict() == answer.chart(charts[0]).to_dict()
    for name in charts[1:]:
        assert answer.chart(name).to_dict()["$schema"]
    with pytest.raises(ValueError, match=f"found the chart 'pie', expected one of {charts[0]}"):
        answer.chart("pie")
    page = answer._repr_html_()
    assert "<script" not in page
    assert ("<strong>Probability" in page) == (question != "backtest")
    assert ("&lt;script&gt;" in page) == (question != "backtest")
    assert "numerical error" in page or question == "backtest"


def test_frames_hold_the_numbers_of_the_answer() -> None:
    result = simulate(CASE, **FEW)
    frame = result.to_frame().set_index(["measure", "period"])
    bands = result.quantiles("exports", "2019", [0.1, 0.5])
    assert frame.loc[("exports", "2019"), ["p10", "p50"]].tolist() == pytest.approx(bands.tolist(), abs=0)
    surface = ANSWERS["grid"]()
    cells = surface.to_frame()
    assert cells["probability"].tolist() == [chance for row in surface.probability for chance in row]
    assert cells["outlook.trend"].tolist() == pytest.approx([*surface.x.values] * 3)


def test_kinds_of_solutions_and_decided_targets_are_shown() -> None:
    for lever in ("target.at_least", "target.period"):
        solution = api.solve(CASE, 0.5, lever=lever, **FEW)
        assert solution.to_frame().loc[0, "path"] == lever
    decided = scenario(SPLIT, {"measure": "turnover", "period": 2017, "at_least": 600})
    page = simulate(decided, **FEW)._repr_html_()
    assert "<strong>Probability 100 %</strong><br>" in page


def test_the_docs_say_what_every_column_and_chart_is() -> None:
    text = (ROOT / "docs" / "notebook.md").read_text("utf-8")
    assert frames.markdown() in text
    for face in notebook.FACES.values():
        assert ", ".join(f"`{name}`" for name in face.charts) in text


@pytest.mark.ci_only(reason="a process of its own; tests/test_house.py holds the imports to the order")
def test_an_answer_imports_no_words_and_no_chart_until_it_is_shown() -> None:
    code = (
        "import sys; from simulator import Result, api; "
        "late = [m for m in sys.modules if m.startswith(('simulator.report', 'altair', 'pandas'))]; "
        "assert not late, late; assert Result.to_frame.__doc__"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
