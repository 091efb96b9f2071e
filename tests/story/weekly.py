"""Weekly arrivals: real declarations come in four parts; heading accuracy on the rest must rise each week.

`python tests/story/weekly.py LINES.csv [--champion DIR] [--config retrain]`. A fifth of the sets of relatives is never trained
on.
"""

import argparse
import itertools
from pathlib import Path

import numpy as np

from elek.bundle import STARTER
from elek.scorer import Scorer
from elek_training.champion_weights import read_champion
from elek_training.curves import COLOURS
from elek_training.fit import GoodsModel, prepare
from elek_training.labelled import LabelledLine, read_labelled
from elek_training.metrics import Measured, share
from elek_training.refit import Lessons, read_refit_config, refit
from elek_training.relations import with_relations
from elek_training.retrain import rehearsal_lines
from elek_training.split import in_fold

WEEKS, TESTED = 4, 0.2


def week_of(line: LabelledLine) -> int:
    """Week in which a set of relatives arrives."""
    return next(week for week in range(1, WEEKS + 1) if in_fold(line.group, week / WEEKS, 5))


def top1(model: GoodsModel, lines: list[LabelledLine]) -> Measured:
    """Heading top-1."""
    import torch

    tested = prepare(lines, model.config.n_rows)
    headings = model.space.tree.headings
    said: list[str] = []
    with torch.no_grad():
        for at in range(0, len(tested.rows), 512):
            mass = model.space.tree.heading_log_mass(model.heads.hs_logits(model.embed(tested.rows[at : at + 512])))
            said += [headings[i] for i in mass.argmax(dim=1).tolist()]
    return share([code == (line.hs or "")[:4] for code, line in zip(said, tested.lines, strict=True)])


def draw(weeks: list[Measured], out: Path) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 3.6), layout="constrained")
    FigureCanvasAgg(figure)
    axis = figure.subplots()
    value = np.array([m.value for m in weeks])
    spread = [value - [m.low for m in weeks], [m.high for m in weeks] - value]
    axis.errorbar(range(len(weeks)), value, yerr=spread, marker="o", capsize=3, color=COLOURS[0])
    axis.set_xticks(range(len(weeks)), ["before", *(f"week {k}" for k in range(1, len(weeks)))])
    axis.set_ylabel("heading top-1 on lines never trained on")
    axis.spines[["top", "right"]].set_visible(False)
    axis.grid(alpha=0.25)
    figure.savefig(out, dpi=110)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lines", type=Path)
    parser.add_argument("--champion", type=Path, default=STARTER)
    parser.add_argument("--config", default="retrain")
    parser.add_argument("--plot", type=Path)
    given = parser.parse_args()
    Scorer.load(given.champion)
    model, config = read_champion(given.champion).model, read_refit_config(given.config)
    lines = with_relations(read_labelled(given.lines).lines)
    rest = [line for line in lines if in_fold(line.group, TESTED, 3)]
    arriving = [line for line in lines if not in_fold(line.group, TESTED, 3)]
    rehearsal = prepare(rehearsal_lines(config), model.config.n_rows)
    weeks = [top1(model, rest)]
    print(f"before: {weeks[0].value:.3f} ({weeks[0].low:.3f} to {weeks[0].high:.3f}, n {weeks[0].n})", flush=True)
    for week in range(1, WEEKS + 1):
        seen = [line for line in arriving if week_of(line) <= week]
        lessons = Lessons(prepare(seen, model.config.n_rows), rehearsal)
        weeks.append(top1(refit(model, lessons, config, lambda *_: None), rest))
        m = weeks[-1]
        print(f"week {week}, {len(seen):,} lines: {m.value:.3f} ({m.low:.3f} to {m.high:.3f}, n {m.n})", flush=True)
    if given.plot:
        draw(weeks, given.plot)
    if any(b.value <= a.value for a, b in itertools.pairwise(weeks)):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
