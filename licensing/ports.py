"""What the library needs from whoever runs it: CKAN, or :mod:`licensing.local` when it runs alone.

Users, departments and datasets are opaque ids. A service takes the caller's session and a
:class:`Context`; it asks the ports and knows nothing of what stands behind them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final, Protocol

from licensing.core.rules import RuleSet
from licensing.core.workdays import WorkdayCalendar

APPLICANT: Final = "applicant"
PROVIDER: Final = "provider"
PLATFORM: Final = "platform"
ADMINISTRATOR: Final = "administrator"
GOVERNMENT: Final = "government"
SUPERVISOR: Final = "supervisor"
SECRECY_AUTHORITY: Final = "secrecy_authority"
GATEWAY: Final = "gateway"
SYSTEM: Final = "system"
SEQUENCER: Final = "sequencer"

PARTY_ROLES: Final = frozenset({APPLICANT, PROVIDER})
"""Roles that somebody holds only towards the cases of their own department or partner."""
OFFICE_ROLES: Final = frozenset({PLATFORM, ADMINISTRATOR, GOVERNMENT, SUPERVISOR, SECRECY_AUTHORITY})
"""Roles held towards every case."""
SERVICE_ROLES: Final = frozenset({GATEWAY})
"""Programs that hand out data: they ask what a token allows and report what went out. Towards no subject."""
MACHINE_ROLES: Final = frozenset({SYSTEM, SEQUENCER})
"""The machine's own roles: no person holds them."""

ROLE_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    APPLICANT: ("申请方", "Applicant"),
    PROVIDER: ("数据提供部门", "Providing department"),
    PLATFORM: ("平台工作人员", "Staff of the platform"),
    ADMINISTRATOR: ("政务信息管理部门", "Administrator of government data"),
    GOVERNMENT: ("本级人民政府", "Government"),
    SUPERVISOR: ("监督部门", "Supervisor"),
    SECRECY_AUTHORITY: ("保密行政管理部门", "Secrecy authority"),
    GATEWAY: ("数据网关", "Data gateway"),
    SYSTEM: ("系统", "The system"),
    SEQUENCER: ("账本记录程序", "The ledger's sequencer"),
}


@dataclass(frozen=True, slots=True)
class Principal:
    """Who acts. ``roles`` are held somewhere; towards which case, the :class:`Authorizer` says."""

    id: str
    name: str
    roles: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()
    partner: str | None = None


@dataclass(frozen=True, slots=True)
class Involved:
    """Whose case it is: ids of departments, partners and persons on either side."""

    applicant_departments: frozenset[str] = frozenset()
    applicant_partners: frozenset[str] = frozenset()
    applicant_persons: frozenset[str] = frozenset()
    provider_departments: frozenset[str] = frozenset()


class Subject(Protocol):
    """Anything that a role can be held towards: a case, an agreement, a filing."""

    @property
    def id(self) -> str: ...

    def involved(self) -> Involved:
        """Whose it is; an empty answer leaves it to the offices and the machine."""
        ...


class Authorizer(Protocol):
    """Which roles somebody holds towards a subject."""

    def roles_for(self, principal: Principal, subject: Subject) -> frozenset[str]:
        """The roles of ``principal`` towards ``subject``: ``provider`` only for the cases of their own
        departments, ``applicant`` only for their own. Empty when there are none."""
        ...


@dataclass(frozen=True, slots=True)
class Field:
    """One information item of a dataset; ``level`` is its grade of sensitivity."""

    name: str
    type: str
    level: str


@dataclass(frozen=True, slots=True)
class ReleaseInfo:
    """One published version of a dataset."""

    number: int
    published: date
    sha256: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an entry of another platform comes from: that platform's address, and the entry's id there."""

    platform: str
    dataset: str


@dataclass(frozen=True, slots=True)
class DatasetInfo:
    """What a catalogue entry says.

    ``provider`` is the responsible department. ``original_provider`` is the department that it was shared
    in from, whose consent is needed before it is passed on (JS-17, HB-14), or None. ``share_type`` is one
    of ``unconditional conditional none`` (SX-12), ``open_type`` likewise for the public. ``origin`` is set
    for an entry that was harvested from another platform, which holds the data and decides (HB-12, QD-12).
    """

    id: str
    title: str
    provider: str
    original_provider: str | None
    share_type: str
    open_type: str
    fields: tuple[Field, ...] = ()
    releases: tuple[ReleaseInfo, ...] = ()
    origin: Origin | None = None


class Catalogue(Protocol):
    """The catalogue of government data."""

    def dataset(self, dataset_id: str) -> DatasetInfo | None:
        """The entry, or None when there is none."""
        ...


class Storage(Protocol):
    """Immutable objects outside the database: agreements, packages, checkpoints."""

    def put(self, key: str, content: bytes, sha256: str) -> None:
        """Store under a new key. The same content again changes nothing.

        Raises:
            Conflict: the key holds other content.
            InvalidInput: the digest is not that of the content, or the key is not a plain one.
        """
        ...

    def get(self, key: str) -> bytes:
        """The content.

        Raises:
            NotFound: there is no such key.
            Conflict: what is stored is not what was put there.
        """
        ...


class Time(Protocol):
    """The platform's own record of time (HB-22): no caller ever supplies one."""

    def now(self) -> datetime:
        """The present moment, aware."""
        ...


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that people are to be told; ``roles`` towards ``subject`` say whom. No personal data."""

    kind: str
    subject: str
    roles: frozenset[str]
    zh: str
    en: str
    params: Mapping[str, str] = field(default_factory=dict)


class Notifier(Protocol):
    """Tells people; in the caller's transaction, so that nobody is told what did not happen."""

    def notify(self, event: Notice) -> None: ...


@dataclass(frozen=True, slots=True)
class Context:
    """Everything that a service needs besides the session. ``rules`` is the rule set in force."""

    principal: Principal
    time: Time
    authorizer: Authorizer
    catalogue: Catalogue
    storage: Storage
    notifier: Notifier
    rules: RuleSet
    calendar: WorkdayCalendar

    def acting_as(self, principal: Principal) -> Context:
        """The same context for somebody else."""
        return replace(self, principal=principal)
