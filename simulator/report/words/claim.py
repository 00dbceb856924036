"""Sentences on an official statement: what came of it."""

from __future__ import annotations

import math

from simulator.analysis.claim import Claim
from simulator.report.amounts import exact


def outcome(claim: Claim) -> str | None:
    """Whether a statement came true, and the score of the law; None where nothing is published of it yet."""
    if claim.outcome is None or claim.log_score is None:
        return None
    happened = "It came true" if claim.met else "It did not come true"
    score = "minus infinity, for it was given no chance at all"
    if math.isfinite(claim.log_score):
        score = f"{claim.log_score:.2f}"
    published = exact(claim.result, claim.outcome)
    return f"{happened}: {published} was published later; log score {score}."
