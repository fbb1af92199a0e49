"""One timed pass of spaCy's blank English tokenizer and sentencizer; run by spaCy's Python."""

import json
import resource
import sys
import time
from pathlib import Path

import spacy

lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
texts = [json.loads(line) for line in lines]
nlp = spacy.blank("en")
nlp.add_pipe("sentencizer")
nlp("“Once,” said Ada Lovell: loading is not timed.")
cpu, start = time.process_time(), time.time()
n_sentences = sum(1 for text in texts for _ in nlp(text).sents)
result = {"cpu": time.process_time() - cpu, "start": start, "end": time.time(), "n": n_sentences}
result["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({**result, "version": spacy.__version__}))
