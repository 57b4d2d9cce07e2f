"""Many releases at once: chosen on the workbench or in the queue, told row by row, undone where possible."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ckan.plugins import toolkit as tk
from flask import Blueprint, Response, make_response

from ckanext.govdata.release.bulk import FINAL
from ckanext.govdata.views import release_words
from ckanext.govdata.views.form_guard import call, protect

release_bulk = protect(Blueprint("govdata_release_bulk", __name__), account=True)

NAMES: Mapping[str, Callable[[], str]] = {
    "submit": lambda: tk._("Submit for review"),
    "recall": lambda: tk._("Take back from review"),
    "sign_off": lambda: tk._("Confidentiality review: agree"),
    "approve": lambda: tk._("Approve"),
    "reject": lambda: tk._("Return to the compiler"),
    "reconsider": lambda: tk._("Take the approval back"),
    "publish": lambda: tk._("Publish"),
    "cancel": lambda: tk._("Cancel and destroy what is staged"),
}
"""Steps as the pages offer them."""


@release_bulk.post("/release/bulk")
def carry_out() -> Response | str:
    """Take the step; one that nothing takes back is asked for once more."""
    form = tk.request.form
    ids, step = form.getlist("id"), form.get("step", "")
    if step in FINAL and ids and not form.get("sure"):
        return _page(step, ids, sure=True)
    data = {"reason": form.get("reason", "").strip(), "opinion": form.get("reason", "").strip()}
    if step == "sign_off":
        data["conclusion"] = "pass"
    try:
        told = call("govdata_release_bulk", {"ids": ids, "step": step, **data})
    except tk.ValidationError as error:
        return make_response(_page(step, ids, errors=release_words.sentences(error)), 422)
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    return _page(step, ids, told=told)


def _page(
    step: str,
    ids: list[str],
    *,
    told: dict[str, object] | None = None,
    sure: bool = False,
    errors: list[str] | None = None,
) -> str:
    shown = {
        "step": step,
        "name": NAMES[step]() if step in NAMES else step,
        "names": NAMES,
        "ids": ids,
        "told": told,
        "sure": sure,
        "errors": errors or [],
        "reason": tk.request.form.get("reason", ""),
        "words": release_words,
    }
    return str(tk.render("release/bulk.html", shown))
