"""What a file holds, put together as a corpus again, with the data that were exported."""

from collections.abc import Iterable, Sequence

from framing.codebook import Codebook
from framing.dataset.exchange.article_match import match_article
from framing.dataset.exchange.coded_corpus import CodedCorpus, Suggestion, gather_corpus
from framing.errors import DataError
from framing.records import Article, Label, Quote, Speaker

__all__ = ["gather_imported"]


def gather_imported(
    articles: Iterable[Article],
    quotes: Iterable[Quote],
    speakers: Iterable[Speaker],
    labels: Sequence[Label],
    *,
    where: str,
    source: CodedCorpus | None,
    codebook: Codebook,
    coder: str,
    suggestions: Iterable[Suggestion] = (),
) -> CodedCorpus:
    """Gather the records of a file.

    Args:
        articles: In the file; with `source`, its articles of these ids and texts are taken, in
            its order, so that title, target and the like are those of the data.
        quotes: In the file.
        speakers: In the file.
        labels: In the file.
        where: The file, for messages.
        source: The data that were exported, or None.
        codebook: That labels are checked against.
        coder: Who is said to have given the labels; "" for anybody.
        suggestions: In the file.

    Raises:
        DataError: As `gather_corpus` and `match_article`; or a label is by somebody else than
            `coder`.
    """
    if strangers := sorted({x.annotator for x in labels if coder and x.annotator != coder}):
        raise DataError(
            f"{where}: holds labels by {', '.join(strangers)}, and was to be those of {coder!r}; "
            "give the file of that coder"
        )
    try:
        found = gather_corpus(
            articles, quotes, speakers, labels, codebook=codebook, suggestions=suggestions
        )
    except DataError as error:
        raise DataError(f"{where}: {error}") from error
    if source is None:
        return found
    matched = {
        article.id: match_article(source, article.id, where=where, text=article.text).article
        for article in found.articles
    }
    return gather_corpus(
        [article for article in source.articles if article.id in matched],
        found.quotes,
        found.speakers,
        found.labels,
        codebook=codebook,
        suggestions=found.suggestions,
    )
