"""elek itself: a bundle of the default configuration and the lines of a task, trained once for all rows that ask for it."""

import hashlib
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import elek
import elek_training
from benchmarks.guesses import Ranks
from benchmarks.lines import Task, without
from benchmarks.settings import Settings
from elek import GoodsLine, Scorer
from elek.goods import ScoredLine
from elek_training.catalogue import Good, read_catalogue, read_vague
from elek_training.compose import Composer
from elek_training.labelled import LabelledLine
from elek_training.pipeline import train
from elek_training.sources import Sources, lexicon_lines, names_of
from elek_training.tracking import Run


@dataclass(frozen=True)
class Trained:
    """A bundle trained for the benchmark.

    Attributes
    ----------
    scorer : Scorer
    folder : Path
    seconds : float
        Of the whole training, both fits, calibration and export.
    """

    scorer: Scorer
    folder: Path
    seconds: float

    def score(self, texts: Sequence[str], declared: Sequence[str] | None = None) -> list[ScoredLine]:
        """Score descriptions, with declared codes when given."""
        codes = declared or [""] * len(texts)
        return self.scorer.score([GoodsLine(t, declared_hs=c or None) for t, c in zip(texts, codes, strict=True)])

    def ranks(self, task: Task) -> Ranks:
        """Give the five best codes of each test line."""
        scored = self.score([line.description for line in task.test])
        return [[r.code for r in (s.headings if task.digits == 4 else s.subheadings)] for s in scored]


@dataclass(frozen=True)
class Recipe:
    """What a bundle is trained on.

    Attributes
    ----------
    lines : sequence of LabelledLine
        The same lines that the peers get, nomenclature among them.
    goods : list of Good
        The goods that lines are composed of; the whole catalogue by default.
    judged : sequence of LabelledLine
        What reads the same as one of these is not trained on.
    """

    lines: Sequence[LabelledLine]
    goods: list[Good] = field(default_factory=read_catalogue)
    judged: Sequence[LabelledLine] = ()

    def own(self, settings: Settings) -> list[LabelledLine]:
        """Give the lines that every fit of elek has beside the given ones: composed ones, and the lexicon of headings."""
        config = settings.config
        n = round(config.composed_lines * settings.share)
        composed = Composer(self.goods, read_vague()).lines(n, config.seed)
        return without([*composed, *settings.thin(lexicon_lines(config.lexicon_terms))], self.judged)


def bundle(recipe: Recipe, settings: Settings) -> Trained:
    """Train a bundle, or load the one that the same code made of the same lines."""
    lines = [*recipe.own(settings), *recipe.lines]
    folder = settings.cache / "bundles" / _key(lines, settings)
    clock = folder.with_suffix(".seconds")
    if not clock.is_file():
        counts = dict(Counter(line.source for line in lines))
        started = time.perf_counter()
        train(
            Sources(lines, {}, counts, Counter(), names_of(recipe.goods)),
            settings.config,
            folder,
            Run("benchmark", None),
        )
        clock.write_text(f"{time.perf_counter() - started:.1f}\n", encoding="utf-8")
    return Trained(Scorer.load(folder), folder, float(clock.read_text(encoding="utf-8")))


def _key(lines: Sequence[LabelledLine], settings: Settings) -> str:
    """Digest of code, configuration and lines."""
    digest = hashlib.sha256(repr(settings.config).encode())
    for package in (elek, elek_training):
        for path in sorted(Path(package.__file__ or "").parent.glob("*.py")):
            digest.update(path.read_bytes())
    for line in lines:
        digest.update(repr(line).encode("utf-8", "replace"))
    return digest.hexdigest()[:16]
