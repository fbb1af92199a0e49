"""A label store made from the invented sample articles, the way a real one is made."""

import dataclasses
import json
from pathlib import Path
from typing import Any

from framing.dataset.batch_ledger import import_batches
from framing.dataset.dataset_cards import refresh_card
from framing.dataset.sampling import FrameArticle
from framing.dataset.store_imports import import_codings, import_items
from framing.jsonl import read_jsonl, write_jsonl
from framing.records import Article, Label, Quote, Span, Speaker

__all__ = [
    "ANNOTATIONS",
    "ARTICLES",
    "CONTROL",
    "SAMPLES",
    "SOURCE",
    "CopiedStore",
    "make_store",
    "to_verbatim",
    "write_json",
]

ANNOTATIONS = Path(__file__).parents[2] / "annotations"
SAMPLES = ANNOTATIONS / "samples"
SOURCE = "invented"
ARTICLES = {article.id: article for article in read_jsonl(SAMPLES / "articles.jsonl", Article)}
CONTROL = "s16"  # plays the article that was coded before


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CopiedStore:
    """Where things of the invented store lie."""

    store: Path
    raw: Path
    articles: Path


def make_store(tmp: Path) -> CopiedStore:
    """A store with 15 articles in 2 replicates, 8 of them coded twice and adjudicated.

    s16 is the hidden control of every batch; s15 is opinion, so nobody codes it; s02 has no
    target; lm-a coded s01 to s14, lm-b s01 to s08.
    """
    store, raw = tmp / "store", tmp / "raw"
    store.mkdir()
    for name in ("codebook.toml", "README.md"):
        (store / name).write_bytes((ANNOTATIONS / name).read_bytes())
    drawn = [key for key in sorted(ARTICLES) if key != CONTROL]
    write_jsonl(store / "frame.jsonl", [_frame(key, n) for n, key in enumerate(drawn)])
    screening = [
        {
            "id": key,
            "genre": "opinion" if key == "s15" else "news",
            "target": None if key == "s02" else ARTICLES[key].target,
            "note": "",
        }
        for key in drawn
    ]
    write_json(raw / "screening.json", screening)
    articles = SAMPLES / "articles.jsonl"
    import_items(store, [raw / "screening.json"], articles=articles)
    coded = [key for key in drawn if key != "s15"]
    folders = {"lm-a": SAMPLES / "coders" / "lm-a", "lm-b": SAMPLES / "coders" / "lm-b"}
    ledger = []
    batches = {"lm-a": (coded[:7], coded[7:]), "lm-b": (coded[:8],)}
    for coder, folder in folders.items():
        for n, batch in enumerate(batches[coder], start=1):
            for key in (*batch, CONTROL):
                write_json(raw / coder / f"{key}.json", to_verbatim(folder, key))
            articles_of = [*batch[:2], CONTROL, *batch[2:]]
            ledger.append(
                {
                    "batch": f"{coder}-r{n}-01",
                    "coder": coder,
                    "control": CONTROL,
                    "articles": articles_of,
                }
            )
    for key in coded[:8]:
        write_json(raw / "final" / f"{key}.json", to_verbatim(SAMPLES, key))
    write_json(raw / "ledger.json", ledger)
    write_gold(raw / "gold.jsonl")
    import_batches(
        store, raw / "ledger.json", codings=raw, articles=articles, gold=raw / "gold.jsonl",
        controls={CONTROL: "dv99"},
    )  # fmt: skip
    for coder in folders:
        import_codings(store, raw / coder, articles=articles, coder=coder, controls={CONTROL})
    import_codings(
        store, raw / "final", articles=articles, coder="lm-adjudicator", adjudicated=True
    )
    refresh_card(store)
    return CopiedStore(store=store, raw=raw, articles=articles)


def to_verbatim(folder: Path, key: str) -> dict[str, Any]:
    """The coding of one sample article, as a coder would write it down in its words."""
    text = ARTICLES[key].text
    quotes = [q for q in read_jsonl(folder / "quotes.jsonl", Quote) if q.article_id == key]
    speakers = [s for s in read_jsonl(folder / "speakers.jsonl", Speaker) if s.article_id == key]
    labels = {
        (label.unit_id, label.variable): label
        for label in read_jsonl(folder / "labels.jsonl", Label)
    }
    no_target = key == "s02"
    written_speakers = [
        {
            "key": speaker.id,
            "name": speaker.name,
            "description": " | ".join(p for p in speaker.description.split("; ") if p in text),
            "kind": speaker.kind,
            "named": speaker.named,
            "role": labels[speaker.id, "role"].value,
            "note": "",
        }
        for speaker in speakers
        if any(quote.speaker_id == speaker.id for quote in quotes)
    ]
    written_quotes = [
        {
            "content": [span.of(text) for span in quote.content],
            "cue": quote.cue.of(text) if quote.cue else None,
            "source": quote.source.of(text) if quote.source else None,
            "kind": quote.kind,
            "speaker": quote.speaker_id,
            "stance": None if no_target else labels[quote.id, "stance"].value,
            "note": "",
            "cue_context": _once(text, quote.cue),
            "source_context": _once(text, quote.source),
            "marks_ok": True,
        }
        for quote in sorted(quotes, key=lambda q: q.content)
    ]
    return {"id": key, "speakers": written_speakers, "quotes": written_quotes}


def write_gold(path: Path) -> None:
    """The control as an article that was coded before, in the form of gold-dev."""
    article = ARTICLES[CONTROL]
    labels = {
        (label.unit_id, label.variable): label.value
        for label in read_jsonl(SAMPLES / "labels.jsonl", Label)
    }
    quotes = [q for q in read_jsonl(SAMPLES / "quotes.jsonl", Quote) if q.article_id == CONTROL]
    line = {
        "id": "dv99", "source": SOURCE, "key": CONTROL, "title": article.title,
        "outlet": article.outlet, "date": "", "target": article.target, "text": article.text,
        "quotes": [
            {
                "spans": [list(span) for span in quote.content],
                "content": [span.of(article.text) for span in quote.content],
                "kind": quote.kind, "cue": None, "source": None, "speaker": quote.speaker_id or "",
                "speaker_alt": [], "stance": labels[quote.id, "stance"],
                "role": labels[quote.speaker_id, "role"] if quote.speaker_id else "unspecified",
            }
            for quote in quotes
        ],
    }  # fmt: skip
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")


def _frame(key: str, n: int) -> FrameArticle:
    return FrameArticle(
        source_dataset=SOURCE,
        id=key,
        sha256=ARTICLES[key].sha256,
        cluster=key,
        stratum=f"{ARTICLES[key].group['lean']}/2014/other",
        replicate=n % 2 + 1,
        probability_in_cluster=1.0,
        probability_per_replicate=0.125,
    )


def _once(text: str, span: Span | None) -> str | None:
    """A longer stretch around the span that stands once in the text."""
    if span is None:
        return None
    low, high = span
    while text.count(text[low:high]) > 1:
        low, high = max(0, low - 5), min(len(text), high + 5)
    return text[low:high]


def write_json(path: Path, value: Any) -> None:
    """Write a value as JSON, making folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
