"""The learned extractor: a fine-tuned encoder that tags and links reported speech.

It implements `framing.quotes.Extractor` as the rules do: the network scores tags and links
(`tagger_network`), `framing.quotes.tagging` and `linking` read quotes off the scores, and kinds,
speakers and what is left out are found as for the rules (`framing.quotes.assembly`).
"""

import dataclasses
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from framing.errors import DataError
from framing.metrics.spans import AttributionSpans
from framing.models.adapters import ADAPTER_FILES, merge_lora, save_lora
from framing.models.encoders import native_dtype, read_encoder, resolve_encoder
from framing.models.model_folders import CARD_FILE, TAGGER, check_encoder, read_card, save_card
from framing.models.tagger_batches import Reading, make_batch
from framing.models.tagger_inputs import TaggerText, overlapping_windows, read_text
from framing.models.tagger_network import TaggerNetwork
from framing.quotes.assembly import assemble_extraction
from framing.quotes.drafts import Draft, judge_kinds
from framing.quotes.linking import link_spans
from framing.quotes.marks import find_quotations
from framing.quotes.tagging import best_tags, to_spans
from framing.records import Article, Extraction

__all__ = ["TaggerExtractor", "load_tagger", "reading_of", "save_tagger", "tagger_files"]

_HEAD_FILE, _ENCODER_FILE = "head.safetensors", "encoder.safetensors"
_KEYS = ("digest", "encoder", "method", "features", "window", "margin")
_BLOCK = 64  # spans that are linked at once
_UNSEEN = -1e4


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class TaggerExtractor:
    """A trained tagger (implements `framing.quotes.Extractor`).

    Attributes:
        name: "tagger" and digits of the weights' digest.
        network: In evaluation mode.
        tokenizer: Of the encoder.
        window: Pieces that the encoder sees at once.
        margin: Pieces at the edge of a window that it is not believed about.
        card: The contents of model.json.
        batch: Windows that are read side by side; of one article only, so that what is found in
            it does not depend on its company. Two fit into the cache of a processor core.
    """

    name: str
    network: TaggerNetwork = dataclasses.field(repr=False)
    tokenizer: Any = dataclasses.field(repr=False)
    window: int
    margin: int
    card: Mapping[str, Any] = dataclasses.field(repr=False)
    batch: int = 2

    @property
    def version(self) -> str:
        """Digest of the weights."""
        return str(self.card["digest"])

    def extract(self, article: Article) -> Extraction:
        """Quotes, speakers and what was left out of one article; never raises on odd text."""
        text = article.text
        quotations, unclosed = find_quotations(text)
        drafts = [
            Draft(
                kind="indirect",  # until `judge_kinds` has seen its quotation marks
                content=list(found.content),
                cue=found.cue[0] if found.cue else None,
                source=found.source[0] if found.source else None,
            )
            for found in self.find_attributions(article)
        ]
        drafts.sort(key=lambda draft: draft.content[0])
        not_quotes = judge_kinds(text, drafts, quotations)
        return assemble_extraction(article, drafts, not_quotes=not_quotes, unclosed=unclosed)

    def find_attributions(self, article: Article) -> list[AttributionSpans]:
        """Sources, cues and contents of one article, linked; none of them without a content."""
        text = read_text(article, self.tokenizer)
        if not len(text):
            return []
        with torch.inference_mode():
            words = self._read_words(text)
            scores = self.network.score_tags(words).numpy()
            spans = to_spans(best_tags(scores, self.network.transitions.numpy()))
            if not spans:
                return []
            heads, sources = self._score_links(text, words, spans)
        linked = link_spans(spans, heads, sources)
        where = [text.words.span(first, stop) for first, stop, _ in spans]
        return [
            AttributionSpans(
                source=() if each.source is None else (where[each.source],),
                cue=() if each.cue is None else (where[each.cue],),
                content=tuple(where[part] for part in each.content),
            )
            for each in linked
            if each.content
        ]

    def _read_words(self, text: TaggerText) -> torch.Tensor:
        """A vector for each word, [n, size]."""
        windows = list(overlapping_windows(0, text, self.window, self.margin))
        reading = reading_of(self.tokenizer)
        vectors: list[torch.Tensor] = []
        for start in range(0, len(windows), self.batch):
            some = [window for window, _ in windows[start : start + self.batch]]
            batch = make_batch([(text, window) for window in some], reading)
            vectors += self.network.read_words(**batch).unbind()
        believed = [first for _, first in windows] + [len(text)]
        parts = [
            vector[believed[i] - window.first : believed[i + 1] - window.first]
            for i, ((window, _), vector) in enumerate(zip(windows, vectors, strict=True))
        ]
        return torch.cat(parts)

    def _score_links(
        self, text: TaggerText, words: torch.Tensor, spans: list[tuple[int, int, int]]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Scores of heads and sources; see `framing.quotes.linking.link_spans`.

        Spans with more than a window between them are not linked: no window that was learned from
        held two such, so that their score would be a chance one. Block by block, since all pairs
        of a long text at once do not fit into memory.
        """
        n = len(spans)
        begin = np.array([text.first[first] for first, _, _ in spans])
        end = np.array([text.first[stop] for _, stop, _ in spans])
        heads = np.full((n, n), _UNSEEN, dtype=np.float32)
        sources = np.full((n, n + 1), _UNSEEN, dtype=np.float32)
        for start in range(0, n, _BLOCK):
            rows = np.arange(start, min(start + _BLOCK, n))
            low = int(np.searchsorted(end, begin[rows[0]] - self.window))
            high = int(np.searchsorted(begin, end[rows[-1]] + self.window, side="right"))
            some = [scores.numpy() for scores in self.network.score_links(words, spans[low:high])]
            near = np.maximum(
                begin[low:high] - end[rows, None], begin[rows, None] - end[low:high]
            ) <= self.window  # fmt: skip
            heads[rows, low:high] = np.where(near, some[0][rows - low], _UNSEEN)
            sources[rows, low:high] = np.where(near, some[1][rows - low, :-1], _UNSEEN)
            sources[rows, n] = some[1][rows - low, -1]
        return heads, sources


def reading_of(tokenizer: Any) -> Reading:
    """What batches need to know of an encoder's tokenizer.

    Raises:
        DataError: It has no pieces to open and close a text with, as encoders have.
    """
    opening, closing, padding = (
        tokenizer.cls_token_id, tokenizer.sep_token_id, tokenizer.pad_token_id,
    )  # fmt: skip
    if opening is None or closing is None or padding is None:
        raise DataError(
            f"encoder: its tokenizer ({type(tokenizer).__name__}) lacks a piece to open, close or "
            "pad a text with; give an encoder such as BERT, RoBERTa, DeBERTa or MiniLM"
        )
    return Reading(opening=opening, closing=closing, padding=padding)


def save_tagger(network: TaggerNetwork, folder: Path, card: Mapping[str, Any]) -> list[Path]:
    """Write a trained network: model.json, the head, and the adapter or the whole encoder.

    Weights are stored in bfloat16. The same network gives the same bytes.

    Args:
        network: With an adapter (`attach_lora`) or not.
        folder: Made when missing.
        card: What model.json holds beside what is written here: "encoder" (name, sha256),
            "method", "features", "window" and "margin" are read by `load_tagger`.
    """
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    head = {
        name: value.detach().to("cpu", torch.bfloat16).contiguous()
        for name, value in network.state_dict().items()
        if name.startswith("head")
    }
    save_file(head, folder / _HEAD_FILE, metadata={"format": "pt"})
    if card["method"] == "lora":
        save_lora(network.encoder, folder, encoder_name=card["encoder"]["name"])
    else:
        whole = {
            name: value.detach().to("cpu", torch.bfloat16).contiguous()
            for name, value in network.encoder.state_dict().items()
        }
        save_file(whole, folder / _ENCODER_FILE, metadata={"format": "pt"})
    digest = _weights_digest(folder, card["method"])
    save_card(folder, {"format": TAGGER, "digest": digest, **card})
    return tagger_files(folder)


def tagger_files(folder: Path) -> list[Path]:
    """The files of a stored tagger, model.json last."""
    card = read_card(folder, TAGGER)
    return [folder / name for name in (*_weights(card["method"]), CARD_FILE)]


def load_tagger(
    folder: Path | str, *, encoder: str | Path | None = None, dtype: str | None = None
) -> TaggerExtractor:
    """Load a tagger that `framing train extractor` made.

    Args:
        folder: Of the tagger.
        encoder: Name or folder of the encoder; the one named in the folder when absent.
        dtype: "bfloat16" or "float32"; the faster one on this processor when absent.

    Raises:
        DataError: A file is missing or damaged, or the encoder is another one.
        MissingDependencyError: The encoder is not on this machine.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    folder = Path(folder)
    card = read_card(folder, TAGGER)
    missing = [key for key in _KEYS if key not in card]
    if missing:
        raise DataError(f"tagger {folder}: model.json lacks {', '.join(missing)}; train it again")
    files = resolve_encoder(encoder or card["encoder"]["name"])
    check_encoder(folder, card, name=files.name, sha256=files.sha256)
    model, tokenizer = read_encoder(files, attention="eager", of_words=True)
    try:
        if _weights_digest(folder, card["method"]) != card["digest"]:
            raise DataError(
                f"tagger {folder}: its weights are not those that model.json was written for; "
                "train it again"
            )
        if card["method"] == "lora":
            model = merge_lora(model, folder)
        else:
            model.load_state_dict(load_file(folder / _ENCODER_FILE))
        network = TaggerNetwork(model, features=card["features"])
        own = {f"encoder.{name}": value for name, value in model.state_dict().items()}
        network.load_state_dict(own | load_file(folder / _HEAD_FILE))
    except (OSError, SafetensorError, RuntimeError, KeyError) as error:
        files_read = ", ".join(_weights(card["method"]))
        raise DataError(
            f"tagger {folder}: {files_read} cannot be read ({type(error).__name__}: "
            f"{str(error)[:200]}); train it again"
        ) from error
    network = network.to(getattr(torch, dtype or native_dtype())).eval()
    return TaggerExtractor(
        name=f"tagger-{card['digest'][:8]}",
        network=network,
        tokenizer=tokenizer,
        window=card["window"],
        margin=card["margin"],
        card=card,
    )


def _weights(method: str) -> tuple[str, ...]:
    return (_HEAD_FILE, *(ADAPTER_FILES if method == "lora" else (_ENCODER_FILE,)))


def _weights_digest(folder: Path, method: str) -> str:
    stored = b"".join((folder / name).read_bytes() for name in _weights(method))
    return hashlib.sha256(stored).hexdigest()
