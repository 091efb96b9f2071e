"""The HTTP app: opens the store, loads the bundle, joins the routes."""

import os
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

import elek
from elek.bundle import STARTER, Bundle
from elek.errors import BundleError
from elek.scorer import Scorer
from elek_serving import desk, errors
from elek_serving.api import routers
from elek_serving.api.callers import KnownCallers
from elek_serving.audit.checkpoint import Signer
from elek_serving.audit.log import AuditLog
from elek_serving.bundle_watch import BundleWatch, serve_bundle
from elek_serving.current_bundle import CurrentBundle
from elek_serving.guard import Guard
from elek_serving.manifest_scorer import ManifestScorer
from elek_serving.metrics import Metrics
from elek_serving.published import CHAMPION, load_champion, read_champion
from elek_serving.service import Service
from elek_serving.settings import Settings
from elek_serving.store.database import Database
from elek_serving.store.manifests import count_unscored


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the app around a loaded bundle and an open store.

    Parameters
    ----------
    settings : Settings, optional
        Default is read from the environment.

    Returns
    -------
    FastAPI

    Raises
    ------
    elek.BundleError
        If the bundle cannot be loaded: the service does not start without one.
    StoreError, AuditError
        If the store cannot be opened, or its log does not lead to its newest checkpoint.
    """
    settings = settings or Settings()
    scorer, source, promotion = first_bundle(settings)
    database = Database(settings.url)
    log = AuditLog(database, Signer(settings.data), settings.checkpoint_seconds)
    digest = scorer.bundle.digest
    serve_bundle(settings, log, source, {"bundle": digest, "previous": None, "promotion": promotion})
    bundle, metrics = CurrentBundle(scorer), Metrics()
    manifests = ManifestScorer(settings, database, log, bundle, metrics)
    watch = BundleWatch(settings, log, bundle, metrics)
    scorers = max(1, (os.cpu_count() or 1) - 1)  # one core stays free to answer
    scoring = ThreadPoolExecutor(scorers, thread_name_prefix="elek-score")

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        manifests.start()
        watch.start()
        yield
        watch.stop()
        manifests.stop()
        scoring.shutdown()
        log.close()
        database.close()

    app = FastAPI(
        title="elek",
        version=elek.__version__,
        description="What a goods description names, and whether its code fits.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.service = Service(settings, database, log, bundle, metrics, manifests, scoring)
    app.state.callers = KnownCallers(settings.requests_per_minute)
    app.add_middleware(Guard, settings=settings, metrics=metrics)
    metrics.watch("elek_audit_waiting", "Audit records not yet on disk.", lambda: log.waiting)
    metrics.watch("elek_manifests_waiting", "Manifests not yet scored.", lambda: _waiting(database))
    metrics.watch("elek_bundle_age_seconds", "Time since the bundle answers.", lambda: bundle.get().age_seconds)
    errors.install(app)
    for router in (*routers, *desk.routers):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=desk.STATIC), name="static")
    return app


def first_bundle(settings: Settings) -> tuple[Scorer, Path, dict[str, Any] | None]:
    """Load what answers first: the published champion, else the configured bundle, else the starter.

    Returns
    -------
    (Scorer, Path, dict or None)
        The scorer, its folder, and the promotion record of a champion.
    """
    if settings.bundles is not None:
        if not settings.trust_key:
            raise BundleError("promoted bundles need a key to be checked with; set ELEK_TRUST_KEY to the public key")
        if (settings.bundles / CHAMPION).exists():
            champion = read_champion(settings.bundles)
            scorer, promotion = load_champion(champion, settings.trust_key)
            return scorer, champion.folder, promotion
        return Scorer(Bundle.load(settings.bundle, trust_key="")), settings.bundle or STARTER, None
    return Scorer.load(settings.bundle), settings.bundle or STARTER, None


def _waiting(database: Database) -> int:
    with database.read() as session:
        return count_unscored(session)
