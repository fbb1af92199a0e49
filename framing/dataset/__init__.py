"""Annotated articles: other people's corpora and our own coded ones, as records."""

from framing.dataset.benchmarks import (
    KIND_GROUPS,
    Finding,
    audit_missed,
    count_findings,
    count_missed_cells,
    find_coded_quotes,
    measure_dispersion,
    score_annotators,
    score_attributions,
    score_on_polnear,
    summarise_counts,
)
from framing.dataset.compiled_codings import compile_coding
from framing.dataset.gold_quotes import (
    CodedArticle,
    CodedQuote,
    read_coded_folder,
    read_gold_quotes,
)
from framing.dataset.hydrated_folder import hydrate_whole, write_hydrated
from framing.dataset.hydration import Hydrated, hydrate_store
from framing.dataset.label_store import LabelStore, read_store
from framing.dataset.offsets import CanonicalOffsets
from framing.dataset.polnear import (
    PolnearArticle,
    PolnearPart,
    extend_to_polnear,
    read_copies,
    read_polnear,
)
from framing.dataset.splits import draw_splits, extend_splits, find_leaks
from framing.dataset.store_checks import find_problems
from framing.dataset.store_imports import import_codings, import_items

__all__ = [
    "KIND_GROUPS",
    "CanonicalOffsets",
    "CodedArticle",
    "CodedQuote",
    "Finding",
    "Hydrated",
    "LabelStore",
    "PolnearArticle",
    "PolnearPart",
    "audit_missed",
    "compile_coding",
    "count_findings",
    "count_missed_cells",
    "draw_splits",
    "extend_splits",
    "extend_to_polnear",
    "find_coded_quotes",
    "find_leaks",
    "find_problems",
    "hydrate_store",
    "hydrate_whole",
    "import_codings",
    "import_items",
    "measure_dispersion",
    "read_coded_folder",
    "read_copies",
    "read_gold_quotes",
    "read_polnear",
    "read_store",
    "score_annotators",
    "score_attributions",
    "score_on_polnear",
    "summarise_counts",
    "write_hydrated",
]
