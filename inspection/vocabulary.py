"""The words that stand in columns, pages and answers; everybody else imports them from here."""

from __future__ import annotations

from django.db.models import TextChoices


class Level(TextChoices):
    """How far a job is automated. The order of the members is the ladder."""

    HUMAN_ONLY = "human_only", "human only"
    SHADOW = "shadow", "shadow"
    ASSISTANCE = "assistance", "assistance"
    PARTIAL = "partial", "partial automation"
    FULL = "full", "full automation"


class Gate(TextChoices):
    """Whether a climb needs proof (`enforced`) or only a named person and a reason (`advisory`)."""

    ENFORCED = "enforced", "enforced"
    ADVISORY = "advisory", "advisory"


class Verdict(TextChoices):
    """What a judge says of an item. An error is never a verdict."""

    OK = "OK", "OK"
    NG = "NG", "NG"
    UNSURE = "UNSURE", "UNSURE"


class Severity(TextChoices):
    MINOR = "minor", "minor"
    MAJOR = "major", "major"
    CRITICAL = "critical", "critical"


class MemberRole(TextChoices):
    """What a person may do in one job."""

    INSPECTOR = "inspector", "inspector"
    MANAGER = "manager", "quality manager"
    ADMIN = "admin", "admin"
    SERVICE = "service", "service account"


class State(TextChoices):
    """Where an item stands on its way."""

    RECEIVED = "received", "received"
    PREDICTING = "predicting", "with the AI"
    WAITING = "waiting", "waiting for a person"
    IN_REVIEW = "in_review", "in front of a person"
    DECIDED = "decided", "decided"
    HELD = "held", "on hold"
    QUARANTINED = "quarantined", "quarantined"


class Role(TextChoices):
    """In which role a model version spoke."""

    CHAMPION = "champion", "champion"
    CHALLENGER = "challenger", "challenger"
    SHADOW = "shadow", "shadow"


class HintMode(TextChoices):
    """When a person sees the AI's opinion."""

    NONE = "none", "never"
    CONCURRENT = "concurrent", "beside the picture"
    COMMIT_FIRST = "commit_first", "after the own answer"


class Drawn(TextChoices):
    """How a piece of evidence was drawn. Only the first three may prove anything."""

    SHADOW = "shadow", "shadow"
    BLIND = "blind", "blind share"
    AUDIT_RANDOM = "audit_random", "random audit"
    AUDIT_RISK = "audit_risk", "audit picked by risk"
    SEEDED = "seeded", "seeded known part"
    ROUTED = "routed", "handed over"
    ASSISTED = "assisted", "hint shown"


UNBIASED = (Drawn.SHADOW, Drawn.BLIND, Drawn.AUDIT_RANDOM)


class Reason(TextChoices):
    """Why an item went the way it went. Kept from whoever judges it."""

    HUMAN_ONLY = "human_only", "the job is human only"
    SHADOW = "shadow", "shadow: people decide, the AI runs hidden"
    ASSISTED = "assisted", "assistance: a person decides with the AI's hint"
    BLIND = "blind", "drawn for the blind share"
    AI_SURE = "ai_sure", "the AI is sure"
    AI_UNSURE = "ai_unsure", "the AI is not sure"
    AI_REJECTS = "ai_rejects", "the AI rejects; a person confirms at this level"
    UNFIT = "unfit", "the picture is not fit to be judged"
    NO_ANSWER = "no_answer", "the AI gave no answer"
    NO_MODEL = "no_model", "the job has no live model"
    NO_THRESHOLDS = "no_thresholds", "no thresholds are set"
    LATE = "late", "the AI did not answer within the job's patience"
    QUARANTINED = "quarantined", "three attempts of the AI failed"
    AUDIT = "audit", "random audit of what the AI decided"


class Look(TextChoices):
    """Which look at an item a review asks for. Kept from whoever judges it, as the reason is."""

    FIRST = "first", "first look"
    AUDIT = "audit", "audit of the AI's decision"
    DISAGREED = "disagreed", "second look: the AI and a blind person differ"
    UNSURE = "unsure", "second look: a person was unsure"
    DOUBLE = "double", "second look: drawn to be judged twice"
    RECHECK = "recheck", "second look: drawn from the agreements"
    REOPENED = "reopened", "asked again by a manager"
    SEEDED = "seeded", "known part"
    ADJUDICATION = "adjudication", "adjudication"


SECOND_LOOKS = (Look.DISAGREED, Look.UNSURE, Look.DOUBLE, Look.RECHECK)


class ReviewState(TextChoices):
    OPEN = "open", "open"
    ANSWERED = "answered", "answered"
    WITHDRAWN = "withdrawn", "withdrawn"


class HandOutEnd(TextChoices):
    """How one person's hold on a review ended."""

    HELD = "held", "still held"
    ANSWERED = "answered", "answered"
    SKIPPED = "skipped", "skipped"
    ESCALATED = "escalated", "passed to an adjudicator"
    GIVEN_BACK = "given_back", "given back"
    EXPIRED = "expired", "expired"
    WITHDRAWN = "withdrawn", "withdrawn"


class DecidedBy(TextChoices):
    PERSON = "person", "person"
    AI = "ai", "AI"
    ADJUDICATOR = "adjudicator", "adjudicator"


class Settled(TextChoices):
    """What made a verdict the reference."""

    AGREEMENT = "agreement", "nothing speaks against the first look"
    SECOND_LOOK = "second_look", "a second look"
    ADJUDICATOR = "adjudicator", "an adjudicator"


class SampleKind(TextChoices):
    """What a picture in the label book shows."""

    GOLDEN = "golden", "golden sample"
    LIMIT_OK = "limit_ok", "just good enough"
    LIMIT_NG = "limit_ng", "just not good enough"


class Language(TextChoices):
    """Languages of pages and messages, each named in itself."""

    ENGLISH = "en", "English"
    VIETNAMESE = "vi", "Tiếng Việt"


class Source(TextChoices):
    """By which door an item came in."""

    API = "api", "REST"
    BROWSER = "browser", "browser"
    FOLDER = "folder", "folder import"
    DEMONSTRATION = "demonstration", "demonstration"
