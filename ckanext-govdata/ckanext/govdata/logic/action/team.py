"""Accounts of organisations with several members (SX-21)."""

from __future__ import annotations

from ckan import model
from ckan.plugins import toolkit as tk
from ckan.types import Context, DataDict

from ckanext.govdata.accounts import teams
from ckanext.govdata.licensing_ports import people
from ckanext.govdata.licensing_ports.setup import setup
from ckanext.govdata.logic import schema
from ckanext.govdata.logic.action.calling import Document, caller, validated
from ckanext.govdata.logic.errors import edge, refused
from licensing.core.errors import LicensingError

_NO_PARTNER = "您还没有登记为合作方。 You are not registered as a partner yet."


def _show(context: Context, team_id: str) -> Document:
    try:
        return teams.show(model.Session, team_id, caller(context))
    except LicensingError as error:
        raise refused(error) from None


def govdata_team_create(context: Context, data_dict: DataDict) -> Document:
    """Found an organisation account; whoever founds it is its owner.

    :param title: name of the organisation, 2 to 60 characters
    """
    tk.check_access("govdata_team_create", context, data_dict)
    data = validated(data_dict, schema.texts("title"), context)
    with edge() as session:
        team_id = teams.found(session, data.get("title"), caller(context)).id
    return _show(context, team_id)


@tk.side_effect_free
def govdata_team_list(context: Context, data_dict: DataDict) -> list[Document]:
    """The caller's organisation accounts: ``[{id, title, role}]``."""
    tk.check_access("govdata_team_list", context, data_dict)
    return teams.of_person(model.Session, caller(context).id)


@tk.side_effect_free
def govdata_team_show(context: Context, data_dict: DataDict) -> Document:
    """One of the caller's organisation accounts: members, invitations, what the caller may do.

    :param id: its id
    """
    tk.check_access("govdata_team_show", context, data_dict)
    return _show(context, validated(data_dict, schema.release_id(), context)["id"])


def govdata_team_update(context: Context, data_dict: DataDict) -> Document:
    """Rename it.

    :param id: its id
    :param title: the new name
    """
    tk.check_access("govdata_team_update", context, data_dict)
    data = validated(data_dict, {**schema.release_id(), **schema.texts("title")}, context)
    with edge() as session:
        teams.rename(session, data["id"], data.get("title"), caller(context))
    return _show(context, data["id"])


def govdata_team_link(context: Context, data_dict: DataDict) -> Document:
    """Let every member act for the licensing partner that the calling owner acts for.

    :param id: of the team
    :param linked: false ends it
    """
    tk.check_access("govdata_team_link", context, data_dict)
    linked = [tk.get_validator("default")(True), tk.get_validator("boolean_validator")]
    wanted = {**schema.release_id(), "linked": linked}
    data, owner = validated(data_dict, wanted, context), caller(context)
    partner = None
    try:
        teams.ensure_may(model.Session, data["id"], owner.id, "link")
    except LicensingError as error:
        raise refused(error) from None
    if data["linked"]:
        with setup().session() as library:
            partner = people.own_partner(owner, library)
        if partner is None:
            raise tk.ValidationError({"id": [_NO_PARTNER]})
    with edge() as session:
        teams.link(session, data["id"], partner, owner)
    return _show(context, data["id"])


def govdata_team_invite(context: Context, data_dict: DataDict) -> Document:
    """Make an invitation: ``{id, secret, expires}``. The secret is told once and holds once, for a week.

    :param id: of the team
    :param role: ``owner``, ``manager`` or ``member``
    :param note: whom it is for, as a reminder for oneself
    """
    tk.check_access("govdata_team_invite", context, data_dict)
    data = validated(
        data_dict, {**schema.release_id(), **schema.needed("role"), **schema.texts("note")}, context
    )
    with edge() as session:
        made, secret = teams.invite(session, data["id"], data["role"], data.get("note"), caller(context))
        made_id, expires = made.id, made.expires_at.isoformat()
    return {"id": made_id, "secret": secret, "expires": expires}


def govdata_team_join(context: Context, data_dict: DataDict) -> Document:
    """Take up an invitation with one's own account.

    :param secret: as the invitation said
    """
    tk.check_access("govdata_team_join", context, data_dict)
    data = validated(data_dict, schema.needed("secret"), context)
    with edge() as session:
        team_id = teams.join(session, data["secret"], caller(context)).id
    return _show(context, team_id)


def govdata_team_revoke(context: Context, data_dict: DataDict) -> Document:
    """Make an open invitation hold no longer.

    :param id: of the invitation
    """
    tk.check_access("govdata_team_revoke", context, data_dict)
    data = validated(data_dict, schema.release_id(), context)
    with edge() as session:
        team_id = teams.revoke(session, data["id"], caller(context)).team_id
    return _show(context, team_id)


def govdata_team_set_role(context: Context, data_dict: DataDict) -> Document:
    """Give a member another role; the last owner keeps theirs.

    :param id: of the team
    :param user: id or name
    :param role: ``owner``, ``manager`` or ``member``
    """
    tk.check_access("govdata_team_set_role", context, data_dict)
    data = validated(data_dict, {**schema.release_id(), **schema.needed("user", "role")}, context)
    with edge() as session:
        teams.set_role(session, data["id"], _id_of(data["user"]), data["role"], caller(context))
    return _show(context, data["id"])


def govdata_team_remove(context: Context, data_dict: DataDict) -> list[Document]:
    """Take a member out, or leave; the last owner stays. Answers the caller's accounts.

    :param id: of the team
    :param user: id or name; left out: oneself
    """
    tk.check_access("govdata_team_remove", context, data_dict)
    data = validated(data_dict, {**schema.release_id(), **schema.texts("user")}, context)
    person = caller(context)
    with edge() as session:
        teams.remove(session, data["id"], _id_of(data["user"]) if data.get("user") else person.id, person)
    return teams.of_person(model.Session, person.id)


def _id_of(user: str) -> str:
    found = model.User.get(user)
    return found.id if found is not None else ""
