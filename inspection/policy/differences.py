"""How bad it is that two judges of a part differ: what to look at first."""

from __future__ import annotations

from inspection.vocabulary import Verdict

ESCAPE_CRITICAL, ESCAPE, OVERKILL, UNSETTLED, SLIP = 4.0, 3.0, 2.0, 1.0, 0.0
"""A bad part with a critical defect passed, any other passed, a good part rejected, somebody unsure, a slip."""
WITHIN = 0.99
"""What the score adds stays within the kind of the difference."""


def rank(
    *, opinion: Verdict, verdict: Verdict | None, reference: Verdict | None, score: float, critical: bool
) -> float | None:
    """The worse the higher; None where nobody differs. The reference is the truth where there is one, else what the
    person said; within one kind what the AI was surest of comes first. `critical`: the part has a critical defect."""
    truth = reference or verdict
    if truth is None or opinion == verdict == truth:
        return None
    if truth == Verdict.NG and opinion == Verdict.OK:
        return (ESCAPE_CRITICAL if critical else ESCAPE) + WITHIN * (1 - score)
    if truth == Verdict.OK and opinion == Verdict.NG:
        return OVERKILL + WITHIN * score
    return (SLIP if opinion == truth else UNSETTLED) + WITHIN * abs(2 * score - 1)
