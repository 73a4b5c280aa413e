from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inspection import walk
from inspection.models import Job, Study
from inspection.queries.study_report import study_report
from inspection.vocabulary import Verdict
from inspection.web.study_zones import ZonePlot, zone_plot
from tests import factories, study
from tests.queries.test_study_report import classical
from tests.study import NG, OK
from tests.web.conftest import browser_of
from tests.web.test_studies import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def covers(cast: factories.Cast) -> Job:
    return factories.job(cast)


@pytest.fixture
def draft(covers: Job, cast: factories.Cast) -> Study:
    study.known(covers, cast, OK, OK, OK, OK, NG, NG)
    return study.draft(covers, cast)


def serials(made: Study) -> list[str]:
    return list(made.parts.values_list("item__serial", flat=True))


def send(cast: factories.Cast, made: Study, **said: Any) -> Any:
    form = {"lower": "0,45", "upper": "0.55", "unit": "mm", "table": "", **said}
    return browser_of(cast.manager).post(f"/jobs/covers/studies/{made.pk}/values/", form)


def values(made: Study) -> list[float | None]:
    return list(made.parts.values_list("value", flat=True))


def typed(answer: Any) -> str:
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", answer.content.decode(), re.DOTALL)
    assert found is not None
    return found[1]


def test_a_draft_offers_a_line_for_each_part(draft: Study, cast: factories.Cast) -> None:
    page = browser_of(cast.manager).get(f"/jobs/covers/studies/{draft.pk}/")
    assert typed(page).splitlines() == [f"{serial}; " for serial in serials(draft)]


def test_a_pasted_table_is_kept_and_comes_back_in_the_form(draft: Study, cast: factories.Cast) -> None:
    lines = [f"{serial}\t0,4{place}" for place, serial in enumerate(serials(draft)[:4])]
    answer = send(cast, draft, table="serial\tvalue\r\n" + "\r\n".join(lines))
    assert (answer.status_code, values(draft)) == (302, [0.4, 0.41, 0.42, 0.43, None, None])
    page = answer.client.get(answer["Location"])
    assert "Kept: 4 of the parts have a measured value." in text(page)
    assert "4 parts; limits 0.45 to 0.55 mm" in text(page)
    assert typed(page).splitlines()[3:5] == [f"{serials(draft)[3]}; 0.43", f"{serials(draft)[4]}; "]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_takes_the_place_of_the_lines(draft: Study, cast: factories.Cast, encoding: str) -> None:
    data = f"pièce;value\n{serials(draft)[1]};0,5\n".encode(encoding)
    send(cast, draft, table="nobody; 1", file=SimpleUploadedFile("values.csv", data))
    assert values(draft) == [None, 0.5, None, None, None, None]


@pytest.mark.parametrize("way", ["pasted", "file"])
def test_a_table_with_mistakes_changes_nothing_and_comes_back_whole(
    draft: Study, cast: factories.Cast, way: str
) -> None:
    table = f"{serials(draft)[0]}; 0.5\nnobody; 0.6\n{serials(draft)[0]}; 0.7"
    said = {"table": table} if way == "pasted" else {"file": SimpleUploadedFile("v.csv", table.encode())}
    answer = send(cast, draft, **said)
    assert answer.status_code == 422
    assert "Line 2: the part “nobody” is not in this study." in text(answer)
    assert f"Line 3: the part “{serials(draft)[0]}” has a value already further up." in text(answer)
    assert (typed(answer), 'value="0,45"' in answer.content.decode()) == (table, True)
    assert values(draft) == [None] * 6


@pytest.mark.parametrize(
    ("said", "status", "words"),
    [
        ({"lower": "about 5"}, 422, "A limit is a number"),
        ({"lower": "0.6"}, 422, "The lower limit has to be below the upper one."),
        ({"lower": "", "upper": ""}, 422, "Values say something beside a limit"),
        ({"file": SimpleUploadedFile("v.xlsx", b"PK\x03\x04\x00\x00")}, 422, "Save it as CSV"),
        ({"file": SimpleUploadedFile("v.csv", b"a" * 1_000_001)}, 413, "at most 1 MB"),
        ({"table": "A; 5 mm"}, 422, "Line 1: “5 mm” is no number"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(
    draft: Study, cast: factories.Cast, said: dict[str, Any], status: int, words: str
) -> None:
    table = f"{serials(draft)[0]}; 0.5"
    answer = send(cast, draft, **{"table": table, **said})
    assert (answer.status_code, words in text(answer)) == (status, True)
    assert typed(answer) == said.get("table", table)
    assert values(draft) == [None] * 6


def test_serials_of_other_parts_are_passed_over_on_request(draft: Study, cast: factories.Cast) -> None:
    table = f"nobody; 0.6\n{serials(draft)[0]}; 0.5"
    assert send(cast, draft, table=table, others="1").status_code == 302
    assert values(draft)[0] == 0.5


def test_a_draft_names_parts_whose_value_and_standard_contradict_each_other(draft: Study, cast: factories.Cast) -> None:
    study.measure(draft, cast.manager, ["0.5"] * 6, limits=(0.45, 0.55))
    bad = ", ".join(str(part.number) for part in draft.parts.filter(verdict=NG))
    page = text(browser_of(cast.manager).get(f"/jobs/covers/studies/{draft.pk}/"))
    assert f"Measured value and standard contradict each other on the parts {bad}:" in page


def test_who_judges_and_who_waits_sees_no_value(draft: Study, cast: factories.Cast) -> None:
    study.measure(draft, cast.manager, ["0.4711"] * 6, limits=(0.45, 0.55))
    walk.start_study(study=draft, by=cast.manager)
    for person, path in ((cast.inspector, "sit/"), (cast.manager, "")):
        assert "0.4711" not in text(browser_of(person).get(f"/jobs/covers/studies/{draft.pk}/{path}"))
    study.close(_read(draft, cast), cast.manager, reason="enough")
    assert "0.4711" in text(browser_of(cast.manager).get(f"/jobs/covers/studies/{draft.pk}/"))


def _read(made: Study, cast: factories.Cast) -> Study:
    study.read(made, cast.inspector, study.right)
    return made


def test_the_report_of_the_classical_example_tells_its_zones(cast: factories.Cast) -> None:
    made = classical(cast)
    page = text(browser_of(cast.manager).get(f"/jobs/covers/studies/{made.pk}/"))
    for said in (
        "The zone in which people are divided is 23.8 % of the tolerance wide: marginal (good below 10 %,",
        "lower limit 0.45 mm 0.470832 mm part 44 0.446697 mm part 50 5 0.024135 mm",
        "upper limit 0.55 mm 0.542704 mm part 13 0.566152 mm part 4 6 0.023448 mm",
        "mean 0.0237915 mm of the tolerance, %GRR marginal 23.8 %",
        "contradict each other on the parts 22, 26",
        "0.449696 mm 34",
    ):
        assert said in page, said


def test_with_one_limit_the_report_says_why_there_is_no_share(draft: Study, cast: factories.Cast) -> None:
    study.measure(draft, cast.manager, ["1", "2", "3", "4", "5", "6"], limits=(None, 5.5))
    walk.start_study(study=draft, by=cast.manager)
    study.close(_read(draft, cast), cast.manager, reason="enough")
    page = text(browser_of(cast.manager).get(f"/jobs/covers/studies/{draft.pk}/"))
    assert "With one limit alone there is no tolerance to divide the width by." in page
    assert "%GRR undefined –" in page


def test_a_report_without_measured_values_says_how_to_get_them(covers: Job, cast: factories.Cast) -> None:
    made = study.close(_read(study.running(covers, cast), cast), cast.manager, reason="enough")
    page = text(browser_of(cast.manager).get(f"/jobs/covers/studies/{made.pk}/"))
    assert "No values were measured" in page
    assert "Where people are divided" not in page


def drawn(made: Study) -> ZonePlot:
    plot = zone_plot(study_report(made))
    assert plot is not None
    return plot


def test_the_drawing_puts_every_part_in_the_order_of_its_value(cast: factories.Cast) -> None:
    plot = drawn(classical(cast))
    heights = [column.signs[0].y for column in plot.columns]
    assert (len(plot.columns), heights) == (50, sorted(heights, reverse=True))
    assert [column.number for column in plot.columns if column.divided] == (
        ["34", "21", "14", "43", "7", "36", "6", "22", "26", "12", "30"]
    )
    assert [column.number for column in plot.columns if column.numbered] == (
        [column.number for column in plot.columns if column.divided]
    )
    assert [row.words for row in plot.rows] == ["inspector", "inspector2", "manager"]
    assert plot.columns[0].title == "Part 37, 0.409238: " + "; ".join(
        f"{name}: NG, NG, NG" for name in ("inspector", "inspector2", "manager")
    )


def test_zones_and_limits_stand_at_the_height_of_their_values(cast: factories.Cast) -> None:
    plot = drawn(classical(cast))
    at = {column.number: column.signs[0].y for column in plot.columns}
    assert [(band.y, band.y + band.tall) for band in plot.bands] == [
        pytest.approx((at["44"], at["50"]), abs=0.11),
        pytest.approx((at["4"], at["13"]), abs=0.11),
    ]
    assert [band.words for band in plot.bands] == ["d = 0.024135", "d = 0.023448"]
    assert [limit.words for limit in plot.limits] == ["lower limit 0.45", "upper limit 0.55"]
    assert at["50"] > plot.limits[0].y > at["44"]


def test_where_all_parts_measure_the_same_there_is_a_drawing_too(draft: Study, cast: factories.Cast) -> None:
    study.measure(draft, cast.manager, ["0"] * 6, limits=(0.0, None))
    walk.start_study(study=draft, by=cast.manager)
    study.read(draft, cast.inspector, lambda _part, trial: Verdict.UNSURE if trial == 1 else OK)
    plot = drawn(study.close(draft, cast.manager, reason="enough"))
    assert {column.signs[0].kind for column in plot.columns} == {"divided"}
    assert len({column.signs[0].y for column in plot.columns}) == 1
    assert plot.bands == ()


def test_numbers_that_would_run_into_one_another_are_left_out(covers: Job, cast: factories.Cast) -> None:
    parts = study.known(covers, cast, *[OK] * 70, NG)
    made = study.draft(covers, cast, parts=parts, trials=2, appraisers=("inspector",))
    study.measure(made, cast.manager, [str(n) for n in range(71)], limits=(None, 65.5))
    walk.start_study(study=made, by=cast.manager)
    study.read(made, cast.inspector, lambda part, trial: NG if part.number in (9, 10, 30) and trial == 1 else OK)
    plot = drawn(study.close(made, cast.manager))
    assert [column.number for column in plot.columns if column.divided] == ["9", "10", "30"]
    assert [column.number for column in plot.columns if column.numbered] == ["9", "30"]


def test_where_nobody_judged_a_measured_part_there_is_no_drawing(draft: Study, cast: factories.Cast) -> None:
    study.measure(draft, cast.manager, ["0"] * 6, limits=(0.0, None))
    walk.start_study(study=draft, by=cast.manager)
    assert zone_plot(study_report(draft)) is None
