"""From a folder of coded articles to a model folder."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from framing.codebook import Codebook
from framing.errors import DataError
from framing.models import load_model, train_model
from framing.models.card import model_card
from framing.models.encoders import Encoder
from framing.models.training import TrainingReport, read_coded_units


def test_two_trainings_give_the_same_bytes(
    trained: TrainingReport,
    coded_folder: Path,
    tiny_codebook: Codebook,
    tiny_encoder: Encoder,
    tmp_path: Path,
) -> None:
    again = train_model(
        coded_folder,
        "stance",
        out=tmp_path,
        seed=7,
        codebook=tiny_codebook,
        encoder=tiny_encoder,
        command=json.loads((trained.folder / "model.json").read_text(encoding="utf-8"))["command"],
    )
    names = {file.name for file in again.files}
    assert names == {"model.safetensors", "model.json", "README.md"}
    for name in names:
        assert (tmp_path / name).read_bytes() == (trained.folder / name).read_bytes()


def test_what_a_training_says(trained: TrainingReport) -> None:
    assert (trained.n_articles, trained.n_units, trained.n_unlabelled) == (6, 12, 0)
    # As many for as against in every article, so that the other folds have no majority: the first
    # category is always said, F1 2·6 / (6 + 12) = 2/3, and 0 for the other.
    assert trained.baseline["macro_f1"] == pytest.approx(1 / 3, abs=1e-4)
    assert trained.baseline["accuracy"] == 0.5
    assert set(trained.scores) >= {"macro_f1", "accuracy", "ece", "log_loss", "brier"}
    assert "12 labelled units of 6 articles; cross-validated" in trained.caveats[0]
    assert "12 labelled units are few: below 500" in trained.caveats[1]
    assert "fewer than 10 units to learn from: for_it (6), against_it (6)" in trained.caveats[2]
    assert "6 of the 6 articles were written for this project" in trained.caveats[3]


def test_the_card_says_what_the_scores_are(trained: TrainingReport) -> None:
    stored = json.loads((trained.folder / "model.json").read_text(encoding="utf-8"))
    text = (trained.folder / "README.md").read_text(encoding="utf-8")
    assert text == model_card(stored)
    macro = stored["scores"]["macro_f1"]
    assert (
        f"| macro-F1 | {macro['value']:.3f} | {macro['low']:.3f} to {macro['high']:.3f} |" in text
    )
    assert "framing train stance --data coded --out model --seed 7" in text
    assert all(f"sha256 `{digest}`" in text for digest in stored["data"]["files"].values())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda line: [{**line, "value": "odd"}], "is 'odd'; stance accepts: for_it, against_it"),
        (lambda line: [{**line, "codebook": "other"}], "was given under codebook other"),
        (
            lambda line: [line, {**line, "value": "against_it"}],
            "is labelled against_it and for_it, both adjudicated; keep one",
        ),
        (lambda line: [line, {**line, "unit_id": "zz"}], "1 stance labels are of no quote, first"),
    ],
)
def test_wrong_labels_are_refused(
    change: Callable[[dict[str, Any]], list[dict[str, Any]]],
    message: str,
    coded_folder: Path,
    tiny_codebook: Codebook,
    tmp_path: Path,
) -> None:
    _change_first_stance(coded_folder, tmp_path / "coded", change)
    with pytest.raises(DataError, match=message):
        read_coded_units(
            tmp_path / "coded", tiny_codebook.variable("stance"), codebook=tiny_codebook
        )


def test_adjudication_settles_and_a_missing_label_is_counted(
    coded_folder: Path, tiny_codebook: Codebook, tmp_path: Path
) -> None:
    stance = tiny_codebook.variable("stance")
    _change_first_stance(
        coded_folder,
        tmp_path / "settled",
        lambda line: [line, {**line, "value": "against_it", "annotator": "coder"}],
    )
    _, units, values, n = read_coded_units(tmp_path / "settled", stance, codebook=tiny_codebook)
    assert (units[0].id, values[0], n) == ("a0-q0", "for_it", 0)
    _change_first_stance(
        coded_folder,
        tmp_path / "open",
        lambda line: [
            {**line, "annotator": "one"},
            {**line, "value": "against_it", "annotator": "other"},
        ],
    )
    with pytest.raises(DataError, match="is labelled against_it and for_it; add one label by"):
        read_coded_units(tmp_path / "open", stance, codebook=tiny_codebook)
    _, units, values, n = read_coded_units(
        tmp_path / "open", stance, codebook=tiny_codebook, skip_unsettled=True
    )
    assert "a0-q0" not in {unit.id for unit in units}
    assert (len(units), len(values), n) == (11, 11, 1)
    _change_first_stance(coded_folder, tmp_path / "missing", lambda _: [])
    _, units, values, n = read_coded_units(tmp_path / "missing", stance, codebook=tiny_codebook)
    assert (len(units), len(values), n) == (11, 11, 1)


def test_two_articles_of_one_text_are_refused(
    coded_folder: Path, tiny_codebook: Codebook, tmp_path: Path
) -> None:
    folder = tmp_path / "coded"
    shutil.copytree(coded_folder, folder)
    with (folder / "articles.jsonl").open("r+", encoding="utf-8") as file:
        first = json.loads(file.readline())
        file.seek(0, 2)
        file.write(json.dumps({**first, "id": "copy"}) + "\n")
    with pytest.raises(DataError, match="articles 'a0' and 'copy' have the same text"):
        read_coded_units(folder, tiny_codebook.variable("stance"), codebook=tiny_codebook)


def test_a_category_without_labels_is_refused(
    coded_folder: Path, tiny_codebook: Codebook, tiny_encoder: Encoder, tmp_path: Path
) -> None:
    folder = tmp_path / "coded"
    shutil.copytree(coded_folder, folder)
    labels = (folder / "labels.jsonl").read_text(encoding="utf-8")
    (folder / "labels.jsonl").write_text(labels.replace("against_it", "for_it"), encoding="utf-8")
    with pytest.raises(DataError, match="no unit has the category 'against_it'"):
        train_model(folder, "stance", out=tmp_path / "out", seed=0, codebook=tiny_codebook,
                    encoder=tiny_encoder)  # fmt: skip
    assert not (tmp_path / "out").exists()


def _change_first_stance(
    coded: Path, folder: Path, change: Callable[[dict[str, Any]], list[dict[str, Any]]]
) -> None:
    shutil.copytree(coded, folder)
    path = folder / "labels.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    at = next(i for i, line in enumerate(lines) if line["variable"] == "stance")
    lines[at : at + 1] = change(lines[at])
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def test_a_validation_part_is_scored_by_and_not_learned_from(
    split_folder: Path, tiny_codebook: Codebook, tiny_encoder: Encoder, tmp_path: Path
) -> None:
    report = train_model(
        split_folder, "stance", out=tmp_path, seed=0, codebook=tiny_codebook, encoder=tiny_encoder
    )
    assert (report.n_articles, report.n_units, report.scores["n"]) == (30, 60, 12)
    assert "on the validation part macro-F1" in report.caveats[0]
    assert "By the validation part, which nothing was learned from;" in (
        tmp_path / "README.md"
    ).read_text(encoding="utf-8")
    model = load_model(tmp_path, variable="stance", encoder=tiny_encoder)
    stance = tiny_codebook.variable("stance")
    _, units, _, _ = read_coded_units(split_folder, stance, codebook=tiny_codebook)
    bases = {unit.article_id: p.basis for unit, p in zip(units, model.predict(units), strict=True)}
    assert {bases[f"a{n}"] for n in range(30)} == {"training"}
    assert {bases[f"a{n}"] for n in range(30, 42)} == {"new"}
