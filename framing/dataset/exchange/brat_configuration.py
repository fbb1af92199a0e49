"""What brat reads beside the documents: which annotations there are, and how they look."""

import re
from pathlib import Path
from typing import get_args

from framing.codebook import Codebook
from framing.errors import DataError
from framing.records import QuoteKind

__all__ = ["VISUAL_CONF", "annotation_conf", "check_codebook"]

_DIGEST = re.compile(r"^# codebook (\S+)$", re.MULTILINE)

VISUAL_CONF = """\
[labels]
Quote | Quote | Q
Content | More of the quote | More
Cue | Cue
Source | Source | Src
Speaker | Speaker | Spk
Same | Same speaker | Same

[drawing]
SPAN_DEFAULT\tfgColor:black, bgColor:#dddddd, borderColor:darken
ARC_DEFAULT\tcolor:black, dashArray:-, arrowHead:triangle-5
ATTRIBUTE_DEFAULT\tglyph:*
Quote\tbgColor:#ffe0a3
Content\tbgColor:#ffe0a3
Cue\tbgColor:#c9e4ff
Source\tbgColor:#d4f0cf
Speaker\tbgColor:#a8dca0
Same\tcolor:#2f7d32, dashArray:3-3, arrowHead:none
"""


def annotation_conf(codebook: Codebook) -> str:
    """The file annotation.conf for a codebook."""
    targets = {"quote": "Quote", "speaker": "Speaker"}
    attributes = [("Kind", "Quote", get_args(QuoteKind))]
    attributes += [(v.name, targets[v.unit], v.names) for v in codebook.variables]
    lines = [
        "# Written by framing; the next line tells it which codebook was used.",
        f"# codebook {codebook.digest}",
        "",
        "[entities]",
        "Speaker",
        "Source",
        "Cue",
        "Content",
        "",
        "[relations]",
        "Same\tArg1:Speaker, Arg2:Speaker, <REL-TYPE>:symmetric-transitive",
        "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>",
        "",
        "[events]",
        "Quote\tCue?:Cue, Source?:Source, Speaker?:Speaker, Content*:Content",
        "",
        "[attributes]",
        *(f"{name}\tArg:{of}, Value:{'|'.join(values)}" for name, of, values in attributes),
    ]
    return "".join(f"{line}\n" for line in lines)


def check_codebook(path: Path, text: str, codebook: Codebook) -> None:
    """Check that annotation.conf, where it still says so, is of this codebook.

    Raises:
        DataError: It is of another one.
    """
    digest = _DIGEST.search(text)
    if digest and digest[1] != codebook.digest:
        raise DataError(
            f"{path}: exported under codebook {digest[1]}, not under {codebook.name!r} "
            f"({codebook.digest}); give the other with --codebook"
        )
