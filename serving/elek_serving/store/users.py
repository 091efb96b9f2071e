"""Users: who may sign in or call the API, and as what."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from argon2.profiles import RFC_9106_LOW_MEMORY
from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from elek_serving.audit.record import Entry, Work
from elek_serving.store.database import Base, Moment, StoreError, now
from elek_serving.store.sessions import end_sessions

Role = Literal["reviewer", "supervisor", "auditor", "admin", "service"]
"""`service` is a machine: it has API keys and cannot sign in."""
ROLES: tuple[Role, ...] = get_args(Role)
Language = Literal["en", "ru", "kk", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
MIN_PASSWORD, MAX_PASSWORD = 12, 256
MAX_NAME = 64

_HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
_NOBODY = _HASHER.hash("nobody has this password")


class User(Base):
    """A person or machine."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(MAX_NAME), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(2))
    disabled: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(Moment)


@dataclass(frozen=True)
class NewUser:
    """What an account is made from.

    Attributes
    ----------
    name : str
        1 to 64 letters, digits, dots, hyphens or underscores.
    role : Role
    password : str or None
        12 to 256 characters; None for the role `service` only.
    language : Language
    """

    name: str
    role: Role
    password: str | None = None
    language: Language = "en"

    def __post_init__(self) -> None:
        stripped = self.name.replace(".", "").replace("-", "").replace("_", "")
        if not stripped.isalnum() or len(self.name) > MAX_NAME:
            raise StoreError(f"user name '{self.name[:80]}' must be 1 to {MAX_NAME} letters, digits, '.', '-' or '_'")
        if self.role not in ROLES:
            raise StoreError(f"role '{self.role}' is unknown; use {', '.join(ROLES)}")
        if self.language not in LANGUAGES:
            raise StoreError(f"language '{self.language}' is unknown; use {', '.join(LANGUAGES)}")
        check_password(self.role, self.password)


def check_password(role: Role, password: str | None) -> None:
    """Refuse a password that is too short or long, and one for a machine."""
    if (password is None) != (role == "service"):
        raise StoreError("a person needs a password; the role 'service' has none, it uses API keys")
    if password is not None and not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise StoreError(f"the password must have {MIN_PASSWORD} to {MAX_PASSWORD} characters, got {len(password)}")


def add_user(new: NewUser, actor: str) -> Work:
    """Make an account; `AuditLog.write` runs it."""
    hashed = None if new.password is None else _HASHER.hash(new.password)

    def work(session: Session) -> Entry:
        if find_user(session, new.name):
            raise StoreError(f"there is a user '{new.name}' already; choose another name")
        session.add(
            User(
                name=new.name,
                password_hash=hashed,
                role=new.role,
                language=new.language,
                disabled=False,
                created_at=now(),
            )
        )
        return Entry("user_added", actor, {"user": new.name, "role": new.role})

    return work


def change_password(name: str, password: str, actor: str) -> Work:
    """Set a new password; every session of the user ends."""
    hashed = _HASHER.hash(password)

    def work(session: Session) -> Entry:
        user = need_user(session, name)
        check_password(user.role, password)  # type: ignore[arg-type]  # the column holds a Role
        user.password_hash = hashed
        end_sessions(session, user.id)
        return Entry("password_changed", actor, {"user": name})

    return work


def set_disabled(name: str, disabled: bool, actor: str) -> Work:
    """Take or give back the right to sign in and to use API keys."""

    def work(session: Session) -> Entry:
        user = need_user(session, name)
        user.disabled = disabled
        end_sessions(session, user.id)
        return Entry("user_disabled" if disabled else "user_enabled", actor, {"user": name})

    return work


def set_language(session: Session, user_id: int, language: Language) -> None:
    """Remember the language a user reads the desk in."""
    session.get_one(User, user_id).language = language


def list_users(session: Session) -> list[User]:
    """Give all users by name."""
    return list(session.scalars(select(User).order_by(User.name)))


def find_user(session: Session, name: str) -> User | None:
    """Find a user by name."""
    return session.scalar(select(User).where(User.name == name))


def need_user(session: Session, name: str) -> User:
    """Find a user by name, or raise StoreError."""
    user = find_user(session, name)
    if user is None:
        raise StoreError(f"no user '{name[:80]}'; `elek user list` shows all")
    return user


def password_fits(user: User | None, password: str) -> bool:
    """Check a password; takes the same time when there is no such user.

    Parameters
    ----------
    user : User or None
    password : str

    Returns
    -------
    bool
        False as well for a disabled user and for a machine.
    """
    stored = _NOBODY if user is None or user.password_hash is None else user.password_hash
    try:
        _HASHER.verify(stored, password[:MAX_PASSWORD])
    except (VerifyMismatchError, InvalidHashError):
        return False
    return user is not None and user.password_hash is not None and not user.disabled
