"""What is known of each unit: probabilities from labels and predictions, ready to draw from."""

import dataclasses
import datetime
import itertools
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from framing.balance.definitions import quote_variable, speaker_variable
from framing.codebook import Codebook, Variable
from framing.errors import DataError
from framing.records import Label, Placement, Prediction, Quote, QuoteKind, Speaker

__all__ = ["ADJUDICATED", "CodedArticle", "code_article", "latest_labels", "unit_probabilities"]

ADJUDICATED = "adjudicated"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CodedArticle:
    """The quotes of one article as arrays, sorted by quote id, so that input order is no matter.

    N quotes, U voices (speakers with a quote, then each quote without a speaker as a voice of its
    own), K categories of the quote variable, L of the speaker variable (0 where there is none).

    Attributes:
        stance: Probabilities (N, K).
        role: Probabilities (U, L).
        stance_sd: How far the article may deviate from them, in log odds (N,); of no effect on
            what is labelled.
        role_sd: Likewise (U,).
        voice: Which voice gives each quote (N,).
        named: Whether the article names the voice (U,).
        words: Words of each quote (N,).
        position: Where each starts (N,).
        in_lead: Whether it starts in the lead (N,).
        kinds: Kind of each (N,).
        confirmed: Whether somebody labelled its quote variable, hence read it as a quote (N,).
    """

    stance: NDArray[np.float64]
    role: NDArray[np.float64]
    stance_sd: NDArray[np.float64]
    role_sd: NDArray[np.float64]
    voice: NDArray[np.int64]
    named: NDArray[np.bool_]
    words: NDArray[np.float64]
    position: NDArray[np.float64]
    in_lead: NDArray[np.bool_]
    kinds: tuple[QuoteKind, ...]
    confirmed: NDArray[np.bool_]


def code_article(
    *,
    article_id: str,
    quotes: Sequence[Quote],
    speakers: Sequence[Speaker],
    placements: Iterable[Placement],
    predictions: Iterable[Prediction],
    labels: Iterable[Label],
    codebook: Codebook,
) -> CodedArticle:
    """Join what is known of an article's quotes.

    A label outranks predictions (probability one). A quote without a speaker is a voice of its
    own with the role variable's default category, unnamed: nothing says that two of them are the
    same voice. Speakers without a quote do not speak and are left out.

    Raises:
        DataError: A quote or speaker has neither label nor prediction, a placement is missing,
            an id is used twice, a record belongs to another article or another codebook.
    """
    where = f"article {article_id!r}"
    quotes = sorted(quotes, key=lambda quote: quote.id)
    by_id = {speaker.id: speaker for speaker in speakers}
    _check_ids([quote.id for quote in quotes], f"{where}: quote")
    _check_ids([speaker.id for speaker in speakers], f"{where}: speaker")
    owners = [(record.id, record.article_id) for record in quotes]
    owners += [(record.id, record.article_id) for record in speakers]
    for one, owner in owners:
        if owner != article_id:
            raise DataError(f"{where}: {one!r} belongs to article {owner!r}; leave it out")
    for quote in quotes:
        if quote.speaker_id is not None and quote.speaker_id not in by_id:
            raise DataError(
                f"{where}: quote {quote.id!r} names speaker {quote.speaker_id!r}, who is not "
                "among the speakers; add the speaker or set speaker_id to null"
            )
    placed = {placement.quote_id: placement for placement in placements}
    for quote in quotes:
        if quote.id not in placed:
            raise DataError(f"{where}: quote {quote.id!r} has no placement; place every quote")
    predictions, labels = tuple(predictions), tuple(labels)
    stance, role = quote_variable(codebook), speaker_variable(codebook)
    known = sorted({quote.speaker_id for quote in quotes if quote.speaker_id is not None})
    index = {speaker_id: n for n, speaker_id in enumerate(known)}
    unknown = itertools.count(len(known))
    voice = [next(unknown) if q.speaker_id is None else index[q.speaker_id] for q in quotes]
    n_voices = len(known) + sum(quote.speaker_id is None for quote in quotes)
    labelled = {label.unit_id for label in labels if label.variable == stance.name}
    places = [placed[quote.id] for quote in quotes]
    ids = [quote.id for quote in quotes]
    stances = unit_probabilities(ids, stance, predictions, labels, codebook, where)
    roles, role_sd = np.empty((n_voices, 0)), np.zeros(n_voices)
    if role is not None:
        rows = unit_probabilities(known, role, predictions, labels, codebook, where)
        roles = _with_default(rows, role, n_voices - len(known), where)
        role_sd[: len(known)] = _article_sds(known, role, predictions)
    return CodedArticle(
        stance=stances,
        role=roles,
        stance_sd=_article_sds(ids, stance, predictions),
        role_sd=role_sd,
        voice=np.array(voice, dtype=np.int64),
        named=np.array(
            [by_id[speaker_id].named for speaker_id in known] + [False] * (n_voices - len(known)),
            dtype=bool,
        ),
        words=np.array([place.n_words for place in places], dtype=float),
        position=np.array([place.position for place in places], dtype=float),
        in_lead=np.array([place.in_lead for place in places], dtype=bool),
        kinds=tuple(quote.kind for quote in quotes),
        confirmed=np.array([quote.id in labelled for quote in quotes], dtype=bool),
    )


def unit_probabilities(
    unit_ids: Sequence[str],
    variable: Variable,
    predictions: Iterable[Prediction],
    labels: Iterable[Label],
    codebook: Codebook,
    where: str,
) -> NDArray[np.float64]:
    """Probability of each category (columns) for each unit (rows); a label is probability one.

    Raises:
        DataError: A unit has neither, or two predictions; or one was made under another codebook.
    """
    units = set(unit_ids)
    given = latest_labels(labels, variable, units, codebook, where)
    predicted: dict[str, Prediction] = {}
    for prediction in predictions:
        if prediction.variable != variable.name or prediction.unit_id not in units:
            continue
        who = f"{where}: prediction of {variable.name} for {prediction.unit_id!r}"
        if prediction.unit_id in predicted:
            raise DataError(f"{who} stands twice; give those of one model")
        if prediction.categories != variable.names:
            raise DataError(
                f"{who}: categories are {', '.join(prediction.categories)}; "
                f"the codebook has {', '.join(variable.names)}"
            )
        _check_digest(prediction.codebook, codebook, who)
        predicted[prediction.unit_id] = prediction
    rows = np.zeros((len(unit_ids), len(variable.names)))
    for row, unit_id in zip(rows, unit_ids, strict=True):
        if unit_id in given:
            row[variable.names.index(given[unit_id])] = 1.0
        elif unit_id in predicted:
            row[:] = predicted[unit_id].probabilities
        else:
            raise DataError(
                f"{where}: {variable.unit} {unit_id!r} has no {variable.name}: neither a label "
                "nor a prediction; label it or predict again (framing predict)"
            )
    rows /= rows.sum(axis=1, keepdims=True)
    return rows


def _article_sds(
    unit_ids: Sequence[str], variable: Variable, predictions: Iterable[Prediction]
) -> NDArray[np.float64]:
    """`Prediction.article_sd` of each unit, 0 where there is none; a label's certainty stays."""
    given = {
        one.unit_id: one.article_sd or 0.0 for one in predictions if one.variable == variable.name
    }
    return np.array([given.get(unit_id, 0.0) for unit_id in unit_ids], dtype=float)


def latest_labels(
    labels: Iterable[Label], variable: Variable, units: set[str], codebook: Codebook, where: str
) -> Mapping[str, str]:
    """Category of each labelled unit: of several labels the adjudicated one, then the latest.

    A label without a time is older than any with one; of equal times the later one in the input
    counts. Times without a zone are UTC.

    Raises:
        DataError: A value is not a category, a time is not ISO 8601, or the codebook differs.
    """
    best: dict[str, tuple[bool, datetime.datetime]] = {}
    values: dict[str, str] = {}
    for label in labels:
        if label.variable != variable.name or label.unit_id not in units:
            continue
        who = f"{where}: label of {variable.name} for {label.unit_id!r} by {label.annotator!r}"
        if label.value not in variable.names:
            raise DataError(
                f"{who}: {label.value!r} is not a category; accepted: {', '.join(variable.names)}"
            )
        _check_digest(label.codebook, codebook, who)
        rank = (label.annotator == ADJUDICATED, _time(label.time, who))
        if label.unit_id not in best or rank >= best[label.unit_id]:
            best[label.unit_id] = rank
            values[label.unit_id] = label.value
    return values


def _with_default(
    rows: NDArray[np.float64], variable: Variable, n_unknown: int, where: str
) -> NDArray[np.float64]:
    """Add voices without a speaker record, whose category is the default."""
    if n_unknown and not variable.default:
        raise DataError(
            f"{where}: {n_unknown} quotes have no speaker and the codebook's {variable.name} has "
            "no default category; name one (default = ...) or give the quotes speakers"
        )
    extra = np.zeros((n_unknown, len(variable.names)))
    if n_unknown:
        extra[:, variable.names.index(variable.default)] = 1.0
    return np.concatenate([rows, extra])


def _time(text: str, who: str) -> datetime.datetime:
    if not text:
        return datetime.datetime.min.replace(tzinfo=datetime.UTC)
    try:
        time = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise DataError(f"{who}: time {text!r} is not ISO 8601 (2024-05-31T14:00:00Z)") from None
    return time if time.tzinfo else time.replace(tzinfo=datetime.UTC)


def _check_digest(digest: str, codebook: Codebook, who: str) -> None:
    if digest and digest != codebook.digest:
        raise DataError(
            f"{who} was given under codebook {digest}, not under {codebook.name!r} "
            f"({codebook.digest}); use one codebook for all"
        )


def _check_ids(ids: list[str], what: str) -> None:
    if len(set(ids)) < len(ids):
        twice = next(one for one in ids if ids.count(one) > 1)
        raise DataError(f"{what} {twice!r} stands twice; ids must differ")
