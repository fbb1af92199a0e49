"""How well classifiers tell stances, and what that rests on: models, splits, inputs, labels.

Run in the project's folder:  .venv/bin/python experiments/e030_stance/run.py
Goes on where it was when it is started again; --test scores the test parts, --smoke is a tiny run
on the samples. Writes cells.jsonl, result.json, a figure, and the tables of README.md.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

from experiments.classifier_trials import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main(HERE))
