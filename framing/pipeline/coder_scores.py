"""One coder scored against another as a classifier would be: the ceiling to work towards."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np

from framing.codebook import Codebook
from framing.errors import DataError
from framing.pipeline.coded_units import quote_row, share_articles, speaker_rows
from framing.pipeline.codings import read_coding
from framing.records import Quote

__all__ = ["score_coder"]


def score_coder(
    reference: Path,
    coder: Path,
    variable: str,
    *,
    codebook: Codebook,
    rng: np.random.Generator,
    articles: Collection[str] = (),
) -> dict[str, Any]:
    """Macro-F1 and accuracy of a coder's labels, taking another's as gold.

    Over quotes that both found (one to one), or speakers to whom such quotes are given, labelled
    by both: what one of them missed is not in it.

    Args:
        reference: Folder of a coding, or of adjudicated gold.
        coder: Folder of a coding.
        variable: Name of the codebook's variable.
        codebook: Of the labels.
        rng: Draws articles for the intervals (95 %).
        articles: Only these; all that both have coded when empty.

    Returns:
        "macro_f1" and "accuracy" with value, low and high; "n" and "n_articles".

    Raises:
        DataError: There are fewer than two such articles, or a folder is wrong.
    """
    from framing.metrics.classification import (
        accuracy,
        bootstrap_articles,
        confusion_matrix,
        macro_f1,
    )

    asked = codebook.variable(variable)
    codings = [read_coding(folder, codebook=codebook) for folder in (reference, coder)]
    homes, pairs = [], []
    for shared in share_articles(codings, [str(reference), str(coder)]):
        if articles and shared.article.id not in articles:
            continue

        def value(number: int, quote: Quote) -> str | None:
            return codings[number].value(quote, variable, asked.unit)

        if asked.unit == "quote":
            rows = [quote_row(shared, unit, value) for unit in shared.units]
        else:
            rows = speaker_rows(shared, codings, variable)
        for one, other in rows:
            if one is not None and other is not None:
                homes.append(shared.article.id)
                pairs.append((asked.names.index(one), asked.names.index(other)))
    if len(set(homes)) < 2:
        raise DataError(
            f"coders {reference} and {coder}: {len(set(homes))} articles in which both labelled "
            f"{variable}; scores take two or more"
        )
    gold, said = np.array(pairs).T
    found: dict[str, Any] = {"n": len(homes), "n_articles": len(set(homes))}
    for name, score in (("macro_f1", macro_f1), ("accuracy", accuracy)):
        interval = bootstrap_articles(
            lambda drawn, score=score: score(  # type: ignore[misc]
                confusion_matrix(gold[drawn], said[drawn], n_categories=len(asked.names))
            ),
            homes,
            rng=rng,
        )
        found[name] = {end: round(getattr(interval, end), 4) for end in ("value", "low", "high")}
    return found
