"""Scores of extracted quotes against coded ones: found or not, and whose.

A coded quote is found when a predicted one shares at least half of the union of their words.
Whether the speaker is right is judged by name, since coders write names and not spans.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal

from framing.metrics.spans import Counts, pair_best_first
from framing.records import Quote, QuoteKind, Span, Speaker

__all__ = ["count_found_quotes", "is_same_speaker", "judge_speaker", "match_quotes"]

_WORD = re.compile(r"\w+")
_NOT_IN_NAMES = re.compile(r"[^\w ]")
# Words of names that tell nobody apart: articles, titles, links, country.
_EMPTY_WORDS = frozenset({
    "the", "a", "an", "mr", "mrs", "ms", "dr", "gen", "general", "president", "of", "said",
    "secretary", "sen", "rep", "and", "us", "u", "s",
})  # fmt: skip
_SAME_NAME = 0.5


def match_quotes(
    text: str,
    gold: Sequence[Sequence[Span]],
    predicted: Sequence[Sequence[Span]],
    *,
    min_share: float = 0.5,
) -> tuple[tuple[int, int], ...]:
    r"""Pair coded with predicted contents of one article, one to one, the best pair first.

    Args:
        text: The article's text, which spans refer to.
        gold: Content of each coded quote.
        predicted: Content of each predicted quote.
        min_share: Least share of words in common, |G ∩ P| / |G ∪ P|, in (0, 1]. Words are
            runs of `\w`, counted when they lie wholly in one span.

    Returns:
        Pairs of (index in gold, index in predicted), in the order of gold. Of equally good
        pairs the later one goes first.
    """
    words = [match.span() for match in _WORD.finditer(text)]
    one, other = ([_words_in(words, content) for content in side] for side in (gold, predicted))
    shares = {
        (i, j): len(g & p) / len(g | p)
        for i, g in enumerate(one)
        for j, p in enumerate(other)
        if g & p
    }
    return pair_best_first({pair: s for pair, s in shares.items() if s >= min_share})


def count_found_quotes(
    gold: Sequence[QuoteKind],
    predicted: Sequence[QuoteKind],
    pairs: Iterable[tuple[int, int]],
    kinds: Collection[QuoteKind] = ("direct", "mixed", "indirect"),
) -> Counts:
    """Count found quotes of some kinds in one article.

    Args:
        gold: Kind of each coded quote.
        predicted: Kind of each predicted quote.
        pairs: From `match_quotes`.
        kinds: Which to count: precision is over the quotes that are predicted to be of these
            kinds, recall over those that are coded so, whatever the kind of their partner.
    """
    matched = list(pairs)
    found, hits = {i for i, _ in matched}, {j for _, j in matched}
    return Counts(
        predicted=sum(kind in kinds for kind in predicted),
        correct=sum(kind in kinds and j in hits for j, kind in enumerate(predicted)),
        gold=sum(kind in kinds for kind in gold),
        recalled=sum(kind in kinds and i in found for i, kind in enumerate(gold)),
    )


def judge_speaker(
    quote: Quote, speakers: Mapping[str, Speaker], accepted: Iterable[str]
) -> Literal["right", "wrong", "unknown"]:
    """Whether the predicted speaker of a found quote is the coded one.

    A person is judged by name; an organisation, group or unnamed speaker by name and description
    together. "unknown" when the extractor names nobody.

    Args:
        quote: A predicted quote.
        speakers: Predicted speakers by id.
        accepted: Names and descriptions of the coded speaker.
    """
    speaker = speakers.get(quote.speaker_id or "")
    if speaker is None:
        return "unknown"
    shown = speaker.name
    if speaker.kind != "person":
        shown = f"{speaker.name} {speaker.description}"
    return "right" if is_same_speaker(shown, accepted) else "wrong"


def is_same_speaker(name: str, accepted: Iterable[str]) -> bool:
    """Whether a name agrees with one of several accepted ones.

    Compared as sets of words, lower case, without titles and the like; what is no letter or
    digit parts words, an accent too (on both sides alike). They agree when the last word of the
    accepted one (a surname, a head noun) occurs in the name, or when they share at least half
    of the union of their words. A name of nothing but titles agrees with none.
    """
    words = set(_name_words(name))
    for other in map(_name_words, accepted):
        if not words or not other:
            continue
        shared = len(words & set(other)) / len(words | set(other))
        if other[-1] in words or shared >= _SAME_NAME:
            return True
    return False


def _words_in(words: Sequence[tuple[int, int]], spans: Iterable[Span]) -> frozenset[int]:
    content = list(spans)
    return frozenset(
        i
        for i, (start, end) in enumerate(words)
        if any(first <= start and end <= last for first, last in content)
    )


def _name_words(name: str) -> list[str]:
    plain = _NOT_IN_NAMES.sub(" ", unicodedata.normalize("NFKD", name).lower())
    return [word for word in plain.split() if word not in _EMPTY_WORDS]
