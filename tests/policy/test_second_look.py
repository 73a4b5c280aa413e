from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.policy.sampling import Draw
from inspection.policy.second_look import Draws, Heard, Standing, stand
from inspection.vocabulary import Look, Settled, Verdict

OK, NG, UNSURE = Verdict.OK, Verdict.NG, Verdict.UNSURE
NONE_DRAWN = Draws(double=Draw(hit=False, probability=0.02), recheck=Draw(hit=False, probability=0.1))
DOUBLE = Draws(double=Draw(hit=True, probability=0.02), recheck=Draw(hit=True, probability=0.1))
RECHECK = Draws(double=Draw(hit=False, probability=0.02), recheck=Draw(hit=True, probability=0.1))
BY_AGREEMENT, BY_SECOND, BY_ADJUDICATOR = Settled.AGREEMENT, Settled.SECOND_LOOK, Settled.ADJUDICATOR


@pytest.mark.parametrize(
    ("opinion", "first", "blind", "draws", "reference", "ask", "probability"),
    [
        (OK, OK, True, NONE_DRAWN, OK, None, 1.0),
        (NG, OK, True, NONE_DRAWN, None, Look.DISAGREED, 1.0),
        (OK, NG, True, NONE_DRAWN, None, Look.DISAGREED, 1.0),
        (UNSURE, NG, True, NONE_DRAWN, NG, None, 1.0),
        (None, NG, True, NONE_DRAWN, NG, None, 1.0),
        (OK, UNSURE, True, NONE_DRAWN, None, Look.UNSURE, 1.0),
        (OK, UNSURE, False, NONE_DRAWN, None, Look.UNSURE, 1.0),
        (NG, OK, False, NONE_DRAWN, None, None, 1.0),
        (OK, OK, False, RECHECK, None, None, 1.0),
        (OK, OK, True, RECHECK, OK, Look.RECHECK, 0.1),
        (UNSURE, OK, True, RECHECK, OK, None, 1.0),
        (None, OK, True, RECHECK, OK, None, 1.0),
        (OK, OK, True, DOUBLE, OK, Look.DOUBLE, 0.02),
        (NG, OK, True, DOUBLE, None, Look.DOUBLE, 0.02),
        (OK, UNSURE, True, DOUBLE, None, Look.DOUBLE, 0.02),
        (OK, OK, False, DOUBLE, None, None, 1.0),
    ],
)
def test_who_is_asked_after_a_first_look(
    opinion: Verdict | None,
    first: Verdict,
    blind: bool,
    draws: Draws,
    reference: Verdict | None,
    ask: Look | None,
    probability: float,
) -> None:
    found = stand(Heard(opinion=opinion, first=first, blind=blind), draws)
    settled = BY_AGREEMENT if reference else None
    assert found == Standing(reference=reference, settled=settled, ask=ask, probability=probability)


@pytest.mark.parametrize("first", [OK, NG])
@pytest.mark.parametrize("opinion", [OK, UNSURE])
def test_what_was_said_with_the_hint_is_looked_at_again_by_chance_alone(opinion: Verdict, first: Verdict) -> None:
    heard = Heard(opinion=opinion, first=first, blind=False, helped=True)
    assert stand(heard, RECHECK) == Standing(reference=None, settled=None, ask=Look.RECHECK, probability=0.1)
    assert stand(heard, NONE_DRAWN).ask is None
    assert stand(replace(heard, second=first), RECHECK) == Standing(reference=first, settled=BY_SECOND)
    assert stand(replace(heard, second=NG if first == OK else OK), RECHECK).ask == Look.ADJUDICATION


@pytest.mark.parametrize(
    ("opinion", "first", "second", "reference"),
    [
        (OK, NG, NG, NG),
        (NG, OK, OK, OK),
        (OK, OK, OK, OK),
        (OK, NG, OK, None),
        (OK, OK, NG, None),
        (None, OK, NG, None),
        (OK, UNSURE, OK, OK),
        (NG, UNSURE, OK, None),
        (UNSURE, UNSURE, NG, NG),
        (None, UNSURE, NG, NG),
        (OK, OK, UNSURE, None),
        (None, UNSURE, UNSURE, None),
    ],
)
def test_what_a_second_look_settles(
    opinion: Verdict | None, first: Verdict, second: Verdict, reference: Verdict | None
) -> None:
    found = stand(Heard(opinion=opinion, first=first, blind=True, second=second), NONE_DRAWN)
    asked = None if reference else Look.ADJUDICATION
    settled = BY_SECOND if reference else None
    assert found == Standing(reference=reference, settled=settled, ask=asked, disputed=reference is None)


@pytest.mark.parametrize("said", list(Verdict))
def test_what_the_adjudicator_says_stands(said: Verdict) -> None:
    heard = Heard(opinion=OK, first=OK, blind=True, second=NG, adjudicated=said)
    assert stand(heard, DOUBLE) == Standing(reference=said, settled=BY_ADJUDICATOR)


def test_nobody_is_asked_about_a_part_of_which_nobody_has_spoken() -> None:
    assert stand(Heard(opinion=OK, first=None, blind=False), DOUBLE) == Standing(reference=None, settled=None)


VERDICTS = st.sampled_from(Verdict)
HEARD = st.builds(Heard, opinion=st.none() | VERDICTS, first=VERDICTS, blind=st.booleans(), second=st.none() | VERDICTS)


@given(HEARD, st.sampled_from([NONE_DRAWN, DOUBLE, RECHECK]))
def test_a_disputed_part_always_goes_on_to_an_adjudicator(heard: Heard, draws: Draws) -> None:
    found = stand(heard, draws)
    assert found.disputed == (found.ask == Look.ADJUDICATION)
    assert not (found.disputed and found.reference)


@given(HEARD, st.sampled_from([NONE_DRAWN, DOUBLE, RECHECK]))
def test_no_reference_is_ever_unsure_before_the_adjudicator(heard: Heard, draws: Draws) -> None:
    assert stand(heard, draws).reference != UNSURE


@given(VERDICTS, VERDICTS, st.sampled_from([OK, NG]))
def test_swapping_good_and_bad_swaps_the_answer(first: Verdict, second: Verdict, opinion: Verdict) -> None:
    other = {OK: NG, NG: OK, UNSURE: UNSURE, None: None}
    here = stand(Heard(opinion=opinion, first=first, blind=True, second=second), NONE_DRAWN)
    there = stand(Heard(opinion=other[opinion], first=other[first], blind=True, second=other[second]), NONE_DRAWN)
    assert (there.reference, there.ask) == (other[here.reference], here.ask)
