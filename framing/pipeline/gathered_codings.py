"""Codings of what was drawn, gathered with the probabilities of the draw."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from framing.codebook import Codebook, load_codebook
from framing.dataset.exchange import CodedCorpus, Suggestion, gather_corpus, write_corpus
from framing.dataset.label_draws import DrawnUnit, weigh_labels
from framing.errors import DataError, count
from framing.jsonl import read_jsonl, write_jsonl
from framing.pipeline.found_quotes import find_found_quotes, write_found_quotes
from framing.pipeline.new_folders import check_new, new_folder
from framing.pipeline.run_records import begin_run, end_run
from framing.pipeline.steps import Step
from framing.records import Article, Exclusion, Label, Quote, Speaker
from framing.runs import file_sha256

__all__ = ["DRAW", "coding_folders", "gather_codings", "read_labels"]

DRAW = "draw.jsonl"
R = TypeVar("R", Article, Quote, Speaker)


def gather_codings(
    coded: Path | str,
    *,
    draw: Path | str,
    out: Path | str,
    earlier: Sequence[Path | str] = (),
    codebook: Path | str | None = None,
) -> Step:
    """Put codings of a draw together, with probabilities, and earlier ones beside them.

    Writes a folder that every command reads; exclusions.jsonl lists labels of units that were not
    drawn (quotes that a coder added to drawn ones), whose probability nobody knows. What found the
    quotes is kept where all folders say the same.

    Args:
        coded: Folder of `import_corpus` (with coders/NAME, or one coder's).
        draw: Folder of `draw_next` that was coded.
        out: Folder that is new or empty.
        earlier: Folders of this function, taken as they are.
        codebook: File; the shipped one when absent.

    Raises:
        DataError: A record is wrong, or two folders hold different records of one id.
    """
    coded, draw, out, book = Path(coded), Path(draw), Path(out), load_codebook(codebook)
    check_new(out)
    drawn = read_jsonl(draw / DRAW, DrawnUnit)
    arguments = {
        "coded": str(coded),
        "draw": str(draw),
        "earlier": [str(path) for path in earlier],
        "codebook": None if codebook is None else str(codebook),
    }
    gathered = _Gathered()
    for path in map(Path, earlier):
        gathered.add(path, read_labels(path))
    left_out: list[Label] = []
    places = coding_folders(coded)
    for place in places:
        gathered.units(place)
        weighed, others = weigh_labels(read_labels(place), drawn, gathered.article_of)
        gathered.add(place, weighed)
        left_out += others
    corpus = gathered.corpus(book)
    by_extractor = find_found_quotes([*map(Path, earlier), *places])
    of_draw = {one.unit_id for one in drawn}
    found = {x.unit_id for x in corpus.labels}
    found |= {gathered.article_of[unit_id] for unit_id in found}
    counts = {
        "articles": len(corpus.articles),
        "labels": len(corpus.labels),
        "labels_left_out": len(left_out),
        "drawn": len(of_draw),
        "drawn_unlabelled": len(of_draw - found),
    }
    with new_folder(out) as beside:
        run = begin_run("gather", arguments, beside)
        run.inputs.update({p.as_posix(): file_sha256(p) for p in [*gathered.files, draw / DRAW]})
        run.inputs.update({} if by_extractor is None else by_extractor.inputs)
        files = write_corpus(beside, corpus)
        files += write_found_quotes(by_extractor, beside, [one.id for one in corpus.articles])
        write_jsonl(beside / "exclusions.jsonl", _exclusions(left_out, gathered.article_of))
        files.append(beside / "exclusions.jsonl")
        run.results.update(counts)
        end_run(run, beside, files)
    return Step(
        folder=out,
        files=tuple(out / file.name for file in files),
        inputs=run.inputs,
        results=run.results,
        notes=tuple(_gather_notes(counts, drawn, earlier)),
    )


def coding_folders(folder: Path) -> list[Path]:
    """The folder itself, or those of its coders.

    Raises:
        DataError: It holds no labels.
    """
    if (folder / "labels.jsonl").is_file():
        return [folder]
    places = sorted(path.parent for path in folder.glob("coders/*/labels.jsonl"))
    if not places:
        raise DataError(
            f"{folder}: holds no labels.jsonl, nor does a folder of a coder in it; give what "
            "framing import wrote"
        )
    return places


def read_labels(place: Path) -> list[Label]:
    """The labels of one such folder."""
    return read_jsonl(place / "labels.jsonl", Label)


class _Gathered:
    """Records of several folders, each id once."""

    def __init__(self) -> None:
        self.articles: dict[str, Article] = {}
        self.quotes: dict[str, Quote] = {}
        self.speakers: dict[str, Speaker] = {}
        self.labels: dict[tuple[str, str, str], Label] = {}
        self.suggestions: dict[Suggestion, None] = {}
        self.files: list[Path] = []

    @property
    def article_of(self) -> dict[str, str]:
        """Article id by id of quote or speaker."""
        units: list[Quote | Speaker] = [*self.quotes.values(), *self.speakers.values()]
        return {unit.id: unit.article_id for unit in units}

    def units(self, place: Path) -> None:
        """Take in articles, quotes and speakers."""
        self._take(place / "articles.jsonl", Article, self.articles)
        self._take(place / "quotes.jsonl", Quote, self.quotes)
        self._take(place / "speakers.jsonl", Speaker, self.speakers)

    def add(self, place: Path, labels: Sequence[Label]) -> None:
        """Take in everything, with these labels in place of those there."""
        self.units(place)
        for label in labels:
            key = (label.unit_id, label.variable, label.annotator)
            if self.labels.setdefault(key, label) != label:
                raise DataError(
                    f"{place / 'labels.jsonl'}: {label.annotator!r} has labelled "
                    f"{label.unit_id!r} before, with another value or probability; keep one"
                )
        if (place / "suggestions.jsonl").is_file():
            self.files.append(place / "suggestions.jsonl")
            self.suggestions.update(dict.fromkeys(read_jsonl(self.files[-1], Suggestion)))

    def corpus(self, codebook: Codebook) -> CodedCorpus:
        """Checked."""
        return gather_corpus(
            self.articles.values(),
            self.quotes.values(),
            self.speakers.values(),
            self.labels.values(),
            codebook=codebook,
            suggestions=self.suggestions,
        )

    def _take(self, path: Path, kind: type[R], known: dict[str, R]) -> None:
        self.files.append(path)
        for record in read_jsonl(path, kind):
            if known.setdefault(record.id, record) != record:
                raise DataError(
                    f"{path}: {kind.__name__.lower()} {record.id!r} is not as in another of the "
                    "folders; where coders changed quotes, gather each coder in a folder of its own"
                )


def _exclusions(labels: Sequence[Label], article_of: Mapping[str, str]) -> Iterator[Exclusion]:
    for label in labels:
        yield Exclusion(
            item=f"{label.unit_id} {label.variable} by {label.annotator}",
            reason="was not drawn, so nobody knows its probability",
            stage="labels",
            article_id=article_of.get(label.unit_id, ""),
        )


def _gather_notes(
    counts: Mapping[str, int], draw: Sequence[DrawnUnit], earlier: Sequence[Path | str]
) -> Iterator[str]:
    if n := counts["labels_left_out"]:
        yield (
            f"{count(n, 'label is of a unit', 'labels are of units')} that "
            f"{'was not drawn, and is' if n == 1 else 'were not drawn, and are'} left out "
            "(exclusions.jsonl)."
        )
    if n := counts["drawn_unlabelled"]:
        yield (
            f"{n:,} of {count(len(draw), f'drawn {draw[0].unit}')} {'has' if n == 1 else 'have'} "
            "no label: estimates hold for the rest only if what is missing is like it."
        )
    if earlier:
        yield (
            "Labels of several draws lie together now. Each draw was made from what had no label "
            "then, so weights of different draws do not belong in one sum; to train on, they do."
        )
