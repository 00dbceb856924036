"""Tables of statistics offices: sample tables to the right digits, round trips in every layout, questions, faults. Default tier."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import itertools
import time
import zipfile
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from simulator import Scenario, StatisticsError, load_scenario, read_statistics
from simulator.errors import Unsettled
from simulator.files.importing import Statistics, read_table
from simulator.files.tables import dates, denominations, numbers
from simulator.files.tables.choices import Choices
from simulator.files.tables.countries import mentioned
from simulator.files.tables.encodings import decoded
from simulator.files.tables.grids import Cell
from simulator.files.tables.labels import parse
from simulator.files.tables.units import Scale
from simulator.scenario import Observation
from simulator.values.countries import code_of
from simulator.values.periods import Period, month_text
from tests.tiers import examples

TABLES = Path(__file__).parent / "tables"


def pair(home: str = "Belarus", partner: str | None = "Kazakhstan", **fields: Any) -> Scenario:
    figure = {"measure": "exports", "period": 2010, "value": 1}
    target = {"measure": "exports", "period": 2030, "at_least": 1}
    base = {"title": "x", "as_of": "2025-12-31", "target": target, "observations": [figure]}
    return Scenario.model_validate(base | {"home": home, "partner": partner} | fields)


CHINA = pair("United States", "China")
GERMANY = pair("Germany", "Kazakhstan", currency="EUR")


def lines(observations: Iterable[Observation]) -> list[str]:
    """Each figure as ``exports 2017-01 51.20``, with its error where it has one."""
    return [f"{o.measure} {o.period} {o.value}{f' +- {o.error}' if o.error else ''}" for o in observations]


def read(
    text: str | bytes, name: str = "table.csv", scenario: Scenario | None = None, **options: Any
) -> Statistics:
    scenario = scenario or pair()
    choices = Choices.of(**({"home": scenario.home, "partner": scenario.partner} | options))
    data = text.encode() if isinstance(text, str) else text
    return read_table(data, name, choices, Scale(scenario.currency, scenario.unit))


def months(measure: str, year: int, *values: str) -> list[str]:
    return [f"{measure} {year}-{month:02d} {value}" for month, value in enumerate(values, 1)]


# The sample tables: every figure, to the last digit

EXPECTED: dict[str, tuple[Scenario, dict[str, Any], list[str]]] = {
    "belstat-years.xlsx": (
        pair(),
        {},
        ["exports 2016 364.9", "exports 2017 594.5", "imports 2016 54.3", "imports 2017 96.3"],
    ),
    "belstat-months.csv": (
        pair(),
        {},
        months("exports", 2017, "31.2345", "49.80010", "60.0000")
        + months("exports", 2018, "51.2345")
        + months("imports", 2017, "4.0120", "6.1005", "7.0000")
        + months("imports", 2018, "8.0120"),
    ),
    "census-china.csv": (
        CHINA,
        {},
        [
            "exports 2017 129997.2",
            *months("exports", 2018, "9902.6", "9759.9", "12652.10"),
            "imports 2017 505165.1",
            *months("imports", 2018, "45765.6", "39020.1", "38327.6"),
        ],
    ),
    "census-countries.csv": (
        CHINA,
        {"unit": "million USD"},
        months("exports", 2017, *(f"{400 + n}.5" for n in range(12)))
        + months("exports", 2018, "500.5", "501.5")
        + months("imports", 2017, *(f"{500 + n}.25" for n in range(12)))
        + months("imports", 2018, "600.25", "601.25"),
    ),
    "gso-vietnam.tsv": (
        pair("Vietnam", "China"),
        {},
        ["exports 2018 41366.5", "exports 2019 41463.30", "exports 2020 48905.6"],
    ),
    "eurostat-sdmx.csv": (
        GERMANY,
        {},
        months("exports", 2023, "250.000011", "250.000012")
        + months("imports", 2023, "401.234568", "401.234569"),
    ),
    "eurostat.tsv": (
        GERMANY,
        {},
        [
            "exports 2019 1512.3",
            "exports 2020 1400.10",
            "imports 2019 4200.5",
            "imports 2020 3100.0",
            "imports 2021 3900.2",
        ],
    ),
    "comtrade.csv": (
        pair(),
        {},
        [
            "exports 2016 364.946215210",
            "exports 2017 594.51234567",
            "imports 2016 54.321987",
            "imports 2017 96.3123451",
        ],
    ),
    "imf-dots.csv": (
        pair(),
        {},
        months("exports", 2018, "51.20", "52.20") + months("imports", 2018, "7.01", "7.02"),
    ),
    "months.xlsx": (
        pair(),
        {},
        months("exports", 2018, "51.2346", "51.2356", "51.2366")
        + months("imports", 2018, "7.01220", "7.01320", "7.01420"),
    ),
}
MIRRORED = {
    "comtrade.csv": ["exports 2017 508.600111", "imports 2017 95.5002225"],
    "stat-gov-kz.csv": [
        *("exports 2017-01..2017-09 370.9007", "exports 2018-01..2018-09 539.1002"),
        *("imports 2017-01..2017-09 68.4005", "imports 2018-01..2018-09 71.2003"),
        "turnover 2018-01..2018-09 610.3005",
    ],
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_table_imports_to_its_digits(name: str) -> None:
    scenario, options, expected = EXPECTED[name]
    statistics = read_statistics(TABLES / name, scenario, **options)
    assert lines(statistics.observations) == expected
    assert (statistics.currency, statistics.unit) == (scenario.currency, "million")


@pytest.mark.parametrize("name", MIRRORED)
def test_the_partners_report_becomes_an_alternative_with_flows_as_home_sees_them(name: str) -> None:
    statistics = read_statistics(TABLES / name, pair())
    assert list(statistics.alternatives) == ["kazakhstan-statistics"]
    assert lines(statistics.alternatives["kazakhstan-statistics"]) == MIRRORED[name]
    for observation in statistics.alternatives["kazakhstan-statistics"]:
        theirs = {"exports": "its imports, usually CIF", "imports": "its exports, usually FOB"}
        assert f"Kazakhstan's report{' of ' * (observation.measure in theirs)}" in str(observation.source)
        assert theirs.get(observation.measure, "") in str(observation.source)


def test_a_column_of_the_partners_imports_from_home_is_homes_exports() -> None:
    head = "Year,Belarus's exports to Kazakhstan (mln USD),Kazakhstan's imports from Belarus (mln USD)\n"
    statistics = read(f"{head}2016,364.9,330.1\n2017,594.5,508.6\n")
    assert lines(statistics.observations) == ["exports 2016 364.9", "exports 2017 594.5"]
    others = statistics.alternatives["kazakhstan-statistics"]
    assert lines(others) == ["exports 2016 330.1", "exports 2017 508.6"]


def test_every_figure_names_its_file_sheet_and_sum() -> None:
    statistics = read_statistics(TABLES / "belstat-years.xlsx", pair())
    sha256 = hashlib.sha256((TABLES / "belstat-years.xlsx").read_bytes()).hexdigest()
    assert statistics.sha256 == sha256
    for observation in statistics.observations:
        assert observation.source == f"belstat-years.xlsx, sheet 'Лист1' (SHA-256 {sha256})"
    stated = read_statistics(TABLES / "belstat-years.xlsx", pair(), source="Belstat")
    assert {o.source for o in stated.observations} == {f"Belstat (SHA-256 {sha256})"}


def test_what_was_recognised_and_left_out_is_said() -> None:
    statistics = read_statistics(TABLES / "belstat-months.csv", pair())
    recognised = "\n".join(statistics.recognised)
    for words in (
        *("encoding: cp1251", "delimiter: semicolon", "decimal comma, a blank between thousands"),
        *("unit: thousand USD", "headings in row 3", "exports: 4 figures, 2017-01 to 2018-01"),
    ):
        assert words in recognised
    left = "\n".join(map(str, statistics.left_out))
    for words in ("'…', not published", "'-', not published", "row 8 'Всего': a total of the months"):
        assert words in left
    assert any("footnote marks *" in remark for remark in statistics.remarks)
    kz = read_statistics(TABLES / "stat-gov-kz.csv", pair())
    assert "other names, 'Всего', 'Армения', 'Россия'" in "\n".join(map(str, kz.left_out))
    assert any("only statistics of Kazakhstan" in remark for remark in kz.remarks)


def test_marks_of_provisional_figures_stand_in_the_source() -> None:
    statistics = read_statistics(TABLES / "eurostat-sdmx.csv", GERMANY)
    marked = [str(o.period) for o in statistics.observations if ", provisional (SHA" in str(o.source)]
    assert marked == ["2023-02", "2023-02"]


def test_stored_digits_are_taken_where_they_are_asked_for() -> None:
    statistics = read_statistics(TABLES / "months.xlsx", pair(), digits="stored")
    assert lines(statistics.observations)[0] == "exports 2018-01 51.2345678"


def test_without_a_scenario_the_figures_stay_as_printed() -> None:
    statistics = read_statistics(TABLES / "stat-gov-kz.csv", home="Belarus", partner="Kazakhstan")
    assert (statistics.currency, statistics.unit) == ("USD", "thousand")
    assert lines(statistics.alternatives["kazakhstan-statistics"])[0] == "exports 2017-01..2017-09 370900.7"
    with pytest.raises(Unsettled, match=r"found [23] pairs of reporter and partner"):
        read_statistics(TABLES / "comtrade.csv")


# Round trips: figures laid out in every way come back

RU = ["январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август"]
RU += ["сентябрь", "октябрь", "ноябрь", "декабрь"]
EN = ["January", "February", "March", "April", "May", "June", "July", "August"]
EN += ["September", "October", "November", "December"]
SPELLINGS = {
    "iso": month_text,
    "sdmx": lambda month: f"{month // 12}-M{month % 12 + 1:02d}",
    "russian": lambda month: f"{RU[month % 12]} {month // 12} г.",
    "english": lambda month: f"{EN[month % 12]} {month // 12}",
    "short": lambda month: f"{EN[month % 12][:3]}-{month // 12 % 100:02d}",
    "numbers": lambda month: f"{month % 12 + 1:02d}.{month // 12}",
    "whole": lambda month: f"{month // 12}{month % 12 + 1:02d}",
}
LOCALES = {
    "point": (".", ""),
    "comma": (",", ""),
    "american": (".", ","),
    "german": (",", "."),
    "russian": (",", "\u00a0"),
    "narrow": (",", "\u202f"),
    "swiss": (".", "'"),
}
HEADS = {"exports": "Экспорт", "imports": "Imports"}


def spelled(value: Decimal, locale: str) -> str:
    decimal, between = LOCALES[locale]
    integer, _, part = f"{value:f}".partition(".")
    groups = [integer[max(0, end - 3) : end] for end in range(len(integer), 0, -3)][::-1]
    return (between.join(groups) if between else integer) + (f"{decimal}{part}" if part else "")


def delimited(rows: list[list[str]], delimiter: str) -> str:
    def field(text: str) -> str:
        return f'"{text}"' if delimiter in text else text

    return "\n".join(delimiter.join(map(field, row)) for row in rows)


def laid_out(figures: dict[tuple[str, int], str], layout: str, spell: Any) -> list[list[str]]:
    flows = sorted({flow for flow, _ in figures})
    times = sorted({month for _, month in figures})
    if layout == "long":
        return [
            ["Period", "Flow", "Value"],
            *([spell(m), HEADS[f], text] for (f, m), text in figures.items()),
        ]
    if layout == "columns":
        return [["Period", *(HEADS[flow] for flow in flows)]] + [
            [spell(month), *(figures[flow, month] for flow in flows)] for month in times
        ]
    return [["", *map(spell, times)]] + [[HEADS[flow], *(figures[flow, m] for m in times)] for flow in flows]


def _like_times(figures: str, layout: str, spelling: str, locale: str) -> Any:
    """An example whose figures look like years or months."""
    values = list(map(Decimal, figures.split()))
    known = {"delimiter": ";", "encoding": "utf-8", "first": 12 * 1995}
    return example(values=values, layout=layout, spelling=spelling, locale=locale, **known)


@_like_times("1.0 1.0 1900.1 1.0 1.0 1.0 1900.1 1.0", "rows", "numbers", "comma")
@_like_times("1900.1 1.0 1.0 1.0 1900.1 1.0 1.0 1.0", "rows", "numbers", "point")
@_like_times("2019.5 2018.5 2000.1 1900.4 2.5 2018.4 1.0 3.0", "rows", "short", "point")
@_like_times("2.5 1.0 1900.1 3.0 1900.2 2018.4 2019.1 2019.3", "rows", "whole", "point")
@_like_times("2.5 1.0 2019.5 2018.1 2019.6 3.5 1900.1 2000.2", "long", "russian", "point")
@_like_times("2018.1 2018.6 2076.8 1900.6 2000.1 2018.2 2019.3 1900.5", "long", "sdmx", "point")
@_like_times("9.7 949.4 2018.6 7.9 198.1 154.4 2019.7 26.3", "columns", "russian", "point")
@_like_times("2018.1 2018.2 2018.3 2018.4 2018.2 2018.3 2018.4 2018.5", "columns", "iso", "point")
@settings(max_examples=examples(150, 50), deadline=None)
@given(
    values=st.lists(st.decimals(1, 9_999_999, places=1), min_size=8, max_size=8),
    layout=st.sampled_from(["long", "columns", "rows"]),
    spelling=st.sampled_from(sorted(SPELLINGS)),
    locale=st.sampled_from(sorted(LOCALES)),
    delimiter=st.sampled_from([";", ",", "\t"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1251"]),
    first=st.integers(12 * 1995, 12 * 2020),
)
def test_figures_come_back_from_every_layout(
    values: list[Decimal], layout: str, spelling: str, locale: str, delimiter: str, encoding: str, first: int
) -> None:
    if encoding == "cp1251" and locale == "narrow":
        return  # the code page has no narrow blank
    keys = list(itertools.product(("exports", "imports"), range(first, first + 4)))
    figures = dict(zip(keys, (spelled(value, locale) for value in values), strict=True))
    rows = [["Торговля, тысяч долларов США"], *laid_out(figures, layout, SPELLINGS[spelling])]
    statistics = read(delimited(rows, delimiter).encode(encoding), cumulative=False)
    expected = [
        f"{flow} {month_text(month)} {denominations.shifted(value, -3):f}"
        for (flow, month), value in zip(keys, values, strict=True)
    ]
    assert lines(statistics.observations) == expected


@settings(max_examples=examples(60, 20), deadline=None)
@given(
    values=st.lists(st.decimals(1, 99_999, places=2), min_size=6, max_size=6),
    places=st.integers(0, 2),
    dated=st.booleans(),
)
def test_a_workbook_comes_back_as_its_cells_show_it(values: list[Decimal], places: int, dated: bool) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Month", "Exports, million USD"])
    for number, value in enumerate(values):
        sheet.append([dt.date(2018, number + 1, 1) if dated else f"{EN[number]} 2018", float(value)])
        sheet.cell(number + 2, 2).number_format = "#,##0" + ("." + "0" * places if places else "")
    data = io.BytesIO()
    book.save(data)
    statistics = read(data.getvalue(), "table.xlsx", cumulative=False)
    assert lines(statistics.observations) == months(
        "exports",
        2018,
        *(str(value.quantize(Decimal(1).scaleb(-places), "ROUND_HALF_UP")) for value in values),
    )


# Shapes of tables

SHAPES: dict[str, tuple[str, list[str]]] = {
    "a year of months across, two tables one below the other": (
        "Exports\nMillion US dollars\n,2016,2017\nKazakhstan,364.9,594.5\nRussia,10819.5,12897.7\n\nImports\n"
        ",2016,2017\nKazakhstan,54.3,96.3\nRussia,15306.6,19599.0\n",
        ["exports 2016 364.9", "exports 2017 594.5", "imports 2016 54.3", "imports 2017 96.3"],
    ),
    "figures that look like years": (
        "Year,Exports,Imports,Trade balance\nMillion USD,,,\n2015,1950,2010,-60\n2016,2011,1950,61\n",
        ["exports 2015 1950", "exports 2016 2011", "imports 2015 2010", "imports 2016 1950"],
    ),
    "months down, years across, flows as sections": (
        "(млн долл. США);;\n;2016;2017\nЭкспорт;;\nЯнварь;20,1;30,2\nФевраль;21,1;...\nИмпорт;;\nЯнварь;2,1;3,2\n",
        [
            "exports 2016-01 20.1",
            "exports 2016-02 21.1",
            "exports 2017-01 30.2",
            "imports 2016-01 2.1",
            "imports 2017-01 3.2",
        ],
    ),
    "Roman quarters below years": (
        "млн долл. США;2017;;;;2018;\n;I;II;III;IV;I;II\nЭкспорт;101,1;102,2;103,3;104,4;111,1;…\n",
        [f"exports 2017-Q{n} 10{n}.{n}" for n in range(1, 5)] + ["exports 2018-Q1 111.1"],
    ),
    "countries as sections": (
        "млн долл. США;2016;2017\nКазахстан;;\nЭкспорт;364,9;594,5\nРоссия;;\nЭкспорт;10819,5;12897,7\n",
        ["exports 2016 364.9", "exports 2017 594.5"],
    ),
    "countries across, over flows": (
        "Million USD,Kazakhstan,,Russia,\nYear,Exports,Imports,Exports,Imports\n2016,364.9,54.3,10819.5,15306.6\n",
        ["exports 2016 364.9", "imports 2016 54.3"],
    ),
    "no names of rows at all": (
        "Товарооборот с Казахстаном (млн долл. США);;\n2015;2016;2017\n563,9;419,2;690,8\n",
        ["turnover 2015 563.9", "turnover 2016 419.2", "turnover 2017 690.8"],
    ),
    "no headings at all": (
        "Экспорт в Казахстан (млн долл. США);\n2015;524,9\n2016;364,9\n",
        ["exports 2015 524.9", "exports 2016 364.9"],
    ),
    "periods since January and their growth": (
        "млн долл. США;янв.-сент. 2017 г.;янв.-сент. 2018 г.;янв.-сент. 2018 г. в % к янв.-сент. 2017 г.\n"
        "Экспорт;369,8;539,2;145,8\n",
        ["exports 2017-01..2017-09 369.8", "exports 2018-01..2018-09 539.2"],
    ),
    "a unit in each cell": (
        "Year,Exports,Imports\n2016,$364.9 million,$54.3 million\n2017,$594.5 million,$96.3m\n",
        ["exports 2016 364.9", "exports 2017 594.5", "imports 2016 54.3", "imports 2017 96.3"],
    ),
    "two currencies": (
        "Год;Экспорт, млрд тенге;Экспорт, млн долл. США\n2016;125,1;364,9\n2017;194,5;594,5\n",
        ["exports 2016 364.9", "exports 2017 594.5"],
    ),
    "a year printed once for its months": (
        "Year,Month,Exports (mln USD)\n2017,January,51.2\n,February,49.8\n2018,January,61.2\n",
        ["exports 2017-01 51.2", "exports 2017-02 49.8", "exports 2018-01 61.2"],
    ),
    "months by their numbers": (
        "year;month;exports_mln_usd;imports_mln_usd\n2018;1;51,2;7,1\n2018;2;49,8;7,2\n",
        months("exports", 2018, "51.2", "49.8") + months("imports", 2018, "7.1", "7.2"),
    ),
    "Excel's days": (
        "date;exports mln USD\n43101;51,5\n43132;52,5\n",
        months("exports", 2018, "51.5", "52.5"),
    ),
    "a footnote that shortens a year": (
        "Exports to Kazakhstan in million US dollars;;\n;2017;2018*\nExports;594,5;539,2\n* January-September;;\n",
        ["exports 2017 594.5", "exports 2018-01..2018-09 539.2"],
    ),
    "goods below their total": (
        '"Exports to Kazakhstan, million USD",,\n,2016,2017\nTotal,364.9,594.5\nMachinery,200.1,300.2\n',
        ["exports 2016 364.9", "exports 2017 594.5"],
    ),
    "re-exports beside exports": (
        "Year,Exports,of which re-exports,Imports\nmln USD,,,\n2016,364.9,12.1,54.3\n",
        ["exports 2016 364.9", "imports 2016 54.3"],
    ),
    "a year and its months": (
        "Period,Exports mln USD\n2017,600.0\n" + "".join(f"2017-{n:02d},50.0\n" for n in range(1, 13)),
        months("exports", 2017, *["50.0"] * 12),
    ),
    "letters of provisional and revised figures": (
        "Month,Exports mln USD\n2018-01,51.2 r\n2018-02,49.80p\n2018-03,(p) \n2018-04,60.1 1)\n".replace(
            "(p) ", ": c"
        ),
        ["exports 2018-01 51.2", "exports 2018-02 49.80", "exports 2018-04 60.1"],
    ),
    "single dollars by their size": (
        "year,flow,value_usd\n2017,X,594512345.67\n2017,M,96312345.10\n",
        ["exports 2017 594.51234567", "imports 2017 96.31234510"],
    ),
    "billions, whose last digit is stated as an error": (
        "Year,Exports (USD billion)\n2016,7.20\n2017,8.1\n",
        ["exports 2016 7200 +- 5", "exports 2017 8100 +- 50"],
    ),
    "a rate between a year and its months": (
        "Год;Экспорт (млн долл. США)\n2017;600,0\nв % к 2016;110,0\nянварь;51,2\nфевраль;49,8\n",
        ["exports 2017-01 51.2", "exports 2017 600.0", "exports 2017-02 49.8"],
    ),
    "a column of a forecast": (
        ";2017;2018;2019 (прогноз)\nЭкспорт (млн долл. США);594,5;700,1;800,0\n",
        ["exports 2017 594.5", "exports 2018 700.1"],
    ),
    "months as one number across": (
        "(млн долл. США);;\n;201801;201802\nЭкспорт;51,2;49,8\n",
        months("exports", 2018, "51.2", "49.8"),
    ),
    "a year so far that is called a year": (
        "year,flow,Jan,Feb,Year\n2018,Export,51.2,49.8,101.0\nmln USD,,,,\n",
        months("exports", 2018, "51.2", "49.8"),
    ),
    "lines about the series above it": (
        "Unit,USD m,USD m\nFrequency,Month,Month\n,Exports to Kazakhstan,Imports from Kazakhstan\n"
        "Jan-2018,51.2,7.1\nFeb-2018,49.8,7.2\n",
        months("exports", 2018, "51.2", "49.8") + months("imports", 2018, "7.1", "7.2"),
    ),
    "trade with others beside that of the pair": (
        "Code,Product,Belarus's exports to Kazakhstan,,Kazakhstan's imports from world,\n"
        ',,"2016, USD thousand","2017, USD thousand","2016, USD thousand","2017, USD thousand"\n'
        "TOTAL,All products,364946,594512,25174776,29304999\n87,Vehicles,50000,60000,1,2\n",
        ["exports 2016 364.946", "exports 2017 594.512"],
    ),
    "units beside the years of headings": (
        ";2016 млн долл. США;2017 млн долл. США\nЭкспорт;364,9;594,5\nИмпорт;54,3;96,3\n",
        ["exports 2016 364.9", "exports 2017 594.5", "imports 2016 54.3", "imports 2017 96.3"],
    ),
    "a line that names the separator": (
        "sep=;\nMonth;Exports mln USD\n2018-01;51,2\n",
        ["exports 2018-01 51.2"],
    ),
    "a numbered row below the headings": (
        "Страна;Экспорт 2017, млн долл.;Импорт 2017, млн долл.\nА;1;2\nКазахстан;594,5;96,3\n",
        ["exports 2017 594.5", "imports 2017 96.3"],
    ),
}


@pytest.mark.parametrize("what", SHAPES)
def test_a_shape_of_table_is_read(what: str) -> None:
    text, expected = SHAPES[what]
    assert lines(read(text).observations) == expected


# Questions: what can be read in two ways is asked

QUESTIONS: dict[str, tuple[str, str, dict[str, Any], list[str]]] = {
    "1.234": (
        "Month,Exports mln USD\n2018-01,1.234\n2018-02,2.345\n",
        "row 2, column B: found '1.234', which may be 1.234 or 1234",
        {"decimal": "comma"},
        months("exports", 2018, "1234", "2345"),
    ),
    "690,800": (
        "Месяц;Экспорт тыс. долл.\n2018-01;690,800\n",
        "which may be 690800 or 690.800",
        {"decimal": "point"},
        ["exports 2018-01 690.800"],
    ),
    "01/02/2020": (
        "Date,Exports mln USD\n01/02/2020,51.2\n01/03/2020,49.8\n",
        "row 2, column A: found '01/02/2020', in which day or month may come first",
        {"dates": "day-first"},
        ["exports 2020-02 51.2", "exports 2020-03 49.8"],
    ),
    "two columns of exports": (
        'Month,"Exports, mln USD","Domestic exports, mln USD"\n2018-01,51.2,40.1\n2018-02,49.8,39.9\n',
        "found '51.2' and, in row 2, column C, '40.1' for exports 2018-01",
        {"columns": {"exports": "Domestic exports, mln USD"}},
        months("exports", 2018, "40.1", "39.9"),
    ),
    "by its letter": (
        'Month,"Exports, mln USD","Domestic exports, mln USD"\n2018-01,51.2,40.1\n2018-02,49.8,39.9\n',
        "--exports",
        {"columns": {"exports": "B"}},
        months("exports", 2018, "51.2", "49.8"),
    ),
    "no unit": (
        "Month,Exports\n2018-01,51.2\n",
        "neither thousand nor million nor billion",
        {"unit": "million USD"},
        ["exports 2018-01 51.2"],
    ),
    "no flow": (
        "Month,Value (mln USD)\n2018-01,51.2\n",
        "no heading, row or caption that says exports or imports",
        {"measure": "imports"},
        ["imports 2018-01 51.2"],
    ),
    "a caption that names both flows": (
        '"Экспорт и импорт, млн долл. США",\n2015,524.9\n2016,364.9\n',
        "no heading, row or caption that says exports or imports",
        {"measure": "turnover"},
        ["turnover 2015 524.9", "turnover 2016 364.9"],
    ),
    "no year": (
        ";Экспорт (млн долл. США)\nянварь;51,2\nфевраль;49,8\n",
        "found month 1 without a year",
        {"year": 2018},
        months("exports", 2018, "51.2", "49.8"),
    ),
    "fiscal years": (
        "Year,Exports (US$ million)\n2017-18,303526\n2018-19,330078\n",
        "found fiscal year 2017/18, expected to know its first month",
        {"fiscal_year_starts": 4},
        ["exports 2017-04..2018-03 303526", "exports 2018-04..2019-03 330078"],
    ),
    "years that may be months": (
        "Year,Exports (US$ million)\n2009-10,178751\n2010-11,251136\n",
        "found '2009-10' and its like, which may be months or years",
        {"fiscal_year_starts": 4},
        ["exports 2009-04..2010-03 178751", "exports 2010-04..2011-03 251136"],
    ),
    "dates three months apart": (
        "Date,Exports (USD mn)\n2018-03-31,151.2\n2018-06-30,149.8\n",
        "found dates, 3 months apart",
        {"every": "quarter"},
        ["exports 2018-Q1 151.2", "exports 2018-Q2 149.8"],
    ),
    "months that rise like sums": (
        "Месяц;Экспорт (млн долл. США)\n" + "".join(f"2018-{n:02d};{51 * n},3\n" for n in range(1, 6)),
        "rise as sums of the year so far do",
        {"cumulative": True},
        [f"exports {Period(24216, 24215 + n)} {51 * n}.3" for n in range(1, 6)],
    ),
    "statistics of the partner, by a caption": (
        '"Trade of Kazakhstan with Belarus, mln USD",\nYear,Imports\n2017,508.6\n',
        "found captions that name Kazakhstan before Belarus",
        {"reporter": "Kazakhstan"},
        [],
    ),
    "a table of countries' own trade": (
        "Country,Year,Exports (mln USD)\nBelarus,2017,29240.1\nKazakhstan,2017,48503.3\n",
        "found both Belarus and Kazakhstan in partner",
        {"reporter": "Belarus"},
        ["exports 2017 48503.3"],
    ),
    "home alone": (
        "Country,Year,Exports (mln USD)\nBelarus,2017,29240.1\nRussia,2017,353000.1\n",
        "found Belarus, and not Kazakhstan in partner",
        {"reporter": "Belarus"},
        ["exports 2017 29240.1"],
    ),
    "a total beside names in a language that is not read": (
        "Triệu USD;2018\nTỔNG SỐ;243.697,3\nKazakhstán;300,4\nTrung Hoa;41.366,5\n".replace(
            "Triệu", "Exports, triệu"
        ),
        "beside a total, none of them the partner",
        {"partner": "Kazakhstán"},
        ["exports 2018 300.4"],
    ),
    "goods and services": (
        "(mln USD);;\n;2017;2018\nGoods;;\nExports;594,5;700,1\nServices;;\nExports;94,5;100,1\n",
        "found '594,5' and, in row 6, column B, '94,5' for exports 2017",
        {"where": ("sections=Services",)},
        ["exports 2017 94.5", "exports 2018 100.1"],
    ),
    "rows that differ in a heading": (
        "period,flow,regime,value_mln_usd,unit\n2018-01,Export,General,51.2,\n2018-01,Export,Special,40.1,\n".replace(
            "value_mln_usd", "value"
        )
        .replace("unit", "unit")
        .replace(",\n2018", ",mln USD\n2018")
        .replace("40.1,", "40.1,mln USD"),
        "for exports 2018-01",
        {"where": ("regime=Special",)},
        ["exports 2018-01 40.1"],
    ),
}


@pytest.mark.parametrize("what", QUESTIONS)
def test_what_can_be_read_in_two_ways_is_asked_and_the_choice_settles_it(what: str) -> None:
    text, message, options, expected = QUESTIONS[what]
    with pytest.raises(Unsettled) as caught:
        read(text)
    assert message in str(caught.value)
    assert caught.value.choices
    assert all(choice.startswith("--") for choice in caught.value.choices)
    statistics = read(text, **options)
    assert lines(statistics.observations) == expected
    if not expected:
        assert lines(statistics.alternatives["kazakhstan-statistics"]) == ["exports 2017 508.6"]


def test_several_sheets_are_asked_for() -> None:
    book = openpyxl.Workbook()
    for name in ("Exports", "Imports"):
        sheet = book.create_sheet(name)
        sheet.append(["Month", f"{name}, mln USD"])
        sheet.append(["2018-01", 51.2])
    data = io.BytesIO()
    book.save(data)
    with pytest.raises(Unsettled, match='--sheet "Imports"'):
        read(data.getvalue(), "book.xlsx")
    assert lines(read(data.getvalue(), "book.xlsx", sheet="Imports").observations) == ["imports 2018-01 51.2"]
    with pytest.raises(StatisticsError, match="did you mean 'Imports'"):
        read(data.getvalue(), "book.xlsx", sheet="Import")


# Faults: each with its row and column

HEAD = "Month;Exports mln USD\n"
FAULTS: dict[str, tuple[str | bytes, str]] = {
    "words in place of a figure": (
        f"{HEAD}2018-01;51,2\n2018-02;see note\n",
        "row 3, column B: found 'see note'",
    ),
    "a slip in a figure": (f"{HEAD}2018-01;51,2\n2018-02;49,8x\n", "row 3, column B: found '49,8x'"),
    "thousands in twos": (f"{HEAD}2018-01;51,2\n2018-02;12 34\n", "row 3, column B: found '12 34'"),
    "a negative figure": (
        f"{HEAD}2018-01;(51,2)\n",
        "row 2, column B: found '(51,2)', expected exports of at least 0",
    ),
    "two decimal signs": (
        f"{HEAD}2018-01;51,2\n2018-02;49.8\n",
        "row 2, column B: found '51,2', and '49.8' in row 3",
    ),
    "two figures of a month": (
        f"{HEAD}2018-02;49,8\n2018-02;50,1\n",
        "row 2, column B: found '49,8' and, in row 3",
    ),
    "days and months change places": (
        f"{HEAD.replace('Month', 'Date')}13/02/2018;51,2\n02/14/2018;3,3\n",
        "row 3, column A: found '02/14/2018', and '13/02/2018' elsewhere",
    ),
    "commas between thousands without quotes": (
        "Month,Exports mln USD\n2018-01,1,234.5\n",
        "row 2: found 3 fields under 2 headings",
    ),
    "no period": (
        "Name;Exports mln USD\nA;51,2\n",
        "row 2, column B: found '51,2' under 'A' and 'Exports mln USD'",
    ),
    "a fiscal year by one year": (
        "Year;Exports mln USD\nFY2018;51,2\n",
        "row 2, column B: found fiscal year 2018",
    ),
    "another currency": (
        "Год;Экспорт, млрд тенге\n2016;125,1\n",
        "row 2, column B: found figures in KZT, expected USD",
    ),
    "other countries": (
        "Страна;Экспорт 2017, млн долл.\nРоссия;1,5\nКитай;2,5\n",
        "found 'Россия', 'Китай', expected Kazakhstan, or Belarus in the statistics of Kazakhstan",
    ),
    "too many digits": (f"{HEAD}2018-01;{'9' * 30},5\n", "row 2, column B: found '99999"),
    "no figures": ("a;b\nc;d\n", "found no column of numbers"),
    "one column": ("51.2\n49.8\n", "found no tab, semicolon, comma or bar"),
    "nothing": ("", "found an empty file"),
    "an open quotation mark": ('Month,"Exports mln USD\n2018-01,51.2\n', "row 1: found a quotation mark"),
    "no text": (bytes(range(256)), "found bytes that are no text"),
    "a PDF": (b"%PDF-1.7", "found a PDF"),
    "an old workbook": (b"\xd0\xcf\x11\xe0" + bytes(600), "found an old Excel workbook (.xls)"),
    "a web page": ("<html><table><tr><td>1", "found a web page"),
    "a broken workbook": (b"PK\x03\x04 nothing", "found a file that cannot be unpacked"),
    "a hundred megabytes": (b"Month,Exports\n" + b"2018-01,51.2\n" * 2_400_000, "found more than 30 MB"),
    "an option that is none": ("x", "--decimal"),
}


@pytest.mark.parametrize("what", FAULTS)
def test_a_wrong_table_is_refused_with_row_and_column(what: str) -> None:
    data, message = FAULTS[what]
    options = {"decimal": "dot"} if what == "an option that is none" else {}
    with pytest.raises(StatisticsError) as caught:
        read(data, **options)
    assert message in str(caught.value)
    assert not isinstance(caught.value, Unsettled)


def test_all_cells_that_cannot_be_read_are_named_at_once() -> None:
    with pytest.raises(StatisticsError) as caught:
        read(f"{HEAD}2018-01;a1\n2018-02;49,8x\n2018-03;51,2\n2018-04;-3,0\n")
    assert [fault.path for fault in caught.value.faults] == [f"row {n}, column B" for n in (2, 3, 5)]


def workbook(**parts: str) -> bytes:
    """A workbook with changes in the XML of its sheet: what stands for what."""
    book = openpyxl.Workbook()
    book.active.append(["Month", "Exports mln USD"])
    book.active.append(["2018-01", 51.2])
    plain, changed = io.BytesIO(), io.BytesIO()
    book.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            text = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                text = text.replace(parts["old"].encode(), parts["new"].encode(), 1)
            target.writestr(name, text)
    return changed.getvalue()


HOSTILE: dict[str, tuple[dict[str, str], str]] = {
    "all cells merged": (
        {
            "old": "</sheetData>",
            "new": '</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        },
        "found merged cells that cover",
    ),
    "a cell at the far end": (
        {"old": "</sheetData>", "new": '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'},
        "found cells in 1,048,576 rows",
    ),
    "entities": (
        {"old": "<worksheet", "new": '<!DOCTYPE x [<!ENTITY a "b">]><worksheet'},
        "found a document type",
    ),
    "XML cut off": ({"old": "</worksheet>", "new": ""}, "found a workbook that cannot be read"),
    "a number without end": ({"old": "51.2", "new": "1e300"}, "row 2, column B"),
    "no number": ({"old": "51.2", "new": "1e999"}, "found no column of numbers"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_workbook_is_refused_at_once(what: str) -> None:
    parts, message = HOSTILE[what]
    start = time.perf_counter()
    with pytest.raises(StatisticsError, match=message):
        read(workbook(**parts), "table.xlsx")
    assert time.perf_counter() - start < 10


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "<a/>")
        packed.writestr("xl/worksheets/sheet1.xml", bytes(60_000_000))
    with pytest.raises(StatisticsError, match="60 MB unpacked"):
        read(data.getvalue(), "table.xlsx")


def test_hidden_rows_columns_and_sheets_are_passed_over_and_said() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["Month", "Exports mln USD", "Exports, old, mln USD"],
        ["2018-01", 51.2, 40.1],
        ["2018-01", 3, 4],
    ):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    book.create_sheet("Draft").sheet_state = "hidden"
    data = io.BytesIO()
    book.save(data)
    statistics = read(data.getvalue(), "table.xlsx")
    assert lines(statistics.observations) == ["exports 2018-01 51.2"]
    assert statistics.remarks == (
        "hidden row 3 not read",
        "hidden column C not read",
        "hidden sheet 'Draft' not read",
    )


# The small parts


@pytest.mark.parametrize(
    ("text", "value", "marks"),
    [
        *(
            ("51.2*", "51.2", ("*",)),
            ("51.2 r", "51.2", ("r",)),
            ("(51.2)", "-51.2", ()),
            ("51.2-", "-51.2", ()),
        ),
        *(
            ("−51.2", "-51.2", ()),
            ("7.20", "7.20", ()),
            ("1,234.5", "1234.5", ()),
            ("12,34,567.8", "1234567.8", ()),
        ),
        *(
            ("1 234.5", "1234.5", ()),
            ("1'234.5", "1234.5", ()),
            ("51.2 (p)", "51.2", ("p",)),
            (".5", "0.5", ()),
        ),
        *(
            ("51.2¹", "51.2", ("¹",)),
            ("51.2 1)", "51.2", ("1",)),
            ("0.0", "0.0", ()),
            ("1.5E+05", "1.5E+5", ()),
        ),
    ],
)
def test_a_number_with_its_marks(text: str, value: str, marks: tuple[str, ...]) -> None:
    number = numbers.printed(Cell(text))
    assert number is not None
    assert (str(number.value(".")), number.marks) == (value, marks)


@pytest.mark.parametrize("text", ["..", "…", ":", ": c", "n/a", "-", "–", "н/д", "x", "#N/A", "no data"])
def test_signs_for_no_figure(text: str) -> None:
    assert numbers.is_missing(text)
    assert numbers.printed(Cell(text)) is None


@pytest.mark.parametrize(
    ("text", "period"),
    [
        *(
            ("2018", "2018"),
            ("2018 г.", "2018"),
            ("2018-09", "2018-09"),
            ("2018M9", "2018-09"),
            ("9/2018", "2018-09"),
        ),
        *(
            ("сентябрь 2018 г.", "2018-09"),
            ("сент.18", "2018-09"),
            ("Sep-18", "2018-09"),
            ("2018 Sep", "2018-09"),
        ),
        *(("2018-Q3", "2018-Q3"), ("Q3 2018", "2018-Q3"), ("3Q18", "2018-Q3"), ("III кв. 2018", "2018-Q3")),
        *(
            ("I полугодие 2018", "2018-01..2018-06"),
            ("2018-S1", "2018-01..2018-06"),
            ("H1 2018", "2018-01..2018-06"),
        ),
        *(
            ("9 месяцев 2018", "2018-01..2018-09"),
            ("9M2018", "2018-01..2018-09"),
            ("Jan-Sep 2018", "2018-01..2018-09"),
        ),
        *(("январь-сентябрь 2018 года", "2018-01..2018-09"), ("nine months of 2018", "2018-01..2018-09")),
        *(
            ("2018-A1", "2018"),
            ("2018-01-01/P3M", "2018-Q1"),
            ("30.09.2018", "2018-09"),
            ("13/02/2020", "2020-02"),
        ),
        *(("2018 (prel.)", "2018"), ("Tháng 9/2018", "2018-09"), ("2018-09-30T00:00:00", "2018-09")),
    ],
)
def test_a_time_in_words(text: str, period: str) -> None:
    moment = dates.moment_of(text.lower())
    assert moment is not None
    assert str(moment.period) == period


@pytest.mark.parametrize(
    "text", ["2015-2017", "2018-13", "2018-W05", "01/02/2020", "51.2", "Exports 2017", "in % of 2017"]
)
def test_what_is_no_time(text: str) -> None:
    assert dates.moment_of(text.lower()) is None


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        *(
            ("тыс. долларов США", "thousand USD"),
            ("млн. долл.", "million USD"),
            ("миллиардов долларов", "billion USD"),
        ),
        *(("thousand US dollars", "thousand USD"), ("USD '000", "thousand USD"), ("(US$ bn)", "billion USD")),
        *(
            ("MIO_EUR", "million EUR"),
            ("VALUE_IN_EUROS", "EUR"),
            ("in millions of U.S. dollars", "million USD"),
        ),
        *(
            ("$m", "million USD"),
            ("A$ million", "million AUD"),
            ("Rs. crore", "crore INR"),
            ("млрд тенге", "billion KZT"),
        ),
        *(
            ("Triệu đô la Mỹ", "million USD"),
            ("thousand million euro", "billion EUR"),
            ("тонн", "units"),
            ("M", "units"),
        ),
    ],
)
def test_a_unit_in_words(text: str, unit: str) -> None:
    assert str(parse(text).denomination) == unit


def test_a_shift_keeps_every_digit_and_adds_none() -> None:
    assert str(denominations.shifted(Decimal("7.20"), -3)) == "0.00720"
    assert denominations.shifted(Decimal("7.20"), 3).as_tuple() == Decimal("7.20E+3").as_tuple()


def test_countries_in_names_codes_and_cases() -> None:
    assert code_of("Казахстан") == code_of("Kazakhstan, Republic of") == code_of("398", codes=True) == "KAZ"
    assert code_of("IN") is None
    assert code_of("Belarus, Republic of") == "BLR"
    assert mentioned("Торговля Республики Беларусь с Казахстаном", "KAZ") is not None
    assert mentioned("Trade with Chinatown", "CHN") is None


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "cp866", "koi8-r"]
)
def test_an_encoding_is_recognised(encoding: str) -> None:
    text = "Экспорт, млн долл. США;Импорт\nянварь 2018;51,2\n"
    assert decoded(text.encode(encoding), "x")[0] == text


def test_a_western_code_page_is_not_taken_for_russian() -> None:
    text = "Exportations vers la Côte d'Ivoire; données provisoires\n"
    assert decoded(text.encode("cp1252"), "x") == (text, "cp1252")


def test_figures_go_into_a_scenario_as_they_are() -> None:
    statistics = read_statistics(TABLES / "belstat-years.xlsx", pair())
    scenario = pair(observations=statistics.observations)
    assert lines(scenario.observations) == EXPECTED["belstat-years.xlsx"][2]


def test_the_printed_lines_are_lines_of_a_scenario(tmp_path: Path) -> None:
    statistics = read_statistics(TABLES / "comtrade.csv", pair())
    file = tmp_path / "s.yaml"
    head = "title: x\nas_of: 2020-01-01\ntarget: {measure: exports, period: 2021, at_least: 1}\n"
    file.write_text(head + statistics.text(), "utf-8")
    scenario = load_scenario(file)
    assert lines(scenario.observations) == EXPECTED["comtrade.csv"][2]
    assert lines(scenario.alternatives["kazakhstan-statistics"]) == MIRRORED["comtrade.csv"]
