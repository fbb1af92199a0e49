"""Reports: one HTML page to read, CSV and LaTeX to work with, figures for the paper."""

from framing.report.models import ModelNote
from framing.report.write import write_report

__all__ = ["ModelNote", "write_report"]
