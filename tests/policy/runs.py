"""Many jobs side by side, as the rules see them: what the AI got wrong, in which lots, and how late that was settled.

One row a job, one column a part, in the order of the draws. Of each lot the first three parts are counted, so only
those are made, unless a test asks for more; delays are told in parts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspection.policy.counting import PER_LOT
from inspection.policy.evalues import log_e_below_many

Whole = NDArray[np.int64]
Truth = NDArray[np.bool_]
NEVER = 10**9
WORSE = 5
"""One lot in ten has so many times as many errors as the mean: as parts of one lot that are bad for one reason."""


@dataclass(frozen=True)
class Runs:
    """`wrong`: the AI errs. `differs`: it and the first person differ, so that the part waits for a second one, until
    column `settled`; for ever where it was lost."""

    wrong: Truth
    differs: Truth
    settled: Whole


def runs(
    *,
    error: float,
    seed: int,
    parts: int,
    many: int = 2_000,
    clumped: bool = True,
    per_lot: int = PER_LOT,
    slips: float = 0.02,
    latest: int = 300,
    lost: float = 0.1,
) -> Runs:
    """Jobs whose AI errs in a share `error` of the parts.

    `clumped`: errors come in bad lots, of which `per_lot` parts are made. People slip in a share `slips` of the parts,
    and are put right later. A difference is settled up to `latest` parts later, agreements at once; a share `lost` of
    what the AI got wrong nobody ever settles.
    """
    chance = np.random.Generator(np.random.PCG64(seed))
    bad = chance.random((many, parts // per_lot)) < 0.1
    rate = error * np.where(bad, WORSE, (1 - 0.1 * WORSE) / 0.9) if clumped else np.full(bad.shape, error)
    wrong = chance.random((many, bad.shape[1] * per_lot)) < np.repeat(rate, per_lot, axis=1)
    differs = wrong | (chance.random(wrong.shape) < slips)
    late = np.arange(wrong.shape[1]) + chance.integers(1, latest + 1, wrong.shape)
    for_ever = wrong & (chance.random(wrong.shape) < lost)
    return Runs(wrong=wrong, differs=differs, settled=np.where(for_ever, NEVER, late))


def errors_so_far(made: Runs) -> Whole:
    """Errors after each part: what is not settled yet is one."""
    return np.cumsum(made.differs, axis=1) - np.cumsum(_settled_at(made, made.differs & ~made.wrong), axis=1)


def left_out_until_settled(made: Runs) -> tuple[Whole, Whole]:
    """Errors and parts after each part by the rule that only looks right: what is not settled yet is left out."""
    agreed = (~made.differs).astype(np.int64)
    return np.cumsum(_settled_at(made, made.wrong), axis=1), np.cumsum(agreed + _settled_at(made, made.differs), axis=1)


def _settled_at(made: Runs, which: Truth) -> Whole:
    """How many of these parts are settled while each part passes."""
    found = np.zeros(which.shape, dtype=np.int64)
    run, part = np.nonzero(which & (made.settled < which.shape[1]))
    np.add.at(found, (run, made.settled[run, part]), 1)
    return found


def most_errors(*, bar: float, alpha: float, parts: int) -> Whole:
    """By the number of parts, from 0: with how many errors at most the bar is proven; -1 where with none."""
    k, n = np.arange(parts // 10)[:, None], np.arange(parts + 1)[None, :]
    proven = (log_e_below_many(np.minimum(k, n), n, bar) >= -np.log(alpha)) & (k <= n)
    return np.asarray(proven.sum(axis=0) - 1)


def proven_after(k: Whole, n: Whole | None = None, *, bar: float, alpha: float = 0.05, least: int = 0) -> Whole:
    """After how many parts each job's bar is first proven, looked at after every one; `NEVER` for never."""
    parts = k.shape[1]
    counted = np.broadcast_to(np.arange(1, parts + 1), k.shape) if n is None else n
    proven = (k <= most_errors(bar=bar, alpha=alpha, parts=parts)[counted]) & (counted >= least)
    return np.where(proven.any(axis=1), proven.argmax(axis=1) + 1, NEVER)
