"""The learned extractor: what its scores say comes out whole, stored and read again."""

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from framing.errors import DataError
from framing.metrics.spans import AttributionSpans
from framing.models.adapters import attach_lora
from framing.models.encoders import read_encoder, resolve_encoder
from framing.models.tagger import TaggerExtractor, load_tagger, reading_of, save_tagger
from framing.models.tagger_inputs import FEATURES
from framing.models.tagger_network import TaggerNetwork
from framing.models.training_config import LoRA
from framing.quotes import RulesExtractor
from framing.quotes.word_runs import TextWords
from framing.records import Article, Span
from tests.models.invented_attributions import annotate, echo_of_rules, invented_articles
from tests.models.invented_coding import write_encoder

ODD = (
    "x", "“", "\u200b", "\ud800 said it", "好" * 700 + " said Ada.", "a" * 5000, "said " * 300,
    "\x00", "👨\u200d👩 said \u202e“it”", '"' * 99, "“Yes.” " * 60, "Ada said:\n\n\n",
)  # fmt: skip


@pytest.fixture(scope="module")
def echo(tiny_encoder_folder: Path) -> TaggerExtractor:
    return echo_of_rules(tiny_encoder_folder)


def random_network(encoder: Path, method: str = "full", seed: int = 1) -> TaggerNetwork:
    """Weights that would be trained, such as bfloat16 holds, so that storing loses nothing."""
    files = resolve_encoder(encoder)
    model, _ = read_encoder(files, attention="eager")
    torch.manual_seed(seed)
    if method == "lora":
        model = attach_lora(model, LoRA(rank=2))
    network = TaggerNetwork(model, features=tuple(FEATURES)).eval()
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if name == "head_transitions":
                torch.nn.init.normal_(parameter)
            elif "lora" in name or name.startswith(("head_tags", "head_links")):
                torch.nn.init.normal_(parameter, std=0.4)
            if parameter.requires_grad:
                parameter.copy_(parameter.bfloat16())
    return network


def stored(folder: Path, encoder: Path, method: str = "full", seed: int = 1) -> Path:
    files = resolve_encoder(encoder)
    card = {
        "encoder": {"name": files.name, "sha256": files.sha256},
        "method": method, "features": list(FEATURES), "window": 40, "margin": 8,
    }  # fmt: skip
    save_tagger(random_network(encoder, method, seed), folder, card)
    return folder


def shown(
    article: Article, attributions: Sequence[AttributionSpans]
) -> list[tuple[list[str], list[str], list[str]]]:
    def words(spans: Sequence[Span]) -> list[str]:
        return [span.of(article.text) for span in spans]

    return [(words(each.source), words(each.cue), words(each.content)) for each in attributions]


def long_article(n: int) -> Article:
    return Article(id="long", text="\n\n".join(each.article.text for each in invented_articles(n)))


def test_tags_and_links_come_out_as_attributions(echo: TaggerExtractor) -> None:
    each = annotate(
        "(Ada Brook) {said} that [the dam is needed]. The valley is dry.\n\n"
        '["Nobody here wanted it,"] {said} (Mina Holt), ["and it is a mistake."]'
    )
    found = echo.find_attributions(each.article)
    assert shown(each.article, found) == [
        (["Ada Brook"], ["said"], ["the dam is needed"]),
        (["Mina Holt"], ["said"], ['"Nobody here wanted it,"', '"and it is a mistake."']),
    ]
    assert tuple(found) == each.attributions


def test_an_extraction_has_kinds_speakers_and_what_was_left_out(echo: TaggerExtractor) -> None:
    text = (
        'Ada Brook said the dam is "needed". The so-called "valley" is dry.\n\n'
        '"Nobody wanted it," she said. Mina Holt said that it was late.'
    )
    article = Article(id="a", text=text)
    extraction = echo.extract(article)
    by_rules = RulesExtractor().extract(article)
    # With its spans taken from the rules, all that is made of them is as theirs.
    assert extraction == by_rules
    assert [quote.kind for quote in extraction.quotes] == ["mixed", "direct", "indirect"]
    assert [quote.id for quote in extraction.quotes] == ["a-q1", "a-q2", "a-q3"]
    names = {speaker.id: speaker.name for speaker in extraction.speakers}
    assert [names[quote.speaker_id or ""] for quote in extraction.quotes] == [
        "Ada Brook", "Ada Brook", "Mina Holt",
    ]  # fmt: skip
    assert [each.item[:8] for each in extraction.exclusions] == ['"valley"']


@pytest.mark.parametrize(("window", "margin"), [(32, 8), (32, 0), (48, 3), (500, 100)])
def test_no_word_is_lost_or_doubled_between_windows(
    tiny_encoder_folder: Path, window: int, margin: int
) -> None:
    # About 900 pieces: 1 to 60 windows, in batches of eight, the last of them smaller.
    article = long_article(14)
    extractor = echo_of_rules(tiny_encoder_folder, window=window, margin=margin)
    words = TextWords(article.text)
    rules = RulesExtractor().extract(article).quotes
    expected = {run for quote in rules for run in words.runs(quote.content)}
    assert len(expected) == 28
    found = extractor.find_attributions(article)
    assert {run for each in found for run in words.runs(each.content)} == expected
    # Nothing stands between a quote and its cue and source here.
    assert sorted((each.source, each.cue, each.content) for each in found) == sorted(
        ((quote.source,), (quote.cue,), quote.content) for quote in rules
    )


def test_spans_with_more_than_a_window_between_them_are_not_linked(
    tiny_encoder_folder: Path,
) -> None:
    # The second quote has no cue; Ada, the only source, is more than 45 pieces before it.
    extractor = echo_of_rules(tiny_encoder_folder, window=32)
    wide = echo_of_rules(tiny_encoder_folder, window=400)
    filler = "The dam is old. " * 9  # 45 words of one piece
    article = Article(id="a", text=f'Ada said the dam works. {filler}\n\n"Why now? It works."')
    last = Span(article.text.index('"Why'), len(article.text))
    near, far = wide.find_attributions(article)[-1], extractor.find_attributions(article)[-1]
    assert near.content == far.content == (last,)
    assert near.source == (Span(0, 3),)
    assert far.source == ()
    assert extractor.find_attributions(article)[0].source == (Span(0, 3),)


def test_all_links_of_a_long_text_are_those_of_its_parts(tiny_encoder_folder: Path) -> None:
    # 240 spans are linked in blocks of 64; what is linked in one article is so in all of them.
    extractor = echo_of_rules(tiny_encoder_folder, window=64)
    articles = invented_articles(40)
    article = long_article(40)
    found = extractor.find_attributions(article)
    starts = [article.text.index(each.article.text) for each in articles]
    expected = [
        tuple(
            tuple((span.start + start, span.end + start) for span in getattr(one, field))
            for field in ("source", "cue", "content")
        )
        for start, each in zip(starts, articles, strict=True)
        for one in each.attributions
    ]
    assert [(each.source, each.cue, each.content) for each in found] == expected


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_text_is_read_without_an_error(tiny_encoder_folder: Path, text: str) -> None:
    model, tokenizer = read_encoder(resolve_encoder(tiny_encoder_folder))
    del model
    for seed in (1, 2):  # scores of chance find something everywhere
        extractor = TaggerExtractor(
            name="chance", network=random_network(tiny_encoder_folder, seed=seed),
            tokenizer=tokenizer, window=32, margin=8, card={},
        )  # fmt: skip
        article = Article(id="a", text=text)
        extraction = extractor.extract(article)  # checked there: spans in the text, none crossing
        assert extraction.article_id == "a"
        assert extraction == extractor.extract(article)


def test_an_article_does_not_depend_on_those_before_it(
    tiny_encoder_folder: Path, tmp_path: Path
) -> None:
    extractor = load_tagger(stored(tmp_path, tiny_encoder_folder), dtype="bfloat16")
    articles = [each.article for each in invented_articles(4)] + [long_article(5)]
    forwards = [extractor.extract(article) for article in articles]
    backwards = [extractor.extract(article) for article in reversed(articles)]
    assert forwards == backwards[::-1]
    assert any(extraction.quotes for extraction in forwards)


@pytest.mark.parametrize("method", ["full", "lora"])
def test_a_stored_tagger_says_what_the_one_in_memory_said(
    tiny_encoder_folder: Path, tmp_path: Path, method: str
) -> None:
    folder = stored(tmp_path / "one", tiny_encoder_folder, method)
    loaded = load_tagger(folder, dtype="float32")
    assert not loaded.network.training
    assert (loaded.window, loaded.margin) == (40, 8)
    assert loaded.name == f"tagger-{loaded.card['digest'][:8]}"
    in_memory = TaggerExtractor(
        name="", network=random_network(tiny_encoder_folder, method), tokenizer=loaded.tokenizer,
        window=40, margin=8, card={},
    )  # fmt: skip
    other = TaggerExtractor(
        name="", network=random_network(tiny_encoder_folder, method, seed=2),
        tokenizer=loaded.tokenizer, window=40, margin=8, card={},
    )  # fmt: skip
    articles = [each.article for each in invented_articles(6)]
    expected = [in_memory.find_attributions(article) for article in articles]
    assert sum(map(len, expected)) > 6
    assert [loaded.find_attributions(article) for article in articles] == expected
    assert [other.find_attributions(article) for article in articles] != expected
    again = stored(tmp_path / "two", tiny_encoder_folder, method)
    names = sorted(path.name for path in folder.iterdir())
    assert names == sorted(path.name for path in again.iterdir())
    weights = (
        ["adapter_config.json", "adapter_model.safetensors"]
        if method == "lora"
        else ["encoder.safetensors"]
    )
    assert names == sorted([*weights, "head.safetensors", "model.json"])
    assert all((folder / n).read_bytes() == (again / n).read_bytes() for n in names)


def _drop(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def _cut(folder: Path) -> None:
    data = (folder / "head.safetensors").read_bytes()
    (folder / "head.safetensors").write_bytes(data[: len(data) // 2])


def _edit(**changes: object) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        card = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        card = {k: v for k, v in (card | changes).items() if v is not None}
        (folder / "model.json").write_text(json.dumps(card), encoding="utf-8")

    return edit


def _forget_a_layer(folder: Path) -> None:
    """As if written by a version without it; the digest is right."""
    head = load_file(folder / "head.safetensors")
    del head["head_transitions"]
    save_file(head, folder / "head.safetensors")
    weights = [folder / name for name in ("head.safetensors", "encoder.safetensors")]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in weights)).hexdigest()
    _edit(digest=digest)(folder)


@pytest.mark.parametrize(
    ("damage", "error"),
    [
        (_drop("head.safetensors"), r"head\.safetensors, encoder\.safetensors cannot be read"),
        (_drop("encoder.safetensors"), r"cannot be read \(FileNotFoundError.*train it again"),
        (_drop("model.json"), r"model\.json cannot be read"),
        (_cut, r"its weights are not those that model\.json was written for; train it again"),
        (_edit(digest=None), r"model\.json lacks digest; train it again"),
        (_edit(window=None, margin=None), r"model\.json lacks window, margin; train it again"),
        (_edit(features=["rules"]), r"cannot be read \(RuntimeError.*train it again"),
        (_edit(format="framing-frozen-2"), r"format 'framing-frozen-2'; accepted: 'framing-tagger"),
        (_forget_a_layer, r"cannot be read \(RuntimeError.*head_transitions"),
    ],
)
def test_a_damaged_folder_is_refused(
    tiny_encoder_folder: Path, tmp_path: Path, damage: Callable[[Path], None], error: str
) -> None:
    folder = stored(tmp_path, tiny_encoder_folder)
    load_tagger(folder)
    damage(folder)
    with pytest.raises(DataError, match=f"(?s){error}"):
        load_tagger(folder)


def test_another_encoder_is_refused(tiny_encoder_folder: Path, tmp_path: Path) -> None:
    folder = stored(tmp_path / "tagger", tiny_encoder_folder)
    other = write_encoder(tmp_path / "other")
    weights = load_file(other / "model.safetensors")
    weights["embeddings.LayerNorm.bias"] += 1
    save_file(weights, other / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(DataError, match="give the encoder it was trained with"):
        load_tagger(folder, encoder=other)
    moved = shutil.copytree(tiny_encoder_folder, tmp_path / "moved")
    article = invented_articles(1)[0].article
    found = load_tagger(folder, encoder=moved).find_attributions(article)
    assert found == load_tagger(folder).find_attributions(article)


def test_a_tokenizer_without_ends_is_refused() -> None:
    class Endless:
        cls_token_id = sep_token_id = None
        pad_token_id = 0

    with pytest.raises(DataError, match=r"tokenizer \(Endless\) lacks a piece to open, close"):
        reading_of(Endless())
