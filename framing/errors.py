"""What can go wrong, and what a user is told.

A message names who complains, what was found, where, what is accepted and what to do. The
command line prints it as one line without a traceback; anything that is not a `FramingError`
is a bug and keeps its traceback.
"""

__all__ = ["DataError", "FramingError", "MissingDependencyError", "count"]


class FramingError(Exception):
    """An expected error: the input, the set-up or the request cannot be worked with."""


class DataError(FramingError, ValueError):
    """Input that cannot be used, or a statistic that is undefined for what was given."""


class MissingDependencyError(FramingError, ImportError):
    """An optional package is not installed."""


def count(number: int, noun: str, nouns: str = "") -> str:
    """A number and its noun, for messages: "1 article", "2,000 articles".

    Args:
        number: 0 or above.
        noun: Singular, with a verb where one follows: "article is".
        nouns: Plural, such as "articles are"; `noun` with an s when absent.
    """
    return f"{number:,} {noun if number == 1 else nouns or f'{noun}s'}"
