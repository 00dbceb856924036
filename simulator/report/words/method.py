"""What a document says of the method, and of what it cannot know."""

from __future__ import annotations

METHOD = (
    "The log monthly flows of exports and imports follow a Gaussian law: a level, an underlying growth, a "
    "random walk, passing disturbances, a yearly pattern and an irregular part, correlated between the lines "
    "of trade. "
    "The law is conditioned on the published sums by Gauss-Newton steps, so every path agrees with what is "
    "published. The pair's own surprises set how volatile it is, and one Student-t scale a path, cut at 3, "
    "gives the tails.",
    "Levers and risks shift these flows after the last figure. The law is fitted to pairs that sign deals "
    "and receive visits all the time, so a lever counts only what exceeds the usual run of measures; those "
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
