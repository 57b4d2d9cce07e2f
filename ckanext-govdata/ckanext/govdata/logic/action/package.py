"""CKAN's own package actions, where a release needs them to behave otherwise."""

from __future__ import annotations

from ckan import model
from ckan.plugins import toolkit as tk
from ckan.types import Action, ActionResult, Context, DataDict

from ckanext.govdata.logic.action import calling
from ckanext.govdata.release import effects
from ckanext.govdata.release.lifecycle import COMPILER
from ckanext.govdata.release.roles import lent_organizations


@tk.side_effect_free
@tk.chained_action
def package_show(original_action: Action, context: Context, data_dict: DataDict) -> ActionResult.PackageShow:
    """Show a dataset as the database has it while the search index is still behind.

    CKAN answers from the index, which follows the publishing commit a moment later. Without this, whoever
    asks in that moment (an editor saving the entry, say) would be shown, and would save, the old resources.
    """
    if effects.index_is_behind(model.Session, str(data_dict.get("id") or data_dict.get("name_or_id") or "")):
        context["use_cache"] = False
    return original_action(context, data_dict)


@tk.side_effect_free
@tk.chained_action
def organization_list_for_user(
    original_action: Action, context: Context, data_dict: DataDict
) -> ActionResult.OrganizationListForUser:
    """The departments that a person compiles for, those of somebody whom they stand in for among them."""
    listed, user = original_action(context, data_dict), calling.maybe(context)
    compiling = data_dict.get("permission") == "create_dataset" and not data_dict.get("id")
    if not compiling or user is None or user.sysadmin:
        return listed
    there = {one["id"] for one in listed}
    lent = lent_organizations(user, {COMPILER}) - there
    found = model.Session.query(model.Group).filter(model.Group.id.in_(lent), model.Group.state == "active")
    more = [tk.get_action("organization_show")({"ignore_auth": True}, {"id": one.id}) for one in found]
    return [*listed, *({**one, "capacity": "editor"} for one in more)]
