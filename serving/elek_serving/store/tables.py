"""Tables: every table of the store, imported once so that migrations and checks see them all."""

from elek_serving.audit.record import AuditRow
from elek_serving.store.answers import Answer
from elek_serving.store.api_keys import ApiKey
from elek_serving.store.blind_reviews import BlindReview
from elek_serving.store.claims import Claim
from elek_serving.store.database import Base
from elek_serving.store.decisions import Decision
from elek_serving.store.inputs import Input
from elek_serving.store.lines import LineRow
from elek_serving.store.manifests import ManifestRow
from elek_serving.store.served_bundles import ServedBundle
from elek_serving.store.sessions import SignIn
from elek_serving.store.users import User

METADATA = Base.metadata

__all__ = [
    "METADATA",
    "Answer",
    "ApiKey",
    "AuditRow",
    "BlindReview",
    "Claim",
    "Decision",
    "Input",
    "LineRow",
    "ManifestRow",
    "ServedBundle",
    "SignIn",
    "User",
]
