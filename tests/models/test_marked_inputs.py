"""Units as marked token ids."""

import dataclasses
from pathlib import Path

import pytest

from framing.errors import DataError
from framing.models.encoders import Encoder
from framing.models.marked_inputs import MarkedInput, MarkedInputs
from framing.models.training_config import PARTS, FineTuning
from framing.models.units import Piece, Unit

OTHER = Unit(
    id="r",
    variable="stance",
    article_id="a",
    article_sha256="0",
    target="the dam",
    speaker="rosa finch",
    description="a farmer",
    quote="nobody finch",
    context="",
    kind="direct",
    named=True,
    place=5,
)
UNIT = dataclasses.replace(
    OTHER,
    id="q",
    quote="it is a mistake",
    place=3,
    others=(OTHER,),
    pieces=(
        Piece("nobody here", "before"),
        Piece(" building it,", "sentence"),
        Piece("it is a mistake", "quote"),
        Piece(" they", "mention"),
        Piece(" must", "cue"),
        Piece(".", "sentence"),
        Piece(" the dam works", "after"),
    ),
)


def _inputs(encoder: Encoder, config: FineTuning) -> MarkedInputs:
    return MarkedInputs(encoder.tokenizer, config, positions=512)


def _shown(encoder: Encoder, one: MarkedInput) -> str:
    return str(encoder.tokenizer.decode(list(one.ids)))


def _focus(encoder: Encoder, one: MarkedInput) -> str:
    judged = [i for i, is_judged in zip(one.ids, one.focus, strict=True) if is_judged]
    return str(encoder.tokenizer.decode(judged))


def test_a_quote_is_set_off_in_its_passage(tiny_encoder: Encoder) -> None:
    (one,) = _inputs(tiny_encoder, FineTuning()).encode([UNIT], "quote")
    shown = _shown(tiny_encoder, one)
    assert shown.startswith("[CLS]")
    assert shown.count("[SEP]") == 3
    assert shown.index("the dam") < shown.index("rosa finch") < shown.index("a farmer")
    assert shown.index("nobody here") < shown.index("building it") < shown.index("it is a mistake")
    assert shown.index("must") < shown.index("works")
    assert _focus(tiny_encoder, one) == "it is a mistake"
    assert len(one.ids) == len(one.focus)


def test_of_a_speaker_name_description_and_mentions_are_judged(tiny_encoder: Encoder) -> None:
    (one,) = _inputs(tiny_encoder, FineTuning()).encode([UNIT], "speaker")
    assert _focus(tiny_encoder, one) == "rosa finch a farmer they"


@pytest.mark.parametrize("part", PARTS)
def test_each_part_can_be_left_out(part: str, tiny_encoder: Encoder) -> None:
    words = {
        "target": "the dam .", "speaker": "rosa finch", "description": "a farmer",
        "kind": "d ##i ##r ##e", "quote": "it is a mistake", "cue": "must",
        "mention": "they", "sentence": "building it", "before": "nobody here", "after": "works",
        "others": "nobody finch",
    }[part]  # fmt: skip

    def tokens(parts: tuple[str, ...]) -> str:
        (one,) = _inputs(tiny_encoder, FineTuning(parts=parts)).encode([UNIT], "quote")
        return " ".join(tiny_encoder.tokenizer.convert_ids_to_tokens(list(one.ids)))

    assert words in tokens(PARTS)
    assert words not in tokens(tuple(name for name in PARTS if name != part))


def test_what_is_too_long_is_cut_farthest_from_the_quote(tiny_encoder: Encoder) -> None:
    around = dataclasses.replace(
        UNIT,
        pieces=(
            Piece("the mistake " * 40 + "nobody here", "before"),
            Piece("it is a mistake", "quote"),
            Piece("works " + "the mistake " * 40, "after"),
        ),
    )
    inputs = _inputs(tiny_encoder, FineTuning(max_length=64, parts=("quote", "before", "after")))
    (one,) = inputs.encode([around], "quote")
    assert len(one.ids) == 64
    assert "nobody here" in _shown(tiny_encoder, one)
    assert _focus(tiny_encoder, one) == "it is a mistake"
    endless = dataclasses.replace(UNIT, pieces=(Piece("the mistake " * 90, "quote"),))
    (one,) = inputs.encode([endless], "quote")
    assert len(one.ids) == 64


def test_a_long_sentence_before_the_quote_does_not_push_it_out(tiny_encoder: Encoder) -> None:
    late = dataclasses.replace(
        UNIT,
        pieces=(
            Piece("the mistake " * 40 + "nobody here", "sentence"),
            Piece("it is a mistake", "quote"),
            Piece(" works", "sentence"),
        ),
    )
    inputs = _inputs(tiny_encoder, FineTuning(max_length=40, parts=("quote", "sentence")))
    (one,) = inputs.encode([late], "quote")
    assert len(one.ids) == 40
    assert _focus(tiny_encoder, one) == "it is a mistake"
    assert "nobody here" in _shown(tiny_encoder, one)
    # A quote that is too long itself is read from its beginning, marks and all.
    endless = dataclasses.replace(
        UNIT, pieces=(Piece("nobody here", "sentence"), Piece("the mistake " * 90, "quote"))
    )
    (one,) = inputs.encode([endless], "quote")
    mark = tiny_encoder.tokenizer("<<", add_special_tokens=False)["input_ids"]
    assert list(one.ids[2 : 2 + len(mark)]) == mark
    assert one.focus == (0,) * (2 + len(mark)) + (1,) * (40 - 3 - len(mark)) + (0,)


def test_a_unit_with_nothing_to_read_has_an_input(tiny_encoder: Encoder) -> None:
    empty = dataclasses.replace(
        UNIT, target="", speaker="", description="", kind="", pieces=(), others=()
    )
    (one,) = _inputs(tiny_encoder, FineTuning()).encode([empty], "speaker")
    assert _shown(tiny_encoder, one).split() == ["[CLS]", "[SEP]", "[SEP]"]
    assert _inputs(tiny_encoder, FineTuning()).encode([], "quote") == []


def test_a_vocabulary_without_unused_tokens_and_too_few_positions_are_refused(
    tiny_encoder: Encoder,
) -> None:
    with pytest.raises(DataError, match=r"vocabulary has no \[unused1\] to \[unused16\]; accepted"):
        _inputs(tiny_encoder, FineTuning(markers="unused"))
    with pytest.raises(DataError, match="max_length is 192, but the encoder has 128 positions"):
        MarkedInputs(tiny_encoder.tokenizer, FineTuning(), positions=128)


@pytest.mark.slow
def test_the_default_encoder_has_unused_tokens() -> None:
    from framing.models.encoders import load_encoder

    encoder = load_encoder(dtype="float32")
    (one,) = _inputs(encoder, FineTuning(markers="unused")).encode([UNIT], "quote")
    assert "[unused9] it is a mistake [unused10]" in _shown(encoder, one)
    assert Path(encoder.files.folder).is_dir()


def test_of_the_other_quotes_the_nearest_are_read(tiny_encoder: Encoder) -> None:
    far, near, before, last = (
        dataclasses.replace(OTHER, id=str(place), place=place, quote=words)
        for place, words in ((0, "nobody"), (4, "works"), (2, "mistake"), (9, "must " * 90))
    )
    more = dataclasses.replace(OTHER, id="more", place=30, quote="building")
    unit = dataclasses.replace(UNIT, pieces=(), others=(far, before, near, last, more))
    (one,) = _inputs(tiny_encoder, FineTuning()).encode([unit], "quote")
    tail = _shown(tiny_encoder, one).split("[SEP]")[2]
    # Distances from place 3: 1 (before ahead of after), 1, 3, 6; the fifth is not read, and of the
    # fourth 24 tokens.
    assert tail.split()[-27:] == ["mistake", "works", "nobody", *["must"] * 24]
