"""Checkpoints: signed tree heads in the C2SP checkpoint form, kept in a file of their own."""

import base64
import binascii
import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from elek.errors import ElekError, SignatureError
from elek.signature import generate_key, read_private_key, sign_bytes, verify_bytes

DASH = "\u2014 "
ED25519 = b"\x01"
"""Signature type of the note format."""
CHECKPOINTS, LOG_KEY = "checkpoints", "audit.key"


class AuditError(ElekError):
    """A log, checkpoint or proof that does not hold; the message says which and where."""


@dataclass(frozen=True)
class Checkpoint:
    """A signed tree head.

    Attributes
    ----------
    origin : str
        Name of the log.
    size : int
        Records under it.
    root : bytes
        Root hash, 32 bytes.
    signature : bytes
        Key id (4 bytes) and Ed25519 signature (64 bytes).
    """

    origin: str
    size: int
    root: bytes
    signature: bytes

    def note(self) -> str:
        """Give the checkpoint as it stands in the file."""
        signature = base64.b64encode(self.signature).decode()
        return f"{body(self.origin, self.size, self.root)}\n{DASH}{self.origin} {signature}\n"

    def signed_by(self, key: Ed25519PublicKey) -> bool:
        """Say whether this key signed it."""
        if self.signature[:4] != key_id(self.origin, key):
            return False
        return verify_bytes(body(self.origin, self.size, self.root).encode(), self.signature[4:], key)


def body(origin: str, size: int, root: bytes) -> str:
    """Give the signed text: origin, size, root."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def key_id(origin: str, key: Ed25519PublicKey) -> bytes:
    """Give the first four bytes of SHA-256 over name, type and key."""
    return sha256(origin.encode() + b"\n" + ED25519 + key.public_bytes_raw()).digest()[:4]


def sign(origin: str, size: int, root: bytes, key: Ed25519PrivateKey) -> Checkpoint:
    """Sign a tree head."""
    public = key.public_key()
    return Checkpoint(origin, size, root, key_id(origin, public) + sign_bytes(body(origin, size, root).encode(), key))


def parse(text: str) -> Iterator[Checkpoint]:
    """Read the checkpoints of a file's text.

    Raises
    ------
    AuditError
        If a checkpoint is not in the form of `Checkpoint.note`.
    """
    lines = text.split("\n")
    if lines.pop() != "":
        raise AuditError("the checkpoint file does not end with a whole line; restore it from a copy")
    for number, at in enumerate(range(0, len(lines), 5), start=1):
        try:
            origin, size, root, empty, signature = lines[at : at + 5]
            name, _, encoded = signature.removeprefix(DASH).rpartition(" ")
            if empty or name != origin or not signature.startswith(DASH) or str(int(size)) != size:
                raise ValueError(number)
            decoded = base64.b64decode(root, validate=True), base64.b64decode(encoded, validate=True)
        except (ValueError, binascii.Error) as error:
            raise AuditError(f"checkpoint {number} of the file cannot be read; restore it from a copy") from error
        yield Checkpoint(origin, int(size), *decoded)


class Signer:
    """The log's key and its checkpoint file, in the data folder.

    Parameters
    ----------
    folder : Path
        Holds `audit.key`, `audit.key.pub` and `checkpoints`; key and file are made when there is none.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.file = folder / CHECKPOINTS
        self._key = _log_key(folder)
        public = self._key.public_key()
        self.public_key = public
        self.origin = f"elek-audit-{sha256(public.public_bytes_raw()).hexdigest()[:16]}"

    def append(self, size: int, root: bytes) -> Checkpoint:
        """Sign a tree head and add it to the file; on disk when this returns."""
        checkpoint = sign(self.origin, size, root, self._key)
        descriptor = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        try:
            os.write(descriptor, checkpoint.note().encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return checkpoint

    def last(self) -> Checkpoint | None:
        """Give the newest checkpoint of the file."""
        if not self.file.exists():
            return None
        return max(parse(self.file.read_text(encoding="utf-8")), key=lambda c: c.size, default=None)


def _log_key(folder: Path) -> Ed25519PrivateKey:
    """Read the log's key; make it when there is none."""
    path = folder / LOG_KEY
    if not path.exists():
        try:
            generate_key(path)
        except SignatureError:
            if not path.exists():  # else another process was first
                raise
    return read_private_key(path)
