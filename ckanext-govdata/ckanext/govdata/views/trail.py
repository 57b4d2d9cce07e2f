"""The life cycle of a dataset or a case on one page, for the administrator and auditors.

- ``/supervision/life-cycle``: find the dataset or the case
- ``/supervision/life-cycle/dataset/<id>`` and ``/case/<id>``: the whole trail, with filters and a picture
- ``….csv``, ``….xlsx`` and ``….json`` of each: the same lines, all of them, with their entries of the ledger

Article: SX-20, HB-28, JS-8.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ckan.plugins import toolkit as tk
from flask import Blueprint, Response, jsonify

from ckanext.govdata.logic.errors import reader_language
from ckanext.govdata.supervision.trail.phases import PHASES
from ckanext.govdata.tables.handout import FORMATS, handed_out
from ckanext.govdata.views import release_words
from ckanext.govdata.views.form_guard import call, protect

life_cycle = protect(
    Blueprint("govdata_life_cycle", __name__, url_prefix="/supervision/life-cycle"), account=True
)

ASKED: Final = ("phase", "actor", "since", "until")
_KINDS: Final = "<any(dataset,case):kind>"
Answer = Response | str


@life_cycle.get("")
def find() -> Answer:
    """Datasets and cases that a word names; a single one is opened."""
    text = tk.request.args.get("q", "").strip()[:200]
    found = _call("govdata_life_cycle_find", {"q": text})["results"]
    if len(found) == 1:
        return _to(tk.h.url_for("govdata_life_cycle.read", kind=found[0]["kind"], subject=found[0]["id"]))
    return tk.render(
        "supervision/life_cycle_find.html", {"q": text, "found": found, "language": reader_language()}
    )


def _to(address: str) -> Response:
    found: Response = tk.h.redirect_to(address)
    return found


@life_cycle.get(f"/{_KINDS}/<subject>")
def read(kind: str, subject: str) -> Answer:
    """The trail, its first lines first."""
    asked = _asked()
    after = tk.request.args.get("after", "")
    trail = _call("govdata_life_cycle", {"kind": kind, "id": subject, **asked, "after": after})
    return tk.render(
        "supervision/life_cycle.html",
        {
            "trail": trail, "asked": asked, "after": after, "kind": kind, "subject": subject,
            "phases": PHASES, "words": release_words, "language": reader_language(),
        },
    )  # fmt: skip


@life_cycle.get(f"/{_KINDS}/<subject>/trail.<any({','.join([*FORMATS, 'json'])}):form>")
def export(kind: str, subject: str, form: str) -> Answer:
    """Every line that the address asks for."""
    whole = _call("govdata_life_cycle", {"kind": kind, "id": subject, **_asked(), "whole": True})
    if form != "json":
        return handed_out(_table(whole), name="life-cycle", form=form, sheet="life-cycle")
    answer = jsonify(whole)
    answer.headers["Content-Disposition"] = "attachment; filename=life-cycle.json"
    return answer


def _table(whole: dict[str, Any]) -> Iterator[list[str]]:
    language = reader_language()
    names = {phase: pair[0] if language == "zh" else pair[1] for phase, pair in PHASES.items()}
    yield [
        tk._("When"), tk._("Part of the life cycle"), tk._("Matter"), tk._("Number"), tk._("Who"),
        tk._("Step"), tk._("State afterwards"), tk._("Reason"), tk._("Entry of the ledger"),
        tk._("Commitment"), "SHA-256", "SM3",
    ]  # fmt: skip
    for line in whole["results"]:
        entry = line["ledger"] or {}
        yield [
            line["at"], names[line["phase"]], line["kind_name"][language], line["subject"],
            line["actor"][language], line["step"][language], line["state"][language] if line["state"] else "",
            line["reason"], str(entry.get("sequence") or ""), entry.get("commitment") or "",
            entry.get("sha256") or "", entry.get("sm3") or "",
        ]  # fmt: skip


def _asked() -> dict[str, str]:
    return {name: tk.request.args.get(name, "").strip()[:100] for name in ASKED}


def _call(action: str, data: dict[str, Any]) -> Any:
    try:
        return call(action, data)
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))
    except tk.ValidationError as error:
        return tk.abort(400, str(error.error_dict.get("message") or tk._("The question is wrong.")))
