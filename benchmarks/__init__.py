"""elek and its peers, side by side: same lines, same grouped folds, same run. Run it with `python -m benchmarks.run`."""
