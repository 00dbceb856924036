"""Answers in a notebook: each as a frame, as charts, as a few sentences; one entry a type of answer.

``simulator.shown`` finds an answer's entry here by its type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulator.analysis.answers import WANTED, Amount, Answer, Answers, Change
from simulator.analysis.claim import Claim
from simulator.analysis.compare import Comparison
from simulator.analysis.context import Context
from simulator.analysis.discover import Discovery
from simulator.analysis.grid import Map
from simulator.analysis.mix import Mix
from simulator.analysis.sensitivity import Sensitivity
from simulator.analysis.track import Track
from simulator.batch.backtest import Backtest
from simulator.model.result import Result
from simulator.report import frames
from simulator.report.amounts import error_points, probability
from simulator.report.charts import answer, exceedance, futures, over_time, reliability, track
from simulator.report.charts import backtest as backtest_charts
from simulator.report.charts import compare as compare_charts
from simulator.report.charts import mix as mix_charts
from simulator.report.charts import sensitivity as sensitivity_charts
from simulator.report.charts import solve as solve_charts
from simulator.report.charts.drawing import Drawing
from simulator.report.tables import Row
from simulator.report.words import backtest as backtest_words
from simulator.report.words import claim as claim_words
from simulator.report.words import compare as compare_words
from simulator.report.words import context as context_words
from simulator.report.words import discover as discover_words
from simulator.report.words import mix as mix_words
from simulator.report.words import sensitivity as sensitivity_words
from simulator.report.words import solve as solve_words
from simulator.report.words import track as track_words
from simulator.report.words.answer import verdict
from simulator.values.numerals import compact, percent, points
from simulator.values.wording import escaped, inert

if TYPE_CHECKING:
    import pandas

MOST_ROWS = 12  # of a frame that a notebook shows unasked


@dataclass(frozen=True)
class Face:
    """How answers of one type are shown: the rows of the frame, the charts by name, what is said first."""

    rows: Callable[[Any], Iterable[Row]]
    charts: Mapping[str, Callable[[Any], Drawing]]
    words: Callable[[Any], Iterable[str]]
    result: Callable[[Any], Result | None]


def frame(shown: Any) -> pandas.DataFrame:
    """The rows of an answer, with what its columns mean in ``attrs["columns"]``."""
    import pandas

    table = pandas.DataFrame([dict(row) for row in face_of(shown).rows(shown)])
    table.attrs["columns"] = {name: frames.meaning(name) for name in map(str, table.columns)}
    return table


def chart(shown: Any, name: str | None = None) -> Any:
    """A chart of an answer, of Altair.

    Raises:
        ValueError: it has none of that name.
    """
    charts = face_of(shown).charts
    if name is not None and name not in charts:
        raise ValueError(f"found the chart {name!r}, expected one of {', '.join(charts)}")
    return charts[name or next(iter(charts))](shown).chart()


def html(shown: Any) -> str:
    """The probability with its error, what the answer says, and its first rows; texts of files escaped."""
    face = face_of(shown)
    lines = [*_headline(face.result(shown)), *map(escaped, face.words(shown))]
    return f"<div><p>{'<br>'.join(lines)}</p>{_first_rows(frame(shown))}</div>"


def _headline(result: Result | None) -> Iterator[str]:
    """The scenario, and its probability with the error that only what figures decide does not have."""
    if result is None:
        return
    error = "" if result.decided else f" (numerical error {error_points(result.standard_error)})"
    yield f"<em>{escaped(result.scenario.title)}</em>"
    yield f"<strong>Probability {probability(result, 1)}</strong>{error}"


def _first_rows(table: pandas.DataFrame) -> str:
    """The first rows of a frame as people read them, without columns that are empty."""
    if table.empty:
        return ""
    first, left = table.head(MOST_ROWS), len(table) - MOST_ROWS
    written = {str(name): [_cell(value, str(name)) for value in first[name]] for name in first.columns}
    cells = {_head(name): column for name, column in written.items() if any(column)}
    more = f"<p>and {left} more: to_frame() has all of them.</p>" if left > 0 else ""
    return f"{type(table)(cells).to_html(index=False, escape=True, border=0)}{more}"


def face_of(shown: Any) -> Face:
    """The entry of an answer: of its type, or of what that is a kind of."""
    return next(FACES[kind] for kind in type(shown).__mro__ if kind in FACES)


def _head(column: str) -> str:
    """The name of a column as people read it; a path stays as it is."""
    return column.replace("_", " ") if column in frames.COLUMNS else column


def _cell(value: Any, column: str) -> str:
    """A cell as people read it."""
    sort = frames.sort_of(column)
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, float):
        return inert(str(value))
    return WRITTEN.get(sort, compact)(value)


WRITTEN: Mapping[str, Callable[[float], str]] = {  # how people read the numbers of a column, by their sort
    frames.CHANCE: lambda value: percent(value, 1),
    frames.PART: lambda value: percent(value, 1),
    frames.ERROR: lambda value: f"{100 * value:.3f} points",
    frames.ERROR_POINTS: lambda value: f"{value:.3f} points",
    frames.CHANGE: points,
}


# Charts


def _reach(solution: Answer) -> Drawing:
    """How far a measure goes; of a target's amount or period, the chance by amount."""
    if isinstance(solution, Change) and solution.of_driver:
        return solve_charts.reach(Answers(solution.wanted, solution.present, (solution,)))
    result = solution.present
    return exceedance.exceedance(result) if isinstance(solution, Amount) else over_time.target_fan(result)


def _solutions(solutions: Answers) -> Drawing:
    """How far each measure goes alone; without measures, the chance by amount."""
    return solve_charts.reach(solutions) if solutions.of_drivers else exceedance.exceedance(solutions.present)


def _largest_gap(comparison: Comparison) -> Drawing:
    """What the first difference comes from; of one set alone, its probability."""
    first = next(iter(comparison.differences), None)
    return compare_charts.gap(comparison, first) if first else compare_charts.dots(comparison)


def _reliability(tried: Backtest) -> Drawing:
    title = "How often what was given a chance came true"
    return reliability.reliability(tried.reliability, title, "chance", "came true")


# Words


def _of_solutions(solutions: Answers) -> list[str]:
    return [solve_words.question_sentence(solutions), solve_words.reach_sentence(solutions)]


def _of_comparison(comparison: Comparison) -> list[str]:
    return [compare_words.difference_sentence(comparison, gap) for gap in comparison.differences]


def _of_discovery(discovery: Discovery) -> list[str]:
    lines = [discover_words.question(discovery)]
    for head, rule in discover_words.rules(discovery).items():
        stated = discover_words.conditions(discovery, rule) if rule else [discover_words.no_rule(discovery)]
        lines.append(f"{head}: {'; '.join(stated)}")
    return lines


def _of_claim(claim: Claim) -> list[str]:
    return [claim.text, verdict(claim.result), *filter(None, [claim_words.outcome(claim)])]


# One entry a type of answer; of a type that is none, that of what it is a kind of
_BY_AMOUNT = {"exceedance": lambda shown: exceedance.exceedance(shown.result)}
FACES: Mapping[type, Face] = {
    Result: Face(
        frames.of_result,
        {
            "over_time": over_time.target_fan,
            "exceedance": exceedance.exceedance,
            "futures": futures.futures,
            "measures": answer.waterfall,
            "alternatives": answer.alternatives,
        },
        lambda result: [verdict(result)],
        lambda result: result,
    ),
    Comparison: Face(
        frames.of_comparison,
        {"sets": compare_charts.dots, "over_time": compare_charts.bands, "difference": _largest_gap},
        _of_comparison,
        lambda comparison: comparison.first,
    ),
    Answer: Face(
        frames.of_solution, {"reach": _reach}, solve_words.sentences, lambda solution: solution.present
    ),
    Answers: Face(frames.of_solutions, {"reach": _solutions}, _of_solutions, lambda shown: shown.present),
    Map: Face(
        frames.of_map,
        {"map": lambda surface: solve_charts.surface(surface, WANTED)},
        lambda surface: [f"By {surface.x.name} and {surface.y.name}."],
        lambda surface: surface.present,
    ),
    Sensitivity: Face(
        frames.of_sensitivity,
        {
            "tornado": sensitivity_charts.tornado,
            "shares": sensitivity_charts.shares,
            "information": sensitivity_charts.information,
        },
        sensitivity_words.sentences,
        lambda analysis: analysis.result,
    ),
    Discovery: Face(
        frames.of_discovery,
        {"futures": lambda discovery: futures.futures(discovery.result), **_BY_AMOUNT},
        _of_discovery,
        lambda discovery: discovery.result,
    ),
    Mix: Face(
        frames.of_mix,
        {"frontier": mix_charts.frontier},
        lambda mix: [mix_words.summary(mix)],
        lambda mix: mix.present.result,
    ),
    Claim: Face(frames.of_claim, _BY_AMOUNT, _of_claim, lambda claim: claim.result),
    Context: Face(frames.of_context, _BY_AMOUNT, context_words.details, lambda outside: outside.result),
    Track: Face(
        frames.of_track,
        {"course": track.course, "figures": track.bars, "actuals": track.actuals},
        lambda course: [track_words.summary(course)],
        lambda course: course.result,
    ),
    Backtest: Face(
        frames.of_backtest,
        {"reliability": _reliability, "ranks": lambda tried: backtest_charts.ranks(tried.scores.ranks)},
        lambda tried: [backtest_words.setting(tried), backtest_words.verdict(tried)],
        lambda _tried: None,
    ),
}
