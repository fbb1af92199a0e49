"""Units as token ids: one input that says what each stretch of it is.

The order is that of a form filled in: target, speaker, description, kind; then the passage of the
article with quote, cue and mentions of the speaker set off; then what else the speaker says. What
is too long is cut where it is farthest from what matters.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from framing.errors import DataError
from framing.models.training_config import FineTuning
from framing.models.units import Unit

__all__ = ["MarkedInput", "MarkedInputs"]

# What stands before and after a part. The signs are words to every encoder; the numbers are those
# of "[unused1]", "[unused2]" ..., which a BERT's vocabulary keeps free.
_SIGNS: Mapping[str, tuple[str, str]] = {
    "target": ("target:", "."),
    "speaker": ("speaker:", ""),
    "description": (",", ""),
    "kind": ("(", ")"),
    "quote": ("<<", ">>"),
    "cue": ("*", "*"),
    "mention": ("{", "}"),
    "others": ("also said:", ""),
}
_LONGEST = {"target": 32, "speaker": 24, "description": 32, "kind": 4}
_HEADER = tuple(_LONGEST)
_QUOTE_OF_SPEAKER = 24  # tokens of each quote, where the question is who the speaker is
_OTHERS, _OTHER, _ALL_OTHERS = 4, 24, 64  # other quotes of the speaker, tokens of each, of all


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class MarkedInput:
    """One unit, ready for the encoder.

    Attributes:
        ids: Token ids.
        focus: 1 where a token belongs to what is judged: the quote, or the speaker's name,
            description and mentions; as long as `ids`.
    """

    ids: tuple[int, ...]
    focus: tuple[int, ...]


class MarkedInputs:
    """Makes inputs of units, for one tokenizer and one config.

    Attributes:
        pad: Id of the token that fills up a batch.
        mask: Id of the token that stands for a hidden one.
        positions: Tokens that the encoder can tell apart.

    Args:
        tokenizer: Of the encoder.
        config: Decides on parts, markers and length.
        positions: Tokens that the encoder can tell apart.

    Raises:
        DataError: The vocabulary has no unused tokens, and the config asks for them; or inputs
            would be longer than the encoder's positions.
    """

    def __init__(self, tokenizer: Any, config: FineTuning, *, positions: int) -> None:
        if config.max_length > positions:
            raise DataError(
                f"training config: max_length is {config.max_length}, but the encoder has "
                f"{positions} positions; give at most that"
            )
        self.pad = int(tokenizer.pad_token_id)
        stand_ins = (tokenizer.mask_token_id, tokenizer.unk_token_id, tokenizer.pad_token_id)
        self.mask = int(next(token for token in stand_ins if token is not None))
        self.positions = positions
        self._tokenizer = tokenizer
        self._parts = frozenset(config.parts)
        self._max_length = config.max_length
        first, last = tokenizer.cls_token_id, tokenizer.sep_token_id
        self._ends = (
            [tokenizer.bos_token_id if first is None else first],
            [tokenizer.eos_token_id if last is None else last],
        )
        self._marks = _unused(tokenizer) if config.markers == "unused" else self._signs()

    def encode(self, units: Sequence[Unit], kind: str) -> list[MarkedInput]:
        """One input for each unit.

        Args:
            units: Of one variable.
            kind: What they are, "quote" or "speaker".
        """
        texts = list(
            dict.fromkeys(
                text
                for unit in units
                for text in (
                    *_header(unit).values(),
                    *(piece.text for piece in unit.pieces),
                    *(other.quote for other in _nearest(unit)),
                )
            )
        )
        tokens = dict(zip(texts, self._tokenize(texts), strict=True))
        return [self._encode(unit, tokens, of_speaker=kind == "speaker") for unit in units]

    def _encode(
        self, unit: Unit, tokens: Mapping[str, list[int]], *, of_speaker: bool
    ) -> MarkedInput:
        ids, focus = list(self._ends[0]), [0]
        for part, text in _header(unit).items():
            if part in self._parts and text:
                judged = of_speaker and part in ("speaker", "description")
                self._add(ids, focus, part, tokens[text][: _LONGEST[part]], judged=judged)
        ids, focus = ids[: self._max_length // 2], focus[: self._max_length // 2]
        ids += self._ends[1]
        focus.append(0)
        also = self._others(unit, tokens, at_most=(self._max_length - len(ids)) // 2)
        left = self._max_length - len(ids) - len(also) - 1
        body = self._passage(unit, tokens, left, of_speaker=of_speaker)
        tail = [*self._ends[1], *also]
        return MarkedInput(ids=(*ids, *body[0], *tail), focus=(*focus, *body[1], *[0] * len(tail)))

    def _others(self, unit: Unit, tokens: Mapping[str, list[int]], *, at_most: int) -> list[int]:
        if "others" not in self._parts or not unit.others:
            return []
        opening, closing = self._marks["others"]
        room = min(_ALL_OTHERS, at_most - len(opening) - len(closing) - 1)
        said = [token for other in _nearest(unit) for token in tokens[other.quote][:_OTHER]]
        words = said[: max(0, room)]
        return [*opening, *words, *closing, *self._ends[1]] if words else []

    def _passage(
        self, unit: Unit, tokens: Mapping[str, list[int]], left: int, *, of_speaker: bool
    ) -> tuple[list[int], list[int]]:
        """Sentences, then as much of those before and after as there is room for.

        Sentences that are too long themselves lose their first words, up to what is judged, then
        their last.
        """
        ids: list[int] = []
        focus: list[int] = []
        around: dict[str, list[int]] = {"before": [], "after": []}
        first, last = -1, 0  # of what is judged, with its marks
        for piece in unit.pieces:
            part = piece.part
            if part not in (*self._parts, "gap"):
                continue
            words = tokens[piece.text]
            if part in around:
                around[part] += words
            elif part in _SIGNS:
                if of_speaker and part == "quote":
                    words = words[:_QUOTE_OF_SPEAKER]
                judged = part == ("mention" if of_speaker else "quote")
                first = len(ids) if judged and first < 0 else first
                self._add(ids, focus, part, words, judged=judged)
                last = len(ids) if judged else last
            else:
                ids += words
                focus += [0] * len(words)
        start = max(0, min(first, last - left))
        ids, focus = ids[start : start + left], focus[start : start + left]
        room = left - len(ids)
        before = around["before"][-room:] if room else []
        after = around["after"][: room - len(before)]
        return [*before, *ids, *after], [0] * len(before) + focus + [0] * len(after)

    def _add(
        self, ids: list[int], focus: list[int], part: str, words: list[int], *, judged: bool
    ) -> None:
        opening, closing = self._marks[part]
        ids += [*opening, *words, *closing]
        focus += [0] * len(opening) + [int(judged)] * len(words) + [0] * len(closing)

    def _tokenize(self, texts: list[str]) -> list[list[int]]:
        if not texts:
            return []
        encoded = self._tokenizer(texts, add_special_tokens=False, verbose=False)
        return [list(ids) for ids in encoded["input_ids"]]

    def _signs(self) -> dict[str, tuple[list[int], list[int]]]:
        opening = self._tokenize([signs[0] for signs in _SIGNS.values()])
        closing = self._tokenize([signs[1] for signs in _SIGNS.values()])
        return dict(zip(_SIGNS, zip(opening, closing, strict=True), strict=True))


def _unused(tokenizer: Any) -> dict[str, tuple[list[int], list[int]]]:
    names = [f"[unused{n}]" for n in range(1, 2 * len(_SIGNS) + 1)]
    ids = tokenizer.convert_tokens_to_ids(names)
    if any(i is None or i == tokenizer.unk_token_id for i in ids):
        raise DataError(
            'training config: markers is "unused", but the encoder\'s vocabulary has no '
            f"{names[0]} to {names[-1]}; accepted for it: words"
        )
    return {part: ([ids[2 * n]], [ids[2 * n + 1]]) for n, part in enumerate(_SIGNS)}


def _nearest(unit: Unit) -> list[Unit]:
    """Other quotes of the speaker, of two at one distance the one before first."""
    near = sorted(unit.others, key=lambda other: (abs(other.place - unit.place), other.place))
    return near[:_OTHERS]


def _header(unit: Unit) -> dict[str, str]:
    texts = {
        "target": unit.target,
        "speaker": unit.speaker,
        "description": unit.description,
        "kind": unit.kind,
    }
    return {part: texts[part] for part in _HEADER}
