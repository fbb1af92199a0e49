"""All formats that coded corpora are exported to and imported from, by name."""

from collections.abc import Mapping

from framing.dataset.exchange.brat_folder import BRAT
from framing.dataset.exchange.coding_sheets import XLSX
from framing.dataset.exchange.csv_folder import CSV
from framing.dataset.exchange.doccano_folder import DOCCANO
from framing.dataset.exchange.exchange_format import Format
from framing.dataset.exchange.hub_folder import HF
from framing.dataset.exchange.inception_folder import INCEPTION
from framing.dataset.exchange.label_studio import LABEL_STUDIO
from framing.errors import DataError

__all__ = ["FORMATS", "find_format"]

_ALL = (CSV, HF, BRAT, DOCCANO, INCEPTION, LABEL_STUDIO, XLSX)
FORMATS: Mapping[str, Format] = {one.name: one for one in _ALL}


def find_format(name: str) -> Format:
    """The format of that name.

    Raises:
        DataError: There is none.
    """
    if name not in FORMATS:
        raise DataError(
            f"format {name!r}: there is none of that name; accepted: {', '.join(FORMATS)}"
        )
    return FORMATS[name]
