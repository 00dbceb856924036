"""Words that a minister would misread stand nowhere; a title is never false; a year that dips is explained. Default tier."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import Result, compare, load_scenario, report, simulate
from simulator.cli import main
from simulator.files.loading import load
from simulator.report.amounts import amount, swing
from simulator.report.charts import answer, futures, over_time
from simulator.report.charts.drawing import Drawing
from simulator.report.charts.waterfall import WIDTH
from simulator.report.documents.blocks import Listing, Picture, Report, Table
from simulator.report.documents.contents import content
from simulator.report.words.over_time import ON_THE_WAY, SLUMP
from simulator.scenario import Outlook
from simulator.scenario.parameters import knobs, switches
from simulator.values.basis import Basis
from simulator.values.fields import title_of
from simulator.values.units import Unit
from tests.cases import LEVERS, NAMED, SPLIT, scenario
from tests.cases import SLUMP as RISK
from tests.tiers import sampled

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "scenarios").glob("*.yaml"))
FLAGSHIP = ROOT / "scenarios" / "belarus-kazakhstan-2020.yaml"
MISREAD = {  # what is misread -> as what
    r"\bat best\b": "the best case, and not one slider's end",
    r"reasonabl": "worst and best case, of what are other model settings",
    r"[Jj]udgement": "an expert's blessing, of our own assumption",
    r"\bshort of the target": "the shortfall of the misses, of the median's distance",
    r"[Mm]issed,? by\b|falls short by": "a fact, of the typical shortfall",
    r"\b[Ss]ettl(ing|e first)\b|if (it were )?settled|left to settle": "nothing, of knowing something beforehand",
    r"\btogether [+-]?\d": "nothing, of the overlap of measures",
    r"as it comes|\(random\)": "nothing, of what is uncertain",
    r"\b[Tt]rend\b": "nothing, of the underlying growth",
    r"\bsmoothed\b|\bP\(": "nothing, of statistics",
    r"±|\+- ?\d": "the uncertainty, of a numerical error that belongs to the details",
    r"[+-]\d+\.\d\d(?!\d)(?! ?(million|m\b|bn\b))(?=$|[ ;,|)])": "exactness, of points with two decimals",
}
APART = ("Details:", "Numerical standard error")  # beginnings of what is said for those who ask
CODE = {"judgement", "trend", "outlook.trend", "±"}  # names, words that files use, a character


def misread(text: str) -> list[str]:
    return [found[0] for pattern in MISREAD for found in re.finditer(pattern, text)]


def test_the_list_knows_what_was_once_said() -> None:
    once = (
        "at best 32.5 %",
        "reasonable alternatives give 27-35 %",
        "judgement",
        "$193m short of the target",
        "Where it is missed, half of the time it falls short by more than $308m.",
        "Missed by",
        "Settling turnover in 2019 first would lower that most",
        "together -0.13",
        "as it comes (random)",
        "Trend (log points)",
        "B is 3.4 points below A (± 0.02)",
        "Harmonised rules +2.07",
    )
    assert all(map(misread, once))
    assert not misread("It is settled by Belstat. Together they add +2.1 points; -175.60bn; since 2018-09.")


# Whatever is printed


def plain(output: str) -> str:
    """What a verb prints but for the details, which come last."""
    return " ".join(output.partition("Details:")[0].split())


def ran(*words: str) -> str:
    done = CliRunner().invoke(main, [*words, "--points", "64"])
    assert done.exit_code == 0, done.output
    return plain(done.stdout)


@pytest.mark.parametrize("path", sampled(SHIPPED, 6), ids=lambda path: path.stem)
def test_nothing_that_is_said_of_a_shipped_scenario_is_misread(path: Path) -> None:
    result = simulate(load_scenario(path), points=64)
    drawings: list[Drawing] = [answer.waterfall(result), answer.alternatives(result), over_time.fan(result)]
    drawings += [] if result.decided else [futures.futures(result)]
    texts = [ran("run", str(path)), *(text for drawing in drawings for text in labels(drawing))]
    texts += [*in_document(content(result)), report.title(result), report.dip(result) or ""]
    texts += [text for knob in knobs(result.scenario) for text in (knob.help, Basis.reason(knob.source))]
    texts += [switch.help for switch in switches(result.scenario)]
    assert [(text, misread(text)) for text in texts if misread(text)] == []


def labels(drawing: Drawing) -> list[str]:
    cells = [cell for row in drawing.rows for cell in row.values() if isinstance(cell, str)]
    return [drawing.title, drawing.alt, drawing.about, *cells]


def in_document(written: Report) -> Iterator[str]:
    yield from (written.title, *written.verdicts, *written.lines)
    for section in written.sections:
        yield section.title
        for block in section.blocks:
            yield from in_block(block)


def in_block(block: Any) -> Iterator[str]:
    """The texts of a block, without the columns that say how a file writes a value, and without details."""
    if isinstance(block, Picture):
        yield from (*labels(block.drawing), block.reading)
    elif isinstance(block, Listing):
        yield from block.items
    elif isinstance(block, Table):
        shown = [n for n, column in enumerate(block.columns) if not column.head.startswith(("Path", "Value"))]
        yield from (block.caption, *(block.columns[n].head for n in shown))
        yield from (str(row[n]) for row in block.rows for n in shown if isinstance(row[n], str))
    elif not block.startswith(APART):
        yield block


@pytest.mark.parametrize(
    "words",
    [
        ("compare", str(FLAGSHIP), str(FLAGSHIP.with_stem("belarus-kazakhstan-cautious")), "-v"),
        ("solve", str(FLAGSHIP)),
        ("solve", str(FLAGSHIP), "--lever", "outlook.trend"),
        ("solve", str(FLAGSHIP), "--lever", "rules", "--lever", "assembly", "--together"),
        ("solve", str(FLAGSHIP), "--lever", "target.period", "--probability", "0.99"),
        ("sensitivity", str(FLAGSHIP)),
        ("discover", str(FLAGSHIP)),
        ("mix", str(FLAGSHIP), "--set", "levers.rules.cost=4", "--set", "levers.corridor.cost=2"),
        ("claim", str(FLAGSHIP), "turnover 2018 >= 1000"),
    ],
    ids=lambda words: "-".join(words[:1] + words[2:4]),
)
def test_nothing_that_a_verb_prints_is_misread(words: Sequence[str]) -> None:
    text = ran(*words).replace("outlook.trend", "")  # the path, as --set takes it
    assert misread(text) == []


def test_nothing_that_the_verbs_say_of_themselves_is_misread() -> None:
    for verb in ("run", "compare", "solve", "sensitivity", "discover", "mix", "claim", "report"):
        assert misread(CliRunner().invoke(main, [verb, "--help"]).output) == []


@pytest.mark.parametrize("room", ["report", "cli", "ui", "workspace", "model"])
def test_no_text_in_the_code_is_misread(room: str) -> None:
    """Texts of every branch, also of those that no scenario takes; docstrings are for programmers."""
    found = []
    for path in (ROOT / "simulator" / room).rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in said)
        found += [
            (path.name, node.value)
            for node in texts
            if isinstance(node.value, str) and node.value not in CODE and misread(node.value)
        ]
    assert found == []


# One name for each model setting


def test_a_model_setting_has_one_name_wherever_it_stands() -> None:
    from simulator import sensitivity
    from simulator.analysis.questions import name_of
    from simulator.workspace.panel import _label

    case = scenario(levers=LEVERS)
    bars = {bar.path: bar.name for bar in sensitivity(case, points=64).tornado}
    for knob in (knob for knob in knobs(case) if knob.address.section == "outlook"):
        name = title_of(Outlook, knob.address.name)
        assert name != knob.address.name.replace("_", " ") or name == "yearly pattern"
        assert name_of(case, knob).lower() == name.lower()
        assert _label(case, (knob,)).lower().startswith(name.lower())
        assert bars.get(knob.path, name).lower() == name.lower()
    found = compare({"a": case, "b": case.changed(outlook={"trend": 0.01, "memory": 9})}, points=64)
    rows = {row["path"]: row for row in report.assumptions_table(found)}
    assert rows["outlook.trend"]["assumption"] == "underlying growth"
    assert (rows["outlook.trend"]["a"], rows["outlook.trend"]["b"]) == ("4.1 % a year", "1 % a year")


@given(st.floats(-0.9, 1), st.sampled_from(list(Unit)))
def test_what_people_read_is_the_number_itself(value: float, unit: Unit) -> None:
    assert unit.from_displayed(unit.displayed(value)) == pytest.approx(value, abs=1e-12)


def test_a_growth_in_logs_is_told_as_the_growth_that_it_comes_to() -> None:
    result = simulate(scenario(), points=64)
    assert swing(0.0392207131533, Unit.LOG_POINTS_A_YEAR) == "4 % a year"  # log 1.04
    assert amount(result, 0.18, Unit.LOG_POINTS) == "18 %"
    assert swing(-1e-9, Unit.LOG_POINTS_A_YEAR) == "0 % a year"


# What each adds


def steps(result: Result) -> dict[str, float]:
    return {row["step"]: row["points"] for row in answer.waterfall(result).rows}


def test_a_waterfall_leads_from_nothing_to_all_by_measures_and_risks() -> None:
    result = simulate(scenario(levers=NAMED, risks=RISK), points=256)
    bare = simulate(scenario(risks={}), points=256).probability
    first, *_, last = answer.waterfall(result).rows
    assert (first["step"], last["step"]) == ("without measures and risks", "as it stands")
    assert first["end"] == pytest.approx(100 * bare, abs=0.1)  # on other draws
    shown = steps(result)
    assert shown["slump"] < 0
    for part in (*result.contributions["levers"], *result.contributions["risks"]):
        name = part.driver.name or part.id
        assert (name in shown) == (abs(part.probability_points) >= 0.05)
    moved = sum(points for name, points in shown.items() if name not in ("as it stands", first["step"]))
    assert first["end"] + moved == pytest.approx(last["end"], abs=0.05)


def test_what_has_no_visible_effect_is_named_and_not_drawn() -> None:
    tiny = {"kind": "custom", "percent": "0.01%", "start": "2019-01", "name": "Tiny"}
    result = simulate(scenario(levers={"tiny": tiny, "ventures": NAMED["ventures"]}), points=256)
    drawing = answer.waterfall(result)
    assert "Tiny" not in steps(result)
    assert drawing.alt.endswith("No visible effect: Tiny.")
    assert all("0.0" not in row["label"] or "%" in row["label"] for row in drawing.rows)
    only_risks = simulate(scenario(risks=RISK), points=64)
    assert answer.waterfall(only_risks).rows[0]["step"] == "without risks"


def test_a_small_effect_looks_small() -> None:
    """The axis, in the picture itself, spans five points at least, whatever the effects."""
    tiny = {"kind": "custom", "percent": "0.5%", "start": "2019-01", "name": "Tiny"}
    svg = answer.waterfall(simulate(scenario(levers={"tiny": tiny}), points=64)).picture("svg").decode()
    ticks = [float(tick) for tick in re.findall(r">(\d+(?:\.\d+)?)</text>", svg)]
    assert max(ticks) - min(ticks) >= WIDTH - 1


# Titles


def titled(target: Any, **fields: Any) -> str:
    return report.title(simulate(scenario(target=target, **fields), points=64))


PAIR = {"home": "Belarus", "partner": "Kazakhstan"}


@pytest.mark.parametrize(
    ("target", "asked"),
    [
        ({"measure": "turnover", "period": 2020, "at_least": 1000}, "at least $1,000m of turnover in 2020"),
        ({"measure": "imports", "period": 2020, "at_most": 99.5}, "at most $99.5m of imports in 2020"),
        ({"measure": "balance", "period": 2020, "at_least": -375}, "a deficit of at most $375m in 2020"),
        ({"measure": "balance", "period": 2020, "at_least": 375}, "a surplus of at least $375m in 2020"),
        ({"measure": "balance", "period": 2020, "at_most": 375}, "a surplus of at most $375m in 2020"),
        ({"measure": "balance", "period": 2020, "at_least": 0}, "no deficit in 2020"),
        (
            {"measure": "exports", "period": 2020, "growth_at_least": "14.5%"},
            "exports up at least 14.5 % in 2020",
        ),
        (
            {"measure": "exports", "period": 2020, "growth_at_least": "100%", "since": 2017},
            "exports up at least 100 % from 2017 to 2020",
        ),
        (
            {"measure": "exports", "period": 2020, "growth_at_least": "8%", "since": 2017, "a_year": True},
            "exports up at least 8 % a year from 2017 to 2020",
        ),
        (
            {"measure": "exports", "of": "turnover", "period": 2020, "share_at_least": "88%"},
            "exports at least 88 % of turnover in 2020",
        ),
        (
            {"measure": "turnover", "period": [2019, 2020], "at_least": 700},
            "at least $700m of turnover in 2019 and 2020",
        ),
        (
            [
                {"measure": "turnover", "period": 2019, "at_least": 700},
                {"measure": "imports", "period": 2020, "at_most": 200},
            ],
            "at least $700m of turnover in 2019 and at most $200m of imports in 2020",
        ),
    ],
)
def test_a_title_says_what_is_asked(target: Any, asked: str) -> None:
    assert titled(target, **PAIR) == f"Belarus and Kazakhstan: {asked}"
    assert titled(target) == f"{asked[0].upper()}{asked[1:]}"


def test_a_title_speaks_of_fiscal_years_as_the_scenario_does() -> None:
    fiscal = load_scenario(ROOT / "scenarios" / "india-exports-2022.yaml")
    assert report.title(simulate(fiscal, points=64)) == "India: at least $400bn of exports in FY2021-22"


@settings(max_examples=8, deadline=None)
@given(st.integers(500, 2000), st.sampled_from([2019, 2020]))
def test_a_title_follows_the_target(amount: int, year: int) -> None:
    title = titled({"measure": "turnover", "period": year, "at_least": amount})
    assert f"${amount:,}m" in title
    assert title.endswith(str(year))


def test_a_title_is_never_false_in_the_terminal_and_in_documents(tmp_path: Path) -> None:
    moved = load(FLAGSHIP, ["target.at_least=900"])
    other = load(FLAGSHIP, ["levers.rules.enabled=false", "target.resolved_by=an office"])
    named = load(FLAGSHIP, ["target.at_least=900", "title=Nine hundred million"])
    assert (moved.retargeted, other.retargeted, named.retargeted) == (True, False, False)
    built = "Belarus and Kazakhstan: at least $900m of turnover in 2020"
    first = CliRunner().invoke(main, ["run", str(FLAGSHIP), "--set", "target.at_least=900"]).stdout
    assert first.splitlines()[0] == built
    assert moved.scenario.title in " ".join(first.split()), "the name of the case stays"
    as_is = CliRunner().invoke(main, ["run", str(FLAGSHIP)]).stdout
    assert as_is.splitlines()[0] == other.scenario.title
    result = simulate(moved.scenario, points=64)
    assert content(result, moved=True).title == built
    assert content(simulate(other.scenario, points=64)).title == other.scenario.title
    over = tmp_path / "over.yaml"
    over.write_text(f"extends: {FLAGSHIP}\ntarget: {{at_least: 800}}\n")
    assert load(over).retargeted
    over.write_text(f"extends: {FLAGSHIP}\ntitle: Eight hundred\ntarget: {{at_least: 800}}\n")
    assert not load(over).retargeted
    assert load(over, ["target.at_least=700"]).retargeted


# A year that dips


CALM = [
    {"measure": "turnover", "period": 2014 + n, "value": value}
    for n, value in enumerate((96.0, 100.0, 104.0, 108.0))
]
MORE = {"measure": "turnover", "period": 2020, "at_least": 150}


def dipped(observations: Any = CALM, target: Any = MORE, **fields: Any) -> str | None:
    return report.dip(simulate(scenario(observations, target, **fields), points=256))


def test_a_year_after_a_sudden_rise_takes_part_of_it_back() -> None:
    result = simulate(scenario(levers=NAMED), points=256)
    told = report.dip(result)
    assert told is not None
    now, then = (result.quantiles("turnover", year, [0.5])[0] for year in (2019, 2018))
    assert now < then
    assert told.startswith(f"2019 is expected below 2018 (${now:.0f}m after ${then:.0f}m)")
    assert told.endswith(f": {ON_THE_WAY}.")


def test_where_no_year_dips_or_no_growth_is_asked_nothing_is_said() -> None:
    assert dipped() is None
    ceiling = {"measure": "turnover", "period": 2020, "at_most": 1000}
    below = {"measure": "turnover", "period": 2020, "at_least": 500}
    decided = {"measure": "turnover", "period": 2017, "at_least": 500}
    balance = {"measure": "balance", "period": 2020, "at_least": 100}
    for target in (ceiling, below, decided, balance):
        assert dipped(SPLIT, target) is None


def test_a_risk_that_makes_the_dip_is_named() -> None:
    sure = {**RISK["slump"], "name": "A ban", "yearly_probability": "95%", "depth": "60%"}
    told = dipped(risks={"ban": sure}, levers={"rules": {"kind": "custom", "percent": "5%"}})
    assert told is not None
    assert told.endswith(": because of the risks (A ban).")


def test_a_measure_that_ends_is_named() -> None:
    ends = {"kind": "custom", "percent": "50%", "start": "2018-01", "duration": 12, "name": "A fair"}
    lasts = {"kind": "custom", "percent": "5%", "start": "2018-01", "name": "Rules"}
    told = dipped(target={**MORE, "at_least": 200}, levers={"fair": ends, "rules": lasts})
    assert told is not None
    assert told.endswith(": because measures end or bring less (A fair).")


def test_growth_below_zero_is_a_reason_and_so_is_a_slump_of_world_trade() -> None:
    told = dipped(outlook={"trend": -0.1})
    assert told is not None
    assert told.endswith(": the underlying growth is below zero (-9.5 % a year).")
    told = dipped(SPLIT, None, outlook={"world": "slump"})
    assert told is not None
    assert told.endswith(f": {SLUMP}.")


def test_where_no_reason_is_clear_none_is_claimed() -> None:
    """A year whose published quarters run down: no law takes it back, no risk or measure is behind it."""
    quarters = [
        {"measure": "turnover", "period": f"2018-Q{n}", "value": value}
        for n, value in enumerate((40.0, 25.0, 5.0), 1)
    ]
    told = dipped([*CALM, *quarters], MORE)
    assert told is not None
    assert re.fullmatch(r"20\d\d is expected below 20\d\d \(\$[\d.]+m after \$[\d.]+m\)\.", told)


def test_another_measure_is_named() -> None:
    told = dipped(SPLIT, {"measure": "exports", "period": 2020, "at_least": 900})
    assert told is not None
    assert told.startswith("Exports in 2019 is expected below 2018 (")
