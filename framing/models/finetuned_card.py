"""The model card of fine-tuned models and ensembles, from the contents of model.json."""

from collections.abc import Mapping
from typing import Any

from framing.codebook import load_codebook
from framing.models.model_folders import ENSEMBLE, base_model

__all__ = ["finetuned_card", "score_tables", "subject"]

_MEASURES = (
    ("macro_f1", "macro-F1"),
    ("accuracy", "accuracy"),
    ("log_loss", "log loss (nats)"),
    ("brier", "Brier score"),
    ("ece", "ECE (top category, 10 bins of equal mass)"),
)


def finetuned_card(card: Mapping[str, Any]) -> str:
    """The card in Markdown."""
    encoder = card["encoder"]
    lines = [
        "---",
        "library_name: framing",
        "language: en",
        f"base_model: {base_model(encoder['name'])}",
        "pipeline_tag: text-classification",
        f"tags: [framing, news, quotations, text-classification{_peft(card)}]",
        "---",
        f"# {card['name']}",
        "",
    ]
    for name, one in card["variables"].items():
        lines += [f"Answers, for every {one['unit']} ({name}): {one['question']}", ""]
        lines += [f"**{sentence}**\n" for sentence in one["caveats"]]
    for name, one in card["variables"].items():
        lines += _data_and_scores(name, one, card)
    lines += [
        "## How it works",
        *_method(card),
        "",
        "## Use and limits",
        f"- For {subject(card)}, with the scores above beside every number; where a finding rests "
        "on it, code some of your own articles and let `framing compare` correct for its errors.",
        "- Probabilities are calibrated to the data above. Where categories are more or less "
        "frequent than there, shares computed from them are biased toward the shares there.",
        "- Not for judging single people, outlets or statements, and not for moderation.",
        "- It reads a passage and no whole article, and knows little of irony, quotation within "
        "quotation, or who opposes whom.",
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


def subject(card: Mapping[str, Any]) -> str:
    """What a model is for: under the shipped codebook this is known, under another it is not."""
    if card["codebook"] == load_codebook().digest:
        return "who speaks in English news about conflict and security and which side they take"
    return "texts like those it learned from, under its own codebook"


def score_tables(scores: Mapping[str, Any], baseline: Mapping[str, Any] | None = None) -> list[str]:
    """Lines of two Markdown tables: measures with intervals, and scores by category.

    Args:
        scores: See `framing.models.scores.score_predictions`.
        baseline: Scores of the majority category; without them there is no such column.
    """
    return [
        "| measure | value | interval |" + ("" if baseline is None else " majority |"),
        "| --- | --- | --- |" + ("" if baseline is None else " --- |"),
        *(_score_row(label, key, scores, baseline) for key, label in _MEASURES),
        "",
        "(ECE is larger in small and in resampled data, so its interval may lie above its value.)",
        "",
        "| category | n | precision | recall | F1 |",
        "| --- | --- | --- | --- | --- |",
        *(
            f"| {name} | {row['n']} | {_number(row['precision'])} | {_number(row['recall'])} "
            f"| {_number(row['f1'])} |"
            for name, row in scores["by_category"].items()
        ),
    ]


def _data_and_scores(name: str, one: Mapping[str, Any], card: Mapping[str, Any]) -> list[str]:
    data, scores, before = one["data"], one["scores"], one["uncalibrated"]
    of_split = f" (parts by `{data['split']}`)" if data["split"] else ""
    counts = ", ".join(f"{category} {n:g}" for category, n in data["n_by_category"].items())
    lines = [
        f"## Data: {name}",
        f"{data['n_units']:,} labelled units of {data['n_articles']} articles to learn from"
        f"{of_split}: {counts}. {data['n_unlabelled']} units without a label, those for "
        f"validation included, were left out. Codebook `{card['codebook']}`. Files:",
        "",
        *(f"- `{file}` sha256 `{digest}`" for file, digest in data["files"].items()),
        "",
        f"## Scores: {name}",
        f"On {scores['n']:,} units of {scores['n_articles']} articles by {data['scored_by']}. "
        f"Intervals: {scores['level']:.0%}, bootstrap over articles.",
        "",
        *score_tables(scores, one["baseline_majority"]),
        "",
        *(
            [
                "It is the answer of a second stage, which weighs a quote's own "
                "logits against those of the other quotes of its speaker; it was fitted on the "
                "same units, in folds by article for these scores.",
                "",
            ]
            if card["config"]["second_stage"] and one["unit"] == "quote"
            else []
        ),
        f"Calibration: temperature {one['temperature']:g}, fitted on the same units. Before it"
        f"{', each member having its own' if card['format'] == ENSEMBLE else ''}: "
        f"{_calibration(before)}.",
        "",
        *(
            [
                "Errors of one article are alike: its units deviate together from the "
                f"probabilities, by {one['article_sd']:g} in log odds (standard deviation, on the "
                "same units). Intervals of shares allow for it.",
                "",
            ]
            if "article_sd" in one
            else []
        ),
    ]
    for evaluation in one.get("evaluations", ()):
        found = evaluation["scores"]
        lines += [
            f"### On {evaluation['on']}",
            f"{found['n']:,} units of {found['n_articles']} articles that neither training nor "
            "calibration has seen.",
            "",
            *score_tables(found),
            "",
            *(
                [f"Before calibration: {_calibration(before)}.", ""]
                if (before := found.get("uncalibrated"))
                else []
            ),
        ]
    return lines


def _method(card: Mapping[str, Any]) -> list[str]:
    config, encoder = card["config"], card["encoder"]
    of_encoder = f"`{encoder['name']}` (weights sha256 `{encoder['sha256']}`)"
    trained = (
        f"a LoRA adapter of rank {config['lora']['rank']} on {of_encoder} is trained"
        if config["method"] == "lora"
        else f"all weights of {of_encoder} are trained"
    )
    lines = [
        f"Each unit is one text of at most {config['max_length']} tokens with its parts marked "
        f"({', '.join(config['parts'])}); {trained}, and a linear layer reads means over the "
        f"tokens ({', '.join(config['pooling'])}).",
    ]
    if card["format"] == ENSEMBLE:
        lines.append(
            f"This is an ensemble: the mean of the probabilities of {len(card['members'])} models "
            f"that differ in their seeds ({', '.join(card['members'])})."
        )
    else:
        lines.append(
            f"Of {card['epochs']['run']} epochs the weights of number {card['epochs']['kept']} "
            "were kept."
        )
    lines.append(
        "Articles that it was trained, stopped or calibrated on are recognised by their text, and "
        "predictions on them are marked."
    )
    return lines


def _peft(card: Mapping[str, Any]) -> str:
    is_adapter = card["config"]["method"] == "lora" and card["format"] != ENSEMBLE
    return ", lora, peft" if is_adapter else ""


def _calibration(scores: Mapping[str, Any]) -> str:
    return (
        f"ECE {_number(scores['ece'])}, Brier score {_number(scores['brier'])}, log loss "
        f"{_number(scores['log_loss'])}"
    )


def _score_row(
    label: str, key: str, scores: Mapping[str, Any], baseline: Mapping[str, Any] | None
) -> str:
    score = scores[key]
    interval = f"{_number(score['low'])} to {_number(score['high'])}"
    row = f"| {label} | {_number(score['value'])} | {interval} |"
    return row if baseline is None else f"{row} {_number(baseline.get(key))} |"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
