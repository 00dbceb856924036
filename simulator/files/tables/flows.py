"""Which of a pair's facts are its exports, imports and turnover: no rates, no parts, each once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from simulator.files.tables import labels
from simulator.files.tables.choices import Choices, LeftOut, unsettled, word
from simulator.files.tables.dates import Moment
from simulator.files.tables.facts import Fact, dimensions_of, distinct_names, named_texts, without
from simulator.files.tables.grids import Grid, letters, listed
from simulator.files.tables.roles import role_of
from simulator.files.tables.sheets import Sheet
from simulator.files.tables.sides import ROWS
from simulator.values.letters import tidy
from simulator.values.wording import show, unknown

_NO_FLOW = "neither exports nor imports nor turnover"
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
        kind = fact.unfit or ("a growth rate or index" if fact.percent else None)
        if kind:
            dropped.append((fact, kind))
        else:
            kept.append(fact)
    return kept, grouped(dropped)


def grouped(dropped: Sequence[tuple[Fact, str]]) -> list[LeftOut]:
    """What is written of facts that are left out, those with one reason together."""
    reasons = dict.fromkeys(reason for _, reason in dropped)
    return [_left([fact for fact, why in dropped if why == reason], reason) for reason in reasons]


def _left(facts: list[Fact], reason: str) -> LeftOut:
    """Facts with one reason, by their columns or, where these are more, by their rows."""
    rows, columns = {fact.row for fact in facts}, {fact.column for fact in facts}
    by_column = len(columns) <= len(rows)
    where = listed(columns, "column") if by_column else listed(rows)
    names = {fact.head if by_column else fact.side for fact in facts} - {""}
    named = f" {show(next(iter(names)))}" if len(names) == 1 else ""
    return LeftOut(where + named, reason, len(facts))


def matching(sheet: Sheet, facts: list[Fact], where: Iterable[str]) -> list[Fact]:
    """The facts whose rows have the values that words such as ``Commodity=TOTAL`` ask for.

    Raises:
        StatisticsError: a word names no heading, or a value that no row has.
    """
    for wanted in where:
        facts = _matching(sheet.grid, facts, *wanted.partition("="))
    return facts


def _matching(grid: Grid, facts: list[Fact], name: str, equals: str, value: str) -> list[Fact]:
    """The facts that have a value under a heading.

    Raises:
        StatisticsError: there is no such heading, or no such value.
    """
    known = {tidy(key).casefold(): key for names in distinct_names(facts) for key in names}
    dimension = known.get(tidy(name).casefold()) or known.get(str(role_of(name)))
    if not equals or dimension is None:
        raise grid.error(
            None, None, unknown(name, (*known.values(),), "--where HEADING=VALUE with a heading")
        )
    chosen = [fact for fact in facts if _has(fact.names.get(dimension, ()), value)]
    if not chosen:
        texts = tuple(named_texts(facts, dimension))
        raise grid.error(None, None, unknown(value, texts, f"{dimension} to be"))
    return chosen


def _has(texts: Iterable[str], wanted: str) -> bool:
    return any(tidy(text).casefold() == tidy(wanted).casefold() for text in texts)


def assigned(sheet: Sheet, facts: list[Fact], choices: Choices) -> tuple[list[Fact], list[LeftOut]]:
    """The facts with their measure in place of their flow, where the reader says which they are.

    Raises:
        StatisticsError: no column or row is called so.
    """
    if choices.measure is not None:
        return [fact.renamed(choices.measure) for fact in facts], []
    kept: list[Fact] = []
    rest = facts
    for measure, name in choices.columns.items():
        chosen = _named(sheet.grid, facts, measure, name)
        kept += [fact.renamed(measure) for fact in chosen]
        rest = without(rest, chosen)
    passed = [fact for fact in rest if fact.label.flow in choices.columns]
    return kept + without(rest, passed), grouped([(fact, "another was named for it") for fact in passed])


def _named(grid: Grid, facts: list[Fact], measure: str, name: str) -> list[Fact]:
    """The facts of the column with a letter or heading, or of the row with a name.

    Raises:
        StatisticsError: there is none.
    """
    lettered = [fact for fact in facts if letters(fact.column) == name]
    wanted = tidy(name).casefold()
    for test in (_is_headed, _is_beside, _holds_in_head, _holds_in_side):
        chosen = lettered or [fact for fact in facts if test(fact, wanted)]
        if chosen:
            return chosen
    heads = dict.fromkeys(f"{letters(fact.column)} {show(fact.head)}" for fact in facts)
    known = ", ".join(list(heads)[:12])
    raise grid.error(None, None, f"found --{measure} {show(name)}, expected a column or row: {known}")


def _is_headed(fact: Fact, wanted: str) -> bool:
    return wanted in _parts(fact.head)


def _is_beside(fact: Fact, wanted: str) -> bool:
    return wanted in _parts(fact.side) or any(_has(texts, wanted) for texts in fact.names.values())


def _holds_in_head(fact: Fact, wanted: str) -> bool:
    return wanted in fact.head.casefold()


def _holds_in_side(fact: Fact, wanted: str) -> bool:
    return wanted in fact.side.casefold()


def _parts(text: str) -> set[str]:
    return {tidy(part).casefold() for part in (text, *text.split(" / "))}


def settled(grid: Grid, facts: list[Fact], named: bool) -> tuple[list[Fact], list[LeftOut]]:
    """The facts of measures, one for each measure and time.

    Args:
        grid: the table.
        facts: of one side's statistics.
        named: whether the table names the partner, so that totals in it are of goods.

    Raises:
        StatisticsError: two rows state different figures for the same.
        Unsettled: no flow is recognised, or two columns or groups of goods may be meant.
    """
    dropped = [(fact, reason) for fact in facts if (reason := _why_not(fact))]
    if facts and not any(fact.label.flow for fact in facts):
        raise _which_column(grid, facts)
    parts = _parts_of_totals(without(facts, map(_fact_of, dropped)))
    if parts and not named:
        raise _which_name(grid, parts)
    dropped += parts
    dropped += _repeated(grid, without(facts, map(_fact_of, dropped)))
    return without(facts, map(_fact_of, dropped)), grouped(dropped)


def _why_not(fact: Fact) -> str:
    """Why a fact is no figure of a measure."""
    return _WHY_NOT.get(fact.label.flow, "") if fact.label.flow else _NO_FLOW


def _fact_of(dropped: tuple[Fact, str]) -> Fact:
    return dropped[0]


def _which_column(grid: Grid, facts: list[Fact]) -> Exception:
    """The question which column or row holds which measure."""
    heads = dict.fromkeys((letters(fact.column), fact.head) for fact in facts if fact.head)
    words = [f"--exports {letter}  ({head})" for letter, head in heads]
    words += ["--measure exports, imports or turnover  (all of them)"]
    return unsettled(
        grid, "", "found figures, and no heading, row or caption that says exports or imports", words
    )


def _which_name(grid: Grid, parts: list[tuple[Fact, str]]) -> Exception:
    """The question which of some names, beside a total, is the partner's."""
    first = parts[0][0]
    names = [text for fact, _ in parts for texts in fact.names.values() for text in texts]
    named = f"{show(names[0])} and others" if names else "figures without a name"
    message = f"found {named} beside a total, none of them the partner as it is called"
    return unsettled(grid, first.place, message, [f"--partner {word(name)}" for name in names])


def _parts_of_totals(facts: list[Fact]) -> list[tuple[Fact, str]]:
    """The facts that are parts of totals, or of rows above, each with the reason to leave it out."""
    parts: dict[Fact, str] = {}
    for crowd in _crowds(facts):
        lent = [fact for fact in crowd if fact.lent]
        firm = without(crowd, lent)
        parts |= dict.fromkeys(lent if firm else [], "a part of the row above")
        for dimension in sorted(frozenset[str]().union(*(fact.totals for fact in firm))):
            of_total = [fact for fact in firm if _is_part(fact, dimension)]
            parts |= dict.fromkeys(of_total, f"a part of the total in {dimension}")
    return list(parts.items())


def _is_part(fact: Fact, dimension: str) -> bool:
    return dimension not in fact.totals and dimension in fact.names


def _crowds(facts: Iterable[Fact]) -> list[list[Fact]]:
    """The facts that would be one figure: of one measure, time and currency."""
    crowds: dict[object, list[Fact]] = {}
    times: dict[Moment | None, str] = {}
    for fact in facts:
        moment = fact.label.moment
        if moment not in times:
            times[moment] = str(moment)
        crowds.setdefault((fact.label.flow, times[moment], fact.denomination.currency), []).append(fact)
    return [crowd for crowd in crowds.values() if len(crowd) > 1]


def _repeated(grid: Grid, facts: list[Fact]) -> list[tuple[Fact, str]]:
    """The facts that state a figure again.

    Raises:
        StatisticsError: two rows state different figures for the same.
        Unsettled: two columns, rows or groups of goods may be meant.
    """
    again: list[tuple[Fact, str]] = []
    for crowd in _crowds(facts):
        figures = [fact for fact in crowd if fact.amount is not None] or crowd[:1]
        if len({fact.amount.printed.body for fact in figures if fact.amount}) > 1:
            raise _differing(grid, figures)
        again += [(fact, "the same figure again") for fact in without(crowd, figures[:1])]
    return again


def _differing(grid: Grid, crowd: list[Fact]) -> Exception:
    """The fault or question of figures that differ where one is expected."""
    first = crowd[0]
    second = next(fact for fact in crowd if fact.cell.text != first.cell.text)
    what = f"{first.label.flow} {first.label.moment}"
    message = f"found {show(first.cell.text)} and, in {second.place}, {show(second.cell.text)} for {what}"
    words = _columns(crowd) if first.head != second.head else _rows(crowd)
    if words:
        return unsettled(grid, first.place, message, words)
    return grid.error(first.row, first.column, f"{message}; expected one figure: take one of the rows out")


def _columns(crowd: list[Fact]) -> list[str]:
    """The words that choose one of the columns of a crowd: by what only its heading says, or its letter."""
    words: list[str] = []
    for fact in crowd:
        others = {part for other in crowd if other.head != fact.head for part in _parts(other.head)}
        special = [part for part in fact.head.split(" / ") if tidy(part).casefold() not in others]
        letter = letters(fact.column)
        words.append(f"--{fact.label.flow} {word(special[-1]) if special else letter}  (column {letter})")
    return words


def _rows(crowd: list[Fact]) -> list[str]:
    """The words that choose one of the rows of a crowd: by their names, or by what tells them apart."""
    sides = {fact.side: fact for fact in crowd}
    named = [fact for fact in crowd if ROWS in fact.names]
    if named and len(sides) == len(crowd):
        return [f"--{fact.label.flow} {word(side)}  (row {fact.row + 1})" for side, fact in sides.items()]
    values = max((_values(crowd, dimension) for dimension in dimensions_of(crowd)), key=len, default=[])
    return values if len(values) > 1 else []


def _values(crowd: list[Fact], dimension: str) -> list[str]:
    """The words that choose one of what the facts of a crowd are called in a dimension."""
    names = dict.fromkeys(fact.names[dimension][-1] for fact in crowd if dimension in fact.names)
    return [f"--where {word(f'{dimension}={name}')}" for name in names]
