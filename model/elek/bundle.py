"""Bundle: the artefact on disk. Reads every file once, verifies the bytes, and hands on the verified bytes only.

It does not run the model; `elek.scorer` does.
"""

import hashlib
import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from elek.errors import BundleError
from elek.labels import Labels

FORMAT_VERSION = 3
"""Written today; every version up to it can be read. Since 2 the graph reads the sound form of a text (`elek.sound`), since 3 the
bundle has the words it knows (`elek.spelling`)."""

INDEX = "bundle.json"
SIGNATURE = "bundle.sig"
TRUST_KEY = "ELEK_TRUST_KEY"
"""Environment variable: the public key that a bundle must be signed with, as a path, hex or base64."""
REQUIRED = frozenset({"model.onnx", "labels.json", "precedents.npz", "trained_on.bin", "golden.jsonl", "card.md"})
WORDS = "words.npz"
"""Required since format 3."""
MAX_FILE_BYTES = 512 * 1024 * 1024
STARTER = Path(__file__).with_name("starter")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Scores at or above which a line is queued, each in [0, 1]."""

    controlled: float
    misdeclared: float
    vague: float


@dataclass(frozen=True)
class Bundle:
    """A verified bundle, in memory.

    Attributes
    ----------
    digest : str
        ``sha256:`` and the hex digest of `bundle.json`.
    index : mapping
        The content of `bundle.json`.
    files : mapping of str to bytes
        Every file the index names, as verified.
    labels : Labels
    thresholds : Thresholds
    """

    digest: str
    index: Mapping[str, Any]
    files: Mapping[str, bytes]
    labels: Labels
    thresholds: Thresholds

    @classmethod
    def load(cls, folder: str | os.PathLike[str] | None = None, *, trust_key: str | None = None) -> "Bundle":
        """Read and verify a bundle.

        Parameters
        ----------
        folder : path, optional
            Default is the starter bundle inside the package.
        trust_key : str, optional
            Public key that must have signed the bundle; a path, hex or base64. Default is the environment variable
            `ELEK_TRUST_KEY`; without a key, or with an empty text, no signature is asked for.

        Returns
        -------
        Bundle

        Raises
        ------
        BundleError
            If a file is missing, extra, changed, a link, or of a format this version does not know, or a trust key is
            configured and the signature is missing or wrong. The message names the file and the remedy.
        """
        root = Path(folder) if folder is not None else STARTER
        if not root.is_dir():
            raise BundleError(f"no bundle at '{root}'; train one with `elek train fit --out {root}`")
        raw_index = _read(root, INDEX)
        _check_signature(root, raw_index, os.environ.get(TRUST_KEY, "") if trust_key is None else trust_key)
        index = _parse_index(raw_index)
        expected: dict[str, dict[str, Any]] = index["files"]
        present = {entry.name for entry in os.scandir(root)} - {INDEX, SIGNATURE}
        for name in sorted(set(expected) - present):
            raise BundleError(f"bundle file '{name}' is missing from '{root}'; copy the whole bundle again")
        for name in sorted(present - set(expected)):
            raise BundleError(f"'{name}' in '{root}' is not listed in {INDEX}; remove it or copy the bundle again")
        files = {name: _verified(root, name, facts) for name, facts in expected.items()}
        labels = Labels.from_json(files["labels.json"])
        return cls(
            digest=f"sha256:{hashlib.sha256(raw_index).hexdigest()}",
            index=index,
            files=files,
            labels=labels,
            thresholds=Thresholds(**index["thresholds"]),
        )

    def golden(self) -> list[dict[str, Any]]:
        """Lines with the scores they must get, as `golden.jsonl` keeps them.

        Raises
        ------
        BundleError
            If a line is none.
        """
        try:
            rows = [json.loads(line) for line in self.files["golden.jsonl"].decode("utf-8").splitlines() if line]
            return [{"line": dict(row["line"]), "scores": dict(row["scores"])} for row in rows]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise BundleError(f"golden.jsonl cannot be read ({error}); export the bundle again") from error


def write_index(folder: Path, facts: Mapping[str, Any]) -> str:
    """Write `bundle.json` over the files that lie in `folder`, the last step of an export.

    Parameters
    ----------
    folder : Path
        Holds every file of the bundle but the index.
    facts : mapping
        Thresholds, editions, metrics and the like: everything but `format_version` and `files`.

    Returns
    -------
    str
        Digest of the bundle.
    """
    names = sorted(p.name for p in folder.iterdir() if p.name not in {INDEX, SIGNATURE})
    files = {name: _facts((folder / name).read_bytes()) for name in names}
    index = {"format_version": FORMAT_VERSION, **facts, "files": files}
    raw = json.dumps(index, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8")
    (folder / INDEX).write_bytes(raw)
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"


def _facts(content: bytes) -> dict[str, Any]:
    return {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}


def _read(root: Path, name: str) -> bytes:
    """Read a plain file without following links."""
    path = root / name
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise BundleError(f"bundle file '{path}' cannot be read ({error.strerror}); copy the bundle again") from error
    try:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode) or facts.st_nlink != 1:
            raise BundleError(f"bundle file '{path}' is a link or no plain file; copy the bundle without links")
        if facts.st_size > MAX_FILE_BYTES:
            raise BundleError(f"bundle file '{path}' is larger than {MAX_FILE_BYTES} bytes; this is no bundle of elek")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read()
    finally:
        os.close(descriptor)


def _check_signature(root: Path, raw_index: bytes, trust_key: str) -> None:
    if not trust_key:
        return
    from elek.signature import read_public_key, verify_signature  # cryptography loads slowly; few callers need it

    signature = _read(root, SIGNATURE) if os.path.lexists(root / SIGNATURE) else None
    verify_signature(raw_index, signature, read_public_key(trust_key))


def _parse_index(raw: bytes) -> dict[str, Any]:
    try:
        index = json.loads(raw)
        version, files = index["format_version"], index["files"]
        thresholds = Thresholds(**index["thresholds"])
        names = set(files)
        sizes_known = all(set(facts) == {"sha256", "size"} for facts in files.values())
        in_range = all(0.0 <= getattr(thresholds, name) <= 1.0 for name in Thresholds.__slots__)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BundleError(f"{INDEX} cannot be read ({error}); export the bundle again") from error
    if type(version) is not int or not 1 <= version <= FORMAT_VERSION:
        raise BundleError(
            f"bundle format {version} is not known to this version (it reads up to {FORMAT_VERSION}); "
            "update elek or export the bundle again"
        )
    if not sizes_known or not in_range:
        what = "files without digest and size" if not sizes_known else "thresholds outside 0 to 1"
        raise BundleError(f"{INDEX} holds {what}; export the bundle again")
    required = REQUIRED | {WORDS} if version >= 3 else REQUIRED
    if not names >= required or any(
        os.path.basename(n) != n or n in (".", "..", INDEX, SIGNATURE) or "\0" in n for n in names
    ):
        missing = ", ".join(sorted(required - names)) or "a name with a path in it"
        raise BundleError(f"{INDEX} does not list what a bundle must hold: {missing}; export the bundle again")
    return dict(index)


def _verified(root: Path, name: str, facts: Mapping[str, Any]) -> bytes:
    content = _read(root, name)
    if _facts(content) != {"sha256": facts.get("sha256"), "size": facts.get("size")}:
        raise BundleError(f"bundle file '{name}' in '{root}' was changed after export; copy the bundle again")
    return content
