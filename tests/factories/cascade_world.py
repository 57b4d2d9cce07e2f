"""Two platforms that know each other: a city that asks, a province that holds data; and ways between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from licensing.applications import service
from licensing.applications.drafts import Draft, Item
from licensing.applications.models import Case
from licensing.cascade import peers, rounds
from licensing.cascade.models import Outgoing
from licensing.cascade.peers import PeerEntry
from licensing.cascade.signing import Key
from licensing.cascade.transport import Answer, Unreached, path_of
from licensing.core.store.events import history
from licensing.http.settings import Settings
from licensing.local.authorizer import MachineAuthorizer
from licensing.local.models import LocalDataset
from licensing.local.setup import MACHINE
from licensing.local.time import SystemTime
from licensing.local.tokens import TokenAuthentication
from licensing.parties.departments import register_department
from licensing.ports import Context, Principal
from licensing.signatures.sandbox import Sandbox
from licensing.web import blueprint
from tests.factories.cases import settle
from tests.factories.licensing_world import SettableTime, make_context, populate, principal

CITY, PROVINCE = "city", "province"
SITES = {CITY: "https://city.example.gov.cn", PROVINCE: "https://province.example.gov.cn"}
HARVESTED = "harvested-records"
"""The city's entry for the province's ``records``."""
INTERFACE = "/api/licensing/v1"


@dataclass
class Wire:
    """Carries messages between platforms in this process, and loses what a test wants to be lost.

    ``before`` is asked before a message is handed over, ``after`` once the receiver has committed; either may
    raise Unreached.
    """

    platforms: dict[str, Platform] = field(default_factory=dict)
    before: Callable[[bytes], None] = lambda _content: None
    after: Callable[[bytes], None] = lambda _content: None
    carried: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def post(self, address: str, headers: Mapping[str, str], content: bytes) -> Answer:
        self.before(content)
        self.carried.append((address, dict(headers), content))
        answer = self.send(address, headers, content)
        self.after(content)
        return answer

    def send(self, address: str, headers: Mapping[str, str], content: bytes) -> Answer:
        """Past the faults: straight to the receiver."""
        there = next(each for each in self.platforms.values() if address.startswith(each.site))
        response = there.app.test_client().post(path_of(address), data=content, headers=dict(headers))
        return Answer(response.status_code, response.get_data())


def cut(_content: bytes) -> None:
    """A way on which nothing goes."""
    raise Unreached("ConnectionRefusedError")


@dataclass
class Platform:
    """One installation of the library, with everybody of the licensing world in it."""

    name: str
    engine: Engine
    folder: Path
    time: SettableTime | SystemTime
    wire: Wire
    key: Key = field(default_factory=Key.generate)
    site: str = ""
    """Address of the platform; without one an example."""

    def __post_init__(self) -> None:
        self.site = self.site or SITES[self.name]
        with self.session() as session, session.begin():
            populate(session)
            ctx = self.context(session, "u-administrator")
            settle(session, ctx)
        self.app = Flask(self.name)
        self.app.register_blueprint(blueprint(self.settings()))
        self.wire.platforms[self.name] = self

    def session(self) -> Session:
        return Session(self.engine, expire_on_commit=False)

    def context(self, session: Session, who: str) -> Context:
        return make_context(session, self.folder, self.time, who=who)

    def machine(self, session: Session) -> Context:
        ctx = self.context(session, "u-administrator")
        return replace(ctx.acting_as(MACHINE), authorizer=MachineAuthorizer())

    def settings(self) -> Settings:
        return Settings(
            sessions=self.session, authenticate=TokenAuthentication(self.time), context=self._acting,
            trust=_no_trust, verifier=Sandbox(), machine=self.machine, cascade=self.key,
        )  # fmt: skip

    def _acting(self, session: Session, who: Principal) -> Context:
        return make_context(session, self.folder, self.time).acting_as(who)

    def know(self, other: Platform, *, partner: str = "") -> None:
        """Enter another platform, with a department of its own."""
        with self.session() as session, session.begin():
            ctx = self.context(session, "u-administrator")
            register_department(session, ctx, f"d-{other.name}", f"{other.name} 平台")
            entry = self.entry(other, partner=partner)
            peers.register(session, ctx, other.name, entry, loopback=other.site.startswith("http:"))

    def entry(self, other: Platform, *, partner: str = "") -> PeerEntry:
        """What is entered of another platform."""
        return PeerEntry(
            name=f"{other.name} 平台", level=other.name, site=other.site,
            address=other.site + INTERFACE, key=other.key.pem(), department=f"d-{other.name}",
            departments={}, partner=partner,
        )  # fmt: skip

    def harvest(self, other: Platform, name: str, dataset: str) -> None:
        """An entry of the other platform in our catalogue."""
        with self.session() as session, session.begin():
            fields = [{"name": each, "type": "string", "level": "L1"} for each in ("place", "owner", "time")]
            session.add(
                LocalDataset(
                    id=name, title=name, provider=f"d-{other.name}", original_provider=None,
                    share_type="conditional", open_type="conditional", fields=fields, releases=[],
                    origin={"platform": other.site, "dataset": dataset},
                )
            )  # fmt: skip

    def round(self) -> int:
        """What the scheduler does once."""
        return rounds.run(self.session, self.machine, self.key, self.wire)

    def file(self, dataset: str = HARVESTED, **more: Any) -> str:
        """An application of the health department; the id of its case."""
        given: dict[str, Any] = {
            "items": (Item(dataset, ("place", "time")),), "purpose": "核验停车优惠资格",
            "grounds": "依据停车管理职责", "system": "便民服务系统", "statement": "详见方案", **more,
        }  # fmt: skip
        kind = given.pop("kind", "sharing")
        who = {"sharing": ("department", "d-health"), "development": ("partner", "p-river")}[kind]
        acting = {"sharing": "u-applicant", "development": "u-partner"}[kind]
        with self.session() as session, session.begin():
            ctx = self.context(session, acting)
            case = service.create(
                session, ctx, kind=kind, applicant_kind=who[0], applicant_id=who[1], draft=Draft(**given)
            )
            service.submit(session, ctx, case.id)
            return case.id

    def take(self, who: str, step: Callable[..., Any], case_id: str, **given: Any) -> None:
        """One step of a case by one of the people."""
        with self.session() as session, session.begin():
            ctx = self.context(session, who).acting_as(principal(session, who))
            step(session, ctx, case_id, **given)

    def case(self, case_id: str) -> Case:
        with self.session() as session:
            found = session.get(Case, case_id)
            assert found is not None
            return found

    def cases(self) -> list[Case]:
        with self.session() as session:
            return list(session.scalars(select(Case).order_by(Case.id)))

    def actions(self, case_id: str) -> list[str]:
        """What has happened to a case."""
        with self.session() as session:
            return [event.action for event in history(session, case_id)]

    def waiting(self) -> int:
        """Messages without a receipt."""
        with self.session() as session:
            query = select(func.count()).select_from(Outgoing).where(Outgoing.acknowledged_at.is_(None))
            return session.scalar(query) or 0


def _no_trust() -> Any:
    raise AssertionError("no signature on a document is judged here")


def pair(engines: Mapping[str, Engine], folder: Path, time: SettableTime) -> tuple[Platform, Platform, Wire]:
    """A city and a province that have exchanged addresses and keys; the city has harvested one entry."""
    wire = Wire()
    city = Platform(CITY, engines[CITY], folder / CITY, time, wire)
    province = Platform(PROVINCE, engines[PROVINCE], folder / PROVINCE, time, wire)
    city.know(province)
    province.know(city, partner="p-hill")
    city.harvest(province, HARVESTED, "records")
    return city, province, wire
