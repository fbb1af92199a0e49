"""Screened articles, batches and codings on their way into the label store."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from framing.dataset.label_store import ADJUDICATED, read_store
from framing.dataset.store_imports import CodingMistakesError, import_codings, import_items
from framing.errors import DataError
from tests.dataset.invented_store import ARTICLES, CONTROL, CopiedStore, to_verbatim, write_json


def _files(store: Path) -> dict[str, bytes]:
    return {str(p.relative_to(store)): p.read_bytes() for p in store.rglob("*") if p.is_file()}


def _change(path: Path, **changes: Any) -> None:
    coding = json.loads(path.read_text(encoding="utf-8"))
    coding["quotes"][0] |= changes
    write_json(path, coding)


def test_items_know_their_probability_and_no_text(made: CopiedStore) -> None:
    items = read_store(made.store).items
    assert len(items) == 15
    # 2 replicates, each with probability 1/8 for every article.
    assert {item.probability for item in items.values()} == {0.25}
    one = items["s01"]
    assert (one.genre, one.sha256, one.date) == (
        "news",
        ARTICLES["s01"].sha256,
        ARTICLES["s01"].date,
    )
    assert one.n_words == len(ARTICLES["s01"].text.split())
    assert items["s02"].target == ""


def test_no_stretch_of_an_article_gets_into_the_store(made: CopiedStore) -> None:
    """No five words in a row of any article, but for names and the targets."""
    allowed = {item.target for item in read_store(made.store).items.values()}
    shingles = set()
    for article in ARTICLES.values():
        words = re.findall(r"\w+", article.text.lower())
        shingles |= {" ".join(words[i : i + 5]) for i in range(len(words) - 4)}
    for target in allowed:
        words = re.findall(r"\w+", target.lower())
        shingles -= {" ".join(words[i : i + 5]) for i in range(len(words) - 4)}
    names = {
        speaker.name for one in read_store(made.store).coders.values() for speaker in one.speakers
    }
    for name in names:
        words = re.findall(r"\w+", name.lower())
        shingles -= {" ".join(words[i : i + 5]) for i in range(len(words) - 4)}
    n_files = 0
    for name, data in _files(made.store).items():
        if name.endswith(".jsonl"):
            words = re.findall(r"\w+", data.decode("utf-8").lower())
            found = shingles & {" ".join(words[i : i + 5]) for i in range(len(words) - 4)}
            assert found == set(), name
            n_files += 1
    assert n_files == 3 + 3 * 4


def test_what_a_coder_gave_is_kept_with_who_and_when(made: CopiedStore) -> None:
    store = read_store(made.store)
    assert set(store.coders) == {"lm-a", "lm-b"}
    assert store.coders["lm-a"].article_ids == {f"s{n:02d}" for n in range(1, 15)}
    assert store.gold.article_ids == {f"s{n:02d}" for n in range(1, 9)} == store.twice_coded
    assert {label.annotator for label in store.gold.labels} == {ADJUDICATED}
    assert {coding.coder for coding in store.gold.codings} == {"lm-adjudicator"}
    for coding in store.coders["lm-a"].codings:
        assert coding.batch in ("lm-a-r1-01", "lm-a-r2-01")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", coding.time)
        assert coding.codebook == store.codebook.digest
    assert {label.probability for label in store.coders["lm-b"].labels} == {0.25}
    assert store.final["s01"] is store.gold
    assert store.final["s09"] is store.coders["lm-a"]


def test_the_ledger_tells_how_the_control_came_out(made: CopiedStore) -> None:
    batches = read_store(made.store).batches
    assert [batch.batch for batch in batches] == ["lm-a-r1-01", "lm-a-r2-01", "lm-b-r1-01"]
    first = batches[0]
    assert first.control == "gold-dev:dv99"
    assert first.articles == ("s01", "s02", "gold-dev:dv99", "s03", "s04", "s05", "s06", "s07")
    # The sample's two coders agree on all 18 quotes; lm-a has another stance in one of them.
    assert (first.n_gold, first.n_coded, first.n_found) == (18, 18, 18)
    assert (first.role_agreement, first.stance_agreement) == (1.0, round(17 / 18, 4))


def test_importing_again_gives_the_same_bytes(copied: CopiedStore) -> None:
    before = _files(copied.store)
    import_codings(
        copied.store, copied.raw / "final", articles=copied.articles, coder="lm-adjudicator",
        adjudicated=True,
    )  # fmt: skip
    after = _files(copied.store)
    # Copying the raw files made them younger, which is all that may differ.
    time = re.compile(rb'"time": "[^"]*"')
    assert {k: time.sub(b"", v) for k, v in before.items()} == {
        k: time.sub(b"", v) for k, v in after.items()
    }


def test_one_mistake_and_nothing_is_imported(copied: CopiedStore) -> None:
    before = _files(copied.store)
    _change(copied.raw / "lm-a" / "s03.json", stance="angry")
    _change(copied.raw / "lm-a" / "s07.json", cue="no such cue")
    with pytest.raises(CodingMistakesError, match="2 mistakes, nothing was imported") as caught:
        import_codings(
            copied.store, copied.raw / "lm-a", articles=copied.articles, coder="lm-a",
            controls={CONTROL},
        )  # fmt: skip
    first, second = caught.value.mistakes
    assert first.startswith("s03.json: quote 1 ")
    assert "stance is 'angry'" in first
    assert second.startswith("s07.json: quote 1 ")
    assert _files(copied.store) == before


def test_an_article_that_is_no_item_is_refused(copied: CopiedStore) -> None:
    write_json(copied.raw / "lm-a" / "s15.json", to_verbatim(copied.articles.parent, "s15"))
    with pytest.raises(CodingMistakesError) as caught:
        import_codings(copied.store, copied.raw / "lm-a", articles=copied.articles, coder="lm-a")
    assert caught.value.mistakes == (
        "s15.json: the article is of genre opinion; screen it first, or name it as a control "
        "(--controls)",
        "s16.json: the article is not among the items; screen it first, or name it as a control "
        "(--controls)",
    )


def test_a_replaced_batch_is_kept_apart(copied: CopiedStore) -> None:
    ledger = json.loads((copied.raw / "ledger.json").read_text(encoding="utf-8"))
    old = {**ledger[0], "batch": "lm-a-r1-00", "replaced_by": "lm-a-r1-01"}
    write_json(copied.raw / "ledger.json", [old, *ledger])
    from framing.dataset.batch_ledger import import_batches

    import_batches(
        copied.store, copied.raw / "ledger.json", codings=copied.raw, articles=copied.articles,
        gold=copied.raw / "gold.jsonl", controls={CONTROL: "dv99"},
    )  # fmt: skip
    for key in ("s01", "s02"):
        write_json(copied.raw / "old" / f"{key}.json", to_verbatim(copied.articles.parent, key))
    import_codings(
        copied.store, copied.raw / "old", articles=copied.articles, coder="lm-a",
        replaced="lm-a-r1-00",
    )  # fmt: skip
    store = read_store(copied.store)
    assert store.replaced["lm-a-r1-00"].article_ids == {"s01", "s02"}
    assert {c.batch for c in store.replaced["lm-a-r1-00"].codings} == {"lm-a-r1-00"}
    assert {c.batch for c in store.coders["lm-a"].codings} == {"lm-a-r1-01", "lm-a-r2-01"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s: s[:-1], "1 drawn article of the screened replicates is not screened: "),
        (lambda s: [*s, s[0]], "article 's01' is screened twice; keep one"),
        (lambda s: [*s, {**s[0], "id": "s16"}], "1 screened article was not drawn: ['s16']"),
        (lambda s: [{**s[0], "target": "x" * 201}, *s[1:]], "target has 201 characters"),
        (lambda s: [{**s[0], "genre": "poem"}, *s[1:]], "Screening key 'genre' is \"poem\""),
        (lambda _: {}, "not a list of screened articles"),
    ],
)
def test_wrong_screening_is_refused(copied: CopiedStore, change: Any, message: str) -> None:
    path = copied.raw / "screening.json"
    write_json(path, change(json.loads(path.read_text(encoding="utf-8"))))
    before = _files(copied.store)
    with pytest.raises(DataError, match=re.escape(message)):
        import_items(copied.store, [path], articles=copied.articles)
    assert _files(copied.store) == before


def test_another_text_than_the_frame_has_is_refused(copied: CopiedStore, tmp_path: Path) -> None:
    lines = copied.articles.read_text(encoding="utf-8").splitlines()
    other = {**json.loads(lines[0]), "text": "Somebody else wrote this about the goats."}
    (tmp_path / "a.jsonl").write_text("\n".join([json.dumps(other), *lines[1:]]), encoding="utf-8")
    with pytest.raises(DataError, match=r"the text of 's01': has sha256 .* give that of the frame"):
        import_items(copied.store, [copied.raw / "screening.json"], articles=tmp_path / "a.jsonl")


def test_an_empty_folder_holds_no_coding(copied: CopiedStore, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no coding"):
        import_codings(copied.store, tmp_path / "none", articles=copied.articles, coder="x")
