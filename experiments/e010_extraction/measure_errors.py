"""What an extractor misses and makes up on the project's own test split, for balance to use.

Run in the project's folder:
    .venv/bin/python experiments/e010_extraction/measure_errors.py --extractor rules
Needs corpora/article-bias-prediction below FRAMING_CORPORA (default ../shared beside the project).
Writes framing/balance/extraction_errors/NAME.json, or extraction_error.json in the folder of a
trained extractor. The test split is read for this and for scores only: nothing is tuned on it.
"""

import argparse
import hashlib
import importlib.metadata
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import framing.dataset as data
from framing.balance.extraction_error import IN_FOLDER, ExtractionError, write_extraction_error
from framing.codebook import load_codebook
from framing.jsonl import to_json
from framing.pipeline.extraction import choose_extractor
from framing.pipeline.extraction_audit import extraction_error_from_findings

ROOT = Path(__file__).parent.parent.parent
SOURCE = "article-bias-prediction"
CORPORA = Path(os.environ.get("FRAMING_CORPORA", ROOT.parent / "shared"))
SHIPPED = ROOT / "framing/balance/extraction_errors"


def main() -> int:
    """Measure and write; 1 where the texts are missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--extractor", required=True, help="a name, or the folder of a trained one")
    name = parser.parse_args().extractor
    texts = CORPORA / "corpora" / SOURCE
    if not texts.is_dir():
        print(f"{texts}: missing; FRAMING_CORPORA says where the corpora are", file=sys.stderr)
        return 1
    extractor = choose_extractor(name)
    findings = data.find_coded_quotes(read_test_split(texts), extractor)
    n_quotes = sum(len(each.coded.quotes) for each in findings)
    error = extraction_error_from_findings(
        findings,
        extractor=extractor.name,
        version=f"framing {importlib.metadata.version('framing')}, answers {digest(findings)}",
        measured_on=f"the project's test split: {len(findings)} real news articles with "
        f"{n_quotes:,} coded quotes, on which the extractor was never trained or tuned",
        codebook=load_codebook().digest,
    )
    path = Path(name) / IN_FOLDER if Path(name).is_dir() else SHIPPED / f"{extractor.name}.json"
    write_extraction_error(path, error)
    print(f"{path}\n{table(error)}")
    return 0


def read_test_split(texts: Path) -> tuple[data.CodedArticle, ...]:
    """The coded articles of the project's test part; all of them, or an error."""
    with tempfile.TemporaryDirectory(prefix="framing-") as folder:
        data.hydrate_whole(ROOT / "annotations", {SOURCE: texts}, Path(folder))
        return data.read_coded_folder(Path(folder) / "parts/test")


def digest(findings: Sequence[data.Finding]) -> str:
    """Of all that the extractor gave: another version with the same answers is the same."""
    answers = [to_json(each.extraction) for each in findings]
    return hashlib.sha256(json.dumps(answers, sort_keys=True).encode()).hexdigest()[:12]


def table(error: ExtractionError) -> str:
    """Recall by kind, stance and role, in Markdown."""
    lines = ["| | recalled | coded | recall |", "| --- | ---: | ---: | ---: |"]
    rows = {str(k.kind): (k.recalled, k.gold) for k in error.kinds}
    rows |= {f"stance {name}": n for name, n in error.recall_by("stance").items()}
    rows |= {f"role {name}": n for name, n in error.recall_by("role").items()}
    lines += [f"| {name} | {a} | {b} | {a / b:.3f} |" for name, (a, b) in rows.items()]
    spread = f"dispersion {error.dispersion}, variance between articles {error.article_variance}"
    return "\n".join([*lines, "", spread])


if __name__ == "__main__":
    sys.exit(main())
