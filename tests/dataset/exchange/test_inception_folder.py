"""Documents as INCEpTION takes and gives them, edits as its page makes them, and wrong files."""

import dataclasses
import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cassis  # type: ignore[import-untyped]
import pytest

from framing.codebook import load_codebook
from framing.dataset.exchange import cas_files
from framing.dataset.exchange.coded_corpus import CodedCorpus, gather_corpus, of_coder
from framing.dataset.exchange.inception_folder import INCEPTION
from framing.dataset.exchange.survival import keep_surviving
from framing.errors import DataError, MissingDependencyError
from framing.records import Article, Label, Quote, Span, Speaker
from tests.dataset.exchange.coded_corpora import invented_corpus

BOOK = load_codebook()
MARK, LINK = "webanno.custom.QuoteMark", "webanno.custom.QuoteLink"


def _kept(corpus: CodedCorpus) -> CodedCorpus:
    return keep_surviving(of_coder(corpus, "ada"), INCEPTION.survival)[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    INCEPTION.write(_kept(invented_corpus()), tmp_path / "out", coder="ada", seed=0)
    return tmp_path / "out"


def _read(path: Path, *, coder: str = "ada") -> CodedCorpus:
    return INCEPTION.read(path, source=invented_corpus(), codebook=BOOK, coder=coder)


def _load(folder: Path, name: str = "varn-1") -> Any:
    system = cassis.load_typesystem(folder / "TypeSystem.xml")
    return cassis.load_cas_from_xmi(folder / f"{name}.xmi", typesystem=system)


def _edit(folder: Path, change: Callable[[Any], None], name: str = "varn-1") -> None:
    """Change a document with the library, as a UIMA program would."""
    cas = _load(folder, name)
    change(cas)
    cas.to_xmi(folder / f"{name}.xmi", pretty_print=True)


def _mark(cas: Any, start: int, part: str) -> Any:
    found = [one for one in cas.select(MARK) if (one.begin, one.part) == (start, part)]
    assert len(found) == 1
    return found[0]


def _draw(cas: Any, start: int, end: int, **features: str) -> Any:
    one = cas.typesystem.get_type(MARK)(begin=start, end=end, **features)
    cas.add(one)
    return one


def _join(cas: Any, first: Any, second: Any, **features: str) -> None:
    kind = cas.typesystem.get_type(LINK)
    cas.add(kind(begin=second.begin, end=second.end, Governor=first, Dependent=second, **features))


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _quote(corpus: CodedCorpus, name: str) -> Quote:
    return next(quote for quote in corpus.quotes if quote.id == name)


def test_the_library_reads_the_documents_with_the_same_text_and_words(folder: Path) -> None:
    for article in invented_corpus().articles:
        assert _load(folder, article.id).sofa_string == article.text
    cas = _load(folder, "varn-2")
    words = {(one.part, one.get_covered_text()) for one in cas.select(MARK)}
    assert words == {
        ("content", "“No comment 🙂🙂,”"), ("content", "= a shame"), ("cue", "called"),
        ("source", "Ivo Lund, a nurse"),
    }  # fmt: skip
    # In the file offsets are units of UTF-16: two emoji before "called" make 55 into 57.
    assert 'begin="57" end="63" part="cue"' in (folder / "varn-2.xmi").read_text(encoding="utf-8")
    document = cas.select("uima.tcas.DocumentAnnotation")[0]
    assert (document.begin, document.end) == (0, len(cas.sofa_string))


def test_layers_for_the_project_fit_the_type_system(folder: Path) -> None:
    layers = json.loads((folder / "layers.json").read_text(encoding="utf-8"))
    assert [(layer["name"], layer["type"]) for layer in layers] == [
        (MARK, "span"), (LINK, "relation"), ("webanno.custom.FramingArticle", "document-metadata"),
    ]  # fmt: skip
    assert layers[1]["attach_type"] == {"name": MARK}
    system = cassis.load_typesystem(folder / "TypeSystem.xml")
    for layer in layers:
        known = {feature.name for feature in system.get_type(layer["name"]).features}
        named = {feature["name"] for feature in layer["features"]}
        assert named == known - {"Governor", "Dependent"}
    features = {feature["name"]: feature for feature in layers[0]["features"]}
    tags = [tag["tag_name"] for tag in features["code_stance"]["tag_set"]["tags"]]
    assert tags == list(BOOK.variable("stance").names)
    assert features["record"]["visible"] is False
    assert features["note"]["tag_set"] is None


def test_what_inception_exports_for_each_document_comes_back(folder: Path, tmp_path: Path) -> None:
    """A .zip with an .xmi and the type system, with types of its own in both."""
    exported = tmp_path / "exported"
    exported.mkdir()
    for path in folder.glob("*.xmi"):
        system = cassis.load_typesystem(folder / "TypeSystem.xml")
        token = system.create_type(
            "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token", "uima.tcas.Annotation"
        )
        cas = cassis.load_cas_from_xmi(path, typesystem=system)
        cas.add(token(begin=0, end=3))
        with zipfile.ZipFile(exported / f"{path.stem}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(path.name, cas.to_xmi())
            archive.writestr("TypeSystem.xml", system.to_xml())
            archive.writestr(f"__MACOSX/._{path.name}", b"\0\1")
    assert _read(exported) == _read(folder)
    one = _read(exported / "varn-2.zip")
    assert [article.id for article in one.articles] == ["varn-2"]


def test_of_a_project_the_files_of_the_coder_are_taken(folder: Path, tmp_path: Path) -> None:
    # As a project's export lies when unpacked, the layer with the article's name not set up.
    for path in folder.glob("*.xmi"):
        text = path.read_text(encoding="utf-8")
        place = tmp_path / "project" / "annotation" / path.name
        place.mkdir(parents=True)
        for user in ("ada", "ben", "INITIAL_CAS"):
            changed = text.replace("supportive", "critical") if user == "ada" else text
            changed = changed.replace("custom:FramingArticle", "custom:Unknown")
            with zipfile.ZipFile(place / f"{user}.zip", "w") as archive:
                archive.writestr(f"{user}.xmi", changed.replace('members="2 3 ', 'members="2 '))
    (tmp_path / "project" / "annotation_ser").mkdir()
    back = _read(tmp_path / "project")
    assert len(back.articles) == 3
    assert {x.unit_id: x.value for x in back.labels}["varn-1-q1"] == "critical"
    with pytest.raises(DataError, match=r"article 'varn-1' stands twice \(also in .*give what one"):
        _read(tmp_path / "project", coder="eva")


def test_a_category_that_a_coder_changed_arrives(folder: Path) -> None:
    def change(cas: Any) -> None:
        _mark(cas, 45, "content").code_stance = "neutral"
        _mark(cas, 45, "content").note = "two lines\nof remark"

    _edit(folder, change)
    label = next(x for x in _read(folder).labels if x.unit_id == "varn-1-q1")
    assert (label.value, label.time, label.probability) == ("neutral", "", 0.25)
    assert label.note == "two lines\nof remark"


def test_a_span_that_a_coder_moved_arrives(folder: Path) -> None:
    def change(cas: Any) -> None:
        _mark(cas, 65, "content").begin = 67

    _edit(folder, change, "varn-2")
    assert _quote(_read(folder), "varn-2-q2").content == (Span(67, 74),)


def test_a_quote_that_a_coder_added_arrives(folder: Path) -> None:
    def change(cas: Any) -> None:
        words = _draw(cas, 3, 9, part="content", kind="indirect", code_stance="critical")
        _join(cas, words, _draw(cas, 0, 2, part="source"))
        _join(cas, _draw(cas, 0, 2, part="speaker"), words, link="speaker")

    _edit(folder, change, "varn-3")
    added = _quote(_read(folder), "varn-3-q1")
    assert (added.kind, added.content, added.source) == ("indirect", (Span(3, 9),), Span(0, 2))
    assert added.speaker_id == "varn-3-s1"


def test_a_link_that_a_coder_deleted_is_gone(folder: Path) -> None:
    def change(cas: Any) -> None:
        for one in cas.select(LINK):
            if one.link == "speaker":
                cas.remove(one)

    _edit(folder, change)
    assert _quote(_read(folder), "varn-1-q1").speaker_id is None


# Not canonical, as somebody's own articles.jsonl may be: what XML cannot hold, and what it can.
NASTY = "a\r\nb\x00\x07\x1b \ufffe\uffff 🙂\U0001f1fa\U0001f1e6 \u200ehi\u200f  e\u0301 <&]]> so."


def test_characters_that_xml_forbids_come_back(tmp_path: Path) -> None:
    end = len(NASTY)
    name = "odd \x07 id"
    quote = Quote(id="\x08q", article_id=name, kind="direct", content=(Span(end - 3, end),))
    speaker = Speaker(id="s\ufffe", article_id=name, name="\x01 Ann", mentions=(Span(0, 1),))
    label = Label(
        unit_id="\x08q",
        variable="stance",
        value="neutral",
        annotator="ada",
        note="\x07 bell\n\ufffe",
    )
    article = Article(id=name, text=NASTY)
    corpus = gather_corpus([article], [quote], [speaker], [label], codebook=BOOK)
    kept, losses = keep_surviving(corpus, INCEPTION.survival)
    assert not losses
    INCEPTION.write(kept, tmp_path / "out", coder="ada", seed=0)
    [file] = (tmp_path / "out").glob("*.xmi")
    cas = cassis.load_cas_from_xmi(
        file, typesystem=cassis.load_typesystem(tmp_path / "out" / "TypeSystem.xml")
    )
    # One for one, so that offsets stay.
    assert len(cas.sofa_string) == end
    assert cas.sofa_string.count("\ufffd") == 5
    back = INCEPTION.read(tmp_path / "out", source=corpus, codebook=BOOK, coder="ada")
    assert back == corpus


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('part="content"', 'part="word"', r"varn-1\.xmi mark 6 \[45, 64\]: its part is 'word'; ac"),
        (' kind="direct"', "", None),
        ('kind="direct"', 'kind="loud"', r"mark 6 .*: the quote .* has the kind 'direct' and 'lou"),
        ('code_stance="supportive"', 'code_stance="hostile"', r"mark 6 .*'hostile' is not a categ"),
        ('code_stance="supportive"', 'code_role="media"', r"mark 6 .*role is given to a quote, bu"),
        ('part="cue"', 'part="cue" note="hm"', r"mark 8 .*the cue 'said' has a remark or a kind;"),
        ('end="69" part="cue"', 'end="9999" part="cue"', r"varn-1\.xmi: an offset is outside the"),
        ('begin="65" end="69" part', 'begin="69" end="65" part', r"mark 8 .*: covers \[69, 65\],"),
        ('begin="65" end="69" part', 'begin="x" end="69" part', r"varn-1\.xmi: cannot be read as"),
        ('part="cue"', 'part="cue" color="red"', r"cannot be read as a CAS with framing's layers"),
        ('Dependent="8"', 'Dependent="5"', r"link 1\d: is called 'cue', but joins content and spe"),
        ('Dependent="8"', 'Dependent="777"', r"cannot be read as a CAS with framing's layers \(77"),
        ('Dependent="8"', 'Dependent="2"', r"link 1\d: joins 2, which is no mark; draw it betwe"),
        (' Dependent="8"', "", r"varn-1\.xmi link 1\d: an end is missing; draw it again or remove"),
        ("The mayor closed", "The mayor opened", r"varn-1\.xmi: the text of article .varn-1. ha"),
        ('sofaString="', 'sofaText="', r"cannot be read as a CAS with framing's layers"),
        ('encoding="', 'encoding="latin-1', None),
        ("<cas:NULL", "<cas:NULL <", r"varn-1\.xmi: not XML: "),
        ('article_id="varn-1"', 'article_id="varn-2"', r"xmi: the text of article 'varn-2' has ch"),
        ("varn-1-q1", "x&#1;", r"varn-1\.xmi: not XML: "),
        ("{&quot;id", "&quot;id", r"mark \d+ .*: the record that framing wrote there was changed"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_by_file_and_mark(
    folder: Path, old: str, new: str, message: str | None
) -> None:
    text = (folder / "varn-1.xmi").read_text(encoding="utf-8").replace("'UTF-8'", '"UTF-8"')
    (folder / "varn-1.xmi").write_text(text, encoding="utf-8")
    _replace(folder / "varn-1.xmi", old, new)
    if message is None and "encoding" not in old:  # the quote's other part still says it
        assert _quote(_read(folder), "varn-1-q1").kind == "direct"
        return
    expected = message or r"varn-1\.xmi: not in UTF-8; export as UIMA CAS XMI \(XML 1\.0\)"
    with pytest.raises(DataError, match=expected):
        _read(folder)


BOMB = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">]>
<x>&b;&c;</x>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_entities_are_refused(folder: Path, encoding: str) -> None:
    (folder / "varn-1.xmi").write_bytes(BOMB.encode(encoding))
    with pytest.raises(DataError, match=r"varn-1\.xmi: (has a document type, which|not in UTF-8;)"):
        _read(folder)


def test_archives_that_lead_out_are_too_large_or_broken_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "in" / "a.zip"
    path.parent.mkdir()
    for name in ("../../out.xmi", "/out.xmi", "..\\out.xmi"):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(name, "x")
        with pytest.raises(DataError, match=r"a\.zip .*out\.xmi: leads out of the archive"):
            _read(path.parent)
    assert sorted(file.name for file in tmp_path.rglob("*")) == ["a.zip", "in"]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("varn-1.xmi", b"\0" * (65 << 20))
    assert path.stat().st_size < 1 << 20
    with pytest.raises(DataError, match=r"a\.zip varn-1\.xmi: more than 64 MB, far beyond one art"):
        _read(path.parent)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("varn-1.xmi", "<x")
        archive.writestr("varn-2.xmi", b"\0" * (65 << 20))
    # One member at a time: the first is told of before the next is unpacked.
    with pytest.raises(DataError, match=r"a\.zip varn-1\.xmi: not XML"):
        _read(path.parent)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(DataError, match=r"a\.zip: broken archive \(.*\); export it again"):
        _read(path.parent)
    monkeypatch.setattr(cas_files, "_MAX_BYTES", 1 << 20)
    (tmp_path / "b.xmi").write_bytes(b"<" * ((1 << 20) + 1))
    with pytest.raises(DataError, match=r"b\.xmi: more than 1 MB, far beyond one article; exp"):
        _read(tmp_path / "b.xmi")


def test_a_folder_without_documents_or_without_data_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no \.xmi there, nor a \.zip with one; export documents"):
        _read(tmp_path)
    with pytest.raises(DataError, match=r"give the data that were exported with --data$"):
        INCEPTION.read(tmp_path, source=None, codebook=BOOK, coder="ada")


def test_an_article_twice_and_another_codebook_are_refused(folder: Path) -> None:
    other = dataclasses.replace(BOOK, digest="0123456789abcdef")
    expected = rf"varn-1\.xmi: exported under codebook {BOOK.digest}, not under 'framing'"
    with pytest.raises(DataError, match=expected):
        INCEPTION.read(folder, source=invented_corpus(), codebook=other, coder="ada")
    (folder / "copy.xmi").write_bytes((folder / "varn-1.xmi").read_bytes())
    with pytest.raises(
        DataError, match=r"varn-1\.xmi: article 'varn-1' stands twice \(also in .*co"
    ):
        _read(folder)


def test_without_the_library_both_ways_say_what_to_install(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "cassis", None)
    expected = r'cassis is not installed.*pip install "framing\[inception\]"'
    with pytest.raises(MissingDependencyError, match=expected):
        _read(folder)
    with pytest.raises(MissingDependencyError, match=expected):
        INCEPTION.write(_kept(invented_corpus()), tmp_path / "new", coder="ada", seed=0)
    assert not (tmp_path / "new").exists()
