"""Whether a run of capitalised words is the name of a person, by its words and the word before."""

import re
from collections.abc import Sequence

from framing.quotes.titles import (
    BODY_NOUNS,
    MEDIA_NOUNS,
    NOT_IN_PERSON_NAMES,
    PORTFOLIOS,
    TITLE_WORDS,
    gender_of_given_name,
    is_body_word,
    is_person_noun,
)

__all__ = ["LOCATIVES", "is_lone_person", "is_person"]

LOCATIVES = frozenset("in at near from across around outside inside toward towards into".split())
_NAMED_AS = re.compile(
    r"\b(?:his|her|their)\s(?:first\s)?name(?:\sonly)?\sas\s\Z"
    r"|\b(?:identified|gave|calls)\s(?:him|her)self(?:\sonly)?\sas\s\Z"
)
# Nouns for people that also say what kind of people or body a name is ("local Velmis", "militant
# Ansar"), or what one state is to another ("its ally Sovia").
_ALSO_OF_BODIES = frozenset(
    """
    local militant rebel individual fellow conservative liberal republican democrat civilian ally
    partner neighbor neighbour rival opponent member host guard critic supporter sponsor
    """.split()
)

_STATES = frozenset("U.S. U.N. U.K. U.S U.N U.K US UN UK EU NATO".split())


def is_lone_person(text: str, word: str, start: int, previous: str) -> bool:
    """Whether a name of one word, at `start`, is a person's by the word before it.

    Args:
        text: The article.
        word: The name.
        start: Where it stands.
        previous: The word before, in lower case, or "".
    """
    if word.lower() in NOT_IN_PERSON_NAMES or (word.isupper() and 1 < len(word) < 6):
        return False
    if previous == "as":
        return _is_called(text, start)
    return previous not in _ALSO_OF_BODIES and is_person_noun(previous)


def is_person(
    text: str,
    words: Sequence[tuple[str, int, int]],
    keys: tuple[str, ...],
    titles: tuple[str, ...],
    previous: str,
) -> bool:
    """Whether a name of one or more words is a person's.

    Args:
        text: The article.
        words: The words of the name, each with its start and end.
        keys: The same, normalised (`framing.quotes.names.name_key`).
        titles: The words of the title before it, in lower case.
        previous: The word before title and name, in lower case, or "".
    """
    if titles and (titles[-1] in TITLE_WORDS or titles[-1] in PORTFOLIOS):
        return True
    if not NOT_IN_PERSON_NAMES.isdisjoint([word.lower() for word, _, _ in words]):
        return False
    if len(keys) == 1:
        return is_lone_person(text, words[0][0], words[0][1], previous)
    if previous not in _ALSO_OF_BODIES and is_person_noun(previous):
        return True
    # "the rebel group Ansar" names a body.
    if previous == "the" or previous in BODY_NOUNS:
        return False
    if len(words) > 5 and " of " not in text[words[0][1] : words[-1][2]]:
        return False
    linked = next(
        (i for i, w in enumerate(words[:-1], 1) if text.startswith((" of ", " for "), w[2])), 0
    )
    if any(word in _STATES for word, _, _ in words[: linked or None]):
        return False
    if linked:
        # "Ines Kaldor of the refugee agency", but "Voice of America", "Sons of Liberty".
        return (
            2 <= linked <= 3
            and text.startswith(" of ", words[linked - 1][2])
            and not any(is_body_word(word.lower()) for word, _, _ in words[:linked])
        )
    if previous in MEDIA_NOUNS or sum([len(key) > 1 for key in keys]) < 2:
        return False
    if gender_of_given_name(keys[0]):
        return True
    if any(is_body_word(words[i][0].lower()) for i in (0, -1)):
        return False  # "Tarn Democrats", "Doctors Without Borders"
    capitals = [word.isupper() and len(word) > 1 and "." not in word for word, _, _ in words]
    if any(capitals):
        # A line in capitals is a headline; a name in it stands elsewhere in small letters.
        return all(capitals) and len(words) == 2 and words[-1][0].capitalize() in text
    return previous not in LOCATIVES


def _is_called(text: str, start: int) -> bool:
    """Whether "gave his name as" or the like stands before `start`."""
    return _NAMED_AS.search(text, max(0, start - 40), start) is not None
