"""How sums lie in one another, against a look at every pair. Default tier."""

from __future__ import annotations

from simulator.model.equations import Equation
from simulator.model.nesting import Alike
from simulator.values.periods import Period


def test_figures_inside_one_another_are_found_without_looking_at_pairs() -> None:
    def one(first: int, last: int) -> Equation:
        return Equation((), "turnover", (0,), Period(first, last), 1.0, 0.1)

    sums = [one(0, 11), one(0, 5), one(6, 11), one(3, 8), one(0, 11)]
    alike = Alike(sums)
    for period in (Period(0, 11), Period(0, 5), Period(-3, 20), Period(3, 11)):
        inside = [e for e in sums if period.covers(e.period)]
        assert alike.inside(period, itself=True) == inside
        assert alike.inside(period) == [e for e in inside if e.period != period]
        assert list(alike.around(period)) == [e.period.covers(period) and e.period != period for e in sums]
        assert alike.fill(period) == (sum(e.period.months for e in alike.inside(period)) == period.months)
