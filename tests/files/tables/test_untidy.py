"""Untidy tables: what a table does not say is never taken for a figure in silence. Default tier."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.errors import StatisticsError, Unsettled
from simulator.files.importing import Statistics, read_statistics, read_table
from simulator.files.tables.choices import Choices
from simulator.files.tables.countries import is_whose
from simulator.files.tables.units import Scale
from simulator.values.countries import code_of

CAPTION = "Trade of Belarus with Kazakhstan, million USD\n"
MONTHS = ["2018-01,45.1", "2018-02,50.2", "2018-03,48.9", "2018-04,52.0"]


def read(text: str, **options: object) -> Statistics:
    choices = Choices.of(**({"home": "Belarus", "partner": "Kazakhstan"} | options))
    return read_table(text.encode(), "table.csv", choices, Scale("USD", "million"))


def table(*rows: str, head: str = "Year,Exports", caption: str = CAPTION) -> str:
    return "\n".join((caption + head, *rows, ""))


def figures(statistics: Statistics) -> list[str]:
    return [f"{o.measure} {o.period} {o.value}" for o in statistics.observations]


def reasons(statistics: Statistics) -> str:
    return "; ".join(map(str, statistics.left_out))


@pytest.mark.parametrize("row", ["YTD", "2018 YTD", "Cumulative since January", "С начала года"])
def test_a_sum_of_the_year_so_far_says_nothing_of_the_months_above_it(row: str) -> None:
    statistics = read(table(*MONTHS, f"{row},196.2", head="Month,Exports"))
    assert figures(statistics) == [f"exports {line.replace(',', ' ')}" for line in MONTHS]
    assert "a part of a year, whose last month is not named" in reasons(statistics)


@pytest.mark.parametrize(
    "row",
    ["2017 YTD", "2017 to date", "2017 (partial)", "2017 incomplete", "through September 2017",
     "as of September 2017", "2017 неполный", "до сентября 2017"],
)  # fmt: skip
def test_a_part_of_a_year_is_not_its_whole(row: str) -> None:
    statistics = read(table("2015,524.7", "2016,365.4", f"{row},594.2"))
    assert figures(statistics) == ["exports 2015 524.7", "exports 2016 365.4"]
    assert "is not named" in reasons(statistics)


@pytest.mark.parametrize("row", ["January to September 2017", "с января по сентябрь 2017", "2017, 9 months"])
def test_a_part_of_a_year_with_both_ends_is_read(row: str) -> None:
    statistics = read(table("2015,524.7", "2016,365.4", f'"{row}",594.2'))
    assert figures(statistics)[-1] == "exports 2017-01..2017-09 594.2"


@pytest.mark.parametrize(
    "head",
    ["Exports (monthly average)", "Exports - 12-month rolling sum", "Exports - annualised",
     "Exports - 3-month moving average", "Exports per capita", "Экспорт в среднем за месяц",
     "Среднемесячный экспорт"],
)  # fmt: skip
def test_averages_and_rolling_sums_are_no_figures(head: str) -> None:
    statistics = read(table("2016,45.1,500", "2017,50.1,600", head=f"Year,{head},Exports"))
    assert figures(statistics) == ["exports 2016 500", "exports 2017 600"]
    assert head in reasons(statistics)


@pytest.mark.parametrize("head", ["Exports at the average exchange rate", "Экспорт по среднегодовому курсу"])
def test_figures_at_an_average_rate_of_exchange_are_figures(head: str) -> None:
    assert figures(read(table("2016,45.1", head=f"Year,{head}"))) == ["exports 2016 45.1"]


RISING = {
    "quarters": [f"Q{n} 2018,{100 * n}.{n}" for n in range(1, 5)],
    "months from March on": [f"2018-{n:02d},{45 * n}.{n}" for n in range(3, 10)],
    "one flow of two": [f"2018-{n:02d},{45 * n}.{n},{6 + n % 3}.1" for n in range(1, 9)],
}


@pytest.mark.parametrize("what", RISING)
def test_figures_that_rise_as_sums_of_the_year_so_far_are_asked_about(what: str) -> None:
    text = table(*RISING[what], head="Time,Exports,Imports" if what == "one flow of two" else "Time,Exports")
    with pytest.raises(Unsettled, match="rise as sums of the year so far do"):
        read(text)
    assert len(figures(read(text, cumulative=False))) >= 4


def test_figures_that_rise_a_little_are_taken_as_they_are() -> None:
    rows = [f"2018-{n:02d},{45 + n}.{n}" for n in range(1, 9)]
    assert len(figures(read(table(*rows, head="Month,Exports")))) == 8


SEVERAL_UNITS = [
    "(exports in million USD and imports in thousand USD)",
    "(million USD, before 2016 million EUR)",
    "thousand tonnes and million USD",
    "тыс. долл. США (до 2016 г. млрд руб.)",
    "thousand USD\nAll values in million USD",
]


@pytest.mark.parametrize("unit", SEVERAL_UNITS)
def test_several_units_are_asked_about_and_never_multiplied(unit: str) -> None:
    text = table("2015;524.7", head="Year;Exports", caption=f"Trade of Belarus with Kazakhstan {unit}\n")
    with pytest.raises(Unsettled, match="several units in a heading or caption"):
        read(text, delimiter="semicolon")
    assert figures(read(text, unit="million USD", delimiter="semicolon")) == ["exports 2015 524.7"]


@pytest.mark.parametrize(
    ("unit", "value"),
    [
        ("100 million USD", "52470"),
        ("10 thousand USD", "5.247"),
        ("US$10,000", "5.247"),
        ("hundreds of thousands USD", "52.47"),
        ("thousand million USD", "524700"),
        ("млн долл. США / million US dollars", "524.7"),
        ("million USD at the rate of the rouble", "524.7"),
        ("5 million tonnes were bought - thousand USD", "0.5247"),
    ],
)
def test_round_numbers_before_a_unit_count(unit: str, value: str) -> None:
    text = table("2015;524.7", head="Year;Exports", caption=f"Trade of Belarus with Kazakhstan: {unit}\n")
    assert figures(read(text, delimiter="semicolon")) == [f"exports 2015 {value}"]


def test_the_currency_named_first_is_that_of_the_figures() -> None:
    caption = "Trade of Belarus with Kazakhstan, million roubles (the USD stood at 62)\n"
    with pytest.raises(StatisticsError, match="found figures in RUB, expected USD"):
        read(table("2015,524.7", caption=caption))


AMID = {
    "flows over years": (",,Exports,,,Imports,", ",2015,2016,2017,2015,2016,2017"),
    "flows at the end": (",,,Exports,,,Imports", ",2015,2016,2017,2015,2016,2017"),
    "flows over their first": (",Exports,,,Imports,,", ",2015,2016,2017,2015,2016,2017"),
}


@pytest.mark.parametrize("what", AMID)
def test_a_heading_amid_its_columns_stands_over_all_of_them(what: str) -> None:
    statistics = read(table(*AMID[what], "Total,1.1,2.1,3.1,4.1,5.1,6.1", head="x,,,,,,"))
    assert figures(statistics) == [
        "exports 2015 1.1", "exports 2016 2.1", "exports 2017 3.1",
        "imports 2015 4.1", "imports 2016 5.1", "imports 2017 6.1",
    ]  # fmt: skip


def test_years_amid_the_flows_of_each_stand_over_all_of_them() -> None:
    rows = (",Exports,Imports,Turnover,Exports,Imports,Turnover", "Total,1.1,2.1,3.2,4.1,5.1,9.2")
    statistics = read(table(*rows, head=",,2015,,,2016,"))
    assert figures(statistics)[:3] == ["exports 2015 1.1", "exports 2016 4.1", "imports 2015 2.1"]


def test_headings_amid_columns_that_are_no_groups_are_refused() -> None:
    rows = (",2015,2016,2017,2015,2016", "Total,1.1,2.1,3.1,4.1,5.1")
    with pytest.raises(StatisticsError, match="expected each heading above the first of its columns"):
        read(table(*rows, head=",,Exports,,Imports,"))


OF_KAZAKHSTAN = [
    ("Kazakhstan's exports", "Belarus's exports"),
    ("Exports of Kazakhstan", "Exports of Belarus"),
    ("Экспорт Казахстана", "Экспорт Беларуси"),
    ("Kazakh exports", "Belarusian exports"),
]


@pytest.mark.parametrize(("theirs", "ours"), [*OF_KAZAKHSTAN, ("Казахстанский экспорт", "Экспорт Беларуси")])
def test_exports_of_the_partner_are_no_exports_to_it(theirs: str, ours: str) -> None:
    text = table("2015,47.1", head=f"Year,{theirs}", caption="Bilateral trade, million USD\n")
    with pytest.raises(Unsettled, match="expected to know whether Kazakhstan reports it"):
        read(text)
    statistics = read(text, reporter="Kazakhstan")
    assert [f"{o.measure} {o.value}" for o in statistics.alternatives["kazakhstan-statistics"]] == [
        "imports 47.1"
    ]
    both = read(
        table("2015,47.1,524.7", head=f"Year,{theirs},{ours}", caption="Bilateral trade, million USD\n")
    )
    assert figures(both) == ["exports 2015 524.7"]
    assert [f"{o.measure} {o.value}" for o in both.alternatives["kazakhstan-statistics"]] == ["imports 47.1"]


@pytest.mark.parametrize("head", ["Exports to Kazakhstan", "Экспорт в Казахстан", "Kazakhstan"])
def test_exports_to_the_partner_are_taken(head: str) -> None:
    text = table("2015,47.1", head=f"Year,{head}", caption="Exports; million USD\n")
    assert figures(read(text, delimiter="comma")) == ["exports 2015 47.1"]


@pytest.mark.parametrize(
    ("cell", "value"),
    [("524.7m", "524.7"), ("524.7 M", "524.7"), ("1.4B", "1400"), ("3.25 K", "0.00325"), ("524.7 b", "524.7"),
     ("524.7mm", "524.7"), ("$524.7M", "524.7")],
)  # fmt: skip
def test_a_letter_behind_a_number_is_its_scale_but_for_a_small_b(cell: str, value: str) -> None:
    assert figures(read(table(f"2015,{cell}", "2016,365.4"))) == [
        f"exports 2015 {value}",
        "exports 2016 365.4",
    ]


@pytest.mark.parametrize("first", ["about 500", "~524.7", "see note"])
def test_a_year_is_never_a_figure_because_the_first_row_is_a_slip(first: str) -> None:
    text = table(f"2015;{first};{first}", "2016;365.4;48.2", "2017;594.2;96.6", head="Year;Exports;Imports")
    with pytest.raises(StatisticsError, match="expected a number"):
        read(text)


@pytest.mark.parametrize("name", ["Milk", "Brest region", "Gizmos"])
def test_a_name_that_may_make_figures_a_part_is_told(name: str) -> None:
    rows = (f"{name},2015,524.7", f"{name},2016,365.4")
    assert name in "; ".join(read(table(*rows, head="Product,Year,Exports")).remarks)
    assert not read(table(*(row.replace(name, "Total") for row in rows), head="Product,Year,Exports")).remarks


def test_a_word_of_a_heading_that_is_not_read_is_told() -> None:
    statistics = read(
        table("2015,47.1", head="Year,Outer exports", caption="Bilateral trade; million USD\n"),
        delimiter="comma",
    )
    assert "Outer exports" in "; ".join(statistics.remarks)


def test_a_figure_in_another_unit_than_its_neighbours_is_told(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text(table("2015,524.7", "2016,365400", "2017,594.2", "2018,610.0"))
    statistics = read_statistics(file, home="Belarus", partner="Kazakhstan")
    assert "exports 2016 is about 615 times what the other figures of it let expect" in "; ".join(
        statistics.remarks
    )
    file.write_text(table("2015,524.7", "2016,365.4", "2017,594.2", "2018,610.0"))
    assert "let expect" not in "; ".join(read_statistics(file, home="Belarus", partner="Kazakhstan").remarks)


def test_a_column_of_amounts_that_cannot_be_read_is_named() -> None:
    statistics = read(table("2015,~524.7,50.1", "2016,~365.4,49.9", head="Year,Exports,Imports"))
    assert figures(statistics) == ["imports 2015 50.1", "imports 2016 49.9"]
    assert "column B: 'Exports' holds no number that can be read, such as '~524.7'" in reasons(statistics)


@pytest.mark.parametrize(
    ("text", "country", "whose"),
    [
        ("Chinese imports", "China", True),
        ("Russian goods exports", "Russia", True),
        ("Indian exports", "India", True),
        ("Indonesian exports", "India", False),
        ("Kazakhstan exports", "Kazakhstan", False),
        ("Exports to Kazakhstan", "Kazakhstan", False),
        ("Kazakh exporters", "Kazakhstan", False),
    ],
)
def test_a_people_is_told_from_its_country_and_from_other_peoples(
    text: str, country: str, whose: bool
) -> None:
    code = code_of(country)
    assert code is not None
    assert is_whose(text, code) is whose


@pytest.mark.parametrize(
    ("caption", "reason"),
    [
        ("Trade in services of Belarus with Kazakhstan; million USD", "trade in services"),
        ("Экспорт транспортных услуг Беларуси в Казахстан; млн долларов США", "trade in services"),
        ("Average monthly trade of Belarus with Kazakhstan; million USD", "an average"),
    ],
)
def test_a_caption_may_say_that_a_table_holds_no_amounts_of_goods(caption: str, reason: str) -> None:
    with pytest.raises(StatisticsError, match=reason):
        read(table("2015,524.7", "2016,365.4", caption=f"{caption}\n"), delimiter="comma")


@pytest.mark.parametrize(
    "caption",
    [
        "Trade in goods and services of Belarus with Kazakhstan; million USD",
        "Экспорт товаров и услуг Беларуси в Казахстан; млн долларов США",
        "Trade of Belarus with Kazakhstan; million USD at the average exchange rate",
    ],
)
def test_a_caption_that_names_more_than_goods_or_a_rate_keeps_its_figures(caption: str) -> None:
    statistics = read(table("2015,524.7", "2016,365.4", caption=f"{caption}\n"), delimiter="comma")
    assert figures(statistics) == ["exports 2015 524.7", "exports 2016 365.4"]


def test_what_one_of_two_tables_says_of_itself_is_not_said_of_the_other() -> None:
    services = table(
        "2015,52.7", "2016,36.4", caption="Trade in services of Belarus with Kazakhstan; million USD\n"
    )
    goods = table(
        "2015,524.7", "2016,365.4", caption="Trade in goods of Belarus with Kazakhstan; million USD\n"
    )
    statistics = read(f"{services}\n{goods}", delimiter="comma")
    assert figures(statistics) == ["exports 2015 524.7", "exports 2016 365.4"]
    assert "trade in services" in reasons(statistics)
