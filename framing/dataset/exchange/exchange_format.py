"""A format of coded corpora: how it is written and read, and what it holds."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from framing.codebook import Codebook
from framing.dataset.exchange.coded_corpus import CodedCorpus
from framing.dataset.exchange.survival import Facet, Survival, check_survival

__all__ = ["Format", "Read", "Write"]


class Write(Protocol):
    """Writes a corpus."""

    def __call__(self, corpus: CodedCorpus, path: Path, *, coder: str, seed: int) -> None:
        """Write to a path that does not exist yet, in a folder that does.

        Args:
            corpus: What survives (`keep_surviving`); nothing else needs to be written.
            path: File with the format's suffix, or folder to make. The caller lets it take its
                place only when all is written.
            coder: Whose task this is, and by whom all labels are; "" for nobody in particular.
            seed: Of every draw, such as a coder's order; the same seed gives the same bytes.

        Raises:
            DataError: It cannot be written; the message says which article or unit is why.
        """


class Read(Protocol):
    """Reads a corpus."""

    def __call__(
        self, path: Path, *, source: CodedCorpus | None, codebook: Codebook, coder: str
    ) -> CodedCorpus:
        """Read what was written, perhaps changed by a coder.

        Args:
            path: What `Write` wrote, where it lies now.
            source: The data that were exported; None only for formats that need none. Articles
                come from here (`match_article`). Labels never do.
            codebook: That labels are checked against.
            coder: Who gave the labels, where the file does not say; "" if nobody was named.

        Returns:
            Documents in the order of `source` (of the file without one); those of `source` that
            the file does not hold are left out.

        Raises:
            DataError: Something in the file is wrong; the message names file and place (line,
                cell, element), what was found, what is accepted and what to do.
        """


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format that coded corpora are exported to and imported from.

    Attributes:
        name: Of `--format`.
        summary: What it is, in a line for the help.
        suffix: Of its file, such as ".xlsx"; "" when it is a folder.
        survival: What becomes of every facet.
        write: See `Write`.
        read: See `Read`.
    """

    name: str
    summary: str
    suffix: str
    survival: Mapping[Facet, Survival]
    write: Write
    read: Read

    def __post_init__(self) -> None:
        check_survival(self.survival)

    @property
    def is_for_one_coder(self) -> bool:
        """Whether a file holds labels of one coder, who is named on import."""
        return self.survival["annotator"].where == "source"

    @property
    def needs_source(self) -> bool:
        """Whether an import needs the data that were exported."""
        return any(
            one.where == "source"
            for facet, one in self.survival.items()
            if facet not in ("annotator", "codebook")
        )
