"""What a text says about time: months in words, parts of a year, SDMX's forms, dates, fiscal years."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeAlias

from simulator.caches import MEGABYTE, keep
from simulator.values.periods import Period

DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
YEARS = (1900, 2150)  # a whole number within them may be a year
SERIALS = (14_000, 62_000)  # Excel's days from 1938 to 2069
Months: TypeAlias = tuple[int, int]

_MONTHS = (
    r"jan(?:uary|\.)?|янв(?:ар[ьяе])?\.?",
    r"feb(?:ruary|r?\.)?|фев(?:р(?:ал[ьяе])?)?\.?",
    r"mar(?:ch|\.)?|мар(?:т[ае]?)?\.?",
    r"apr(?:il|\.)?|апр(?:ел[ьяе])?\.?",
    r"may\.?|ма[йяе]\.?",
    r"june?\.?|июн[ьяе]?\.?",
    r"july?\.?|июл[ьяе]?\.?",
    r"aug(?:ust|\.)?|авг(?:уст[ае]?)?\.?",
    r"sept?(?:ember|\.)?|сент?(?:ябр[ьяе])?\.?",
    r"oct(?:ober|\.)?|окт(?:ябр[ьяе])?\.?",
    r"nov(?:ember|\.)?|нояб?(?:р[ьяе])?\.?",
    r"dec(?:ember|\.)?|дек(?:абр[ьяе])?\.?",
)
_NAMED = [re.compile(rf"(?:{pattern})") for pattern in _MONTHS]
A_MONTH = rf"(?:{'|'.join(_MONTHS)}|tháng \d{{1,2}})"
_YEAR = r"(?:19|20|21)\d\d"
_LEFT, _RIGHT = r"(?<![^\W_])", r"(?![^\W_])"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_ORDINAL = {"first": 1, "second": 2, "third": 3, "fourth": 4, "перв": 1, "втор": 2, "трет": 3, "четв": 4}
_NUMBERS = {"nine": 9, "six": 6, "three": 3, "eleven": 11, "девять": 9, "шесть": 6, "три": 3}
_N = r"(?P<n>iv|i{1,3}|[1-4])"
_ORDINALS = rf"(?P<word>{'|'.join(_ORDINAL)})\w*"
_FILLERS = re.compile(
    r"\b(?:for|in|of|the|months?|year|prel\w*|prov\w*|p|r|e|rev\w*|за|в|месяц|год\w*|г|пред\w*|tháng|năm|"
    r"sơ bộ)\b|[^\w%]|_"
)
_UNTIL = r"\s*(?:-|\.\.|to|по|до)\s*"


@dataclass(frozen=True, slots=True)
class Moment:
    """What is known about a time: a year, months of a year, or both; a day where one is printed.

    ``fiscal``: the year is the first of a fiscal one, whose months are not known; ``lone``: or the last.
    """

    year: int | None = None
    months: Months | None = None
    day: int | None = None
    fiscal: bool = False
    lone: bool = False

    @property
    def period(self) -> Period | None:
        """The period it states, None while its year is open; a year without months is all of it."""
        if self.year is None or self.fiscal:
            return None
        first, last = self.months or (1, 12)
        return Period(12 * self.year + first - 1, 12 * self.year + last - 1)

    def over(self, outer: Moment | None) -> Moment:
        """This, and what it leaves open from further out."""
        if outer is None:
            return self
        if self.year is not None:
            return self if self.months or not outer.months else replace(self, months=outer.months)
        return replace(outer, months=self.months or outer.months, day=self.day or outer.day)

    def __str__(self) -> str:
        if self.fiscal:
            second = "" if self.lone else f"/{str((self.year or 0) + 1)[2:]}"
            return f"fiscal year {self.year}{second}"
        if self.period is not None:
            return str(self.period)
        if self.months is None:
            return "no time"
        first, last = self.months
        return f"months {first} to {last}" if first != last else f"month {first}"


def scan(text: str, order: str | None = None) -> tuple[Moment | None, str]:
    """The first time named in a text in lower case with plain dashes, and what is left of the text.

    Args:
        text: the text.
        order: of day and month in dates such as 01/02/2020; without it these are not read, unless they can
            be read in one way only.
    """
    complete, rest = _complete(text, order)
    if complete is not None:
        return complete, rest
    if _SEVERAL.search(text):
        return None, text
    months, rest = _part_of_year(text)
    year, rest = _year(rest, months is not None and _SHORTENS.search(text) is not None)
    if year is None and months is None:
        return None, text
    return Moment(year, months), rest


def _complete(text: str, order: str | None) -> tuple[Moment | None, str]:
    """The first time with its year in one, such as 2018-Q3, and the rest of the text."""
    for pattern, make in _FULL:
        match = pattern.search(text)
        moment = make(match, order) if match else None
        if match and moment is not None:
            return moment, _cut(text, match)
    return None, text


def _part_of_year(text: str) -> tuple[Months | None, str]:
    """The first months, quarter or half of a year, and the rest of the text."""
    for pattern, count in _PARTS:
        match = pattern.search(text)
        months = count(match) if match else None
        if match and months is not None:
            return months, _cut(text, match)
    return None, text


@keep(MEGABYTE)
def moment_of(text: str, order: str | None = None) -> Moment | None:
    """The time that is all a text says; None where it says anything else."""
    moment, rest = scan(text, order)
    return moment if moment is not None and not _FILLERS.sub("", rest) else None


def evenly_spaced(moments: Iterable[Moment | None]) -> bool:
    """Whether times follow one another a month, a quarter or a year apart, either way; some may repeat."""
    periods = [moment.period if moment else None for moment in moments]
    firsts = [period.first for period in periods if period is not None]
    steps = {later - former for former, later in pairwise(firsts)} - {0}
    return len(firsts) == len(periods) and len(steps) == 1 and abs(steps.pop()) in (1, 3, 12)


def is_serial(number: int) -> bool:
    """Whether a number may be one of Excel's days."""
    return SERIALS[0] <= number <= SERIALS[1]


def _cut(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"


# Times with their year


def _made(year: str | int, first: int, last: int, day: int | None = None) -> Moment | None:
    number = int(year) if int(year) > 99 else _century(int(year))
    good = YEARS[0] <= number <= YEARS[1] and 1 <= first <= last <= 12
    return Moment(number, (first, last), day) if good else None


def _iso(match: re.Match[str], _order: str | None) -> Moment | None:
    return _made(match[1], int(match[2]), int(match[2]), int(match[3]))


def _duration(match: re.Match[str], _order: str | None) -> Moment | None:
    first, length = int(match[2]), int(match[4]) * (12 if match[5] == "y" else 1)
    return _made(match[1], first, first + length - 1)


def _up_to(match: re.Match[str], _order: str | None) -> Moment | None:
    return _made(match["y"], 1, int(match["n"]))


def _spelled_day(match: re.Match[str], _order: str | None) -> Moment | None:
    month = _number(match["month"])
    return _made(match["year"], month, month, int(match["day"]))


def _date(match: re.Match[str], order: str | None) -> Moment | None:
    first, second, year = int(match[1]), int(match[3]), match[4]
    settled = order_of([match.group()]) or order or (DAY_FIRST if match[2] == "." else None)
    if first == second or settled == DAY_FIRST:
        return _made(year, second, second, first)
    return _made(year, first, first, second) if settled == MONTH_FIRST else None


def _quarter(match: re.Match[str], _order: str | None) -> Moment | None:
    number = int(match["q"])
    return _made(match["y"], 3 * number - 2, 3 * number)


def _half(match: re.Match[str], _order: str | None) -> Moment | None:
    number = int(match["h"])
    return _made(match["y"], 6 * number - 5, 6 * number)


def _month_of(match: re.Match[str], _order: str | None) -> Moment | None:
    return _made(match["y"], int(match["m"]), int(match["m"]))


def _year_of(match: re.Match[str], _order: str | None) -> Moment | None:
    return Moment(int(match["y"]))


def _fiscal(match: re.Match[str], _order: str | None) -> Moment | None:
    first, second = int(match["y"]), match["z"]
    if second is None:
        return Moment(first, fiscal=True, lone=True)
    # 2011-12 may be a month as well: only its neighbours can tell
    plain = match["fy"] or len(second) == 4 or int(second) > 12 or "/" in match.group()
    follows = (first + 1) % 10 ** len(second) == int(second)
    return Moment(first, fiscal=True) if follows and plain else None


_Make: TypeAlias = Callable[[re.Match[str], str | None], Moment | None]
_FULL: tuple[tuple[re.Pattern[str], _Make], ...] = tuple(
    (re.compile(_LEFT + pattern + _RIGHT), make)
    for pattern, make in (
        (rf"({_YEAR})-(\d\d)-(\d\d)/p(?:(\d+)(m|y))", _duration),
        (rf"({_YEAR})[-/.](\d{{1,2}})[-/.](\d{{1,2}})(?:t[\d:.z+]*)?", _iso),
        (rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2({_YEAR})", _date),
        (rf"(?P<day>\d{{1,2}})[ -](?P<month>{A_MONTH})[ ,-]*(?P<year>{_YEAR})", _spelled_day),
        (rf"(?P<month>{A_MONTH}) (?P<day>\d{{1,2}}),? (?P<year>{_YEAR})", _spelled_day),
        (rf"(?P<y>{_YEAR})[-_ ]?q(?P<q>[1-4])", _quarter),
        (rf"q(?P<q>[1-4])[-_/ ]?(?P<y>{_YEAR})", _quarter),
        (rf"(?P<q>[1-4])[qк][-_/ ]?'?(?P<y>{_YEAR}|\d\d)", _quarter),
        (rf"(?P<h>[12])[hп][-_/ ]?'?(?P<y>{_YEAR}|\d\d)", _half),
        (rf"(?P<n>1[0-2]|[1-9])[mм][-_/ ]?'?(?P<y>{_YEAR}|\d\d)", _up_to),
        (rf"(?P<y>{_YEAR})[-_ ]?[shb](?P<h>[12])", _half),
        (rf"(?P<y>{_YEAR})-?a1?", _year_of),
        (rf"(?P<y>{_YEAR})-?m(?P<m>1[0-2]|0?[1-9])", _month_of),
        (rf"(?P<fy>fy ?)?(?P<y>{_YEAR})(?:[-/](?P<z>\d\d(?:\d\d)?))", _fiscal),
        (rf"(?P<fy>fy ?|fiscal year )(?P<y>{_YEAR})(?P<z>$^)?", _fiscal),
        (rf"(?P<y>{_YEAR})[-/.](?P<m>1[0-2]|0[1-9]|[1-9])(?![-/.]?\d)", _month_of),
        (rf"(?<=\A)(?P<y>{_YEAR})(?P<m>0[1-9]|1[0-2])(?=\Z)", _month_of),
        (rf"(?<!\d[-/.])(?P<m>1[0-2]|0?[1-9])[-/.](?P<y>{_YEAR})", _month_of),
    )
)


# Parts of a year


def _number(word: str) -> int:
    """The number of a month by its name."""
    if word.startswith("tháng"):
        return int(word.split()[1])
    return next(number for number, name in enumerate(_NAMED, 1) if name.fullmatch(word))


def _span(match: re.Match[str]) -> Months | None:
    first, last = _number(match["a"]), _number(match["b"])
    return (first, last) if first <= last else None


def _ordinal(match: re.Match[str]) -> int:
    groups = match.groupdict()
    return _ROMAN[groups["n"]] if groups.get("n") else _ORDINAL[groups["word"]]


def _quarter_part(match: re.Match[str]) -> Months:
    number = _ordinal(match)
    return 3 * number - 2, 3 * number


def _roman_quarter(match: re.Match[str]) -> Months | None:
    """A quarter of which only the Roman number is printed, as below the heading of a year."""
    return None if match["n"].isdecimal() or match.start() else _quarter_part(match)


def _half_part(match: re.Match[str]) -> Months | None:
    number = _ordinal(match)
    return (6 * number - 5, 6 * number) if number <= 2 else None


def _first_months(match: re.Match[str]) -> Months | None:
    number = _NUMBERS.get(match["n"]) or int(match["n"])
    return (1, number) if 1 <= number <= 12 else None


_QUARTERS = r"(?:quarters?|qtr\.?|квартал\w*|кв\.?)"
_HALVES = r"(?:half(?:[- ]year)?|полугоди\w*)"
_COUNT = rf"(?P<n>\d{{1,2}}|{'|'.join(_NUMBERS)})"
_Count: TypeAlias = Callable[[re.Match[str]], Months | None]
_PARTS: tuple[tuple[re.Pattern[str], _Count], ...] = tuple(
    (re.compile(_LEFT + pattern + _RIGHT), count)
    for pattern, count in (
        (rf"(?P<a>{A_MONTH}){_UNTIL}(?P<b>{A_MONTH})", _span),
        (rf"(?:first )?{_COUNT} ?-?(?:months?|мес(?:яц\w*|\.)?|tháng)", _first_months),
        (rf"{_N}(?:st|nd|rd|th|-?[йея])?[- ]?(?:{_QUARTERS}|q)", _quarter_part),
        (rf"(?:{_QUARTERS}|q)[- ]?{_N}", _quarter_part),
        (rf"{_ORDINALS}[- ]{_QUARTERS}", _quarter_part),
        (rf"{_N}(?:st|nd|-?[ео]е)?[- ]?(?:{_HALVES}|h)", _half_part),
        (rf"(?:{_HALVES}|h)[- ]?{_N}", _half_part),
        (rf"{_ORDINALS}[- ]{_HALVES}", _half_part),
        (rf"(?P<a>{A_MONTH})", lambda m: (_number(m["a"]),) * 2),
        (r"(?:full year|annual|year|за год|год|cả năm)\s*\Z", lambda _match: (1, 12)),
        (rf"(?<!\S){_N}\Z", _roman_quarter),
    )
)
_SHORTENS = re.compile(rf"{A_MONTH}|['\u2019]\d\d")  # what a year of two digits may stand with
_SEVERAL = re.compile(rf"{_YEAR}\s?(?:-|\.\.)\s?{_YEAR}")
_YEAR_ALONE = re.compile(
    rf"(?<![\d,/])(?<!\d[.-])({_YEAR})(?:[pre](?![^\W_]))?(?![\d/]|[.,]\d)"
    rf"\s?(?:г\.?г?\.?|год\w*|years?)?{_RIGHT}"
)
_SHORT = re.compile(r"(?<!\d)(?<!\d[.,])['\u2019]?(\d\d)(?!\d|[.,]\d)\s?(?:г\.?|год\w*)?")


def _year(text: str, short: bool) -> tuple[int | None, str]:
    """The year in a text, and the rest; ``short``: two digits will do, as in Jan-18."""
    match = _YEAR_ALONE.search(text)
    if match:
        return int(match[1]), _cut(text, match)
    match = _SHORT.search(text) if short else None
    if match:
        return _century(int(match[1])), _cut(text, match)
    return None, text


def _century(number: int) -> int:
    """The year meant by two digits."""
    return (2000 if number < 70 else 1900) + number


# What only a table as a whole can tell

_SLASHED = re.compile(rf"(?<!\d)(\d{{1,2}})[-/](\d{{1,2}})[-/]{_YEAR}(?!\d)")
_DOUBLE = re.compile(rf"({_YEAR})-(\d\d)")


def order_of(texts: Iterable[str]) -> str | None:
    """Whether day or month comes first in dates such as 13/02/2020; None where both may.

    Raises:
        ValueError: some can only be read the one way, some the other; its two arguments are one of each.
    """
    orders: dict[str, str] = {}
    for text in texts:
        for first, second in _SLASHED.findall(text):
            if int(first) > 12 >= int(second):
                orders.setdefault(DAY_FIRST, text)
            if int(second) > 12 >= int(first):
                orders.setdefault(MONTH_FIRST, text)
    if len(orders) > 1:
        raise ValueError(orders[DAY_FIRST], orders[MONTH_FIRST])
    return next(iter(orders), None)


def is_slashed(text: str) -> bool:
    """Whether a text holds a date such as 01/02/2020 with two readings."""
    return any(first != second for first, second in _SLASHED.findall(text)) and order_of([text]) is None


def doubles(texts: Iterable[str]) -> bool:
    """Whether all of some texts may be years such as 2010-11 as well as months, and follow each other."""
    matches = [_DOUBLE.fullmatch(text) for text in texts]
    if len(matches) < 2 or not all(matches):
        return False
    years = [(int(match[1]), int(match[2])) for match in matches if match]
    return all((year + 1) % 100 == part for year, part in years)
