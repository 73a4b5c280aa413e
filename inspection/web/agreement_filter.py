"""The filter of a report on agreement as it stands in the address, and back again for links."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext

from inspection.policy.words import is_storable
from inspection.queries.agreement import UNBIASED_ONLY, Wanted
from inspection.queries.agreement_cells import Counts
from inspection.queries.agreement_report import of_a_person, with_days
from inspection.vocabulary import Drawn

TEXTS = ("station", "shift", "lot", "label")
OWN = ("since", "until", "model", "inspector", *TEXTS, "drawn")
LONGEST = 200


@dataclass(frozen=True)
class Read:
    """What an address asks for, what in it makes no sense, and the same as a query string without what is not ours."""

    wanted: Wanted
    wrong: tuple[str, ...]
    query: str
    raw: str
    """The filter as the raw rows take it."""
    narrowed: bool
    """Whether anything beyond days and draws is asked for."""


def read(said: QueryDict, counts: Counts) -> Read:
    """Without a word on draws only unbiased evidence, without one on days those of the lot or the last thirty."""
    wrong: list[str] = []
    first, last = (_day(said.get(name, ""), wrong) for name in ("since", "until"))
    texts = {name: _text(said.get(name, ""), wrong) for name in TEXTS}
    wanted = Wanted(
        model=_text(said.get("model", ""), wrong)[:64],
        first_day=first,
        last_day=last,
        drawn=tuple(way for way in Drawn if way in said.getlist("drawn")) or UNBIASED_ONLY,
        unaided=True,
        person=_person(said.get("inspector", ""), wrong),
        station=texts["station"],
        shift=texts["shift"],
        lot=texts["lot"],
        label=texts["label"],
    )
    wanted = of_a_person(with_days(wanted, counts), counts.job, timezone.now())
    narrowed = bool(wanted.model or wanted.person or any(texts.values()))
    return Read(wanted=wanted, wrong=tuple(wrong), query=query_of(wanted), raw=raw_query_of(wanted), narrowed=narrowed)


def query_of(wanted: Wanted) -> str:
    """The filter as it goes into an address: of this page, and of the raw rows."""
    made = QueryDict(mutable=True)
    told = {
        "since": wanted.first_day.isoformat() if wanted.first_day else "",
        "until": wanted.last_day.isoformat() if wanted.last_day else "",
        "model": wanted.model,
        "inspector": str(wanted.person or ""),
        **{name: getattr(wanted, name) for name in TEXTS},
    }
    for name, value in told.items():
        if value:
            made[name] = value
    made.setlist("drawn", [way.value for way in wanted.drawn])
    return made.urlencode()


def raw_query_of(wanted: Wanted) -> str:
    """The same for the API, where the draws stand in one word with commas."""
    made = QueryDict(query_of(wanted), mutable=True)
    made["drawn"] = ",".join(way.value for way in wanted.drawn)
    return made.urlencode()


def only(wanted: Wanted, **narrower: object) -> str:
    """The address of the same report for one segment."""
    return query_of(replace(wanted, **narrower))  # type: ignore[arg-type]


def _text(text: str, wrong: list[str]) -> str:
    text = text.strip()
    if is_storable(text) and len(text) <= LONGEST:
        return text
    wrong.append(gettext("This filter holds marks that no part has; it was left out."))
    return ""


def _person(text: str, wrong: list[str]) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdecimal() and len(text) <= 15 and int(text):
        return int(text)
    wrong.append(gettext("“{text}” is no inspector; it was left out of the filter.").format(text=text[:20]))
    return None


def _day(text: str, wrong: list[str]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        wrong.append(gettext("“{text}” is no day; it was left out of the filter.").format(text=text[:20]))
        return None
