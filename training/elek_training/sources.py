"""Sources: every training line of a fit, from catalogue, nomenclature and the user's files, each with its provenance."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from elek_training.catalogue import Good, catalogue_files, read_catalogue, read_vague
from elek_training.compose import Composer
from elek_training.config import FitConfig
from elek_training.folders import data_folder
from elek_training.labelled import LabelledLine, read_labelled
from elek_training.lexicon import read_lexicon
from elek_training.nomenclature import EDITION, read_nomenclature


@dataclass(frozen=True)
class Sources:
    """Training lines and where they come from.

    Attributes
    ----------
    lines : list of LabelledLine
    digests : dict of str to str
        Source to sha256 of what was read.
    counts : dict of str to int
        Source to number of lines.
    changed : Counter of str
        Labels that were moved or shortened, by cause.
    names : sequence of str
        Clean names of the goods that lines were composed of.
    """

    lines: list[LabelledLine]
    digests: dict[str, str]
    counts: dict[str, int]
    changed: Counter[str]
    names: Sequence[str] = ()


def nomenclature_lines(weight: float) -> list[LabelledLine]:
    """Give each heading's and subheading's text as a training line."""
    texts = read_nomenclature().texts
    return [
        LabelledLine(text, hs=code, lang="en", source=EDITION, group=f"{EDITION}:{code}", weight=weight)
        for code, text in sorted(texts.items())
        if len(code) in (4, 6)
    ]


def lexicon_lines(terms: int) -> list[LabelledLine]:
    """Give the first trade names of each heading and language, at most `terms`, as training lines of the heading."""
    taken: Counter[tuple[str, str]] = Counter()
    lines = []
    for t in read_lexicon():
        taken[t.heading, t.lang] += 1
        if taken[t.heading, t.lang] <= terms:
            lines.append(LabelledLine(t.term, hs=t.heading, lang=t.lang, source="lexicon"))
    return lines


def names_of(goods: Sequence[Good]) -> list[str]:
    """Give every name of goods in every language."""
    return [name for good in goods for names in good.names.values() for name in names]


def gather(config: FitConfig, files: list[Path]) -> Sources:
    """Read, compose and join all training lines.

    Parameters
    ----------
    config : FitConfig
    files : list of Path
        Labelled CSVs.

    Returns
    -------
    Sources

    Raises
    ------
    LabelError
        If a file cannot be trained on.
    """
    folder = data_folder("catalogue")
    goods = read_catalogue()
    lines = list(Composer(goods, read_vague()).lines(config.composed_lines, config.seed))
    lines += nomenclature_lines(config.nomenclature_weight) + lexicon_lines(config.lexicon_terms)
    paths = sorted(folder.rglob("*.yaml")) + sorted(data_folder("taxonomy").glob("*.csv"))
    digests = {f"{p.parent.name}/{p.name}": hashlib.sha256(p.read_bytes()).hexdigest() for p in paths}
    changed: Counter[str] = Counter()
    for number, path in enumerate(files):
        reading = read_labelled(path)
        changed.update(reading.changed)
        lines += [replace(line, source=line.source or path.stem) for line in reading.lines]
        digests[f"lines {number + 1}: {path.name}"] = hashlib.sha256(path.read_bytes()).hexdigest()
    counts = dict(sorted(Counter(line.source for line in lines).items()))
    return Sources(lines, digests, counts, changed, names_of(goods))


def catalogue_digest() -> str:
    """Give the sha256 over all files of goods, in order."""
    digest = hashlib.sha256()
    for path in catalogue_files(data_folder("catalogue")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
