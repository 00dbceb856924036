"""Currency and scale in words: ``thousand US dollars``, ``млн долл. США``, ``MIO_EUR``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from simulator.values.units import POWERS

# What offices call a currency, the more exact names first; a bare dollar comes last.
_CURRENCIES = (
    ("CAD", r"канадск\w* долл\w*\.?|canadian dollars?|\bcad?\$|\bc\$"),
    ("AUD", r"австралийск\w* долл\w*\.?|australian dollars?|\bau?\$"),
    ("NZD", r"new zealand dollars?|\bnz\$"),
    ("HKD", r"гонконгск\w* долл\w*\.?|hong kong dollars?|\bhk\$"),
    ("SGD", r"сингапурск\w* долл\w*\.?|singapore dollars?|\bs\$"),
    ("TWD", r"taiwan dollars?|\bnt\$"),
    (
        "USD",
        r"долл?\w*\.?,? ?сша|u\. ?s\. ?(?:dollars?|\$)|\bus ?dollars?|\bus ?\$|\busd\b|\bus\$?d\b|"
        r"dollars? of the united states|united states dollars?|đô la mỹ|đô-la mỹ",
    ),
    ("EUR", r"\bевро\b|\beuros?\b|\beur\b|€|\becu\b"),
    ("BYN", r"белорусск\w* руб\w*\.?|бел\. ?руб\w*\.?|belarusian rub\w*"),
    ("RUB", r"\bруб\w*\.?|\bro?ub(?:les?|\.)|₽"),
    ("KZT", r"\bтенге\b|\btenge\b|₸"),
    ("UZS", r"\bсум(?:ов|ы)?\b|\bsoums?\b"),
    ("KGS", r"\bсом(?:ов|ы)?\b|\bsoms?\b"),
    ("UAH", r"\bгрн\.?|\bгривен\w*|\bhryvnias?\b"),
    ("CNY", r"\bюан\w*|\byuan\b|\brenminbi\b|\brmb\b"),
    ("INR", r"₹|\brs\b\.?|\brupees?\b|\bрупи\w*"),
    ("VND", r"\bđồng\b|\bdong\b|\bvnđ\b"),
    ("JPY", r"\bйен\w*|\bиен\w*|\byen\b"),
    ("KRW", r"\bwon\b|\bвон\b"),
    ("GBP", r"£|\bpounds? sterling\b|\bфунт\w* стерл\w*\.?"),
    ("CHF", r"\bswiss francs?\b|\bшвейцарск\w* франк\w*"),
    ("TRY", r"\bturkish liras?\b|\bтурецк\w* лир\w*"),
    ("AED", r"\bdirhams?\b|\bдирхам\w*"),
    ("USD", r"\bдолл(?:аров|ары|\.)?|\bdollars?\b|\$"),
)
_CODES = re.compile(
    r"\b(usd|eur|gbp|jpy|cny|rub|byn|kzt|uah|uzs|kgs|amd|azn|gel|mdl|tjs|tmt|inr|vnd|krw|thb|myr|idr|php|"
    r"sgd|hkd|twd|"
    r"aud|nzd|cad|chf|sek|nok|dkk|pln|czk|huf|ron|bgn|try|aed|sar|ils|egp|zar|brl|mxn|ars|clp|cop|irr|pkr|"
    r"bdt|lkr)\b"
)
_SCALES = (
    (12, r"\bтрлн\.?|\bтриллион\w*|\btrillions?\b|\btrn?\b"),
    (9, r"\bмлрд\.?|\bмиллиард\w*|\bbillions?\b|\bbill\.|\bbl?ns?\b\.?|\bmrd\b\.?|\btỷ\b"),
    (7, r"\bcrores?\b|\bcr\b\.?"),
    (6, r"\bмлн\.?|\bмиллион\w*|\bmillions?\b|\bmill\b\.?|\bml?ns?\b\.?|\bmio\b\.?|\btriệu\b|\bmil\."),
    (5, r"\blakhs?\b"),
    (3, r"\bтыс\w*\.?|\bthousands?\b|\bthous\b\.?|\bths\b\.?|\bthsd\b\.?|\btsd\b\.?|\bnghìn\b|\bngàn\b"),
    (3, r"(?<![\d.,])['\u2019]?(?:1[ ,.]?)?000s?\b['\u2019]?"),
)
_ROUND = ((5, r"(?<![\d.,])100[ ,.]?000s?\b"), (4, r"(?<![\d.,])10[ ,.]?000s?\b"))  # beside a currency only
_TIMES = {"10": 1, "ten": 1, "tens": 1, "десятки": 1, "100": 2, "hundred": 2, "hundreds": 2, "сотни": 2}
_BEFORE = re.compile(rf"(?<![^\W_])(?P<word>{'|'.join(_TIMES)}|(?P<number>\d[\d.,]*))(?: of)? ?\Z")
_YEAR_OR_ONE = re.compile(r"1|(?:19|20|21)\d\d")
_ADJACENT = re.compile(r"[\s.-]*(?:of )?")
_LETTERS = {"k": 3, "m": 6, "mm": 6, "b": 9}  # beside a currency only: M alone is a flow, or months
_NAMES = {0: ""} | {power: name for name, power in POWERS.items()}
_SQUEEZED = re.compile(r"([$€£₽₸₹])\s*(k|mln|mn|m|bn|b)\b")


@dataclass(frozen=True, slots=True)
class Denomination:
    """What one unit of a figure is worth: a currency, and a power of ten; None where it is not stated.

    ``several``: units are stated, and not which of them is that of the figure.
    """

    currency: str | None = None
    exponent: int | None = None
    several: bool = False

    def over(self, outer: Denomination) -> Denomination:
        """This, and what it leaves open from further out."""
        inner = self if self.exponent is not None or self.several else outer
        return Denomination(self.currency or outer.currency, inner.exponent, inner.several)

    def __str__(self) -> str:
        scale = "" if self.exponent is None else _NAMES.get(self.exponent, f"10^{self.exponent}")
        return " ".join(part for part in (scale, self.currency or "") if part) or "units"


UNSTATED = Denomination()


def parse(text: str) -> tuple[Denomination, str]:
    """The denomination named in a text in lower case, and what is left of the text.

    ``thousand million`` and ``100 million`` multiply; ``5 million`` is an amount and no unit. A text that
    names several units, as ``exports in million USD, imports in thousand``, does not say which is meant.
    """
    rest = _SQUEEZED.sub(r"\1 \2 ", text.replace("_", " "))
    currency, others, unpriced = _currency(rest)
    exponents = _exponents(rest, (*_SCALES, *(_ROUND if currency else ())))
    if not exponents and currency is None:
        return UNSTATED, text
    rest = _without_scales(unpriced)
    if len(set(exponents)) > 1 or (others and len(exponents) > 1):
        return Denomination(None if others else currency, None, several=True), rest
    if exponents:
        return Denomination(currency, exponents[0]), rest
    return _lettered(currency, rest)


def _lettered(currency: str | None, text: str) -> tuple[Denomination, str]:
    """A currency with the scale that a letter beside it says, and the rest of the text."""
    letter = re.search(r"\b(k|mm?|b)\b", text)
    if letter is None:
        return Denomination(currency), text
    return Denomination(currency, _LETTERS[letter[1]]), text[: letter.start()] + text[letter.end() :]


def _exponents(text: str, scales: Sequence[tuple[int, str]]) -> list[int]:
    """The powers of ten of the units that a text names, in its order; words beside one another multiply."""
    words = sorted(
        (match.start(), match.end(), power)
        for power, pattern in scales
        for match in re.finditer(pattern, text)
    )
    exponents: list[int] = []
    behind = -1
    for start, end, power in words:
        if exponents and start >= behind and _ADJACENT.fullmatch(text, behind, start):
            exponents[-1] += power
        elif start >= behind:
            times = _times(text[:start])
            exponents += [] if times is None else [power + times]
        behind = max(behind, end)
    return exponents


def _times(before: str) -> int | None:
    """The power of ten of a number before a unit's scale, 0 without one; None where it makes an amount."""
    match = _BEFORE.search(before)
    if match is None or _YEAR_OR_ONE.fullmatch(match["word"]):
        return 0
    return _TIMES.get(match["word"])


def _without_scales(text: str) -> str:
    """A text without the words of its units."""
    for _, pattern in _SCALES:
        text = re.sub(pattern, " ", text)
    return text


def _currency(text: str) -> tuple[str | None, bool, str]:
    """The currency that a text names first, whether it names others, and the text with blanks for them.

    What a name covers can be no other currency: ``Canadian dollars`` are not dollars.
    """
    places: dict[str, int] = {}
    for name, pattern in _CURRENCIES:
        first = re.search(pattern, text)
        if first:
            places[name] = min(first.start(), places.get(name, first.start()))
            text = re.sub(pattern, _blanks, text)
    for match in _CODES.finditer(text):
        places.setdefault(match[1].upper(), match.start())
    text = _CODES.sub(_blanks, text)
    return min(places, key=lambda name: places[name], default=None), len(places) > 1, text


def _blanks(match: re.Match[str]) -> str:
    """As many blanks as letters were found: what stands around them stays in its place."""
    return " " * len(match.group())


def scale_of(unit: str) -> int | None:
    """The power of ten of a scenario's ``unit``, such as million; None where it is no scale."""
    text = unit.lower().strip()
    denomination, rest = parse(text)
    if denomination.exponent is not None and not re.sub(r"\W", "", rest):
        return denomination.exponent
    return 0 if text in ("unit", "units", "one", "ones", "1") else None


def shifted(number: Decimal, places: int) -> Decimal:
    """A number with its point moved; every digit, and none more, is kept."""
    sign, digits, exponent = number.as_tuple()
    return Decimal((sign, digits, int(exponent) + places))
