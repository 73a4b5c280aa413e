"""The charts of a report on agreement, with the rows that stand behind each of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from inspection.models import Job
from inspection.policy.agreement import Share
from inspection.policy.charts import p_chart, pareto, together
from inspection.queries.agreement_changes import Change, changes
from inspection.queries.agreement_line import Yield
from inspection.queries.agreement_report import MOST_LOTS, Report
from inspection.web import plot

TO = " \N{EN DASH} "
"""Between the first and the last of several lots."""
WORTH_A_POINT = 20
"""Of fewer parts a share says little: of three it is 0, 33, 67 or 100 %."""


def of_report(job: Job, found: Report, line: Yield, called: dict[str, str]) -> dict[str, Any]:
    """Plots and tables by the names under which the template draws them."""
    days = [(day, figures.agree) for day, figures in found.by_day]
    there = _between([day for day, _ in days] + [day for day, _ in line.by_day], job)
    told = changes(job=job, since=there[0], until=there[1]) if there else []
    lots = _lots([(name, began, figures.agree) for name, began, figures in found.lots if figures.agree.n])
    chart = p_chart(n=[share.n for _, _, share in lots], defective=[share.n - share.k for _, _, share in lots])
    rejects = p_chart(n=[share.n for _, share in line.by_day], defective=[share.k for _, share in line.by_day])
    lot_marks = _at_places([day for _, day, _ in lots], told, job)
    bars = pareto(line.labels)
    return {
        "changes": told,
        "trend": plot.trend(days, told, zone=job.time_zone),
        "lot_rows": list(zip(lots, chart.points, strict=True)),
        "lot_chart": plot.control(
            [name for name, _, _ in lots], chart, lot_marks, below=[name.split(TO)[0] for name, _, _ in lots]
        ),
        "lot_least": WORTH_A_POINT,
        "lot_out": len(chart.out),
        "lot_centre": chart.centre,
        "reject_rows": list(zip([day for day, _ in line.by_day], rejects.points, strict=True)),
        "reject_chart": plot.control(
            [f"{day:%m-%d}" for day, _ in line.by_day],
            rejects,
            _within_days([day for day, _ in line.by_day], told, job),
        ),
        "reject_out": len(rejects.out),
        "reject_centre": rejects.centre,
        "pareto": plot.ranking(bars, called),
        "pareto_rows": [(called.get(bar.name, bar.name), bar) for bar in bars],
    }


def _lots(each: list[tuple[str, date, Share]]) -> list[tuple[str, date, Share]]:
    """The newest lots as a chart takes them, small neighbours under the names of the first and the last."""
    made = []
    for places in together([share.n for _, _, share in each], least=WORTH_A_POINT)[-MOST_LOTS:]:
        mine = [each[place] for place in places]
        if mine:
            names = list(dict.fromkeys([mine[0][0], mine[-1][0]]))
            whole = Share(k=sum(share.k for _, _, share in mine), n=sum(share.n for _, _, share in mine))
            made.append((TO.join(names), min(day for _, day, _ in mine), whole))
    return made


def _between(days: list[date], job: Job) -> tuple[datetime, datetime] | None:
    """From the beginning of the first day to the end of the last one."""
    if not days:
        return None
    zone = ZoneInfo(job.time_zone)
    begins, ends = (datetime.combine(day, time(), tzinfo=zone) for day in (min(days), max(days)))
    return begins.astimezone(UTC), (ends + timedelta(days=1)).astimezone(UTC)


def _within_days(days: list[date], told: list[Change], job: Job) -> list[tuple[float, Change]]:
    """Where among these days each change stands, by its time of the day."""
    zone = ZoneInfo(job.time_zone)
    found = []
    for change in told:
        here = change.at.astimezone(zone)
        before = sum(day < here.date() for day in days)
        found.append((before + ((here.hour + here.minute / 60) / 24 if here.date() in days else 0.0), change))
    return found


def _at_places(days: list[date], told: list[Change], job: Job) -> list[tuple[float, Change]]:
    """Before which place each change stands: before the first lot or day that is not earlier than its day. None where
    all are of one day, which says nothing about their order."""
    if len(set(days)) < plot.LEAST:
        return []
    zone = ZoneInfo(job.time_zone)
    return [(sum(day < change.at.astimezone(zone).date() for day in days), change) for change in told]
