"""Scorers: the one that scored a line, also when another bundle answers today."""

from functools import lru_cache

from elek.bundle import Bundle
from elek.errors import BundleError
from elek.scorer import Scorer
from elek_serving.service import Service
from elek_serving.store.database import StoreError
from elek_serving.store.served_bundles import find_bundle


def scorer_of(service: Service, digest: str) -> Scorer | None:
    """Give the scorer with a digest; None when its bundle is not kept here or cannot be loaded."""
    loaded = service.bundle.get()
    if loaded.digest == digest:
        return loaded.scorer
    try:
        return _load(str(find_bundle(service.settings.data, digest)))
    except (StoreError, BundleError):
        return None


@lru_cache(maxsize=2)
def _load(folder: str) -> Scorer:
    return Scorer(Bundle.load(folder, trust_key=""))  # it was checked when it was kept
