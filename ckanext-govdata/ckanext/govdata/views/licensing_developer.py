"""The developer centre: keys, use, examples that run, products, reports that are due.

A token is told once, on the answer to the form that asked for it, and stands in no address and no cookie. The
form carries the version of the grant that it was made for, so that a reload of the answer issues nothing.

Article: SX-18 (products name source and date), HB-24, HB-26.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, Final

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from flask import Blueprint, Response

from ckanext.govdata.licensing_pages import acting, examples, names, steps, succession
from ckanext.govdata.licensing_pages.interface import Interface, Refused, interface
from ckanext.govdata.licensing_pages.render import NOT_FOUND, OVERTAKEN, page, room
from ckanext.govdata.licensing_ports.setup import setup
from licensing.core.clock import china_day
from licensing.grants.allows import REASONS
from licensing.ports import Principal
from licensing.products.service import KINDS

developer = room(Blueprint("govdata_developer", __name__, url_prefix="/licensing/developer"), account=True)

DAYS: Final = (7, 30, 90, 180, 366)
"""For how long a token may be good."""
CHARTED: Final = 31
CALLS: Final = 20
_DAY: Final = 86_400
_PLAIN: Final = 200
_NONE_SEEN: Final = '"0"'
"""A version that no grant has."""
Answer = Response | str


@developer.get("")
def index() -> Answer:
    """What the visitor holds: grants, reports due, products, alarms."""
    library, who = interface(), acting.principal()
    grants = list(library.all("/grants"))
    reports = list(library.all("/usage/reports", status="due"))
    products = list(library.all("/products"))
    alarms = list(library.all("/usage/alarms", status="raised"))
    waiting = _waiting(library, who)
    return page(
        "licensing/developer.html", grants=[_with_use(library, each) for each in grants], reports=reports,
        products=products, alarms=alarms, waiting=waiting, titles=_titles(grants),
        ending=succession.ending(library, who),
    )  # fmt: skip


def _waiting(library: Interface, who: Principal) -> dict[str, list[dict[str, Any]]]:
    """What others have handed in and the visitor has to look at: products (office), reports (their readers)."""  # noqa: E501
    found: dict[str, list[dict[str, Any]]] = {"products": [], "reports": []}
    if acting.files(who):
        found["products"] = list(library.all("/products", view="all", status="submitted"))
    if acting.is_office(who) or acting.is_provider(who):
        view = "all" if acting.is_office(who) else "received"
        found["reports"] = list(library.all("/usage/reports", view=view, status="filed"))
    return found


def _titles(grants: list[dict[str, Any]]) -> dict[str, str]:
    return names.datasets(data["id"] for each in grants for data in each["terms"]["datasets"])


def _with_use(library: Interface, grant: dict[str, Any]) -> dict[str, Any]:
    """The grant with today's calls beside its quota."""
    today = _today().isoformat()
    used = library.get(f"/agreements/{grant['agreement_id']}/usage", since=today, until=today).document
    return {**grant, "today": used["total"]}


def _today() -> date:
    return china_day(setup().time.now())


@developer.get("/grants/<grant_id>")
def grant(grant_id: str) -> Answer:
    """One grant: tokens, use of the last 31 days, single calls, code to copy."""
    return _grant(grant_id, None)


def _grant(
    grant_id: str, refused: Refused | None, issued: dict[str, Any] | None = None, told: int = 0
) -> Answer:
    """``told`` is the status of the answer to a form that was sent a second time."""
    library = interface()
    found = library.get(f"/grants/{grant_id}").document
    tokens = library.get(f"/grants/{grant_id}/tokens").document
    may = {row["action"] for row in steps.possible(library, "grant", grant_id)}
    since = _today() - timedelta(days=CHARTED - 1)
    usage = library.get(f"/agreements/{found['agreement_id']}/usage", since=since).document
    calls = library.get(f"/agreements/{found['agreement_id']}/calls", limit=CALLS).document["items"]
    ids = [data["id"] for data in found["terms"]["datasets"]]
    return page(
        "licensing/developer_grant.html", refused=refused, grant=found, may=may, issued=issued, calls=calls,
        tokens=tokens["items"] if isinstance(tokens, dict) else tokens, days=DAYS, titles=names.datasets(ids),
        chart=_chart(usage, since), usage=usage, today=_of_today(usage), reasons=REASONS,
        examples=examples.of(found, tk.config["ckan.site_url"], _addresses(ids)),
        told=told, status=told or _PLAIN,
    )  # fmt: skip


def _of_today(usage: dict[str, Any]) -> dict[str, int]:
    """Today's calls that were answered and refused, as far as they have been brought in."""
    today = _today().isoformat()
    return next(
        ({"calls": d["calls"], "refused": d["refused"]} for d in usage["days"] if d["day"] == today),
        {"calls": 0, "refused": 0},
    )


def _addresses(ids: list[str]) -> dict[str, str]:
    """Short names of entries by id."""
    query = sa.select(model.Package.id, model.Package.name).where(model.Package.id.in_(ids))
    return {row.id: row.name for row in model.Session.execute(query)}


def _chart(usage: dict[str, Any], since: date) -> list[tuple[str, int, int]]:
    """Answered and refused calls of each day; days without calls are there with nothing."""
    by_day = {each["day"]: each for each in usage["days"]}
    days = [(since + timedelta(days=n)).isoformat() for n in range(CHARTED)]
    none = {"calls": 0, "refused": 0}
    return [(day, found["calls"], found["refused"]) for day in days for found in [by_day.get(day, none)]]


@developer.post("/grants/<grant_id>/tokens")
def issue(grant_id: str) -> Answer:
    """A new token, told once."""
    form = tk.request.form
    days = int(form["days"]) if form.get("days", "").isdecimal() and int(form["days"]) in DAYS else DAYS[1]
    datasets = form.getlist("datasets")[:500] or None
    return _secret(grant_id, "tokens", {"expires_in": days * _DAY, "datasets": datasets})


@developer.post("/grants/<grant_id>/tokens/<token_id>/rotate")
def rotate(grant_id: str, token_id: str) -> Answer:
    """A token in the place of another one, which stays good for a day."""
    return _secret(grant_id, f"tokens/{token_id}/rotate", {"overlap": _DAY})


def _secret(grant_id: str, path: str, document: dict[str, Any]) -> Answer:
    """The answer with the token; the second answer to one form has none, and none is made for it."""
    version = tk.request.form.get("version", "")
    seen = f'"{version}"' if version.isdecimal() else _NONE_SEEN
    try:
        issued = interface().post(f"/grants/{grant_id}/{path}", document, version=seen).document
    except Refused as refused:
        if refused.status == NOT_FOUND:
            raise
        if refused.status == OVERTAKEN:
            return _grant(grant_id, None, told=refused.status)
        return _grant(grant_id, refused)
    return _grant(grant_id, None, issued)


@developer.post("/grants/<grant_id>/tokens/<token_id>/withdraw")
def withdraw(grant_id: str, token_id: str) -> Answer:
    """End a token with the next call."""
    try:
        interface().post(f"/grants/{grant_id}/tokens/{token_id}/withdraw", {})
    except Refused as refused:
        if refused.status == NOT_FOUND:
            raise
        return _grant(grant_id, refused)
    tk.h.flash_success(tk._("Withdrawn: it is refused from the next call on."))
    return tk.h.redirect_to("govdata_developer.grant", grant_id=grant_id)


@developer.get("/products/new")
def new_product() -> Answer:
    """The form, for the agreement of ``?agreement=``."""
    return _product_form(tk.request.args.get("agreement", "")[:64], None)


@developer.post("/products/new")
def create_product() -> Answer:
    """Register a product as a draft and have its sources checked at once; a false day is refused beside it."""  # noqa: E501
    form = tk.request.form
    agreement, library = form.get("agreement", "")[:64], interface()
    chosen = form.getlist("dataset")[:100]
    sources = [{"dataset_id": each, "acquired": form.get(f"acquired-{each}", "")} for each in chosen]
    document = {
        "agreement_id": agreement, "name": form.get("name", "").strip(), "kind": form.get("kind", ""),
        "description": form.get("description", "").strip(), "sources": sources,
    }  # fmt: skip
    try:
        made = library.post("/products", document).document
    except Refused as refused:
        if refused.status == NOT_FOUND:
            raise
        return _product_form(agreement, refused)
    try:
        library.post(f"/products/{made['id']}/submit", {})
    except Refused as refused:
        return _product(made["id"], refused)
    tk.h.flash_success(
        tk._("Sources and days are as the platform recorded them. The product waits for the office.")
    )
    return tk.h.redirect_to("govdata_developer.product", product_id=made["id"])


def _product_form(agreement: str, refused: Refused | None) -> Answer:
    library = interface()
    held = {each["agreement_id"]: each for each in library.all("/grants")}
    chosen = held.get(agreement) or next(iter(held.values()), None)
    ids = [data["id"] for data in chosen["terms"]["datasets"]] if chosen else []
    return page(
        "licensing/product_form.html", refused=refused, held=held, chosen=chosen, titles=names.datasets(ids),
        kinds=KINDS, acquired=_acquired(library) if chosen else {}, posted=tk.request.form,
        today=_today().isoformat(),
    )  # fmt: skip


def _acquired(library: Interface) -> dict[str, str]:
    """The newest day on which each dataset was handed over to the visitor, by id."""
    found: dict[str, str] = {}
    for each in library.all("/usage/downloads"):
        found.setdefault(each["dataset"], each["day"])
    return found


@developer.get("/products/<product_id>")
def product(product_id: str) -> Answer:
    """One product of one's own: how far it is, which sources were proven."""
    return _product(product_id, None)


def _product(product_id: str, refused: Refused | None) -> Answer:
    library = interface()
    found = library.get(f"/products/{product_id}").document
    possible = steps.possible(library, "product", product_id)
    return page(
        "licensing/developer_product.html", refused=refused, product=found, kinds=KINDS,
        steps=[{**each, "word": "publish" if each["action"] == "list" else each["word"]} for each in possible],  # noqa: E501
        history=steps.history(library, "product", product_id), today=_today().isoformat(),
        acquired=_acquired(library) if any(each["action"] == "save" for each in possible) else {},
    )  # fmt: skip


@developer.post("/products/<product_id>/sources")
def mend_product(product_id: str) -> Answer:
    """State the days of acquisition anew and submit again."""
    library, form = interface(), tk.request.form
    try:
        found = library.get(f"/products/{product_id}").document
        sources = [
            {"dataset_id": each["dataset_id"], "acquired": form.get(f"acquired-{each['dataset_id']}", "")}
            for each in found["sources"]
        ]
        document = {
            "name": found["name"], "description": found["description"], "kind": found["kind"]["id"],
            "sources": sources,
        }  # fmt: skip
        library.post(f"/products/{product_id}/save", document)
        library.post(f"/products/{product_id}/submit", {})
    except Refused as refused:
        if refused.status == NOT_FOUND:
            raise
        return _product(product_id, refused)
    tk.h.flash_success(
        tk._("Sources and days are as the platform recorded them. The product waits for the office.")
    )
    return tk.h.redirect_to("govdata_developer.product", product_id=product_id)


@developer.post("/products/<product_id>/<any(submit,publish,return,suspend,resume,delist):word>")
def step_product(product_id: str, word: str) -> Answer:
    """One step of the table, for its maker or the office."""
    reason = tk.request.form.get("reason", "").strip()
    body = {} if word in ("submit", "publish") else {"reason": reason}
    return steps.carry_out(
        f"/products/{product_id}", word, body, partial(_product, product_id),
        tk.h.url_for("govdata_developer.product", product_id=product_id),
    )  # fmt: skip


@developer.get("/reports/<report_id>")
def report(report_id: str) -> Answer:
    """A report on use and benefit that is due or was handed in."""
    return _report(report_id, None)


def _report(report_id: str, refused: Refused | None) -> Answer:
    library = interface()
    found = library.get(f"/usage/reports/{report_id}").document
    period = {"since": found["period_begins"], "until": found["period_ends"]}
    used = library.get(f"/agreements/{found['agreement']}/usage", **period).document["total"]
    possible = steps.possible(library, "usage_report", report_id)
    return page(
        "licensing/developer_report.html", refused=refused, report=found, used=used, steps=possible,
        posted=tk.request.form if refused else found,
    )  # fmt: skip


@developer.post("/reports/<report_id>/<any(file,return,accept):word>")
def step_report(report_id: str, word: str) -> Answer:
    """Hand the report in, or, for its readers, take it or return it."""
    form = tk.request.form
    body: dict[str, Any] | None = None
    if word == "file":
        income = form.get("income", "").strip()
        body = {"use": form.get("use", ""), "benefit": form.get("benefit", ""), "income_fen": _fen(income)}
    elif word == "return":
        body = {"reason": form.get("reason", "").strip()}
    return steps.carry_out(
        f"/usage/reports/{report_id}", word, body, partial(_report, report_id),
        tk.h.url_for("govdata_developer.report", report_id=report_id),
    )  # fmt: skip


def _fen(yuan: str) -> int | None:
    """Hundredths of a yuan; None where nothing is said, -1, which the interface refuses, for no number."""
    if not yuan:
        return None
    try:
        return int((Decimal(yuan) * 100).to_integral_value())
    except (ArithmeticError, ValueError):
        return -1
