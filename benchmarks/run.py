"""All benchmarks, one after the other: `make bench`."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import analyse, authoring, logs, replay, report, rules, startup, store, whatif


def main() -> None:
    """Runs them with a data folder of their own."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["EXERCISE_DATA_DIR"] = folder
        for benchmark in (startup, authoring, rules, logs, replay, store, report, whatif, analyse):
            benchmark.main()


if __name__ == "__main__":
    main()
