"""What a training may see of a folder, and what is to be learned of a unit."""

import json
import shutil
from pathlib import Path

import pytest

from framing.codebook import Codebook
from framing.errors import DataError
from framing.models.labelled_units import read_coded_units, read_training_data, target_shares
from framing.records import Label


def _labels(*given: tuple[str, str]) -> list[Label]:
    return [Label(unit_id="u", variable="v", value=value, annotator=who) for value, who in given]


def test_the_adjudicated_value_outranks_and_coders_count_alike() -> None:
    names = ("yes", "no", "both")
    assert target_shares(_labels(("yes", "a")), names).tolist() == [1, 0, 0]
    assert target_shares(_labels(("yes", "a"), ("no", "b")), names).tolist() == [0.5, 0.5, 0]
    assert target_shares(_labels(("no", "a"), ("no", "b")), names).tolist() == [0, 1, 0]
    settled = _labels(("yes", "a"), ("no", "b"), ("both", "adjudicated"))
    assert target_shares(settled, names).tolist() == [0, 0, 1]
    with pytest.raises(DataError, match="'u' is labelled no and yes, both adjudicated; keep one"):
        target_shares(_labels(("yes", "adjudicated"), ("no", "adjudicated")), names)


def test_the_test_part_is_never_read(split_folder: Path, tiny_codebook: Codebook) -> None:
    variables = [tiny_codebook.variable(name) for name in ("role", "stance")]
    data = read_training_data(split_folder, variables, codebook=tiny_codebook)
    assert data.validation is not None
    for part, ids in ((data.train, range(30)), (data.validation, range(30, 36))):
        for examples in part.values():
            assert {unit.article_id for unit in examples.units} == {f"a{n}" for n in ids}
    assert (data.n_articles, data.n_invented, data.split) == (36, 36, "split")


def test_without_parts_everything_is_for_training(
    many_coded_folder: Path, tiny_codebook: Codebook
) -> None:
    data = read_training_data(
        many_coded_folder, [tiny_codebook.variable("stance")], codebook=tiny_codebook
    )
    assert data.validation is None
    assert (len(data.train["stance"].units), data.split) == (60, "")


def test_a_column_that_names_no_parts_is_refused(
    split_folder: Path, tiny_codebook: Codebook
) -> None:
    with pytest.raises(DataError) as refused:
        read_training_data(
            split_folder, [tiny_codebook.variable("role")], codebook=tiny_codebook, split="years"
        )
    assert "no article has 'years': \"train\" in its group; columns there: invented, split" in str(
        refused.value
    )


def test_where_coders_differ_shares_are_learned_and_nothing_is_scored(
    split_folder: Path, tiny_codebook: Codebook, tmp_path: Path
) -> None:
    shutil.copytree(split_folder, tmp_path / "coded")
    path = tmp_path / "coded" / "labels.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    mine = [line for line in lines if line["unit_id"] == "a0-q0"]
    assert len(mine) == 1
    mine[0]["annotator"] = "one"
    lines.append({**mine[0], "annotator": "two", "value": "against_it"})
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    stance = tiny_codebook.variable("stance")
    data = read_training_data(tmp_path / "coded", [stance], codebook=tiny_codebook)
    assert data.train["stance"].targets[0].tolist() == [0.5, 0.5]
    assert data.train["stance"].settled.tolist() == [False] + [True] * 59
    with pytest.raises(DataError, match="'a0-q0' is labelled against_it and for_it; add one label"):
        read_coded_units(tmp_path / "coded", stance, codebook=tiny_codebook)


def test_two_quotes_of_one_id_are_refused(
    split_folder: Path, tiny_codebook: Codebook, tmp_path: Path
) -> None:
    shutil.copytree(split_folder, tmp_path / "coded")
    path = tmp_path / "coded" / "quotes.jsonl"
    path.write_text(path.read_text("utf-8").replace('"a1-q0"', '"a0-q0"'), encoding="utf-8")
    labels = tmp_path / "coded" / "labels.jsonl"
    labels.write_text(labels.read_text("utf-8").replace('"a1-q0"', '"a0-q0"'), encoding="utf-8")
    with pytest.raises(DataError, match="2 times quote or speaker 'a0-q0'; each needs an id"):
        read_training_data(
            tmp_path / "coded", [tiny_codebook.variable("stance")], codebook=tiny_codebook
        )


def test_the_headline_can_stand_in(split_folder: Path, tiny_codebook: Codebook) -> None:
    stance = tiny_codebook.variable("stance")
    _, units, _, _ = read_coded_units(split_folder, stance, codebook=tiny_codebook)
    assert {unit.target for unit in units} == {"the dam"}
    with pytest.raises(DataError, match="neither a target nor a title"):
        read_coded_units(split_folder, stance, codebook=tiny_codebook, headline=True)
