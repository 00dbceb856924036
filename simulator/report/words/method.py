"""What a document and a page say of the method, and of what it cannot know."""

from __future__ import annotations

HOW = (  # in plain words
    "Published figures are taken as they are printed. From them, and from how the trade of many pairs of "
    "countries has moved in the past, the model works out how the coming months may go.",
    "It draws some thousand equally likely futures. In each of them every line of trade grows a little, "
    "swings for good, swings for a while, follows the seasons and meets chance from month to month; all "
    "of them agree with every published figure. How rough a pair is taken to be is learned from its own "
    "past.",
    "Measures and risks act on these futures: each adds or takes what the scenario assumes of it, as "
    "uncertain as that is, from its start on. A measure counts only with what it adds to the usual run of "
    "deals and visits, for that is in the past already, and measures that sell the same goods are held to "
    "a common cap.",
    "The chance is the part of the futures in which the target is reached, worked out more exactly than by "
    "counting. Two scenarios are compared on the same futures, so that a difference is known far better than "
    "either chance.",
    "The range beside a chance is what counts as its uncertainty: what the same scenario gives under other "
    "model settings that fit past trade about as well, and with other readings of the figures.",
)
METHOD = (
    "The log monthly flows of exports and imports follow a Gaussian law: a level, an underlying growth, a "
    "random walk, passing disturbances, a yearly pattern and an irregular part, correlated between the lines "
    "of trade. "
    "The law is conditioned on the published sums by Gauss-Newton steps, so every path agrees with what is "
    "published. The pair's own surprises set how volatile it is, and one Student-t scale a path, cut at 3, "
    "gives the tails.",
    "Measures and risks shift these flows after the last figure. The law is fitted to pairs that sign deals "
    "and receive visits all the time, so a measure counts only what exceeds the usual run of measures; those "
    "that sell the same goods can be held to a common cap.",
    "The probability is no count of simulated paths: along the one direction that moves the target most the "
    "chance is integrated exactly for each of the scrambled Sobol points, and averaged (Griewank, Kuo, "
    "Leovey, Sloan 2018). Its numerical error is the standard error over independent scrambles.",
)
LIMITS = (
    "The range beside a probability, not its numerical error, is the uncertainty of the answer: it holds "
    "the parameter sets that fit past trade about as well as the best, and the other readings of the data "
    "that the scenario names.",
    "Wars, sanctions, a new union or a pipeline are in the model only as far as they have happened to many "
    "pairs before; they can be named as risks.",
    "Which statistical office is right is not known; product groups without figures, and the months inside "
    "a published sum, are inferred.",
    "Values marked as our assumption rest on no study; another assumption gives another answer.",
    "This is no forecast of one number and no macroeconomic model, and a probability says nothing about how "
    "the target was chosen.",
)
