"""Weekly arrivals: real declarations come in four parts; heading accuracy on lines never trained on must rise each week.

`python tests/story/weekly.py LINES.csv [--champion DIR] [--config retrain] [--plot PNG]`. Each fifth of the sets of relatives is
once the rest, tested and never trained on, while the others arrive in an order of its own: every line is tested once, and no
order is a lucky one. Each week learns all labels that have arrived, from the champion, as `elek train retrain` does.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

from elek.bundle import STARTER
from elek.scorer import Scorer
from elek_training.champion_weights import read_champion
from elek_training.curves import COLOURS
from elek_training.fit import GoodsModel, Prepared, prepare
from elek_training.labelled import LabelledLine, read_labelled
from elek_training.metrics import Measured, share
from elek_training.paired import Bootstrap, Paired, compare_hits
from elek_training.refit import Lessons, RefitConfig, read_refit_config, refit
from elek_training.relations import with_relations
from elek_training.retrain import rehearsal_lines
from elek_training.split import in_fold

WEEKS, PARTS, SEED = 4, 5, 20261200


def part_of(line: LabelledLine, n: int, seed: int) -> int:
    """Part of n in which a set of relatives falls, from 1."""
    return next(part for part in range(1, n + 1) if in_fold(line.group, part / n, seed))


def some(prepared: Prepared, wanted: np.ndarray) -> Prepared:
    rows = np.flatnonzero(wanted)
    return Prepared([prepared.lines[i] for i in rows], [prepared.rows[i] for i in rows])


def hits(model: GoodsModel, tested: Prepared) -> np.ndarray:
    """Whether the likeliest heading is the true one; shape (n,)."""
    said: list[str] = []
    with torch.no_grad():
        for at in range(0, len(tested.rows), 512):
            mass = model.space.tree.heading_log_mass(model.heads.hs_logits(model.embed(tested.rows[at : at + 512])))
            said += [model.space.tree.headings[i] for i in mass.argmax(dim=1).tolist()]
    return np.array([float(code == (line.hs or "")[:4]) for code, line in zip(said, tested.lines, strict=True)])


def learn_weekly(champion: GoodsModel, lines: Prepared, config: RefitConfig) -> np.ndarray:
    """Hits on every line before and after each week, by models never trained on it; shape (n, WEEKS + 1)."""
    rehearsal = prepare(rehearsal_lines(config), champion.config.n_rows)
    part = np.array([part_of(line, PARTS, SEED) for line in lines.lines])
    found = np.zeros((len(lines.lines), WEEKS + 1))
    for k in range(1, PARTS + 1):
        week = np.array([part_of(line, WEEKS, SEED + k) for line in lines.lines])
        rest = some(lines, part == k)
        found[part == k, 0] = hits(champion, rest)
        for last in range(1, WEEKS + 1):
            lessons = Lessons(some(lines, (part != k) & (week <= last)), rehearsal)
            found[part == k, last] = hits(refit(champion, lessons, config, lambda *_: None), rest)
        shown = " ".join(f"{value:.3f}" for value in found[part == k].mean(axis=0))
        print(f"order {k}, n {len(rest.lines)}, before and after each week: {shown}", flush=True)
    return found


def draw(weeks: list[Measured], rises: list[Paired], out: Path) -> None:
    """Draw accuracy week by week with its intervals, and each week's rise with its own."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 3.6), layout="constrained")
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2, width_ratios=[5, 4])
    names = ["before", *(f"week {k}" for k in range(1, len(weeks)))]
    changes = [rise.difference for rise in rises]
    for axis, shown, ticks in ((left, weeks, names), (right, changes, names[1:])):
        value = np.array([m.value for m in shown])
        spread = [value - [m.low for m in shown], [m.high for m in shown] - value]
        axis.errorbar(
            range(len(shown)),
            value,
            yerr=spread,
            marker="o",
            capsize=3,
            color=COLOURS[0],
            ls="-" if axis is left else "",
        )
        axis.set_xticks(range(len(shown)), ticks)
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(alpha=0.25)
    right.axhline(0, color="black", lw=0.8)
    left.set_title(f"heading top-1, {weeks[0].n:,} lines never trained on", fontsize=10)
    right.set_title("rise over the week before", fontsize=10)
    figure.savefig(out, dpi=110)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lines", type=Path)
    parser.add_argument("--champion", type=Path, default=STARTER)
    parser.add_argument("--config", default="retrain")
    parser.add_argument("--plot", type=Path)
    given = parser.parse_args()
    Scorer.load(given.champion)
    model = read_champion(given.champion).model
    lines = prepare(with_relations(read_labelled(given.lines).lines), model.config.n_rows)
    found = learn_weekly(model, lines, read_refit_config(given.config))
    _, related = np.unique([line.group for line in lines.lines], return_inverse=True)
    how = Bootstrap(related.astype(np.int64), 2000)
    weeks = [share(found[:, week] == 1) for week in range(WEEKS + 1)]
    rises = [r for week in range(1, WEEKS + 1) if (r := compare_hits(found[:, week - 1], found[:, week], how))]
    m = weeks[0]
    print(f"before: {m.value:.3f} ({m.low:.3f} to {m.high:.3f}, n {m.n})")
    for week, (m, rise) in enumerate(zip(weeks[1:], rises, strict=True), start=1):
        d = rise.difference
        change = f"{100 * d.value:+.1f} points ({100 * d.low:+.1f} to {100 * d.high:+.1f})"
        print(f"week {week}: {m.value:.3f} ({m.low:.3f} to {m.high:.3f}, n {m.n}), {change}")
    if given.plot:
        draw(weeks, rises, given.plot)
    if any(rise.difference.value <= 0 for rise in rises):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
