"""The report of a closed study: the answer in sentences, then the figures, the parts and what to know beside them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from inspection.models import Study
from inspection.policy import study_design
from inspection.policy.signal_detection import Answer, Border, Measured
from inspection.policy.study_words import headline, marks, of_appraiser, standing, together, zones
from inspection.queries import labels
from inspection.queries.study_report import StudyReport, study_report, values_of
from inspection.refused import spoken
from inspection.web.study_plot import panels
from inspection.web.study_zones import zone_plot

MOST_SHOWN = 24
"""Parts with their pictures; the rest stands in the table."""


def report_context(study: Study) -> dict[str, Any]:
    found = study_report(study)
    people = found.people.appraisers
    everybody = [*people, *([found.ai] if found.ai is not None else [])]
    measured = len(values_of(one.part for one in found.told))
    told = {str(one.part.number): one for one in found.told}
    said = study_design.cautions(bad=found.bad, good=found.good, people=len(people), trials=study.trials)
    return {
        "study": study,
        "found": found,
        "headline": [spoken(one) for one in headline(people, ai=found.ai)],
        "together": [spoken(one) for one in together(found.people)],
        "each": [(standing(one), spoken(of_appraiser(one, name=found.names[one.name]))) for one in everybody],
        "panels": panels(people, ai=found.ai, names=found.names) if everybody else [],
        "rows": [(one, found.names[one.name], marks(one), one is found.ai) for one in everybody],
        "people": [line.appraiser.person.shown_name for line in found.lines if line.appraiser.person is not None],
        "pairs": [*found.people.pairs, *found.ai_pairs],
        "divided": found.divided[:MOST_SHOWN],
        "why": _why(found),
        "zones": spoken(zones(found.detection)) if found.detection is not None else "",
        "plot": zone_plot(found),
        "borders": _borders(found),
        "between": [told[part.part] for part in _divided(found)],
        "measured": measured,
        "unmeasured": len(found.told) - measured,
        "zone_why": _zone_why(found),
        "faults": [(fault, spoken(fault.words)) for fault in found.faults],
        "cautions": [spoken(one) for one in said],
        "names": labels.names(study.job),
    }


def _borders(found: StudyReport) -> list[tuple[str, Border, str]]:
    """The limits with their names and, where a zone has no width, why."""
    if found.detection is None:
        return []
    named = ((_("lower limit"), found.detection.lower), (_("upper limit"), found.detection.upper))
    return [(name, border, spoken(border.why or "")) for name, border in named if border is not None]


def _zone_why(found: StudyReport) -> str:
    """Why there is no share of the tolerance, unless the only limit says so already."""
    why = found.detection.why.get("share") if found.detection is not None else None
    said = [border.why for _name, border, _why in _borders(found)]
    return spoken(why) if why is not None and why not in said else ""


def _divided(found: StudyReport) -> list[Measured]:
    """Parts on which people were divided, in the order of their values."""
    return [one for one in found.detection.parts if one.answer == Answer.DIVIDED] if found.detection else []


def _why(found: StudyReport) -> list[str]:
    """Every reason for a figure without a value, once."""
    everybody = [*found.people.appraisers, *([found.ai] if found.ai is not None else [])]
    said = [why for one in everybody for why in one.why.values()]
    said += [why for pair in (*found.people.pairs, *found.ai_pairs) for why in pair.why.values()]
    said += list(found.people.why.values())
    return [spoken(one) for one in dict.fromkeys(said)]
