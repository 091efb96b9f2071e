"""Demo: a data folder with people of every role and the sample manifest in the queue, to try the desk with."""

import secrets
from hashlib import sha256
from pathlib import Path

from elek_serving.manifest_upload import manifest_file
from elek_serving.service import Service
from elek_serving.store.database import StoreError
from elek_serving.store.manifests import NewManifest, add_manifest
from elek_serving.store.users import NewUser, add_user, change_password, find_user

FOLDER = Path("elek-demo")
ACTOR = "demo"
PEOPLE = (
    NewUser("reviewer", "reviewer", "to be replaced", "en"),
    NewUser("reviewer2", "reviewer", "to be replaced", "ru"),
    NewUser("supervisor", "supervisor", "to be replaced", "kk"),
    NewUser("auditor", "auditor", "to be replaced", "zh"),
    NewUser("admin", "admin", "to be replaced", "en"),
)


def prepare_demo(service: Service) -> str:
    """Add the people, give them all a new password, and put the sample manifest into the queue.

    Returns
    -------
    str
        The password.

    Raises
    ------
    StoreError
        If the sample manifest is missing.
    """
    password = secrets.token_urlsafe(12)
    for person in PEOPLE:
        with service.database.read() as session:
            known = find_user(session, person.name)
        if not known:
            service.log.write(add_user(NewUser(person.name, person.role, password, person.language), ACTOR))
        else:
            service.log.write(change_password(person.name, password, ACTOR))
    content = sample_manifest().read_bytes()
    digest = sha256(content).hexdigest()
    target = manifest_file(service, digest, ".csv")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    service.log.write(add_manifest(NewManifest("sample.csv", ".csv", digest, len(content), ACTOR)), f"demo:{digest}")
    return password


def sample_manifest() -> Path:
    """Give the path of the sample manifest: in the package, or in the checkout that it is installed from."""
    here = Path(__file__).parent
    places = (here / "sample" / "manifest.csv", here.parents[1] / "data" / "sample" / "manifest.csv")
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise StoreError("the sample manifest is missing from this installation; install elek again")
    return found


def welcome(address: str, password: str, data: Path) -> str:
    """Give what is told at the start; `data` is the folder of the store."""
    people = "\n".join(f"  {p.name:<12} {p.role}" for p in PEOPLE)
    return (
        f"elek demo: open {address} and sign in as one of\n{people}\nwith the password  {password}\n"
        f"The API is open on this machine. Afterwards: elek audit verify --data {data}; elek audit replay --data {data}"
    )
