"""The vocabulary: small immutable records that every room takes and gives.

Offsets are half-open code points into `Article.text`. A record checks itself when it is made,
so a record that exists is well formed; what needs a second record to check (does a span lie in
its article?) is checked by `check_extraction`.
"""

import dataclasses
import datetime
import hashlib
import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from framing.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Article",
    "ArticleBalance",
    "BalanceValue",
    "Basis",
    "Exclusion",
    "Extraction",
    "Label",
    "Placement",
    "Prediction",
    "Quote",
    "QuoteKind",
    "Span",
    "Speaker",
    "SpeakerKind",
    "check_extraction",
    "to_frame",
]

QuoteKind = Literal["direct", "mixed", "indirect"]
SpeakerKind = Literal["person", "organisation", "group", "unnamed"]
Basis = Literal["new", "out_of_fold", "training"]

MAX_ARTICLE_SD = 2.5  # the end of what is looked for (framing.metrics.article_effect)


class Span(NamedTuple):
    """Half-open range of code points `[start, end)` into an article's text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The characters of `text` that the span covers."""
        return text[self.start : self.end]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One news article; `text` is canonical (see `framing.articles.canonical_text`).

    Attributes:
        id: Unique in a run.
        text: Body without the title; never edited after reading.
        title: Headline, or "".
        outlet: Who published it, or "".
        date: Day of publication, or None.
        url: Where it was published, or "".
        target: The focal action that stance is measured toward, or "" (then the headline
            stands in for it).
        lang: ISO 639-1 code.
        group: Further columns to compare by, such as `{"lean": "left"}`.
    """

    id: str
    text: str
    title: str = ""
    outlet: str = ""
    date: datetime.date | None = None
    url: str = ""
    target: str = ""
    lang: str = "en"
    group: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_id("article", self.id)
        if not self.text.strip():
            raise DataError(f"article {self.id!r}: the text is empty; leave the article out")
        if isinstance(self.date, datetime.datetime):  # is a date to Python, but not a day
            raise DataError(
                f"article {self.id!r}: date is {self.date!r}; it takes a day (datetime.date)"
            )

    @property
    def sha256(self) -> str:
        """Hex digest of the text in UTF-8, by which copies of one text are recognised."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def stance_target(self) -> str:
        """What stance is measured toward: the target, else the headline."""
        return self.target or self.title


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One stretch of reported speech, attributed to one source.

    Attributes:
        id: Unique in a run.
        article_id: The article that reports it.
        kind: All of the content in quotation marks, some of it, or none.
        content: Parts of what is said, in text order, not overlapping; more than one where the
            attribution interrupts it. Quotation marks of direct speech are part of it.
        cue: The words that report it ("said", "according to"), or None.
        source: The mention of the speaker in that sentence, or None.
        speaker_id: The speaker over the whole article, or None when unknown.
        reason: Why the speaker is unknown; "" when known.
    """

    id: str
    article_id: str
    kind: QuoteKind
    content: tuple[Span, ...]
    cue: Span | None = None
    source: Span | None = None
    speaker_id: str | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        _check_id("quote", self.id)
        _check_one_of("quote", self.id, "kind", self.kind, get_args(QuoteKind))
        if not self.content:
            raise DataError(f"quote {self.id!r}: content has no span; give at least one")
        _check_spans("quote", self.id, "content", self.content)
        for field in ("cue", "source"):
            span = getattr(self, field)
            if span is not None:
                _check_spans("quote", self.id, field, (span,))

    def text(self, article_text: str) -> str:
        """The content as one string, its parts joined by a space."""
        return " ".join(span.of(article_text) for span in self.content)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Somebody who is quoted, resolved over one article.

    Attributes:
        id: Unique in a run.
        article_id: The article they speak in.
        name: The fullest name used anywhere in the article; the fullest description where no
            name is given.
        description: The words of the article that present the speaker ("a retired general").
        mentions: Where the article names them, in text order.
        kind: person, organisation, group (several unnamed people) or unnamed (one of them).
        named: Whether the article gives a name.
    """

    id: str
    article_id: str
    name: str
    description: str = ""
    mentions: tuple[Span, ...] = ()
    kind: SpeakerKind = "person"
    named: bool = True

    def __post_init__(self) -> None:
        _check_id("speaker", self.id)
        _check_one_of("speaker", self.id, "kind", self.kind, get_args(SpeakerKind))
        _check_spans("speaker", self.id, "mentions", self.mentions)
        if not self.name.strip():
            raise DataError(f"speaker {self.id!r}: the name is empty; give a name or description")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A category that somebody gave to a unit by reading.

    Attributes:
        unit_id: A quote's id (stance) or a speaker's id (role).
        variable: Name of the codebook's variable.
        value: One of its categories.
        annotator: Who gave it; gold is a label by "adjudicated".
        codebook: Digest of the codebook it was given under.
        time: ISO 8601 time, or "".
        note: The coder's remark, or "".
        probability: With which the unit was drawn for labeling, in (0, 1].
    """

    unit_id: str
    variable: str
    value: str
    annotator: str
    codebook: str = ""
    time: str = ""
    note: str = ""
    probability: float = 1.0

    def __post_init__(self) -> None:
        for field in ("unit_id", "variable", "value", "annotator"):
            if not getattr(self, field):
                raise DataError(f"label of {self.unit_id!r}: {field} is empty; fill it in")
        if not 0 < self.probability <= 1:
            raise DataError(
                f"label of {self.unit_id!r}: probability {self.probability} is not in (0, 1]"
            )


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """A model's probabilities for one unit and one variable.

    Attributes:
        unit_id: A quote's id (stance) or a speaker's id (role).
        variable: Name of the codebook's variable.
        model: Name of the model.
        codebook: Digest of the codebook it was trained under.
        categories: The variable's categories, in the codebook's order.
        probabilities: One for each category; they sum to 1.
        basis: "new" when the model never saw the article, "out_of_fold" when it was predicted by
            a fold that did not, "training" when it was trained on it (no corrected estimate
            accepts that).
        article_sd: How far all units of one article may deviate together from their
            probabilities, as a standard deviation in log odds
            (`framing.metrics.article_effect`); None where that was not measured.
    """

    unit_id: str
    variable: str
    model: str
    codebook: str
    categories: tuple[str, ...]
    probabilities: tuple[float, ...]
    basis: Basis = "new"
    article_sd: float | None = None

    def __post_init__(self) -> None:
        who = f"prediction of {self.variable} for {self.unit_id!r}"
        if not self.categories or len(self.categories) != len(self.probabilities):
            raise DataError(
                f"{who}: {len(self.probabilities)} probabilities for {len(self.categories)} "
                "categories; give one for each"
            )
        if any(not 0 <= p <= 1 for p in self.probabilities) or not math.isclose(
            sum(self.probabilities), 1, abs_tol=1e-4
        ):
            raise DataError(f"{who}: probabilities {self.probabilities} do not sum to 1")
        if self.article_sd is not None and not 0 <= self.article_sd <= MAX_ARTICLE_SD:
            raise DataError(
                f"{who}: article_sd is {self.article_sd}; it takes 0 to {MAX_ARTICLE_SD:g}"
            )
        _check_one_of("prediction", self.unit_id, "basis", self.basis, get_args(Basis))

    @property
    def value(self) -> str:
        """The most probable category; of equals, the first in the codebook's order."""
        return self.categories[self.probabilities.index(max(self.probabilities))]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """Something that was left out, counted and shown with its reason.

    Attributes:
        item: What it is: a file name, an article's id, the first words of a passage.
        reason: Why, and what would make it usable.
        stage: "articles", "quotes", "predictions" or "balance".
        article_id: The article it belongs to, or "".
        span: Where in that article, or None.
    """

    item: str
    reason: str
    stage: str
    article_id: str = ""
    span: Span | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What an extractor finds in one article; quotes and speakers are in text order."""

    article_id: str
    quotes: tuple[Quote, ...] = ()
    speakers: tuple[Speaker, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where a quote stands in its article and how long it is: all that balance knows of text.

    Attributes:
        quote_id: The quote.
        n_words: Words of its content.
        position: Start of its content as a share of the text, in [0, 1).
        in_lead: Whether its content starts in the first two paragraphs.
    """

    quote_id: str
    n_words: int
    position: float
    in_lead: bool


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class BalanceValue:
    """One index of one article: a row of `balance.csv`.

    Attributes:
        article_id: The article.
        index: Name of the index, such as "share_supportive" or "tilt".
        weight: What counts once: "quote", "word" or "speaker"; "" where it does not apply.
        value: The estimate, or None when excluded. Shares are in [0, 1].
        low: Lower end of the predictive interval, or None.
        high: Upper end, or None.
        level: Level of the interval, such as 0.9.
        naive: The same index from the most probable categories, or None where undefined.
        n: Number of units that it rests on.
        excluded_reason: Why there is no value; "" when there is one.
        as_found: Of a share: the estimate with quotes taken as found, so that `value` shows how
            far missed and spurious quotes move it; None where these are not corrected for.
        missed_none: Of a share by quote: the estimate if no missed quote were of the category.
        missed_all: The same if all of them were: the share can move no further.
    """

    article_id: str
    index: str
    weight: str
    value: float | None
    low: float | None
    high: float | None
    level: float
    naive: float | None
    n: int
    excluded_reason: str = ""
    as_found: float | None = None
    missed_none: float | None = None
    missed_all: float | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ArticleBalance:
    """All indices of one article.

    Attributes:
        article_id: The article.
        target: What stance was measured toward.
        target_is_title: Whether the headline stood in for a missing target.
        n_quotes: Quotes found.
        n_speakers: Speakers found.
        values: The indices.
        role_stance: Expected number of quotes for each role (rows) and stance (columns), as
            `(role, stance, count)`.
    """

    article_id: str
    target: str
    target_is_title: bool
    n_quotes: int
    n_speakers: int
    values: tuple[BalanceValue, ...] = ()
    role_stance: tuple[tuple[str, str, float], ...] = ()


def check_extraction(article: Article, extraction: Extraction) -> None:
    """Check that quotes and speakers fit the article and each other.

    Raises:
        DataError: A span leaves the text, contents of two quotes cross, an id is used twice, a
            record belongs to another article, or a quote's speaker is missing.
    """
    where = f"article {article.id!r}"
    speaker_ids = {speaker.id for speaker in extraction.speakers}
    if len(speaker_ids) < len(extraction.speakers):
        raise DataError(f"{where}: two speakers share one id; ids must differ")
    seen: set[str] = set()
    taken: list[tuple[Span, str]] = []
    for quote in extraction.quotes:
        if quote.id in seen:
            raise DataError(f"{where}: two quotes share the id {quote.id!r}; ids must differ")
        seen.add(quote.id)
        if quote.article_id != article.id:
            raise DataError(f"{where}: quote {quote.id!r} belongs to {quote.article_id!r}")
        if quote.speaker_id is not None and quote.speaker_id not in speaker_ids:
            raise DataError(
                f"{where}: quote {quote.id!r} names speaker {quote.speaker_id!r}, who is not "
                "among the speakers; add the speaker or set speaker_id to null"
            )
        for span in (*quote.content, *filter(None, (quote.cue, quote.source))):
            if span.end > len(article.text):
                raise DataError(
                    f"{where}: quote {quote.id!r} has span {list(span)} but the text ends at "
                    f"{len(article.text)}; offsets count code points of the canonical text"
                )
        taken += [(span, quote.id) for span in quote.content]
    taken.sort()
    for (before, one), (after, other) in itertools.pairwise(taken):
        if after.start < before.end:
            raise DataError(
                f"{where}: quotes {one!r} {list(before)} and {other!r} {list(after)} overlap"
            )
    for speaker in extraction.speakers:
        if speaker.article_id != article.id:
            raise DataError(f"{where}: speaker {speaker.id!r} belongs to {speaker.article_id!r}")
        for span in speaker.mentions:
            if span.end > len(article.text):
                raise DataError(
                    f"{where}: speaker {speaker.id!r} is mentioned at {list(span)} but the text "
                    f"ends at {len(article.text)}"
                )


def to_frame(records: Iterable[Any]) -> "pd.DataFrame":
    """Table with one row per record and one column per field.

    Args:
        records: Records of one kind. An empty input gives an empty table.
    """
    import pandas as pd

    rows = list(records)
    if not rows:
        return pd.DataFrame()
    names = [field.name for field in dataclasses.fields(rows[0])]
    return pd.DataFrame([[getattr(row, name) for name in names] for row in rows], columns=names)


def _check_id(what: str, value: str) -> None:
    if not value or value != value.strip() or any(c in value for c in "\n\t"):
        raise DataError(
            f"{what}: id {value!r} is empty or has blanks at its ends, tabs or line breaks"
        )


def _check_one_of(what: str, owner: str, field: str, value: str, accepted: Sequence[str]) -> None:
    if value not in accepted:
        raise DataError(f"{what} {owner!r}: {field} is {value!r}; accepted: {', '.join(accepted)}")


def _check_spans(what: str, owner: str, field: str, spans: Sequence[Span]) -> None:
    end = 0
    for span in spans:
        if not 0 <= span.start < span.end:
            raise DataError(
                f"{what} {owner!r}: {field} span {list(span)} is empty or negative; "
                "spans are [start, end) with 0 <= start < end"
            )
        if span.start < end:
            raise DataError(f"{what} {owner!r}: {field} spans overlap or are not in text order")
        end = span.end
