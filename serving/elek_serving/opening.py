"""Opening: the store and its log, as every command and the service open them."""

from collections.abc import Iterator
from contextlib import contextmanager

from elek_serving.audit.checkpoint import Signer
from elek_serving.audit.log import AuditLog
from elek_serving.settings import Settings
from elek_serving.store.database import Database


@contextmanager
def open_log(settings: Settings) -> Iterator[AuditLog]:
    """Open the store's audit log to append to, beside a running service or without one; closed with a checkpoint."""
    database = Database(settings.url)
    try:
        log = AuditLog(database, Signer(settings.data), settings.checkpoint_seconds)
        try:
            yield log
        finally:
            log.close()
    finally:
        database.close()
