"""The label book of the drawn covers: definitions in English and Vietnamese, a golden sample, a pair of limits a label.

Whatever is drawn on a cover is a defect, so what is still good enough are covers on which metal and light only look
like one. The numbers are far from those that are learnt from or replayed: no sample is the twin of a part.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from django.utils import timezone

from inspection.acts.add_sample import NewSample, add_sample
from inspection.acts.describe_label import describe_label
from inspection.demo import covers
from inspection.models import Job, Person
from inspection.vocabulary import Language, SampleKind

GOLDEN = (90_247, "Four screws, an even brushed plate, clean edges. The tint changes from lot to lot.")


@dataclass(frozen=True)
class Page:
    """One label: what counts as it, its name and definition in Vietnamese, and a pair of covers with what to see."""

    label: str
    definition: str
    vietnamese: tuple[str, str]
    good_enough: tuple[int, str]
    not_good_enough: tuple[int, str]


PAGES = (
    Page(
        label="scratch",
        definition="A fine line that runs across the brushing, straight or bent, bright with a dark lip. Length does "
        "not matter: a line that can be seen without a lens is NG.",
        vietnamese=(
            "Vết xước",
            "Đường mảnh chạy ngang vân chải, thẳng hoặc cong, sáng và có mép tối. Nhìn thấy bằng mắt thường là NG.",
        ),
        good_enough=(90_607, "Long bright lines along the brushing are the metal itself."),
        not_good_enough=(90_003, "Short and faint, but it crosses the brushing."),
    ),
    Page(
        label="dent",
        definition="A shallow bowl in the plate: dark on one side, bright on the other, with a soft border. The "
        "brushing bends or breaks in it.",
        vietnamese=(
            "Vết lõm",
            "Chỗ lõm nông trên tấm kim loại: một bên tối, một bên sáng, viền mờ. Vân chải bị cong hoặc đứt tại đó.",
        ),
        good_enough=(92_167, "Light that falls off over the whole plate is the lamp, not the part."),
        not_good_enough=(90_005, "Small, with a dark upper and a bright lower side."),
    ),
    Page(
        label="stain",
        definition="A dried drop: a darker blot with a ragged outline and a still darker rim. Wipe the part first; "
        "what stays is a stain.",
        vietnamese=(
            "Vết bẩn",
            "Giọt chất lỏng khô: mảng sẫm, đường viền lởm chởm và sẫm hơn. Lau trước; vết còn lại mới tính.",
        ),
        good_enough=(90_847, "Darker towards the top, without any outline: that is the light."),
        not_good_enough=(90_019, "Hardly darker than the plate, but its ragged rim can be followed round."),
    ),
    Page(
        label="missing_screw",
        definition="One of the four screws is not there: a dark hole in a bare, bright countersink. At which angle a "
        "screw stands does not matter.",
        vietnamese=(
            "Thiếu vít",
            "Một trong bốn vít không có: lỗ tối nằm giữa mặt côn sáng. Vít xoay ở góc nào cũng được.",
        ),
        good_enough=(93_487, "All four screws, each turned another way."),
        not_good_enough=(90_033, "The hole is there and the screw is not."),
    ),
)


def write(*, job: Job, by: Person) -> None:
    """Fill the book of the drawn covers."""
    _sample(job, NewSample(SampleKind.GOLDEN, words=GOLDEN[1]), GOLDEN[0], by=by)
    for page in PAGES:
        name, definition = page.vietnamese
        describe_label(
            job=job,
            code=page.label,
            definition=page.definition,
            translations={Language.VIETNAMESE.value: {"name": name, "definition": definition}},
        )
        number, words = page.good_enough
        _sample(job, NewSample(SampleKind.LIMIT_OK, label=page.label, words=words), number, by=by)
        number, words = page.not_good_enough
        _sample(job, NewSample(SampleKind.LIMIT_NG, label=page.label, words=words), number, by=by, defect=page.label)


def _sample(job: Job, new: NewSample, number: int, *, by: Person, defect: str = "") -> None:
    out = io.BytesIO()
    cover = covers.draw(number, number // covers.LOT_SIZE, defects=(defect,) if defect else ())
    cover.image.save(out, "PNG", compress_level=1)
    add_sample(job=job, new=new, shown=out.getvalue(), by=by, now=timezone.now())
