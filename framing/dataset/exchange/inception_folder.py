"""The `inception` format: documents for https://inception-project.github.io as UIMA CAS XMI.

NAME.xmi for each article, layers.json, and TypeSystem.xml for other UIMA programs. In INCEpTION
import layers.json under "Settings > Layers", then the .xmi files under "Settings > Documents" as
"UIMA CAS XMI (XML 1.0)". It exports a .zip for each document, with the .xmi and its type system;
these come back, also in the folders of a project's export that was unpacked. Offsets in the
files count units of UTF-16, which dkpro-cassis converts.
"""

import re
from pathlib import Path
from typing import Any

from framing.codebook import Codebook
from framing.dataset.exchange.article_match import match_article
from framing.dataset.exchange.cas_files import CasFile, find_cas_files, load_cas
from framing.dataset.exchange.coded_corpus import CodedCorpus, Document
from framing.dataset.exchange.exchange_format import Format
from framing.dataset.exchange.file_names import file_stem
from framing.dataset.exchange.inception_layers import (
    ARTICLE,
    LINK,
    MARK,
    feature_of,
    layers_json,
    make_type_system,
)
from framing.dataset.exchange.marked_texts import (
    PARTS,
    Link,
    Mark,
    MarkedText,
    draw_marks,
    marked_survival,
)
from framing.dataset.exchange.marked_units import gather_marked
from framing.dataset.exchange.masked_texts import mask_text, match_masked
from framing.dataset.exchange.survival import Survival
from framing.errors import DataError
from framing.extras import require
from framing.records import Span

__all__ = ["INCEPTION"]

_EXTRA = "inception"
# What XML 1.0 cannot hold: https://www.w3.org/TR/xml/#charsets.
_CANNOT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _write(corpus: CodedCorpus, path: Path, *, coder: str, seed: int) -> None:  # noqa: ARG001
    cassis = require("cassis", extra=_EXTRA)
    system = make_type_system(cassis, corpus.codebook)
    path.mkdir()
    (path / "layers.json").write_text(layers_json(corpus.codebook), encoding="utf-8", newline="\n")
    (path / "TypeSystem.xml").write_text(system.to_xml(), encoding="utf-8", newline="\n")
    for document in corpus.documents:
        xmi = _make_cas(cassis, system, document, corpus.codebook).to_xmi(pretty_print=True)
        name = f"{file_stem(document.article.id)}.xmi"
        (path / name).write_text(xmi, encoding="utf-8", newline="\n")


def _read(path: Path, *, source: CodedCorpus | None, codebook: Codebook, coder: str) -> CodedCorpus:
    cassis = require("cassis", extra=_EXTRA)
    if source is None:
        raise DataError(f"{path}: give the data that were exported with --data")
    found: dict[str, tuple[CasFile, MarkedText]] = {}
    for file in find_cas_files(path):
        text = _read_document(cassis, file, source, codebook)
        if text is None:
            continue
        name = text.document.article.id
        if name in found:
            # An export of a project has everybody's file, each under its user's name.
            before = found[name][0]
            if (before.user == coder) == (file.user == coder):
                raise DataError(
                    f"{file.where}: article {name!r} stands twice (also in {before.where}); give "
                    f"what one coder did, or the coder's name in INCEpTION with --coders"
                )
            if before.user == coder:
                continue
        found[name] = (file, text)
    return gather_marked(
        [text for _, text in found.values()],
        where=str(path),
        source=source,
        codebook=codebook,
        coder=coder,
    )


INCEPTION = Format(
    name="inception",
    summary="folder with NAME.xmi (UIMA CAS) and layers.json for INCEpTION",
    suffix="",
    survival=marked_survival(
        text=Survival(
            limit="characters that XML cannot hold stand as U+FFFD in the file and come back "
            "from --data"
        ),
    ),
    write=_write,
    read=_read,
)


def _make_cas(cassis: Any, system: Any, document: Document, codebook: Codebook) -> Any:
    article = document.article
    text = mask_text(article.text, _CANNOT)
    cas = cassis.Cas(typesystem=system, sofa_string=text, sofa_mime="text/plain")
    of_text = system.get_type("uima.tcas.DocumentAnnotation")
    cas.add(of_text(begin=0, end=len(text), language=article.lang or "x-unspecified"))
    of_article = system.get_type(ARTICLE)
    cas.add(of_article(article_id=mask_text(article.id, _CANNOT), codebook=codebook.digest))
    marks, links = draw_marks(document, codebook)
    drawn = []
    for mark in marks:
        values = {
            "part": mark.part,
            "kind": mark.kind,
            **{feature_of(variable): value for variable, value in mark.labels.items()},
            "note": mark.note,
            "suggested": mask_text(mark.suggested, _CANNOT),
            "record": mark.record,
        }
        given = {name: value for name, value in values.items() if value}
        drawn.append(system.get_type(MARK)(begin=mark.span.start, end=mark.span.end, **given))
        cas.add(drawn[-1])
    for link in links:
        first, second = drawn[link.first], drawn[link.second]
        # A relation stands where its dependent stands.
        cas.add(
            system.get_type(LINK)(
                begin=second.begin, end=second.end, Governor=first, Dependent=second, link=link.name
            )
        )
    return cas


def _read_document(
    cassis: Any, file: CasFile, source: CodedCorpus, codebook: Codebook
) -> MarkedText | None:
    """The document of a CAS; None for a file of INCEpTION's own beside those of users."""
    if file.user == "INITIAL_CAS":
        return None
    cas = load_cas(cassis, file, make_type_system(cassis, codebook))
    said = cas.select(ARTICLE)
    if said and said[0].codebook not in (None, codebook.digest):
        raise DataError(
            f"{file.where}: exported under codebook {said[0].codebook}, not under "
            f"{codebook.name!r} ({codebook.digest}); give the other with --codebook"
        )
    names = file.names
    if said and said[0].article_id:
        names = (said[0].article_id, *names)
    known = [name for name in names if source.document(name) is not None]
    if not known:
        match_article(source, names[0], where=file.where)
    document = match_masked(
        source, known[0], where=file.where, text=cas.sofa_string, cannot=_CANNOT
    )
    marks: list[Mark] = []
    numbers: dict[int, int] = {}
    for one in sorted(cas.select(MARK), key=lambda one: one.xmiID):
        where = f"{file.where} mark {one.xmiID} [{one.begin}, {one.end}]"
        part = next((part for part in PARTS if part == one.part), None)
        if part is None:
            raise DataError(f"{where}: its part is {one.part!r}; accepted: {', '.join(PARTS)}")
        labels = {v.name: one[feature_of(v.name)] for v in codebook.variables}
        numbers[one.xmiID] = len(marks)
        marks.append(
            Mark(
                where=where,
                part=part,
                span=Span(one.begin, one.end),
                kind=one.kind or "",
                labels={name: value for name, value in labels.items() if value},
                note=(one.note or "").strip(),
                record=one.record or "",
            )
        )
    links = []
    for one in sorted(cas.select(LINK), key=lambda one: one.xmiID):
        where = f"{file.where} link {one.xmiID}"
        if one.Governor is None or one.Dependent is None:
            raise DataError(f"{where}: an end is missing; draw it again or remove it")
        ends: list[Any] = [getattr(end, "xmiID", None) for end in (one.Governor, one.Dependent)]
        if odd := next((end for end in ends if end not in numbers), None):
            raise DataError(
                f"{where}: joins {odd}, which is no mark; draw it between two marks or remove it"
            )
        first, second = (numbers[end] for end in ends)
        links.append(Link(where=where, first=first, second=second, name=one.link or ""))
    return MarkedText(where=file.where, document=document, marks=tuple(marks), links=tuple(links))
