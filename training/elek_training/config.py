"""Configuration of a fit: a frozen value read from TOML; unknown keys are refused."""

import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

from elek.errors import ElekError

CONFIGS = Path(__file__).with_name("configs")


class ConfigError(ElekError, ValueError):
    """A configuration that cannot be read; the message names the key."""


@dataclass(frozen=True, slots=True)
class FitConfig:
    """Settings of one fit.

    Attributes
    ----------
    encoder : {"ngram"}
    n_rows : int
        Rows of the embedding table.
    width : int
        Dimensions of the embedding.
    members : int
        Models that are fitted apart and joined: each has its share of the width, and their logits are averaged.
    composed_lines : int
        Lines composed from the catalogue.
    nomenclature_weight : float
        Weight of a nomenclature text as a training line.
    lexicon_terms : int
        Trade names of a heading taken from the lexicon in each language, at most.
    repeats : int
        How often a line of the user's own, of full weight, is seen in one epoch; composed, nomenclature and lexicon lines once,
        paragraphs of the control lists twice as often.
    epochs, batch : int
    table_rate, head_rate : float
        Learning rates at the start; they fall linearly to 2 %.
    dropout : float
        Share of embedding dimensions dropped in training.
    feature_dropout : float
        Share of a text's features dropped in training.
    held_out : float
        Share of groups kept out of the first of two fits, on which calibration is learnt.
    seed : int
    """

    encoder: Literal["ngram"]
    n_rows: int
    width: int
    members: int
    composed_lines: int
    nomenclature_weight: float
    lexicon_terms: int
    repeats: int
    epochs: int
    batch: int
    table_rate: float
    head_rate: float
    dropout: float
    feature_dropout: float
    held_out: float
    seed: int

    def as_dict(self) -> dict[str, Any]:
        """Give the settings as plain values, for tracking and the bundle."""
        return asdict(self)


def read_config(name: str) -> FitConfig:
    """Read a configuration by name or from a file.

    Parameters
    ----------
    name : str
        ``ngram``, ``starter``, ``smoke``, or the path of a TOML file.

    Returns
    -------
    FitConfig

    Raises
    ------
    ConfigError
        If there is no such configuration, or a key is missing or unknown.
    """
    path = Path(name) if name.endswith(".toml") else CONFIGS / f"{name}.toml"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in CONFIGS.glob("*.toml")))
        raise ConfigError(f"no configuration '{name}'; known are {known}, or give the path of a .toml file")
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not TOML: {error}") from error
    names = {f.name for f in fields(FitConfig)}
    wrong = sorted(set(raw) ^ names)
    if wrong:
        verb = "unknown" if wrong[0] in raw else "missing"
        raise ConfigError(f"{path}: key '{wrong[0]}' is {verb}; the keys are {', '.join(sorted(names))}")
    return FitConfig(**raw)
