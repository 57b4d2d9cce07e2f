"""Actions of the release flow. Long steps answer at once; the caller polls ``govdata_release_show``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ckan import model
from ckan.plugins import toolkit as tk
from ckan.types import Context, DataDict, Schema

from ckanext.govdata import config
from ckanext.govdata.logic import schema
from ckanext.govdata.logic.action import calling
from ckanext.govdata.logic.errors import edge, refused
from ckanext.govdata.model import Release
from ckanext.govdata.release import catalogue, present, service
from ckanext.govdata.storage import buckets, raw
from licensing.core.errors import InvalidInput, LicensingError

Document = dict[str, Any]


def _step(
    context: Context,
    name: str,
    data_dict: DataDict,
    wanted: Schema,
    take: Callable[[Any, model.User, Document], Release],
) -> Document:
    """Check access, validate, take one step in one transaction, answer the release as it stands then."""
    tk.check_access(name, context, data_dict)
    data = calling.validated(data_dict, wanted, context)
    caller = calling.caller(context)
    with edge() as session:
        release = take(session, caller, data)
        release_id = release.id
    return _answer(release_id, caller)


def _answer(release_id: str, caller: model.User) -> Document:
    service.after_commit(model.Session, release_id)
    release = model.Session.get(Release, release_id, populate_existing=True)
    return present.show(model.Session, release, caller)


def govdata_release_create(context: Context, data_dict: DataDict) -> Document:
    """Start a release of a dataset.

    Either with a multipart field ``upload`` (the release is then ``uploaded`` at once), or with
    ``filename`` and ``size`` (``draft``; the file follows in parts through ``/api/release/uploads``).

    :param dataset_id: id or name of the catalogue entry
    :param upload: the raw file
    :param filename: the file's name, when it follows in parts
    :param size: its size in bytes, when it follows in parts
    :param origin: where all columns come from unless the plan says otherwise: ``own``, or the id, name
        or title of another department
    :param consent: document number of that department's consent (JS-17, HB-14)
    """
    tk.check_access("govdata_release_create", context, data_dict)
    data = calling.validated(data_dict, schema.release_create(), context)
    caller = calling.caller(context)
    upload = data.get("upload")
    filename = getattr(upload, "filename", None) or data.get("filename") or ""
    with edge() as session:
        if upload is None and not data.get("size"):
            raise InvalidInput(
                "请上传文件（upload），或提供文件名和大小后分片上传。",
                "Send the file (upload), or its filename and size to upload it in parts.",
            )
        if upload is not None and not hasattr(upload, "stream"):
            raise InvalidInput("upload 应为 multipart 文件字段。", "upload must be a multipart file field.")
        release = service.create(
            session,
            dataset=model.Package.get(data["dataset_id"]),
            actor=caller,
            filename=filename,
            size=None if upload is not None else data.get("size"),
            origin=data.get("origin"),
            consent=data.get("consent"),
        )
        release_id = release.id
        if upload is not None:
            store, keyring = buckets.staging(), buckets.keyring()
            stored = raw.store_raw(upload.stream, store=store, keyring=keyring, max_bytes=config.max_bytes())
            service.receive(session, release_id, caller, stored)
    return _answer(release_id, caller)


def govdata_release_scan(context: Context, data_dict: DataDict) -> Document:
    """Look for personal data in every column of the raw file; runs in a worker.

    :param id: the release
    """
    return _step(
        context,
        "govdata_release_scan",
        data_dict,
        schema.release_id(),
        lambda session, caller, data: service.scan(session, data["id"], caller),
    )


def govdata_release_plan(context: Context, data_dict: DataDict) -> Document:
    """Settle what happens to each column; what is not given stays as planned, or as suggested.

    :param id: the release
    :param columns: list of ``{name, operator, params, origin, consent, description, declared_type, level,
        justification}``; only ``name`` is required
    :param k: least size of a group of rows that share their quasi-identifiers
    :param quasi_identifiers: names of the columns that identify in combination
    """
    tk.check_access("govdata_release_plan", context, data_dict)
    caller = calling.caller(context)
    given = {key: data_dict[key] for key in ("columns", "k", "quasi_identifiers") if key in data_dict}
    with edge() as session:
        release = service.plan(session, tk.get_or_bust(data_dict, "id"), caller, given)
        release_id = release.id
    return _answer(release_id, caller)


def govdata_release_run(context: Context, data_dict: DataDict) -> Document:
    """Desensitise by the plan, scan the result again and assess the risk; runs in a worker.

    :param id: the release
    """
    return _step(
        context,
        "govdata_release_run",
        data_dict,
        schema.release_id(),
        lambda session, caller, data: service.run(session, data["id"], caller),
    )


@tk.side_effect_free
def govdata_release_show(context: Context, data_dict: DataDict) -> Document:
    """The release as the caller may see it; see ``docs/architecture.md`` for its shape.

    :param id: the release
    """
    tk.check_access("govdata_release_show", context, data_dict)
    data = calling.validated(data_dict, schema.release_id(), context)
    try:
        release = service.get(model.Session, data["id"])
    except LicensingError as error:
        raise refused(error) from None
    model.Session.refresh(release)
    return present.show(model.Session, release, calling.caller(context))


@tk.side_effect_free
def govdata_release_list(context: Context, data_dict: DataDict) -> list[Document]:
    """Releases that the caller may see, newest first.

    :param dataset_id: of this dataset only (id or name)
    :param state: in this state only
    :param queue: only those that wait for the caller's sign-off or review
    """
    tk.check_access("govdata_release_list", context, data_dict)
    data = calling.validated(data_dict, schema.release_list(), context)
    return present.summaries(model.Session, catalogue.visible(model.Session, calling.caller(context), data))


def govdata_release_sign_off(context: Context, data_dict: DataDict) -> Document:
    """Record the confidentiality review (保密审查, QD-18) of the result as it stands.

    :param id: the release
    :param conclusion: ``pass`` or ``refuse``
    :param opinion: required with ``refuse``
    """
    return _step(
        context,
        "govdata_release_sign_off",
        data_dict,
        schema.release_sign_off(),
        lambda session, caller, data: service.sign_off(
            session, data["id"], caller, data["conclusion"], data.get("opinion") or ""
        ),
    )


def govdata_release_submit(context: Context, data_dict: DataDict) -> Document:
    """Put the release into the reviewers' queue; refused with the list of blockers while there are any.

    :param id: the release
    """
    return _step(
        context,
        "govdata_release_submit",
        data_dict,
        schema.release_id(),
        lambda session, caller, data: service.submit(session, data["id"], caller),
    )


def govdata_release_approve(context: Context, data_dict: DataDict) -> Document:
    """Approve; never for somebody who had a hand in compiling.

    :param id: the release
    :param opinion: optional
    """
    return _step(
        context,
        "govdata_release_approve",
        data_dict,
        schema.release_opinion(),
        lambda session, caller, data: service.approve(session, data["id"], caller, data.get("opinion") or ""),
    )


def govdata_release_reject(context: Context, data_dict: DataDict) -> Document:
    """Return the release to its compiler.

    :param id: the release
    :param reason: required
    """
    return _step(
        context,
        "govdata_release_reject",
        data_dict,
        schema.release_reason(),
        lambda session, caller, data: service.reject(session, data["id"], caller, data.get("reason") or ""),
    )


def govdata_release_recall(context: Context, data_dict: DataDict) -> Document:
    """Take a submitted release back, as long as nobody has judged it.

    :param id: the release
    """
    return _step(
        context,
        "govdata_release_recall",
        data_dict,
        schema.release_id(),
        lambda session, caller, data: service.recall(session, data["id"], caller),
    )


def govdata_release_reconsider(context: Context, data_dict: DataDict) -> Document:
    """Take an approval back, as long as nothing is published.

    :param id: the release
    """
    return _step(
        context,
        "govdata_release_reconsider",
        data_dict,
        schema.release_id(),
        lambda session, caller, data: service.reconsider(session, data["id"], caller),
    )


def govdata_release_publish(context: Context, data_dict: DataDict) -> Document:
    """Publish an approved release; runs in a worker and becomes public in one commit.

    :param id: the release
    """
    return _step(
        context,
        "govdata_release_publish",
        data_dict,
        schema.release_id(),
        lambda session, caller, data: service.publish(session, data["id"], caller),
    )


def govdata_release_withdraw(context: Context, data_dict: DataDict) -> Document:
    """Withdraw a published release: every address of it answers 410 from then on.

    :param id: the release
    :param reason: required
    """
    return _step(
        context,
        "govdata_release_withdraw",
        data_dict,
        schema.release_reason(),
        lambda session, caller, data: service.withdraw(session, data["id"], caller, data.get("reason") or ""),
    )


def govdata_release_cancel(context: Context, data_dict: DataDict) -> Document:
    """Give a release up before it is published; what is staged is destroyed.

    :param id: the release
    :param reason: optional
    """
    return _step(
        context,
        "govdata_release_cancel",
        data_dict,
        schema.release_reason(),
        lambda session, caller, data: service.cancel(session, data["id"], caller, data.get("reason") or ""),
    )
