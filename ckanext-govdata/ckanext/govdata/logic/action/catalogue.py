"""Actions of the catalogue: compile, import, review, decide, and what other departments provide."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from ckan import model
from ckan.plugins import toolkit as tk
from ckan.types import Context, DataDict, Schema

from ckanext.govdata.catalogue.changes import jobs, present, service
from ckanext.govdata.catalogue.fields import ITEMS_FIELD
from ckanext.govdata.catalogue.one_source import duplicates
from ckanext.govdata.catalogue.one_source.candidates import FromSolr
from ckanext.govdata.catalogue.sheet.safe import MAX_BYTES
from ckanext.govdata.logic.action import calling
from ckanext.govdata.logic.errors import edge, reader_language
from ckanext.govdata.model import CatalogueChange

Document = dict[str, Any]
_v = tk.get_validator


def govdata_change_propose(context: Context, data_dict: DataDict) -> Document:
    """Propose one entry, new or changed. It takes effect when a reviewer has approved it.

    :param organization: id or name of the department
    :param id: id or name of the entry that is changed; left out for a new one
    :param entry: the entry, as ``package_create`` takes it
    :param cause: ``new``, ``law``, ``function``, ``data`` or ``correction``
    :param cause_date: the day of the law or of the change of functions, from which the period runs
    """
    tk.check_access("govdata_change_propose", context, data_dict)
    data = calling.validated(data_dict, _propose_schema(), context)
    caller, organization = calling.caller(context), _organization(data["organization"])
    entry = data.get("entry")
    if not isinstance(entry, dict):
        raise tk.ValidationError({"entry": ["目录条目应为一个对象。 An entry is an object."]})
    existing = model.Package.get(data["id"]) if data.get("id") else None
    if data.get("id") and existing is None:
        raise tk.ObjectNotFound("没有这条目录。 There is no such entry.")
    try:
        with edge() as session:
            change = service.propose(
                session,
                organization=organization,
                user=caller,
                document=_with_tags(entry),
                entry_id=existing.id if existing is not None else None,
                cause=data.get("cause") or ("data" if existing is not None else "new"),
                cause_date=_day(data.get("cause_date")),
            )
            change_id = change.id
    except tk.ValidationError as error:
        fields = getattr(error.__context__, "errors", None)
        raise (tk.ValidationError(fields) if fields else error) from None
    return _shown(change_id, caller)


def govdata_change_end(context: Context, data_dict: DataDict) -> Document:
    """Propose that an entry leaves the catalogue; its published data have to be withdrawn before.

    :param id: id or name of the entry
    :param reason: why
    """
    package = model.Package.get(str(data_dict.get("id") or ""))
    if package is None:
        raise tk.ObjectNotFound("没有这条目录。 There is no such entry.")
    tk.check_access("govdata_change_end", context, {"organization": package.owner_org})
    data = calling.validated(data_dict, _step_schema(), context)
    caller = calling.caller(context)
    with edge() as session:
        change = service.propose_ending(
            session,
            organization=_organization(package.owner_org),
            user=caller,
            entry_id=package.id,
            why=data.get("reason") or "",
        )
        change_id = change.id
    return _shown(change_id, caller)


def govdata_change_upload(context: Context, data_dict: DataDict) -> Document:
    """Upload a catalogue in the national form (XLSX); a worker checks it row by row.

    :param organization: id or name of the department
    :param upload: the file
    :param cause: see ``govdata_change_propose``
    :param cause_date: likewise
    """
    tk.check_access("govdata_change_upload", context, data_dict)
    upload = data_dict.get("upload")
    data = calling.validated({k: v for k, v in data_dict.items() if k != "upload"}, _upload_schema(), context)
    if upload is None or not hasattr(upload, "read"):
        raise tk.ValidationError({"upload": ["请选择文件。 Choose a file."]})
    content = upload.read(MAX_BYTES + 1)
    caller, organization = calling.caller(context), _organization(data["organization"])
    with edge() as session:
        change = service.upload(
            session,
            organization=organization,
            user=caller,
            filename=str(getattr(upload, "filename", "") or ""),
            content=content,
            cause=data.get("cause") or "new",
            cause_date=_day(data.get("cause_date")),
        )
        change_id = change.id
    jobs.dispatch(model.Session, change_id)
    return _shown(change_id, caller)


@tk.side_effect_free
def govdata_change_show(context: Context, data_dict: DataDict) -> Document:
    """One change: its state, what is new and changed, errors, similar items, who may do what.

    :param id: of the change
    :param offset: entries, errors and similar items from here on, 100 of each
    """
    tk.check_access("govdata_change_show", context, data_dict)
    data = calling.validated(data_dict, _show_schema(), context)
    return _shown(data["id"], calling.caller(context), int(data.get("offset") or 0))


@tk.side_effect_free
def govdata_change_list(context: Context, data_dict: DataDict) -> list[Document]:
    """Changes of the caller's departments, newest first.

    :param organization: of this department only
    :param state: in this state only
    :param queue: only what waits for the caller's review or decision
    """
    tk.check_access("govdata_change_list", context, data_dict)
    data = calling.validated(data_dict, _list_schema(), context)
    if data.get("organization"):
        data["organization"] = _organization(data["organization"]).id
    return present.visible(model.Session, calling.caller(context), data)


def govdata_change_answer(context: Context, data_dict: DataDict) -> Document:
    """Answer for items that other departments provide: reuse them, or collect again with a reason.

    :param id: of the change
    :param answers: list of ``{index: number or "all", answer: "reuse" or "collect", reason}``
    """
    tk.check_access("govdata_change_answer", context, data_dict)
    answers = data_dict.get("answers")
    if not isinstance(answers, list) or not all(isinstance(one, dict) for one in answers):
        raise tk.ValidationError({"answers": ["应为列表。 A list."]})
    data = calling.validated({"id": data_dict.get("id")}, _show_schema(), context)
    caller = calling.caller(context)
    with edge() as session:
        service.answer(session, service.lock(session, data["id"]), caller, answers)
    return _shown(data["id"], caller)


def govdata_change_submit(context: Context, data_dict: DataDict) -> Document:
    """Hand the change to a reviewer; what was not answered for is reused from its provider."""
    return _step(context, "submit", data_dict)


def govdata_change_approve(context: Context, data_dict: DataDict) -> Document:
    """Approve as a reviewer who has not compiled it; restricted sharing goes on to the administrator."""
    return _step(context, "approve", data_dict)


def govdata_change_reject(context: Context, data_dict: DataDict) -> Document:
    """Return it with a reason."""
    return _step(context, "reject", data_dict)


def govdata_change_decide(context: Context, data_dict: DataDict) -> Document:
    """The administrator's decision in favour of what is shared conditionally or not at all (SX-12)."""
    return _step(context, "decide", data_dict)


def govdata_change_decline(context: Context, data_dict: DataDict) -> Document:
    """The administrator's decision against it, with a reason."""
    return _step(context, "decline", data_dict)


def govdata_change_cancel(context: Context, data_dict: DataDict) -> Document:
    """Take it back before it is decided."""
    return _step(context, "cancel", data_dict)


@tk.side_effect_free
def govdata_entry_history(context: Context, data_dict: DataDict) -> list[Document]:
    """The versions of an entry with what each changed and who compiled, reviewed and decided it.

    :param id: id or name of the entry
    """
    package = model.Package.get(str(data_dict.get("id") or ""))
    if package is None:
        raise tk.ObjectNotFound("没有这条目录。 There is no such entry.")
    tk.check_access("govdata_entry_history", context, {"id": package.id})
    return present.history(model.Session, package.id)


@tk.side_effect_free
def govdata_similar_items(context: Context, data_dict: DataDict) -> list[Document]:
    """Items that other departments provide already, for an entry that is being compiled (JS-11).

    :param organization: id or name of the department that compiles
    :param items: list of ``{label, name, type, length}``, or of names
    """
    tk.check_access("govdata_similar_items", context, data_dict)
    organization = _organization(str(data_dict.get("organization") or ""))
    items = data_dict.get("items") or []
    if isinstance(items, str):
        items = [items]
    if not isinstance(items, list) or len(items) > 300:
        raise tk.ValidationError({"items": ["应为列表，最多 300 项。 A list of 300 items at most."]})
    listed = [item if isinstance(item, dict) else {"label": str(item)} for item in items]
    session = model.Session
    found = duplicates.of_entry(
        FromSolr(session, organization.id),
        {ITEMS_FIELD: [item for item in listed if item.get("label") or item.get("name")]},
        duplicates.titles(session),
        duplicates.primary(session),
        organization.id,
    )
    return [{"item": item.get("label") or item.get("name"), "matches": matches} for item, matches in found]


def _step(context: Context, action: str, data_dict: DataDict) -> Document:
    tk.check_access(f"govdata_change_{action}", context, data_dict)
    data = calling.validated(data_dict, _step_schema(), context)
    caller = calling.caller(context)
    with edge() as session:
        change = service.lock(session, data["id"])
        service.take(session, change, action, caller, data.get("reason") or "")
    jobs.dispatch(model.Session, data["id"])
    return _shown(data["id"], caller)


def _shown(change_id: str, caller: model.User, offset: int = 0) -> Document:
    change = model.Session.get(CatalogueChange, change_id, populate_existing=True)
    return present.show(model.Session, change, caller, offset)


def _with_tags(entry: Document) -> Document:
    """The form's ``tag_string`` as ``tags``."""
    if entry.get("tag_string") and not entry.get("tags"):
        return {**entry, "tags": [{"name": name.strip()} for name in str(entry["tag_string"]).split(",")]}
    return entry


def _organization(name: str) -> model.Group:
    found = model.Group.get(name) if name else None
    if found is None or not found.is_organization:
        raise tk.ObjectNotFound("没有这个部门。 There is no such department.")
    return cast(model.Group, found)


def _day(text: Any) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        message = {"zh": "日期应为 2026-03-14 的形式。", "en": "A date such as 2026-03-14."}[
            reader_language()
        ]
        raise tk.ValidationError({"cause_date": [message]}) from None


def _id() -> Schema:
    return {"id": [_v("not_empty"), _v("unicode_safe")], "__junk": [_v("ignore")], "__extras": [_v("ignore")]}


def _show_schema() -> Schema:
    return {**_id(), "offset": [_v("default")(0), _v("natural_number_validator")]}


def _step_schema() -> Schema:
    return {**_id(), "reason": [_v("ignore_missing"), _v("unicode_safe")]}


def _upload_schema() -> Schema:
    return {
        "organization": [_v("not_empty"), _v("unicode_safe")],
        "cause": [_v("ignore_missing"), _v("unicode_safe")],
        "cause_date": [_v("ignore_missing"), _v("unicode_safe")],
        "__junk": [_v("ignore")],
        "__extras": [_v("ignore")],
    }


def _propose_schema() -> Schema:
    return {
        **_upload_schema(),
        "id": [_v("ignore_missing"), _v("unicode_safe")],
        "entry": [_v("not_missing")],
    }


def _list_schema() -> Schema:
    return {
        "organization": [_v("ignore_missing"), _v("unicode_safe")],
        "state": [_v("ignore_missing"), _v("unicode_safe")],
        "queue": [_v("ignore_missing"), _v("boolean_validator")],
    }
