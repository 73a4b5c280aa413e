"""What a review shows of the AI, and when."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils.translation import override

from inspection.models import Exposure, HandOut, Item, VerdictGiven
from inspection.vocabulary import HintMode, Level, Verdict
from tests.factories import POLICY, Cast, answer, claim, claim_one, commit, item, job, take_in
from tests.journey.test_review import code_of, give_back, lapse, skip

BLINDLESS = replace(POLICY, blind_share=0.01)
"""As little as may be; the dice of `item` are loaded."""
LOWER_LEFT = (6, 0)


def like(part: Item, examples: dict[str, str | None]) -> None:
    """Let the AI's answer on a part compare it with these: digests, and what people called them."""
    part.predictions.update(
        nearest=[
            {"key": key, "label": label, "target": 1.0 if label else 0.0, "similarity": 0.97}
            for key, label in examples.items()
        ]
    )


def hint_of(part: Item) -> dict[str, object]:
    row = part.predictions.get()
    words = f"The AI is not sure about this part ({100 * (row.score or 0):.0f} % NG). It looked about the lower left."
    place = "about the lower left"
    return {
        "verdict": "UNSURE", "score": row.score, "words": words, "labels": [], "heatmap": row.heatmap, "place": place,
        "nearest": [],
    }  # fmt: skip


@pytest.mark.parametrize("level", [Level.ASSISTANCE, Level.PARTIAL, Level.FULL])
def test_a_commit_first_hint_is_nowhere_before_the_own_answer(cast: Cast, level: Level) -> None:
    covers = job(cast, level=level, policy=BLINDLESS)
    part = item(covers, score=0.5, spot=LOWER_LEFT)
    held = claim_one(covers, cast.inspector)
    assert (held.review.routing.commit_first, held.hand_out.shown, held.hand_out.shown_at) == (True, None, None)
    assert commit(held) == hint_of(part)
    out = HandOut.objects.get()
    assert (out.shown, out.committed and out.committed["verdict"]) == (hint_of(part), "OK")


def test_a_concurrent_hint_is_shown_with_the_hand_out(cast: Cast) -> None:
    covers = job(cast, level=Level.ASSISTANCE, policy=replace(BLINDLESS, hint_mode=HintMode.CONCURRENT))
    part = item(covers, score=0.5, spot=LOWER_LEFT)
    held = claim_one(covers, cast.inspector)
    assert (held.hand_out.shown, held.review.routing.commit_first) == (hint_of(part), False)
    assert held.hand_out.shown_at is not None


@pytest.mark.parametrize("hint_mode", [HintMode.CONCURRENT, HintMode.COMMIT_FIRST])
def test_a_blind_review_shows_nothing_before_or_after(cast: Cast, hint_mode: HintMode) -> None:
    covers = job(cast, level=Level.ASSISTANCE, policy=replace(POLICY, hint_mode=hint_mode))
    item(covers, score=0.97, spot=LOWER_LEFT, blind=True)
    held = claim_one(covers, cast.inspector)
    assert (held.hand_out.shown, commit(held), HandOut.objects.get().shown) == (None, None, None)


def test_shadow_shows_nothing_and_an_audit_shows_nothing(cast: Cast) -> None:
    for level, slug in ((Level.SHADOW, "shadow"), (Level.FULL, "full")):
        made = job(cast, slug=slug, level=level)
        item(made, score=0.97, spot=LOWER_LEFT, audit=level == Level.FULL)
        held = claim_one(made, cast.inspector)
        assert (held.hand_out.shown, commit(held)) == (None, None)


def test_an_ai_without_an_answer_looks_like_nothing_to_show(cast: Cast) -> None:
    covers = job(cast, level=Level.ASSISTANCE, policy=BLINDLESS)
    part = take_in(covers)
    assert part.routings.get().reason == "no_model"
    assert commit(claim_one(covers, cast.inspector)) is None


def test_a_commit_that_comes_twice_gives_the_same_hint(cast: Cast) -> None:
    covers = job(cast, level=Level.ASSISTANCE, policy=BLINDLESS)
    part = item(covers, score=0.5, spot=LOWER_LEFT)
    held = claim_one(covers, cast.inspector)
    assert [commit(held, key="k"), commit(held, key="k")] == [hint_of(part)] * 2


@pytest.mark.parametrize(
    ("key", "verdict", "code"),
    [("other", Verdict.OK, "already_committed"), ("k", Verdict.NG, "client_key_reused")],
)
def test_a_first_answer_stands_once_the_ai_was_seen(cast: Cast, key: str, verdict: Verdict, code: str) -> None:
    covers = job(cast, level=Level.ASSISTANCE, policy=BLINDLESS)
    item(covers, score=0.5, spot=LOWER_LEFT)
    held = claim_one(covers, cast.inspector)
    commit(held, Verdict.OK, key="k")
    assert code_of(lambda: commit(held, verdict, key=key)) == code


def test_nobody_learns_the_opinion_by_committing_to_what_others_hold(cast: Cast) -> None:
    covers = job(cast, level=Level.ASSISTANCE, policy=BLINDLESS)
    item(covers, score=0.5, spot=LOWER_LEFT)
    held = claim_one(covers, cast.inspector)
    stranger = replace(held, hand_out=HandOut(person=cast.inspector2, lease=held.hand_out.lease))
    assert code_of(lambda: commit(stranger)) == "lease_lost"
    lapse(covers)
    claim(covers, cast.inspector2)
    assert code_of(lambda: commit(held)) == "lease_lost"


@pytest.mark.parametrize("leave", [give_back, skip, "lapse"])
def test_who_saw_a_hint_and_left_is_no_blind_judge_of_the_part_any_more(cast: Cast, leave: object) -> None:
    covers = job(cast, level=Level.ASSISTANCE, policy=BLINDLESS)
    part = item(covers, score=0.5, spot=LOWER_LEFT)
    held = claim_one(covers, cast.inspector)
    commit(held)
    if callable(leave):
        leave(held)
    else:
        lapse(covers)
        give_back(claim_one(covers, cast.inspector2))
    assert [*Exposure.objects.values_list("person", "item")] == [(cast.inspector.pk, part.pk)]
    assert claim(covers, cast.inspector) == []


def test_who_left_without_a_hint_is_asked_like_anybody(cast: Cast) -> None:
    covers = job(cast, level=Level.ASSISTANCE, policy=BLINDLESS)
    item(covers, score=0.5, spot=LOWER_LEFT)
    give_back(claim_one(covers, cast.inspector))
    assert (Exposure.objects.count(), len(claim(covers, cast.inspector))) == (0, 1)


def test_what_was_shown_is_kept_with_the_verdict_heatmap_and_all(cast: Cast) -> None:
    covers = job(cast, level=Level.ASSISTANCE, policy=BLINDLESS)
    part = item(covers, score=0.5, spot=LOWER_LEFT)
    held = claim_one(covers, cast.inspector)
    commit(held)
    answer(held, Verdict.NG)
    assert VerdictGiven.objects.get().shown == hint_of(part)
    assert part.predictions.get().heatmap == [*[[0.0] * 7] * 6, [1.0, *[0.0] * 6]]


def test_a_hint_says_what_the_part_is_like_and_shows_what_may_be_seen(cast: Cast) -> None:
    covers = job(cast, level=Level.ASSISTANCE, policy=replace(BLINDLESS, double_share=0.0))
    judged, waiting = item(covers), item(covers)
    answer(claim_one(covers, cast.inspector2), Verdict.NG)
    part = item(covers, score=0.5)
    like(part, {judged.picture.digest: "dent", waiting.picture.digest: "dent", "0" * 64: None})
    held = next(one for one in claim(covers, cast.inspector, hold=9) if one.review.item_id == part.pk)
    shown = commit(held)
    assert shown is not None
    assert shown["words"].endswith(" Most like two known cases of Dent and a known good part.")
    place = f"/api/v1/reviews/{held.review.pk}/nearest/1/picture/"
    assert [(one["picture"], one["example"]) for one in shown["nearest"]] == [
        (place, judged.picture.digest),
        (None, None),
        (None, None),
    ]
    assert HandOut.objects.get(lease=held.hand_out.lease).shown == shown


@pytest.mark.parametrize("hint_mode", [HintMode.CONCURRENT, HintMode.COMMIT_FIRST])
def test_who_was_shown_an_example_is_no_blind_judge_of_it_any_more(cast: Cast, hint_mode: HintMode) -> None:
    covers = job(cast, level=Level.ASSISTANCE, policy=replace(BLINDLESS, double_share=0.0, hint_mode=hint_mode))
    example = item(covers)
    answer(claim_one(covers, cast.inspector2), Verdict.NG)
    part = item(covers, score=0.5)
    like(part, {example.picture.digest: "dent"})
    held = claim_one(covers, cast.inspector)
    if hint_mode == HintMode.COMMIT_FIRST:
        assert Exposure.objects.count() == 0
        commit(held)
    assert [*Exposure.objects.values_list("person", "item", "by_twin")] == [(cast.inspector.pk, example.pk, False)]


def test_a_hint_speaks_the_language_of_whoever_is_shown_it(cast: Cast) -> None:
    covers = job(cast, level=Level.ASSISTANCE, policy=BLINDLESS)
    covers.labels.filter(code="dent").update(translations={"vi": {"name": "Vết lõm"}})
    part = item(covers, score=0.5)
    like(part, {"0" * 64: "dent"})
    with override("vi"):
        shown = commit(claim_one(covers, cast.inspector))
    assert shown is not None
    assert [one["words"] for one in shown["nearest"]] == ["một trường hợp Vết lõm đã biết"]
    assert "AI" in shown["words"]
    assert shown["words"].endswith("Giống nhất: một trường hợp Vết lõm đã biết.")


def test_an_example_about_which_somebody_is_asked_leads_to_no_picture(cast: Cast) -> None:
    covers = job(cast, level=Level.ASSISTANCE, policy=BLINDLESS)
    item(covers, score=0.1)
    part = item(covers, score=0.5)
    like(part, {other.picture.digest: "dent" for other in Item.objects.exclude(pk=part.pk)})
    held = next(one for one in claim(covers, cast.inspector, hold=9) if one.review.item_id == part.pk)
    [example] = commit(held)["nearest"]  # type: ignore[index]
    assert (example["words"], example["picture"], example["example"]) == ("a known case of Dent", None, None)


def test_a_model_without_a_heatmap_gives_a_hint_with_the_same_fields(cast: Cast) -> None:
    covers = job(cast, level=Level.ASSISTANCE, policy=BLINDLESS)
    part = item(covers, score=0.5)
    shown = commit(claim_one(covers, cast.inspector))
    assert shown is not None
    assert shown.keys() == hint_of(part).keys()
    assert (shown["heatmap"], shown["place"]) == (None, None)
