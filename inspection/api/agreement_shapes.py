"""What the report on agreement looks like as JSON."""

from __future__ import annotations

from rest_framework import serializers

from inspection.vocabulary import Drawn


class ShareShape(serializers.Serializer):
    k = serializers.IntegerField()
    n = serializers.IntegerField()
    percent = serializers.FloatField(allow_null=True)
    interval = serializers.ListField(
        child=serializers.FloatField(), allow_null=True, help_text="Clopper and Pearson, 95 %, in per cent."
    )


class EstimateShape(serializers.Serializer):
    value = serializers.FloatField()
    se = serializers.FloatField(allow_null=True)


class FiguresShape(serializers.Serializer):
    n = serializers.IntegerField()
    agree = serializers.IntegerField()
    percent = serializers.FloatField(allow_null=True)
    interval = serializers.ListField(
        child=serializers.FloatField(), allow_null=True, help_text="Wilson, 95 %, in per cent like `percent`."
    )
    misses = ShareShape(help_text="People said NG, the AI OK; of all that people called NG.")
    overkill = ShareShape(help_text="People said OK, the AI NG; of all that people called OK.")


class OfModelShape(FiguresShape):
    model = serializers.CharField()


class OfDrawShape(FiguresShape):
    drawn = serializers.ChoiceField(choices=Drawn.choices)


class OfSegmentShape(FiguresShape):
    name = serializers.CharField(help_text="Inspector, station, shift, lot or day; blank where none was named.")


class MatrixRowShape(serializers.Serializer):
    OK = serializers.IntegerField()
    NG = serializers.IntegerField()
    UNSURE = serializers.IntegerField()


class MatrixShape(serializers.Serializer):
    OK = MatrixRowShape()
    NG = MatrixRowShape()
    UNSURE = MatrixRowShape()


class OpenShape(serializers.Serializer):
    drawn = serializers.IntegerField()
    lost = serializers.IntegerField(help_text="Given back without an answer.")
    unresolved = serializers.IntegerField(help_text="Answered; who is right is not settled.")
    undecidable = serializers.IntegerField(help_text="People could not tell, and the adjudicator neither.")


class ClassShape(serializers.Serializer):
    label = serializers.CharField()  # type: ignore[assignment]  # a field of ours, not DRF's own label
    misses = ShareShape(allow_null=True, help_text="Bad parts with this defect that the AI passes.")
    overkill = ShareShape(allow_null=True, help_text="Good parts that the AI rejects for it.")


class SampledShape(serializers.Serializer):
    drawn = serializers.ChoiceField(choices=Drawn.choices)
    probability = serializers.ListField(child=serializers.FloatField(), help_text="Least and greatest of the draws.")
    stands_for = serializers.FloatField(help_text="Parts that these were drawn from, by Horvitz and Thompson.")
    escapes = ShareShape(help_text="Of all parts looked at.")
    overkill = ShareShape(help_text="Of all parts looked at.")
    escape_rate = serializers.FloatField(allow_null=True, help_text="Weighted by the draw (Hajek), 0 to 1.")
    overkill_rate = serializers.FloatField(allow_null=True)


class HelpShape(serializers.Serializer):
    unaided = ShareShape()
    aided = ShareShape()
    aided_when_the_ai_is_wrong = ShareShape()
    agree_with_hint = ShareShape()
    agree_without = ShareShape()
    changed_to_the_ai = ShareShape()
    follow_rate = serializers.FloatField(allow_null=True)


class CeilingShape(serializers.Serializer):
    error = serializers.FloatField(allow_null=True, help_text="How often a person's label is wrong, 0 to 1.")
    why = serializers.CharField(allow_null=True, help_text="Why that is not known.")


class LabelCountShape(serializers.Serializer):
    label = serializers.CharField()  # type: ignore[assignment]  # a field of ours, not DRF's own label
    n = serializers.IntegerField()


class LineShape(serializers.Serializer):
    first_pass = ShareShape(help_text="Passed, of the parts that came for the first time.")
    automated = ShareShape(help_text="Decided by the AI.")
    labels = LabelCountShape(many=True)


class PeriodShape(serializers.Serializer):
    since = serializers.CharField(allow_null=True)
    until = serializers.CharField(allow_null=True)


class AgreementShape(FiguresShape):
    period = PeriodShape()
    matrix = MatrixShape(help_text="Rows the person's verdict, columns the AI's opinion.")
    truth = MatrixShape(help_text="Rows the reference verdict, columns the AI's opinion.")
    open = OpenShape()
    kappa = EstimateShape(allow_null=True)
    kappa_misleads = serializers.CharField(allow_null=True)
    ac1 = EstimateShape(allow_null=True)
    alpha = serializers.FloatField(allow_null=True, help_text="Krippendorff's, of people who judged a part twice.")
    says = serializers.ListField(child=serializers.CharField(), help_text="What the figures mean, in sentences.")
    both_wrong = ShareShape(help_text="Of agreements that a second person looked at again.")
    unsure_people = ShareShape()
    unsure_ai = ShareShape()
    pairs = ShareShape(help_text="Parts judged twice without a hint on which both said the same.")
    ceiling = CeilingShape()
    classes = ClassShape(many=True)
    sampled = SampledShape(many=True)
    help = HelpShape()
    line = LineShape()
    by_model = OfModelShape(many=True)
    by_drawn = OfDrawShape(many=True)
    by_inspector = OfSegmentShape(many=True)
    by_station = OfSegmentShape(many=True)
    by_shift = OfSegmentShape(many=True)
    by_day = OfSegmentShape(many=True)
    by_lot = OfSegmentShape(many=True, help_text="The newest 40.")
