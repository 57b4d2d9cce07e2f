"""Reports of doubtful or wrong data over HTTP (HB-23, TZ-15, QD-17)."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from licensing.corrections import service
from licensing.corrections.lifecycle import LIFECYCLE, STATE_NAMES
from licensing.corrections.models import Correction
from licensing.http import cursor
from licensing.http.cursor import Page, Paging
from licensing.http.decisions import arguments, body_of, steps
from licensing.http.registry import Kind
from licensing.http.route import Call, Reply, Route
from licensing.http.words import Label, Party
from licensing.ports import OFFICE_ROLES

TAG = "疑义与错误反馈 / Corrections"


class CorrectionView(msgspec.Struct):
    """A report, the same for both sides; ``notice``: how whoever depends on the data is served meanwhile."""

    id: str
    status: str
    status_label: Label
    version: int
    reporter: Party
    provider: str
    dataset: str
    release: int | None
    place: str
    description: str
    answer: str
    corrected_release: int | None
    reopened: int
    notice: Label | None


class Wanted(Paging, forbid_unknown_fields=True, kw_only=True):
    """Whose reports: those that the caller made, those to the caller's departments, or all (offices)."""

    view: Literal["reported", "received", "all"] = "reported"
    party: Annotated[str, msgspec.Meta(max_length=64)] = ""
    status: Annotated[str, msgspec.Meta(max_length=64)] = ""
    dataset: Annotated[str, msgspec.Meta(max_length=64)] = ""


def _view(correction: Correction) -> CorrectionView:
    return msgspec.convert(service.as_dict(correction), CorrectionView)


def _reply(_call: Call, correction: Correction) -> Reply:
    return Reply(_view(correction), correction.version)


def _find(call: Call) -> Correction:
    return service.show(call.session, call.ctx, call.path["correction_id"])


def _show(call: Call) -> Reply:
    return _reply(call, _find(call))


def _list(call: Call) -> Page[CorrectionView]:
    wanted: Wanted = call.query
    who = call.ctx.principal
    if wanted.view == "all":
        call.office(*OFFICE_ROLES)
    own = {
        "reported": {who.id, *who.departments} | ({who.partner} if who.partner else set()),
        "received": set(who.departments),
        "all": {wanted.party},
    }[wanted.view]
    party = wanted.party or next(iter(sorted(own)), "")
    if party not in own:
        return Page([])
    after = cursor.decode(wanted.cursor, tuple[str])
    rows = service.list_corrections(
        call.session,
        reporter_id=party if wanted.view == "reported" else None,
        provider_id=party if wanted.view == "received" else None,
        dataset_id=wanted.dataset or None,
        status=wanted.status or None,
        after=after[0] if after else None,
        limit=wanted.limit + 1,
    )
    page = rows[: wanted.limit]
    return Page(
        [_view(row) for row in page], cursor.encode(page[-1].id) if len(rows) > wanted.limit else None
    )


def _report(call: Call) -> Reply:
    made = service.report(call.session, call.ctx, **arguments(service.report, call.body, ()))
    return Reply(_view(made), made.version, location=f"/corrections/{made.id}")


SUBJECTS = {LIFECYCLE.name: Kind(Correction, LIFECYCLE, STATE_NAMES)}

ROUTES = (
    Route("GET", "/corrections", "listCorrections", TAG, "反馈列表", "Reports, newest first", _list,
          answer=Page[CorrectionView], query=Wanted),
    Route("POST", "/corrections", "reportCorrection", TAG, "反馈疑义或错误", "Report doubtful or wrong data",
          _report, answer=CorrectionView, body=body_of(service.report, "ReportCorrection", ()), status=201),
    Route("GET", "/corrections/{correction_id}", "getCorrection", TAG, "一件反馈", "A report", _show,
          answer=CorrectionView, versioned=True),
    *steps(
        tag=TAG, path="/corrections", place="correction_id", find=_find, show=_reply, answer=CorrectionView,
        lifecycles=[LIFECYCLE], noun="correction",
        services={
            name: (name, getattr(service, name))
            for name in ("verify", "ask", "reply", "correct", "explain", "reopen", "close", "withdraw")
        },
    ),
)  # fmt: skip
