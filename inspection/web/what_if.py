"""What would another level, threshold or audit have come to? And the button that locks the threshold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from inspection.models import Job
from inspection.permissions import may_administer, may_read_readiness
from inspection.policy import threshold_words, what_if_words
from inspection.policy.routing import Thresholds
from inspection.policy.thresholds import Point
from inspection.policy.what_if import Figures, Setting, check
from inspection.queries.labels import names as names_of_labels
from inspection.queries.thresholds import Locking, locking
from inspection.queries.what_if import PERIOD, WhatIf, in_force, period, what_if
from inspection.refused import Refused, conflict, spoken
from inspection.sentences import Count, Number, Sentence
from inspection.templatetags.figures import as_percent, plain
from inspection.vocabulary import Level
from inspection.walk import change_job
from inspection.web import refusals
from inspection.web.access import Seat, job_page
from inspection.web.what_if_plot import Named, Plot, plot

LEVELS = tuple(level for level in Level if level != Level.HUMAN_ONLY)
"""Without a model there is nothing to replay."""
FIELDS = {
    "accept_at": Sentence("OK up to a score of"),
    "reject_at": Sentence("NG from a score of"),
    "audit": Sentence("Random audit"),
    "blind": Sentence("Blind share"),
    "since": Sentence("From"),
    "until": Sentence("Until"),
}
LONGEST = 40


@dataclass(frozen=True)
class Asked:
    """What the address asks for; `wrong` where it asks for something that cannot be."""

    setting: Setting
    since: datetime
    until: datetime | None
    wrong: str = ""


@dataclass(frozen=True)
class Row:
    """One figure: in force, tried, and what the tried one means."""

    name: str
    title: str
    now: Figures
    then: Figures
    words: str


@require_safe
@job_page(may=may_read_readiness)
def what_if_page(request: HttpRequest, seat: Seat) -> HttpResponse:
    now = timezone.now()
    asked = _asked(request.GET, seat.job, now=now)
    found = what_if(seat.job, setting=asked.setting, since=asked.since, until=asked.until)
    lock = locking(seat.job, now=now)
    context = {
        **seat.context,
        "found": found,
        "answer": spoken(what_if_words.headline(found.now, found.then)),
        "rows": [_row(name, found) for name in what_if_words.FIGURES],
        "classes": _classes(seat.job, found),
        "levels": LEVELS,
        "fields": _fields(request.GET, asked.setting),
        "wrong": asked.wrong,
        "days": PERIOD.days,
        "named_days": bool(request.GET.get("since") or request.GET.get("until")),
        "tightened": _spoken(what_if_words.tightened(asked.setting, now=Level(seat.job.level))),
        "unknown": [spoken(sentence) for sentence in what_if_words.UNKNOWN],
        **_threshold(lock, found),
        "locks": may_administer.covers(seat.role),
    }
    return render(request, "what_if/what_if.html", context)


@require_POST
@job_page(may=may_administer)
def lock(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Put the chosen threshold in force, if it is still the one that was read on the page."""
    try:
        at = _still_chosen(seat.job, request.POST.get("at", ""))
        change_job(job=seat.job, by=seat.person, policy={"accept_at": at})
    except Refused as refused:
        refusals.as_message(request, refused)
    else:
        messages.success(
            request, _("{at} is locked. Parts that come from now on prove it or do not.").format(at=plain(at))
        )
    return redirect("what_if", seat.job.slug)


def _still_chosen(job: Job, said: str) -> float:
    point = locking(job, now=timezone.now()).point
    if point is None:
        raise conflict("nothing_to_lock", "There is no threshold to lock any more.")
    if said != str(point.at):
        raise conflict(
            "chosen_anew",
            Sentence("Other parts have been judged since: the threshold would be {at} now.", at=Number(point.at)),
        )
    return point.at


def _asked(said: QueryDict, job: Job, *, now: datetime) -> Asked:
    """The setting and the days of an address; what cannot be is said, and what is in force shown in its place."""
    try:
        first, last = _day(said, "since"), _day(said, "until")
        since, until = period(job, first=first, last=last, now=now)
        return Asked(setting=_setting(said, job), since=since, until=until)
    except Refused as refused:
        since, until = period(job, first=None, last=None, now=now)
        return Asked(setting=in_force(job), since=since, until=until, wrong=refused.detail)


def _setting(said: QueryDict, job: Job) -> Setting:
    """Raises `Refused` for what is no number, or what the policy of a job would refuse."""
    now = in_force(job)
    rule, shares = now.thresholds, now.shares
    setting = Setting(
        level=_level(said, now.level),
        thresholds=Thresholds(
            accept_at=_number(said, "accept_at") if "accept_at" in said else rule.accept_at,
            reject_at=_number(said, "reject_at") if "reject_at" in said else rule.reject_at,
        ),
        shares=replace(shares, audit=_share(said, "audit", shares.audit), blind=_share(said, "blind", shares.blind)),
    )
    if flaw := check(setting):
        raise Refused(flaw.code, flaw.detail)
    return setting


def _level(said: QueryDict, now: Level) -> Level:
    text = said.get("level", "")
    if text and text not in LEVELS:
        raise Refused("bad_level", "There is no such level to try.")
    return Level(text) if text else now


def _number(said: QueryDict, name: str) -> float | None:
    """What a field says; None where it is empty, and so never."""
    text = said.get(name, "").strip()
    try:
        return float(text[:LONGEST].replace(",", ".")) if text else None
    except ValueError as error:
        raise Refused(f"bad_{name}", Sentence("{field} is a number.", field=Sentence(FIELDS[name]))) from error


def _share(said: QueryDict, name: str, now: float) -> float:
    """The page speaks in per cent. An empty field is what is in force."""
    value = _number(said, name)
    return now if value is None else round(value / 100, 8)


def _day(said: QueryDict, name: str) -> date | None:
    text = said.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Refused(f"bad_{name}", Sentence("{field} is a day.", field=Sentence(FIELDS[name]))) from error


def _fields(said: QueryDict, setting: Setting) -> dict[str, str]:
    """What stands in the form: what was said, else what is in force."""
    rule, shares = setting.thresholds, setting.shares
    there = {
        "level": setting.level.value,
        "accept_at": plain(rule.accept_at),
        "reject_at": plain(rule.reject_at),
        "audit": as_percent(shares.audit),
        "blind": as_percent(shares.blind),
        "since": "",
        "until": "",
    }
    return {name: said.get(name, value)[:LONGEST] for name, value in there.items()}


def _row(name: str, found: WhatIf) -> Row:
    words = what_if_words.sentence(name, found.then, found.basis.seen)
    return Row(name=name, title=spoken(what_if_words.TITLES[name]), now=found.now, then=found.then, words=spoken(words))


def _classes(job: Job, found: WhatIf) -> list[tuple[str, Any, Any]]:
    """Name of each class that was seen, what is missed of it now and under what is tried."""
    names = names_of_labels(job)
    return [(names.get(code, code), found.now.classes[code], found.then.classes[code]) for code in found.then.classes]


def _threshold(found: Locking, tried: WhatIf) -> dict[str, Any]:
    bar = found.bars.escape
    points = found.choice.points if found.choice else ()
    return {
        "lock": found,
        "lock_at": str(found.point.at) if found.point else "",
        "bar": bar,
        "chosen_words": spoken(threshold_words.verdict(found.choice, target=bar, alpha=found.alpha)),
        "limit_words": _spoken(threshold_words.limit(found.choice, target=bar)),
        "lock_words": _lock_words(found, Level(tried.now.setting.level)),
        "plot": _plot(points, found, tried),
        "points": _steps(points),
    }


def _plot(points: tuple[Point, ...], found: Locking, tried: WhatIf) -> Plot | None:
    now, then = tried.now.setting.thresholds.accept_at, tried.then.setting.thresholds.accept_at
    chosen = threshold_words.useful(found.choice)
    named = [Named(at=now, words=_("in force: {at}").format(at=plain(now)), kind="now")]
    if then != now:
        named.append(Named(at=then, words=_("tried: {at}").format(at=plain(then)), kind="then"))
    if chosen is not None and chosen.at not in (now, then):
        named.append(Named(at=chosen.at, words=_("keeps the bar: {at}").format(at=plain(chosen.at)), kind="chosen"))
    return plot(points, bar=found.bars.escape, named=named)


def _steps(points: tuple[Point, ...]) -> list[Point]:
    """Thresholds at which something changes; most of the grid lies where no part has its score."""
    return [
        point
        for place, point in enumerate(points)
        if not place or (point.passed, point.escapes) != (points[place - 1].passed, points[place - 1].escapes)
    ]


def _lock_words(found: Locking, now: Level) -> list[str]:
    """What locking does, before the button is pressed."""
    if found.level is None:
        return []
    said = [
        Sentence(
            "A new epoch begins: the {n} parts that count now chose the threshold and do not prove it.",
            n=Count(found.counted),
        )
    ]
    if found.level != now:
        said.append(
            Sentence(
                "The job steps down to {level} at once, until later parts prove it; undecided parts that go to people: "
                "{parts}.",
                level=found.level.label,
                parts=Count(found.undecided),
            )
        )
    else:
        said.append(Sentence("The job stays on {level}.", level=now.label))
    return [spoken(sentence) for sentence in said]


def _spoken(sentence: Sentence | None) -> str:
    return "" if sentence is None else spoken(sentence)
