"""Coders' words turned into spans."""

from typing import Any

import pytest

from framing.codebook import load_codebook
from framing.dataset.compiled_codings import CompiledCoding, compile_coding
from framing.dataset.verbatim_codings import VerbatimCoding
from framing.errors import DataError
from framing.jsonl import from_json, read_jsonl
from framing.records import Article, Quote, Speaker
from tests.dataset.invented_store import ARTICLES, SAMPLES, to_verbatim

TEXT = (
    "The mayor, Ada Brook, said the ferry would stop. “It is over,” she said. “We tried.”\n\n"
    "Critics said that the “plan” was late. Brook, a former pilot, said nothing of it."
)
ARTICLE = Article(id="a1", text=TEXT, target="the closing of the ferry")
BOOK = load_codebook()


def _speaker(**changes: Any) -> dict[str, Any]:
    return {
        "key": "brook", "name": "Ada Brook", "description": "The mayor | a former pilot",
        "kind": "person", "named": True, "role": "government", "note": "", **changes,
    }  # fmt: skip


def _quote(**changes: Any) -> dict[str, Any]:
    return {
        "content": ["the ferry would stop"], "cue": "said", "source": "Ada Brook",
        "kind": "indirect", "speaker": "brook", "stance": "neutral", "note": "", **changes,
    }  # fmt: skip


def _compile(
    quotes: list[dict[str, Any]], speakers: list[dict[str, Any]] | None = None
) -> tuple[CompiledCoding | None, tuple[str, ...]]:
    fields = {"id": "a1", "speakers": speakers or [_speaker()], "quotes": quotes}
    return compile_coding(from_json(fields, VerbatimCoding), ARTICLE, BOOK)


def _compiled(*quotes: dict[str, Any], **speaker: Any) -> CompiledCoding:
    compiled, mistakes = _compile(list(quotes), [_speaker(**speaker)])
    assert mistakes == ()
    assert compiled is not None
    return compiled


def test_words_become_spans() -> None:
    compiled = _compiled(
        _quote(),
        _quote(content=["“It is over,”", "“We tried.”"], source="she", kind="direct"),
    )
    first, second = compiled.quotes
    assert (first.id, first.speaker_id, first.text(TEXT)) == (
        "a1-q1",
        "a1-s1",
        "the ferry would stop",
    )
    assert first.cue is not None
    assert first.cue.start == TEXT.index("said the ferry")
    assert second.text(TEXT) == "“It is over,” “We tried.”"
    assert second.cue is not None
    assert second.cue.start == TEXT.index("said. “We")
    assert second.source is not None
    assert second.source.of(TEXT) == "she"
    assert compiled.stances == {"a1-q1": ("neutral", ""), "a1-q2": ("neutral", "")}


def test_a_speaker_is_mentioned_by_name_and_by_source() -> None:
    (coded,) = _compiled(
        _quote(), _quote(content=["“It is over,”"], source="she", kind="direct")
    ).speakers
    assert [span.of(TEXT) for span in coded.speaker.mentions] == ["Ada Brook", "she"]
    assert [span.of(TEXT) for span in coded.description_at] == ["The mayor", "a former pilot"]
    assert coded.speaker.description == "The mayor; a former pilot"
    assert coded.name_at is None


def test_somebody_unnamed_goes_by_words_of_the_article() -> None:
    quote = _quote(content=["the “plan” was late"], source="Critics", kind="mixed")
    (coded,) = _compiled(quote, name="critics", description="", kind="group", named=False).speakers
    assert coded.name_at is not None
    assert coded.speaker.name == coded.name_at.of(TEXT) == "Critics"


def test_only_the_code_of_a_rule_stays_of_a_note() -> None:
    compiled = _compiled(
        _quote(note="tie-break 4, she says “it is over”", rule="quote.9"), note="by Tie-break 2"
    )
    assert compiled.stances["a1-q1"] == ("neutral", "quote.9 stance.4")
    assert compiled.speakers[0].rule == "role.2"
    assert _compiled(_quote(note="tie-break 99")).stances["a1-q1"] == ("neutral", "")


def test_a_context_chooses_another_occurrence() -> None:
    quote = _quote(cue_context="Brook, a former pilot, said", source="Brook")
    quote["source_context"] = "Brook, a former pilot"
    cue = _compiled(quote).quotes[0].cue
    assert cue is not None
    assert cue.start == TEXT.rindex("said")


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        ({"content": ["the boat would stop"]},
         "quote 1 'the boat would stop': content part 1 does not stand in the text after offset 0: "
         "'the boat would stop'; copy it letter by letter, quotes in text order"),
        ({"content": []}, "quote 1 '': no content; copy what is said"),
        ({"content": [" the ferry"]}, "content part 1 is empty or has blanks at its ends"),
        ({"cue": "sai"}, "cue 'sai' does not stand in the text as whole words"),
        ({"cue": "ferry"}, "cue 'ferry' stands only inside the content"),
        ({"cue_context": "said"}, "cue_context 'said' stands 4 times in the text; it must stand"),
        ({"speaker": "nobody"}, "speaker 'nobody' is not among the speakers"),
        ({"stance": "angry"},
         "stance is 'angry'; accepted: supportive, critical, humanitarian, neutral"),
        ({"stance": None}, "stance is null; the target is 'the closing of the ferry'"),
        ({"content": ["“It is over,”"]}, "it is indirect but has quotation marks; make it mixed"),
        ({"rule": "stance.77"}, "rule 'stance.77' is not in the codebook; accepted: quote.1 to"),
        ({"rule": "she lied"}, "rule 'she' is not in the codebook"),
    ],
)  # fmt: skip
def test_mistakes_of_a_quote(change: dict[str, Any], mistake: str) -> None:
    compiled, mistakes = _compile([_quote(**change)])
    assert compiled is None
    assert any(mistake in found for found in mistakes), mistakes


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        ({"role": "king"}, "speaker 'brook': role is 'king'; accepted: government, military"),
        ({"name": "Ada Brooks"}, "speaker 'brook': name 'Ada Brooks' does not stand in the text"),
        ({"description": "a pilot"}, "description 'a pilot' does not stand in the text; copy it"),
        ({"name": "x" * 101}, "the name has 101 characters; a name takes 1 to 100"),
        ({"key": "other"}, "speaker 'other': no quote is theirs; remove the speaker"),
    ],
)
def test_mistakes_of_a_speaker(change: dict[str, Any], mistake: str) -> None:
    _, mistakes = _compile([_quote()], [_speaker(**change)])
    assert any(mistake in found for found in mistakes), mistakes


def test_all_mistakes_are_told_at_once() -> None:
    _, mistakes = _compile([_quote(cue="no"), _quote(stance="no")], [_speaker(role="no")])
    assert len(mistakes) == 3


def test_overlapping_quotes_are_refused() -> None:
    compiled, mistakes = _compile([_quote(), _quote(content=["ferry would"])])
    assert compiled is None
    assert "overlap" in mistakes[0]


def test_without_a_target_there_is_no_stance() -> None:
    article = Article(id="a1", text=TEXT)
    fields = {"id": "a1", "speakers": [_speaker()], "quotes": [_quote()]}
    _, mistakes = compile_coding(from_json(fields, VerbatimCoding), article, BOOK)
    assert mistakes == (
        "quote 1 'the ferry would stop': stance is 'neutral', but the article has no target: null",
    )
    fields["quotes"] = [_quote(stance=None)]
    compiled, _ = compile_coding(from_json(fields, VerbatimCoding), article, BOOK)
    assert compiled is not None
    assert compiled.stances == {}


def test_a_misspelt_key_is_refused() -> None:
    with pytest.raises(DataError, match="unknown VerbatimQuote key 'stanse'"):
        _compile([_quote(stanse="neutral")])


def test_sample_codings_come_back_as_they_were() -> None:
    """Words of the samples' quotes lead to the very spans that they were copied from."""
    quotes = read_jsonl(SAMPLES / "quotes.jsonl", Quote)
    # Of somebody unnamed the words are kept as they stand, with the capital of a sentence or not.
    names = {s.name.lower() for s in read_jsonl(SAMPLES / "speakers.jsonl", Speaker)}
    n = 0
    for key, article in ARTICLES.items():
        if key == "s02":
            continue  # to_verbatim leaves its target out
        coding = from_json(to_verbatim(SAMPLES, key), VerbatimCoding)
        compiled, mistakes = compile_coding(coding, article, BOOK)
        assert mistakes == ()
        assert compiled is not None
        mine = sorted((q for q in quotes if q.article_id == key), key=lambda q: q.content)
        for before, after in zip(mine, compiled.quotes, strict=True):
            assert (after.kind, after.content, after.cue, after.source) == (
                before.kind, before.content, before.cue, before.source,
            )  # fmt: skip
            n += 1
        for coded in compiled.speakers:
            assert coded.speaker.name.lower() in names
    assert n > 300
