"""Whether the invented sample articles beside the label store fit together."""

import collections
from pathlib import Path

from framing.codebook import Codebook
from framing.dataset.label_store import ADJUDICATED
from framing.errors import DataError
from framing.jsonl import read_jsonl
from framing.records import Article, Extraction, Label, Quote, Speaker, check_extraction

__all__ = ["find_sample_problems"]


def find_sample_problems(folder: Path, codebook: Codebook) -> list[str]:
    """What is wrong with `articles.jsonl`, `quotes.jsonl`, `speakers.jsonl`, `labels.jsonl`.

    Checked are ids and spans, and that every quote and every speaker has one adjudicated label
    of each variable of its kind, under this codebook.

    Raises:
        DataError: A file is missing or a line is not the record it should be.
    """
    articles = read_jsonl(folder / "articles.jsonl", Article)
    quotes = read_jsonl(folder / "quotes.jsonl", Quote)
    speakers = read_jsonl(folder / "speakers.jsonl", Speaker)
    problems = []
    owners = {quote.article_id for quote in quotes} | {speaker.article_id for speaker in speakers}
    strangers = owners - {article.id for article in articles}
    problems += [f"samples: no article {key!r}" for key in sorted(strangers)]
    for article in articles:
        extraction = Extraction(
            article_id=article.id,
            quotes=tuple(quote for quote in quotes if quote.article_id == article.id),
            speakers=tuple(speaker for speaker in speakers if speaker.article_id == article.id),
        )
        try:
            check_extraction(article, extraction)
        except DataError as error:
            problems.append(f"samples: {error}")
    given: collections.Counter[tuple[str, str]] = collections.Counter()
    for label in read_jsonl(folder / "labels.jsonl", Label):
        at = f"samples/labels.jsonl: {label.variable} of {label.unit_id!r}"
        if label.annotator != ADJUDICATED or label.codebook != codebook.digest:
            problems.append(
                f"{at}: by {label.annotator!r} under {label.codebook!r}; it takes "
                f"{ADJUDICATED!r} and {codebook.digest!r}"
            )
        if label.value not in codebook.variable(label.variable).names:
            problems.append(f"{at}: {label.value!r} is no category")
        given[label.unit_id, label.variable] += 1
    units = {"quote": [q.id for q in quotes], "speaker": [s.id for s in speakers]}
    wanted = {(i, v.name) for v in codebook.variables for i in units[v.unit]}
    for unit_id, variable in sorted(wanted | given.keys()):
        n = given[unit_id, variable]
        if n != 1 or (unit_id, variable) not in wanted:
            problems.append(f"samples/labels.jsonl: {n} labels of {variable} for {unit_id!r}")
    return problems
