"""Grants on the pages of an agreement and of a filing: prepare, activate, suspend, resume, revoke.

Suspension and revocation end access with the next call: the agreement's number has to be typed.

Article: SX-18, HB-24.
"""

from __future__ import annotations

from typing import Any, Final

from ckan.plugins import toolkit as tk
from flask import Blueprint, Response

from ckanext.govdata.licensing_pages import names, steps
from ckanext.govdata.licensing_pages.interface import Refused, interface
from ckanext.govdata.licensing_pages.render import NOT_FOUND, page, room, said

grants = room(Blueprint("govdata_grants", __name__, url_prefix="/licensing/grants"), account=True)

STEPS: Final = ("activate", "suspend", "resume", "revoke")
TYPED: Final = ("suspend", "revoke")
Answer = Response | str


@grants.post("/prepare")
def prepare() -> Answer:
    """Everything that the agreement allows, as a grant that is not yet open."""
    library, form = interface(), tk.request.form
    agreement, filing = form.get("agreement", "")[:64], form.get("filing", "")[:64]
    try:
        terms = library.get(f"/agreements/{agreement}/grantable").document
        library.post("/grants", {"agreement_id": agreement, "filing_id": filing, "terms": terms})
    except Refused as refused:
        if refused.status == NOT_FOUND:
            raise
        tk.h.flash_error(said(refused))
    else:
        tk.h.flash_success(tk._("Prepared. Nothing is open before it is activated."))
    return tk.h.redirect_to("govdata_agreements.read", agreement_id=agreement)


@grants.get("/<grant_id>")
def read(grant_id: str) -> Answer:
    """One grant: what it opens, until when, and what may be done with it."""
    return _read(grant_id, None, "")


def _read(grant_id: str, refused: Refused | None, wrong: str, word: str = "") -> Answer:
    library = interface()
    grant = library.get(f"/grants/{grant_id}").document
    return page(
        "licensing/grant.html", refused=refused, grant=grant, wrong=wrong, word=word,
        steps=[one for one in steps.possible(library, "grant", grant_id) if one["word"] in STEPS],
        history=steps.history(library, "grant", grant_id),
        titles=_titles(grant), posted=tk.request.form, status=422 if wrong else 200,
    )  # fmt: skip


def _titles(grant: dict[str, Any]) -> dict[str, str]:
    return names.datasets(each["id"] for each in grant["terms"]["datasets"])


@grants.post("/<grant_id>/<any(activate,suspend,resume,revoke):word>")
def step(grant_id: str, word: str) -> Answer:
    """One step of the table."""
    library, form = interface(), tk.request.form
    grant = library.get(f"/grants/{grant_id}").document
    if word in TYPED and form.get("confirm", "").strip() != grant["agreement_number"]:
        sentence = tk._("Type the agreement's number exactly: {number}.").format(
            number=grant["agreement_number"]
        )
        return _read(grant_id, None, sentence, word)
    body = None if word == "activate" else {"reason": form.get("reason", "").strip()}
    return steps.carry_out(
        f"/grants/{grant_id}", word, body, lambda refused: _read(grant_id, refused, "", word),
        tk.h.url_for("govdata_grants.read", grant_id=grant_id),
        tk._("Recorded. It is true for the next call."),
    )  # fmt: skip
