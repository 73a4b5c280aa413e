"""The words that stand in columns, pages and answers; everybody else imports them from here."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Level(TextChoices):
    """How far a job is automated. The order of the members is the ladder."""

    HUMAN_ONLY = "human_only", _("human only")
    SHADOW = "shadow", _("shadow")
    ASSISTANCE = "assistance", _("assistance")
    PARTIAL = "partial", _("partial automation")
    FULL = "full", _("full automation")


class Gate(TextChoices):
    """Whether a climb needs proof (`enforced`) or only a named person and a reason (`advisory`)."""

    ENFORCED = "enforced", _("enforced")
    ADVISORY = "advisory", _("advisory")


class Verdict(TextChoices):
    """What a judge says of an item. An error is never a verdict."""

    OK = "OK", "OK"
    NG = "NG", "NG"
    UNSURE = "UNSURE", "UNSURE"


class Severity(TextChoices):
    MINOR = "minor", _("minor")
    MAJOR = "major", _("major")
    CRITICAL = "critical", _("critical")


class MemberRole(TextChoices):
    """What a person may do in one job."""

    INSPECTOR = "inspector", _("inspector")
    MANAGER = "manager", _("quality manager")
    ADMIN = "admin", _("admin")
    SERVICE = "service", _("service account")


class State(TextChoices):
    """Where an item stands on its way."""

    RECEIVED = "received", _("received")
    PREDICTING = "predicting", _("with the AI")
    WAITING = "waiting", _("waiting for a person")
    IN_REVIEW = "in_review", _("in front of a person")
    DECIDED = "decided", _("decided")
    HELD = "held", _("on hold")
    QUARANTINED = "quarantined", _("quarantined")


class Role(TextChoices):
    """In which role a model version spoke."""

    CHAMPION = "champion", _("champion")
    CHALLENGER = "challenger", _("challenger")
    SHADOW = "shadow", _("shadow")


class HintMode(TextChoices):
    """When a person sees the AI's opinion."""

    NONE = "none", _("never")
    CONCURRENT = "concurrent", _("beside the picture")
    COMMIT_FIRST = "commit_first", _("after the own answer")


class Drawn(TextChoices):
    """How a piece of evidence was drawn. Only the first three may prove anything."""

    SHADOW = "shadow", _("shadow")
    BLIND = "blind", _("blind share")
    AUDIT_RANDOM = "audit_random", _("random audit")
    AUDIT_RISK = "audit_risk", _("audit picked by risk")
    SEEDED = "seeded", _("seeded known part")
    ROUTED = "routed", _("handed over")
    ASSISTED = "assisted", _("hint shown")


UNBIASED = (Drawn.SHADOW, Drawn.BLIND, Drawn.AUDIT_RANDOM)


class AuditPlan(TextChoices):
    """How many of the AI's decisions are looked at again; rules switch it, after the shape of ISO 2859-1."""

    TIGHTENED = "tightened", _("tightened")
    NORMAL = "normal", _("normal")
    REDUCED = "reduced", _("reduced")


class Proof(TextChoices):
    """What the evidence says of one criterion."""

    PROVEN = "proven", _("proven")
    NOT_MET = "not_met", _("not met")
    NOT_YET = "not_yet", _("not yet demonstrated")


class ProposalState(TextChoices):
    """What has become of a proposed climb."""

    OPEN = "open", _("waits for a signature")
    SIGNED = "signed", _("signed, waits for the switch")
    SWITCHED = "switched", _("switched")
    REFUSED = "refused", _("refused")
    STALE = "stale", _("overtaken")


class Cause(TextChoices):
    """What changed a job's level."""

    PERSON = "person", _("a person")
    BAR = "bar", _("the evidence speaks against the bar")
    CRITICAL = "critical", _("a critical defect was let through")
    UNPROVEN = "unproven", _("what is in force now is not proven")
    NO_ANSWERS = "no_answers", _("the AI gave too few answers")
    UNAUDITED = "unaudited", _("too few audits were answered")


class Reason(TextChoices):
    """Why an item went the way it went. Kept from whoever judges it."""

    HUMAN_ONLY = "human_only", _("the job is human only")
    SHADOW = "shadow", _("shadow: people decide, the AI runs hidden")
    ASSISTED = "assisted", _("assistance: a person decides with the AI's hint")
    BLIND = "blind", _("drawn for the blind share")
    AI_SURE = "ai_sure", _("the AI is sure")
    AI_UNSURE = "ai_unsure", _("the AI is not sure")
    AI_REJECTS = "ai_rejects", _("the AI rejects; a person confirms at this level")
    UNFIT = "unfit", _("the picture is not fit to be judged")
    NO_ANSWER = "no_answer", _("the AI gave no answer")
    NO_MODEL = "no_model", _("the job has no live model")
    NO_THRESHOLDS = "no_thresholds", _("no thresholds are set")
    LATE = "late", _("the AI did not answer within the job's patience")
    QUARANTINED = "quarantined", _("three attempts of the AI failed")
    AUDIT = "audit", _("random audit of what the AI decided")


SILENT = (Reason.LATE, Reason.QUARANTINED)
"""The AI was asked, and nothing came back in time."""


class Look(TextChoices):
    """Which look at an item a review asks for. Kept from whoever judges it, as the reason is."""

    FIRST = "first", _("first look")
    AUDIT = "audit", _("audit of the AI's decision")
    DISAGREED = "disagreed", _("second look: the AI and a blind person differ")
    UNSURE = "unsure", _("second look: a person was unsure")
    DOUBLE = "double", _("second look: drawn to be judged twice")
    RECHECK = "recheck", _("second look: drawn from the agreements")
    REOPENED = "reopened", _("asked again by a manager")
    SEEDED = "seeded", _("known part")
    ADJUDICATION = "adjudication", _("adjudication")


SECOND_LOOKS = (Look.DISAGREED, Look.UNSURE, Look.DOUBLE, Look.RECHECK)


class ReviewState(TextChoices):
    OPEN = "open", _("open")
    ANSWERED = "answered", _("answered")
    WITHDRAWN = "withdrawn", _("withdrawn")


class HandOutEnd(TextChoices):
    """How one person's hold on a review ended."""

    HELD = "held", _("still held")
    ANSWERED = "answered", _("answered")
    SKIPPED = "skipped", _("skipped")
    ESCALATED = "escalated", _("passed to an adjudicator")
    GIVEN_BACK = "given_back", _("given back")
    EXPIRED = "expired", _("expired")
    WITHDRAWN = "withdrawn", _("withdrawn")


UNANSWERED = (HandOutEnd.SKIPPED, HandOutEnd.ESCALATED, HandOutEnd.EXPIRED)


class DecidedBy(TextChoices):
    PERSON = "person", _("person")
    AI = "ai", _("AI")
    ADJUDICATOR = "adjudicator", _("adjudicator")


class Settled(TextChoices):
    """What made a verdict the reference."""

    AGREEMENT = "agreement", _("nothing speaks against the first look")
    SECOND_LOOK = "second_look", _("a second look")
    ADJUDICATOR = "adjudicator", _("an adjudicator")


class SampleKind(TextChoices):
    """What a picture in the label book shows."""

    GOLDEN = "golden", _("golden sample")
    LIMIT_OK = "limit_ok", _("just good enough")
    LIMIT_NG = "limit_ng", _("just not good enough")


class Language(TextChoices):
    """Languages of pages and messages, each named in itself."""

    ENGLISH = "en", "English"
    VIETNAMESE = "vi", "Tiếng Việt"


class Source(TextChoices):
    """By which door an item came in."""

    API = "api", _("REST")
    BROWSER = "browser", _("browser")
    FOLDER = "folder", _("folder import")
    DEMONSTRATION = "demonstration", _("demonstration")


class StudyState(TextChoices):
    """Where an attribute agreement study stands."""

    DRAFT = "draft", _("draft")
    RUNNING = "running", _("running")
    CLOSED = "closed", _("closed")
    CANCELLED = "cancelled", _("cancelled")


class StandardBy(TextChoices):
    """On whose word the standard verdict of a part in a study rests."""

    KNOWN = "known", _("a known part")
    ADJUDICATOR = "adjudicator", _("an adjudicator")
    PEOPLE = "people", _("two people, each alone with the picture")
    AGREEMENT = "agreement", _("the AI and one person, each alone")
    VOUCHED = "vouched", _("one person, vouched for")
