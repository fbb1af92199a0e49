"""Is a text English? A transparent check, meant to let every English article pass."""

import re
from collections.abc import Iterator

__all__ = ["check_english"]

# Fewer words than this are not judged.
MIN_WORDS = 20
# English news has about 0.25 of these words: the lowest of 1,118 articles of the Article-Bias
# corpus had 0.14, the lowest of 924 of PolNeAR (a list of names) 0.07. Other languages have
# below 0.02, since words that they share with English ("a", "in", "to", "as", "will") are not
# on the list.
MIN_SHARE = 0.05
# Enough to judge by; keeps the check fast on long texts.
_MAX_CHARACTERS = 200_000

_STOP_WORDS = frozenset(
    (
        "the", "and", "of", "that", "with", "from", "his", "their", "they", "were",
        "which", "this", "would", "been", "said", "who", "not", "she", "it", "what", "when",
        "there", "after", "while", "than", "its", "these", "those", "could", "should", "because",
    )
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")


def check_english(text: str) -> str:
    """Why the text is taken for not English, or "" when it may be.

    The share of English function words among all words decides: below 0.05 of at least 20
    words, the text is not English. Shorter texts are not judged. A text in another script has
    words, and none of these among them.
    """
    n_words = n_stop = 0
    for word in _words(text):
        n_words += 1
        n_stop += word in _STOP_WORDS
    if n_words < MIN_WORDS or n_stop >= MIN_SHARE * n_words:
        return ""
    return (
        f"not English: {n_stop} of {n_words} words are English function words such as "
        f"'the' and 'of' (fewer than {MIN_SHARE:.0%}); if it is English, give lang = en in "
        "the data"
    )


def _words(text: str) -> Iterator[str]:
    for match in _WORD.finditer(text, 0, _MAX_CHARACTERS):
        yield match[0].lower()
