"""The labels of jobs, and what they are called in the language of whoever reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.utils.translation import get_language

from inspection.models import Job, Label


def of_job(job: Job) -> list[dict[str, Any]]:
    """Code, name, severity and criticality of the labels of one job, without the weight of whole rows."""
    mine = Label.objects.filter(job=job, effective_to=None).order_by("position")
    rows = mine.values("code", "name", "severity", "critical", "translations")
    return [
        {
            "code": row["code"],
            "name": _called(row["name"], row["translations"]),
            "severity": row["severity"],
            "critical": row["critical"],
        }
        for row in rows
    ]


def in_force(jobs: Collection[Job]) -> dict[int, list[Label]]:
    """The labels in force of each job by its key, in the order of the catalogue; one query."""
    found: dict[int, list[Label]] = defaultdict(list)
    for label in Label.objects.filter(job__in=jobs, effective_to=None).order_by("position"):
        found[label.job_id].append(label)
    return found


def names(job: Job | int) -> dict[str, str]:
    """The name of each label by its code, of those that are not in force any more too: old verdicts speak of them."""
    rows = Label.objects.filter(job=job).values_list("code", "name", "translations")
    return {code: _called(name, translations) for code, name, translations in rows}


def name_of(label: Label) -> str:
    """What a label is called; the catalogue's own name where nobody has translated it."""
    return _called(label.name, label.translations)


def _called(name: str, translations: dict[str, dict[str, str]]) -> str:
    return translations.get(get_language() or "", {}).get("name") or name
