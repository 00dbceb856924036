"""Sentences on one answer: its headline, the distance to the target, the coming quarter."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from simulator.analysis.evidence import Evidence
from simulator.model.result import Result
from simulator.report.amounts import (
    Stated,
    alternatives_span,
    asked,
    asked_size,
    condition,
    distance,
    exact_value,
    money,
    probability,
    subject,
    value,
    without_levers,
)
from simulator.report.names import named
from simulator.report.tables import Row, quarter_table
from simulator.report.words import context as context_words
from simulator.report.words import evidence as evidence_words
from simulator.scenario import Target
from simulator.scenario.targets import Kind, Revision
from simulator.values.numerals import decimals, fixed, percent
from simulator.values.periods import Period, in_turn, year
from simulator.values.wording import capital

# How to read the charts and tables of a document
FAN = (
    "Grey: published, striped where only some months are. Blue: the median and the bands around it. Orange: "
    "the target. Dotted: the median without the measures."
)
FUTURES = "Each dot is one of a hundred equally likely futures; the dashed line is the target."
WATERFALL = (
    "What the answer loses when one alone is switched off; 'overlap' is what they lose to one another, or "
    "add to one another, beyond that."
)
ALTERNATIVES = (
    "Dot: the answer. Marks: what it would be under each other setting or reading. Bar: their span."
)
BANDS = "The percentage over a column is the chance that trade turns out below the amounts in it."
RANGE = (
    "A setting that the scenario states itself stays as stated in all of them. The range is no worst and "
    "best case: it says how far the answer depends on the model and on whose figures are read."
)
NO_RANGE = (
    "The scenario states every setting of the model itself and has no other reading of the data: there is "
    "no range beside its answer."
)
DECIDED = "Published figures decide the target: no other setting gives another answer."

BOUNDS = {"less than": "more than", "more than": "less than"}
SAME_SHARE = 0.03  # shares of a year that are less apart are about the same


def verdict(result: Result, *, ranged: bool = True) -> str:
    """The first line: to be reached, to be missed, and the range under other settings of the model.

    Without ``ranged`` no range is worked out.
    """
    reached = probability(result)
    missed = missing(result)
    if result.decided:
        return f"{reached} to be reached, {missed} to be missed: published figures decide it."
    several = ranged and len(result.probability_range.sources) > 1
    between = f" ({alternatives_span(result)} under other model settings)" if several else ""
    return capital(f"{reached} to be reached{between}, {missed} to be missed.")


def missing(result: Result) -> str:
    """The probability of a miss in percent: as it is shown, it and ``probability`` add up to 100."""
    shown = probability(result).removesuffix(" %")
    for bound, other in BOUNDS.items():
        if shown.startswith(bound):
            return f"{other} {100 - Decimal(shown.removeprefix(bound).strip())} %"
    return f"{100 - Decimal(shown)} %"


def hundred(result: Result) -> str:
    """The probability as a count of futures: ``Of 100 futures, 31 reach $1,000m.``.

    Of more where a hundred would round it to none or all.
    """
    shown = probability(result).removesuffix(" %")
    for bound, words in (("less than", "fewer than one reaches"), ("more than", "all but one or none reach")):
        if shown.startswith(bound):
            return f"Of 10,000 futures, {_verb(result, words)} {goal(result)}."
    places = -int(Decimal(shown).as_tuple().exponent)
    count = int(Decimal(shown) * 10**places)
    verb = "reaches" if count == 1 else "reach"
    return f"Of {100 * 10**places:,} futures, {_verb(result, f'{count:,} {verb}')} {goal(result)}."


def _verb(result: Result, words: str) -> str:
    """The verb that a target takes: an amount is reached, a ceiling kept, all else met."""
    if len(result.targets) > 1 or not _amount(result.leading):
        return words.replace("reach", "meet").replace("meetes", "meets")
    if result.leading.floor:
        return words
    return words.replace("reaches", "stays within").replace("reach", "stay within")


def _amount(target: Target) -> bool:
    return target.kind is Kind.AMOUNT and target.measure != "balance"


def goal(result: Result) -> str:
    """What is to be reached, in the target's own words: ``$1,000m``, ``the target of ...``."""
    if len(result.targets) > 1:
        return "both targets" if len(result.targets) == 2 else f"all {len(result.targets)} targets"
    target = result.leading
    if _amount(target):
        return asked(result, target) if target.floor else f"the ceiling of {asked(result, target)}"
    return f"the {target.noun}: {wanted(result, target)}"


def headline(result: Result, evidence: Evidence | None = None) -> list[str]:
    """The sentences under the verdict: what it rests on, the medians and their distance, what is beyond them.

    ``evidence`` is what stands behind the answer, with its outside view; left out, nothing is said of it.
    """
    return [
        *(backing(result, evidence) if evidence else [hundred(result)]),
        *distances(result),
        *beyond(result),
    ]


def backing(result: Result, evidence: Evidence) -> list[str]:
    """What belongs to the number itself: as futures, its evidence, the outside view, a warning."""
    outside = context_words.sentence(evidence.context)
    lines = [hundred(result), evidence_words.sentence(evidence), outside, evidence_words.warning(evidence)]
    return [line for line in lines if line]


# What is asked


def title(result: Result) -> str:
    """A title built from the targets as they stand: ``Belarus and Kazakhstan: at least $1,000m of turnover``.

    A scenario's own title is the name of its case; once a target is moved it may be false.
    """
    scenario = result.scenario
    parties = " and ".join(filter(None, (scenario.home, scenario.partner)))
    goals = " and ".join(wanted(result, target) for target in scenario.target)
    return f"{parties}: {goals}" if parties else capital(goals)


def wanted(result: Stated, target: Target) -> str:
    """What a target asks for, without a verb: ``at least $1,000m of turnover in 2020``."""
    quantity, name = target.alone[0].quantity, named(result.scenario, target.measure).text
    when = in_turn([alone.period for alone in target.alone])
    if target.measure == "balance":
        return f"{_balance(result, target)} in {when}"
    much = f"{target.bound} {asked(result, target)}"
    if quantity.kind is Kind.SHARE:
        return f"{name} {much} of {named(result.scenario, quantity.of or '').text} in {when}"
    if quantity.kind is Kind.AMOUNT:
        return f"{much} of {name} in {when}"
    if quantity.since == target.alone[0].period.shift(-12) and not quantity.compound:
        return f"{name} up {much} in {when}"
    a_year = " a year" if quantity.compound else ""
    return f"{name} up {much}{a_year} from {quantity.since} to {when}"


def _balance(result: Stated, target: Target) -> str:
    """What is asked of a balance, by the name that its sign has: ``a deficit of at most $300bn``."""
    if not target.amount:
        return "no deficit" if target.floor else "no surplus"
    surplus = target.amount > 0
    bound = "at least" if target.floor == surplus else "at most"
    size = asked_size(result, target, abs(target.amount))
    return f"a {'surplus' if surplus else 'deficit'} of {bound} {size}"


# The distance to the targets


def distances(result: Result) -> list[str]:
    """How far the median of each target's total is from the target, the least likely target first."""
    return [_distance(result, target, chance) for target, chance in result.target_probabilities]


def _distance(result: Result, target: Target, chance: float) -> str:
    total = result.flows.quantity(target.quantity)
    middle = float(target.quantity.from_ratio(total.quantile([0.5])[0]))
    noun = "total" if total.constant else "median"
    amount, side = _apart(result, target, middle)
    if len(result.targets) == 1:
        return f"The {noun} for {target.period} is {amount}, {side}."
    likely = percent(chance, decided=total.constant)
    return f"That {condition(result, target)} is {likely} likely by itself: its {noun} is {amount}, {side}."


def _apart(result: Result, target: Target, middle: float) -> tuple[str, str]:
    """The middle of a total, and on which side of its target it is and how far from it."""
    gap, quantity = middle - target.amount, target.quantity
    if not gap:
        return exact_value(result, quantity, middle), f"which is the {target.noun}"
    factor = quantity.factor
    digits = decimals([factor * middle, factor * target.amount])
    above, below = ("above" if target.floor else "over"), "below"
    apart = distance(result, quantity, abs(gap), digits=digits)
    return value(
        result, quantity, middle, digits=digits
    ), f"{apart} {below if gap < 0 else above} the {target.noun}"


# Beyond the medians


def beyond(result: Result) -> list[str]:
    """What a miss would be like and what growth is still needed; and what the measures do.

    Where there are several targets, the first two are about the leading one.
    """
    lines = [] if result.decided else [_miss_sentence(result), _growth_sentence(result)]
    lines += [_moved_sentence(result), resolution_sentence(result)]
    if result.scenario.levers:
        lines.append(without_sentence(result))
    return [line for line in lines if line]


def _miss_sentence(result: Result) -> str | None:
    """By how much the leading target is missed where it is missed; None where no path misses it."""
    target = result.leading
    if result.shortfall_if_missed is None:
        return None
    alone = len(result.targets) == 1
    what = target.noun if alone else f"{target.noun} for {subject(result, target).rstrip(',')}"
    amount = distance(result, target.quantity, result.shortfall_if_missed)
    if target.floor:
        return f"In the futures that miss the {what}, the typical shortfall is {amount} (half miss by more)."
    return f"In the futures that exceed the {what}, the typical excess is {amount} (half exceed it by more)."


def _moved_sentence(result: Result) -> str | None:
    """How likely the leading target is as it was first set; None where it was never moved."""
    if not result.earlier_targets:
        return None
    day, original, chance = result.earlier_targets[0]
    revision = min(_revisions(result), key=lambda revision: revision.on)
    why = f" ({revision.reason})" if revision.reason else ""
    wanted = " and ".join(condition(result, alone) for alone in original.alone)
    return f"The target was moved: as set on {day}{why}, that {wanted}, it is {percent(chance)} likely."


def _revisions(result: Result) -> Sequence[Revision]:
    return next(target.history for target in result.scenario.target if result.leading in target.alone)


def resolution_sentence(result: Result) -> str | None:
    """What settles the leading target; None where the scenario does not say."""
    settled = result.leading.resolved_by
    return f"It is settled by {settled}." if settled else None


def _growth_sentence(result: Result) -> str | None:
    """What growth a year the leading target takes; None where none is needed, or it has no meaning."""
    if result.growth_needed is None or result.last_published_year is None:
        return None
    base, amount = result.last_published_year
    text = _growth_words(result.growth_needed)
    if len(result.targets) > 1:
        text = f"for {subject(result, result.leading).rstrip(',')} {text}"
    return f"{text[0].upper()}{text[1:]} from the {money(result, amount)} of {base}."


def _growth_words(growth: float) -> str:
    """What growth a year a target takes, as the beginning of a sentence."""
    size = fixed(abs(100 * growth), 1)
    if size == "0.0":
        return "it takes no growth"
    return f"it takes {size} % a year" if growth > 0 else f"it allows a fall of {size} % a year"


def notes(result: Result) -> list[str]:
    """What is to be noted of the answer, then what the scenario notes itself."""
    return [*result.notes, *filter(None, [result.scenario.notes])]


def losses(result: Result) -> str:
    """The caption of what each lever and risk adds; the money is of the first target in the file."""
    targets = result.scenario.target
    of = f"; money: {subject(result, targets[0].alone[0]).rstrip(',')}" if len(targets) > 1 else ""
    return f"What the answer loses when one alone is switched off (they need not sum{of})"


def nothing_added(result: Result) -> str:
    """Why there is nothing to draw of what measures and risks add."""
    parts = [part for section in result.contributions.values() for part in section]
    if not parts:
        return "The scenario has no measures."
    if not any(part.driver.enabled for part in parts):
        return "No measure or risk is switched on."
    return "Nothing that is switched on moves the probability by 0.1 percentage points."


def without_sentence(result: Result) -> str:
    """The probability without the measures."""
    return f"Without the measures the probability is {without_levers(result)}."


def bare_sentence(result: Result) -> str:
    """The probability without the levers, and what of the risks then."""
    share = without_levers(result)
    return f"Without any of the measures the probability is {share}; the risks stay as they are."


# The coming quarter


def quarter_sentence(result: Result) -> str | None:
    """What the next quarter may bring, and how that differs from the same one a year earlier.

    Published is called only what is.
    """
    rows = quarter_table(result)
    if not rows:
        return None
    after = rows[-1]
    low, middle, high = (money(result, after[name]) for name in ("p10", "p50", "p90"))
    text = f"{after['period']} is expected at {middle} (80 % band {low} to {high})"
    return f"{text}{_beside_last_year(result, rows[0], after) if len(rows) > 1 else ''}."


def _beside_last_year(result: Result, before: Row, after: Row) -> str:
    """How a quarter stands to the same one a year earlier, and why."""
    base, against = money(result, before["p50"]), _against(result, after["p50"], before["p50"])
    if not result.published(before["measure"], Period.parse(before["period"])):
        return f", {against} the model's median of {base} for {before['period']}, which is not published"
    return f", {against} the {base} of {before['period']}{_seasonal(result, before, after)}"


def _against(result: Result, now: float, then: float) -> str:
    """How an amount stands to an earlier one, in percent; in money where one of them is not positive."""
    direction = "above" if now > then else "below"
    if min(now, then) <= 0:
        return f"{money(result, abs(now - then))} {direction}"
    size = fixed(abs(100 * (now / then - 1)), 0)
    return "about the same as" if size == "0" else f"{size} % {direction}"


def _seasonal(result: Result, before: Row, after: Row) -> str:
    """Why a quarter differs from a published one a year earlier: the share of its year that each makes.

    Nothing where that year is not published, or the measure is a balance.
    """
    shares = _shares(result, before, after)
    if shares is None:
        return ""
    earlier, now = (fixed(100 * share, 0) for share in shares)
    if abs(shares[0] - shares[1]) < SAME_SHARE:
        change = fixed(100 * (after["p50"] / before["p50"] - 1), 0)
        direction = "decline" if change[0] == "-" else "growth"
        why = "" if change == "0" else f", so the difference is {direction}"
        return (
            f": the model expects about the same share of its year ({now} %) as that quarter made "
            f"({earlier} %){why}"
        )
    kind = "heavy" if shares[0] > shares[1] else "light"
    return (
        f": that quarter made {earlier} % of its year, and the model, which takes most of such an unusually "
        f"{kind} quarter as passing, expects {now} % this time"
    )


def _shares(result: Result, before: Row, after: Row) -> tuple[float, float] | None:
    """The share of its year that a quarter made, and that the same one makes a year later."""
    measure, months = after["measure"], Period.parse(after["period"])
    past, present = (year((months.first + shift) // 12) for shift in (-12, 0))
    inside = result.grid.covers(past) and result.grid.covers(present)
    if measure == "balance" or not inside or not result.published(measure, past):
        return None
    earlier, now = (float(result.quantiles(measure, period, [0.5])[0]) for period in (past, present))
    return before["p50"] / earlier, after["p50"] / now
