"""What the kinds of fuzzing are fed: scenarios, texts, bytes, tables, workbooks, links, words and messages."""

from __future__ import annotations

import io
import json
import re
import zipfile
from functools import cache
from typing import Any

import yaml
from hypothesis import strategies as st

from simulator.files.reading import SHIPPED
from tests.cases import LEVERS, SLUMP, SPLIT
from tests.fuzz.schemas import definition, odd, often, spoilt, values, whole


class Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Writes what stands in two places twice, as a person does."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


TABLES = SHIPPED.parent / "tests" / "files" / "tables"
NAME = "case.yaml"

years = st.integers(2013, 2021)
months = st.builds(lambda year, month: f"{year}-{month:02d}", st.integers(2016, 2022), st.integers(1, 12))
periods = st.one_of(
    years,
    st.builds(lambda year, quarter: f"{year}-Q{quarter}", years, st.integers(1, 4)),
    months,
    st.builds(lambda year, end: f"{year}-01..{year}-{end:02d}", years, st.integers(2, 12)),
)
days = st.dates().map(str) | st.builds(lambda month, day: f"{month}-{day:02d}", months, st.integers(1, 28))
measures = st.sampled_from(["turnover", "exports", "imports", "oil", "gas"])
moderate = st.one_of(st.integers(1, 2000), st.floats(0.1, 2000).map(lambda x: round(x, 1)))
HINTS: dict[str, st.SearchStrategy[Any]] = {
    "title": st.just("A case"),
    "as_of": st.builds(lambda year: f"{year}-10-31", st.integers(2018, 2021)),
    "period": periods,
    "measure": measures | st.sampled_from(["balance", ["oil", "gas"]]),
    "value": moderate,
    "at_least": moderate,
    "at_most": moderate,
    "published": days,
    "start": months,
    "streams": st.lists(measures, min_size=1, max_size=2, unique=True),
    "phase_in": st.integers(0, 36),
    "fade": st.integers(0, 36),
    "duration": st.integers(1, 60),
    "currency": st.just("USD"),
    "unit": st.just("million"),
    "extends": st.sampled_from(
        ["shipped:template", "shipped:belarus-kazakhstan-2020", "shipped:china-russia-2015"]
    ),
}


def written(tree: Any, flow: bool | None = None) -> str:
    """A tree as YAML."""
    try:
        return yaml.dump(tree, Dumper=Dumper, sort_keys=False, allow_unicode=True, default_flow_style=flow)
    except yaml.YAMLError:
        return repr(tree)


# Scenarios


@cache
def _top(overlay: bool) -> st.SearchStrategy[Any]:
    return values(whole()["then" if overlay else "else"], HINTS)


def trees() -> st.SearchStrategy[Any]:
    """Trees that the schema allows, most of which contradict themselves, then spoilt."""
    return st.one_of(_top(False), _top(True), sound(), sound(parts=False)).flatmap(spoilt)


def scenario_texts() -> st.SearchStrategy[str]:
    """The same as YAML or JSON, a few with faults of the text."""
    text = st.builds(
        lambda tree, form: _text(tree, form), trees(), st.sampled_from(["yaml", "yaml", "flow", "json"])
    )
    return often(text, text.flatmap(mangled), 3)


def _text(tree: Any, form: str) -> str:
    if form == "json":
        return json.dumps(tree, ensure_ascii=False, default=str)
    return written(tree, True if form == "flow" else None)


DRIVER_HINTS = HINTS | {
    "streams": st.lists(st.sampled_from(["exports", "imports"]), min_size=1, max_size=2, unique=True),
    "requires": st.nothing() | st.none(),
    "together": st.none(),
    "overlap": st.none(),
    "sources": st.just({}),
    "bounds": st.just({}),
    "cost": st.none(),
    "quota": st.none(),
    "count": st.integers(0, 12),
    "money": st.one_of(
        st.integers(-20, 60),
        st.builds(
            lambda low, more: {"low": low, "likely": low + more, "high": low + 2 * more},
            st.integers(0, 30),
            st.integers(1, 30),
        ),
    ),
}


@cache
def drivers(risks: bool) -> st.SearchStrategy[Any]:
    """Levers, or risks, of any kind with any of their fields, by id."""
    names = (
        ["Disruption"]
        if risks
        else [
            "Custom",
            "Preference",
            "Corridor",
            "Harmonisation",
            "Promotion",
            "JointVentures",
            "InterregionalDeals",
        ]
    )
    one = st.one_of([values(definition(name), DRIVER_HINTS) for name in names])
    plain = st.sampled_from([*SLUMP.items()] if risks else [*LEVERS.items()]).map(lambda item: item[1])
    return st.dictionaries(st.sampled_from(["alpha", "beta", "gamma"]), st.one_of(plain, one), max_size=3)


@st.composite
def figures(draw: st.DrawFn) -> tuple[list[dict[str, Any]], int]:
    """Figures that hang together, and the last year that they cover."""
    last, count = draw(st.integers(2016, 2019)), draw(st.integers(1, 5))
    sides = draw(st.sampled_from([["turnover"], ["exports", "imports"], ["exports", "imports"]]))
    listed: list[dict[str, Any]] = []
    for side in sides:
        size = draw(st.floats(5, 900))
        for year in range(last - count + 1, last + 1):
            size *= draw(st.floats(0.7, 1.5))
            listed.append({"measure": side, "period": year, "value": round(size, 1)})
        if draw(st.booleans()):
            part = {"measure": side, "period": f"{last + 1}-01..{last + 1}-06", "value": round(0.5 * size, 1)}
            listed.append(part | draw(st.sampled_from([{}, {"error": "2%"}])))
    return draw(st.sampled_from([listed, SPLIT])), last


@st.composite
def sound(draw: st.DrawFn, parts: bool = True) -> dict[str, Any]:
    """A small scenario, most of which can be answered; ``parts`` adds levers, risks and an outlook from the schema."""
    listed, last = draw(figures())
    last = 2018 if listed is SPLIT else last
    two = any(item["measure"] == "exports" for item in listed)
    measure = draw(st.sampled_from(["turnover", "exports", "imports", "balance"] if two else ["turnover"]))
    size = sum(item["value"] for item in listed if item["period"] == last) or 700
    tree: dict[str, Any] = {
        "title": "A case",
        "as_of": f"{last + 1}-10-31" if listed is not SPLIT else "2018-10-31",
        "target": {"measure": measure, "period": last + draw(st.integers(1, 3))} | draw(_side(measure, size)),
        "observations": listed,
    }
    if parts:
        outlook = values(definition("Outlook"), {"trend": st.floats(-0.1, 0.2).map(lambda x: round(x, 3))})
        tree |= {"levers": draw(drivers(False)), "risks": draw(drivers(True))}
        tree |= {"outlook": draw(outlook)} if draw(st.booleans()) else {}
    return tree


def _side(measure: str, size: float) -> st.SearchStrategy[dict[str, Any]]:
    amount = st.floats(-0.5 if measure == "balance" else 0.4, 2.5).map(lambda factor: round(factor * size, 1))
    plain = st.builds(lambda side, number: {side: number}, st.sampled_from(["at_least", "at_most"]), amount)
    growth = st.integers(-40, 90).map(lambda percent: {"growth_at_least": f"{percent}%"})
    return plain if measure == "balance" else st.one_of(plain, growth)


# Texts and bytes that were spoilt


def _pieces() -> list[str]:
    return ["\t", "\n", "  ", ":", "- ", "{", "}", "[", "]", "'", '"', "%", "#", "&a ", "*a", "!!x ", "<<: ", "---\n", "...\n",
            "\x00", "\x85", "\u2028", "\ufeff", "\x1b", "é", "😀", "..", "?", "|", ">", ",", "null", "0", "9" * 30, "-"]  # fmt: skip


@st.composite
def mangled(draw: st.DrawFn, text: str) -> str:
    """A text with letters and lines put in, taken out, swapped, repeated, or cut off."""
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        how = draw(st.sampled_from(["piece", "piece", "out", "line", "swap", "cut", "number"]))
        if how == "piece":
            text = text[:start] + draw(st.sampled_from(_pieces())) + text[start:]
        elif how == "out":
            text = text[:start] + text[start + draw(st.integers(1, 30)) :]
        elif how == "cut":
            text = text[:start] if draw(st.booleans()) else text[start:]
        elif how == "number":
            text = _renumbered(draw, text)
        else:
            text = _relined(draw, text, repeat=how == "line")
    return text


def _renumbered(draw: st.DrawFn, text: str) -> str:
    """One of the numbers or words of a text becomes an odd value."""
    tokens = list(re.finditer(r"[\w.%-]+", text))
    if not tokens:
        return text
    token = tokens[draw(st.integers(0, len(tokens) - 1))]
    value = draw(odd())
    return f"{text[: token.start()]}{value if isinstance(value, str) else json.dumps(value)}{text[token.end() :]}"


def _relined(draw: st.DrawFn, text: str, repeat: bool) -> str:
    lines = text.splitlines(keepends=True) or [""]
    one, other = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    if repeat:
        lines.insert(other, lines[one])
    else:
        lines[one], lines[other] = lines[other], lines[one]
    return "".join(lines)


@st.composite
def corrupted(draw: st.DrawFn, data: bytes) -> bytes:
    """Bytes with some replaced, taken out or put in."""
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(data)))
        gone = draw(st.sampled_from([0, 1, 1, 7, 200]))
        data = data[:start] + draw(st.binary(max_size=6)) + data[start + gone :]
    return data


@cache
def shipped() -> list[str]:
    """The texts of the shipped scenarios, the short ones."""
    texts = [file.read_text("utf-8") for file in sorted(SHIPPED.rglob("*.yaml"))]
    return [text for text in texts if len(text) < 6000]


def shipped_texts() -> st.SearchStrategy[str | bytes]:
    """Shipped scenarios with faults of the text or of the tree, or of the bytes."""
    text = st.sampled_from(shipped())
    tree = text.map(yaml.safe_load).flatmap(spoilt).map(written)
    return st.one_of(text.flatmap(mangled), tree, text.map(str.encode).flatmap(corrupted))


# Tables of statistics


@cache
def tables() -> list[tuple[str, bytes]]:
    """Tables of offices as they are published."""
    return [(file.name, file.read_bytes()) for file in sorted(TABLES.iterdir())]


CELLS = st.one_of(
    st.sampled_from(["Exports", "Imports", "Turnover", "экспорт", "Period", "Year", "2018", "2018-09", "Sep-18", "январь 2018",
                     "Q1", "9 months 2018", "Belarus", "Kazakhstan", "Total", "Russia", "thousand US dollars", "млн долл. США",
                     "51.2", "51,2", "1 234.5", "1.234", "-", "..", "n/a", "(5)", "51.2*", "12%", "1e3", "01/02/2020", "2017/18"]),
    odd().map(str),
    st.integers(0, 5000).map(str),
    years.map(str),
)  # fmt: skip


def table_texts() -> st.SearchStrategy[bytes]:
    """Tables of cells of all sorts, or a well-formed one with a cell or two spoilt."""
    rows = st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=8)
    signs, codes = st.sampled_from(",;\t|"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1251"])
    return st.builds(_table, often(_regular(), rows, 2), signs, codes)


@st.composite
def _regular(draw: st.DrawFn) -> list[list[str]]:
    heads = draw(
        st.sampled_from(
            [["Year", "Exports", "Imports"], ["Период", "экспорт", "импорт"], ["Month", "Turnover"]]
        )
    )
    times = (
        [str(year) for year in range(2012, 2018)]
        if heads[0] != "Month"
        else [f"2017-{m:02d}" for m in range(1, 10)]
    )
    rows = [heads, *([time, *(str(draw(moderate)) for _ in heads[1:])] for time in times)]
    for _ in range(draw(st.integers(0, 3))):
        row = draw(st.integers(0, len(rows) - 1))
        rows[row][draw(st.integers(0, len(rows[row]) - 1))] = draw(CELLS)
    return rows


def _table(rows: list[list[str]], sign: str, code: str) -> bytes:
    quoted = (sign.join(f'"{cell}"' if sign in cell else cell for cell in row) for row in rows)
    return "\r\n".join(quoted).encode(code, errors="replace")


@st.composite
def statistics(draw: st.DrawFn) -> tuple[bytes, str, dict[str, Any]]:
    """The bytes of a table, its name, and options of how it is to be read."""
    name, data = draw(
        st.one_of(st.sampled_from(tables()), table_texts().map(lambda data: ("table.csv", data)))
    )
    if name.endswith("xlsx"):
        data = draw(st.one_of(spoilt_book(data), corrupted(data)))
    elif name != "table.csv":
        text = data.decode("utf-8", errors="replace")[:6000]
        data = draw(mangled(text)).encode("utf-8", errors="replace")
    options = {
        "unit": st.sampled_from(["thousand USD", "million USD", "tons", ""]) | odd(),
        "measure": st.sampled_from(["exports", "turnover"]),
        "decimal": st.sampled_from(["point", "comma"]),
        "dates": st.sampled_from(["day-first", "month-first"]),
        "every": st.sampled_from(["month", "quarter", "year"]),
        "year": st.integers(1900, 2100),
        "cumulative": st.booleans(),
        "home": st.sampled_from(["Belarus", "Vietnam", "United States", "Нигде", ""]),
        "partner": st.sampled_from(["Kazakhstan", "China", "World", "Total", ""]),
        "reporter": st.sampled_from(["home", "partner", "Kazakhstan", "Belarus"]),
        "where": st.sampled_from([("Commodity=TOTAL",), ("x",), ("=",), ("FREQ=A", "FREQ=M")]),
        "columns": st.sampled_from(
            [{"exports": "B"}, {"imports": "Z"}, {"exports": "Exports"}, {"x": "AAAA"}]
        ),
        "sheet": st.sampled_from(["1", "0", "99", "Sheet1"]),
        "encoding": st.sampled_from(["cp1251", "utf-8", "klingon", "utf-7", "idna", "zlib"]),
        "delimiter": st.sampled_from(["tab", "comma"]),
        "fiscal_year_starts": st.integers(-1, 14),
        "digits": st.sampled_from(["printed", "stored"]),
    }
    chosen = draw(st.lists(st.sampled_from(sorted(options)), max_size=3, unique=True))
    usual = {"unit": "million USD", "measure": "exports"} if draw(st.booleans()) else {}
    return data, name, usual | {key: draw(options[key]) for key in chosen}


# Workbooks


def zipped(parts: dict[str, bytes]) -> bytes:
    """A zip of parts by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as book:
        for name, content in parts.items():
            book.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


@cache
def unzipped(data: bytes) -> dict[str, bytes]:
    """The parts of a zip by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return {name: book.read(name) for name in book.namelist()}


_CELL = re.compile(rb"<c [^>]*?(?:/>|>.*?</c>)", re.DOTALL)
_ENTRIES = [
    b"<v>5</v>", b"<v>-1</v>", b"<v>1e400</v>", b"<v>nan</v>", b"<v>x</v>", b"<v></v>", b"<v>43466</v>", b"<v>1E-300</v>",
    b"<f>1+1</f><v>2</v>", b"<f>cmd|' /C calc'!A0</f>", b"<v>99999999999999999999</v>", b"<v>2958466</v>", b"<v>-657435</v>",
]  # fmt: skip
_TEXTS = [
    "5",
    "5%",
    "2019-01",
    "x",
    "",
    "44 %",
    "1,5",
    "TRUE",
    "2018..2016",
    "\u200b5",
    "=1+1",
    "{low: 1}",
    "turnover",
    "а",
]


@st.composite
def spoilt_book(draw: st.DrawFn, data: bytes) -> bytes:
    """A workbook with cells changed, parts of it cut, or its parts taken out."""
    parts = dict(unzipped(data))
    sheets = [name for name in parts if "worksheets/sheet" in name and name.endswith(".xml")]
    for _ in range(draw(st.integers(1, 4))):
        how = draw(st.sampled_from(["cell", "cell", "cell", "cell", "text", "part", "gone"]))
        if how == "cell":
            name = draw(st.sampled_from(sheets))
            parts[name] = _recelled(draw, parts[name])
        elif how == "text":
            name = draw(st.sampled_from(sorted(parts)))
            parts[name] = draw(mangled(parts[name][:20000].decode("utf-8", "replace"))).encode(
                "utf-8", "replace"
            )
        elif how == "part":
            parts[draw(st.sampled_from(sorted(parts)))] = draw(st.binary(max_size=40))
        elif len(parts) > 1:
            name = draw(st.sampled_from(sorted(set(parts) - set(sheets)) or sorted(parts)))
            del parts[name]
            sheets = [sheet for sheet in sheets if sheet in parts]
            if not sheets:
                break
    return zipped(parts)


def _recelled(draw: st.DrawFn, xml: bytes) -> bytes:
    cells = list(_CELL.finditer(xml))
    if not cells:
        return xml
    cell = cells[draw(st.integers(0, len(cells) - 1))]
    kind = draw(st.sampled_from(["number", "text", "flag", "error", "same"]))
    head = re.match(rb'<c r="[A-Z0-9]+"(?: s="\d+")?', cell.group()) or re.match(rb"<c", cell.group())
    assert head
    if kind == "number":
        new = head.group() + b">" + draw(st.sampled_from(_ENTRIES)) + b"</c>"
    elif kind == "text":
        text = draw(st.one_of(st.sampled_from(_TEXTS), st.text(max_size=6))).encode("utf-8", "replace")
        text = text.replace(b"&", b"&amp;").replace(b"<", b"&lt;")
        new = head.group() + b' t="inlineStr"><is><t>' + text + b"</t></is></c>"
    elif kind == "same":
        new = cells[draw(st.integers(0, len(cells) - 1))].group()
    else:
        new = head.group() + (b' t="b"><v>1</v></c>' if kind == "flag" else b' t="e"><v>#REF!</v></c>')
    return xml[: cell.start()] + new + xml[cell.end() :]
