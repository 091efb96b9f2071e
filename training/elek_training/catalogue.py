"""Catalogue: goods and what they are called in four languages, read from the YAML files of `data/catalogue`.

It only reads; `elek_training.catalogue_check` judges.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from elek_training.folders import data_folder

LANGUAGES = ("en", "ru", "kk", "zh")
VAGUE_FILE = "vague.yaml"
FIELDS = frozenset({"id", "hs", "control", "family", "models", "look_alike", "fact", "ambiguous", *LANGUAGES})


@dataclass(frozen=True, slots=True)
class Good:
    """One good: what it is called, where it is declared, which control entries name it.

    Attributes
    ----------
    id : str
    hs : tuple of str
        Subheadings under which it is rightly declared, the main one first.
    control : tuple of str
        Control entries it falls under as named, or ``("none",)``.
    names : dict of str to tuple of str
        Language to names.
    models : tuple of str
        Model families and part numbers, in Latin script.
    family : str
        One of the border's own families, or empty.
    look_alike, fact : str
        The entry a benign good resembles, and the fact that decides; or empty.
    ambiguous : str
        What must be asked, for a name that other goods bear too; or empty.
    source : str
        File it stands in.
    """

    id: str
    hs: tuple[str, ...]
    control: tuple[str, ...]
    names: dict[str, tuple[str, ...]]
    models: tuple[str, ...] = ()
    family: str = ""
    look_alike: str = ""
    fact: str = ""
    ambiguous: str = ""
    source: str = ""

    @property
    def is_controlled(self) -> bool:
        """Whether a control entry names it."""
        return self.control != ("none",)


@dataclass(frozen=True, slots=True)
class VaguePhrase:
    """A phrase that says too little, and what must be asked."""

    text: str
    lang: str
    ask: str


def read_yaml(path: Path) -> Any:
    """Read a YAML file with every scalar as text, so that ``0101`` stays ``0101``.

    Raises
    ------
    ValueError
        If the file is no YAML; the message names the file and the line.
    """
    try:
        with path.open(encoding="utf-8") as file:
            return yaml.load(file, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    except yaml.YAMLError as error:
        raise ValueError(f"{path.name} is not YAML: {error}") from error


def catalogue_files(folder: Path) -> list[Path]:
    """List the files of goods, sorted."""
    return sorted(p for p in folder.glob("*.yaml") if p.name != VAGUE_FILE)


def read_catalogue(folder: Path | None = None) -> list[Good]:
    """Read every good.

    Parameters
    ----------
    folder : Path, optional
        Default is `data/catalogue`.

    Returns
    -------
    list of Good
        Sorted by file, then in the order of the file.

    Raises
    ------
    ValueError
        If a file is no YAML or a good lacks `id`, `hs` or `control`; the message names the file and the good.
    """
    return list(_read_goods(folder or data_folder("catalogue")))


def _read_goods(folder: Path) -> Iterator[Good]:
    for path in catalogue_files(folder):
        for raw in read_yaml(path) or []:
            yield _good(raw, path.name)


def _good(raw: dict[str, Any], source: str) -> Good:
    missing = [field for field in ("id", "hs", "control") if not raw.get(field)]
    unknown = sorted(set(raw) - FIELDS)
    if missing or unknown:
        what = f"lacks '{missing[0]}'" if missing else f"has the unknown field '{unknown[0]}'"
        raise ValueError(f"{source}: good '{raw.get('id', '?')}' {what}; see data/README.md for the fields")
    return Good(
        id=raw["id"],
        hs=tuple(raw["hs"]),
        control=tuple(raw["control"]),
        names={lang: tuple(raw.get(lang) or ()) for lang in LANGUAGES},
        models=tuple(raw.get("models") or ()),
        family=raw.get("family", ""),
        look_alike=raw.get("look_alike", ""),
        fact=raw.get("fact", ""),
        ambiguous=raw.get("ambiguous", ""),
        source=source,
    )


@lru_cache(maxsize=1)
def read_vague() -> tuple[VaguePhrase, ...]:
    """Read the vague and umbrella wording of `vague.yaml`.

    Returns
    -------
    tuple of VaguePhrase
    """
    raw = read_yaml(data_folder("catalogue") / VAGUE_FILE) or []
    return tuple(
        VaguePhrase(text, lang, group["ask"]) for group in raw for lang in LANGUAGES for text in group.get(lang, ())
    )
