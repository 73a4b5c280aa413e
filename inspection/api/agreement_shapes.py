"""What the report on agreement looks like as JSON."""

from __future__ import annotations

from rest_framework import serializers

from inspection.vocabulary import Drawn


class ExactShareShape(serializers.Serializer):
    k = serializers.IntegerField()
    n = serializers.IntegerField()
    percent = serializers.FloatField(allow_null=True)
    interval = serializers.ListField(
        child=serializers.FloatField(), allow_null=True, help_text="Clopper and Pearson, 95 %, in per cent."
    )


class CoefficientShape(serializers.Serializer):
    value = serializers.FloatField()
    se = serializers.FloatField(allow_null=True)


class AgreementFiguresShape(serializers.Serializer):
    n = serializers.IntegerField()
    agree = serializers.IntegerField()
    percent = serializers.FloatField(allow_null=True)
    interval = serializers.ListField(
        child=serializers.FloatField(), allow_null=True, help_text="Wilson, 95 %, in per cent like `percent`."
    )
    misses = ExactShareShape(help_text="People said NG, the AI OK; of all that people called NG.")
    overkill = ExactShareShape(help_text="People said OK, the AI NG; of all that people called OK.")


class OfModelShape(AgreementFiguresShape):
    model = serializers.CharField()


class OfDrawShape(AgreementFiguresShape):
    drawn = serializers.ChoiceField(choices=Drawn.choices)


class OfSegmentShape(AgreementFiguresShape):
    name = serializers.CharField(help_text="Inspector, station, shift, lot or day; blank where none was named.")


class MatrixRowShape(serializers.Serializer):
    OK = serializers.IntegerField()
    NG = serializers.IntegerField()
    UNSURE = serializers.IntegerField()


class MatrixShape(serializers.Serializer):
    OK = MatrixRowShape()
    NG = MatrixRowShape()
    UNSURE = MatrixRowShape()


class OpenEvidenceShape(serializers.Serializer):
    drawn = serializers.IntegerField()
    lost = serializers.IntegerField(help_text="Given back without an answer.")
    unresolved = serializers.IntegerField(help_text="Answered; who is right is not settled.")
    undecidable = serializers.IntegerField(help_text="People could not tell, and the adjudicator neither.")


class ClassShape(serializers.Serializer):
    label = serializers.CharField()  # type: ignore[assignment]  # a field of ours, not DRF's own label
    misses = ExactShareShape(allow_null=True, help_text="Bad parts with this defect that the AI passes.")
    overkill = ExactShareShape(allow_null=True, help_text="Good parts that the AI rejects for it.")


class SampledShape(serializers.Serializer):
    drawn = serializers.ChoiceField(choices=Drawn.choices)
    probability = serializers.ListField(child=serializers.FloatField(), help_text="Least and greatest of the draws.")
    stands_for = serializers.FloatField(help_text="Parts that these were drawn from, by Horvitz and Thompson.")
    escapes = ExactShareShape(help_text="Of all parts looked at.")
    overkill = ExactShareShape(help_text="Of all parts looked at.")
    escape_rate = serializers.FloatField(allow_null=True, help_text="Weighted by the draw (Hajek), 0 to 1.")
    overkill_rate = serializers.FloatField(allow_null=True)


class HintEffectShape(serializers.Serializer):
    unaided = ExactShareShape()
    aided = ExactShareShape()
    aided_when_the_ai_is_wrong = ExactShareShape()
    agree_with_hint = ExactShareShape()
    agree_without = ExactShareShape()
    changed_to_the_ai = ExactShareShape()
    follow_rate = serializers.FloatField(allow_null=True)


class HumanCeilingShape(serializers.Serializer):
    error = serializers.FloatField(allow_null=True, help_text="How often a person's label is wrong, 0 to 1.")
    why = serializers.CharField(allow_null=True, help_text="Why that is not known.")


class LabelCountShape(serializers.Serializer):
    label = serializers.CharField()  # type: ignore[assignment]  # a field of ours, not DRF's own label
    n = serializers.IntegerField()


class AgreementLineShape(serializers.Serializer):
    first_pass = ExactShareShape(help_text="Passed, of the parts that came for the first time.")
    automated = ExactShareShape(help_text="Parts whose first OK or NG was the AI's own, of all that were decided.")
    overturned = serializers.IntegerField(help_text="Of these: another verdict is in force now, or a hold.")
    labels = LabelCountShape(many=True)


class ReportPeriodShape(serializers.Serializer):
    since = serializers.CharField(allow_null=True)
    until = serializers.CharField(allow_null=True)


class AgreementShape(AgreementFiguresShape):
    period = ReportPeriodShape()
    matrix = MatrixShape(help_text="Rows the person's verdict, columns the AI's opinion.")
    truth = MatrixShape(help_text="Rows the reference verdict, columns the AI's opinion.")
    open = OpenEvidenceShape()
    kappa = CoefficientShape(allow_null=True)
    kappa_misleads = serializers.CharField(allow_null=True)
    ac1 = CoefficientShape(allow_null=True)
    alpha = serializers.FloatField(allow_null=True, help_text="Krippendorff's, of people who judged a part twice.")
    says = serializers.ListField(child=serializers.CharField(), help_text="What the figures mean, in sentences.")
    both_wrong = ExactShareShape(help_text="Of agreements that a second person looked at again.")
    unsure_people = ExactShareShape()
    unsure_ai = ExactShareShape()
    pairs = ExactShareShape(help_text="Parts judged twice without a hint on which both said the same.")
    ceiling = HumanCeilingShape()
    classes = ClassShape(many=True)
    sampled = SampledShape(many=True)
    help = HintEffectShape()
    line = AgreementLineShape()
    by_model = OfModelShape(many=True)
    by_drawn = OfDrawShape(many=True)
    by_inspector = OfSegmentShape(many=True)
    by_station = OfSegmentShape(many=True)
    by_shift = OfSegmentShape(many=True)
    by_day = OfSegmentShape(many=True)
    by_lot = OfSegmentShape(many=True, help_text="The newest 40.")
