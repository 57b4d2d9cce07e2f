"""Privacy complaints: without an account by a receipt code, and the officers' side (SX-15, SX-22)."""

from __future__ import annotations

from ckan import model
from ckan.plugins import toolkit as tk
from ckan.types import Context, DataDict

from ckanext.govdata.complaints import present, service
from ckanext.govdata.logic import schema
from ckanext.govdata.logic.action.calling import Document, address, caller, validated
from ckanext.govdata.logic.errors import edge, refused
from ckanext.govdata.release import effects
from licensing.core.errors import LicensingError


def govdata_complaint_create(context: Context, data_dict: DataDict) -> Document:
    """Say that a dataset shows personal data. Answers ``{number, receipt}``; the receipt is told once.

    :param dataset: id or name
    :param concern: from the code list ``privacy_concern``
    :param words: what is seen and where, in 10 to 2000 characters; sealed
    :param column: name of the column, when there is one
    :param contact: how to reach the complainant, if they wish; sealed, erased when the case ends
    """
    tk.check_access("govdata_complaint_create", context, data_dict)
    fields = ("dataset", "concern", "words", "column", "contact")
    data = validated(data_dict, schema.texts(*fields), context)
    with edge() as session:
        made, receipt = service.create(session, data, address())
        number = made.number
    return {"number": number, "receipt": receipt}


def govdata_complaint_status(context: Context, data_dict: DataDict) -> Document:
    """Where a complaint stands, for whoever holds its receipt. A POST, so that the code is in no address.

    :param receipt: the receipt code
    """
    tk.check_access("govdata_complaint_status", context, data_dict)
    data = validated(data_dict, schema.needed("receipt"), context)
    try:
        found = service.by_receipt(model.Session, data["receipt"], address())
    except LicensingError as error:
        raise refused(error) from None
    return present.status(model.Session, found)


def govdata_complaint_appeal(context: Context, data_dict: DataDict) -> Document:
    """Appeal to the administrator against a complaint that was not upheld.

    :param receipt: the receipt code
    :param words: the grounds, in 10 to 2000 characters; sealed
    """
    tk.check_access("govdata_complaint_appeal", context, data_dict)
    data = validated(data_dict, {**schema.needed("receipt"), **schema.texts("words")}, context)
    with edge() as session:
        complaint_id = service.appeal(session, data["receipt"], data.get("words"), address()).id
    return present.status(model.Session, service.get(model.Session, complaint_id))


@tk.side_effect_free
def govdata_complaint_list(context: Context, data_dict: DataDict) -> list[Document]:
    """Cases of the caller's departments, all of them for officers of the platform.

    :param closed: closed ones too
    """
    tk.check_access("govdata_complaint_list", context, data_dict)
    data = validated(data_dict, schema.flags("closed"), context)
    return present.listed(model.Session, caller(context), open_only=not data.get("closed"))


@tk.side_effect_free
def govdata_complaint_show(context: Context, data_dict: DataDict) -> Document:
    """One case as an officer sees it, without the contact.

    :param id: id or number
    """
    tk.check_access("govdata_complaint_show", context, data_dict)
    data = validated(data_dict, schema.release_id(), context)
    person = caller(context)
    try:
        complaint = service.get(model.Session, data["id"])
    except LicensingError as error:
        raise refused(error) from None
    if not service.may_see(complaint, person):
        raise tk.ObjectNotFound("没有这件投诉。 There is no such complaint.")
    return present.show(model.Session, complaint, person)


def govdata_complaint_step(context: Context, data_dict: DataDict) -> Document:
    """Take one step of the table in ``docs/reference/privacy-complaints.md``; the release follows at once.

    :param id: id or number
    :param step: ``take_up``, ``hide``, ``keep``, ``uphold``, ``reject``, ``correct``, ``grant`` or
        ``dismiss``
    :param reason: told to the complainant; some steps need it
    """
    tk.check_access("govdata_complaint_step", context, data_dict)
    data = validated(
        data_dict, {**schema.release_id(), **schema.needed("step"), **schema.texts("reason")}, context
    )
    person = caller(context)
    with edge() as session:
        complaint = service.step(session, data["id"], data["step"], person, data)
        complaint_id, release_id = complaint.id, complaint.release_id
    if release_id:
        effects.carry_out(model.Session, release_id)
    return present.show(model.Session, service.get(model.Session, complaint_id), person)


def govdata_complaint_contact(context: Context, data_dict: DataDict) -> Document:
    """``{contact}``: for the officer who handles the case; each look is on record.

    :param id: id or number
    """
    tk.check_access("govdata_complaint_contact", context, data_dict)
    data = validated(data_dict, schema.release_id(), context)
    with edge() as session:
        told = service.contact(session, data["id"], caller(context))
    return {"contact": told}
