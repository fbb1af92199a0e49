"""Articles to quotes and speakers: the folder that everything else starts from."""

import contextlib
import dataclasses
import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

from framing.articles import iter_articles
from framing.codebook import load_codebook
from framing.errors import DataError
from framing.jsonl import replace_file, to_json
from framing.pipeline.run_records import begin_run, end_run, find_run
from framing.pipeline.steps import Progress, Step
from framing.quotes import Extractor, RulesExtractor, extract_quotes
from framing.records import Article, Exclusion, Extraction, Quote
from framing.runs import file_sha256

__all__ = [
    "EXTRACTED",
    "EXTRACTORS",
    "QUOTES",
    "TEXTS",
    "choose_extractor",
    "extract_corpus",
    "quotes_digest",
]

EXTRACTORS = ("tagger", "rules")

EXTRACTED = ("articles.jsonl", "quotes.jsonl", "speakers.jsonl", "exclusions.jsonl")
# Digest of every article's text, to notice one that was edited: offsets would point elsewhere.
TEXTS = "texts.sha256"
# Digest of every article's quotes as they were found, to notice which somebody has corrected.
QUOTES = "quotes.sha256"


def extract_corpus(
    inputs: str | Path | Iterable[str | Path],
    *,
    out: Path | str,
    target: str = "",
    extractor: str | Extractor = "tagger",
    codebook: Path | str | None = None,
    progress: Progress | None = None,
) -> Step:
    """Extract the quotes of articles into a folder, one article in memory at a time.

    Writes articles.jsonl (the texts that offsets refer to), quotes.jsonl, speakers.jsonl,
    exclusions.jsonl, texts.sha256, quotes.sha256 and run.json. Each file takes its place only
    when all are whole.

    Args:
        inputs: Files, folders, globs or "-" (see `framing.read_articles`).
        out: Folder, made when missing.
        target: Target of stance for articles whose data give none.
        extractor: See `choose_extractor`; or an extractor.
        codebook: File whose digest the record keeps; the shipped one when absent.
        progress: Called with bytes read and bytes in all.

    Raises:
        DataError: An input does not exist, no article is usable, `out` lies in an input folder,
            or `out` holds labels or corrections that a new extraction would orphan.
    """
    given = [str(inputs)] if isinstance(inputs, (str, Path)) else [str(item) for item in inputs]
    out = Path(out)
    chosen = choose_extractor(extractor) if isinstance(extractor, str) else extractor
    book = load_codebook(codebook)
    _check_out(given, out)
    stream = iter_articles(
        given,
        target=target,
        progress=None if progress is None else lambda done, of: progress("reading", done, of),
    )
    run = begin_run(
        "extract",
        {
            "inputs": given,
            "target": target,
            "extractor": chosen.name,
            "codebook": None if codebook is None else str(codebook),
        },
        out,
    )
    counts: Counter[str] = Counter()
    first_reason = ""
    with contextlib.ExitStack() as stack:
        articles, quotes, speakers, exclusions, texts, digests = (
            stack.enter_context(replace_file(out / name)) for name in (*EXTRACTED, TEXTS, QUOTES)
        )
        for item in stream:
            found = _extracted(item, chosen)
            if isinstance(found, Exclusion):
                first_reason = first_reason or f"{found.item}: {found.reason}"
                counts["articles_excluded"] += 1
                _write(exclusions, [found])
                continue
            article, extraction = found
            _write(articles, [article])
            _write(quotes, extraction.quotes)
            _write(speakers, extraction.speakers)
            _write(exclusions, extraction.exclusions)
            texts.write(f"{article.sha256}  {article.id}\n")
            digests.write(f"{quotes_digest(extraction.quotes)}  {article.id}\n")
            counts["articles"] += 1
            counts["quotes"] += len(extraction.quotes)
            counts["speakers"] += len(extraction.speakers)
            counts["quotes_without_speaker"] += sum(
                quote.speaker_id is None for quote in extraction.quotes
            )
            counts["passages_excluded"] += len(extraction.exclusions)
        if not counts["articles"]:
            raise DataError(
                f"articles: none of the {counts['articles_excluded']} found can be used; "
                f"the first is left out because {first_reason}"
            )
    files = [out / name for name in (*EXTRACTED, TEXTS, QUOTES)]
    run.inputs.update(stream.inputs)
    run.results.update({key: counts[key] for key in _COUNTED}, codebook=book.digest)
    run.results["extractor_version"] = chosen.version
    run.results["notes"] = list(stream.notes)
    end_run(run, out, files)
    return Step(
        folder=out,
        files=tuple(files),
        inputs=dict(stream.inputs),
        results=run.results,
        notes=tuple(stream.notes),
    )


_COUNTED = (
    "articles", "articles_excluded", "quotes", "quotes_without_speaker", "speakers",
    "passages_excluded",
)  # fmt: skip


def quotes_digest(quotes: Iterable[Quote]) -> str:
    """Hex digest of what an extractor is judged by: kinds, contents, cues and sources."""
    found = [(quote.kind, quote.content, quote.cue, quote.source) for quote in quotes]
    return hashlib.sha256(json.dumps(found).encode()).hexdigest()


def choose_extractor(name: str) -> Extractor:
    """The extractor of that name: "rules", "tagger" (shipped), or the folder of a trained tagger.

    Raises:
        DataError: There is none of that name, or the folder holds no tagger.
        MissingDependencyError: The tagger's encoder is not on this machine.
    """
    if name == "rules":
        return RulesExtractor()
    if name != "tagger" and not Path(name).is_dir():
        raise DataError(
            f"extractor {name!r}: neither a known name nor a folder; accepted: "
            f"{', '.join(EXTRACTORS)}, or a folder that  framing train extractor  wrote"
        )
    from framing.models import load_extractor

    tagger = load_extractor(None if name == "tagger" else name)
    return dataclasses.replace(tagger, name=name)


def _extracted(
    item: Article | Exclusion, extractor: Extractor
) -> tuple[Article, Extraction] | Exclusion:
    if isinstance(item, Exclusion):
        return item
    try:
        return item, extract_quotes(item, extractor=extractor)
    except DataError as error:  # one article that an extractor cannot take must not end the run
        return Exclusion(item=item.id, reason=str(error), stage="quotes", article_id=item.id)


def _write(file: TextIO, records: Iterable[Any]) -> None:
    for record in records:
        file.write(json.dumps(to_json(record), ensure_ascii=False, allow_nan=False) + "\n")


def _check_out(given: list[str], out: Path) -> None:
    for item in given:
        folder = Path(item).expanduser()
        if item != "-" and folder.is_dir() and out.resolve().is_relative_to(folder.resolve()):
            raise DataError(
                f"--out {out} lies in the input folder {item}, where the next run would read it "
                "as articles; give a folder beside it"
            )
    record = find_run(out, "extract")
    if (out / "labels.jsonl").exists():
        raise DataError(
            f"{out}: labels.jsonl is there, and its labels belong to the quotes there now; "
            "extract into another folder, or move labels.jsonl away"
        )
    for name in EXTRACTED:
        if (out / name).exists() and (
            record is None or record["outputs"].get(name) != file_sha256(out / name)
        ):
            raise DataError(
                f"{out / name}: not as framing extract left it, so it may be your work; report on "
                f"it with  framing report {out},  or give another --out"
            )
