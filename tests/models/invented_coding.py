"""A tiny encoder, a tiny codebook and tiny coded folders, all invented."""

from pathlib import Path

from framing.codebook import Codebook
from framing.jsonl import write_jsonl
from framing.records import Article, Label, Quote, Span, Speaker

__all__ = ["CODEBOOK", "write_coded", "write_encoder"]

CODEBOOK = b"""
name = "tiny"
version = "1"
[[variables]]
name = "role"
unit = "speaker"
question = "Who speaks?"
[[variables.categories]]
name = "official"
definition = "Speaks for the state."
[[variables.categories]]
name = "resident"
definition = "Lives there."
[[variables]]
name = "stance"
unit = "quote"
question = "Which side?"
positive = "for_it"
negative = "against_it"
[[variables.categories]]
name = "for_it"
definition = "For the target."
[[variables.categories]]
name = "against_it"
definition = "Against the target."
"""

_OFFICIALS = ("Minister Ada Brook", "Deputy minister Ivo Lund", "Minister Tess Vale")
_RESIDENTS = ("baker Mina Holt", "Rosa Finch, a farmer", "neighbour Carl Dune")
_PRAISE = ("The dam is needed and it works.", "We are proud of the dam.", "The dam keeps us safe.")
_BLAME = ("The dam is a mistake.", "They must stop building it.", "Nobody here wanted the dam.")


def write_encoder(folder: Path) -> Path:
    """A BERT of one small layer with random weights, as a folder like a published one."""
    import torch
    from transformers import BertConfig, BertModel, BertTokenizer

    letters = "abcdefghijklmnopqrstuvwxyz.,:?!'\""
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *("##" + c for c in letters)]
    words = {w.lower().strip(".,") for text in _PRAISE + _BLAME + _OFFICIALS + _RESIDENTS
             for w in text.split()}  # fmt: skip
    tokens += sorted(words - set(letters))
    tokenizer = BertTokenizer(vocab={token: i for i, token in enumerate(tokens)})
    tokenizer.save_pretrained(folder)
    with torch.random.fork_rng():
        torch.manual_seed(5)
        model = BertModel(
            BertConfig(
                vocab_size=len(tokens),
                hidden_size=32,
                num_hidden_layers=1,
                num_attention_heads=2,
                intermediate_size=32,
            )
        )
    model.save_pretrained(folder)
    return folder


def write_coded(folder: Path, codebook: Codebook, parts: list[str]) -> Path:
    """An article for each part ("" for none): in each an official for the dam, a resident against.

    Words recur every few articles, so that who says what is easy to learn.
    """
    articles, quotes, speakers, labels = [], [], [], []
    for n, part in enumerate(parts):
        official, resident = _OFFICIALS[n % 3], _RESIDENTS[(n + n // 3) % 3]
        praise, blame = _PRAISE[(n + 1) % 3], _BLAME[(2 * n + n // 3) % 3]
        text = f'Day {n}. "{praise}" said {official}.\n\n"{blame}" said {resident}.'
        article = f"a{n}"
        group = {"invented": "true", **({"split": part} if part else {})}
        articles.append(Article(id=article, text=text, target="the dam", group=group))
        for unit, (words, who, role, stance) in enumerate(
            [(praise, official, "official", "for_it"), (blame, resident, "resident", "against_it")]
        ):
            start, mention = text.index(words), text.index(who)
            speaker = Speaker(
                id=f"{article}-s{unit}",
                article_id=article,
                name=who,
                mentions=(Span(mention, mention + len(who)),),
            )
            quote = Quote(
                id=f"{article}-q{unit}",
                article_id=article,
                kind="direct",
                content=(Span(start - 1, start + len(words) + 1),),
                source=speaker.mentions[0],
                speaker_id=speaker.id,
            )
            speakers.append(speaker)
            quotes.append(quote)
            for unit_id, variable, value in (
                (speaker.id, "role", role),
                (quote.id, "stance", stance),
            ):
                labels.append(
                    Label(
                        unit_id=unit_id,
                        variable=variable,
                        value=value,
                        annotator="adjudicated",
                        codebook=codebook.digest,
                    )
                )
    write_jsonl(folder / "articles.jsonl", articles)
    write_jsonl(folder / "quotes.jsonl", quotes)
    write_jsonl(folder / "speakers.jsonl", speakers)
    write_jsonl(folder / "labels.jsonl", labels)
    return folder
