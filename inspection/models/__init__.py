"""All tables. Rows of history (routings, verdicts, decisions, evidence, changes) are only ever added."""

from inspection.models.decisions import Decision, VerdictGiven
from inspection.models.events import Exposure, Heartbeat, ModelFault
from inspection.models.evidence import Epoch, Evidence, LedgerEntry, LotCount
from inspection.models.incidents import Incident
from inspection.models.items import Item, Picture, Refusal
from inspection.models.jobs import Job, Label, ThresholdSet
from inspection.models.levels import BarsChange, CalendarChange, LevelChange, Proposal, Signature
from inspection.models.people import Membership, Person
from inspection.models.predictions import Prediction, Routing
from inspection.models.releases import ModelVersion, Release
from inspection.models.reviews import HandOut, Review
from inspection.models.samples import KnownPart, Sample
from inspection.models.studies import Study, StudyAppraiser, StudyPart, StudyReading, StudyTurn
from inspection.models.summaries import DecisionCell, EvidenceCell, EvidencePlace, LotCell, PairCell, SummaryMark

__all__ = [
    "BarsChange",
    "CalendarChange",
    "Decision",
    "DecisionCell",
    "Epoch",
    "Evidence",
    "EvidenceCell",
    "EvidencePlace",
    "Exposure",
    "HandOut",
    "Heartbeat",
    "Incident",
    "Item",
    "Job",
    "KnownPart",
    "Label",
    "LedgerEntry",
    "LevelChange",
    "LotCell",
    "LotCount",
    "Membership",
    "ModelFault",
    "ModelVersion",
    "PairCell",
    "Person",
    "Picture",
    "Prediction",
    "Proposal",
    "Refusal",
    "Release",
    "Review",
    "Routing",
    "Sample",
    "Signature",
    "Study",
    "StudyAppraiser",
    "StudyPart",
    "StudyReading",
    "StudyTurn",
    "SummaryMark",
    "ThresholdSet",
    "VerdictGiven",
]
