"""The whole way for a stream of articles: one function for each command, each writing a record."""

from framing.pipeline.adjudication import adjudicate_codings
from framing.pipeline.classifiers import load_classifiers
from framing.pipeline.coder_comparison import compare_codings
from framing.pipeline.comparison import compare_corpus
from framing.pipeline.corpus import Corpus, is_extracted, read_corpus
from framing.pipeline.evaluation import evaluate_models
from framing.pipeline.exchange import export_corpus, import_corpus
from framing.pipeline.extraction import extract_corpus
from framing.pipeline.extractor_training import train_extractor
from framing.pipeline.measurement import Measured, measure_corpus
from framing.pipeline.prediction import predict_corpus, predict_units
from framing.pipeline.reporting import report_corpus
from framing.pipeline.reproduction import Reproduction, reproduce_run
from framing.pipeline.run_records import find_run, read_run
from framing.pipeline.steps import Progress, Step
from framing.pipeline.stored_predictions import Predicted, read_predictions
from framing.pipeline.training import train_classifier

__all__ = [
    "Corpus",
    "Measured",
    "Predicted",
    "Progress",
    "Reproduction",
    "Step",
    "adjudicate_codings",
    "compare_codings",
    "compare_corpus",
    "evaluate_models",
    "export_corpus",
    "extract_corpus",
    "find_run",
    "import_corpus",
    "is_extracted",
    "load_classifiers",
    "measure_corpus",
    "predict_corpus",
    "predict_units",
    "read_corpus",
    "read_predictions",
    "read_run",
    "report_corpus",
    "reproduce_run",
    "train_classifier",
    "train_extractor",
]
