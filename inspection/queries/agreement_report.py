"""All figures of a report on agreement, made from counts; nothing here reads a piece of evidence by itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from inspection.models import Job, ModelVersion
from inspection.policy.agreement import Matrix, Share, misses_by_class, overkill_by_class
from inspection.policy.kappa import Estimate, alpha_of_counts, cohen_kappa, gwet_ac1
from inspection.policy.line_measures import Ceiling, ceiling, follow_rate, hajek_mean
from inspection.queries.agreement import Wanted
from inspection.queries.agreement_cells import Cell, Counts
from inspection.queries.agreement_line import said_twice
from inspection.queries.jobs import midnight
from inspection.vocabulary import UNBIASED, Drawn, Settled, Verdict

Counted = tuple[Cell, int]
SURE = (Verdict.OK, Verdict.NG)
AGAIN = (Settled.SECOND_LOOK, Settled.ADJUDICATOR)
MOST_LOTS = 40
LOTS_OF_A_CHART = 400
"""More, since a chart takes small lots together."""
DAYS_BEFORE = 29


@dataclass(frozen=True)
class Figures:
    """One stretch or kind of evidence. Rows of the matrix are what people said unaided; of `truth` the reference."""

    matrix: Matrix
    truth: Matrix

    @property
    def agree(self) -> Share:
        return self.matrix.agree

    @property
    def misses(self) -> Share:
        return self.matrix.misses

    @property
    def overkill(self) -> Share:
        return self.matrix.overkill

    @property
    def kappa(self) -> Estimate | None:
        return cohen_kappa(used(self.matrix))


@dataclass(frozen=True)
class Segment:
    """The evidence of one model version, inspector, station and so on. `name` is what it is told apart by."""

    name: str
    key: Any
    figures: Figures


@dataclass(frozen=True)
class Open:
    """Evidence that says nothing, or not yet."""

    drawn: int
    lost: int
    """Drawn, and given back without an answer."""
    unresolved: int
    """Answered; who is right is not settled."""
    undecidable: int
    """People could not tell, and the adjudicator neither."""


@dataclass(frozen=True)
class Sampled:
    """What one way of drawing shows of the AI's errors, with the weights of the draw."""

    drawn: Drawn
    lowest: float
    highest: float
    """Probability with which a part had to be drawn."""
    escapes: Share
    """Bad parts that the AI passes, of all parts looked at."""
    overkill: Share
    """Good parts that the AI rejects, of all parts looked at."""
    stands_for: float
    """Parts that these are drawn from: the sum of 1 over the probability (Horvitz, Thompson)."""
    escape_rate: float | None
    overkill_rate: float | None
    """Weighted by 1 over the probability (Hajek)."""


@dataclass(frozen=True)
class Help:
    """What the hint does to people: how often they are right without it, with it, and with it when it is wrong."""

    unaided: Share
    aided: Share
    misled: Share
    with_hint: Share
    """Verdicts that are the AI's, of those given with its hint in view."""
    without: Share
    """The same of the blind share."""
    changed: Share
    """Of first answers that were not the AI's: those changed to it once its hint was seen."""
    follow: float | None


@dataclass(frozen=True)
class Report:
    whole: Figures
    every: list[Counted]
    open: Open
    ac1: Estimate | None
    alpha: float | None
    pairs: Share
    ceiling: Ceiling
    both_wrong: Share
    unsure_people: Share
    unsure_ai: Share
    missed_by_class: dict[str, Share]
    overkill_by_class: dict[str, Share]
    sampled: list[Sampled]
    help: Help
    by_drawn: dict[Drawn, Figures]
    by_model: list[tuple[ModelVersion, Figures]]
    segments: dict[str, list[Segment]]
    by_day: list[tuple[date, Figures]]
    lots: list[tuple[str, date, Figures]]
    """The newest ones with the day on which each began, oldest first."""

    @property
    def by_lot(self) -> list[tuple[str, date, Figures]]:
        """The few newest, each by itself."""
        return self.lots[-MOST_LOTS:]


def of_a_person(wanted: Wanted, job: Job, now: datetime) -> Wanted:
    """A filter that asks for one inspector, up to yesterday: of today the person knows first."""
    if not wanted.person:
        return wanted
    begins = midnight(job, now)
    if wanted.by_moment:
        return replace(wanted, until=min(wanted.until or begins, begins))
    yesterday = begins.date() - timedelta(days=1)
    return replace(wanted, last_day=min(wanted.last_day or yesterday, yesterday))


def report(counts: Counts, job: Job, wanted: Wanted, *, now: datetime) -> Report:
    """Count everything that a report says of the evidence that is asked for."""
    wanted = of_a_person(wanted, job, now)
    every = counts.cells(replace(wanted, drawn=()))
    mine = [(cell, n) for cell, n in every if not wanted.drawn or cell.drawn in wanted.drawn]
    drawn = dict(_told(every, "drawn"))
    pairs = said_twice(job, wanted, counts.mark)
    return Report(
        whole=figures(mine),
        every=every,
        open=_open(mine),
        ac1=gwet_ac1(used(figures(mine).matrix)),
        alpha=_alpha(pairs),
        pairs=_same(pairs),
        ceiling=ceiling(_same(said_twice(job, Wanted(), counts.mark))),
        both_wrong=_both_wrong(mine),
        unsure_people=_share(mine, of=lambda cell: bool(cell.verdict), where=lambda cell: cell.verdict == "UNSURE"),
        unsure_ai=_share(mine, of=lambda _: True, where=lambda cell: cell.opinion == Verdict.UNSURE),
        missed_by_class=misses_by_class(_defects(mine)),
        overkill_by_class=overkill_by_class(_good(mine)),
        sampled=[_sampled(way, drawn[way]) for way in UNBIASED if way in drawn],
        help=_help(every),
        by_drawn={Drawn(way): figures(rows) for way, rows in drawn.items()},
        by_model=_by_model(counts, mine),
        segments={"inspector": _by_person(counts, job, wanted, now), **_segments(mine)},
        by_day=_by_day(counts, wanted),
        lots=_lots(counts, wanted),
    )


def with_days(wanted: Wanted, counts: Counts) -> Wanted:
    """A filter that names no time, for the days that it is then about: those of its lot, else the thirty up to the
    newest day of evidence."""
    if wanted.by_moment or wanted.first_day is not None or wanted.last_day is not None:
        return wanted
    days = counts.days_of(wanted.lot) if wanted.lot else None
    last = counts.last_day
    if days is None and last is not None:
        days = last - timedelta(days=DAYS_BEFORE), last
    return wanted if days is None else replace(wanted, first_day=days[0], last_day=days[1])


def figures(rows: Iterable[Counted]) -> Figures:
    """The two matrices of some cells."""
    rows = list(rows)
    said = (((Verdict(cell.verdict), Verdict(cell.opinion)), n) for cell, n in rows if cell.verdict)
    true = (((Verdict(cell.reference), Verdict(cell.opinion)), n) for cell, n in rows if cell.reference)
    return Figures(matrix=Matrix.of(said), truth=Matrix.of(true))


def used(matrix: Matrix) -> np.ndarray:
    """The matrix without the classes that nobody said: a third class that is only possible makes AC1 another one."""
    table = np.asarray(matrix.counts)
    there = (table.sum(axis=0) + table.sum(axis=1)) > 0
    return np.asarray(table[there][:, there])


def _told(rows: Iterable[Counted], name: str) -> list[tuple[Any, list[Counted]]]:
    found: dict[Any, list[Counted]] = defaultdict(list)
    for cell, n in rows:
        found[getattr(cell, name)].append((cell, n))
    return sorted(found.items(), key=lambda pair: str(pair[0]))


def _share(rows: Iterable[Counted], *, of: Callable[[Cell], bool], where: Callable[[Cell], bool]) -> Share:
    counted = [(cell, n) for cell, n in rows if of(cell)]
    return Share(k=sum(n for cell, n in counted if where(cell)), n=sum(n for _, n in counted))


def _open(rows: Sequence[Counted]) -> Open:
    answered = [(cell, n) for cell, n in rows if cell.verdict]
    return Open(
        drawn=sum(n for _, n in rows),
        lost=sum(n for cell, n in rows if not cell.verdict and not cell.reference),
        unresolved=sum(n for cell, n in answered if not cell.reference),
        undecidable=sum(n for cell, n in rows if cell.reference == Verdict.UNSURE),
    )


def _both_wrong(rows: Sequence[Counted]) -> Share:
    """Of agreements that somebody else looked at again: those where both were wrong."""

    def again(cell: Cell) -> bool:
        same = cell.verdict == cell.opinion and cell.verdict in SURE
        return same and cell.settled_by in AGAIN and cell.reference in SURE

    return _share(rows, of=again, where=lambda cell: cell.reference != cell.opinion)


def _defects(rows: Iterable[Counted]) -> list[tuple[list[str], Verdict, int]]:
    return [(cell.labels.split(), Verdict(cell.opinion), n) for cell, n in rows if cell.reference == Verdict.NG]


def _good(rows: Iterable[Counted]) -> list[tuple[list[str], int]]:
    return [(cell.blamed.split(), n) for cell, n in rows if cell.reference == Verdict.OK]


def _sampled(way: str, rows: Sequence[Counted]) -> Sampled:
    told = [(cell, n) for cell, n in rows if cell.reference in SURE and not cell.hint_shown and cell.probability > 0]
    # A cell of n parts that each weigh 1/p weighs n/p, as one part drawn with probability p/n would.
    inclusion = [cell.probability / n for cell, n in told]
    escaped = [float(cell.reference == Verdict.NG and cell.opinion == Verdict.OK) for cell, _ in told]
    rejected = [float(cell.reference == Verdict.OK and cell.opinion == Verdict.NG) for cell, _ in told]
    n = sum(n for _, n in told)
    return Sampled(
        drawn=Drawn(way),
        lowest=min((cell.probability for cell, _ in told), default=0.0),
        highest=max((cell.probability for cell, _ in told), default=0.0),
        escapes=Share(k=sum(n for (_, n), hit in zip(told, escaped, strict=True) if hit), n=n),
        overkill=Share(k=sum(n for (_, n), hit in zip(told, rejected, strict=True) if hit), n=n),
        stands_for=sum(n / cell.probability for cell, n in told),
        escape_rate=hajek_mean(escaped, inclusion),
        overkill_rate=hajek_mean(rejected, inclusion),
    )


def _help(rows: Sequence[Counted]) -> Help:
    clear = [(cell, n) for cell, n in rows if cell.opinion in SURE and cell.verdict]
    blind = [(cell, n) for cell, n in clear if cell.drawn == Drawn.BLIND and not cell.hint_shown]
    helped = [(cell, n) for cell, n in clear if cell.drawn == Drawn.ASSISTED]
    alone = [(cell, n) for cell, n in rows if cell.drawn in UNBIASED and not cell.hint_shown]
    with_hint = _share(helped, of=lambda _: True, where=lambda cell: cell.final_verdict == cell.opinion)
    without = _share(blind, of=lambda _: True, where=lambda cell: cell.verdict == cell.opinion)
    known = with_hint.value is not None and without.value is not None
    return Help(
        unaided=_share(
            alone,
            of=lambda cell: _settled(cell) and cell.verdict in SURE,
            where=lambda cell: cell.verdict == cell.reference,
        ),
        aided=_share(helped, of=_answered, where=lambda cell: cell.final_verdict == cell.reference),
        misled=_share(
            helped,
            of=lambda cell: _answered(cell) and cell.opinion != cell.reference,
            where=lambda cell: cell.final_verdict == cell.reference,
        ),
        with_hint=with_hint,
        without=without,
        changed=_share(
            helped,
            of=lambda cell: not cell.hint_shown and cell.verdict != cell.opinion,
            where=lambda cell: cell.final_verdict == cell.opinion,
        ),
        follow=follow_rate(assisted=with_hint.value or 0.0, blind=without.value or 0.0) if known else None,
    )


def _settled(cell: Cell) -> bool:
    return bool(cell.verdict) and cell.reference in SURE


def _answered(cell: Cell) -> bool:
    """Whoever was unsure is looked at again every time, whoever was sure by chance: counted together, the doubtful
    parts would stand for all."""
    return _settled(cell) and cell.final_verdict in SURE


def _same(pairs: Counter[tuple[str, str]]) -> Share:
    """Pairs that agree; whoever was unsure said nothing that another could agree with."""
    sure = {pair: n for pair, n in pairs.items() if Verdict.UNSURE not in pair}
    return Share(k=sum(n for (one, other), n in sure.items() if one == other), n=sum(sure.values()))


def _alpha(pairs: Counter[tuple[str, str]]) -> float | None:
    """Krippendorff's alpha of the people among themselves: each pair is a unit that two of them judged."""
    verdicts = list(Verdict)
    table = np.zeros((len(pairs), len(verdicts)))
    for place, pair in enumerate(pairs):
        for said in pair:
            table[place, verdicts.index(Verdict(said))] += 1
    return alpha_of_counts(np.repeat(table, list(pairs.values()), axis=0), values=verdicts) if pairs else None


def _by_model(counts: Counts, rows: Sequence[Counted]) -> list[tuple[ModelVersion, Figures]]:
    told = dict(_told(rows, "model_id"))
    return [(model, figures(told[pk])) for pk, model in counts.models.items() if pk in told]


def _segments(rows: Sequence[Counted]) -> dict[str, list[Segment]]:
    return {
        "station": [Segment(name, name, figures(mine)) for name, mine in _told(rows, "station")],
        "shift": [Segment(name, name, figures(mine)) for name, mine in _told(rows, "shift")],
    }


def _by_person(counts: Counts, job: Job, wanted: Wanted, now: datetime) -> list[Segment]:
    """Each inspector up to yesterday."""
    first = of_a_person(replace(wanted, person=wanted.person or -1), job, now)
    names = ("person_id", "verdict", "opinion")
    found: dict[int, list[tuple[tuple[str, str], int]]] = defaultdict(list)
    for (person, verdict, opinion), n in counts.by(replace(first, person=wanted.person), *names).items():
        if person:
            found[person].append(((verdict, opinion), n))
    people = counts.people(found.keys())
    return [Segment(people[pk], pk, _said(found[pk])) for pk in sorted(found, key=lambda pk: people[pk])]


def _by_day(counts: Counts, wanted: Wanted) -> list[tuple[date, Figures]]:
    found: dict[date, list[tuple[tuple[str, str], int]]] = defaultdict(list)
    for (day, verdict, opinion), n in counts.by(wanted, "day", "verdict", "opinion").items():
        found[day].append(((verdict, opinion), n))
    return [(day, _said(cells)) for day, cells in sorted(found.items())]


def _lots(counts: Counts, wanted: Wanted) -> list[tuple[str, date, Figures]]:
    """The newest lots of the days that are asked for, with the day on which each began."""
    names = [wanted.lot] if wanted.lot else counts.newest_lots(wanted, most=LOTS_OF_A_CHART)
    found: dict[str, list[tuple[tuple[str, str], int]]] = defaultdict(list)
    began: dict[str, date] = {}
    for (lot, day, verdict, opinion), n in counts.by(wanted, "lot", "day", "verdict", "opinion", lots=names).items():
        found[lot].append(((verdict, opinion), n))
        began[lot] = min(day, began.get(lot, day))
    return [(lot, began[lot], _said(found[lot])) for lot in names if lot in found]


def _said(cells: Iterable[tuple[tuple[str, str], int]]) -> Figures:
    said = (((Verdict(verdict), Verdict(opinion)), n) for (verdict, opinion), n in cells if verdict)
    return Figures(matrix=Matrix.of(said), truth=Matrix.of(()))
