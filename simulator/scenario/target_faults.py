"""What makes no target: sides, periods and bases that do not fit together."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.targets import SIDES, Kind, Revision, Target
from simulator.values.periods import Period
from simulator.values.units import Unit


def target_faults(target: Target) -> Iterator[tuple[tuple[str, ...], str]]:
    """What a target alone can know: (keys below it, message)."""
    yield from _of_sides(target)
    if len(target.sides) == 1:
        yield from _OF_KIND[target.kind](target)
    for index, revision in enumerate(target.history):
        faults = _of_revision(revision, target)
        yield from ((("history", str(index), *field), message) for field, message in faults)


def _of_sides(target: Target) -> Iterator[tuple[tuple[str, ...], str]]:
    if not target.sides:
        yield (), "found neither at_least nor at_most, expected one of the two"
    elif len(target.sides) > 1:
        both = " and ".join(target.sides)
        yield (), f"found both {both}, expected one of the two; for a band write two targets"


def _of_amount(target: Target) -> Iterator[tuple[tuple[str, ...], str]]:
    if target.measure != "balance" and target.amount <= 0:
        stated = Unit.MONEY.written(target.amount)
        amount = stated if isinstance(stated, str) else Unit.MONEY.text(stated)
        yield (target.side,), f"found {amount}, expected more than 0"
    yield from _of_other_kinds(target, ("of", "since", "a_year"))


def _of_growth(target: Target) -> Iterator[tuple[tuple[str, ...], str]]:
    if target.measure == "balance":
        yield (
            ("measure",),
            "found a balance, which may be 0 or less and has no growth; expected another measure",
        )
    if target.a_year and target.since is None:
        yield (
            ("a_year",),
            "found growth a year on average, expected since: with the period from which it counts",
        )
    if target.since is not None:
        faults = (_of_since(target.since, alone.period) for alone in target.alone)
        yield from ((("since",), fault) for fault in dict.fromkeys(filter(None, faults)))
    yield from _of_other_kinds(target, ("of",))


def _of_since(since: Period, period: Period) -> str | None:
    """Why a sum cannot grow from one period to another; None where it can."""
    if since.first >= period.first:
        return f"found {since}, which is not before {period}; expected an earlier period"
    if since.months != period.months:
        lengths = f"which has {since.months} months and not {period.months} as {period}"
        return f"found {since}, {lengths}; expected periods of one length"
    return None


def _of_share(target: Target) -> Iterator[tuple[tuple[str, ...], str]]:
    if target.of is None:
        yield (), "found a share without of:, expected the measure of which it is a part, such as of: exports"
    elif target.of == target.measure:
        yield ("of",), f"found {target.of}, a share of itself; expected another measure"
    if "balance" in (target.measure, target.of):
        field = "of" if target.of == "balance" else "measure"
        yield (field,), "found a balance, which may be 0 or less and has no share; expected another measure"
    yield from _of_other_kinds(target, ("since", "a_year"))


def _of_other_kinds(target: Target, fields: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Fields that say nothing beside what is asked."""
    meant = {"of": "share_at_least or share_at_most", "since": _GROWTH_SIDES, "a_year": _GROWTH_SIDES}
    for field in fields:
        if getattr(target, field):
            yield (
                (field,),
                f"found {field} beside {target.side}, expected {meant[field]}, or leave {field} out",
            )


_GROWTH_SIDES = "growth_at_least or growth_at_most"
_OF_KIND = {Kind.AMOUNT: _of_amount, Kind.GROWTH: _of_growth, Kind.SHARE: _of_share}


def _of_revision(revision: Revision, target: Target) -> Iterator[tuple[tuple[str, ...], str]]:
    stated = [side for side in SIDES if getattr(revision, side) is not None]
    if not stated and revision.period is None:
        yield (), "found neither an amount nor a period, expected what was then to be reached"
    elif len(stated) > 1:
        yield (), f"found both {' and '.join(stated)}, expected one of them"
    elif stated and target.sides and target.as_of(revision).kind is not target.kind:
        yield (stated[0],), f"found {stated[0]} beside {target.side}, expected the same kind of target"
