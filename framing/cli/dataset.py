"""`framing dataset`: the labeled dataset, from coders' files to a folder for others."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from framing.cli.label_draws import gather, next_
from framing.cli.options import QuietOption
from framing.cli.terminal import tell
from framing.errors import count

__all__ = ["DATASET_COMMANDS", "DATASET_HELP"]

DATASET_HELP = (
    "Draw what to label next; the labeled dataset: import, check, split, hydrate, publish."
)

StoreOption = Annotated[
    Path, typer.Option("--store", metavar="FOLDER", help="The label store (see annotations/).")
]
TextsOption = Annotated[
    Path,
    typer.Option(
        "--articles",
        metavar="PATH",
        help="The texts: a folder with ID.json for each article, or one file of articles.",
    ),
]
SourceOption = Annotated[
    list[str] | None,
    typer.Option(
        "--source",
        metavar="NAME=PATH",
        help="Your copy of a source dataset: its folder, or a file of articles; repeatable.",
    ),
]
ControlsOption = Annotated[
    Path | None,
    typer.Option(
        "--controls",
        metavar="FILE",
        help="JSON object: gold id of each control article by the id it was given out under.",
    ),
]
SplitSeedOption = Annotated[
    int | None, typer.Option("--seed", metavar="N", min=0, help="Seed of the draw.")
]
KeepOption = Annotated[
    bool,
    typer.Option(
        "--keep",
        help="Draw nothing: test and validation stay, articles coded since are for training.",
    ),
]
_STORE = Path("annotations")


def import_items(
    screening: Annotated[
        list[Path],
        typer.Argument(
            metavar="SCREENING", help="JSON lists of id, genre, target, note; whole replicates."
        ),
    ],
    *,
    articles: TextsOption,
    store: StoreOption = _STORE,
    quiet: QuietOption = False,
) -> None:
    """Take screened articles into the label store, with hashes and probabilities.

    Replaces items.jsonl. Give the screening of all replicates that are coded: probabilities are
    those over these replicates, so import codings again after adding one.

    Examples:
      framing dataset import-items screen/r1.json screen/r2.json --articles drawn/
    """
    from framing.dataset.dataset_cards import refresh_card
    from framing.dataset.store_imports import import_items as take

    done = take(store, screening, articles=articles)
    refresh_card(store)
    tell(f"{count(done.n_articles, 'article')}. Wrote {done.files[0]}", quiet=quiet)


def import_batches(
    ledger: Annotated[
        Path, typer.Argument(metavar="LEDGER", help="JSON list of batch, coder, control, articles.")
    ],
    *,
    codings: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Holds a folder of codings for each coder.")
    ],
    articles: TextsOption,
    gold: Annotated[
        Path, typer.Option(metavar="FILE", help="Coded articles that the controls are from.")
    ],
    controls: ControlsOption,
    store: StoreOption = _STORE,
    quiet: QuietOption = False,
) -> None:
    """Take the ledger of batches into the label store, with agreement on each hidden control.

    Examples:
      framing dataset import-batches ledger.json --codings raw/ --articles drawn/ --gold gold.jsonl
    --controls key.json
    """
    from framing.dataset.batch_ledger import import_batches as take
    from framing.dataset.dataset_cards import refresh_card

    done = take(
        store, ledger, codings=codings, articles=articles, gold=gold, controls=_read_key(controls)
    )
    refresh_card(store)
    tell(f"{count(done.n_left_out, 'batch', 'batches')}. Wrote {done.files[0]}", quiet=quiet)


def import_coding(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="ID.json for each article, words copied.")
    ],
    *,
    coder: Annotated[str, typer.Option(metavar="NAME", help="Who coded.")],
    articles: TextsOption,
    adjudicated: Annotated[
        bool, typer.Option("--adjudicated", help="These are gold, decided over other codings.")
    ] = False,
    replaced: Annotated[
        str,
        typer.Option(metavar="BATCH", help="These are of a batch that was done anew: keep apart."),
    ] = "",
    controls: ControlsOption = None,
    store: StoreOption = _STORE,
    quiet: QuietOption = False,
) -> None:
    """Turn coders' files into spans and labels without text, and take them into the label store.

    Replaces what this coder gave before. Every word is found again in the article; any mistake
    is listed with article and quote, and then nothing is imported. Of notes only codes of
    codebook rules are kept ("tie-break 4", or "rule": "stance.4"). Control articles are left out.

    Examples:
      framing dataset import-coding raw/lm-a --coder lm-a --articles drawn/ --controls key.json
      framing dataset import-coding raw/final --coder lm-adjudicator --adjudicated --articles drawn/
    """
    from framing.dataset.dataset_cards import refresh_card
    from framing.dataset.store_imports import CodingMistakesError, import_codings

    try:
        done = import_codings(
            store,
            folder,
            articles=articles,
            coder=coder,
            adjudicated=adjudicated,
            replaced=replaced,
            controls=_read_key(controls),
        )
    except CodingMistakesError as error:
        tell(*(" ".join(mistake.split()) for mistake in error.mistakes), quiet=quiet)
        raise
    refresh_card(store)
    tell(
        f"{count(done.n_articles, 'article')}, {count(done.n_quotes, 'quote')}; left out: "
        f"{count(done.n_left_out, 'control')}. Wrote {done.files[0].parent}",
        quiet=quiet,
    )


def split(
    *,
    seed: SplitSeedOption = None,
    keep: KeepOption = False,
    store: StoreOption = _STORE,
    quiet: QuietOption = False,
) -> None:
    """Draw training, validation and test, by article and event, and two harder tests.

    Validation and test hold only articles that were coded twice and adjudicated. The other two
    ways hold out outlets, and the latest years. Writes splits.jsonl and splits.run.json.

    Examples:
      framing dataset split --seed 7
      framing dataset split --keep
    """
    import numpy as np

    from framing.dataset.dataset_cards import refresh_card
    from framing.dataset.label_store import read_store
    from framing.dataset.splits import SCHEMES, draw_splits, extend_splits
    from framing.jsonl import write_jsonl
    from framing.runs import start_run, write_run

    if (seed is None) != keep:
        raise typer.BadParameter("give either --seed, to draw splits, or --keep, to extend them")
    run = start_run("split", {"store": str(store), "keep": keep}, seed=seed)
    if keep:
        rows = extend_splits(read_store(store))
    else:
        rows = draw_splits(read_store(store), rng=np.random.default_rng(seed))
    counts: dict[str, dict[str, int]] = {scheme: {} for scheme in SCHEMES}
    for row in rows:
        for scheme, found in counts.items():
            part = getattr(row, scheme)
            found[part] = found.get(part, 0) + 1
    write_jsonl(store / "splits.jsonl", rows)
    run.results = {"articles": counts}
    write_run(run, store, [store / "splits.jsonl"], name="splits.run.json")
    refresh_card(store)
    for scheme, found in counts.items():
        shown = ", ".join(f"{n} {part}" for part, n in sorted(found.items()))
        tell(f"{scheme}: {shown}", quiet=quiet)


def check(
    *,
    store: StoreOption = _STORE,
    source: SourceOption = None,
    quiet: QuietOption = False,
) -> None:
    """Check the label store: spans, hashes, codebook, completeness, batches, leaks of the splits.

    Needs no text. With --source, every article's and every span's hash is compared with the
    texts too. Prints each problem on a line of its own; exit code 1 when there is one.

    Examples:
      framing dataset check
      framing dataset check --source article-bias-prediction=Article-Bias-Prediction
    """
    from framing.dataset.dataset_cards import find_card_problems
    from framing.dataset.hydration import hydrate_store
    from framing.dataset.label_store import read_store
    from framing.dataset.sample_checks import find_sample_problems
    from framing.dataset.source_copies import parse_sources
    from framing.dataset.store_checks import find_problems
    from framing.errors import DataError

    read = read_store(store)
    problems = find_problems(read) + find_card_problems(store)
    if (store / "samples").is_dir():
        problems += find_sample_problems(store / "samples", read.codebook)
    n_codings = sum(len(one.codings) for one in read.coders.values())
    said = (
        f"{count(len(read.items), 'article')} drawn, {len(read.final):,} coded in "
        f"{count(n_codings, 'coding')}"
    )
    if source:
        found = hydrate_store(read, parse_sources(source))
        problems += [f"{one.item}: {one.reason}" for one in found.missing]
        if found.n_same < found.n_coded:
            n = found.n_coded - found.n_same
            problems.append(
                count(
                    n, "text is not the one that was coded", "texts are not those that were coded"
                )
            )
        said += f"; {count(found.n_spans, 'span')} compared with {count(found.n_same, 'text')}"
    for problem in problems:
        print(problem)
    if problems:
        raise DataError(f"{store}: {count(len(problems), 'problem')}")
    tell(f"{store} is whole: {said}; {len(read.gold.article_ids):,} adjudicated.", quiet=quiet)


def hydrate(
    *,
    source: SourceOption = None,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Folder to write.")],
    store: StoreOption = _STORE,
    quiet: QuietOption = False,
) -> None:
    """Join the label store with your own copy of the texts.

    Where your copy differs from the text that was coded (an advert, other quotation marks or
    lines), each span is looked for by its hashes; what is not found is left out and listed in
    exclusions.jsonl. Writes records for train, evaluate and report, tables for
    datasets.load_dataset(FOLDER, "quotes" | "speakers" | "extraction"), and run.json. The folder
    holds news text: do not publish it.

    Examples:
      framing dataset hydrate --source article-bias-prediction=Article-Bias-Prediction --out coded
    """
    from framing.dataset.hydrated_folder import write_hydrated
    from framing.dataset.hydration import hydrate_store
    from framing.dataset.label_store import read_store
    from framing.dataset.source_copies import parse_sources
    from framing.errors import DataError
    from framing.pipeline.run_records import begin_run, end_run
    from framing.runs import file_sha256

    read = read_store(store)
    sources = parse_sources(source or ())
    if not read.final:
        raise DataError(f"{store}: nothing is coded there yet, so there is nothing to hydrate")
    found = hydrate_store(read, sources)
    if not found.articles:
        needed = ", ".join(sorted({item.source_dataset for item in read.items.values()}))
        raise DataError(f"none of {found.n_coded} articles has a text; give --source for: {needed}")
    run = begin_run("hydrate", {"store": str(store), "source": source or []}, out)
    files = write_hydrated(found, out, codebook=read.codebook)
    records = sorted(path for path in store.rglob("*.jsonl") if "samples" not in path.parts)
    run.inputs.update({path.relative_to(store).as_posix(): file_sha256(path) for path in records})
    run.results.update(
        coded=found.n_coded,
        articles=len(found.articles),
        same_text=found.n_same,
        quotes=len(found.final.quotes),
        speakers=len(found.final.speakers),
        labels=len(found.final.labels),
        spans=found.n_spans,
        spans_lost=found.n_lost,
        left_out=len(found.missing),
    )
    end_run(run, out, files)
    tell(
        f"{len(found.articles):,} of {found.n_coded:,} articles, {found.n_same:,} with the very "
        f"text; {count(len(found.final.quotes), 'quote')}; {found.n_lost:,} of "
        f"{count(found.n_spans, 'span')} not found; {len(found.missing):,} left out or "
        f"incomplete (why: {out / 'exclusions.jsonl'}). Wrote {out}",
        quiet=quiet,
    )


def card(*, store: StoreOption = _STORE, quiet: QuietOption = False) -> None:
    """Bring the YAML head of the store's README.md in line with its files; its words stay.

    Examples:
      framing dataset card
    """
    from framing.dataset.dataset_cards import refresh_card

    tell(f"Wrote {refresh_card(store)}", quiet=quiet)


def publish(
    *,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="A new folder.")],
    store: StoreOption = _STORE,
    quiet: QuietOption = False,
) -> None:
    """Write the folder for the Hugging Face hub: annotations without news text, and the card.

    The store is checked first. Upload the folder with
    `hf upload --repo-type dataset NAME FOLDER`.

    Examples:
      framing dataset publish --out hub
    """
    from framing.dataset.dataset_cards import find_card_problems, publish_store
    from framing.dataset.label_store import read_store
    from framing.dataset.store_checks import find_problems
    from framing.errors import DataError

    problems = find_problems(read_store(store)) + find_card_problems(store)
    if problems:
        raise DataError(
            f"{store}: {count(len(problems), 'problem')}, such as: {problems[0]} "
            "(see framing dataset check)"
        )
    files = publish_store(store, out)
    tell(f"{count(len(files), 'file')}. Wrote {out}", quiet=quiet)


DATASET_COMMANDS: Mapping[str, Callable[..., None]] = {
    "next": next_,
    "gather": gather,
    "check": check,
    "hydrate": hydrate,
    "publish": publish,
    "import-items": import_items,
    "import-batches": import_batches,
    "import-coding": import_coding,
    "split": split,
    "card": card,
}


def _read_key(path: Path | None) -> dict[str, str]:
    """Gold ids by the ids of controls."""
    from framing.dataset.store_imports import read_record
    from framing.errors import DataError

    key: Any = read_record(path) if path else {}
    if not isinstance(key, dict) or not all(isinstance(v, str) for v in key.values()):
        raise DataError(f"{path}: not a JSON object of strings")
    return key
