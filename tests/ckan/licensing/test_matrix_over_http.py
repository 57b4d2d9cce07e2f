"""The printed matrix over the portal: each account is offered what the tables say, the rest is refused.

One subject of each kind, made by real steps, is put into every state of its lifecycle in turn. Five people
look at its page and try its steps by the forms' own addresses: both sides, the administrator, the supervisor,
and somebody who has nothing to do with it. What is expected is computed from the same tables as the matrix in
the documentation; what is not allowed is refused with 403, 404 or 409 and leaves everything as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from licensing.core.store.events import history
from licensing.http.registry import subjects
from tests.ckan.door.conftest import here
from tests.ckan.licensing.test_in_the_portal import apply, shared_entry
from tests.ckan.release.conftest import ckan_app
from tests.stack import Stack, csrf_token

__all__ = ["ckan_app", "here"]

API = "/api/licensing/v1"
REFUSED = frozenset({403, 404, 409})
AT_ONCE = 4
PAGES: Mapping[str, str] = {
    "sharing": "/licensing/cases", "development": "/licensing/cases", "agreement": "/licensing/agreements",
    "filing": "/licensing/filings", "grant": "/licensing/grants", "product": "/licensing/developer/products",
    "correction": "/corrections",
}  # fmt: skip
"""Lifecycle → where the pages of its subjects are."""
WORDS: Mapping[str, Mapping[str, str]] = {
    "product": {"list": "publish", "save": "sources"},
    "filing": {"issue_receipt": "receipt"},
}
"""Steps whose form has another address than their name."""
ELSEWHERE: Mapping[str, frozenset[str]] = {
    # by signing, by the other agreement's last signature, by the calendar
    "agreement": frozenset({"take_effect", "be_amended", "be_renewed", "expire", "end_notice"}),
    # by a later filing, by the calendar
    "filing": frozenset({"supersede", "cancel", "expire"}),
    # tokens stand in the developer centre; the calendar
    "grant": frozenset({"issue_token", "rotate_token", "withdraw_token", "expire"}),
    # terms of trade are given by the interface; after a day is mended a product is submitted with it
    "product": frozenset({"offer", "submit"}),
}
"""Steps that have no form on the subject's page, and how they come about."""
CONDITIONED: Mapping[str, frozenset[str]] = {
    # once every item is in order; while no other notice runs and the term is near enough
    "agreement": frozenset({"offer", "ask_amendment", "ask_renewal", "give_notice"}),
    # a kind of filing has one of the two; once checks have passed; once the notice is over; one receipt
    "filing": frozenset({"approve", "conclude", "submit", "accept", "register", "issue_receipt"}),
    # the platform acts as the reporter of its own reports alone
    "correction": frozenset({"reply", "reopen", "close", "withdraw"}),
}
"""Steps that the page leaves out while something besides state and role is lacking."""


EVERY: Mapping[str, int] = {"filing": 3}
"""Each page of a filing verifies its signatures: one in three steps to be refused is tried in a state."""


@dataclass(frozen=True)
class Subject:
    """One subject, and by their roles the accounts that look at it."""

    kind: str
    id: str
    people: tuple[str, ...]
    typed: str
    """What is typed to confirm what cannot be undone: asked for before anything else is looked at."""
    said: Mapping[str, str]
    """Fields of forms that state something of its own: what is malformed is told before who may."""

    @property
    def path(self) -> str:
        return f"{PAGES[self.kind]}/{self.id}"

    def address(self, action: str) -> str:
        return f"{self.path}/{WORDS.get(self.kind, {}).get(action, self._word(action))}"

    def _word(self, action: str) -> str:
        return action if self.path.startswith("/licensing/cases") else action.replace("_", "-")


@pytest.fixture(scope="module")
def sessions(stack: Stack) -> Iterator[dict[str, tuple[httpx.Client, str]]]:
    """Whoever logs in by the form, with the token of the session's forms."""
    with ExitStack() as all_:
        made = {}
        for role in (
            "developer",
            "developer2",
            "compiler2",
            "reviewer",
            "reviewer2",
            "administrator",
            "supervisor",
        ):
            client = all_.enter_context(closing(stack.browser(role)))
            client.follow_redirects = False
            made[role] = (client, csrf_token(client.get("/licensing/notices").text))
        yield made


@pytest.fixture(scope="module")
def found(stack: Stack) -> dict[str, Subject]:
    """The demonstration's development that came to a product, and an application between departments."""
    towards = ("developer", "reviewer2", "administrator", "supervisor", "developer2")
    with stack.client("administrator") as office:

        def all_of(path: str) -> list[dict[str, Any]]:
            listed: list[dict[str, Any]] = office.get(f"{API}{path}").json()["items"]
            return listed

        product = next(one for one in all_of("/products?view=all") if one["name"] == "云行停车诱导")
        agreement = office.get(f"{API}/agreements/{product['agreement_id']}").json()
        filing = next(one for one in all_of("/filings") if one["agreement_id"] == agreement["id"])
        grant = next(one for one in all_of("/grants?view=all") if one["agreement_id"] == agreement["id"])
    shared = shared_entry(stack)
    listed = stack.action("sysadmin", "organization_list", all_fields=True, limit=1000)
    case = apply(stack, {each["name"]: each["id"] for each in listed}, shared)
    between = ("compiler2", "reviewer", "administrator", "supervisor", "developer2")
    said = stated(stack.action("sysadmin", "package_show", id=product["sources"][0]["dataset_id"]))
    doubt = stack.action(
        "developer2", "govdata_error_report", dataset_id="parking-lots", description="泊位数与现场不符。"
    )["id"]
    doubting = ("developer2", "reviewer2", "administrator", "supervisor", "developer")
    ids = {
        "development": agreement["case_id"], "agreement": agreement["id"], "filing": filing["id"],
        "grant": grant["id"], "product": product["id"],
    }  # fmt: skip
    typed = {kind: agreement["number"] if kind == "grant" else id_[-6:] for kind, id_ in ids.items()}
    return {
        "sharing": Subject("sharing", case, between, case[-6:], stated(shared)),
        "correction": Subject("correction", doubt, doubting, "", {}),
        **{kind: Subject(kind, id_, towards, typed[kind], said) for kind, id_ in ids.items()},
    }


def stated(entry: dict[str, Any]) -> dict[str, str]:
    """What forms of an application and of a product say about one dataset."""
    field = entry["information_items"][0]["name"]
    return {
        f"fields.{entry['id']}": field, f"grant.{entry['id']}": field,
        "purpose": "试一试", "grounds": "试一试",
        "system": "试一试", "security": "试一试", "statement": "试一试", "years": "1", "mode": "api",
        f"acquired-{entry['id']}": "2026-01-05", "plan": "试一试",
    }  # fmt: skip


@contextmanager
def standing(here: Any, subject: Subject) -> Iterator[Any]:
    """A function that puts the subject into a state; afterwards it is as it was."""
    table = subjects()[subject.kind].model.__table__

    def put(state: str) -> None:
        with here.session() as session:
            session.execute(sa.update(table).where(table.c.id == subject.id).values(status=state))
            session.commit()

    def row() -> tuple[Any, ...]:
        with here.session() as session:
            found = session.execute(sa.select(table).where(table.c.id == subject.id)).one()
            return (*found, len(history(session, subject.id)))

    with here.session() as session:
        first = session.execute(sa.select(table.c.status).where(table.c.id == subject.id)).scalar_one()
    try:
        yield put, row
    finally:
        put(first)


def allowed(here: Any, stack: Stack, subject: Subject) -> dict[str, frozenset[str]]:
    """The roles of each account towards the subject, as the portal gives them."""
    from ckan import model

    from ckanext.govdata.licensing_ports import people

    found = {}
    with here.session() as session:
        row = session.get(subjects()[subject.kind].model, subject.id)
        for role in subject.people:
            principal = people.principal_of(model.User.by_name(stack.account(role).name), session)
            found[role] = here.context(session, principal).authorizer.roles_for(principal, row)
    model.Session.remove()
    return found


def offered(page: httpx.Response, subject: Subject) -> frozenset[str]:
    """Steps of the lifecycle for which the page has a form or a link."""
    if page.status_code in REFUSED:
        return frozenset()
    assert page.status_code == 200, (page.status_code, subject)
    soup = BeautifulSoup(page.text, "html.parser")
    forms = {
        str(each.get("action", "")).partition("?")[0] for each in soup.select('main form[method="post"]')
    }
    links = {str(each["href"]).partition("?")[0] for each in soup.select("main a[href]")}
    actions = subjects()[subject.kind].lifecycle.actions
    by_link = {"save": f"/licensing/apply/{subject.id}/data"}
    return frozenset(
        action
        for action in actions
        if subject.address(action) in forms
        or subject.address(action) in links
        or (subject.kind in ("sharing", "development") and by_link.get(action) in links)
    )


@pytest.mark.parametrize("kind", sorted(PAGES))
def test_pages_offer_what_the_tables_say_and_everything_else_is_refused(
    stack: Stack, ckan_app: Any, here: Any, sessions: dict[str, tuple[httpx.Client, str]],
    found: dict[str, Subject], kind: str,
) -> None:  # fmt: skip
    subject, lifecycle = found[kind], subjects()[kind].lifecycle
    roles = allowed(here, stack, subject)
    nowhere = ELSEWHERE.get(kind, frozenset())
    perhaps, every = CONDITIONED.get(kind, frozenset()), EVERY.get(kind, 1)
    wrong: list[Any] = []
    tried = 0
    with standing(here, subject) as (put, row), ThreadPoolExecutor(AT_ONCE) as pool:
        for place, state in enumerate(lifecycle.states):
            put(state)
            before = row()
            may = {
                role: frozenset(one.action for one in lifecycle.available(state, roles[role]))
                for role in subject.people
            }
            pages = pool.map(lambda role: sessions[role][0].get(subject.path), subject.people)
            for role, page in zip(subject.people, pages, strict=True):
                shows, expected = offered(page, subject), may[role] - nowhere
                if shows - expected or expected - shows - perhaps:
                    wrong.append((state, role, "page", sorted(shows ^ expected), page.status_code))
            cells = [
                (action, role)
                for number, action in enumerate(lifecycle.actions)
                for role in (subject.people[(number + place) % len(subject.people)],)
                if action not in may[role] and action not in nowhere and number % every == place % every
            ]
            tried += len(cells)
            for cell, status in zip(
                cells, pool.map(lambda c: attempt(sessions, subject, *c), cells), strict=True
            ):
                if status not in REFUSED:
                    wrong.append((state, cell[1], cell[0], status))
            if row() != before:
                wrong.append((state, "something has changed"))
    assert not wrong, "\n".join(map(str, wrong))
    assert tried >= len(lifecycle.states)


def attempt(sessions: dict[str, tuple[httpx.Client, str]], subject: Subject, action: str, role: str) -> int:
    """Send the step's form as somebody who was not offered it; the status of the answer."""
    client, token = sessions[role]
    form = {
        "_csrf_token": token, "version": "*", "reason": "试一试", "confirm": subject.typed,
        "what": "purpose", "passed": "yes", "opinion": "试一试", "conditions": "", "basis": "secrets",
        **subject.said,
    }  # fmt: skip
    address = subject.address(action)
    return client.post(address, data=form, headers={"Referer": str(client.base_url) + address}).status_code
