"""Invented articles with all that is attributed in them, and a tagger that echoes the rules."""

import dataclasses
from pathlib import Path
from typing import Any

import torch

from framing.metrics.spans import AttributionSpans
from framing.models.encoders import read_encoder, resolve_encoder
from framing.models.tagger import TaggerExtractor
from framing.models.tagger_network import TaggerNetwork
from framing.models.tagger_training import AnnotatedArticle
from framing.quotes.tagging import TAGS
from framing.records import Article, Span

__all__ = ["ARTICLE", "annotate", "echo_of_rules", "invented_articles"]

_PEOPLE = ("Ada Brook", "Mina Holt", "Carl Dune", "Tess Vale", "Rosa Finch")
_SAID = ("the dam is needed", "nobody here wanted it", "it keeps us safe", "they must stop")

# Sources in (), cues in {}, contents in []; what is marked in one sentence belongs together.
ARTICLE = (
    "(Ada Brook) {said} that [the dam is needed]. The valley is dry.\n\n"
    '["Nobody here wanted it,"] (Mina Holt) {said}, ["and it is a mistake."]\n\n'
    '["Who is safe?"]'
)


def annotate(marked: str, name: str = "a") -> AnnotatedArticle:
    """An article from text with marks; a full stop outside of brackets ends an attribution."""
    text = ""
    attributions: list[AttributionSpans] = []
    opened, ended = {}, True
    depth = 0
    for sign in marked:
        if sign in "({[":
            opened[sign], depth = len(text), depth + 1
            if ended:
                attributions.append(AttributionSpans())
                ended = False
        elif sign in ")}]":
            start = opened.pop({")": "(", "}": "{", "]": "["}[sign])
            depth -= 1
            field = {")": "source", "}": "cue", "]": "content"}[sign]
            last = attributions[-1]
            spans = (*getattr(last, field), Span(start, len(text)))
            attributions[-1] = dataclasses.replace(last, **{field: spans})
        else:
            text += sign
            ended = ended or (sign in ".\n" and not depth)
    return AnnotatedArticle(article=Article(id=name, text=text), attributions=tuple(attributions))


def invented_articles(n: int, *, start: int = 0, cues: bool = True) -> list[AnnotatedArticle]:
    """Articles of two attributions each, no two alike, and some words nobody said."""
    made = []
    for i in range(start, start + n):
        one, other = _PEOPLE[i % 5], _PEOPLE[(i + 1 + i // 5) % 5]
        said, denied = _SAID[i % 4], _SAID[(i + 1) % 4]
        cue = "{said}" if cues else "said"
        made.append(
            annotate(
                f"Day {i} was dry. ({one}) {cue} that [{said}].\n\n"
                f'["{denied.capitalize()},"] {cue} ({other}). The valley was quiet.',
                f"a{i}",
            )
        )
    return made


def echo_of_rules(encoder: Path, *, window: int = 64, margin: int = 16) -> TaggerExtractor:
    """A tagger with weights set by hand: tags are those of the rules, links go to what is nearest.

    A part stands without a cue, and a head without a source, only where nothing may be linked.
    """
    model, tokenizer = read_encoder(resolve_encoder(encoder), attention="eager")
    network: Any = TaggerNetwork(model, features=("rules",)).eval()
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if name.startswith("head"):
                parameter.zero_()
        size = network.head_tags.in_features
        for tag in range(len(TAGS)):  # a score of 100 for the tag of the rules
            network.head_words[0].weight[tag, tag] = 10
            network.head_mix.weight[tag, size + tag] = 1
            network.head_tags.weight[tag, tag] = 10
        for links in network.head_links.values():
            half = links.distance.num_embeddings // 2
            links.distance.weight[:, 0] = half - torch.arange(2 * half) % half
            links.score.weight[0, 0] = 1
            links.nothing.bias.fill_(-1)
    return TaggerExtractor(
        name="echo", network=network, tokenizer=tokenizer, window=window, margin=margin, card={}
    )
