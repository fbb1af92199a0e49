"""Gold quotes as records: words are found again where they stand nearest."""

from pathlib import Path

from framing.codebook import load_codebook
from framing.dataset.gold_folder import write_gold_folder
from framing.dataset.gold_quotes import CodedArticle, CodedQuote
from framing.pipeline import read_corpus
from framing.records import Article, Span

TEXT = "Ada Brook came. The mayor said Brook was right.\n\n“It holds,” Brook said. Nobody knew."


def _quote(words: str, **fields: str) -> CodedQuote:
    at = TEXT.index(words)
    given = {"cue": "said", "speaker": "Ada Brook", "role": "military", "source": "Brook", **fields}
    return CodedQuote(
        kind="direct",
        content=(Span(at, at + len(words)),),
        accepted=(),
        stance="critical",
        **given,
    )


def test_cue_source_and_speaker_are_the_nearest_words_outside_the_quote(tmp_path: Path) -> None:
    quotes = (
        _quote("Brook was right", source="The mayor", speaker="The mayor", role="government"),
        _quote("“It holds,”"),
        _quote("Nobody knew.", cue="", source="", speaker="", role="unspecified"),
    )
    article = Article(id="a", text=TEXT, target="the dam")
    book = load_codebook()
    write_gold_folder(
        [CodedArticle(article=article, quotes=quotes)], tmp_path, codebook=book.digest
    )
    corpus = read_corpus(tmp_path, codebook=book)
    first, second, third = corpus.extractions["a"].quotes
    mayor, ada = sorted(corpus.extractions["a"].speakers, key=lambda one: -one.mentions[0].start)
    assert first.source == Span(TEXT.index("The mayor"), TEXT.index(" said Brook"))
    assert second.source == Span(TEXT.index("Brook said"), TEXT.index("Brook said") + 5)
    assert second.cue == Span(TEXT.rindex("said"), TEXT.rindex("said") + 4)
    assert (first.speaker_id, second.speaker_id) == (mayor.id, ada.id)
    assert [span.of(TEXT) for span in ada.mentions] == ["Ada Brook", "Brook"]
    assert (third.cue, third.source, third.speaker_id) == (None, None, None)
    assert third.reason
    labels = {(label.unit_id, label.variable): label.value for label in corpus.labels}
    assert labels[ada.id, "role"] == "military"
    assert labels[mayor.id, "role"] == "government"
    assert labels[third.id, "stance"] == "critical"
    assert len(labels) == 5
    assert {label.annotator for label in corpus.labels} == {"adjudicated"}
