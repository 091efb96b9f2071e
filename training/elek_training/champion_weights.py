"""Champion weights: a bundle's model, its bytes turned back into floats, as the start of the next fit."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from elek.bundle import WORDS, Bundle
from elek.errors import ElekError
from elek.vocabulary import Vocabulary
from elek_training.calibrate import Calibration
from elek_training.config import FitConfig
from elek_training.fit import GoodsModel
from elek_training.heads import Heads
from elek_training.targets import LabelSpace
from elek_training.taxonomy import read_taxonomy
from elek_training.tree import read_tree

OLDEST_FORMAT = 2
"""Bundles before it read texts without their sound form, and share no weights with those after."""

_TEMPERATURES = ("hs_temperature", "control_temperature")
_NEW_ENTRY_BIAS = -8.0
"""Logit of a control entry that the champion did not know: nearly never, until labels say otherwise."""


class ChampionError(ElekError):
    """A bundle whose weights cannot be the start of a fit; the message says why."""


@dataclass(frozen=True)
class Champion:
    """A bundle as a model.

    Attributes
    ----------
    bundle : Bundle
    model : GoodsModel
        Embedding and HS head within half a step of their 255 levels; all else exact. The temperatures are in the weights.
    calibration : Calibration
    """

    bundle: Bundle
    model: GoodsModel
    calibration: Calibration

    @property
    def words(self) -> Vocabulary:
        """The words that the bundle knows; none in one of format 2."""
        return Vocabulary.from_bytes(self.bundle.files[WORDS]) if WORDS in self.bundle.files else Vocabulary({})


def read_champion(folder: Path) -> Champion:
    """Read the weights of a bundle out of its graph.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    Champion

    Raises
    ------
    ChampionError
        If the graph, its configuration or its HS edition is of another version.
    """
    bundle = Bundle.load(folder)
    space = LabelSpace(read_tree(), read_taxonomy().labels())
    if bundle.labels.subheadings != space.tree.subheadings:
        raise ChampionError(
            f"'{folder}' has another HS edition than the training data; fit a new bundle with `elek train fit`"
        )
    if bundle.index["format_version"] < OLDEST_FORMAT:
        raise ChampionError(f"'{folder}' is of an earlier format; fit a new bundle with `elek train fit`")
    try:
        config = FitConfig(**bundle.index["config"])
    except (KeyError, TypeError) as error:
        raise ChampionError(
            f"'{folder}' was trained by another version ({error}); fit a new bundle with `elek train fit`"
        ) from error
    arrays = {
        a.name: numpy_helper.to_array(a) for a in onnx.load_from_string(bundle.files["model.onnx"]).graph.initializer
    }
    width = arrays["table"].shape[1]  # with the wide columns, if it has them
    model, calibration = GoodsModel(replace(config, width=width), space), Calibration()
    try:
        _fill_model(model, arrays)
        _fill_entries(model.heads.control, arrays, [e.entry for e in bundle.labels.entries])
        _fill_vague(model.heads, arrays)
        own = calibration.state_dict()
        state = {name: own[name] if name in _TEMPERATURES else _tensor(arrays[f"calibration.{name}"]) for name in own}
        state["controlled.weight"] = _filled_up(state["controlled.weight"], own["controlled.weight"])
    except (KeyError, RuntimeError) as error:
        raise ChampionError(
            f"'{folder}': weights are not where this version looks for them ({error}); fit a new bundle"
        ) from error
    calibration.load_state_dict(state)
    return Champion(bundle, model.eval(), calibration.eval())


Arrays = dict[str, npt.NDArray[Any]]


def _tensor(array: npt.NDArray[Any]) -> Tensor:
    return torch.from_numpy(np.array(array, dtype=np.float32))


def _fill_model(model: GoodsModel, arrays: Arrays) -> None:
    squared = _tensor(arrays["squared_gate"])
    gates = torch.where(squared > 0, squared.sqrt(), 1.0)  # the row of padding weighs nothing
    scales = _tensor(arrays["weight"]) / gates
    levels = _tensor(arrays["table"]).chunk(model.config.members, dim=1)
    with torch.no_grad():
        for k, (table, gate) in enumerate(model.encoder.pairs):
            gate.weight[:, 0] = gates[:, k].log()
            table.weight.copy_(levels[k] * scales[:, k : k + 1])
        model.heads.subheading.weight.copy_(_tensor(arrays["hs_values"]) * _tensor(arrays["hs_factor"]))
        model.heads.subheading.bias.copy_(_tensor(arrays["hs_bias"]))


def _fill_vague(heads: Heads, arrays: Arrays) -> None:
    with torch.no_grad():
        heads.vague.weight.copy_(_tensor(arrays["vague.weight"]))
        heads.vague.bias.copy_(_tensor(arrays["vague.bias"]))
        if "listed.weight" in arrays:
            heads.listed.weight.copy_(_tensor(arrays["listed.weight"]))


def _filled_up(weight: Tensor, shape: Tensor) -> Tensor:
    """Give the inputs that an earlier bundle did not have no weight: the wide column comes last."""
    return nn.functional.pad(weight, (0, shape.shape[1] - weight.shape[1]))


def _fill_entries(layer: nn.Linear, arrays: Arrays, entries: list[str]) -> None:
    """Fill the control head by the names of entries; entries that the champion lacks start at nearly never."""
    weight, bias = _tensor(arrays["control_weight"]), _tensor(arrays["control_bias"])
    at = {entry: row for row, entry in enumerate(entries)}
    with torch.no_grad():
        layer.bias.fill_(_NEW_ENTRY_BIAS)
        for row, entry in enumerate(e.entry for e in LabelSpace(read_tree(), read_taxonomy().labels()).entries):
            if entry in at:
                layer.weight[row] = weight[at[entry]]
                layer.bias[row] = bias[at[entry]]
