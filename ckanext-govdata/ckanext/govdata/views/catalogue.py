"""Pages where departments compile their catalogue: sheets in and out, changes, review, what others provide.

CKAN's own form of an entry stays; what is saved there becomes a proposal that a reviewer has to approve.
Nothing is decided here: what a person may do is the ``actions`` list of ``govdata_change_show``.

Article: SX-8, QD-8, TZ-7 (compile, review, publish by named persons), SX-12, JS-11.
"""

from __future__ import annotations

import re
from typing import Any, cast

from ckan import model
from ckan.config.middleware.flask_app import csrf
from ckan.lib.navl import dictization_functions as forms
from ckan.logic import clean_dict, parse_params, tuplize_dict
from ckan.plugins import toolkit as tk
from ckan.views import dataset as ckan_forms
from ckanext.scheming.plugins import expand_form_composite
from flask import Blueprint, Response, jsonify, make_response

from ckanext.govdata.catalogue.changes import current, service
from ckanext.govdata.catalogue.fields import ITEMS_FIELD
from ckanext.govdata.catalogue.sheet import reading, writing
from ckanext.govdata.logic.errors import reader_language
from ckanext.govdata.release.artifacts import media_type_of
from ckanext.govdata.release.lifecycle import COMPILER
from ckanext.govdata.release.roles import lent_organizations, organizations_of, standing
from ckanext.govdata.views import release_words
from ckanext.govdata.views.form_guard import call, needs_person, never_kept
from licensing.core.errors import LicensingError

catalogue = Blueprint("govdata_catalogue", __name__, url_prefix="/catalogue")

STEPS = ("submit", "approve", "reject", "decide", "decline", "cancel")
_FORM_ENDPOINTS = {"dataset.new": "new", "dataset.edit": "edit"}
Answer = Response | str


@catalogue.before_request
def _only_officers_but_for_the_template() -> Any:
    """The empty form is for anybody."""
    return None if tk.request.endpoint == "govdata_catalogue.template" else needs_person()


catalogue.after_request(never_kept)


def _mine() -> list[model.Group]:
    """The departments that the visitor compiles for, by name."""
    user = tk.current_user
    if user.sysadmin:
        found = model.Session.query(model.Group).filter_by(is_organization=True, state="active")
    else:
        ids = organizations_of(user, frozenset({COMPILER})) | lent_organizations(user, {COMPILER})
        found = model.Session.query(model.Group).filter(
            model.Group.id.in_(ids), model.Group.state == "active"
        )
    return list(found.order_by(model.Group.title))


@catalogue.get("")
def index() -> Answer:
    """The workbench of the catalogue: sheets in and out, and the changes under way."""
    return _index_page([])


def _index_page(errors: list[str]) -> Answer:
    show = tk.request.args.get("show", "open")
    try:
        changes = call("govdata_change_list", {"queue": show == "queue"})
        waiting = len(changes) if show == "queue" else len(call("govdata_change_list", {"queue": True}))
    except tk.NotAuthorized:
        return tk.abort(403, tk._("The workbench is for officers of departments."))
    if show == "open":
        changes = [change for change in changes if not change["ended"]]
    html = tk.render(
        "catalogue/index.html",
        {
            "changes": changes, "show": show, "waiting": waiting, "mine": _mine(), "errors": errors,
            "words": release_words,
        },
    )  # fmt: skip
    return make_response(html, 422 if errors else 200)


@catalogue.get("/template.xlsx")
def template() -> Answer:
    """The empty form, for anybody: it holds nothing but the lists of codes."""
    return _workbook(writing.template(reader_language()), "catalogue-template.xlsx")


@catalogue.get("/export/<organization>.xlsx")
def export(organization: str) -> Answer:
    """A department's catalogue in the national form."""
    group = model.Group.get(organization)
    if group is None or not group.is_organization:
        return tk.abort(404, tk._("There is no such department."))
    if not standing(tk.current_user, group.id).roles:
        return tk.abort(403, tk._("Only officers of the department may export its catalogue."))
    entries = [one.document for one in current.of_department(model.Session, group.id)]
    department = writing.Department(group.title, (group.extras or {}).get("department_code", ""))
    try:
        content = writing.catalogue(entries, department, reader_language())
    except LicensingError as error:
        return tk.abort(422, error.message(reader_language()))
    return _workbook(content, f"catalogue-{group.name}.xlsx")


def _workbook(content: bytes, name: str) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = media_type_of("xlsx")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@catalogue.post("/upload")
def upload() -> Answer:
    """Take a filled form in."""
    form, file = tk.request.form, tk.request.files.get("upload")
    if file is None or not file.filename:
        return _index_page([tk._("Choose a file first.")])
    data = {name: form.get(name, "") for name in ("organization", "cause", "cause_date")}
    try:
        change = call("govdata_change_upload", {**data, "upload": file})
    except tk.ValidationError as error:
        return _index_page(release_words.sentences(error))
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return tk.abort(403, tk._("You do not compile for this department."))
    return tk.h.redirect_to("govdata_catalogue.change", change_id=change["id"])


@catalogue.get("/changes/<change_id>")
def change(change_id: str) -> Answer:
    """One change: what is new and changed, errors, similar items, and what to do next."""
    return _change_page(_show(change_id), [])


def _show(change_id: str) -> dict[str, Any]:
    offset = tk.request.args.get("offset", "0")
    try:
        data = {"id": change_id, "offset": int(offset) if offset.isdecimal() and len(offset) < 9 else 0}
        return cast("dict[str, Any]", call("govdata_change_show", data))
    except tk.ObjectNotFound:
        tk.abort(404, tk._("There is no such change of the catalogue."))
    except tk.NotAuthorized:
        tk.abort(403, tk._("Only officers of the department may see this change."))
    raise AssertionError("abort raises")


def _change_page(data: dict[str, Any], errors: list[str]) -> Answer:
    html = tk.render(
        "catalogue/change.html",
        {
            "change": data,
            "may": {one["action"]: one for one in data["actions"]},
            "progress": _progress(data),
            "errors": errors,
            "words": release_words,
        },
    )
    return make_response(html, 422 if errors else 200)


@catalogue.get("/changes/<change_id>/state")
def state(change_id: str) -> Answer:
    """What a page that watches a worker asks every second."""
    data, lang = _show(change_id), reader_language()
    return jsonify(
        state=data["state"],
        label=data["state_label"][lang],
        sentence=data["state_sentence"][lang],
        working=data["working"],
        progress=_progress(data),
    )


def _progress(data: dict[str, Any]) -> dict[str, Any] | None:
    at = data.get("progress")
    if not at or not at["stage"]:
        return None
    stages = {
        "read": tk._("Reading the rows"),
        "validate": tk._("Checking the entries"),
        "index": tk._("Renewing the search"),
    }
    percent = round(100 * at["done"] / at["total"]) if at["total"] else None
    note = f"{at['done']} / {at['total']}" if at["total"] else str(at["done"])
    return {"stage": stages.get(at["stage"], ""), "percent": percent, "note": note}


@catalogue.get("/changes/<change_id>/errors.xlsx")
def errors(change_id: str) -> Answer:
    """The uploaded sheet with the wrong cells marked, and a list of all errors."""
    shown = _show(change_id)
    stored = service.get(model.Session, shown["id"])
    if not stored.objections or not stored.workbook:
        return tk.abort(404, tk._("There is no sheet with errors here."))
    lang = reader_language()
    headers, rows = reading.rows_of(bytes(stored.workbook))
    marked: dict[tuple[int, int], str] = {}
    for one in stored.objections:
        place = (one["row"], one["at"])
        marked[place] = "\n".join(filter(None, (marked.get(place), one[lang])))
    content = writing.marked(rows, headers, marked, stored.objections, lang)
    return _workbook(content, "catalogue-errors.xlsx")


@catalogue.post("/changes/<change_id>/answers")
def answers(change_id: str) -> Answer:
    """Answers for items that others provide: reuse, or collect again with a reason."""
    form = tk.request.form
    said = [
        {"index": int(index), "answer": form[f"answer-{index}"], "reason": form.get(f"reason-{index}", "")}
        for index in re.findall(r"answer-(\d{1,6})", " ".join(form))
    ]
    try:
        call("govdata_change_answer", {"id": change_id, "answers": said})
    except tk.ValidationError as error:
        return _change_page(_show(change_id), release_words.sentences(error))
    except tk.NotAuthorized:
        return tk.abort(403, tk._("You may not do this."))
    tk.h.flash_success(tk._("The answers are saved."))
    return tk.h.redirect_to("govdata_catalogue.change", change_id=change_id)


@catalogue.post("/changes/<change_id>/<any('submit','approve','reject','decide','decline','cancel'):name>")
def step(change_id: str, name: str) -> Answer:
    """Take one step and come back to the change."""
    try:
        call(f"govdata_change_{name}", {"id": change_id, "reason": tk.request.form.get("reason", "").strip()})
    except tk.ValidationError as error:
        return _change_page(_show(change_id), release_words.sentences(error))
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("There is no such change of the catalogue."))
    except tk.NotAuthorized as error:
        tk.h.flash_error(str(error) or tk._("You may not do this."), allow_html=False)
    else:
        tk.h.flash_success(tk._("Done."))
    return tk.h.redirect_to("govdata_catalogue.change", change_id=change_id)


@catalogue.get("/similar")
def similar() -> Answer:
    """Items that other departments provide: a page of its own, and the panel beside the form of an entry."""
    args = tk.request.args
    wanted = [item.strip() for text in args.getlist("item") for item in re.split(r"[\n、,，;；]", text)]
    items = list(dict.fromkeys(item for item in wanted if item))[:300]
    mine = _mine()
    chosen = args.get("organization") or (mine[0].id if mine else "")
    found: list[dict[str, Any]] = []
    try:
        if items and chosen:
            found = call("govdata_similar_items", {"organization": chosen, "items": items})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return tk.abort(403, tk._("You do not compile for this department."))
    data = {"items": items, "found": found, "mine": mine, "chosen": chosen, "asked": bool(items)}
    return tk.render(
        "catalogue/snippets/similar.html" if "fragment" in args else "catalogue/similar.html", data
    )


@catalogue.post("/entry/<entry_id>/end")
def end(entry_id: str) -> Answer:
    """Propose that an entry leaves the catalogue."""
    try:
        reason = tk.request.form.get("reason", "")
        proposed = call("govdata_change_end", {"id": entry_id, "reason": reason})
    except tk.ValidationError as error:
        for sentence in release_words.sentences(error):
            tk.h.flash_error(sentence, allow_html=False)
        return tk.h.redirect_to("dataset.edit", id=entry_id)
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("There is no such entry."))
    except tk.NotAuthorized:
        return tk.abort(403, tk._("You do not compile for this department."))
    tk.h.flash_success(tk._("Saved as a proposal: look at it, then submit it for review."))
    return tk.h.redirect_to("govdata_catalogue.change", change_id=proposed["id"])


@catalogue.get("/entry/<entry_id>/history")
def history(entry_id: str) -> Answer:
    """What an entry said before, and who compiled, reviewed and decided each version."""
    try:
        versions = call("govdata_entry_history", {"id": entry_id})
        entry = call("package_show", {"id": entry_id})
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("There is no such entry."))
    except tk.NotAuthorized:
        return tk.abort(403, tk._("The history of entries is for officers."))
    return tk.render("catalogue/history.html", {"versions": versions, "entry": entry, "words": release_words})


@catalogue.before_app_request
def _propose_instead_of_saving() -> Any:
    """What an officer saves in CKAN's form of an entry becomes a proposal for the reviewer."""
    kind = _FORM_ENDPOINTS.get(tk.request.endpoint or "")
    if (
        kind is None
        or tk.request.method != "POST"
        or tk.current_user.is_anonymous
        or tk.current_user.sysadmin
    ):
        return None
    csrf.protect()
    try:
        entry = clean_dict(forms.unflatten(tuplize_dict(parse_params(tk.request.form))))
    except forms.DataError:
        return tk.abort(400, tk._("Integrity Error"))
    for name in ("save", "_ckan_phase", "pkg_name", "_csrf_token"):
        entry.pop(name, None)
    expand_form_composite(entry, {ITEMS_FIELD})
    entry_id = (tk.request.view_args or {}).get("id")
    existing = model.Package.get(entry_id) if entry_id else None
    organization = existing.owner_org if existing is not None else entry.get("owner_org")
    if entry_id and existing is None:
        return tk.abort(404, tk._("There is no such entry."))
    try:
        data = {
            "organization": organization or "",
            "entry": entry,
            **({"id": existing.id} if existing else {}),
        }
        proposed = call("govdata_change_propose", data)
    except tk.ValidationError as error:
        return _form_again(kind, entry_id, entry, error)
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return tk.abort(403, tk._("You do not compile for this department."))
    tk.h.flash_success(tk._("Saved as a proposal: look at it, then submit it for review."))
    return tk.h.redirect_to("govdata_catalogue.change", change_id=proposed["id"])


def _form_again(kind: str, entry_id: str | None, entry: dict[str, Any], error: Any) -> Any:
    """CKAN's own form with what was typed and the objections beside the fields."""
    if kind == "edit":
        return ckan_forms.EditView().get(
            "dataset", str(entry_id), entry, error.error_dict, error.error_summary
        )
    return ckan_forms.CreateView().get(
        "dataset", {**entry, "state": "none"}, error.error_dict, error.error_summary
    )
