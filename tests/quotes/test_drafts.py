"""Quotes over more than one sentence, their kinds, and quotations that are none."""

import pytest

from framing.quotes.drafts import Draft, draft_quotes
from framing.quotes.marks import find_quotations
from framing.quotes.words import find_word_sentences

Drafted = tuple[str, list[str]]  # kind, content


def _draft(text: str) -> tuple[list[Draft], list[str]]:
    quotations, _ = find_quotations(text)
    drafts, left = draft_quotes(text, find_word_sentences(text, quotations), quotations)
    return drafts, [text[quotation.start : quotation.end] for quotation in left]


def _drafted(text: str) -> list[Drafted]:
    return [(d.kind, [span.of(text) for span in d.content]) for d in _draft(text)[0]]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("“It rains,” Osei said.", "direct"),
        ("“It,” Osei said, “rains.”", "direct"),
        ("Osei said it “rains”.", "mixed"),
        ("It rains, Osei said, “and snows.”", "mixed"),
        ("Osei said it rains.", "indirect"),
        # Names in marks and distanced words are nobody's quoted words.
        ("Osei said the film “Tarna by Night” is old.", "indirect"),
        ("Osei said the so-called “safe road” is shut.", "indirect"),
        ("Osei said the “safe road” is shut.", "mixed"),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    ((found, _),) = _drafted(text)
    assert found == kind


@pytest.mark.parametrize(
    ("text", "drafts"),
    [
        # A quotation goes on with the quote before it.
        ("“A b,” Osei said. “C d.” “E f.”", [("direct", ["“A b,”", "“C d.”", "“E f.”"])]),
        # Narration ends it.
        (
            "“A b,” Osei said. She wept. “They are all gone now.”",
            [("direct", ["“A b,”"]), ("direct", ["“They are all gone now.”"])],
        ),
        # A colon at the end of a sentence takes what comes next, marks or not.
        ("Osei told us:\n\n“It rains.”", [("direct", ["“It rains.”"])]),
        (
            "According to the ministry:\n\nRain fell. Roads froze.\n\nVelde left.",
            [("indirect", ["Rain fell. Roads froze."])],
        ),
        # ... but only what opens the next paragraph.
        ("According to the ministry: it snowed.", [("indirect", ["it snowed"])]),
        # A cue after a question in marks.
        ("“Why?” Velde asked.", [("direct", ["“Why?”"])]),
        # No cue: a whole sentence of four words and a stop is speech, less is not.
        ("“All of us left.”", [("direct", ["“All of us left.”"])]),
        ("“We all left.”", []),
        ("“all of us left.”", []),
        ("“All of us left”", []),
    ],
)
def test_drafts(text: str, drafts: list[Drafted]) -> None:
    assert _drafted(text) == drafts


def test_a_sentence_in_marks_is_of_whom_the_sentence_before_speaks() -> None:
    text = "Mira Osei wept. “We have nothing left here.”\n\n“Nobody came to see us.”"
    (draft, _), _ = _draft(text)
    assert draft.cue is None
    assert draft.source is None or draft.source.of(text) == "Mira Osei"


def test_over_a_paragraph_break_nobody_is_guessed() -> None:
    (draft,), _ = _draft("Mira Osei left.\n\n“We have nothing left here.”")
    assert draft.source is None


def test_cue_and_source_are_spans_of_the_text() -> None:
    text = "“It rains,” said Mira Osei."
    (draft,), _ = _draft(text)
    assert draft.cue is not None
    assert draft.source is not None
    assert (draft.cue.of(text), draft.source.of(text)) == ("said", "Mira Osei")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("The “safe” road was shut.", ["“safe”"]),
        ("The “safe” road was shut, Osei said.", []),  # within what Osei says
        ("“It rains,” Osei said on the “safe” road.", ["“safe”"]),
        ("Ilko “Red” Faber said it rained.", ["“Red”"]),
        ("It rains.", []),
    ],
)
def test_quotations_that_are_no_quotes(text: str, left: list[str]) -> None:
    assert _draft(text)[1] == left


def test_drafts_stand_in_text_order() -> None:
    text = "“They are all gone.”\n\nOsei said it rained. “The road is shut,” said Velde."
    starts = [draft.content[0].start for draft in _draft(text)[0]]
    assert len(starts) == 3
    assert starts == sorted(starts)


def test_no_sentences_no_drafts() -> None:
    assert draft_quotes("", [], []) == ([], [])
