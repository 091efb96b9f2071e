"""Settings of the service: read once from the environment (prefix ``ELEK_``), then frozen."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

MEBIBYTE = 1024 * 1024


class Settings(BaseSettings):
    """What an operator can set; each has an environment variable, ``ELEK_`` and its name in capitals.

    Attributes
    ----------
    data : Path
        Folder of the database, the audit log's key and checkpoints, uploaded manifests and served bundles.
    database_url : str or None
        ``postgresql://user@host/name``; None is SQLite in `data`.
    bundle : Path or None
        Folder of the bundle; None is the starter.
    bundles : Path or None
        Folder that promotions are published to; watched, and its champion served.
    trust_key : str or None
        Public key that promoted bundles and their promotion records must be signed with: a path, hex or base64. Needed with
        `bundles`.
    open : bool
        Answer the API without keys. Loopback only.
    public_url : str or None
        The address people type, with ``https``; needed when bound beyond loopback.
    max_lines : int
        Lines in one request.
    max_description : int
        Characters of one description over HTTP; more is refused.
    max_body_bytes, max_manifest_bytes : int
        Bytes of one request body, and of one uploaded manifest.
    max_manifest_lines : int
        Rows of one uploaded manifest.
    max_waiting_manifests : int
        Manifests not yet scored; more are answered 429.
    max_in_flight : int
        Requests scored at once; more wait a quarter of a second for a place, and are then answered 429 with Retry-After.
    requests_per_minute : int
        Requests one API key may send in a minute; 0 is no limit.
    request_seconds : float
        Longest time one request may take before it is answered 503.
    session_hours, session_idle_minutes : int
        When a signed-in person has to sign in again.
    second_eyes : tuple of str
        Verdicts whose `clear` decision needs a second person.
    blind_share : float
        Share of decided lines that a second person reviews blind, in [0, 1].
    budget_a_day : int
        Lines the reviewers can look at in one day.
    retention_days : int
        Days that texts of goods lines are kept; 0 is for ever. Audit records are never deleted.
    checkpoint_seconds : float
        Longest time an audit record stays without a signed checkpoint.
    """

    model_config = SettingsConfigDict(env_prefix="ELEK_", frozen=True)

    data: Path = Path("elek-data")
    database_url: str | None = None
    bundle: Path | None = None
    bundles: Path | None = None
    trust_key: str | None = None
    open: bool = False
    public_url: str | None = None
    max_lines: int = Field(default=256, ge=1)
    max_description: int = Field(default=4096, ge=1)
    max_body_bytes: int = Field(default=2 * MEBIBYTE, ge=1024)
    max_manifest_bytes: int = Field(default=64 * MEBIBYTE, ge=1024)
    max_manifest_lines: int = Field(default=200_000, ge=1)
    max_waiting_manifests: int = Field(default=32, ge=1)
    max_in_flight: int = Field(default=24, ge=1)
    requests_per_minute: int = Field(default=0, ge=0)
    request_seconds: float = Field(default=30, gt=0)
    session_hours: int = Field(default=12, ge=1)
    session_idle_minutes: int = Field(default=30, ge=1)
    second_eyes: tuple[str, ...] = ("wrong_code_hides_control",)
    blind_share: float = Field(default=0.05, ge=0, le=1)
    budget_a_day: int = Field(default=200, ge=1)
    retention_days: int = Field(default=0, ge=0)
    checkpoint_seconds: float = Field(default=5, gt=0)

    @property
    def url(self) -> str:
        """Database URL for SQLAlchemy, with the driver named."""
        if self.database_url is None:
            return f"sqlite:///{self.data / 'elek.db'}"
        scheme, separator, rest = self.database_url.partition("://")
        return f"postgresql+psycopg{separator}{rest}" if scheme in ("postgres", "postgresql") else self.database_url
