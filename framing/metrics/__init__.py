"""Scores as pure functions: spans, found quotes, classification, calibration.

Import from the files (`framing.metrics.classification`, ...): most need numpy, which takes time.
"""

__all__: list[str] = []
