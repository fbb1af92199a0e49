"""Articles that two coders or more have coded, and what each gave to the units they share."""

import dataclasses
import itertools
from collections.abc import Callable, Mapping, Sequence

from framing.errors import DataError
from framing.metrics.found_quotes import match_quotes
from framing.metrics.unit_agreement import align_units
from framing.pipeline.codings import Coding
from framing.records import Article, Quote

__all__ = ["Row", "SharedArticle", "quote_row", "share_articles", "speaker_rows"]

# What each coder gave to one unit, None for nothing.
Row = tuple[str | None, ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SharedArticle:
    """One article that two coders or more have coded.

    Attributes:
        quotes: Of each coder; None for one who has not coded it.
        matches: By pair of coders who have.
        units: See `align_units`.
    """

    article: Article
    quotes: tuple[tuple[Quote, ...] | None, ...]
    matches: Mapping[tuple[int, int], Sequence[tuple[int, int]]]
    units: tuple[tuple[int | None, ...], ...]


def share_articles(codings: Sequence[Coding], names: Sequence[str]) -> list[SharedArticle]:
    """Match the quotes of every article that two coders or more have coded.

    Raises:
        DataError: There is none, or two coders had different texts of one.
    """
    shared = []
    for article_id in dict.fromkeys(name for coding in codings for name in coding.articles):
        coders = [n for n, coding in enumerate(codings) if article_id in coding.articles]
        texts = {codings[n].articles[article_id].text for n in coders}
        if len(coders) < 2:
            continue
        if len(texts) > 1:
            raise DataError(
                f"article {article_id!r}: its text is not the same with "
                f"{', '.join(names[n] for n in coders)}, so that offsets cannot be compared; "
                "code the same articles.jsonl"
            )
        article = codings[coders[0]].articles[article_id]
        quotes = tuple(coding.quotes.get(article_id) for coding in codings)
        contents = [[quote.content for quote in of or ()] for of in quotes]
        matches = {
            (a, b): match_quotes(article.text, contents[a], contents[b])
            for a, b in itertools.combinations(coders, 2)
        }
        shared.append(
            SharedArticle(
                article=article,
                quotes=quotes,
                matches=matches,
                units=align_units(matches, len(codings)),
            )
        )
    if not shared:
        raise DataError(
            f"agreement of {', '.join(names)}: no article was coded by two of them; give codings "
            "of the same articles"
        )
    return shared


def quote_row(
    shared: SharedArticle, unit: Sequence[int | None], value: Callable[[int, Quote], str | None]
) -> Row:
    """`value(coder, quote)` of each coder who has found the unit, None of the others."""
    return tuple(
        None if n is None or of is None else value(coder, of[n])
        for coder, (n, of) in enumerate(zip(unit, shared.quotes, strict=True))
    )


def speaker_rows(shared: SharedArticle, codings: Sequence[Coding], variable: str) -> list[Row]:
    """Speakers to whom matched quotes are given, each combination once, those in others left out.

    A quote that only some coders could give to a speaker, or found, adds no speaker of its own.
    """
    found = [quote_row(shared, unit, lambda _, quote: quote.speaker_id) for unit in shared.units]
    groups = dict.fromkeys(row for row in found if sum(s is not None for s in row) > 1)
    whole = [row for row in groups if not any(_is_part(row, other) for other in groups)]
    return [
        tuple(
            None if speaker is None else codings[coder].values.get((speaker, variable))
            for coder, speaker in enumerate(row)
        )
        for row in whole
    ]


def _is_part(row: Row, other: Row) -> bool:
    pairs = zip(row, other, strict=True)
    return row != other and all(one is None or one == two for one, two in pairs)
