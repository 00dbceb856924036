"""Numbers as people read them: digits by size, no minus zero, plurals, and nothing rounded to certainty.

Machines get them unrounded.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal

SIGNIFICANT = 3  # figures of the largest of some amounts
APART = 2  # figures of their spread
MOST_DECIMALS = 6  # of an amount: of a billion, that is a thousand
EVEN = 1e-6  # of the largest amount: a smaller spread is no spread
FINEST = 2  # decimals of a percent, beyond which it is said in words
TICKS = 10  # that an axis may have


def decimals(amounts: Iterable[float]) -> int:
    """How many decimals amounts that stand together are written with.

    A column, an axis' tips, or one amount alone.

    The largest has three significant figures, and their spread two, so that they can be told apart; the
    smallest has one, as long as that takes no more than two decimals beyond these.
    """
    known = [float(amount) for amount in amounts if math.isfinite(amount)]
    sizes = [abs(amount) for amount in known if amount]
    if not sizes:
        return 0
    spread = max(known) - min(known)
    least = max(
        0, _places(max(sizes), SIGNIFICANT), _places(spread, APART) if spread > EVEN * max(sizes) else 0
    )
    return min(max(least, min(_places(min(sizes), 1), least + 2)), MOST_DECIMALS)


def tick_decimals(amounts: Iterable[float]) -> int:
    """The decimals that tell the ticks of an axis over some amounts apart.

    In programs that do not choose them themselves.
    """
    known = [float(amount) for amount in amounts if math.isfinite(amount)]
    spread = max(known, default=0.0) - min(known, default=0.0)
    return min(max(0, _places(spread / TICKS, 1)), MOST_DECIMALS) if spread > 0 else decimals(known)


def _places(size: float, significant: int) -> int:
    """The decimals with which a size has so many significant figures once it is rounded to them.

    Below 0 for the large.
    """
    return significant - 1 - int(f"{size:.{significant - 1}e}".partition("e")[2])


def fixed(number: float, digits: int, *, sign: bool = False) -> str:
    """A number with so many decimals and commas between thousands; what rounds to zero has no sign."""
    text = f"{number:{'+' if sign else ''},.{digits}f}"
    return text if text.strip("+-0.,") else text.lstrip("+-")


def points(value: float, digits: int = 1) -> str:
    """A change in percentage points, with its sign: ``+2.1``."""
    return fixed(value, digits, sign=True)


def exact(amount: float) -> str:
    """An amount with all the digits that a file states it with.

    A threshold must never be rounded across a figure.
    """
    return f"{Decimal(f'{amount:.15g}'):,f}"


def grouped(digits: str) -> str:
    """A number as it was stated, digit by digit, with commas between thousands."""
    return f"{Decimal(digits):,f}"


def compact(number: float) -> str:
    """A number with at most four significant figures, never with an exponent: ``0.00005``, ``1,235``."""
    return f"{Decimal(f'{number:.4g}'):,f}" if math.isfinite(number) else f"{number:g}"


def percent(probability: float, digits: int = 0, *, decided: bool = False) -> str:
    """A probability in percent: ``25 %``.

    Near 0 and 1 with more decimals, then in words: only figures make certain.

    Args:
        probability: a fraction.
        digits: decimals, where they are enough.
        decided: whether published figures settle it, so that 0 and 1 are meant.
    """
    if decided and probability in (0, 1):
        return f"{100 * probability:.0f} %"
    least = 100 * min(probability, 1 - probability)
    for places in range(digits, FINEST + 1):
        if least >= 0.95 * 10.0**-places:
            return f"{100 * probability:.{places}f} %"
    return "less than 0.01 %" if probability < 0.5 else "more than 99.99 %"


def share(part: float) -> str:
    """A part of what was counted, in percent: all of it is 100 %, and only all of it."""
    return percent(part, decided=True)


def span(low: float, high: float, *, decided: bool = False) -> str:
    """A range of probabilities: ``15-31 %``, ``less than 0.01 % to 3 %``."""
    first, last = (percent(end, decided=decided) for end in (low, high))
    if first == last:
        return first
    plain = first[0].isdigit() and last[0].isdigit()
    return f"{first.removesuffix(' %')}-{last}" if plain else f"{first} to {last}"


def counted(number: int, noun: str) -> str:
    """A number of things: ``1 other figure``, ``2 other figures``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def enumeration(names: Iterable[str]) -> str:
    """Names as a sentence lists them: ``A, B and C``."""
    *front, last = names
    return f"{', '.join(front)} and {last}" if front else last


def ordinal(number: int) -> str:
    """A place in an order: ``1st``, ``12th``, ``83rd``."""
    last = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number // 10 % 10 == 1 else last}"
