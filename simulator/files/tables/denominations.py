"""Currency and scale in words: ``thousand US dollars``, ``млн долл. США``, ``MIO_EUR``."""

from __future__ import annotations

import re
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
_LETTERS = {"k": 3, "m": 6, "mm": 6, "b": 9}  # beside a currency only: M alone is a flow, or months
_NAMES = {0: ""} | {power: name for name, power in POWERS.items()}
_SQUEEZED = re.compile(r"([$€£₽₸₹])\s*(k|mln|mn|m|bn|b)\b")


@dataclass(frozen=True, slots=True)
class Denomination:
    """What one unit of a figure is worth: a currency, and a power of ten; None where it is not stated."""

    currency: str | None = None
    exponent: int | None = None

    def over(self, outer: Denomination) -> Denomination:
        """This, and what it leaves open from further out."""
        return Denomination(
            self.currency or outer.currency, outer.exponent if self.exponent is None else self.exponent
        )

    def __str__(self) -> str:
        scale = "" if self.exponent is None else _NAMES.get(self.exponent, f"10^{self.exponent}")
        return " ".join(part for part in (scale, self.currency or "") if part) or "units"


UNSTATED = Denomination()


def parse(text: str) -> tuple[Denomination, str]:
    """The denomination named in a text in lower case, and what is left of the text.

    ``thousand million`` multiplies.
    """
    rest = _SQUEEZED.sub(r"\1 \2 ", text.replace("_", " ")) if text else text
    currency, rest = _currency(rest)
    exponent: int | None = None
    for power, pattern in _SCALES:
        shorter, count = re.subn(pattern, " ", rest, count=1)
        if count:
            exponent, rest = power + (exponent or 0), shorter
    if exponent is None and currency is None:
        return UNSTATED, text
    letter = re.search(r"\b(k|mm?|b)\b", rest) if exponent is None else None
    if letter:
        exponent, rest = _LETTERS[letter[1]], rest[: letter.start()] + rest[letter.end() :]
    return Denomination(currency, exponent), rest


def _currency(text: str) -> tuple[str | None, str]:
    for code, pattern in _CURRENCIES:
        shorter, count = re.subn(pattern, " ", text)
        if count:
            return code, shorter
    code_match = _CODES.search(text)
    if code_match:
        return code_match[1].upper(), text.replace(code_match[1], " ")
    return None, text


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
