"""`framing extract`: articles to quotes and speakers."""

from pathlib import Path
from typing import Annotated

import typer

from framing.cli.options import (
    BookOption,
    ExtractorOption,
    InputsArgument,
    QuietOption,
    TargetOption,
)
from framing.cli.terminal import progress_bar, show_step
from framing.errors import count

__all__ = ["extract"]


def extract(
    inputs: InputsArgument,
    *,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Folder to write.")],
    target: TargetOption = "",
    extractor: ExtractorOption = "tagger",
    codebook: BookOption = None,
    quiet: QuietOption = False,
) -> None:
    """Find the quotes of articles and who says them.

    Writes articles.jsonl (the texts that all offsets refer to), quotes.jsonl, speakers.jsonl,
    exclusions.jsonl (what was left out, and why), texts.sha256 and run.json. Correct quotes and
    speakers with any editor, then go on with predict or report: the folder is checked when it is
    read again, and mistakes are named by file and line. Labels of your own go to labels.jsonl
    and outrank predictions.

    Examples:
      framing extract news/ --out work
      framing extract "news/**/*.html" more.csv --out work
      zcat dump.jsonl.gz | framing extract - --out work --target "the ceasefire"
    """
    from framing.pipeline import extract_corpus

    with progress_bar(quiet=quiet) as progress:
        step = extract_corpus(
            inputs,
            out=out,
            target=target,
            extractor=extractor,
            codebook=codebook,
            progress=progress,
        )
    found = step.results
    show_step(
        step,
        f"{count(found['articles'], 'article')}, {count(found['quotes'], 'quote')} "
        f"({found['quotes_without_speaker']:,} without a speaker), "
        f"{count(found['speakers'], 'speaker')}; left out: "
        f"{count(found['articles_excluded'], 'article')}, "
        f"{count(found['passages_excluded'], 'passage')} (why: {out / 'exclusions.jsonl'}). "
        f"Wrote {out}",
        quiet=quiet,
    )
