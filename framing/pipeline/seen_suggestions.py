"""Labels that were given after a model's suggestion was seen.

Who sees a suggestion tends to accept it, so such labels are closer to that model than unaided
ones: agreement between coders who saw the same suggestions, and that model's scores, are flattered.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from framing.dataset.exchange import Suggestion
from framing.jsonl import read_jsonl
from framing.records import Label

__all__ = ["count_seen", "say_seen"]


def count_seen(folder: Path, labels: Iterable[Label]) -> tuple[int, int, tuple[str, ...]]:
    """How many labels were given after a suggestion, and how many are what was suggested.

    Args:
        folder: With suggestions.jsonl, as `framing import` leaves it where coders saw any.
        labels: Of that folder.

    Returns:
        Labels given after a suggestion for their unit and variable; those that repeat one;
        the models that were shown.

    Raises:
        DataError: suggestions.jsonl is wrong.
    """
    path = folder / "suggestions.jsonl"
    shown: dict[tuple[str, str], set[str]] = {}
    suggestions = read_jsonl(path, Suggestion) if path.is_file() else []
    for one in suggestions:
        shown.setdefault((one.unit_id, one.variable), set()).add(one.value)
    seen = [label for label in labels if (label.unit_id, label.variable) in shown]
    same = sum(label.value in shown[label.unit_id, label.variable] for label in seen)
    return len(seen), same, tuple(sorted({one.model for one in suggestions}))


def say_seen(folder: Path, labels: Sequence[Label]) -> tuple[str, ...]:
    """A sentence on them for a reader; none where no label is so."""
    n, same, models = count_seen(folder, labels)
    if not n:
        return ()
    return (
        f"{n:,} of {len(labels):,} labels in {folder} were given by coders who had seen a "
        f"suggestion ({', '.join(models)}), and {same:,} repeat it: scores of that model by them, "
        "and agreement between those who saw it, are flattered.",
    )
