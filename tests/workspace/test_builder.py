"""A new case: from what is typed and pasted to a file that answers, and what is missing or wrong. Default tier."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator import simulate
from simulator.errors import InputError
from simulator.files.loading import load_text
from simulator.files.reading import shipped_names
from simulator.files.tables.units import Scale
from simulator.levers import KINDS
from simulator.values.periods import Period
from simulator.workspace import builder, grid, pasted
from simulator.workspace.builder import FIGURES, MEASURES, WHO
from simulator.workspace.desk import Desk
from simulator.workspace.form import SIDES, Form, Goal
from simulator.workspace.pasted import PASTED

MILLIONS = Scale("USD", "million")
PAIR = {"home": "Northland", "partner": "Southland"}
HEAD = (
    "title: x",
    "as_of: 2030-01-01",
    "target: {measure: turnover, period: 2031, at_least: 1}",
    "observations:",
)
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def months(count: int = 24, heading: str = "Month,Exports,Imports") -> str:
    rows = [f"{2023 + m // 12}-{m % 12 + 1:02d},{20 + 0.3 * m:.1f},{9 + 0.1 * m:.1f}" for m in range(count)]
    return "\n".join([heading, *rows]) + "\n"


def form() -> Form:
    """A case that lacks nothing."""
    goals = [Goal(number="500", period="2026")]
    rows = grid.joined([], taken(months(), unit="million USD").rows)
    return Form(**PAIR, as_of="2025-02-15", goals=goals, rows=rows)


def taken(text: str | bytes, name: str = PASTED, **options: object) -> pasted.Taken:
    data = text.encode() if isinstance(text, str) else text
    return pasted.taken(data, name, MILLIONS, PAIR | options)


# From nothing to a probability


def test_from_an_empty_form_to_an_answer_a_sentence_says_what_is_missing() -> None:
    case = Form()
    assert not case.begun
    lacks = [problem.message for problem in builder.made(case).missing]
    assert lacks == [
        "Name the two countries.",
        "Give the day on which the question is asked.",
        "Say how much the target asks for.",
        "Say when the target is to be reached, such as 2028.",
        "Give at least one figure of turnover, or of exports and imports.",
    ]
    case.home, case.partner, case.as_of = "Northland", "Southland", "2025-02-15"
    case.goals[0].number, case.goals[0].period = "500", "2026"
    assert [problem.step for problem in builder.made(case).missing] == [FIGURES]
    case.rows = [*taken(months(), unit="million USD").rows]
    made = builder.made(case)
    assert (made.missing, made.problems, made.looks) == ((), (), ())
    assert made.scenario is not None
    assert 0 < simulate(made.scenario).probability < 1
    assert load_text(made.text, "again").scenario == made.scenario
    assert Desk.of_upload(made.text.encode(), f"{case.file}.yaml").scenario == made.scenario
    assert case.file == "northland-southland-2026"


def test_the_file_is_one_that_a_person_can_read_on() -> None:
    text = builder.made(form()).text
    assert "  - measure: exports\n    from: 2023-01\n    every: month\n" in text
    assert max(map(len, text.splitlines())) <= 110
    assert text.startswith("# Made on the page")
    assert 'title: "Northland and Southland: turnover of at least 500 million USD in 2026"\n' in text


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("measure", ["turnover", "exports", "imports", "balance"])
def test_every_sentence_of_a_target_is_one(side: str, measure: str) -> None:
    case = form()
    of = "turnover" if measure != "turnover" else "exports"
    case.goals = [Goal(measure, side, "8" if side.startswith(("growth", "share")) else "500", "2026", of)]
    made = builder.made(case)
    if measure == "balance" and not side.startswith("at"):
        assert made.problems
        assert {problem.step for problem in made.problems} == {WHO}
        return
    if measure == "turnover" and side.startswith("share"):
        return  # more than all of it: refused or answered, as the scenario has it
    assert made.scenario is not None, made.problems
    (target,) = made.scenario.target
    assert (target.measure, target.side) == (measure, side)


def test_several_targets_and_the_statistic_that_settles_one_stand_in_the_file() -> None:
    case = form()
    case.goals[0].resolved_by = "Northland customs: goods"
    case.goals.append(Goal("exports", "growth_at_least", "8 %", "2026", since="2024"))
    made = builder.made(case)
    assert made.scenario is not None
    assert made.scenario.target[0].resolved_by == "Northland customs: goods"
    assert made.scenario.target[1].amount == pytest.approx(0.08)


def test_a_nation_has_no_partner_and_the_swings_of_a_nation() -> None:
    case = form()
    case.nation = True
    made = builder.made(case)
    assert made.scenario is not None
    assert made.scenario.partner is None
    assert made.scenario.outlook.flow == "national"


def test_a_pair_of_a_billion_a_year_is_a_large_one() -> None:
    case = form()
    assert builder.made(case).scenario.outlook.flow == "pair"
    case.unit = "billion"
    assert builder.made(case).scenario.outlook.flow == "large-pair"


def test_names_in_any_writing_and_with_any_mark_are_texts() -> None:
    case = form()
    case.home, case.partner, case.title = "Côte: d'Ivoire #1", "Казахстан", '"q" {x}: [y] # z'
    made = builder.made(case)
    assert made.scenario is not None
    assert (made.scenario.home, made.scenario.title) == (case.home, case.title)
    assert case.file == "côte-d-ivoire-1-казахстан-2026"


# What is wrong


@pytest.mark.parametrize(
    ("field", "value", "place"),
    [
        ("as_of", "30.02.2025", "As of"),
        ("as_of", "0202-02-02", "As of"),
        ("partner", "Northland", "Partner"),
    ],
)
def test_a_field_that_cannot_be_read_is_named(field: str, value: str, place: str) -> None:
    case = form()
    setattr(case, field, value)
    made = builder.made(case)
    problems = [problem for problem in made.problems if problem.place == place]
    assert problems
    assert problems[0].step == WHO
    assert made.scenario is None


def test_a_cell_that_cannot_be_read_is_named_by_its_row_its_period_and_its_column() -> None:
    case = form()
    case.rows[3]["exports"], case.rows[4]["period"], case.rows[5]["published"] = "2x", "2023-13", "2023-02-30"
    problems = builder.made(case).problems
    assert [(problem.row, problem.place) for problem in problems] == [
        (4, "Row 4, 2023-04, Exports"),
        (5, "Row 5, 2023-13, Period"),
        (6, "Row 6, 2023-06, Came out on"),
    ]


def test_a_figure_a_thousand_times_its_neighbours_is_warned_of_in_its_row() -> None:
    case = form()
    case.rows[3]["exports"] = "20900"
    (look,) = builder.made(case).looks
    assert (look.row, look.step) == (4, FIGURES)
    assert "times what the other figures of it let expect" in look.message


def test_figures_that_contradict_each_other_are_blamed_in_their_rows() -> None:
    case = form()
    case.rows.append({"period": "2023", "exports": "2000"})
    made = builder.made(case)
    assert made.scenario is None
    assert 25 in {problem.row for problem in made.problems}
    assert {problem.step for problem in made.problems} == {FIGURES}


def test_a_figure_of_after_the_day_is_said_not_to_count_yet() -> None:
    case = form()
    case.rows.append({"period": "2025-01", "exports": "28", "published": "2025-03-20"})
    (look,) = builder.made(case).looks
    assert look.row == 25
    assert "does not count yet" in look.message


# The table


@FEW
@given(
    st.lists(
        st.tuples(
            st.integers(12 * 2015, 12 * 2024),
            st.sampled_from([1, 3, 12]),
            st.sampled_from(grid.MEASURES),
            st.decimals("0.01", "99999", places=2),
            st.sampled_from(["", "2025-01-31", "2025-02-28"]),
            st.sampled_from(["", "an office", "another: one"]),
        ),
        min_size=1,
        max_size=40,
    )
)
def test_figures_of_a_table_are_those_of_the_file(
    cells: list[tuple[int, int, str, Decimal, str, str]],
) -> None:
    """Whatever becomes a series comes back figure by figure, digits, days and sources as they were."""
    wanted: dict[tuple[str, str, str, str], str] = {}
    for month, length, measure, value, published, source in cells:
        first = month - month % length
        wanted.setdefault((measure, str(Period(first, first + length - 1)), published, source), str(value))
    rows = [
        {"period": period, measure: value, "published": published, "source": source}
        for (measure, period, published, source), value in wanted.items()
    ]
    listed, faults = grid.items(rows)
    assert not faults
    assert sorted(number for item in listed for number in item.rows) == list(range(len(rows)))
    lines = [*HEAD, *grid.lines([item.fields for item in listed])]
    back = load_text("\n".join(lines) + "\n", "file").scenario.figures
    figures = {(o.measure, str(o.period), str(o.published or ""), o.source or ""): str(o.value) for o in back}
    assert figures == wanted


def test_rows_of_figures_are_read_back_from_observations() -> None:
    rows = grid.rows_of(load_text(builder.made(form()).text, "file").scenario.figures)
    assert [row["period"] for row in rows] == [row["period"] for row in form().rows]
    assert {(row["exports"], row["imports"]) for row in rows} == {
        (row["exports"], row["imports"]) for row in form().rows
    }


def test_what_an_editor_sends_changes_adds_and_takes_out() -> None:
    rows = [{"period": "2023", "exports": "1", "exports error": "0.5"}, {"period": "2024", "exports": "2"}]
    sent = {
        "edited_rows": {0: {"exports": " 3 "}},
        "added_rows": [{"period": "2025"}, {}],
        "deleted_rows": [1],
    }
    assert grid.revised(rows, sent) == [{"period": "2023", "exports": "3"}, {"period": "2025"}]


def test_the_same_period_from_the_same_source_is_replaced_and_others_are_kept() -> None:
    rows = grid.joined(
        [{"period": "2024", "exports": "1", "source": "a"}, {}],
        [
            {"period": "2024", "exports": "2", "source": "a"},
            {"period": "2023", "exports": "3", "source": "b"},
        ],
    )
    assert [(row["period"], row["exports"]) for row in rows] == [("2023", "3"), ("2024", "2")]


# A table that is pasted or dropped


def test_what_a_table_does_not_say_is_asked_and_each_answer_can_be_taken() -> None:
    asked = taken(months())
    assert not asked.rows
    assert [choice.options for choice in asked.choices] == [
        {"unit": unit} for unit in ("thousand USD", "million USD", "billion USD", "USD")
    ]
    for choice in asked.choices:
        assert taken(months(), **choice.options).count == 48


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Month,A,B\n2023-01,20.5,9.1\n2023-02,21.5,9.2\n", "columns"),
        ("Month;Exports million USD\n2023-01;1.234\n2023-02;1.300\n", "decimal"),
        ("Date,Exports million USD\n01/02/2023,20.5\n01/03/2023,21.5\n", "dates"),
        ("Month,Exports million USD\nJan,20.5\nFeb,21.5\nMar,23.1\n", "year"),
    ],
)
def test_questions_become_choices_that_settle_them(text: str, key: str) -> None:
    asked = taken(text)
    assert asked.question
    choice = next(choice for choice in asked.choices if key in choice.options)
    again = taken(text, **choice.options)
    assert again.question != asked.question
    assert "--" not in choice.words


def test_a_workbook_gives_the_figures_that_its_cells_show() -> None:
    import xlsxwriter

    file = BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    for row, cells in enumerate([("Year", "Turnover, million USD"), (2022, 310.5), (2023, 402.75)]):
        sheet.write_row(row, 0, cells)
    book.close()
    rows = taken(file.getvalue(), "trade.xlsx", source="An office", published=dt.date(2024, 3, 1)).rows
    assert [(row["period"], row["turnover"], row["published"]) for row in rows] == [
        ("2022", "310.5", "2024-03-01"),
        ("2023", "402.75", "2024-03-01"),
    ]
    assert rows[0]["source"].startswith("An office (SHA-256 ")


def test_the_partners_own_statistics_become_another_reading_and_stand_in_the_file() -> None:
    table = (
        "Reporter,Partner,Flow,Year,Value million USD\n"
        + "".join(f"Northland,Southland,Export,{y},{v}\n" for y, v in ((2021, 210.5), (2022, 220.5)))
        + "".join(f"Northland,Southland,Import,{y},{v}\n" for y, v in ((2021, 110.5), (2022, 120.5)))
        + "".join(f"Southland,Northland,Import,{y},{v}\n" for y, v in ((2021, 190.5), (2022, 200.5)))
        + "".join(f"Southland,Northland,Export,{y},{v}\n" for y, v in ((2021, 100.5), (2022, 101.5)))
    )
    read = taken(table, "both.csv")
    assert [*read.alternatives] == ["southland-statistics"], read
    case = form()
    case.rows, case.alternatives = [*read.rows], dict(read.alternatives)
    made = builder.made(case)
    assert made.scenario is not None, made.problems
    assert len(made.scenario.alternatives["southland-statistics"]) == 4


@pytest.mark.parametrize("text", ["hello", "Month,Exports\n", "<html></html>"])
def test_what_is_no_table_is_refused_in_words(text: str) -> None:
    assert taken(text).faults
    assert not taken(text).rows


@given(st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_no_bytes_stop_the_page(data: bytes) -> None:
    read = pasted.taken(data, "file.csv", MILLIONS, PAIR)
    assert read.rows or read.faults or read.choices or read.alternatives or read.remarks


# Measures and risks


@FEW
@given(st.lists(st.sampled_from(sorted(KINDS)), max_size=5))
def test_any_measures_and_risks_can_be_added_copied_named_and_answered(wanted: list[str]) -> None:
    case = form()
    scenario = builder.made(case).scenario
    assert scenario is not None
    keys = [builder.add(case, scenario, kind) for kind in wanted]
    for key in keys[:1]:
        builder.copy(case, key)
        builder.rename(case, key, "A: name of its own")
    made = builder.made(case)
    assert made.scenario is not None, made.problems
    assert len([*made.scenario.drivers()]) == len(keys) + bool(keys)
    assert len({driver.name for _, driver in made.scenario.drivers()}) == len(keys) + bool(keys)
    assert 0 <= simulate(made.scenario, points=512).probability <= 1


def test_two_measures_of_one_case_have_two_names() -> None:
    case = form()
    scenario = builder.made(case).scenario
    assert scenario is not None
    first, second = (builder.add(case, scenario, "promotion") for _ in range(2))
    assert first != second
    with pytest.raises(InputError, match="a name of its own"):
        builder.rename(case, first, case.drivers[second]["name"])


def test_a_fault_of_a_measure_stands_at_its_step() -> None:
    case = form()
    scenario = builder.made(case).scenario
    assert scenario is not None
    key = builder.add(case, scenario, "promotion")
    case.drivers[key]["streams"] = ["machinery"]
    (problem,) = builder.made(case).problems
    assert problem.step == MEASURES
    assert problem.place.startswith("Trade missions and visits")


# What a browser keeps


def test_a_form_comes_back_as_it_was_finished_or_not() -> None:
    for case in (Form(home="Northland"), form()):
        assert builder.unpacked(builder.packed(case)) == case
        assert builder.restored(json.loads(json.dumps(asdict(case)))) == case


@pytest.mark.parametrize(
    "raw",
    [None, 3, [], {"home": 3}, {"goals": 3}, {"goals": [{"x": 1}]}, {"rows": 3}, {"rows": [1]}, {"more": 1}],
)
def test_what_is_no_form_is_none(raw: object) -> None:
    assert builder.restored(raw) is None


def test_a_shipped_name_is_never_that_of_a_form() -> None:
    assert builder.KEPT_AS not in shipped_names()
    assert builder.unpacked("nonsense") is None


@pytest.mark.parametrize("text", ["0,Export\n2", 'Import\n2",7\n3-2,2', 'Import\t5\n1"\t1'])
def test_odd_marks_in_a_pasted_table_end_in_words(text: str) -> None:
    came = pasted.taken(text.encode(), PASTED, Scale("USD", "million"), {"home": "A", "partner": "B"})
    assert came.rows or came.question or came.faults


def test_a_number_that_no_file_can_state_is_told() -> None:
    case = form()
    case.goals = [Goal(number="1" * 31, period="2026")]
    assert any("31 digits" in str(problem) for problem in builder.made(case).problems)


@pytest.mark.parametrize("change", [{"title": None}, {"name": None}, {"unit": "zillion"}, {"home": 7}, {"goals": [{"side": "near"}]},
                                    {"goals": [{"of": "balance"}]}, {"goals": [{"period": 2026}]}])  # fmt: skip
def test_a_kept_form_without_words_or_with_choices_that_are_not_offered_is_none(
    change: dict[str, Any],
) -> None:
    assert builder.restored(asdict(Form())) == Form()
    assert builder.restored({**asdict(Form()), **change}) is None
