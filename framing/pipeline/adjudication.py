"""Differences of coders out to a workbook, and the decisions in it back as gold labels."""

import collections
import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from framing.codebook import Codebook, load_codebook
from framing.dataset.exchange import CodedCorpus, Suggestion, with_suggestions, write_corpus
from framing.dataset.exchange.adjudication import LEAVE_OUT, TAKE, Decision, Gold
from framing.dataset.exchange.adjudication_workbook import read_adjudication, write_adjudication
from framing.dataset.exchange.coder_differences import (
    CoderDifferences,
    SharedUnit,
    find_differences,
)
from framing.errors import DataError, count
from framing.jsonl import write_jsonl
from framing.pipeline.coded_source import read_coded
from framing.pipeline.found_quotes import FoundQuotes, find_found_quotes, write_found_quotes
from framing.pipeline.new_folders import check_new, new_folder
from framing.pipeline.run_records import begin_run, end_run
from framing.pipeline.steps import Step
from framing.runs import file_sha256

__all__ = ["ADJUDICATION", "DECISIONS", "DecisionRecord", "adjudicate_codings"]

ADJUDICATION = "adjudication.xlsx"
DECISIONS = "decisions.jsonl"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRecord:
    """One decision, as it is kept beside the gold labels.

    Attributes:
        unit_id: Of the gold quote or speaker; "" where it was left out.
        article_id: Where it stands.
        decided: "take" for whose record holds, or the variable.
        given: What each coder had: the id of the record, or the category; "" for none.
        decision: What holds.
        reason: In the adjudicator's words.
    """

    unit_id: str
    article_id: str
    decided: str
    given: Mapping[str, str]
    decision: str
    reason: str


def adjudicate_codings(
    codings: Sequence[Path | str],
    *,
    out: Path | str,
    decisions: Path | str | None = None,
    codebook: Path | str | None = None,
) -> Step:
    """Write what coders disagree about as a workbook; or, with decisions, gold labels.

    Gold is a folder as every command reads it, with labels by "adjudicated"; a decided label's
    note is the reason. What found the quotes is kept where all coders were given the same.
    decisions.jsonl holds the decisions, exclusions.jsonl what was left out.

    Args:
        codings: Folders of one coder each, two or more; articles.jsonl lies there, or two folders
            above where the folder is coders/NAME.
        out: Folder that is new or empty; adjudication.xlsx in it, or the gold folder.
        decisions: The workbook, filled in; the same codings have to be given.
        codebook: File; the shipped one when absent.

    Raises:
        DataError: A coding is wrong or nothing is coded twice; `out` holds files; something in
            the workbook is wrong or undecided. Nothing is written then.
    """
    out, book = Path(out), load_codebook(codebook)
    if len(codings) < 2:
        raise DataError(f"adjudicate: {len(codings)} coding; give two or more")
    check_new(out, holding="decisions")
    names = _name_coders(codings)
    read = [_read(Path(path), name, book) for path, name in zip(codings, names, strict=True)]
    differences = find_differences([corpus for corpus, _ in read], names)
    gold: Gold | None = None
    decided: dict[int, Decision] = {}
    found: FoundQuotes | None = None
    if decisions is not None:
        found = find_found_quotes([Path(path) for path in codings])
        gold, decided = read_adjudication(Path(decisions), differences)
    notes = _notes(differences, names, [corpus for corpus, _ in read], gold)
    with new_folder(out) as beside:
        arguments = {
            "codings": [str(path) for path in codings],
            "decisions": None if decisions is None else str(decisions),
            "codebook": None if codebook is None else str(codebook),
        }
        run = begin_run("adjudicate", arguments, beside)
        for _, inputs in read:
            run.inputs.update(inputs)
        run.results.update(_count(differences))
        run.results["labels_given"] = {
            name: len(corpus.labels) for name, (corpus, _) in zip(names, read, strict=True)
        }
        if gold is None:
            files = [beside / ADJUDICATION]
            write_adjudication(differences, files[0])
        else:
            run.inputs[str(decisions)] = file_sha256(Path(str(decisions)))
            run.inputs.update({} if found is None else found.inputs)
            seen = _seen_before(differences, gold, read)
            files = write_corpus(beside, with_suggestions(gold.corpus, seen))
            files += write_found_quotes(found, beside, [one.id for one in gold.corpus.articles])
            write_jsonl(beside / DECISIONS, _records(differences, gold, decided))
            write_jsonl(beside / "exclusions.jsonl", [*differences.alone, *gold.left_out])
            files += [beside / DECISIONS, beside / "exclusions.jsonl"]
            run.results.update(
                decided=sum(bool(one.take) + len(one.values) for one in decided.values()),
                gold={
                    name: len(getattr(gold.corpus, name))
                    for name in ("articles", "quotes", "speakers", "labels")
                },
                left_out=len(gold.left_out),
                labels_after_suggestion=len({(one.unit_id, one.variable) for one in seen}),
            )
        run.results["notes"] = notes
        end_run(run, beside, files)
    return Step(
        folder=out,
        files=tuple(out / file.name for file in files),
        inputs=dict(run.inputs),
        results=run.results,
        notes=tuple(notes),
    )


def _notes(
    differences: CoderDifferences,
    names: Sequence[str],
    codings: Sequence[CodedCorpus],
    gold: Gold | None,
) -> list[str]:
    """What is missing, in sentences."""
    notes = []
    if n := len(differences.alone):
        what = count(n, "article was", "articles were")
        which = "is" if n == 1 else "are"
        notes.append(f"{what} coded by one coder alone, and {which} left out")
    notes += [
        f"{name} has given no label to {count(len(corpus.quotes), 'quote')} and "
        f"{count(len(corpus.speakers), 'speaker')}; is the sheet filled in?"
        for name, corpus in zip(names, codings, strict=True)
        if not corpus.labels
    ]
    if gold is not None and not gold.corpus.labels:
        notes.append(
            f"the gold has no label: {count(len(gold.corpus.quotes), 'quote')} and "
            f"{count(len(gold.corpus.speakers), 'speaker')} without a category"
        )
    return notes


def _name_coders(codings: Sequence[Path | str]) -> list[str]:
    names = [Path(path).resolve().name for path in codings]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise DataError(
            f"adjudicate: two codings are named {twice!r}; give each once, in folders of the "
            "coders' names"
        )
    if LEAVE_OUT in names:
        raise DataError(f"adjudicate: {LEAVE_OUT!r} is no name of a coder; rename the folder")
    return names


def _read(path: Path, name: str, codebook: Codebook) -> tuple[CodedCorpus, dict[str, str]]:
    """The coding of one folder."""
    if not path.is_dir():
        raise DataError(f"{path}: no such folder; give that of a coder, such as coded/coders/NAME")
    if (path / "articles.jsonl").is_file():
        corpus, inputs = read_coded(path, "", codebook=codebook)
    elif path.resolve().parent.name == "coders":
        home = path.parent.parent if path.parent.name == "coders" else path.resolve().parents[1]
        corpus, inputs = read_coded(home, name, codebook=codebook)
    else:
        raise DataError(
            f"{path}: no articles.jsonl there; give a folder with one, or coders/NAME below it"
        )
    if len(corpus.annotators) > 1:
        raise DataError(
            f"{path}: labels by {', '.join(corpus.annotators)}; give a folder for each coder"
        )
    return corpus, inputs


def _count(differences: CoderDifferences) -> dict[str, Any]:
    differing = collections.Counter(
        f"{unit.kind} {what}" for unit in differences.units for what in unit.differs
    )
    return {
        "coders": list(differences.names),
        "codebook": differences.codebook.digest,
        "articles": len(differences.documents),
        "quotes": len(differences.quotes),
        "speakers": len(differences.speakers),
        "differing": dict(sorted(differing.items())),
        "articles_coded_once": len(differences.alone),
    }


def _records(
    differences: CoderDifferences, gold: Gold, decided: Mapping[int, Decision]
) -> list[DecisionRecord]:
    records = []
    for n, decision in sorted(decided.items()):
        unit = differences.units[n]
        choices = [(TAKE, decision.take)] if decision.take else []
        records += [
            DecisionRecord(
                unit_id=gold.unit_ids[n],
                article_id=unit.article.id,
                decided=what,
                given=_given(differences, unit, what),
                decision=choice,
                reason=decision.reason,
            )
            for what, choice in [*choices, *decision.values.items()]
        ]
    return records


def _given(differences: CoderDifferences, unit: SharedUnit, what: str) -> dict[str, str]:
    if what == TAKE:
        given = ["" if one is None else one.id for one in unit.found]
    else:
        given = ["" if label is None else label.value for label in unit.labels[what]]
    return {differences.names[c]: value for c, value in zip(unit.coders, given, strict=True)}


def _seen_before(
    differences: CoderDifferences,
    gold: Gold,
    read: Sequence[tuple[CodedCorpus, Mapping[str, str]]],
) -> list[Suggestion]:
    """What some coder had seen of a model before labelling what is gold now, for the gold's units.

    A model that showed coders different categories for one unit has the first of them.
    """
    shown: list[dict[str, list[Suggestion]]] = []
    for corpus, _ in read:
        of_unit: dict[str, list[Suggestion]] = collections.defaultdict(list)
        for one in corpus.suggestions:
            of_unit[one.unit_id].append(one)
        shown.append(of_unit)
    labelled = {(label.unit_id, label.variable) for label in gold.corpus.labels}
    seen: dict[tuple[str, str, str], Suggestion] = {}
    for unit_id, unit in zip(gold.unit_ids, differences.units, strict=True):
        for coder, record in zip(unit.coders, unit.found, strict=True):
            for one in shown[coder].get(record.id, ()) if record else ():
                if (unit_id, one.variable) in labelled:
                    key = (unit_id, one.variable, one.model)
                    seen.setdefault(key, dataclasses.replace(one, unit_id=unit_id))
    return list(seen.values())
