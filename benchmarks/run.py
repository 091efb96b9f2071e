"""The benchmark command: every row, or those named; writes results.json and results.md and the README's table.

Nothing else prints figures of quality. `python -m benchmarks.run --help` lists the choices. Trained bundles and embeddings are kept
under build/benchmark, so that a run that was broken off goes on where it stopped.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

from benchmarks.lines import DataAbsent
from benchmarks.rows import ROWS
from benchmarks.settings import FOLDS, HERE, QUICK_SHARE, Settings
from benchmarks.table import as_json, read_results, summary, write_readme, write_results


def main() -> None:
    """Run the chosen rows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", nargs="*", choices=sorted(ROWS), help="rows to run; all by default")
    parser.add_argument("--folds", type=int, default=FOLDS, choices=range(1, FOLDS + 1), help="how many folds to run")
    parser.add_argument("--quick", action="store_true", help="smoke configuration, few lines; README stays as it is")
    parser.add_argument("--data", type=Path, default=Settings.data, help="folder of the development data")
    chosen = parser.parse_args()
    settings = Settings(
        data=chosen.data, folds=chosen.folds, quick=chosen.quick, share=QUICK_SHARE if chosen.quick else 1.0
    )
    folder = settings.cache / "quick" if settings.quick else HERE
    results = read_results(folder / "results.json")
    for name in chosen.rows or ROWS:
        print(f"{name}: {ROWS[name].title}", file=sys.stderr)
        started = time.perf_counter()
        try:
            figures = as_json(ROWS[name].measure(settings))
            results[name] = {
                "folds": settings.folds,
                "seconds": round(time.perf_counter() - started),
                "figures": figures,
            }
        except DataAbsent as error:
            results[name] = {"absent": str(error)}
        print(json.dumps(results[name], ensure_ascii=False), file=sys.stderr)
        write_results(results, folder)
    if not settings.quick:
        write_readme(results, HERE.parent / "README.md")
    print(summary({name: results[name] for name in chosen.rows or ROWS}))


if __name__ == "__main__":
    main()
