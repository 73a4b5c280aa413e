from __future__ import annotations

import gettext
import os
from pathlib import Path

import pytest

from deploy import words


def file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_python_is_read_by_its_calls_those_within_others_too(tmp_path: Path) -> None:
    module = file(
        tmp_path,
        "module.py",
        'raise Refused("code", _("One.").format(n=n))\n'
        'raise Refused("code", "Two " "halves.")\n'
        'Sentence("{n} parts", n=3); _(put_together); Refused("code", f"{n} left out")\n'
        'say("not here")\n',
    )
    assert set(words.in_python(module)) == {"One.", "Two halves.", "{n} parts"}


def test_only_rules_are_heard_saying(tmp_path: Path) -> None:
    assert list(words.in_python(file(tmp_path, "policy/rule.py", 'say("The AI is sure.")'))) == ["The AI is sure."]


def test_a_template_is_read_as_django_reads_it(tmp_path: Path) -> None:
    page = file(
        tmp_path,
        "page.html",
        """<p title="it's">{% translate "It's (here) 5 %" %} {# {% translate "no" %} #}
        {% blocktranslate trimmed count n=parts with job=job.name %}
          {{ job }}: one
        {% plural %}
          {{ job }}: {{ n }}
        {% endblocktranslate %}</p>""",
    )
    assert list(words.in_template(page)) == ["It's (here) 5 %%", ("%(job)s: one", "%(job)s: %(n)s")]


def test_a_script_is_read_by_its_two_ways_to_say(tmp_path: Path) -> None:
    script = file(
        tmp_path,
        "page.js",
        't("Kept. {n}", { n }); tn("{count} part", "{count} parts", n); start("no");\n'
        'say(`${t("You \\"said\\"")}: x`);\n',
    )
    assert list(words.in_script(script)) == ["Kept. {n}", ("{count} part", "{count} parts"), 'You "said"']


@pytest.fixture
def lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(words, "LOCALE", tmp_path)
    return file(tmp_path, "vi/LC_MESSAGES/django.po", 'msgid "part"\nmsgstr "chi tiết"\n')


def said(lists: Path) -> str:
    with lists.with_suffix(".mo").open("rb") as compiled:
        return gettext.GNUTranslations(compiled).gettext("part")


def test_a_list_is_compiled_again_only_when_it_bears_another_time(lists: Path) -> None:
    words.compile_all()
    assert said(lists) == "chi tiết"
    same = lists.stat().st_mtime_ns
    lists.write_text('msgid "part"\nmsgstr "bộ phận"\n')
    os.utime(lists, ns=(same, same))
    words.compile_all()
    assert said(lists) == "chi tiết", "it looked unchanged"
    os.utime(lists, ns=(same - 60, same - 60))
    words.compile_all()
    assert said(lists) == "bộ phận", "an unpacked release may be older"
