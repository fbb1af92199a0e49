"""The model card of a tagger: README.md, written from model.json and its validation scores."""

from collections.abc import Mapping
from pathlib import Path

from framing.jsonl import replace_file
from framing.models.model_folders import TAGGER, base_model, read_card

__all__ = ["write_tagger_card"]

_CORPORA = {
    "annotations": "the project's own labeled articles (annotations/README.md; the coders are "
    "language models)",
    "polnear": "the training part of PolNeAR (Newell, Margolin & Ruths, LREC 2018); it has no "
    "licence, so these weights are not to be passed on",
}


def write_tagger_card(folder: Path, *, validation: Mapping[str, float]) -> Path:
    """Write README.md beside a tagger's model.json and return its path.

    Args:
        folder: Of the tagger.
        validation: Exact F1 on the articles that training was stopped by, by what is scored.

    Raises:
        DataError: model.json is missing or not a tagger's.
    """
    card = read_card(folder, TAGGER)
    lines = [
        "---",
        "library_name: framing",
        "language: en",
        f"base_model: {base_model(card['encoder']['name'])}",
        "tags: [framing, news, quotations, token-classification]",
        "---",
        f"# Tagger {card['digest'][:8]}",
        "",
        "Finds reported speech in news articles: the source, the cue and the content of each "
        "quote, and which belong together. Read it with `framing extract ARTICLES --extractor "
        "FOLDER`.",
        "",
        "## Data",
        f"{card['n_train']} articles to learn from and {card['n_validation']} to stop by, of "
        f"{_CORPORA[card['corpus']]}.",
        "",
        "## Scores on the articles it was stopped by",
        "These flatter a little, since the epoch was chosen by them. What it is worth on articles "
        "that had no part in it is measured in `experiments/e010_extraction`.",
        "",
        "| exact | F1 |",
        "| --- | ---: |",
        *(f"| {row.replace('_', ' ')} | {value:.3f} |" for row, value in validation.items()),
        "",
        "## Limits",
        "English news. It was trained on one convention of what a quote is, and finds what that "
        "convention counts. Speakers are resolved by rules, as for the rules extractor.",
        "",
        "## How it was made",
        f"`{card['command']}` (seed {card['seed']}, {card['epochs']} epochs, encoder "
        f"`{card['encoder']['name']}` with sha256 `{card['encoder']['sha256']}`, "
        f"{card['method']}).",
        "",
    ]
    path = folder / "README.md"
    with replace_file(path) as file:
        file.write("\n".join(lines))
    return path
