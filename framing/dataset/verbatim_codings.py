"""Codings as coders write them: in the words of the article, one JSON file for each article."""

import dataclasses

from framing.records import QuoteKind, SpeakerKind

__all__ = ["VerbatimCoding", "VerbatimQuote", "VerbatimSpeaker"]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class VerbatimSpeaker:
    """Somebody who is quoted, as a coder writes it down.

    Attributes:
        key: By which quotes name the speaker, unique in the article.
        name: The fullest name in the article, or the fullest description of the unnamed.
        description: Words of the article that present the speaker; parts are joined by " | ".
        kind: person, organisation, group or unnamed.
        named: Whether the article gives a name.
        role: Category of the codebook's variable "role".
        note: The coder's remark.
        rule: Codes of the codebook's rules that decided it, such as "role.4"; blanks between.
    """

    key: str
    name: str
    description: str
    kind: SpeakerKind
    named: bool
    role: str
    note: str = ""
    rule: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class VerbatimQuote:
    """A quote, as a coder writes it down.

    Attributes:
        content: Its parts, copied.
        cue: The reporting words, or None.
        source: The mention of the speaker in that sentence, or None.
        kind: direct, mixed or indirect.
        speaker: Key of the speaker, or None when the text names none.
        stance: Category of the codebook's variable "stance"; None where the article has no
            target.
        note: The coder's remark.
        rule: Codes of the codebook's rules that decided it, such as "stance.4".
        reason: Why nobody is named.
        cue_context: Words around the cue that stand once in the article, where it is not the
            occurrence nearest to the content.
        source_context: The same for the source, where it is not the one nearest to the cue.
        marks_ok: Whether the quotation marks inside an indirect quote are only scare quotes.
    """

    content: tuple[str, ...]
    cue: str | None
    source: str | None
    kind: QuoteKind
    speaker: str | None
    stance: str | None
    note: str = ""
    rule: str = ""
    reason: str = ""
    cue_context: str | None = None
    source_context: str | None = None
    marks_ok: bool = False


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class VerbatimCoding:
    """All quotes of one article, in text order, and who says them."""

    id: str
    speakers: tuple[VerbatimSpeaker, ...]
    quotes: tuple[VerbatimQuote, ...]
