import shutil
import stat

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from elek import Bundle, BundleError
from elek.bundle import STARTER
from elek.cli import app
from elek.errors import SignatureError
from elek.signature import (
    generate_key,
    read_private_key,
    read_public_key,
    sign_bundle,
    sign_bytes,
    verify_bytes,
    verify_signature,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def test_a_generated_pair_signs_and_verifies_and_only_its_owner_reads_the_private_key(tmp_path):
    path = tmp_path / "key"
    public = generate_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    signature = sign_bytes(b"x", read_private_key(path))
    assert verify_bytes(b"x", signature, read_public_key(tmp_path / "key.pub"))
    assert verify_bytes(b"x", signature, public)


def test_no_key_is_written_over_another(tmp_path):
    generate_key(tmp_path / "key")
    before = (tmp_path / "key").read_bytes()
    with pytest.raises(SignatureError, match="key"):
        generate_key(tmp_path / "key")
    assert (tmp_path / "key").read_bytes() == before


def test_a_public_key_is_read_from_hex_base64_and_a_file(tmp_path):
    import base64

    raw = KEY.public_key().public_bytes_raw()
    pem = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "key.pub").write_bytes(pem)
    coded = base64.b64encode(raw).decode()
    for written in (raw.hex(), raw.hex().upper(), coded, coded.rstrip("="), str(tmp_path / "key.pub")):
        assert read_public_key(written).public_bytes_raw() == raw


@pytest.mark.parametrize("text", ["", "no/such/file", "z" * 64, "!" * 44, "0" * 63])
def test_what_is_no_public_key_is_refused_with_a_remedy(text):
    with pytest.raises(SignatureError, match="check the path"):
        read_public_key(text)


def test_keys_of_another_kind_are_refused(tmp_path):
    other = generate_private_key(SECP256R1())
    private = other.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = other.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    for content in (private, public, b"", b"not a key", b"\xff" * 100_000):
        (tmp_path / "key").write_bytes(content)
        with pytest.raises(SignatureError, match="Ed25519 private key"):
            read_private_key(tmp_path / "key")
        with pytest.raises(SignatureError, match="Ed25519 public key"):
            read_public_key(tmp_path / "key")


@given(st.binary(max_size=200), st.binary(max_size=80))
def test_no_other_bytes_pass_as_a_signature(content, signature):
    assert verify_bytes(content, signature, KEY.public_key()) == (signature == sign_bytes(content, KEY))


@given(st.binary(min_size=1, max_size=100), st.integers(0))
def test_a_changed_bit_of_the_index_is_found(content, at):
    signature = sign_bytes(content, KEY)
    changed = bytearray(content)
    changed[at % len(content)] ^= 1 << (at % 8)
    verify_signature(content, signature, KEY.public_key())
    with pytest.raises(SignatureError, match=r"bundle\.json"):
        verify_signature(bytes(changed), signature, KEY.public_key())


def test_a_missing_or_short_signature_is_named(tmp_path):
    for signature, words in ((None, "is missing"), (b"", "0 bytes"), (b"x" * 65, "65 bytes")):
        with pytest.raises(SignatureError, match=words):
            verify_signature(b"{}", signature, KEY.public_key())


def test_signing_replaces_an_earlier_signature_and_leaves_no_other_file(tmp_path):
    folder = tmp_path / "bundle"
    folder.mkdir()
    (folder / "bundle.json").write_bytes(b"{}")
    (folder / "bundle.sig").write_bytes(b"old")
    path = sign_bundle(folder, KEY)
    verify_signature(b"{}", path.read_bytes(), KEY.public_key())
    assert {p.name for p in tmp_path.rglob("*")} == {"bundle", "bundle.json", "bundle.sig"}
    with pytest.raises(SignatureError, match=r"bundle\.json"):
        sign_bundle(tmp_path, KEY)


def test_a_bundle_loads_only_when_the_trusted_key_signed_it(tmp_path, monkeypatch):
    folder = shutil.copytree(STARTER, tmp_path / "bundle")
    generate_key(tmp_path / "mine")
    generate_key(tmp_path / "other")
    monkeypatch.setenv("ELEK_TRUST_KEY", str(tmp_path / "mine.pub"))
    with pytest.raises(BundleError, match=r"bundle\.sig is missing"):
        Bundle.load(folder)
    sign_bundle(folder, read_private_key(tmp_path / "other"))
    with pytest.raises(BundleError, match=r"bundle\.sig was not made"):
        Bundle.load(folder)
    Bundle.load(folder, trust_key=str(tmp_path / "other.pub"))
    sign_bundle(folder, read_private_key(tmp_path / "mine"))
    Bundle.load(folder)
    signature = folder / "bundle.sig"
    shutil.move(signature, tmp_path / "elsewhere")
    signature.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BundleError, match=r"bundle\.sig"):
        Bundle.load(folder)


def test_keys_are_made_and_bundles_verified_from_the_command_line(tmp_path):
    folder = shutil.copytree(STARTER, tmp_path / "bundle")
    run = CliRunner()
    made = run.invoke(app, ["bundle", "keygen", str(tmp_path / "key")])
    assert made.exit_code == 0
    key = made.stdout.splitlines()[-1]
    assert run.invoke(app, ["bundle", "verify", str(folder), "--key", key]).exit_code == 3
    sign_bundle(folder, read_private_key(tmp_path / "key"))
    done = run.invoke(app, ["bundle", "verify", str(folder), "--key", key])
    assert done.exit_code == 0
    assert "signature verified" in done.stdout
