"""BundleWatch: swaps in a newly promoted bundle while requests are answered. What does not verify is refused; the old one stays."""

import logging
import threading
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from elek.errors import ElekError
from elek_serving.audit.log import AuditLog
from elek_serving.audit.record import Entry
from elek_serving.current_bundle import CurrentBundle
from elek_serving.error_log import log_place
from elek_serving.metrics import Metrics
from elek_serving.published import CHAMPION, load_champion, read_champion
from elek_serving.settings import Settings
from elek_serving.store.served_bundles import enter_bundle, keep_bundle

EVERY_SECONDS = 1.0

_LOG = logging.getLogger("elek.bundles")


def serve_bundle(settings: Settings, log: AuditLog, source: Path, facts: dict[str, Any]) -> None:
    """Keep a bundle for replay and enter in the log that it answers from now.

    Parameters
    ----------
    settings : Settings
    log : AuditLog
    source : Path
        Folder of the bundle.
    facts : dict
        Its digest as `bundle`, the `previous` one, and the `promotion` record, None where there is none.
    """
    keep_bundle(settings.data, source, facts["bundle"])

    def work(session: Session) -> Entry:
        enter_bundle(session, facts["bundle"])
        return Entry("bundle_served", "system", facts, bundle=facts["bundle"])

    log.write(work)


class BundleWatch:
    """Looks at the published champion every second.

    Parameters
    ----------
    settings : Settings
        `bundles` and `trust_key`.
    log : AuditLog
    bundle : CurrentBundle
    metrics : Metrics
    """

    def __init__(self, settings: Settings, log: AuditLog, bundle: CurrentBundle, metrics: Metrics) -> None:
        self._settings, self._log, self._bundle, self._metrics = settings, log, bundle, metrics
        self._seen: tuple[int, int, int] | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="elek-bundles", daemon=True)

    def start(self) -> None:
        """Start to watch, when there is a folder to watch."""
        if self._settings.bundles is not None:
            self._thread.start()

    def stop(self) -> None:
        """Stop."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        assert self._settings.bundles is not None
        while not self._stop.wait(EVERY_SECONDS):
            try:
                self.look(self._settings.bundles)
            except Exception as error:  # outer edge of the thread: it must keep watching
                log_place(_LOG, "bundles", error)

    def look(self, published: Path) -> None:
        """Swap when the champion changed."""
        try:
            file = (published / CHAMPION).stat()
        except FileNotFoundError:
            return
        seen = (file.st_mtime_ns, file.st_ino, file.st_size)
        if seen == self._seen:
            return
        try:
            champion = read_champion(published)
            previous = self._bundle.get().digest
            if champion.bundle != previous:
                scorer, promotion = load_champion(champion, self._settings.trust_key or "")
                facts = {"bundle": champion.bundle, "previous": previous, "promotion": promotion}
                serve_bundle(self._settings, self._log, champion.folder, facts)
                self._bundle.swap(scorer)
                self._metrics.swapped("swapped")
        except ElekError as error:
            _LOG.error("a published bundle was refused, the old one keeps answering: %s", error)
            self._metrics.swapped("refused")
            self._log.write(Entry("bundle_refused", "system", {"why": str(error)[:500]}))
        self._seen = seen
