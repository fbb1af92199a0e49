"""One timed pass of the tagger: text to speakers, over articles in a file.

As shipped (bfloat16 where the processor has it, windows side by side), or as plainly as can be
(float32, one window after another).
"""

import dataclasses
import json
import resource
import sys
import time
from pathlib import Path

from framing.models import load_extractor
from framing.records import Article

path, way = Path(sys.argv[1]), sys.argv[2]
lines = path.read_text(encoding="utf-8").splitlines()
articles = [Article(id=f"a{i}", text=json.loads(line)) for i, line in enumerate(lines)]
if way == "plain":
    extractor = dataclasses.replace(load_extractor(dtype="float32"), batch=1)
else:
    extractor = load_extractor()
for article in articles[:3]:
    extractor.extract(article)  # so that loading is not timed
cpu, start = time.process_time(), time.time()
n_quotes = sum(len(extractor.extract(article).quotes) for article in articles)
result = {
    "cpu": time.process_time() - cpu,
    "start": start,
    "end": time.time(),
    "n": n_quotes,
    "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    "version": f"{extractor.version[:8]}, {way}",
}
print(json.dumps(result))
