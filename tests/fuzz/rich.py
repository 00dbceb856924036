"""Scenarios that use much of the vocabulary at once, and hang together more often than not."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.fuzz.inputs import sound
from tests.fuzz.schemas import often

Tree = dict[str, Any]
TEXTS = st.sampled_from(
    [
        "Oil & gas",
        "<b>x</b>",
        "=1+1",
        "Ж" * 30,
        "مصر",
        "a|b",
        "`x`",
        "*a*",
        "$5_000",
        "www.x.example",
        "😀",
        "a\nb",
        "x" * 120,
    ]
) | st.text(max_size=10)
RANGE = {"low": 1, "likely": 2, "high": 6}


@st.composite
def rich(draw: st.DrawFn) -> Tree:
    """A small sound scenario with a few more parts, each of its own kind."""
    tree = draw(sound(parts=draw(st.booleans())))
    for part in draw(st.lists(st.sampled_from(PARTS), max_size=4, unique=True)):
        tree = part(draw, tree)
    return tree


def years(tree: Tree) -> list[int]:
    """The years of its single figures."""
    return [int(str(item["period"])[:4]) for item in tree["observations"] if "period" in item]


def _named(draw: st.DrawFn, tree: Tree) -> Tree:
    fields = ("title", "description", "author", "home", "partner", "notes")
    return tree | {
        name: draw(TEXTS) for name in draw(st.lists(st.sampled_from(fields), max_size=4, unique=True))
    }


def _money(draw: st.DrawFn, tree: Tree) -> Tree:
    currency = draw(often(st.sampled_from(["EUR", "KZT", "USD", "XXX"]), TEXTS, 6))
    return tree | {
        "currency": currency,
        "unit": draw(often(st.sampled_from(["thousand", "million", "billion"]), TEXTS, 9)),
    }


def _rates(draw: st.DrawFn, tree: Tree) -> Tree:
    rate = draw(
        st.sampled_from(
            [1.12, {"p5": 1.0, "p95": 1.3}, {"2016": 1.1, "2020": {"low": 1, "likely": 1.1, "high": 1.4}}]
        )
    )
    first, *rest = tree["observations"]
    return tree | {
        "rates": {"EUR": rate},
        "observations": [first | {"value": f"{first['value']} EUR"}, *rest],
    }


def _levers(draw: st.DrawFn, tree: Tree) -> Tree:
    """Measures that share a group, have costs, caps and others that they need."""
    fields = {
        "name": TEXTS,
        "cost": st.sampled_from([0, 0.5, 1e6, "5 EUR"]),
        "overlap": st.sampled_from([{"group": "g", "cap": 40}, {"group": "g", "cap": 0}]),
        "quota": st.sampled_from([5, RANGE]),
        "requires": st.sampled_from(["one", "two", "three"]),
        "together": st.sampled_from(
            [{"group": "t", "correlation": 0.8}, {"group": "t", "correlation": -0.5}]
        ),
        "probability": st.floats(0, 1).map(lambda x: round(x, 2)),
        "start": st.sampled_from(
            ["2018-06-15", "2019-01", {"low": "2019-01", "likely": "2019-07", "high": "2021-01"}, "2035-01"]
        ),
        "streams": st.sampled_from([["exports"], ["imports"], {"exports": 1, "imports": -0.5}]),
        "duration": st.integers(1, 40),
    }
    kinds = [
        {"kind": "custom", "money": 20},
        {"kind": "custom", "percent": "4%"},
        {"kind": "custom", "money": {"2020": 5, "2021": RANGE}},
    ]
    made = {}
    for name in draw(st.lists(st.sampled_from(["one", "two", "three"]), min_size=1, unique=True)):
        more = draw(st.lists(st.sampled_from(sorted(fields)), max_size=4, unique=True))
        made[name] = draw(st.sampled_from(kinds)) | {key: draw(fields[key]) for key in more}
    return tree | {"levers": made}


def _streams(draw: st.DrawFn, tree: Tree) -> Tree:
    """Product groups or partners below the directions."""
    share = draw(st.sampled_from(["30%", {"low": "10%", "likely": "30%", "high": "60%"}]))
    partner = {"partner": draw(TEXTS)} if draw(st.booleans()) else {}
    streams = {
        "oil": {"direction": "exports", "share": share, "name": draw(TEXTS)} | partner,
        "rest": {"direction": "exports"},
        "in": {"direction": "imports"} | partner,
    }
    return tree | {"streams": streams}


def _target(draw: st.DrawFn, tree: Tree) -> Tree:
    year = max(years(tree)) + 1
    targets = [
        {"measure": "turnover", "period": [year, year + 1], "at_least": 500},
        [
            {"measure": "turnover", "period": year, "at_least": 500},
            {"measure": "turnover", "period": year + 1, "at_most": 900},
        ],
        {"measure": "exports", "of": "turnover", "period": year + 1, "share_at_least": "55%"},
        {
            "measure": "turnover",
            "period": year + 2,
            "since": year - 1,
            "a_year": True,
            "growth_at_least": "6%",
        },
        {"measure": "turnover", "period": f"{year}-Q4", "at_least": 100, "resolved_by": draw(TEXTS)},
        {"measure": "turnover", "period": year, "at_least": 0},
        {"measure": "balance", "period": year + 1, "at_most": -5},
        {"measure": "turnover", "period": year + 8, "at_least": 1e9},
        {"measure": "turnover", "period": f"FY{year}-{(year + 1) % 100:02d}", "growth_at_least": "5%"},
    ]
    return (
        tree
        | {"target": draw(st.sampled_from(targets))}
        | draw(st.sampled_from([{}, {}, {"fiscal_year_starts": 4}]))
    )


def _figures(draw: st.DrawFn, tree: Tree) -> Tree:
    """More figures beside those that are there."""
    year = min(years(tree))
    months = {
        "measure": "exports",
        "from": f"{year - 1}-01",
        "every": "month",
        "values": [5.1, 4.8, None, 6.0, 0, 7.2],
    }
    extra = draw(
        st.sampled_from(
            [
                months,
                months | {"every": "quarter", "cumulative": False},
                months | {"cumulative": True, "values": [5, 11, 18]},
                {"measure": "turnover", "period": year - 1, "between": [100, 900]},
                {"measure": "balance", "period": year - 1, "value": -30},
                {"measure": "turnover", "period": year - 1, "growth": "12%"},
                {"measure": "turnover", "period": f"{year - 1}-01..{year - 1}-05", "value": 0},
                {"measure": "turnover", "period": year - 1, "value": 1e9},
                {"measure": "turnover", "period": year + 9, "value": 700, "published": "2030-02-01"},
            ]
        )
    )
    return tree | {"observations": [*tree["observations"], extra]}


def _readings(draw: st.DrawFn, tree: Tree) -> Tree:
    year = max(years(tree)) - 1
    other = [{"measure": "turnover", "period": year, "value": draw(st.sampled_from([0.1, 300, 5000]))}]
    shock = {"slump": {"period": f"{year}-03..{year}-06"} | draw(st.sampled_from([{}, {"lasting": True}]))}
    return tree | {"alternatives": {"office": other}} | draw(st.sampled_from([{}, {"shocks": shock}]))


def _outlook(draw: st.DrawFn, tree: Tree) -> Tree:
    fields = {
        "flow": st.sampled_from(["national", "large-pair", "pair", "lumpy"]),
        "world": st.sampled_from(["slump", "normal", "boom"]),
        "trend": st.sampled_from([0.1, -0.2, {"p5": -0.02, "p95": 0.12}]),
        "tails": st.sampled_from([2.5, 30]),
        "random_walk": st.sampled_from([0.01, 1.5]),
        "correlation": st.sampled_from([0, 0.95]),
    }
    chosen = draw(st.lists(st.sampled_from(sorted(fields)), max_size=3, unique=True))
    return tree | {"outlook": {key: draw(fields[key]) for key in chosen}}


PARTS = (_named, _money, _rates, _levers, _streams, _target, _figures, _readings, _outlook)
