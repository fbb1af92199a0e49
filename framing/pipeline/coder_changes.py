"""What came back from coders, counted against what was exported to them."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from framing.dataset.exchange import CodedCorpus
from framing.errors import count
from framing.records import Exclusion, Quote, Speaker

__all__ = ["count_changes", "count_records", "find_missing", "say_changes"]

_RECORDS = ("articles", "quotes", "speakers", "labels", "suggestions")


def count_records(corpus: CodedCorpus) -> dict[str, int]:
    """How many articles, quotes, speakers, labels and suggestions there are."""
    return {name: len(getattr(corpus, name)) for name in _RECORDS}


def count_changes(source: CodedCorpus | None, corpus: CodedCorpus) -> dict[str, Any]:
    """What a coder did to the units that were exported.

    Args:
        source: What was exported; None where it is not at hand, and then nothing can be missed.
        corpus: What came back.

    Returns:
        `labels_after_suggestion`; `units_without_label`, by variable the quotes or speakers to
        which nobody gave a category; and, with `source`, articles that are missing and quotes
        and speakers that were added or removed.
    """
    seen = {(s.unit_id, s.variable) for s in corpus.suggestions}
    given = {(x.unit_id, x.variable) for x in corpus.labels}
    units: Mapping[str, Sequence[Quote | Speaker]] = {
        "quote": corpus.quotes,
        "speaker": corpus.speakers,
    }
    changes: dict[str, Any] = {
        "labels_after_suggestion": sum((x.unit_id, x.variable) in seen for x in corpus.labels),
        "units_without_label": {
            variable.name: sum((one.id, variable.name) not in given for one in units[variable.unit])
            for variable in corpus.codebook.variables
        },
    }
    if source is not None:
        changes["articles_missing"] = len(source.documents) - len(corpus.documents)
        for name in ("quotes", "speakers"):
            before, after = ({one.id for one in getattr(of, name)} for of in (source, corpus))
            changes |= {
                f"{name}_added": len(after - before),
                f"{name}_removed": len(before - after),
            }
    return changes


def find_missing(source: CodedCorpus | None, corpus: CodedCorpus, path: Path) -> list[Exclusion]:
    """Articles that were exported and are not in the file that came back."""
    return [
        Exclusion(
            item=article.id,
            reason=f"was exported and is not in {path.name}",
            stage="import",
            article_id=article.id,
        )
        for article in (() if source is None else source.articles)
        if corpus.document(article.id) is None
    ]


def say_changes(
    name: str, counts: Mapping[str, Any], variable_units: Mapping[str, str]
) -> Iterator[str]:
    """In sentences, what of these counts somebody has to know before going on.

    Args:
        name: Of the coder.
        counts: Of `count_records` and `count_changes`, and `labels_not_drawn`.
        variable_units: "quote" or "speaker" by variable.
    """
    if n := counts.get("articles_missing"):
        are = count(n, "article is", "articles are")
        yield f"{name}: {are} not in what came back (exclusions.jsonl)"
    if n := counts.get("quotes_removed"):
        were = count(n, "quote was exported and is", "quotes were exported and are")
        yield f"{name}: {were} not in what came back"
    if n := counts.get("quotes_added"):
        yield f"{name}: {count(n, 'quote is', 'quotes are')} new in what came back"
    for variable, n in counts["units_without_label"].items():
        if n:
            unit = variable_units[variable]
            of_all = count(counts[f"{unit}s"], unit)
            yield f"{name}: {n:,} of {of_all} {'has' if n == 1 else 'have'} no {variable}"
    if n := counts["labels_not_drawn"]:
        yield (
            f"{name}: {count(n, 'label is of a unit', 'labels are of units')} that "
            f"{'was' if n == 1 else 'were'} not drawn, so nobody knows the probability; "
            "framing dataset gather leaves such labels out"
        )
