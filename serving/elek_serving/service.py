"""Service: what every route needs, made once when the app starts."""

from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import timedelta

from fastapi import Request

from elek_serving.audit.log import AuditLog
from elek_serving.current_bundle import CurrentBundle
from elek_serving.manifest_scorer import ManifestScorer
from elek_serving.metrics import Metrics
from elek_serving.settings import Settings
from elek_serving.sign_in_gate import SignInGate
from elek_serving.store.database import Database
from elek_serving.store.decisions import Rules
from elek_serving.store.sessions import Limits


@dataclass(frozen=True)
class Service:
    """The running parts.

    Attributes
    ----------
    settings : Settings
    database : Database
    log : AuditLog
        Everything that must be written down goes through it.
    bundle : CurrentBundle
        The scorer that answers now.
    metrics : Metrics
    manifests : ManifestScorer
    scoring : Executor
        Threads that score requests, one for each core.
    gate : SignInGate
    """

    settings: Settings
    database: Database
    log: AuditLog
    bundle: CurrentBundle
    metrics: Metrics
    manifests: ManifestScorer
    scoring: Executor
    gate: SignInGate = field(default_factory=SignInGate)

    @property
    def rules(self) -> Rules:
        """What the operator asks of decisions."""
        return Rules(self.settings.second_eyes, self.settings.blind_share)

    @property
    def session_limits(self) -> Limits:
        """How long a session lasts."""
        return Limits(
            timedelta(hours=self.settings.session_hours), timedelta(minutes=self.settings.session_idle_minutes)
        )


async def running(request: Request) -> Service:
    """Give the running service; a FastAPI dependency, async so that no thread is waited for."""
    return service_of(request)


def service_of(request: Request) -> Service:
    """Give the service that a request reached."""
    service = request.app.state.service
    assert isinstance(service, Service)
    return service
