"""Choose the language in which a person reads pages and messages."""

from __future__ import annotations

from inspection.models import Person
from inspection.refused import Refused
from inspection.sentences import Sentence
from inspection.vocabulary import Language


def set_language(*, person: Person, language: str) -> None:
    """Keep the choice; blank follows the browser again. Raises `Refused`: `unknown_language`."""
    if language and language not in Language.values:
        raise Refused("unknown_language", Sentence("There are no pages in that language."))
    Person.objects.filter(pk=person.pk).update(language=language)
    person.language = language
