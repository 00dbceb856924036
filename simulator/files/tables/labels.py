"""What a heading, a row's name or a caption says: flow, time, unit, whether its figures are amounts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from simulator.caches import MEGABYTE, keep
from simulator.files.tables import dates, denominations, numbers
from simulator.files.tables.dates import Moment
from simulator.files.tables.denominations import UNSTATED, Denomination
from simulator.values.letters import DASHES, tidy

EXPORTS, IMPORTS, TURNOVER, BALANCE = "exports", "imports", "turnover", "balance"
QUANTITY = "a quantity"
AVERAGE = "an average or a sum that rolls on"
SERVICES = "trade in services"
PART_OF_YEAR = "a part of a year, whose last month is not named"
UP_TO = "a sum up to a month, from one that is not named"
RE_EXPORTS, RE_IMPORTS = "re-exports", "re-imports"

_FLOWS = (  # the longer names first: what is matched is taken out of the text
    (RE_EXPORTS, r"\bre-? ?exports?\b|реэкспорт\w*|tái xuất"),
    (RE_IMPORTS, r"\bre-? ?imports?\b|реимпорт\w*|tái nhập"),
    (
        BALANCE,
        r"сальдо|\bbalances?\b|\bsurplus\b|\bdeficits?\b|\bnet exports?\b|чист\w* экспорт\w*|"
        r"cán cân",
    ),
    (
        TURNOVER,
        r"внешнеторгов\w* оборот\w*|товарооборот\w*|\bоборот\w*|\bturnover\b|\btwo-?way trade\b|"
        r"\btrade volume\b|"
        r"\btotal (?:foreign |external |bilateral |mutual |merchandise |goods )?trade\b|\btrade,? total\b|"
        r"об[ъь]?[её]м\w* (?:взаимной |внешней )?торговли|tổng kim ngạch|kim ngạch xuất nhập khẩu",
    ),
    (EXPORTS, r"экспорт(?!ер|ёр)\w*|\bexp(?:orts?|orted)?\b\.?|xuất khẩu|\bвывоз\w*|\btxg\b"),
    (IMPORTS, r"импорт(?!ер|ёр)\w*|\bimp(?:orts?|orted)?\b\.?|nhập khẩu|\bввоз\w*|\btmg\b"),
)
FLOW_CODES = {  # of a column that names the flow
    **dict.fromkeys(("x", "e", "ex", "2", "exp"), EXPORTS),
    **dict.fromkeys(("m", "i", "im", "1", "imp"), IMPORTS),
    **dict.fromkeys(("rx", "3"), RE_EXPORTS),
    **dict.fromkeys(("rm", "4"), RE_IMPORTS),
    **dict.fromkeys(("bal", "b"), BALANCE),
}
_KINDS = (  # why a figure is no amount of money
    (
        "a share",
        r"удельн\w* вес|\bдол[яиюей]\b|\bshares?\b|структур\w*|\bstructure\b|% of (?:the )?total|"
        r"\bв % к итогу",
    ),
    (
        "a growth rate or index",
        r"%|\bпроц\w*|\bper ?cent\w*|\bpct?\b|\bрост\w*|прирост\w*|\bтемп\w*|\bgrowth\b|\bchanges?\b|"
        r"изменени\w*|"
        r"\bиндекс\w*|\bind(?:ex|ices)\b|\byoy\b|\by[/-]o[/-]y\b|к (?:соответств|предыдущ|аналогичн)\w*|"
        r"\b(?:previous|preceding) year\b|tốc độ",
    ),
    (
        QUANTITY,
        r"\bкг\b|\bkgs?\b|килограмм\w*|\bтонн\w*|\bton(?:ne)?s?\b|\bнетто\b|net ?we?i?gh?t|\bweight\b|"
        r"\bвес\b|\bмасса\b|"
        r"\bqty\b|\bquantit\w*|количеств\w*|\bкол-во\b|\bшт\b\.?|\bштук\w*|\bpieces?\b|\bлитр\w*|"
        r"\blit(?:er|re)s?\b|"
        r"\bnumber of\b|физическ\w* об[ъь]?[её]м\w*|\bvolume ind\w*",
    ),
    (
        "a plan or forecast",
        r"прогноз\w*|\bплан(?:ов\w*|ы|а)?\b|\bforecasts?\b|\bproject(?:ed|ions?)\b|"
        r"\bplan(?:ned|s)?\b|\btargets?\b|"
        r"\bdự báo\b|\bkế hoạch\b",
    ),
    (
        AVERAGE,
        r"\b(?:averages?|avg|mean|median)\b(?!(?: \w+){0,2} (?:exchange|rates?)\b)|"
        r"\bсредн(?!\w*(?: \w+)? курс)\w*|\bв среднем\b|\brolling\b|\bmoving\b|\btrailing\b|скользящ\w*|"
        r"\bannuali[sz]ed\b|в годовом выражении|\bper (?:capita|head|person|day|month)\b|на душу|"
        r"\b12[- ]month (?:sums?|totals?)\b|\bsmoothed\b|\bcagr\b|\btrung bình\b|\bbình quân\b",
    ),
    (
        SERVICES,
        r"\b(?:trade|exports?|imports?|turnover) (?:(?:in|of) )?(?:commercial |transport )?services\b|"
        r"\bservices (?:trade|exports?|imports?|turnover)\b|"
        r"(?:торговл\w*|экспорт\w*|импорт\w*|оборот\w*) (?:(?!и )\w+ )?услуг\w*",
    ),
    ("a price", r"\bцен[аыу]\b|(?<!current )(?<!constant )\bprices?\b|\bunit values?\b"),
    ("a ratio", r"коэффициент\w*|\bratios?\b|\bcoverage\b"),
)
_CUMULATIVE = re.compile(
    r"нарастающ\w* итог\w*|с начала (?:\d{4} )?года|\bcumulative\w*|\byear-? ?to-? ?date\b|\bytd\b|"
    r"\bsince (?:the beginning of the year|january)\b|l[uũ]ỹ kế|lũy kế|cộng dồn"
)
_UNFINISHED = re.compile(
    r"\bto date\b|\bso far\b|\bpart(?:ial(?:ly)?|[- ]year)\b|\bincomplete\b|\bunfinished\b|"
    r"\bнеполн\w*|\bне полност\w*|\bна текущую дату\b"
)
_UNTIL_MONTH = re.compile(
    rf"\b(?:through|thru|up to|until|till?|as (?:of|at)|до|по состоянию на)"
    rf" (?:the )?(?:end (?:of )?|конца )?{dates.A_MONTH}"
)
_TOTAL = re.compile(
    r"\b(?:всего|итого|grand total|sub-?total|totals?|all (?:countries|commodities|products|partners|"
    r"goods|items)|"
    r"все (?:товары|страны|группы)|world|tổng số|tổng cộng|tổng)\b"
)
_ADJUSTED = re.compile(
    r"(?<!not )\bseasonally adjusted\b|\bsa\b(?=\W*\Z)|сезонно скорректирован\w*|с устранением сезонност\w*"
)
_FILLERS = re.compile(
    r"\b(?:of which|в том числе|в т\.?ч\.?|из них|including|of|in|the|and|by|from|to|for|at|with|"
    r"и|в|из|с|со|по|на|за|"
    r"г|года?|"
    r"value|values|amount|trade|goods|merchandise|стоимость|сумма|товар\w*|торговл\w*|trị giá|hàng hóa|"
    r"year|период|"
    r"not|basis|current|prices|ед|изм|единиц\w*|измерени\w*|units?|usd|prel\w*|prov\w*|предварительн\w*|"
    r"sơ bộ)\b|[^\w&]|_"
)
_CODED = re.compile(r"([ie])(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|yr)")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_STATUS = re.compile(
    r"\b(?P<prel>prel\w*|provisional|предварительн\w*|sơ bộ)\b|\b(?P<rev>revised|уточн[её]нн\w*)\b"
)


@dataclass(frozen=True, slots=True)
class Label:
    """What a text beside or above figures says of them.

    ``kind`` is why they are no amounts (a share, a quantity); ``both``: it names exports and imports alike;
    ``unfinished``: of their time not all has passed; ``name`` is what is left, such as a country or a group
    of goods; ``marks`` are its footnotes.
    """

    text: str = ""
    flow: str | None = None
    both: bool = False
    moment: Moment | None = None
    denomination: Denomination = UNSTATED
    kind: str | None = None
    total: bool = False
    cumulative: bool = False
    unfinished: bool = False
    adjusted: bool = False
    name: str = ""
    marks: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()

    def over(self, outer: Label) -> Label:
        """This, and what it leaves open from further out."""
        if outer == NOTHING:
            return self
        return Label(
            " / ".join(dict.fromkeys(filter(None, (outer.text, self.text)))),
            self.flow or outer.flow,
            self.both or outer.both,
            self.moment.over(outer.moment) if self.moment else outer.moment,
            self.denomination.over(outer.denomination),
            self.kind or outer.kind,
            *self._summed(outer),
            " ".join(filter(None, (outer.name, self.name))),
            outer.marks + self.marks,
            outer.statuses + self.statuses,
        )

    def _summed(self, outer: Label) -> tuple[bool, bool, bool, bool]:
        """What this or one further out says of the sum: total, cumulative, unfinished, adjusted."""
        return (
            self.total or outer.total,
            self.cumulative or outer.cumulative,
            self.unfinished or outer.unfinished,
            self.adjusted or outer.adjusted,
        )


NOTHING = Label()


def joined(labels: Iterable[Label]) -> Label:
    """Several labels of the same figures as one, the outermost first."""
    label = NOTHING
    for inner in labels:
        label = inner.over(label)
    return label


def plain(text: str) -> str:
    """A text as it is searched: lower case, plain dashes and blanks, the words of ``exportsUsd`` apart."""
    spaced = _CAMEL.sub(" ", tidy(text).translate(DASHES)).replace("_", " ")
    return spaced.lower().replace("ё", "е") if len(text) <= 400 else spaced[:400].lower()


def _uncoded(text: str) -> str:
    """A heading in words where it is a code of the Census Bureau: ``IJAN`` are imports of January."""
    code = _CODED.fullmatch(text)
    return f"{'imports' if code[1] == 'i' else 'exports'} {code[2].replace('yr', 'year')}" if code else text


@keep(4 * MEGABYTE)
def parse(text: str, order: str | None = None) -> Label:
    """Read a label; ``order`` is that of day and month in its dates."""
    rest, marks = _without_notes(_uncoded(plain(text)))
    kind = next((kind for kind, pattern in _KINDS if re.search(pattern, rest)), None)
    cumulative, adjusted = bool(_CUMULATIVE.search(rest)), bool(_ADJUSTED.search(rest))
    unfinished = bool(_UNFINISHED.search(rest))
    rest = _UNFINISHED.sub(" ", _CUMULATIVE.sub(" ", rest))
    statuses = _statuses(rest)
    flow, both, rest = _flow(rest)
    open_ended = _UNTIL_MONTH.search(rest) is not None
    moment, rest = dates.scan(rest, order)
    kind = kind or (UP_TO if open_ended and _is_month(moment) else None)
    denomination, rest = denominations.parse(rest)
    total = _TOTAL.search(rest) is not None
    name = " ".join(_FILLERS.sub(" ", _TOTAL.sub(" ", rest)).split())
    summed = (total, cumulative, unfinished, adjusted)
    return Label(tidy(text), flow, both, moment, denomination, kind, *summed, name, marks, statuses)


def _is_month(moment: Moment | None) -> bool:
    """Whether a time is a single month, without a day."""
    return moment is not None and moment.day is None and len(set(moment.months or ())) == 1


def _without_notes(text: str) -> tuple[str, tuple[str, ...]]:
    """A text without the footnote marks at its end, and these."""
    marks: list[str] = []
    while (note := numbers.NOTE.search(text)) and note.start():
        marks.append(note.group().strip(" ()[]"))
        text = text[: note.start()]
    return text, tuple(marks)


def _statuses(text: str) -> tuple[str, ...]:
    match = _STATUS.search(text)
    if match is None:
        return ()
    return ("provisional",) if match["prel"] else ("revised",)


def _flow(text: str) -> tuple[str | None, bool, str]:
    """The flow that a text names, whether it names both, and the rest of it."""
    names: list[str] = []
    for flow, pattern in _FLOWS:
        shorter, count = re.subn(pattern, " ", text)
        if count:
            names.append(flow)
            text = shorter
    if names == [EXPORTS, IMPORTS]:
        return None, True, text
    return (names[0] if names else None), False, text
