"""Which of a pair's facts are its exports, imports and turnover, and which are not amounts, parts, or of other goods."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from simulator.files.tables import labels
from simulator.files.tables.blocks import Sheet
from simulator.files.tables.choices import Choices, LeftOut, unsettled, word
from simulator.files.tables.facts import ROWS, Fact, named_texts
from simulator.files.tables.grids import Grid, column_number, letters, listed, tidy
from simulator.files.tables.roles import role_of
from simulator.values.wording import show, unknown

TAKEN = (labels.EXPORTS, labels.IMPORTS, labels.TURNOVER)
_WHY_NOT = {
    labels.BALANCE: "the balance follows from exports and imports",
    labels.RE_EXPORTS: "re-exports are a part of exports",
    labels.RE_IMPORTS: "re-imports are a part of imports",
}


def amounts_of(facts: Iterable[Fact]) -> tuple[list[Fact], list[LeftOut]]:
    """The facts that are amounts of money, and the growth rates, shares and quantities that are not."""
    kept: list[Fact] = []
    dropped: list[tuple[Fact, str]] = []
    for fact in facts:
        percent = fact.amount is not None and fact.amount.percent
        kind = "a growth rate or index" if percent and not fact.label.kind else fact.label.kind
        if kind:
            dropped.append((fact, kind))
        else:
            kept.append(fact)
    return kept, grouped(dropped)


def grouped(dropped: Sequence[tuple[Fact, str]]) -> list[LeftOut]:
    """What is said of facts that are left out, those of a column or row with one reason together."""
    parts: list[LeftOut] = []
    for reason in dict.fromkeys(reason for _, reason in dropped):
        facts = [fact for fact, why in dropped if why == reason]
        rows, columns = {fact.row for fact in facts}, {fact.column for fact in facts}
        if len(columns) <= len(rows):
            where = listed(columns, "column")
            names = dict.fromkeys(fact.head for fact in facts if fact.head)
        else:
            where = listed(rows)
            names = dict.fromkeys(fact.side for fact in facts if fact.side)
        named = f" {show(next(iter(names)))}" if len(names) == 1 else ""
        parts.append(LeftOut(where + named, reason, len(facts)))
    return parts


def matching(sheet: Sheet, facts: list[Fact], where: Iterable[str]) -> list[Fact]:
    """The facts whose rows have the values that words such as ``Commodity=TOTAL`` ask for.

    Raises:
        StatisticsError: a word names no heading, or a value that no row has.
    """
    for wanted in where:
        name, equals, value = wanted.partition("=")
        dimensions = tuple(dict.fromkeys(key for fact in facts for key in fact.names))
        known = {tidy(key).casefold(): key for key in dimensions}
        dimension = known.get(tidy(name).casefold()) or known.get(str(role_of(name)))
        if not equals or dimension is None:
            raise sheet.grid.error(
                None, None, unknown(name, dimensions, "--where HEADING=VALUE with a heading")
            )
        texts = tuple(named_texts(facts, dimension))
        facts = [fact for fact in facts if _has(fact.names.get(dimension, ()), value)]
        if not facts:
            raise sheet.grid.error(None, None, unknown(value, texts, f"a value of {dimension}"))
    return facts


def _has(texts: Iterable[str], wanted: str) -> bool:
    return any(tidy(text).casefold() == tidy(wanted).casefold() for text in texts)


def assigned(sheet: Sheet, facts: list[Fact], choices: Choices) -> tuple[list[Fact], list[LeftOut]]:
    """The facts with their measure in place of their flow, where the reader says which columns or rows they are.

    Raises:
        StatisticsError: no column or row is called so.
    """
    if choices.measure is not None:
        return [fact.renamed(choices.measure) for fact in facts], []
    if not choices.columns:
        return facts, []
    kept: list[Fact] = []
    taken: set[int] = set()
    for measure, name in choices.columns.items():
        chosen = _named(sheet.grid, facts, measure, name)
        kept += [fact.renamed(measure) for fact in chosen]
        taken |= {id(fact) for fact in chosen}
    rest = [fact for fact in facts if id(fact) not in taken]
    others = [(fact, "another was named for it") for fact in rest if fact.label.flow in choices.columns]
    kept += [fact for fact in rest if fact.label.flow not in choices.columns]
    return kept, grouped(others)


def _named(grid: Grid, facts: list[Fact], measure: str, name: str) -> list[Fact]:
    """The facts of the column with a letter or heading, or of the row with a name.

    Raises:
        StatisticsError: there is none.
    """
    columns = {fact.column for fact in facts}
    if re.fullmatch(r"[A-Z]{1,3}", name) and column_number(name) in columns:
        return [fact for fact in facts if fact.column == column_number(name)]
    wanted = tidy(name).casefold()
    tests: tuple[Callable[[Fact], bool], ...] = (
        lambda fact: wanted in _parts(fact.head),
        lambda fact: wanted in _parts(fact.side) or any(_has(texts, name) for texts in fact.names.values()),
        lambda fact: wanted in fact.head.casefold(),
        lambda fact: wanted in fact.side.casefold(),
    )
    for test in tests:
        chosen = [fact for fact in facts if test(fact)]
        if chosen:
            return chosen
    heads = [f"{letters(fact.column)} {show(fact.head)}" for fact in facts]
    known = ", ".join(list(dict.fromkeys(heads))[:12])
    raise grid.error(None, None, f"found --{measure} {show(name)}, expected a column or row: {known}")


def _parts(text: str) -> set[str]:
    return {tidy(part).casefold() for part in (text, *text.split(" / "))}


def settled(grid: Grid, facts: list[Fact]) -> tuple[list[Fact], list[LeftOut]]:
    """The facts of measures, one for each measure and time.

    Raises:
        StatisticsError: two rows state different figures for the same.
        Unsettled: no flow is recognised, or two columns or groups of goods may be meant.
    """
    known = [fact for fact in facts if fact.label.flow]
    if facts and not known:
        raise _which_column(grid, facts)
    dropped = [(fact, "neither exports nor imports nor turnover") for fact in facts if not fact.label.flow]
    dropped += [(fact, _WHY_NOT[fact.label.flow or ""]) for fact in known if fact.label.flow in _WHY_NOT]
    known = [fact for fact in known if fact.label.flow not in _WHY_NOT]
    known, parts = _totals(known)
    dropped += parts
    known, parts = _alike(grid, known)
    return known, grouped([*dropped, *parts])


def _which_column(grid: Grid, facts: list[Fact]) -> Exception:
    """The question which column or row holds which measure."""
    heads = dict.fromkeys((letters(fact.column), fact.head) for fact in facts if fact.head)
    words = [f"--exports {letter}  ({head})" for letter, head in heads]
    words += ["--measure exports, imports or turnover  (all of them)"]
    return unsettled(
        grid, "", "found figures, and no heading, row or caption that says exports or imports", words
    )


def _totals(facts: list[Fact]) -> tuple[list[Fact], list[tuple[Fact, str]]]:
    """The facts without the parts of totals, and of rows of which they are a part."""
    crowds = _crowds(facts)
    dropped: list[tuple[Fact, str]] = []
    for crowd in crowds:
        firm = [fact for fact in crowd if not fact.lent]
        if firm and len(firm) < len(crowd):
            dropped += [(fact, "a part of the row above") for fact in crowd if fact.lent]
        dimensions = {d for fact in firm for d in fact.totals}
        for dimension in dimensions:
            totals = [fact for fact in firm if dimension in fact.totals]
            parts = [fact for fact in firm if dimension not in fact.totals and fact.names.get(dimension)]
            if totals and parts:
                dropped += [(fact, f"a part of the total in {dimension}") for fact in parts]
    gone = {id(fact) for fact, _ in dropped}
    return [fact for fact in facts if id(fact) not in gone], dropped


def _crowds(facts: Iterable[Fact]) -> list[list[Fact]]:
    """The facts that would be one figure: of one measure, time and currency."""
    crowds: dict[object, list[Fact]] = {}
    for fact in facts:
        key = fact.label.flow, str(fact.label.moment), fact.denomination.currency
        crowds.setdefault(key, []).append(fact)
    return [crowd for crowd in crowds.values() if len(crowd) > 1]


def _alike(grid: Grid, facts: list[Fact]) -> tuple[list[Fact], list[tuple[Fact, str]]]:
    """The facts with each figure once.

    Raises:
        StatisticsError: two rows state different figures for the same.
        Unsettled: two columns, rows or groups of goods may be meant.
    """
    dropped: list[tuple[Fact, str]] = []
    for crowd in _crowds(facts):
        figures = [fact for fact in crowd if fact.amount is not None] or crowd[:1]
        bodies = {fact.amount.printed.body for fact in figures if fact.amount}
        if len(bodies) > 1:
            raise _differing(grid, figures)
        dropped += [(fact, "the same figure again") for fact in crowd if fact is not figures[0]]
    gone = {id(fact) for fact, _ in dropped}
    return [fact for fact in facts if id(fact) not in gone], dropped


def _differing(grid: Grid, crowd: list[Fact]) -> Exception:
    """The fault or question of figures that differ where one is expected."""
    first = crowd[0]
    second = next(fact for fact in crowd if fact.amount and fact.cell.text != first.cell.text)
    what = f"{first.label.flow} {first.label.moment}"
    message = f"found {show(first.cell.text)} and, in {second.place}, {show(second.cell.text)} for {what}"
    words = _columns(crowd) if first.head != second.head else _telling(crowd)
    if words:
        return unsettled(grid, first.place, message, words)
    return grid.error(first.row, first.column, f"{message}; expected one figure: take one of the rows out")


def _columns(crowd: list[Fact]) -> list[str]:
    """The words that choose one of the columns of a crowd: by what only its heading says, else by its letter."""
    words: list[str] = []
    for fact in crowd:
        others = {part for other in crowd if other.head != fact.head for part in _parts(other.head)}
        special = [part for part in fact.head.split(" / ") if tidy(part).casefold() not in others]
        letter = letters(fact.column)
        words.append(f"--{fact.label.flow} {word(special[-1]) if special else letter}  (column {letter})")
    return words


def _telling(crowd: list[Fact]) -> list[str]:
    """The words that choose one of the rows of a crowd: by their names, or by the heading in which they differ."""
    sides = list(dict.fromkeys(fact.side for fact in crowd))
    if len(sides) == len(crowd) and ROWS in {d for fact in crowd for d in fact.names}:
        return [f"--{fact.label.flow} {word(fact.side)}  (row {fact.row + 1})" for fact in crowd]
    counts: Counter[str] = Counter()
    for dimension in {d for fact in crowd for d in fact.names}:
        values = {fact.names.get(dimension) for fact in crowd}
        counts[dimension] = len(values) if len(values) > 1 else 0
    words: list[str] = []
    for dimension, count in counts.most_common():
        if count > 1 and not words:
            texts = dict.fromkeys(fact.names[dimension][-1] for fact in crowd if dimension in fact.names)
            words = [f"--where {word(f'{dimension}={text}')}" for text in texts]
    return words
