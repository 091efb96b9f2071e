"""elek, the thin scorer: goods lines in, scored lines out, from a verified bundle, on a plain CPU.

It needs numpy, onnxruntime, cryptography and typer; it never trains and never opens a socket.
"""

from elek.bundle import Bundle
from elek.errors import BundleError, CodeError, ElekError, ManifestError
from elek.goods import GoodsLine, ScoredLine
from elek.scorer import Scorer

__version__ = "0.1.0"

__all__ = [
    "Bundle",
    "BundleError",
    "CodeError",
    "ElekError",
    "GoodsLine",
    "ManifestError",
    "ScoredLine",
    "Scorer",
    "__version__",
]
