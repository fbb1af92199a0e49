"""Codings of invented articles, compared with each other and with gold, by command."""

import json
import os
import shutil
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from framing.cli.agreement import agreement_tables
from framing.codebook import load_codebook
from framing.errors import DataError
from framing.jsonl import read_jsonl, write_jsonl
from framing.metrics.agreement import MISSING, count_codes, krippendorff_alpha
from framing.pipeline.coder_comparison import compare_codings
from framing.pipeline.codings import read_coding, read_gold
from framing.records import Article, Label, Quote, Span, Speaker
from tests.cli.invented import run

ROOT = Path(__file__).parent.parent.parent
GOLD_DEV = Path(os.environ.get("FRAMING_CORPORA", ROOT.parent / "shared")) / "gold-dev/gold.jsonl"
BOOK = load_codebook()
# Every article has one paragraph for each of these, the n-th with the speaker of that number.
PARAGRAPHS = (
    "“The bridge stays closed,” the mayor said.",
    "The mill will reopen in May, its owner promised.",
    "“My goats cannot cross,” a herder said.",
    "The river has fallen by a metre, a surveyor said.",
)
STANCES = ("supportive", "critical", "humanitarian", "neutral")
ROLES = ("government", "expert", "civilian", "expert")


def _article(n: int) -> Article:
    return Article(id=f"a{n}", title=f"Day {n}", text="\n\n".join([f"Day {n}.", *PARAGRAPHS]))


def _span(article: Article, n: int) -> Span:
    """The content of the n-th paragraph, up to its comma."""
    start = article.text.index(PARAGRAPHS[n])
    return Span(start, start + PARAGRAPHS[n].index(",") + 1)


def _quotes(article: Article, *, prefix: str = "") -> list[Quote]:
    return [
        Quote(
            id=f"{prefix}{article.id}-q{n}",
            article_id=article.id,
            kind="direct" if PARAGRAPHS[n].startswith("“") else "indirect",
            content=(_span(article, n),),
            speaker_id=f"{prefix}{article.id}-s{n}",
        )
        for n in range(len(PARAGRAPHS))
    ]


def write_coding(
    folder: Path,
    articles: Sequence[Article],
    *,
    stances: Mapping[str, str] | None = None,
    roles: Mapping[str, str] | None = None,
    leave_out: Sequence[str] = (),
    annotator: str = "",
    change: Callable[[Quote], Quote] = lambda quote: quote,
) -> Path:
    """A folder of one coder, who gives every quote and speaker the same as anybody else.

    Args:
        folder: Where; ids of units are the coder's own.
        articles: Coded ones.
        stances: What is given otherwise, by article and number of the quote ("a0-0").
        roles: The same for speakers.
        leave_out: Quotes that are not found ("a0-0").
        annotator: Of the labels; the folder's name when empty.
        change: What is done to each quote.
    """
    prefix, annotator = f"{folder.name}-", annotator or folder.name
    quotes, speakers, labels = [], [], []
    for article in articles:
        for n, quote in enumerate(_quotes(article, prefix=prefix)):
            key = f"{article.id}-{n}"
            if key in leave_out:
                continue
            speaker_id = quote.speaker_id
            assert speaker_id is not None
            quotes.append(change(quote))
            speakers.append(Speaker(id=speaker_id, article_id=article.id, name=f"Nr {n}"))
            for unit_id, variable, value in (
                (quote.id, "stance", (stances or {}).get(key, STANCES[n])),
                (speaker_id, "role", (roles or {}).get(key, ROLES[n])),
            ):
                if value:
                    labels.append(
                        Label(
                            unit_id=unit_id,
                            variable=variable,
                            value=value,
                            annotator=annotator,
                            codebook=BOOK.digest,
                        )
                    )
    write_jsonl(folder / "quotes.jsonl", quotes)
    write_jsonl(folder / "speakers.jsonl", speakers)
    write_jsonl(folder / "labels.jsonl", labels)
    return folder


ARTICLES = [_article(n) for n in range(5)]


@pytest.fixture
def coders(tmp_path: Path) -> Path:
    """Folder of codings, with five articles beside it."""
    write_jsonl(tmp_path / "articles.jsonl", ARTICLES)
    (tmp_path / "coders").mkdir()
    return tmp_path / "coders"


def _compare(*codings: Path, **options: Any) -> dict[str, Any]:
    step = compare_codings(codings, seed=0, **{"n_resamples": 100, **options})
    return dict(step.results)


def test_labels_that_differ_are_counted_where_both_found_the_quote(coders: Path) -> None:
    ada = write_coding(coders / "ada", ARTICLES)
    ben = write_coding(
        coders / "ben",
        ARTICLES,
        stances={"a0-0": "neutral", "a1-1": "neutral", "a2-2": "neutral"},
        roles={"a0-0": "expert"},
        leave_out=["a2-2"],  # so that its stance is not compared
    )
    found = _compare(ada, ben)["agreement"]
    # 20 and 19 quotes, 19 matched: F1 = 38 / 39; of the direct ones 10 and 9.
    [pair] = found["pairs"]
    assert (pair["coders"], pair["articles"], pair["identical"]) == (["ada", "ben"], 5, 19)
    assert (pair["all"]["n"], pair["all"]["n_matched"]) == ([20, 19], [19, 19])
    assert pair["all"]["f1"]["value"] == pytest.approx(38 / 39)
    assert pair["direct"]["f1"]["value"] == pytest.approx(18 / 19)
    assert pair["indirect"]["f1"]["value"] == 1
    # Stance: 17 of 19 alike; supportive and critical each once against neutral. Values: 9, 9, 8,
    # 12, n = 38, sum of squares 370; alpha = 1 - 37 * 4 / (1444 - 370).
    stance = found["variables"]["stance"]
    assert (stance["unit"], stance["n_units"], stance["n_paired"]) == ("quote", 19, 19)
    assert stance["raw"]["value"] == pytest.approx(17 / 19)
    assert stance["alpha"]["value"] == pytest.approx(1 - 148 / 1074)
    assert stance["confusions"] == [
        {
            "coders": ["ada", "ben"],
            "counts": [[4, 0, 0, 1], [0, 4, 0, 1], [0, 0, 4, 0], [0, 0, 0, 5]],
        }
    ]
    neutral = stance["categories"]["neutral"]
    assert (neutral["n"], neutral["confused_with"]) == (12, "supportive")
    assert neutral["share_confused"] == pytest.approx(1 / 12)
    assert neutral["specific"]["value"] == pytest.approx(10 / 12)
    # Role: 18 of 19 speakers alike.
    assert found["variables"]["role"]["raw"]["value"] == pytest.approx(18 / 19)
    # Direct quotes: supportive and humanitarian ones, 9, one of them differs.
    assert found["by_kind"]["stance"]["direct"]["raw"]["value"] == pytest.approx(8 / 9)
    assert found["by_kind"]["role"]["indirect"]["n_units"] == 10
    assert found["by_kind"]["role"]["differing"]["n_units"] == 0
    weakest = found["weakest"]
    values = [of["alpha"]["value"] for of in weakest]
    assert values == sorted(values)
    assert values[0] < 1
    # Every word of the quotes but those of a2-2 (four of them) is inside with both.
    assert found["words"]["alpha"]["value"] < 1


def test_words_inside_and_outside(coders: Path) -> None:
    [article] = ARTICLES[:1]
    ada = write_coding(coders / "ada", [article])
    ben = write_coding(coders / "ben", [article], leave_out=["a0-2"])
    found = _compare(ada, ben)["agreement"]
    # 2 words of "Day 0"; paragraphs of 4 + 3, 6 + 3, 4 + 3 and 7 + 3 words, the first of each
    # inside. 35 words: 17 inside with both, 14 outside with both, 4 with ada only.
    codes = [[1, 1]] * 17 + [[0, 0]] * 14 + [[1, 0]] * 4
    expected = float(krippendorff_alpha(count_codes(codes, n_categories=2)))
    assert found["words"]["n_words"] == 35
    assert found["words"]["alpha"]["value"] == pytest.approx(expected)
    assert found["words"]["alpha"]["low"] is None  # one article


def test_the_same_seed_gives_the_same_files_and_the_run_says_what_went_in(
    coders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ada = write_coding(coders / "ada", ARTICLES)
    ben = write_coding(coders / "ben", ARTICLES, stances={"a0-0": "neutral"})
    written = []
    for name in ("one", "two"):
        assert run("agreement", ada, ben, "--out", tmp_path / name, "--resamples", "100") == 0
        files = sorted(p for p in (tmp_path / name).rglob("*") if p.is_file())
        written.append({p.relative_to(tmp_path / name).as_posix(): p.read_bytes() for p in files})
    assert set(written[0]) == {
        "agreement.json", "run.json", "figures/confusion-role-ada-ben.pdf",
        "figures/confusion-role-ada-ben.png", "figures/confusion-stance-ada-ben.pdf",
        "figures/confusion-stance-ada-ben.png",
    }  # fmt: skip
    record = json.loads(written[0].pop("run.json"))
    written[1].pop("run.json")
    assert written[0] == written[1]
    assert record["command"] == "agreement"
    assert record["seed"] == 0
    assert set(record["outputs"]) == set(written[0])
    assert {Path(name).name for name in record["inputs"]} == {
        "articles.jsonl", "quotes.jsonl", "speakers.jsonl", "labels.jsonl",
    }  # fmt: skip
    assert record["results"] == json.loads(written[0]["agreement.json"])
    assert f"Wrote {tmp_path / 'one'}" in capsys.readouterr().err


def test_the_tables(coders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ada = write_coding(coders / "ada", ARTICLES)
    ben = write_coding(coders / "ben", ARTICLES, stances={"a0-0": "neutral"})
    assert run("agreement", ada, ben, "--resamples", "100") == 0
    out, err = capsys.readouterr()
    rows = [line.split() for line in out.splitlines()]
    # Of stance, 19 of 20 units agree; values 9, 10, 10, 11, sum of squares 402:
    # alpha = 1 - 39 * 2 / (1600 - 402) = 0.935.
    [stance] = [row for row in rows if row[:2] == ["stance", "quote"]]
    assert stance[2:4] == ["20", "0.950"]
    assert stance[6] == "0.935"
    assert ["role", "military", "0", "undefined", "undefined"] in rows
    assert "== ada, ben: 5 articles in common; [95% interval over articles]" in out
    assert "ada and ben: 20 of 20 matched quotes have identical content" in out
    assert "neutral (11.1% of its labels)" in out  # one of supportive's nine values
    assert "ada, ben: not one difference in role" in err
    assert "5 articles have a quote and count as coded" in err


def test_one_category_only_is_undefined_never_1(
    coders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    same = {f"a{a}-{n}": "neutral" for a in range(5) for n in range(4)}
    folders = [write_coding(coders / name, ARTICLES, stances=same) for name in ("ada", "ben")]
    assert run("agreement", *folders, "--resamples", "100") == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    [stance] = [row for row in rows if row[:2] == ["stance", "quote"]]
    assert stance[2:] == ["20", "1.000", "[1.000,", "1.000]", *["undefined"] * 3]


def test_gold_scores_every_coder(coders: Path, tmp_path: Path) -> None:
    gold = write_coding(tmp_path / "gold", ARTICLES, annotator="adjudicated")
    ada = write_coding(coders / "ada", ARTICLES, stances={"a0-0": "neutral"})
    ben = write_coding(coders / "ben", ARTICLES, leave_out=["a0-0", "a0-1"])
    found = _compare(ada, ben, against=gold)
    assert found["agreement"]["coders"] == ["ada", "ben"]
    assert list(found["against"]) == ["ada", "ben"]
    categories = found["against"]["ada"]["variables"]["stance"]["categories"]
    assert categories["supportive"]["precision"] == 1
    assert categories["supportive"]["recall"] == pytest.approx(4 / 5)
    assert categories["neutral"]["precision"] == pytest.approx(5 / 6)
    military = found["against"]["ada"]["variables"]["role"]["categories"]["military"]
    assert (military["precision"], military["recall"]) == (None, None)
    [pair] = found["against"]["ben"]["pairs"]
    assert (pair["coders"], pair["all"]["n"]) == (["gold", "ben"], [20, 18])


def test_one_coder_is_enough_with_gold(
    coders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold = write_coding(tmp_path / "gold", ARTICLES, annotator="adjudicated")
    ben = write_coding(coders / "ben", ARTICLES, leave_out=["a0-0"])
    assert run("agreement", ben, "--against", gold, "--resamples", "100", "-q") == 0
    out = capsys.readouterr().out
    assert out.startswith("== ben against gold: 5 articles in common")
    [row] = [line.split() for line in out.splitlines() if line.startswith("  gold, ben")]
    assert row[-2:] == ["1.000", "0.950"]  # precision 19 / 19, recall 19 / 20


@pytest.mark.usefixtures("coders")
def test_gold_of_a_folder_is_what_was_adjudicated_only(tmp_path: Path) -> None:
    gold = write_coding(tmp_path / "gold", ARTICLES, annotator="adjudicated")
    labels = read_jsonl(gold / "labels.jsonl", Label)
    other = Label(unit_id=labels[0].unit_id, variable="stance", value="critical", annotator="x")
    write_jsonl(gold / "labels.jsonl", [other, *labels])
    assert read_gold(gold, codebook=BOOK).values[other.unit_id, "stance"] == "supportive"
    write_jsonl(gold / "labels.jsonl", [other])
    with pytest.raises(DataError, match="no label by 'adjudicated', so there is nothing to score"):
        read_gold(gold, codebook=BOOK)


def test_gold_may_be_one_file(coders: Path, tmp_path: Path) -> None:
    lines = []
    for article in ARTICLES:
        quotes = [
            {
                "spans": [list(_span(article, n))], "content": [_span(article, n).of(article.text)],
                "kind": "direct", "cue": None, "source": None, "speaker": f"Nr {n % 2}",
                "speaker_alt": [], "role": ROLES[n], "stance": STANCES[n],
            }
            for n in range(4)
        ]  # fmt: skip
        quotes[3] |= {"speaker": "", "role": "unspecified"}
        fields = {"id": article.id, "source": "invented", "key": "k", "title": "", "outlet": ""}
        text = {"date": "", "target": "", "text": article.text, "quotes": quotes}
        lines.append(json.dumps(fields | text))
    (tmp_path / "gold.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    ada = write_coding(coders / "ada", ARTICLES, roles={"a0-0": "media"})
    found = _compare(ada, against=tmp_path / "gold.jsonl")["against"]["ada"]
    assert found["variables"]["stance"]["raw"]["value"] == 1
    # Gold has no speaker for the fourth; Nr 0 is two speakers, for they have two roles.
    role = found["variables"]["role"]
    assert (role["n_units"], role["raw"]["value"]) == (15, pytest.approx(14 / 15))
    assert found["by_kind"]["stance"]["differing"]["n_units"] == 10  # gold says direct


def test_three_coders_of_whom_one_coded_less(coders: Path, tmp_path: Path) -> None:
    ada = write_coding(coders / "ada", ARTICLES)
    ben = write_coding(coders / "ben", ARTICLES[:3], stances={"a0-0": "neutral"})
    cyd = write_coding(coders / "cyd", ARTICLES[2:], leave_out=["a2-0"], stances={"a4-3": ""})
    found = _compare(ada, ben, cyd, out=tmp_path / "out")["agreement"]
    assert [(pair["coders"], pair["articles"]) for pair in found["pairs"]] == [
        (["ada", "ben"], 3), (["ada", "cyd"], 3), (["ben", "cyd"], 1),
    ]  # fmt: skip
    stance = found["variables"]["stance"]
    # One unit of 20, which cyd left unlabelled, has ada's value alone.
    assert (found["articles"], stance["n_units"], stance["n_paired"]) == (5, 20, 19)
    codes = np.tile(np.arange(4), 5)[:, None].repeat(3, axis=1)
    codes[12:, 1] = codes[:8, 2] = codes[8, 2] = codes[19, 2] = MISSING
    codes[0, 1] = 3
    expected = float(krippendorff_alpha(count_codes(codes, n_categories=4)))
    assert stance["alpha"]["value"] == pytest.approx(expected)
    # Article a2 has ada and ben for one speaker and all three for three; each speaker once.
    assert found["variables"]["role"]["n_units"] == 20
    drawn = {path.name for path in (tmp_path / "out" / "figures").glob("confusion-stance-*.png")}
    assert drawn == {f"confusion-stance-{pair}.png" for pair in ("ada-ben", "ada-cyd", "ben-cyd")}


def test_a_speaker_of_several_quotes_counts_once(coders: Path) -> None:
    def one_speaker(quote: Quote) -> Quote:
        speaker = f"{quote.id.partition('-q')[0]}-s0"
        return Quote(
            id=quote.id, article_id=quote.article_id, kind=quote.kind, content=quote.content,
            speaker_id=None if quote.id.endswith("q3") else speaker, reason="",
        )  # fmt: skip

    ada = write_coding(coders / "ada", ARTICLES, change=one_speaker)
    ben = write_coding(coders / "ben", ARTICLES, change=one_speaker, roles={"a0-0": "media"})
    found = _compare(ada, ben)["agreement"]
    role = found["variables"]["role"]
    assert (role["n_units"], role["raw"]["value"]) == (5, pytest.approx(4 / 5))
    # By kind, each quote counts: ten direct ones, two of them by the speaker that differs; of the
    # ten indirect ones five have no speaker.
    of = found["by_kind"]["role"]
    assert of["direct"]["raw"]["value"] == pytest.approx(8 / 10)
    assert (of["indirect"]["n_units"], of["indirect"]["n_paired"]) == (10, 5)


def test_which_articles_count_as_coded(coders: Path, tmp_path: Path) -> None:
    ada = write_coding(coders / "ada", ARTICLES)
    nothing = [f"a4-{n}" for n in range(4)]
    ben = write_coding(coders / "ben", ARTICLES, leave_out=nothing)
    [pair] = _compare(ada, ben)["agreement"]["pairs"]
    assert (pair["articles"], pair["all"]["f1"]["value"]) == (4, 1)
    # His own list says that ben has read a4 and found nothing.
    shutil.copy(tmp_path / "articles.jsonl", ben)
    [pair] = _compare(ada, ben)["agreement"]["pairs"]
    assert pair["articles"] == 5
    assert pair["all"]["f1"]["value"] == pytest.approx(32 / 36)


def _edit(path: Path, **fields: Any) -> None:
    """Change the first record of a file."""
    first, *rest = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([json.dumps(json.loads(first) | fields), *rest]), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "fields", "message"),
    [
        ("labels", {"annotator": "zoe"},
         "labels by ben, zoe; agreement compares one coder per folder, so put the labels of each"),
        ("labels", {"value": "hostile"},
         "label of 'ben-a0-q0': 'hostile' is not a category of stance; accepted: supportive, crit"),
        ("labels", {"variable": "tone"},
         "label of 'ben-a0-q0': codebook 'framing': no variable 'tone'; it has: role, stance"),
        ("labels", {"unit_id": "ben-a0-s0"},
         "label of 'ben-a0-s0': no quote has this id; a stance label takes the id of one in quote"),
        ("labels", {"unit_id": "ben-a0-q1"},
         "label of 'ben-a0-q1': stance is 'supportive' and 'critical'; a coder gives a unit one"),
        ("labels", {"codebook": "0123456789abcdef"},
         "given under codebook 0123456789abcdef, not under 'framing'"),
        ("quotes", {"article_id": "b7"},
         "quote 'ben-a0-q0' is of article 'b7', which is not in articles.jsonl; add it or remove"),
        ("quotes", {"id": "ben-a0-s0"}, "the id 'ben-a0-s0' is used twice; ids of quotes and spea"),
        ("quotes", {"content": [[0, 9999]]}, "ben: article 'a0': quote 'ben-a0-q0' has span"),
    ],
)  # fmt: skip
def test_a_coding_that_is_wrong_is_refused(
    name: str, fields: dict[str, Any], message: str, coders: Path
) -> None:
    ben = write_coding(coders / "ben", ARTICLES)
    _edit(ben / f"{name}.jsonl", **fields)
    with pytest.raises(DataError) as error:
        read_coding(ben, codebook=BOOK)
    assert message in str(error.value)


def test_what_cannot_be_compared_is_refused(
    coders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ada = write_coding(coders / "ada", ARTICLES[:2])
    ben = write_coding(coders / "ben", ARTICLES[2:])
    alone = write_coding(tmp_path / "x" / "y" / "z" / "eve", ARTICLES)
    edited = write_coding(coders / "fay", ARTICLES)
    text = ARTICLES[0].text + " An advert."
    write_jsonl(edited / "articles.jsonl", [Article(id="a0", text=text), *ARTICLES[1:]])
    for arguments, message in (
        ([ada], "agreement: 1 coding; give two or more, or gold to compare it with"),
        ([ada, coders / "." / "ada"], "given twice; a coding agrees with itself, so give each on"),
        ([ada, "--against", ada], "no label by 'adjudicated'"),
        ([ada, ben], "agreement of ada, ben: no article was coded by two of them"),
        ([ada, alone], f"{alone}: no articles.jsonl there or in the two folders above"),
        ([ada, edited], "article 'a0': its text is not the same with ada, fay"),
        ([ada, ben, "--level", "95"], "agreement: level is 95.0; it takes a number between 0 and"),
    ):
        assert run("agreement", *arguments) == 1
        error = capsys.readouterr().err
        assert message in error
        assert error.count("\n") == 1


def test_coders_with_folders_of_one_name_go_by_path(coders: Path) -> None:
    one = write_coding(coders / "first" / "ada", ARTICLES)
    two = write_coding(coders / "second" / "ada", ARTICLES)
    for folder in (one, two):
        shutil.copy(coders.parent / "articles.jsonl", folder)
    assert _compare(one, two)["agreement"]["coders"] == [one.as_posix(), two.as_posix()]


@pytest.mark.corpora
def test_the_gold_of_development_can_be_compared_with() -> None:
    if not GOLD_DEV.exists():
        pytest.skip(f"{GOLD_DEV} is missing; FRAMING_CORPORA names the folder of the corpora")
    gold = read_gold(GOLD_DEV, codebook=BOOK)
    quotes = [quote for of in gold.quotes.values() for quote in of]
    assert len(quotes) == 477
    assert all(gold.value(quote, "stance", "quote") in STANCES for quote in quotes)


def test_quotes_that_coders_found_themselves_are_not_taken_for_given_ones() -> None:
    coders = ROOT / "annotations/samples/coders"
    step = compare_codings([coders / "lm-a", coders / "lm-b"], seed=1, n_resamples=100)
    assert not any("the very same quotes" in note for note in step.notes)


def test_the_experiment_on_the_samples_says_what_the_command_prints(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    folder = Path("experiments/e005_sample_coding")
    written = json.loads((folder / "result.json").read_text(encoding="utf-8"))["results"]
    assert agreement_tables(written) in (folder / "README.md").read_text(encoding="utf-8")
    config = tomllib.loads((folder / "config.toml").read_text(encoding="utf-8"))
    now = compare_codings(**(config | {"n_resamples": 100})).results["agreement"]
    for name, of in now["variables"].items():
        then = written["agreement"]["variables"][name]
        assert of["confusions"] == then["confusions"]
        for key in ("raw", "alpha", "kappa", "ac1"):
            assert of[key]["value"] == pytest.approx(then[key]["value"])
