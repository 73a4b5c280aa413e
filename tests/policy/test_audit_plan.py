"""How much of what the AI decides is looked at again, and which shift a verdict belongs to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.policy.routing import Shares, effective
from inspection.policy.sampling import LEAST_SHARE, TIGHTENED_PARTS, Audit, Worked, shift_before, worked
from inspection.vocabulary import AuditPlan, Level

BAR, NORMAL = 0.005, 0.05
THREE = ("06:00", "14:00", "22:00")
HANOI = "Asia/Ho_Chi_Minh"


def audited(
    plan: Audit, *, error: bool = False, lot: str = "L", share: float = NORMAL, k: int = 0, n: int = 0
) -> Audit:
    return plan.after(error=error, lot=lot, probability=share, k=k, n=n, bar=BAR, alpha=0.05)


def clean(plan: Audit, lots: int, *, n: int = 5_000) -> Audit:
    for number in range(lots):
        plan = audited(plan, lot=f"clean {number}", n=n)
    return plan


def test_a_promotion_or_a_warning_tightens_for_a_thousand_parts() -> None:
    """An audit at 20 % stands for five parts: the 200th of them ends it."""
    plan = Audit().tightened()
    for number in range(199):
        plan = audited(plan, lot=f"L{number}", share=0.2)
    assert (plan.plan, plan.left) == (AuditPlan.TIGHTENED, pytest.approx(5))
    assert audited(plan, lot="last", share=0.2).plan == AuditPlan.NORMAL


def test_ten_clean_lots_that_prove_half_the_bar_ease_it() -> None:
    nine = clean(Audit(), 9)
    assert nine.plan == AuditPlan.NORMAL
    assert audited(nine, lot="tenth", n=5_000).plan == AuditPlan.REDUCED


@pytest.mark.parametrize("n", [900, 1_500])
def test_ten_clean_lots_that_prove_too_little_ease_nothing(n: int) -> None:
    """1,500 parts without an error prove the bar, but not half of it."""
    assert clean(Audit(), 30, n=n).plan == AuditPlan.NORMAL


def test_many_audits_of_one_lot_are_one_lot() -> None:
    plan = Audit()
    for _ in range(30):
        plan = audited(plan, lot="the only one", n=5_000)
    assert (plan.plan, plan.lots) == (AuditPlan.NORMAL, (("the only one", 0),))


def test_any_error_ends_the_easing() -> None:
    assert audited(clean(Audit(), 10), error=True, lot="bad", k=1, n=5_000).plan == AuditPlan.NORMAL


def test_two_bad_lots_in_five_tighten() -> None:
    plan = audited(clean(Audit(), 10), error=True, lot="bad 1", k=1, n=5_000)
    for number in range(3):
        plan = audited(plan, lot=f"good {number}", k=1, n=5_000)
    assert plan.plan == AuditPlan.NORMAL
    assert audited(plan, error=True, lot="bad 2", k=2, n=5_000).plan == AuditPlan.TIGHTENED


def test_two_bad_lots_in_six_do_not() -> None:
    plan = audited(Audit(), error=True, lot="bad 1")
    for number in range(4):
        plan = audited(plan, lot=f"good {number}")
    assert audited(plan, error=True, lot="bad 2").plan == AuditPlan.NORMAL


def test_an_error_that_comes_late_makes_its_own_lot_a_bad_one() -> None:
    plan = audited(clean(Audit(), 3), error=True, lot="clean 0")
    assert plan.lots == (("clean 0", 1), ("clean 1", 0), ("clean 2", 0))


def test_two_errors_in_one_lot_are_one_bad_lot() -> None:
    plan = audited(audited(Audit(), error=True), error=True)
    assert (plan.plan, plan.lots) == (AuditPlan.NORMAL, (("L", 2),))


def test_a_promotion_forgets_the_lots_of_before() -> None:
    assert clean(Audit(), 9).tightened() == Audit(plan=AuditPlan.TIGHTENED, left=TIGHTENED_PARTS)


@pytest.mark.parametrize(
    ("plan", "share"), [(AuditPlan.TIGHTENED, 0.2), (AuditPlan.NORMAL, 0.05), (AuditPlan.REDUCED, 0.02)]
)
def test_what_each_plan_draws_by_default(plan: AuditPlan, share: float) -> None:
    assert Audit(plan=plan).share(NORMAL) == pytest.approx(share)


@pytest.mark.parametrize(
    ("plan", "share"), [(AuditPlan.TIGHTENED, 0.04), (AuditPlan.NORMAL, 0.01), (AuditPlan.REDUCED, 0.01)]
)
@pytest.mark.parametrize("normal", [0.0, 0.00001, 0.01])
def test_no_plan_draws_less_than_one_in_a_hundred_and_tightened_is_four_times_that(
    plan: AuditPlan, share: float, normal: float
) -> None:
    assert Audit(plan=plan).share(normal) == pytest.approx(share)


def test_a_tightened_audit_is_at_most_of_all_parts() -> None:
    assert Audit(plan=AuditPlan.TIGHTENED).share(0.3) == 1.0


@given(
    normal=st.floats(1e-6, 1),
    lots=st.lists(st.tuples(st.booleans(), st.sampled_from("abcdefghijklmnop"), st.integers(0, 9_000)), max_size=60),
)
def test_whatever_happens_something_is_audited_and_never_more_than_all(
    normal: float, lots: list[tuple[bool, str, int]]
) -> None:
    plan = Audit()
    for error, lot, n in lots:
        plan = audited(plan, error=error, lot=lot, k=min(n, 1), n=n)
        assert LEAST_SHARE <= plan.share(normal) <= 1
        drawn = effective(level=Level.FULL, shares=Shares(blind=0, audit=plan.share(normal))).audit
        assert drawn == plan.share(normal), "what is shown is what is drawn"
        assert Audit.from_json(plan.as_json()) == plan
        assert len(plan.lots) <= 10
    assert Audit.from_json({}) == Audit()


# ---------------------------------------------------------------- the shift calendar


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("moment", "day", "shift"),
    [
        ("2026-03-01T06:00", "2026-03-01", "2026-03-01/06:00"),
        ("2026-03-01T13:59:59", "2026-03-01", "2026-03-01/06:00"),
        ("2026-03-01T14:00", "2026-03-01", "2026-03-01/14:00"),
        ("2026-03-01T23:59", "2026-03-01", "2026-03-01/22:00"),
        ("2026-03-02T00:00", "2026-03-02", "2026-03-01/22:00"),
        ("2026-03-02T05:59:59", "2026-03-02", "2026-03-01/22:00"),
    ],
)
def test_a_night_shift_belongs_to_the_day_on_which_it_began(moment: str, day: str, shift: str) -> None:
    assert worked(at(moment), zone="UTC", begins=THREE) == Worked(day=date.fromisoformat(day), shift=shift)


def test_without_shifts_the_day_is_one() -> None:
    assert worked(at("2026-03-01T00:00"), zone="UTC", begins=()) == Worked(day=date(2026, 3, 1), shift="2026-03-01")


def test_the_day_is_that_of_the_jobs_own_zone() -> None:
    found = worked(at("2026-03-01T17:30"), zone=HANOI, begins=THREE)
    assert found == Worked(day=date(2026, 3, 2), shift="2026-03-01/22:00")


@pytest.mark.parametrize("hours", range(48))
def test_one_moment_has_one_shift_whatever_the_zone_it_is_told_in(hours: int) -> None:
    moment = at("2026-03-28T00:00") + timedelta(hours=hours)
    elsewhere = moment.astimezone(timezone(timedelta(hours=-9, minutes=-30)))
    assert worked(moment, zone="Europe/Berlin", begins=THREE) == worked(elsewhere, zone="Europe/Berlin", begins=THREE)


@pytest.mark.parametrize("night", ["2026-03-28", "2026-10-24"])
def test_the_night_in_which_the_clocks_are_changed_is_one_shift(night: str) -> None:
    """An hour of it is missing, or comes twice."""
    begin = at(f"{night}T22:00", "Europe/Berlin").astimezone(UTC)
    hours = 7 if night == "2026-03-28" else 9
    found = {worked(begin + timedelta(minutes=m), zone="Europe/Berlin", begins=THREE).shift for m in range(60 * hours)}
    assert found == {f"{night}/22:00"}
    assert worked(begin + timedelta(hours=hours), zone="Europe/Berlin", begins=THREE).shift.endswith("06:00")


@pytest.mark.parametrize(
    ("now", "begin", "end"),
    [
        ("2026-03-02T14:00", "2026-03-02T06:00", "2026-03-02T14:00"),
        ("2026-03-02T13:59", "2026-03-01T22:00", "2026-03-02T06:00"),
        ("2026-03-02T05:00", "2026-03-01T14:00", "2026-03-01T22:00"),
        ("2026-03-02T22:00", "2026-03-02T14:00", "2026-03-02T22:00"),
    ],
)
def test_the_shift_before_is_the_last_one_that_is_over(now: str, begin: str, end: str) -> None:
    assert shift_before(at(now), zone="UTC", begins=THREE) == (at(begin), at(end))


@pytest.mark.parametrize("begins", [(), ("00:00",), ("09:30",)])
def test_with_one_shift_a_day_the_one_before_is_a_day_long(begins: tuple[str, ...]) -> None:
    begin, end = shift_before(at("2026-03-02T08:00"), zone=HANOI, begins=begins)
    assert end - begin == timedelta(days=1)
    assert end <= at("2026-03-02T08:00") < end + timedelta(days=1)


@given(moment=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), zone=st.sampled_from(["Europe/Berlin", HANOI]))
def test_shift_and_shift_before_are_neighbours(moment: datetime, zone: str) -> None:
    now = moment.replace(tzinfo=UTC)
    begin, end = shift_before(now, zone=zone, begins=THREE)
    assert worked(begin, zone=zone, begins=THREE).shift != worked(now, zone=zone, begins=THREE).shift
    assert worked(end, zone=zone, begins=THREE).shift == worked(now, zone=zone, begins=THREE).shift


def test_a_clock_that_jumps_takes_no_part_into_a_shift_of_its_own() -> None:
    """Back by an hour over the beginning of a shift, and forward again: two shifts, not three."""
    moments = [at("2026-03-02T14:05"), at("2026-03-02T13:05"), at("2026-03-02T14:06")]
    assert {worked(one, zone="UTC", begins=THREE).shift for one in moments} == {"2026-03-02/06:00", "2026-03-02/14:00"}


def test_a_tightened_plan_counts_down_by_the_draw_that_was_made() -> None:
    plan = replace(Audit().tightened(), left=30.0)
    assert audited(plan, share=0.05).left == 10.0
    assert audited(plan, share=0.2).left == 25.0
