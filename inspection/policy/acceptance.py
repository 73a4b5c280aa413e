"""Acceptance sampling by attributes, for customers who think in AQL: code letters, single plans, switching rules.

Normal and tightened plans are those of ANSI/ASQ Z1.4 (MIL-STD-105E) and of ISO 2859-1 alike. Reduced plans are those
of ANSI/ASQ Z1.4 alone, which leaves a gap between the numbers that accept and reject a lot: ISO 2859-1:1999 removed
that gap, so no reduced plan from here may be called an ISO one.

The printed master tables are one diagonal pattern: a letter further down looks at a sample about 1.6 times as large,
an AQL further to the right allows about 1.6 times as many bad parts, so that along a diagonal the sample keeps its
acceptance number. What is kept here is the series of sample sizes and, for each severity, the series of acceptance
numbers along a row.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from enum import Enum

from scipy.special import bdtr

from inspection.vocabulary import AuditPlan

AQLS = (0.010, 0.015, 0.025, 0.040, 0.065, 0.10, 0.15, 0.25, 0.40, 0.65, 1.0, 1.5, 2.5, 4.0, 6.5, 10.0)
"""Preferred AQLs in percent nonconforming; above 10 they count defects per hundred parts, which is not done here."""
LETTERS = "ABCDEFGHJKLMNPQRS"
"""No I and no O, which look like figures. S stands in the tightened table alone."""
SIZES = (2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1250, 2000, 3150)
LOTS = (8, 15, 25, 50, 90, 150, 280, 500, 1_200, 3_200, 10_000, 35_000, 150_000, 500_000)
"""The largest lot of each class of sizes; the last class has no end."""
LEVELS = {
    "S-1": "AAAABBBBCCCCDDD",
    "S-2": "AAABBBCCCDDDEEE",
    "S-3": "AABBCCDDEEFFGGH",
    "S-4": "AABCCDEEFGGHJJK",
    "I": "AABCCDEFGHJKLMN",
    "II": "ABCDEFGHJKLMNPQ",
    "III": "BCDEFGHJKLMNPQR",
}
"""Code letters of the inspection levels, one a class of lot sizes."""
Numbers = tuple[int, int]
"""Ac and Re: bad parts up to which a lot is accepted, and from which on it is not."""


class Arrow(Enum):
    """Use the first plan above, or the first one below."""

    UP = "up"
    DOWN = "down"


UP, DOWN = Arrow


@dataclass(frozen=True)
class Master:
    """One master table: `cells` are what a row holds from its first plan on, (Ac, Re) or an arrow. The row of the
    first letter begins `offset` AQLs from the left, and each further one begins an AQL earlier. `last` is the last
    letter of the table, and `behind` how many letters its sample sizes lie behind those of normal inspection."""

    offset: int
    last: str
    cells: tuple[Numbers | Arrow, ...]
    behind: int = 0

    def size(self, row: int) -> int:
        return SIZES[max(0, row - self.behind)]

    def cell(self, row: int, column: int) -> Numbers | Arrow:
        """What stands in one place of the table, arrows beyond its ends included."""
        at = row + column - self.offset
        if at < 0:
            return DOWN
        # Where the diagonal would put two parts without a bad one the tightened table prints an arrow.
        if at == 0 and column == len(AQLS) - 1:
            return DOWN
        return self.cells[at] if at < len(self.cells) else UP


MASTER = {
    AuditPlan.NORMAL: Master(
        offset=14,
        last="R",
        cells=((0, 1), UP, DOWN, (1, 2), (2, 3), (3, 4), (5, 6), (7, 8), (10, 11), (14, 15), (21, 22)),
    ),
    AuditPlan.TIGHTENED: Master(
        offset=15,
        last="S",
        cells=((0, 1), DOWN, DOWN, (1, 2), (2, 3), (3, 4), (5, 6), (8, 9), (12, 13), (18, 19)),
    ),
    AuditPlan.REDUCED: Master(
        offset=14,
        last="R",
        cells=((0, 1), UP, DOWN, (0, 2), (1, 3), (1, 4), (2, 5), (3, 6), (5, 8), (7, 10), (10, 13)),
        behind=2,
    ),
}


@dataclass(frozen=True)
class Plan:
    """A single sampling plan: look at `n` parts, accept the lot with up to `ac` bad ones, reject it from `re` on.

    `letter` is the row the plan stands in, which arrows may have led to. `whole`: the sample reaches the lot, so `n` is
    the lot and every part is looked at.
    """

    letter: str
    n: int
    ac: int
    re: int
    whole: bool = False

    def acceptance(self, rate: float) -> float:
        """Probability that a lot is accepted when the process makes a share `rate` of bad parts (0 to 1): the operating
        characteristic, binomial, whatever the size of the lot.

        In the gap of a reduced plan the lot is accepted too, and normal inspection comes back (ANSI/ASQ Z1.4).
        """
        if not 0.0 <= rate <= 1.0:
            raise ValueError(f"a share lies between 0 and 1, not {rate}")
        return float(bdtr(self.re - 1, self.n, rate))


def code_letter(*, lot: int, level: str = "II") -> str:
    """Code letter of a lot of so many parts at an inspection level, S-1 to S-4 or I to III. KeyError for another."""
    if lot < 1:
        raise ValueError("a lot has at least one part")
    return LEVELS[level][bisect_left(LOTS, lot)]


def preferred_aql(at_most: float) -> float | None:
    """The largest preferred AQL, in percent, not above a share (0 to 1); None where the share is below them all."""
    fitting = [aql for aql in AQLS if aql <= 100 * at_most]
    return fitting[-1] if fitting else None


def single_plan(*, lot: int, aql: float, level: str = "II", severity: AuditPlan = AuditPlan.NORMAL) -> Plan:
    """The single sampling plan for a lot at a preferred AQL in percent. ValueError for an AQL between them.

    Where the table has an arrow, the first plan below or above it is used, with that plan's own sample size; where the
    sample reaches the lot, every part is looked at.
    """
    master, column = MASTER[severity], AQLS.index(aql)
    row, (ac, re) = _followed(master, row=LETTERS.index(code_letter(lot=lot, level=level)), column=column)
    n = master.size(row)
    return Plan(letter=LETTERS[row], n=min(n, lot), ac=ac, re=re, whole=n >= lot)


def _followed(master: Master, *, row: int, column: int) -> tuple[int, Numbers]:
    """The row and the numbers to which the arrows of a column lead. At the ends of the table they point inwards."""
    rows = range(LETTERS.index(master.last) + 1)
    plans = [(one, cell) for one in rows if isinstance(cell := master.cell(one, column), tuple)]
    above, below = [plan for plan in plans if plan[0] <= row], [plan for plan in plans if plan[0] >= row]
    upwards = bool(above) and (not below or master.cell(row, column) is UP)
    return above[-1] if upwards else below[0]


WINDOW = 5
NOT_ACCEPTED = 2
"""Two of five lots not accepted tighten the inspection; as many in fewer do so at once."""
IN_A_ROW = 5
"""So many lots accepted in a row end tightened inspection."""
MOST_NOT_ACCEPTED = 5
"""So many lots not accepted on tightened inspection end sampling, until the process has been mended."""
DISCONTINUED = "discontinued"
ENOUGH = 30
"""The switching score that allows reduced inspection."""


@dataclass(frozen=True)
class Switching:
    """Which severity the next lot is inspected with, after the switching rules of ISO 2859-1.

    The states and what leads from one to another are as published. The increments of the score (3 for a lot that would
    have been accepted one AQL step tighter as well, where Ac is 2 or more; 2 for an accepted lot where Ac is 0 or 1;
    else back to 0) follow ISO 2859-1:1999 as commonly quoted and were not confirmed against the printed standard:
    confirm them before a contract hangs on them. What the rules ask besides, a steady production and the consent of
    whoever is responsible, is for people to say.

    `lots` are the outcomes since this severity began, oldest first, as far back as a rule looks.
    """

    severity: AuditPlan = AuditPlan.NORMAL
    discontinued: bool = False
    score: int = 0
    lots: tuple[bool, ...] = ()
    refused: int = 0
    """Lots not accepted since tightened inspection began."""

    @property
    def state(self) -> str:
        return DISCONTINUED if self.discontinued else self.severity.value

    def after(self, accepted: bool, *, ac: int, one_step_tighter: bool = True, in_gap: bool = False) -> Switching:
        """The machine after one more lot, under a plan with acceptance number `ac`.

        `one_step_tighter`: whether it would have been accepted under the next tighter AQL too. `in_gap`: accepted with
        a number of bad parts in the gap of a reduced plan, which brings normal inspection back.
        """
        if self.discontinued:
            return self
        if self.severity == AuditPlan.REDUCED:
            return self if accepted and not in_gap else Switching()
        lots = (*self.lots, accepted)[-WINDOW:]
        if self.severity == AuditPlan.TIGHTENED:
            return self._tightened(lots)
        if lots.count(False) >= NOT_ACCEPTED:
            return Switching(severity=AuditPlan.TIGHTENED)
        points = _points(ac=ac, one_step_tighter=one_step_tighter) if accepted else 0
        score = self.score + points if points else 0
        return Switching(severity=AuditPlan.REDUCED) if score >= ENOUGH else replace(self, lots=lots, score=score)

    def _tightened(self, lots: tuple[bool, ...]) -> Switching:
        refused = self.refused + (not lots[-1])
        if refused >= MOST_NOT_ACCEPTED:
            return Switching(severity=AuditPlan.TIGHTENED, discontinued=True)
        if len(lots) >= IN_A_ROW and all(lots):
            return Switching()
        return replace(self, lots=lots, refused=refused)


def _points(*, ac: int, one_step_tighter: bool) -> int:
    """What an accepted lot adds to the switching score; 0 sets it back."""
    if ac < 2:
        return 2
    return 3 if one_step_tighter else 0
