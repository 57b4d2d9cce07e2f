"""A standalone installation, read from the environment: one typed reader for each variable.

==============================  =========================================================================
``LICENSING_DATABASE``          address of the database (``postgresql://…``, ``sqlite:///…``)
``LICENSING_STORAGE``           folder of immutable objects: documents, packages
``LICENSING_RULES``             rule set in force (``shanxi`` …)
``LICENSING_CA``                folder of the small authority, when there is no real one
``LICENSING_CA_NAME``           its name; ``LICENSING_CA_URL`` where the public reaches it
``LICENSING_CA_PASSPHRASE``     opens its keys
``LICENSING_TRUST_ROOTS``       PEM file of a real certification service's roots, instead of ``LICENSING_CA``
``LICENSING_TRUST_CHAIN``       PEM file of its intermediate authorities
``LICENSING_TRUST_SM2_ROOTS``   PEM file of its SM2 roots
``LICENSING_TSA``               address of its time-stamp service (RFC 3161)
``LICENSING_TRUST_HOSTS``       hosts of its OCSP responders and lists, with commas
``LICENSING_LEDGER_PUBLIC``     PEM file of the ledger's public keys, old ones included
``LICENSING_IDENTITY_KEY``      32 bytes in base64: under it numbers of persons' documents are hashed
``LICENSING_VERIFY_URL``        where the public verifies an agreement; its number is put behind
``LICENSING_REGISTER_URL``      where the public looks up a filing; its query code is put behind
``LICENSING_OFFICE_ID``         the office that takes filings on record, with ``LICENSING_OFFICE_NAME`` and
                                ``LICENSING_OFFICE_CODE`` (unified social credit code)
``LICENSING_POOL``              connections to the database a process may hold (10)
``LICENSING_CASCADE_KEY``       32 bytes in base64: the key under which this platform talks to others;
                                ``LICENSING_CASCADE_LOOPBACK=1`` allows one on this machine without TLS
``LICENSING_METER``             folder where calls are recorded before they are answered; gateways are served
                                only where it is set
==============================  =========================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from licensing.agreements.pdf import make_stamp
from licensing.cascade.peers import LOOPBACK_VARIABLE
from licensing.cascade.signing import Key as CascadeKey
from licensing.core.errors import InvalidInput
from licensing.core.ledger.checkpoint import TrustedKeys
from licensing.core.rules import RuleSet, load_rule_set
from licensing.core.store.engine import open_engine
from licensing.core.workdays import StatutoryCalendar
from licensing.filings.office import Office
from licensing.http.settings import Settings
from licensing.local.authorizer import MachineAuthorizer, TableAuthorizer
from licensing.local.catalogue import TableCatalogue
from licensing.local.notifier import TableNotifier
from licensing.local.storage import FolderStorage
from licensing.local.time import SystemTime
from licensing.local.tokens import TokenAuthentication
from licensing.parties.identity import IdentityKey
from licensing.ports import SYSTEM, Context, Principal, Time
from licensing.signatures.authority import Authority
from licensing.signatures.authority.national import NationalAuthority
from licensing.signatures.sandbox import Sandbox
from licensing.signatures.trust import Trust
from licensing.usage.meter import Meter
from licensing.usage.roller import Roller

POOL_SECONDS = 15.0
"""How long a request waits for a connection before it is told to come again."""
MOST_CONNECTIONS = 200
ROLL_SECONDS = 10.0
"""After how long a recorded call can be brought into the database at the latest."""
MACHINE = Principal("system", "system", frozenset({SYSTEM}))
_END = b"-----END PUBLIC KEY-----"


@dataclass
class Setup:
    """What the environment says; everything is opened when it is first asked for."""

    environment: Mapping[str, str]
    time: Time = field(default_factory=SystemTime)
    _engine: Engine | None = None
    _trust: Trust | None = None
    _roller: Roller | None = None

    def text(self, name: str, default: str | None = None) -> str:
        """A variable.

        Raises:
            InvalidInput: it is not set, and there is no default.
        """
        found = self.environment.get(name) or default
        if found is None:
            raise InvalidInput("请设置环境变量 {name}。", "Set the environment variable {name}.", name=name)
        return found

    def engine(self) -> Engine:
        if self._engine is None:
            address, options = self.text("LICENSING_DATABASE"), dict[str, Any](hide_parameters=True)
            if address.startswith("postgresql"):
                # A connection that the server has closed meanwhile is noticed before it is used.
                options |= {"pool_pre_ping": True, "pool_size": self.pool(), "max_overflow": 0}
                options |= {"pool_timeout": POOL_SECONDS}
            self._engine = open_engine(address, **options)
        return self._engine

    def pool(self) -> int:
        """Connections that a process may hold.

        Raises:
            InvalidInput: ``LICENSING_POOL`` is no number from 1 to 200.
        """
        text = self.text("LICENSING_POOL", "10")
        if not text.isdecimal() or not 1 <= int(text) <= MOST_CONNECTIONS:
            raise InvalidInput(
                "LICENSING_POOL 应为 1 至 {most} 的整数。",
                "LICENSING_POOL is a number from 1 to {most}.",
                most=MOST_CONNECTIONS,
            )
        return int(text)

    def session(self) -> Session:
        return Session(self.engine(), expire_on_commit=False)

    def rules(self) -> RuleSet:
        return load_rule_set(self.text("LICENSING_RULES"))

    def context(self, session: Session, principal: Principal) -> Context:
        """The standalone ports, acting as ``principal``."""
        return Context(
            principal=principal,
            time=self.time,
            authorizer=TableAuthorizer(session),
            catalogue=TableCatalogue(session),
            storage=FolderStorage(Path(self.text("LICENSING_STORAGE"))),
            notifier=TableNotifier(session, self.time),
            rules=self.rules(),
            calendar=StatutoryCalendar(),
        )

    def authority(self) -> tuple[Authority, NationalAuthority]:
        """The small authority; it is founded when its folder is empty."""
        folder, name = Path(self.text("LICENSING_CA")), self.text("LICENSING_CA_NAME", "示范认证")
        passphrase = self.environment.get("LICENSING_CA_PASSPHRASE", "").encode() or None
        now, url = self.time.now, self.text("LICENSING_CA_URL", "http://127.0.0.1/ca")
        try:
            ordinary = Authority.open(folder, name=name, now=now, url=url, passphrase=passphrase)
        except (ValueError, TypeError) as error:
            raise InvalidInput(
                "口令打不开认证机构的密钥，请检查 LICENSING_CA_PASSPHRASE。",
                "LICENSING_CA_PASSPHRASE does not open the authority's keys.",
            ) from error
        return ordinary, NationalAuthority.open(folder, name=name, now=now, passphrase=passphrase)

    def trust(self) -> Trust:
        """Whom signatures are judged by: configured services, else the small authority."""
        if self._trust is None:
            self._trust = self._configured() or Trust.local(*self.authority())
        return self._trust

    def _configured(self) -> Trust | None:
        roots = self._file("LICENSING_TRUST_ROOTS")
        if not roots:
            return None
        return Trust.configured(
            roots,
            self._file("LICENSING_TRUST_CHAIN"),
            self.text("LICENSING_TSA"),
            [host.strip() for host in self.text("LICENSING_TRUST_HOSTS").split(",")],
            self._file("LICENSING_TRUST_SM2_ROOTS"),
        )

    def _file(self, name: str) -> bytes:
        path = self.environment.get(name)
        return Path(path).read_bytes() if path else b""

    def ledger_pems(self) -> tuple[bytes, ...]:
        """The ledger's public keys, one PEM each."""
        return split_pems(self._file("LICENSING_LEDGER_PUBLIC"))

    def ledger_keys(self) -> TrustedKeys:
        """The same, to verify with.

        Raises:
            InvalidInput: none is configured.
        """
        self.text("LICENSING_LEDGER_PUBLIC")
        return TrustedKeys(self.ledger_pems())

    def settings(self) -> Settings:
        """The HTTP interface of this installation."""
        return Settings(
            sessions=self.session,
            authenticate=TokenAuthentication(self.time),
            context=self.context,
            trust=self.trust,
            verifier=Sandbox(),
            ledger_keys=self.ledger_pems(),
            verification=self.environment.get("LICENSING_VERIFY_URL", ""),
            look_up=self.environment.get("LICENSING_REGISTER_URL", ""),
            office=self.office(),
            identity_key=lambda: IdentityKey.from_environment(self.environment),
            stamp=make_stamp,
            meter=self.meter(),
            authority=(lambda: self.authority()[0]) if self.environment.get("LICENSING_CA") else None,
            machine=self.machine,
            cascade=self.cascade_key(),
            cascade_loopback=self.cascade_loopback(),
        )

    def cascade_key(self) -> CascadeKey | None:
        """The key under which this platform talks to others; None where it talks to none."""
        return CascadeKey.from_environment(self.environment)

    def cascade_loopback(self) -> bool:
        """Whether another platform may be on this very machine, without TLS: for trials and tests."""
        return self.environment.get(LOOPBACK_VARIABLE) == "1"

    def meter(self) -> Meter | None:
        """The meter of this process, rolled by a thread of its own; None where there is no folder for it."""
        folder = self.meter_folder()
        if folder is not None and self._roller is None:
            self._roller = Roller(Meter(folder), ROLL_SECONDS)
        return self._roller.meter if self._roller is not None else None

    def meter_folder(self) -> Path | None:
        """Where the meters of all processes write."""
        name = self.environment.get("LICENSING_METER")
        return Path(name) if name else None

    def machine(self, session: Session) -> Context:
        """The ports, acting as the machine: for jobs that no person starts."""
        return replace(self.context(session, MACHINE), authorizer=MachineAuthorizer())

    def office(self) -> Office | None:
        """In whose name filings are taken on record; None where ``LICENSING_OFFICE_ID`` is not set."""
        if not self.environment.get("LICENSING_OFFICE_ID"):
            return None
        return Office(
            self.text("LICENSING_OFFICE_ID"),
            self.text("LICENSING_OFFICE_NAME"),
            self.text("LICENSING_OFFICE_CODE"),
        )


def split_pems(data: bytes) -> tuple[bytes, ...]:
    """The public keys of a PEM file, one by one."""
    return tuple(part.strip() + b"\n" + _END + b"\n" for part in data.split(_END)[:-1])
