"""Reports of doubtful or wrong data: the public list and its figures, a desk for both sides, one report.

- ``/corrections``: for everybody; states and figures, no words of anybody
- ``/corrections/desk``: what came to the visitor's departments, and what they reported themselves
- ``/corrections/<id>``: one report and its steps, for its two sides and the offices

Article: HB-23, TZ-15, QD-17.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from ckan import model
from ckan.plugins import toolkit as tk
from flask import Blueprint, Response, jsonify

from ckanext.govdata.licensing_pages import corrections as shown
from ckanext.govdata.licensing_pages import entries, names, steps
from ckanext.govdata.licensing_pages.interface import Refused, interface
from ckanext.govdata.licensing_pages.render import NOT_FOUND, page, room
from ckanext.govdata.licensing_pages.visitor import visitor
from ckanext.govdata.licensing_ports.catalogue import PortalCatalogue
from ckanext.govdata.licensing_ports.setup import setup
from ckanext.govdata.portal import error_reports
from licensing.corrections.lifecycle import LIFECYCLE, STATE_NAMES
from licensing.corrections.models import PLATFORM
from licensing.corrections.service import REPORTERS_STEPS

public = room(Blueprint("govdata_corrections_public", __name__), account=False)
corrections = room(Blueprint("govdata_corrections", __name__, url_prefix="/corrections"), account=True)

TABS: Final = ("received", "reported", "all")
_WORDS: Final = "<any({}):word>".format(",".join(LIFECYCLE.actions))
Answer = Response | str


@public.get("/corrections")
def index() -> Answer:
    """How reports were answered, by department, and the newest ones."""
    return page("licensing/corrections.html", **_public())


@public.get("/corrections.json")
def as_json() -> Response:
    """The same figures for programs."""
    found = _public()
    return jsonify({"departments": found["rows"], "newest": found["newest"]})


def _public() -> dict[str, Any]:
    if not error_reports.can_be_made():
        return {"rows": [], "newest": [], "departments": {}, "titles": {}, "places": {}}
    with setup().session() as library:
        rows, newest = shown.statistics(library), shown.newest(library)
    known = _public_entries(each["dataset"] for each in newest)
    newest = [each for each in newest if each["dataset"] in known]
    return {
        "rows": rows, "newest": newest, "departments": names.departments(row["provider"] for row in rows),
        "titles": {each: title for each, (_, title) in known.items()},
        "places": {each: name for each, (name, _) in known.items()},
    }  # fmt: skip


def _public_entries(ids: Any) -> dict[str, tuple[str, str]]:
    """Name and title of entries that everybody may see, by id."""
    found = {}
    for each in {*ids}:
        package = model.Package.get(each)
        if package is not None and package.state == "active" and not package.private:
            found[each] = (package.name, package.title or package.name)
    return found


@corrections.get("/desk")
def desk() -> Answer:
    """What waits for the visitor's departments; what they reported."""
    library, asked = interface(), tk.request.args
    who = visitor(library)
    tabs = [tab for tab in TABS if _may(tab, who)]
    tab = asked.get("tab", tabs[0])
    tab = tab if tab in tabs else tabs[0]
    state = asked.get("state", "") if asked.get("state") in STATE_NAMES else ""
    rows: list[dict[str, Any]] = []
    for party in sorted(who.departments) if tab == "received" else _own(tab, who):
        rows += library.all("/corrections", view=tab, status=state, party=party)
    rows.sort(key=lambda row: str(row["id"]), reverse=True)
    return page(
        "licensing/corrections_desk.html", rows=rows, tabs=tabs, tab=tab, state=state, states=STATE_NAMES,
        titles=names.datasets(row["dataset"] for row in rows),
        departments=names.departments(row["provider"] for row in rows),
    )  # fmt: skip


def _may(tab: str, who: Any) -> bool:
    return {"received": bool(who.departments), "reported": True, "all": who.office}[tab]


def _own(tab: str, who: Any) -> list[str]:
    if tab == "all":
        return [""]
    return sorted({who.id, *who.departments} | ({who.joined} if who.joined else set()))


@corrections.get("/<correction_id>")
def read(correction_id: str) -> Answer:
    """One report."""
    return _read(correction_id, None)


def _read(correction_id: str, refused: Refused | None, word: str = "") -> Answer:
    library = interface()
    found = library.get(f"/corrections/{correction_id}").document
    who = visitor(library)
    entry = entries.of_case([found["dataset"]]).get(found["dataset"])
    releases = sorted(_numbers(found["dataset"]), reverse=True)
    possible = steps.possible(library, "correction", correction_id)
    return page(
        "licensing/correction.html", refused=refused, case=found, entry=entry, releases=releases, tried=word,
        steps=[each for each in possible if _for(found, each, who)],
        history=steps.history(library, "correction", correction_id),
        departments=names.departments([found["provider"]]), posted=tk.request.form if refused else {},
    )  # fmt: skip


def _for(case: dict[str, Any], each: dict[str, Any], who: Any) -> bool:
    """The table lets the platform act as the reporter; the library lets it for its own reports alone."""
    reporter = case["reporter"]
    own = reporter["kind"] == PLATFORM or reporter["id"] in {who.id, who.joined, *who.departments}
    return own or each["action"] not in REPORTERS_STEPS


def _numbers(dataset_id: str) -> list[int]:
    info = PortalCatalogue().dataset(dataset_id)
    return [each.number for each in info.releases] if info is not None else []


@corrections.post(f"/<correction_id>/{_WORDS}")
def step(correction_id: str, word: str) -> Answer:
    """One step of the table."""
    form = tk.request.form
    text = form.get("reason", "").strip()
    body: dict[str, Any] | None = {"reason": text}
    if word in ("correct", "explain"):
        body = {"answer": text}
        number = form.get("release", "")
        if word == "correct" and number.isdecimal() and len(number) < 7:
            body["release"] = int(number)
    elif word == "verify":
        body = None
    try:
        return steps.carry_out(
            f"/corrections/{correction_id}", word, body, partial(_read, correction_id, word=word),
            tk.h.url_for("govdata_corrections.read", correction_id=correction_id),
        )  # fmt: skip
    except Refused as refused:
        if refused.status == NOT_FOUND:
            raise
        return _read(correction_id, refused, word)
