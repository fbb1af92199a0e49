"""Codings turned from the words of the article into spans.

A coder reads an article and copies out what is said, the reporting words, and who is meant. Here
those words are found again in the text. All mistakes of a coding are collected, so that a coder
can mend them in one go.
"""

import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence

from framing.codebook import Codebook, Variable
from framing.dataset.verbatim_codings import VerbatimCoding, VerbatimQuote, VerbatimSpeaker
from framing.errors import DataError
from framing.records import Article, Extraction, Quote, Span, Speaker, check_extraction

__all__ = ["MAX_NAME", "NO_SPEAKER", "CodedSpeaker", "CompiledCoding", "compile_coding"]

NO_SPEAKER = "the text names no speaker"
_MAX_DISTANCE = 1500  # characters between content and its cue or source
MAX_NAME = 100  # a longer one is a sentence and no name
_QUOTATION_MARKS = frozenset('"“”‘«')
_RULE = re.compile(r"([a-z_]+)\.([0-9]+)")
_TIE_BREAK = re.compile(r"tie-?break ([0-9]+)", re.IGNORECASE)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CodedSpeaker:
    """A speaker with the places of the words that describe them.

    Attributes:
        speaker: The record.
        name_at: Where the words stand that an unnamed speaker goes by; None for a name.
        description_at: Where the words of the description stand, in the order of the coder.
        role: The label.
        rule: Codes of the rules that decided it, or "".
    """

    speaker: Speaker
    name_at: Span | None
    description_at: tuple[Span, ...]
    role: str
    rule: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CompiledCoding:
    """A coding in spans.

    Attributes:
        article_id: The article.
        quotes: In text order.
        speakers: In the coder's order.
        stances: Label and rule of each quote, by its id; empty where there is no target.
    """

    article_id: str
    quotes: tuple[Quote, ...]
    speakers: tuple[CodedSpeaker, ...]
    stances: Mapping[str, tuple[str, str]]


def compile_coding(
    coding: VerbatimCoding, article: Article, codebook: Codebook
) -> tuple[CompiledCoding | None, tuple[str, ...]]:
    """Find the words of a coding in the article, and check them under the codebook.

    Content is looked for from the start of the quote before; the cue is the occurrence (in whole
    words, outside the content) nearest to the content, the source the one nearest to the cue.
    A name is mentioned wherever it stands in whole words, and where a source means it.

    Args:
        coding: As the coder wrote it.
        article: Its text and target; stance is required exactly where there is a target.
        codebook: With variables "role" and "stance".

    Returns:
        The coding in spans, or None; and the mistakes, in sentences that name the quote or the
        speaker and show its words.
    """
    errors: list[str] = []
    stances: dict[str, tuple[str, str]] = {}
    ids: dict[str, str] = {}
    for number, speaker in enumerate(coding.speakers, start=1):
        if speaker.key in ids:
            errors.append(f"speaker {speaker.key!r}: two have this key; keys must differ")
        ids[speaker.key] = f"{article.id}-s{number}"
    sources: dict[str, set[Span]] = {key: set() for key in ids}
    quotes: list[Quote] = []
    earliest = 0
    for number, written in enumerate(coding.quotes, start=1):
        start = " ".join(written.content)[:40]
        where = f"quote {number} {start!r}"
        try:
            content = _find_content(written.content, article.text, earliest)
            earliest = content[0].start
            quote = _compile_quote(written, f"{article.id}-q{number}", content, article, ids)
            if label := _check_stance(written, article, codebook):
                stances[quote.id] = label
        except DataError as error:
            errors.append(f"{where}: {error}")
            continue
        quotes.append(quote)
        if written.speaker is not None and quote.source is not None:
            sources[written.speaker].add(quote.source)
    quoted = {written.speaker for written in coding.quotes}
    speakers: list[CodedSpeaker] = []
    for described in coding.speakers:
        try:
            if described.key not in quoted:
                raise DataError("no quote is theirs; remove the speaker, or name it in a quote")
            speakers.append(
                _compile_speaker(
                    described, ids[described.key], article, sources[described.key], codebook
                )
            )
        except DataError as error:
            errors.append(f"speaker {described.key!r}: {error}")
    if not errors:
        try:
            check_extraction(
                article,
                Extraction(
                    article_id=article.id,
                    quotes=tuple(quotes),
                    speakers=tuple(coded.speaker for coded in speakers),
                ),
            )
        except DataError as error:
            errors.append(str(error))
    if errors:
        return None, tuple(errors)
    compiled = CompiledCoding(
        article_id=article.id, quotes=tuple(quotes), speakers=tuple(speakers), stances=stances
    )
    return compiled, ()


def _find_content(parts: Sequence[str], text: str, earliest: int) -> tuple[Span, ...]:
    spans: list[Span] = []
    for number, part in enumerate(parts, start=1):
        low = spans[-1].end if spans else earliest
        if not part or part != part.strip():
            raise DataError(f"content part {number} is empty or has blanks at its ends: {part!r}")
        start = text.find(part, low)
        if start < 0:
            raise DataError(
                f"content part {number} does not stand in the text after offset {low}: "
                f"{part[:60]!r}; copy it letter by letter, quotes in text order"
            )
        spans.append(Span(start, start + len(part)))
    if not spans:
        raise DataError("no content; copy what is said")
    return tuple(spans)


def _compile_quote(
    written: VerbatimQuote,
    quote_id: str,
    content: tuple[Span, ...],
    article: Article,
    ids: Mapping[str, str],
) -> Quote:
    def from_content(span: Span) -> int:
        return min(min(abs(span.start - c.end), abs(c.start - span.end)) for c in content)

    cue = _find_outside(
        "cue", written.cue, written.cue_context, article.text, content, from_content, from_content
    )

    def from_cue(span: Span) -> int:
        if cue is None:
            return from_content(span)
        return min(abs(span.start - cue.end), abs(cue.start - span.end))

    source = _find_outside(
        "source", written.source, written.source_context, article.text, content, from_cue,
        from_content,
    )  # fmt: skip
    if written.speaker is not None and written.speaker not in ids:
        raise DataError(f"speaker {written.speaker!r} is not among the speakers")
    marked = any(_QUOTATION_MARKS & set(c) or c.startswith("'") for c in written.content)
    if written.kind == "indirect" and marked and not written.marks_ok:
        raise DataError(
            "it is indirect but has quotation marks; make it mixed, or, for scare quotes, add "
            '"marks_ok": true'
        )
    return Quote(
        id=quote_id,
        article_id=article.id,
        kind=written.kind,
        content=content,
        cue=cue,
        source=source,
        speaker_id=None if written.speaker is None else ids[written.speaker],
        reason=NO_SPEAKER if written.speaker is None else "",
    )


def _find_outside(
    what: str,
    words: str | None,
    context: str | None,
    text: str,
    content: Sequence[Span],
    distance: Callable[[Span], int],
    from_content: Callable[[Span], int],
) -> Span | None:
    """The nearest occurrence of cue or source outside the content."""
    if words is None:
        return None
    found = _whole_words(words, text)
    if context:
        if text.count(context) != 1:
            raise DataError(
                f"{what}_context {context!r} stands {text.count(context)} times in the text; "
                "it must stand there once"
            )
        low = text.find(context)
        found = [s for s in found if low <= s.start and s.end <= low + len(context)]
    if not found:
        inside = " in its context" if context else ""
        raise DataError(f"{what} {words!r} does not stand in the text as whole words{inside}")
    outside = [s for s in found if not any(s.start < c.end and s.end > c.start for c in content)]
    if not outside:
        raise DataError(f"{what} {words!r} stands only inside the content")
    nearest = min(outside, key=distance)
    if from_content(nearest) > _MAX_DISTANCE:
        raise DataError(
            f"{what} {words!r} is {from_content(nearest)} characters away; add {what}_context"
        )
    return nearest


def _compile_speaker(
    written: VerbatimSpeaker,
    speaker_id: str,
    article: Article,
    sources: set[Span],
    codebook: Codebook,
) -> CodedSpeaker:
    role = codebook.variable("role")
    _check_category(written.role, role)
    if not written.name.strip() or (written.named and len(written.name) > MAX_NAME):
        raise DataError(
            f"the name has {len(written.name)} characters; a name takes 1 to {MAX_NAME} (somebody "
            "unnamed goes by words of the article, of any length)"
        )
    mentions: list[Span] = []
    for span in sorted(sources | set(_whole_words(written.name, article.text))):
        if not mentions or span.start >= mentions[-1].end:
            mentions.append(span)
    name_at = _find_nearest(written.name, article.text, sources, what="name")
    parts = [part.strip() for part in written.description.split("|") if part.strip()]
    description_at = tuple(
        _find_nearest(part, article.text, sources or mentions, what="description") for part in parts
    )
    speaker = Speaker(
        id=speaker_id,
        article_id=article.id,
        name=written.name if written.named else name_at.of(article.text),
        description="; ".join(span.of(article.text) for span in description_at),
        mentions=tuple(mentions),
        kind=written.kind,
        named=written.named,
    )
    return CodedSpeaker(
        speaker=speaker,
        name_at=None if written.named else name_at,
        description_at=description_at,
        role=written.role,
        rule=_rule_codes(written.rule, written.note, role, codebook),
    )


def _find_nearest(words: str, text: str, anchors: "set[Span] | list[Span]", *, what: str) -> Span:
    """The occurrence nearest to the mentions; letter by letter, else with other capitals."""
    for pattern in (re.escape(words), f"(?i:{re.escape(words)})"):
        found = [Span(*match.span()) for match in re.finditer(pattern, text)]
        if found:
            return min(
                found,
                key=lambda span: min((abs(span.start - a.start) for a in anchors), default=0),
            )
    raise DataError(
        f"{what} {words!r} does not stand in the text; copy it, and join several parts by ' | '"
    )


def _whole_words(words: str, text: str) -> list[Span]:
    if not words:
        return []
    start = r"(?<!\w)" if words[0].isalnum() else ""
    end = r"(?!\w)" if words[-1].isalnum() else ""
    return [Span(*m.span()) for m in re.finditer(f"{start}{re.escape(words)}{end}", text)]


def _check_stance(
    written: VerbatimQuote, article: Article, codebook: Codebook
) -> tuple[str, str] | None:
    variable = codebook.variable("stance")
    if not article.target:
        if written.stance is not None:
            raise DataError(f"stance is {written.stance!r}, but the article has no target: null")
        return None
    if written.stance is None:
        raise DataError(f"stance is null; the target is {article.target!r}")
    _check_category(written.stance, variable)
    return written.stance, _rule_codes(written.rule, written.note, variable, codebook)


def _check_category(value: str, variable: Variable) -> None:
    if value not in variable.names:
        raise DataError(f"{variable.name} is {value!r}; accepted: {', '.join(variable.names)}")


def _rule_codes(rule: str, note: str, variable: Variable, codebook: Codebook) -> str:
    """The rules that decided a label, as codes; a remark itself may quote the article.

    A code is the name of a variable (or "quote", for what a quote is) and the number of one of
    its rules in the codebook. "tie-break 4" in a remark is such a code too.
    """
    limits = {"quote": len(codebook.quote)}
    limits |= {each.name: len(each.tie_breaks) for each in codebook.variables}
    codes = []
    for code in rule.replace(",", " ").split():
        match = _RULE.fullmatch(code)
        if match is None or not 1 <= int(match[2]) <= limits.get(match[1], 0):
            shown = ", ".join(f"{name}.1 to {name}.{n}" for name, n in limits.items())
            raise DataError(f"rule {code!r} is not in the codebook; accepted: {shown}")
        codes.append(code)
    for number in _TIE_BREAK.findall(note):
        if 1 <= int(number) <= limits[variable.name]:
            codes.append(f"{variable.name}.{int(number)}")
    return " ".join(dict.fromkeys(codes))
