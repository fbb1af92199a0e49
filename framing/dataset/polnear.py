"""The Political News Attribution Relations corpus, as attributions in canonical articles.

Newell, Margolin & Ruths (LREC 2018), https://github.com/networkdynamics/PolNeAR: US political
news in which everything that is attributed to somebody is annotated, thoughts and plans
included, each as a source, a cue and a content. It has no licence: users download it, it is
never stored with this package.
"""

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from framing.dataset.offsets import CanonicalOffsets
from framing.errors import DataError
from framing.metrics.spans import AttributionSpans
from framing.records import Article, Exclusion, Span

__all__ = ["PolnearArticle", "PolnearPart", "extend_to_polnear", "read_copies", "read_polnear"]

_ROLE = re.compile(r"(Source|Cue|Content|Attribution(?:-no-source)?)\d*:(\S+)")
_NOTE = re.compile(r"#\d*\t")
_BARE_THAT = re.compile(r"\bthat\s+$", re.IGNORECASE)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PolnearArticle:
    """One article with its attributions, in text order.

    Attributes:
        article: With canonical text; its id is the file's name without ending.
        annotator: Code of the annotator whose copy was taken.
        n_annotators: How many copies there are.
        attributions: Spans refer to `article.text`.
    """

    article: Article
    annotator: str
    n_annotators: int
    attributions: tuple[AttributionSpans, ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PolnearPart:
    """The articles of one part, by id, and the annotated events that are left out."""

    articles: tuple[PolnearArticle, ...]
    exclusions: tuple[Exclusion, ...]


def read_polnear(folder: Path | str) -> PolnearPart:
    """Read one part of the corpus, such as its `dev` folder.

    Every text is read once. Where several people annotated it, the copy of the annotator whose
    code comes first in the alphabet is taken: no copy is marked as the main one, and this choice
    does not look at what they found.

    The text becomes canonical, as everywhere in this package, and spans move with it (they are
    also freed of blanks at their ends). Several contents or sources of one event are one content
    or source of several spans. Only spans that an event uses are read: drafts that annotators
    left behind ("Discuss", "Discard") are no annotation. An event without cue or content, or
    with a span of another label in a role, is left out and listed.

    Args:
        folder: Holds `text/NAME.txt` and `attributions/NAME_ANNOTATOR.ann` (brat standoff,
            discontinuous spans as `a b;c d`).

    Raises:
        DataError: A folder or one side of a pair is missing, or a line cannot be read; offsets
            are checked against the words that brat stored beside them.
    """
    articles, exclusions = [], []
    for copies, left_out in _read_all(Path(folder)):
        articles.append(copies[0])
        exclusions += left_out[0]
    return PolnearPart(articles=tuple(articles), exclusions=tuple(exclusions))


def read_copies(folder: Path | str) -> tuple[tuple[PolnearArticle, ...], ...]:
    """All copies of the articles that several people annotated, to compare them.

    Args:
        folder: As for `read_polnear`.

    Returns:
        Two or more copies of each such article, by annotator.

    Raises:
        DataError: As from `read_polnear`.
    """
    return tuple(copies for copies, _ in _read_all(Path(folder)) if len(copies) > 1)


def _read_all(
    folder: Path,
) -> Iterator[tuple[tuple[PolnearArticle, ...], tuple[list[Exclusion], ...]]]:
    """The copies of each article by annotator, and what is left out of each."""
    files: dict[str, list[Path]] = {}
    for path in sorted((folder / "attributions").glob("*.ann")):
        files.setdefault(path.stem.rpartition("_")[0], []).append(path)
    texts = {path.stem: path for path in sorted((folder / "text").glob("*.txt"))}
    if not texts:
        raise DataError(
            f"PolNeAR {folder}: no file text/*.txt; give one part of the corpus, such as its dev "
            "folder, with text and attributions in it"
        )
    if unpaired := sorted(texts.keys() ^ files.keys()):
        name = unpaired[0]
        have, lack = ("text", "attributions") if name in texts else ("attributions", "text")
        raise DataError(
            f"PolNeAR {folder}: {name} has {have} but no {lack}; download the part again"
        )
    for name, path in texts.items():
        offsets = CanonicalOffsets(_read(path))
        article = Article(id=name, text=offsets.text)
        read = [_read_attributions(copy, offsets, name) for copy in files[name]]
        yield (
            tuple(
                PolnearArticle(
                    article=article,
                    annotator=copy.stem.rpartition("_")[2],
                    n_annotators=len(read),
                    attributions=attributions,
                )
                for copy, (attributions, _) in zip(files[name], read, strict=True)
            ),
            tuple(list(left_out) for _, left_out in read),
        )


def extend_to_polnear(text: str, attribution: AttributionSpans) -> AttributionSpans:
    """Put the content of an attribution into the corpus's convention: "that" belongs to it.

    In the training part, 2,686 of 22,525 contents open with "that" and 31 follow it; the codebook
    of this package leaves the word out. Quotation marks belong to the content and the full stop
    after it does not in both, so nothing else is changed.
    """
    if not attribution.content:
        return attribution
    first, *others = sorted(attribution.content)
    that = _BARE_THAT.search(text, max(0, first.start - 20), first.start)
    if that is None:
        return attribution
    return dataclasses.replace(attribution, content=(Span(that.start(), first.end), *others))


class _Entity(NamedTuple):
    """A `T` line: a label on spans of the raw text."""

    label: str
    spans: tuple[Span, ...]


def _read_attributions(
    path: Path, offsets: CanonicalOffsets, article_id: str
) -> tuple[tuple[AttributionSpans, ...], list[Exclusion]]:
    entities: dict[str, _Entity] = {}
    events: list[tuple[int, str, str]] = []
    for number, line in _logical_lines(_read(path)):
        try:
            if line.startswith("T"):
                key, entity = _parse_entity(line, offsets.raw)
                entities[key] = entity
            elif line.startswith("E"):
                key, _, roles = line.partition("\t")
                events.append((number, key, roles))
            elif not _NOTE.match(line):
                raise DataError(
                    f"found {line[:40]!r}; accepted: lines of entities (T), events (E), notes (#)"
                )
        except DataError as error:
            raise DataError(f"{path}:{number}: {error}") from error
    attributions, exclusions = [], []
    for number, key, roles in events:
        try:
            found = _parse_event(roles, entities)
        except DataError as error:
            raise DataError(f"{path}:{number}: {error}") from error
        if isinstance(found, str):
            exclusions.append(
                Exclusion(
                    item=f"{path.name}:{number} {key}",
                    reason=found,
                    stage="quotes",
                    article_id=article_id,
                )
            )
            continue
        moved = {role: offsets.move(spans) for role, spans in found.items()}
        attributions.append(AttributionSpans(**moved))
    return tuple(sorted(attributions, key=lambda each: (each.content, each.cue))), exclusions


def _logical_lines(text: str) -> list[tuple[int, str]]:
    """Lines with their numbers; words of an entity that hold line breaks run over several."""
    lines: list[tuple[int, str]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if re.match(r"[TEARMN#*]\d*\t", line) or not lines:
            lines.append((number, line))
        else:
            first, before = lines[-1]
            lines[-1] = (first, f"{before}\n{line}")
    return [(number, line.rstrip("\n")) for number, line in lines if line.strip()]


def _parse_entity(line: str, raw: str) -> tuple[str, _Entity]:
    fields = line.split("\t", 2)
    label, _, offsets = fields[1].partition(" ")
    try:
        spans = [Span(*map(int, part.split())) for part in offsets.split(";")]
        words = fields[2]
    except (ValueError, TypeError, IndexError):
        raise DataError(
            f"entity {line[:40]!r} cannot be read; accepted: ID, tab, label and offsets "
            "(start end;start end), tab, words"
        ) from None
    for span in spans:
        if not 0 <= span.start < span.end <= len(raw):
            raise DataError(
                f"entity {fields[0]} has span {list(span)}, but the text ends at {len(raw)}; "
                "spans are [start, end) with 0 <= start < end"
            )
    covered = " ".join(span.of(raw) for span in spans)
    if covered.split() != words.split():
        raise DataError(
            f"entity {fields[0]} covers {covered[:40]!r} but is stored as {words[:40]!r}; the "
            "text is not the one that was annotated: download the part again"
        )
    return fields[0], _Entity(label, tuple(spans))


def _parse_event(roles: str, entities: Mapping[str, _Entity]) -> dict[str, Sequence[Span]] | str:
    """Spans by role, or the reason to leave the event out."""
    spans: dict[str, list[Span]] = {"source": [], "cue": [], "content": []}
    for part in roles.split():
        found = _ROLE.fullmatch(part)
        if found is None:
            raise DataError(f"role {part!r}; accepted: Source, Cue, Content or Attribution:ID")
        role, key = found.groups()
        if key not in entities:
            raise DataError(f"role {part!r} names an entity that is not in the file")
        if role.startswith("Attribution"):
            continue
        if entities[key].label != role:
            return f"its {role} is labelled {entities[key].label}"
        spans[role.lower()] += entities[key].spans
    if missing := [role for role in ("cue", "content") if not spans[role]]:
        return f"it has no {' and no '.join(missing)}"
    return dict(spans)


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")  # as is: offsets count every character
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8 ({error.reason} at byte {error.start})") from error
