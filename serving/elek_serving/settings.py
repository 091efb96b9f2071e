"""Settings of the service: read once from the environment (prefix ``ELEK_``), then frozen."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an operator can set.

    Attributes
    ----------
    bundle : Path or None
        Folder of the bundle; None is the starter.
    max_lines : int
        Lines in one request.
    max_body_bytes : int
        Bytes of one request body.
    max_in_flight : int
        Requests scored at once; more are answered 429 with Retry-After.
    """

    model_config = SettingsConfigDict(env_prefix="ELEK_", frozen=True)

    bundle: Path | None = None
    max_lines: int = 256
    max_body_bytes: int = 2 * 1024 * 1024
    max_in_flight: int = 64
