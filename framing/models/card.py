"""The model card: README.md of a model folder, written from its model.json alone."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from framing.jsonl import replace_file
from framing.models.finetuned_card import finetuned_card, score_tables, subject
from framing.models.model_folders import (
    ENSEMBLE,
    FINE_TUNED,
    FROZEN,
    base_model,
    read_card,
    save_card,
)

__all__ = ["add_evaluation", "model_card", "write_card"]


def write_card(folder: Path) -> Path:
    """Write README.md beside model.json and return its path.

    Raises:
        DataError: model.json is missing or not one of framing's.
    """
    path = folder / "README.md"
    with replace_file(path) as file:
        file.write(model_card(read_card(folder)))
    return path


def add_evaluation(folder: Path, variable: str, *, on: str, scores: Mapping[str, Any]) -> Path:
    """Add scores on articles that the model has not seen to model.json, and write the card anew.

    Args:
        folder: Of a fine-tuned model or an ensemble.
        variable: Whose scores they are.
        on: What they are on, such as "the test part of the labeled dataset"; scores that are
            there under this name are replaced.
        scores: See `framing.models.scores.score_predictions`.

    Raises:
        DataError: The model is of another kind.
    """
    card = read_card(folder, FINE_TUNED, ENSEMBLE)
    mine = card["variables"][variable]
    kept = [one for one in mine.get("evaluations", []) if one["on"] != on]
    mine["evaluations"] = [*kept, {"on": on, "scores": dict(scores)}]
    save_card(folder, card)
    return write_card(folder)


def model_card(card: Mapping[str, Any]) -> str:
    """The card in Markdown, from the contents of model.json."""
    return _frozen_card(card) if card["format"] == FROZEN else finetuned_card(card)


def _frozen_card(card: Mapping[str, Any]) -> str:
    data, scores = card["data"], card["scores"]
    baseline, encoder = card["baseline_majority"], card["encoder"]
    weights = card["fits"]["final"]
    lines = [
        "---",
        "library_name: framing",
        "language: en",
        f"base_model: {base_model(encoder['name'])}",
        "tags: [framing, news, quotations, text-classification]",
        "---",
        f"# {card['name']}",
        "",
        f"Answers, for every {card['unit']}: {card['question']}",
        "",
        *(f"**{sentence}**" for sentence in card["caveats"]),
        "",
        "## Data",
        f"{data['n_units']} labelled units of {data['n_articles']} articles "
        f"({data['n_unlabelled']} units without a label were left out). Codebook "
        f"`{card['codebook']}`. Files:",
        "",
        *(f"- `{name}` sha256 `{digest}`" for name, digest in data["files"].items()),
        "",
        "## Scores",
        f"{_scored(data)}; input form, penalty and "
        "temperature were chosen inside each training part. Which layers and texts are read at "
        "all was settled on framing's own sample articles, which flatters scores on those a "
        f"little. Intervals: {scores['level']:.0%}, bootstrap over articles.",
        "",
        *score_tables(scores, baseline),
        "",
        *(
            [
                "Errors of one article are alike: its units deviate together from the "
                f"probabilities, by {card['article_sd']:g} in log odds (standard deviation, on the "
                "same units). Intervals of shares allow for it.",
                "",
            ]
            if "article_sd" in card
            else []
        ),
        "## How it works",
        f"Texts of the unit are embedded by `{encoder['name']}` (weights sha256 "
        f"`{encoder['sha256']}`, not changed by training; {encoder['dtype']} in training), and a "
        "multinomial logistic regression reads the vectors (means of its word embeddings, middle "
        "and last layer). Final model: input form "
        f"`{weights['form']}`, C = {weights['strength']:g}, temperature "
        f"{weights['temperature']:g}; a unit of a category with n units weighs n^-0.5. It also "
        f"learns from the codebook's own words ({data['n_codebook']} definitions and inclusion "
        f"rules), which are never tested on. {_seen(data)}",
        "",
        "## Use and limits",
        f"- For a first look at {subject(card)}, with the scores above beside every number; label "
        "more articles and train again, or fine-tune, for findings.",
        "- Probabilities are calibrated to the training data. Where categories are more or less "
        "frequent than there, shares computed from them are biased toward the training shares.",
        "- Not for judging single people, outlets or statements, and not for moderation.",
        "- The encoder reads at most 256 tokens of a text and knows little of irony, quotation "
        "within quotation, or who opposes whom.",
        "",
        "## Reproduce",
        "```",
        card["command"],
        "```",
        f"Seed {card['seed']}; "
        + ", ".join(f"{name} {version}" for name, version in card["packages"].items())
        + ".",
        "",
    ]
    return "\n".join(lines)


def _scored(data: Mapping[str, Any]) -> str:
    if data["n_folds"]:
        return f"Cross-validated in {data['n_folds']} folds by article"
    return f"By {data['scored_by']}, which nothing was learned from"


def _seen(data: Mapping[str, Any]) -> str:
    if data["n_folds"]:
        return (
            "The models of the folds are stored too: an article of the training data is always "
            "predicted by one that never saw it."
        )
    return "Predictions on articles of the training data are marked."
