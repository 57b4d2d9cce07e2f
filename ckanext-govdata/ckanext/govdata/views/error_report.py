"""``/dataset/<name>/report``: a reader says that data are doubtful or wrong, and sees what became of it.

With an account, because the department answers; without one the page says whom to call.
"""

from __future__ import annotations

from typing import Any

from ckan import model
from ckan.common import current_user
from ckan.config.middleware.flask_app import csrf
from ckan.plugins import toolkit as tk
from flask import Blueprint, Response, make_response

from ckanext.govdata.portal import contact, error_reports, releases
from ckanext.govdata.views.form_guard import never_kept, said

pages = Blueprint("govdata_error_report", __name__)

FIELDS = ("place", "description", "release")


pages.after_request(never_kept)


@pages.get("/dataset/<name>/report")
def form(name: str) -> Response:
    """The form, with the reader's own reports about the entry below it."""
    return _page(_dataset(name), {"place": _place()})


def _place() -> str:
    """Column and row that the page of the table asks about, as the form's words."""
    column = tk.request.args.get("column", "").strip()[:200]
    row = tk.request.args.get("row", "").strip()[:100]
    said = [tk._("Column: {name}").format(name=column)] if column else []
    said += [tk._("Row: {name}").format(name=row)] if row else []
    return "；".join(said)


@pages.post("/dataset/<name>/report")
def send(name: str) -> Response:
    """Make the report and show its page again, or the form with what is wrong."""
    csrf.protect()
    dataset = _dataset(name)
    sent = {field: tk.request.form.get(field, "").strip() for field in FIELDS}
    try:
        tk.get_action("govdata_error_report")(
            {"user": current_user.name},
            {**sent, "release": sent["release"] or None, "dataset_id": dataset["id"]},
        )
    except tk.NotAuthorized:
        return tk.abort(403, tk._("Please log in."))
    except tk.ValidationError as error:
        return _page(dataset, sent, said(error, tk._("Please say what is wrong.")), 422)
    tk.h.flash_success(
        tk._("Your report has been handed to the department. Its answer will stand on this page.")
    )
    return tk.redirect_to("govdata_error_report.form", name=dataset["name"])


def _page(
    dataset: dict[str, Any], sent: dict[str, str] | None = None, fault: str = "", status: int = 200
) -> Response:
    possible = error_reports.can_be_made()
    account = model.User.get(current_user.name) if current_user.is_authenticated else None
    own = error_reports.own(account, dataset["id"]) if possible and account is not None else []
    page = tk.render(
        "package/report.html",
        {
            "pkg": dataset,
            "contact": contact.of(dataset),
            "releases": [each for each in releases.of_dataset(dataset) if each["status"] == "published"],
            "possible": possible,
            "sent": sent or {},
            "fault": fault,
            "own": own,
            "language": "zh" if tk.h.lang().startswith("zh") else "en",
            "needs_token": True,
        },
    )
    return make_response(page, status)


def _dataset(name: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = tk.get_action("package_show")({"user": current_user.name}, {"id": name})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        tk.abort(404, tk._("Dataset not found"))
    return found
