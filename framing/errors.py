"""What can go wrong, and what a user is told.

A message names who complains, what was found, where, what is accepted and what to do. The
command line prints it as one line without a traceback; anything that is not a `FramingError`
is a bug and keeps its traceback.
"""

__all__ = ["DataError", "FramingError", "MissingDependencyError"]


class FramingError(Exception):
    """An expected error: the input, the set-up or the request cannot be worked with."""


class DataError(FramingError, ValueError):
    """Input that cannot be used, or a statistic that is undefined for what was given."""


class MissingDependencyError(FramingError, ImportError):
    """An optional package is not installed."""
