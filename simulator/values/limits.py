"""Every limit of what is accepted, stated once: messages and ``docs/limits.md`` are made of it.

What lies inside is answered in seconds and within a gigabyte, a question about it in minutes; what lies
outside is refused before it is worked out. ``tests/test_limits.py`` holds each at its edge.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

ROOMS = ("a scenario file", "a scenario", "a table of statistics", "the page", "a question")


@dataclass(frozen=True)
class Limit:
    """The most that is accepted of something.

    Args:
        of: in what it is, one of ``ROOMS``.
        name: what is counted, in the plural.
        most: how many are accepted.
        why: what more would cost, or why nobody needs more.
        mend: what to do where there are more, as words that end a message.
        per: how many of what is counted make one of the name, such as milliseconds a second.
    """

    of: str
    name: str
    most: int
    why: str
    mend: str
    per: int = 1

    def exceeded(self, count: int, what: str = "") -> str | None:
        """What is wrong with so many; None where so many are accepted.

        Args:
            count: how many there are.
            what: more words on what is counted, such as which measure.
        """
        if count <= self.most:
            return None
        counted = f"{self.name} ({what})" if what else self.name
        return f"found {self.shown(count)} {counted}, expected at most {self.shown(self.most)}; {self.mend}"

    def shown(self, count: int) -> str:
        """So many, in words of the name; parts are rounded up, so that what is too much looks it."""
        return f"{count:,}" if self.per == 1 else f"{math.ceil(10 * count / self.per) / 10:,.1f}"

    def require(self, count: int, what: str = "") -> None:
        """Refuse more than are accepted.

        Raises:
            ValueError: there are more.
        """
        if message := self.exceeded(count, what):
            raise ValueError(message)


_FILE, _SCENARIO, _TABLE, _PAGE, _QUESTION = ROOMS

# a scenario file, before it is understood
FILE_BYTES = Limit(
    _FILE,
    "bytes",
    2_000_000,
    "the largest file in use has 60 kB; a file is read whole",
    "keep one case a file",
)
FILE_VALUES = Limit(
    _FILE,
    "values",
    100_000,
    "each is a node with its line",
    "write figures that follow one another as a series",
)
FILE_LEVELS = Limit(_FILE, "levels of nesting", 20, "a scenario needs six", "write it flatter")
FILE_BASES = Limit(
    _FILE, "files that extend one another", 10, "each is read and merged", "merge some of them into one"
)
DIGITS = Limit(_FILE, "digits of a number", 30, "no statistics office prints more", "round it")
LETTERS = Limit(
    _FILE,
    "letters of a text",
    20_000,
    "a text is shown and printed wherever it is spoken of",
    "keep it shorter, and the rest in a document of its own",
)

# a scenario, before anything is worked out
FIGURES = Limit(
    _SCENARIO,
    "figures on all readings of the data",
    6_000,
    "forty streams by month over twelve years; each is held against the others",
    "leave out those that others add up to, or that lie furthest back",
)
FIGURES_OF_A_MEASURE = Limit(
    _SCENARIO,
    "figures of one measure",
    1_200,
    "forty years of months, quarters, years and sums of the year so far; what overlaps is solved for",
    "leave out those that others add up to, or that lie furthest back",
)
FIGURES_OF_ONE_SUM = Limit(
    _SCENARIO,
    "figures of one sum",
    50,
    "each is held against each other of the same months",
    "keep the latest, and other readings under alternatives",
)
UNCERTAIN_FIGURES = Limit(
    _SCENARIO,
    "figures with an error, or between bounds",
    2_000,
    "each has a draw of its own in every future",
    "state errors of yearly sums, or leave out those that lie furthest back",
)
MEASURES = Limit(
    _SCENARIO,
    "measures that figures speak of",
    300,
    "each splits the streams further",
    "leave out sums of streams that are published one by one",
)
READINGS = Limit(
    _SCENARIO,
    "other readings of the data",
    10,
    "each is a law and an answer of its own",
    "leave out those that differ least, or compare files",
)
STREAM_YEARS = Limit(
    _SCENARIO,
    "years of streams between the first figure and the target",
    1_500,
    "forty streams over thirty-seven years; months far back are one unknown a year",
    "drop the oldest figures, use fewer streams or an earlier target",
)
STREAM_YEARS_AND_SHOCKS = Limit(
    _SCENARIO,
    "years of streams and months of shocks between the first figure and the target",
    1_800,
    "each month of a known shock is an unknown of its own",
    "shorten the shocks",
)
UNKNOWNS = Limit(
    _SCENARIO,
    "months and years of streams that the figures tell apart",
    1_800,
    "the law is a matrix of them: time grows with the cube, memory with the square",
    "use fewer streams, or figures whose periods begin and end together",
)
SUMS = Limit(
    _SCENARIO,
    "figures of which no sum of a year follows",
    1_500,
    "the law is fitted to each",
    "state whole years where months are missing, or leave out those that lie furthest back",
)
LAW_WORK = Limit(
    _SCENARIO,
    "million multiplications for the laws of the figures",
    25_000,
    "every reading of the data, and every other setting of the model, has a law of its own",
    "use fewer figures whose periods overlap, fewer streams or fewer other readings",
)
HORIZON = Limit(
    _SCENARIO,
    "whole years from as_of to the end of the target",
    50,
    "no announcement looks further ahead; beyond, the law's own assumptions decide alone",
    "ask for an earlier year",
)
MONTHS_AHEAD = Limit(
    _SCENARIO,
    "months of streams between the last figure and the target",
    6_500,
    "forty streams over thirteen years, or ten over fifty; each is drawn in every future",
    "use fewer streams or an earlier target",
)
TARGETS = Limit(
    _SCENARIO,
    "targets, each period and each earlier form counted",
    100,
    "each is a total of its own in every future",
    "ask for fewer periods",
)
DRIVERS = Limit(
    _SCENARIO,
    "levers and risks",
    300,
    "the answer without each of them is worked out as well",
    "put small measures of one kind together",
)
ITEMS = Limit(
    _SCENARIO,
    "ventures, deals and amounts by period in all levers and risks",
    1_000,
    "each is drawn in every future",
    "state larger ones, or fewer",
)
CHAIN = Limit(
    _SCENARIO,
    "levers and risks each of which requires the next",
    20,
    "each waits for all behind it, in every future",
    "let several require the same one",
)
SHOCKS = Limit(
    _SCENARIO,
    "known shocks",
    100,
    "each has an effect of its own on each of its streams and months",
    "keep those that trade shows",
)
RATE_PERIODS = Limit(
    _SCENARIO,
    "periods for which rates of exchange are stated",
    1_000,
    "each is a step of its own for every amount",
    "state rates by quarter or year",
)
REMARKS = Limit(
    _SCENARIO,
    "entries of the log and comments",
    5_000,
    "each comment must lead somewhere",
    "keep those of the last years",
)
ITEM_MONTHS = Limit(
    _SCENARIO,
    "months ahead of all ventures, deals and amounts by period",
    300_000,
    "each month of each is drawn in every future",
    "state larger ones, or fewer, or an earlier target",
)
TARGET_MONTHS = Limit(
    _SCENARIO,
    "months of streams in all targets, with each lever and risk off in turn",
    60_000,
    "each is worked out in every future, and again under other settings and on other readings",
    "ask for fewer periods or yearly ones, or use fewer streams or levers",
)
YEARS_LISTED = Limit(
    _SCENARIO,
    "years without figures of all totals and partners that an answer lists",
    160,
    "each has quantiles of its own",
    "state figures for the years between, name fewer partners, or ask for an earlier target",
)
DRAWN_MONTHS = Limit(
    _SCENARIO,
    "draws of months ahead of all streams, levers and risks",
    50_000_000,
    "each is held in memory, of levers with a quota or in an overlap group by stream: a gigabyte in all",
    "ask for fewer points, fewer streams or levers, or an earlier target",
)

ANSWER_WORK = Limit(
    _SCENARIO,
    "seconds of work for one answer",
    4_300,
    "estimated from all sizes together, of which each may be within its limit; five seconds with what is off",
    "make less of what weighs most: the message says what",
    per=1000,
)
ANSWER_MEMORY = Limit(
    _SCENARIO,
    "megabytes of memory for one answer",
    1_000,
    "estimated from all sizes together",
    "make less of what weighs most: the message says what",
)

# a table of statistics
TABLE_BYTES = Limit(_TABLE, "bytes", 30_000_000, "it is read whole", "keep the rows of the pair only")
TABLE_CELLS = Limit(
    _TABLE, "cells", 600_000, "each is looked at several times", "keep the rows of the pair only"
)
TABLE_TEXTS = Limit(
    _TABLE,
    "different names and dates",
    10_000,
    "each is read for a country, a flow, a time and a unit",
    "keep the rows of the pair only",
)
TABLE_COLUMNS = Limit(_TABLE, "columns", 2_000, "each may be a period", "keep the columns that are meant")
WORKBOOK_BYTES = Limit(
    _TABLE,
    "bytes of a workbook once it is unpacked",
    40_000_000,
    "a small file may unpack to a very large one",
    "save the one sheet that is meant as CSV",
)
WORKBOOK_CELLS = Limit(
    _TABLE,
    "cells of all sheets of a workbook",
    600_000,
    "each is unpacked and its format looked up",
    "save the one sheet that is meant as CSV",
)
WORKBOOK_PARTS = Limit(
    _TABLE, "parts of a workbook", 2_000, "each is unpacked", "save the one sheet that is meant as CSV"
)
SHEET_BYTES = Limit(
    _TABLE,
    "bytes of a workbook of assumptions once it is unpacked",
    6_000_000,
    "some thousands of figures, read in seconds",
    "write it out again with python -m simulator sheet",
)

# the page, and what comes to it from outside
UPLOAD_BYTES = Limit(
    _PAGE, "bytes of a file that is uploaded", FILE_BYTES.most, FILE_BYTES.why, FILE_BYTES.mend
)
LINK_LETTERS = Limit(
    _PAGE, "letters of a link", 8_192, "addresses carry no more", "hand over the file instead"
)
MOVE_BYTES = Limit(
    _PAGE, "bytes of one move of a control", 4_096, "it is a name and a number", "reload the page"
)

# a question
SETS = Limit(
    _QUESTION,
    "sets that are compared",
    20,
    "each is an answer, and its difference is split over all that changed",
    "compare them a few at a time",
)
POINTS_MOST = Limit(
    _QUESTION,
    "points",
    2**20,
    "the error is a hundredth of a point with two thousand",
    "take a power of two such as 2048",
)
ANSWERS = Limit(
    _QUESTION,
    "answers that it asks for",
    20_000,
    "each is a simulation of some milliseconds",
    "ask of fewer levers, dates or figures at a time",
)
QUESTION_WORK = Limit(
    _QUESTION,
    "seconds of work for all answers that it asks for",
    300,
    "five minutes of one core, as estimated; Ctrl-C stops it",
    "ask of fewer levers, dates or figures at a time, for fewer points, or for an earlier target",
)
BACKTEST_CASES = Limit(
    _QUESTION,
    "forecasts of a backtest whose origins are not stated",
    600,
    "a few minutes; more are thinned out evenly",
    "state --origins",
)
SWEEP_SETS = Limit(
    _QUESTION,
    "sets of a sweep",
    100_000_000,
    "a row each: two days of a machine of sixteen cores, and some gigabytes on its disk",
    "vary less, or sample with --n",
)
SWEEP_VALUES = Limit(
    _QUESTION,
    "values of one number of a sweep",
    100_000,
    "each is listed in what is written",
    "name fewer, or sample between two ends",
)
WORKERS = Limit(
    _QUESTION,
    "processes of one machine",
    1_024,
    "each holds a few hundred megabytes, and more than there are cores is of no use",
    "leave the number out: one a core",
)
PUBLICATIONS = Limit(
    _QUESTION,
    "days of publication in the course of a target",
    250,
    "twenty years of months; each is an answer before and after, split over its figures",
    "leave published out of the oldest figures, which then stand at the start",
)
BOARD_FILES = Limit(
    _QUESTION,
    "scenario files of a folder in one table",
    1_000,
    "each is answered, a quarter of a second or more",
    "keep what is settled in another folder",
)

LIMITS: tuple[Limit, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Limit))
