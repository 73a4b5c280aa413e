from __future__ import annotations

from inspection.demo import book
from inspection.demo.jobs import COVERS, _create
from inspection.demo.people import cast
from inspection.models import Picture
from inspection.queries import samples


def test_the_book_of_the_covers_is_full_in_both_languages(db: None) -> None:
    job = _create(COVERS, by=cast()["admin"])
    english, vietnamese = (samples.book(job, language=language) for language in ("en", "vi"))
    assert [len(english.golden), *(len(each) for row in english.entries for each in _pairs(row))] == [1] * 9
    for one, other in zip(english.entries, vietnamese.entries, strict=True):
        assert one.words.definition
        assert one.words.name != other.words.name
        assert one.words.definition != other.words.definition


def _pairs(row: samples.Entry) -> tuple[list[object], list[object]]:
    return list(row.good_enough), list(row.not_good_enough)


def test_no_sample_is_a_part_that_anybody_meets(db: None) -> None:
    numbers = [book.GOLDEN[0], *(number for page in book.PAGES for number in (page.good_enough[0],))]
    numbers += [page.not_good_enough[0] for page in book.PAGES]
    last = COVERS.replay_from + sum(chapter.parts for chapter in COVERS.chapters) + COVERS.ends_on
    assert min(numbers) > last
    _create(COVERS, by=cast()["admin"])
    assert Picture.objects.count() == len(set(numbers)) == 9
