"""The models in the package: what they were trained on, and what they say."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from framing.codebook import load_codebook
from framing.dataset.label_store import Item, Split
from framing.errors import DataError
from framing.jsonl import read_jsonl
from framing.models import load_model
from framing.models.model_folders import read_card
from framing.models.training import read_coded_units
from framing.pipeline.classifiers import find_models
from framing.records import Article

ROOT = Path(__file__).parents[2]
STORE = ROOT / "annotations"
SHIPPED = ROOT / "framing" / "models" / "shipped"
GOLD_DEV = Path(os.environ.get("FRAMING_CORPORA", ROOT.parent / "shared")) / "gold-dev/gold.jsonl"
MODELS = pytest.mark.parametrize("folder", ["role", "stance", "small/stance"])


@MODELS
def test_trained_on_the_parts_of_the_dataset_that_are_for_it(folder: str) -> None:
    """By the digests of the texts: train and validation as they are, nothing of test."""
    card = read_card(SHIPPED / folder)
    split = {one.article_id: one.split for one in read_jsonl(STORE / "splits.jsonl", Split)}
    part = {one.sha256: split.get(one.id) for one in read_jsonl(STORE / "items.jsonl", Item)}
    seen = card["training_articles"]
    assert {digest: part[digest] for digest in seen} == seen
    assert {*seen.values()} == {"train", "validation"}
    samples = read_jsonl(STORE / "samples" / "articles.jsonl", Article)
    assert not {article.sha256 for article in samples} & seen.keys()
    assert card["codebook"] == load_codebook().digest


@MODELS
def test_the_command_in_the_card_names_the_config_that_was_used(folder: str) -> None:
    card = read_card(SHIPPED / folder)
    words = str(card["command"]).split()
    assert words[:3] == ["framing", "train", folder.removeprefix("small/")]
    assert words[words.index("--out") + 1] == f"framing/models/shipped/{folder}"
    assert words[words.index("--seed") + 1] == str(card["seed"])
    assert (ROOT / words[words.index("--config") + 1]).is_file()


@pytest.mark.corpora
@MODELS
def test_gold_dev_was_not_trained_on(folder: str) -> None:
    if not GOLD_DEV.is_file():
        pytest.skip("needs gold-dev/gold.jsonl below FRAMING_CORPORA")
    rows = map(json.loads, GOLD_DEV.read_text("utf-8").splitlines())
    gold = {Article(id="g", text=row["text"], title=row["title"]).sha256 for row in rows}
    assert len(gold) > 20
    assert not gold & read_card(SHIPPED / folder)["training_articles"].keys()


@pytest.mark.model
@pytest.mark.slow
@MODELS
def test_both_number_formats_say_the_same_of_the_samples(folder: str) -> None:
    codebook, variable = load_codebook(), folder.removeprefix("small/")
    _, units, values, _ = read_coded_units(
        STORE / "samples", codebook.variable(variable), codebook=codebook
    )
    tables = {}
    for dtype in ("float32", "bfloat16"):
        model = load_model(SHIPPED / folder, variable=variable, codebook=codebook, dtype=dtype)
        predictions = model.predict(units)
        assert {prediction.basis for prediction in predictions} == {"new"}
        tables[dtype] = np.array([prediction.probabilities for prediction in predictions])
    same = tables["float32"].argmax(axis=1) == tables["bfloat16"].argmax(axis=1)
    assert np.abs(tables["float32"] - tables["bfloat16"]).max() < 0.05
    assert same.mean() > 0.97
    majority = max(values.count(value) for value in set(values)) / len(values)
    names = codebook.variable(variable).names
    said = [names[i] for i in tables["float32"].argmax(axis=1)]
    assert np.mean([a == b for a, b in zip(said, values, strict=True)]) > majority


@pytest.mark.model
@pytest.mark.slow
def test_the_shipped_models_are_found_without_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "small").mkdir()  # hides nothing: a command means the same in every folder
    monkeypatch.chdir(tmp_path)
    found = {
        (path, variable): load_model(path, variable=variable).name
        for path, variable in ((None, "role"), (None, "stance"), ("small", "stance"))
    }
    assert found == {
        (None, "role"): read_card(SHIPPED / "role")["name"],
        (None, "stance"): read_card(SHIPPED / "stance")["name"],
        ("small", "stance"): read_card(SHIPPED / "small" / "stance")["name"],
    }
    assert [*find_models(["small"])] == [SHIPPED / "small" / "stance"]
    with pytest.raises(DataError, match=r"model small: holds no model\.json"):
        [*find_models(["./small"])]
