"""Whose words a document is: "the report", "a statement by the ministry", "the Velm poll"."""

import re

from framing.quotes.antecedents import Antecedents
from framing.quotes.cast import Cast
from framing.quotes.mentions import Mention
from framing.quotes.names import Name
from framing.quotes.titles import synonyms
from framing.quotes.voices import Voice

__all__ = ["Documents"]

# What the last voice can be "the statement" of, and what only a body's.
_OF_BODIES = frozenset("report article broadcast investigation dispatch poll survey study".split())
_BY = re.compile(r"s?\s(?:\w+ed\s)?(?:\w+\s)?(?:by|from)\s(?:the\s)?\Z")
_PLACES = frozenset("us usa un uk eu american british".split())


class Documents:
    """Documents by noun and author; grows as quotes are resolved."""

    def __init__(self, cast: Cast, antecedents: Antecedents) -> None:
        self._cast = cast
        self._antecedents = antecedents
        self._authors: dict[str, Voice] = {}

    def note(self, mention: Mention, author: Voice) -> Voice:
        """Note who is said to have written a document."""
        self._authors[mention.head] = author
        return author

    def of(self, mention: Mention) -> Voice:
        """Whose words a document is that is given without its author; else its own."""
        known = self._cast.descriptions.document(mention)
        if known is None and mention.definite:
            if mention.head in _OF_BODIES:
                known = self._noted(mention) or self._told(mention)
            if known is None:
                known = self._antecedents.author_of(bodies_only=mention.head in _OF_BODIES)
        return known or self._cast.descriptions.new_document(mention)

    def _noted(self, mention: Mention) -> Voice | None:
        heads = synonyms(mention.head)
        return next(
            (self._authors[head] for head in reversed(self._authors) if head in heads), None
        )

    def _told(self, mention: Mention) -> Voice | None:
        """The body that the text names beside the noun before: "a Velm University poll"."""
        text, before = self._cast.text, mention.span.start
        nouns = "|".join(sorted(synonyms(mention.head)))
        found: Voice | str | None = None
        for noun in re.finditer(rf"\b(?:{nouns})\b", text[:before]):
            name = self._beside(noun.start(), noun.end())
            if name is not None:
                found = self._cast.of_name(name)
        return found if isinstance(found, Voice) and found.kind == "organisation" else None

    def _beside(self, start: int, end: int) -> Name | None:
        text, register = self._cast.text, self._cast.register
        for name in register.names_between(max(0, start - 60), start):
            # "the Velm Institute's report", "the latest Velm University poll"
            between = text[name.end : start]
            whose = between in ("'s ", "’s ") or (between == " " and len(name.keys) > 1)
            if whose and not name.person and _PLACES.isdisjoint(name.keys):
                return name
        for name in register.names_between(end, end + 50):
            if not name.person and _BY.fullmatch(text, end, name.lead_start):
                return name
        return None
