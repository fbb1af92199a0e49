"""Training an extractor as a step: what is read, what is kept apart, and what is written."""

import hashlib
import itertools
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from framing.errors import DataError
from framing.jsonl import write_jsonl
from framing.models.tagger import load_tagger
from framing.models.tagger_training import AnnotatedArticle
from framing.pipeline.extractor_training import read_training_corpus, train_extractor
from framing.records import Quote
from framing.runs import start_run
from tests.models.invented_attributions import annotate, invented_articles
from tests.models.invented_coding import write_encoder


def write_part(folder: Path, articles: Sequence[AnnotatedArticle]) -> None:
    write_jsonl(folder / "articles.jsonl", [each.article for each in articles])
    quotes = [
        Quote(
            id=f"{each.article.id}-q{number}",
            article_id=each.article.id,
            kind="direct",
            content=one.content,
            cue=one.cue[0] if one.cue else None,
            source=one.source[0],
        )
        for each in articles
        for number, one in enumerate(each.attributions)
    ]
    write_jsonl(folder / "quotes.jsonl", quotes)


def write_polnear(folder: Path, articles: Sequence[AnnotatedArticle]) -> None:
    for name in ("text", "attributions"):
        (folder / name).mkdir(parents=True)
    for each in articles:
        text, lines, keys = each.article.text, [], itertools.count(1)
        for number, one in enumerate(each.attributions):
            roles = [f"Attribution:T{next(keys)}"]
            cue = one.cue[0]
            lines.append(f"T{roles[0].partition(':T')[2]}\tAttribution {cue.start} {cue.end}\t"
                         f"{cue.of(text)}")  # fmt: skip
            for role in ("Source", "Cue", "Content"):
                for span in getattr(one, role.lower()):
                    key = f"T{next(keys)}"
                    lines.append(f"{key}\t{role} {span.start} {span.end}\t{span.of(text)}")
                    roles.append(f"{role}:{key}")
            lines.append(f"E{number}\t{' '.join(roles)}")
        lines.append("E99\tAttribution:T1")  # neither cue nor content
        (folder / "text" / f"{each.article.id}.txt").write_text(text, encoding="utf-8")
        (folder / "attributions" / f"{each.article.id}_b.ann").write_text(
            "\n".join(lines) + "\n", encoding="utf-8"
        )


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nine articles to learn from, three to stop by, and a test part that cannot be read."""
    folder = tmp_path_factory.mktemp("hydrated")
    articles = invented_articles(12)
    write_part(folder / "parts" / "train", articles[:9])
    write_part(folder / "parts" / "validation", articles[9:])
    (folder / "parts" / "test").mkdir()
    (folder / "parts" / "test" / "articles.jsonl").write_text("not to be read", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("config")
    encoder = write_encoder(folder / "encoder")
    path = folder / "tagger.toml"
    path.write_text(
        f'method = "full"\nencoder = "{encoder.as_posix()}"\nwindow = 32\nmargin = 8\n'
        "[schedule]\nepochs = 6\npatience = 6\nbatch_size = 4\nthreads = 1\n"
        "learning_rate = 5e-3\nhead_learning_rate = 2e-2\n",
        encoding="utf-8",
    )
    return path


def test_a_trained_extractor_says_what_it_is_and_what_made_it(
    corpus: Path, config: Path, tmp_path: Path
) -> None:
    out = tmp_path / "tagger"
    step = train_extractor(f"annotations={corpus}", out=out, seed=5, config=config)
    names = {"README.md", "encoder.safetensors", "head.safetensors", "model.json"}
    assert {path.name for path in step.files} == names
    assert {path.name for path in out.iterdir()} == names | {"run.json"}
    run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert run["command"] == "train"
    assert run["seed"] == 5
    assert set(run["outputs"]) == names
    read = [corpus / "parts" / part / file for part in ("train", "validation")
            for file in ("articles.jsonl", "quotes.jsonl")]  # fmt: skip
    assert run["inputs"] == {
        path.as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in [*read, config]
    }
    assert run["results"]["corpus"] == "annotations"
    assert (run["results"]["articles"], run["results"]["articles_validation"]) == (9, 3)
    (scores,) = run["results"]["scores"]
    tagger = load_tagger(out)
    assert scores["epochs"] == tagger.card["epochs"]
    # What is plain was learned, and the scores are those of the stored model, counted again here:
    # spans of words are right when they are the same, and the contents here are of one part each.
    gold, said, n_right = 0, 0, 0
    for each in invented_articles(12)[9:]:
        found = {one.content for one in tagger.find_attributions(each.article)}
        gold, said = gold + len(each.attributions), said + len(found)
        n_right += len(found & {one.content for one in each.attributions})
    assert scores["content_whole"] == pytest.approx(2 * n_right / (gold + said), abs=5e-5)
    assert scores["content_whole"] > 0.5
    readme = (out / "README.md").read_text(encoding="utf-8")
    assert "9 articles to learn from and 3 to stop by, of the project's own labeled" in readme
    assert f"| content whole | {scores['content_whole']:.3f} |" in readme
    assert f"`framing train extractor --corpus annotations={corpus} --out {out} --seed 5" in readme
    assert step.notes == ()


def test_several_seeds_are_several_folders(corpus: Path, config: Path, tmp_path: Path) -> None:
    short = tmp_path / "short.toml"
    short.write_text(config.read_text(encoding="utf-8").replace("epochs = 6", "epochs = 1"),
                     encoding="utf-8")  # fmt: skip
    out = tmp_path / "taggers"
    step = train_extractor(f"annotations={corpus}", out=out, seed=3, config=short, seeds=2)
    assert {path.name for path in out.iterdir()} == {"seed-3", "seed-4", "run.json"}
    assert [each["seed"] for each in step.results["scores"]] == [3, 4]
    first, second = (load_tagger(out / name) for name in ("seed-3", "seed-4"))
    assert (first.card["seed"], second.card["seed"]) == (3, 4)
    assert first.card["digest"] != second.card["digest"]


def test_polnear_is_split_by_article_and_only_its_training_part_is_read(tmp_path: Path) -> None:
    articles = invented_articles(21)
    write_polnear(tmp_path / "train", articles)
    (tmp_path / "train" / ".hidden").mkdir()
    (tmp_path / "dev").mkdir()
    (tmp_path / "dev" / "not.read").write_text("", encoding="utf-8")
    run = start_run("train", {})
    name, train, validation = read_training_corpus(f"polnear={tmp_path}", run)
    assert name == "polnear"
    # Every tenth of 21 in the order of the digests of their texts: the 1st, 11th and 21st.
    order = sorted(articles, key=lambda each: each.article.sha256)
    assert [each.article.id for each in validation] == [
        order[place].article.id for place in (0, 10, 20)
    ]
    assert {each.article.id for each in train + validation} == {f"a{n}" for n in range(21)}
    assert len(train) == 18
    known = {each.article.id: each for each in articles}
    for each in train + validation:
        assert each.article.text == known[each.article.id].article.text
        assert each.attributions == known[each.article.id].attributions
    assert len(run.inputs) == 42
    assert all(Path(path).parent.parent.name == "train" for path in run.inputs)
    assert run.results == {"events_left_out": 21}


def test_weights_of_polnear_are_not_to_be_passed_on(config: Path, tmp_path: Path) -> None:
    write_polnear(tmp_path / "polnear" / "train", invented_articles(12))
    step = train_extractor(
        f"polnear={tmp_path / 'polnear'}", out=tmp_path / "out", seed=0, config=config
    )
    assert "keep these weights to yourself" in step.notes[0]
    readme = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "it has no licence, so these weights are not to be passed on" in readme
    assert load_tagger(tmp_path / "out").card["codebook"] is None


@pytest.mark.parametrize(
    ("corpus", "error"),
    [
        ("polnear", "corpus 'polnear': accepted: polnear=PATH or annotations=PATH"),
        ("polnear=", "corpus 'polnear=': accepted: polnear=PATH or annotations=PATH"),
        ("news=x", "corpus 'news=x': accepted: polnear=PATH or annotations=PATH"),
        ("polnear=no/such", "no/such is no folder"),
    ],
)
def test_a_corpus_that_is_none_is_refused(corpus: str, error: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=error):
        train_extractor(corpus, out=tmp_path, seed=0)


def test_a_folder_that_is_not_the_corpus_is_refused(tmp_path: Path) -> None:
    run = start_run("train", {})
    with pytest.raises(DataError, match=r"it has no parts/train; give a folder that"):
        read_training_corpus(f"annotations={tmp_path}", run)
    with pytest.raises(DataError, match=r"no file text/\*\.txt"):
        read_training_corpus(f"polnear={tmp_path}", run)
    write_part(tmp_path / "parts" / "train", invented_articles(2))
    write_part(tmp_path / "parts" / "validation", invented_articles(3)[2:])
    (tmp_path / "parts" / "train" / "quotes.jsonl").write_bytes(
        (tmp_path / "parts" / "validation" / "quotes.jsonl").read_bytes()
    )
    with pytest.raises(DataError, match="parts/train has quotes of 'a2', but not the article"):
        read_training_corpus(f"annotations={tmp_path}", run)


def test_an_article_without_quotes_is_one_to_learn_from(tmp_path: Path) -> None:
    quiet = annotate("The valley is dry.", "quiet")
    write_part(tmp_path / "parts" / "train", [*invented_articles(1), quiet])
    write_part(tmp_path / "parts" / "validation", invented_articles(2)[1:])
    _, train, _ = read_training_corpus(f"annotations={tmp_path}", start_run("train", {}))
    assert {each.article.id: len(each.attributions) for each in train} == {"a0": 2, "quiet": 0}


def test_no_seeds_and_an_unknown_key_are_refused(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="0 seeds; it takes 1 or more"):
        train_extractor(f"annotations={corpus}", out=tmp_path / "out", seed=0, seeds=0)
    config = tmp_path / "config.toml"
    config.write_text("windw = 64\n", encoding="utf-8")
    with pytest.raises(DataError, match="windw"):
        train_extractor(f"annotations={corpus}", out=tmp_path / "out", seed=0, config=config)
    assert not (tmp_path / "out").exists()
