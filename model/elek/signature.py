"""Signatures: Ed25519 keys on disk, signed bytes, and the signature of a bundle.

A signature of a bundle is the 64 raw bytes of Ed25519 over `bundle.json`, which holds the digest of every other file. It says
nothing about whether those files are still what the index says; `elek.bundle` checks that.
"""

import base64
import binascii
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from elek.bundle import INDEX, SIGNATURE
from elek.errors import SignatureError

SIGNATURE_BYTES = 64
_MAX_FILE_BYTES = 1 << 20


def generate_key(path: Path) -> Ed25519PublicKey:
    """Make a key pair: the private key at `path`, readable by its owner only, the public one beside it as ``NAME.pub``.

    Parameters
    ----------
    path : Path
        Must not exist.

    Returns
    -------
    Ed25519PublicKey

    Raises
    ------
    SignatureError
        If one of the two files exists or cannot be written.
    """
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    beside = path.with_name(path.name + ".pub")
    try:
        for file, content, mode in ((path, private, 0o600), (beside, public, 0o644)):
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
                out.write(content)
    except OSError as error:
        raise SignatureError(f"key file '{file}' cannot be written ({error.strerror}); choose another path") from error
    return key.public_key()


def read_private_key(path: Path) -> Ed25519PrivateKey:
    """Read a private key as `generate_key` writes it (PEM, not encrypted).

    Raises
    ------
    SignatureError
        If the file cannot be read or holds no Ed25519 private key.
    """
    remedy = f"'{path}' holds no unencrypted Ed25519 private key in PEM; make one with `elek bundle keygen`"
    try:
        key = serialization.load_pem_private_key(_content(path), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SignatureError(remedy) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SignatureError(remedy)
    return key


def read_public_key(key: str | os.PathLike[str]) -> Ed25519PublicKey:
    """Read a public key: the path of a PEM file, or the 32 bytes themselves as hex or base64.

    Parameters
    ----------
    key : str or path

    Returns
    -------
    Ed25519PublicKey

    Raises
    ------
    SignatureError
        If it is neither.

    Examples
    --------
    >>> len(read_public_key("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c").public_bytes_raw())
    32
    """
    text = os.fspath(key).strip()
    raw = _key_bytes(text)
    if raw is not None:
        return Ed25519PublicKey.from_public_bytes(raw)
    remedy = (
        f"'{text}' holds no Ed25519 public key in PEM; give the file ending in .pub that lies beside the private key"
    )
    try:
        read = serialization.load_pem_public_key(_content(Path(text)))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SignatureError(remedy) from error
    if not isinstance(read, Ed25519PublicKey):
        raise SignatureError(remedy)
    return read


def sign_bytes(content: bytes, key: Ed25519PrivateKey) -> bytes:
    """Sign bytes; the signature has 64 bytes."""
    return key.sign(content)


def verify_bytes(content: bytes, signature: bytes, key: Ed25519PublicKey) -> bool:
    """Tell whether `signature` is that of `content` by the owner of `key`.

    Examples
    --------
    >>> key = Ed25519PrivateKey.generate()
    >>> signature = sign_bytes(b"bundle", key)
    >>> verify_bytes(b"bundle", signature, key.public_key()), verify_bytes(b"Bundle", signature, key.public_key())
    (True, False)
    """
    try:
        key.verify(signature, content)
    except InvalidSignature:
        return False
    return True


def sign_bundle(folder: Path, key: Ed25519PrivateKey) -> Path:
    """Sign the index of a bundle; an earlier signature is replaced in one step.

    Parameters
    ----------
    folder : Path
        Verify the bundle before signing it: the signature vouches for the index as it is.
    key : Ed25519PrivateKey

    Returns
    -------
    Path
        The signature file, ``bundle.sig`` in the folder.

    Raises
    ------
    SignatureError
        If the folder holds no index.
    """
    signature = sign_bytes(_content(folder / INDEX), key)
    new = folder.parent / f".{folder.name}.{SIGNATURE}"  # beside the folder: a bundle with an extra file is refused
    new.write_bytes(signature)
    os.replace(new, folder / SIGNATURE)
    return folder / SIGNATURE


def verify_signature(index: bytes, signature: bytes | None, key: Ed25519PublicKey) -> None:
    """Check the signature of a bundle.

    Parameters
    ----------
    index : bytes
        Content of `bundle.json`.
    signature : bytes or None
        Content of `bundle.sig`, None when there is none.
    key : Ed25519PublicKey
        Whom to trust.

    Raises
    ------
    SignatureError
        If it is missing, not 64 bytes long, or made by another key or for another index.
    """
    if signature is None:
        raise SignatureError(f"{SIGNATURE} is missing, and a trust key is configured; use a promoted bundle")
    if len(signature) != SIGNATURE_BYTES:
        raise SignatureError(
            f"{SIGNATURE} has {len(signature)} bytes, not {SIGNATURE_BYTES}; copy the promoted bundle again"
        )
    if not verify_bytes(index, signature, key):
        raise SignatureError(
            f"{SIGNATURE} was not made for this {INDEX} by the trusted key; use a bundle promoted with that key"
        )


def _key_bytes(text: str) -> bytes | None:
    """Give the 32 bytes that hex or base64 writes; None when the text is neither."""
    try:
        if len(text) == 64:
            return bytes.fromhex(text)
        if len(text) in (43, 44):
            raw = base64.b64decode(text.ljust(44, "="), validate=True)
            return raw if len(raw) == 32 else None
    except (ValueError, binascii.Error):
        return None
    return None


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_MAX_FILE_BYTES)
    except OSError as error:
        raise SignatureError(f"'{path}' cannot be read ({error.strerror}); check the path") from error
