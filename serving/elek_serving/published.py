"""Published bundles: what `elek train promote` and `rollback` write to the folder that services watch, read and checked."""

import binascii
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from elek.bundle import Bundle
from elek.errors import BundleError
from elek.scorer import Scorer
from elek.signature import read_public_key, verify_bytes

CHAMPION = "champion.json"
MAX_BYTES = 1 << 20
FORMAT = 1


@dataclass(frozen=True)
class Champion:
    """What `champion.json` names.

    Attributes
    ----------
    bundle : str
        Digest.
    folder : Path
        Where the bundle lies.
    promotion : Path
        Its signed promotion record.
    """

    bundle: str
    folder: Path
    promotion: Path


def read_champion(published: Path) -> Champion:
    """Read which bundle is champion.

    Raises
    ------
    BundleError
        If the file is not in the agreed form, or names something outside the folder.
    """
    try:
        raw = json.loads(_content(published / CHAMPION))
        if raw["format"] != FORMAT:
            raise BundleError(f"{CHAMPION} has format {raw['format']}, this version reads {FORMAT}; update elek")
        champion = Champion(str(raw["bundle"]), published / raw["folder"], published / raw["promotion"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BundleError(f"{CHAMPION} in '{published}' cannot be read ({error}); promote again") from error
    for path in (champion.folder, champion.promotion):
        if not path.resolve().is_relative_to(published.resolve()):
            raise BundleError(f"{CHAMPION} names '{path}', which is outside '{published}'; promote again")
    return champion


def load_champion(champion: Champion, trust_key: str) -> tuple[Scorer, dict[str, Any]]:
    """Load a champion: signature, files, golden lines, and its signed promotion record.

    Returns
    -------
    (Scorer, dict)
        The running bundle, and the promotion record with its signature as `signature`.

    Raises
    ------
    BundleError
        If anything does not hold.
    """
    bundle = Bundle.load(champion.folder, trust_key=trust_key)
    if bundle.digest != champion.bundle:
        raise BundleError(f"'{champion.folder}' is {bundle.digest}, {CHAMPION} says {champion.bundle}; promote again")
    promotion = _promotion(champion, trust_key)
    return Scorer(bundle), promotion


def _promotion(champion: Champion, trust_key: str) -> dict[str, Any]:
    content = _content(champion.promotion)
    try:
        signature = binascii.unhexlify(_content(champion.promotion.with_suffix(".sig")).strip())
        record = json.loads(content)
        named = record["bundle"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BundleError(f"promotion record '{champion.promotion.name}' cannot be read; promote again") from error
    if not verify_bytes(content, signature, read_public_key(trust_key)):
        raise BundleError(
            f"promotion record '{champion.promotion.name}' is not signed by the trusted key; promote again"
        )
    if named != champion.bundle:
        raise BundleError(f"promotion record '{champion.promotion.name}' is of another bundle; promote again")
    return {**record, "signature": signature.hex()}


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES)
    except OSError as error:
        raise BundleError(f"'{path}' cannot be read ({error.strerror}); promote again") from error
