"""Say what a label is called and what counts as it, in one or several languages."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from inspection.models import Job, Label
from inspection.policy.words import is_name, is_storable
from inspection.refused import Refused
from inspection.vocabulary import Language

LONGEST_NAME, LONGEST_DEFINITION = 200, 2000
Said = Mapping[str, str]
"""`name` and `definition` in one language; what is left out or blank falls back to the catalogue's own."""


def describe_label(
    *,
    job: Job,
    code: str,
    name: str | None = None,
    definition: str | None = None,
    translations: Mapping[str, Said] | None = None,
) -> Label:
    """Change what is named, keep the rest; a language that is named is replaced as a whole.

    The code stays for ever: verdicts and models speak of it. Raises `Refused`: `unknown_label`, `bad_name`,
    `bad_definition`, `bad_language`.
    """
    if name is not None:
        _check_name(name)
    _check_definition(definition or "")
    wanted = {language: _translation(language, said) for language, said in (translations or {}).items()}
    with transaction.atomic():
        label = Label.objects.select_for_update().filter(job=job, code=code, effective_to=None).first()
        if label is None:
            raise Refused("unknown_label", _("This job has no such label."))
        label.name = label.name if name is None else name.strip()
        label.definition = label.definition if definition is None else definition.strip()
        merged = {**label.translations, **wanted}
        label.translations = {language: said for language, said in merged.items() if said}
        label.save(update_fields=["name", "definition", "translations"])
    return label


def _translation(language: str, said: Said) -> dict[str, str]:
    """What was said, blanks left out: an empty translation must not hide the catalogue's words."""
    if language not in Language.values:
        raise Refused("bad_language", _("Languages are %(all)s.") % {"all": ", ".join(Language.values)})
    name, definition = said.get("name", "").strip(), said.get("definition", "").strip()
    if name:
        _check_name(name)
    _check_definition(definition)
    return {key: text for key, text in (("name", name), ("definition", definition)) if text}


def _check_name(name: str) -> None:
    if not is_name(name) or len(name) > LONGEST_NAME:
        raise Refused("bad_name", _("A label has a name of one line and at most 200 characters."))


def _check_definition(definition: str) -> None:
    if not is_storable(definition) or len(definition) > LONGEST_DEFINITION:
        raise Refused("bad_definition", _("A definition has at most 2,000 characters."))
