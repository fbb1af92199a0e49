"""Folders as brat reads them, edits as its page makes them, and files that are wrong."""

import dataclasses
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from framing.codebook import load_codebook
from framing.dataset.exchange.brat_folder import BRAT
from framing.dataset.exchange.brat_spans import (
    fragment,
    group_parts,
    is_markable,
    join_fragments,
)
from framing.dataset.exchange.coded_corpus import (
    CodedCorpus,
    Suggestion,
    gather_corpus,
    of_coder,
)
from framing.dataset.exchange.survival import keep_surviving
from framing.errors import DataError
from framing.records import Article, Quote, Span, Speaker
from tests.dataset.exchange.coded_corpora import coded_corpora, invented_corpus

BOOK = load_codebook()


def _kept(corpus: CodedCorpus, coder: str = "ada") -> CodedCorpus:
    return keep_surviving(of_coder(corpus, coder), BRAT.survival)[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    BRAT.write(_kept(invented_corpus()), tmp_path / "out", coder="ada", seed=0)
    return tmp_path / "out"


def _read(folder: Path) -> CodedCorpus:
    return BRAT.read(folder, source=invented_corpus(), codebook=BOOK, coder="ada")


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_bytes().decode("utf-8")
    assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {path.name}"
    path.write_bytes(text.replace(old, new).encode("utf-8"))


def _add(path: Path, *lines: str) -> None:
    path.write_bytes(path.read_bytes() + "".join(f"{line}\n" for line in lines).encode("utf-8"))


def _values(corpus: CodedCorpus) -> dict[str, str]:
    return {label.unit_id: label.value for label in corpus.labels}


def _quote(corpus: CodedCorpus, name: str) -> Quote:
    return next(quote for quote in corpus.quotes if quote.id == name)


def _check_as_brat(annotations: str, text: str) -> None:
    """What brat 1.3 checks (server/src/annotation.py), line by line."""
    types: dict[str, str] = {}
    facts = []
    for line in annotations.split("\n")[:-1]:
        key, rest = line.split("\t", 1)
        assert key == "*" or key not in types
        data, _, tail = rest.partition("\t")
        if key[0] == "T":
            label, offsets = data.split(" ", 1)
            pairs = [tuple(map(int, pair.split(" "))) for pair in offsets.split(";")]
            for n, (start, end) in enumerate(pairs):
                assert 0 <= start < end <= len(text)
                assert not any(end >= a and start < b for a, b in pairs[:n])
            assert tail == " ".join(text[start:end] for start, end in pairs)
            assert tail.strip()
            types[key] = label
        elif key[0] == "E":
            (label, trigger), *arguments = (part.split(":") for part in data.split())
            assert types[trigger] == label == "Quote"
            for role, target in arguments:
                assert types[target] == role.rstrip("0123456789")
            types[key] = label
        elif key == "*":
            label, *targets = data.split()
            assert label == "Same"
            assert {types[target] for target in targets} == {"Speaker"}
        elif key[0] == "A":
            match = re.fullmatch(r"(\S+) (\S+) (\S+)", data)
            assert match is not None
            facts.append(match[2])
        else:
            assert key[0] == "#"
            _, target = data.split()
            facts.append(target)
            assert tail
    assert set(facts) <= set(types)
    # Offsets are the same in code points and in the units of UTF-16 that brat's page counts.
    assert all(char <= "\uffff" for char in text)


def test_lines_are_as_brat_writes_them(folder: Path) -> None:
    lines = (folder / "varn-1.ann").read_text(encoding="utf-8").split("\n")
    assert lines[:11] == [
        "T1\tSpeaker 0 9\tThe mayor",
        "T2\tSpeaker 70 79\tAda Brook",
        "T3\tQuote 45 64;92 115\t“We had no choice,” “The water was rising.”",
        "T4\tCue 65 69\tsaid",
        "T5\tSource 70 90\tAda Brook, the mayor",
        "T6\tQuote 130 151\tthe town was  cut off",
        "T7\tSource 117 124\tA baker",
        "E1\tQuote:T3 Cue:T4 Source:T5 Speaker:T1",
        "E2\tQuote:T6 Source:T7",
        "*\tSame T1 T2",
        "A1\trole T1 government",
    ]
    assert "A3\tstance E1 supportive" in lines


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(corpus=coded_corpora(max_coders=1))
def test_brat_accepts_every_line(
    corpus: CodedCorpus, tmp_path_factory: pytest.TempPathFactory
) -> None:
    try:
        kept = keep_surviving(corpus, BRAT.survival)[0]
    except DataError:
        return
    folder = tmp_path_factory.mktemp("brat") / "out"
    BRAT.write(kept, folder, coder="ada", seed=0)
    files = sorted(folder.glob("*.ann"))
    assert len(files) == len(kept.documents)
    for file in files:
        text = file.with_suffix(".txt").read_bytes().decode("utf-8")
        _check_as_brat(file.read_bytes().decode("utf-8"), text)


def test_the_configuration_lists_every_category(folder: Path) -> None:
    conf = (folder / "annotation.conf").read_text(encoding="utf-8")
    for section in ("[entities]", "[relations]", "[events]", "[attributes]"):
        assert section in conf.split("\n")
    stances = "|".join(BOOK.variable("stance").names)
    assert f"\nstance\tArg:Quote, Value:{stances}\n" in conf
    assert "\nrole\tArg:Speaker, Value:government|" in conf
    assert f"\n# codebook {BOOK.digest}\n" in conf
    visual = (folder / "visual.conf").read_text(encoding="utf-8")
    assert "\n[drawing]\n" in visual


def test_suggestions_are_shown_and_come_back(tmp_path: Path) -> None:
    corpus = invented_corpus()
    seen = Suggestion(unit_id="varn-1-q1", variable="stance", value="critical", model="m\n1")
    corpus = gather_corpus(
        corpus.articles, corpus.quotes, corpus.speakers, [], codebook=BOOK, suggestions=[seen]
    )
    BRAT.write(_kept(corpus), tmp_path / "out", coder="ada", seed=0)
    assert "Suggested E1\tstance: critical (m 1)\n" in (tmp_path / "out" / "varn-1.ann").read_text()
    assert _read(tmp_path / "out").suggestions == (seen,)


def test_a_category_that_a_coder_changed_arrives_without_its_old_time(folder: Path) -> None:
    _edit(folder / "varn-1.ann", "stance E1 supportive", "stance E1 critical")
    label = next(x for x in _read(folder).labels if x.unit_id == "varn-1-q1")
    before = next(x for x in invented_corpus().labels if x.unit_id == "varn-1-q1")
    assert (label.value, label.time, label.probability) == ("critical", "", 0.25)
    assert before.time


def test_a_category_that_a_coder_removed_is_gone(folder: Path) -> None:
    _edit(folder / "varn-1.ann", "A3\tstance E1 supportive\n", "")
    assert _values(_read(folder)) == {"varn-1-q2": "critical", "varn-1-s1": "government"}


def test_a_category_and_a_remark_that_a_coder_added_arrive(folder: Path) -> None:
    _add(
        folder / "varn-2.ann",
        "A9\tstance E2 neutral",
        "#9\tAnnotatorNotes E2\tnot sure, see rule 4",
    )
    label = next(x for x in _read(folder).labels if x.unit_id == "varn-2-q2")
    assert (label.value, label.note, label.annotator) == ("neutral", "not sure, see rule 4", "ada")
    assert (label.codebook, label.probability) == (BOOK.digest, 1.0)


def test_remarks_of_several_lines_come_back_unless_changed(tmp_path: Path) -> None:
    BRAT.write(_kept(invented_corpus(), "ben"), tmp_path / "out", coder="ben", seed=0)
    file = tmp_path / "out" / "varn-1.ann"

    def note() -> str:
        back = BRAT.read(tmp_path / "out", source=invented_corpus(), codebook=BOOK, coder="ben")
        return next(x.note for x in back.labels if x.unit_id == "varn-1-q1")

    assert note() == "-unsure,\nsee rule 4"
    _edit(file, "AnnotatorNotes E1\t-unsure, see rule 4", "AnnotatorNotes E1\tsure now")
    assert note() == "sure now"
    _edit(file, "#3\tAnnotatorNotes E1\tsure now\n", "")
    assert note() == ""


def test_a_span_that_a_coder_moved_arrives(folder: Path) -> None:
    # "cut off" instead of "the town was  cut off", which ends at 151.
    _edit(folder / "varn-1.ann", "130 151\tthe town was  cut off", "144 151\tcut off")
    back = _read(folder)
    assert _quote(back, "varn-1-q2").content == (Span(144, 151),)
    assert _values(back)["varn-1-q2"] == "critical"


def test_an_argument_that_a_coder_deleted_is_gone(folder: Path) -> None:
    _edit(folder / "varn-1.ann", " Speaker:T1", "")
    quote = _quote(_read(folder), "varn-1-q1")
    assert quote.speaker_id is None
    assert quote.cue == Span(65, 69)


def test_a_quote_that_a_coder_deleted_is_gone(folder: Path) -> None:
    lines = (folder / "varn-1.ann").read_text(encoding="utf-8").split("\n")
    gone = ("T6\t", "T7\t", "E2\t", "A4\t", "A5\t", "#4\t")
    left = [line for line in lines if not line.startswith(gone)]
    (folder / "varn-1.ann").write_text("\n".join(left), encoding="utf-8")
    assert [q.id for q in _read(folder).quotes] == ["varn-1-q1", "varn-2-q1", "varn-2-q2"]


def test_a_quote_and_a_speaker_that_a_coder_added_arrive(folder: Path) -> None:
    # "The mayor closed the Varn bridge": 10 to 32 is "closed the Varn bridge".
    _add(
        folder / "varn-1.ann",
        "T8\tQuote 10 32\tclosed the Varn bridge",
        "T9\tSpeaker 117 124\tA baker",
        "E3\tQuote:T8 Speaker:T9",
        "A8\tKind E3 indirect",
        "A9\tstance E3 neutral",
    )
    back = _read(folder)
    # The data already have the ids q1, q2, s1 and s2.
    added = _quote(back, "varn-1-q3")
    assert (added.kind, added.content, added.speaker_id) == (
        "indirect", (Span(10, 32),), "varn-1-s3",
    )  # fmt: skip
    assert next(one.name for one in back.speakers if one.id == "varn-1-s3") == "A baker"
    assert _values(back)["varn-1-q3"] == "neutral"


def test_two_speakers_that_a_coder_joined_are_one_and_a_divided_one_is_two(folder: Path) -> None:
    file = folder / "varn-1.ann"
    _edit(file, "*\tSame T1 T2\n", "")
    speakers = {one.id: one for one in _read(folder).speakers}
    assert speakers["varn-1-s1"].mentions == (Span(0, 9),)
    assert (speakers["varn-1-s3"].name, speakers["varn-1-s3"].mentions) == (
        "Ada Brook", (Span(70, 79),),
    )  # fmt: skip
    _add(file, "T9\tSpeaker 117 124\tA baker", "*\tSame T1 T2 T9")
    assert [one.mentions for one in _read(folder).speakers] == [
        (Span(0, 9), Span(70, 79), Span(117, 124))
    ]


def test_a_span_drawn_over_a_line_end_is_one_part(folder: Path) -> None:
    # As brat divides a selection from "Monday." (36) to "“We had" of the next paragraph.
    _edit(folder / "varn-1.ann", "Quote 45 64;92 115\t“We had no choice,” “The water was rising.”",
          "Quote 36 43;45 64\tMonday. “We had no choice,”")  # fmt: skip
    assert _quote(_read(folder), "varn-1-q1").content == (Span(36, 64),)


@given(
    text=st.text(st.sampled_from("ab \t\n\u3000\xa0"), min_size=1, max_size=14),
    cuts=st.lists(st.integers(0, 14), unique=True, max_size=6).map(sorted),
)
def test_fragments_of_parts_are_put_together_again(text: str, cuts: list[int]) -> None:
    parts = [Span(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False) if b <= len(text)]
    parts = [part for part in parts if is_markable(text, part)]
    groups = group_parts(text, parts)
    assert [part for group in groups for part in join_fragments(text, group)] == parts
    for piece in (piece for part in parts for piece in fragment(text, part)):
        assert not set("\n\t") & set(piece.of(text))
        assert piece.of(text).strip()


def test_what_brat_cannot_mark_is_listed() -> None:
    article = Article(id="a", text="One said\n\nso. Two.")
    quotes = [
        Quote(id="a-q1", article_id="a", kind="direct", content=(Span(8, 12),), speaker_id="a-s1"),
        Quote(id="a-q2", article_id="a", kind="direct", content=(Span(14, 18),), cue=Span(3, 10)),
    ]
    speakers = [
        Speaker(id="a-s1", article_id="a", name="One", mentions=(Span(0, 3),)),
        Speaker(id="a-s2", article_id="a", name="Two", mentions=(Span(8, 10),)),
    ]
    corpus = gather_corpus([article], quotes, speakers, [], codebook=BOOK)
    kept, losses = keep_surviving(corpus, BRAT.survival)
    assert [(loss.item, loss.reason.partition(":")[0]) for loss in losses] == [
        ("speaker a-s2", "speakers"), ("quote a-q1", "quotes"), ("quote a-q2", "cue"),
    ]  # fmt: skip
    assert [quote.id for quote in kept.quotes] == ["a-q2"]


# Not canonical, as somebody's own articles.jsonl may be.
NASTY = (
    "A\r\nb\x0bc\x0cd\x1ce\x85f\u2028g 🙂 \u200ehi\u200f  e\u0301 שלום \x00\x07 \ufffe "
    "said it.\ufffd"
)


def test_a_text_with_what_brat_cannot_hold_comes_back(tmp_path: Path) -> None:
    start = NASTY.index("said it")
    quote = Quote(id="n-q1", article_id="n", kind="indirect", content=(Span(start, start + 7),))
    corpus = gather_corpus([Article(id="n", text=NASTY)], [quote], [], [], codebook=BOOK)
    kept, losses = keep_surviving(corpus, BRAT.survival)
    assert not losses
    BRAT.write(kept, tmp_path / "out", coder="ada", seed=0)
    text = (tmp_path / "out" / "n.txt").read_bytes().decode("utf-8")
    assert len(text) == len(NASTY)
    _check_as_brat((tmp_path / "out" / "n.ann").read_bytes().decode("utf-8"), text)
    assert "\r" not in text
    assert BRAT.read(tmp_path / "out", source=corpus, codebook=BOOK, coder="ada") == corpus
    (tmp_path / "out" / "n.txt").write_bytes(text.replace("hi", "ho").encode("utf-8"))
    # "A\r\nb.c.d.e.f.g . .hi": h is at 18, i at 19.
    with pytest.raises(
        DataError, match=r"n\.txt: the text of article 'n' has changed, first at ch"
    ):
        BRAT.read(tmp_path / "out", source=corpus, codebook=BOOK, coder="ada")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("stance E1 supportive", "stance E1 hostile", r"varn-1\.ann:3: 'hostile' is not a category "
         r"of stance; accepted: supportive, critical"),
        ("stance E1 supportive", "tone E1 bad", r"varn-1\.ann:3: codebook 'framing': no variable"),
        ("stance E1 supportive", "role E1 media", r"ann:3: role is given to a quote, but it is as"),
        ("stance E1 supportive", "stance T4 critical", r"ann:4: the cue 'said' has stance; put it"),
        ("stance E1 supportive", "stance E7 critical", r"ann:13: names E7, which is not in the fi"),
        ("stance E2 critical", "stance E1 critical", r"ann:15: stance of E1 is 'critical' here and "
         r"'supportive' before; keep one"),
        ("stance E1 supportive", "stance E1", r"ann:13: A3 cannot be read; accepted: ID, tab, nam"),
        ("A2\tKind E1 direct\n", "", r"ann:3: the quote '“We had no choice,”' has no kind; give i"),
        ("Kind E1 direct", "Kind E1 loud", r"ann:3: the quote .* has the kind 'loud'; give it one"),
        ("Kind E1 direct", "Kind T5 direct", r"ann:12: Kind of T5, a source; only a Quote has one"),
        ("T4\tCue 65 69\tsaid", "T4\tCue 65 71\tsaid", r"ann:4: entity T4 covers 'said A' but"),
        ("T4\tCue 65 69\tsaid", "T4\tCue 65 69\tsang", r"ann:4: entity T4 covers 'said' but is st"),
        ("T4\tCue 65 69\tsaid", "T4\tCue 65 999\tsaid", r"ann:4: entity T4 covers 65 to 999, but th"
         r"e text has 152 characters"),
        ("T4\tCue 65 69\tsaid", "T4\tCue 69 65\tsaid", r"ann:4: entity T4 covers 69 to 65, but th"),
        ("T4\tCue 65 69\tsaid", "T4\tCue 65 9" + "9" * 5000 + "\tx", r"ann:4: entity T4 covers 65"),
        ("T4\tCue 65 69\tsaid", "T4\tCue six\tsaid", r"ann:4: entity T4 cannot be read; accepted:"),
        ("T4\tCue 65 69\tsaid", "T4\tPerson 65 69\tsaid", r"ann:4: T4 is a 'Person'; accepted: Qu"),
        ("T4\tCue 65 69\tsaid", "T3\tCue 65 69\tsaid", r"ann:4: the id T3 stands twice; ids must"),
        ("T4\tCue 65 69\tsaid", "T4\tCue 65 67;68 69\tsa d", r"ann:4: the Cue T4 is in 2 pieces;"),
        ("T4\tCue 65 69\tsaid", "X4\tCue 65 69\tsaid", r"ann:4: found 'X4.tCue 65 69.tsaid'; acce"),
        ("T6\tQuote 130 151\tthe town was  cut off", "T6\tQuote 60 64\tce,”",
         r"ann:6: the quote 'ce,”' overlaps '“We had no choice,”' \(.*ann:3\); contents of quotes"),
        (" Cue:T4", "", r"ann:4: the cue 'said' belongs to no quote; link it to one, or remove it"),
        (" Cue:T4", " Cue:T5", r"ann:8: Cue of E1 is T5, a Source; draw it to a Cue"),
        (" Cue:T4", " Cue:T4 Cue2:T9", r"ann:8: names T9, which is not in the file"),
        (" Cue:T4", " Cue:T4 Cue2", r"ann:8: event E1 cannot be read; accepted: ID, tab, Quote:TR"),
        ("E2\tQuote:T6 Source:T7", "E2\tQuote:T6 Source:T7 Source2:T5", r"ann:9: the quote 'the "
         r"town was  cut off' has two sources, 'A baker' and 'Ada Brook, the mayor'; remo"),
        ("E2\tQuote:T6 Source:T7", "E2\tQuote:T3 Source:T7", r"ann:3: T3 is the trigger of 2 even"),
        ("E2\tQuote:T6 Source:T7", "E2\tSay:T6 Source:T7", r"ann:9: E2 is a 'Say' with a 'Quote'"),
        ("*\tSame T1 T2", "*\tSame T1 T4", r"ann:10: joins a speaker and a cue; accepted: a quote"),
        ("*\tSame T1 T2", "*\tEquiv T1 T2", r"ann:10: a group 'Equiv'; accepted: Same"),
        ("*\tSame T1 T2", "R1\tSame Arg1:T1 Arg2:T2", r"ann:10: found 'R1.*accepted: lines of ent"),
        ('"id":"varn-1-q1"', '"id":7', r"ann:3: the record that framing wrote there was changed: Un"
         r"itRecord key 'id' is 7; accepted: a string; export again"),
        ('#3\tUnit E1\t{"id"', '#3\tUnit E1\t{id', r"ann:3: the record .* was changed: Expecting"),
        ('#3\tUnit E1\t{', '#3\tAnnotatorNotes T2\thm\n#5\tUnit E1\t{', None),
        ("#3\tUnit E1", "#9\tAnnotatorNotes E2\thm\n#8\tMyType E1\tx\n#3\tUnit E1",
         r"ann:1\d: a note of type 'MyType'; accepted: AnnotatorNotes"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_by_file_and_line(
    folder: Path, old: str, new: str, message: str | None
) -> None:
    _edit(folder / "varn-1.ann", old, new)
    if message is None:
        assert next(x.note for x in _read(folder).labels if x.unit_id == "varn-1-s1") == "hm"
        return
    with pytest.raises(DataError, match=message):
        _read(folder)


def test_a_remark_without_a_category_is_refused(folder: Path) -> None:
    _add(folder / "varn-2.ann", "#9\tAnnotatorNotes E2\twho is it?")
    expected = r"varn-2\.ann:2: has the remark 'who is it\?' and no category; remarks are kept with"
    with pytest.raises(DataError, match=expected):
        _read(folder)


def test_records_in_the_wrong_place_are_refused(folder: Path) -> None:
    _edit(folder / "varn-1.ann", "#3\tUnit E1", "#3\tUnit T2")
    _edit(folder / "varn-1.ann", "#2\tUnit T2", "#2\tUnit E1")
    expected = r"varn-1\.ann:3: carries the record of the speaker 'varn-1-s1', and marks a quote"
    with pytest.raises(DataError, match=expected):
        _read(folder)


def test_files_that_are_missing_or_no_text_are_refused(folder: Path) -> None:
    (folder / "varn-3.ann").unlink()
    with pytest.raises(DataError, match=r"varn-3\.txt: has no varn-3\.ann; copy it from brat too"):
        _read(folder)
    (folder / "varn-3.txt").unlink()
    assert [article.id for article in _read(folder).articles] == ["varn-1", "varn-2"]
    (folder / "varn-2.ann").write_bytes("é".encode("latin-1"))
    with pytest.raises(DataError, match=r"varn-2\.ann: not UTF-8 \(unexpected end of data at byte"):
        _read(folder)
    (folder / "varn-1.txt").unlink()
    with pytest.raises(DataError, match=r"varn-1\.txt: cannot be read \(No such file"):
        _read(folder)


def test_a_folder_without_documents_or_without_data_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no file NAME\.ann there; give the folder of one coder"):
        BRAT.read(tmp_path, source=invented_corpus(), codebook=BOOK, coder="ada")
    with pytest.raises(DataError, match=r"give the data that were exported with --data$"):
        BRAT.read(tmp_path, source=None, codebook=BOOK, coder="ada")


def test_another_codebook_is_refused(folder: Path) -> None:
    other = dataclasses.replace(BOOK, digest="0123456789abcdef")
    expected = rf"annotation\.conf: exported under codebook {BOOK.digest}, not under 'framing'"
    with pytest.raises(DataError, match=expected):
        BRAT.read(folder, source=invented_corpus(), codebook=other, coder="ada")
