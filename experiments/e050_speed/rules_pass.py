"""One timed pass of the rules extractor: marks to speakers, over articles in a file."""

import json
import resource
import sys
import time
from pathlib import Path

from framing.quotes import RulesExtractor
from framing.records import Article

lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
articles = [Article(id=f"a{i}", text=json.loads(line)) for i, line in enumerate(lines)]
extractor = RulesExtractor()
extractor.extract(
    Article(id="first", text="“Once,” said Ada Lovell, so that loading is not timed.")
)
cpu, start = time.process_time(), time.time()
n_quotes = sum(len(extractor.extract(article).quotes) for article in articles)
result = {"cpu": time.process_time() - cpu, "start": start, "end": time.time(), "n": n_quotes}
result["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(result))
