"""The HTTP app: opens the store, loads the bundle, joins the routes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

import elek
from elek.scorer import Scorer
from elek_serving import errors
from elek_serving.api import routers
from elek_serving.audit.checkpoint import Signer
from elek_serving.audit.log import AuditLog
from elek_serving.current_bundle import CurrentBundle
from elek_serving.guard import Guard
from elek_serving.metrics import Metrics
from elek_serving.service import Service
from elek_serving.settings import Settings
from elek_serving.store.database import Database


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
    scorer = Scorer.load(settings.bundle)
    database = Database(settings.url)
    log = AuditLog(database, Signer(settings.data), settings.checkpoint_seconds)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        log.close()
        database.close()

    app = FastAPI(
        title="elek",
        version=elek.__version__,
        description="What a goods description names, and whether its code fits.",
        lifespan=lifespan,
    )
    metrics = Metrics()
    app.state.service = Service(settings, database, log, CurrentBundle(scorer), metrics)
    app.add_middleware(Guard, settings=settings, metrics=metrics)
    errors.install(app)
    for router in routers:
        app.include_router(router)
    return app
