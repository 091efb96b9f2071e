"""Errors of elek: each message names the value that is wrong and the remedy."""


class ElekError(Exception):
    """Base of every error that elek raises on purpose."""


class CodeError(ElekError, ValueError):
    """A text that cannot be read as an HS code."""


class BundleError(ElekError):
    """A bundle that is incomplete, damaged, or of a format this scorer does not know."""


class SignatureError(BundleError):
    """A key that cannot be read, or a signature that is missing or does not fit."""


class ManifestError(ElekError):
    """A manifest that cannot be read at all; single bad rows never raise it."""
