"""What the licensing library is told by the stack: database, folders, keys; and its tables.

The library reads its own variables (:mod:`licensing.local.setup`); here they are filled for one installation.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from licensing.cascade.peers import LOOPBACK_VARIABLE
from licensing.cascade.signing import KEY_VARIABLE as CASCADE_VARIABLE
from licensing.core.ledger.checkpoint import KEY_VARIABLE, Ed25519Signer
from licensing.parties.identity import VARIABLE as IDENTITY_VARIABLE

from . import postgres
from .ckan_config import write_private
from .errors import ServiceFailed
from .home import Home
from .messages import Message
from .secrets import Secrets

PRIVATE = frozenset(
    {"LICENSING_DATABASE", "LICENSING_CA_PASSPHRASE", KEY_VARIABLE, IDENTITY_VARIABLE, CASCADE_VARIABLE}
)
"""Variables that hold a secret: supervision and the stores never see them."""
DEFAULT_RULES = "shanxi"
OFFICE = {
    "ID": ("GOVDATA_OFFICE_ID", "office"),
    "NAME": ("GOVDATA_OFFICE_NAME", "示范政务信息管理局"),
    "CODE": ("GOVDATA_OFFICE_CODE", "11990000000000999M"),
}
"""In whose name filings are taken on record, unless the operator says it: a code of no authority."""


def folder(home: Home) -> Path:
    """Where the small authority, the meters and the witness of the ledger are kept."""
    return home.data / "licensing"


def witness(home: Home) -> Path:
    """Checkpoints outside the database; an installation keeps another one on another machine."""
    return folder(home) / "witness.jsonl"


def named(
    home: Home, database: str, identity_key: str, ca_passphrase: str, cascade_key: str
) -> dict[str, str]:
    """The library's variables for the portal's processes; ``database`` is an address with its password,
    ``cascade_key`` the key under which the platform talks to others (empty: it talks to none).

    The ledger's signing key is not among them: only the sequencer signs checkpoints.
    """
    place = folder(home)
    return {
        "LICENSING_DATABASE": database,
        "LICENSING_RULES": os.environ.get("GOVDATA_RULES") or DEFAULT_RULES,
        "LICENSING_CA": str(place / "authority"),
        "LICENSING_CA_NAME": "示范认证",
        "LICENSING_CA_URL": f"{home.site_url}/ca",
        "LICENSING_CA_PASSPHRASE": ca_passphrase,
        "LICENSING_LEDGER_PUBLIC": str(place / "ledger.pem"),
        IDENTITY_VARIABLE: identity_key,
        CASCADE_VARIABLE: cascade_key,
        LOOPBACK_VARIABLE: os.environ.get("GOVDATA_CASCADE_LOOPBACK", ""),
        "LICENSING_VERIFY_URL": f"{home.site_url}/licensing/verify/",
        "LICENSING_REGISTER_URL": f"{home.site_url}/licensing/register/",
        "LICENSING_METER": str(place / "meter"),
        **{f"LICENSING_OFFICE_{name}": os.environ.get(of) or usual for name, (of, usual) in OFFICE.items()},
    }


def variables(home: Home, secrets: Secrets, where: postgres.Place) -> dict[str, str]:
    """The library's variables in the embedded stack."""
    database = postgres.url(where, postgres.LICENSING_USER, secrets.licensing_password, postgres.LICENSING_DB)
    return named(home, database, secrets.identity_key, secrets.ca_passphrase, secrets.cascade_key)


def sequencer_variables(home: Home, secrets: Secrets, where: postgres.Place) -> dict[str, str]:
    """The environment of the sequencer: the database and the signing key."""
    database = variables(home, secrets, where)["LICENSING_DATABASE"]
    return {"LICENSING_DATABASE": database, KEY_VARIABLE: secrets.ledger_key}


def prepare(home: Home, ledger_key: str) -> None:
    """Folders, and the public half of the ledger's key."""
    for each in (folder(home), folder(home) / "meter"):
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
    signer = Ed25519Signer.from_environment({KEY_VARIABLE: ledger_key})
    write_private(folder(home) / "ledger.pem", signer.public_pem().decode())


def migrate(home: Home, environment: dict[str, str], owner: str) -> None:
    """Tables as their ``owner`` (an address), rights for the portal's role, and the authority.

    Raises:
        ServiceFailed: a command of the library failed.
    """
    known = {**postgres.child_environment(), **environment}
    run(home, ["migrate", "--grant", postgres.LICENSING_USER], {**known, "LICENSING_DATABASE": owner})
    run(home, ["ca", "init"], known)


def owner_address(secrets: Secrets, where: postgres.Place) -> str:
    """The database as its owner, for migrations only."""
    password = secrets.licensing_owner_password
    return postgres.url(where, postgres.LICENSING_OWNER, password, postgres.LICENSING_DB)


def run(home: Home, arguments: list[str], environment: dict[str, str]) -> None:
    """One ``licensing`` command. Raises `ServiceFailed`."""
    done = subprocess.run(
        [sys.executable, "-m", "licensing.cli", *arguments],
        capture_output=True, text=True, check=False, cwd=home.root, umask=0o077, env=environment,
    )  # fmt: skip
    if done.returncode != 0:
        what, said = "licensing " + " ".join(arguments), (done.stderr.strip().splitlines() or ["-"])[-1]
        raise ServiceFailed(Message(f"{what} 失败：{said}", f"`{what}` failed: {said}"))


def sequencer_command(home: Home) -> list[str]:
    """The ledger's sequencer."""
    return [sys.executable, "-m", "licensing.cli", "sequencer", "--witness", str(witness(home))]
