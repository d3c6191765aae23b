"""Opens files in a process that has loaded nothing else, and prints what each one cost.

`python -m tests.corpus.measure FILE NAME [FILE NAME ...]` prints one JSON object a file: code of the refusal ("" if it was read),
rows, sentence, seconds by the clock and of processor time, growth of this process in MB, and the most that a child process has used
so far in MB.
"""

import gc
import json
import resource
import sys
import time
from pathlib import Path

import django
from django.conf import settings

from intake.reader import Limits, Refused, open_table

STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def peak() -> float:
    """Give the highest memory of this process since the last reset, in MB; always 0 where the system does not tell."""
    if not STATUS.exists():
        return 0.0
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def processor_seconds() -> float:
    """Give the processor time of this process and of its children that have ended: what a file costs, however busy the machine is."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def measure(path: str, filename: str) -> dict[str, object]:
    gc.collect()
    if RESET.exists():
        RESET.write_text("5")
    before, started, rows, code, sentence = peak(), processor_seconds(), 0, "", ""
    began = time.perf_counter()
    try:
        with open_table(path, filename, Limits()) as table:
            rows = sum(1 for _row in table)
            sentence = " ".join(table.notes)
    except Refused as refusal:
        code, sentence = refusal.code, refusal.sentence
    return {
        "code": code,
        "rows": rows,
        "sentence": sentence,
        "wall": round(time.perf_counter() - began, 3),
        "seconds": round(processor_seconds() - started, 3),
        "growth": round(peak() - before, 1),
        "child": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, 1),
    }


if __name__ == "__main__":
    settings.configure(USE_I18N=False)
    django.setup()
    for path, filename in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
        sys.stdout.write(json.dumps(measure(path, filename)) + "\n")
        sys.stdout.flush()
