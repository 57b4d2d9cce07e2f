"""A succession moves catalogue and agreements, which no transaction holds together (SX-16(3), ADR 0014)."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from tests.stack import Stack

PATIENCE = 90.0
ENTRY = {
    "notes": "检验承继。", "catalogue_class": "3", "theme": "social", "share_type": "unconditional",
    "open_type": "unconditional", "update_cycle": "yearly", "secrecy": "none",
}  # fmt: skip
BASIS = "云州市机构改革方案"
EFFECTIVE = date(2026, 7, 1)


class Died(BaseException):
    """The process is gone: nothing after this line happens."""


class Reform:
    """Two departments, an entry and a case of the first; all through the portal's interfaces."""

    def __init__(self, stack: Stack) -> None:
        self.stack, self.tag = stack, secrets.token_hex(3)
        self.old, self.new = (self._department(name) for name in ("before", "after"))
        for department in (self.old, self.new):
            self._appoint(department, ["compiler"])
        named = {"name": f"moving-{self.tag}", "title": f"移交{self.tag}", "owner_org": self.old["id"]}
        self.entry = self.act("sysadmin", "package_create", **{**ENTRY, **named})
        self.until(lambda: {self.old["id"], self.new["id"]} <= self._entered())
        self.case = self._case()

    def act(self, who: str, action: str, **data: Any) -> Any:
        with self.stack.client(who) as client:
            answer = client.post(f"/api/3/action/{action}", json=data)
        assert answer.status_code == 200, answer.text[:800]
        return answer.json()["result"]

    def library(self, who: str, method: str, path: str, body: Any = None) -> httpx.Response:
        with self.stack.client(who) as client:
            headers = {"If-Match": "*", "Accept-Language": "zh"}
            return client.request(method, f"/api/licensing/v1{path}", json=body, headers=headers)

    def until(self, happened: Callable[[], Any]) -> None:
        """Play one round of the scheduler here, then wait for what the stack's own one does."""
        from ckan import model

        from ckanext.govdata.catalogue.registers import hand_over
        from ckanext.govdata.licensing_ports import departments
        from ckanext.govdata.licensing_ports.setup import setup

        departments.enter_new(setup())
        hand_over.round_of(model.Session, setup())
        pause, end = threading.Event(), time.monotonic() + PATIENCE
        while not happened():
            assert time.monotonic() < end, "the scheduler has not done it"
            pause.wait(0.5)

    def order(self, **more: Any) -> dict[str, Any]:
        return {
            "kind": "merged", "predecessor": self.old["id"], "successor": self.new["id"], "basis": BASIS,
            "effective": "2026-07-01", **more,
        }  # fmt: skip

    def record(self) -> dict[str, Any] | None:
        listed = self.act("administrator", "govdata_succession_list")
        return next((one for one in listed if one["predecessor_id"] == self.old["id"]), None)

    def settled(self) -> bool:
        record = self.record()
        return record is not None and record["agreements"]["state"] == "done"

    def owner_of_case(self) -> str:
        shown = self.library("compiler", "GET", f"/cases/{self.case}")
        assert shown.status_code == 200, shown.text
        return str(shown.json()["applicant"]["id"])

    def owner_of_entry(self) -> str:
        return str(self.act("sysadmin", "package_show", id=self.entry["id"])["owner_org"])

    def clear(self) -> None:
        for department in (self.old, self.new):
            self._appoint(department, [])
        self.act("sysadmin", "dataset_purge", id=self.entry["id"])

    def _department(self, name: str) -> dict[str, Any]:
        named = {"name": f"{name}-{self.tag}", "title": f"{name}{self.tag}局"}
        return dict(self.act("sysadmin", "organization_create", **named))

    def _appoint(self, department: dict[str, Any], roles: list[str]) -> None:
        where = {"user": self.stack.account("compiler").name, "organization": department["name"]}
        self.act("administrator", "govdata_officer_set", roles=roles, **where)

    def _entered(self) -> set[str]:
        found: set[str] = set()
        after = ""
        while True:
            page = self.library("administrator", "GET", f"/departments?limit=100{after}").json()
            found |= {one["id"] for one in page["items"]}
            if not page.get("next"):
                return found
            after = f"&cursor={page['next']}"

    def _case(self) -> str:
        made = self.library("compiler", "POST", "/cases", {
            "kind": "sharing", "applicant_kind": "department", "applicant_id": self.old["id"],
            "draft": {"purpose": "检验承继", "grounds": "履行职责", "system": "检验系统"},
        })  # fmt: skip
        assert made.status_code == 201, made.text
        return str(made.json()["id"])


@pytest.fixture
def inside(user: str) -> Iterator[Any]:
    """``(session, installation)`` of this process, as the scheduler has them."""
    from ckan import model

    from ckanext.govdata.licensing_ports.setup import setup

    yield model.Session, setup()
    model.Session.rollback()


@pytest.fixture
def reform(stack: Stack, inside: Any) -> Iterator[Reform]:
    made = Reform(stack)
    yield made
    made.clear()


@pytest.mark.article("SX-16")
@pytest.mark.article("QD-8")
def test_catalogue_and_cases_move_in_one_errand(reform: Reform) -> None:
    assert reform.act("administrator", "govdata_succession_carry_out", **reform.order())["entries"] == 1
    assert reform.owner_of_entry() == reform.new["id"]
    reform.until(reform.settled)
    assert reform.owner_of_case() == reform.new["id"]
    record = reform.record()
    assert record is not None
    assert record["agreements"]["moved"] >= 1


@pytest.mark.parametrize("moment", ["before the library commits", "after the library has committed"])
def test_a_process_that_dies_between_the_two_neither_loses_nor_repeats_it(
    reform: Reform, inside: Any, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    from ckan import model

    from ckanext.govdata.catalogue.registers import hand_over, succession
    from licensing.parties.models import Succession as Line

    session, here = inside
    died = []

    def die(*_: Any) -> None:
        died.append(moment)
        raise Died

    with monkeypatch.context() as patched:
        if moment.startswith("after"):
            patched.setattr(hand_over, "_settle", die)
        else:
            carry_out = hand_over.library.succeed

            def killed(*args: Any, **named: Any) -> None:
                carry_out(*args, **named)
                die()

            patched.setattr(hand_over.library, "succeed", killed)
        record = succession.carry_out(
            session, kind="dissolved", predecessor=model.Group.get(reform.old["id"]),
            successor=model.Group.get(reform.new["id"]), basis=BASIS, effective=EFFECTIVE, by="reform",
        )  # fmt: skip
        record_id = record.id
        session.commit()
        with pytest.raises(Died):
            hand_over.finish(session, here, record_id)
        session.rollback()
    assert died == [moment]
    reform.until(reform.settled)
    with here.session() as library:
        lines = library.scalars(sa.select(Line).where(Line.from_department == reform.old["id"])).all()
    assert [(line.kind, line.to_department) for line in lines] == [("dissolve", reform.new["id"])]
    assert reform.owner_of_case() == reform.new["id"]
    assert hand_over.finish(session, here, record_id) is False, "it is done"


def test_what_keeps_the_agreements_is_shown_until_it_is_gone(reform: Reform, inside: Any) -> None:
    """The successor has ended in the library meanwhile: the errand waits and says so."""
    from ckan import model

    from ckanext.govdata.catalogue.registers import hand_over, succession

    session, here = inside
    third = reform._department("third")
    reform.until(lambda: third["id"] in reform._entered())
    body = {"successor_id": third["id"], "basis": BASIS}
    assert reform.library("administrator", "POST", f"/departments/{reform.new['id']}/merge", body).is_success
    record = succession.carry_out(
        session, kind="merged", predecessor=model.Group.get(reform.old["id"]),
        successor=model.Group.get(reform.new["id"]), basis=BASIS, effective=EFFECTIVE, by="reform",
    )  # fmt: skip
    record_id = record.id
    session.commit()
    hand_over.finish(session, here, record_id)
    shown = reform.record()
    assert shown is not None
    assert (shown["agreements"]["state"], shown["agreements"]["code"]) == ("pending", "conflict")
    assert shown["agreements"]["zh"]
    assert shown["agreements"]["tries"] >= 1
    model.Session.delete(session.get(type(record), record_id))
    session.commit()


@pytest.mark.article("QD-8")
def test_the_catalogue_follows_a_merger_that_was_ordered_where_the_agreements_are(reform: Reform) -> None:
    body = {"successor_id": reform.new["id"], "basis": BASIS}
    assert reform.library("administrator", "POST", f"/departments/{reform.old['id']}/merge", body).is_success
    reform.until(reform.settled)
    assert reform.owner_of_entry() == reform.new["id"]


def test_a_rename_keeps_the_department_in_both(reform: Reform) -> None:
    title = f"更名{reform.tag}局"
    order = {**reform.order(kind="renamed", title=title), "successor": ""}
    reform.act("administrator", "govdata_succession_carry_out", **order)
    assert reform.act("sysadmin", "organization_show", id=reform.old["id"])["title"] == title
    found = reform.act("sysadmin", "package_search", q=title, fq=f"name:moving-{reform.tag}")
    assert found["count"] == 1, "found by the new name"
    reform.until(reform.settled)
    named = reform.library("administrator", "GET", f"/departments/{reform.old['id']}").json()
    assert named["name"] == title
    assert reform.owner_of_case() == reform.old["id"]
